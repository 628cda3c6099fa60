//! The smallest change of one sub-indicator that changes the leading scenarios.

use rayon::prelude::*;

use super::circumstances::Circumstances;
use super::enclosure::{Enclosure, Mixed};
use super::rules::{Verdict, class_among};
use super::search::{Found, nearest};
use super::uncertain::Uncertain;

/// How far from where the choice changes a bound is looked for, as a share.
const NEAR: f64 = 1e-6;

/// Whether the leading scenarios change at the place itself or only beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlipKind {
    /// They have changed there: a bound that is reached from above belongs to the class below.
    Attained,
    /// They change as soon as it is passed.
    Limit,
}

impl FlipKind {
    /// As tables write it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Attained => "attained",
            Self::Limit => "limit",
        }
    }
}

/// What changes where the choice does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trigger {
    /// Place of the composite.
    pub composite: usize,
    /// Its class before.
    pub from: Option<usize>,
    /// Its class beyond.
    pub to: Option<usize>,
}

/// Where one sub-indicator of a town changes the leading scenarios.
#[derive(Debug, Clone, PartialEq)]
pub struct Flip {
    /// Place of the sub-indicator.
    pub indicator: usize,
    /// Its value.
    pub value: f64,
    /// The nearest place where the leading scenarios change, within the range of the sub-indicator; none where no
    /// value does it.
    pub at: Option<f64>,
    /// Whether they change there or beyond.
    pub kind: FlipKind,
    /// Who leads then; nobody where a composite has no value.
    pub leaders_after: Vec<usize>,
    /// The composite whose class changes.
    pub trigger: Option<Trigger>,
    /// True where the search was given up: there may be a nearer place, or one at all.
    pub unresolved: bool,
}

impl Flip {
    /// How far it is, with its sign.
    pub fn change(&self) -> Option<f64> {
        self.at.map(|at| at - self.value)
    }
}

/// For every sub-indicator of a town the smallest change, all else equal, that changes the leading scenarios.
///
/// The choice is constant between the bounds of classes. Whole intervals of the sub-indicator are enclosed by interval
/// arithmetic, and halved where their classes are not all the same, the nearest first: nothing nearer is overlooked, and
/// no sample is drawn. The place is then told as the value at which a composite stands on its bound.
pub fn flips(uncertain: &Uncertain<'_>) -> Vec<Flip> {
    let base = uncertain.rules.verdict(&uncertain.base);
    (0..uncertain.rules.inputs).into_par_iter().map(|indicator| flip(uncertain, &base, indicator)).collect()
}

fn flip(uncertain: &Uncertain<'_>, base: &Verdict, indicator: usize) -> Flip {
    let value = uncertain.base.inputs[indicator];
    let (low, high) = uncertain.ranges[indicator];
    let line = Line { uncertain, base, indicator };
    let none = Flip {
        indicator,
        value,
        at: None,
        kind: FlipKind::Attained,
        leaders_after: Vec::new(),
        trigger: None,
        unresolved: false,
    };
    if uncertain.switches[indicator] {
        let other = if value == 0.0 { 100.0 } else { 0.0 };
        let after = line.verdict(other);
        if after.lead.leaders == base.lead.leaders {
            return none;
        }
        let trigger = trigger(base, &after);
        return Flip { at: Some(other), leaders_after: after.lead.leaders, trigger, ..none };
    }
    // The ends of the range may lie on the wrong side of a value that makes no sense.
    let ways = [
        nearest(value, high.max(value), &|a, b| line.differs(a, b)),
        nearest(value, low.min(value), &|a, b| line.differs(a, b)),
    ];
    let unresolved = ways.contains(&Found::Unresolved);
    let flips = ways.into_iter().filter_map(|found| match found {
        Found::At { place, before } => Some(line.told(&none, place, before)),
        _ => None,
    });
    let size = |flip: &Flip| flip.change().map_or(f64::INFINITY, f64::abs);
    let nearest = flips.min_by(|a, b| size(a).total_cmp(&size(b)));
    Flip { unresolved, ..nearest.unwrap_or(none) }
}

/// The composite whose class differs first.
fn trigger(before: &Verdict, after: &Verdict) -> Option<Trigger> {
    let differs = |c: &usize| before.classes[*c] != after.classes[*c];
    let composite = (0..before.classes.len()).find(differs)?;
    Some(Trigger { composite, from: before.classes[composite], to: after.classes[composite] })
}

/// The choice as a function of one sub-indicator.
struct Line<'a> {
    uncertain: &'a Uncertain<'a>,
    base: &'a Verdict,
    indicator: usize,
}

impl Line<'_> {
    fn inputs(&self, x: f64) -> Vec<f64> {
        let mut inputs = self.uncertain.base.inputs.clone();
        inputs[self.indicator] = x;
        inputs
    }

    fn verdict(&self, x: f64) -> Verdict {
        let base = &self.uncertain.base;
        self.uncertain.rules.verdict(&Circumstances { inputs: self.inputs(x), ..base.clone() })
    }

    fn composites(&self, x: f64) -> Vec<f64> {
        let rules = self.uncertain.rules;
        rules.values(self.inputs(x), &self.uncertain.base.readings).split_off(rules.inputs)
    }

    /// Whether the leading scenarios differ from those at the base for all of an interval, or for none of it.
    fn differs(&self, low: f64, high: f64) -> Option<bool> {
        let rules = self.uncertain.rules;
        let mut inputs: Vec<Enclosure> =
            self.uncertain.base.inputs.iter().map(|x| Enclosure::between(*x, *x)).collect();
        inputs[self.indicator] = Enclosure::between(low, high);
        let values = rules.values(inputs, &self.uncertain.base.readings);
        let class = |c: usize| match &rules.bounds[c] {
            None => Ok(None),
            Some(bounds) => values[rules.inputs + c].class(bounds),
        };
        let classes: Result<Vec<Option<usize>>, Mixed> = (0..rules.bounds.len()).map(class).collect();
        let verdict = match classes {
            Ok(classes) => rules.of_classes(classes, &self.uncertain.base),
            // Of a point there is always an answer.
            Err(Mixed) if low == high => self.verdict(low),
            Err(Mixed) => return None,
        };
        Some(verdict.lead.leaders != self.base.lead.leaders)
    }

    /// A flip, told at the bound behind it.
    fn told(&self, none: &Flip, place: f64, before: f64) -> Flip {
        let beyond = self.verdict(place);
        let trigger = trigger(&self.verdict(before), &beyond);
        let at = trigger.and_then(|t| self.bound(t, place)).unwrap_or_else(|| self.rounded(place));
        let there = self.verdict(at);
        let attained = there.lead.leaders != self.base.lead.leaders;
        let (kind, after) = if attained { (FlipKind::Attained, there) } else { (FlipKind::Limit, beyond) };
        Flip { at: Some(at), kind, leaders_after: after.lead.leaders, trigger, ..none.clone() }
    }

    /// A short decimal within rounding of a place, if there is one: where a composite loses its value.
    fn rounded(&self, place: f64) -> f64 {
        let short: f64 = format!("{place:.8e}").parse().unwrap_or(place);
        let (low, high) = self.uncertain.ranges[self.indicator];
        let is_near = (short - place).abs() <= 1e-9 * place.abs().max(1.0);
        if is_near && (low..=high).contains(&short) { short } else { place }
    }

    /// The value near a place at which a composite stands on the bound that it passes there.
    fn bound(&self, trigger: Trigger, place: f64) -> Option<f64> {
        let bounds = self.uncertain.rules.bounds[trigger.composite].as_ref()?;
        let bound = bounds[trigger.from?.min(trigger.to?)];
        let above = |x: f64| self.composites(x)[trigger.composite] - bound;
        let (low, high) = self.uncertain.ranges[self.indicator];
        let (low, high) = (
            low.min(self.uncertain.base.inputs[self.indicator]),
            high.max(self.uncertain.base.inputs[self.indicator]),
        );
        let step = NEAR * place.abs().max(1.0);
        let (mut a, mut b) = ((place - step).max(low), (place + step).min(high));
        let rises = above(b) > above(a);
        // A bound that is not passed nearby, or at an end of the range, stands where the change was found.
        if above(a) == 0.0 || above(b) == 0.0 {
            return Some(if above(a) == 0.0 { a } else { b });
        }
        if (above(a) > 0.0) == (above(b) > 0.0) {
            return None;
        }
        for _ in 0..200 {
            let middle = a + (b - a) / 2.0;
            if middle == a || middle == b {
                break;
            }
            if (above(middle) > 0.0) == rises { b = middle } else { a = middle }
        }
        // People write decimals: the one within rounding, if it stands on the bound as well.
        let short: f64 = format!("{a:.11e}").parse().unwrap_or(a);
        let is_on = (above(short)).abs() <= 1e-11 * bound.abs().max(1.0) && (low..=high).contains(&short);
        let same =
            class_among(bounds, bound) == class_among(bounds, self.composites(short)[trigger.composite]);
        Some(if is_on && same { short } else { a })
    }
}
