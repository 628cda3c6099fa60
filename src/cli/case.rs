//! Loading cases, choosing towns and scenarios; `boljam check`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::count::year;
use super::language::LangArgument;
use super::{BadInput, print};
use crate::analyse::seen::{RUNS, seen as seen_since};
use crate::case::{Case, Faults, Notice, Setting, Source, Todo, todo};
use crate::engine::Effort;
use crate::model::{Options, Origin, Uncertainty};
use crate::plot::missing_letters;
use crate::report::names::Names;
use crate::report::{monotown, seen, words};
use crate::text::Text;

/// Check a case.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  boljam check mycase\n  boljam check mycase --details     every line of faults that are alike\n  \
        boljam check mycase --todo        what a new case still waits for"
)]
pub(super) struct CheckArguments {
    /// Case folder
    case: PathBuf,
    /// List every place that says 'fill me in': file, line, what to put there
    #[arg(long)]
    todo: bool,
    /// Tell every fault on a line of its own, those that are alike too
    #[arg(long, conflicts_with = "todo")]
    details: bool,
    #[command(flatten)]
    lang: LangArgument,
}

/// The case and the options that several commands have in common.
#[derive(Debug, Args)]
pub(super) struct CaseArguments {
    /// Case folder (default: the Karaganda case, which is part of the program)
    pub(super) case: Option<PathBuf>,
    /// Override a value of the case, such as drivers.unemployment.sigma=0.1; can be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Seed (default: the case's)
    #[arg(long)]
    pub(super) seed: Option<u64>,
    /// Last year (default: the case's)
    #[arg(long, value_name = "YEAR", value_parser = year)]
    pub(super) horizon: Option<i32>,
    /// Towns, by id, joined by commas (default: all)
    #[arg(long, value_delimiter = ',')]
    pub(super) towns: Vec<String>,
    /// Scenarios, by id, joined by commas (default: all)
    #[arg(long, value_delimiter = ',')]
    pub(super) scenarios: Vec<String>,
    /// What is drawn: none, all (plan+inputs+shocks), all+parameters, or some of these four joined by +
    #[arg(long, default_value = "all")]
    pub(super) uncertainty: String,
    /// Look ahead from the end of what the case knows (known: up to its known_until only events of its chronicle happen)
    /// or from the base year (base) (default: known where the case says known_until)
    #[arg(long, value_name = "base|known")]
    pub(super) from: Option<String>,
    /// Price stress of the case to lay on, by id
    #[arg(long)]
    pub(super) stress: Option<String>,
}

/// The files of a case folder.
fn source(folder: &Path) -> anyhow::Result<Source> {
    if folder.is_dir() {
        return Ok(Source::folder(folder)?);
    }
    let what = if folder.exists() { "is no folder" } else { "no such folder" };
    let message = format!("{}: {what}; a case is a folder (boljam new makes one)", folder.display());
    Err(BadInput(message).into())
}

/// Loads a folder, or the embedded case.
pub(super) fn load(folder: Option<&Path>, settings: &[String]) -> anyhow::Result<Case> {
    let source = folder.map_or_else(|| Ok(Source::embedded()), source)?;
    let parse = |s: &String| Setting::parse(s).map_err(|e| BadInput(format!("--set {e}")));
    let settings = settings.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    Ok(Case::load(&source, &settings)?)
}

impl CaseArguments {
    /// Loads the case and turns the arguments into options.
    pub(super) fn load(&self) -> anyhow::Result<(Case, Options)> {
        let case = load(self.case.as_deref(), &self.set)?;
        let select = Options::select(&case, &self.towns, &self.scenarios, self.stress.as_deref())?;
        let unknown = || {
            let asked = &self.uncertainty;
            BadInput(format!(
                "--uncertainty {asked}: none, all, all+parameters, or plan, inputs, shocks, parameters joined by +"
            ))
        };
        let uncertainty = Uncertainty::parse(&self.uncertainty).ok_or_else(unknown)?;
        if uncertainty.parameters && case.posterior.is_none() {
            let asked = &self.uncertainty;
            let message =
                format!("--uncertainty {asked}: the case has no draws of parameters (posterior.csv)");
            return Err(BadInput(message).into());
        }
        let options = Options {
            seed: self.seed.unwrap_or(case.seed),
            horizon: self.horizon.unwrap_or(case.horizon),
            uncertainty,
            origin: self.origin(&case, select.origin)?,
            ..select
        };
        let (first, last) = (case.base_year + 1, case.base_year + 200);
        if !(first..=last).contains(&options.horizon) {
            let horizon = options.horizon;
            return Err(BadInput(format!("--horizon {horizon}: a year from {first} to {last}")).into());
        }
        if let Some(stress) = options.stress.map(|s| &case.stresses[s])
            && !stress.acts_between(case.base_year + 1, options.horizon)
        {
            let start = stress.shocks.iter().map(|shock| shock.start).min().unwrap_or(0);
            let message = format!(
                "--stress {}: begins in {start} and changes no price from {} to the horizon {}",
                stress.id,
                case.base_year + 1,
                options.horizon
            );
            return Err(BadInput(message).into());
        }
        Ok((case, options))
    }
}

impl CaseArguments {
    fn origin(&self, case: &Case, usual: Origin) -> anyhow::Result<Origin> {
        let Some(from) = &self.from else { return Ok(usual) };
        match Origin::parse(from) {
            None => Err(BadInput(format!("--from {from}: base or known")).into()),
            Some(Origin::Known) if case.known_until.is_none() => {
                let message =
                    "--from known: the case does not say until when it knows what happened (known_until)";
                Err(BadInput(message.to_owned()).into())
            }
            Some(origin) => Ok(origin),
        }
    }
}

/// `boljam check`.
pub(super) fn check(arguments: &CheckArguments) -> anyhow::Result<()> {
    let text = arguments.lang.text();
    if arguments.todo {
        return print(&list(&todo(&source(&arguments.case)?), &text));
    }
    let case = load(Some(&arguments.case), &[]).map_err(|error| match error.downcast_ref::<Faults>() {
        Some(faults) if arguments.details => BadInput(faults.details()).into(),
        _ => error,
    })?;
    let count = |n: usize| n.to_string();
    let (towns, scenarios) = (count(case.towns.len()), count(case.scenarios.len()));
    let (drivers, commodities) = (count(case.drivers.len()), count(case.commodities.len()));
    let values = [
        ("case", case.id.as_str()),
        ("towns", &towns),
        ("scenarios", &scenarios),
        ("drivers", &drivers),
        ("commodities", &commodities),
    ];
    let mut out = text.fill("check.good", &values) + "\n";
    let waiting = todo(&source(&arguments.case)?).len();
    if waiting > 0 {
        out.push_str(
            &text.fill("check.to_fill", &[("count", count(waiting)), ("option", "--todo".to_owned())]),
        );
        out.push('\n');
    }
    for notice in words::notices(&case, None, &text).into_iter().chain(letters(&case, &text)) {
        out.push_str(&notice);
        out.push('\n');
    }
    let monotowns = monotown::table(&case, &text);
    if !monotowns.is_empty() {
        out.push('\n');
        out.push_str(&monotowns);
    }
    let names = Names { case: &case, text: &text };
    let seen = seen::table(&seen_since(&case, Effort::runs(RUNS))?, names);
    if !seen.is_empty() {
        out.push('\n');
        out.push_str(&seen);
    }
    print(&out)
}

/// The places to fill in, a line each.
fn list(todo: &[Todo], text: &Text) -> String {
    let head = match todo.len() {
        0 => text.get("check.nothing_to_do").to_owned(),
        count => text.fill("check.todo", &[("count", &count.to_string())]),
    };
    let line = |t: &Todo| format!("\n{}:{}  {}: {}", t.file, t.line, t.item, t.what);
    head + &todo.iter().map(line).collect::<String>() + "\n"
}

/// A notice of the letters that pictures cannot show; none where they can show all.
fn letters(case: &Case, text: &Text) -> Option<String> {
    let missing = missing_letters(case);
    let letters = missing.iter().map(char::to_string).collect::<Vec<_>>().join(" ");
    (!missing.is_empty()).then(|| text.fill("notice.letters", &[("letters", &letters)]))
}

/// Tells on the terminal what a user should know of a case that is about to be run.
pub(super) fn tell_notices(case: &Case, options: &Options, text: &Text) {
    let standing = case.out_of_reach(case.horizon);
    let mut notices: Vec<Notice> = case.notices.iter().filter(|n| !standing.contains(n)).cloned().collect();
    notices.extend(case.out_of_reach(options.horizon));
    let stress = options.stress.map(|s| format!("stress/{}.toml", case.stresses[s].id));
    // A stress that is not laid on has no effect anyway.
    notices.retain(|notice| match notice {
        Notice::Odd { file, .. } => !file.starts_with("stress/") || Some(file) == stress.as_ref(),
        _ => true,
    });
    // Nor does a town concern who does not run it.
    let run = |id: &str| options.towns.iter().any(|town| case.towns[*town].id == id);
    notices.retain(|notice| notice.town().is_none_or(run));
    for notice in words::sentences(case, &notices, None, text).into_iter().chain(letters(case, text)) {
        eprintln!("boljam: {notice}");
    }
}
