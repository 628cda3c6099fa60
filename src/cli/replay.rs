//! `boljam replay`: one run in full.

use std::fmt::Write as _;

use clap::Args;

use super::case::CaseArguments;
use super::count::count;
use super::language::LangArgument;
use super::print;
use crate::analyse::{class_changes, classes};
use crate::assess;
use crate::case::Case;
use crate::engine::{self, Trajectory};
use crate::model::{Model, Options, RunScenario, RunTown};
use crate::report::grid::Grid;
use crate::text::Text;

/// Tell one run in full.
#[derive(Debug, Args)]
#[command(after_help = "Example: boljam replay --town temirtau --scenario diversification --run 17")]
pub(super) struct Arguments {
    #[command(flatten)]
    case: CaseArguments,
    /// Town, by id
    #[arg(long)]
    town: String,
    /// Scenario, by id
    #[arg(long)]
    scenario: String,
    /// Number of the run, from 0
    #[arg(long, value_parser = count(0..=u64::MAX))]
    run: u64,
    #[command(flatten)]
    lang: LangArgument,
}

/// `boljam replay`.
pub(super) fn replay(arguments: &Arguments) -> anyhow::Result<()> {
    let (case, options) = arguments.case.load()?;
    let Options { towns, scenarios, .. } =
        Options::select(&case, &[&arguments.town], &[&arguments.scenario], None)?;
    let options = Options { towns, scenarios, ..options };
    let model = Model::compile(&case, &options)?;
    let trajectory = engine::replay(&model, RunTown(0), RunScenario(0), arguments.run);
    let text = arguments.lang.text();
    let run = arguments.run.to_string();
    let values = [
        ("town", text.name(&case.towns[options.towns[0]].name)),
        ("scenario", text.name(&case.scenarios[options.scenarios[0]].name)),
        ("run", run.as_str()),
    ];
    let mut out = format!("{}\n\n", text.fill("replay.title", &values));
    if model.deliveries[0].is_some() {
        let share = format!("{} %", text.number(100.0 * trajectory.delivered, 0));
        let reference = text.name(&case.scenarios[case.reference].name);
        let told = text.fill("replay.delivered", &[("share", share.as_str()), ("reference", reference)]);
        out = out.trim_end().to_owned() + "\n" + &told + "\n\n";
    }
    out.push_str(&numbers(&case, &model, &trajectory, &text));
    out.push('\n');
    out.push_str(&happenings(&case, &model, &trajectory, &text));
    print(&out)
}

/// A row a quantity, a column a year.
fn numbers(case: &Case, model: &Model, trajectory: &Trajectory, text: &Text) -> String {
    let mut header = vec![String::new()];
    header.extend(model.years.iter().map(i32::to_string));
    let mut grid = Grid::new(header);
    let mut row = |name: String, values: Vec<String>| {
        grid.row(std::iter::once(name).chain(values).collect());
    };
    let years = &trajectory.years;
    let town = &case.towns[model.options.towns[0]];
    for (c, commodity) in case.commodities.iter().enumerate().filter(|(c, _)| town.mix[*c] > 0.0) {
        let price =
            |y: &engine::TrajectoryYear| text.number((model.prices.ln_base[c] + y.log_prices[c]).exp(), 0);
        row(
            text.fill("replay.price", &[("commodity", text.name(&commodity.name))]),
            years.iter().map(price).collect(),
        );
    }
    for (i, driver) in case.drivers.iter().enumerate() {
        row(
            text.name(&driver.label).to_owned(),
            years.iter().map(|y| text.number(y.drivers[i], 2)).collect(),
        );
    }
    let population = text.get("quantity.population").to_owned();
    row(population, years.iter().map(|y| text.number(y.population, 0)).collect());
    for (i, persons) in case.method.persons.iter().enumerate() {
        row(
            text.name(&persons.label).to_owned(),
            years.iter().map(|y| text.number(y.persons[i], 0)).collect(),
        );
    }
    for (i, s) in case.method.sub_indicators.iter().enumerate() {
        row(s.symbol.clone(), years.iter().map(|y| text.number(y.sub_indicators[i], 2)).collect());
    }
    for (i, c) in case.method.composites.iter().enumerate() {
        row(c.symbol.clone(), years.iter().map(|y| text.number(y.composites[i], 2)).collect());
    }
    let count = |y| assess::votes(&case.method, &classes(case, y), case.scenarios.len());
    let votes: Vec<Vec<u32>> = years.iter().map(count).collect();
    for (s, scenario) in case.scenarios.iter().enumerate() {
        row(
            text.fill("replay.votes", &[("scenario", text.name(&scenario.name))]),
            votes.iter().map(|v| v[s].to_string()).collect(),
        );
    }
    grid.render()
}

/// `TDm low, TDea high, ...`: the class of every composite in a year.
fn class_list(case: &Case, year: &engine::TrajectoryYear, text: &Text) -> String {
    let scaled = case.method.composites.iter().zip(classes(case, year));
    let class = |(composite, class): (&crate::case::Composite, Option<usize>)| {
        let level = composite.scale.as_deref()?.get(class?)?.level;
        Some(format!("{} {}", composite.symbol, text.name(&case.method.levels[level].name)))
    };
    scaled.filter_map(class).collect::<Vec<_>>().join(", ")
}

/// Events, changes of class and of lead, outcomes, a line each.
fn happenings(case: &Case, model: &Model, trajectory: &Trajectory, text: &Text) -> String {
    let changes = class_changes(case, trajectory);
    let leaders =
        |y| assess::lead(&assess::votes(&case.method, &classes(case, y), case.scenarios.len())).leaders;
    let mut led: Vec<usize> = Vec::new();
    let mut out = String::new();
    for (t, year) in trajectory.years.iter().enumerate() {
        let label = model.years[t];
        if t == 0 {
            let _ = writeln!(out, "{label}  {}", class_list(case, year, text));
        }
        for event in &year.events {
            let _ = writeln!(out, "{label}  {}", text.name(&case.events[*event].label));
        }
        for change in changes.iter().filter(|c| c.t == t) {
            let composite = &case.method.composites[change.composite];
            let scale = composite.scale.as_deref().unwrap_or_default();
            let level = |c: usize| text.name(&case.method.levels[scale[c].level].name);
            let number = |t: usize| text.number(trajectory.years[t].composites[change.composite], 2);
            let (before, after) = (number(t - 1), number(t));
            let cause = change.cause.map_or("-", |(i, _)| text.name(&case.method.sub_indicators[i].label));
            let values = [
                ("composite", composite.symbol.as_str()),
                ("from", level(change.classes.0)),
                ("to", level(change.classes.1)),
                ("before", &before),
                ("after", &after),
                ("cause", cause),
            ];
            let _ = writeln!(out, "{label}  {}", text.fill("replay.changed", &values));
        }
        let leads = leaders(year);
        if leads != led {
            let names: Vec<&str> = leads.iter().map(|s| text.name(&case.scenarios[*s].name)).collect();
            let _ = writeln!(out, "{label}  {}", text.fill("replay.lead", &[("leaders", &names.join(", "))]));
            led = leads;
        }
        for outcome in &year.reached {
            let name = text.name(&case.method.first_passages[*outcome].label);
            let _ = writeln!(out, "{label}  {}", text.fill("replay.reached", &[("outcome", name)]));
        }
    }
    out
}
