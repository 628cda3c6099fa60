//! The smallest joint change of sub-indicators that changes the leading scenarios.

use super::circumstances::Circumstances;
use super::enclosure::Enclosure;
use super::flip::{Flip, FlipKind, flips};
use super::reach::{Goal, Reach};
use super::relax::Norm;
use super::rules::Verdict;
use super::uncertain::Uncertain;

/// Combinations of classes beyond so many are not looked at.
const MOST: usize = 2_000_000;
/// How far beyond a border a flip is verified, in shares of its size.
const BEYOND: [f64; 7] = [0.0, 1e-9, 1e-8, 3e-8, 1e-7, 2e-7, 4e-7];

/// The smallest change found of many sub-indicators at once that changes the leading scenarios.
#[derive(Debug, Clone, PartialEq)]
pub struct JointFlip {
    /// How its size is measured: each change over its error.
    pub norm: Norm,
    /// Its size; none where no change within the ranges was found.
    pub size: Option<f64>,
    /// No change smaller than this does it; infinite where none within the ranges does.
    pub bound: f64,
    /// Sub-indicators that change: place, and value after.
    pub changes: Vec<(usize, f64)>,
    /// Whether the leading scenarios change there or beyond.
    pub kind: FlipKind,
    /// Who leads then.
    pub leaders_after: Vec<usize>,
}

/// The smallest joint change of some sub-indicators (those of `variables` that have an error) of a town, given the
/// [`flips`](super::flips()) of single ones.
///
/// For each composite and each class that it might be in, the smallest change that takes it there is found by branch and
/// bound: boxes of changes, the bound of each from the slopes that it encloses, the best found by stepping along the
/// border. Then combinations of classes are tried, the cheapest of which that changes the leading scenarios is the flip.
/// Composites that share no sub-indicator add up; where they do share, the bound takes the largest part alone. With two
/// or three sub-indicators in each composite size and bound come within 10^-6; with more they may stay apart.
pub fn joint_flip(uncertain: &Uncertain<'_>, singles: &[Flip], norm: Norm, variables: &[usize]) -> JointFlip {
    let movable: Vec<usize> =
        variables.iter().copied().filter(|k| uncertain.errors[*k] > 0.0 && !uncertain.switches[*k]).collect();
    let mut search = Search::new(uncertain, norm, movable);
    search.singles(singles);
    let reaches = search.reaches();
    search.combine(&reaches, &mut Vec::new());
    search.undefined();
    search.finish()
}

/// All flips of a town.
#[derive(Debug, Clone, PartialEq)]
pub struct TownFlips {
    /// Id of the town.
    pub town: String,
    /// Who leads today.
    pub leaders: Vec<usize>,
    /// For each sub-indicator half the width of its error, 0 for one that has none.
    pub errors: Vec<f64>,
    /// For each sub-indicator its smallest change.
    pub singles: Vec<Flip>,
    /// The smallest joint change in each norm.
    pub joints: Vec<JointFlip>,
}

impl TownFlips {
    /// All flips of a town; joint ones of these sub-indicators, or of all.
    pub fn of(uncertain: &Uncertain<'_>, variables: Option<&[usize]>) -> Self {
        let singles = flips(uncertain);
        let all: Vec<usize> = (0..uncertain.rules.inputs).collect();
        let joint = |norm| joint_flip(uncertain, &singles, norm, variables.unwrap_or(&all));
        let joints = Norm::ALL.map(joint).to_vec();
        let leaders = uncertain.rules.verdict(&uncertain.base).lead.leaders;
        Self { town: uncertain.town.clone(), leaders, errors: uncertain.errors.clone(), singles, joints }
    }
}

/// A composite in another class.
struct Step {
    composite: usize,
    class: usize,
    variables: Vec<usize>,
    reach: Reach,
}

/// A change that was verified.
struct Best {
    /// In errors, for each sub-indicator.
    z: Vec<f64>,
    /// The sub-indicators that change; by nothing where a value stands on a bound that it must only pass.
    places: Vec<usize>,
    kind: FlipKind,
    leaders: Vec<usize>,
}

struct Search<'a> {
    uncertain: &'a Uncertain<'a>,
    norm: Norm,
    movable: Vec<usize>,
    base: Verdict,
    /// The best so far.
    best: Option<Best>,
    size: f64,
    bound: f64,
    tried: usize,
    /// True when no two composites that vote share a movable sub-indicator.
    apart: bool,
}

impl<'a> Search<'a> {
    fn new(uncertain: &'a Uncertain<'a>, norm: Norm, movable: Vec<usize>) -> Self {
        let rules = uncertain.rules;
        let shared = |k: &usize| rules.scaled().filter(|c| rules.depends[*c].contains(k)).count() > 1;
        let apart = !movable.iter().any(shared);
        let base = rules.verdict(&uncertain.base);
        let (size, bound) = (f64::INFINITY, f64::INFINITY);
        Self { uncertain, norm, movable, base, best: None, size, bound, tried: 0, apart }
    }

    /// Single changes are joint ones too.
    fn singles(&mut self, flips: &[Flip]) {
        for flip in flips.iter().filter(|f| self.movable.contains(&f.indicator)) {
            let Some(change) = flip.change() else { continue };
            let size = change.abs() / self.uncertain.errors[flip.indicator];
            if size < self.size {
                let mut z = vec![0.0; self.uncertain.rules.inputs];
                z[flip.indicator] = change / self.uncertain.errors[flip.indicator];
                self.size = size;
                let places = vec![flip.indicator];
                self.best = Some(Best { z, places, kind: flip.kind, leaders: flip.leaders_after.clone() });
            }
        }
    }

    /// For each composite the classes that it might be in.
    fn reaches(&self) -> Vec<Vec<Step>> {
        let rules = self.uncertain.rules;
        let of = |c: usize| {
            let variables: Vec<usize> =
                self.movable.iter().copied().filter(|k| rules.depends[c].contains(k)).collect();
            let (Some(now), Some(bounds)) = (self.base.classes[c], &rules.bounds[c]) else {
                return Vec::new();
            };
            let mut steps = Vec::new();
            // Class by class away from where it is: the bound of one holds for those beyond it.
            let up =
                (now + 1..=bounds.len()).map(|class| (class, bounds[class - 1], true)).collect::<Vec<_>>();
            let down = (0..now).rev().map(|class| (class, bounds[class], false)).collect::<Vec<_>>();
            for way in [up, down] {
                let mut least = 0.0_f64;
                for (class, bound, up) in way {
                    if variables.is_empty() || least >= self.size {
                        break;
                    }
                    let goal = Goal::new(self.uncertain, self.norm, variables.clone(), c, (bound, up));
                    let mut reach = goal.reach(self.size);
                    reach.bound = reach.bound.max(least);
                    least = reach.bound;
                    steps.push(Step { composite: c, class, variables: variables.clone(), reach });
                }
            }
            steps
        };
        rules.scaled().map(of).collect()
    }

    /// Tries every combination of steps of the composites left.
    fn combine<'s>(&mut self, left: &'s [Vec<Step>], chosen: &mut Vec<&'s Step>) {
        self.tried += 1;
        if self.tried > MOST {
            self.bound = 0.0;
            return;
        }
        let bounds: Vec<f64> = chosen.iter().map(|step| step.reach.bound).collect();
        let bound =
            if self.apart { self.norm.of(&bounds) } else { bounds.iter().copied().fold(0.0, f64::max) };
        if bound >= self.size {
            return;
        }
        let Some((first, rest)) = left.split_first() else {
            self.attempt(chosen, bound);
            return;
        };
        self.combine(rest, chosen);
        for step in first {
            chosen.push(step);
            self.combine(rest, chosen);
            chosen.pop();
        }
    }

    fn attempt(&mut self, chosen: &[&Step], bound: f64) {
        let mut classes = self.base.classes.clone();
        for step in chosen {
            classes[step.composite] = Some(step.class);
        }
        let verdict = self.uncertain.rules.of_classes(classes, &self.uncertain.base);
        if verdict.lead.leaders == self.base.lead.leaders {
            return;
        }
        self.bound = self.bound.min(bound);
        let parts: Vec<(&[usize], &Reach)> =
            chosen.iter().map(|step| (step.variables.as_slice(), &step.reach)).collect();
        self.attempt_change(&parts);
    }

    /// Keeps the changes together if they are smaller than the best so far and change the leading scenarios.
    fn attempt_change(&mut self, parts: &[(&[usize], &Reach)]) {
        let mut z = vec![0.0_f64; self.uncertain.rules.inputs];
        for (variables, reach) in parts {
            let Some(change) = &reach.change else { return };
            for (place, change) in variables.iter().zip(change) {
                if change.abs() > z[*place].abs() {
                    z[*place] = *change;
                }
            }
        }
        let size = self.norm.of(&z);
        if size < self.size
            && let Some((kind, leaders)) = self.verified(&z)
        {
            self.size = size;
            let places = (0..z.len()).filter(|k| z[*k] != 0.0).collect();
            self.best = Some(Best { z, places, kind, leaders });
        }
    }

    /// Applies a change, or one a hair larger, and looks whether the leading scenarios are others.
    fn verified(&self, z: &[f64]) -> Option<(FlipKind, Vec<usize>)> {
        BEYOND.iter().find_map(|beyond| {
            let inputs = self.inputs(z, 1.0 + beyond);
            let now = Circumstances { inputs, ..self.uncertain.base.clone() };
            let leaders = self.uncertain.rules.verdict(&now).lead.leaders;
            let kind = if *beyond == 0.0 { FlipKind::Attained } else { FlipKind::Limit };
            (leaders != self.base.lead.leaders).then_some((kind, leaders))
        })
    }

    fn inputs(&self, z: &[f64], times: f64) -> Vec<f64> {
        let Uncertain { base, errors, .. } = self.uncertain;
        base.inputs.iter().zip(z).zip(errors).map(|((x, z), error)| x + times * z * error).collect()
    }

    /// The values of all places while no sub-indicator changes by more than so many errors.
    fn within(&self, most: f64) -> Vec<Enclosure> {
        let Uncertain { base, errors, rules, ranges, .. } = self.uncertain;
        let of = |k: usize| {
            let x = base.inputs[k];
            if !self.movable.contains(&k) {
                return Enclosure::between(x, x);
            }
            let far = most * errors[k];
            Enclosure::between((x - far).max(ranges[k].0.min(x)), (x + far).min(ranges[k].1.max(x)))
        };
        rules.values((0..rules.inputs).map(of).collect(), &base.readings)
    }

    /// Takes its value from a composite that votes, after which nobody leads.
    fn undefined(&mut self) {
        let rules = self.uncertain.rules;
        let may_fail = |values: &[Enclosure], c: usize| values[rules.inputs + c].may_fail;
        let values = self.within(self.size);
        let failing: Vec<usize> = rules.scaled().filter(|c| may_fail(&values, *c)).collect();
        for c in failing {
            let variables: Vec<usize> =
                self.movable.iter().copied().filter(|k| rules.depends[c].contains(k)).collect();
            if let Some(goal) = Goal::undefined(self.uncertain, self.norm, variables.clone(), c, self.size) {
                let reach = goal.reach(self.size);
                self.bound = self.bound.min(reach.bound);
                self.attempt_change(&[(variables.as_slice(), &reach)]);
                continue;
            }
            // A change within the norm is within the box.
            let (mut sure, mut unsure) = (0.0, self.size.min(1e9));
            for _ in 0..60 {
                let middle = f64::midpoint(sure, unsure);
                if may_fail(&self.within(middle), c) { unsure = middle } else { sure = middle }
            }
            self.bound = self.bound.min(sure);
        }
    }

    fn finish(self) -> JointFlip {
        let bound = self.bound.min(self.size);
        let Some(Best { z, places, kind, leaders }) = &self.best else {
            let kind = FlipKind::Attained;
            let (changes, leaders_after) = (Vec::new(), Vec::new());
            return JointFlip { norm: self.norm, size: None, bound, changes, kind, leaders_after };
        };
        let after = self.inputs(z, 1.0);
        JointFlip {
            norm: self.norm,
            size: Some(self.size),
            bound,
            changes: places.iter().map(|k| (*k, after[*k])).collect(),
            kind: *kind,
            leaders_after: leaders.clone(),
        }
    }
}
