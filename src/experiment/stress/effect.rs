//! Sums of pairs, and what they say.

use crate::analyse::Estimate;

/// What a stress does to one thing in a town, scenario and year.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// Without the stress; NaN for a part of the difference, which has no value of its own.
    pub base: Estimate,
    /// With it.
    pub stressed: Estimate,
    /// With less without.
    pub difference: Estimate,
}

/// What kind of number is compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// A mean; sums are relative to this.
    Mean(f64),
    /// A share of runs.
    Share,
    /// A part of a difference, which has no value of its own.
    Part,
}

/// Sums over the runs in which both values are defined, relative to a centre.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct PairSums {
    runs: u64,
    base: [f64; 2],
    stressed: [f64; 2],
    difference: [f64; 2],
}

impl PairSums {
    /// Adds a run.
    #[inline(always)]
    pub(super) fn add_pair(&mut self, base: f64, stressed: f64) {
        let difference = stressed - base;
        if difference.is_finite() {
            self.runs += 1;
            self.base[0] += base;
            self.base[1] += base * base;
            self.stressed[0] += stressed;
            self.stressed[1] += stressed * stressed;
            self.difference[0] += difference;
            self.difference[1] += difference * difference;
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        for k in 0..2 {
            self.base[k] += other.base[k];
            self.stressed[k] += other.stressed[k];
            self.difference[k] += other.difference[k];
        }
    }

    /// What the sums say.
    pub(super) fn effect(&self, kind: Kind) -> Effect {
        let n = self.runs as f64;
        let nothing = Estimate::new(f64::NAN, f64::NAN);
        if self.runs == 0 {
            return Effect { base: nothing, stressed: nothing, difference: nothing };
        }
        let mean = |[sum, squares]: [f64; 2], centre: f64| {
            let mean = sum / n;
            let variance = if self.runs > 1 { (squares - sum * mean) / (n - 1.0) } else { f64::NAN };
            Estimate::mean(centre + mean, variance.max(0.0).sqrt(), self.runs)
        };
        if kind == Kind::Share {
            let [sum, squares] = self.difference;
            // Half a run more in each cell of the table: one more that differs, two more in all.
            let variance = ((squares + 1.0) - sum * sum / (n + 2.0)) / ((n + 2.0) * (n + 2.0));
            return Effect {
                base: Estimate::share(self.base[0], self.runs),
                stressed: Estimate::share(self.stressed[0], self.runs),
                difference: Estimate::new(sum / n, variance.max(0.0).sqrt()),
            };
        }
        let difference = mean(self.difference, 0.0);
        match kind {
            Kind::Mean(centre) => {
                Effect { base: mean(self.base, centre), stressed: mean(self.stressed, centre), difference }
            }
            Kind::Share | Kind::Part => Effect { base: nothing, stressed: nothing, difference },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the formulas of a textbook, done the long way.
    #[test]
    fn errors_are_those_of_paired_differences() {
        let pairs = [(3.0, 2.5), (4.0, 3.0), (5.0, 4.75), (7.0, 5.0)];
        let mut sums = PairSums::default();
        for (a, b) in pairs {
            sums.add_pair(a - 4.0, b - 4.0);
        }
        sums.add_pair(f64::NAN, 1.0);
        let effect = sums.effect(Kind::Mean(4.0));
        assert_eq!((effect.base.value, effect.stressed.value), (4.75, 3.8125));
        let d = [-0.5_f64, -1.0, -0.25, -2.0];
        let mean = d.iter().sum::<f64>() / 4.0;
        let sd = (d.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 3.0).sqrt();
        assert!((effect.difference.value - mean).abs() < 1e-12);
        assert!((effect.difference.mcse - sd / 2.0).abs() < 1e-12);
    }

    /// 10 runs: 2 with both, 3 with the stress alone, none without it alone, 5 with neither.
    #[test]
    fn a_difference_of_shares_has_the_error_of_a_paired_table() {
        let mut sums = PairSums::default();
        let pairs = [(1.0, 1.0), (0.0, 1.0), (0.0, 0.0)];
        for (pair, times) in pairs.iter().zip([2, 3, 5]) {
            (0..times).for_each(|_| sums.add_pair(pair.0, pair.1));
        }
        let effect = sums.effect(Kind::Share);
        assert_eq!((effect.base.value, effect.stressed.value, effect.difference.value), (0.2, 0.5, 0.3));
        // Agresti and Min: b = 3.5, c = 0.5, n = 12: sqrt(b + c - (b - c)^2/n)/n.
        let expected = (4.0_f64 - 9.0 / 12.0).sqrt() / 12.0;
        assert!((effect.difference.mcse - expected).abs() < 1e-12, "{}", effect.difference.mcse);
    }
}
