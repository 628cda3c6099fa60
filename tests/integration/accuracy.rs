//! How far exp, ln, the links and the normal pair are from the truth, over their whole range, in units in the
//! last place (ulp). The truth has 30 digits (`double_double`) and is held by a table with 60 (tests/reference,
//! written by benches/derive/reference.py).

mod double_double;

use boljam::math;
use double_double::Wide;

/// Largest errors, as src/math.rs states them.
const EXP_ULPS: f64 = 2.0;
const LN_ULPS: f64 = 2.25;
const LOGISTIC_ULPS: f64 = 2.75;
const NORMAL_ULPS: f64 = 4.0;

/// Points over a range, dense and not on a grid.
fn points(lo: f64, hi: f64, n: u32) -> impl Iterator<Item = f64> {
    (0..n).map(move |i| lo + (hi - lo) * ((f64::from(i) + 0.382) / f64::from(n)))
}

/// The floats next to x, `n` to either side.
fn neighbours(x: f64, n: u64) -> impl Iterator<Item = f64> {
    (x.to_bits() - n..=x.to_bits() + n).map(f64::from_bits)
}

fn largest(what: &str, errors: impl Iterator<Item = (f64, f64)>, bound: f64) {
    let (at, error) = errors.fold((0.0, 0.0), |a, b| if b.1 > a.1 { b } else { a });
    assert!(error <= bound, "{what}({at:e}) is {error:.3} ulp off");
    assert!(error > 0.6 * bound, "{what}: the bound {bound} is slack, the largest error is {error:.3}");
}

#[test]
fn the_reference_is_right_to_thirty_digits() {
    let table = include_str!("../reference/functions.csv");
    let mut rows = 0;
    for line in table.lines().skip(1) {
        let (name, numbers) = line.split_once(',').unwrap();
        let numbers: Vec<f64> =
            numbers.split(',').map(|b| f64::from_bits(u64::from_str_radix(b, 16).unwrap())).collect();
        let [x, hi, lo] = numbers.try_into().unwrap();
        let ours = match name {
            "exp" => Wide::of(x).exp(),
            "ln" => Wide::ln(x),
            "sin" => Wide::sine(x),
            "cos" => Wide::cosine(x),
            other => panic!("{other}"),
        };
        let error = ((ours.hi - hi) + (ours.lo - lo)).abs();
        assert!(error <= 1e-28 * hi.abs(), "{name}({x:e}): {:e}", error / hi);
        rows += 1;
    }
    assert!(rows > 600, "{rows}");
}

#[test]
fn exp_is_right_over_its_whole_range() {
    let grid = points(-700.0, 700.0, 60_000).chain(points(-1.0, 1.0, 60_000));
    // The ends of the range, and where the reduction changes over.
    let seams =
        (-1009..1009).flat_map(|n| neighbours((f64::from(n) + 0.5).abs() * std::f64::consts::LN_2, 2));
    let ends = [700.0, -700.0, 0.0, -0.0, 5e-324, -5e-324, 1e-300, 1e-17, -1e-17];
    let arguments = grid.chain(seams.flat_map(|x| [x, -x])).chain(ends);
    let arguments = arguments.filter(|x| x.abs() <= 700.0);
    largest("exp", arguments.map(|x| (x, Wide::of(x).exp().ulps(math::exp(x)))), EXP_ULPS);
    // Beyond the range the nearest end counts; what is no number counts as the lower end.
    for (x, end) in [(1e9, 700.0), (f64::INFINITY, 700.0), (-1e9, -700.0), (f64::NAN, -700.0)] {
        assert_eq!(math::exp(x), math::exp(end), "{x}");
    }
    assert_eq!((math::exp(0.0), math::exp(-0.0)), (1.0, 1.0));
}

#[test]
fn ln_is_right_over_its_whole_range() {
    let powers = points(-1022.0, 1023.999, 60_000).map(f64::exp2);
    let near_one = points(0.5, 2.0, 60_000).chain(neighbours(1.0, 5000)).filter(|x| *x != 1.0);
    let tiny_steps = (1..52).flat_map(|k| [1.0 + 0.5_f64.powi(k), 1.0 - 0.5_f64.powi(k)]);
    // Where the exponent changes over, and the ends of the range.
    let seams = (-500..500).flat_map(|e| neighbours(f64::from(2 * e).exp2() * std::f64::consts::SQRT_2, 2));
    let ends = [f64::MIN_POSITIVE, f64::MAX];
    let arguments = powers.chain(near_one).chain(tiny_steps).chain(seams).chain(ends);
    largest("ln", arguments.map(|x| (x, Wide::ln(x).ulps(math::ln(x)))), LN_ULPS);
    assert_eq!(math::ln(1.0), 0.0);
    // A subnormal number is none of its arguments: it counts as one between 2^-1023 and 2^-1022.
    for x in [0.0, 5e-324, 1e-310, f64::from_bits(f64::MIN_POSITIVE.to_bits() - 1)] {
        assert!((-709.1..=-708.39).contains(&math::ln(x)), "{x:e}: {}", math::ln(x));
    }
}

#[test]
fn the_logistic_link_is_right_over_its_whole_range() {
    let truth = |z: f64| Wide::of(100.0).over(Wide::of(1.0).plus(Wide::of(-z).exp()));
    let arguments = points(-700.0, 700.0, 50_000).chain(points(-10.0, 10.0, 50_000));
    largest("logistic", arguments.map(|z| (z, truth(z).ulps(math::logistic_percent(z)))), LOGISTIC_ULPS);
}

/// The two numbers of a word, by their definition.
fn box_muller(word: u64) -> (Wide, Wide) {
    // (n + 1/2) / 2^32 and (n + 1/2) / 2^30 - 1/2 are exact.
    let u = ((word >> 32) as f64 + 0.5) / 4_294_967_296.0;
    let angle = ((word & 0x3fff_ffff) as f64 + 0.5) / 1_073_741_824.0 - 0.5;
    let radius = Wide::ln(u).times(Wide::of(-2.0)).sqrt();
    let (sine, cosine) = (Wide::sine(angle).times(radius), Wide::cosine(angle).times(radius));
    let cosine = if word & 0x8000_0000 == 0 { cosine } else { cosine.negative() };
    if word & 0x4000_0000 == 0 { (cosine, sine) } else { (sine, cosine) }
}

#[test]
fn a_normal_pair_is_right_for_every_kind_of_word() {
    let mut state = 1_u64;
    let random = (0..150_000).map(move |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state ^ (state >> 29)
    });
    // Ends of both halves against each other: the largest and smallest radius, angles at 0 and at the seams.
    let ends = |bits: u32| {
        let top = (1_u64 << bits) - 1;
        (0..40).chain(top / 2 - 40..top / 2 + 40).chain(top - 40..=top).collect::<Vec<u64>>()
    };
    let corners =
        ends(32).into_iter().flat_map(move |high| ends(32).into_iter().map(move |low| high << 32 | low));
    let errors = random.chain(corners).flat_map(|word| {
        let ((a, b), (x, y)) = (math::normal_pair(word), box_muller(word));
        [(a, x.ulps(a)), (b, y.ulps(b))]
    });
    largest("normal", errors, NORMAL_ULPS);
}
