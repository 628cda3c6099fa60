//! How much must succeed: what a scenario is at every share that is delivered of its plan, and the shares at which
//! the answer turns.
//!
//! All scenarios but the reference are run at the same share, fixed in every run, for shares 0, 1/steps, .., 1; what a
//! town does under one scenario does not hang on what it would do under another. All shares see the same draws, so that
//! the curves are smooth. Turns are found between neighbours by straight lines, all of them: a curve need not be
//! monotone. Two turns within one step are seen as none.

use crate::analyse::{Estimate, Study};
use crate::case::{Case, Delivery};
use crate::engine::VectorLevel;
use crate::model::{Change, Model};

/// Two-sided 95 %.
const Z: f64 = 1.96;

/// A town under a scenario, at every share. Towns, scenarios and candidates are places in the case.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// The town.
    pub town: usize,
    /// The scenario.
    pub scenario: usize,
    /// What it is at each share, ascending.
    pub curve: Vec<Delivered>,
    /// Where the answer turns, ascending.
    pub turns: Vec<Turn>,
}

/// A scenario at one share, at the horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivered {
    /// The share.
    pub share: f64,
    /// Each candidate's share of the lead.
    pub lead: Vec<Estimate>,
    /// Probability that the conditions of the last resort have been met; none where the method names none.
    pub distress: Option<Estimate>,
    /// Mean of the index that the case tells first, less its mean under the reference; its error does not use that both
    /// see the same draws, and so is too large. None where the reference is not run or no index is told first.
    pub lead_on_reference: Option<Estimate>,
}

/// A share at which the answer turns.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// What turns.
    pub what: What,
    /// The share.
    pub share: f64,
    /// The shares around it at which the runs do not tell the two sides apart (95 %).
    pub low: f64,
    /// The upper end of these.
    pub high: f64,
}

/// What turns at a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Another candidate has most of the lead: (below the share, above it).
    Choice(usize, usize),
    /// Distress is twice as likely as where the whole plan is delivered; above the share it is less.
    Distress,
    /// The index is no better than under the reference; on one side of the share it is.
    Reference,
}

/// Asks a study. `progress(done, total)` counts the shares.
pub fn how_much_must_succeed(
    case: &Case,
    study: &Study<'_>,
    (steps, runs): (usize, u64),
    level: VectorLevel,
    progress: &dyn Fn(usize, usize),
) -> Vec<Need> {
    let model = study.model();
    let others: Vec<(usize, usize)> = model.options.scenarios.iter().copied().enumerate().collect();
    let others: Vec<(usize, usize)> = others.into_iter().filter(|(_, s)| *s != case.reference).collect();
    let mut needs: Vec<Need> = (0..model.towns.len())
        .flat_map(|town| others.iter().map(move |(_, scenario)| (model.options.towns[town], *scenario)))
        .map(|(town, scenario)| Need { town, scenario, curve: Vec::new(), turns: Vec::new() })
        .collect();
    for step in 0..=steps {
        let share = step as f64 / steps as f64;
        let fixed = |s: usize| {
            let delivery = Delivery { late: case.scenarios[s].delivery.late, ..Delivery::fixed(share) };
            Change::Delivery(s, delivery)
        };
        let changes: Vec<Change> = others.iter().map(|(_, s)| fixed(*s)).collect();
        let asked = Asked::of(case, model);
        let variant = study.vary(&changes);
        let answers = variant.survey(&asked.quantities(), level, runs);
        let t = model.years.len() - 1;
        let mut all = needs.iter_mut();
        for town in 0..model.towns.len() {
            let reference = model.reference.map(|path| answers.cell(town, t, path));
            for (path, _) in &others {
                let cell = answers.cell(town, t, *path);
                let gap = reference.as_ref().zip(asked.index).map(|(reference, _)| {
                    let (own, other) = (cell.quantities[0].0, reference.quantities[0].0);
                    let mcse = (own.mcse * own.mcse + other.mcse * other.mcse).sqrt();
                    Estimate::new(
                        asked.sign * (own.value - other.value),
                        if share == 0.0 { 0.0 } else { mcse },
                    )
                });
                let distress = asked.distress.map(|k| cell.reached[k]);
                if let Some(need) = all.next() {
                    need.curve.push(Delivered { share, lead: cell.lead, distress, lead_on_reference: gap });
                }
            }
        }
        progress(step + 1, steps + 1);
    }
    for need in &mut needs {
        need.turns = turns(&need.curve, runs);
    }
    needs
}

/// What the variants are asked for.
struct Asked {
    /// The index that is told first, by its place among the quantities; its better side.
    index: Option<usize>,
    sign: f64,
    /// The outcome that is the last resort's.
    distress: Option<usize>,
}

impl Asked {
    fn of(case: &Case, model: &Model) -> Self {
        let id = case.method.headline.index.as_ref();
        let index = model.quantities.iter().position(|q| Some(&q.id) == id);
        let lower = index.is_some_and(|q| model.quantities[q].better == crate::case::Better::Lower);
        let distress = model.first_passages.iter().position(|f| f.last_resort);
        Self { index, sign: if lower { -1.0 } else { 1.0 }, distress }
    }

    fn quantities(&self) -> Vec<usize> {
        self.index.into_iter().collect()
    }
}

/// All turns of a curve, ascending.
fn turns(curve: &[Delivered], runs: u64) -> Vec<Turn> {
    let shares: Vec<f64> = curve.iter().map(|d| d.share).collect();
    let mut turns = Vec::new();
    let mut add = |what: What, found: Crossing| {
        let Crossing { at, low, high } = found;
        turns.push(Turn { what, share: at, low, high });
    };
    for k in 1..curve.len() {
        let (below, above) = (leader(&curve[k - 1].lead), leader(&curve[k].lead));
        if below != above {
            let pairs = curve.iter().map(|d| lead_gap(&d.lead, above, below, runs));
            let line: Vec<(f64, f64)> = pairs.collect();
            add(What::Choice(below, above), crossing(&shares, &line, k));
        }
    }
    if let Some(whole) = curve.last().and_then(|d| d.distress) {
        let gap = |d: &Delivered| {
            d.distress.map(|p| {
                // Twice a probability carries twice its error; that both see the same draws is not used.
                (2.0 * whole.value - p.value, (p.mcse.powi(2) + 4.0 * whole.mcse.powi(2)).sqrt())
            })
        };
        let line: Option<Vec<(f64, f64)>> = curve.iter().map(gap).collect();
        for k in line.iter().flat_map(|line| changes(line)) {
            add(What::Distress, crossing(&shares, line.as_deref().unwrap_or_default(), k));
        }
    }
    let gap = |d: &Delivered| d.lead_on_reference.map(|e| (e.value, e.mcse));
    let line: Option<Vec<(f64, f64)>> = curve.iter().map(gap).collect();
    if let Some(line) = &line {
        for k in changes(line) {
            add(What::Reference, crossing(&shares, line, k));
        }
    }
    turns.sort_by(|a, b| a.share.total_cmp(&b.share));
    turns
}

/// Who has most of the lead.
fn leader(lead: &[Estimate]) -> usize {
    let most = lead
        .iter()
        .enumerate()
        .fold((0, f64::NEG_INFINITY), |best, (s, e)| if e.value > best.1 { (s, e.value) } else { best });
    most.0
}

/// Share of the lead of one candidate less another's, and its error: a run gives its lead to one of them, to neither, or a
/// part to each, so that the square of the difference is at most the sum of both.
fn lead_gap(lead: &[Estimate], a: usize, b: usize, runs: u64) -> (f64, f64) {
    let (p, q) = (lead[a].value, lead[b].value);
    let variance = (p + q - (p - q) * (p - q)).max(0.0);
    (p - q, (variance / runs as f64).sqrt())
}

/// Places k at which a line changes its sign between k - 1 and k. Where it is 0 it has none.
fn changes(line: &[(f64, f64)]) -> Vec<usize> {
    let sign = |k: usize| if line[k].0 > 0.0 { 1 } else { -i32::from(line[k].0 < 0.0) };
    (1..line.len()).filter(|k| sign(k - 1) * sign(*k) < 0).collect()
}

/// A share and those around it that the errors do not tell from it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Crossing {
    at: f64,
    low: f64,
    high: f64,
}

/// Where a line, with its errors, crosses 0 between k - 1 and k, by straight lines; and how far to either side it stays
/// within 1.96 of its errors.
fn crossing(shares: &[f64], line: &[(f64, f64)], k: usize) -> Crossing {
    let zero = |i: usize, j: usize, a: f64, b: f64| {
        let part = if a == b { 0.5 } else { a / (a - b) };
        shares[i] + part.clamp(0.0, 1.0) * (shares[j] - shares[i])
    };
    let at = zero(k - 1, k, line[k - 1].0, line[k].0);
    // How far beyond its errors the line is at a place: above 0 it is told apart.
    let clear = |i: usize| line[i].0.abs() - Z * line[i].1;
    let margin_at = {
        let part = (at - shares[k - 1]) / (shares[k] - shares[k - 1]);
        -Z * (line[k - 1].1 + part * (line[k].1 - line[k - 1].1))
    };
    let between = |from: f64, inside: f64, to: f64, outside: f64| {
        from + (to - from) * (-inside / (outside - inside)).clamp(0.0, 1.0)
    };
    let (mut low, mut last) = (shares[0], (at, margin_at));
    for i in (0..k).rev() {
        if clear(i) > 0.0 {
            low = between(last.0, last.1, shares[i], clear(i));
            break;
        }
        last = (shares[i], clear(i));
    }
    let (mut high, mut last) = (shares[shares.len() - 1], (at, margin_at));
    for i in k..shares.len() {
        if clear(i) > 0.0 {
            high = between(last.0, last.1, shares[i], clear(i));
            break;
        }
        last = (shares[i], clear(i));
    }
    Crossing { at, low, high }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(f: impl Fn(f64) -> f64, error: f64) -> (Vec<f64>, Vec<(f64, f64)>) {
        let shares: Vec<f64> = (0..=20).map(|k| f64::from(k) / 20.0).collect();
        let values = shares.iter().map(|s| (f(*s), error)).collect();
        (shares, values)
    }

    /// A straight line crosses where it does, and is lost in its errors as far as these reach.
    #[test]
    fn a_crossing_is_where_a_line_crosses_and_as_wide_as_its_errors() {
        let (shares, values) = line(|s| 2.0 * (s - 0.43), 0.05);
        assert_eq!(changes(&values), [9]);
        let found = crossing(&shares, &values, 9);
        let arm = 1.96 * 0.05 / 2.0;
        for (a, b) in [(found.at, 0.43), (found.low, 0.43 - arm), (found.high, 0.43 + arm)] {
            assert!((a - b).abs() < 1e-12, "{found:?}");
        }
    }

    #[test]
    fn a_curve_that_turns_twice_has_two_crossings_and_one_that_never_does_has_none() {
        let (shares, values) = line(|s| (s - 0.22) * (s - 0.71), 0.0);
        let found: Vec<f64> = changes(&values).iter().map(|k| crossing(&shares, &values, *k).at).collect();
        assert!(
            found.len() == 2 && (found[0] - 0.22).abs() < 0.003 && (found[1] - 0.71).abs() < 0.003,
            "{found:?}"
        );
        let (_, values) = line(|s| s, 0.1);
        assert_eq!(changes(&values), Vec::<usize>::new());
    }

    /// Where the errors never let go, the interval is all there is.
    #[test]
    fn a_crossing_that_the_runs_cannot_see_is_anywhere() {
        let (shares, values) = line(|s| 0.01 * (s - 0.5), 1.0);
        let found = crossing(&shares, &values, 11);
        assert_eq!((found.low, found.high), (0.0, 1.0));
    }

    #[test]
    fn the_lead_changes_hands_where_two_shares_meet() {
        let candidate = |x: f64| Estimate::share(x * 1000.0, 1000);
        let curve: Vec<Delivered> = (0..=10)
            .map(|k| {
                let s = f64::from(k) / 10.0;
                let distress = Some(Estimate::share(1000.0 * (0.5 - 0.4 * s), 1000));
                let lead = vec![candidate(0.6 - 0.5 * s), candidate(0.1 + 0.6 * s), candidate(0.3 - 0.1 * s)];
                Delivered { share: s, lead, distress, lead_on_reference: Some(Estimate::new(s - 0.05, 0.01)) }
            })
            .collect();
        let turns = turns(&curve, 1000);
        let at = |what: What| turns.iter().find(|t| t.what == what).unwrap();
        assert_eq!(turns.len(), 3);
        // 0.6 - 0.5 s = 0.1 + 0.6 s; 0.5 - 0.4 s = 2 x 0.1.
        assert!((at(What::Choice(0, 1)).share - 0.5 / 1.1).abs() < 1e-9);
        assert!((at(What::Distress).share - 0.75).abs() < 1e-9);
        assert!((at(What::Reference).share - 0.05).abs() < 1e-9);
        assert!(turns.windows(2).all(|t| t[0].share <= t[1].share));
        assert!(turns.iter().all(|t| t.low < t.share && t.share < t.high));
    }
}
