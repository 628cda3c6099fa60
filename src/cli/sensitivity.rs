//! `boljam sensitivity`: which factors a response depends on.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::assess::FormatName;
use super::{BadInput, data, print, sample};
use crate::condition::Condition;
use crate::explore::factor::Group;
use crate::explore::read::Fault;
use crate::explore::table::{Cells, Table};
use crate::explore::{Interval, Points, given, morris, shapley, sobol};
use crate::report::indices::{IndexRow, render};

/// Slices of PAWN.
const SLICES: usize = 10;

/// Sensitivity of a response.
#[derive(Debug, Args)]
#[command(after_help = "\
The file has a row a run: a column for each factor and for each response. sobol and morris need the rows of `boljam \
sample` in their order; the others take any. Rows without a response count as failed and are left out. Each method \
is told in docs/explore.md.

Examples:
  boljam sensitivity --data runs.csv --response y --method sobol --factors factors.toml
  boljam sensitivity --data runs.csv --response y,z --method delta --format csv
  boljam sensitivity --data runs.csv --response y --method regional --when 'y > 3'")]
pub(super) struct Arguments {
    /// Table of factors and responses
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Columns of responses, joined by commas
    #[arg(long, value_delimiter = ',', value_name = "NAME", required = true)]
    response: Vec<String>,
    /// What to estimate
    #[arg(long, value_enum)]
    method: Method,
    /// With sobol: the design has rows for second-order indices
    #[arg(long)]
    second_order: bool,
    /// File with the factors and their groups (default: every column of numbers that is no response; of
    /// runs.csv, what was drawn)
    #[arg(long, value_name = "FILE")]
    factors: Option<PathBuf>,
    /// With regional: which rows behave (default: those with a response above its median)
    #[arg(long, value_name = "CONDITION")]
    when: Option<String>,
    /// With morris: levels of the grid
    #[arg(long, default_value_t = 4, value_parser = sample::levels)]
    levels: u32,
    /// Resamples for the intervals; 0 for none
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    resamples: u32,
    /// Seed of the resamples
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How to write it
    #[arg(long, value_enum, default_value = "table")]
    format: FormatName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Method {
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
}

/// The factors, and their columns if the table has them.
struct Design {
    names: Vec<String>,
    groups: Vec<Group>,
    points: Option<Points>,
}

/// `boljam sensitivity`.
pub(super) fn sensitivity(arguments: &Arguments) -> anyhow::Result<()> {
    let table = data::table(&arguments.data)?;
    let refuse = |faults: &[Fault]| data::refuse(&arguments.data, faults);
    let mut faults = Vec::new();
    let mut responses = Vec::new();
    for name in &arguments.response {
        match table.numbers(name) {
            Ok(y) => responses.push((name.as_str(), y)),
            Err(fault) => faults.push(fault),
        }
    }
    let design = design(arguments, &table)?.unwrap_or_else(|more| {
        faults.extend(more);
        Design { names: Vec::new(), groups: Vec::new(), points: None }
    });
    let behaves = when(arguments, &table)?.unwrap_or_else(|more| {
        faults.extend(more);
        None
    });
    if !faults.is_empty() {
        return Err(refuse(&faults).into());
    }
    let mut rows = Vec::new();
    for (name, y) in responses {
        let study = Study { arguments, design: &design, name, y, behaves: behaves.as_deref() };
        rows.extend(study.indices().map_err(|message| refuse(&[Fault::new(name, message)]))?);
    }
    print(&render(&rows, arguments.format.format())?)
}

fn design(arguments: &Arguments, table: &Table) -> Result<Result<Design, Vec<Fault>>, BadInput> {
    let Some(path) = &arguments.factors else {
        let drawn = data::drawn(&arguments.data)?;
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
    };
    let factors = data::factors(path)?;
    let names = factors.names();
    // Sobol indices need no points: the order of the rows tells all.
    let absent = names.iter().all(|name| table.column(name).is_err());
    let points = if arguments.method == Method::Sobol && absent {
        Ok(None)
    } else {
        data::points(table, &names).map(Some)
    };
    let names = names.iter().map(|n| (*n).to_owned()).collect();
    Ok(points.map(|points| Design { groups: factors.groups(), points, names }))
}

type Behaves = Option<Vec<Option<bool>>>;

fn when(arguments: &Arguments, table: &Table) -> Result<Result<Behaves, Vec<Fault>>, BadInput> {
    let Some(text) = &arguments.when else { return Ok(Ok(None)) };
    if arguments.method != Method::Regional {
        return Err(BadInput("--when: it goes with --method regional only".to_owned()));
    }
    let condition = Condition::parse(text).map_err(|e| BadInput(format!("--when '{text}': {e}")))?;
    Ok(table.meets(&condition).map(Some))
}

struct Study<'a> {
    arguments: &'a Arguments,
    design: &'a Design,
    name: &'a str,
    y: &'a [f64],
    behaves: Option<&'a [Option<bool>]>,
}

impl Study<'_> {
    fn row(&self, factor: &str, index: &'static str, estimate: Interval) -> IndexRow {
        IndexRow::new(self.name, factor, index, estimate)
    }

    fn indices(&self) -> Result<Vec<IndexRow>, String> {
        match self.arguments.method {
            Method::Sobol => self.sobol(),
            Method::Morris => self.morris(),
            _ => self.given(),
        }
    }

    fn sobol(&self) -> Result<Vec<IndexRow>, String> {
        let Arguments { second_order, resamples, seed, .. } = *self.arguments;
        let groups = &self.design.groups;
        let found = sobol::indices(self.y, groups.len(), second_order, resamples as usize, seed)
            .map_err(|error| format!("{error}; is --second-order right?"))?;
        let points = self.design.points.as_ref();
        if let Some(block) = points.and_then(|p| sobol::foreign_block(p, groups, second_order)) {
            let what = "is none of a saltelli design of these factors: are the rows in the order of `boljam sample`?";
            return Err(format!("block {block} of rows {what}"));
        }
        self.note(
            found.failed,
            &format!("{} of {} blocks", found.blocks_left_out, found.blocks + found.blocks_left_out),
        );
        let mut rows = Vec::new();
        for (group, (first, total)) in groups.iter().zip(found.first.iter().zip(&found.total)) {
            rows.push(self.row(&group.name, "S1", *first));
            rows.push(self.row(&group.name, "ST", *total));
        }
        rows.extend(
            found
                .second
                .iter()
                .map(|(j, k, index)| self.row(&groups[*j].name, "S2", *index).with(&groups[*k].name)),
        );
        Ok(rows)
    }

    fn morris(&self) -> Result<Vec<IndexRow>, String> {
        let Arguments { levels, resamples, seed, .. } = *self.arguments;
        let groups = &self.design.groups;
        let none = Points::new(0, Vec::new());
        let points = self.design.points.as_ref().unwrap_or(&none);
        let found = morris::effects(points, self.y, groups, levels, resamples as usize, seed)
            .map_err(|error| error.to_string())?;
        self.note(
            found.failed,
            &format!("{} of {} trajectories", found.left_out, found.trajectories + found.left_out),
        );
        let of_group = |(group, effect): (&Group, &morris::GroupEffect)| {
            [
                self.row(&group.name, "mu", Interval::without(effect.mu)),
                self.row(&group.name, "mu_star", effect.mu_star),
                self.row(&group.name, "sigma", Interval::without(effect.sigma)),
            ]
        };
        Ok(groups.iter().zip(&found.groups).flat_map(of_group).collect())
    }

    /// The methods that take any sample.
    fn given(&self) -> Result<Vec<IndexRow>, String> {
        let Arguments { method, resamples, seed, .. } = *self.arguments;
        let resamples = resamples as usize;
        let points = self.design.points.as_ref().ok_or("no columns of factors")?;
        let columns: Vec<Vec<f64>> = (0..points.columns()).map(|k| points.column(k)).collect();
        // A row that cannot be judged counts as failed.
        let judged = |row: usize| self.behaves.is_none_or(|b| b[row].is_some());
        let y: Vec<f64> = (0..self.y.len()).map(|r| if judged(r) { self.y[r] } else { f64::NAN }).collect();
        let given::Complete { x, y: kept, failed } = given::complete(&columns, &y);
        self.note(failed, &format!("{failed} of {} rows", y.len()));
        if kept.len() < 2 {
            return Err(format!(
                "{} rows have all factors and a response; two are needed at least",
                kept.len()
            ));
        }
        let mut rows = Vec::new();
        let names = &self.design.names;
        match method {
            Method::Pawn => {
                for (name, p) in names.iter().zip(given::pawn(&x, &kept, SLICES, resamples, seed)) {
                    rows.push(self.row(name, "pawn_median", p.median));
                    for (index, value) in [("pawn_minimum", p.minimum), ("pawn_mean", p.mean)] {
                        rows.push(self.row(name, index, Interval::without(value)));
                    }
                    rows.push(self.row(name, "pawn_maximum", p.maximum));
                    rows.push(self.row(name, "pawn_cv", Interval::without(p.cv)));
                }
            }
            Method::Delta => {
                for (name, delta) in names.iter().zip(given::delta(&x, &kept, resamples, seed)) {
                    rows.push(self.row(name, "delta", delta.corrected));
                    rows.push(self.row(name, "delta_uncorrected", Interval::without(delta.uncorrected)));
                }
            }
            Method::Regional => {
                let behaves = self.behaving(&columns, &y, &kept);
                for (name, found) in names.iter().zip(given::regional(&x, &behaves, resamples, seed)) {
                    rows.push(self.row(name, "ks", found.distance));
                    rows.push(self.row(name, "ks_p", Interval::without(found.p)));
                }
            }
            _ => {
                let found = shapley::shapley(&x, &kept, resamples, seed);
                rows.extend(names.iter().zip(found).map(|(name, effect)| self.row(name, "shapley", effect)));
            }
        }
        Ok(rows)
    }

    /// Of the rows that are kept, which behave.
    fn behaving(&self, columns: &[Vec<f64>], y: &[f64], kept: &[f64]) -> Vec<bool> {
        if let Some(all) = self.behaves {
            let is_kept = |row: &usize| y[*row].is_finite() && columns.iter().all(|c| c[*row].is_finite());
            return (0..y.len()).filter(is_kept).map(|row| all[row] == Some(true)).collect();
        }
        let mut sorted = kept.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let median = sorted[(sorted.len() - 1) / 2];
        kept.iter().map(|y| *y > median).collect()
    }

    /// What was left out.
    fn note(&self, failed: usize, left_out: &str) {
        if failed > 0 {
            let (name, all) = (self.name, self.y.len());
            eprintln!("note: {name}: {failed} of {all} rows failed; left out: {left_out}");
        }
    }
}
