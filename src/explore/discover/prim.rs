//! PRIM: peeling away what is not of interest, a little at a time.

mod peel;
mod resample;
mod state;

use crate::explore::discover::{Column, Restriction};
use state::State;

pub use resample::Reproduced;

/// How PRIM goes about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Share of the box that a peel takes away, about.
    pub peel: f64,
    /// Share of what lies beyond a side that a paste gives back, about.
    pub paste: f64,
    /// Smallest share of all rows that a box may hold.
    pub mass_min: f64,
}

impl Default for Settings {
    /// The values of EMA Workbench: 0.05 each.
    fn default() -> Self {
        Self { peel: 0.05, paste: 0.05, mass_min: 0.05 }
    }
}

/// A box on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Rows in the box.
    pub rows: usize,
    /// Rows of interest in the box.
    pub of_interest: usize,
    /// Share of all rows of interest that lie in the box.
    pub coverage: f64,
    /// Share of the box that is of interest.
    pub density: f64,
    /// Share of all rows that lie in the box.
    pub mass: f64,
    /// The sides that leave out something, in the order of the factors.
    pub restrictions: Vec<Restriction>,
}

impl Step {
    /// Monte Carlo error of the coverage, that of a share of the rows of interest.
    pub fn coverage_mcse(&self) -> f64 {
        if self.of_interest == 0 {
            return 0.0;
        }
        (self.coverage * (1.0 - self.coverage) / (self.of_interest as f64 / self.coverage)).sqrt()
    }

    /// Monte Carlo error of the density, that of a share of the rows in the box.
    pub fn density_mcse(&self) -> f64 {
        (self.density * (1.0 - self.density) / self.rows.max(1) as f64).sqrt()
    }
}

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
    while let Some(peel) = peel::best_peel(&state, settings) {
        state.tighten(&peel);
        steps.push(state.step());
    }
    while let Some(paste) = peel::best_paste(&state, settings) {
        state.loosen(&paste);
        steps.push(state.step());
    }
    let harmonic = |step: &Step| step.coverage * step.density / (step.coverage + step.density).max(1e-300);
    let balanced = (0..steps.len())
        .fold(0, |best, k| if harmonic(&steps[k]) > harmonic(&steps[best]) { k } else { best });
    Prim { steps, balanced }
}

impl Prim {
    /// How often half samples find the same: see [`Reproduced`]. Nothing comes of a trajectory without steps.
    pub fn reproduce(
        &self,
        columns: &[Column],
        of_interest: &[bool],
        settings: Settings,
        resamples: usize,
        seed: u64,
    ) -> Vec<Reproduced> {
        resample::reproduce(self, columns, of_interest, settings, resamples, seed)
    }
}
