//! Where the tallies of a town lie: bins, gauges, coefficients of control variates. The closed form and a pilot
//! set them, so that they are a function of the case and the options; the seed has no part in it.

use std::sync::Arc;

use rayon::prelude::*;

use super::binning::{Axis, Binning};
use super::control_fit::Fit;
use super::control_variates::Controls;
use super::pilot::{self, Pilot, Seen};
use super::sums::Gauge;
use super::tracks::Tracks;
use super::world::World;
use crate::model::{Bank, ClosedForm, LinkMoments, Model, Operand, QuantityKind, TownLaw};

/// What is tallied for each town of a model, and where.
#[derive(Debug, Clone)]
pub struct TallyPlans(pub(super) Arc<[TallyPlan]>);

/// The same for sums alone.
#[derive(Debug, Clone)]
pub struct SumsPlans(pub(super) Arc<[SumsPlan]>);

impl TallyPlans {
    /// Plans the tallies of a model: this takes a pilot of 4096 runs.
    pub fn plan(model: &Model) -> Self {
        let pilot = model.reseeded(pilot::SEED);
        let worlds = pilot::worlds(&pilot);
        let plan = |town| TallyPlan::new(&pilot, town, &worlds);
        Self(pilot.towns.par_iter().map(plan).collect())
    }

    /// Plans the sums alone of `part`, a model of some of the same towns over the same years and scenarios,
    /// beside the whole tallies of `model` that these are.
    #[must_use]
    pub fn plan_sums(&self, model: &Model, part: &Model) -> SumsPlans {
        let whole = |town: &TownLaw| {
            let of_town = model.towns.iter().zip(self.0.iter()).find(|(law, _)| law.index == town.index);
            of_town.map(|(_, whole)| SumsPlan::like(part, town, whole))
        };
        SumsPlans(part.towns.iter().filter_map(whole).collect())
    }
}

/// Where the tally of one town lies.
#[derive(Debug, Clone)]
pub(crate) struct TallyPlan {
    pub(crate) tracks: Tracks,
    pub(crate) controls: Controls,
    /// Coefficients of the controls for each cell and track.
    pub(crate) fits: Vec<Fit>,
    /// Bins of each cell and track.
    pub(crate) binnings: Vec<Binning>,
    /// Gauges of each cell: tracks, then the parts of the share's change.
    pub(crate) gauges: Vec<Gauge>,
    /// Bins and gauges of each cell and paired quantity; of no meaning for the reference itself.
    pub(crate) pair_binnings: Vec<Binning>,
    pub(crate) pair_gauges: Vec<Gauge>,
}

/// Where the sums of one town lie.
#[derive(Debug, Clone)]
pub(crate) struct SumsPlan {
    pub(crate) tracks: Tracks,
    /// Gauges of each cell and track.
    pub(crate) gauges: Vec<Gauge>,
}

impl TallyPlan {
    /// Link-scale bins from the closed form, everything else from a pilot; `model` is the pilot's.
    fn new(model: &Model, town: &TownLaw, worlds: &[World]) -> Self {
        let moments: LinkMoments = ClosedForm::link_moments(model, town);
        let tracks = Tracks::new(model, town);
        let controls = Controls::new(model, town);
        let Pilot { cells: pilot, fits } = pilot::run(model, town, &tracks, &controls, worlds);
        let counted: Vec<Option<Vec<f64>>> =
            (0..tracks.len()).map(|track| discrete_values(town, tracks.operand(track))).collect();
        let (mut binnings, mut gauges) = (Vec::new(), Vec::new());
        let (mut pair_binnings, mut pair_gauges) = (Vec::new(), Vec::new());
        for t in 0..tracks.years {
            for path in 0..tracks.paths {
                let cell = &pilot[tracks.cell(t, path)];
                for (track, &q) in tracks.quantities.iter().enumerate() {
                    let seen = &cell.tracks[track];
                    gauges.push(Gauge::around(seen.mean, seen.sd));
                    binnings.push(match (&counted[track], model.quantities[q].kind) {
                        (Some(values), _) => Binning::counted(values),
                        (None, QuantityKind::Driver(i)) if tracks.link_of[track].is_some() => {
                            link_bins(model, town, moments[path][t][i], i, seen)
                        }
                        _ => seen.bins(),
                    });
                }
                gauges.extend(cell.parts.iter().map(|part| Gauge::around(part.mean, part.sd)));
                for seen in &cell.pairs {
                    pair_binnings.push(seen.bins());
                    pair_gauges.push(Gauge::around(seen.mean, seen.sd));
                }
            }
        }
        Self { tracks, controls, fits, binnings, gauges, pair_binnings, pair_gauges }
    }
}

impl SumsPlan {
    /// Gauges are those of the town's whole tally: a sum may be centred anywhere near its mean, so it needs no
    /// pilot of its own.
    fn like(model: &Model, town: &TownLaw, whole: &TallyPlan) -> Self {
        let tracks = Tracks::new(model, town);
        let gauge = |cell: usize, q: usize| match whole.tracks.track_of[q] {
            Some(track) => whole.gauges[cell * whole.tracks.sums() + track],
            None => Gauge::around(0.0, 1.0),
        };
        let of_cell = |cell| tracks.quantities.iter().map(move |q| gauge(cell, *q));
        let gauges = (0..tracks.cells()).flat_map(of_cell).collect();
        Self { tracks, gauges }
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
