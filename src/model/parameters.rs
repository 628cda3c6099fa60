//! Parameters of the drivers that are drawn: one row of the case's posterior a run, for all towns and scenarios.
//!
//! A run's row changes what its innovations, deviations and exposures are made with:
//!
//! ```text
//! e = sigma (sqrt(rho) (L w_region) + sqrt(1 - rho) (L w_town))
//! d[t] = phi d[t-1] + (1 - phi) C (y[t-1] + S[t-1]) + e[t],    y[t] = B[t] x[t] + d[t]
//! ```
//!
//! Given the row, the model is the one of a case with these values in drivers.csv ([`super::Model::at_draw`]).

use super::noise::NoiseLaw;
use super::options::Options;
use super::path::PathLaw;
use crate::case::{Case, Parameter, Scaling};
use crate::random;

/// Values of something, one a draw; none where it is the same in all of them.
pub type DrawnValues = Vec<Option<Vec<f64>>>;

/// The drawn parameters. Outer vectors are over drivers.
#[derive(Debug, Clone)]
pub struct ParameterLaw {
    /// Key of the draw.
    pub key: u64,
    /// Number of rows to draw from.
    pub draws: usize,
    /// sigma sqrt(rho); none where shocks are not drawn.
    pub region_sd: DrawnValues,
    /// sigma sqrt(1 - rho); none where shocks are not drawn.
    pub town_sd: DrawnValues,
    /// phi.
    pub persistence: DrawnValues,
    /// B, before the scale.
    pub price_exposure: DrawnValues,
    /// What multiplies B.
    pub exposure_scale: Vec<Scaling>,
    /// Cross-impacts into each driver: (from, long-run effect c, what multiplies it).
    pub effects: Vec<Vec<(usize, f64, Scaling)>>,
}

impl Scaling {
    /// What it multiplies by at a planned mono-profile degree.
    #[inline(always)]
    pub(crate) fn factor(self, mono: f64) -> f64 {
        match self {
            Self::Unit => 1.0,
            Self::Mono => mono,
        }
    }
}

impl ParameterLaw {
    /// None where the case has no posterior, or its parameters are not drawn.
    pub(super) fn compile(case: &Case, options: &Options) -> Option<Self> {
        let posterior = case.posterior.as_ref().filter(|p| !p.columns.is_empty())?;
        if !options.uncertainty.parameters {
            return None;
        }
        let drivers = 0..case.drivers.len();
        let values = |parameter: Parameter| -> DrawnValues {
            drivers.clone().map(|i| posterior.values(i, parameter)).collect()
        };
        let (sigma, rho) = (values(Parameter::Sigma), values(Parameter::RegionalShare));
        let draws = posterior.draws.len();
        let sd = |share: &dyn Fn(f64) -> f64| -> DrawnValues {
            let of = |i: usize| {
                let (driver, drawn) = (&case.drivers[i], (&sigma[i], &rho[i]));
                if !options.uncertainty.shocks || drawn == (&None, &None) {
                    return None;
                }
                let at =
                    |column: &Option<Vec<f64>>, k: usize, fixed: f64| column.as_ref().map_or(fixed, |c| c[k]);
                let value = |k: usize| {
                    at(drawn.0, k, driver.sigma) * share(at(drawn.1, k, driver.regional_share)).sqrt()
                };
                Some((0..draws).map(value).collect())
            };
            drivers.clone().map(of).collect()
        };
        let into = |to: usize| {
            let impacts = case.cross_impacts.iter().filter(move |c| c.to == to);
            impacts.map(|c| (c.from, c.effect, c.scale)).collect()
        };
        Some(Self {
            key: Self::key(options.seed),
            draws,
            region_sd: sd(&|rho| rho),
            town_sd: sd(&|rho| 1.0 - rho),
            persistence: values(Parameter::Persistence),
            price_exposure: values(Parameter::PriceExposure),
            exposure_scale: case.drivers.iter().map(|d| d.exposure_scale).collect(),
            effects: drivers.map(into).collect(),
        })
    }

    /// Key of the draw under a seed.
    pub(super) fn key(seed: u64) -> u64 {
        random::key(seed, "drivers", "parameters")
    }

    /// The row that a uniform number in (0, 1) draws.
    #[inline(always)]
    pub(crate) fn row(&self, uniform: f64) -> usize {
        ((uniform * self.draws as f64) as usize).min(self.draws - 1)
    }

    /// At most `most` rows, evenly spread over all.
    pub(super) fn spread(&self, most: usize) -> Vec<usize> {
        let count = self.draws.min(most);
        (0..count).map(|k| (2 * k + 1) * self.draws / (2 * count)).collect()
    }
}

impl ParameterLaw {
    /// Innovations and persistences at a draw.
    pub(super) fn noise_at(&self, draw: usize, noise: &NoiseLaw) -> NoiseLaw {
        let mut noise = noise.clone();
        let put = |into: &mut [f64], values: &DrawnValues| {
            for (x, values) in into.iter_mut().zip(values) {
                *x = values.as_ref().map_or(*x, |v| v[draw]);
            }
        };
        put(&mut noise.region_sd, &self.region_sd);
        put(&mut noise.town_sd, &self.town_sd);
        put(&mut noise.persistence, &self.persistence);
        noise
    }

    /// A town's path at a draw.
    pub(super) fn path_at(&self, draw: usize, frozen: &[bool], path: &PathLaw) -> PathLaw {
        let mut path = path.clone();
        for year in &mut path.years {
            for i in (0..frozen.len()).filter(|i| !frozen[*i]) {
                if let Some(values) = &self.price_exposure[i] {
                    year.exposure[i] = values[draw] * self.exposure_scale[i].factor(year.mono);
                }
                if let Some(values) = &self.persistence[i] {
                    let speed = 1.0 - values[draw];
                    let moved = self.effects[i].iter().filter(|(from, ..)| !frozen[*from]);
                    let pull = |(from, effect, scale): &(usize, f64, Scaling)| {
                        (*from, speed * effect * scale.factor(year.mono))
                    };
                    year.cross[i] = moved.map(pull).collect();
                }
            }
        }
        path
    }
}
