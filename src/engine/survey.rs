//! A survey: means of chosen quantities, classes, votes and outcomes, of a model for which nothing was made
//! ready. It keeps no histograms, so it needs no pilot; where sums are centred follows from the base year.

use super::ballot::{Ballot, add_squares};
use super::ensemble::MeanSd;
use super::observer::{Observer, View};
use super::schedule::{Keep, Shares};
use super::spread::Summer;
use super::sums::{Gauge, Moments};
use super::tally_plan::SumsPlan;
use super::tile::TILE;
use super::tracks::Tracks;
use super::vector_level::VectorLevel;
use crate::model::{Model, Operand, TownLaw};
use std::ops::{ControlFlow, Range};

/// What many runs of a model say, in short. Towns and paths are places in the options; years are counted
/// from 0, the base year; quantities are places in [`Model::quantities`].
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    runs: u64,
    towns: Vec<TownSurvey>,
}

#[derive(Debug, Clone, PartialEq)]
struct TownSurvey {
    years: usize,
    paths: usize,
    /// Each chosen quantity: its value where that is the same in all runs, else its gauge.
    quantities: Vec<(usize, Result<Gauge, f64>)>,
    /// Sums of each cell and quantity that is no constant.
    moments: Vec<Moments>,
    counts: Counts,
}

/// Runs counted by cell.
#[derive(Debug, Clone, PartialEq)]
struct Counts {
    /// Runs above each class bound.
    above: Vec<u64>,
    /// Runs in which each scaled composite is undefined.
    undefined: Vec<u64>,
    /// Runs by margin and set of leaders.
    leaders: Vec<u64>,
    /// Votes of each candidate squared and summed over runs.
    vote_squares: Vec<u64>,
    /// Runs that first reach each outcome.
    reached: Vec<u64>,
}

impl Counts {
    fn none(tracks: &Tracks) -> Self {
        let of = |width: usize| vec![0; tracks.cells() * width];
        let Tracks { ballot, outcomes, .. } = tracks;
        Self {
            above: of(ballot.bounds),
            undefined: of(ballot.scales),
            leaders: of(ballot.outcomes()),
            vote_squares: of(ballot.candidates),
            reached: of(*outcomes),
        }
    }

    fn merge(&mut self, other: &Self) {
        let add = |into: &mut [u64], from: &[u64]| into.iter_mut().zip(from).for_each(|(a, b)| *a += b);
        add(&mut self.above, &other.above);
        add(&mut self.undefined, &other.undefined);
        add(&mut self.leaders, &other.leaders);
        add(&mut self.vote_squares, &other.vote_squares);
        add(&mut self.reached, &other.reached);
    }
}

impl Survey {
    /// Number of runs.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// Mean and standard deviation of a quantity; none for one that was not chosen.
    pub fn quantity(&self, town: usize, t: usize, path: usize, quantity: usize) -> Option<MeanSd> {
        let town = &self.towns[town];
        let place = town.quantities.iter().position(|(q, _)| *q == quantity)?;
        let gauge = match town.quantities[place].1 {
            Ok(gauge) => gauge,
            Err(mean) => return Some(MeanSd { mean, sd: 0.0 }),
        };
        let summed =
            |quantities: &[(usize, Result<Gauge, f64>)]| quantities.iter().filter(|q| q.1.is_ok()).count();
        let (before, width) = (summed(&town.quantities[..place]), summed(&town.quantities));
        let (mean, sd) = town.moments[(t * town.paths + path) * width + before].mean_sd(gauge, self.runs);
        Some(MeanSd { mean, sd })
    }

    /// Runs above each class bound, composite after composite.
    pub fn above(&self, town: usize, t: usize, path: usize) -> &[u64] {
        self.towns[town].of_cell(&self.towns[town].counts.above, t, path)
    }

    /// Runs in which each composite with a scale is undefined.
    pub fn undefined(&self, town: usize, t: usize, path: usize) -> &[u64] {
        self.towns[town].of_cell(&self.towns[town].counts.undefined, t, path)
    }

    /// Runs by (margin << candidates | set of leaders).
    pub fn leaders(&self, town: usize, t: usize, path: usize) -> &[u64] {
        self.towns[town].of_cell(&self.towns[town].counts.leaders, t, path)
    }

    /// Votes of each candidate squared and summed over runs.
    pub fn vote_squares(&self, town: usize, t: usize, path: usize) -> &[u64] {
        self.towns[town].of_cell(&self.towns[town].counts.vote_squares, t, path)
    }

    /// Runs that first reach each outcome in a year.
    pub fn reached(&self, town: usize, t: usize, path: usize) -> &[u64] {
        self.towns[town].of_cell(&self.towns[town].counts.reached, t, path)
    }
}

impl TownSurvey {
    fn of_cell<'a>(&self, counts: &'a [u64], t: usize, path: usize) -> &'a [u64] {
        let width = counts.len() / (self.years * self.paths);
        &counts[(t * self.paths + path) * width..][..width]
    }
}

/// Runs a model for a survey of some quantities, with the threads it is called with. Counts are those of
/// [`super::run`], means and deviations the same but for rounding (1e-12 of a standard deviation).
pub fn survey(model: &Model, quantities: &[usize], level: VectorLevel, runs: u64) -> Survey {
    survey_range(model, quantities, level, 0..runs)
}

/// The same for a range of runs that begins at a multiple of [`super::BLOCK_RUNS`].
pub fn survey_range(model: &Model, quantities: &[usize], level: VectorLevel, runs: Range<u64>) -> Survey {
    let plans: Vec<SumsPlan> = model.towns.iter().map(|town| plan(model, town, quantities)).collect();
    let mut shares = Shares::new(model, |town, _| Asked {
        plan: &plans[town],
        moments: plans[town].no_moments(),
        counts: Counts::none(&plans[town].tracks),
    });
    shares.run(level, runs.clone(), |_, _| ControlFlow::Continue(()));
    let mut towns: Vec<TownSurvey> = Vec::with_capacity(plans.len());
    for (town, kept) in shares.into_kept() {
        if let Some(into) = towns.get_mut(town) {
            into.moments.iter_mut().zip(&kept.moments).for_each(|(a, b)| a.merge(b));
            into.counts.merge(&kept.counts);
            continue;
        }
        let Tracks { years, paths, track_of, operands, .. } = &kept.plan.tracks;
        let found = |q: &usize| match (track_of[*q], operands[*q]) {
            (Some(track), _) => Ok(kept.plan.gauges[track]),
            (None, Operand::Constant(x)) => Err(x),
            (None, _) => Err(f64::NAN),
        };
        towns.push(TownSurvey {
            years: *years,
            paths: *paths,
            quantities: sorted(quantities).iter().map(|q| (*q, found(q))).collect(),
            moments: kept.moments,
            counts: kept.counts,
        });
    }
    Survey { runs: runs.end - runs.start, towns }
}

fn sorted(quantities: &[usize]) -> Vec<usize> {
    let mut sorted = quantities.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted
}

/// Sums of some quantities, centred at their value in the base year.
fn plan(model: &Model, town: &TownLaw, quantities: &[usize]) -> SumsPlan {
    let tracks = Tracks::of(model, town, |q| quantities.contains(&q));
    let gauge = |q: &usize| {
        let x = town.at_base(tracks.operands[*q]);
        if x.is_normal() { Gauge::around(x, 0.125 * x.abs()) } else { Gauge::around(0.0, 1.0) }
    };
    let of_cell: Vec<Gauge> = tracks.quantities.iter().map(gauge).collect();
    SumsPlan { gauges: of_cell.repeat(tracks.cells()), tracks }
}

/// What is kept of a town's runs.
struct Asked<'a> {
    plan: &'a SumsPlan,
    moments: Vec<Moments>,
    counts: Counts,
}

impl Keep for Asked<'_> {
    fn observer<'a>(&'a mut self, _model: &'a Model, _law: &'a TownLaw) -> impl Observer + 'a {
        let Self { plan, moments, counts } = self;
        let poll = Poll { tracks: &plan.tracks, counts, votes: [0; TILE], leaders: [0; TILE] };
        (Summer::new(plan, moments), poll)
    }
}

/// The observer that counts classes, leaders and outcomes.
struct Poll<'a> {
    tracks: &'a Tracks,
    counts: &'a mut Counts,
    votes: [u64; TILE],
    leaders: [u16; TILE],
}

impl Observer for Poll<'_> {
    #[inline(always)]
    fn tile(&mut self, t: usize, path: usize, _tile: usize, view: &View<'_>) {
        let Tracks { ballot, outcomes, .. } = self.tracks;
        let cell = self.tracks.cell(t, path);
        let (bounds, sets): (usize, usize) = (ballot.bounds, Ballot::outcomes(ballot));
        let above = &mut self.counts.above[cell * bounds..][..bounds];
        let all_defined = ballot.count(view, above, &mut self.votes);
        ballot.leaders(&self.votes, &mut self.leaders);
        let squares = &mut self.counts.vote_squares[cell * ballot.candidates..][..ballot.candidates];
        add_squares(&self.votes, view.runs, squares);
        let table = &mut self.counts.leaders[cell * sets..][..sets];
        if all_defined {
            for leaders in &self.leaders[..view.runs] {
                table[usize::from(*leaders)] += 1;
            }
        } else {
            let counts = &mut self.counts.undefined[cell * ballot.scales..][..ballot.scales];
            ballot.count_undefined(view, counts);
            let undefined = ballot.undefined(view);
            let leaders = self.leaders[..view.runs].iter().zip(undefined);
            leaders.filter(|(_, undefined)| !undefined).for_each(|(set, _)| table[usize::from(*set)] += 1);
        }
        let reached = &mut self.counts.reached[cell * outcomes..][..*outcomes];
        for (count, row) in reached.iter_mut().zip(&view.state.reached) {
            *count += row.0[..view.runs].iter().filter(|x| **x > 0.0).count() as u64;
        }
    }
}
