//! What was seen since the base year beside the forecast made from it.
//!
//! The forecast is the case's own, plans and events included, twice: with the prices observed since, and with prices
//! drawn from the base year by a law that knows no later year. Of a town it is an ensemble, of the region's indices the
//! closed form. Nothing that was seen enters it.

use super::backtest::prices_up_to;
use super::mixture::Mixture;
use super::observed::{level, stands_for};
use super::results::{Distribution, QUANTILES, Results};
use super::study::study;
use crate::case::{Case, Comparable};
use crate::engine::Effort;
use crate::math;
use crate::model::{ClosedForm, Model, ModelError, Options};

/// Runs that are enough for a table: a place is known to about a point.
pub const RUNS: u64 = 4096;

/// Something that was seen, and the forecast of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Place in [`Case::observed`].
    pub row: usize,
    /// On the model's scale; none where it cannot be compared.
    pub level: Option<f64>,
    /// The forecast with prices drawn from the base year, and with those that came; none where it cannot be compared.
    pub forecasts: Option<[SeenForecast; 2]>,
}

/// A forecast of something that was seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeenForecast {
    /// 2.5 % quantile, median and 97.5 % quantile under the reference scenario.
    pub band: [f64; 3],
    /// Probability of what was seen or less, under the reference scenario.
    pub place: f64,
    /// Smallest and largest such probability of all scenarios.
    pub places: (f64, f64),
}

/// Sets everything seen beside the forecast, in the case's order; rows of the base year that others grow from are left
/// out.
///
/// # Errors
/// [`ModelError`] when the case's own options do not fit it.
pub fn seen(case: &Case, effort: Effort) -> Result<Vec<Seen>, ModelError> {
    let comparable = |v: &crate::case::ObservedValue| {
        v.comparable != Comparable::No && v.year > case.base_year && v.year <= case.horizon
    };
    let last = case.observed.iter().filter(|v| comparable(v)).map(|v| v.year).max();
    let mut before = case.clone();
    prices_up_to(&mut before, case.base_year);
    let made = match last {
        Some(last) => Some([Forecast::new(&before, last, effort)?, Forecast::new(case, last, effort)?]),
        None => None,
    };
    let is_outcome =
        |v: &crate::case::ObservedValue| v.comparable != Comparable::Growth || v.year != case.base_year;
    let of = |row: usize| {
        let value = &case.observed[row];
        let forecast = |by: &Forecast| by.of(case, row);
        let both =
            made.as_ref().filter(|_| comparable(value)).and_then(|[a, b]| Some([forecast(a)?, forecast(b)?]));
        Seen { row, level: both.map(|b| b[0].1), forecasts: both.map(|b| b.map(|f| f.0)) }
    };
    let rows = (0..case.observed.len()).filter(|row| is_outcome(&case.observed[*row]));
    Ok(rows.map(of).collect())
}

/// The forecasts of a case.
struct Forecast {
    /// Of the towns of which something was seen.
    results: Option<Results>,
    /// Of the region, from any town.
    region: Option<ClosedForm>,
    drivers: usize,
    reference: usize,
    base_year: i32,
}

impl Forecast {
    fn new(case: &Case, last: i32, effort: Effort) -> Result<Self, ModelError> {
        let all = Options { horizon: last, ..Options::of(case) };
        let mut towns: Vec<usize> = case.observed.iter().filter_map(|v| v.town).collect();
        towns.sort_unstable();
        towns.dedup();
        let options = Options { towns, ..all.clone() };
        let some = !options.towns.is_empty();
        let results = some.then(|| study(case, &options, effort, &|_, _| {})).transpose()?;
        let one = Options { towns: vec![0], scenarios: vec![case.reference], ..all };
        let model = Model::compile(case, &one)?;
        let region = model.towns.first().map(|town| ClosedForm::new(&model, town, &town.paths[0]));
        let (drivers, reference) = (case.drivers.len(), case.reference);
        Ok(Self { results, region, drivers, reference, base_year: case.base_year })
    }

    /// The forecast of a row, and its value on the model's scale.
    fn of(&self, case: &Case, row: usize) -> Option<(SeenForecast, f64)> {
        let value = &case.observed[row];
        let t = usize::try_from(value.year - self.base_year).ok()?;
        let Some(town) = value.town else {
            let index = self.drivers + case.region_indices.iter().position(|r| r.id == value.quantity)?;
            let form = self.region.as_ref()?;
            let component = |(p, years): &(f64, Vec<crate::model::Normal>)| {
                (*p, years[t].mean[index], years[t].covariance[(index, index)].max(0.0).sqrt())
            };
            let log = Mixture::new(form.branches.iter().filter(|b| b.0 > 0.0).map(component).collect());
            // An index is 1 in the base year.
            let level = level(case, value, 1.0)?;
            let place = log.is_proper().then(|| log.cdf(math::ln(level)))?;
            let band = [0.025, 0.5, 0.975].map(|p| math::exp(log.quantile(p)));
            return Some((SeenForecast { band, place, places: (place, place) }, level));
        };
        let results = self.results.as_ref()?;
        let town = results.town(&case.towns[town].id).ok()?;
        let q = results.quantities.iter().position(|q| stands_for(case, value, q))?;
        let level = level(case, value, town.scenarios.first()?.plan[q][0])?;
        let cells = || town.scenarios.iter().map(|s| &s.years[t].quantities[q]);
        let places: Vec<f64> = cells().map(|d| place(d, level)).collect();
        let reference = cells().nth(self.reference)?;
        let quantile = |p: f64| {
            let k = QUANTILES.iter().position(|q| *q == p);
            k.map_or(f64::NAN, |k| reference.quantiles[k].value)
        };
        let ends = |f: fn(f64, f64) -> f64, from: f64| places.iter().copied().fold(from, f);
        let forecast = SeenForecast {
            band: [0.025, 0.5, 0.975].map(quantile),
            place: places[self.reference],
            places: (ends(f64::min, f64::INFINITY), ends(f64::max, f64::NEG_INFINITY)),
        };
        Some((forecast, level))
    }
}

/// Share of the runs at a value or below, even within a bin.
fn place(distribution: &Distribution, value: f64) -> f64 {
    let (mut below, mut all) = (0.0, 0.0);
    for bin in distribution.bins.iter() {
        let inside = match bin.high - bin.low {
            width if width > 0.0 => ((value - bin.low) / width).clamp(0.0, 1.0),
            _ => f64::from(u8::from(value >= bin.low)),
        };
        below += inside * bin.count as f64;
        all += bin.count as f64;
    }
    below / all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Source;

    /// The ensemble's place of a driver is that of the closed form where nothing happens by events, with prices known
    /// and drawn; the rows of a base year are no outcomes, and rows that cannot be compared have no forecast.
    #[test]
    fn places_are_those_of_the_closed_form() {
        let mut source = Source::embedded();
        let rows = "town,year,quantity,value,unit,source,note,comparable\n\
                    temirtau,2024,wage,100,percent,a,,yes\n\
                    temirtau,2024,population,1,persons,a,,no\n\
                    region,2021,output,1,index,a,,growth\n\
                    region,2024,output,1.1,index,a,,growth\n";
        source.files.insert("observed.csv".to_owned(), rows.to_owned());
        let mut case = Case::load(&source, &[]).unwrap();
        case.events.clear();
        // One normal for each driver: parameters are not drawn.
        case.posterior = None;
        for first in &mut case.method.first_passages {
            first.unless_event = None;
        }
        let found = seen(&case, Effort::runs(4096)).unwrap();
        assert_eq!(found.len(), 3);
        assert!(found.iter().filter(|s| s.forecasts.is_none()).count() == 1);
        let wage = case.drivers.iter().position(|d| d.id == "wage").unwrap();
        let mut before = case.clone();
        prices_up_to(&mut before, 2021);
        for (k, case) in [&before, &case].into_iter().enumerate() {
            let town = case.town("temirtau").unwrap();
            let options = Options { towns: vec![town], ..Options::of(case) };
            let model = Model::compile(case, &options).unwrap();
            let law = &model.towns[0];
            let normal = ClosedForm::new(&model, law, &law.paths[case.reference]).over_branches(3);
            let sd = normal.covariance[(wage, wage)].sqrt();
            let exact = Mixture::normal(normal.mean[wage], sd).cdf(100.0_f64.ln());
            let row = found.iter().find(|s| case.observed[s.row].quantity == "wage").unwrap();
            let forecast = row.forecasts.unwrap()[k];
            assert!((forecast.place - exact).abs() < 0.025, "{} for {exact}", forecast.place);
            assert!(forecast.places.0 <= forecast.place && forecast.place <= forecast.places.1);
            let region = found.iter().find(|s| case.observed[s.row].quantity == "output").unwrap();
            let band = region.forecasts.unwrap()[k].band;
            assert!(band[0] < band[1] && band[1] < band[2]);
        }
        // Prices that are known leave less open.
        let width = |k: usize| {
            let row = found.iter().find(|s| case.observed[s.row].quantity == "output").unwrap();
            let band = row.forecasts.unwrap()[k].band;
            band[2] / band[0]
        };
        assert!(width(0) > 1.05 * width(1), "{} {}", width(0), width(1));
    }
}
