//! Keyed random streams: a draw depends on the seed, on what is drawn, on the run and on the year only.
//!
//! Each subject (a town, the region, a commodity market) and source (noise, inputs, plan, events, ...) has a
//! 64-bit [`key`]; run k of that key is a xoshiro256++ generator ([`Stream`]) whose state comes from mixing
//! key and k. Every year takes a fixed number of words, so that years are a prefix, runs can be replayed
//! alone, and nothing depends on threads, on the number of runs or on which other subjects exist.

use crate::math;

/// SplitMix64's constant, 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// SplitMix64's finaliser: a bijection of 64-bit words in which every input bit reaches every output bit.
#[inline(always)]
pub(crate) const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Key of the draws of one kind: FNV-1a over source and subject, mixed with the seed.
///
/// # Examples
/// ```
/// use boljam::random::key;
/// assert_ne!(key(1, "temirtau", "noise"), key(1, "temirtau", "plan"));
/// assert_ne!(key(1, "temirtau", "noise"), key(2, "temirtau", "noise"));
/// ```
pub fn key(seed: u64, subject: &str, source: &str) -> u64 {
    let bytes = source.bytes().chain([0]).chain(subject.bytes());
    let hash = bytes.fold(0xCBF2_9CE4_8422_2325_u64, |h, b| (h ^ b as u64).wrapping_mul(0x100_0000_01B3));
    mix(mix(seed.wrapping_add(GOLDEN)) ^ hash)
}

/// The four words of state with which run `run` of a key starts.
#[inline(always)]
pub fn initial_state(key: u64, run: u64) -> [u64; 4] {
    let base = mix(key.wrapping_add(run.wrapping_mul(GOLDEN)));
    [1_u64, 2, 3, 4].map(|w| mix(base.wrapping_add(w.wrapping_mul(0xD134_2543_DE82_EF95))))
}

/// One step of xoshiro256++ (Blackman and Vigna 2021, doi:10.1145/3460772): the word and the next state.
#[inline(always)]
pub fn step([s0, s1, s2, s3]: [u64; 4]) -> (u64, [u64; 4]) {
    let word = s0.wrapping_add(s3).rotate_left(23).wrapping_add(s0);
    let t2 = s2 ^ s0;
    let t3 = s3 ^ s1;
    (word, [s0 ^ t3, s1 ^ t2, t2 ^ (s1 << 17), t3.rotate_left(45)])
}

/// The draws of one run of one key, one word at a time. It is a generator in the sense of `rand`, so that
/// the distributions of `rand_distr` can draw from it.
#[derive(Debug, Clone)]
pub struct Stream {
    state: [u64; 4],
}

impl Stream {
    /// The stream of run `run` of a key.
    pub fn new(key: u64, run: u64) -> Self {
        Self { state: initial_state(key, run) }
    }

    /// The next word.
    #[inline]
    pub fn word(&mut self) -> u64 {
        let (word, state) = step(self.state);
        self.state = state;
        word
    }

    /// The next word as a uniform number in (0, 1).
    pub fn uniform(&mut self) -> f64 {
        math::uniform_high(self.word())
    }

    /// The next word as two independent standard normals.
    pub fn normal_pair(&mut self) -> (f64, f64) {
        math::normal_pair(self.word())
    }
}

/// The value with distribution function u of the triangular distribution on low..high with this mode.
#[inline(always)]
pub fn triangular(low: f64, mode: f64, high: f64, u: f64) -> f64 {
    let width = high - low;
    let rising = low + (u * width * (mode - low)).sqrt();
    let falling = high - ((1.0 - u) * width * (high - mode)).sqrt();
    if u * width < mode - low { rising } else { falling }
}

impl rand::TryRng for Stream {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok((self.word() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(self.word())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.word().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::Xoshiro256PlusPlus;

    #[test]
    fn a_stream_is_the_xoshiro_of_rand() {
        let mut stream = Stream::new(key(7, "temirtau", "noise"), 3);
        let seed: Vec<u8> = stream.state.iter().flat_map(|w| w.to_le_bytes()).collect();
        let mut oracle = Xoshiro256PlusPlus::from_seed(seed.try_into().unwrap());
        for _ in 0..1000 {
            assert_eq!(stream.word(), rand::Rng::next_u64(&mut oracle));
        }
    }

    #[test]
    fn first_draws_are_pinned() {
        // Changing these moves every number of every study: value-breaking.
        let mut stream = Stream::new(key(2021, "temirtau", "noise"), 0);
        assert_eq!([stream.word(), stream.word()], [4_191_365_050_514_602_325, 8_901_584_779_241_328_090]);
    }

    #[test]
    fn triangular_inverts_its_distribution_function() {
        use statrs::distribution::{ContinuousCDF, Triangular};
        for (low, mode, high) in [(70.0, 82.0, 95.0), (0.0, 0.0, 1.0), (-3.0, 1.0, 1.0)] {
            let oracle = Triangular::new(low, high, mode).unwrap();
            for i in 0..100 {
                let u = (f64::from(i) + 0.5) / 100.0;
                assert!((oracle.cdf(triangular(low, mode, high, u)) - u).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn normals_have_normal_moments_and_pass_kolmogorov_smirnov() {
        use statrs::distribution::{ContinuousCDF, Normal};
        let mut x: Vec<f64> = (0..100_000_u64)
            .flat_map(|run| {
                let (a, b) = Stream::new(key(1, "a", "b"), run).normal_pair();
                [a, b]
            })
            .collect();
        let n = x.len() as f64;
        let moment = |p: i32| x.iter().map(|v| v.powi(p)).sum::<f64>() / n;
        for (p, expected, variance) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)] {
            assert!((moment(p) - expected).abs() < 4.0 * f64::sqrt(variance / n), "moment {p}");
        }
        x.sort_by(f64::total_cmp);
        let normal = Normal::new(0.0, 1.0).unwrap();
        let distance = x
            .iter()
            .enumerate()
            .map(|(i, v)| (normal.cdf(*v) - (i as f64 + 0.5) / n).abs())
            .fold(0.0, f64::max);
        assert!(distance * n.sqrt() < 1.63, "Kolmogorov-Smirnov {}", distance * n.sqrt());
    }
}
