//! The split of the mono-profile share's change, which unmasks growth of the share's rest against shrinking
//! of the enterprise.
//!
//! With share = 100 E / (E + O): logit share = ln E - ln O, so the change of the logit is the change of ln E
//! (plan + price level + events + deviation) less that of ln O, exactly. In percentage points each cause
//! gets the mean of the two orders in which the changes can be made.

use super::observer::View;
use super::tile::{TILE, TileRow, Value};
use crate::model::{Bank, Model, Operand, TownLaw};

/// Number of parts.
pub(super) const PARTS: usize = 9;
/// What the parts are, in order.
pub const PART_NAMES: [&str; PARTS] = [
    "change",
    "enterprise",
    "other",
    "logit_change",
    "logit_plan",
    "logit_price",
    "logit_events",
    "logit_deviation",
    "logit_other",
];

/// Computes the parts for a tile.
#[inline(always)]
pub(crate) fn split(model: &Model, town: &TownLaw, view: &View<'_>, parts: &mut [TileRow]) {
    let (e, o) = (model.share_split.part, model.share_split.rest);
    let offset = town.inputs.len();
    let base = |i: usize| {
        let place = town.base_values[i];
        let operand =
            if matches!(place, Operand::Constant(_)) { place } else { Operand::Row(Bank::Base, offset + i) };
        view.value(operand)
    };
    let start = |i: usize| view.base_link[i].as_deref().map_or(Value::Same(town.base_link[i]), Value::Each);
    match (base(e), base(o), start(e), start(o)) {
        // What every town with complete inputs has: the base year is the same in all runs.
        (Value::Same(e0), Value::Same(o0), Value::Same(ze0), Value::Same(zo0)) => {
            points([&view.values[e], &view.values[o]], |_| (e0, o0), parts);
            logits([&view.links[e], &view.links[o]], |_| (ze0, zo0), parts);
        }
        (e0, o0, ze0, zo0) => {
            points([&view.values[e], &view.values[o]], |p| (e0.at(p), o0.at(p)), parts);
            logits([&view.links[e], &view.links[o]], |p| (ze0.at(p), zo0.at(p)), parts);
        }
    }
    let (tau, exposure, state) = (view.year.reached[e], view.year.exposure[e], view.state);
    for p in 0..TILE {
        parts[4].0[p] = tau * state.shift[e].0[p];
        parts[5].0[p] = exposure * view.price.0[p];
    }
    let stress = view.year.stress[e];
    if stress != 0.0 {
        parts[4].0.iter_mut().for_each(|plan| *plan += stress);
    }
    if let (Some(drawn), Some(law)) = (view.parameters.price_exposure(e), &model.parameters) {
        let scale = law.exposure_scale[e].factor(view.year.mono);
        for p in 0..TILE {
            parts[5].0[p] = scale * drawn.0[p] * view.price.0[p];
        }
    }
    if let Some(rest) = &state.rest[e] {
        let ([now, late], [tau_now, tau_late]) = (&**rest, view.year.reference_reached[e]);
        for p in 0..TILE {
            parts[4].0[p] += tau_now * now.0[p] + tau_late * late.0[p];
        }
    }
    parts[6] = state.steps[e].as_deref().copied().unwrap_or(TileRow::ZERO);
    parts[7] = state.deviation[e];
}

/// Parts in percentage points, from the two values now and at the base.
#[inline(always)]
fn points([e1, o1]: [&TileRow; 2], base: impl Fn(usize) -> (f64, f64), parts: &mut [TileRow]) {
    let [change, by_enterprise, by_other, ..] = parts else { return };
    for p in 0..TILE {
        let ((e0, o0), e1, o1) = (base(p), e1.0[p], o1.0[p]);
        let before = 100.0 * e0 / (e0 + o0);
        let after = 100.0 * e1 / (e1 + o1);
        let enterprise_first = 100.0 * e1 / (e1 + o0);
        let other_first = 100.0 * e0 / (e0 + o1);
        let enterprise = 0.5 * ((enterprise_first - before) + (after - other_first));
        change.0[p] = after - before;
        by_enterprise.0[p] = enterprise;
        by_other.0[p] = (after - before) - enterprise;
    }
}

/// Parts of the logit that come from the links of the two.
#[inline(always)]
fn logits([ze1, zo1]: [&TileRow; 2], base: impl Fn(usize) -> (f64, f64), parts: &mut [TileRow]) {
    let [_, _, _, change, .., other] = parts else { return };
    for p in 0..TILE {
        let (ze0, zo0) = base(p);
        let rest = zo1.0[p] - zo0;
        change.0[p] = (ze1.0[p] - ze0) - rest;
        other.0[p] = -rest;
    }
}
