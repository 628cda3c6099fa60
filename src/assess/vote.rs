//! The selection matrix: classes speak for scenarios, and the scenarios with most votes lead.

use crate::case::Case;

/// What the classes of a town speak for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Votes of each scenario of the case.
    pub votes: Vec<u32>,
    /// Scenarios with the most votes, ascending.
    pub leaders: Vec<usize>,
    /// Best less second-best number of votes; 0 when the lead is shared.
    pub margin: u32,
}

/// Counts the votes of a town, given the class of each composite (an index into its scale).
pub fn verdict(case: &Case, classes: &[Option<usize>]) -> Verdict {
    let mut votes = vec![0; case.scenarios.len()];
    for (composite, class) in case.method.composites.iter().zip(classes) {
        let (Some(scale), Some(class)) = (&composite.scale, class) else { continue };
        for (scenario, speaks) in scale[*class].votes.iter().enumerate() {
            votes[scenario] += u32::from(*speaks);
        }
    }
    let best = votes.iter().copied().max().unwrap_or(0);
    let leaders: Vec<usize> = (0..votes.len()).filter(|s| votes[*s] == best).collect();
    let second = votes.iter().copied().filter(|v| *v < best).max().unwrap_or(best);
    let margin = if leaders.len() > 1 { 0 } else { best - second };
    Verdict { votes, leaders, margin }
}

/// Parts into which a lead is cut so that any number of leaders share it evenly: the least common multiple
/// of 1..=scenarios, twelve for four.
pub fn lead_parts(scenarios: usize) -> u64 {
    (1..=scenarios as u64).fold(1, |l, k| l / gcd(l, k) * k)
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_is_cut_into_twelfths_for_four() {
        assert_eq!([1, 2, 3, 4, 8].map(lead_parts), [1, 2, 6, 12, 840]);
    }
}
