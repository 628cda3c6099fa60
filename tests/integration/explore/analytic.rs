//! Models whose indices are known.

use boljam::explore::factor::Group;
use boljam::explore::{given, latin_hypercube, sobol};

use super::{g, ishigami};

fn singles(n: usize) -> Vec<Group> {
    (0..n).map(|k| Group { name: k.to_string(), members: vec![k] }).collect()
}

/// First and total indices and pairs of Ishigami's function with a = 7, b = 0.1 (Ishigami and Homma 1990).
fn of_ishigami() -> ([f64; 3], [f64; 3], f64) {
    let (a, b, pi4) = (7.0_f64, 0.1_f64, std::f64::consts::PI.powi(4));
    let v1 = 0.5 * (1.0 + b * pi4 / 5.0).powi(2);
    let v2 = a * a / 8.0;
    let v13 = b * b * pi4 * pi4 * (1.0 / 18.0 - 1.0 / 50.0);
    let v = v1 + v2 + v13;
    ([v1 / v, v2 / v, 0.0], [(v1 + v13) / v, v2 / v, v13 / v], v13 / v)
}

/// First and total indices of Sobol's G: V_k = 1 / (3 (1 + a_k)^2).
fn of_g(a: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let v: Vec<f64> = a.iter().map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a))).collect();
    let all = v.iter().map(|v| 1.0 + v).product::<f64>();
    let first = v.iter().map(|v| v / (all - 1.0)).collect();
    let total = v.iter().map(|v| v * (all / (1.0 + v)) / (all - 1.0)).collect();
    (first, total)
}

#[test]
fn indices_of_ishigami_are_the_analytic_ones() {
    let points = sobol::saltelli(8192, &singles(3), true, Some(0)).unwrap();
    let y: Vec<f64> = points.rows().map(ishigami).collect();
    let found = sobol::indices(&y, 3, true, 100, 0).unwrap();
    let (first, total, pair) = of_ishigami();
    for k in 0..3 {
        assert!((found.first[k].value - first[k]).abs() < 0.005, "S1 {k}: {:?}", found.first[k]);
        assert!((found.total[k].value - total[k]).abs() < 0.005, "ST {k}: {:?}", found.total[k]);
        assert!(found.first[k].low <= first[k] && first[k] <= found.first[k].high);
    }
    for (j, k, index) in found.second {
        let expected = if (j, k) == (0, 2) { pair } else { 0.0 };
        assert!((index.value - expected).abs() < 0.01, "S2 {j} {k}: {index:?}");
    }
}

#[test]
fn indices_of_g_are_the_analytic_ones_for_any_seed() {
    let (first, total) = of_g(&[0.0, 1.0, 4.5, 9.0, 99.0, 99.0]);
    for seed in [0, 1, 2] {
        let points = sobol::saltelli(4096, &singles(6), false, Some(seed)).unwrap();
        let y: Vec<f64> = points.rows().map(g).collect();
        let found = sobol::indices(&y, 6, false, 100, seed).unwrap();
        for k in 0..6 {
            assert!((found.first[k].value - first[k]).abs() < 0.01, "{seed} S1 {k}: {:?}", found.first[k]);
            assert!((found.total[k].value - total[k]).abs() < 0.01, "{seed} ST {k}: {:?}", found.total[k]);
        }
    }
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    // Independent points, for which the bootstrap is meant: scrambled Sobol points do better than it says.
    let (first, _) = of_g(&[0.0, 1.0]);
    let mut held = 0;
    for seed in 0..200 {
        let base = latin_like(500, 4, seed);
        let mut y = Vec::new();
        for both in base.chunks_exact(4) {
            let (a, b) = both.split_at(2);
            y.extend([g(a), g(&[b[0], a[1]]), g(&[a[0], b[1]]), g(b)]);
        }
        let index = sobol::indices(&y, 2, false, 100, seed).unwrap().first[0];
        held += u32::from(index.low <= first[0] && first[0] <= index.high);
    }
    // 95 %: the binomial is below 180 or above 199 of 200 in one case of a thousand.
    assert!((180..=199).contains(&held), "{held} of 200");
}

/// Independent uniform numbers.
fn latin_like(n: usize, dimensions: usize, seed: u64) -> Vec<f64> {
    let mut stream = boljam::random::Stream::new(boljam::random::key(seed, "independent", "points"), 0);
    (0..n * dimensions).map(|_| stream.uniform()).collect()
}

#[test]
fn delta_of_a_linear_normal_model_is_the_known_one() {
    // y = x1 + x2 normal: delta_1 is the mean over x1 of the distance of N(x1, 1/2) to N(0, 1), by quadrature.
    let points = latin_hypercube(8000, 2, 0);
    let normal = boljam::explore::Law::Normal { mean: 0.0, sd: 0.5_f64.sqrt() };
    let x: Vec<Vec<f64>> =
        (0..2).map(|k| points.column(k).iter().map(|u| normal.quantile(*u)).collect()).collect();
    let y: Vec<f64> = (0..8000).map(|r| x[0][r] + x[1][r]).collect();
    let density = |x: f64, mean: f64, v: f64| {
        (-0.5 * (x - mean).powi(2) / v).exp() / (2.0 * std::f64::consts::PI * v).sqrt()
    };
    let mut expected = 0.0;
    let step = 0.02;
    for i in -200..=200 {
        let at = f64::from(i) * step;
        let shift: f64 = (-400..=400)
            .map(|j| f64::from(j) * step)
            .map(|t| (density(t, 0.0, 1.0) - density(t, at, 0.5)).abs() * step)
            .sum();
        expected += 0.5 * shift * density(at, 0.0, 0.5) * step;
    }
    let found = given::delta(&x, &y, 50, 0);
    for delta in found {
        assert!((delta.corrected.value - expected).abs() < 0.02, "{delta:?} {expected}");
    }
}
