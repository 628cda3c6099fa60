//! One scenario of one tile, one year on: events, deviations, links, population, outcomes.

use super::super::tile::{Banks, Row, TILE, Value, evaluate};
use super::super::world::World;
use super::{PathState, Scratch, TileState};
use crate::case::Link;
use crate::math;
use crate::model::{EventLaw, Model, PathLaw, TownLaw, YearLaw};

/// Takes one scenario of one tile from year t - 1 to year t.
#[inline(always)]
pub(super) fn step(
    model: &Model,
    town: &TownLaw,
    world: &World,
    scratch: &mut Scratch,
    tile: usize,
    path: usize,
    t: usize,
) {
    let Scratch { values, links, results, growth, tiles, .. } = scratch;
    let TileState { base, base_link, innovations, uniforms, price, paths, .. } = &mut tiles[tile];
    let state = &mut paths[path];
    let law = &town.paths[path];
    let year = &law.years[t];
    if t > 0 {
        happen(town, path, uniforms, price, state);
        deviate(model, town, year, innovations, state, t);
    }
    for i in 0..model.links.len() {
        if town.frozen[i] {
            values[i] = Row([town.base[i]; TILE]);
            links[i] = Row::ZERO;
            continue;
        }
        let start = base_link.get(i).map_or(Value::Same(town.base_link[i]), Value::Each);
        link(town, law, i, t, start, price, state, &mut links[i]);
        invert(model.links[i], &links[i], &mut values[i]);
    }
    if t > 0 {
        grow(town, values, world.indices(tile, t), base, state, growth);
    }
    let banks = Banks([values, world.indices(tile, t), base, &state.state]);
    evaluate(&town.outcome.program.operations, banks, results);
    if t > 0 {
        for (k, operand) in town.outcome.conditions.iter().enumerate() {
            let banks = Banks([values, world.indices(tile, t), base, &state.state]);
            let condition = match banks.value(*operand, results) {
                Value::Same(x) => Row([x; TILE]),
                Value::Each(row) => *row,
            };
            first_passage(model, town, k, &condition, state);
        }
    }
}

/// Decides which events happen this year and moves steps and switches; shocks follow in [`deviate`].
#[inline(always)]
fn happen(town: &TownLaw, path: usize, uniforms: &[Row], price: &Row, state: &mut PathState) {
    let PathState { events, happened, steps, state: switches, .. } = state;
    for (k, event) in town.events.iter().enumerate() {
        let EventLaw { probability, once, trigger, .. } = event;
        let (hit, past) = (&mut events[k].0, &mut happened[k].0);
        let (bound, factor) = trigger.unwrap_or((f64::NEG_INFINITY, 1.0));
        let (usual, triggered) = (probability[path], probability[path] * factor);
        for p in 0..TILE {
            let chance = if price.0[p] < bound { triggered } else { usual };
            hit[p] = if uniforms[k].0[p] < chance { 1.0 } else { 0.0 };
        }
        if *once {
            for p in 0..TILE {
                hit[p] = if past[p] > 0.0 { 0.0 } else { hit[p] };
            }
        }
        for (place, value) in &event.switches {
            for p in 0..TILE {
                hit[p] = if switches[*place].0[p] == *value { 0.0 } else { hit[p] };
            }
        }
        for p in 0..TILE {
            past[p] = if hit[p] > 0.0 { 1.0 } else { past[p] };
        }
        for (driver, shift) in &event.steps {
            for p in 0..TILE {
                steps[*driver].0[p] += shift * hit[p];
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

/// d[t] = phi d[t-1] + (1 - phi) C (y[t-1] + S[t-1]) + e[t], and the shocks of this year's events.
#[inline(always)]
fn deviate(
    model: &Model,
    town: &TownLaw,
    year: &YearLaw,
    innovations: &[Row],
    state: &mut PathState,
    t: usize,
) {
    let last = &state.departure[(t + 1) % 2];
    for i in 0..model.links.len() {
        if town.frozen[i] {
            continue;
        }
        let phi = model.noise.persistence[i];
        let d = &mut state.deviation[i];
        let e = &innovations[i];
        match year.cross[i].as_slice() {
            [] => advance::<0>(d, phi, e, &[], last),
            [a] => advance::<1>(d, phi, e, &[*a], last),
            [a, b] => advance::<2>(d, phi, e, &[*a, *b], last),
            [a, b, c] => advance::<3>(d, phi, e, &[*a, *b, *c], last),
            [a, b, c, rest @ ..] => {
                advance::<3>(d, phi, e, &[*a, *b, *c], last);
                for (j, effect) in rest {
                    for p in 0..TILE {
                        d.0[p] += effect * last[*j].0[p];
                    }
                }
            }
        }
    }
    for (event, hit) in town.events.iter().zip(&state.events) {
        for (driver, shift) in &event.shocks {
            for p in 0..TILE {
                state.deviation[*driver].0[p] += shift * hit.0[p];
            }
        }
    }
}

/// d = phi d + e + sum of N cross-impacts.
#[inline(always)]
fn advance<const N: usize>(d: &mut Row, phi: f64, e: &Row, cross: &[(usize, f64); N], last: &[Row]) {
    let sources: [&Row; N] = std::array::from_fn(|k| &last[cross[k].0]);
    for p in 0..TILE {
        let mut sum = phi * d.0[p] + e.0[p];
        for k in 0..N {
            sum += cross[k].1 * sources[k].0[p];
        }
        d.0[p] = sum;
    }
}

/// z = z0 + tau Delta + S + B x + d, and the departure y + S that next year's cross-impacts read.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn link(
    town: &TownLaw,
    law: &PathLaw,
    i: usize,
    t: usize,
    start: Value<'_>,
    price: &Row,
    state: &mut PathState,
    z: &mut Row,
) {
    let (tau, exposure) = (law.years[t].reached[i], law.years[t].exposure[i]);
    let (delta, d, departure) = (&state.shift[i].0, &state.deviation[i].0, &mut state.departure[t % 2][i].0);
    if town.has_steps[i] {
        let steps = &state.steps[i].0;
        for p in 0..TILE {
            departure[p] = (exposure * price.0[p] + d[p]) + steps[p];
        }
    } else {
        for p in 0..TILE {
            departure[p] = exposure * price.0[p] + d[p];
        }
    }
    match start {
        Value::Same(start) => {
            for p in 0..TILE {
                z.0[p] = (start + tau * delta[p]) + departure[p];
            }
        }
        Value::Each(start) => {
            for p in 0..TILE {
                z.0[p] = (start.0[p] + tau * delta[p]) + departure[p];
            }
        }
    }
}

/// x = g^-1(z).
#[inline(always)]
fn invert(link: Link, z: &Row, x: &mut Row) {
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

/// N[t] = N[t-1] (1 + growth / 1000), never below 0.
#[inline(always)]
fn grow(
    town: &TownLaw,
    values: &[Row],
    indices: &[Row],
    base: &[Row],
    state: &mut PathState,
    results: &mut [Row],
) {
    let program = &town.outcome.growth;
    evaluate(&program.program.operations, Banks([values, indices, base, &state.state]), results);
    let place = town.switches.len();
    let mut population = state.state[place];
    let growth = Banks([values, indices, base, &state.state]).value(program.value, results);
    let scale = |n: f64, g: f64| {
        let factor = 1.0 + g * 0.001;
        n * if factor > 0.0 { factor } else { 0.0 }
    };
    match growth {
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
    state.state[place] = population;
}

/// Counts the years in a row that a condition has held, and marks the runs that reach the outcome now.
#[inline(always)]
fn first_passage(model: &Model, town: &TownLaw, k: usize, condition: &Row, state: &mut PathState) {
    let outcome = &model.first_passages[k];
    if let Some(barrier) = outcome.unless_event
        && let Some(e) = town.events.iter().position(|e| e.index == barrier)
    {
        for p in 0..TILE {
            state.closed[k].0[p] = if state.happened[e].0[p] > 0.0 { 1.0 } else { state.closed[k].0[p] };
        }
    }
    let needed = outcome.lasting as f64;
    let (streak, reached, closed) = (&mut state.streak[k].0, &mut state.reached[k].0, &mut state.closed[k].0);
    for p in 0..TILE {
        streak[p] = condition.0[p] * (streak[p] + 1.0);
        let now = streak[p] >= needed && closed[p] == 0.0;
        reached[p] = if now { 1.0 } else { 0.0 };
        closed[p] = if now { 1.0 } else { closed[p] };
    }
}
