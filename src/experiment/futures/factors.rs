//! The factors of a study: chosen by name, group or pattern, and the axes of the unit cube that they move along.
//!
//! An axis is one factor, or several parameters of which posterior.csv has draws: its coordinate then chooses a row, so
//! that their joint law is kept. Parameters of one driver share an axis, and so do those of drivers whose draws are
//! correlated beyond chance. Factors that factors.toml correlates keep axes of their own, whose normal scores are
//! correlated; axes that depend on each other are in one group.

use nalgebra::DMatrix;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::case::{Adjustable, Case, CaseFactor, name_matches};
use crate::explore::factor::Group;
use crate::explore::{Factor, Law, Points};
use crate::model::Options;

/// Two parameters are correlated when the rank correlation of their draws is so many standard errors of none: by chance
/// one pair in 150,000 is.
const CORRELATED: f64 = 4.5;
/// Names that are told of a long list.
const TOLD: usize = 12;

/// The factors that are varied.
#[derive(Debug, Clone)]
pub struct Factors<'a> {
    case: &'a Case,
    /// Columns of the points. A factor with draws has the law of these.
    pub factors: Vec<CaseFactor>,
    /// Axes of the unit cube.
    pub axes: Vec<Axis>,
    /// Axes that move as one.
    pub groups: Vec<Group>,
    /// Names of factors that cannot matter here: plans and events of what is not run.
    pub idle: Vec<String>,
    /// Axes whose normal scores are correlated, and the lower Cholesky factor of their correlations.
    coupled: Vec<(Vec<usize>, Vec<Vec<f64>>)>,
}

/// What a coordinate of the unit cube moves.
#[derive(Debug, Clone, PartialEq)]
pub enum Axis {
    /// A factor of a law of its own.
    One(usize),
    /// A row of draws: the factors, and rows in order of the first of them.
    Rows(Vec<usize>, Vec<Vec<f64>>),
}

impl Axis {
    /// Its factors.
    pub fn members(&self) -> Vec<usize> {
        match self {
            Self::One(factor) => vec![*factor],
            Self::Rows(factors, _) => factors.clone(),
        }
    }
}

/// Words that choose no factor, or factors whose correlations are those of nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n  "))]
pub struct UnknownFactors(pub Vec<String>);

impl<'a> Factors<'a> {
    /// The factors that some words choose: a group of factors.toml, which moves as one; a name; a pattern with `*`. No
    /// words choose every group, but no switch of the structure.
    ///
    /// # Errors
    /// [`UnknownFactors`] with every word that chooses nothing, and what is known.
    pub fn choose(case: &'a Case, options: &Options, words: &[String]) -> Result<Self, UnknownFactors> {
        let all = &case.factors.factors;
        let mut groups: Vec<&str> = Vec::new();
        for factor in all {
            if !groups.contains(&factor.group.as_str()) {
                groups.push(&factor.group);
            }
        }
        if all.is_empty() {
            return Err(UnknownFactors(vec![
                "the case says of none of its numbers what it may be (factors.toml)".to_owned(),
            ]));
        }
        let mut label: Vec<Option<String>> = vec![None; all.len()];
        let mut faults = Vec::new();
        for word in words {
            if groups.contains(&word.as_str()) {
                let of_group = all.iter().zip(&mut label).filter(|(f, l)| f.group == *word && l.is_none());
                of_group.for_each(|(_, label)| *label = Some(word.clone()));
                continue;
            }
            let mut found = false;
            for (factor, label) in all.iter().zip(&mut label).filter(|(f, _)| name_matches(word, &f.name)) {
                found = true;
                label.get_or_insert_with(|| factor.name.clone());
            }
            if !found {
                faults.push(unknown(word, &groups, case));
            }
        }
        if words.is_empty() {
            for (factor, label) in all.iter().zip(&mut label) {
                *label = factor.what.words(case).is_empty().then(|| factor.group.clone());
            }
        }
        let is_idle = |k: &usize| idle(all[*k].what, case, options);
        let (idle, chosen): (Vec<usize>, Vec<usize>) =
            (0..all.len()).filter(|k| label[*k].is_some()).partition(|k| is_idle(k));
        if chosen.is_empty() && faults.is_empty() {
            faults.push("none of the factors can move these outputs".to_owned());
        }
        if !faults.is_empty() {
            return Err(UnknownFactors(faults));
        }
        let labels: Vec<String> = chosen.iter().filter_map(|k| label[*k].clone()).collect();
        let mut factors: Vec<CaseFactor> = chosen.iter().map(|k| all[*k].clone()).collect();
        let axes = axes(case, &mut factors);
        let mut of_axes: Vec<String> = axes.iter().map(|axis| name(case, axis, &factors, &labels)).collect();
        let coupled = coupled(case, &chosen, &axes, &mut of_axes)?;
        let mut groups: Vec<Group> = Vec::new();
        for (axis, name) in of_axes.into_iter().enumerate() {
            match groups.iter_mut().find(|group| group.name == name) {
                Some(group) => group.members.push(axis),
                None => groups.push(Group { name, members: vec![axis] }),
            }
        }
        let idle = idle.into_iter().map(|k| all[k].name.clone()).collect();
        Ok(Self { case, factors, axes, groups, idle, coupled })
    }

    /// The case.
    pub fn case(&self) -> &'a Case {
        self.case
    }

    /// Names of the factors, the columns of the points.
    pub fn names(&self) -> Vec<String> {
        self.factors.iter().map(|f| f.name.clone()).collect()
    }

    /// The same groups over the columns of the points.
    pub fn groups_of_factors(&self) -> Vec<Group> {
        let of = |group: &Group| {
            let mut members: Vec<usize> =
                group.members.iter().flat_map(|a| self.axes[*a].members()).collect();
            members.sort_unstable();
            Group { name: group.name.clone(), members }
        };
        self.groups.iter().map(of).collect()
    }

    /// The factors as any model may have them, each in its group.
    pub fn as_explored(&self) -> crate::explore::Factors {
        let groups = self.groups_of_factors();
        let factor = |(k, factor): (usize, &CaseFactor)| {
            let group = groups.iter().find(|g| g.members.contains(&k) && g.members.len() > 1);
            Factor {
                name: factor.name.clone(),
                group: group.map(|g| g.name.clone()),
                law: factor.law.clone(),
            }
        };
        crate::explore::Factors(self.factors.iter().enumerate().map(factor).collect())
    }

    /// Groups of factors that depend on each other, which methods that look at one factor at a time mistake.
    pub fn dependent(&self) -> Vec<String> {
        let rows = self.axes.iter().map(Axis::members).filter(|members| members.len() > 1);
        let coupled = self
            .coupled
            .iter()
            .map(|(axes, _)| axes.iter().flat_map(|a| self.axes[*a].members()).collect::<Vec<usize>>());
        let names = |members: Vec<usize>| {
            members.iter().map(|k| self.factors[*k].name.as_str()).collect::<Vec<_>>().join(", ")
        };
        rows.chain(coupled).map(names).collect()
    }

    /// Points of the unit cube, a column an axis, as values of the factors. `ends` are the coordinates that 0 and 1 stand
    /// for where a law has no ends: a grid of levels meets them.
    pub fn values(&self, unit: &Points, ends: (f64, f64)) -> Points {
        let mut values = Vec::with_capacity(unit.len() * self.factors.len());
        for row in unit.rows() {
            values.extend(self.value(row, ends));
        }
        Points::new(self.factors.len(), values)
    }

    fn value(&self, unit: &[f64], (first, last): (f64, f64)) -> Vec<f64> {
        let mut unit = unit.to_vec();
        let inside = |u: f64| first + (last - first) * u;
        let normal = Normal::standard();
        for (axes, factor) in &self.coupled {
            // A correlated score has no end.
            let z: Vec<f64> = axes
                .iter()
                .map(|a| normal.inverse_cdf(inside(unit[*a]).clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON)))
                .collect();
            for (axis, row) in axes.iter().zip(factor) {
                unit[*axis] = normal.cdf(row.iter().zip(&z).map(|(l, z)| l * z).sum());
            }
        }
        let is_coupled = |axis: usize| self.coupled.iter().any(|(axes, _)| axes.contains(&axis));
        let mut values = vec![0.0; self.factors.len()];
        for (place, (axis, u)) in self.axes.iter().zip(&unit).enumerate() {
            match axis {
                Axis::One(k) => {
                    let law = &self.factors[*k].law;
                    let open = matches!(law, Law::Normal { .. } | Law::LogNormal { .. });
                    values[*k] = law.quantile(if open && !is_coupled(place) { inside(*u) } else { *u });
                }
                Axis::Rows(factors, rows) => {
                    let row = ((u * rows.len() as f64) as usize).min(rows.len() - 1);
                    factors.iter().zip(&rows[row]).for_each(|(k, x)| values[*k] = *x);
                }
            }
        }
        values
    }
}

/// What to say of a word that chooses nothing.
fn unknown(word: &str, groups: &[&str], case: &Case) -> String {
    let mut near: Vec<&str> = case.factors.factors.iter().map(|f| f.name.as_str()).collect();
    near.sort_by_key(|name| strsim::damerau_levenshtein(name, word));
    near.truncate(TOLD);
    let (groups, near) = (groups.join(", "), near.join(", "));
    format!("no factor or group '{word}' in factors.toml (groups: {groups}; nearest names: {near})")
}

/// True when a number cannot matter: of a scenario that is neither run nor the reference, of an event that none of the
/// towns can have.
fn idle(what: Adjustable, case: &Case, options: &Options) -> bool {
    let run = |s: usize| options.scenarios.contains(&s) || s == case.reference;
    let happens = |k: usize| options.towns.iter().any(|t| case.events[k].towns[*t]);
    match what {
        Adjustable::PlanSize(s, _) | Adjustable::PlanSd(s, _) => !run(s),
        Adjustable::DeliveryMean(s) | Adjustable::DeliverySd(s) => !options.scenarios.contains(&s),
        Adjustable::EventProbability(k, s) => !run(s) || !happens(k),
        Adjustable::EventEffect(k, _) | Adjustable::TriggerPrice(k) | Adjustable::TriggerMultiplier(k) => {
            !happens(k)
        }
        Adjustable::DeliveryCorrelation => {
            let drawn = |s: &usize| *s != case.reference && !case.scenarios[*s].delivery.is_whole();
            !options.scenarios.iter().any(drawn)
        }
        _ => false,
    }
}

/// The axes; factors of which there are draws get the law of these.
fn axes(case: &Case, factors: &mut [CaseFactor]) -> Vec<Axis> {
    let posterior = case.posterior.as_ref();
    let drawn: Vec<(usize, usize, Vec<f64>)> = factors
        .iter()
        .enumerate()
        .filter_map(|(k, f)| match f.what {
            Adjustable::Driver(driver, parameter) => Some((k, driver, posterior?.values(driver, parameter)?)),
            _ => None,
        })
        .collect();
    let ranks: Vec<Vec<f64>> = drawn.iter().map(|d| ranks(&d.2)).collect();
    let mut block: Vec<usize> = (0..drawn.len()).collect();
    for i in 0..drawn.len() {
        for j in 0..i {
            let together = drawn[i].1 == drawn[j].1 || correlated(&ranks[i], &ranks[j]);
            if together && block[i] != block[j] {
                let (from, into) = (block[i], block[j]);
                block.iter_mut().filter(|b| **b == from).for_each(|b| *b = into);
            }
        }
    }
    for (k, _, values) in &drawn {
        factors[*k].law = Law::Discrete { values: values.clone(), weights: vec![1.0; values.len()] };
    }
    let mut axes = Vec::new();
    let mut told: Vec<usize> = Vec::new();
    for k in 0..factors.len() {
        let Some(at) = drawn.iter().position(|d| d.0 == k) else {
            axes.push(Axis::One(k));
            continue;
        };
        if told.contains(&block[at]) {
            continue;
        }
        told.push(block[at]);
        let members: Vec<usize> = (0..drawn.len()).filter(|i| block[*i] == block[at]).collect();
        let row = |draw: usize| members.iter().map(|i| drawn[*i].2[draw]).collect::<Vec<f64>>();
        let mut rows: Vec<Vec<f64>> = (0..drawn[at].2.len()).map(row).collect();
        rows.sort_by(|a, b| a[0].total_cmp(&b[0]));
        axes.push(Axis::Rows(members.iter().map(|i| drawn[*i].0).collect(), rows));
    }
    axes
}

/// Ranks, ties in order: only for telling correlation from none.
fn ranks(x: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    let mut ranks = vec![0.0; x.len()];
    order.into_iter().enumerate().for_each(|(rank, k)| ranks[k] = rank as f64);
    ranks
}

/// True when the correlation of two lists of ranks is beyond chance.
fn correlated(a: &[f64], b: &[f64]) -> bool {
    let n = a.len() as f64;
    let mean = (n - 1.0) / 2.0;
    let product: f64 = a.iter().zip(b).map(|(a, b)| (a - mean) * (b - mean)).sum();
    // The variance of ranks 0 .. n - 1 is (n^2 - 1) / 12, the standard error of none 1 / sqrt(n - 1).
    let rho = product / (n * (n * n - 1.0) / 12.0);
    rho.abs() * (n - 1.0).sqrt() > CORRELATED
}

/// The name of the group of an axis: that of the word that chose it, or of what its factors share.
fn name(case: &Case, axis: &Axis, factors: &[CaseFactor], labels: &[String]) -> String {
    let members = axis.members();
    let label = &labels[members[0]];
    let is_own = |k: &usize| labels[*k] == factors[*k].name;
    if members.len() == 1 || !members.iter().any(is_own) {
        return label.clone();
    }
    let drivers = members.iter().filter_map(|k| match factors[*k].what {
        Adjustable::Driver(driver, _) => Some(case.drivers[driver].id.as_str()),
        _ => None,
    });
    let mut drivers: Vec<&str> = drivers.collect();
    drivers.dedup();
    format!("drivers.{}", drivers.join("+"))
}

/// Axes that factors.toml correlates, with their Cholesky factor; their groups become one.
type Coupled = Vec<(Vec<usize>, Vec<Vec<f64>>)>;

fn coupled(
    case: &Case,
    chosen: &[usize],
    axes: &[Axis],
    names: &mut [String],
) -> Result<Coupled, UnknownFactors> {
    let axis_of = |factor: usize| {
        let k = chosen.iter().position(|c| *c == factor)?;
        // Draws of a posterior carry their own correlations.
        axes.iter().position(|axis| *axis == Axis::One(k))
    };
    let pairs: Vec<(usize, usize, f64)> = case
        .factors
        .correlations
        .iter()
        .filter_map(|(a, b, value)| Some((axis_of(*a)?, axis_of(*b)?, *value)))
        .collect();
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for (a, b, _) in &pairs {
        let mut set = vec![*a, *b];
        sets.retain(|other| {
            let meets = other.contains(a) || other.contains(b);
            if meets {
                set.extend(other);
            }
            !meets
        });
        set.sort_unstable();
        set.dedup();
        sets.push(set);
    }
    let mut found = Vec::new();
    for set in sets {
        let n = set.len();
        let matrix = DMatrix::from_fn(n, n, |i, j| {
            let of =
                |p: &&(usize, usize, f64)| (p.0, p.1) == (set[i], set[j]) || (p.0, p.1) == (set[j], set[i]);
            if i == j { 1.0 } else { pairs.iter().find(of).map_or(0.0, |p| p.2) }
        });
        let Some(cholesky) = matrix.cholesky() else {
            let told: Vec<&str> = set.iter().map(|a| names[*a].as_str()).collect();
            let message = format!(
                "the correlations of {} are those of nothing (not positive definite)",
                told.join(", ")
            );
            return Err(UnknownFactors(vec![message]));
        };
        let l = cholesky.l();
        let mut of_set: Vec<String> = Vec::new();
        for axis in &set {
            if !of_set.contains(&names[*axis]) {
                of_set.push(names[*axis].clone());
            }
        }
        let joint = of_set.join("+");
        for name in names.iter_mut().filter(|name| of_set.contains(name)) {
            name.clone_from(&joint);
        }
        found.push((set, (0..n).map(|i| (0..=i).map(|j| l[(i, j)]).collect()).collect()));
    }
    Ok(found)
}
