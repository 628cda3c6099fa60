//! `boljam prices fit` and `boljam prices backtest`: what series of prices say.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::count::year;
use super::language::LangArgument;
use super::{BadInput, print};
use crate::analyse::price_backtest;
use crate::archive::Staging;
use crate::calibrate::{AnnualPrices, Deflator, fit_prices};
use crate::case::PriceTable;
use crate::report::{price_backtest as render_backtest, price_fit as render_fit};

/// Larger files are refused unread.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Seed of the backtest's draws.
const SEED: u64 = 1960;

/// Fit series of prices, or score price processes on them.
#[derive(Debug, Args)]
#[command(after_help = "Example: boljam prices fit prices.csv --deflate cpi.csv --from 1990 --out fitted")]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Trend, volatility, reversion, tails, correlations, worst falls; price files for a case
    #[command(
        after_help = "Example: boljam prices fit prices.csv --deflate prices.csv:us_cpi --series copper,coal=coal_au \
                            --from 1990 --out fitted, then copy fitted/*.csv into a case"
    )]
    Fit(FitArguments),
    /// Score a random walk, reversion, their mixture, jumps and a block bootstrap on the years after each origin
    #[command(
        after_help = "Example: boljam prices backtest prices.csv --deflate prices.csv:us_cpi --series copper,zinc,lead"
    )]
    Backtest(BacktestArguments),
}

/// What prices are read.
#[derive(Debug, Args)]
struct Input {
    /// CSV of prices: a series a column with dates such as 1960M01, or rows of date,commodity,price
    file: PathBuf,
    /// Series to take, joined by commas (default: all); new=old renames one
    #[arg(long, value_delimiter = ',', value_name = "SERIES")]
    series: Vec<String>,
    /// First year
    #[arg(long, value_name = "YEAR", value_parser = year)]
    from: Option<i32>,
    /// Last year
    #[arg(long, value_name = "YEAR", value_parser = year)]
    to: Option<i32>,
    /// Price index that makes prices real: a file of one series, or FILE:SERIES
    #[arg(long, value_name = "FILE")]
    deflate: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    lang: LangArgument,
}

#[derive(Debug, Args)]
struct FitArguments {
    #[command(flatten)]
    input: Input,
    /// New folder for price_history.csv, price_process.csv and price_correlations.csv
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct BacktestArguments {
    #[command(flatten)]
    input: Input,
    /// Seed of the draws
    #[arg(long, default_value_t = SEED)]
    seed: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// Tidy CSV
    Csv,
}

/// `boljam prices`.
pub(super) fn prices(arguments: &Arguments) -> anyhow::Result<()> {
    match &arguments.command {
        Command::Fit(arguments) => fit(arguments),
        Command::Backtest(arguments) => backtest(arguments),
    }
}

fn fit(arguments: &FitArguments) -> anyhow::Result<()> {
    let input = &arguments.input;
    let (table, deflator) = input.read()?;
    let fits = fit_prices(&table, deflator.as_ref());
    let mut out = match input.format {
        Format::Table => render_fit::table(&fits, &input.lang.text()),
        Format::Csv => render_fit::csv(&fits),
    };
    if let Some(folder) = &arguments.out {
        let name = input.file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let Some(files) = render_fit::files(&fits, &name) else {
            return Err(BadInput(format!(
                "{}: no series can be fitted, nothing was written\n{out}",
                input.file.display()
            ))
            .into());
        };
        if fs::read_dir(folder).map_or(folder.exists(), |mut entries| entries.next().is_some()) {
            return Err(BadInput(format!("{} exists and is not empty", folder.display())).into());
        }
        let staging = Staging::new(folder, false)?;
        for (name, text) in &files {
            staging.write(name, text)?;
        }
        staging.publish()?;
        if let Format::Table = input.format {
            writeln!(out, "\n{} files in {}", files.len(), folder.display())?;
        }
    }
    print(&out)
}

fn backtest(arguments: &BacktestArguments) -> anyhow::Result<()> {
    let input = &arguments.input;
    let (table, deflator) = input.read()?;
    let fits = fit_prices(&table, deflator.as_ref());
    let text = input.lang.text();
    let fitted: Vec<AnnualPrices> =
        fits.series.iter().filter_map(|s| s.fit.as_ref().map(|f| f.annual.clone())).collect();
    let scores = price_backtest::backtest(&fitted, arguments.seed);
    if scores.is_empty() {
        let least = price_backtest::LEAST_CHANGES + 2;
        let file = input.file.display();
        let reasons = render_fit::notes(&fits, &text);
        return Err(
            BadInput(format!("{file}: no series of {least} whole years can be scored\n{reasons}")).into()
        );
    }
    print(&match input.format {
        Format::Table => {
            format!("{}{}", render_backtest::table(&scores, &text), render_fit::notes(&fits, &text))
        }
        Format::Csv => render_backtest::csv(&scores),
    })
}

impl Input {
    fn read(&self) -> anyhow::Result<(PriceTable, Option<Deflator>)> {
        let mut table = read_table(&self.file)?;
        if !self.series.is_empty() {
            let named = |e| BadInput(format!("--series: {}: {e}", self.file.display()));
            table = table.select(&self.series).map_err(named)?;
        }
        let table = table.between(self.from.unwrap_or(i32::MIN), self.to.unwrap_or(i32::MAX));
        let deflator = self.deflate.as_deref().map(read_deflator).transpose()?;
        Ok((table, deflator))
    }
}

fn read_table(path: &Path) -> anyhow::Result<PriceTable> {
    let name = || path.display().to_string();
    let unreadable = |e: std::io::Error| BadInput(format!("{}: {e}", name()));
    let size = fs::metadata(path).map_err(unreadable)?.len();
    if size > MAX_BYTES {
        return Err(BadInput(format!("{}: {size} bytes are too many (up to {MAX_BYTES})", name())).into());
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    let text = String::from_utf8(bytes).map_err(|_| BadInput(format!("{}: is not UTF-8 text", name())))?;
    Ok(PriceTable::parse(&text).map_err(|e| BadInput(format!("{}: {e}", name())))?)
}

/// FILE or FILE:SERIES; a name with a colon that is a file is the file.
fn read_deflator(asked: &str) -> anyhow::Result<Deflator> {
    let (file, series) = match asked.rsplit_once(':') {
        Some((file, series)) if !Path::new(asked).exists() => (file, Some(series.to_owned())),
        _ => (asked, None),
    };
    let table = read_table(Path::new(file))?;
    let wrong = |message: String| BadInput(format!("--deflate {asked}: {message}"));
    let table = match series {
        Some(series) => table.select(&[series]).map_err(|e| wrong(e.to_string()))?,
        None => table,
    };
    let [series] = table.series.as_slice() else {
        let ids: Vec<&str> = table.series.iter().map(|s| s.id.as_str()).collect();
        return Err(
            wrong(format!("has {} series: name one, FILE:SERIES ({})", ids.len(), ids.join(", "))).into()
        );
    };
    let none = || wrong("an index needs a whole year, no period twice and no value of 0 or below".to_owned());
    Ok(Deflator::new(series, table.frequency).ok_or_else(none)?)
}
