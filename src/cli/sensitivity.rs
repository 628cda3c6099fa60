//! `boljam sensitivity`: which factors a response depends on, or what the futures of a case hang on.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::assess::FormatName;
use super::case::CaseArguments;
use super::futures_arguments::FuturesArguments;
use super::{BadInput, data, print, sample};
use crate::condition::Condition;
use crate::explore::Points;
use crate::explore::analysis::{Analysis, Method};
use crate::explore::factor::Group;
use crate::explore::read::Fault;
use crate::explore::table::{Cells, Table};
use crate::report::indices::{IndexRow, render};

/// Sensitivity of a response, or of the futures.
#[derive(Debug, Args)]
#[command(after_help = "\
Two jobs. With --output it runs the case: figures of its futures against what its factors.toml says that its numbers may \
be (docs/sensitivity.md). --factors then names groups, factors or patterns of that file. sobol takes Saltelli's design, \
morris trajectories, the others a Latin hypercube; --points takes the points of a file.

With --data it reads a table that any model made: a row a run, a column for each factor and for each response. sobol and \
morris need the rows of `boljam sample` in their order; the others take any. Rows without a response count as failed and \
are left out. Each method is told in docs/explore.md.

Examples:
  boljam sensitivity --list
  boljam sensitivity --output balkhash.inertial.2035.TDea
  boljam sensitivity mycase --output temirtau.diversification.2035.lead.diversification --factors 'events,drivers.*' --out why
  boljam sensitivity --output balkhash.innovative-inertial.2035.unemployment.mean --method one-at-a-time --out tornado
  boljam sensitivity --output abai.inertial.unemployment.mean --n 64 --out years
  boljam sensitivity --data runs.csv --response y --method sobol --factors factors.toml
  boljam sensitivity --data runs.csv --response y,z --method delta --format csv
  boljam sensitivity --data runs.csv --response y --method regional --when 'y > 3'")]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) case: CaseArguments,
    #[command(flatten)]
    pub(super) futures: FuturesArguments,
    /// Table of factors and responses, of any model
    #[arg(long, value_name = "FILE", requires_all = ["response", "method"], required_unless_present_any = ["output", "list"],
        conflicts_with_all = ["case", "set", "horizon", "towns", "scenarios", "uncertainty", "from", "stress", "output",
            "list", "n", "runs", "batches", "points", "out", "threads"])]
    data: Option<PathBuf>,
    /// With --data: columns of responses, joined by commas
    #[arg(long, value_delimiter = ',', value_name = "NAME", requires = "data")]
    response: Vec<String>,
    /// What to estimate (default with --output: sobol)
    #[arg(long, value_enum)]
    pub(super) method: Option<MethodName>,
    /// With sobol: second-order indices too; a table must have the rows for them
    #[arg(long)]
    pub(super) second_order: bool,
    /// With --data a file with the factors and their groups (default: every column of numbers that is no response; of
    /// runs.csv, what was drawn); with --output groups, factors and patterns with *, joined by commas (default: every group, without switches)
    #[arg(long, value_delimiter = ',', value_name = "FILE|LIST")]
    pub(super) factors: Vec<String>,
    /// With regional: which rows behave, in names of columns or of outputs (default: those with a response above its
    /// median)
    #[arg(long, value_name = "CONDITION", conflicts_with = "output")]
    when: Option<String>,
    /// With morris: levels of the grid
    #[arg(long, default_value_t = 4, value_parser = sample::levels)]
    pub(super) levels: u32,
    /// Resamples for the intervals; 0 for none
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub(super) resamples: u32,
    /// How to write it
    #[arg(long, value_enum, default_value = "table")]
    pub(super) format: FormatName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum MethodName {
    /// First-order, total and second-order indices of a saltelli design
    Sobol,
    /// Elementary effects of a morris design
    Morris,
    /// Distances of conditional distributions
    Pawn,
    /// Borgonovo's distances of conditional densities
    Delta,
    /// Kolmogorov-Smirnov distance of rows that behave from those that do not
    Regional,
    /// Shapley effects, for correlated factors too
    Shapley,
    /// What only one factor does, all others as the case has them: tornado and spider (with --output)
    OneAtATime,
}

impl MethodName {
    /// The analyser; none for one at a time, which needs none.
    pub(super) fn method(self) -> Option<Method> {
        Some(match self {
            Self::Sobol => Method::Sobol,
            Self::Morris => Method::Morris,
            Self::Pawn => Method::Pawn,
            Self::Delta => Method::Delta,
            Self::Regional => Method::Regional,
            Self::Shapley => Method::Shapley,
            Self::OneAtATime => return None,
        })
    }
}

/// The factors, and their columns if the table has them.
struct Design {
    names: Vec<String>,
    groups: Vec<Group>,
    points: Option<Points>,
}

impl Arguments {
    /// True where a table is asked, and no case.
    pub(super) fn asks_table(&self) -> bool {
        self.data.is_some()
    }
}

/// `boljam sensitivity --data`.
pub(super) fn sensitivity(arguments: &Arguments) -> anyhow::Result<()> {
    let (Some(path), Some(method)) = (&arguments.data, arguments.method) else {
        return Err(BadInput("--data and --method are needed".to_owned()).into());
    };
    let Some(method) = method.method() else {
        let message = "--method one-at-a-time: it asks a case (--output), not a table";
        return Err(BadInput(message.to_owned()).into());
    };
    let table = data::table(path)?;
    let refuse = |faults: &[Fault]| data::refuse(path, faults);
    let mut faults = Vec::new();
    let mut responses = Vec::new();
    for name in &arguments.response {
        match table.numbers(name) {
            Ok(y) => responses.push((name.as_str(), y)),
            Err(fault) => faults.push(fault),
        }
    }
    let design = design(arguments, method, path, &table)?.unwrap_or_else(|more| {
        faults.extend(more);
        Design { names: Vec::new(), groups: Vec::new(), points: None }
    });
    let behaves = when(arguments, method, &table)?.unwrap_or_else(|more| {
        faults.extend(more);
        None
    });
    if !faults.is_empty() {
        return Err(refuse(&faults).into());
    }
    let analysis = Analysis {
        method,
        second_order: arguments.second_order,
        levels: arguments.levels,
        resamples: arguments.resamples as usize,
        seed: arguments.case.seed.unwrap_or(0),
        names: &design.names,
        groups: &design.groups,
        points: design.points.as_ref(),
        behaves: behaves.as_deref(),
    };
    let mut rows = Vec::new();
    for (name, y) in responses {
        let found = analysis.of(y).map_err(|message| refuse(&[Fault::new(name, message)]))?;
        note(name, y.len(), found.failed, &found.left_out);
        rows.extend(found.indices.into_iter().map(|index| IndexRow {
            factor2: index.factor2,
            ..IndexRow::new(name, &index.factor, index.index, index.estimate)
        }));
    }
    print(&render(&rows, arguments.format.format())?)
}

/// What was left out.
pub(super) fn note(name: &str, all: usize, failed: usize, left_out: &str) {
    if failed > 0 {
        eprintln!("note: {name}: {failed} of {all} rows failed; left out: {left_out}");
    }
}

fn design(
    arguments: &Arguments,
    method: Method,
    path: &Path,
    table: &Table,
) -> Result<Result<Design, Vec<Fault>>, BadInput> {
    if arguments.factors.is_empty() {
        let drawn = data::drawn(path)?;
        let is_response = |name: &&String| {
            let kept = drawn.as_ref().is_some_and(|drawn| !drawn.contains(name));
            kept || arguments.response.contains(*name)
        };
        let (numbers, words): (Vec<&String>, Vec<&String>) = table
            .names
            .iter()
            .filter(|name| !is_response(name))
            .partition(|name| matches!(table.column(name), Ok(Cells::Numbers(_))));
        if !words.is_empty() {
            let words: Vec<&str> = words.iter().map(|w| w.as_str()).collect();
            eprintln!("note: columns of words are no factors here: {}", words.join(", "));
        }
        let names: Vec<String> = numbers.into_iter().cloned().collect();
        if names.is_empty() {
            return Ok(Err(vec![Fault::new("line 1", "no column of numbers beside the responses")]));
        }
        let single = |(k, name): (usize, &String)| Group { name: name.clone(), members: vec![k] };
        let groups = names.iter().enumerate().map(single).collect();
        let columns: Vec<&str> = names.iter().map(String::as_str).collect();
        return Ok(data::points(table, &columns).map(|points| Design {
            groups,
            points: Some(points),
            names,
        }));
    }
    // A path may have a comma in it.
    let factors = data::factors(&PathBuf::from(arguments.factors.join(",")))?;
    let names = factors.names();
    // Sobol indices need no points: the order of the rows tells all.
    let absent = names.iter().all(|name| table.column(name).is_err());
    let points =
        if method == Method::Sobol && absent { Ok(None) } else { data::points(table, &names).map(Some) };
    let names = names.iter().map(|n| (*n).to_owned()).collect();
    Ok(points.map(|points| Design { groups: factors.groups(), points, names }))
}

type Behaves = Option<Vec<Option<bool>>>;

fn when(
    arguments: &Arguments,
    method: Method,
    table: &Table,
) -> Result<Result<Behaves, Vec<Fault>>, BadInput> {
    let Some(text) = &arguments.when else { return Ok(Ok(None)) };
    if method != Method::Regional {
        return Err(BadInput("--when: it goes with --method regional only".to_owned()));
    }
    let condition = Condition::parse(text).map_err(|e| BadInput(format!("--when '{text}': {e}")))?;
    Ok(table.meets(&condition).map(Some))
}
