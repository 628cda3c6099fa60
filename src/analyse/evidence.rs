//! What may be said of a cell: who leads, which class is likeliest, and how sure that may sound.

use super::results::{Cell, Estimate, MEDIAN, Paired, ScenarioResults, TownResults};

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

/// The candidates with the largest share of the lead: several where they have the same.
pub fn leaders(cell: &Cell) -> Vec<usize> {
    let most = leader(cell).1.value;
    (0..cell.lead.len()).filter(|s| cell.lead[*s].value == most).collect()
}

/// Largest factor between two differences of about the same size.
const ABOUT: f64 = 1.5;

/// The difference to the reference future that the plans alone give at the horizon, without any chance, where it has
/// the sign and about the size of the median difference of the runs: the runs then repeat what the plans assume.
pub fn by_construction(town: &TownResults, scenario: &ScenarioResults, pair: &Paired) -> Option<f64> {
    let reference = town.scenarios.iter().find(|s| s.paired.is_none())?;
    let plan = |s: &ScenarioResults| s.plan.get(pair.quantity)?.last().copied();
    let planned = plan(scenario)? - plan(reference)?;
    let ratio = pair.difference.quantiles[MEDIAN].value / planned;
    (1.0 / ABOUT..=ABOUT).contains(&ratio).then_some(planned)
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

/// The most probable classes of a scaled composite: several where they are equally probable.
pub fn likeliest_classes(cell: &Cell, composite: usize) -> Vec<usize> {
    let classes = &cell.classes[composite];
    let most = likeliest_class(cell, composite).1.value;
    (0..classes.len()).filter(|c| classes[*c].value == most).collect()
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
