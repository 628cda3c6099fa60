//! Under what circumstances the method is applied.

/// Inputs of a town, and what of the method is otherwise than it stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Circumstances {
    /// A value for each sub-indicator.
    pub inputs: Vec<f64>,
    /// For each composite which formula: 0 the method's, 1 its first alternative ..
    pub readings: Vec<usize>,
    /// For each composite the bounds between its classes, where they are otherwise.
    pub bounds: Option<Vec<Vec<f64>>>,
    /// For each composite the weight of its vote in parts of [`super::UNIT`], where they are otherwise.
    pub votes: Option<Vec<u32>>,
    /// For each sub-indicator its weight inside composites, where they are otherwise.
    pub inner: Option<Vec<f64>>,
    /// (Composite, class, scenario): the entry of the selection matrix that says the opposite.
    pub turned: Option<(usize, usize, usize)>,
}
