//! One number of the results by name, such as `temirtau.diversification.2035.lead.diversification`.

use super::cell::cell;
use super::describe::Ranks;
use super::results::{Cell, Distribution, Estimate, MEDIAN, QUANTILES};
use super::variant::Answers;
use crate::case::Case;
use crate::engine::Ensemble;
use crate::model::Model;

/// A figure: town, scenario and year, and what of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    town: usize,
    path: usize,
    t: usize,
    statistic: Statistic,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Statistic {
    Mean(usize),
    Sd(usize),
    /// Quantity, place of the probability.
    Quantile(usize, usize),
    /// Scaled composite, class.
    Class(usize, usize),
    Lead(usize),
    Votes(usize),
    /// Reached by the end of the year.
    Outcome(usize),
}

/// A part of a figure's name that is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found} (known: {})", known.join(", "))]
pub struct UnknownTarget {
    /// What was found.
    pub found: String,
    /// What is known in its place.
    pub known: Vec<String>,
}

/// What a batch of runs says of a figure: a mean, or the mean and sd of which the sd of several batches is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    runs: f64,
    mean: f64,
    sd: Option<f64>,
}

impl Part {
    /// The figure of batches of as many runs each.
    pub(super) fn joined(parts: &[Self]) -> f64 {
        let count = parts.len() as f64;
        let mean = parts.iter().map(|p| p.mean).sum::<f64>() / count;
        let squares = |p: &Self| {
            let off = p.mean - mean;
            p.sd.map(|sd| (p.runs - 1.0) * sd * sd + p.runs * off * off)
        };
        let Some(squares) = parts.iter().map(squares).sum::<Option<f64>>() else { return mean };
        let runs: f64 = parts.iter().map(|p| p.runs).sum();
        (squares / (runs - 1.0).max(1.0)).sqrt()
    }
}

impl Target {
    /// Town, scenario (places in the options) and year, 0 the base year.
    pub fn place(&self) -> (usize, usize, usize) {
        (self.town, self.path, self.t)
    }

    /// The quantity it is of, by its place in [`Model::quantities`]; none of a lead, votes or an outcome.
    pub fn quantity(&self) -> Option<usize> {
        match self.statistic {
            Statistic::Mean(q) | Statistic::Sd(q) | Statistic::Quantile(q, _) => Some(q),
            Statistic::Class(..) | Statistic::Lead(_) | Statistic::Votes(_) | Statistic::Outcome(_) => None,
        }
    }

    /// True for a probability or a share of the lead.
    pub fn is_share(&self) -> bool {
        matches!(self.statistic, Statistic::Class(..) | Statistic::Lead(_) | Statistic::Outcome(_))
    }

    /// The probability, if it is a quantile.
    pub fn quantile(&self) -> Option<f64> {
        match self.statistic {
            Statistic::Quantile(_, k) => Some(QUANTILES[k]),
            _ => None,
        }
    }

    /// The quantity of which it needs the sums.
    pub(super) fn summed(&self) -> Option<usize> {
        self.quantity().filter(|_| self.quantile().is_none())
    }

    /// What a survey of these quantities says of it; NaN for a quantile.
    pub(super) fn part(&self, answers: &Answers<'_>, quantities: &[usize]) -> Part {
        let cell = answers.cell(self.town, self.t, self.path);
        let moments = |q: usize| {
            let found = quantities.iter().position(|x| *x == q).map(|k| cell.quantities[k]);
            found.map_or((f64::NAN, f64::NAN), |(mean, sd)| (mean.value, sd))
        };
        let (mean, sd) = match self.statistic {
            Statistic::Mean(q) => (moments(q).0, None),
            Statistic::Sd(q) => (moments(q).0, Some(moments(q).1)),
            Statistic::Quantile(..) => (f64::NAN, None),
            Statistic::Class(k, class) => (cell.classes[k][class].value, None),
            Statistic::Lead(s) => (cell.lead[s].value, None),
            Statistic::Votes(s) => (cell.votes[s].value, None),
            Statistic::Outcome(k) => (cell.reached[k].value, None),
        };
        Part { runs: answers.counts().runs() as f64, mean, sd }
    }

    pub(super) fn estimate(self, model: &Model, ensemble: &Ensemble) -> Estimate {
        let runs = ensemble.runs();
        let town = ensemble.town(self.town);
        if let Statistic::Outcome(k) = self.statistic {
            let reached: u64 = (0..=self.t).map(|t| town.reached(t, self.path, k)).sum();
            return Estimate::share(reached as f64, runs);
        }
        let cell: Cell = cell(model, town, &Ranks::of(runs), self.t, self.path);
        let distribution = |q: usize| -> &Distribution { &cell.quantities[q] };
        match self.statistic {
            Statistic::Mean(q) => distribution(q).mean,
            Statistic::Sd(q) => distribution(q).sd,
            Statistic::Quantile(q, k) => distribution(q).quantiles[k],
            Statistic::Class(k, class) => cell.classes[k][class],
            Statistic::Lead(s) => cell.lead[s],
            Statistic::Votes(s) => cell.votes[s],
            Statistic::Outcome(_) => Estimate::default(),
        }
    }
}

/// Reads `town.scenario.year.quantity[.detail]`. The quantity is one of the tables, with a statistic as detail
/// (`mean`, `sd`, `q010` .. `q990`; the median if there is none) or, for a scaled composite, a class; or `lead`
/// or `votes` with a scenario; or an outcome, for the probability of having met it by the end of the year.
pub(super) fn parse(name: &str, case: &Case, model: &Model) -> Result<Target, UnknownTarget> {
    let mut words = name.split('.');
    let mut word = || words.next().unwrap_or_default();
    let options = &model.options;
    let towns = options.towns.iter().map(|t| case.towns[*t].id.clone()).collect();
    let town = place("town", word(), towns)?;
    let scenarios = options.scenarios.iter().map(|s| case.scenarios[*s].id.clone()).collect();
    let path = place("scenario", word(), scenarios)?;
    let t = place("year", word(), model.years.iter().map(i32::to_string).collect())?;
    let quantity = word();
    let detail = words.next();
    if let Some(more) = words.next() {
        return Err(UnknownTarget { found: format!("'.{more}' is too much"), known: vec![FORM.to_owned()] });
    }
    let statistic = statistic(quantity, detail, case, model)?;
    Ok(Target { town, path, t, statistic })
}

const FORM: &str = "town.scenario.year.quantity[.detail]";

fn statistic(
    quantity: &str,
    detail: Option<&str>,
    case: &Case,
    model: &Model,
) -> Result<Statistic, UnknownTarget> {
    let candidate = || place("scenario", detail.unwrap_or_default(), ids(&case.scenarios, |s| &s.id));
    match quantity {
        "lead" => return candidate().map(Statistic::Lead),
        "votes" => return candidate().map(Statistic::Votes),
        _ => {}
    }
    if let Some(k) = model.first_passages.iter().position(|f| f.id == quantity) {
        return match detail {
            None => Ok(Statistic::Outcome(k)),
            Some(found) => Err(UnknownTarget { found: format!("no detail '{found}'"), known: Vec::new() }),
        };
    }
    let mut known = ids(&model.quantities, |q| &q.id);
    known.extend(["lead".to_owned(), "votes".to_owned()]);
    known.extend(ids(&model.first_passages, |f| &f.id));
    let q = place("quantity", quantity, known)?;
    let Some(detail) = detail else { return Ok(Statistic::Quantile(q, MEDIAN)) };
    let mut known = vec!["mean".to_owned(), "sd".to_owned()];
    known.extend(QUANTILES.iter().map(|p| format!("q{:03.0}", p * 1000.0)));
    let statistics = known.len();
    let scale = model.scales.iter().position(|(k, _)| case.method.composites[*k].symbol == quantity);
    let classes = scale.map(|k| model.scales[k].1.as_slice()).unwrap_or_default();
    known.extend(classes.iter().map(|class| case.method.levels[class.level].id.clone()));
    Ok(match (place("detail", detail, known)?, scale) {
        (0, _) => Statistic::Mean(q),
        (1, _) => Statistic::Sd(q),
        (k, Some(scale)) if k >= statistics => Statistic::Class(scale, k - statistics),
        (k, _) => Statistic::Quantile(q, k - 2),
    })
}

fn ids<T>(items: &[T], id: impl Fn(&T) -> &String) -> Vec<String> {
    items.iter().map(|statistic| id(statistic).clone()).collect()
}

fn place(what: &str, word: &str, known: Vec<String>) -> Result<usize, UnknownTarget> {
    match known.iter().position(|k| k == word) {
        Some(place) => Ok(place),
        None => Err(UnknownTarget { found: format!("no {what} '{word}'"), known }),
    }
}
