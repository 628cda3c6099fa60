//! What is compared in every run: quantities, classes, votes, the lead, outcomes, and the two parts of the share's change.

use super::effect::{Kind, PairSums};
use crate::case::{Case, class_of};
use crate::engine::{Noted, PairedBlock};
use crate::model::{Model, QuantityKind, TownLaw};

/// Something that is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its name in tables: `unemployment`, `TDea.moderate`, `votes.balanced`, `lead.balanced`, `distress`,
    /// `TDm1.by_enterprise_output`.
    pub id: String,
    /// Its unit.
    pub unit: String,
    /// What it is.
    pub kind: ItemKind,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// A quantity, by its place among those that are looked at.
    Quantity(usize),
    /// A class of a composite: (place of the composite among what is looked at, scale, class).
    Class(usize, usize, usize),
    /// Votes for a candidate.
    Votes(usize),
    /// A candidate's share of the lead.
    Lead(usize),
    /// An outcome, reached so far.
    Outcome(usize),
    /// What of the change of the share is the enterprise's doing, in percentage points: places of the share's part and
    /// rest.
    ByPart(usize, usize),
    /// What of it is the rest's doing.
    ByRest(usize, usize),
}

impl Item {
    /// What kind of number it is; sums of a mean are relative to the value of the base year.
    pub(super) fn number(&self, law: &TownLaw, model: &Model) -> Kind {
        match self.kind {
            ItemKind::Quantity(k) => Kind::Mean(centre(model, law, k)),
            ItemKind::Votes(_) => Kind::Mean(0.0),
            ItemKind::Class(..) | ItemKind::Lead(_) | ItemKind::Outcome(_) => Kind::Share,
            ItemKind::ByPart(..) | ItemKind::ByRest(..) => Kind::Part,
        }
    }
}

/// Quantities that are looked at: composites, those whose differences matter or that people look at first.
pub(super) fn quantities(model: &Model) -> Vec<usize> {
    let all = model.quantities.iter().enumerate();
    let chosen = all.filter(|(_, q)| q.paired || q.main || matches!(q.kind, QuantityKind::Composite(_)));
    chosen.map(|(k, _)| k).collect()
}

/// What is compared, given the quantities that are looked at.
pub(super) fn items(case: &Case, model: &Model, looked_at: &[usize]) -> Vec<Item> {
    let item = |id: String, unit: &str, kind| Item { id, unit: unit.to_owned(), kind };
    let mut items = Vec::new();
    for (k, q) in looked_at.iter().enumerate() {
        let quantity = &model.quantities[*q];
        items.push(item(quantity.id.clone(), &quantity.unit, ItemKind::Quantity(k)));
        if let QuantityKind::Composite(scale) = quantity.kind {
            for (class, of) in model.scales[scale].1.iter().enumerate() {
                let id = format!("{}.{}", quantity.id, case.method.levels[of.level].id);
                items.push(item(id, "share", ItemKind::Class(k, scale, class)));
            }
        }
    }
    for (k, scenario) in case.scenarios.iter().enumerate() {
        items.push(item(format!("votes.{}", scenario.id), "votes", ItemKind::Votes(k)));
    }
    for (k, scenario) in case.scenarios.iter().enumerate() {
        items.push(item(format!("lead.{}", scenario.id), "share", ItemKind::Lead(k)));
    }
    for (k, outcome) in model.first_passages.iter().enumerate() {
        items.push(item(outcome.id.clone(), "share", ItemKind::Outcome(k)));
    }
    let split = model.share_split;
    let place = |driver: usize| {
        looked_at.iter().position(|q| model.quantities[*q].kind == QuantityKind::Driver(driver))
    };
    if let (Some(part), Some(rest)) = (place(split.part), place(split.rest)) {
        let share = &case.method.sub_indicators[split.share].symbol;
        let by = |driver: usize| format!("{share}.by_{}", case.drivers[driver].id);
        items.push(item(by(split.part), "percentage points", ItemKind::ByPart(part, rest)));
        items.push(item(by(split.rest), "percentage points", ItemKind::ByRest(part, rest)));
    }
    items
}

fn centre(model: &Model, law: &TownLaw, looked_at: usize) -> f64 {
    let q = quantities(model)[looked_at];
    let x = match model.quantities[q].kind {
        QuantityKind::Composite(k) => law.at_base(law.outcome.composites[model.scales[k].0]),
        QuantityKind::Driver(i) => law.base[i],
        QuantityKind::SubIndicator(i) => law.at_base(law.outcome.sub_indicators[i]),
        QuantityKind::Population => law.population,
        QuantityKind::Persons(i) => law.at_base(law.outcome.persons[i]),
    };
    if x.is_finite() { x } else { 0.0 }
}

/// Adds the runs of a block under one scenario: `sums[t * items + item]`.
pub(super) fn compare(
    items: &[Item],
    model: &Model,
    law: &TownLaw,
    (path, years): (usize, usize),
    block: &PairedBlock<'_>,
    sums: &mut [PairSums],
) {
    for (k, item) in items.iter().enumerate() {
        let mut at = |t: usize, noted: Noted, f: &dyn Fn(f64) -> f64| {
            let into = &mut sums[t * items.len() + k];
            for (base, stressed) in block.tiles(t, path, noted) {
                base.iter().zip(stressed).for_each(|(a, b)| into.add_pair(f(*a), f(*b)));
            }
        };
        match item.kind {
            ItemKind::Quantity(place) => {
                let centre = centre(model, law, place);
                for t in 0..years {
                    let into = &mut sums[t * items.len() + k];
                    for (base, stressed) in block.tiles(t, path, Noted::Quantity(place)) {
                        base.iter().zip(stressed).for_each(|(a, b)| into.add_pair(a - centre, b - centre));
                    }
                }
            }
            ItemKind::Class(place, scale, class) => {
                let classes = &model.scales[scale].1;
                let is = |x: f64| class_of(classes, x).map_or(f64::NAN, |c| f64::from(u8::from(c == class)));
                (0..years).for_each(|t| at(t, Noted::Quantity(place), &is));
            }
            ItemKind::Votes(candidate) => {
                let votes = |x: f64| (x.to_bits() >> (8 * candidate) & 0xff) as f64;
                (0..years).for_each(|t| at(t, Noted::Votes, &votes));
            }
            ItemKind::Lead(candidate) => {
                let share = |x: f64| {
                    let set = x as u32;
                    if x.is_nan() { x } else { f64::from(set >> candidate & 1) / f64::from(set.count_ones()) }
                };
                (0..years).for_each(|t| at(t, Noted::Leaders, &share));
            }
            ItemKind::Outcome(outcome) => {
                let mut so_far = vec![[0.0_f64; 2]; block.runs];
                for t in 0..years {
                    note(block, (t, path), outcome, &mut so_far);
                    let into = &mut sums[t * items.len() + k];
                    for [a, b] in &so_far {
                        into.add_pair(*a, *b);
                    }
                }
            }
            ItemKind::ByPart(part, rest) | ItemKind::ByRest(part, rest) => {
                let by_part = matches!(item.kind, ItemKind::ByPart(..));
                for t in 0..years {
                    let into = &mut sums[t * items.len() + k];
                    let (parts, rests) = (
                        block.tiles(t, path, Noted::Quantity(part)),
                        block.tiles(t, path, Noted::Quantity(rest)),
                    );
                    for ((e0, e1), (o0, o1)) in parts.zip(rests) {
                        for p in 0..e0.len() {
                            into.add_pair(0.0, share_by([e0[p], e1[p]], [o0[p], o1[p]], by_part));
                        }
                    }
                }
            }
        }
    }
}

/// The change of 100 E/(E + O) that one of its two makes, the mean of both orders of change.
fn share_by(e: [f64; 2], o: [f64; 2], by_part: bool) -> f64 {
    let share = |e: f64, o: f64| 100.0 * e / (e + o);
    let part = 0.5 * ((share(e[1], o[0]) - share(e[0], o[0])) + (share(e[1], o[1]) - share(e[0], o[1])));
    if by_part { part } else { share(e[1], o[1]) - share(e[0], o[0]) - part }
}

/// Notes the runs in which an outcome is first reached in a year.
fn note(block: &PairedBlock<'_>, (t, path): (usize, usize), outcome: usize, so_far: &mut [[f64; 2]]) {
    let mut runs = so_far.iter_mut();
    for (base, stressed) in block.tiles(t, path, Noted::Reached(outcome)) {
        for (now, run) in base.iter().zip(stressed).zip(runs.by_ref()) {
            run[0] = if *now.0 > 0.0 { 1.0 } else { run[0] };
            run[1] = if *now.1 > 0.0 { 1.0 } else { run[1] };
        }
    }
}

/// In which runs of a block an outcome is reached by the last year, without and with.
pub(super) fn met(block: &PairedBlock<'_>, (path, years): (usize, usize), outcome: usize) -> Vec<[bool; 2]> {
    let mut so_far = vec![[0.0; 2]; block.runs];
    (0..years).for_each(|t| note(block, (t, path), outcome, &mut so_far));
    so_far.into_iter().map(|run| run.map(|x| x > 0.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_parts_of_the_share_add_up_to_its_change() {
        let (e, o) = ([60.0, 30.0], [20.0, 25.0]);
        let (part, rest) = (share_by(e, o, true), share_by(e, o, false));
        let change = 100.0 * (30.0 / 55.0 - 60.0 / 80.0);
        assert!((part + rest - change).abs() < 1e-12);
        // Where only the enterprise changes it is all its doing.
        assert_eq!(share_by([60.0, 30.0], [20.0, 20.0], false), 0.0);
    }
}
