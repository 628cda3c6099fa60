//! The best next peel or paste.

use rayon::prelude::*;

use super::settings::Settings;
use super::state::{Bound, Move, State};
use crate::explore::discover::{Bounds, Column};

/// A move and the rows, and rows of interest, that the box would then hold.
struct Candidate {
    step: Move,
    rows: usize,
    found: usize,
}

/// The best peel, if one is allowed and makes the box denser.
pub(super) fn best_peel(state: &State<'_>, settings: Settings) -> Option<Move> {
    let candidates: Vec<Candidate> = (0..state.columns.len())
        .into_par_iter()
        .flat_map_iter(|column| peels(state, column, settings.peel))
        .collect();
    let (best, gain) = best(state, candidates)?;
    let mass = best.rows as f64 / state.of_interest.len() as f64;
    (mass >= settings.mass_min && best.rows < state.rows && gain > 0.0).then_some(best.step)
}

/// The best paste, if it makes the box denser and larger.
pub(super) fn best_paste(state: &State<'_>, settings: Settings) -> Option<Move> {
    let restricted = (0..state.columns.len()).filter(|c| state.bounds[*c] != *state.whole(*c));
    let candidates = restricted.flat_map(|column| pastes(state, column, settings.paste)).collect();
    let (best, gain) = best(state, candidates)?;
    let mass = best.rows as f64 / state.of_interest.len() as f64;
    let denser = best.found as f64 / best.rows as f64 > state.found as f64 / state.rows as f64;
    (mass >= settings.mass_min && best.rows > state.rows && gain > 0.0 && denser).then_some(best.step)
}

/// The candidate with the largest gain for each row; of equal ones that with fewer restricted factors, then the first.
fn best(state: &State<'_>, candidates: Vec<Candidate>) -> Option<(Candidate, f64)> {
    let density = state.found as f64 / state.rows as f64;
    let rate = |c: &Candidate| {
        let new = if c.rows > 0 { c.found as f64 / c.rows as f64 } else { 0.0 };
        if new == density { 0.0 } else { (new - density) / state.rows.abs_diff(c.rows) as f64 }
    };
    let score =
        |c: &Candidate| (rate(c), state.unrestricted(c.step.column, &state.with(c.step.column, c.step.to)));
    let mut best: Option<(Candidate, (f64, usize))> = None;
    for candidate in candidates {
        let score = score(&candidate);
        if best.as_ref().is_none_or(|(_, s)| score.0 > s.0 || (score.0 == s.0 && score.1 > s.1)) {
            best = Some((candidate, score));
        }
    }
    best.map(|(candidate, score)| (candidate, score.0))
}

fn peels(state: &State<'_>, column: usize, alpha: f64) -> Vec<Candidate> {
    let rows = &state.inside[column];
    let interest = |rows: &[u32]| rows.iter().filter(|row| state.of_interest[**row as usize]).count();
    let candidate = |to: Bound, gone: &[u32]| Candidate {
        step: Move { column, to },
        rows: rows.len() - gone.len(),
        found: state.found - interest(gone),
    };
    match &state.columns[column] {
        Column::Numbers(x) => {
            let value = |row: &u32| x[*row as usize];
            let upper = quantile(rows.len(), 1.0 - alpha, &|k| value(&rows[k]));
            let lower = quantile(rows.len(), alpha, &|k| value(&rows[k]));
            let above = rows.partition_point(|row| value(row) <= upper);
            let below = rows.partition_point(|row| value(row) < lower);
            vec![
                candidate(Bound::Upper(upper), &rows[above..]),
                candidate(Bound::Lower(lower), &rows[..below]),
            ]
        }
        Column::Categories { codes, .. } => {
            let Bounds::Levels(levels) = &state.bounds[column] else { return Vec::new() };
            if levels.iter().filter(|l| **l).count() < 2 {
                return Vec::new();
            }
            let peel = |level: u32| {
                let edge = |v: u32| rows.partition_point(|row| codes[*row as usize] < v);
                candidate(Bound::Level(level), &rows[edge(level)..edge(level + 1)])
            };
            (0..levels.len()).filter(|l| levels[*l]).map(|l| peel(l as u32)).collect()
        }
    }
}

fn pastes(state: &State<'_>, column: usize, alpha: f64) -> Vec<Candidate> {
    let candidate = |to: Bound, back: &[usize]| Candidate {
        step: Move { column, to },
        rows: state.rows + back.len(),
        found: state.found + back.iter().filter(|row| state.of_interest[**row]).count(),
    };
    match (&state.columns[column], &state.bounds[column], state.whole(column)) {
        (Column::Numbers(x), Bounds::Range { from, to }, Bounds::Range { from: first, to: last }) => {
            let inside = &state.inside[column];
            let on = |end: f64| inside.iter().filter(|row| x[**row as usize] == end).count();
            // What lies below the lower end, and the rows on it; above the upper one likewise.
            let below: Vec<usize> = state.kept_out_by(column, Bound::Lower(*from)).collect();
            let above: Vec<usize> = state.kept_out_by(column, Bound::Upper(*to)).collect();
            let (on_from, on_to) = (on(*from), on(*to));
            let low = |k: usize| below.get(k).map_or(*from, |row| x[*row]);
            let high = |k: usize| if k < on_to { *to } else { x[above[k - on_to]] };
            let (n_low, n_high) = (below.len() + on_from, above.len() + on_to);
            let lower = if n_low > 0 { quantile(n_low, 1.0 - alpha, &low) } else { *first };
            let upper = if n_high > 0 { quantile(n_high, alpha, &high) } else { *last };
            let back_low = &below[below.partition_point(|row| x[*row] < lower)..];
            let back_high = &above[..above.partition_point(|row| x[*row] <= upper)];
            vec![candidate(Bound::Lower(lower), back_low), candidate(Bound::Upper(upper), back_high)]
        }
        (Column::Categories { codes, .. }, Bounds::Levels(levels), _) => {
            let out: Vec<usize> = state.kept_out_by(column, Bound::Level(0)).collect();
            let back = |level: usize| -> Vec<usize> {
                out.iter().copied().filter(|row| codes[*row] as usize == level).collect()
            };
            let missing = (0..levels.len()).filter(|l| !levels[*l]);
            missing.map(|level| candidate(Bound::Level(level as u32), &back(level))).collect()
        }
        _ => Vec::new(),
    }
}

/// A quantile of n ascending values, half way between those around it; where these are equal, the next other value
/// inwards takes the place of one of them (as sdtoolkit has it).
fn quantile(n: usize, q: f64, value: &dyn Fn(usize) -> f64) -> f64 {
    let place = (n - 1) as f64 * q;
    let (mut low, mut high) = (place.floor() as usize, place.ceil() as usize);
    while value(low) == value(high) && if q > 0.5 { low > 0 } else { high < n - 1 } {
        if q > 0.5 {
            low -= 1;
        } else {
            high += 1;
        }
    }
    f64::midpoint(value(low), value(high))
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn quantiles_step_over_ties() {
        let x = [1.0, 1.0, 1.0, 2.0, 5.0, 5.0, 5.0];
        let at = |q: f64| quantile(x.len(), q, &|k| x[k]);
        // The 6th and 7th are equal: down to the 4th, so (2 + 5) / 2.
        assert_eq!(at(0.95), 3.5);
        assert_eq!(at(0.05), 1.5);
        assert_eq!(quantile(3, 0.05, &|_| 4.0), 4.0);
        assert_eq!(quantile(1, 0.95, &|_| 4.0), 4.0);
    }
}
