//! Whether a series can be estimated from, and what should be known about it.

use std::fmt;

use super::series::{Frequency, PricePoint, PriceSeries};

/// Fewest whole years from which anything is estimated.
const LEAST_YEARS: usize = 15;
/// A change from one period to the next by more than this factor is one of unit.
const UNIT_FACTOR: f64 = 20.0;
/// So many months alike are a posted price.
const POSTED_MONTHS: usize = 12;

/// What is wrong with a series.
#[derive(Debug, Clone, PartialEq)]
pub enum PriceFlaw {
    /// Fewer whole years than it takes.
    Short(usize),
    /// Periods are missing inside: the first of them, their number, and the longest stretch without a gap.
    Gaps(String, usize, String, String),
    /// A price of zero or below: period, price, line.
    NotPositive(String, f64, u64),
    /// Two prices of one period: it, and the line of the second.
    Twice(String, u64),
    /// Units that rows name: two of them and the line of the second.
    Units(String, String, u64),
    /// A jump that only another unit explains: period, factor, line.
    Jump(String, f64, u64),
}

impl fmt::Display for PriceFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short(years) => write!(f, "{years} whole years: at least {LEAST_YEARS} are needed"),
            Self::Gaps(first, count, from, to) => {
                let plural = if *count == 1 { "price is" } else { "prices are" };
                write!(f, "{count} {plural} missing inside, from {first} on; it is whole from {from} to {to}")
            }
            Self::NotPositive(period, price, line) => {
                write!(f, "the price of {period} is {price} (line {line}): it has no logarithm")
            }
            Self::Twice(period, line) => write!(f, "{period} stands twice, again in line {line}"),
            Self::Units(a, b, line) => write!(f, "its unit is '{a}', and '{b}' in line {line}"),
            Self::Jump(period, factor, line) => {
                write!(
                    f,
                    "a factor of {factor:.3} from one period to the next at {period} (line {line}): a change of unit?"
                )
            }
        }
    }
}

/// What can be done with a series.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Verdict {
    /// Why it cannot be estimated from; nothing where it can.
    pub flaws: Vec<PriceFlaw>,
    /// The longest run of months with one price, where that is a year or more: first, last, number.
    pub posted: Option<(String, String, usize)>,
}

impl PriceSeries {
    /// Judges the series.
    pub fn verdict(&self, frequency: Frequency) -> Verdict {
        let name = |p: &PricePoint| frequency.name(p.period);
        let mut flaws = Vec::new();
        if let Some(p) = self.points.iter().find(|p| p.price <= 0.0 || p.december.is_some_and(|d| d <= 0.0)) {
            let price = if p.price <= 0.0 { p.price } else { p.december.unwrap_or(p.price) };
            flaws.push(PriceFlaw::NotPositive(name(p), price, p.line));
        }
        if let Some(w) = self.points.windows(2).find(|w| w[0].period == w[1].period) {
            flaws.push(PriceFlaw::Twice(name(&w[1]), w[0].line.max(w[1].line)));
        }
        if let Some(p) = self.points.iter().find(|p| p.unit != self.points[0].unit) {
            flaws.push(PriceFlaw::Units(self.points[0].unit.clone(), p.unit.clone(), p.line));
        }
        let factor = |w: &[PricePoint]| w[1].price / w[0].price;
        let jumps = |w: &&[PricePoint]| {
            w[0].price > 0.0 && w[1].price > 0.0 && !(1.0 / UNIT_FACTOR..UNIT_FACTOR).contains(&factor(w))
        };
        if let Some(w) = self.points.windows(2).find(jumps) {
            flaws.push(PriceFlaw::Jump(name(&w[1]), factor(w), w[1].line));
        }
        flaws.extend(self.gaps(frequency));
        let years = self.whole_years(frequency).len();
        if flaws.is_empty() && years < LEAST_YEARS {
            flaws.push(PriceFlaw::Short(years));
        }
        Verdict { flaws, posted: self.posted(frequency) }
    }

    /// Years all of whose periods have a price, in order.
    pub fn whole_years(&self, frequency: Frequency) -> Vec<i32> {
        let mut years: Vec<i32> = self.points.iter().map(|p| frequency.year(p.period)).collect();
        years.dedup();
        let count = |year: i32| self.points.iter().filter(|p| frequency.year(p.period) == year).count();
        years.into_iter().filter(|y| count(*y) == frequency.a_year()).collect()
    }

    fn gaps(&self, frequency: Frequency) -> Option<PriceFlaw> {
        let missing: i32 = self.points.windows(2).map(|w| (w[1].period - w[0].period - 1).max(0)).sum();
        let first = self.points.windows(2).find(|w| w[1].period > w[0].period + 1)?;
        let (mut start, mut best) = (0, (0, 0));
        for k in 1..=self.points.len() {
            if k == self.points.len() || self.points[k].period > self.points[k - 1].period + 1 {
                if k - start > best.1 - best.0 {
                    best = (start, k);
                }
                start = k;
            }
        }
        let name = |k: usize| frequency.name(self.points[k].period);
        let gap = frequency.name(first[0].period + 1);
        Some(PriceFlaw::Gaps(gap, missing as usize, name(best.0), name(best.1 - 1)))
    }

    /// A price that stayed for a year or more is no market's.
    fn posted(&self, frequency: Frequency) -> Option<(String, String, usize)> {
        if frequency == Frequency::Annual {
            return None;
        }
        let runs = self.points.chunk_by(|a, b| a.price == b.price);
        let longest = runs.max_by_key(|run| run.len()).filter(|run| run.len() >= POSTED_MONTHS)?;
        let name = |p: &PricePoint| frequency.name(p.period);
        Some((name(&longest[0]), name(&longest[longest.len() - 1]), longest.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::series::PriceTable;
    use std::fmt::Write as _;

    /// Twenty years of months, with one line changed by `edit`.
    fn flaws(edit: &dyn Fn(usize, &str) -> Option<String>) -> Vec<String> {
        let mut text = "date,commodity,price,unit\n".to_owned();
        for k in 0..240 {
            let row = format!("{}-{:02},copper,{},$/t", 2000 + k / 12, k % 12 + 1, 100 + k % 7);
            if let Some(row) = edit(k, &row) {
                writeln!(text, "{row}").unwrap();
            }
        }
        let table = PriceTable::parse(&text).unwrap();
        table.series[0].verdict(table.frequency).flaws.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_flaw_has_its_words() {
        let same = |row: &str| Some(row.to_owned());
        assert!(flaws(&|_, row| same(row)).is_empty());
        assert_eq!(
            flaws(&|k, row| if (30..33).contains(&k) { None } else { same(row) }),
            ["3 prices are missing inside, from 2002-07 on; it is whole from 2002-10 to 2019-12"]
        );
        assert_eq!(
            flaws(&|k, row| if k == 5 { same("2000-06,copper,-3,$/t") } else { same(row) }),
            ["the price of 2000-06 is -3 (line 7): it has no logarithm"]
        );
        assert_eq!(
            flaws(&|k, row| if k == 5 { Some(format!("{row}\n{row}")) } else { same(row) }),
            ["2000-06 stands twice, again in line 8"]
        );
        assert_eq!(
            flaws(&|k, row| if k > 200 { Some(row.replace("$/t", "c/lb")) } else { same(row) }),
            ["its unit is '$/t', and 'c/lb' in line 203"]
        );
        assert_eq!(
            flaws(&|k, row| if k > 200 { Some(row.replace("copper,1", "copper,1001")) } else { same(row) }),
            ["a factor of 962.548 from one period to the next at 2016-10 (line 203): a change of unit?"]
        );
        assert_eq!(
            flaws(&|k, row| if k < 100 { same(row) } else { None }),
            ["8 whole years: at least 15 are needed"]
        );
    }

    #[test]
    fn a_posted_price_is_noticed() {
        let mut text = "date,commodity,price\n".to_owned();
        for k in 0..240 {
            let price = if k < 30 { 50 } else { 100 + k % 7 };
            writeln!(text, "{}-{:02},ore,{price}", 2000 + k / 12, k % 12 + 1).unwrap();
        }
        let table = PriceTable::parse(&text).unwrap();
        let verdict = table.series[0].verdict(table.frequency);
        assert!(verdict.flaws.is_empty());
        assert_eq!(verdict.posted, Some(("2000-01".to_owned(), "2002-06".to_owned(), 30)));
    }
}
