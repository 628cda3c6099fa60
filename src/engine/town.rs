//! One town through the years: a block of runs, all scenarios, tile by tile.
//!
//! Per year: the innovations of each tile are drawn once, for all scenarios. Per scenario and tile: events,
//! deviation, link scale, values, population, outcomes, first passages; then the observer looks.

use super::level::Job;
use super::observe::{Observer, View};
use super::tile::{Banks, Row, TILE, TileStream, Value, Words, evaluate};
use super::world::{World, combine};
use crate::case::Link;
use crate::math;
use crate::model::{EventLaw, InputLaw, Model, Operand, PathLaw, TownLaw, YearLaw};
use crate::random;

/// Tiles in a block: the unit of parallel work and of exact summation.
pub(crate) const BLOCK_TILES: usize = 4;
/// Runs in a block.
pub(crate) const BLOCK: usize = BLOCK_TILES * TILE;

/// Everything a town needs while a block of runs goes by. Allocated once a task, reused for every block.
pub(crate) struct Scratch {
    words: Words,
    normals: Vec<Row>,
    /// Values and link-scale values of the drivers.
    values: Vec<Row>,
    links: Vec<Row>,
    results: Vec<Row>,
    growth: Vec<Row>,
    tiles: Vec<TileState>,
}

/// What the scenarios of a tile share, and the state of each.
struct TileState {
    noise: TileStream,
    events: Vec<TileStream>,
    /// Sub-indicators and drivers in the base year, where runs differ.
    base: Vec<Row>,
    /// Drivers in the base year on the link scale, where runs differ.
    base_link: Vec<Row>,
    /// Innovations of this year.
    innovations: Vec<Row>,
    /// Uniform number of each event, this year.
    uniforms: Vec<Row>,
    /// Price level of the town's mix.
    price: Row,
    paths: Vec<PathState>,
}

/// State of one scenario in one tile.
pub(crate) struct PathState {
    /// Delta: the plan's shift of each driver, with its error.
    pub(crate) shift: Vec<Row>,
    /// d: deviation of each driver.
    pub(crate) deviation: Vec<Row>,
    /// y + S of each driver, this year's and last year's by turns.
    departure: [Vec<Row>; 2],
    /// S: lasting steps of each driver.
    pub(crate) steps: Vec<Row>,
    /// Switches, then the population.
    pub(crate) state: Vec<Row>,
    /// 1 where an event happens this year.
    pub(crate) events: Vec<Row>,
    /// 1 where an event has happened so far.
    pub(crate) happened: Vec<Row>,
    /// Years in a row that a first-passage condition has held.
    streak: Vec<Row>,
    /// 1 where the outcome is first reached this year.
    pub(crate) reached: Vec<Row>,
    /// 1 where it was reached before or can no longer be.
    closed: Vec<Row>,
}

impl PathState {
    fn new(model: &Model, town: &TownLaw) -> Self {
        let n = model.links.len();
        let rows = Row::zeros;
        let outcomes = model.first_passages.len();
        Self {
            shift: rows(n),
            deviation: rows(n),
            departure: [rows(n), rows(n)],
            steps: rows(n),
            state: rows(town.switches.len() + 1),
            events: rows(town.events.len()),
            happened: rows(town.events.len()),
            streak: rows(outcomes),
            reached: rows(outcomes),
            closed: rows(outcomes),
        }
    }

    fn reset(&mut self) {
        for rows in [&mut self.deviation, &mut self.steps, &mut self.happened, &mut self.events] {
            rows.fill(Row::ZERO);
        }
        for rows in [&mut self.streak, &mut self.reached, &mut self.closed] {
            rows.fill(Row::ZERO);
        }
        for rows in &mut self.departure {
            rows.fill(Row::ZERO);
        }
    }
}

impl Scratch {
    pub(crate) fn new(model: &Model, town: &TownLaw) -> Self {
        let n = model.links.len();
        let inputs = town.inputs.len();
        let tile = || TileState {
            noise: TileStream::EMPTY,
            events: vec![TileStream::EMPTY; town.events.len()],
            base: Row::zeros(if town.is_uncertain() { inputs + n } else { 0 }),
            base_link: Row::zeros(if town.is_uncertain() { n } else { 0 }),
            innovations: Row::zeros(n),
            uniforms: Row::zeros(town.events.len()),
            price: Row::ZERO,
            paths: town.paths.iter().map(|_| PathState::new(model, town)).collect(),
        };
        Self {
            words: Words([0; TILE]),
            normals: Row::zeros(n),
            values: Row::zeros(n),
            links: Row::zeros(n),
            results: Row::zeros(
                town.outcome.program.operations.len().max(town.base_program.operations.len()),
            ),
            growth: Row::zeros(town.outcome.growth.program.operations.len()),
            tiles: (0..BLOCK_TILES).map(|_| tile()).collect(),
        }
    }
}

/// A block of runs of one town: at most [`BLOCK`] of them, from `first_run` on.
pub(crate) struct TownBlock<'a, O> {
    pub(crate) model: &'a Model,
    pub(crate) town: &'a TownLaw,
    pub(crate) world: &'a World,
    pub(crate) first_run: u64,
    pub(crate) runs: usize,
    pub(crate) scratch: &'a mut Scratch,
    pub(crate) observer: &'a mut O,
}

impl<O: Observer> Job for TownBlock<'_, O> {
    /// Takes the block through all years and shows each tile of each year and scenario to the observer. The
    /// reference scenario comes first, so that others can be compared with it.
    #[inline(always)]
    fn run(self) {
        let Self { model, town, world, first_run, runs, scratch, observer } = self;
        let tiles = runs.div_ceil(TILE);
        for tile in 0..tiles {
            start_tile(model, town, first_run + (tile * TILE) as u64, scratch, tile);
        }
        let reference = model.reference.unwrap_or(0);
        let order = std::iter::once(reference).chain((0..town.paths.len()).filter(|p| *p != reference));
        for t in 0..model.years.len() {
            for tile in 0..tiles {
                start_year(model, town, world, scratch, tile, t);
            }
            for path in order.clone() {
                observer.begin(t, path);
                for tile in 0..tiles {
                    step(model, town, world, scratch, tile, path, t);
                    let state = &scratch.tiles[tile];
                    let view = View {
                        values: &scratch.values,
                        links: &scratch.links,
                        banks: Banks([
                            &scratch.values,
                            world.indices(tile, t),
                            &state.base,
                            &state.paths[path].state,
                        ]),
                        results: &scratch.results,
                        base_link: &state.base_link,
                        prices: world.prices(tile, t),
                        price: &state.price,
                        state: &state.paths[path],
                        year: &town.paths[path].years[t],
                        runs: (runs - tile * TILE).min(TILE),
                    };
                    observer.tile(t, path, tile, &view);
                }
                observer.end(t, path);
            }
        }
    }
}

/// Draws what is drawn once a run: missing inputs and plan errors.
#[inline(always)]
fn start_tile(model: &Model, town: &TownLaw, run: u64, scratch: &mut Scratch, tile: usize) {
    let Scratch { words, normals, results, tiles, .. } = scratch;
    let state = &mut tiles[tile];
    let n = model.links.len();
    state.noise.start(town.noise_key, run);
    for (stream, event) in state.events.iter_mut().zip(&town.events) {
        stream.start(event.key, run);
    }
    if town.is_uncertain() {
        draw_inputs(model, town, run, words, results, state);
    }
    let mut stream = TileStream::EMPTY;
    stream.start(town.plan_key, run);
    stream.normals(words, normals);
    let (common, own) = (model.plan_correlation.sqrt(), (1.0 - model.plan_correlation).sqrt());
    for (path, law) in state.paths.iter_mut().zip(&town.paths) {
        stream.start(law.plan_key, run);
        stream.normals(words, &mut path.shift);
        for i in 0..n {
            let (mean, sd) = (law.shift[i], law.shift_sd[i]);
            for p in 0..TILE {
                path.shift[i].0[p] = mean + sd * (common * normals[i].0[p] + own * path.shift[i].0[p]);
            }
        }
        path.reset();
        for (place, &switch) in town.switches.iter().enumerate() {
            path.state[place] = match town.inputs[switch] {
                InputLaw::Constant(x) => Row([x; TILE]),
                _ => state.base[switch],
            };
        }
        path.state[town.switches.len()] = Row([town.population; TILE]);
    }
}

/// Draws the missing inputs, one word a sub-indicator, and computes the drivers' base values from them.
#[inline(always)]
fn draw_inputs(
    model: &Model,
    town: &TownLaw,
    run: u64,
    words: &mut Words,
    results: &mut [Row],
    state: &mut TileState,
) {
    let mut stream = TileStream::EMPTY;
    stream.start(town.inputs_key, run);
    for (law, row) in town.inputs.iter().zip(&mut state.base) {
        stream.next(words);
        for p in 0..TILE {
            let u = math::uniform_high(words.0[p]);
            row.0[p] = match *law {
                InputLaw::Constant(x) => x,
                InputLaw::Triangular(low, mode, high) => random::triangular(low, mode, high, u),
                InputLaw::Switch(probability) => {
                    if u < probability {
                        100.0
                    } else {
                        0.0
                    }
                }
            };
        }
    }
    let (inputs, drivers) = state.base.split_at_mut(town.inputs.len());
    let banks = Banks([&[], &[], inputs, &[]]);
    evaluate(&town.base_program.operations, banks, results);
    for (i, operand) in town.base_values.iter().enumerate() {
        let value = banks.value(*operand, results);
        for p in 0..TILE {
            let x = value.at(p);
            drivers[i].0[p] = x;
            let z = match model.links[i] {
                Link::Log => math::ln(x),
                Link::Logit => math::logit_percent(x),
                Link::Identity => x,
            };
            state.base_link[i].0[p] = if town.frozen[i] { 0.0 } else { z };
        }
    }
}

/// Draws what all scenarios of a tile share in a year: innovations, uniforms of events, the price level.
#[inline(always)]
fn start_year(model: &Model, town: &TownLaw, world: &World, scratch: &mut Scratch, tile: usize, t: usize) {
    let Scratch { words, normals, tiles, .. } = scratch;
    let state = &mut tiles[tile];
    state.price = Row::ZERO;
    if t == 0 {
        return;
    }
    let prices = world.prices(tile, t);
    for (c, weight) in &town.mix {
        for p in 0..TILE {
            state.price.0[p] += weight * prices[*c].0[p];
        }
    }
    state.noise.normals(words, normals);
    for (i, e) in state.innovations.iter_mut().enumerate() {
        if town.frozen[i] {
            continue;
        }
        combine(&model.noise.factor[i], model.noise.town_sd[i], normals, e);
        if let Some(common) = world.noise(tile, t, i) {
            for p in 0..TILE {
                e.0[p] += common.0[p];
            }
        }
    }
    for (stream, uniform) in state.events.iter_mut().zip(&mut state.uniforms) {
        stream.next(words);
        for p in 0..TILE {
            uniform.0[p] = math::uniform_high(words.0[p]);
        }
    }
}

/// Takes one scenario of one tile from year t - 1 to year t.
#[inline(always)]
fn step(
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

/// Operands of the quantities of a town, in the order of [`Model::quantities`].
pub(crate) fn quantity_operands(model: &Model, town: &TownLaw) -> Vec<Operand> {
    use crate::model::{Bank, QuantityKind};
    let outcome = &town.outcome;
    let operand = |kind: QuantityKind| match kind {
        QuantityKind::Composite(k) => outcome.composites[model.scales[k].0],
        QuantityKind::Driver(i) if town.frozen[i] => Operand::Constant(town.base[i]),
        QuantityKind::Driver(i) => Operand::Row(Bank::Driver, i),
        QuantityKind::SubIndicator(i) => outcome.sub_indicators[i],
        QuantityKind::Population => Operand::Row(Bank::State, town.switches.len()),
        QuantityKind::Persons(i) => outcome.persons[i],
    };
    model.quantities.iter().map(|q| operand(q.kind)).collect()
}
