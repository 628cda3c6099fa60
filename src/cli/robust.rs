//! `boljam robust`: which scenario does well whatever comes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::assess::FormatName;
use super::case::{CaseArguments, tell_notices};
use super::language::LangArgument;
use super::{BadInput, print, progress};
use crate::analyse::RunThing;
use crate::archive::{Staging, publish_answer};
use crate::case::{Better, Case};
use crate::engine;
use crate::experiment::robust::{MOST_RUNS, Question, default_yardstick, robustness};
use crate::model::Model;
use crate::plot::{Raster, robust_figures};
use crate::report::assessment::Format;
use crate::report::robust::RobustReport;

/// Compare the scenarios of each town over the same runs, by every criterion of robustness.
#[derive(Debug, Args)]
#[command(after_help = "\
Regret is what the best scenario of a run does better. Criteria: largest regret, 90th percentile of regret, Wald (the \
worst run), Hurwicz (so much of the best, the rest of the worst), Laplace (the mean), mean less deviations, Starr's \
domain (share of runs in which a scenario is the best), satisficing (share of runs that are good enough). After ± stand \
1.96 Monte Carlo errors, in brackets ranks. docs/robustness.md has the whole story.

Examples:
  boljam robust
  boljam robust --yardstick TDea --year 2030 --towns temirtau
  boljam robust --yardstick population --enough 160000 --towns temirtau --format csv
  boljam robust --towns balkhash,satpayev --out robust")]
pub(super) struct Arguments {
    #[command(flatten)]
    case: CaseArguments,
    /// Figure of a run by which scenarios are judged: a quantity, sub-indicator or outcome by id, lead.SCENARIO or
    /// votes.SCENARIO (default: what the case tells as a rate)
    #[arg(long, value_name = "ID")]
    yardstick: Option<String>,
    /// Its year (default: the last)
    #[arg(long)]
    year: Option<i32>,
    /// Which direction is better (default: what the case says of the figure)
    #[arg(long, value_enum)]
    better: Option<Direction>,
    /// What is good enough, in the figure's unit (default: today's value of each town)
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    enough: Option<f64>,
    /// Optimism of Hurwicz, from 0 (the worst run counts) to 1 (the best)
    #[arg(long, default_value_t = 0.5, value_parser = share)]
    optimism: f64,
    /// Standard deviations that are taken off the mean
    #[arg(long, default_value_t = 1.0, value_parser = many)]
    caution: f64,
    /// Units of the figure that a unit of a plan's cost is worth (`cost` of plan lines, where the case gives any)
    #[arg(long, default_value_t = 0.0, value_name = "WEIGHT", value_parser = many)]
    cost_weight: f64,
    /// Runs; some 0.4 kB of memory each
    #[arg(long, default_value_t = 10_000, value_parser = super::count::count(40..=MOST_RUNS))]
    runs: u64,
    /// Threads (default: one a core); the result does not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// How to write it
    #[arg(long, value_enum, default_value = "table")]
    format: FormatName,
    /// New folder for tables and pictures
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace an earlier folder
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    lang: LangArgument,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Direction {
    Higher,
    Lower,
}

/// `boljam robust`.
pub(super) fn robust(arguments: &Arguments) -> anyhow::Result<()> {
    let (case, options) = arguments.case.load()?;
    let text = arguments.lang.text();
    tell_notices(&case, &options, &text);
    let model = Model::compile(&case, &options)?;
    let question = arguments.question(&case, &model)?;
    let staging = arguments.out.as_deref().map(|out| Staging::new(out, arguments.force)).transpose()?;
    let found = engine::with_threads(arguments.threads.unwrap_or(0).into(), || {
        let bar = progress::bar(question.runs * model.towns.len() as u64);
        let tell = |done: usize| bar.set_position(question.runs * done as u64);
        let found = robustness(&case, &model, &question, &tell);
        bar.finish_and_clear();
        found
    });
    let report = RobustReport { case: &case, model: &model, found: &found, text: &text };
    let format = arguments.format.format();
    let mut out = report.render(format)?;
    if let Some(staging) = staging {
        staging.write("robust.csv", report.csv())?;
        staging.write("robust_factors.csv", report.factors_csv())?;
        let raster = Raster::new(1600, 150);
        for picture in robust_figures(&case, &model, &found, &text) {
            staging.write(&format!("figures/{}.png", picture.name), raster.png(&picture.svg)?)?;
            staging.write(&format!("figures/{}.svg", picture.name), picture.svg)?;
        }
        let place = staging.place().display().to_string();
        let asked = ("robust", question.yardstick.name.as_str());
        let files = publish_answer(staging, asked, (&case, &options, &arguments.case.set), question.runs)?;
        if format == Format::Table {
            let values = [("files", files.to_string()), ("folder", place)];
            out.push_str(&text.fill("choice.written", &values));
            out.push('\n');
        }
    }
    print(&out)
}

impl Arguments {
    /// What is asked; every fault of it in one.
    fn question(&self, case: &Case, model: &Model) -> Result<Question, BadInput> {
        let mut faults: Vec<String> = Vec::new();
        let id = self.yardstick.clone().unwrap_or_else(|| default_yardstick(case));
        let known: Vec<RunThing> =
            RunThing::all(case, model).into_iter().filter(RunThing::is_yardstick).collect();
        let yardstick = known.iter().find(|thing| thing.name == id).cloned();
        if yardstick.is_none() {
            let names: Vec<&str> = known.iter().map(|thing| thing.name.as_str()).collect();
            faults.push(format!("--yardstick {id}: no figure of a run (known: {})", names.join(", ")));
        }
        let year = self.year.unwrap_or(model.options.horizon);
        let t = model.years.iter().position(|y| *y == year);
        if t.is_none_or(|t| t == 0) {
            let (first, last) = (case.base_year + 1, model.options.horizon);
            faults.push(format!("--year {year}: a year from {first} to {last}"));
        }
        if self.enough.is_some_and(|x| !x.is_finite()) {
            faults.push("--enough: a finite number".to_owned());
        }
        if model.options.scenarios.len() < 2 {
            faults.push("--scenarios: two at least, since regret compares them".to_owned());
        }
        let has_costs = model
            .options
            .scenarios
            .iter()
            .any(|s| case.scenarios[*s].plan.iter().flatten().any(|line| line.cost.is_some()));
        if self.cost_weight > 0.0 && !has_costs {
            faults.push("--cost-weight: no plan line of the case has a cost".to_owned());
        }
        let better = match (self.better, yardstick.as_ref().map(|y| y.better)) {
            (Some(Direction::Higher), _) => Better::Higher,
            (Some(Direction::Lower), _) => Better::Lower,
            (None, Some(Better::Neither)) => {
                faults.push(format!(
                    "--better: the case does not say which direction of {id} is better; higher or lower"
                ));
                Better::Higher
            }
            (None, better) => better.unwrap_or(Better::Higher),
        };
        match (yardstick, t) {
            (Some(yardstick), Some(t)) if faults.is_empty() => Ok(Question {
                yardstick,
                t,
                better,
                enough: self.enough,
                optimism: self.optimism,
                caution: self.caution,
                cost_weight: self.cost_weight,
                runs: self.runs,
            }),
            _ => Err(BadInput(faults.join("\n  "))),
        }
    }
}

fn share(word: &str) -> Result<f64, String> {
    word.parse().ok().filter(|x| (0.0..=1.0).contains(x)).ok_or_else(|| "a number from 0 to 1".to_owned())
}

fn many(word: &str) -> Result<f64, String> {
    word.parse()
        .ok()
        .filter(|x| (0.0..=1e6).contains(x))
        .ok_or_else(|| "a number from 0 to 1000000".to_owned())
}
