//! Weights of votes, or of the parts inside composites.

use crate::case::Method;

/// A whole vote, or a whole part, in the parts in which weights are counted.
pub const UNIT: u32 = 1_000_000;

/// Where weights are put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WeightsIn {
    /// On the votes of composites: each votes with the sum of the weights of its sub-indicators.
    #[default]
    Votes,
    /// Inside means, sums and products; votes count alike.
    Formulas,
}

/// Weights as they were given, of any sum.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Weights {
    /// All alike: the method as it stands.
    #[default]
    Equal,
    /// One for each composite with a scale, in the method's order.
    Composites(Vec<f64>),
    /// One for each sub-indicator, in the method's order.
    SubIndicators(Vec<f64>),
}

/// What is wrong with a file of weights.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n  "))]
pub struct WeightFault(pub Vec<String>);

impl Weights {
    /// Reads `symbol,weight`: a row for each sub-indicator, or for each composite with a scale.
    ///
    /// # Errors
    /// [`WeightFault`] with every fault.
    ///
    /// # Examples
    /// ```
    /// use boljam::case::{Case, Source};
    /// use boljam::experiment::choice::Weights;
    /// let case = Case::load(&Source::embedded(), &[])?;
    /// let text = "symbol,weight\nTDm,1\nTDea,2\nTDda,1\nTDzhia,1\nTDaa,1\nTDsp,1\n";
    /// let weights = Weights::parse(text, &case.method).unwrap();
    /// assert_eq!(weights, Weights::Composites(vec![1.0, 2.0, 1.0, 1.0, 1.0, 1.0]));
    /// # Ok::<(), boljam::case::Faults>(())
    /// ```
    pub fn parse(text: &str, method: &Method) -> Result<Self, WeightFault> {
        let subs: Vec<&str> = method.sub_indicators.iter().map(|s| s.symbol.as_str()).collect();
        let scaled: Vec<&str> = method.scaled().map(|(_, c, _)| c.symbol.as_str()).collect();
        let text = text.trim_start_matches('\u{feff}');
        let mut faults = Vec::new();
        let mut given: Vec<(String, f64)> = Vec::new();
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let header: Vec<String> =
            reader.headers().map(|h| h.iter().map(str::to_owned).collect()).unwrap_or_default();
        if header != ["symbol", "weight"] {
            return Err(WeightFault(vec![format!("line 1: '{}' (needed: symbol,weight)", header.join(","))]));
        }
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    faults.push(error.to_string());
                    continue;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            let (symbol, cell) = (record.get(0).unwrap_or(""), record.get(1).unwrap_or(""));
            let weight = cell.parse::<f64>().ok().filter(|w| w.is_finite() && *w >= 0.0);
            if !subs.contains(&symbol) && !scaled.contains(&symbol) {
                let known = [&subs[..], &scaled[..]].concat().join(", ");
                faults.push(format!("line {line}: unknown symbol '{symbol}' (known: {known})"));
            } else if given.iter().any(|(s, _)| s == symbol) {
                faults.push(format!("line {line}: {symbol} stands twice"));
            } else if let Some(weight) = weight {
                given.push((symbol.to_owned(), weight));
            } else {
                faults.push(format!("line {line}: weight '{cell}' of {symbol} (needed: a number from 0 up)"));
            }
        }
        let of = |symbols: &[&str]| given.iter().any(|(s, _)| symbols.contains(&s.as_str()));
        let (some_subs, some_scaled) = (of(&subs), of(&scaled));
        if some_subs && some_scaled {
            faults.push("weights of sub-indicators and of composites: one or the other".to_owned());
        }
        let symbols = if some_scaled { &scaled } else { &subs };
        let weight = |symbol: &&str| given.iter().find(|(s, _)| s == symbol).map(|(_, w)| *w);
        let missing: Vec<&str> = symbols.iter().filter(|s| weight(s).is_none()).copied().collect();
        if faults.is_empty() && !missing.is_empty() {
            faults.push(format!("no weight of {}", missing.join(", ")));
        }
        let weights: Vec<f64> = symbols.iter().filter_map(weight).collect();
        if faults.is_empty() && weights.iter().sum::<f64>() <= 0.0 {
            faults.push("all weights are 0".to_owned());
        }
        match faults.is_empty() {
            true if some_scaled => Ok(Self::Composites(weights)),
            true => Ok(Self::SubIndicators(weights)),
            false => Err(WeightFault(faults)),
        }
    }
}

/// Each weight times n, in whole parts of [`UNIT`], by itself rounded: [`UNIT`] for each where all are alike.
pub(super) fn parts(weights: &[f64]) -> Vec<u32> {
    let total: f64 = weights.iter().sum();
    let n = weights.len() as f64;
    weights
        .iter()
        .map(|w| if total > 0.0 { (f64::from(UNIT) * n * (w / total)).round() as u32 } else { UNIT })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Case, Source};

    #[test]
    fn equal_weights_are_whole_votes() {
        for n in 1..40 {
            assert!(parts(&vec![0.1; n]).iter().all(|p| *p == UNIT), "{n}");
        }
        assert_eq!(parts(&[2.0, 1.0, 1.0]), [1_500_000, 750_000, 750_000]);
    }

    #[test]
    fn every_fault_of_a_file_is_told() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let fault = |text: &str| Weights::parse(text, &case.method).unwrap_err().to_string();
        assert!(fault("a,b\n").starts_with("line 1: 'a,b'"));
        let said = fault("symbol,weight\nTDm1,-1\nTDe,2\nTDe1,1\nTDe1,1\nTDea,3\n");
        for part in
            ["weight '-1' of TDm1", "line 3: unknown symbol 'TDe'", "TDe1 stands twice", "one or the other"]
        {
            assert!(said.contains(part), "{said}");
        }
        assert!(fault("symbol,weight\nTDm,1\n").contains("no weight of TDea, TDda"));
        assert!(fault("symbol,weight\n").contains("no weight of TDm1"));
    }
}
