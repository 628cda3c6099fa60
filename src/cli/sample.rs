//! `boljam sample`: points at which to run a model.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{BadInput, data, print};
use crate::explore::{Points, latin_hypercube, morris, sobol};

/// Trajectories are chosen from so many times as many, where these are not more than [`POOL_MOST`].
const POOL: usize = 4;
const POOL_MOST: usize = 400;

/// Print points.
#[derive(Debug, Args)]
#[command(after_help = "\
The factors file has a table for each factor; other distributions stand in docs/explore.md:

  [[factor]]
  name = \"x1\"
  low = -3.14
  high = 3.14

Examples:
  boljam sample --design saltelli --n 1024 --factors factors.toml > points.csv
  boljam sample --design lhs --n 500 --factors factors.toml --seed 7 > points.csv
  boljam sample --design morris --n 20 --factors factors.toml > points.csv")]
pub(super) struct Arguments {
    /// Design: saltelli (for sobol), lhs (for pawn, delta, regional, shapley), morris (for morris)
    #[arg(long, value_enum)]
    design: Design,
    /// Blocks (saltelli: best a power of two), points (lhs) or trajectories (morris)
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=16_777_216))]
    n: u32,
    /// File with the factors
    #[arg(long, value_name = "FILE")]
    factors: PathBuf,
    /// With saltelli: rows for second-order indices too
    #[arg(long)]
    second_order: bool,
    /// With saltelli: the plain Sobol points, which begin with the origin
    #[arg(long, conflicts_with = "seed")]
    no_scramble: bool,
    /// With morris: levels of the grid, an even number
    #[arg(long, default_value_t = 4, value_parser = levels)]
    levels: u32,
    /// Seed
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Design {
    Saltelli,
    Lhs,
    Morris,
}

/// An even number of levels.
pub(super) fn levels(text: &str) -> Result<u32, String> {
    let levels = text.parse::<u32>().ok().filter(|l| l.is_multiple_of(2) && (2..=1000).contains(l));
    levels.ok_or_else(|| "an even number from 2 to 1000".to_owned())
}

/// `boljam sample`.
pub(super) fn sample(arguments: &Arguments) -> anyhow::Result<()> {
    let factors = data::factors(&arguments.factors)?;
    let groups = factors.groups();
    let n = arguments.n as usize;
    let (width, seed) = (factors.0.len(), arguments.seed);
    let rows = match arguments.design {
        Design::Saltelli if arguments.second_order => n * (2 * groups.len() + 2),
        Design::Saltelli => n * (groups.len() + 2),
        Design::Lhs => n,
        Design::Morris => n * (groups.len() + 1),
    };
    if rows.saturating_mul(width) > 1 << 28 {
        return Err(BadInput(format!(
            "--n {n}: {rows} rows of {width} factors are too many numbers (at most 2^28)"
        ))
        .into());
    }
    let unit = match arguments.design {
        Design::Saltelli => {
            if !n.is_power_of_two() {
                eprintln!("note: --n {n} is no power of two, which would balance the points best");
            }
            let seed = (!arguments.no_scramble).then_some(seed);
            sobol::saltelli(n, &groups, arguments.second_order, seed).map_err(|e| BadInput(e.to_string()))?
        }
        Design::Lhs => latin_hypercube(n, width, seed),
        Design::Morris => {
            let pool = if n * POOL <= POOL_MOST { n * POOL } else { n };
            let many = morris::trajectories(pool, &groups, arguments.levels, seed);
            morris::spread_out(&many, groups.len() + 1, n)
        }
    };
    let points = factors.values(&unit);
    check_finite(&points, &factors.names(), arguments.no_scramble)?;
    print(&csv(&points, &factors.names()))
}

/// A normal factor has no value at the ends of the unit interval, which plain Sobol points and grids of levels meet.
fn check_finite(points: &Points, names: &[&str], plain: bool) -> Result<(), BadInput> {
    for (number, row) in points.rows().enumerate() {
        if let Some(place) = row.iter().position(|x| !x.is_finite()) {
            let (name, row) = (names[place], number + 1);
            let cure = if plain {
                "without --no-scramble it has"
            } else {
                "a truncated range has: give low and high"
            };
            return Err(BadInput(format!(
                "factor '{name}' has no finite value in row {row}, at an end of its distribution ({cure})"
            )));
        }
    }
    Ok(())
}

fn csv(points: &Points, names: &[&str]) -> String {
    let quoted = |name: &&str| {
        if name.contains([',', '"', '\n']) {
            format!("\"{}\"", name.replace('"', "\"\""))
        } else {
            (*name).to_owned()
        }
    };
    let mut out = names.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n";
    for row in points.rows() {
        for (place, x) in row.iter().enumerate() {
            // Writing to a string cannot fail. Numbers read back exactly.
            let _ = write!(out, "{}{x}", if place > 0 { "," } else { "" });
        }
        out.push('\n');
    }
    out
}
