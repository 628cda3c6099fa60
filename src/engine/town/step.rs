//! One scenario of one tile, one year on: events, deviations, links, population, outcomes.

use super::super::drawn_parameters::TileParameters;
use super::super::tile::{Banks, TILE, TileRow, Value, evaluate};
use super::super::town_state::{PathState, TileState, TownBuffers};
use super::super::world::World;
use crate::case::{Link, Scaling};
use crate::math;
use crate::model::{EventLaw, Model, TownLaw, YearLaw};

/// Takes one scenario of one tile from year t - 1 to year t.
#[inline(always)]
pub(super) fn step(
    model: &Model,
    town: &TownLaw,
    world: &World,
    buffers: &mut TownBuffers,
    tile: usize,
    path: usize,
    t: usize,
) {
    let TownBuffers { values, links, results, growth, tiles, .. } = buffers;
    let TileState { base, base_link, innovations, uniforms, lowest, price, paths, .. } = &mut tiles[tile];
    let state = &mut paths[path];
    let law = &town.paths[path];
    let year = &law.years[t];
    let parameters = world.parameters(tile);
    if t > 0 {
        happen(town, path, t, uniforms, lowest, price, state);
        deviate(model, town, year, parameters, innovations, state);
    }
    for i in (0..model.links.len()).filter(|i| !town.frozen[*i]) {
        let start = base_link[i].as_deref().map_or(Value::Same(town.base_link[i]), Value::Each);
        if let (Some(drawn), Some(law)) = (parameters.price_exposure(i), &model.parameters) {
            let scale = law.exposure_scale[i].factor(year.mono);
            link(year, i, start, |p| scale * drawn.0[p], price, state, &mut links[i]);
        } else {
            let exposure = year.exposure[i];
            link(year, i, start, |_| exposure, price, state, &mut links[i]);
        }
        let stress = year.stress[i];
        if stress != 0.0 {
            links[i].0.iter_mut().for_each(|z| *z += stress);
        }
        invert(model.links[i], &links[i], &mut values[i]);
        if town.may_stay[i] {
            stay(model.links[i], &base[town.inputs.len() + i], &mut values[i], &mut state.departure[i]);
        }
    }
    let indices = world.indices(tile, t);
    if t > 0 {
        grow(town, values, indices, base, state, growth);
    }
    let banks = Banks([values, indices, base, &state.state]);
    evaluate(&town.outcome.program.operations, banks, results);
    if t > 0 {
        for (k, operand) in town.outcome.conditions.iter().enumerate() {
            let condition = Banks([values, indices, base, &state.state]).value(*operand, results);
            let closed_by = model.first_passages[k].unless_event;
            let barrier = town.events.iter().position(|e| closed_by == Some(e.index));
            if let Some(barrier) = barrier {
                close(&state.happened[barrier], &mut state.closed[k]);
            }
            let needed = model.first_passages[k].lasting as f64;
            let (streak, reached, closed) =
                (&mut state.streak[k], &mut state.reached[k], &mut state.closed[k]);
            match condition {
                Value::Same(x) => first_passage(needed, |_| x, streak, reached, closed),
                Value::Each(row) => first_passage(needed, |p| row.0[p], streak, reached, closed),
            }
        }
    }
}

/// Decides which events happen this year and moves steps and switches; shocks follow in [`deviate`].
///
/// Events are rare: where no run of the tile drew a number below the chance there is nothing to do.
#[inline(always)]
fn happen(
    town: &TownLaw,
    path: usize,
    t: usize,
    uniforms: &[TileRow],
    lowest: &[f64],
    price: &TileRow,
    state: &mut PathState,
) {
    let PathState { events, active, happened, steps, share, state: switches, .. } = state;
    let delivery = town.paths[path].delivery.as_ref().zip(share.as_deref());
    for (k, event) in town.events.iter().enumerate() {
        let (bound, factor) = event.trigger.unwrap_or((f64::NEG_INFINITY, 1.0));
        let usual = event.probability[path];
        // Of a scenario that is delivered in part the chance is that part of the way from the reference's.
        let known = event.known_in(t);
        let partial = delivery.filter(|_| usual != event.reference);
        let highest = match known {
            Some(happened) => f64::from(u8::from(happened)),
            None => partial.map_or(usual, |(d, _)| event.highest(path, d)) * factor.max(1.0),
        };
        let was_active = std::mem::replace(&mut active[k], lowest[k] < highest);
        if !active[k] {
            if was_active {
                events[k] = TileRow::ZERO;
            }
            continue;
        }
        let times = |p: usize| if price.0[p] < bound { factor } else { 1.0 };
        let (uniform, rows) = (&uniforms[k], (&mut events[k], &mut happened[k]));
        match partial.filter(|_| known.is_none()) {
            // What has happened is sure: every uniform number is below 1.
            None if known.is_some() => strike(event, |_| highest, uniform, switches, rows),
            None => strike(event, |p| usual * times(p), uniform, switches, rows),
            Some((d, _)) if t <= d.late => {
                strike(event, |p| event.reference * times(p), uniform, switches, rows);
            }
            Some((_, s)) => {
                let chance = |p: usize| ((1.0 - s.0[p]) * event.reference + s.0[p] * usual) * times(p);
                strike(event, chance, uniform, switches, rows);
            }
        }
        let hit = &events[k].0;
        for (driver, shift) in &event.steps {
            let Some(steps) = &mut steps[*driver] else { continue };
            for p in 0..TILE {
                steps.0[p] += shift * hit[p];
            }
        }
        for (place, value) in &event.switches {
            for p in 0..TILE {
                let now = &mut switches[*place].0[p];
                *now = if hit[p] > 0.0 { *value } else { *now };
            }
        }
    }
}

/// Marks the runs in which an event happens, and those in which it has.
#[inline(always)]
fn strike(
    event: &EventLaw,
    chance: impl Fn(usize) -> f64,
    uniform: &TileRow,
    switches: &[TileRow],
    (hit, past): (&mut TileRow, &mut TileRow),
) {
    let (hit, past, uniform) = (&mut hit.0, &mut past.0, &uniform.0);
    let barred = |happened: f64| event.once && happened > 0.0;
    match event.switches.as_slice() {
        [] => {
            for p in 0..TILE {
                let now = uniform[p] < chance(p) && !barred(past[p]);
                hit[p] = if now { 1.0 } else { 0.0 };
                past[p] = if now { 1.0 } else { past[p] };
            }
        }
        places => {
            for p in 0..TILE {
                hit[p] = if uniform[p] < chance(p) && !barred(past[p]) { 1.0 } else { 0.0 };
            }
            // An event that would leave a switch as it is does not happen.
            for (place, value) in places {
                for p in 0..TILE {
                    hit[p] = if switches[*place].0[p] == *value { 0.0 } else { hit[p] };
                }
            }
            for p in 0..TILE {
                past[p] = if hit[p] > 0.0 { 1.0 } else { past[p] };
            }
        }
    }
}

/// d[t] = phi d[t-1] + (1 - phi) C (y[t-1] + S[t-1]) + e[t], and the shocks of this year's events. All
/// deviations are made before any departure is: cross-impacts read last year's.
#[inline(always)]
fn deviate(
    model: &Model,
    town: &TownLaw,
    year: &YearLaw,
    parameters: TileParameters<'_>,
    innovations: &[TileRow],
    state: &mut PathState,
) {
    let PathState { deviation, departure, events, active, .. } = state;
    for i in (0..model.links.len()).filter(|i| !town.frozen[*i]) {
        let phi = model.noise.persistence[i];
        let (d, e) = (&mut deviation[i], &innovations[i]);
        if let (Some(phi), Some(law)) = (parameters.persistence(i), &model.parameters) {
            advance_drawn(d, phi, e, &law.effects[i], year.mono, departure);
            continue;
        }
        match year.cross[i].as_slice() {
            [] => advance(d, phi, e, [], departure),
            [a] => advance(d, phi, e, [*a], departure),
            [a, b] => advance(d, phi, e, [*a, *b], departure),
            [a, b, c] => advance(d, phi, e, [*a, *b, *c], departure),
            [a, b, c, rest @ ..] => {
                advance(d, phi, e, [*a, *b, *c], departure);
                for (j, effect) in rest {
                    let Some(source) = &departure[*j] else { continue };
                    for p in 0..TILE {
                        d.0[p] += effect * source.0[p];
                    }
                }
            }
        }
    }
    for (k, event) in town.events.iter().enumerate().filter(|(k, _)| active[*k]) {
        for (driver, shift) in &event.shocks {
            for p in 0..TILE {
                deviation[*driver].0[p] += shift * events[k].0[p];
            }
        }
    }
}

/// d = phi d + e + sum of N cross-impacts.
#[inline(always)]
fn advance<const N: usize>(
    d: &mut TileRow,
    phi: f64,
    e: &TileRow,
    cross: [(usize, f64); N],
    departure: &[Option<Box<TileRow>>],
) {
    let sources: [&TileRow; N] =
        std::array::from_fn(|k| departure[cross[k].0].as_deref().unwrap_or(&TileRow::ZERO));
    for p in 0..TILE {
        let mut sum = phi * d.0[p] + e.0[p];
        for k in 0..N {
            sum += cross[k].1 * sources[k].0[p];
        }
        d.0[p] = sum;
    }
}

/// The same with a persistence drawn a run: d = phi d + e + (1 - phi) sum of cross-impacts.
#[inline(always)]
fn advance_drawn(
    d: &mut TileRow,
    phi: &TileRow,
    e: &TileRow,
    effects: &[(usize, f64, Scaling)],
    mono: f64,
    departure: &[Option<Box<TileRow>>],
) {
    for p in 0..TILE {
        d.0[p] = phi.0[p] * d.0[p] + e.0[p];
    }
    for (from, effect, scale) in effects {
        let Some(source) = &departure[*from] else { continue };
        let effect = effect * scale.factor(mono);
        for p in 0..TILE {
            d.0[p] += (1.0 - phi.0[p]) * effect * source.0[p];
        }
    }
}

/// z = z0 + plan + S + B x + d, and the departure y + S where next year's cross-impacts read it.
#[inline(always)]
fn link(
    year: &YearLaw,
    i: usize,
    start: Value<'_>,
    exposure: impl Fn(usize) -> f64,
    price: &TileRow,
    state: &mut PathState,
    z: &mut TileRow,
) {
    let PathState { shift, rest, deviation, departure, steps, .. } = state;
    let tau = year.reached[i];
    let (delta, d, price) = (&shift[i].0, &deviation[i].0, &price.0);
    let z = &mut z.0;
    match &steps[i] {
        None => {
            for p in 0..TILE {
                z[p] = exposure(p) * price[p] + d[p];
            }
        }
        Some(steps) => {
            for p in 0..TILE {
                z[p] = (exposure(p) * price[p] + d[p]) + steps.0[p];
            }
        }
    }
    if let Some(departure) = &mut departure[i] {
        departure.0 = *z;
    }
    if let Some(rest) = &rest[i] {
        let ([now, late], [tau_now, tau_late]) = (&**rest, year.reference_reached[i]);
        for p in 0..TILE {
            z[p] += start.at(p) + (tau * delta[p] + (tau_now * now.0[p] + tau_late * late.0[p]));
        }
        return;
    }
    match start {
        Value::Same(start) => {
            for p in 0..TILE {
                z[p] += start + tau * delta[p];
            }
        }
        Value::Each(start) => {
            for p in 0..TILE {
                z[p] += start.0[p] + tau * delta[p];
            }
        }
    }
}

/// x = g^-1(z).
#[inline(always)]
fn invert(link: Link, z: &TileRow, x: &mut TileRow) {
    match link {
        Link::Log => {
            for p in 0..TILE {
                x.0[p] = math::exp(z.0[p]);
            }
        }
        Link::Logit => {
            for p in 0..TILE {
                x.0[p] = math::logistic_percent(z.0[p]);
            }
        }
        Link::Identity => *x = *z,
    }
}

/// Where a run's base value is the edge of the range or undefined, the driver stays there and moves nothing.
#[inline(always)]
fn stay(link: Link, base: &TileRow, x: &mut TileRow, departure: &mut Option<Box<TileRow>>) {
    let stays = |base: f64| base.is_nan() || link.is_edge(base);
    for p in 0..TILE {
        x.0[p] = if stays(base.0[p]) { base.0[p] } else { x.0[p] };
    }
    if let Some(departure) = departure {
        for p in 0..TILE {
            departure.0[p] = if stays(base.0[p]) { 0.0 } else { departure.0[p] };
        }
    }
}

/// N[t] = N[t-1] (1 + growth / 1000), never below 0.
#[inline(always)]
fn grow(
    town: &TownLaw,
    values: &[TileRow],
    indices: &[TileRow],
    base: &[TileRow],
    state: &mut PathState,
    results: &mut [TileRow],
) {
    let program = &town.outcome.growth;
    let (switches, population) = state.state.split_at_mut(town.switches.len());
    let [population, ..] = population else { return };
    let banks = Banks([values, indices, base, switches]);
    evaluate(&program.program.operations, banks, results);
    let scale = |n: f64, g: f64| {
        let factor = 1.0 + g * 0.001;
        // An undefined growth leaves the population undefined.
        n * if factor < 0.0 { 0.0 } else { factor }
    };
    match banks.value(program.value, results) {
        Value::Same(g) => {
            for p in 0..TILE {
                population.0[p] = scale(population.0[p], g);
            }
        }
        Value::Each(g) => {
            for p in 0..TILE {
                population.0[p] = scale(population.0[p], g.0[p]);
            }
        }
    }
}

/// Closes an outcome to the runs in which its barrier has happened.
#[inline(always)]
fn close(happened: &TileRow, closed: &mut TileRow) {
    for p in 0..TILE {
        closed.0[p] = if happened.0[p] > 0.0 { 1.0 } else { closed.0[p] };
    }
}

/// Counts the years in a row that a condition has held, and marks the runs that reach the outcome now.
#[inline(always)]
fn first_passage(
    needed: f64,
    condition: impl Fn(usize) -> f64,
    streak: &mut TileRow,
    reached: &mut TileRow,
    closed: &mut TileRow,
) {
    for p in 0..TILE {
        // A condition that is undefined does not hold.
        let years = if condition(p) > 0.0 { streak.0[p] + 1.0 } else { 0.0 };
        streak.0[p] = years;
        let now = years >= needed && closed.0[p] == 0.0;
        reached.0[p] = if now { 1.0 } else { 0.0 };
        closed.0[p] = if now { 1.0 } else { closed.0[p] };
    }
}
