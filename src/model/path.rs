//! A town's path under one scenario: the plan, the planned mono-profile degree and what hangs on it.

use super::noise::SparseRow;
use super::options::Options;
use super::path_delivery::{PathDelivery, PlanMoments, planned};
use super::town_base::TownBase;
use crate::case::{Case, Input, PlanEntry, Scaling, SubIndicatorKind};
use crate::math;

/// One scenario in one town. Vectors are over drivers.
#[derive(Debug, Clone)]
pub struct PathLaw {
    /// Index of the scenario in the case.
    pub scenario: usize,
    /// Its id, of which its key is made.
    pub id: String,
    /// Key of the scenario's own plan errors.
    pub plan_key: u64,
    /// Mean of Delta, as the scenario's file has it.
    pub shift: Vec<f64>,
    /// Sd of Delta; 0 when not drawn.
    pub shift_sd: Vec<f64>,
    /// What delivery makes of it; none where the plan comes about as it is written.
    pub delivery: Option<PathDelivery>,
    /// What holds in each year, t = 0 the base year.
    pub years: Vec<YearLaw>,
}

/// One year of a path.
#[derive(Debug, Clone)]
pub struct YearLaw {
    /// tau of each driver: `late` years ago where the plan is delivered late.
    pub reached: Vec<f64>,
    /// tau of the reference's plan now and `late` years ago; empty where the path has no delivery.
    pub reference_reached: Vec<[f64; 2]>,
    /// B of each driver: elasticity to the town's price level.
    pub exposure: Vec<f64>,
    /// (1 - phi_i) c_ij of each driver i, with the mono-profile degree in it: what a departure of driver j
    /// last year adds this year.
    pub cross: Vec<SparseRow>,
    /// Planned mono-profile degree, 0..1; a stress does not enter it.
    pub mono: f64,
    /// What a stress adds to the plan of each driver, link scale.
    pub stress: Vec<f64>,
}

impl PathLaw {
    /// True when some cross-impact reads this driver.
    pub fn reads(&self, driver: usize) -> bool {
        self.years.iter().flat_map(|year| year.cross.iter().flatten()).any(|(from, _)| *from == driver)
    }
}

impl PathLaw {
    /// Mean of what the year's tau multiplies of a driver: Delta itself, or what is delivered of it.
    pub fn mean_shift(&self, driver: usize) -> f64 {
        match &self.delivery {
            None => self.shift[driver],
            Some(d) => {
                let (own, s) = (self.shift[driver], d.share.0);
                if d.apart[driver] { s * own } else { (1.0 - s) * d.reference_shift[driver] + s * own }
            }
        }
    }

    /// Mean of a driver's plan in year t, on the link scale.
    pub fn planned(&self, t: usize, driver: usize) -> f64 {
        let year = &self.years[t];
        planned(&self.shift, self.delivery.as_ref(), &year.reached, &year.reference_reached, driver)
    }

    /// Moments of a driver's plan in year t, r the correlation of plan errors. s is independent of both Delta:
    ///
    /// ```text
    /// R = tau_ref Delta_ref, D = tau Delta - tau_late Delta_ref, m = E s, v = Var s
    /// Var(R + s D) = Var R + 2 m Cov(R, D) + (m^2 + v) Var D + v (E D)^2
    /// ```
    pub(super) fn plan_moments(&self, t: usize, driver: usize, r: f64) -> PlanMoments {
        let (i, year) = (driver, &self.years[t]);
        let (tau, sd) = (year.reached[i], self.shift_sd[i]);
        let Some(d) = &self.delivery else {
            let mean = tau * self.shift[i] + year.stress[i];
            return PlanMoments { mean, variance: (tau * sd).powi(2), slope: 0.0 };
        };
        let [now, late] = year.reference_reached[i];
        let (reference, reference_sd) = (d.reference_shift[i], d.reference_sd[i]);
        let (m, v) = d.share;
        let slope = tau * self.shift[i] - late * reference;
        let var_r = (now * reference_sd).powi(2);
        let var_d =
            (tau * sd).powi(2) + (late * reference_sd).powi(2) - 2.0 * tau * late * r * sd * reference_sd;
        let between = now * reference_sd * (tau * r * sd - late * reference_sd);
        PlanMoments {
            mean: now * reference + m * slope + year.stress[i],
            variance: var_r + 2.0 * m * between + (m * m + v) * var_d + v * slope * slope,
            slope,
        }
    }
}

/// Compiles a path; its key is the town's to make.
pub(super) fn compile(
    case: &Case,
    options: &Options,
    years: &[i32],
    town: &TownBase,
    scenario: usize,
) -> PathLaw {
    let future = &case.scenarios[scenario];
    let plan = &future.plan[town.index];
    let drawn = f64::from(u8::from(options.uncertainty.plan));
    let alive = |i: usize| f64::from(u8::from(!town.frozen[i]));
    let shift: Vec<f64> = plan.iter().enumerate().map(|(i, p)| alive(i) * p.shift).collect();
    let shift_sd = plan.iter().enumerate().map(|(i, p)| alive(i) * drawn * p.sd).collect();
    let reference = &case.scenarios[case.reference].plan[town.index];
    let late = future.delivery.late;
    let delivery = (scenario != case.reference && !future.delivery.is_whole()).then(|| {
        PathDelivery::compile(case, future, town.index, share_moments(case, options, scenario), &alive, drawn)
    });
    let years = years
        .iter()
        .map(|&year| {
            let share = |p: &PlanEntry, year: i32| case.plan_shape.share(p.start, p.by, year);
            let late = if delivery.is_some() { late } else { 0 };
            let reached: Vec<f64> = plan.iter().map(|p| share(p, year - late)).collect();
            let reference_reached: Vec<[f64; 2]> = match &delivery {
                Some(_) => reference.iter().map(|p| [share(p, year), share(p, year - late)]).collect(),
                None => Vec::new(),
            };
            let means: Vec<f64> = (0..plan.len())
                .map(|i| planned(&shift, delivery.as_ref(), &reached, &reference_reached, i))
                .collect();
            let mono = planned_mono(case, town, &means, year);
            YearLaw {
                stress: plan_stress(case, options, &town.frozen, year),
                reference_reached,
                exposure: exposures(case, &town.frozen, mono),
                cross: cross_impacts(case, &town.frozen, mono),
                reached,
                mono,
            }
        })
        .collect();
    PathLaw { scenario, id: future.id.clone(), plan_key: 0, shift, shift_sd, delivery, years }
}

/// What the stress that is laid on adds to the plan of each driver in a year.
fn plan_stress(case: &Case, options: &Options, frozen: &[bool], year: i32) -> Vec<f64> {
    let mut added = vec![0.0; frozen.len()];
    for shock in options.stress.iter().flat_map(|s| &case.stresses[*s].plans) {
        if !frozen[shock.driver] {
            added[shock.driver] += shock.log_change(year);
        }
    }
    added
}

/// Mean and variance of what a scenario delivers.
fn share_moments(case: &Case, options: &Options, scenario: usize) -> (f64, f64) {
    let delivery = &case.scenarios[scenario].delivery;
    (delivery.mean, if options.uncertainty.plan { delivery.sd * delivery.sd } else { 0.0 })
}

/// B of each driver at a mono-profile degree.
pub(super) fn exposures(case: &Case, frozen: &[bool], mono: f64) -> Vec<f64> {
    let scaled = |(i, d): (usize, &crate::case::Driver)| match d.exposure_scale {
        _ if frozen[i] => 0.0,
        Scaling::Unit => d.price_exposure,
        Scaling::Mono => d.price_exposure * mono,
    };
    case.drivers.iter().enumerate().map(scaled).collect()
}

/// (1 - phi_i) c_ij at a mono-profile degree.
pub(super) fn cross_impacts(case: &Case, frozen: &[bool], mono: f64) -> Vec<SparseRow> {
    let mut rows = vec![SparseRow::new(); case.drivers.len()];
    for impact in &case.cross_impacts {
        if frozen[impact.from] || frozen[impact.to] {
            continue;
        }
        let scale = match impact.scale {
            Scaling::Unit => 1.0,
            Scaling::Mono => mono,
        };
        let speed = 1.0 - case.drivers[impact.to].persistence;
        rows[impact.to].push((impact.from, speed * impact.effect * scale));
    }
    rows
}

/// The mono-profile degree that the plan leads to: sub-indicators at the mean plan, inputs at their best,
/// region indices at their mean plan, prices of the base year.
fn planned_mono(case: &Case, town: &TownBase, means: &[f64], year: i32) -> f64 {
    let values = planned_values(case, town, means);
    let value_of = |name: &str| planned_name(case, town, &values, year, name);
    let symbols = &case.method.sub_indicators;
    let degree = case.method.mono_degree.eval(&|name| {
        symbols.iter().position(|s| s.symbol == name).map_or(0.0, |i| match &symbols[i].kind {
            SubIndicatorKind::Formula(formula) => formula.eval(&value_of),
            SubIndicatorKind::Switch => case.towns[town.index].inputs[i].best(),
        })
    });
    degree.clamp(0.0, 1.0)
}

/// Values of the drivers at the mean plan.
fn planned_values(case: &Case, town: &TownBase, means: &[f64]) -> Vec<f64> {
    let value = |i: usize| case.drivers[i].link.invert(town.base_link[i] + means[i]);
    let stays = |i: usize| case.drivers[i].link.is_edge(town.base[i]);
    (0..means.len()).map(|i| if stays(i) { town.base[i] } else { value(i) }).collect()
}

fn planned_name(case: &Case, town: &TownBase, drivers: &[f64], year: i32, name: &str) -> f64 {
    if let Some(base) = name.strip_prefix("base.") {
        let driver = case.drivers.iter().position(|d| d.id == base);
        let input = case.method.sub_indicators.iter().position(|s| s.symbol == base);
        let inputs: &[Input] = &case.towns[town.index].inputs;
        return driver.map_or_else(|| input.map_or(0.0, |i| inputs[i].best()), |i| town.base[i]);
    }
    if let Some(index) = name.strip_prefix("region.") {
        let region = case.region_indices.iter().find(|r| r.id == index);
        return region.map_or(1.0, |r| math::exp(r.shift * case.plan_shape.share(r.start, r.by, year)));
    }
    case.drivers.iter().position(|d| d.id == name).map_or(0.0, |i| drivers[i])
}
