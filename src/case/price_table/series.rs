//! What a table of prices holds.

/// Length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// A price a month; period = 12 year + month - 1.
    Monthly,
    /// A price a year; period = year.
    Annual,
}

impl Frequency {
    /// The year of a period.
    pub fn year(self, period: i32) -> i32 {
        match self {
            Self::Monthly => period.div_euclid(12),
            Self::Annual => period,
        }
    }

    /// A period as people write it: `2008-12`, `2008`.
    pub fn name(self, period: i32) -> String {
        match self {
            Self::Monthly => format!("{}-{:02}", period.div_euclid(12), period.rem_euclid(12) + 1),
            Self::Annual => period.to_string(),
        }
    }

    /// Periods of a year.
    pub fn a_year(self) -> usize {
        match self {
            Self::Monthly => 12,
            Self::Annual => 1,
        }
    }
}

/// A price of a period, as the table says it.
#[derive(Debug, Clone, PartialEq)]
pub struct PricePoint {
    /// The period.
    pub period: i32,
    /// The price, or the average of the year.
    pub price: f64,
    /// Price of the year's December, where an annual table has it.
    pub december: Option<f64>,
    /// Unit of this row, where rows have one.
    pub unit: String,
    /// Line of the file.
    pub line: u64,
}

/// One series, in order of period; missing prices are left out.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceSeries {
    /// Identifier: the name in small letters and digits with underscores.
    pub id: String,
    /// Its name in the table.
    pub name: String,
    /// Its prices.
    pub points: Vec<PricePoint>,
}

/// A table of prices.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceTable {
    /// Its periods.
    pub frequency: Frequency,
    /// Its series, in the table's order.
    pub series: Vec<PriceSeries>,
}

/// Why a text is no table of prices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceTableError {
    /// Neither a date column nor dates in the first column.
    #[error(
        "no table of prices: neither a head with date (or year), commodity and price, nor dates such as 1960M01, \
         1960-01 or 1960 in the first column"
    )]
    NoTable,
    /// A cell that is neither a number nor one of the signs for missing.
    #[error(
        "line {line}, {column}: '{value}' is no price (a number with a decimal point; empty, .., …, n/a for missing)"
    )]
    Price {
        /// Line of the file.
        line: u64,
        /// Name of the column.
        column: String,
        /// What stands there.
        value: String,
    },
    /// A cell that is no date.
    #[error("line {line}: '{value}' is no date (1960M01, 1960-01, 1960-01-31 or 1960)")]
    Date {
        /// Line of the file.
        line: u64,
        /// What stands there.
        value: String,
    },
    /// Months and years in one table.
    #[error("line {line}: '{value}' is a {found}, and the table began with {began}s")]
    Frequency {
        /// Line of the file.
        line: u64,
        /// What stands there.
        value: String,
        /// What it is.
        found: &'static str,
        /// What came before.
        began: &'static str,
    },
    /// A series that was asked for is not there.
    #[error("no series '{0}' in the table (there are: {1})")]
    Unknown(String, String),
    /// The file is no CSV.
    #[error("{0}")]
    Csv(String),
}

impl PriceTable {
    /// The series of these names or ids, in that order; `new=old` gives one a new id.
    ///
    /// # Errors
    /// [`PriceTableError::Unknown`] with what there is.
    pub fn select(&self, names: &[String]) -> Result<Self, PriceTableError> {
        let find = |asked: &String| {
            let (id, name) = asked.split_once('=').unwrap_or((asked, asked));
            let known = self.series.iter().find(|s| s.id == name || s.name == name);
            let renamed = |s: &PriceSeries| PriceSeries {
                id: if asked.contains('=') { id.to_owned() } else { s.id.clone() },
                ..s.clone()
            };
            known.map(renamed).ok_or_else(|| {
                let ids: Vec<&str> = self.series.iter().map(|s| s.id.as_str()).collect();
                PriceTableError::Unknown(name.to_owned(), ids.join(", "))
            })
        };
        let series = names.iter().map(find).collect::<Result<_, _>>()?;
        Ok(Self { frequency: self.frequency, series })
    }

    /// The prices of the years from `first` to `last`.
    #[must_use]
    pub fn between(&self, first: i32, last: i32) -> Self {
        let inside = |p: &&PricePoint| (first..=last).contains(&self.frequency.year(p.period));
        let cut = |s: &PriceSeries| PriceSeries {
            points: s.points.iter().filter(inside).cloned().collect(),
            ..s.clone()
        };
        Self { frequency: self.frequency, series: self.series.iter().map(cut).collect() }
    }
}
