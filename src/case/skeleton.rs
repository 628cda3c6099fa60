//! A new case of another region: what `boljam new --towns ..` writes.
//!
//! Takes the ids of towns, commodities and scenarios and two years; gives the files of a case that passes every check and
//! runs at once. What nobody but its author can know has a neutral value and the words 'fill me in' ([`super::todo()`] lists
//! them); the method, the dynamics and the plans of the shipped case are taken over as assumptions, its prices where they
//! are known. The texts are the files in `case/skeleton`.

mod futures;
mod prices;
mod request;
mod template;
mod towns;

pub use request::NewCase;

use super::Source;
use template::fill;

/// Files that depend on nothing but the two years.
const FIXED: [(&str, &str); 8] = [
    ("consumer_prices.csv", include_str!("skeleton/consumer_prices.csv")),
    ("correlations.csv", include_str!("skeleton/correlations.csv")),
    ("cross_impacts.csv", include_str!("skeleton/cross_impacts.csv")),
    ("drivers.csv", include_str!("skeleton/drivers.csv")),
    ("panel.csv", include_str!("skeleton/panel.csv")),
    ("prices.toml", include_str!("skeleton/prices.toml")),
    ("printed.csv", include_str!("skeleton/printed.csv")),
    ("region.csv", include_str!("skeleton/region.csv")),
];

impl Source {
    /// The files of a new case.
    ///
    /// # Errors
    /// Everything that is wrong with the request, a sentence each ([`NewCase::faults`]).
    ///
    /// # Examples
    /// ```
    /// use boljam::case::{Case, NewCase, Source, todo};
    /// let request = NewCase::of(&["rudnik"], &["nickel", "copper"]);
    /// let source = Source::skeleton(&request).unwrap();
    /// let case = Case::load(&source, &[])?;
    /// assert_eq!((case.towns.len(), case.scenarios.len()), (1, 4));
    /// assert!(todo(&source).iter().any(|t| t.file == "base_levels.csv" && t.item == "rudnik, population"));
    /// assert!(Source::skeleton(&NewCase::of(&["../etc"], &["coal"])).is_err());
    /// # Ok::<(), boljam::case::Faults>(())
    /// ```
    pub fn skeleton(request: &NewCase) -> Result<Self, Vec<String>> {
        let faults = request.faults();
        if !faults.is_empty() {
            return Err(faults);
        }
        let years = [("base_year", request.base_year.to_string()), ("horizon", request.horizon.to_string())];
        let mut source = Self { origin: "a new case".to_owned(), ..Self::default() };
        let fixed = FIXED.iter().map(|(name, text)| ((*name).to_owned(), fill(text, &years)));
        source.files.extend(fixed);
        source.files.extend(towns::files(request));
        source.files.extend(prices::files(&request.commodities));
        source.files.extend(futures::files(request));
        Ok(source)
    }
}
