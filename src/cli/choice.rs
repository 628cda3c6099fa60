//! `boljam choice`: how sure the choice of today is, and what decides it.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::assess::FormatName;
use super::case::load;
use super::count::count;
use super::language::LangArgument;
use super::{BadInput, print};
use crate::archive::Staging;
use crate::case::Case;
use crate::experiment::choice::{
    Acceptability, DecidingIndices, InputErrors, Rules, TownFlips, Uncertain, Weights, WeightsIn,
    acceptability, indices,
};
use crate::model::Options;
use crate::plot::{Raster, choice as plot};
use crate::report::assessment::Format;
use crate::report::choice as report;
use crate::report::choice::{flips as report_flips, ranks as report_ranks};
use crate::report::indices as report_indices;
use crate::text::Text;

/// Width and resolution of PNG files: those of `boljam plot`.
const WIDTH: u32 = 1600;
const DPI: u32 = 150;

/// How sure the choice is.
#[derive(Debug, Args)]
#[command(after_help = "\
Without --flips, --ranks or --indices: the probability that each scenario leads. Uncertain are inputs (within the \
rounding of what is printed; missing ones by their laws), bounds of classes (within their rounding), formulas where the \
source gives several, weights, and entries of the selection matrix; each group alone, and all together. docs/sensitivity.md \
has the whole story.

Examples:
  boljam choice
  boljam choice --flips --towns balkhash --indicators TDe1,TDa4
  boljam choice --indices --by factors --format csv > indices.csv
  boljam choice --weights weights.csv --weights-in formulas
  boljam choice --error TDe1=0.05 --out choice")]
pub(super) struct Arguments {
    /// Case folder (default: the Karaganda case)
    case: Option<PathBuf>,
    /// Towns, by id, joined by commas (default: all)
    #[arg(long, value_delimiter = ',')]
    towns: Vec<String>,
    /// Draws of what is uncertain
    #[arg(long, default_value_t = 10_000, value_parser = count(1..=10_000_000))]
    draws: u64,
    /// Seed (default: the case's)
    #[arg(long)]
    seed: Option<u64>,
    /// Half width of the error of an input, in place of its rounding; can be repeated
    #[arg(long = "error", value_name = "SYMBOL=HALF")]
    error: Vec<String>,
    /// File of weights, symbol,weight: of sub-indicators, or of composites
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Where weights go: on the votes of composites, or inside their formulas
    #[arg(long, value_enum, default_value = "votes")]
    weights_in: WeightsInName,
    /// Print the smallest changes of sub-indicators that change the leading scenarios, single and joint
    #[arg(long, conflicts_with_all = ["ranks", "indices"])]
    flips: bool,
    /// Sub-indicators that change in joint flips, by symbol, joined by commas (default: all)
    #[arg(long, value_delimiter = ',', value_name = "SYMBOL")]
    indicators: Vec<String>,
    /// Print the probability of every rank, central weights and confidence factors
    #[arg(long, conflicts_with = "indices")]
    ranks: bool,
    /// Print Sobol indices of who leads and of the margin
    #[arg(long)]
    indices: bool,
    /// With --indices: of groups of factors, or of every factor
    #[arg(long, value_enum, default_value = "groups")]
    by: By,
    /// Blocks of the design of --indices, best a power of two
    #[arg(long, default_value_t = 1024, value_parser = clap::value_parser!(u32).range(8..=1_048_576))]
    blocks: u32,
    /// Resamples for the intervals of --indices
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(2..=10_000))]
    resamples: u32,
    /// How to write it
    #[arg(long, value_enum, default_value = "table")]
    format: FormatName,
    #[command(flatten)]
    lang: LangArgument,
    /// New folder for all tables and pictures
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Override a value of the case; can be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WeightsInName {
    Votes,
    Formulas,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    Groups,
    Factors,
}

/// What was asked, made ready.
struct Study<'a> {
    arguments: &'a Arguments,
    case: &'a Case,
    towns: Vec<Uncertain<'a>>,
    seed: u64,
    text: Text,
}

/// `boljam choice`.
pub(super) fn choice(arguments: &Arguments) -> anyhow::Result<()> {
    let case = load(arguments.case.as_deref(), &arguments.set)?;
    let selected = Options::select(&case, &arguments.towns, &[] as &[&str], None)?;
    let errors = InputErrors::parse(&case.method, &arguments.error)
        .map_err(|error| BadInput(format!("--error {error}")))?;
    let weights = weights(arguments, &case)?;
    let weights_in = match arguments.weights_in {
        WeightsInName::Votes => WeightsIn::Votes,
        WeightsInName::Formulas => WeightsIn::Formulas,
    };
    let rules = Rules::new(&case.method, case.scenarios.len(), &weights, weights_in);
    let known = weights != Weights::Equal;
    let towns =
        selected.towns.iter().map(|town| Uncertain::new(&case, *town, &rules, &errors, known)).collect();
    let seed = arguments.seed.unwrap_or(case.seed);
    let study = Study { arguments, case: &case, towns, seed, text: arguments.lang.text() };
    let variables = study.variables()?;
    let format = arguments.format.format();
    let out = if arguments.flips {
        report_flips::render(&case, &study.flips(variables.as_deref()), format, &study.text)
    } else if arguments.ranks {
        study.ranks(&study.acceptability(), format)
    } else if arguments.indices {
        report_indices::render(&report::index_rows(&case, &study.indices()?), format)?
    } else {
        report::render(&case, &study.acceptability(), format, &study.text)
    };
    let files =
        arguments.out.as_deref().map(|folder| study.write(folder, variables.as_deref())).transpose()?;
    print(&match (files, &arguments.out) {
        (Some(files), Some(folder)) if format == Format::Table => {
            let values = [("files", files.to_string()), ("folder", folder.display().to_string())];
            format!("{out}\n{}\n", study.text.fill("choice.written", &values))
        }
        _ => out,
    })
}

fn weights(arguments: &Arguments, case: &Case) -> Result<Weights, BadInput> {
    let Some(path) = &arguments.weights else { return Ok(Weights::Equal) };
    let file = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| BadInput(format!("{file}: {error}")))?;
    let weights =
        Weights::parse(&text, &case.method).map_err(|error| BadInput(format!("{file}: {error}")))?;
    if matches!(weights, Weights::Composites(_)) && arguments.weights_in == WeightsInName::Formulas {
        return Err(BadInput(format!(
            "{file}: weights of composites go on votes; --weights-in formulas needs those of sub-indicators"
        )));
    }
    Ok(weights)
}

impl Study<'_> {
    /// Places of the sub-indicators that were named.
    fn variables(&self) -> Result<Option<Vec<usize>>, BadInput> {
        let arguments = self.arguments;
        if arguments.indicators.is_empty() {
            return Ok(None);
        }
        if !arguments.flips && arguments.out.is_none() {
            return Err(BadInput("--indicators: it goes with --flips".to_owned()));
        }
        let all = &self.case.method.sub_indicators;
        let place = |symbol: &String| {
            all.iter().position(|s| s.symbol == *symbol).ok_or_else(|| {
                let known: Vec<&str> = all.iter().map(|s| s.symbol.as_str()).collect();
                BadInput(format!("--indicators: no sub-indicator '{symbol}' (known: {})", known.join(", ")))
            })
        };
        arguments.indicators.iter().map(place).collect::<Result<Vec<_>, _>>().map(Some)
    }

    /// Writes all tables and pictures into a new folder, and gives their number.
    fn write(&self, folder: &Path, variables: Option<&[usize]>) -> anyhow::Result<usize> {
        if std::fs::read_dir(folder).map_or(folder.exists(), |mut entries| entries.next().is_some()) {
            return Err(BadInput(format!("{} exists and is not empty", folder.display())).into());
        }
        let (case, text) = (self.case, &self.text);
        let (acceptability, flips, indices) = (self.acceptability(), self.flips(variables), self.indices()?);
        let staging = Staging::new(folder, false)?;
        staging.write("acceptability.csv", report::render(case, &acceptability, Format::Csv, text))?;
        staging.write("ranks.csv", self.ranks(&acceptability, Format::Csv))?;
        staging.write("flips.csv", report_flips::render(case, &flips, Format::Csv, text))?;
        staging.write(
            "indices.csv",
            report_indices::render(&report::index_rows(case, &indices), Format::Csv)?,
        )?;
        let pictures = plot::acceptability(case, &acceptability, self.seed, text)
            .into_iter()
            .chain(plot::flips(case, &flips, self.seed, text))
            .chain(plot::indices(case, &indices, self.seed, text));
        let raster = Raster::new(WIDTH, DPI);
        for picture in pictures {
            staging.write(&format!("{}.png", picture.name), raster.png(&picture.svg)?)?;
            staging.write(&format!("{}.svg", picture.name), picture.svg)?;
        }
        let files = staging.files().len();
        staging.publish()?;
        Ok(files)
    }

    fn acceptability(&self) -> Vec<Acceptability> {
        self.towns.iter().flat_map(|town| acceptability(town, self.arguments.draws, self.seed)).collect()
    }

    fn flips(&self, variables: Option<&[usize]>) -> Vec<TownFlips> {
        self.towns.iter().map(|town| TownFlips::of(town, variables)).collect()
    }

    fn indices(&self) -> Result<Vec<DecidingIndices>, BadInput> {
        let Arguments { by, blocks, resamples, .. } = *self.arguments;
        let effort = (blocks as usize, resamples as usize, self.seed);
        let mut all = Vec::new();
        for town in &self.towns {
            let found = indices(town, by == By::Factors, effort);
            all.extend(found.map_err(|error| BadInput(format!("--indices: {error}")))?);
        }
        Ok(all)
    }

    fn ranks(&self, all: &[Acceptability], format: Format) -> String {
        let method = &self.case.method;
        let symbols: Vec<String> = match self.arguments.weights_in {
            WeightsInName::Votes => method.scaled().map(|(_, c, _)| c.symbol.clone()).collect(),
            WeightsInName::Formulas => method.sub_indicators.iter().map(|s| s.symbol.clone()).collect(),
        };
        report_ranks::render(self.case, all, &symbols, format, &self.text)
    }
}
