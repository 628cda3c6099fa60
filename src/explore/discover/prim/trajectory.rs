//! The way from all rows to the last box, peel by peel and paste by paste.

use super::peel::{best_paste, best_peel};
use super::settings::Settings;
use super::state::State;
use super::step::Step;
use crate::explore::discover::Column;

/// The way from all rows to the last box.
#[derive(Debug, Clone, PartialEq)]
pub struct Prim {
    /// All boxes: the first holds everything; none if no row is of interest.
    pub steps: Vec<Step>,
    /// The step with the largest harmonic mean of coverage and density.
    pub balanced: usize,
}

/// The peeling and pasting trajectory of the Patient Rule Induction Method (Friedman and Fisher 1999,
/// doi:10.1023/A:1008894516817; Bryant and Lempert 2010, doi:10.1016/j.techfore.2009.08.002) for rows of interest.
///
/// A peel takes from one end of one factor what lies beyond the box's own quantile (half way between the order
/// statistics around it; the next other value where these are equal), or one level of a category. Taken is the peel
/// with the largest gain in density for each row it costs (Kwakkel and Jaxa-Rozen 2016,
/// doi:10.1016/j.envsoft.2015.11.020), while the density grows and the mass is allowed; of equal ones that of fewer
/// restricted factors, then the first: factors in order, the upper end first. Then sides are pasted back by the same
/// measure. These are the rules of EMA Workbench. Numbers must be finite: leave out failed rows before.
///
/// # Examples
/// ```
/// use boljam::explore::{discover::{prim, Column, Settings}, latin_hypercube};
/// let points = latin_hypercube(1000, 2, 0);
/// let of_interest: Vec<bool> = points.rows().map(|x| x[0] > 0.7).collect();
/// let columns = [Column::Numbers(points.column(0)), Column::Numbers(points.column(1))];
/// let found = prim(&columns, &of_interest, Settings::default());
/// let last = found.steps.last().unwrap();
/// assert!(last.density > 0.99 && last.restrictions[0].factor == 0);
/// ```
pub fn prim(columns: &[Column], of_interest: &[bool], settings: Settings) -> Prim {
    let mut state = State::new(columns, of_interest);
    if state.interest == 0 {
        return Prim { steps: Vec::new(), balanced: 0 };
    }
    let mut steps = vec![state.step()];
    while let Some(peel) = best_peel(&state, settings) {
        state.tighten(&peel);
        steps.push(state.step());
    }
    while let Some(paste) = best_paste(&state, settings) {
        state.loosen(&paste);
        steps.push(state.step());
    }
    let harmonic = |step: &Step| step.coverage * step.density / (step.coverage + step.density).max(1e-300);
    let balanced = (0..steps.len())
        .fold(0, |best, k| if harmonic(&steps[k]) > harmonic(&steps[best]) { k } else { best });
    Prim { steps, balanced }
}
