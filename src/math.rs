//! exp, ln and a normal pair, written so that the compiler vectorises loops over them.
//!
//! The standard library's exp and ln differ between operating systems in the last bit and cannot be
//! vectorised; these use only + - * / sqrt and operations on bits, without fused multiply-add, so that one
//! source gives the same bits on every machine and at every vector width. The constants come from
//! benches/derive/constants.py; the errors stated here, in units in the last place (ulp), are held over the whole
//! range against a reference of thirty digits (tests/integration/accuracy.rs).

/// Coefficients of exp on |r| <= ln 2 / 2. Largest relative error of this polynomial: 1.6e-17.
const EXP: [f64; 12] = [
    1.0,
    1.0,
    0.5000000000000019,
    0.1666666666666668,
    0.04166666666648795,
    0.008333333333319589,
    0.0013888888952352863,
    0.000_198_412_698_900_764_03,
    2.4801485441561313e-05,
    2.755724088722987e-06,
    2.763265472252779e-07,
    2.5110049204818658e-08,
];

/// Coefficients L of ln((1+s)/(1-s)) = 2 s + s w L(w), w = s^2, |s| <= 0.1716. Largest error: 4.7e-18.
const LOG: [f64; 7] = [
    0.666666666666667,
    0.3999999999989938,
    0.28571428626031065,
    0.2222221112572281,
    0.18182889786191042,
    0.15331699633543858,
    0.14616721179861816,
];

/// Coefficients S of sin(pi x / 2) = x S(x^2), |x| <= 1/2. Largest error: 6.1e-17.
const SIN: [f64; 7] = [
    1.5707963267948966,
    -0.6459640975062443,
    0.07969262624604301,
    -0.004681754132340976,
    0.000_160_441_150_742_190_9,
    -3.59864335298231e-06,
    5.633933781537854e-08,
];

/// Coefficients C of cos(pi x / 2) = C(x^2), |x| <= 1/2. Largest error: 1.0e-16.
const COS: [f64; 7] = [
    1.0,
    -1.2337005501361513,
    0.25366950789986475,
    -0.02086348073494657,
    0.000919259950041661,
    -2.520013526428479e-05,
    4.6552961874867623e-07,
];

/// ln 2 in two parts; the first has 32 significant bits, so that n * `LN2_HI` is exact for |n| <= 2^21.
const LN2_HI: f64 = 6.931_471_803_691_238e-1;
const LN2_LO: f64 = 1.908_214_929_270_587_7e-10;
/// Adding 1.5 * 2^52 rounds to the nearest integer and leaves it in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// 2^52 as bits: or-ing an integer below 2^52 into it makes the float 2^52 + integer.
const TWO_52: u64 = 0x4330_0000_0000_0000;
/// 2^51 as bits: or-ing an integer below 2^52 into it makes the float 2^51 + integer / 2.
const TWO_51: u64 = 0x4320_0000_0000_0000;

/// Sum of c[i] x^i, by pairs (Estrin), which shortens the chain of dependent operations.
#[inline(always)]
fn estrin12(x: f64, c: &[f64; 12]) -> f64 {
    let x2 = x * x;
    let x4 = x2 * x2;
    let quad = |i: usize| (c[i] + c[i + 1] * x) + (c[i + 2] + c[i + 3] * x) * x2;
    quad(0) + (quad(4) + quad(8) * x4) * x4
}

/// Sum of c[i] x^i, by Horner.
#[inline(always)]
fn horner7(x: f64, c: &[f64; 7]) -> f64 {
    let mut sum = c[6];
    sum = sum * x + c[5];
    sum = sum * x + c[4];
    sum = sum * x + c[3];
    sum = sum * x + c[2];
    sum = sum * x + c[1];
    sum * x + c[0]
}

/// e^x, within 2 ulp; arguments beyond +-700 are taken as +-700, NaN as -700.
///
/// Cody-Waite reduction x = n ln 2 + r, |r| <= ln 2 / 2, and a polynomial of degree 11.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let x = if x > -700.0 { x } else { -700.0 };
    let x = if x < 700.0 { x } else { 700.0 };
    let shifted = x * std::f64::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = (x - n * LN2_HI) - n * LN2_LO;
    let p = estrin12(r, &EXP);
    f64::from_bits(p.to_bits().wrapping_add(shifted.to_bits() << 52))
}

/// ln x for a positive normal x, within 2.25 ulp. A subnormal x or 0 is taken as a number between 2^-1023 and 2^-1022.
///
/// x = 2^e m with m in [sqrt(1/2), sqrt 2), s = (m - 1)/(m + 1), ln x = e ln 2 + 2 s + s^3 L(s^2).
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    let bits = x.to_bits();
    let biased = bits.wrapping_sub(SQRT_HALF).wrapping_add(1024 << 52) >> 52; // e + 1024
    let m = f64::from_bits(bits.wrapping_sub(biased.wrapping_sub(1024) << 52));
    let e = f64::from_bits(TWO_52 | biased) - (4_503_599_627_370_496.0 + 1024.0);
    let s = (m - 1.0) / (m + 1.0);
    let w = s * s;
    let tail = w * horner7(w, &LOG) * s + (s + s);
    e * LN2_HI + (e * LN2_LO + tail)
}

/// 100 / (1 + e^-z), the inverse of the logit of a percentage, within 2.75 ulp for |z| <= 700.
#[inline(always)]
pub fn logistic_percent(z: f64) -> f64 {
    100.0 / (1.0 + exp(-z))
}

/// ln(x / (100 - x)) for x in percent, 0 < x < 100.
#[inline(always)]
pub fn logit_percent(x: f64) -> f64 {
    ln(x / (100.0 - x))
}

/// The 32 high bits of a word as a number in (0, 1): (n + 1/2) / 2^32.
#[inline(always)]
pub fn uniform_high(word: u64) -> f64 {
    (f64::from_bits(TWO_52 | (word >> 32)) - 4_503_599_627_370_495.5) * (1.0 / 4_294_967_296.0)
}

/// The 32 low bits of a word as a number in (0, 1).
#[inline(always)]
pub fn uniform_low(word: u64) -> f64 {
    (f64::from_bits(TWO_52 | (word & 0xffff_ffff)) - 4_503_599_627_370_495.5) * (1.0 / 4_294_967_296.0)
}

/// Two independent standard normals from one word (Box-Muller): the radius from the high half, the angle
/// from the low half, of which one bit chooses the sign of the cosine and one swaps the two. Each is within
/// 4 ulp of what the word stands for.
///
/// The angle is pi/2 ((n + 1/2) / 2^30 - 1/2), n the 30 low bits: a grid that is symmetric about 0, so that the
/// mean is exactly 0 and no sine is.
///
/// Largest magnitude sqrt(2 ln 2^33) = 6.76, so about 1.3e-11 of the tails is cut.
#[inline(always)]
pub fn normal_pair(word: u64) -> (f64, f64) {
    let radius = (-2.0 * ln(uniform_high(word))).sqrt();
    // Between 2^51 and 2^52 the last bit of a float is worth 1/2: there n + 1/2 has room.
    let angle = (f64::from_bits(TWO_51 | ((word << 1) & 0x7fff_fffe) | 1)
        - (2_251_799_813_685_248.0 + 536_870_912.0))
        * (1.0 / 1_073_741_824.0);
    let w = angle * angle;
    let sine = angle * horner7(w, &SIN) * radius;
    let cosine = horner7(w, &COS) * radius;
    let cosine = f64::from_bits(cosine.to_bits() ^ ((word << 32) & 0x8000_0000_0000_0000));
    let swap = word & 0x4000_0000 != 0;
    (if swap { sine } else { cosine }, if swap { cosine } else { sine })
}

/// The integer part of 0 <= x < 2^31, without a branch; an odd integer itself may count as the one below.
#[inline(always)]
pub fn floor_index(x: f64) -> u32 {
    // Adding 1.5 * 2^52 rounds to the nearest integer, ties to even: half a unit less makes that the floor
    // of every x that is no integer itself. Bins need no more.
    ((x - 0.5 + ROUND).to_bits() & 0x7fff_ffff) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points over a range, dense and not on a grid.
    fn points(lo: f64, hi: f64, n: u32) -> impl Iterator<Item = f64> {
        (0..n).map(move |i| lo + (hi - lo) * ((f64::from(i) + 0.382) / f64::from(n)))
    }

    #[test]
    fn exp_agrees_with_the_standard_library() {
        for x in points(-699.0, 699.0, 400_000).chain(points(-2.0, 2.0, 400_000)) {
            assert!((exp(x) / x.exp() - 1.0).abs() < 6e-16, "exp({x})");
        }
        assert_eq!(exp(0.0), 1.0);
        assert!(exp(-1e9) > 0.0 && exp(1e9).is_finite());
    }

    #[test]
    fn ln_agrees_with_the_standard_library() {
        for x in points(-680.0, 680.0, 400_000).map(f64::exp).chain(points(0.5, 2.0, 400_000)) {
            let error = (ln(x) - x.ln()).abs();
            assert!(error < 2.3e-16 * (1.0 + x.ln().abs()), "ln({x}): {error}");
        }
        assert_eq!(ln(1.0), 0.0);
    }

    #[test]
    fn links_invert_each_other() {
        for x in points(0.01, 99.99, 10_000) {
            assert!((logistic_percent(logit_percent(x)) / x - 1.0).abs() < 1e-13);
        }
    }

    #[test]
    fn a_normal_pair_is_box_muller() {
        let mut word = 1_u64;
        for _ in 0..100_000 {
            word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (a, b) = normal_pair(word);
            let r2 = -2.0 * uniform_high(word).ln();
            assert!((a * a + b * b - r2).abs() < 1e-12 * (1.0 + r2));
        }
    }

    /// Words whose angles mirror each other give opposite sines and equal cosines, at the ends of the grid and in
    /// its middle. A grid half a step off has a sine of exactly 0 at one word and no mirror image of the last one.
    #[test]
    fn the_angles_of_normal_pairs_are_symmetric_about_zero() {
        const STEPS: u64 = 1 << 30;
        let middle = STEPS / 2;
        for n in [0, 1, 2, middle - 2, middle - 1, 12_345, 123_456_789] {
            let high = 0x9e37_79b9_u64 << 32;
            let (cosine, sine) = normal_pair(high | n);
            let (mirrored_cosine, mirrored_sine) = normal_pair(high | (STEPS - 1 - n));
            assert!(sine < 0.0 && sine == -mirrored_sine && cosine == mirrored_cosine, "{n}: {sine}");
        }
        // The smallest angle is half a step: pi / 2^32.
        let (cosine, sine) = normal_pair(middle);
        let half_step = std::f64::consts::PI / 4_294_967_296.0;
        assert!((sine / cosine / half_step - 1.0).abs() < 1e-15, "{sine} {cosine}");
    }

    #[test]
    fn floor_index_truncates() {
        for (x, i) in [(0.0, 0), (0.25, 0), (0.75, 0), (1.5, 1), (2.5, 2), (510.999, 510), (511.5, 511)] {
            assert_eq!(floor_index(x), i, "{x}");
        }
    }
}
