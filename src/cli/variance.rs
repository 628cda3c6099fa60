//! `boljam variance`: where the width comes from.

use std::path::PathBuf;

use clap::Args;

use super::case::CaseArguments;
use super::count::count;
use super::language::LangArgument;
use super::{BadInput, print, progress};
use crate::archive::{Staging, write_variance};
use crate::case::Case;
use crate::engine::{self, VectorLevel};
use crate::experiment::variance::{Design, headline, variance_shares};
use crate::model::{Model, Options, places};
use crate::plot::{Raster, variance_figures};
use crate::report::variance;

/// Split the variance of the results by where it comes from.
#[derive(Debug, Args)]
#[command(after_help = "\
The folder holds variance.csv (docs/uncertainty.md), variance.md and a picture a town. Sources: delivery, plan errors, \
parameters, price model, price chance, events, innovations, missing inputs, and the choice of scenario, whose weights \
are yours to give.

Examples:
  boljam variance --out width
  boljam variance mycase --towns temirtau --quantities unemployment,TDea --out width
  boljam variance --weights inertial=3,balanced=1,innovative=1,diversification=1 --out sceptic
  boljam variance --scenarios innovative --out within")]
pub(super) struct Arguments {
    #[command(flatten)]
    case: CaseArguments,
    /// Folder to write
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Replace an earlier result there
    #[arg(long)]
    force: bool,
    /// Runs of each sample, rounded up to a multiple of 16,384
    #[arg(long, default_value_t = 16_384, value_parser = count(1..=100_000_000))]
    runs: u64,
    /// Quantities, by id, joined by commas (default: the case's headline)
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    quantities: Vec<String>,
    /// Weights of the scenarios, in any scale: ID=WEIGHT joined by commas (default: all alike)
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    weights: Vec<String>,
    /// Number of threads (default: one a core)
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    lang: LangArgument,
}

/// `boljam variance`.
pub(super) fn variance(arguments: &Arguments) -> anyhow::Result<()> {
    let (case, options) = arguments.case.load()?;
    let text = arguments.lang.text();
    super::case::tell_notices(&case, &options, &text);
    let model = Model::compile(&case, &options)?;
    let quantities = if arguments.quantities.is_empty() {
        headline(&case, &model)
    } else {
        let known = model.quantities.iter().map(|q| q.id.as_str());
        places("quantity", &arguments.quantities, known)
            .map_err(|e| BadInput(format!("--quantities: {e}")))?
    };
    let design =
        Design { runs: arguments.runs, weights: weights(&arguments.weights, &case, &options)?, quantities };
    let staging = Staging::new(&arguments.out, arguments.force)?;
    let shares = engine::with_threads(arguments.threads.unwrap_or(0).into(), || {
        let bar = progress::bar(Design::whole(design.runs));
        let shares =
            variance_shares(&case, &options, &design, VectorLevel::best(), &|done| bar.set_position(done));
        bar.finish_and_clear();
        shares
    })?;
    let raster = Raster::new(1600, 150);
    let mut pictures = Vec::new();
    for figure in variance_figures(&shares, &text) {
        pictures.push((format!("figures/{}.png", figure.name), raster.png(&figure.svg)?));
        pictures.push((format!("figures/{}.svg", figure.name), figure.svg.into_bytes()));
    }
    let told = variance::sentences(&text, &shares);
    write_variance(staging, &shares, &arguments.case.set, &text, &pictures)?;
    print(&told)
}

/// A weight for each scenario that is run; what is not named has none, where any is.
fn weights(asked: &[String], case: &Case, options: &Options) -> Result<Vec<f64>, BadInput> {
    if asked.is_empty() {
        return Ok(vec![1.0; options.scenarios.len()]);
    }
    let mut weights = vec![0.0; options.scenarios.len()];
    for word in asked {
        let form = || BadInput(format!("--weights {word}: ID=WEIGHT, a weight from 0 to 1000000"));
        let (id, weight) = word.split_once('=').ok_or_else(form)?;
        let weight = weight.parse::<f64>().ok().filter(|w| (0.0..=1e6).contains(w)).ok_or_else(form)?;
        let place = options.scenario(case, id).map_err(|e| BadInput(format!("--weights: {e}")))?;
        weights[place.0] = weight;
    }
    if weights.iter().sum::<f64>() > 0.0 {
        Ok(weights)
    } else {
        Err(BadInput("--weights: at least one must be above 0".to_owned()))
    }
}
