//! Gaussian kernel densities on a grid.

/// Points of a grid.
pub(super) const GRID: usize = 100;
/// Kernels are cut where they are below 4e-17 of their peak.
const REACH: f64 = 8.7;
/// Powers are taken so many at a time.
const LANES: usize = 8;

/// A grid of [`GRID`] points from `low` in equal steps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    pub(super) low: f64,
    pub(super) step: f64,
}

impl Grid {
    /// The integral of |f - g| by trapezoids.
    pub(super) fn distance(&self, f: &[f64; GRID], g: &[f64; GRID]) -> f64 {
        let all: f64 = f.iter().zip(g).map(|(f, g)| (f - g).abs()).sum();
        let ends = (f[0] - g[0]).abs() + (f[GRID - 1] - g[GRID - 1]).abs();
        (all - 0.5 * ends) * self.step
    }
}

/// The density of values counted so many times, with Silverman's bandwidth sd (3 n / 4)^(-1/5) (Silverman 1986; n
/// the sum of the counts, sd with n - 1). Nothing if the values do not vary.
///
/// With h the bandwidth and d the grid's step over h, the kernel of a value at distance f h from its nearest grid
/// point is, j points further, exp(-f^2/2) exp(f d)^j exp(-(j d)^2/2): the last factor is the same for all values, and
/// the middle one a power, so that two exponentials a value suffice.
pub(super) fn density(values: &[(f64, u32)], grid: Grid) -> Option<[f64; GRID]> {
    let n: f64 = values.iter().map(|(_, count)| f64::from(*count)).sum();
    let first = values.first()?.0;
    if values.iter().all(|(y, _)| *y == first) {
        return None;
    }
    let mean = values.iter().map(|(y, count)| y * f64::from(*count)).sum::<f64>() / n;
    let squares: f64 = values.iter().map(|(y, count)| (y - mean) * (y - mean) * f64::from(*count)).sum();
    let h = (squares / (n - 1.0)).sqrt() * (0.75 * n).powf(-0.2);
    let scale = 1.0 / ((2.0 * std::f64::consts::PI).sqrt() * h * n);
    let d = grid.step / h;
    let mut density = if d > 2.0 { directly(values, grid, h) } else { by_powers(values, grid, d) };
    for f in &mut density {
        *f *= scale;
    }
    Some(density)
}

/// Sums of kernels narrower than the grid's steps.
fn directly(values: &[(f64, u32)], grid: Grid, h: f64) -> [f64; GRID] {
    let mut sums = [0.0; GRID];
    for (y, count) in values {
        for (k, sum) in sums.iter_mut().enumerate() {
            let z = (grid.low + k as f64 * grid.step - y) / h;
            *sum += f64::from(*count) * (-0.5 * z * z).exp();
        }
    }
    sums
}

fn by_powers(values: &[(f64, u32)], grid: Grid, d: f64) -> [f64; GRID] {
    let table: Vec<f64> = (0..GRID + 2 * LANES).map(|j| (-0.5 * (j as f64 * d).powi(2)).exp()).collect();
    let reach = (REACH / d).ceil() as usize + 1;
    // Upwards from the nearest point, and downwards from the one below it in a mirrored grid.
    let mut up = [0.0; GRID + LANES];
    let mut down = [0.0; GRID + LANES];
    for (y, count) in values {
        let place = (y - grid.low) / grid.step;
        let nearest = place.round().clamp(0.0, (GRID - 1) as f64);
        let f = (place - nearest) * d;
        let peak = f64::from(*count) * (-0.5 * f * f).exp();
        let ratio = (f * d).exp();
        let nearest = nearest as usize;
        add(&mut up, nearest, peak, ratio, &table, reach);
        add(&mut down, GRID - nearest, peak / ratio, 1.0 / ratio, &table[1..], reach);
    }
    std::array::from_fn(|k| up[k] + down[GRID - 1 - k])
}

/// Adds p r^j c_j to place + j for each j within reach and on the grid.
#[inline]
fn add(sums: &mut [f64; GRID + LANES], place: usize, p: f64, r: f64, c: &[f64], reach: usize) {
    let (r2, r4) = (r * r, (r * r) * (r * r));
    let mut powers = [p, p * r, p * r2, p * r2 * r, p * r4, p * r4 * r, p * r4 * r2, p * r4 * r2 * r];
    let r8 = r4 * r4;
    let end = GRID.min(place + reach);
    let whole = sums[place.min(GRID)..(end.max(place) + LANES).min(GRID + LANES)].chunks_exact_mut(LANES);
    for (sums, c) in whole.zip(c.chunks_exact(LANES)) {
        for i in 0..LANES {
            sums[i] += powers[i] * c[i];
            powers[i] *= r8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, key};

    #[test]
    fn powers_give_what_exponentials_give() {
        for (n, spread, outlier) in [(3, 1.0, 0.0), (200, 1.0, 0.0), (200, 1.0, 50.0), (2000, 0.1, 400.0)] {
            let mut stream = Stream::new(key(0, "kernel", ""), n);
            let mut values: Vec<(f64, u32)> =
                (0..n).map(|i| (spread * stream.normal_pair().0, 1 + (i % 3) as u32)).collect();
            values.push((outlier, 1));
            let low = values.iter().fold(f64::MAX, |a, v| a.min(v.0));
            let high = values.iter().fold(f64::MIN, |a, v| a.max(v.0));
            let grid = Grid { low, step: (high - low) / (GRID - 1) as f64 };
            let found = density(&values, grid).unwrap();
            let total: f64 = values.iter().map(|v| f64::from(v.1)).sum();
            let mean = values.iter().map(|v| v.0 * f64::from(v.1)).sum::<f64>() / total;
            let ss: f64 = values.iter().map(|v| (v.0 - mean).powi(2) * f64::from(v.1)).sum();
            let h = (ss / (total - 1.0)).sqrt() * (0.75 * total).powf(-0.2);
            for (k, found) in found.into_iter().enumerate() {
                let x = low + k as f64 * grid.step;
                let kernel = |v: &(f64, u32)| f64::from(v.1) * (-0.5 * ((x - v.0) / h).powi(2)).exp();
                let exact = values.iter().map(kernel).sum::<f64>()
                    / ((2.0 * std::f64::consts::PI).sqrt() * h * total);
                assert!((found - exact).abs() < 1e-12 * (1.0 / h), "{n} {k}: {found} {exact}");
            }
        }
        assert!(density(&[(1.0, 5)], Grid { low: 0.0, step: 0.1 }).is_none());
    }
}
