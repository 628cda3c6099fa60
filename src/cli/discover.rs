//! `boljam discover`: where it happens.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::assess::FormatName;
use super::{BadInput, data, print};
use crate::condition::Condition;
use crate::explore::discover::{Bounds, Column, Restriction, Settings, cart, prim};
use crate::explore::read::Fault;
use crate::explore::table::{Cells, Table};
use crate::report::boxes::{BoxRow, SideRow, render};

/// Boxes of factors in which a condition is met often.
#[derive(Debug, Args)]
#[command(after_help = "\
A condition compares columns with numbers or words: 'y > 3', 'unemployment > 15 and lead = inertial'. Names with \
other signs than letters, digits, _ and dots stand in backticks. The table tells the whole trajectory, from all rows \
to the last box, and one box in full.

Examples:
  boljam discover --data runs.csv 'y > 3'
  boljam discover --data runs.csv 'y > 3' --step 12
  boljam discover --data runs.csv 'y > 3 and town = abai' --method cart --format csv")]
pub(super) struct Arguments {
    /// What to look for
    condition: String,
    /// Table of factors and results
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// File that names the factors (default: every column that the condition does not name)
    #[arg(long, value_name = "FILE")]
    factors: Option<PathBuf>,
    /// How to look for boxes
    #[arg(long, value_enum, default_value = "prim")]
    method: Method,
    /// The box that the table tells in full (default: the largest harmonic mean of coverage and density)
    #[arg(long)]
    step: Option<usize>,
    /// Half samples that try to reproduce each box of prim; 0 for none
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=1000))]
    resamples: u32,
    /// Seed of the half samples
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How to write it
    #[arg(long, value_enum, default_value = "table")]
    format: FormatName,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Method {
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

/// `boljam discover`.
pub(super) fn discover(arguments: &Arguments) -> anyhow::Result<()> {
    let text = &arguments.condition;
    let condition = Condition::parse(text).map_err(|error| BadInput(format!("'{text}': {error}")))?;
    let table = data::table(&arguments.data)?;
    let met = table.meets(&condition).map_err(|faults| data::refuse(&arguments.data, &faults))?;
    let sample = sample(arguments, &table, &condition, &met)?;
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
    table: &Table,
    condition: &Condition,
    met: &[Option<bool>],
) -> Result<Sample, BadInput> {
    let asked: Vec<&str> = condition.tests().iter().map(|test| test.subject.text.as_str()).collect();
    let names: Vec<String> = match &arguments.factors {
        Some(path) => data::factors(path)?.names().iter().map(|n| (*n).to_owned()).collect(),
        None => table.names.iter().filter(|name| !asked.contains(&name.as_str())).cloned().collect(),
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
        return Err(data::refuse(&arguments.data, &faults));
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
    let again = found.reproduce(&sample.columns, &sample.of_interest, settings, resamples, arguments.seed);
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
