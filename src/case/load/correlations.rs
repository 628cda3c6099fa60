//! Correlation matrices: correlations.csv, `price_correlations.csv`.

use super::super::fault::Faults;
use super::loader::Loader;

/// A correlation matrix from its entries off the diagonal, checked to be positive definite.
pub(super) fn read(loader: &mut Loader<'_>, file: &str, ids: &[String]) -> Vec<Vec<f64>> {
    let table = loader.csv(file, &["a", "b"], &["a", "b", "correlation", "basis"]);
    let faults = &mut loader.faults;
    let n = ids.len();
    let mut matrix = vec![vec![0.0; n]; n];
    for (i, row) in matrix.iter_mut().enumerate() {
        row[i] = 1.0;
    }
    let before = faults.0.len();
    let mut seen = vec![vec![false; n]; n];
    for row in table.iter() {
        let (a, b) = (row.id("a", ids, faults), row.id("b", ids, faults));
        let value = row.number("correlation", -1.0, 1.0, faults);
        let (Some(a), Some(b)) = (a, b) else { continue };
        if a == b {
            row.refuse("b", "another one than a", faults);
        } else if seen[b][a] {
            row.refuse("b", "each pair once", faults);
        }
        seen[a][b] = true;
        matrix[a][b] = value;
        matrix[b][a] = value;
    }
    if faults.0.len() == before {
        check_positive_definite(file, &matrix, ids, faults);
    }
    matrix
}

/// Names the first id whose correlations do not fit those of the ids before it.
fn check_positive_definite(file: &str, matrix: &[Vec<f64>], ids: &[String], faults: &mut Faults) {
    let part = |k: usize| nalgebra::DMatrix::from_fn(k, k, |i, j| matrix[i][j]);
    let Some(k) = (1..=ids.len()).find(|k| part(*k).cholesky().is_none()) else { return };
    let partners: Vec<String> = (0..ids.len())
        .filter(|j| *j != k - 1 && matrix[k - 1][*j] != 0.0)
        .map(|j| format!("{} {}", ids[j], matrix[k - 1][j]))
        .collect();
    let message = format!(
        "the correlations are not positive definite: those of {} ({}) do not fit together with the others",
        ids[k - 1],
        partners.join(", ")
    );
    faults.add(file, "", message);
}
