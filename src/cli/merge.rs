//! `boljam merge`: the shards of a run, joined to what one run would have made.

use std::path::PathBuf;

use clap::Args;

use super::figure::FigureArguments;
use super::saved::Saved;
use super::{BadInput, result};
use crate::analyse::Study;
use crate::report::folder::Staging;
use crate::report::manifest::{Manifest, Shard};

/// Join the parts of a run.
#[derive(Debug, Args)]
#[command(after_help = "\
Each shard is a part of one run, computed anywhere with the same inputs, options and version. The result is that of \
one run, to the last byte.

Examples:
  boljam run --runs 4000000 --shard 1/2 --out part1
  boljam run --runs 4000000 --shard 2/2 --out part2
  boljam merge part1 part2 --out results")]
pub(super) struct Arguments {
    /// Folders of all the shards, in any order
    #[arg(value_name = "DIR", required = true)]
    shards: Vec<PathBuf>,
    #[command(flatten)]
    figure: FigureArguments,
    /// Replace an existing result folder
    #[arg(long)]
    force: bool,
    /// New folder for the result
    #[arg(long)]
    out: PathBuf,
}

/// `boljam merge`.
pub(super) fn merge(arguments: &Arguments) -> anyhow::Result<()> {
    let mut faults = Vec::new();
    let mut parts = Vec::new();
    for folder in &arguments.shards {
        match Saved::open(folder) {
            Ok(saved) => parts.push(saved),
            Err(error) => faults.push(error.to_string()),
        }
    }
    faults.extend(misfits(&parts));
    parts.sort_by_key(|part| part.manifest.shard);
    let Some(first) = parts.first() else { return Err(BadInput(faults.join("\n")).into()) };
    let study = Study::new(&first.case, &first.options)?;
    let mut whole = study.begin(0);
    for part in &parts {
        // A foreign part has other layouts, and was named already.
        if part.manifest.key() != first.manifest.key() {
            continue;
        }
        match part.ensembles(&study) {
            Ok(ensembles) if faults.is_empty() => {
                if let Err(error) = whole.append(&ensembles) {
                    faults.push(format!("{}: {error}", part.path.display()));
                }
            }
            Ok(_) => {}
            Err(error) => faults.push(error.to_string()),
        }
    }
    if faults.is_empty() && !whole.is_complete(first.manifest.runs) {
        faults.push(format!("the shards do not make {} runs", first.manifest.runs));
    }
    if !faults.is_empty() {
        return Err(BadInput(report(&faults)).into());
    }
    let manifest = Manifest { shard: None, ..first.manifest.clone() };
    let staging = Staging::new(&arguments.out, arguments.force)?;
    let made = (&study, whole);
    result::finish(staging, &arguments.out, &first.case, &first.options, &manifest, made, &arguments.figure)
}

/// What keeps folders from being all the shards of one run, a line each.
fn misfits(parts: &[Saved]) -> Vec<String> {
    let mut faults = Vec::new();
    let shards = parts.iter().filter_map(|part| part.manifest.shard.map(|shard| (part, shard)));
    for part in parts.iter().filter(|part| part.manifest.shard.is_none()) {
        faults.push(format!("{}: it is a whole result and no shard", part.path.display()));
    }
    let Some((first, Shard { of, .. })) = shards.clone().next() else { return faults };
    let mut seen: Vec<(u64, &Saved)> = Vec::new();
    for (part, shard) in shards {
        let (path, like) = (part.path.display(), first.path.display());
        if part.manifest.key() != first.manifest.key() {
            faults.push(format!("{path}: its inputs or options are not those of {like}"));
        } else if (part.manifest.runs, shard.of) != (first.manifest.runs, of) {
            let (runs, others) = (part.manifest.runs, first.manifest.runs);
            faults
                .push(format!("{path}: shard {shard} of {runs} runs, but {like} is one of {of} of {others}"));
        } else if let Some((_, twin)) = seen.iter().find(|(number, _)| *number == shard.number) {
            faults.push(format!("{path}: shard {shard} again, as {}", twin.path.display()));
        } else {
            seen.push((shard.number, part));
        }
    }
    let missing: Vec<String> = (1..=of.min(10_000))
        .filter(|number| seen.iter().all(|(n, _)| n != number))
        .map(|number| Shard { number, of }.to_string())
        .collect();
    if !missing.is_empty() {
        faults.push(format!("missing: shard {}", missing.join(", ")));
    }
    faults
}

fn report(faults: &[String]) -> String {
    match faults {
        [one] => one.clone(),
        _ => format!("{} faults\n  {}", faults.len(), faults.join("\n  ")),
    }
}
