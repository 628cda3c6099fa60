//! Stresses: shocks to prices and plans, and events that are made to happen (stress/*.toml).

use super::Name;
use crate::math;

/// A named combination of shocks.
#[derive(Debug, Clone, PartialEq)]
pub struct Stress {
    /// Identifier, the file's name.
    pub id: String,
    /// Its name.
    pub name: Name,
    /// Shocks to prices.
    pub shocks: Vec<PriceShock>,
    /// Events that happen in every run, wherever they can, under every scenario.
    pub events: Vec<ForcedEvent>,
    /// Shocks to what plans bring about, in every town and under every scenario.
    pub plans: Vec<PlanShock>,
    /// Where its numbers come from.
    pub basis: String,
}

/// An addition to the log price path of one commodity.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceShock {
    /// Index of the commodity.
    pub commodity: usize,
    /// Size as a change of the price: -0.5 halves it. Of a path the largest of it.
    pub change: f64,
    /// First year.
    pub start: i32,
    /// Years at full size; of a path its length.
    pub years: i32,
    /// Half-life in years after that; none means it stays.
    pub half_life: Option<f64>,
    /// Changes year by year from `start` on, which stand in for `change`; empty where the size is one.
    pub path: Vec<f64>,
}

/// An event that is made to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForcedEvent {
    /// Index of the event.
    pub event: usize,
    /// The year.
    pub year: i32,
}

/// An addition to the plan of a driver on its link scale: the driver itself on a log scale, its odds on a logit one.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanShock {
    /// Index of the driver.
    pub driver: usize,
    /// Size: -0.3 takes 30 % of the driver, or of its odds.
    pub change: f64,
    /// First year.
    pub start: i32,
    /// Years at full size; of a path its length.
    pub years: i32,
    /// Half-life in years after that; none means it stays.
    pub half_life: Option<f64>,
    /// Changes year by year from `start` on, which stand in for `change`; empty where the size is one.
    pub path: Vec<f64>,
}

impl PriceShock {
    /// What it adds to the log price of `year`.
    pub fn log_change(&self, year: i32) -> f64 {
        log_change((self.change, &self.path), (self.start, self.years, self.half_life), year)
    }
}

impl PlanShock {
    /// What it adds to the plan of `year` on the link scale.
    pub fn log_change(&self, year: i32) -> f64 {
        log_change((self.change, &self.path), (self.start, self.years, self.half_life), year)
    }
}

/// ln(1 + change), or that of the path's year, for `years` years from `start` on; then fading with a half-life, or staying.
fn log_change(
    (change, path): (f64, &[f64]),
    (start, years, half_life): (i32, i32, Option<f64>),
    year: i32,
) -> f64 {
    let within = usize::try_from(year - start).ok().and_then(|k| path.get(k));
    let full = math::ln(1.0 + within.or(path.last()).copied().unwrap_or(change));
    let after = year - (start + years - 1);
    match half_life {
        _ if year < start => 0.0,
        Some(half) if after > 0 => full * math::exp(-std::f64::consts::LN_2 * f64::from(after) / half),
        _ => full,
    }
}

impl Stress {
    /// Several at once, in this order.
    pub fn join(parts: &[Self]) -> Self {
        let all = |f: fn(&Self) -> &str| parts.iter().map(f).collect::<Vec<_>>();
        let name = |f: fn(&Name) -> &str| {
            parts.iter().map(|s| f(&s.name)).filter(|n| !n.is_empty()).collect::<Vec<_>>().join(" + ")
        };
        Self {
            id: all(|s| &s.id).join("+"),
            name: Name { en: name(|n| &n.en), kk: name(|n| &n.kk), ru: name(|n| &n.ru) },
            shocks: parts.iter().flat_map(|s| s.shocks.iter().cloned()).collect(),
            events: parts.iter().flat_map(|s| s.events.iter().cloned()).collect(),
            plans: parts.iter().flat_map(|s| s.plans.iter().cloned()).collect(),
            basis: all(|s| &s.basis).join("; "),
        }
    }

    /// What it adds to the log price of a commodity in a year.
    pub fn log_price(&self, commodity: usize, year: i32) -> f64 {
        self.shocks.iter().filter(|s| s.commodity == commodity).map(|s| s.log_change(year)).sum()
    }

    /// Commodities that it names, ascending.
    pub fn commodities(&self) -> Vec<usize> {
        let mut named: Vec<usize> = self.shocks.iter().map(|s| s.commodity).collect();
        named.sort_unstable();
        named.dedup();
        named
    }

    /// Its first year.
    pub fn start(&self) -> Option<i32> {
        let shocks = self.shocks.iter().map(|s| s.start);
        let events = self.events.iter().map(|e| e.year);
        shocks.chain(events).chain(self.plans.iter().map(|p| p.start)).min()
    }
}
