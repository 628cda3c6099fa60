//! Estimates from counts and sums, each with its Monte Carlo standard error.

use super::interval::{Z, share_interval};
use super::results::Estimate;
use crate::text::Text;

impl Estimate {
    /// A number with its standard error, which is no share of runs.
    pub fn new(value: f64, mcse: f64) -> Self {
        Self { value, mcse, runs: 0, ends: None, mark: None }
    }

    /// A number without Monte Carlo error.
    pub fn exact(value: f64) -> Self {
        Self::new(value, 0.0)
    }

    /// A mean: mcse = sd / sqrt(n).
    pub fn mean(mean: f64, sd: f64, n: u64) -> Self {
        Self::new(mean, sd / (n as f64).sqrt())
    }

    /// A share of n runs: mcse = sqrt(p (1 - p) / n), with p moved off 0 and 1 by the rule of adding two
    /// successes and two failures (Agresti and Coull 1998), so that a count of 0 is not taken as certainty.
    pub fn share(count: f64, n: u64) -> Self {
        let runs = n;
        let n = n as f64;
        let p = (count + 2.0) / (n + 4.0);
        Self { runs, ..Self::new(count / n, (p * (1.0 - p) / (n + 4.0)).sqrt()) }
    }

    /// The share of the runs that are not in this one.
    #[must_use]
    pub fn complement(self) -> Self {
        Self { value: 1.0 - self.value, ..self }
    }

    /// Where the true value is with 95 % confidence: of a share by [`share_interval`], for any number of runs; of
    /// quantiles and standard deviations by [`Estimate::ends`]; of other estimates 1.96 standard errors either way.
    pub fn interval(self) -> (f64, f64) {
        match (self.ends, self.runs) {
            (Some(ends), _) => ends,
            (None, 0) => (self.value - Z * self.mcse, self.value + Z * self.mcse),
            (None, runs) => share_interval(self.value, runs),
        }
    }

    /// A share as tables print it: see [`Text::share`].
    ///
    /// # Examples
    /// ```
    /// use boljam::analyse::Estimate;
    /// use boljam::text::{Language, Text};
    /// let text = Text::of(Language::En);
    /// assert_eq!(Estimate::share(5_000.0, 10_000).percent(&text), "50.0 ± 1.0 %");
    /// assert_eq!(Estimate::share(20.0, 20).percent(&text), "> 83 %");
    /// assert_eq!(Estimate::share(19.5, 20).percent(&text), "> 75 %");
    /// ```
    pub fn percent(self, text: &Text) -> String {
        text.share(self.value, self.interval())
    }

    /// A share as it stands within a sentence: see [`Text::share_told`].
    pub fn percent_told(self, text: &Text) -> String {
        text.share_told(self.value, self.interval())
    }

    /// A share where there is little room: see [`Text::share_short`].
    pub fn percent_short(self, text: &Text) -> String {
        text.share_short(self.value, self.interval())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_none_keeps_an_error() {
        let share = Estimate::share(0.0, 10_000);
        assert_eq!(share.value, 0.0);
        assert!(share.mcse > 1e-4 && share.mcse < 2e-4);
        let half = Estimate::share(5000.0, 10_000);
        assert!((half.mcse - 0.005).abs() < 1e-6);
    }
}
