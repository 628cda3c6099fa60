//! A condition on runs of towns and scenarios: what its names stand for, and in which runs it holds.
//!
//! `[town.][scenario.][year.]quantity`, in the quantity's unit; the last year where none is said. `lead` is a scenario that
//! leads alone; a composite is compared with a number or with one of its classes; an outcome is 1 where it has been reached
//! by the year, else 0.

use crate::case::{Case, class_of};
use crate::condition::{Condition, ConditionError, Operator, Subject, Test, Value};
use crate::engine::{Noted, PairedBlock};
use crate::model::{Model, QuantityKind};

/// A condition whose names are resolved.
#[derive(Debug, Clone)]
pub struct RunCondition {
    condition: Condition,
    /// The one town that it speaks of, by its place in the options; none: each by itself.
    pub town: Option<usize>,
    /// The one scenario that it speaks of.
    pub scenario: Option<usize>,
    /// Share of runs in which it is to hold: a half where it does not say.
    pub share: f64,
    /// Quantities that it reads, by their places in the model.
    pub quantities: Vec<usize>,
    tests: Vec<Resolved>,
}

#[derive(Debug, Clone, PartialEq)]
struct Resolved {
    test: Test,
    t: usize,
    what: What,
}

#[derive(Debug, Clone, PartialEq)]
enum What {
    /// A quantity, by its place among those that are read, against a number.
    Quantity(usize, f64),
    /// A composite's class: (place, scale, class).
    Class(usize, usize, usize),
    /// A candidate leads alone.
    Lead(usize),
    /// An outcome has been reached.
    Outcome(usize, f64),
}

impl RunCondition {
    /// Reads a condition for a model of a case.
    ///
    /// # Errors
    /// [`ConditionError`] at the first name or value that has no meaning, with those that have.
    pub fn parse(case: &Case, model: &Model, text: &str) -> Result<Self, ConditionError> {
        let condition = Condition::parse(text)?;
        let mut found = Self {
            town: None,
            scenario: None,
            share: condition.at_least.unwrap_or(0.5),
            quantities: Vec::new(),
            tests: Vec::new(),
            condition: condition.clone(),
        };
        for test in condition.tests() {
            let t = found.place(case, model, &test.subject)?;
            let what = found.what(case, model, test)?;
            found.tests.push(Resolved { test: test.clone(), t, what });
        }
        Ok(found)
    }

    /// Reads the parts before the quantity; gives the year t.
    fn place(&mut self, case: &Case, model: &Model, subject: &Subject) -> Result<usize, ConditionError> {
        let parts: Vec<&str> = subject.parts().collect();
        let mut t = model.years.len() - 1;
        for part in &parts[..parts.len() - 1] {
            let town = model.options.towns.iter().position(|k| case.towns[*k].id == *part);
            let scenario = model.options.scenarios.iter().position(|k| case.scenarios[*k].id == *part);
            let year = part.parse::<i32>().ok().and_then(|year| model.years.iter().position(|y| *y == year));
            let once = |before: Option<usize>, now: usize, what: &str| match before {
                Some(other) if other != now => {
                    fault(subject, format!("'{part}': a condition speaks of one {what}, or of each"))
                }
                _ => Ok(Some(now)),
            };
            match (town, scenario, year) {
                (Some(town), ..) => self.town = once(self.town, town, "town")?,
                (_, Some(scenario), _) => self.scenario = once(self.scenario, scenario, "scenario")?,
                (.., Some(year)) => t = year,
                _ => {
                    let ids = |ids: Vec<&str>| ids.join(", ");
                    let towns = ids(model.options.towns.iter().map(|k| case.towns[*k].id.as_str()).collect());
                    let scenarios =
                        ids(model.options.scenarios.iter().map(|k| case.scenarios[*k].id.as_str()).collect());
                    let (first, last) = (model.years[0], model.years[model.years.len() - 1]);
                    return fault(
                        subject,
                        format!(
                            "'{part}' is no town ({towns}), no scenario ({scenarios}) and no year ({first} to {last})"
                        ),
                    );
                }
            }
        }
        Ok(t)
    }

    fn what(&mut self, case: &Case, model: &Model, test: &Test) -> Result<What, ConditionError> {
        let name = test.subject.quantity();
        let unknown = |word: &str, known: Vec<&str>| {
            fault(&test.subject, format!("'{word}' has no meaning here (known: {})", known.join(", ")))
        };
        if name == "lead" {
            let known = || case.scenarios.iter().map(|s| s.id.as_str()).collect();
            return match &test.value {
                Value::Word(word) => match case.scenarios.iter().position(|s| s.id == *word) {
                    Some(scenario) => Ok(What::Lead(scenario)),
                    None => unknown(word, known()),
                },
                Value::Number(x) => unknown(&x.to_string(), known()),
            };
        }
        if let Some(outcome) = model.first_passages.iter().position(|f| f.id == name) {
            return match test.value {
                Value::Number(x) => Ok(What::Outcome(outcome, x)),
                Value::Word(ref word) => unknown(word, vec!["0", "1"]),
            };
        }
        let Some(q) = model.quantities.iter().position(|q| q.id == name) else {
            let known = model.quantities.iter().map(|q| q.id.as_str());
            let known = known.chain(model.first_passages.iter().map(|f| f.id.as_str())).chain(["lead"]);
            return unknown(name, known.collect());
        };
        let place = self.quantities.iter().position(|k| *k == q).unwrap_or_else(|| {
            self.quantities.push(q);
            self.quantities.len() - 1
        });
        match (&test.value, model.quantities[q].kind) {
            (Value::Number(x), _) => Ok(What::Quantity(place, *x)),
            (Value::Word(word), QuantityKind::Composite(scale)) => {
                let ids: Vec<&str> =
                    model.scales[scale].1.iter().map(|c| case.method.levels[c.level].id.as_str()).collect();
                match ids.iter().position(|id| id == word) {
                    Some(class) => Ok(What::Class(place, scale, class)),
                    None => unknown(word, ids),
                }
            }
            (Value::Word(word), _) => unknown(word, vec!["a number"]),
        }
    }

    /// In which runs of a block it holds under a scenario, without and with the shock.
    pub(super) fn holds(&self, model: &Model, block: &PairedBlock<'_>, path: usize) -> Vec<[bool; 2]> {
        let each: Vec<Vec<[bool; 2]>> =
            self.tests.iter().map(|test| test.holds(model, block, path)).collect();
        let holds = |run: usize, with: usize| {
            self.condition.holds(&|test| {
                let place = self.tests.iter().position(|resolved| resolved.test == *test);
                place.is_some_and(|k| each[k][run][with])
            })
        };
        (0..block.runs).map(|run| [holds(run, 0), holds(run, 1)]).collect()
    }
}

impl Resolved {
    fn holds(&self, model: &Model, block: &PairedBlock<'_>, path: usize) -> Vec<[bool; 2]> {
        let operator = self.test.operator;
        let all = |noted: Noted, holds: &dyn Fn(f64) -> bool| -> Vec<[bool; 2]> {
            let tiles = block.tiles(self.t, path, noted);
            tiles.flat_map(|(a, b)| a.iter().zip(b).map(|(a, b)| [holds(*a), holds(*b)])).collect()
        };
        match self.what {
            What::Quantity(place, bound) => all(Noted::Quantity(place), &|x| operator.holds(x, bound)),
            What::Class(place, scale, class) => {
                let classes = &model.scales[scale].1;
                let is = move |x| {
                    class_of(classes, x).map(|found| (found == class) == (operator == Operator::Equal))
                };
                all(Noted::Quantity(place), &|x| is(x).unwrap_or(false))
            }
            What::Lead(candidate) => {
                let leads =
                    |x: f64| !x.is_nan() && (x as u32 == 1 << candidate) == (operator == Operator::Equal);
                all(Noted::Leaders, &leads)
            }
            What::Outcome(outcome, bound) => {
                let mut reached = vec![[0.0_f64; 2]; block.runs];
                for t in 0..=self.t {
                    let tiles = block.tiles(t, path, Noted::Reached(outcome));
                    let now = tiles.flat_map(|(a, b)| a.iter().zip(b));
                    for (run, (a, b)) in reached.iter_mut().zip(now) {
                        *run = [run[0].max(*a), run[1].max(*b)];
                    }
                }
                reached.into_iter().map(|run| run.map(|x| operator.holds(x, bound))).collect()
            }
        }
    }
}

fn fault<T>(subject: &Subject, message: String) -> Result<T, ConditionError> {
    Err(ConditionError { at: subject.at, message })
}
