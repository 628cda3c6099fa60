//! The backtest: what the shipped model would have said of the panel's later years, from every year before.
//!
//! For every origin T the case is set back to T (`origin`): its last year is T, nothing is planned, no event happens.
//! Its model is compiled like any other, and the forecast of a driver h years on is its closed form, a mixture of normals
//! on the link scale, started from the value observed in T:
//!
//! ```text
//! z[T+h] ~ sum over price branches b of p_b Normal(z[T] + m_b[h], v_b[h])
//! ```
//!
//! with the case's own sigma, persistence, exposures, cross-impacts and correlations: what ships is what is tested. Draws of
//! parameters (posterior.csv) are left out: they were fitted to the panel and know its later years. As in a run, the year of origin counts as an equilibrium and departures begin at 0. The innovations of a price, Student-t in
//! runs, enter with their variance. Twice: with prices *known* as they came, and with prices *drawn* from the origin by a
//! law that knows no later year, which is the headline. Years of the panel were seen when the case's numbers were chosen;
//! the *blind* model takes each sigma from the years before the origin instead. Rivals are in `rivals`; the one the model
//! is measured against is that which was best on the outcomes known at the origin, so that hindsight does not choose it.
//!
//! Scores: share of outcomes inside the middle 50, 80, 95 %; CRPS and log score (smaller is better; [`super::score`]); the
//! probability integral transform, which a calibrated forecast spreads evenly. Means have 95 % intervals by a bootstrap
//! over towns and blocks of years (`bootstrap`).

mod bootstrap;
mod forecasts;
mod origin;
mod rivals;
mod scores;
mod terms;
mod untested;
mod verdict;

pub use bootstrap::Interval;
pub(super) use origin::prices_up_to;
pub use rivals::Forecaster;
pub use scores::{ForecasterScore, Group, Score};
pub use terms::{Gap, INTERVALS, LEAST_CHANGES, PIT_BINS, PricesUsed};
pub use untested::Untested;
pub use verdict::{Grade, Verdict, by_grade};

use forecasts::{Extent, forecasts};

use crate::case::Case;
use crate::model::{ModelError, QuantityKind, quantities};

/// The scores, and what could not be scored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Backtest {
    /// Rows with prices drawn: all, a row a driver, one a number of years ahead, one a town, one a driver and number of
    /// years ahead; none where nothing is forecast.
    pub drawn: Vec<Score>,
    /// The same with prices known.
    pub known: Vec<Score>,
    /// Verdict on each driver, with prices drawn, in the case's order: (id, verdict).
    pub verdicts: Vec<(String, Verdict)>,
    /// Drivers that are not scored, or only in part: (id, why).
    pub left_out: Vec<(String, Gap)>,
    /// Composites whose value, class and votes the panel cannot tell, and what it lacks.
    pub untested: Vec<Untested>,
}

impl Backtest {
    /// The rows of one knowledge of prices.
    pub fn scores(&self, prices: PricesUsed) -> &[Score] {
        match prices {
            PricesUsed::Drawn => &self.drawn,
            PricesUsed::Known => &self.known,
        }
    }
}

/// Scores the model on the panel. The case's seed keys the bootstrap.
///
/// # Errors
/// [`ModelError`] when the case's own options do not fit it.
///
/// # Examples
/// ```
/// use boljam::{analyse::backtest, case::{Case, Source}};
/// let case = Case::load(&Source::embedded(), &[])?;
/// let scores = backtest::backtest(&case)?;
/// let wage = scores.drawn.iter().find(|s| s.group.driver.as_deref() == Some("wage")).unwrap();
/// // Wages rose faster than anything around a level could.
/// assert!(wage.model().coverage[2] < 0.5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn backtest(case: &Case) -> Result<Backtest, ModelError> {
    let rows = |prices: PricesUsed| -> Result<_, ModelError> {
        let (scored, gaps) = forecasts(case, prices, Extent::All)?;
        let rivals = scores::chosen_rivals(&scored);
        Ok((scores::scores(case, &scored, &rivals, case.seed), gaps))
    };
    let (drawn, _) = rows(PricesUsed::Drawn)?;
    let (known, gaps) = rows(PricesUsed::Known)?;
    let verdicts = case.drivers.iter().map(|d| {
        let only = Group { driver: Some(d.id.clone()), ..Group::default() };
        let score = drawn.iter().find(|s| s.group == only);
        (d.id.clone(), score.map_or(Verdict::UNTESTED, Verdict::of))
    });
    Ok(Backtest {
        verdicts: verdicts.collect(),
        left_out: gaps.into_iter().map(|(driver, gap)| (case.drivers[driver].id.clone(), gap)).collect(),
        untested: untested::untested(case),
        drawn,
        known,
    })
}

/// The verdict on every quantity of [`quantities`], in their order, with prices drawn: a driver's own; everything else
/// is untested. All are untested where the case cannot be set back.
pub fn verdicts(case: &Case) -> Vec<Verdict> {
    let (scored, _) = forecasts(case, PricesUsed::Drawn, Extent::Headline).unwrap_or_default();
    let rivals = scores::chosen_rivals(&scored);
    let of = |kind: QuantityKind| match kind {
        QuantityKind::Driver(driver) => scores::driver_score(case, &scored, &rivals, driver),
        _ => None,
    };
    quantities(case).iter().map(|q| of(q.kind).as_ref().map_or(Verdict::UNTESTED, Verdict::of)).collect()
}

#[cfg(test)]
mod tests;
