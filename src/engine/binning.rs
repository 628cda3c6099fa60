//! Histograms of fixed bins: where a value falls, and what a bin stands for.

use super::tile::TILE;
use crate::case::Link;
use crate::math;

/// Bins of a histogram.
pub(crate) const BINS: usize = 512;

/// Counters in a cache line.
const LINE: usize = 16;

/// Most bins that are counted by comparing.
pub(crate) const FEW: usize = 4;

/// How the values of one quantity in one cell are binned. The edges are a function of the case alone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Binning {
    /// Lower edge of the first bin.
    pub(crate) low: f64,
    /// Width of a bin; 0 when there is one bin only.
    pub(crate) width: f64,
    /// 1 / width, or 0.
    inverse: f64,
    /// What a position on the axis stands for.
    pub(crate) axis: Axis,
    /// The only bins there can be, if they are at most [`FEW`]; otherwise none.
    few: Vec<u16>,
    /// First bin of the half in which nearly all values of a block are expected to fall.
    busy: u16,
}

/// Width of the busy part: half of 13 standard deviations.
const BUSY: usize = BINS / 2;

/// The axis of a histogram.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Axis {
    /// The value itself.
    Natural,
    /// The link scale of a driver: quantiles map back exactly, since links are monotone.
    Link(Link),
    /// A few values, each in a bin of its own, ascending: they are counted.
    Counted(Vec<(usize, f64)>),
}

impl Binning {
    /// Bins from `low` to `high`, both rounded to a grid of 2^-20 of the span: the closed form they come
    /// from may differ between machines in the last bits, and edges must not.
    pub(crate) fn between(low: f64, high: f64, axis: Axis) -> Self {
        let span = high - low;
        if !(span > 0.0 && span.is_finite()) {
            return Self { low, width: 0.0, inverse: 0.0, axis, few: vec![0], busy: 0 };
        }
        let grid = f64::from_bits(span.to_bits() & 0x7ff0_0000_0000_0000) / 1_048_576.0;
        let (low, high) = ((low / grid).round() * grid, (high / grid).round() * grid);
        let width = (high - low) / BINS as f64;
        Self { low, width, inverse: 1.0 / width, axis, few: Vec::new(), busy: (BINS / 2 - BUSY / 2) as u16 }
    }

    /// A bin for each of a few values.
    pub(crate) fn counted(values: &[f64]) -> Self {
        let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
        let width = (high - low) / (BINS - 1) as f64;
        let inverse = if width > 0.0 { 1.0 / width } else { 0.0 };
        // Half a bin lower: each value lies in the middle of its bin.
        let (low, axis, few) = (low - 0.5 * width, Axis::Natural, Vec::new());
        let mut binning = Self { low, width, inverse, axis, few, busy: 0 };
        let mut counted: Vec<(usize, f64)> = values.iter().map(|v| (binning.index(*v), *v)).collect();
        counted.sort_by(|a, b| a.1.total_cmp(&b.1));
        counted.dedup();
        if counted.len() <= FEW {
            binning.few = counted.iter().map(|v| v.0 as u16).collect();
            binning.few.dedup();
        }
        binning.axis = Axis::Counted(counted);
        binning
    }

    /// The bin of a position on the axis; beyond the ends it is the end bin.
    #[inline(always)]
    pub(crate) fn index(&self, x: f64) -> usize {
        position(x, self.low, self.inverse) as usize
    }

    /// The bins of a tile's values.
    #[inline(always)]
    pub(crate) fn indices(&self, x: &[f64; TILE], bins: &mut [u16; TILE]) {
        let (low, inverse) = (self.low, self.inverse);
        for p in 0..TILE {
            bins[p] = position(x[p], low, inverse) as u16;
        }
    }

    /// The same bins, with values expected around `mean`.
    pub(crate) fn busy_around(mut self, mean: f64) -> Self {
        self.busy = self.index(mean).saturating_sub(BUSY / 2).min(BINS - BUSY) as u16;
        self
    }

    /// Asks for the part of a histogram that a block will want to increment: one tile's share of its lines.
    ///
    /// All histograms of a town are some megabytes, so each one has left the caches near the processor when
    /// its turn comes again. Asked for while there is still arithmetic to do, it is back in time.
    #[inline(always)]
    pub(crate) fn ask_for(&self, counts: &[u32; BINS], tile: usize, tiles: usize) {
        let lines = BUSY / LINE / tiles;
        for line in tile * lines..(tile + 1) * lines {
            prefetch_index::prefetch_index(counts, usize::from(self.busy) + line * LINE);
        }
    }

    /// The only bins there can be, if they are few.
    #[inline(always)]
    pub(crate) fn few(&self) -> Option<&[u16]> {
        if self.few.is_empty() { None } else { Some(&self.few) }
    }

    /// The natural value at a position on the axis.
    pub(crate) fn natural(&self, position: f64) -> f64 {
        match self.axis {
            Axis::Link(link) => link.invert(position),
            _ => position,
        }
    }

    /// Lower edge of a bin, as a natural value; edge number [`BINS`] is the upper end.
    pub(crate) fn edge(&self, bin: usize) -> f64 {
        self.natural(self.low + self.width * bin as f64)
    }
}

#[inline(always)]
fn position(x: f64, low: f64, inverse: f64) -> u32 {
    let v = (x - low) * inverse;
    let v = if v > 0.0 { v } else { 0.0 };
    let v = if v < (BINS - 1) as f64 + 0.5 { v } else { (BINS - 1) as f64 + 0.5 };
    math::floor_index(v) & (BINS as u32 - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fall_into_their_bins_and_outliers_into_the_ends() {
        let binning = Binning::between(0.0, 512.0, Axis::Natural);
        for (x, bin) in [(0.3, 0), (1.5, 1), (511.7, 511), (-9.0, 0), (9e9, 511), (f64::NAN, 0)] {
            assert_eq!(binning.index(x), bin, "{x}");
        }
        assert_eq!(binning.edge(512), 512.0);
    }

    #[test]
    fn counted_values_have_bins_of_their_own() {
        let binning = Binning::counted(&[0.0, 10.0, 14.142, 17.32, 10.0]);
        let Axis::Counted(values) = &binning.axis else { panic!("not counted") };
        assert_eq!(values.iter().map(|v| v.1).collect::<Vec<_>>(), [0.0, 10.0, 14.142, 17.32]);
        assert!(values.windows(2).all(|w| w[0].0 < w[1].0));
    }

    #[test]
    fn edges_do_not_feel_the_last_bits() {
        let a = Binning::between(0.1, 0.7, Axis::Natural);
        let b = Binning::between(0.1 * (1.0 + 4e-16), 0.7 * (1.0 - 4e-16), Axis::Natural);
        assert_eq!(a, b);
    }
}
