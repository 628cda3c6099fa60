//! What of a town is tallied: the quantities that differ between runs, the pairs, the ballot. It follows from
//! the model alone, before anything is known of where values lie.

use super::ballot::Ballot;
use super::share_decomposition;
use crate::case::Better;
use crate::model::{Bank, Model, Operand, QuantityKind, TownLaw};

/// What is tallied for one town.
#[derive(Debug, Clone)]
pub(crate) struct Tracks {
    /// Operand of each quantity.
    pub(crate) operands: Vec<Operand>,
    /// Quantities that are not constant: the tracks.
    pub(crate) quantities: Vec<usize>,
    /// Driver of each track that is binned on the link scale.
    pub(crate) link_of: Vec<Option<usize>>,
    /// Track of each quantity; none for a constant.
    pub(crate) track_of: Vec<Option<usize>>,
    /// Paired quantities: (quantity, better direction).
    pub(crate) pairs: Vec<(usize, Better)>,
    /// Classes and votes.
    pub(crate) ballot: Ballot,
    /// Number of years and of scenarios.
    pub(crate) years: usize,
    pub(crate) paths: usize,
    /// Place of the reference scenario.
    pub(crate) reference: Option<usize>,
    /// Number of first-passage outcomes.
    pub(crate) outcomes: usize,
    /// Conditions of outcomes that may be undefined: (outcome, operand).
    pub(crate) conditions: Vec<(usize, Operand)>,
    /// True when the share can be split: neither of its drivers stays at the edge of its range.
    pub(crate) splits: bool,
}

impl Tracks {
    /// All quantities.
    pub(crate) fn new(model: &Model, town: &TownLaw) -> Self {
        Self::of(model, town, |_| true)
    }

    /// Some of the quantities.
    pub(crate) fn of(model: &Model, town: &TownLaw, chosen: impl Fn(usize) -> bool) -> Self {
        let operands = quantity_operands(model, town);
        let moves = |q: &usize| chosen(*q) && !matches!(operands[*q], Operand::Constant(_));
        let quantities: Vec<usize> = (0..operands.len()).filter(moves).collect();
        let track_of = (0..operands.len()).map(|q| quantities.iter().position(|t| *t == q)).collect();
        let link_of = |q: &usize| match model.quantities[*q].kind {
            // Where some runs stay at the edge there is no link scale to bin on.
            QuantityKind::Driver(i) if !town.has_atom[i] => Some(i),
            _ => None,
        };
        let may_fail = |(_, operand): &(usize, Operand)| !town.outcome.program.known(*operand).defined;
        let moves_freely = |driver: usize| !town.frozen[driver] && !town.has_atom[driver];
        let paired = model.quantities.iter().enumerate().filter(|(q, quantity)| quantity.paired && moves(q));
        Self {
            pairs: paired.map(|(q, quantity)| (q, quantity.better)).collect(),
            link_of: quantities.iter().map(link_of).collect(),
            ballot: Ballot::new(model, town),
            years: model.years.len(),
            paths: town.paths.len(),
            reference: model.reference,
            outcomes: model.first_passages.len(),
            conditions: town.outcome.conditions.iter().copied().enumerate().filter(may_fail).collect(),
            splits: moves_freely(model.share_split.part) && moves_freely(model.share_split.rest),
            operands,
            quantities,
            track_of,
        }
    }

    /// Number of tracks.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.quantities.len()
    }

    /// Number of cells: years by scenarios.
    pub(crate) fn cells(&self) -> usize {
        self.years * self.paths
    }

    /// Number of a cell.
    #[inline(always)]
    pub(crate) fn cell(&self, t: usize, path: usize) -> usize {
        t * self.paths + path
    }

    /// Operand of a track.
    #[inline(always)]
    pub(crate) fn operand(&self, track: usize) -> Operand {
        self.operands[self.quantities[track]]
    }

    /// Number of sums that a cell of a whole tally keeps: the tracks, then the parts of the share's change.
    #[inline(always)]
    pub(crate) fn sums(&self) -> usize {
        self.len() + share_decomposition::PARTS
    }
}

/// Operands of the quantities of a town, in the order of [`Model::quantities`].
pub(crate) fn quantity_operands(model: &Model, town: &TownLaw) -> Vec<Operand> {
    let outcome = &town.outcome;
    let operand = |kind: QuantityKind| match kind {
        QuantityKind::Composite(k) => outcome.composites[model.scales[k].0],
        QuantityKind::Driver(i) if town.frozen[i] => Operand::Constant(town.base[i]),
        QuantityKind::Driver(i) => Operand::Row(Bank::Driver, i),
        QuantityKind::SubIndicator(i) => outcome.sub_indicators[i],
        QuantityKind::Population => Operand::Row(Bank::State, town.switches.len()),
        QuantityKind::Persons(i) => outcome.persons[i],
    };
    model.quantities.iter().map(|q| operand(q.kind)).collect()
}
