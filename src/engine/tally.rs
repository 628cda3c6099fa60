//! The tally of a town: counts and exact sums of everything that is kept, merged by adding integers.

use super::binning::{BINS, Binning, FEW};
use super::observer::{Observer, View};
use super::share_decomposition;
use super::sums::{Moments, Partial};
use super::tally_plan::TallyPlan;
use super::tile::{BLOCK_TILES, TILE, TileRow, Value};

use crate::case::Better;
use crate::model::{Model, TownLaw};

/// Everything counted for one town.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tally {
    /// Histogram of each cell and track.
    pub(crate) counts: Vec<[u32; BINS]>,
    /// Sums of each cell: tracks, then parts of the split.
    pub(crate) moments: Vec<Moments>,
    /// Runs above each class bound, by cell.
    pub(crate) above: Vec<u64>,
    /// Runs by margin and set of leaders, by cell.
    pub(crate) leaders: Vec<u64>,
    /// Runs that first reach each outcome, by cell.
    pub(crate) reached: Vec<u64>,
    /// Histogram and sums of paired differences, by cell.
    pub(crate) pair_counts: Vec<[u32; BINS]>,
    pub(crate) pair_moments: Vec<Moments>,
    /// Runs in which the pair is better, and as good.
    pub(crate) better: Vec<[u64; 2]>,
    /// Runs in which the condition of each outcome is undefined, by cell.
    pub(crate) unknown: Vec<u64>,
    /// First run in which each track, then the condition of each outcome is undefined, and the cell.
    pub(crate) first_undefined: Vec<FirstRun>,
}

/// (run, cell); [`NEVER`] where there is none.
pub(crate) type FirstRun = [u64; 2];

/// No run at all.
pub(crate) const NEVER: FirstRun = [u64::MAX; 2];

/// The bin of what has none.
const LOST: u16 = u16::MAX;

impl Tally {
    pub(crate) fn new(plan: &TallyPlan) -> Self {
        let tracks = &plan.tracks;
        let cells = tracks.cells();
        let pairs = if tracks.reference.is_some() { cells * tracks.pairs.len() } else { 0 };
        Self {
            counts: vec![[0; BINS]; cells * tracks.len()],
            moments: vec![Moments::EMPTY; cells * tracks.sums()],
            above: vec![0; cells * tracks.ballot.bounds],
            leaders: vec![0; cells * tracks.ballot.outcomes()],
            reached: vec![0; cells * tracks.outcomes],
            pair_counts: vec![[0; BINS]; pairs],
            pair_moments: vec![Moments::EMPTY; pairs],
            better: vec![[0; 2]; pairs],
            unknown: vec![0; cells * tracks.outcomes],
            first_undefined: vec![NEVER; tracks.len() + tracks.outcomes],
        }
    }

    /// Adds another tally of the same plan.
    pub(crate) fn merge(&mut self, other: &Self) {
        let add = |into: &mut [u64], from: &[u64]| into.iter_mut().zip(from).for_each(|(a, b)| *a += b);
        let add_bins = |into: &mut [[u32; BINS]], from: &[[u32; BINS]]| {
            for (a, b) in into.as_flattened_mut().iter_mut().zip(from.as_flattened()) {
                *a += b;
            }
        };
        let add_sums = |into: &mut [Moments], from: &[Moments]| {
            into.iter_mut().zip(from).for_each(|(a, b)| a.merge(b));
        };
        add_bins(&mut self.counts, &other.counts);
        add_bins(&mut self.pair_counts, &other.pair_counts);
        add_sums(&mut self.moments, &other.moments);
        add_sums(&mut self.pair_moments, &other.pair_moments);
        add(&mut self.above, &other.above);
        add(&mut self.leaders, &other.leaders);
        add(&mut self.reached, &other.reached);
        add(&mut self.unknown, &other.unknown);
        for (first, other) in self.first_undefined.iter_mut().zip(&other.first_undefined) {
            *first = (*first).min(*other);
        }
        add(self.better.as_flattened_mut(), other.better.as_flattened());
    }
}

/// Bins of a block, a row a tile.
type BlockBins = [[u16; TILE]; BLOCK_TILES];

/// The observer that fills a tally. A cell's sums and bins are kept for one block and then added.
pub(crate) struct Tallier<'a> {
    model: &'a Model,
    law: &'a TownLaw,
    plan: &'a TallyPlan,
    tally: &'a mut Tally,
    partials: Vec<Partial>,
    pair_partials: Vec<Partial>,
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
            pair_partials: vec![Partial::EMPTY; pairs],
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
        self.pair_partials.fill(Partial::EMPTY);
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
            let is_defined = self.partials[track].add(row, view.runs, gauges[track].centre);
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
            share_decomposition::split(self.model.share_split, self.law, view, &mut self.parts);
            for (k, part) in self.parts.iter().enumerate() {
                let sum = plan.tracks.len() + k;
                self.partials[sum].add(part, view.runs, gauges[sum].centre);
            }
        }
        let bounds = plan.tracks.ballot.bounds;
        let above = &mut self.tally.above[cell * bounds..][..bounds];
        let all_defined = plan.tracks.ballot.count(view, above, &mut self.votes);
        plan.tracks.ballot.leaders(&self.votes, &mut self.leaders[tile]);
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

/// Takes the bin from the runs that have no value.
#[cold]
fn lose(row: &TileRow, bins: &mut [u16; TILE]) {
    for (bin, x) in bins.iter_mut().zip(&row.0) {
        *bin = if x.is_finite() { *bin } else { LOST };
    }
}

/// Notes the first of the runs that have no value.
#[cold]
fn note(first: &mut FirstRun, row: &TileRow, view: &View<'_>, cell: usize) {
    if let Some(p) = row.0[..view.runs].iter().position(|x| !x.is_finite()) {
        *first = (*first).min([view.first_run + p as u64, cell as u64]);
    }
}

/// Counts the bins of a block but for the lost ones.
#[cold]
fn count_defined(bins: &BlockBins, runs: &[usize; BLOCK_TILES], mut add: impl FnMut(usize)) {
    for (tile, runs) in bins.iter().zip(runs) {
        tile[..*runs].iter().filter(|bin| **bin != LOST).for_each(|bin| add(usize::from(*bin)));
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

/// Adds a block's bins to the histograms of a cell.
#[inline(always)]
fn count(
    bins: &[BlockBins],
    runs: &[usize; BLOCK_TILES],
    binnings: &[Binning],
    histograms: &mut [[u32; BINS]],
) {
    for k in 0..bins.len() {
        match binnings[k].few() {
            Some(few) if count_few(&bins[k], runs, few, &mut histograms[k]) => {}
            _ => scatter(&bins[k], runs, &mut histograms[k]),
        }
    }
}

/// Counts into a small table, in which most runs meet in a few places: in four columns, so that a run need not
/// wait for the one before it.
#[inline(always)]
fn count_side_by_side(
    bins: &BlockBins,
    runs: &[usize; BLOCK_TILES],
    columns: &mut [[u32; 4]],
    table: &mut [u64],
) {
    for (tile, runs) in bins.iter().zip(runs) {
        let (chunks, rest) = tile[..*runs].as_chunks::<4>();
        for chunk in chunks {
            for c in 0..4 {
                columns[usize::from(chunk[c])][c] += 1;
            }
        }
        for bin in rest {
            columns[usize::from(*bin)][0] += 1;
        }
    }
    for (sum, column) in table.iter_mut().zip(columns) {
        *sum += u64::from(column.iter().sum::<u32>());
        *column = [0; 4];
    }
}

/// Counts where only a few bins can be: incrementing one counter again and again waits for itself, comparing
/// does not. False, and nothing done, if a run fell elsewhere.
#[inline(always)]
fn count_few(bins: &BlockBins, runs: &[usize; BLOCK_TILES], few: &[u16], counts: &mut [u32; BINS]) -> bool {
    let mut found = [0_u32; FEW];
    let mut total = 0;
    for (bin, found) in few.iter().zip(&mut found) {
        for (tile, runs) in bins.iter().zip(runs) {
            let mut here = 0_u16;
            for b in &tile[..*runs] {
                here += u16::from(b == bin);
            }
            *found += u32::from(here);
        }
        total += *found;
    }
    let all = total as usize == runs.iter().sum::<usize>();
    if all {
        for (bin, found) in few.iter().zip(found) {
            counts[usize::from(*bin) & (BINS - 1)] += found;
        }
    }
    all
}

/// Adds a block's bins to a histogram, one by one.
#[inline(always)]
fn scatter(bins: &BlockBins, runs: &[usize; BLOCK_TILES], counts: &mut [u32; BINS]) {
    for (tile, runs) in bins.iter().zip(runs) {
        // Eight at a time: the loop's own arithmetic would cost as much as the counting.
        let (chunks, rest) = tile[..*runs].as_chunks::<8>();
        for chunk in chunks {
            for bin in chunk {
                counts[usize::from(*bin) & (BINS - 1)] += 1;
            }
        }
        for bin in rest {
            counts[usize::from(*bin) & (BINS - 1)] += 1;
        }
    }
}
