//! Outputs: figures of the results by name, at a year or over all, or the difference of two scenarios.

use crate::analyse::{Study, Target, UnknownTarget};
use crate::case::Case;
use crate::model::{Options, Quantity};

/// A figure that is asked of every point.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its name as it was asked for.
    pub name: String,
    /// The year, where the name has none.
    pub year: Option<i32>,
    /// Its year.
    pub at: i32,
    /// The town, by its place in the case.
    pub town: usize,
    /// The scenario, and the one that is taken from it, by their places in the case.
    pub scenarios: (usize, Option<usize>),
    /// What of the town: `TDea.mean`.
    pub what: String,
    /// The quantity that it is of; none of a lead, votes or an outcome.
    pub quantity: Option<Quantity>,
    /// The figure, and the one that is taken from it.
    pub targets: (Target, Option<Target>),
}

/// What of a case the outputs need to be run: nothing else is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Ids of towns.
    pub towns: Vec<String>,
    /// Ids of scenarios.
    pub scenarios: Vec<String>,
    /// The last year that is named, if all name one.
    pub last: Option<i32>,
}

/// A name in its parts: `town.scenario[-scenario][.year].quantity[.detail]`.
struct Parts<'a> {
    town: &'a str,
    scenario: &'a str,
    less: Option<&'a str>,
    year: Option<i32>,
    what: String,
}

fn parts(name: &str) -> Parts<'_> {
    let mut words = name.split('.');
    let town = words.next().unwrap_or_default();
    let scenarios = words.next().unwrap_or_default();
    let (scenario, less) = scenarios.split_once('-').map_or((scenarios, None), |(a, b)| (a, Some(b)));
    let rest: Vec<&str> = words.collect();
    let year = rest.first().filter(|w| w.len() == 4).and_then(|w| w.parse().ok());
    let what = rest[usize::from(year.is_some()).min(rest.len())..].join(".");
    Parts { town, scenario, less, year, what }
}

/// What the outputs of these names need. Names that are wrong are told by [`outputs`].
pub fn scope(names: &[String]) -> Scope {
    let all: Vec<Parts<'_>> = names.iter().map(|name| parts(name)).collect();
    let towns = all.iter().map(|p| p.town.to_owned()).collect();
    let scenarios = all.iter().flat_map(|p| std::iter::once(p.scenario).chain(p.less));
    let last =
        all.iter().map(|p| p.year).collect::<Option<Vec<i32>>>().and_then(|years| years.into_iter().max());
    Scope { towns, scenarios: scenarios.map(str::to_owned).collect(), last }
}

/// The outputs of a name: one where it names a year, else one for each year after the base year.
///
/// # Errors
/// [`UnknownTarget`] naming what is unknown and what is known.
pub fn outputs(name: &str, case: &Case, study: &Study<'_>) -> Result<Vec<Output>, UnknownTarget> {
    let Parts { town, scenario, less, year, what } = parts(name);
    let options: &Options = &study.model().options;
    let years: Vec<i32> = match year {
        Some(year) => vec![year],
        None => study.model().years[1..].to_vec(),
    };
    let quantities = &study.model().quantities;
    let quantity = |target: Target| target.quantity().map(|q| quantities[q].clone());
    let place = |id: &str| case.scenarios.iter().position(|s| s.id == id).unwrap_or_default();
    years
        .into_iter()
        .map(|at| {
            let target = |scenario: &str| study.target(&format!("{town}.{scenario}.{at}.{what}"));
            let targets = (target(scenario)?, less.map(target).transpose()?);
            Ok(Output {
                name: name.to_owned(),
                year: year.is_none().then_some(at),
                at,
                town: options.towns[targets.0.place().0],
                scenarios: (place(scenario), less.map(place)),
                what: what.clone(),
                quantity: quantity(targets.0),
                targets,
            })
        })
        .collect()
}
