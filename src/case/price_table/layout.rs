//! The two layouts of price tables, told apart by their heads.

use super::cells;
use super::series::{Frequency, PricePoint, PriceSeries, PriceTable, PriceTableError};

/// Heads of the columns of a table with one price a row.
const DATE: [&str; 5] = ["date", "year", "month", "period", "time"];
const SERIES: [&str; 4] = ["commodity", "series", "name", "indicator"];
const PRICE: [&str; 4] = ["price", "value", "average", "index"];

/// A record and the line it begins on.
type Record = (u64, Vec<String>);

impl PriceTable {
    /// Reads a table. Fields are separated by commas, semicolons (then decimals may have commas) or tabs.
    ///
    /// # Errors
    /// [`PriceTableError`]: the first cell that does not fit, with its line.
    ///
    /// # Examples
    /// ```
    /// use boljam::case::{Frequency, PriceTable};
    /// let sheet = "Monthly prices\n,Copper,Zinc\n,($/mt),($/mt)\n1960M01,715.4,..\n1960M02,728.2,246.0\n";
    /// let table = PriceTable::parse(sheet)?;
    /// assert_eq!((table.frequency, table.series.len()), (Frequency::Monthly, 2));
    /// assert_eq!(table.series[1].points[0].period, 12 * 1960 + 1);
    /// assert_eq!(PriceTable::parse("date,commodity,price\n1960-01,copper,715.4\n")?.series[0].id, "copper");
    /// # Ok::<(), boljam::case::PriceTableError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, PriceTableError> {
        parse(text)
    }
}

fn parse(text: &str) -> Result<PriceTable, PriceTableError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let count = |c: char| text.matches(c).count();
    let delimiter = [';', '\t', ','].into_iter().max_by_key(|c| count(*c)).unwrap_or(',');
    let records = records(text, delimiter as u8)?;
    let mut reader = Reader { decimal_comma: delimiter == ';', frequency: None, series: Vec::new() };
    match records.iter().position(|r| tidy(&r.1).is_some()) {
        Some(head) => reader.rows(&records, head)?,
        None => reader.columns(&records)?,
    }
    let Some(frequency) = reader.frequency else { return Err(PriceTableError::NoTable) };
    for series in &mut reader.series {
        series.points.sort_by_key(|p| p.period);
    }
    Ok(PriceTable { frequency, series: reader.series })
}

fn records(text: &str, delimiter: u8) -> Result<Vec<Record>, PriceTableError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let record = |r: Result<csv::StringRecord, csv::Error>| {
        let r = r.map_err(|e| PriceTableError::Csv(e.to_string()))?;
        let line = r.position().map_or(0, csv::Position::line);
        Ok((line, r.iter().map(|c| c.trim().to_owned()).collect()))
    };
    reader.records().map(record).collect()
}

/// Columns of a table with one price a row.
#[derive(Debug, Clone, Copy)]
struct Tidy {
    date: usize,
    series: Option<usize>,
    price: usize,
    december: Option<usize>,
    unit: Option<usize>,
}

/// The columns that a head names, if it is such a table's.
fn tidy(head: &[String]) -> Option<Tidy> {
    let find =
        |names: &[&str]| names.iter().find_map(|n| head.iter().position(|h| h.eq_ignore_ascii_case(n)));
    Some(Tidy {
        date: find(&DATE)?,
        series: find(&SERIES),
        price: find(&PRICE)?,
        december: find(&["december"]),
        unit: find(&["unit"]),
    })
}

struct Reader {
    decimal_comma: bool,
    frequency: Option<Frequency>,
    series: Vec<PriceSeries>,
}

impl Reader {
    fn rows(&mut self, records: &[Record], head: usize) -> Result<(), PriceTableError> {
        let Some(columns) = tidy(&records[head].1) else { return Err(PriceTableError::NoTable) };
        let price_head = &records[head].1[columns.price];
        for (line, cells) in &records[head + 1..] {
            let cell = |c: usize| cells.get(c).map_or("", String::as_str);
            if cells.iter().all(String::is_empty) {
                continue;
            }
            let period = self.period(cell(columns.date), *line)?;
            let Some(price) = self.price(cell(columns.price), *line, price_head)? else { continue };
            let december = match columns.december {
                Some(c) => self.price(cell(c), *line, "december")?,
                None => None,
            };
            let name = columns.series.map_or(price_head.as_str(), cell);
            let unit = columns.unit.map_or("", cell).to_owned();
            let place = self.series.iter().position(|s| s.name == name).unwrap_or_else(|| {
                self.add(name);
                self.series.len() - 1
            });
            self.series[place].points.push(PricePoint { period, price, december, unit, line: *line });
        }
        Ok(())
    }

    /// One series a column: the rows above the first date are heads.
    fn columns(&mut self, records: &[Record]) -> Result<(), PriceTableError> {
        let is_date = |r: &Record| r.1.first().is_some_and(|c| cells::date(c).is_some()) && r.1.len() > 1;
        let Some(first) = records.iter().position(is_date) else { return Err(PriceTableError::NoTable) };
        let width = records[first].1.len();
        // Titles fill one cell or two; heads of columns fill most. Units stand in brackets, frequencies below a word.
        let filled = |r: &&Record| 2 * r.1.iter().skip(1).filter(|c| !c.is_empty()).count() >= width - 1;
        let heads: Vec<&Record> = records[..first].iter().filter(filled).collect();
        let is_unit = |r: &Record| {
            let first = r.1.first().map_or("", String::as_str).to_lowercase();
            let bracketed = r.1.iter().skip(1).filter(|c| c.starts_with('(')).count();
            2 * bracketed >= width - 1 || ["unit", "units", "data type"].contains(&first.as_str())
        };
        let names = heads.iter().find(|r| !is_unit(r));
        let units = heads.iter().find(|r| is_unit(r));
        let cell = |r: Option<&&Record>, c: usize| r.and_then(|r| r.1.get(c)).cloned().unwrap_or_default();
        let mut place = vec![None; width];
        for (column, place) in place.iter_mut().enumerate().skip(1) {
            let name = cell(names, column);
            if !name.is_empty() {
                self.add(&name);
                *place =
                    Some((self.series.len() - 1, cell(units, column).trim_matches(['(', ')']).to_owned()));
            }
        }
        for (line, cells) in &records[first..] {
            if cells.iter().all(String::is_empty) || cells.iter().skip(1).all(String::is_empty) {
                continue; // Notes below the table.
            }
            let period = self.period(&cells[0], *line)?;
            for (column, text) in cells.iter().enumerate().skip(1) {
                let Some(Some((series, unit))) = place.get(column) else { continue };
                let name = self.series[*series].name.clone();
                let Some(price) = self.price(text, *line, &name)? else { continue };
                let point = PricePoint { period, price, december: None, unit: unit.clone(), line: *line };
                self.series[*series].points.push(point);
            }
        }
        Ok(())
    }

    /// Adds a series whose id nobody has yet.
    fn add(&mut self, name: &str) {
        let plain = cells::id(name);
        let taken = |id: &str| self.series.iter().any(|s| s.id == id);
        let mut id = plain.clone();
        let mut k = 2;
        while taken(&id) {
            id = format!("{plain}_{k}");
            k += 1;
        }
        self.series.push(PriceSeries { id, name: name.to_owned(), points: Vec::new() });
    }

    fn price(&self, cell: &str, line: u64, column: &str) -> Result<Option<f64>, PriceTableError> {
        let wrong = |()| PriceTableError::Price { line, column: column.to_owned(), value: cell.to_owned() };
        cells::price(cell, self.decimal_comma).map_err(wrong)
    }

    fn period(&mut self, cell: &str, line: u64) -> Result<i32, PriceTableError> {
        let value = || cell.to_owned();
        let (year, month) =
            cells::date(cell).ok_or_else(|| PriceTableError::Date { line, value: value() })?;
        let found = if month.is_some() { Frequency::Monthly } else { Frequency::Annual };
        let began = *self.frequency.get_or_insert(found);
        if found != began {
            let word = |f: Frequency| if f == Frequency::Monthly { "month" } else { "year" };
            let (found, began) = (word(found), word(began));
            return Err(PriceTableError::Frequency { line, value: value(), found, began });
        }
        Ok(month.map_or(year, |m| 12 * year + m - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PINK: &str = "World Bank Commodity Price Data (The Pink Sheet),,\n\"monthly prices in nominal US dollars, \
                        1960 to present\",,\nUpdated on June 02,,\n,Copper,\"Iron ore, cfr spot\"\n,($/mt),($/dmtu)\n\
                        1960M01,715.4,..\n1960M02,728.19,…\n1960M03,\"1,684.94\",11.42\n";

    #[test]
    fn the_pink_sheets_layout() {
        let table = parse(PINK).unwrap();
        assert_eq!(table.frequency, Frequency::Monthly);
        let [copper, iron] = table.series.as_slice() else { panic!("{table:?}") };
        assert_eq!((copper.id.as_str(), iron.id.as_str()), ("copper", "iron_ore_cfr_spot"));
        let prices: Vec<f64> = copper.points.iter().map(|p| p.price).collect();
        assert_eq!(prices, [715.4, 728.19, 1684.94]);
        assert_eq!(iron.points.len(), 1);
        assert_eq!((iron.points[0].period, iron.points[0].unit.as_str()), (1960 * 12 + 2, "$/dmtu"));
    }

    #[test]
    fn the_monetary_funds_layout() {
        let text = "Commodity,PCOPP,PZINC\nCommodity.Description,\"Copper, grade A\",Zinc\nData Type,USD,USD\n\
                    Frequency,Monthly,Monthly\n1990M1,2365.6,1276.2\n1990M2,2358.9,\n";
        let table = parse(text).unwrap();
        assert_eq!(table.series[0].id, "pcopp");
        assert_eq!(table.series[0].points[1].price, 2358.9);
        assert_eq!((table.series[1].points.len(), table.series[1].points[0].unit.as_str()), (1, "USD"));
    }

    #[test]
    fn one_price_a_row_in_any_order_with_semicolons_or_a_byte_order_mark() {
        let rows = "\u{feff}date;commodity;price\n1961-01;zinc;2,5\n1960-01;zinc;1,5\n1960-01;lead;7\n";
        let table = parse(rows).unwrap();
        let zinc: Vec<f64> = table.series[0].points.iter().map(|p| p.price).collect();
        assert_eq!(zinc, [1.5, 2.5]);
        let index = parse("year,index,inflation_percent,source\n2020,110.5,6.7,x\n2021,119.4,8,x\n").unwrap();
        assert_eq!((index.frequency, index.series[0].id.as_str()), (Frequency::Annual, "index"));
        let history = parse("commodity,year,average,december\ncopper,2020,6175,7772\n").unwrap();
        assert_eq!(history.series[0].points[0].december, Some(7772.0));
    }

    #[test]
    fn what_is_no_table_says_so_with_its_line() {
        let error = |text: &str| parse(text).unwrap_err().to_string();
        assert!(error("a,b\n1,2\n").starts_with("no table of prices"));
        assert!(error("").starts_with("no table of prices"));
        assert_eq!(
            error("date,commodity,price\n1960-01,copper,many\n"),
            "line 2, price: 'many' is no price (a number with a decimal point; empty, .., …, n/a for missing)"
        );
        assert_eq!(
            error("date,commodity,price\nlast year,copper,5\n"),
            "line 2: 'last year' is no date (1960M01, 1960-01, 1960-01-31 or 1960)"
        );
        assert_eq!(
            error("date,commodity,price\n1960-01,copper,5\n1961,copper,5\n"),
            "line 3: '1961' is a year, and the table began with months"
        );
    }
}
