//! Delivery: how much of what a scenario plans beyond the reference comes about.

/// How much of a scenario's plan is delivered (scenario file, `delivery` and `late`).
///
/// The share s of a run and town carries it from the reference scenario's plan to the scenario's own: 0 is the
/// reference, 1 the plan as it is written. It follows the Beta law on 0 to `max` that has this mean and sd; an sd of
/// 0 makes it the mean in every run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delivery {
    /// Mean share, 0 to `max`.
    pub mean: f64,
    /// Sd of the share; its square is below mean (max - mean).
    pub sd: f64,
    /// Largest share; 1 where the file says nothing.
    pub max: f64,
    /// Years by which what is delivered comes late.
    pub late: i32,
}

impl Delivery {
    /// The whole plan, in time, in every run: what a file that says nothing means.
    pub const WHOLE: Self = Self { mean: 1.0, sd: 0.0, max: 1.0, late: 0 };

    /// The same share in every run, in time.
    pub const fn fixed(share: f64) -> Self {
        Self { mean: share, sd: 0.0, max: if share > 1.0 { share } else { 1.0 }, late: 0 }
    }

    /// True when the plan comes about as it is written in every run.
    pub fn is_whole(&self) -> bool {
        self.mean == 1.0 && self.sd == 0.0 && self.late == 0
    }

    /// What a plan's shift becomes at its mean, beside the reference's: `reference + mean (shift - reference)`, on the
    /// link scale.
    ///
    /// # Examples
    /// ```
    /// use boljam::case::Delivery;
    /// let delivery = Delivery { mean: 0.7, sd: 0.2, ..Delivery::WHOLE };
    /// let multiple = delivery.mean_shift(2.8_f64.ln(), 0.0).exp();
    /// assert_eq!(format!("{multiple:.2}"), "2.06");
    /// ```
    pub fn mean_shift(&self, shift: f64, reference: f64) -> f64 {
        reference + self.mean * (shift - reference)
    }
}
