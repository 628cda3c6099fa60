//! Exact sums: in fixed lanes within a block, then as integers, so that no order of merging matters.

use super::tile::{TILE, TileRow};

/// Lanes of a partial sum: wide enough for every vector level, the same on all of them.
pub(super) const LANES: usize = 16;
const HALF: usize = LANES / 2;
/// Block sums are rounded to 2^-40 of the scale before they are added as integers.
pub(super) const GRID: f64 = 1_099_511_627_776.0;

/// Sums over the runs of one block, in lanes: run p adds to lane p mod 16.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Partial {
    first: [f64; LANES],
    second: [f64; LANES],
    min: [f64; LANES],
    max: [f64; LANES],
    /// Values that were not finite; they are in none of the sums.
    undefined: u64,
}

impl Partial {
    pub(crate) const EMPTY: Self = Self {
        first: [0.0; LANES],
        second: [0.0; LANES],
        min: [f64::INFINITY; LANES],
        max: [f64::NEG_INFINITY; LANES],
        undefined: 0,
    };

    /// Adds the first `runs` values of a tile, taken relative to `centre`. False where one is not finite; it is
    /// left out and counted.
    #[inline(always)]
    pub(crate) fn add(&mut self, row: &TileRow, runs: usize, centre: f64) -> bool {
        if !row.is_finite() {
            return self.add_defined(&row.0[..runs], centre);
        }
        if runs == TILE {
            let (chunks, _) = row.0.as_chunks::<LANES>();
            // Half the lanes at a time: all four arrays then fit the registers of every level but the lowest.
            self.add_lanes::<0>(chunks, centre);
            self.add_lanes::<HALF>(chunks, centre);
        } else {
            for (p, x) in row.0[..runs].iter().enumerate() {
                self.add_one(p % LANES, *x, centre);
            }
        }
        true
    }

    #[cold]
    fn add_defined(&mut self, values: &[f64], centre: f64) -> bool {
        let before = self.undefined;
        for (p, x) in values.iter().enumerate() {
            if x.is_finite() {
                self.add_one(p % LANES, *x, centre);
            } else {
                self.undefined += 1;
            }
        }
        self.undefined == before
    }

    /// Number of values that were not finite.
    pub(crate) fn undefined(&self) -> u64 {
        self.undefined
    }

    /// Adds the values of the lanes from FIRST on, half as many as there are.
    #[inline(always)]
    fn add_lanes<const FIRST: usize>(&mut self, chunks: &[[f64; LANES]], centre: f64) {
        // Arrays of their own, so that the compiler keeps them in registers.
        let part = |lanes: &[f64; LANES]| -> [f64; HALF] { std::array::from_fn(|l| lanes[FIRST + l]) };
        let (mut first, mut second) = (part(&self.first), part(&self.second));
        let (mut min, mut max) = (part(&self.min), part(&self.max));
        for chunk in chunks {
            let x = part(chunk);
            for l in 0..HALF {
                let d = x[l] - centre;
                first[l] += d;
                second[l] += d * d;
            }
            for l in 0..HALF {
                min[l] = if x[l] < min[l] { x[l] } else { min[l] };
            }
            for l in 0..HALF {
                max[l] = if x[l] > max[l] { x[l] } else { max[l] };
            }
        }
        self.first[FIRST..FIRST + HALF].copy_from_slice(&first);
        self.second[FIRST..FIRST + HALF].copy_from_slice(&second);
        self.min[FIRST..FIRST + HALF].copy_from_slice(&min);
        self.max[FIRST..FIRST + HALF].copy_from_slice(&max);
    }

    #[inline(always)]
    fn add_one(&mut self, l: usize, x: f64, centre: f64) {
        let d = x - centre;
        self.first[l] += d;
        self.second[l] += d * d;
        self.min[l] = if x < self.min[l] { x } else { self.min[l] };
        self.max[l] = if x > self.max[l] { x } else { self.max[l] };
    }

    /// Sum, sum of squares, smallest and largest, the lanes joined as a tree.
    #[inline(always)]
    pub(crate) fn fold(&self) -> (f64, f64, f64, f64) {
        (
            tree(self.first, |a, b| a + b),
            tree(self.second, |a, b| a + b),
            tree(self.min, |a, b| if b < a { b } else { a }),
            tree(self.max, |a, b| if b > a { b } else { a }),
        )
    }
}

/// Joins lanes: lane l with lane l + 8, then l + 4, and so on.
#[inline(always)]
pub(super) fn tree(mut lanes: [f64; LANES], join: impl Fn(f64, f64) -> f64) -> f64 {
    let mut half = LANES / 2;
    while half > 0 {
        for l in 0..half {
            lanes[l] = join(lanes[l], lanes[l + half]);
        }
        half /= 2;
    }
    lanes[0]
}

/// Where a sum is centred and in what unit it is counted; both are functions of the case alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Gauge {
    pub(crate) centre: f64,
    /// A power of two near the standard deviation.
    pub(crate) unit: f64,
}

impl Gauge {
    /// A gauge for values around `mean` with standard deviation `sd`.
    pub(crate) fn around(mean: f64, sd: f64) -> Self {
        let size = if sd > 0.0 && sd.is_finite() { sd } else { mean.abs().clamp(1e-6, 1e300) };
        // The exponent bits alone: the power of two below the size.
        let unit = f64::from_bits(size.to_bits() & 0x7ff0_0000_0000_0000);
        Self { centre: if mean.is_finite() { mean } else { 0.0 }, unit: unit.max(1e-300) }
    }
}

/// Sums over all runs, as integers: the same whatever order they were merged in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moments {
    first: i128,
    second: i128,
    pub(crate) min: f64,
    pub(crate) max: f64,
    /// Values that were not finite and are in none of the above.
    pub(crate) undefined: u64,
    /// Additions that went beyond 128 bits, so that the sums say nothing.
    pub(crate) saturated: u64,
}

impl Moments {
    pub(crate) const EMPTY: Self =
        Self { first: 0, second: 0, min: f64::INFINITY, max: f64::NEG_INFINITY, undefined: 0, saturated: 0 };

    /// Adds the sums of a block.
    #[inline(always)]
    pub(crate) fn add(&mut self, block: &Partial, gauge: Gauge) {
        let (first, second, min, max) = block.fold();
        self.grow([on_grid(first / gauge.unit * GRID), on_grid(second / (gauge.unit * gauge.unit) * GRID)]);
        self.undefined += block.undefined;
        self.min = self.min.min(min);
        self.max = self.max.max(max);
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.grow([other.first, other.second]);
        self.undefined += other.undefined;
        self.saturated += other.saturated;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// Adds to the sums; what goes beyond 128 bits is counted. The cast of [`on_grid`] stops at the ends of the
    /// range, which no honest sum reaches.
    #[inline(always)]
    fn grow(&mut self, [first, second]: [i128; 2]) {
        let ends = |x: i128| x == i128::MAX || x == i128::MIN;
        let sums = self.first.checked_add(first).zip(self.second.checked_add(second));
        match sums {
            Some(sums) if !ends(first) && !ends(second) => (self.first, self.second) = sums,
            _ => self.saturated += 1,
        }
    }

    /// The sums, and the smallest and largest value, as they are stored.
    pub(crate) fn parts(&self) -> ([i128; 2], [f64; 2]) {
        ([self.first, self.second], [self.min, self.max])
    }

    /// What [`Moments::parts`] gave, and what was counted.
    pub(crate) fn of_parts(
        [first, second]: [i128; 2],
        [min, max]: [f64; 2],
        [undefined, saturated]: [u64; 2],
    ) -> Self {
        Self { first, second, min, max, undefined, saturated }
    }

    /// Mean and mean square about the gauge's centre, in its units, over those of `runs` runs that are defined; none
    /// where there is none, and where the sums have gone beyond their range.
    pub(super) fn averages(&self, runs: u64) -> Option<[f64; 2]> {
        let n = runs.saturating_sub(self.undefined);
        let average = |sum: i128| sum as f64 / GRID / n as f64;
        (n > 0 && self.saturated == 0).then(|| [self.first, self.second].map(average))
    }

    /// Mean and standard deviation over those of `runs` runs that are defined; NaN where there is none, and where
    /// the sums have gone beyond their range.
    pub(crate) fn mean_sd(&self, gauge: Gauge, runs: u64) -> (f64, f64) {
        let Some([first, second]) = self.averages(runs) else { return (f64::NAN, f64::NAN) };
        let n = (runs - self.undefined) as f64;
        let variance = (second - first * first).max(0.0) * n / (n - 1.0).max(1.0);
        let flat = self.min == self.max;
        let mean = if flat { self.min } else { gauge.centre + gauge.unit * first };
        (mean, if flat { 0.0 } else { gauge.unit * variance.sqrt() })
    }
}

/// The integer part. What fits 64 bits, which is all but the absurd, need not be converted to 128 in software.
#[inline(always)]
pub(crate) fn on_grid(x: f64) -> i128 {
    const FITS: f64 = 9e18;
    if x.abs() < FITS { i128::from(x as i64) } else { x as i128 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_values_in_any_order_of_merging() {
        let values: Vec<f64> = (0..1000).map(|i| 5.0 + f64::from(i * 7919 % 1000) / 100.0).collect();
        let gauge = Gauge::around(9.0, 3.0);
        let of = |part: &[f64]| {
            let mut row = TileRow::ZERO;
            row.0[..part.len()].copy_from_slice(part);
            let mut partial = Partial::EMPTY;
            partial.add(&row, part.len(), gauge.centre);
            let mut moments = Moments::EMPTY;
            moments.add(&partial, gauge);
            moments
        };
        let parts: Vec<Moments> = values.chunks(TILE).map(of).collect();
        let merged = |order: &mut dyn Iterator<Item = &Moments>| {
            let mut all = Moments::EMPTY;
            order.for_each(|part| all.merge(part));
            all
        };
        let forward = merged(&mut parts.iter());
        assert_eq!(forward, merged(&mut parts.iter().rev()));
        let (mean, sd) = forward.mean_sd(gauge, 1000);
        assert!((mean - 9.995).abs() < 1e-9, "{mean}");
        // Variance of 0, 0.01, .., 9.99 with n - 1: (n^2 - 1) / 12 * n / (n - 1) / 100^2.
        assert!((sd * sd - (1000.0_f64 * 1001.0 / 12.0) / 1e4).abs() < 1e-6, "{sd}");
        assert_eq!((forward.min, forward.max), (5.0, 14.99));
    }
}
