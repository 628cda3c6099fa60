//! What may be said of a cell: who leads, which class is likeliest, and how sure that may sound.

use super::results::{Cell, Estimate};

/// How sure a statement may sound, from a probability and its Monte Carlo error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sureness {
    /// Nine runs in ten or more.
    Clearly,
    /// Two runs in three or more.
    Mostly,
    /// More often than not.
    RatherThanNot,
    /// Nothing can be said.
    Open,
}

impl Sureness {
    /// The lower end of its interval must still be enough.
    pub fn of(probability: Estimate) -> Self {
        match probability.interval().0 {
            p if p >= 0.9 => Self::Clearly,
            p if p >= 2.0 / 3.0 => Self::Mostly,
            p if p > 0.5 => Self::RatherThanNot,
            _ => Self::Open,
        }
    }
}

/// The candidate with the largest share of the lead.
pub fn leader(cell: &Cell) -> (usize, Estimate) {
    let best = |best: usize, s: usize| if cell.lead[s].value > cell.lead[best].value { s } else { best };
    let place = (0..cell.lead.len()).fold(0, best);
    (place, cell.lead[place])
}

/// Probability that an outcome has come by each year, from its `first_passage`: a year each.
pub fn so_far(first: &[Estimate], runs: u64) -> Vec<Estimate> {
    let mut sum = 0.0;
    let year = |e: &Estimate| {
        sum += e.value;
        Estimate::share(sum * runs as f64, runs)
    };
    first.iter().map(year).collect()
}

/// The most probable class of a scaled composite.
pub fn likeliest_class(cell: &Cell, composite: usize) -> (usize, Estimate) {
    let classes = &cell.classes[composite];
    let best = |best: usize, c: usize| if classes[c].value > classes[best].value { c } else { best };
    let place = (0..classes.len()).fold(0, best);
    (place, classes[place])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_adds_up_year_by_year_with_the_error_of_a_share() {
        let first = [0, 3, 0, 7].map(|n| Estimate::share(f64::from(n), 1000));
        let by = so_far(&first, 1000);
        assert_eq!(by.iter().map(|e| (1000.0 * e.value).round()).collect::<Vec<_>>(), [0.0, 3.0, 3.0, 10.0]);
        assert_eq!(by[0], Estimate::share(0.0, 1000));
        assert!((by[3].mcse - Estimate::share(10.0, 1000).mcse).abs() < 1e-15);
    }

    #[test]
    fn words_are_never_stronger_than_the_evidence() {
        let of = |value: f64, mcse: f64| Sureness::of(Estimate::new(value, mcse));
        assert_eq!(of(0.95, 0.001), Sureness::Clearly);
        assert_eq!(of(0.905, 0.005), Sureness::Mostly);
        assert_eq!(of(0.70, 0.03), Sureness::RatherThanNot);
        assert_eq!(of(0.51, 0.01), Sureness::Open);
        assert_eq!(of(0.30, 0.001), Sureness::Open);
    }
}
