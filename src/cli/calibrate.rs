//! `boljam calibrate`: the dynamics fitted to the panel.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;

use super::case::load;
use super::language::LangArgument;
use super::{BadInput, print};
use crate::archive::Staging;
use crate::calibrate::{
    CalibrateError, Effort, LARGEST_RHAT, LEAST_ESS_A_CHAIN, PanelFit, Watched, check_panel, fit_panel,
};
use crate::case::Case;
use crate::plot::{Raster, calibration_pictures};
use crate::report::calibration as render;
use crate::report::names::Names;

/// Panels that the engine makes for the predictive checks, before and after the fit.
const PANELS: usize = 400;
/// Pixels across a picture, and how many of them make an inch.
const PICTURE: (u32, u32) = (1600, 144);

/// Fit the dynamics to the observed years.
#[derive(Debug, Args)]
#[command(after_help = "Example: boljam calibrate --out fitted, then copy fitted/posterior.csv into a case")]
pub(super) struct Arguments {
    /// Case folder (default: the Karaganda case)
    case: Option<PathBuf>,
    /// Override a value of the case; can be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// New folder for posterior.csv, the tables and the pictures
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Seed of the chains (default: the case's)
    #[arg(long)]
    seed: Option<u64>,
    /// Steps that each of the four chains keeps
    #[arg(long, default_value_t = Effort::default().kept, value_parser = kept_steps)]
    steps: usize,
    #[command(flatten)]
    lang: LangArgument,
}

fn kept_steps(text: &str) -> Result<usize, String> {
    let steps = text.parse::<usize>().ok().filter(|n| (100..=1_000_000).contains(n));
    steps.ok_or_else(|| "a number from 100 to 1000000".to_owned())
}

/// `boljam calibrate`.
pub(super) fn calibrate(arguments: &Arguments) -> anyhow::Result<()> {
    let case = load(arguments.case.as_deref(), &arguments.set)?;
    if let Some(folder) = &arguments.out
        && fs::read_dir(folder).map_or(folder.exists(), |mut entries| entries.next().is_some())
    {
        return Err(BadInput(format!("{} exists and is not empty", folder.display())).into());
    }
    let effort = Effort { kept: arguments.steps, ..Effort::default() };
    let fit = fit_panel(&case, effort, arguments.seed.unwrap_or(case.seed)).map_err(|error| match error {
        CalibrateError::NoCalibration => BadInput(error.to_string()).into(),
        error => anyhow::Error::from(error),
    })?;
    refuse(&case, &fit)?;
    let checks = check_panel(&case, &fit, PANELS)?;
    let text = arguments.lang.text();
    let mut out = render::table(&fit, &checks, Names { case: &case, text: &text });
    if let Some(folder) = &arguments.out {
        let files = render::files(&case, &fit, &checks);
        let pictures = calibration_pictures(&case, &fit, &text);
        let staging = Staging::new(folder, false)?;
        for (name, content) in &files {
            staging.write(name, content)?;
        }
        let raster = Raster::new(PICTURE.0, PICTURE.1);
        for picture in &pictures {
            staging.write(&format!("{}.svg", picture.name), &picture.svg)?;
            let png = raster.png(&picture.svg).with_context(|| picture.name)?;
            staging.write(&format!("{}.png", picture.name), &png)?;
        }
        staging.publish()?;
        let count = (files.len() + 2 * pictures.len()).to_string();
        let place = folder.display().to_string();
        let line = text.fill("calibrate.written", &[("count", count), ("folder", place)]);
        writeln!(out, "\n{line}")?;
    }
    print(&out)
}

/// Draws of chains that have not converged are not handed on.
fn refuse(case: &Case, fit: &PanelFit) -> anyhow::Result<()> {
    let bad = fit.not_converged();
    if bad.is_empty() {
        return Ok(());
    }
    let line = |(driver, watched, c): &(usize, Watched, crate::calibrate::Convergence)| {
        let what = match watched {
            Watched::Parameter(parameter) => parameter.name(),
            Watched::Spread => "spread of exposures",
            Watched::Trend => "trend",
        };
        let id = &case.drivers[*driver].id;
        format!(
            "{id}, {what}: R-hat {:.3}, effective draws {:.0} and {:.0} in the tails",
            c.rhat, c.bulk, c.tail
        )
    };
    bail!(
        "the chains have not converged (R-hat at most {LARGEST_RHAT}, effective draws at least {:.0}), nothing was \
         written; --steps takes more:\n  {}",
        LEAST_ESS_A_CHAIN * fit.effort.chains as f64,
        bad.iter().map(line).collect::<Vec<_>>().join("\n  ")
    )
}
