//! One number of the results by name, such as `temirtau.diversification.2035.lead.diversification`.

use super::cell::cell;
use super::results::{Cell, Distribution, Estimate, MEDIAN, QUANTILES};
use crate::case::Case;
use crate::engine::Ensemble;
use crate::model::Model;

/// A figure: town, scenario and year, and what of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    town: usize,
    path: usize,
    t: usize,
    item: Item,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
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

impl Target {
    pub(super) fn estimate(self, model: &Model, ensemble: &Ensemble) -> Estimate {
        let runs = ensemble.runs();
        let town = ensemble.town(self.town);
        if let Item::Outcome(k) = self.item {
            let reached: u64 = (0..=self.t).map(|t| town.reached(t, self.path, k)).sum();
            return Estimate::share(reached as f64, runs);
        }
        let cell: Cell = cell(model, town, runs, self.t, self.path);
        let distribution = |q: usize| -> &Distribution { &cell.quantities[q] };
        match self.item {
            Item::Mean(q) => distribution(q).mean,
            Item::Sd(q) => distribution(q).sd,
            Item::Quantile(q, k) => distribution(q).quantiles[k],
            Item::Class(k, class) => cell.classes[k][class],
            Item::Lead(s) => cell.lead[s],
            Item::Votes(s) => cell.votes[s],
            Item::Outcome(_) => Estimate::default(),
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
    let item = item(quantity, detail, case, model)?;
    Ok(Target { town, path, t, item })
}

const FORM: &str = "town.scenario.year.quantity[.detail]";

fn item(quantity: &str, detail: Option<&str>, case: &Case, model: &Model) -> Result<Item, UnknownTarget> {
    let candidate = || place("scenario", detail.unwrap_or_default(), ids(&case.scenarios, |s| &s.id));
    match quantity {
        "lead" => return candidate().map(Item::Lead),
        "votes" => return candidate().map(Item::Votes),
        _ => {}
    }
    if let Some(k) = model.first_passages.iter().position(|f| f.id == quantity) {
        return match detail {
            None => Ok(Item::Outcome(k)),
            Some(found) => Err(UnknownTarget { found: format!("no detail '{found}'"), known: Vec::new() }),
        };
    }
    let mut known = ids(&model.quantities, |q| &q.id);
    known.extend(["lead".to_owned(), "votes".to_owned()]);
    known.extend(ids(&model.first_passages, |f| &f.id));
    let q = place("quantity", quantity, known)?;
    let Some(detail) = detail else { return Ok(Item::Quantile(q, MEDIAN)) };
    let mut known = vec!["mean".to_owned(), "sd".to_owned()];
    known.extend(QUANTILES.iter().map(|p| format!("q{:03.0}", p * 1000.0)));
    let statistics = known.len();
    let scale = model.scales.iter().position(|(k, _)| case.method.composites[*k].symbol == quantity);
    let classes = scale.map(|k| model.scales[k].1.as_slice()).unwrap_or_default();
    known.extend(classes.iter().map(|class| case.method.levels[class.level].id.clone()));
    Ok(match (place("detail", detail, known)?, scale) {
        (0, _) => Item::Mean(q),
        (1, _) => Item::Sd(q),
        (k, Some(scale)) if k >= statistics => Item::Class(scale, k - statistics),
        (k, _) => Item::Quantile(q, k - 2),
    })
}

fn ids<T>(items: &[T], id: impl Fn(&T) -> &String) -> Vec<String> {
    items.iter().map(|item| id(item).clone()).collect()
}

fn place(what: &str, word: &str, known: Vec<String>) -> Result<usize, UnknownTarget> {
    match known.iter().position(|k| k == word) {
        Some(place) => Ok(place),
        None => Err(UnknownTarget { found: format!("no {what} '{word}'"), known }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::Study;
    use crate::case::Source;
    use crate::engine::Level;
    use crate::model::Options;
    use std::ops::ControlFlow;

    #[test]
    fn a_figure_by_name_is_that_of_the_results() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let towns = vec![case.town("karazhal").unwrap(), case.town("temirtau").unwrap()];
        let options = Options { towns, scenarios: vec![0, 3], horizon: 2026, ..Options::of(&case) };
        let study = Study::new(&case, &options).unwrap();
        let ensembles = study.go_on(study.begin(0), Level::best(), 2000, &|_, _| ControlFlow::Continue(()));
        let results = study.summarise(&ensembles);
        let scenario = &results.towns[1].scenarios[1];
        let cell = &scenario.years[4];
        let q = |id: &str| results.quantities.iter().position(|q| q.id == id).unwrap();
        let of = |rest: &str| {
            let target = study.target(&format!("temirtau.diversification.2025.{rest}")).unwrap();
            study.estimate(&ensembles, target)
        };
        assert_eq!(of("lead.diversification"), cell.lead[3]);
        assert_eq!(of("votes.inertial"), cell.votes[0]);
        assert_eq!(of("unemployment"), cell.quantities[q("unemployment")].quantiles[MEDIAN]);
        assert_eq!(of("unemployment.q025"), cell.quantities[q("unemployment")].quantiles[1]);
        assert_eq!(of("TDea.mean"), cell.quantities[q("TDea")].mean);
        let scaled = results.scaled.iter().position(|s| s.symbol == "TDea").unwrap();
        let class = &results.scaled[scaled].classes[1].id;
        assert_eq!(of(&format!("TDea.{class}")), cell.classes[scaled][1]);
        let outcome = &results.first_passages[0].0;
        let so_far: f64 = scenario.first_passage[0][..=4].iter().map(|e| e.value).sum();
        assert!((of(outcome).value - so_far).abs() < 1e-12);
        for (name, part) in [
            ("atlantis.inertial.2025.wage", "karazhal, temirtau"),
            ("temirtau.balanced.2025.wage", "inertial, diversification"),
            ("temirtau.inertial.2035.wage", "2021, 2022"),
            ("temirtau.inertial.2025.luck", "unemployment"),
            ("temirtau.inertial.2025.lead", "balanced"),
            ("temirtau.inertial.2025.TDea.q3", "q500"),
            ("temirtau.inertial.2025.TDea.mean.x", "quantity[.detail]"),
            ("temirtau", "inertial"),
        ] {
            let message = study.target(name).unwrap_err().to_string();
            assert!(message.contains(part), "{name}: {message}");
        }
    }
}
