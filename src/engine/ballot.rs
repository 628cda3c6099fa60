//! Classes, votes and leaders of a tile of runs. The rules are those of [`crate::assess`]; a test holds the
//! two together.
//!
//! Votes are packed: one byte a candidate in a 64-bit word. Crossing a class bound adds a difference of
//! packed votes, wrapping; the bytes are right again at the end, since every true count is in 0..=255.

use super::observer::View;
use super::tile::{TILE, TileRow, Value};
use crate::formula::{exceeds, raised};
use crate::model::{Model, Operand, TownLaw};

/// Largest number of candidate scenarios: the bytes of a word.
pub(crate) const MAX_CANDIDATES: usize = 8;

/// The scales of a town's composites, compiled.
#[derive(Debug, Clone)]
pub(crate) struct Ballot {
    pub(crate) candidates: usize,
    /// Votes of composites that are the same in all runs, and of the lowest class of the others.
    start: u64,
    /// Composites that differ between runs.
    moving: Vec<Moving>,
    /// Bounds exceeded by the constant composites: (bound number, exceeded).
    fixed: Vec<(usize, bool)>,
    /// Scales of the composites that are undefined in all runs, so that nobody leads.
    never: Vec<usize>,
    /// Number of bounds, over all composites.
    pub(crate) bounds: usize,
    pub(crate) scales: usize,
}

#[derive(Debug, Clone)]
struct Moving {
    scale: usize,
    operand: Operand,
    /// Packed votes of the lowest class.
    lowest: u64,
    bounds: Vec<Bound>,
}

/// (bound number, threshold of the bound, packed change of votes above it).
type Bound = (usize, f64, u64);

impl Ballot {
    pub(crate) fn new(model: &Model, town: &TownLaw) -> Self {
        let pack = |votes: &[bool]| {
            votes.iter().enumerate().fold(0_u64, |w, (s, v)| w.wrapping_add(u64::from(*v) << (8 * s)))
        };
        let mut ballot = Self {
            candidates: model.candidates,
            start: 0,
            moving: Vec::new(),
            fixed: Vec::new(),
            never: Vec::new(),
            bounds: 0,
            scales: model.scales.len(),
        };
        for (scale, (composite, classes)) in model.scales.iter().enumerate() {
            let operand = town.outcome.composites[*composite];
            let first = ballot.bounds;
            ballot.bounds += classes.len() - 1;
            if let Operand::Constant(x) = operand {
                if !x.is_finite() {
                    ballot.never.push(scale);
                }
                if let Some(class) = crate::case::class_of(classes, x) {
                    ballot.start = ballot.start.wrapping_add(pack(&classes[class].votes));
                }
                ballot
                    .fixed
                    .extend((0..classes.len() - 1).map(|j| (first + j, exceeds(x, classes[j].upper))));
                continue;
            }
            let lowest = pack(&classes[0].votes);
            ballot.start = ballot.start.wrapping_add(lowest);
            let step = |j: usize| pack(&classes[j + 1].votes).wrapping_sub(pack(&classes[j].votes));
            let bounds =
                (0..classes.len() - 1).map(|j| (first + j, raised(classes[j].upper), step(j))).collect();
            ballot.moving.push(Moving { scale, operand, lowest, bounds });
        }
        ballot
    }

    /// Size of the table of leaders: see [`Ballot::leaders`].
    pub(crate) fn outcomes(&self) -> usize {
        (self.scales + 1) << self.candidates
    }

    /// True for the runs of a tile in which a composite is undefined: they have no lead.
    pub(crate) fn undefined(&self, view: &View<'_>) -> [bool; TILE] {
        let mut undefined = [!self.never.is_empty(); TILE];
        for composite in &self.moving {
            let x = view.value(composite.operand);
            undefined.iter_mut().enumerate().for_each(|(p, known)| *known |= !x.at(p).is_finite());
        }
        undefined
    }

    /// Counts the runs of a tile in which each scaled composite is undefined.
    pub(crate) fn count_undefined(&self, view: &View<'_>, counts: &mut [u64]) {
        for scale in &self.never {
            counts[*scale] += view.runs as u64;
        }
        for composite in &self.moving {
            let x = view.value(composite.operand);
            counts[composite.scale] += (0..view.runs).filter(|p| !x.at(*p).is_finite()).count() as u64;
        }
    }

    /// Counts the runs above each bound and computes the packed votes of each run. False where a composite may be
    /// undefined in a run: that is in no class and has no vote, and the run has no lead.
    #[inline(always)]
    pub(crate) fn count(&self, view: &View<'_>, above: &mut [u64], votes: &mut [u64; TILE]) -> bool {
        let mut all_defined = self.never.is_empty();
        votes.fill(self.start);
        for (bound, exceeded) in &self.fixed {
            above[*bound] += if *exceeded { view.runs as u64 } else { 0 };
        }
        for composite in &self.moving {
            let Value::Each(x) = view.value(composite.operand) else { continue };
            let defined_part;
            let x = if x.is_finite() {
                x
            } else {
                all_defined = false;
                defined_part = x.undefined_as_nan();
                take_back(&defined_part, composite.lowest, votes);
                &defined_part
            };
            if view.runs < TILE {
                for (number, bound, _) in &composite.bounds {
                    above[*number] += x.0[..view.runs].iter().filter(|x| **x > *bound).count() as u64;
                }
            }
            let above = if view.runs < TILE { &mut [][..] } else { &mut *above };
            // A few bounds at a time: each run's value and votes then stay in registers.
            for bounds in composite.bounds.chunks(4) {
                match bounds {
                    [a, b, c, d] => classify([a, b, c, d], x, above, votes),
                    [a, b, c] => classify([a, b, c], x, above, votes),
                    [a, b] => classify([a, b], x, above, votes),
                    [a] => classify([a], x, above, votes),
                    _ => {}
                }
            }
        }
        all_defined
    }

    /// For each run: the set of leaders (a bit a candidate) and, above it, the margin of the best over the
    /// second best.
    #[inline(always)]
    pub(crate) fn leaders(&self, votes: &[u64; TILE], leaders: &mut [u16; TILE]) {
        match self.candidates {
            1 => rank::<1>(votes, leaders),
            2 => rank::<2>(votes, leaders),
            3 => rank::<3>(votes, leaders),
            4 => rank::<4>(votes, leaders),
            5 => rank::<5>(votes, leaders),
            6 => rank::<6>(votes, leaders),
            7 => rank::<7>(votes, leaders),
            _ => rank::<MAX_CANDIDATES>(votes, leaders),
        }
    }
}

/// Takes the lowest class's votes from the runs in which a composite is undefined.
#[cold]
fn take_back(x: &TileRow, lowest: u64, votes: &mut [u64; TILE]) {
    for (votes, _) in votes.iter_mut().zip(&x.0).filter(|(_, x)| x.is_nan()) {
        *votes = votes.wrapping_sub(lowest);
    }
}

/// Adds the square of each candidate's votes, summed over the runs of a tile that count.
#[inline(always)]
pub(super) fn add_squares(votes: &[u64; TILE], runs: usize, squares: &mut [u64]) {
    for (s, sum) in squares.iter_mut().enumerate() {
        let square = |votes: &u64| {
            let count = (votes >> (8 * s)) as u32 & 0xff;
            count * count
        };
        // 128 squares of a byte fit 32 bits; with its length known the loop is unrolled.
        let total: u32 = if runs == TILE {
            votes.iter().map(square).sum()
        } else {
            votes[..runs].iter().map(square).sum()
        };
        *sum += u64::from(total);
    }
}

/// Changes the votes of the runs above each of N bounds, and counts those runs where `above` has room.
#[inline(always)]
fn classify<const N: usize>(bounds: [&Bound; N], x: &TileRow, above: &mut [u64], votes: &mut [u64; TILE]) {
    let bound: [f64; N] = std::array::from_fn(|k| bounds[k].1);
    let change: [u64; N] = std::array::from_fn(|k| bounds[k].2);
    let mut counts = [0_u64; N];
    for p in 0..TILE {
        let mut sum = votes[p];
        for k in 0..N {
            let exceeded = x.0[p] > bound[k];
            sum = sum.wrapping_add(if exceeded { change[k] } else { 0 });
            counts[k] += u64::from(exceeded);
        }
        votes[p] = sum;
    }
    for k in 0..N {
        if let Some(above) = above.get_mut(bounds[k].0) {
            *above += counts[k];
        }
    }
}

#[inline(always)]
fn rank<const S: usize>(votes: &[u64; TILE], leaders: &mut [u16; TILE]) {
    for p in 0..TILE {
        let count = |s: usize| (votes[p] >> (8 * s)) & 0xff;
        let (mut best, mut second) = (0, 0);
        for s in 0..S {
            let v = count(s);
            let lower = if v < best { v } else { best };
            second = if lower > second { lower } else { second };
            best = if v > best { v } else { best };
        }
        let mut set = 0;
        for s in 0..S {
            set |= u64::from(count(s) == best) << s;
        }
        leaders[p] = (((best - second) << S) | set) as u16;
    }
}
