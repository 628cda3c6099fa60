//! What is drawn once a run, and what all scenarios share in a year.

use super::super::tile::{Banks, TILE, TileRow, TileStream, Value, Words, evaluate};
use super::super::town_state::{PathState, TileState, TownBuffers};
use super::super::world::{World, combine};
use crate::assess::InputLaw;
use crate::case::Link;
use crate::math;
use crate::model::{DeliveryLaw, Model, TownLaw};

/// Draws what is drawn once a run: missing inputs, plan errors, delivery.
#[inline(always)]
pub(super) fn start_tile(model: &Model, town: &TownLaw, run: u64, buffers: &mut TownBuffers, tile: usize) {
    let TownBuffers { words, normals, reference, results, tiles, .. } = buffers;
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
    let partial = town.paths.iter().find_map(|p| p.delivery.as_ref());
    let mut score = TileRow::ZERO;
    if let Some(delivery) = partial {
        // The reference is the same for every scenario, and its errors are those of its own path.
        stream.start(delivery.reference_key, run);
        stream.normals(words, reference);
        for i in 0..n {
            let (mean, sd) = (delivery.reference_shift[i], delivery.reference_sd[i]);
            for p in 0..TILE {
                reference[i].0[p] = mean + sd * (common * normals[i].0[p] + own * reference[i].0[p]);
            }
        }
        draw_scores(model, town, run, words, &mut score);
    }
    for ((path, law), share) in state.paths.iter_mut().zip(&town.paths).zip(&model.deliveries) {
        stream.start(law.plan_key, run);
        stream.normals(words, &mut path.shift);
        for i in 0..n {
            let (mean, sd) = (law.shift[i], law.shift_sd[i]);
            for p in 0..TILE {
                path.shift[i].0[p] = mean + sd * (common * normals[i].0[p] + own * path.shift[i].0[p]);
            }
        }
        if let Some(share) = share {
            deliver(share, &score, reference, path);
        }
        path.reset();
        for (place, &switch) in town.switches.iter().enumerate() {
            path.state[place] = match town.inputs[switch] {
                InputLaw::Constant(x) => TileRow([x; TILE]),
                _ => state.base[switch],
            };
        }
        path.state[town.switches.len()] = TileRow([town.population; TILE]);
    }
}

/// Draws the normal score of delivery of each run: a part common to the region and the town's own, one word each.
#[inline(always)]
fn draw_scores(model: &Model, town: &TownLaw, run: u64, words: &mut Words, score: &mut TileRow) {
    let r = model.delivery_correlation;
    let mut stream = TileStream::EMPTY;
    let mut row = [TileRow::ZERO];
    for (key, weight) in [(model.delivery_key, r.sqrt()), (town.delivery_key, (1.0 - r).sqrt())] {
        stream.start(key, run);
        stream.normals(words, &mut row);
        for p in 0..TILE {
            score.0[p] += weight * row[0].0[p];
        }
    }
}

/// Turns Delta into what is delivered of it: (1 - s) Delta_ref + s Delta, which is either exactly at s = 0 and s = 1.
/// Where the two build up over other years the parts stay apart.
#[inline(always)]
fn deliver(law: &DeliveryLaw, score: &TileRow, reference: &[TileRow], path: &mut PathState) {
    let PathState { shift, share, rest, .. } = path;
    let Some(share) = share else { return };
    for p in 0..TILE {
        share.0[p] = law.share(score.0[p]);
    }
    for ((shift, reference), rest) in shift.iter_mut().zip(reference).zip(rest) {
        match rest {
            None => {
                for p in 0..TILE {
                    let s = share.0[p];
                    shift.0[p] = (1.0 - s) * reference.0[p] + s * shift.0[p];
                }
            }
            Some(rest) => {
                let [now, late] = &mut **rest;
                *now = *reference;
                for p in 0..TILE {
                    let s = share.0[p];
                    shift.0[p] *= s;
                    late.0[p] = -s * reference.0[p];
                }
            }
        }
    }
}

/// Draws the missing inputs, one word a sub-indicator, and computes the drivers' base values from them.
#[inline(always)]
fn draw_inputs(
    model: &Model,
    town: &TownLaw,
    run: u64,
    words: &mut Words,
    results: &mut [TileRow],
    state: &mut TileState,
) {
    let mut stream = TileStream::EMPTY;
    stream.start(town.inputs_key, run);
    for (law, row) in town.inputs.iter().zip(&mut state.base) {
        stream.next(words);
        match *law {
            InputLaw::Constant(x) => row.0.fill(x),
            law => {
                for p in 0..TILE {
                    row.0[p] = law.at(math::uniform_high(words.0[p]));
                }
            }
        }
    }
    let (inputs, drivers) = state.base.split_at_mut(town.inputs.len());
    let banks = Banks([&[], &[], inputs, &[]]);
    evaluate(&town.base_program.operations, banks, results);
    for (i, operand) in town.base_values.iter().enumerate() {
        match banks.value(*operand, results) {
            Value::Same(x) => drivers[i].0.fill(x),
            Value::Each(row) => drivers[i] = *row,
        }
        if let Some(z) = &mut state.base_link[i] {
            apply_link(model.links[i], &drivers[i], z);
        }
    }
}

/// z = g(x).
#[inline(always)]
fn apply_link(link: Link, x: &TileRow, z: &mut TileRow) {
    match link {
        Link::Log => {
            for p in 0..TILE {
                z.0[p] = math::ln(x.0[p]);
            }
        }
        Link::Logit => {
            for p in 0..TILE {
                z.0[p] = math::logit_percent(x.0[p]);
            }
        }
        Link::Identity => *z = *x,
    }
}

/// Draws what all scenarios of a tile share in a year: innovations, uniforms of events, the price level.
#[inline(always)]
pub(super) fn start_year(
    model: &Model,
    town: &TownLaw,
    world: &World,
    buffers: &mut TownBuffers,
    tile: usize,
    t: usize,
) {
    let TownBuffers { words, normals, tiles, .. } = buffers;
    let state = &mut tiles[tile];
    state.price = TileRow::ZERO;
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
    for (i, e) in state.innovations.iter_mut().enumerate().filter(|(i, _)| !town.frozen[*i]) {
        let (factor, common) = (&model.noise.factor[i], world.noise(tile, t, i));
        match world.parameters(tile).town_sd(i) {
            None => combine(factor, model.noise.town_sd[i], normals, common, e),
            Some(sd) => {
                combine(factor, 1.0, normals, None, e);
                let common = common.unwrap_or(&TileRow::ZERO);
                for p in 0..TILE {
                    e.0[p] = sd.0[p] * e.0[p] + common.0[p];
                }
            }
        }
    }
    for (k, stream) in state.events.iter_mut().enumerate() {
        stream.next(words);
        let uniform = &mut state.uniforms[k].0;
        let mut lowest = 1.0;
        for p in 0..TILE {
            let u = math::uniform_high(words.0[p]);
            lowest = if u < lowest { u } else { lowest };
            uniform[p] = u;
        }
        state.lowest[k] = lowest;
    }
}
