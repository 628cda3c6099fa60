//! The method made ready to be applied many times.

use super::circumstances::Circumstances;
use super::number::Quantity;
use super::tree::Tree;
use super::weights::{UNIT, Weights, WeightsIn, parts};
use crate::assess::{Lead, lead};
use crate::case::Method;
use crate::formula::exceeds;

/// A method, ready to be applied to any inputs.
#[derive(Debug, Clone)]
pub struct Rules {
    /// For each composite its formulas: the method's, then the alternatives.
    pub(super) formulas: Vec<Vec<Tree>>,
    /// For each composite the bounds between its classes; none for one without a scale.
    pub(super) bounds: Vec<Option<Vec<f64>>>,
    /// For each composite and class whom it speaks for.
    pub(super) speaks: Vec<Vec<Vec<bool>>>,
    /// For each composite the weight of its vote, in parts of [`UNIT`].
    votes: Vec<u32>,
    /// Whether the weights are inside formulas.
    pub(super) weights_in: WeightsIn,
    /// For each composite the sub-indicators that it depends on.
    pub(super) depends: Vec<Vec<usize>>,
    pub(super) inputs: usize,
    pub(super) scenarios: usize,
}

/// What the method says under some circumstances.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// For each composite its class; none without a scale or a value.
    pub classes: Vec<Option<usize>>,
    /// Votes of each scenario in parts of [`UNIT`].
    pub votes: Vec<u32>,
    /// Who leads, by what margin in parts of [`UNIT`].
    pub lead: Lead,
}

impl Rules {
    /// A method with weights, for a case of so many scenarios.
    ///
    /// # Examples
    /// ```
    /// use boljam::case::{Case, Source};
    /// use boljam::experiment::choice::{Circumstances, Rules, Weights, WeightsIn};
    /// let case = Case::load(&Source::embedded(), &[])?;
    /// let rules = Rules::new(&case.method, 4, &Weights::Equal, WeightsIn::Votes);
    /// let karazhal = &case.towns[case.town("karazhal").unwrap()];
    /// let inputs = karazhal.inputs.iter().map(|i| i.best()).collect();
    /// let verdict = rules.verdict(&Circumstances { inputs, ..Circumstances::default() });
    /// assert_eq!(verdict.votes, [1_000_000, 4_000_000, 1_000_000, 2_000_000]);
    /// # Ok::<(), boljam::case::Faults>(())
    /// ```
    pub fn new(method: &Method, scenarios: usize, weights: &Weights, weights_in: WeightsIn) -> Self {
        let subs = method.sub_indicators.iter().map(|s| s.symbol.as_str());
        let symbols: Vec<&str> = subs.chain(method.composites.iter().map(|c| c.symbol.as_str())).collect();
        let place = |name: &str| symbols.iter().position(|s| *s == name);
        let formulas: Vec<Vec<Tree>> = method
            .composites
            .iter()
            .map(|composite| {
                let all =
                    std::iter::once(&composite.formula).chain(composite.alternatives.iter().map(|a| &a.1));
                // A checked case has no unknown names; what it would give is undefined.
                all.map(|f| Tree::new(f.expr(), &place).unwrap_or(Tree::Number(f64::NAN))).collect()
            })
            .collect();
        let inputs = method.sub_indicators.len();
        let mut depends: Vec<Vec<usize>> = Vec::new();
        for readings in &formulas {
            let places = readings.iter().flat_map(Tree::places);
            let of = |p: usize| {
                if p < inputs { vec![p] } else { depends.get(p - inputs).cloned().unwrap_or_default() }
            };
            let mut all: Vec<usize> = places.flat_map(of).collect();
            all.sort_unstable();
            all.dedup();
            depends.push(all);
        }
        let classes = |c: &crate::case::Composite| c.scale.clone().unwrap_or_default();
        let uppers = |c: &crate::case::Composite| {
            let scale = c.scale.as_ref()?;
            Some(scale[..scale.len().saturating_sub(1)].iter().map(|class| class.upper).collect())
        };
        let mut rules = Self {
            bounds: method.composites.iter().map(uppers).collect(),
            speaks: method
                .composites
                .iter()
                .map(|c| classes(c).into_iter().map(|class| class.votes).collect())
                .collect(),
            votes: vec![UNIT; method.composites.len()],
            weights_in,
            depends,
            formulas,
            inputs,
            scenarios,
        };
        match (weights, weights_in) {
            (Weights::Equal, _) => {}
            (Weights::SubIndicators(w), WeightsIn::Formulas) => rules.formulas = rules.weighed(w),
            // Weights of votes alone say nothing of the inside of a formula.
            (Weights::Composites(w), _) => rules.votes = rules.votes_of(w),
            (Weights::SubIndicators(w), WeightsIn::Votes) => {
                let sum = |c: usize| rules.depends[c].iter().map(|i| w[*i]).sum::<f64>();
                let sums: Vec<f64> = rules.scaled().map(sum).collect();
                rules.votes = rules.votes_of(&sums);
            }
        }
        rules
    }

    /// Places of the composites that vote.
    pub(super) fn scaled(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.bounds.len()).filter(|c| self.bounds[*c].is_some())
    }

    /// How many weights there are: of composites that vote, or of sub-indicators.
    pub(super) fn weights(&self) -> usize {
        match self.weights_in {
            WeightsIn::Votes => self.scaled().count(),
            WeightsIn::Formulas => self.inputs,
        }
    }

    /// The entries of the selection matrix: composite, class, scenario.
    pub(super) fn entries(&self) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
        let classes =
            (0..self.speaks.len()).flat_map(|c| (0..self.speaks[c].len()).map(move |class| (c, class)));
        classes.flat_map(|(c, class)| (0..self.scenarios).map(move |s| (c, class, s)))
    }

    /// Weights of the composites that vote, as parts of [`UNIT`] for every composite.
    pub(super) fn votes_of(&self, weights: &[f64]) -> Vec<u32> {
        let mut votes = vec![UNIT; self.bounds.len()];
        for (c, part) in self.scaled().zip(parts(weights)) {
            votes[c] = part;
        }
        votes
    }

    /// The formulas with weights of sub-indicators inside.
    fn weighed(&self, weights: &[f64]) -> Vec<Vec<Tree>> {
        let weight = |place: usize| match place.checked_sub(self.inputs) {
            None => weights[place],
            Some(composite) => {
                let all = &self.depends[composite];
                all.iter().map(|i| weights[*i]).sum::<f64>() / all.len().max(1) as f64
            }
        };
        let all = |readings: &Vec<Tree>| readings.iter().map(|tree| tree.weighed(&weight)).collect();
        self.formulas.iter().map(all).collect()
    }

    /// Values of all places: sub-indicators, then composites.
    pub(super) fn values<Q: Quantity>(&self, inputs: Vec<Q>, readings: &[usize]) -> Vec<Q> {
        values(&self.formulas, inputs, readings)
    }

    /// Values of sub-indicators and of the composites before one.
    pub(super) fn first_values<Q: Quantity>(
        &self,
        inputs: Vec<Q>,
        readings: &[usize],
        composite: usize,
    ) -> Vec<Q> {
        values(&self.formulas[..composite], inputs, readings)
    }

    /// What the method says.
    pub fn verdict(&self, at: &Circumstances) -> Verdict {
        let values = match &at.inner {
            None => self.values(at.inputs.clone(), &at.readings),
            Some(weights) => values(&self.weighed(weights), at.inputs.clone(), &at.readings),
        };
        let class = |c: usize| {
            let bounds = self.bounds[c].as_ref()?;
            let bounds = at.bounds.as_ref().map_or(bounds, |all| &all[c]);
            class_among(bounds, values[self.inputs + c])
        };
        let classes: Vec<Option<usize>> = (0..self.bounds.len()).map(class).collect();
        self.of_classes(classes, at)
    }

    /// What the method says of classes.
    pub(super) fn of_classes(&self, classes: Vec<Option<usize>>, at: &Circumstances) -> Verdict {
        let weights = at.votes.as_ref().unwrap_or(&self.votes);
        let mut votes = vec![0_u32; self.scenarios];
        for (c, class) in classes.iter().enumerate() {
            let Some(class) = *class else { continue };
            for (s, (count, speaks)) in votes.iter_mut().zip(&self.speaks[c][class]).enumerate() {
                let turned = at.turned == Some((c, class, s));
                *count += if *speaks ^ turned { weights[c] } else { 0 };
            }
        }
        let defined = self.scaled().all(|c| classes[c].is_some());
        let lead = if defined {
            lead(&votes)
        } else {
            Lead { leaders: Vec::new(), margin: 0, parts: vec![0; self.scenarios] }
        };
        Verdict { classes, votes, lead }
    }
}

fn values<Q: Quantity>(formulas: &[Vec<Tree>], inputs: Vec<Q>, readings: &[usize]) -> Vec<Q> {
    let mut values = inputs;
    for (c, trees) in formulas.iter().enumerate() {
        let tree = &trees[readings.get(c).copied().unwrap_or(0)];
        values.push(tree.value(&values));
    }
    values
}

/// The class of a value among ascending bounds: how many it is above. None for what has no value.
pub(super) fn class_among(bounds: &[f64], value: f64) -> Option<usize> {
    value.is_finite().then(|| bounds.iter().filter(|bound| exceeds(value, **bound)).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::{Evaluator, Reading, Score};
    use crate::case::{Case, Source};
    use crate::random::Stream;

    /// Equal weights, however given, are the assessment to the last bit: values, classes, votes, margins.
    #[test]
    fn equal_weights_are_the_assessment() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let n = case.method.sub_indicators.len();
        let evaluator = Evaluator::new(&case.method, &Reading::default());
        let rules = |weights: Weights, at| Rules::new(&case.method, 4, &weights, at);
        let all = [
            rules(Weights::Equal, WeightsIn::Votes),
            rules(Weights::Composites(vec![0.7; 6]), WeightsIn::Votes),
            rules(Weights::SubIndicators(vec![0.1; n]), WeightsIn::Formulas),
        ];
        let mut stream = Stream::new(11, 0);
        for _ in 0..300 {
            let inputs: Vec<f64> = (0..n)
                .map(|k| {
                    let (low, high) = case.method.sub_indicators[k].range;
                    if high > 150.0 { stream.uniform() * 60.0 } else { low + stream.uniform() * (high - low) }
                })
                .collect();
            let score = Score::of(&case, &evaluator, inputs.clone());
            for rules in &all {
                let values = rules.values(inputs.clone(), &[]);
                let bits = |x: &[f64]| x.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
                assert!(score.composites.iter().zip(&values[n..]).all(|(a, b)| a.is_nan() == b.is_nan()));
                let whole = |x: &[f64]| {
                    bits(&x.iter().map(|v| if v.is_nan() { 0.0 } else { *v }).collect::<Vec<_>>())
                };
                assert_eq!(whole(&values[n..]), whole(&score.composites));
                let verdict =
                    rules.verdict(&Circumstances { inputs: inputs.clone(), ..Circumstances::default() });
                assert_eq!(verdict.classes, score.classes);
                assert_eq!(verdict.votes, score.votes.iter().map(|v| v * UNIT).collect::<Vec<_>>());
                assert_eq!(verdict.lead.leaders, score.lead.leaders);
                assert_eq!(verdict.lead.margin, score.lead.margin * UNIT);
                assert_eq!(verdict.lead.parts, score.lead.parts);
            }
        }
    }

    /// By hand: with weights of sub-indicators alike, the economy's vote counts 8/21 of all, that is 16/7 of a vote.
    #[test]
    fn a_composite_votes_with_the_sum_of_its_sub_indicators() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let rules = Rules::new(&case.method, 4, &Weights::SubIndicators(vec![1.0; 21]), WeightsIn::Votes);
        let votes: Vec<u32> = rules.scaled().map(|c| rules.votes[c]).collect();
        assert_eq!(votes, [571_429, 2_285_714, 571_429, 1_142_857, 857_143, 571_429]);
    }
}
