//! The observer that fills a tally, block by block.

use super::ballot::add_squares;
use super::bin_counts::{BlockBins, LOST, count, count_defined, count_side_by_side, lose};
use super::higher_moments::HigherPartial;
use super::observer::{Observer, View};
use super::share_decomposition;
use super::sums::Partial;
use super::tally::{FirstRun, Tally};
use super::tally_plan::TallyPlan;
use super::tile::{BLOCK_TILES, TILE, TileRow, Value};
use crate::case::Better;
use crate::model::{Model, TownLaw};

/// The observer that fills a tally. A cell's sums and bins are kept for one block and then added.
pub(crate) struct Tallier<'a> {
    model: &'a Model,
    law: &'a TownLaw,
    plan: &'a TallyPlan,
    tally: &'a mut Tally,
    partials: Vec<Partial>,
    higher: Vec<HigherPartial>,
    pair_partials: Vec<Partial>,
    pair_higher: Vec<HigherPartial>,
    bins: Vec<BlockBins>,
    pair_bins: Vec<BlockBins>,
    leaders: BlockBins,
    leader_counts: Vec<[u32; 4]>,
    /// Runs of each tile of the block that count.
    runs: [usize; BLOCK_TILES],
    reference: Vec<TileRow>,
    parts: Vec<TileRow>,
    votes: [u64; TILE],
    difference: TileRow,
    /// True when a value of the block has no bin.
    is_lossy: bool,
}

impl<'a> Tallier<'a> {
    pub(crate) fn new(model: &'a Model, law: &'a TownLaw, plan: &'a TallyPlan, tally: &'a mut Tally) -> Self {
        let pairs = plan.tracks.pairs.len();
        Self {
            partials: vec![Partial::EMPTY; plan.tracks.sums()],
            higher: vec![HigherPartial::EMPTY; plan.tracks.len()],
            pair_partials: vec![Partial::EMPTY; pairs],
            pair_higher: vec![HigherPartial::EMPTY; pairs],
            bins: vec![[[0; TILE]; BLOCK_TILES]; plan.tracks.len()],
            pair_bins: vec![[[0; TILE]; BLOCK_TILES]; pairs],
            leaders: [[0; TILE]; BLOCK_TILES],
            leader_counts: vec![[0; 4]; plan.tracks.ballot.outcomes()],
            runs: [0; BLOCK_TILES],
            reference: TileRow::zeros(BLOCK_TILES * pairs),
            parts: TileRow::zeros(share_decomposition::PARTS),
            votes: [0; TILE],
            difference: TileRow::ZERO,
            is_lossy: false,
            model,
            law,
            plan,
            tally,
        }
    }

    #[inline(always)]
    fn compare(&mut self, cell: usize, path: usize, tile: usize, view: &View<'_>) {
        let pairs = self.plan.tracks.pairs.len();
        let reference = &mut self.reference[tile * pairs..][..pairs];
        for (k, (q, better)) in self.plan.tracks.pairs.iter().enumerate() {
            let Value::Each(row) = view.value(self.plan.tracks.operands[*q]) else { continue };
            if self.plan.tracks.reference == Some(path) {
                reference[k] = *row;
                continue;
            }
            for p in 0..TILE {
                self.difference.0[p] = row.0[p] - reference[k].0[p];
            }
            let place = cell * pairs + k;
            let centre = self.plan.pair_gauges[place].centre;
            let is_defined = self.pair_partials[k].add(&self.difference, view.runs, centre);
            self.pair_higher[k].add(&self.difference, view.runs, centre, is_defined);
            if !is_defined {
                self.difference = self.difference.undefined_as_nan();
            }
            let difference = &self.difference;
            let binning = &self.plan.pair_binnings[place];
            binning.indices(&difference.0, &mut self.pair_bins[k][tile]);
            if !is_defined {
                self.is_lossy = true;
                lose(difference, &mut self.pair_bins[k][tile]);
            }
            binning.ask_for(&self.tally.pair_counts[place], tile, BLOCK_TILES);
            let lower = matches!(better, Better::Lower);
            let (wins, ties) = points(difference, view.runs, if lower { -1.0 } else { 1.0 });
            let [won, tied] = &mut self.tally.better[place];
            *won += wins;
            *tied += ties;
        }
    }
}

impl Observer for Tallier<'_> {
    #[inline(always)]
    fn begin(&mut self, _t: usize, _path: usize) {
        self.partials.fill(Partial::EMPTY);
        self.higher.fill(HigherPartial::EMPTY);
        self.pair_partials.fill(Partial::EMPTY);
        self.pair_higher.fill(HigherPartial::EMPTY);
        self.runs = [0; BLOCK_TILES];
        self.is_lossy = false;
    }

    #[inline(always)]
    fn tile(&mut self, t: usize, path: usize, tile: usize, view: &View<'_>) {
        let plan = self.plan;
        let cell = plan.tracks.cell(t, path);
        self.runs[tile] = view.runs;
        let gauges = &plan.gauges[cell * plan.tracks.sums()..][..plan.tracks.sums()];
        let binnings = &plan.binnings[cell * plan.tracks.len()..][..plan.tracks.len()];
        for (track, &q) in plan.tracks.quantities.iter().enumerate() {
            let Value::Each(row) = view.value(plan.tracks.operands[q]) else { continue };
            let centre = gauges[track].centre;
            let is_defined = self.partials[track].add(row, view.runs, centre);
            self.higher[track].add(row, view.runs, centre, is_defined);
            let binning = &binnings[track];
            let axis = plan.tracks.link_of[track].map_or(row, |driver| &view.links[driver]);
            binning.indices(&axis.0, &mut self.bins[track][tile]);
            if !is_defined {
                self.is_lossy = true;
                lose(row, &mut self.bins[track][tile]);
                note(&mut self.tally.first_undefined[track], row, view, cell);
            }
            let counts = &self.tally.counts[cell * plan.tracks.len() + track];
            binning.ask_for(counts, tile, BLOCK_TILES);
        }
        if plan.tracks.splits {
            share_decomposition::split(self.model, self.law, view, &mut self.parts);
            for (k, part) in self.parts.iter().enumerate() {
                let sum = plan.tracks.len() + k;
                self.partials[sum].add(part, view.runs, gauges[sum].centre);
            }
        }
        let bounds = plan.tracks.ballot.bounds;
        let above = &mut self.tally.above[cell * bounds..][..bounds];
        let all_defined = plan.tracks.ballot.count(view, above, &mut self.votes);
        plan.tracks.ballot.leaders(&self.votes, &mut self.leaders[tile]);
        let candidates = plan.tracks.ballot.candidates;
        add_squares(&self.votes, view.runs, &mut self.tally.vote_squares[cell * candidates..][..candidates]);
        if !all_defined {
            self.is_lossy = true;
            let undefined = plan.tracks.ballot.undefined(view);
            let leaders = self.leaders[tile].iter_mut().zip(undefined);
            leaders.filter(|(_, undefined)| *undefined).for_each(|(set, _)| *set = LOST);
        }
        let outcomes = self.model.first_passages.len();
        for (k, operand) in plan.tracks.conditions.iter().filter(|_| t > 0) {
            let Value::Each(row) = view.value(*operand) else { continue };
            let undefined = row.0[..view.runs].iter().filter(|x| !x.is_finite()).count();
            if undefined > 0 {
                self.tally.unknown[cell * outcomes + k] += undefined as u64;
                note(&mut self.tally.first_undefined[plan.tracks.len() + k], row, view, cell);
            }
        }
        for (k, reached) in view.state.reached.iter().enumerate() {
            let mut count = 0_u64;
            for x in &reached.0[..view.runs] {
                count += u64::from(*x > 0.0);
            }
            self.tally.reached[cell * outcomes + k] += count;
        }
        if plan.tracks.reference.is_some() {
            self.compare(cell, path, tile, view);
        }
    }

    #[inline(always)]
    fn end(&mut self, t: usize, path: usize) {
        let plan = self.plan;
        let cell = plan.tracks.cell(t, path);
        let (tracks, sums) = (plan.tracks.len(), plan.tracks.sums());
        for k in 0..sums {
            self.tally.moments[cell * sums + k].add(&self.partials[k], plan.gauges[cell * sums + k]);
        }
        for (k, higher) in self.higher.iter().enumerate() {
            self.tally.higher[cell * tracks + k].add(higher, plan.gauges[cell * sums + k]);
        }
        let binnings = &plan.binnings[cell * tracks..][..tracks];
        let counts = &mut self.tally.counts[cell * tracks..][..tracks];
        let outcomes = plan.tracks.ballot.outcomes();
        let table = &mut self.tally.leaders[cell * outcomes..][..outcomes];
        if self.is_lossy {
            for (bins, counts) in self.bins.iter().zip(counts) {
                count_defined(bins, &self.runs, |bin| counts[bin] += 1);
            }
            count_defined(&self.leaders, &self.runs, |bin| table[bin] += 1);
        } else {
            count(&self.bins, &self.runs, binnings, counts);
            count_side_by_side(&self.leaders, &self.runs, &mut self.leader_counts, table);
        }
        if plan.tracks.reference.is_some_and(|r| r != path) {
            let pairs = plan.tracks.pairs.len();
            let places = cell * pairs..(cell + 1) * pairs;
            for (k, place) in places.clone().enumerate() {
                self.tally.pair_moments[place].add(&self.pair_partials[k], plan.pair_gauges[place]);
                self.tally.pair_higher[place].add(&self.pair_higher[k], plan.pair_gauges[place]);
            }
            let binnings = &plan.pair_binnings[places.clone()];
            let counts = &mut self.tally.pair_counts[places];
            if self.is_lossy {
                for (bins, counts) in self.pair_bins.iter().zip(counts) {
                    count_defined(bins, &self.runs, |bin| counts[bin] += 1);
                }
            } else {
                count(&self.pair_bins, &self.runs, binnings, counts);
            }
        }
    }
}

/// Notes the first of the runs that have no value.
#[cold]
fn note(first: &mut FirstRun, row: &TileRow, view: &View<'_>, cell: usize) {
    if let Some(p) = row.0[..view.runs].iter().position(|x| !x.is_finite()) {
        *first = (*first).min([view.first_run + p as u64, cell as u64]);
    }
}

/// Runs of a tile whose difference has this sign, and those where it is 0.
#[inline(always)]
fn points(difference: &TileRow, runs: usize, sign: f64) -> (u64, u64) {
    let (mut wins, mut ties) = (0_u64, 0_u64);
    if runs == TILE {
        for d in &difference.0 {
            wins += u64::from(sign * d > 0.0);
            ties += u64::from(*d == 0.0);
        }
    } else {
        for d in &difference.0[..runs] {
            wins += u64::from(sign * d > 0.0);
            ties += u64::from(*d == 0.0);
        }
    }
    (wins, ties)
}
