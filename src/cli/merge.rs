//! `boljam merge`: the shards of a run, joined to what one run would have made.

use std::path::PathBuf;

use clap::Args;

use super::figure::{self, FigureArguments};
use super::run::tell;
use crate::archive::{self, Columns, Made, Shards, Staging};

/// Join the parts of a run.
#[derive(Debug, Args)]
#[command(after_help = "\
Each shard is a part of one run, computed anywhere with the same inputs, options and version. The result is that of \
one run, to the last byte.

Examples:
  boljam run --runs 4000000 --shard 1/2 --out part1
  boljam run --runs 4000000 --shard 2/2 --out part2
  boljam merge part1 part2 --out results")]
pub(super) struct Arguments {
    /// Folders of all the shards, in any order
    #[arg(value_name = "DIR", required = true)]
    shards: Vec<PathBuf>,
    #[command(flatten)]
    figure: FigureArguments,
    /// Replace an existing result folder
    #[arg(long)]
    force: bool,
    /// New folder for the result
    #[arg(long)]
    out: PathBuf,
}

/// `boljam merge`.
pub(super) fn merge(arguments: &Arguments) -> anyhow::Result<()> {
    let shards = Shards::open(&arguments.shards)?;
    let recipe = shards.recipe();
    let files = arguments.figure.files(recipe, &[])?;
    let study = recipe.study()?;
    let made = Made { ensembles: shards.join(&study)?, stopped: None };
    let columns = Columns::default();
    let staging = Staging::new(&arguments.out, arguments.force)?;
    let draw = |staging: &_, results: &_| figure::draw(&files, recipe, staging, results);
    let written = archive::write(staging, recipe, &study, made, &columns, &draw)?;
    tell(&written, &arguments.out)
}
