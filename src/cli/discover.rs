//! `boljam discover`: where it happens, in the runs of a case or in a table.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::assess::FormatName;
use super::case::CaseArguments;
use super::language::LangArgument;
use super::{BadInput, data, print};
use crate::condition::Condition;
use crate::experiment::discover::MOST_RUNS;
use crate::explore::discover::{Bounds, Column, Restriction, Settings, cart, prim};
use crate::explore::read::Fault;
use crate::explore::table::{Cells, Table};
use crate::report::boxes::{BoxRow, SideRow, render};

/// Boxes of what is drawn in which a condition is met often.
#[derive(Debug, Args)]
#[command(after_help = "\
Without --data: runs of the case, each town and scenario on its own. A condition compares things of a run with numbers or \
words: [town.][scenario.][year.]quantity op value, joined by and, or, brackets. Quantities are those of the tables, \
sub-indicators, outcomes, lead, lead.SCENARIO, votes.SCENARIO, and what is drawn: price.COMMODITY, event.EVENT, \
plan.DRIVER, .. (a name that is not known is answered with all that are). Factors are all that was drawn.

With --data names are columns of the table: 'y > 3 and town = abai'. Names with other signs than letters, digits, _ and \
dots stand in backticks. The table tells the whole trajectory, from all rows to the last box, and one box in full. \
docs/robustness.md has the whole story.

Examples:
  boljam discover 'unemployment > 15' --towns balkhash --scenarios inertial
  boljam discover 'unemployment > 15 and lead = inertial' --year 2030 --out failures
  boljam discover '2030.TDea < 40 or event.enterprise_stop = 1' --towns temirtau --method cart
  boljam discover 'y > 3' --data runs.csv
  boljam discover 'y > 3' --data runs.csv --step 12
  boljam discover 'y > 3 and town = abai' --data runs.csv --method cart --format csv")]
pub(super) struct Arguments {
    /// What to look for
    pub(super) condition: String,
    #[command(flatten)]
    pub(super) case: CaseArguments,
    /// Year of what the condition names without a year (default: the last)
    #[arg(long, conflicts_with = "data", value_parser = super::count::year)]
    pub(super) year: Option<i32>,
    /// Runs; some 0.5 kB of memory each
    #[arg(long, default_value_t = 10_000, conflicts_with = "data", value_parser = super::count::count(100..=MOST_RUNS))]
    pub(super) runs: u64,
    /// Threads (default: one a core); the result does not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// New folder for tables and pictures
    #[arg(long, value_name = "DIR", conflicts_with = "data")]
    pub(super) out: Option<PathBuf>,
    /// Replace an earlier folder
    #[arg(long, requires = "out")]
    pub(super) force: bool,
    /// Table of factors and results, in place of the runs of a case
    #[arg(long, value_name = "FILE", conflicts_with_all = ["case", "set", "horizon", "towns", "scenarios", "uncertainty", "from", "stress"])]
    data: Option<PathBuf>,
    /// File that names the factors (default: every column that the condition does not name;
    /// of runs.csv, what was drawn)
    #[arg(long, value_name = "FILE", requires = "data")]
    factors: Option<PathBuf>,
    /// How to look for boxes
    #[arg(long, value_enum, default_value = "prim")]
    pub(super) method: Method,
    /// The box that the table tells in full (default: the largest harmonic mean of coverage and density)
    #[arg(long)]
    pub(super) step: Option<usize>,
    /// Half samples that try to reproduce each box of prim; 0 for none
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=1000))]
    pub(super) resamples: u32,
    /// How to write it
    #[arg(long, value_enum, default_value = "table")]
    pub(super) format: FormatName,
    #[command(flatten)]
    pub(super) lang: LangArgument,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Method {
    /// Peeling
    Prim,
    /// A tree
    Cart,
}

/// The sample to look at.
struct Sample {
    names: Vec<String>,
    levels: Vec<Vec<String>>,
    columns: Vec<Column>,
    of_interest: Vec<bool>,
}

impl Arguments {
    /// The table to look into, in place of the runs of a case.
    pub(super) fn table(&self) -> Option<&Path> {
        self.data.as_deref()
    }

    /// What to look for.
    pub(super) fn condition(&self) -> Result<Condition, BadInput> {
        let text = &self.condition;
        Condition::parse(text).map_err(|error| BadInput(format!("'{text}': {error}")))
    }
}

/// `boljam discover --data`: in a table that any model made.
pub(super) fn in_table(arguments: &Arguments, file: &Path) -> anyhow::Result<()> {
    let (text, condition) = (&arguments.condition, &arguments.condition()?);
    let table = data::table(file)?;
    let met = table.meets(condition).map_err(|faults| data::refuse(file, &faults))?;
    let sample = sample(arguments, file, &table, condition, &met)?;
    let found = sample.of_interest.iter().filter(|y| **y).count();
    if found == 0 || found == sample.of_interest.len() {
        let what = if found == 0 { "no row meets it" } else { "every row meets it" };
        return Err(BadInput(format!("'{text}': {what}, so that there is no box to find")).into());
    }
    let (boxes, balanced) = match arguments.method {
        Method::Prim => peel(arguments, &sample),
        Method::Cart => tree(&sample),
    };
    let chosen = arguments.step.unwrap_or(balanced);
    if chosen >= boxes.len() {
        return Err(BadInput(format!("--step {chosen}: there are steps 0 to {}", boxes.len() - 1)).into());
    }
    print(&render(&boxes, chosen, arguments.format.format())?)
}

/// Rows that are whole, and columns that vary.
fn sample(
    arguments: &Arguments,
    file: &Path,
    table: &Table,
    condition: &Condition,
    met: &[Option<bool>],
) -> Result<Sample, BadInput> {
    let asked: Vec<&str> = condition.tests().iter().map(|test| test.subject.text.as_str()).collect();
    let names: Vec<String> = if let Some(path) = &arguments.factors {
        data::factors(path)?.names().iter().map(|n| (*n).to_owned()).collect()
    } else {
        let drawn = data::drawn(file)?;
        let is_factor = |name: &&String| {
            !asked.contains(&name.as_str()) && drawn.as_ref().is_none_or(|drawn| drawn.contains(name))
        };
        table.names.iter().filter(is_factor).cloned().collect()
    };
    let mut faults: Vec<Fault> = Vec::new();
    let mut cells: Vec<&Cells> = Vec::new();
    for name in &names {
        match table.column(name) {
            Ok(column) => cells.push(column),
            Err(fault) => faults.push(fault),
        }
    }
    if names.is_empty() {
        faults.push(Fault::new("line 1", "no column beside those of the condition"));
    }
    if !faults.is_empty() {
        return Err(data::refuse(file, &faults));
    }
    let is_whole = |row: &usize| {
        let number = |cells: &&Cells| !matches!(cells, Cells::Numbers(x) if !x[*row].is_finite());
        met[*row].is_some() && cells.iter().all(number)
    };
    let rows: Vec<usize> = (0..table.rows()).filter(is_whole).collect();
    if rows.len() < table.rows() {
        let (left, all) = (table.rows() - rows.len(), table.rows());
        eprintln!("note: {left} of {all} rows have a cell that is empty or no finite number; left out");
    }
    let levels = cells.iter().map(|cells| match cells {
        Cells::Words { levels, .. } => levels.clone(),
        Cells::Numbers(_) => Vec::new(),
    });
    Ok(Sample {
        names,
        levels: levels.collect(),
        columns: cells.iter().map(|cells| cells.to_column().take(&rows)).collect(),
        of_interest: rows.iter().map(|row| met[*row] == Some(true)).collect(),
    })
}

fn peel(arguments: &Arguments, sample: &Sample) -> (Vec<BoxRow>, usize) {
    let settings = Settings::default();
    let found = prim(&sample.columns, &sample.of_interest, settings);
    let resamples = arguments.resamples as usize;
    let seed = arguments.case.seed.unwrap_or(0);
    let again = found.reproduce(&sample.columns, &sample.of_interest, settings, resamples, seed);
    let boxes = found.steps.iter().enumerate().map(|(number, step)| {
        let side = |restriction: &Restriction| {
            let mut side = sample.side(restriction);
            let one = again.iter().find(|r| r.step == number && r.factor == restriction.factor);
            let one = one.filter(|_| resamples > 0);
            side.reproduced_coverage = one.map(|r| r.at_coverage);
            side.reproduced_density = one.map(|r| r.at_density);
            side
        };
        BoxRow {
            step: number,
            coverage: step.coverage,
            density: step.density,
            mass: step.mass,
            coverage_mcse: step.coverage_mcse(),
            density_mcse: step.density_mcse(),
            sides: step.restrictions.iter().map(side).collect(),
        }
    });
    (boxes.collect(), found.balanced)
}

/// The leaves of a tree, the densest first.
fn tree(sample: &Sample) -> (Vec<BoxRow>, usize) {
    let all = sample.of_interest.iter().filter(|y| **y).count() as f64;
    let mut leaves = cart(&sample.columns, &sample.of_interest, sample.of_interest.len() / 20);
    leaves.sort_by(|a, b| b.density.total_cmp(&a.density));
    let error = |share: f64, n: f64| (share * (1.0 - share) / n).sqrt();
    let boxes = leaves.iter().enumerate().map(|(number, leaf)| BoxRow {
        step: number,
        coverage: leaf.coverage,
        density: leaf.density,
        mass: leaf.mass,
        coverage_mcse: error(leaf.coverage, all),
        density_mcse: error(leaf.density, leaf.rows as f64),
        sides: leaf.restrictions.iter().map(|r| sample.side(r)).collect(),
    });
    (boxes.collect(), 0)
}

impl Sample {
    fn side(&self, restriction: &Restriction) -> SideRow {
        let factor = restriction.factor;
        let (mut from, mut to, mut values) = (None, None, Vec::new());
        match (&restriction.bounds, &self.columns[factor]) {
            (Bounds::Range { from: low, to: high }, Column::Numbers(x)) => {
                from = x.iter().any(|x| x < low).then_some(*low);
                to = x.iter().any(|x| x > high).then_some(*high);
            }
            (Bounds::Levels(has), _) => {
                let levels = self.levels[factor].iter().zip(has);
                values = levels.filter(|(_, has)| **has).map(|(level, _)| level.clone()).collect();
            }
            _ => {}
        }
        SideRow {
            factor: self.names[factor].clone(),
            from,
            to,
            values,
            p: restriction.p(),
            p_from: restriction.p_from,
            p_to: restriction.p_to,
            reproduced_coverage: None,
            reproduced_density: None,
        }
    }
}
