//! The shards of a run, joined to what one run would have made.

use std::path::PathBuf;

use super::error::ArchiveError;
use super::manifest::Manifest;
use super::open::{Archived, open};
use super::recipe::Recipe;
use super::shard::Shard;
use crate::analyse::Study;
use crate::engine::Ensembles;

/// Folders that should be all the shards of one run.
#[derive(Debug)]
pub struct Shards {
    /// Those that could be opened, in order of their number.
    parts: Vec<Archived>,
    /// What keeps them from being all the shards of one run, a line each.
    faults: Vec<String>,
    recipe: Recipe,
}

impl Shards {
    /// Opens the folders of all shards, in any order.
    ///
    /// # Errors
    /// [`ArchiveError::Misfits`] when none can be opened.
    pub fn open(folders: &[PathBuf]) -> Result<Self, ArchiveError> {
        let mut faults = Vec::new();
        let mut parts = Vec::new();
        for folder in folders {
            match open(folder) {
                Ok(archived) => parts.push(archived),
                Err(error) => faults.push(error.to_string()),
            }
        }
        faults.extend(misfits(&parts));
        parts.sort_by_key(|part| part.recipe.manifest.shard);
        let Some(first) = parts.first() else { return Err(ArchiveError::Misfits(faults)) };
        let manifest = Manifest { shard: None, ..first.recipe.manifest.clone() };
        let recipe = Recipe { manifest, ..first.recipe.clone() };
        Ok(Self { parts, faults, recipe })
    }

    /// What the whole is made from.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Joins them; `study` is that of their recipe.
    ///
    /// # Errors
    /// [`ArchiveError::Misfits`]: everything that keeps the folders from being all the shards of one run.
    pub fn join(&self, study: &Study<'_>) -> Result<Ensembles, ArchiveError> {
        let (mut faults, key) = (self.faults.clone(), self.recipe.manifest.key());
        let mut whole = study.begin(0);
        // A foreign part has other layouts, and was named already.
        for part in self.parts.iter().filter(|part| part.recipe.manifest.key() == key) {
            match part.ensembles(study) {
                Ok(ensembles) if faults.is_empty() => {
                    if let Err(error) = whole.append(&ensembles) {
                        faults.push(format!("{}: {error}", part.path.display()));
                    }
                }
                Ok(_) => {}
                Err(error) => faults.push(error.to_string()),
            }
        }
        let runs = self.recipe.manifest.runs;
        if faults.is_empty() && !whole.is_complete(runs) {
            faults.push(format!("the shards do not make {runs} runs"));
        }
        if faults.is_empty() { Ok(whole) } else { Err(ArchiveError::Misfits(faults)) }
    }
}

/// What keeps folders from being all the shards of one run, a line each.
fn misfits(parts: &[Archived]) -> Vec<String> {
    let mut faults = Vec::new();
    let shard = |part: &Archived| part.recipe.manifest.shard;
    for part in parts.iter().filter(|part| shard(part).is_none()) {
        faults.push(format!("{}: it is a whole result and no shard", part.path.display()));
    }
    let shards = parts.iter().filter_map(|part| shard(part).map(|shard| (part, shard)));
    let Some((first, Shard { of, .. })) = shards.clone().next() else { return faults };
    let mut seen: Vec<(u64, &Archived)> = Vec::new();
    for (part, shard) in shards {
        let (path, like) = (part.path.display(), first.path.display());
        let (its, firsts) = (&part.recipe.manifest, &first.recipe.manifest);
        if its.key() != firsts.key() {
            faults.push(format!("{path}: its inputs or options are not those of {like}"));
        } else if (its.runs, shard.of) != (firsts.runs, of) {
            let (runs, others) = (its.runs, firsts.runs);
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
