//! Reading and setting the numbers and switches of a case.

use super::{Adjustable, Case, Effect, Parameter, PlanKind, PriceNumber, PriceProcess, RegionNumber};
use crate::math;

const REGION: [(RegionNumber, &str, (f64, f64)); 5] = [
    (RegionNumber::Multiple, "multiple", (1e-6, 1e6)),
    (RegionNumber::Sd, "sd", (0.0, 100.0)),
    (RegionNumber::Sigma, "sigma", (0.0, 100.0)),
    (RegionNumber::Persistence, "persistence", (0.0, 0.999_999)),
    (RegionNumber::PriceExposure, "price_exposure", (-10.0, 10.0)),
];

const PRICE: [(PriceNumber, &str, (f64, f64)); 5] = [
    (PriceNumber::Level, "level", (1e-9, 1e12)),
    (PriceNumber::LevelSe, "level_se", (0.0, 10.0)),
    (PriceNumber::Reversion, "reversion", (0.0, 1.0)),
    (PriceNumber::SdWalk, "sd_walk", (0.0, 10.0)),
    (PriceNumber::SdReverting, "sd_reverting", (0.0, 10.0)),
];

/// Words of the price process, in the order of its numbers.
const PROCESSES: [&str; 3] = ["mixture", "random_walk", "mean_reversion"];

impl Case {
    /// Everything that can be set, with its name, in order.
    ///
    /// # Examples
    /// ```
    /// use boljam::case::{Adjustable, Case, Source};
    /// let case = Case::load(&Source::embedded(), &[])?;
    /// let all = case.adjustables();
    /// let walk = all.iter().find(|(what, _)| *what == Adjustable::Walk).unwrap();
    /// assert_eq!((walk.1.contains("walk"), walk.0.value(&case)), (true, 0.5));
    /// # Ok::<(), boljam::case::Faults>(())
    /// ```
    pub fn adjustables(&self) -> Vec<(Adjustable, String)> {
        let mut all = Vec::new();
        let driver = |i: usize| self.drivers[i].id.as_str();
        for (i, d) in self.drivers.iter().enumerate() {
            let of = |p: Parameter| (Adjustable::Driver(i, p), format!("drivers.{}.{}", d.id, p.name()));
            all.extend(Parameter::ALL.map(of));
        }
        all.extend(self.cross_impacts.iter().enumerate().map(|(k, c)| {
            let name = format!("cross_impacts.{}.{}.long_run_effect", driver(c.from), driver(c.to));
            (Adjustable::CrossImpact(k), name)
        }));
        let drivers = self.drivers.len();
        let pairs = (0..drivers).flat_map(|i| (i + 1..drivers).map(move |j| (i, j)));
        all.extend(pairs.filter(|(i, j)| self.correlation[*i][*j] != 0.0).map(|(i, j)| {
            let name = format!("correlations.{}.{}.correlation", driver(i), driver(j));
            (Adjustable::Correlation(i, j), name)
        }));
        for (k, event) in self.events.iter().enumerate() {
            let id = &event.id;
            all.extend(self.scenarios.iter().enumerate().map(|(s, scenario)| {
                (Adjustable::EventProbability(k, s), format!("events.{id}.{}", scenario.id))
            }));
            all.extend(event.effects.iter().enumerate().filter_map(|(e, effect)| match effect {
                Effect::Plan { driver: d, .. } => {
                    Some((Adjustable::EventEffect(k, e), format!("events.{id}.plan.{}", driver(*d))))
                }
                Effect::Shock { driver: d, .. } => {
                    Some((Adjustable::EventEffect(k, e), format!("events.{id}.shock.{}", driver(*d))))
                }
                Effect::Switch { .. } => None,
            }));
            if event.trigger.is_some() {
                let of = |what, name: &str| (what, format!("events.{id}.{name}"));
                all.push(of(Adjustable::TriggerPrice(k), "trigger_price_below"));
                all.push(of(Adjustable::TriggerMultiplier(k), "trigger_multiplier"));
            }
        }
        for (k, index) in self.region_indices.iter().enumerate() {
            all.extend(
                REGION.map(|(n, word, _)| (Adjustable::Region(k, n), format!("region.{}.{word}", index.id))),
            );
        }
        for (k, c) in self.commodities.iter().enumerate() {
            all.extend(
                PRICE.map(|(n, word, _)| (Adjustable::Price(k, n), format!("price_process.{}.{word}", c.id))),
            );
        }
        let plain = |what, file: &str, field: &str| (what, format!("{file}.{field}"));
        if let PriceProcess::Mixture { .. } = self.prices.process {
            all.push(plain(Adjustable::Walk, "prices", "walk"));
        }
        all.push(plain(Adjustable::Inflation, "prices", "inflation"));
        all.push(plain(Adjustable::PlanCorrelation, "case", "plan_correlation"));
        all.push(plain(Adjustable::DeliveryCorrelation, "case", "delivery_correlation"));
        for (s, scenario) in self.scenarios.iter().enumerate() {
            let id = &scenario.id;
            if s != self.reference && !scenario.delivery.is_whole() {
                all.push((Adjustable::DeliveryMean(s), format!("{id}.delivery.mean")));
                all.push((Adjustable::DeliverySd(s), format!("{id}.delivery.sd")));
            }
            for (d, entry) in scenario.plan[0].iter().enumerate() {
                let word = match entry.kind {
                    PlanKind::Multiple => "multiple",
                    PlanKind::Odds => "odds",
                    PlanKind::Add => "add",
                };
                all.push((Adjustable::PlanSize(s, d), format!("{id}.{}.{word}", driver(d))));
                all.push((Adjustable::PlanSd(s, d), format!("{id}.{}.sd", driver(d))));
            }
        }
        if !matches!(self.prices.process, PriceProcess::Fixed(_)) {
            all.push(plain(Adjustable::PriceProcess, "structure", "price_process"));
        }
        let composites = self.method.composites.iter().enumerate();
        all.extend(
            composites
                .filter(|(_, c)| !c.alternatives.is_empty())
                .map(|(k, c)| (Adjustable::Formula(k), format!("structure.{}", c.symbol))),
        );
        all.push(plain(Adjustable::Persistence, "structure", "persistence"));
        all.push(plain(Adjustable::CrossImpacts, "structure", "cross_impacts"));
        all
    }

    /// True when what was set makes a case that can be run: deviations die out, correlations are those of something,
    /// delivery has a law. What each number may be on its own is [`Adjustable::range`].
    pub fn is_sound(&self) -> bool {
        let drivers = self.drivers.len();
        let correlation = nalgebra::DMatrix::from_fn(drivers, drivers, |i, j| self.correlation[i][j]);
        let delivered = |s: &super::Scenario| {
            let super::Delivery { mean, sd, max, .. } = s.delivery;
            let widest = 0.99 * (mean * (max - mean)).max(0.0).sqrt();
            (0.0..=max).contains(&mean) && (sd == 0.0 || (0.001..=widest).contains(&sd))
        };
        self.spectral_radius(&|i| self.drivers[i].persistence) < 1.0
            && correlation.cholesky().is_some()
            && self.scenarios.iter().all(delivered)
    }
}

impl Adjustable {
    /// What the case says; of a switch the place of its word.
    pub fn value(self, case: &Case) -> f64 {
        match self {
            Self::Driver(i, parameter) => parameter.of(&case.drivers[i]),
            Self::CrossImpact(k) => case.cross_impacts[k].effect,
            Self::Correlation(i, j) => case.correlation[i][j],
            Self::EventProbability(k, s) => case.events[k].probability[s],
            Self::EventEffect(k, e) => match case.events[k].effects[e] {
                Effect::Plan { shift, .. } | Effect::Shock { shift, .. } => shift,
                Effect::Switch { on, .. } => f64::from(u8::from(on)),
            },
            Self::TriggerPrice(k) => case.events[k].trigger.map_or(f64::NAN, |t| t.price_below),
            Self::TriggerMultiplier(k) => case.events[k].trigger.map_or(f64::NAN, |t| t.multiplier),
            Self::Region(k, number) => {
                let index = &case.region_indices[k];
                match number {
                    RegionNumber::Multiple => math::exp(index.shift),
                    RegionNumber::Sd => index.shift_sd,
                    RegionNumber::Sigma => index.sigma,
                    RegionNumber::Persistence => index.persistence,
                    RegionNumber::PriceExposure => index.price_exposure,
                }
            }
            Self::Price(k, number) => {
                let commodity = &case.commodities[k];
                match number {
                    PriceNumber::Level => commodity.level,
                    PriceNumber::LevelSe => commodity.level_se,
                    PriceNumber::Reversion => commodity.reversion,
                    PriceNumber::SdWalk => commodity.sd_walk,
                    PriceNumber::SdReverting => commodity.sd_reverting,
                }
            }
            Self::Walk => match case.prices.process {
                PriceProcess::Mixture { walk } => walk,
                _ => f64::NAN,
            },
            Self::Inflation => case.prices.inflation,
            Self::PlanCorrelation => case.plan_correlation,
            Self::DeliveryCorrelation => case.delivery_correlation,
            Self::DeliveryMean(s) => case.scenarios[s].delivery.mean,
            Self::DeliverySd(s) => case.scenarios[s].delivery.sd,
            Self::PlanSize(s, d) => case.scenarios[s].plan[0][d].value,
            Self::PlanSd(s, d) => case.scenarios[s].plan[0][d].sd,
            Self::PriceProcess => match case.prices.process {
                PriceProcess::Mixture { .. } => 0.0,
                PriceProcess::MeanReversion => 2.0,
                PriceProcess::RandomWalk | PriceProcess::Fixed(_) => 1.0,
            },
            Self::Formula(_) => 0.0,
            Self::Persistence | Self::CrossImpacts => 1.0,
        }
    }

    /// Smallest and largest value that is allowed, as in the files.
    pub fn range(self, case: &Case) -> (f64, f64) {
        match self {
            Self::Driver(_, parameter) => parameter.range(),
            Self::CrossImpact(_) => (-1000.0, 1000.0),
            Self::Correlation(..) => (-0.999, 0.999),
            Self::EventEffect(..) => (-100.0, 100.0),
            Self::TriggerPrice(_) => (1e-6, 1e6),
            Self::TriggerMultiplier(_) => (0.0, 1e6),
            Self::Region(_, number) => REGION.iter().find(|r| r.0 == number).map_or((0.0, 0.0), |r| r.2),
            Self::Price(_, number) => PRICE.iter().find(|p| p.0 == number).map_or((0.0, 0.0), |p| p.2),
            Self::Inflation => (-0.5, 1.0),
            Self::EventProbability(..) | Self::Walk | Self::PlanCorrelation | Self::DeliveryCorrelation => {
                (0.0, 1.0)
            }
            Self::DeliveryMean(s) => (0.0, case.scenarios[s].delivery.max),
            Self::DeliverySd(_) => (0.0, 5.0),
            Self::PlanSize(s, d) => match case.scenarios[s].plan[0][d].kind {
                PlanKind::Add => (-1000.0, 1000.0),
                PlanKind::Multiple | PlanKind::Odds => (1e-6, 1e6),
            },
            Self::PlanSd(s, d) => match case.scenarios[s].plan[0][d].kind {
                PlanKind::Add => (0.0, 100.0),
                PlanKind::Multiple | PlanKind::Odds => (0.0, 5.0),
            },
            Self::PriceProcess | Self::Formula(_) | Self::Persistence | Self::CrossImpacts => {
                (0.0, self.words(case).len().saturating_sub(1) as f64)
            }
        }
    }

    /// The words of a switch, in the order of its numbers; none of a number.
    pub fn words(self, case: &Case) -> Vec<String> {
        match self {
            Self::PriceProcess => PROCESSES.map(str::to_owned).to_vec(),
            Self::Formula(k) => {
                let names = case.method.composites[k].alternatives.iter().map(|a| a.0.clone());
                std::iter::once("formula".to_owned()).chain(names).collect()
            }
            Self::Persistence | Self::CrossImpacts => ["off", "on"].map(str::to_owned).to_vec(),
            _ => Vec::new(),
        }
    }

    /// Puts a value into the case. A parameter of a driver that is set is drawn no more.
    pub fn set(self, case: &mut Case, x: f64) {
        match self {
            Self::Driver(i, parameter) => {
                let driver = &mut case.drivers[i];
                *match parameter {
                    Parameter::Sigma => &mut driver.sigma,
                    Parameter::Persistence => &mut driver.persistence,
                    Parameter::PriceExposure => &mut driver.price_exposure,
                    Parameter::RegionalShare => &mut driver.regional_share,
                } = x;
                fix(case, i, parameter);
            }
            Self::CrossImpact(k) => case.cross_impacts[k].effect = x,
            Self::Correlation(i, j) => (case.correlation[i][j], case.correlation[j][i]) = (x, x),
            Self::EventProbability(k, s) => case.events[k].probability[s] = x,
            Self::EventEffect(k, e) => match &mut case.events[k].effects[e] {
                Effect::Plan { shift, .. } | Effect::Shock { shift, .. } => *shift = x,
                Effect::Switch { .. } => {}
            },
            Self::TriggerPrice(k) => case.events[k].trigger.iter_mut().for_each(|t| t.price_below = x),
            Self::TriggerMultiplier(k) => case.events[k].trigger.iter_mut().for_each(|t| t.multiplier = x),
            Self::Region(k, number) => {
                let index = &mut case.region_indices[k];
                match number {
                    RegionNumber::Multiple => index.shift = math::ln(x),
                    RegionNumber::Sd => index.shift_sd = x,
                    RegionNumber::Sigma => index.sigma = x,
                    RegionNumber::Persistence => index.persistence = x,
                    RegionNumber::PriceExposure => index.price_exposure = x,
                }
            }
            Self::Price(k, number) => {
                let commodity = &mut case.commodities[k];
                *match number {
                    PriceNumber::Level => &mut commodity.level,
                    PriceNumber::LevelSe => &mut commodity.level_se,
                    PriceNumber::Reversion => &mut commodity.reversion,
                    PriceNumber::SdWalk => &mut commodity.sd_walk,
                    PriceNumber::SdReverting => &mut commodity.sd_reverting,
                } = x;
            }
            Self::Walk => {
                if let PriceProcess::Mixture { walk } = &mut case.prices.process {
                    *walk = x;
                }
            }
            Self::Inflation => case.prices.inflation = x,
            Self::PlanCorrelation => case.plan_correlation = x,
            Self::DeliveryCorrelation => case.delivery_correlation = x,
            Self::DeliveryMean(s) => case.scenarios[s].delivery.mean = x,
            Self::DeliverySd(s) => case.scenarios[s].delivery.sd = x,
            Self::PlanSize(s, d) => {
                let plan = &mut case.scenarios[s].plan;
                let (kind, first) = (plan[0][d].kind, plan[0][d].shift);
                let link = |x: f64| if kind == PlanKind::Add { x } else { math::ln(x) };
                for entry in plan.iter_mut().map(|entries| &mut entries[d]) {
                    if entry.shift == first {
                        (entry.value, entry.shift) = (x, link(x));
                        continue;
                    }
                    entry.shift += link(x) - first;
                    entry.value = if kind == PlanKind::Add { entry.shift } else { math::exp(entry.shift) };
                }
            }
            Self::PlanSd(s, d) => case.scenarios[s].plan.iter_mut().for_each(|plan| plan[d].sd = x),
            Self::PriceProcess => {
                let walk = Self::Walk.value(case);
                case.prices.process = match x as usize {
                    0 if walk.is_nan() => PriceProcess::Mixture { walk: 0.5 },
                    0 => PriceProcess::Mixture { walk },
                    1 => PriceProcess::RandomWalk,
                    _ => PriceProcess::MeanReversion,
                };
            }
            Self::Formula(k) => {
                let composite = &mut case.method.composites[k];
                if let Some((_, formula)) =
                    (x as usize).checked_sub(1).and_then(|a| composite.alternatives.get(a))
                {
                    composite.formula = formula.clone();
                }
            }
            Self::Persistence if x == 0.0 => {
                for i in 0..case.drivers.len() {
                    Self::Driver(i, Parameter::Persistence).set(case, 0.0);
                }
            }
            Self::CrossImpacts if x == 0.0 => case.cross_impacts.iter_mut().for_each(|c| c.effect = 0.0),
            Self::Persistence | Self::CrossImpacts => {}
        }
    }
}

fn fix(case: &mut Case, driver: usize, parameter: Parameter) {
    if let Some(posterior) = &mut case.posterior {
        posterior.fix(driver, parameter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Setting, Source};

    /// What is set under a name is what `--set` of the same name gives, and it is read back.
    #[test]
    fn a_name_is_that_of_the_setting_and_keeps_what_is_set() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let all = case.adjustables();
        let names: std::collections::BTreeSet<&String> = all.iter().map(|a| &a.1).collect();
        assert_eq!(names.len(), all.len(), "a name stands twice");
        assert!(case.is_sound());
        let (mut set, mut settings, mut numbers) = (case.clone(), Vec::new(), Vec::new());
        for (what, name) in &all {
            let (own, (low, high)) = (what.value(&case), what.range(&case));
            assert!((low..=high).contains(&own), "{name}: {own} of {low} to {high}");
            if !what.words(&case).is_empty() {
                continue;
            }
            let x = own * 0.9 + 0.01;
            what.set(&mut set, x);
            assert!((what.value(&set) - x).abs() < 1e-12, "{name}");
            // Effects of events stand in one cell with others; correlations have their drivers in either order.
            if !matches!(what, Adjustable::EventEffect(..) | Adjustable::Correlation(..)) {
                settings.push(Setting::parse(&format!("{name}={x}")).unwrap());
                numbers.push((*what, name));
            }
        }
        assert!(set.is_sound());
        let by_setting = Case::load(&Source::embedded(), &settings).unwrap();
        for (what, name) in &numbers {
            let (a, b) = (what.value(&set), what.value(&by_setting));
            assert!((a - b).abs() <= 1e-12 * a.abs().max(1.0), "{name}: {a} {b}");
        }
        assert!(numbers.len() > 300, "{}", numbers.len());
        for (town, plan) in set.scenarios[0].plan.iter().enumerate() {
            for (a, b) in plan.iter().zip(&by_setting.scenarios[0].plan[town]) {
                assert!((a.shift - b.shift).abs() < 1e-12 && (a.sd - b.sd).abs() < 1e-12, "{a:?} {b:?}");
            }
        }
        Adjustable::CrossImpacts.set(&mut set, 0.0);
        Adjustable::Persistence.set(&mut set, 0.0);
        assert!(set.cross_impacts.iter().all(|c| c.effect == 0.0));
        assert!(set.drivers.iter().all(|d| d.persistence == 0.0));
    }

    #[test]
    fn what_cannot_be_run_is_not_sound() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let unsound = |what: Adjustable, x: f64| {
            let mut set = case.clone();
            what.set(&mut set, x);
            !set.is_sound()
        };
        assert!(unsound(Adjustable::Driver(0, Parameter::Persistence), 1.0));
        assert!(unsound(Adjustable::DeliverySd(1), 0.6));
        assert!(!unsound(Adjustable::DeliverySd(1), 0.3));
    }
}
