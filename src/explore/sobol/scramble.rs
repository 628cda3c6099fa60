//! Owen's nested uniform scrambling.

use crate::random::mix;

/// A word scrambled: each bit is flipped or not by a fair coin that belongs to the bits before it. The coin is a
/// hash of the key and of those bits, so that words with the same beginning keep the same beginning.
pub(super) fn scramble(word: u32, key: u64) -> u32 {
    let mut flips = 0;
    for level in 0..32 {
        // The bits before this one, after a 1 that tells how many they are.
        let node = (1_u64 << level) | (u64::from(word) >> (32 - level));
        flips |= ((mix(key ^ node) >> 63) as u32) << (31 - level);
    }
    word ^ flips
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_a_common_beginning_keep_one_of_that_length() {
        let words = [0_u32, 1, 0x8000_0000, 0xffff_ffff, 0x1234_5678, 0x1234_5679, 0x1234_0000];
        for key in 0..50 {
            for a in words {
                for b in words {
                    assert_eq!(
                        (a ^ b).leading_zeros(),
                        (scramble(a, key) ^ scramble(b, key)).leading_zeros()
                    );
                }
            }
        }
    }

    #[test]
    fn coins_are_fair_and_do_not_depend_on_one_another() {
        let n = 20_000;
        for level in 0..32 {
            let bits = (0..n).map(|key| scramble(0x0f0f_3311, crate::random::mix(key)) >> level & 3);
            let mut counts = [0_i32; 4];
            bits.for_each(|b| counts[b as usize] += 1);
            // Five standard deviations of a count with probability 1/4 (1/2 for the top bit).
            let fair = if level == 31 { [n as i32 / 2, n as i32 / 2, 0, 0] } else { [n as i32 / 4; 4] };
            for (count, fair) in counts.iter().zip(fair) {
                assert!((count - fair).abs() < 360, "level {level}: {counts:?}");
            }
        }
    }
}
