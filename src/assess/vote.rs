//! Votes and leaders: what classes speak for, and how a shared lead is counted.

use crate::case::Method;

/// Who leads, from the votes of one town.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// Indices of the scenarios with the most votes, ascending; several when the lead is shared, none where a
    /// composite is undefined.
    pub leaders: Vec<usize>,
    /// Votes of the best less votes of the second best; 0 when the lead is shared.
    pub margin: u32,
    /// Each scenario's part of the lead, in units of 1/[`lead_parts`]; they add up to one whole lead.
    pub parts: Vec<u64>,
}

impl Lead {
    /// No lead: the votes of an undefined composite are not known.
    pub(super) fn nobody(votes: &[u32]) -> Self {
        Self { leaders: Vec::new(), margin: 0, parts: vec![0; votes.len()] }
    }
}

/// True when every composite with a scale has a class, so that there is a lead.
pub fn all_defined(method: &Method, classes: &[Option<usize>]) -> bool {
    method.scaled().all(|(composite, ..)| classes[composite].is_some())
}

/// Votes for each of `scenarios` scenarios: the number of composites whose class speaks for it (Table 25).
///
/// `classes` has one entry for each composite of the method: its class in its scale, or none.
pub fn votes(method: &Method, classes: &[Option<usize>], scenarios: usize) -> Vec<u32> {
    let mut votes = vec![0; scenarios];
    for (composite, class) in method.composites.iter().zip(classes) {
        let chosen = composite.scale.as_ref().zip(*class).and_then(|(scale, class)| scale.get(class));
        let speaks_for = chosen.into_iter().flat_map(|class| &class.votes);
        for (count, speaks) in votes.iter_mut().zip(speaks_for) {
            *count += u32::from(*speaks);
        }
    }
    votes
}

/// The leaders, their margin and their parts of the lead: k leaders get [`lead_parts`] / k parts each.
///
/// # Examples
/// ```
/// let lead = boljam::assess::lead(&[0, 3, 4, 4]);
/// assert_eq!(lead.leaders, [2, 3]);
/// assert_eq!(lead.margin, 0);
/// assert_eq!(lead.parts, [0, 0, 6, 6]); // twelfths
/// ```
pub fn lead(votes: &[u32]) -> Lead {
    let best = votes.iter().copied().max().unwrap_or(0);
    let leaders: Vec<usize> = (0..votes.len()).filter(|s| votes[*s] == best).collect();
    let second = votes.iter().copied().filter(|v| *v < best).max().unwrap_or(0);
    let margin = if leaders.len() == 1 { best - second } else { 0 };
    let part = lead_parts(votes.len()) / leaders.len().max(1) as u64;
    let parts = votes.iter().map(|v| if *v == best { part } else { 0 }).collect();
    Lead { leaders, margin, parts }
}

/// Into how many equal parts a lead is cut so that any number of leaders can share it exactly: the least
/// common multiple of 1..=`scenarios` (12 for four scenarios).
pub fn lead_parts(scenarios: usize) -> u64 {
    let gcd = |mut a: u64, mut b: u64| {
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    (1..=scenarios as u64).fold(1, |parts, k| parts / gcd(parts, k) * k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_is_cut_into_the_least_common_multiple() {
        assert_eq!([1, 2, 3, 4, 5, 6, 7, 8].map(lead_parts), [1, 2, 6, 12, 60, 60, 420, 840]);
    }

    #[test]
    fn one_leader_has_a_margin_and_the_whole_lead() {
        let lead = lead(&[0, 2, 4, 5]);
        assert_eq!((lead.leaders, lead.margin, lead.parts), (vec![3], 1, vec![0, 0, 0, 12]));
    }

    #[test]
    fn a_shared_lead_has_no_margin_and_is_split() {
        let lead = lead(&[1, 3, 3, 3]);
        assert_eq!((lead.leaders, lead.margin, lead.parts), (vec![1, 2, 3], 0, vec![0, 4, 4, 4]));
    }

    #[test]
    fn a_lone_candidate_leads_by_all_its_votes() {
        let lead = lead(&[2]);
        assert_eq!((lead.leaders, lead.margin, lead.parts), (vec![0], 2, vec![1]));
    }
}
