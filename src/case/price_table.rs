//! Tables of prices as people have them: one series a column below several rows of heads (the World Bank's Pink
//! Sheet and the International Monetary Fund's tables, saved as CSV), or one price a row (`date,commodity,price`);
//! monthly or annual. A case's own price_history.csv is one of the second kind.
//!
//! What cannot be read as a table is an error. What a series is good for is another question: [`PriceSeries::verdict`].

mod cells;
mod layout;
mod series;
mod verdict;

pub use series::{Frequency, PricePoint, PriceSeries, PriceTable, PriceTableError};
pub use verdict::{PriceFlaw, Verdict};
