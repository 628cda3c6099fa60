//! How near a score is to another choice: the bounds of each composite's class, and what lies beyond them.

use super::{Lead, Score, lead};
use crate::case::Case;

/// A bound of the class that a composite is in, and what would be chosen just beyond it.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// Index of the composite in the method.
    pub composite: usize,
    /// Its class as scored, an index into its scale.
    pub class: usize,
    /// The class beyond the bound.
    pub beyond: usize,
    /// The bound.
    pub bound: f64,
    /// How far the value would have to move: bound less value, in the composite's unit. A bound belongs to the
    /// class below it, so a value that stands on it moves down by 0 and up by more than 0.
    pub distance: f64,
    /// Votes when this composite alone is in the class beyond.
    pub votes: Vec<u32>,
    /// Who would then lead.
    pub lead: Lead,
}

/// The bounds below and above each scaled composite's class, composite by composite, the nearer one first.
///
/// Every bound is looked at alone: the other composites keep their classes.
///
/// # Examples
/// ```
/// use boljam::assess::{Evaluator, Reading, Score, bounds};
/// use boljam::case::{Case, Source};
/// let case = Case::load(&Source::embedded(), &[])?;
/// let town = &case.towns[case.town("temirtau").unwrap()];
/// let evaluator = Evaluator::new(&case.method, &Reading::default());
/// let score = Score::of(&case, &evaluator, town.inputs.iter().map(|i| i.best()).collect());
/// // Temirtau's demography, sqrt(3.5 + 53) = 7.517, stands a hair above the bound at 7.5.
/// let symbol = |bound: &boljam::assess::Bound| case.method.composites[bound.composite].symbol.as_str();
/// let nearest = bounds(&case, &score).into_iter().find(|bound| symbol(bound) == "TDda").unwrap();
/// assert!((nearest.distance + 0.0167).abs() < 1e-3);
/// # Ok::<(), boljam::case::Faults>(())
/// ```
pub fn bounds(case: &Case, score: &Score) -> Vec<Bound> {
    let mut bounds = Vec::new();
    for (composite, _, scale) in case.method.scaled() {
        let Some(class) = score.classes[composite] else { continue };
        let value = score.composites[composite];
        let at = |beyond: usize, bound: f64| {
            let votes = votes_beyond(case, score, composite, beyond);
            let lead = lead(&votes);
            Bound { composite, class, beyond, bound, distance: bound - value, votes, lead }
        };
        let below = class.checked_sub(1).map(|below| at(below, scale[below].upper));
        let above = (class + 1 < scale.len()).then(|| at(class + 1, scale[class].upper));
        let mut both: Vec<Bound> = below.into_iter().chain(above).collect();
        both.sort_by(|a, b| a.distance.abs().total_cmp(&b.distance.abs()));
        bounds.extend(both);
    }
    bounds
}

fn votes_beyond(case: &Case, score: &Score, composite: usize, beyond: usize) -> Vec<u32> {
    let mut classes = score.classes.clone();
    classes[composite] = Some(beyond);
    super::votes(&case.method, &classes, case.scenarios.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::{Evaluator, Reading};
    use crate::case::{Input, Source};

    fn of(town: &str) -> (Case, Score) {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let inputs = case.towns[case.town(town).unwrap()].inputs.iter().map(Input::best).collect();
        let score = Score::of(&case, &Evaluator::new(&case.method, &Reading::default()), inputs);
        (case, score)
    }

    /// Karazhal by hand: TDzhia = 4.56 is average (2.5 to 5), 0.44 below its upper bound; in the class above,
    /// balanced loses its vote and innovative and diversification win one: 1/3/2/3, a tie (the audit's finding).
    #[test]
    fn a_bound_says_what_lies_beyond_it() {
        let (case, score) = of("karazhal");
        let of_zhia = |b: &&Bound| case.method.composites[b.composite].symbol == "TDzhia";
        let bounds = bounds(&case, &score);
        let bounds: Vec<&Bound> = bounds.iter().filter(of_zhia).collect();
        assert_eq!(bounds.len(), 2);
        assert_eq!((bounds[0].bound, bounds[0].class, bounds[0].beyond), (5.0, 1, 2));
        assert!((bounds[0].distance - 0.44).abs() < 0.01, "{}", bounds[0].distance);
        assert_eq!(bounds[0].votes, [1, 3, 2, 3]);
        assert_eq!(bounds[0].lead.leaders, [1, 3]);
        assert!((bounds[1].distance + 2.06).abs() < 0.01);
        assert_eq!(bounds[1].votes, [2, 3, 1, 2]);
    }

    #[test]
    fn the_first_and_the_last_class_have_one_bound() {
        let (case, mut score) = of("temirtau");
        let tdm = case.method.composites.iter().position(|c| c.symbol == "TDm").unwrap();
        for (class, value, expected) in [(0, 30.0, 35.0), (2, 90.0, 70.0)] {
            score.classes[tdm] = Some(class);
            score.composites[tdm] = value;
            let bounds = bounds(&case, &score);
            let of_tdm: Vec<&Bound> = bounds.iter().filter(|b| b.composite == tdm).collect();
            assert_eq!(of_tdm.len(), 1);
            assert_eq!((of_tdm[0].bound, of_tdm[0].beyond), (expected, 1));
        }
    }
}
