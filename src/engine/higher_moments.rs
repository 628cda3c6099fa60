//! Exact sums of third and fourth powers: what the errors of standard deviations and the lopsidedness of means are
//! read from. They are kept beside [`Moments`], for whole tallies alone, on the same grid and by the same rules.

use super::sums::{GRID, Gauge, LANES, Moments, on_grid, tree};
use super::tile::{TILE, TileRow};

/// Sums over the runs of one block, in lanes: run p adds to lane p mod 16.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct HigherPartial {
    third: [f64; LANES],
    fourth: [f64; LANES],
}

impl HigherPartial {
    pub(super) const EMPTY: Self = Self { third: [0.0; LANES], fourth: [0.0; LANES] };

    /// Adds the first `runs` values of a tile, taken relative to `centre`. Those that are not finite are left out,
    /// which `all_defined` tells beforehand.
    #[inline(always)]
    pub(super) fn add(&mut self, row: &TileRow, runs: usize, centre: f64, all_defined: bool) {
        if runs < TILE || !all_defined {
            return self.add_some(&row.0[..runs], centre);
        }
        // Arrays of their own, so that the compiler keeps them in registers.
        let (mut third, mut fourth) = (self.third, self.fourth);
        for chunk in row.0.as_chunks::<LANES>().0 {
            for l in 0..LANES {
                let d = chunk[l] - centre;
                let square = d * d;
                third[l] += square * d;
                fourth[l] += square * square;
            }
        }
        (self.third, self.fourth) = (third, fourth);
    }

    #[cold]
    fn add_some(&mut self, values: &[f64], centre: f64) {
        for (p, x) in values.iter().enumerate().filter(|(_, x)| x.is_finite()) {
            let square = (x - centre) * (x - centre);
            self.third[p % LANES] += square * (x - centre);
            self.fourth[p % LANES] += square * square;
        }
    }
}

/// Sums over all runs, as integers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct HigherMoments {
    third: i128,
    fourth: i128,
    /// Additions that went beyond 128 bits, so that the sums say nothing.
    saturated: u64,
}

/// StandardisedMoments of a distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StandardisedMoments {
    /// Third central moment over the cube of the standard deviation.
    pub skewness: f64,
    /// Fourth central moment over the square of the variance: 3 for a normal, 1 for two values that are equally
    /// likely, never less.
    pub kurtosis: f64,
}

impl HigherMoments {
    pub(super) const EMPTY: Self = Self { third: 0, fourth: 0, saturated: 0 };

    /// Adds the sums of a block.
    #[inline(always)]
    pub(super) fn add(&mut self, block: &HigherPartial, gauge: Gauge) {
        let [third, fourth] = [block.third, block.fourth].map(|lanes| tree(lanes, |a, b| a + b));
        let square = gauge.unit * gauge.unit;
        self.grow([
            on_grid(third / (square * gauge.unit) * GRID),
            on_grid(fourth / (square * square) * GRID),
        ]);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.grow([other.third, other.fourth]);
        self.saturated += other.saturated;
    }

    /// Adds to the sums; what goes beyond 128 bits is counted, the ends of the range among it, where [`on_grid`]
    /// stops.
    #[inline(always)]
    fn grow(&mut self, [third, fourth]: [i128; 2]) {
        let ends = |x: i128| x == i128::MAX || x == i128::MIN;
        match self.third.checked_add(third).zip(self.fourth.checked_add(fourth)) {
            Some(sums) if !ends(third) && !ends(fourth) => (self.third, self.fourth) = sums,
            _ => self.saturated += 1,
        }
    }

    /// The sums and the count, as they are stored.
    pub(super) fn parts(&self) -> ([i128; 2], u64) {
        ([self.third, self.fourth], self.saturated)
    }

    /// What [`HigherMoments::parts`] gave.
    pub(super) fn of_parts([third, fourth]: [i128; 2], saturated: u64) -> Self {
        Self { third, fourth, saturated }
    }

    /// Skewness and kurtosis over those of `runs` runs that are defined, `lower` being the sums of the same runs;
    /// none where nothing varies, and where a sum has gone beyond its range.
    pub(super) fn shape(&self, lower: &Moments, runs: u64) -> Option<StandardisedMoments> {
        let [first, second] = lower.averages(runs)?;
        if self.saturated > 0 || lower.min == lower.max {
            return None;
        }
        let n = (runs - lower.undefined) as f64;
        let (third, fourth) = (self.third as f64 / GRID / n, self.fourth as f64 / GRID / n);
        // From powers about the gauge's centre to those about the mean, which lies `first` above it.
        let square = first * first;
        let variance = second - square;
        let cube = third - 3.0 * first * second + 2.0 * first * square;
        let quartic = fourth - 4.0 * first * third + 6.0 * square * second - 3.0 * square * square;
        let shape = StandardisedMoments {
            skewness: cube / (variance * variance.sqrt()),
            kurtosis: quartic / (variance * variance),
        };
        (variance > 0.0 && shape.skewness.is_finite() && shape.kurtosis.is_finite())
            .then(|| StandardisedMoments { kurtosis: shape.kurtosis.max(1.0), ..shape })
    }
}

#[cfg(test)]
mod tests {
    use super::super::sums::Partial;
    use super::*;

    fn summed(values: &[f64], gauge: Gauge) -> (Moments, HigherMoments) {
        let mut row = TileRow::ZERO;
        row.0[..values.len()].copy_from_slice(values);
        let (mut partial, mut higher) = (Partial::EMPTY, HigherPartial::EMPTY);
        let all_defined = partial.add(&row, values.len(), gauge.centre);
        higher.add(&row, values.len(), gauge.centre, all_defined);
        let (mut moments, mut sums) = (Moments::EMPTY, HigherMoments::EMPTY);
        moments.add(&partial, gauge);
        sums.add(&higher, gauge);
        (moments, sums)
    }

    /// Exponential values by even probability; their moments about the mean summed directly.
    #[test]
    fn the_shape_is_that_of_the_values_in_any_order_of_merging() {
        let values: Vec<f64> =
            (0..1000).map(|k| 7.0 - 3.0 * (1.0 - (f64::from(k) + 0.5) / 1000.0).ln()).collect();
        let gauge = Gauge::around(9.0, 2.5);
        let parts: Vec<_> = values.chunks(TILE).map(|part| summed(part, gauge)).collect();
        let merged = |order: &mut dyn Iterator<Item = &(Moments, HigherMoments)>| {
            let mut all = (Moments::EMPTY, HigherMoments::EMPTY);
            order.for_each(|(lower, higher)| {
                all.0.merge(lower);
                all.1.merge(higher);
            });
            all
        };
        let forward = merged(&mut parts.iter());
        assert_eq!(forward, merged(&mut parts.iter().rev()));
        let mean = values.iter().sum::<f64>() / 1000.0;
        let central = |p: i32| values.iter().map(|x| (x - mean).powi(p)).sum::<f64>() / 1000.0;
        let shape = forward.1.shape(&forward.0, 1000).unwrap();
        assert!((shape.skewness - central(3) / central(2).powf(1.5)).abs() < 1e-9, "{shape:?}");
        assert!((shape.kurtosis - central(4) / central(2).powi(2)).abs() < 1e-9, "{shape:?}");
        // Near those of the exponential distribution, 2 and 9.
        assert!((shape.skewness - 2.0).abs() < 0.1 && (shape.kurtosis - 9.0).abs() < 1.0, "{shape:?}");
    }

    #[test]
    fn undefined_values_are_left_out_and_two_values_have_a_kurtosis_of_one() {
        let gauge = Gauge::around(0.0, 1.0);
        let (lower, higher) = summed(&[1.0, f64::NAN, 3.0, f64::INFINITY, 1.0, 3.0], gauge);
        let shape = higher.shape(&lower, 6).unwrap();
        assert!(shape.skewness.abs() < 1e-12 && (shape.kurtosis - 1.0).abs() < 1e-12, "{shape:?}");
        let (lower, higher) = summed(&[2.0; 9], gauge);
        assert_eq!(higher.shape(&lower, 9), None);
    }

    #[test]
    fn sums_beyond_their_range_say_nothing() {
        let gauge = Gauge::around(0.0, 1e-3);
        let (lower, higher) = summed(&[1e9, 2e9], gauge);
        assert_eq!(higher.shape(&lower, 2), None);
        assert!(lower.mean_sd(gauge, 2).0 > 1e9, "lower powers keep theirs");
        let (mut all, large) =
            (HigherMoments::EMPTY, HigherMoments { third: 0, fourth: i128::MAX - 5, saturated: 0 });
        all.merge(&large);
        assert_eq!(all.saturated, 0);
        all.merge(&large);
        assert_eq!(all.saturated, 1);
    }
}
