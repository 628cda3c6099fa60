//! How observed prices reach a driver of a town: its price level and the response to a path of it.

use nalgebra::{DMatrix, DVector};

use super::series::TownSeries;
use crate::case::Case;
use crate::math;
use crate::model::DeviationLaw;

/// The same law where no driver but one is exposed to prices.
pub(super) fn exposed_alone(law: &DeviationLaw, place: usize) -> DeviationLaw {
    let mut own = law.clone();
    own.exposure.fill(0.0);
    own.exposure[place] = law.exposure[place];
    own.price = law.transition.column(place) * law.exposure[place];
    own.price[place] = 0.0;
    own
}

/// What a path of the price level does to a driver, year by year, from equilibrium with its first value.
pub(super) fn response(law: &DeviationLaw, place: usize, levels: &[f64]) -> Vec<f64> {
    let n = law.transition.nrows();
    if law.price.iter().all(|g| *g == 0.0) {
        return levels.iter().map(|level| law.exposure[place] * level).collect();
    }
    let mut out = Vec::with_capacity(levels.len());
    let settle = DMatrix::identity(n, n) - &law.transition;
    let start = &law.price * levels.first().copied().unwrap_or(0.0);
    let mut deviation = settle.lu().solve(&start).unwrap_or_else(|| DVector::zeros(n));
    for (t, level) in levels.iter().enumerate() {
        if t > 0 {
            deviation = &law.transition * deviation;
            deviation.axpy(levels[t - 1], &law.price, 1.0);
        }
        out.push(law.exposure[place] * level + deviation[place]);
    }
    out
}

/// First year from which every town of the series has its prices without gaps until `first`.
pub(super) fn first_price_year(case: &Case, series: &[TownSeries], first: i32) -> i32 {
    let known = |year: i32| series.iter().all(|s| price_level(case, s.town, year).is_finite());
    let mut year = first;
    while known(year - 1) {
        year -= 1;
    }
    year
}

/// Log price level of a town's mix since the base year, as observed; NaN where a price is missing.
pub(super) fn price_level(case: &Case, town: usize, year: i32) -> f64 {
    let weighed = case.towns[town].mix.iter().zip(&case.commodities).filter(|(w, _)| **w > 0.0);
    let change = |(w, commodity): (&f64, &crate::case::Commodity)| {
        let (then, base) = (commodity.price(year)?, commodity.price(case.base_year)?);
        Some(w * (math::ln(then.average) - math::ln(base.average)))
    };
    weighed.map(change).sum::<Option<f64>>().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::super::panel_fit::bare_model;
    use super::super::scope::acting_on;
    use super::*;
    use crate::case::Source;

    /// The response to prices is that of the model's closed form, cross-impacts included: from a start at rest the
    /// differences of the two die out.
    #[test]
    fn prices_act_as_in_the_closed_form() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let model = bare_model(&case).unwrap();
        let driver = case.drivers.iter().position(|d| d.id == "unemployment").unwrap();
        let scope = acting_on(&case, driver);
        assert_eq!(scope.len(), 3, "enterprise output and employment act on unemployment");
        let town = &model.towns[case.town("balkhash").unwrap()];
        let law = &DeviationLaw::before_plans(&case, &model.noise, [town], &scope)[0];
        let place = scope.iter().position(|i| *i == driver).unwrap();
        // At rest for a year, then prices are up for good; no plan, so the mono-profile degree stays.
        let mut levels = vec![0.3; model.years.len()];
        levels[0] = 0.0;
        let mut path = town.paths[0].clone();
        path.years = vec![path.years[0].clone(); model.years.len()];
        let expected = crate::model::ClosedForm::price_effect(&model, town, &path, &levels);
        for (found, expected) in response(law, place, &levels).iter().zip(&expected) {
            assert!((found - expected[driver]).abs() < 1e-12, "{found} for {}", expected[driver]);
        }
    }
}
