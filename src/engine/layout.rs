//! What is tallied for a town, and where: tracks, bins, gauges. A function of the case and options alone.

use std::sync::Arc;

use rayon::prelude::*;

use super::binning::{Axis, Binning};
use super::control::{Controls, Fit};
use super::pilot::{self, PilotCell, Seen};
use super::split;
use super::sums::Gauge;
use super::town::quantity_operands;
use super::votes::Ballot;
use super::world::World;
use crate::case::Better;
use crate::model::{Bank, ClosedForm, Model, Operand, QuantityKind, TownLaw};

/// What is tallied for each town of a model, and where: bins and gauges, which a pilot and the closed form
/// set. A function of the case and the options; the seed has no part in it.
#[derive(Debug, Clone)]
pub struct Layouts(pub(super) Arc<[Layout]>);

impl Layouts {
    /// Plans the tallies of a model: this takes a pilot of 4096 runs.
    pub fn plan(model: &Model) -> Self {
        let worlds = pilot::worlds(model);
        let plan = |town| Layout::plan(model, town, &ClosedForm::link_moments(model, town), &worlds);
        Self(model.towns.par_iter().map(plan).collect())
    }

    /// Plans the sums alone of `part`, a model of some of the same towns over the same years and scenarios,
    /// beside the whole tallies of `model` that these are.
    #[must_use]
    pub fn plan_sums(&self, model: &Model, part: &Model) -> Self {
        let whole = |town: &TownLaw| {
            let of_town = model.towns.iter().zip(self.0.iter()).find(|(law, _)| law.index == town.index);
            of_town.map(|(_, whole)| Layout::sums_like(part, town, whole))
        };
        Self(part.towns.iter().filter_map(whole).collect())
    }
}

/// What is tallied for one town.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// Operand of each quantity.
    pub(crate) operands: Vec<Operand>,
    /// Quantities that are not constant: the tracks.
    pub(crate) tracks: Vec<usize>,
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
    /// True when the share can be split: neither of its drivers is frozen.
    pub(crate) splits: bool,
    /// True when only sums are kept: no histograms, votes, pairs, outcomes or parts of the split.
    pub(crate) sums_only: bool,
    /// Control variates; none where they are not wanted.
    pub(crate) controls: Option<Controls>,
    /// Their coefficients for each cell and track.
    pub(crate) fits: Vec<Fit>,
    /// Bins of each cell and track.
    pub(crate) binnings: Vec<Binning>,
    /// Gauges of each cell: tracks, then the parts of the split.
    pub(crate) gauges: Vec<Gauge>,
    /// Bins and gauges of each cell and paired quantity; of no meaning for the reference itself.
    pub(crate) pair_binnings: Vec<Binning>,
    pub(crate) pair_gauges: Vec<Gauge>,
}

/// Mean and sd of each driver on the link scale: `[path][t][driver]`.
pub(crate) type LinkMoments = Vec<Vec<Vec<(f64, f64)>>>;

impl Layout {
    /// The layout without bins and gauges, enough for a pilot.
    pub(crate) fn sketch(model: &Model, town: &TownLaw) -> Self {
        let operands = quantity_operands(model, town);
        let moves = |q: &usize| !matches!(operands[*q], Operand::Constant(_));
        let tracks: Vec<usize> = (0..operands.len()).filter(moves).collect();
        let track_of = (0..operands.len()).map(|q| tracks.iter().position(|t| *t == q)).collect();
        let link_of = |q: &usize| match model.quantities[*q].kind {
            QuantityKind::Driver(i) => Some(i),
            _ => None,
        };
        let paired = model.quantities.iter().enumerate().filter(|(q, quantity)| quantity.paired && moves(q));
        Self {
            pairs: paired.map(|(q, quantity)| (q, quantity.better)).collect(),
            link_of: tracks.iter().map(link_of).collect(),
            ballot: Ballot::new(model, town),
            years: model.years.len(),
            paths: town.paths.len(),
            reference: model.reference,
            outcomes: model.first_passages.len(),
            splits: !town.frozen[model.share_split.part] && !town.frozen[model.share_split.rest],
            sums_only: false,
            controls: None,
            fits: Vec::new(),
            binnings: Vec::new(),
            gauges: Vec::new(),
            pair_binnings: Vec::new(),
            pair_gauges: Vec::new(),
            operands,
            tracks,
            track_of,
        }
    }

    /// The whole layout: link-scale bins from the closed form, everything else from a pilot.
    pub(crate) fn plan(model: &Model, town: &TownLaw, moments: &LinkMoments, worlds: &[World]) -> Self {
        let mut layout = Self::sketch(model, town);
        layout.controls = Some(Controls::new(model, town));
        let (pilot, fits) = pilot::run(model, town, &layout, worlds);
        layout.fits = fits;
        let counted: Vec<Option<Vec<f64>>> =
            layout.tracks.iter().map(|&q| discrete_values(town, layout.operands[q])).collect();
        for t in 0..layout.years {
            for path in 0..layout.paths {
                let cell = &pilot[layout.cell(t, path)];
                for (track, &q) in layout.tracks.iter().enumerate() {
                    let seen = &cell.tracks[track];
                    layout.gauges.push(Gauge::around(seen.mean, seen.sd));
                    layout.binnings.push(match (&counted[track], model.quantities[q].kind) {
                        (Some(values), _) => Binning::counted(values),
                        (None, QuantityKind::Driver(i)) => {
                            link_bins(model, town, moments[path][t][i], i, seen)
                        }
                        _ => seen.bins(),
                    });
                }
                layout.gauges.extend(cell.parts.iter().map(|part| Gauge::around(part.mean, part.sd)));
                for seen in &cell.pairs {
                    layout.pair_binnings.push(seen.bins());
                    layout.pair_gauges.push(Gauge::around(seen.mean, seen.sd));
                }
            }
        }
        layout
    }

    /// A layout for the sums of the same town alone, with the gauges of its whole layout: a sum may be centred
    /// anywhere near its mean, so it needs no pilot of its own.
    fn sums_like(model: &Model, town: &TownLaw, whole: &Self) -> Self {
        let mut layout = Self { sums_only: true, splits: false, outcomes: 0, ..Self::sketch(model, town) };
        for cell in 0..layout.years * layout.paths {
            let gauge = |q: &usize| match whole.track_of[*q] {
                Some(track) => whole.gauges[cell * whole.sums() + track],
                None => Gauge::around(0.0, 1.0),
            };
            layout.gauges.extend(layout.tracks.iter().map(gauge));
            layout.gauges.extend([Gauge::around(0.0, 1.0); split::PARTS]);
        }
        layout
    }

    /// Number of a cell.
    #[inline(always)]
    pub(crate) fn cell(&self, t: usize, path: usize) -> usize {
        t * self.paths + path
    }

    /// Number of sums a cell keeps.
    #[inline(always)]
    pub(crate) fn sums(&self) -> usize {
        self.tracks.len() + split::PARTS
    }

    /// The pilot's cells, empty.
    pub(crate) fn pilot_cells(&self) -> Vec<PilotCell> {
        vec![PilotCell::new(self.tracks.len(), split::PARTS, self.pairs.len()); self.years * self.paths]
    }
}

/// Bins of a driver: 6.5 sd to either side of the mean, room for the steps of events, and all that the pilot
/// saw: what an event does to one driver reaches others by cross-impacts.
fn link_bins(model: &Model, town: &TownLaw, (mean, sd): (f64, f64), driver: usize, seen: &Seen) -> Binning {
    if sd <= 0.0 {
        return Binning::between(mean, mean, Axis::Link(model.links[driver]));
    }
    let mut low = mean - 6.5 * sd;
    let mut high = mean + 6.5 * sd;
    for (i, shift) in town.events.iter().flat_map(|e| e.steps.iter().chain(&e.shocks)) {
        if *i == driver {
            low += shift.min(0.0);
            high += shift.max(0.0);
        }
    }
    let link = model.links[driver];
    let (lowest, highest) = (link.apply(seen.min) - 0.5 * sd, link.apply(seen.max) + 1.5 * sd);
    if lowest.is_finite() && highest.is_finite() {
        (low, high) = (low.min(lowest), high.max(highest));
    }
    Binning::between(low, high, Axis::Link(link))
}

/// All values that an operand can take, if only switches decide; none if anything else does.
fn discrete_values(town: &TownLaw, operand: Operand) -> Option<Vec<f64>> {
    let program = &town.outcome.program;
    let leaves = program.leaves(operand);
    let is_switch = |leaf: &(Bank, usize)| leaf.0 == Bank::State && leaf.1 < town.switches.len();
    // More combinations than bins could not be counted apart.
    if leaves.len() > 8 || !leaves.iter().all(is_switch) {
        return None;
    }
    let value = |set: usize| {
        let state = |_, row| match leaves.iter().position(|leaf| leaf.1 == row) {
            Some(bit) if set >> bit & 1 == 1 => 100.0,
            _ => 0.0,
        };
        program.scalar(operand, &state)
    };
    Some((0..1_usize << leaves.len()).map(value).collect())
}
