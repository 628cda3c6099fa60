//! The normals that the engine draws, in the body and far out in the tails, against the exact distribution.

use boljam::math;
use boljam::random::{Stream, key};
use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::erf::erfc;

/// Words drawn; each gives two normals.
const WORDS: u64 = 12_000_000;
/// Words taken from each stream, as a run takes some hundreds.
const WORDS_A_STREAM: u64 = 200;

/// Calls `f` with every pair, from as many streams as a run of that many words has.
fn for_each_pair(mut f: impl FnMut(f64, f64)) {
    let key = key(2021, "tails", "noise");
    for run in 0..WORDS / WORDS_A_STREAM {
        let mut stream = Stream::new(key, run);
        for _ in 0..WORDS_A_STREAM {
            let (a, b) = math::normal_pair(stream.word());
            f(a, b);
        }
    }
}

/// P(|z| > x).
fn beyond(x: f64) -> f64 {
    erfc(x / std::f64::consts::SQRT_2)
}

#[test]
fn tails_moments_and_independence_are_those_of_the_normal() {
    const LIMITS: [f64; 5] = [1.0, 2.0, 3.0, 4.0, 5.0];
    let mut counts = [[0_u64; 2]; 5];
    let mut powers = [0.0; 8];
    let (mut product, mut squares, mut both) = (0.0, 0.0, 0_u64);
    let mut extremes = Vec::new();
    for_each_pair(|a, b| {
        for x in [a, b] {
            for (limit, count) in LIMITS.iter().zip(&mut counts) {
                count[0] += u64::from(x < -limit);
                count[1] += u64::from(x > *limit);
            }
            let mut power = 1.0;
            for sum in &mut powers {
                power *= x;
                *sum += power;
            }
            if x.abs() > 3.0 {
                extremes.push(x.abs());
            }
        }
        product += a * b;
        squares += (a * a - 1.0) * (b * b - 1.0);
        both += u64::from(a.abs() > 2.0 && b.abs() > 2.0);
    });
    let n = 2.0 * WORDS as f64;
    for (limit, count) in LIMITS.iter().zip(counts) {
        let p = beyond(*limit) / 2.0;
        for side in count {
            let z = (side as f64 - n * p) / (n * p * (1.0 - p)).sqrt();
            assert!(z.abs() < 4.0, "{side} beyond {limit} sd, expected {:.1}", n * p);
        }
    }
    // E x^p = (p - 1)!! for even p; Var x^p = E x^2p - (E x^p)^2.
    let moment = |p: i32| if p % 2 == 1 { 0.0 } else { (1..p).step_by(2).map(f64::from).product::<f64>() };
    for (p, sum) in (1..).zip(powers) {
        let z = (sum / n - moment(p)) / ((moment(2 * p) - moment(p).powi(2)) / n).sqrt();
        assert!(z.abs() < 4.0, "moment {p}: {} for {}", sum / n, moment(p));
    }
    // The two of a word do not know of each other: not in the mean, not in size, not in the tails.
    let pairs = WORDS as f64;
    assert!((product / pairs.sqrt()).abs() < 4.0, "correlation {}", product / pairs);
    assert!((squares / (4.0 * pairs).sqrt()).abs() < 4.0, "correlation of squares {}", squares / pairs);
    let p = beyond(2.0).powi(2);
    assert!((both as f64 - pairs * p).abs() < 4.0 * (pairs * p).sqrt(), "{both} pairs with both beyond 2 sd");
    // The shape of the tail: Kolmogorov-Smirnov of |x| given |x| > 3; 1.63 is the 1 % point.
    extremes.sort_by(f64::total_cmp);
    let m = extremes.len() as f64;
    let tail = beyond(3.0);
    let distance = (0..extremes.len())
        .map(|i| ((1.0 - beyond(extremes[i]) / tail) - (i as f64 + 0.5) / m).abs())
        .fold(0.0, f64::max);
    assert!(distance * m.sqrt() < 1.63, "Kolmogorov-Smirnov beyond 3 sd: {}", distance * m.sqrt());
}

/// Kolmogorov-Smirnov over the whole line at the edges of 4096 bins of equal probability.
#[test]
fn the_body_is_that_of_the_normal() {
    const BINS: usize = 4096;
    let normal = Normal::new(0.0, 1.0).unwrap();
    let edges: Vec<f64> = (1..BINS).map(|k| normal.inverse_cdf(k as f64 / BINS as f64)).collect();
    let mut counts = vec![0_u64; BINS];
    for_each_pair(|a, b| {
        for x in [a, b] {
            counts[edges.partition_point(|edge| *edge < x)] += 1;
        }
    });
    let n = 2.0 * WORDS as f64;
    let (mut below, mut distance, mut chi2) = (0_u64, 0.0_f64, 0.0);
    for (k, count) in counts.iter().enumerate() {
        below += count;
        distance = distance.max((below as f64 / n - (k + 1) as f64 / BINS as f64).abs());
        let expected = n / BINS as f64;
        chi2 += (*count as f64 - expected).powi(2) / expected;
    }
    assert!(distance * n.sqrt() < 1.63, "Kolmogorov-Smirnov {}", distance * n.sqrt());
    // Chi-squared with 4095 degrees of freedom: mean 4095, sd 90.5.
    assert!((chi2 - 4095.0).abs() < 4.0 * 90.5, "chi-squared {chi2}");
}

/// The largest magnitude is what the documentation says: both halves of a word at their ends.
#[test]
fn the_largest_normal_is_the_documented_one() {
    // The smallest angle is half a step of the grid, pi / 2^32.
    let (a, b) = math::normal_pair(0x2000_0000);
    assert!(a.hypot(b) > 6.76 && a.hypot(b) < 6.77 && a == a.hypot(b), "{a} {b}");
    assert!(b > 4.9e-9 && b < 5.0e-9, "{b}");
}
