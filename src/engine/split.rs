//! The split of the mono-profile share's change, which unmasks growth of the share's rest against shrinking
//! of the enterprise.
//!
//! With share = 100 E / (E + O): logit share = ln E - ln O, so the change of the logit is the change of ln E
//! (plan + price level + events + deviation) less that of ln O, exactly. In percentage points each cause
//! gets the mean of the two orders in which the changes can be made.

use super::observe::View;
use super::tile::{Row, TILE, Value};
use crate::case::ShareSplit;
use crate::model::{Bank, Operand, TownLaw};

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
pub(crate) fn split(law: ShareSplit, town: &TownLaw, view: &View<'_>, parts: &mut [Row]) {
    let (e, o) = (law.part, law.rest);
    let offset = town.inputs.len();
    let base = |i: usize| {
        let place = town.base_values[i];
        let operand =
            if matches!(place, Operand::Constant(_)) { place } else { Operand::Row(Bank::Base, offset + i) };
        view.value(operand)
    };
    let start = |i: usize| view.base_link.get(i).map_or(Value::Same(town.base_link[i]), Value::Each);
    let (e0, o0, ze0, zo0) = (base(e), base(o), start(e), start(o));
    let (e1, o1) = (&view.values[e].0, &view.values[o].0);
    let (ze1, zo1) = (&view.links[e].0, &view.links[o].0);
    let (tau, exposure) = (view.year.reached[e], view.year.exposure[e]);
    for p in 0..TILE {
        let (e0, o0) = (e0.at(p), o0.at(p));
        let before = 100.0 * e0 / (e0 + o0);
        let after = 100.0 * e1[p] / (e1[p] + o1[p]);
        let enterprise_first = 100.0 * e1[p] / (e1[p] + o0);
        let other_first = 100.0 * e0 / (e0 + o1[p]);
        let enterprise = 0.5 * ((enterprise_first - before) + (after - other_first));
        let de = ze1[p] - ze0.at(p);
        let rest = zo1[p] - zo0.at(p);
        parts[0].0[p] = after - before;
        parts[1].0[p] = enterprise;
        parts[2].0[p] = (after - before) - enterprise;
        parts[3].0[p] = de - rest;
        parts[4].0[p] = tau * view.state.shift[e].0[p];
        parts[5].0[p] = exposure * view.price.0[p];
        parts[6].0[p] = view.state.steps[e].0[p];
        parts[7].0[p] = view.state.deviation[e].0[p];
        parts[8].0[p] = -rest;
    }
}
