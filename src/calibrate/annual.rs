//! A series by year: logs of real annual averages and of real December prices.

use crate::case::{Frequency, PriceSeries, PriceTable};

/// A price index that turns nominal prices into real ones of its last whole year.
#[derive(Debug, Clone)]
pub struct Deflator {
    frequency: Frequency,
    /// Index by period, gaps inside filled geometrically.
    index: Vec<(i32, f64)>,
    /// Mean of the last whole year.
    base: f64,
    /// That year.
    pub base_year: i32,
    /// Number of periods that were missing inside and were filled.
    pub filled: usize,
}

impl Deflator {
    /// The index of a series; none where it has a value of zero or below, a period twice, or no whole year.
    pub fn new(series: &PriceSeries, frequency: Frequency) -> Option<Self> {
        let points = &series.points;
        let ordered = points.windows(2).all(|w| w[0].period < w[1].period);
        if !ordered || points.iter().any(|p| p.price <= 0.0) {
            return None;
        }
        let mut index: Vec<(i32, f64)> = Vec::new();
        for p in points {
            if let Some(&(last, value)) = index.last() {
                let steps = f64::from(p.period - last);
                for k in 1..p.period - last {
                    index.push((last + k, value * (p.price / value).powf(f64::from(k) / steps)));
                }
            }
            index.push((p.period, p.price));
        }
        let filled = index.len() - points.len();
        let of_year = |year: i32| index.iter().filter(move |p| frequency.year(p.0) == year).map(|p| p.1);
        let mut years: Vec<i32> = index.iter().map(|p| frequency.year(p.0)).collect();
        years.dedup();
        let base_year = years.into_iter().rfind(|y| of_year(*y).count() == frequency.a_year())?;
        let base = of_year(base_year).sum::<f64>() / frequency.a_year() as f64;
        Some(Self { frequency, index, base, base_year, filled })
    }

    /// What a nominal price of a period is multiplied by; none where the index is not known.
    pub(super) fn factor(&self, period: i32, frequency: Frequency) -> Option<f64> {
        let key = if self.frequency == frequency { Some(period) } else { None };
        match (key, self.frequency) {
            (Some(key), _) => self.at(key),
            // Months by an annual index.
            (None, Frequency::Annual) => self.at(frequency.year(period)),
            // Years by a monthly index: its mean.
            (None, Frequency::Monthly) => {
                let months: Option<Vec<f64>> = (0..12).map(|m| self.at(12 * period + m)).collect();
                months.map(|m| 12.0 / m.iter().map(|f| 1.0 / f).sum::<f64>())
            }
        }
    }

    fn at(&self, period: i32) -> Option<f64> {
        let place = self.index.binary_search_by_key(&period, |p| p.0).ok()?;
        Some(self.base / self.index[place].1)
    }
}

/// A series by year, logs; years without a gap.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnualPrices {
    /// The series' identifier.
    pub id: String,
    /// First year.
    pub first: i32,
    /// ln of the real annual average.
    pub average: Vec<f64>,
    /// ln of the real December price; worked out from averages where the table has none.
    pub december: Vec<f64>,
    /// ln of the December price as the table has it, before deflating.
    pub nominal_december: Vec<f64>,
    /// True where Decembers are in the table.
    pub has_december: bool,
}

/// The weight of the last surprise in Working's process, 2 - sqrt 3: averages of a random walk over a year change as
/// a moving average of order one with this coefficient (Working 1960, doi:10.2307/1907574).
const WORKING: f64 = 0.267_949_192_431_122_7;

impl AnnualPrices {
    /// The whole years of a series that has no flaw, deflated where there is a deflator (years beyond it are left out).
    ///
    /// Where an annual table has no Decembers, that of year t is the forecast of next year's average under a random
    /// walk, P\[t\] + theta a\[t\] with a\[t\] = P\[t\] - P\[t-1\] - theta a\[t-1\], theta = 2 - sqrt 3.
    pub fn of(series: &PriceSeries, table: &PriceTable, deflator: Option<&Deflator>) -> Self {
        let frequency = table.frequency;
        let factor = |period| deflator.map_or(Some(1.0), |d| d.factor(period, frequency));
        let mut prices = Self {
            id: series.id.clone(),
            first: 0,
            average: Vec::new(),
            december: Vec::new(),
            nominal_december: Vec::new(),
            has_december: frequency == Frequency::Monthly
                || series.points.iter().all(|p| p.december.is_some()),
        };
        for year in series.whole_years(frequency) {
            let of_year: Vec<_> = series.points.iter().filter(|p| frequency.year(p.period) == year).collect();
            let real: Option<Vec<f64>> = of_year.iter().map(|p| Some(p.price * factor(p.period)?)).collect();
            let Some(real) = real else { continue };
            let last = of_year[of_year.len() - 1];
            let nominal = last.december.unwrap_or(last.price);
            if prices.average.is_empty() {
                prices.first = year;
            }
            prices.average.push((real.iter().sum::<f64>() / real.len() as f64).ln());
            prices.nominal_december.push(nominal.ln());
            prices.december.push(nominal.ln() + factor(last.period).map_or(0.0, f64::ln));
        }
        if !prices.has_december {
            prices.december = ends(&prices.average);
            let nominal = std::mem::take(&mut prices.nominal_december);
            prices.nominal_december = ends(&nominal);
        }
        prices
    }

    /// Last year.
    pub fn last(&self) -> i32 {
        self.first + self.average.len() as i32 - 1
    }

    /// Changes of the log annual average in the years that both have, by year.
    pub fn common_changes(&self, other: &Self) -> Vec<(f64, f64)> {
        let change = |s: &Self, year: i32| {
            let k = usize::try_from(year - s.first).ok().filter(|k| *k > 0)?;
            Some(s.average.get(k)? - s.average[k - 1])
        };
        (self.first..=self.last()).filter_map(|y| Some((change(self, y)?, change(other, y)?))).collect()
    }
}

/// Ends of the years whose averages these are, under a random walk.
fn ends(average: &[f64]) -> Vec<f64> {
    let mut surprise = 0.0;
    let mut ends = vec![average[0]];
    for w in average.windows(2) {
        surprise = w[1] - w[0] - WORKING * surprise;
        ends.push(w[1] + WORKING * surprise);
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_distr::{Distribution, StandardNormal};
    use std::fmt::Write as _;

    #[test]
    fn a_deflator_makes_prices_of_its_last_whole_year() {
        let mut text = "date,commodity,price\n".to_owned();
        for k in 0..30 {
            for (id, price) in [("ore", 100.0), ("cpi", 2.0 * 1.01_f64.powi(k))] {
                // One month of the index is missing, as one of the United States is.
                if !(id == "cpi" && k == 7) {
                    writeln!(text, "{}-{:02},{id},{price}", 2000 + k / 12, k % 12 + 1).unwrap();
                }
            }
        }
        let table = PriceTable::parse(&text).unwrap();
        let deflator = Deflator::new(&table.series[1], table.frequency).unwrap();
        assert_eq!((deflator.base_year, deflator.filled), (2001, 1));
        let ore = AnnualPrices::of(&table.series[0], &table, Some(&deflator));
        assert_eq!((ore.first, ore.average.len()), (2000, 2));
        // The geometric gap is exact here: a constant nominal price falls by 12 times one per cent a year.
        assert!((ore.december[1] - ore.december[0] + 12.0 * 1.01_f64.ln()).abs() < 1e-12);
        assert!((ore.average[1] - ore.average[0] + 12.0 * 1.01_f64.ln()).abs() < 1e-12);
        assert_eq!(ore.nominal_december, [100.0_f64.ln(); 2]);
    }

    /// Over a long walk of fine steps the worked-out end of a year misses the true one by the error that theory gives:
    /// the variance of the next average's surprise, s^2 (2 + sqrt 3)/6, less that of what follows the end, s^2/3.
    #[test]
    fn ends_of_years_are_worked_out_from_averages() {
        let mut rng = rand::rngs::Xoshiro256PlusPlus::seed_from_u64(3);
        let (mut z, mut average, mut end) = (0.0, Vec::new(), Vec::new());
        for _ in 0..40_000 {
            let mut sum = 0.0;
            for _ in 0..100 {
                let e: f64 = StandardNormal.sample(&mut rng);
                z += 0.1 * e;
                sum += z;
            }
            average.push(sum / 100.0);
            end.push(z);
        }
        let found = ends(&average);
        let miss: f64 = found.iter().zip(&end).map(|(a, b)| (a - b).powi(2)).sum::<f64>() / 40_000.0;
        let theory = (2.0 + 3.0_f64.sqrt()) / 6.0 - 1.0 / 3.0;
        assert!((miss / theory - 1.0).abs() < 0.03, "{miss} {theory}");
    }
}
