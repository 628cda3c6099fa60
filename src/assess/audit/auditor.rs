//! What the rules of the audit share: the case, its scores, and what a change of one number does to them.

use super::finding::{ClassChange, Effect};
use crate::assess::variant::{class_named, score};
use crate::assess::{Evaluator, Reading, Score, Variant, lead};
use crate::case::{Case, Input, PrintedValue, class_of};

/// Town name of rows that concern all towns.
pub(super) const REGION: &str = "region";

/// The case with what several rules need.
pub(super) struct Auditor<'c> {
    pub(super) case: &'c Case,
    pub(super) evaluator: Evaluator,
    /// Score of each town from printed inputs.
    pub(super) scores: Vec<Score>,
}

impl<'c> Auditor<'c> {
    pub(super) fn new(case: &'c Case) -> Self {
        let evaluator = Evaluator::new(&case.method, &Reading::default());
        let printed = |town| score(case, &evaluator, town, Variant::PrintedInputs);
        let scores = case.towns.iter().map(printed).collect();
        Self { case, evaluator, scores }
    }

    pub(super) fn town(&self, id: &str) -> Option<usize> {
        self.case.towns.iter().position(|town| town.id == id)
    }

    pub(super) fn sub_indicator(&self, symbol: &str) -> Option<usize> {
        self.case.method.sub_indicators.iter().position(|s| s.symbol == symbol)
    }

    pub(super) fn composite(&self, symbol: &str) -> Option<usize> {
        self.case.method.composites.iter().position(|c| c.symbol == symbol)
    }

    /// Rows of printed.csv about one item of one town.
    pub(super) fn printed(&self, town: &str, item: &str) -> impl Iterator<Item = &'c PrintedValue> {
        let rows = self.case.printed.iter();
        rows.filter(move |row| row.town == town && row.item == item)
    }

    /// Rows of printed.csv whose item starts with `prefix`, with the rest of the item.
    pub(super) fn printed_with(
        &self,
        prefix: &'static str,
    ) -> impl Iterator<Item = (&'c PrintedValue, &'c str)> {
        self.case.printed.iter().filter_map(move |row| Some((row, row.item.strip_prefix(prefix)?)))
    }

    /// The printed value of an input with its table.
    pub(super) fn input(&self, town: usize, sub_indicator: usize) -> Option<(f64, &'c str)> {
        match &self.case.towns[town].inputs[sub_indicator] {
            Input::Printed { value, source, .. } => Some((*value, source)),
            Input::Missing { .. } => None,
        }
    }

    /// Name of a class of a composite.
    pub(super) fn class_name(&self, composite: usize, class: usize) -> String {
        let method = &self.case.method;
        let level = method.composites[composite].scale.as_ref().and_then(|scale| scale.get(class));
        level.map_or_else(String::new, |class| method.levels[class.level].id.clone())
    }

    pub(super) fn class_named(&self, composite: usize, name: &str) -> Option<usize> {
        class_named(self.case, &self.case.method.composites[composite], name)
    }

    /// Class of a value of a composite.
    pub(super) fn class_of(&self, composite: usize, value: f64) -> Option<usize> {
        class_of(self.case.method.composites[composite].scale.as_deref()?, value)
    }

    /// The town's score when one input has another value.
    pub(super) fn score_with_input(&self, town: usize, sub_indicator: usize, value: f64) -> Score {
        let mut inputs = self.scores[town].sub_indicators.clone();
        inputs[sub_indicator] = value;
        Score::of(self.case, &self.evaluator, inputs)
    }

    /// The town's score when one composite has another value.
    pub(super) fn score_with_composite(&self, town: usize, composite: usize, value: f64) -> Score {
        let inputs = self.scores[town].sub_indicators.clone();
        let composites = self.evaluator.composites_with(&inputs, &[(composite, value)]);
        let classes = composites.iter().enumerate().map(|(i, x)| self.class_of(i, *x)).collect();
        Score::from_classes(self.case, inputs, composites, classes)
    }

    /// The town's score when one composite is in another class.
    pub(super) fn score_with_class(&self, town: usize, composite: usize, class: usize) -> Score {
        let Score { sub_indicators, composites, mut classes, .. } = self.scores[town].clone();
        classes[composite] = Some(class);
        Score::from_classes(self.case, sub_indicators, composites, classes)
    }

    fn effect(&self, stated: &Score, other: &Score) -> Effect {
        let classes = stated.classes.iter().zip(&other.classes).enumerate();
        let changes = classes.filter_map(|(i, (a, b))| {
            let (from, to) = ((*a)?, (*b)?);
            (from != to).then(|| ClassChange {
                composite: self.case.method.composites[i].symbol.clone(),
                from: self.class_name(i, from),
                to: self.class_name(i, to),
            })
        });
        Effect { classes: changes.collect(), ..self.effect_of_votes(&stated.votes, &other.votes) }
    }

    pub(super) fn effect_of_votes(&self, stated: &[u32], other: &[u32]) -> Effect {
        let leaders = |votes: &[u32]| self.scenario_ids(&lead(votes).leaders);
        let lead = (leaders(stated), leaders(other));
        Effect {
            classes: Vec::new(),
            votes: (stated != other).then(|| (stated.to_vec(), other.to_vec())),
            lead: (lead.0 != lead.1).then_some(lead),
        }
    }

    pub(super) fn effect_of_input(
        &self,
        town: usize,
        sub_indicator: usize,
        stated: f64,
        other: f64,
    ) -> Effect {
        let score = |value| self.score_with_input(town, sub_indicator, value);
        self.effect(&score(stated), &score(other))
    }

    pub(super) fn effect_of_composite(
        &self,
        town: usize,
        composite: usize,
        stated: f64,
        other: f64,
    ) -> Effect {
        let score = |value| self.score_with_composite(town, composite, value);
        self.effect(&score(stated), &score(other))
    }

    pub(super) fn effect_of_class(
        &self,
        town: usize,
        composite: usize,
        stated: usize,
        other: usize,
    ) -> Effect {
        let score = |class| self.score_with_class(town, composite, class);
        self.effect(&score(stated), &score(other))
    }

    pub(super) fn scenario_ids(&self, indices: &[usize]) -> Vec<String> {
        indices.iter().map(|s| self.case.scenarios[*s].id.clone()).collect()
    }
}
