//! What is uncertain about the choice of a town, and what the method says for any of it.

use super::circumstances::Circumstances;
use super::factor::{Factor, FactorLaw, Group};
use super::rules::{Rules, Verdict};
use super::weights::WeightsIn;
use crate::assess::{InputLaw, rounding};
use crate::case::{Case, Input, Method, SubIndicatorKind};
use crate::random::{self, Stream};

/// Errors of inputs where they are not the rounding of what is printed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InputErrors {
    /// For each sub-indicator the half width of its error, if it was given.
    given: Vec<Option<f64>>,
}

/// An error that was given for what is no sub-indicator, or that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnknownIndicator(String);

impl InputErrors {
    /// Reads `TDe1=0.05`: half the width within which the true value lies. Missing inputs keep their laws.
    ///
    /// # Errors
    /// [`UnknownIndicator`].
    pub fn parse(method: &Method, errors: &[String]) -> Result<Self, UnknownIndicator> {
        let mut given = vec![None; method.sub_indicators.len()];
        for text in errors {
            let known =
                || method.sub_indicators.iter().map(|s| s.symbol.as_str()).collect::<Vec<_>>().join(", ");
            let (symbol, number) = text.split_once('=').unwrap_or((text, ""));
            let Some(place) = method.sub_indicators.iter().position(|s| s.symbol == symbol.trim()) else {
                return Err(UnknownIndicator(format!(
                    "{text}: no sub-indicator '{symbol}' (known: {})",
                    known()
                )));
            };
            let half = number.trim().parse::<f64>().ok().filter(|x| x.is_finite() && *x >= 0.0);
            if half.is_none() {
                return Err(UnknownIndicator(format!(
                    "{text}: needed is SYMBOL=HALF WIDTH, a number from 0 up"
                )));
            }
            if matches!(method.sub_indicators[place].kind, SubIndicatorKind::Switch) {
                return Err(UnknownIndicator(format!("{text}: {symbol} is 0 or 100 and has no error")));
            }
            given[place] = half;
        }
        Ok(Self { given })
    }

    /// No errors but those of missing inputs.
    pub fn none(method: &Method) -> Self {
        Self { given: vec![Some(0.0); method.sub_indicators.len()] }
    }
}

/// What is uncertain about the choice of one town.
#[derive(Debug, Clone)]
pub struct Uncertain<'r> {
    /// Id of the town.
    pub town: String,
    /// All that may be otherwise, group by group.
    pub factors: Vec<Factor>,
    /// How things stand: missing inputs at their mode.
    pub base: Circumstances,
    /// For each sub-indicator half the width of its error, 0 for one that has none.
    pub errors: Vec<f64>,
    /// For each sub-indicator the range that makes sense.
    pub(super) ranges: Vec<(f64, f64)>,
    /// For each sub-indicator whether it can only be 0 or 100.
    pub(super) switches: Vec<bool>,
    pub(super) rules: &'r Rules,
    /// Shares from fractions.
    fractions: Vec<Option<f64>>,
}

impl<'r> Uncertain<'r> {
    /// What is uncertain about a town of a case. `known_weights`: weights are settled, and not uncertain.
    ///
    /// # Examples
    /// ```
    /// use boljam::case::{Case, Source};
    /// use boljam::experiment::choice::{InputErrors, Rules, Uncertain, Weights, WeightsIn};
    /// let case = Case::load(&Source::embedded(), &[])?;
    /// let rules = Rules::new(&case.method, 4, &Weights::Equal, WeightsIn::Votes);
    /// let town = case.town("temirtau").unwrap();
    /// let uncertain = Uncertain::new(&case, town, &rules, &InputErrors::default(), false);
    /// assert_eq!(uncertain.errors[0], 0.5); // TDm1 is printed as 82
    /// assert_eq!(uncertain.verdict(&|_| None).lead.leaders, [3]);
    /// # Ok::<(), boljam::case::Faults>(())
    /// ```
    pub fn new(
        case: &Case,
        town: usize,
        rules: &'r Rules,
        errors: &InputErrors,
        known_weights: bool,
    ) -> Self {
        let method = &case.method;
        let town = &case.towns[town];
        let mut factors = Vec::new();
        let mut halves = Vec::new();
        for (k, (input, sub)) in town.inputs.iter().zip(&method.sub_indicators).enumerate() {
            let law = InputLaw::of(input, &sub.kind);
            let switch = matches!(sub.kind, SubIndicatorKind::Switch);
            let (half, law) = match law {
                InputLaw::Constant(value) => {
                    let known = errors.given.get(k).copied().flatten();
                    let half = if switch { 0.0 } else { known.unwrap_or_else(|| rounding(value)) };
                    (half, FactorLaw::Rounded { input: k, value, half, range: sub.range })
                }
                InputLaw::Triangular { low, high, .. } => {
                    ((high - low) / 2.0, FactorLaw::Missing { input: k, law })
                }
                InputLaw::Switch(_) => (0.0, FactorLaw::Missing { input: k, law }),
            };
            halves.push(half);
            if half > 0.0 || matches!(law, FactorLaw::Missing { .. }) {
                factors.push(Factor { group: Group::Inputs, name: sub.symbol.clone(), law });
            }
        }
        factors.extend(of_method(method, rules, known_weights));
        let fraction = |input: &Input| match input {
            Input::Printed { fraction: Some((a, b)), .. } => Some(100.0 * a / b).filter(|x| x.is_finite()),
            _ => None,
        };
        let fractions: Vec<Option<f64>> = town.inputs.iter().map(fraction).collect();
        if fractions.iter().any(Option::is_some) {
            let name = "fractions".to_owned();
            factors.push(Factor { group: Group::Formulas, name, law: FactorLaw::Fractions });
        }
        factors.sort_by_key(|factor| factor.group);
        Self {
            town: town.id.clone(),
            factors,
            base: Circumstances {
                inputs: town.inputs.iter().map(Input::best).collect(),
                readings: vec![0; method.composites.len()],
                ..Circumstances::default()
            },
            errors: halves,
            ranges: method.sub_indicators.iter().map(|s| s.range).collect(),
            switches: method
                .sub_indicators
                .iter()
                .map(|s| matches!(s.kind, SubIndicatorKind::Switch))
                .collect(),
            rules,
            fractions,
        }
    }

    /// The groups that something is in.
    pub fn groups(&self) -> Vec<Group> {
        Group::ALL.into_iter().filter(|g| self.factors.iter().any(|f| f.group == *g)).collect()
    }

    /// How things are when each factor stands at its quantile `at(place)`, between 0 and 1, or, where that is none, as
    /// the case has it.
    pub fn circumstances(&self, at: &dyn Fn(usize) -> Option<f64>) -> Circumstances {
        let mut now = self.base.clone();
        let mut exponentials: Option<Vec<f64>> = None;
        for (place, factor) in self.factors.iter().enumerate() {
            let Some(u) = at(place) else { continue };
            match &factor.law {
                FactorLaw::Rounded { input, value, half, range } => {
                    now.inputs[*input] =
                        (value + (2.0 * u - 1.0) * half).clamp(range.0.min(*value), range.1.max(*value));
                }
                FactorLaw::Missing { input, law } => now.inputs[*input] = law.at(u),
                FactorLaw::Bound { composite, bound, value, half } => {
                    let of = |b: &Option<Vec<f64>>| b.clone().unwrap_or_default();
                    let bounds = now.bounds.get_or_insert_with(|| self.rules.bounds.iter().map(of).collect());
                    bounds[*composite][*bound] = value + (2.0 * u - 1.0) * half;
                }
                FactorLaw::Reading { composite, of } => {
                    now.readings[*composite] = ((u * *of as f64) as usize).min(of - 1);
                }
                FactorLaw::Fractions if u >= 0.5 => {
                    for (input, fraction) in now.inputs.iter_mut().zip(&self.fractions) {
                        *input = fraction.unwrap_or(*input);
                    }
                }
                FactorLaw::Fractions => {}
                FactorLaw::Weight { place } => {
                    let exponentials = exponentials.get_or_insert_with(|| vec![0.0; self.rules.weights()]);
                    exponentials[*place] = -crate::math::ln(1.0 - u.min(1.0 - 1e-12));
                }
                FactorLaw::Entry => now.turned = entry(self.rules, u),
            }
        }
        for bounds in now.bounds.iter_mut().flatten() {
            bounds.sort_by(f64::total_cmp);
        }
        if let Some(weights) = exponentials.filter(|w| w.iter().sum::<f64>() > 0.0) {
            match self.rules.weights_in {
                WeightsIn::Votes => now.votes = Some(self.rules.votes_of(&weights)),
                WeightsIn::Formulas => now.inner = Some(weights),
            }
        }
        now
    }

    /// What the method says then.
    pub fn verdict(&self, at: &dyn Fn(usize) -> Option<f64>) -> Verdict {
        self.rules.verdict(&self.circumstances(at))
    }

    /// The streams that draws come from.
    pub(super) fn streams(&self, seed: u64) -> Streams {
        let key =
            |factor: &Factor| random::key(seed, &format!("{}/{}", factor.group.id(), factor.name), "choice");
        Streams {
            inputs: random::key(seed, &self.town, "inputs"),
            others: self.factors.iter().map(key).collect(),
        }
    }

    /// The quantiles of run `run`, none for what is not to be drawn: inputs from the town's stream of the assessment,
    /// so that run k is run k there; all else from streams that towns share.
    pub(super) fn draw(
        &self,
        streams: &Streams,
        run: u64,
        is_drawn: &dyn Fn(Group) -> bool,
    ) -> Vec<Option<f64>> {
        let mut stream = Stream::new(streams.inputs, run);
        let count = if is_drawn(Group::Inputs) { self.rules.inputs } else { 0 };
        let inputs: Vec<f64> = (0..count).map(|_| stream.uniform()).collect();
        let draw = |(factor, key): (&Factor, &u64)| match factor.law {
            _ if !is_drawn(factor.group) => None,
            FactorLaw::Rounded { input, .. } | FactorLaw::Missing { input, .. } => Some(inputs[input]),
            _ => Some(Stream::new(*key, run).uniform()),
        };
        self.factors.iter().zip(&streams.others).map(draw).collect()
    }
}

/// Keys of the streams that draws come from.
#[derive(Debug, Clone)]
pub(super) struct Streams {
    inputs: u64,
    others: Vec<u64>,
}

/// Bounds, readings, weights, entries of the matrix.
fn of_method(method: &Method, rules: &Rules, known_weights: bool) -> Vec<Factor> {
    let mut factors = Vec::new();
    for (composite, c) in method.composites.iter().enumerate() {
        // A scale is written as finely as its finest bound: 5 beside 2.5 and 7.5 is 5.0.
        let finest =
            c.scale.iter().flatten().map(|class| rounding(class.upper)).fold(f64::INFINITY, f64::min);
        for (bound, value) in rules.bounds[composite].iter().flatten().enumerate() {
            let law = FactorLaw::Bound { composite, bound, value: *value, half: finest };
            factors.push(Factor { group: Group::Bounds, name: format!("{} > {value}", c.symbol), law });
        }
        if !c.alternatives.is_empty() {
            let law = FactorLaw::Reading { composite, of: 1 + c.alternatives.len() };
            factors.push(Factor { group: Group::Formulas, name: c.symbol.clone(), law });
        }
    }
    let weight = |(place, name): (usize, &str)| Factor {
        group: Group::Weights,
        name: name.to_owned(),
        law: FactorLaw::Weight { place },
    };
    match rules.weights_in {
        _ if known_weights => {}
        WeightsIn::Votes => {
            factors.extend(method.scaled().map(|(_, c, _)| c.symbol.as_str()).enumerate().map(weight));
        }
        WeightsIn::Formulas => {
            factors.extend(method.sub_indicators.iter().map(|s| s.symbol.as_str()).enumerate().map(weight));
        }
    }
    if rules.entries().next().is_some() {
        factors.push(Factor { group: Group::Votes, name: "matrix".to_owned(), law: FactorLaw::Entry });
    }
    factors
}

/// The entry that a quantile stands for.
fn entry(rules: &Rules, u: f64) -> Option<(usize, usize, usize)> {
    let count = rules.entries().count();
    rules.entries().nth(((u * count as f64) as usize).min(count.saturating_sub(1)))
}
