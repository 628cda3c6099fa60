//! What can be wrong with a stored ensemble.

/// Format of the file; it changes when the meaning of its bytes does.
pub(super) const FORMAT: u64 = 3;

/// Why bytes are no ensembles of this study.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Something else altogether.
    #[error("it is no ensemble of boljam")]
    Foreign,
    /// A format of another time.
    #[error("its format is {0}, and this program reads format {FORMAT}")]
    Format(u64),
    /// Cut short or changed.
    #[error("it is damaged: its checksum does not fit its content")]
    Damaged,
    /// Another version, whose runs may differ.
    #[error("boljam {0} wrote it, and this is {version}", version = env!("CARGO_PKG_VERSION"))]
    Version(String),
    /// Other inputs, settings, options or another seed.
    #[error("it was made from other inputs or with other options than those beside it")]
    Key,
    /// The same version, yet other bins: another build.
    #[error("another build of boljam wrote it, whose histograms have other edges")]
    Edges,
    /// Counts that do not add up.
    #[error("its counts contradict each other")]
    Counts,
}
