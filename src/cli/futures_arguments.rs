//! Arguments of `boljam sensitivity` that only the futures take.

use std::path::PathBuf;

use clap::Args;

use super::language::LangArgument;

/// What only the futures take.
#[derive(Debug, Args)]
pub(super) struct FuturesArguments {
    /// Figure of the results to explain, with --output repeated or joined by commas for several:
    /// town.scenario[.year].quantity[.detail]. Without a year: of every year. The scenario can be a difference,
    /// innovative-inertial. The quantity is one of the tables (detail: mean, sd, a quantile such as q050, or a class; the
    /// median if there is none), lead.SCENARIO, votes.SCENARIO or an outcome
    #[arg(long, value_delimiter = ',', value_name = "FIGURE")]
    pub(super) output: Vec<String>,
    /// List the factors of the case, with what each may be
    #[arg(long, conflicts_with_all = ["output", "method", "out"])]
    pub(super) list: bool,
    /// Blocks of sobol (default 128; best a power of two), points (default 1024) or trajectories of morris (default 20)
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(super) n: Option<u32>,
    /// Runs at each point, rounded up to batches of whole blocks of 512; all points see the same draws
    #[arg(long, default_value_t = 2048, value_parser = super::count::count(1..=100_000_000))]
    pub(super) runs: u64,
    /// Batches of runs, which tell how much the noise of the runs does to an index
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(2..=64))]
    pub(super) batches: u16,
    /// Table of points, a column a factor by its name, instead of a design
    #[arg(long, value_name = "FILE", conflicts_with_all = ["factors", "n"])]
    pub(super) points: Option<PathBuf>,
    /// Threads (default: one a core); the result does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// New folder for the table, the points with their responses, and pictures
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Replace an earlier result there
    #[arg(long, requires = "out")]
    pub(super) force: bool,
    #[command(flatten)]
    pub(super) lang: LangArgument,
}
