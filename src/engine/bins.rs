//! Bins of a histogram, kept small: results hold very many of them.

use super::binning::{Axis, BINS, Binning};
use crate::case::Link;

/// A bin of a histogram; a counted value has `low == high`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Lower edge.
    pub low: f64,
    /// Upper edge.
    pub high: f64,
    /// Number of runs.
    pub count: u64,
}

/// The bins from the first to the last one that holds a run. The outermost edges are moved to the smallest and
/// largest value where those lie beyond. Four bytes a bin: edges are computed when they are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Bins(Kind);

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// A few bins.
    Listed(Box<[Bin]>),
    /// Bins of the same width on an axis.
    Even {
        /// Number of the first bin.
        first: u16,
        counts: Box<[u32]>,
        /// Lower edge of bin 0 and width of a bin, on the axis.
        low: f64,
        width: f64,
        /// The axis is the link scale of a driver, or else the value itself.
        link: Option<Link>,
        /// Smallest and largest value.
        ends: [f64; 2],
    },
}

impl Bins {
    /// All runs in one.
    pub(super) fn one([low, high]: [f64; 2], runs: u64) -> Self {
        Self(Kind::Listed([Bin { low, high, count: runs }].into()))
    }

    /// Those of a histogram.
    pub(super) fn of(counts: &[u32; BINS], binning: &Binning, ends: [f64; 2]) -> Self {
        let link = match &binning.axis {
            Axis::Counted(values) => {
                let bin = |(bin, v): &(usize, f64)| Bin { low: *v, high: *v, count: u64::from(counts[*bin]) };
                return values.iter().map(bin).filter(|bin| bin.count > 0).collect();
            }
            Axis::Link(link) => Some(*link),
            Axis::Natural => None,
        };
        let first = counts.iter().position(|c| *c > 0).unwrap_or(0);
        let end = counts.iter().rposition(|c| *c > 0).map_or(0, |last| last + 1);
        let (low, width) = (binning.low, binning.width);
        Self(Kind::Even { first: first as u16, counts: counts[first..end].into(), low, width, link, ends })
    }

    /// The bins, ascending.
    pub fn iter(&self) -> impl Iterator<Item = Bin> {
        let number = match &self.0 {
            Kind::Listed(bins) => bins.len(),
            Kind::Even { counts, .. } => counts.len(),
        };
        (0..number).map(|k| self.bin(k))
    }

    fn bin(&self, k: usize) -> Bin {
        match &self.0 {
            Kind::Listed(bins) => bins[k],
            Kind::Even { first, counts, low, width, link, ends } => {
                let edge = |bin: usize| {
                    let position = low + width * bin as f64;
                    link.map_or(position, |link| link.invert(position))
                };
                let bin = usize::from(*first) + k;
                let (low, high) = (edge(bin), edge(bin + 1));
                Bin {
                    low: if bin == 0 { low.min(ends[0]) } else { low },
                    high: if bin == BINS - 1 { high.max(ends[1]) } else { high },
                    count: u64::from(counts[k]),
                }
            }
        }
    }

    /// The bins as a list.
    pub fn to_vec(&self) -> Vec<Bin> {
        self.iter().collect()
    }
}

impl FromIterator<Bin> for Bins {
    fn from_iter<I: IntoIterator<Item = Bin>>(bins: I) -> Self {
        Self(Kind::Listed(bins.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_those_of_the_binning_and_the_ends_take_in_what_lies_beyond() {
        let mut counts = [0; BINS];
        (counts[0], counts[2], counts[BINS - 1]) = (5, 1, 4);
        let binning = Binning::between(0.0, 512.0, Axis::Natural);
        let bins = Bins::of(&counts, &binning, [-7.0, 600.0]).to_vec();
        assert_eq!(bins.len(), BINS);
        assert_eq!(bins[0], Bin { low: -7.0, high: 1.0, count: 5 });
        assert_eq!(bins[1], Bin { low: 1.0, high: 2.0, count: 0 });
        assert_eq!(bins[BINS - 1], Bin { low: 511.0, high: 600.0, count: 4 });
        counts[0] = 0;
        counts[BINS - 1] = 0;
        let link = Binning::between(0.0, 5.12, Axis::Link(Link::Log));
        let bins = Bins::of(&counts, &link, [1.0, 2.0]).to_vec();
        assert_eq!(bins, [Bin { low: link.edge(2), high: link.edge(3), count: 1 }]);
        let counted = Binning::counted(&[0.0, 10.0, 30.0]);
        let mut counts = [0; BINS];
        counts[counted.index(10.0)] = 9;
        let bins = Bins::of(&counts, &counted, [10.0, 10.0]).to_vec();
        assert_eq!(bins, [Bin { low: 10.0, high: 10.0, count: 9 }]);
        assert_eq!(Bins::one([1.0, 2.0], 3).to_vec(), [Bin { low: 1.0, high: 2.0, count: 3 }]);
    }
}
