//! From ensembles to [`Results`].

use super::cell::cell;
use super::describe::{Ranks, distribution};
use super::history::history;
use super::observed::observed;
use super::results::{
    Estimate, HeadlinePlaces, KnownEvent, Paired, QuantityKind, Results, ScaleClass, ScaledComposite,
    ScenarioResults, Setup, Split, Together, TogetherYear, TownResults, UndefinedQuantity,
};
use crate::case::{Better, Case};
use crate::engine::{Ensemble, Spread, TownEnsemble, Trajectory};
use crate::model::{ClosedForm, Model, Origin, PathLaw, TownLaw};

/// What a summary is made from.
pub(super) struct Parts<'a> {
    pub(super) case: &'a Case,
    pub(super) model: &'a Model,
    pub(super) ensemble: &'a Ensemble,
    /// Spread of the same runs with inputs at their best, and the towns (by their index in the case) they were made for;
    /// none where no input was drawn.
    pub(super) at_best: Option<(&'a Spread, &'a [usize])>,
    /// The plan of each town and scenario without chance.
    pub(super) plans: &'a [Vec<Trajectory>],
    /// Ranks of the quantiles among all runs.
    pub(super) ranks: Ranks,
}

pub(super) fn summarise(parts: &Parts<'_>) -> Results {
    let Parts { case, model, ensemble, .. } = parts;
    let options = &model.options;
    Results {
        setup: Setup {
            case: case.id.clone(),
            region: case.region.clone(),
            runs: ensemble.runs(),
            seed: options.seed,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            years: model.years.clone(),
            uncertainty: options.uncertainty.name(),
            known_until: case
                .known_until
                .filter(|_| options.origin == Origin::Known)
                .map(|year| year.min(options.horizon)),
            stress: options.stress.map(|s| case.stresses[s].id.clone()),
            stress_name: options.stress.map(|s| case.stresses[s].name.clone()),
        },
        quantities: model.quantities.clone(),
        scaled: scaled(case),
        first_passages: model.first_passages.iter().map(|f| (f.id.clone(), f.label.clone())).collect(),
        last_resort: model.first_passages.iter().position(|f| f.last_resort),
        headline: headline(parts),
        towns: (0..model.towns.len()).map(|t| town(parts, t)).collect(),
        together: together(parts),
        undefined: undefined(parts),
        verdicts: super::backtest::verdicts(case),
        prices: super::prices::prices(case, model, ensemble.range()),
        candidates: case.scenarios.iter().map(|s| (s.id.clone(), s.name.clone())).collect(),
    }
}

/// What was undefined in some of the runs, town by town.
fn undefined(parts: &Parts<'_>) -> Vec<UndefinedQuantity> {
    let Parts { case, model, ensemble, .. } = parts;
    let (years, paths) = (model.years.len(), model.options.scenarios.len());
    let of = ensemble.runs() * (years * paths) as u64;
    let cells = || (0..years).flat_map(|t| (0..paths).map(move |path| (t, path)));
    let place = |(run, t, path): (u64, usize, usize)| {
        (run, case.scenarios[model.options.scenarios[path]].id.clone(), model.years[t])
    };
    let mut found = Vec::new();
    for (k, law) in model.towns.iter().enumerate() {
        let town = ensemble.town(k);
        let mut add = |quantity: &str, cases: u64, first: Option<(u64, usize, usize)>| {
            let (town, quantity) = (case.towns[law.index].id.clone(), quantity.to_owned());
            found.push(UndefinedQuantity { town, quantity, cases, of, first: first.map(place) });
        };
        for (q, quantity) in model.quantities.iter().enumerate() {
            let first = town.first_undefined(q);
            if first.is_some() || town.is_saturated(q) {
                add(&quantity.id, cells().map(|(t, path)| town.undefined(t, path, q)).sum(), first);
            }
        }
        for (outcome, law) in model.first_passages.iter().enumerate() {
            if let Some(first) = town.first_unknown(outcome) {
                let cases = cells().map(|(t, path)| town.unknown(t, path, outcome)).sum();
                add(&law.id, cases, Some(first));
            }
        }
    }
    found
}

fn headline(parts: &Parts<'_>) -> HeadlinePlaces {
    let named = &parts.case.method.headline;
    let place = |id: &Option<String>| parts.model.quantities.iter().position(|q| id.as_ref() == Some(&q.id));
    HeadlinePlaces { index: place(&named.index), rate: place(&named.rate), people: place(&named.people) }
}

/// Runs counted by how many towns have reached each outcome.
fn together(parts: &Parts<'_>) -> Vec<Together> {
    let Parts { case, model, ensemble, .. } = parts;
    let runs = ensemble.runs();
    let share = |n: u64| Estimate::share(n as f64, runs);
    let year = |counts: &[u64]| {
        let from = |k: usize| counts[k..].iter().sum::<u64>();
        // None or more is certain.
        let at_least = |k: usize| if k == 0 { Estimate::exact(1.0) } else { share(from(k)) };
        TogetherYear {
            exactly: counts.iter().map(|n| share(*n)).collect(),
            at_least: (0..counts.len()).map(at_least).collect(),
        }
    };
    let mut all = Vec::new();
    for (path, s) in model.options.scenarios.iter().enumerate() {
        let scenario = &case.scenarios[*s];
        all.extend((0..model.first_passages.len()).map(|outcome| Together {
            scenario: scenario.id.clone(),
            name: scenario.name.clone(),
            outcome,
            years: (0..model.years.len()).map(|t| year(ensemble.together(t, path, outcome))).collect(),
        }));
    }
    all
}

fn scaled(case: &Case) -> Vec<ScaledComposite> {
    let levels = &case.method.levels;
    let class = |c: &crate::case::Class| ScaleClass {
        id: levels[c.level].id.clone(),
        name: levels[c.level].name.clone(),
        rank: (c.level, levels.len()),
        upper: c.upper,
    };
    let composite =
        |(_, c, classes): (usize, &crate::case::Composite, &[crate::case::Class])| ScaledComposite {
            symbol: c.symbol.clone(),
            label: c.label.clone(),
            classes: classes.iter().map(class).collect(),
        };
    case.method.scaled().map(composite).collect()
}

fn town(parts: &Parts<'_>, place: usize) -> TownResults {
    let Parts { case, model, .. } = parts;
    let law = &model.towns[place];
    let town = &case.towns[law.index];
    let scenarios: Vec<ScenarioResults> = (0..law.paths.len()).map(|p| scenario(parts, place, p)).collect();
    let base_level = |q: usize| scenarios[0].plan[q][0];
    let histories =
        model.quantities.iter().enumerate().map(|(q, quantity)| history(case, town, quantity, base_level(q)));
    let seen = model.quantities.iter().enumerate();
    let seen = seen.map(|(q, quantity)| observed(case, law.index, quantity, base_level(q)));
    TownResults {
        id: town.id.clone(),
        name: town.name.clone(),
        complete: town.is_complete(),
        history: histories.collect(),
        observed: seen.collect(),
        chronicle: known_events(case, law.index),
        tile: case.towns.iter().all(|t| t.tile.is_some()).then_some(town.tile).flatten(),
        scenarios,
    }
}

fn known_events(case: &Case, town: usize) -> Vec<KnownEvent> {
    let entries = case.chronicle.iter().filter(|entry| entry.towns[town]);
    let known = |entry: &crate::case::ChronicleEntry| KnownEvent {
        id: entry.id.clone(),
        year: entry.year,
        label: entry.label.clone(),
        source: entry.source.clone(),
    };
    entries.map(known).collect()
}

fn scenario(parts: &Parts<'_>, place: usize, path: usize) -> ScenarioResults {
    let Parts { case, model, ensemble, .. } = parts;
    let (law, town) = (&model.towns[place], ensemble.town(place));
    let path_law = &law.paths[path];
    let years = 0..model.years.len();
    let (observed_prices, all_prices) = price_parts(model, law, path_law);
    let first = |outcome: usize| {
        years
            .clone()
            .map(|t| Estimate::share(town.reached(t, path, outcome) as f64, ensemble.runs()))
            .collect()
    };
    ScenarioResults {
        id: case.scenarios[path_law.scenario].id.clone(),
        name: case.scenarios[path_law.scenario].name.clone(),
        years: years.clone().map(|t| cell(model, town, &parts.ranks, t, path)).collect(),
        plan: plan(model, &parts.plans[place][path]),
        paired: model
            .reference
            .filter(|r| *r != path)
            .map(|_| years.clone().map(|t| paired(parts, town, t, path)).collect()),
        first_passage: (0..model.first_passages.len()).map(first).collect(),
        split: years.clone().map(|t| split(town, ensemble.runs(), t, path)).collect(),
        observed_prices,
        all_prices,
        input_share: parts.at_best.and_then(|(best, towns)| {
            let place = towns.iter().position(|t| *t == law.index)?;
            let sd_at_best = |t, q| best.sd(place, t, path, q);
            Some(input_share(model, town, &sd_at_best, path))
        }),
    }
}

/// The values of the plan's own trajectory, per quantity and year.
fn plan(model: &Model, trajectory: &Trajectory) -> Vec<Vec<f64>> {
    let value = |kind: QuantityKind, t: usize| {
        let year = &trajectory.years[t];
        match kind {
            QuantityKind::Composite(k) => year.composites[model.scales[k].0],
            QuantityKind::Driver(i) => year.drivers[i],
            QuantityKind::SubIndicator(i) => year.sub_indicators[i],
            QuantityKind::Population => year.population,
            QuantityKind::Persons(i) => year.persons[i],
        }
    };
    model.quantities.iter().map(|q| (0..model.years.len()).map(|t| value(q.kind, t)).collect()).collect()
}

fn paired(parts: &Parts<'_>, town: TownEnsemble<'_>, t: usize, path: usize) -> Vec<Paired> {
    let Parts { model, ranks, .. } = parts;
    let pair = |(k, quantity): (usize, usize)| {
        let histogram = town.pair(t, path, k);
        let (wins, ties) = town.better(t, path, k);
        let points = wins as f64 + 0.5 * ties as f64;
        let better = !matches!(model.quantities[quantity].better, Better::Neither);
        Paired {
            quantity,
            difference: distribution(&histogram, ranks),
            better: better.then(|| Estimate::share(points, histogram.runs)),
        }
    };
    town.pairs().into_iter().enumerate().map(pair).collect()
}

fn split(town: TownEnsemble<'_>, runs: u64, t: usize, path: usize) -> Split {
    let part = |k: usize| {
        town.part(t, path, k).map_or_else(Estimate::default, |p| Estimate::mean(p.mean, p.sd, runs))
    };
    Split {
        change: part(0),
        enterprise: part(1),
        other: part(2),
        logit_change: part(3),
        logit_plan: part(4),
        logit_price: part(5),
        logit_events: part(6),
        logit_deviation: part(7),
        logit_other: part(8),
    }
}

/// 1 - Var(inputs at best) / Var(all), per quantity and year, not below 0; 0 where nothing varies.
fn input_share(
    model: &Model,
    all: TownEnsemble<'_>,
    sd_at_best: &dyn Fn(usize, usize) -> f64,
    path: usize,
) -> Vec<Vec<f64>> {
    let share = |q: usize, t: usize| {
        let (all, rest) = (all.quantity(t, path, q).sd, sd_at_best(t, q));
        if all > 0.0 { (1.0 - (rest / all).powi(2)).max(0.0) } else { 0.0 }
    };
    (0..model.quantities.len()).map(|q| (0..model.years.len()).map(|t| share(q, t)).collect()).collect()
}

/// Change of each driver on the link scale that comes from the observed prices alone (which then stay where
/// they were last seen), and from the mean path of all prices. `[driver][t]`.
fn price_parts(model: &Model, law: &TownLaw, path: &PathLaw) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let given = &model.prices.given;
    let level = |row: &Vec<f64>| law.mix.iter().map(|(c, w)| w * row[*c]).sum::<f64>();
    let seen = |t: usize| if t == 0 { None } else { given.get(t - 1).or(given.last()) };
    let observed: Vec<f64> = (0..model.years.len()).map(|t| seen(t).map_or(0.0, level)).collect();
    let mean = ClosedForm::mean_price_level(model, law);
    let by_driver = |levels: &[f64]| {
        let effects = ClosedForm::price_effect(model, law, path, levels);
        (0..model.links.len()).map(|i| effects.iter().map(|year| year[i]).collect()).collect()
    };
    (by_driver(&observed), by_driver(&mean))
}
