//! Pictures.

/// A.
pub struct Figure {
    /// n
    pub name: String,
    /// s
    pub svg: String,
}
/// f
pub fn figures(_r: &crate::analyse::Results, _t: &crate::text::Text) -> Vec<Figure> {
    Vec::new()
}
