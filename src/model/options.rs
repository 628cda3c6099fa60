//! What to run: seed, horizon, towns, scenarios, which uncertainties are drawn.

use crate::case::Case;

/// Which sources of uncertainty are drawn; the others stay at their mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uncertainty {
    /// What we do not know about plans: town plans, region plans, long-run prices mu, the price branch.
    pub plan: bool,
    /// Inputs that the source does not print.
    pub inputs: bool,
    /// What varies by itself: innovations, price innovations, region noise, events.
    pub shocks: bool,
}

impl Uncertainty {
    /// Everything is drawn (the default).
    pub const ALL: Self = Self { plan: true, inputs: true, shocks: true };
    /// Nothing is drawn.
    pub const NONE: Self = Self { plan: false, inputs: false, shocks: false };

    /// The uncertainty of a name: `all`, `none`, or `plan`, `inputs`, `shocks` joined by `+`.
    ///
    /// # Examples
    /// ```
    /// use boljam::model::Uncertainty;
    /// let some = Uncertainty::parse("plan+shocks").unwrap();
    /// assert_eq!((some.name().as_str(), some.inputs), ("plan+shocks", false));
    /// assert!(Uncertainty::parse("luck").is_none());
    /// ```
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "all" => return Some(Self::ALL),
            "none" => return Some(Self::NONE),
            _ => {}
        }
        let mut some = Self::NONE;
        for part in name.split('+') {
            match part {
                "plan" => some.plan = true,
                "inputs" => some.inputs = true,
                "shocks" => some.shocks = true,
                _ => return None,
            }
        }
        Some(some)
    }

    /// Its name: `all`, `none`, or the parts joined by `+` (`plan+inputs`).
    pub fn name(self) -> String {
        let parts = [(self.plan, "plan"), (self.inputs, "inputs"), (self.shocks, "shocks")];
        match (self.plan, self.inputs, self.shocks) {
            (true, true, true) => "all".to_owned(),
            (false, false, false) => "none".to_owned(),
            _ => parts.iter().filter(|p| p.0).map(|p| p.1).collect::<Vec<_>>().join("+"),
        }
    }
}

/// What to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Seed of every draw.
    pub seed: u64,
    /// Last simulated year.
    pub horizon: i32,
    /// Indices of the towns to run, ascending.
    pub towns: Vec<usize>,
    /// Indices of the scenarios to run, ascending.
    pub scenarios: Vec<usize>,
    /// What is drawn.
    pub uncertainty: Uncertainty,
    /// Index of a price stress of the case to lay on.
    pub stress: Option<usize>,
}

impl Options {
    /// The case's own seed and horizon, all towns, all scenarios, everything drawn, no stress.
    pub fn of(case: &Case) -> Self {
        Self {
            seed: case.seed,
            horizon: case.horizon,
            towns: (0..case.towns.len()).collect(),
            scenarios: (0..case.scenarios.len()).collect(),
            uncertainty: Uncertainty::ALL,
            stress: None,
        }
    }
}
