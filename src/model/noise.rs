//! Innovations of the drivers: e = sigma (sqrt(rho) (L w_region) + sqrt(1 - rho) (L w_town)).

use nalgebra::DMatrix;

use super::options::Options;
use crate::case::{Case, Driver};
use crate::random;

/// Nonzero entries of one row of a matrix: (column, value), ascending.
pub type SparseRow = Vec<(usize, f64)>;

/// Innovations that all towns share the law of. Vectors are over drivers.
#[derive(Debug, Clone)]
pub struct NoiseLaw {
    /// Key of the region's part.
    pub region_key: u64,
    /// Rows of L, the lower Cholesky factor of the correlations.
    pub factor: Vec<SparseRow>,
    /// sigma sqrt(rho); 0 when shocks are not drawn.
    pub region_sd: Vec<f64>,
    /// sigma sqrt(1 - rho); 0 when shocks are not drawn.
    pub town_sd: Vec<f64>,
    /// Persistence phi.
    pub persistence: Vec<f64>,
    /// Correlations L L'.
    pub correlation: DMatrix<f64>,
}

impl NoiseLaw {
    pub(super) fn compile(case: &Case, options: &Options) -> Self {
        let n = case.drivers.len();
        let correlation = DMatrix::from_fn(n, n, |i, j| case.correlation[i][j]);
        let scale = f64::from(u8::from(options.uncertainty.shocks));
        let rows = cholesky_rows(&correlation);
        let sparse = |row: &Vec<f64>| row.iter().copied().enumerate().filter(|(_, v)| *v != 0.0).collect();
        Self {
            region_key: Self::key(options.seed),
            factor: rows.iter().map(sparse).collect(),
            correlation,
            ..Self::of_drivers(&case.drivers, scale)
        }
    }

    /// The same correlations with the sigma, persistence and regional share of these drivers.
    #[must_use]
    pub(super) fn with_parameters(&self, drivers: &[Driver]) -> Self {
        let (factor, correlation) = (self.factor.clone(), self.correlation.clone());
        Self { region_key: self.region_key, factor, correlation, ..Self::of_drivers(drivers, 1.0) }
    }

    /// What drivers.csv says of each driver alone; the rest is empty.
    fn of_drivers(drivers: &[Driver], scale: f64) -> Self {
        let sd = |share: &dyn Fn(f64) -> f64| {
            drivers.iter().map(|d| scale * d.sigma * share(d.regional_share).sqrt()).collect()
        };
        Self {
            region_key: 0,
            factor: Vec::new(),
            region_sd: sd(&|rho| rho),
            town_sd: sd(&|rho| 1.0 - rho),
            persistence: drivers.iter().map(|d| d.persistence).collect(),
            correlation: DMatrix::zeros(0, 0),
        }
    }

    /// Key of the region's part under a seed.
    pub(super) fn key(seed: u64) -> u64 {
        random::key(seed, "region", "noise")
    }
}

/// Rows of the lower Cholesky factor, up to the diagonal. A matrix that has none (the case is checked, so
/// there is no such) gives the identity.
pub(super) fn cholesky_rows(matrix: &DMatrix<f64>) -> Vec<Vec<f64>> {
    let n = matrix.nrows();
    let factor = matrix.clone().cholesky().map_or_else(|| DMatrix::identity(n, n), |c| c.l());
    (0..n).map(|i| (0..=i).map(|j| factor[(i, j)]).collect()).collect()
}
