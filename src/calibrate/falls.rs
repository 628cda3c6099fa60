//! The worst falls of a price: from peak to trough, with the time until half and all of it was regained.

/// Smallest fall that counts.
pub const LEAST_FALL: f64 = 0.30;

/// One fall. Places are indices into the series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fall {
    /// Where the price was highest before.
    pub peak: usize,
    /// Where it was lowest.
    pub trough: usize,
    /// The change from peak to trough as a share, below 0.
    pub change: f64,
    /// First place after the trough at which half the fall was regained.
    pub half: Option<usize>,
    /// First place after the trough at which all of it was regained.
    pub whole: Option<usize>,
}

/// Falls by [`LEAST_FALL`] or more, in order of time. A fall ends at its trough once the price has risen from there by
/// as much in logs as the least fall (43 %); the highest price until the next such fall is the next peak.
pub fn falls(price: &[f64]) -> Vec<Fall> {
    let rise = 1.0 / (1.0 - LEAST_FALL);
    let mut found = Vec::new();
    let (mut peak, mut trough) = (0, None);
    for k in 1..price.len() {
        match trough {
            None if price[k] > price[peak] => peak = k,
            None if price[k] <= price[peak] * (1.0 - LEAST_FALL) => trough = Some(k),
            Some(low) if price[k] < price[low] => trough = Some(k),
            Some(low) if price[k] >= price[low] * rise => {
                found.push((peak, low));
                (peak, trough) = (k, None);
            }
            _ => {}
        }
    }
    found.extend(trough.map(|low| (peak, low)));
    let regained = |low: usize, level: f64| (low + 1..price.len()).find(|k| price[*k] >= level);
    found
        .into_iter()
        .map(|(peak, trough)| Fall {
            peak,
            trough,
            change: price[trough] / price[peak] - 1.0,
            half: regained(trough, 0.5 * (price[trough] + price[peak])),
            whole: regained(trough, price[peak]),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_are_told_with_their_recovery() {
        //            0     1      2     3     4     5      6     7      8
        let price = [80.0, 100.0, 60.0, 50.0, 76.0, 101.0, 90.0, 70.0, 69.0];
        let found = falls(&price);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], Fall { peak: 1, trough: 3, change: -0.5, half: Some(4), whole: Some(5) });
        assert_eq!((found[1].peak, found[1].trough, found[1].half), (5, 8, None));
        assert!(falls(&[100.0, 80.0, 71.0, 90.0]).is_empty());
        assert!(falls(&[]).is_empty());
    }
}
