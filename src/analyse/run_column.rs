//! What can be kept of single runs, by name: columns of runs.csv, quantities of conditions, yardsticks.

use super::target::UnknownTarget;
use crate::assess::InputLaw;
use crate::case::{Better, Case, Link, Parameter};
use crate::engine::{RunValue, Selected};
use crate::model::{Model, RunTown};

/// Something of a run that has a name.
#[derive(Debug, Clone, PartialEq)]
pub struct RunThing {
    /// Its name without town, scenario and year: `TDea`, `price.copper`, `plan.other_output`.
    pub name: String,
    /// What it is.
    pub value: RunValue,
    /// What it differs between.
    pub of: ThingOf,
    /// True when it has a value each year.
    pub is_yearly: bool,
    /// True when it is drawn; false when it follows from what is drawn.
    pub is_drawn: bool,
    /// How the recorded number is told.
    pub scale: Scale,
    /// Unit of the told number.
    pub unit: String,
    /// The better direction.
    pub better: Better,
}

/// What a thing of a run differs between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThingOf {
    /// Nothing: it is the same for all towns and scenarios.
    Run,
    /// Towns.
    Town,
    /// Towns and scenarios.
    Scenario,
}

/// How a recorded number becomes the one that is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// As it is.
    Plain,
    /// exp(x).
    Exp,
    /// exp(a + x), a ln of the base year's price.
    Price(f64),
}

impl Scale {
    /// The number that is told.
    pub fn apply(self, x: f64) -> f64 {
        match self {
            Self::Plain => x,
            Self::Exp => x.exp(),
            Self::Price(ln_base) => (ln_base + x).exp(),
        }
    }
}

/// A column of single runs.
#[derive(Debug, Clone, PartialEq)]
pub struct RunColumn {
    /// What it holds.
    pub thing: RunThing,
    /// What to record of each run.
    pub selected: Selected,
    /// The year, where the thing has one.
    pub year: Option<i32>,
}

/// Groups of things that can be asked for at once.
const GROUPS: [&str; 11] = [
    "inputs",
    "plans",
    "parameters",
    "delivery",
    "events",
    "chance",
    "prices",
    "region",
    "votes",
    "outcomes",
    "sub_indicators",
];
/// All groups of what is drawn.
const DRAWN: [&str; 8] =
    ["inputs", "plans", "parameters", "delivery", "events", "chance", "prices", "region"];

impl RunThing {
    /// Everything that can be kept of the runs of a model.
    pub fn all(case: &Case, model: &Model) -> Vec<Self> {
        let thing = |name: String, value: RunValue, of: ThingOf| Self {
            name,
            value,
            of,
            is_yearly: true,
            is_drawn: false,
            scale: Scale::Plain,
            unit: "1".to_owned(),
            better: Better::Neither,
        };
        let drawn =
            |name: String, value: RunValue, of: ThingOf| Self { is_drawn: true, ..thing(name, value, of) };
        let mut all: Vec<Self> = Vec::new();
        for (q, x) in model.quantities.iter().enumerate() {
            let of = thing(x.id.clone(), RunValue::Quantity(q), ThingOf::Scenario);
            all.push(Self { unit: x.unit.clone(), better: x.better, ..of });
        }
        for (i, s) in case.method.sub_indicators.iter().enumerate() {
            if all.iter().all(|known| known.name != s.symbol) {
                let of = thing(s.symbol.clone(), RunValue::SubIndicator(i), ThingOf::Scenario);
                all.push(Self { unit: s.unit.clone(), better: s.better, ..of });
            }
        }
        all.push(Self {
            unit: "scenario".to_owned(),
            ..thing("lead".to_owned(), RunValue::Leaders, ThingOf::Scenario)
        });
        for (s, x) in case.scenarios.iter().enumerate().take(model.candidates) {
            let lead = thing(format!("lead.{}", x.id), RunValue::Lead(s), ThingOf::Scenario);
            all.push(Self { unit: "share".to_owned(), ..lead });
            let votes = thing(format!("votes.{}", x.id), RunValue::Votes(s), ThingOf::Scenario);
            all.push(Self { unit: "votes".to_owned(), ..votes });
        }
        for (k, outcome) in model.first_passages.iter().enumerate() {
            let of = thing(outcome.id.clone(), RunValue::Reached(k), ThingOf::Scenario);
            all.push(Self { unit: "0 or 1".to_owned(), ..of });
        }
        for (c, x) in case.commodities.iter().enumerate() {
            let price = drawn(format!("price.{}", x.id), RunValue::LogPrice(c), ThingOf::Run);
            all.push(Self { unit: x.unit.clone(), scale: Scale::Price(model.prices.ln_base[c]), ..price });
        }
        for (r, x) in case.region_indices.iter().enumerate() {
            let of = drawn(format!("region.{}", x.id), RunValue::Region(r), ThingOf::Run);
            all.push(Self { unit: "base year = 1".to_owned(), ..of });
        }
        for (i, d) in case.drivers.iter().enumerate() {
            let (unit, scale) = match d.link {
                Link::Log => ("multiple".to_owned(), Scale::Exp),
                Link::Logit => ("odds multiple".to_owned(), Scale::Exp),
                Link::Identity => (d.unit.clone(), Scale::Plain),
            };
            let chance = drawn(format!("chance.{}", d.id), RunValue::Chance(i), ThingOf::Town);
            all.push(Self { unit: unit.clone(), scale, better: d.better, ..chance });
            let plan = drawn(format!("plan.{}", d.id), RunValue::Plan(i), ThingOf::Scenario);
            all.push(Self { unit, scale, better: d.better, is_yearly: false, ..plan });
            for parameter in Parameter::ALL {
                let name = format!("parameter.{}.{}", d.id, parameter.name());
                let of = drawn(name, RunValue::Parameter(i, parameter), ThingOf::Run);
                all.push(Self { is_yearly: false, ..of });
            }
        }
        for (i, s) in case.method.sub_indicators.iter().enumerate() {
            let of = drawn(format!("input.{}", s.symbol), RunValue::Input(i), ThingOf::Town);
            all.push(Self { unit: s.unit.clone(), better: s.better, is_yearly: false, ..of });
        }
        for (e, x) in case.events.iter().enumerate() {
            let of = drawn(format!("event.{}", x.id), RunValue::Happened(e), ThingOf::Scenario);
            all.push(Self { unit: "0 or 1".to_owned(), ..of });
        }
        let of = drawn("delivered".to_owned(), RunValue::Delivered, ThingOf::Scenario);
        all.push(Self { unit: "share".to_owned(), is_yearly: false, ..of });
        all
    }

    /// Whether it is a figure by which runs of different scenarios can be judged: a number that follows from draws.
    pub fn is_yardstick(&self) -> bool {
        !self.is_drawn && self.value != RunValue::Leaders
    }

    /// The group that it belongs to.
    fn group(&self) -> Option<&'static str> {
        Some(match self.value {
            RunValue::Input(_) => "inputs",
            RunValue::Plan(_) => "plans",
            RunValue::Parameter(..) => "parameters",
            RunValue::Delivered => "delivery",
            RunValue::Happened(_) => "events",
            RunValue::Chance(_) => "chance",
            RunValue::LogPrice(_) => "prices",
            RunValue::Region(_) => "region",
            RunValue::Votes(_) => "votes",
            RunValue::Reached(_) => "outcomes",
            RunValue::SubIndicator(_) => "sub_indicators",
            RunValue::Quantity(_) | RunValue::Link(_) | RunValue::Lead(_) | RunValue::Leaders => return None,
        })
    }

    fn is_in(&self, group: &str, model: &Model) -> bool {
        let tracked = match self.value {
            RunValue::Quantity(q) => {
                matches!(model.quantities[q].kind, crate::model::QuantityKind::SubIndicator(_))
            }
            _ => false,
        };
        let of = self.group();
        let is_drawn = || of.is_some_and(|of| DRAWN.contains(&of));
        (group == "sub_indicators" && tracked) || of == Some(group) || (group == "drawn" && is_drawn())
    }

    /// Whether runs can differ in it, by the place of a town and scenario in the options.
    pub fn varies(&self, model: &Model, town: usize, path: usize) -> bool {
        let (law, uncertainty) = (&model.towns[town], model.options.uncertainty);
        let is_delivered_apart = || law.paths[path].delivery.is_some();
        match self.value {
            RunValue::Input(i) => !matches!(law.inputs[i], InputLaw::Constant(_)),
            RunValue::Plan(i) => {
                !law.frozen[i] && (law.paths[path].shift_sd[i] > 0.0 || is_delivered_apart())
            }
            RunValue::Delivered => is_delivered_apart(),
            RunValue::Happened(e) => law.events.iter().any(|event| event.index == e),
            RunValue::Chance(i) => !law.frozen[i] && uncertainty.shocks,
            RunValue::Parameter(i, which) => model.parameters.as_ref().is_some_and(|drawn| match which {
                Parameter::Sigma | Parameter::RegionalShare => {
                    drawn.region_sd[i].is_some() && drawn.town_sd[i].is_some()
                }
                Parameter::Persistence => drawn.persistence[i].is_some(),
                Parameter::PriceExposure => drawn.price_exposure[i].is_some(),
            }),
            _ => true,
        }
    }

    /// Its column for a town, scenario and year by their places in the options; the year counts only where it has one.
    pub fn column(&self, model: &Model, town: usize, path: usize, t: usize) -> RunColumn {
        let year = self.is_yearly.then(|| model.years[t]);
        let (town, path) = match self.of {
            ThingOf::Run => (0, 0),
            ThingOf::Town => (town, 0),
            ThingOf::Scenario => (town, path),
        };
        // What is drawn once is the same in all years.
        let t = if self.is_yearly { t } else { 0 };
        RunColumn { thing: self.clone(), selected: Selected { town, path, t, value: self.value }, year }
    }
}

impl RunColumn {
    /// Its name in runs.csv: `temirtau.inertial.TDea@2035`, `price.copper@2030[usd_per_tonne]`.
    pub fn name(&self, case: &Case, model: &Model) -> String {
        let options = &model.options;
        let town = || &case.towns[options.towns[self.selected.town]].id;
        let scenario = || &case.scenarios[options.scenarios[self.selected.path]].id;
        let what = self.year.map_or_else(|| self.thing.name.clone(), |y| format!("{}@{y}", self.thing.name));
        match (self.thing.of, self.thing.value) {
            (ThingOf::Run, RunValue::LogPrice(_)) => format!("{what}[{}]", self.thing.unit),
            (ThingOf::Run, _) => what,
            (ThingOf::Town, _) => format!("{}.{what}", town()),
            (ThingOf::Scenario, _) => format!("{}.{}.{what}", town(), scenario()),
        }
    }

    /// Columns that words ask for: `TDea@2035`, `plan.other_output`, or a group, `plans`, `events@2035`, `drawn@2035`.
    /// What differs between towns and scenarios is a column for each that is run and in which it varies.
    ///
    /// # Errors
    /// [`UnknownTarget`] for the first word that says nothing.
    pub fn parse(words: &[String], case: &Case, model: &Model) -> Result<Vec<Self>, UnknownTarget> {
        let all = RunThing::all(case, model);
        let mut columns: Vec<Self> = Vec::new();
        for word in words {
            for column in of_word(word, case, model, &all)? {
                if !columns.contains(&column) {
                    columns.push(column);
                }
            }
        }
        Ok(columns)
    }
}

fn of_word(
    word: &str,
    case: &Case,
    model: &Model,
    all: &[RunThing],
) -> Result<Vec<RunColumn>, UnknownTarget> {
    let (name, year) = match word.split_once('@') {
        Some((name, year)) => (name, Some(year)),
        None => (word, None),
    };
    let is_group = GROUPS.contains(&name) || name == "drawn";
    let things: Vec<&RunThing> = if is_group {
        all.iter().filter(|thing| thing.is_in(name, model)).collect()
    } else {
        all.iter().filter(|thing| thing.name == name).collect()
    };
    let bad = |found: String, known: Vec<String>| UnknownTarget { found: format!("{word}: {found}"), known };
    if things.is_empty() && !is_group {
        let groups = GROUPS.iter().map(|g| (*g).to_owned()).chain(["drawn".to_owned()]);
        let known = all.iter().map(|thing| thing.name.clone()).chain(groups).collect();
        return Err(bad(format!("no quantity '{name}'"), known));
    }
    let (first, last) = (case.base_year, model.options.horizon);
    let t = match (year, things.iter().any(|thing| thing.is_yearly)) {
        (Some(year), true) => {
            let t = year.parse().ok().and_then(|y: i32| model.years.iter().position(|k| *k == y));
            t.ok_or_else(|| bad("a year is needed".to_owned(), vec![format!("{first} to {last}")]))?
        }
        (None, true) => {
            return Err(bad("a quantity with a year".to_owned(), vec![format!("{name}@{last}")]));
        }
        (Some(_), false) => {
            return Err(bad("it is drawn once and has no year".to_owned(), vec![name.to_owned()]));
        }
        (None, false) => 0,
    };
    let mut columns = Vec::new();
    for thing in things {
        let towns = if thing.of == ThingOf::Run { 1 } else { model.towns.len() };
        for town in 0..towns {
            let paths = if thing.of == ThingOf::Scenario { model.options.scenarios.len() } else { 1 };
            let varying = (0..paths).filter(|path| thing.varies(model, town, *path));
            columns.extend(varying.map(|path| thing.column(model, town, path, t)));
        }
    }
    if columns.is_empty() {
        let drawn = model.options.uncertainty.name();
        return Err(bad(format!("nothing of it is drawn (uncertainty {drawn})"), vec!["drawn".to_owned()]));
    }
    Ok(columns)
}

/// Columns of everything that is drawn and that a town's runs under a scenario can depend on up to year t: prices at
/// three years, a third, two thirds and all of the way from the last known ones, and only of commodities that the town
/// or the region lives on; everything else at t.
pub fn drawn_columns(case: &Case, model: &Model, town: RunTown, path: usize, t: usize) -> Vec<RunColumn> {
    let law = &model.towns[town.0];
    let known = model.prices.given.len().min(t);
    let mut years: Vec<usize> = (1..=3).map(|k| known + (k * (t - known)).div_ceil(3)).collect();
    years.dedup();
    let matters = |c: usize| law.mix.iter().any(|(k, w)| *k == c && *w > 0.0) || case.region_mix[c] > 0.0;
    let mut columns = Vec::new();
    for thing in RunThing::all(case, model).iter().filter(|t| t.is_in("drawn", model)) {
        match thing.value {
            RunValue::LogPrice(c) if matters(c) => {
                columns.extend(years.iter().map(|t| thing.column(model, town.0, path, *t)));
            }
            RunValue::LogPrice(_) => {}
            _ if thing.varies(model, town.0, path) => columns.push(thing.column(model, town.0, path, t)),
            _ => {}
        }
    }
    columns
}

#[cfg(test)]
mod tests;
