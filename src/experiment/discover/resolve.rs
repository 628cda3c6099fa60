//! What a condition asks of runs: `[town.][scenario.][year.]quantity op value`.

use crate::analyse::RunThing;
use crate::case::Case;
use crate::condition::{Condition, Operator, Test, Value};
use crate::engine::RunValue;
use crate::model::Model;

/// What one comparison asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The thing that is compared.
    pub thing: RunThing,
    /// Place of the town in the options, where the condition names one.
    pub town: Option<usize>,
    /// Place of the scenario in the options, where the condition names one.
    pub path: Option<usize>,
    /// Year, 0 the base year.
    pub t: usize,
    /// How it is compared.
    pub operator: Operator,
    /// With what, in the unit in which the thing is told; of who leads, 2^s.
    pub bound: f64,
}

/// What each comparison of a condition asks, in their order; years are t where it names none.
///
/// # Errors
/// Every comparison that asks nothing of a run, with its place in the condition.
pub fn resolve(
    condition: &Condition,
    case: &Case,
    model: &Model,
    t: usize,
) -> Result<Vec<Asked>, Vec<String>> {
    let all = RunThing::all(case, model);
    let mut faults = Vec::new();
    if condition.at_least.is_some() {
        faults.push("'in .. %' speaks of many runs, but a run meets a condition or not".to_owned());
    }
    let mut asked = Vec::new();
    for test in condition.tests() {
        match of_test(test, case, model, t, &all) {
            Ok(one) => asked.push(one),
            Err(message) => faults.push(format!("at character {}: {message}", test.subject.at)),
        }
    }
    if faults.is_empty() { Ok(asked) } else { Err(faults) }
}

fn of_test(test: &Test, case: &Case, model: &Model, t: usize, all: &[RunThing]) -> Result<Asked, String> {
    let options = &model.options;
    let parts: Vec<&str> = test.subject.parts().collect();
    let (mut town, mut path, mut year) = (None, None, None);
    let mut rest = parts.as_slice();
    while let [first, more @ ..] = rest {
        let is_town = || options.towns.iter().position(|t| case.towns[*t].id == *first);
        let is_scenario = || options.scenarios.iter().position(|s| case.scenarios[*s].id == *first);
        let number = || first.parse::<i32>().ok().filter(|_| first.len() == 4);
        if more.is_empty() {
            break;
        } else if let (None, Some(place)) = (town, is_town()) {
            town = Some(place);
        } else if let (None, Some(place)) = (path, is_scenario()) {
            path = Some(place);
        } else if let (None, Some(number)) = (year, number()) {
            year = Some(number);
        } else {
            break;
        }
        rest = more;
    }
    let name = rest.join(".");
    let thing = all.iter().find(|thing| thing.name == name).cloned().ok_or_else(|| {
        let known: Vec<&str> = all.iter().map(|thing| thing.name.as_str()).collect();
        let towns: Vec<&str> = options.towns.iter().map(|t| case.towns[*t].id.as_str()).collect();
        format!(
            "no '{name}' in a run (before it [town.][scenario.][year.], of {}; known: {})",
            towns.join(", "),
            known.join(", ")
        )
    })?;
    let t = match year {
        None => t,
        Some(_) if !thing.is_yearly => return Err(format!("'{name}' is drawn once and has no year")),
        Some(year) => model.years.iter().position(|y| *y == year).ok_or_else(|| {
            format!("{year} is not allowed (a year from {} to {})", case.base_year, options.horizon)
        })?,
    };
    let bound = match (&test.value, thing.value) {
        (Value::Word(word), RunValue::Leaders) => {
            let known = || {
                let ids = case.scenarios.iter().take(model.candidates).map(|s| s.id.as_str());
                format!("'{word}' is not allowed ({})", ids.collect::<Vec<_>>().join(", "))
            };
            let place = case.scenario(word).filter(|s| *s < model.candidates).ok_or_else(known)?;
            f64::from(1_u32 << place)
        }
        (Value::Number(_), RunValue::Leaders) => {
            return Err("'lead' is a scenario; votes.SCENARIO and lead.SCENARIO are numbers".to_owned());
        }
        (Value::Number(x), _) => *x,
        (Value::Word(word), _) => return Err(format!("'{word}' is not allowed ('{name}' is a number)")),
    };
    let places = |own: Option<usize>, all: usize| own.map_or(0..all, |place| place..place + 1);
    let differs = places(town, options.towns.len())
        .any(|town| places(path, options.scenarios.len()).any(|path| thing.varies(model, town, path)));
    if thing.is_drawn && !differs {
        return Err(format!("nothing of '{name}' is drawn"));
    }
    Ok(Asked { thing, town, path, t, operator: test.operator, bound })
}
