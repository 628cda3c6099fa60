//! The case as it stood at an origin: its last year is the base year, nothing is planned, no event happens, and no price
//! law knows a later year.
//!
//! With prices drawn, each commodity's law is fitted anew on the n years of its history up to the origin, T:
//!
//! ```text
//! ln level  = mean of ln averages                 se = sd sqrt((1 + a)/(1 - a)/n),  a = 1 - rho (AR(1): the effective
//!                                                      number of years is n (1 - a)/(1 + a))
//! s_walk^2  = mean (dz + ln(1 + inflation))^2     s_rev^2 = mean (dz + rho (z - ln level))^2,   z ln Decembers
//! ```
//!
//! The reversion rate rho, the correlations and the odds of the two branches are the case's: they rest on longer
//! series than the case has. With prices known, the averages of the years ahead are given.

use super::terms::PricesUsed;
use crate::case::{Case, Commodity, ObservedPrice, PriceProcess};
use crate::math;

/// Fewest yearly changes of Decembers on which a price law is fitted; with fewer the case's is kept.
const LEAST_CHANGES: usize = 8;

/// The case as it stood in `origin`, to be run up to `last`. A year without a price has the price of the nearest year
/// that has one: what rests on it must not be scored.
pub(super) fn case_at(case: &Case, origin: i32, last: i32, prices: PricesUsed) -> Case {
    let mut then = case.clone();
    then.base_year = origin;
    then.horizon = last;
    // Draws of parameters were fitted to the very years that are forecast here.
    then.posterior = None;
    then.events.clear();
    for first in &mut then.method.first_passages {
        // Events are gone, and so is what they rule out.
        first.unless_event = None;
    }
    for entry in then.scenarios.iter_mut().flat_map(|s| &mut s.plan).flatten() {
        (entry.shift, entry.sd) = (0.0, 0.0);
        (entry.start, entry.by) = (origin, origin + 1);
    }
    if matches!(then.prices.process, PriceProcess::Fixed(_)) {
        then.prices.process = PriceProcess::RandomWalk;
    }
    let end = match prices {
        PricesUsed::Known => last,
        PricesUsed::Drawn => {
            prices_up_to(&mut then, origin);
            origin
        }
    };
    for commodity in &mut then.commodities {
        let near = |year: i32| {
            let nearest = commodity.observed.iter().min_by_key(|o| (o.year - year).abs());
            nearest.map(|o| ObservedPrice { year, ..*o })
        };
        commodity.observed = (origin..=end).filter_map(near).collect();
    }
    then
}

/// Forgets the prices after a year, in the histories and in the laws.
pub(in crate::analyse) fn prices_up_to(case: &mut Case, year: i32) {
    let drift = math::ln(1.0 + case.prices.inflation);
    for commodity in &mut case.commodities {
        refit(commodity, year, drift);
        commodity.observed.retain(|o| o.year <= year);
    }
}

/// Fits a commodity's law on the years up to the origin.
fn refit(commodity: &mut Commodity, origin: i32, drift: f64) {
    let before: Vec<&ObservedPrice> = commodity.observed.iter().filter(|o| o.year <= origin).collect();
    if before.len() <= LEAST_CHANGES {
        return;
    }
    let n = before.len() as f64;
    let averages: Vec<f64> = before.iter().map(|o| math::ln(o.average)).collect();
    let mean = averages.iter().sum::<f64>() / n;
    let sd = (averages.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let rho = commodity.reversion;
    let z: Vec<f64> = before.iter().map(|o| math::ln(o.december)).collect();
    let rms = |f: &dyn Fn(f64, f64) -> f64| {
        (z.windows(2).map(|w| f(w[0], w[1]).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
    };
    let (walk, reverting) = (rms(&|a, b| b - a + drift), rms(&|a, b| b - a + rho * (a - mean)));
    (commodity.sd_walk, commodity.sd_reverting) = (walk, reverting);
    commodity.level = math::exp(mean);
    if rho > 0.0 {
        commodity.level_se = sd * ((2.0 - rho) / rho / n).sqrt();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Source;

    /// Nothing of a later year is left, whatever these years held.
    #[test]
    fn an_origin_knows_no_later_price() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let mut other = case.clone();
        for price in other.commodities.iter_mut().flat_map(|c| &mut c.observed).filter(|o| o.year > 2019) {
            (price.average, price.december) = (7.0 * price.average, 9.0 * price.december);
        }
        for commodity in &mut other.commodities {
            (commodity.level, commodity.level_se) = (1.0, 3.0);
            (commodity.sd_walk, commodity.sd_reverting) = (1.0, 3.0);
        }
        let [a, b] =
            [&case, &other].map(|c| format!("{:?}", case_at(c, 2019, 2021, PricesUsed::Drawn).commodities));
        assert_eq!(a, b);
        let known =
            [&case, &other].map(|c| case_at(c, 2019, 2021, PricesUsed::Known).commodities[1].observed.len());
        assert_eq!(known, [3, 3]);
    }

    /// Copper 1990 to 2018 by another program (Python's statistics module on the same file).
    #[test]
    fn the_law_of_an_origin_is_that_of_its_years() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let then = case_at(&case, 2018, 2021, PricesUsed::Drawn);
        let copper = then.commodities.iter().find(|c| c.id == "copper").unwrap();
        for (found, expected) in [
            (copper.level, COPPER[0]),
            (copper.level_se, COPPER[1]),
            (copper.sd_walk, COPPER[2]),
            (copper.sd_reverting, COPPER[3]),
        ] {
            assert!((found / expected - 1.0).abs() < 1e-6, "{found} for {expected}");
        }
    }

    const COPPER: [f64; 4] = [6115.32137, 0.237952474, 0.308801922, 0.291503316];
}
