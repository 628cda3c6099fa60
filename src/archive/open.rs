//! A result folder, read back: the case in its `inputs`, the options in its manifest, and the aggregates in
//! `ensemble.bin`, from which everything else can be made again without running.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::ArchiveError;
use super::folder::ENSEMBLE;
use super::manifest::{Manifest, input_hashes};
use super::recipe::Recipe;
use crate::analyse::{Results, Study};
use crate::case::{Case, Setting, Source};
use crate::engine::Ensembles;
use crate::model::{Options, Origin, Uncertainty};
use crate::report::provenance::FileHash;

/// A larger file is no ensemble, and is refused unread.
const MAX_BYTES: u64 = 4 << 30;

/// A result folder that has been opened.
#[derive(Debug, Clone)]
pub struct Archived {
    /// The folder.
    pub path: PathBuf,
    /// What the result was made from.
    pub recipe: Recipe,
}

/// Opens a result folder: reads the manifest, the case and the options.
///
/// # Errors
/// [`ArchiveError`] when it is no result folder, of another format, or its case is at fault.
pub fn open(folder: &Path) -> Result<Archived, ArchiveError> {
    let path = folder.join("manifest.json");
    let bad = |message: String| ArchiveError::unsound(&path, message);
    let manifest = Manifest::read(folder)?;
    let settings = manifest.settings.iter().map(|s| Setting::parse(s).map_err(bad));
    let settings = settings.collect::<Result<Vec<_>, _>>()?;
    let case = Case::load(&Source::folder(&folder.join("inputs"))?, &settings)?;
    let unknown = || bad(format!("no uncertainty '{}'", manifest.uncertainty));
    let uncertainty = Uncertainty::parse(&manifest.uncertainty).ok_or_else(unknown)?;
    let nowhere = || bad(format!("no origin '{}'", manifest.from));
    let origin = Origin::parse(&manifest.from).ok_or_else(nowhere)?;
    let (seed, horizon) = (manifest.seed, manifest.horizon);
    let select = Options::select(&case, &manifest.towns, &manifest.scenarios, manifest.stress.as_deref())?;
    let options = Options { seed, horizon, uncertainty, origin, ..select };
    Ok(Archived { path: folder.to_owned(), recipe: Recipe { case, options, manifest } })
}

impl Archived {
    /// The results, from the aggregates.
    ///
    /// # Errors
    /// [`ArchiveError`] when the aggregates are missing, damaged, those of other inputs, or not all of them.
    pub fn results(&self) -> Result<Results, ArchiveError> {
        let study = self.recipe.study()?;
        let ensembles = self.ensembles(&study)?;
        let Manifest { runs, shard, .. } = self.recipe.manifest;
        if ensembles.main.range().start > 0 || !ensembles.is_complete(runs) {
            let shard = shard.map(|s| format!(" (shard {s}: merge them first)")).unwrap_or_default();
            let message = format!("it does not hold all runs{shard}");
            return Err(ArchiveError::unsound(&self.path.join(ENSEMBLE), message));
        }
        Ok(study.summarise(&ensembles))
    }

    /// The aggregates themselves, which must be those of these inputs and options; `study` is the recipe's.
    ///
    /// # Errors
    /// [`ArchiveError`] when they are missing, damaged or those of other inputs.
    pub fn ensembles(&self, study: &Study<'_>) -> Result<Ensembles, ArchiveError> {
        self.check_inputs()?;
        let path = self.path.join(ENSEMBLE);
        let bad = |message: String| ArchiveError::unsound(&path, message);
        let size = fs::metadata(&path).map_err(|e| bad(e.to_string()))?.len();
        if size > MAX_BYTES {
            return Err(bad(format!("{size} bytes are not allowed (at most {MAX_BYTES})")));
        }
        let bytes = fs::read(&path).map_err(|e| bad(e.to_string()))?;
        study.decode(&bytes, &self.recipe.manifest.key()).map_err(|e| bad(e.to_string()))
    }

    /// Files that were changed, added or taken away since the result was made are no longer its inputs.
    fn check_inputs(&self) -> Result<(), ArchiveError> {
        let (now, then) = (input_hashes(&self.recipe.case), &self.recipe.manifest.inputs);
        let differ = |a: &[FileHash], b: &[FileHash]| {
            a.iter().filter(|file| !b.contains(file)).map(|file| file.file.clone()).collect::<Vec<_>>()
        };
        let mut files = [differ(&now, then), differ(then, &now)].concat();
        files.sort();
        files.dedup();
        if files.is_empty() {
            return Ok(());
        }
        let message = format!("changed since the result was made: {}", files.join(", "));
        Err(ArchiveError::unsound(&self.path.join("inputs"), message))
    }

    /// The version and commit of the program that wrote the folder, where it was another build: its numbers may not
    /// be what this one would make of them.
    pub fn other_build(&self) -> Option<String> {
        let manifest = &self.recipe.manifest;
        (!manifest.is_of_this_program()).then(|| format!("{} ({})", manifest.version, manifest.git))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::{Columns, Made, Pictures, Staging, write};
    use crate::engine::{self, Effort, VectorLevel};
    use crate::report::tables;
    use std::ops::ControlFlow;

    fn karaganda() -> Case {
        Case::load(&Source::embedded(), &[]).unwrap()
    }

    fn ever(_: u64, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// A result folder of two towns, one of which misses inputs, and its results.
    fn result(home: &Path) -> (PathBuf, Results) {
        let settings = ["drivers.wage.sigma=0.1".to_owned()];
        let case = Case::load(&Source::embedded(), &[Setting::parse(&settings[0]).unwrap()]).unwrap();
        let stress = case.stresses[0].id.clone();
        let options = Options::select(&case, &["temirtau", "abai"], &[] as &[&str], Some(&stress)).unwrap();
        let options = Options { horizon: 2024, ..options };
        let manifest = Manifest::new(&case, &options, &settings, 700);
        let recipe = Recipe { case, options, manifest };
        let study = recipe.study().unwrap();
        let ensembles = study.go_on(study.begin(0), VectorLevel::best(), 700, &ever);
        let place = home.join("result");
        let (staging, made) = (Staging::new(&place, false).unwrap(), Made { ensembles, stopped: None });
        let draw = |_: &_, _: &_| Ok(Pictures::default());
        let written = write(staging, &recipe, &study, made, &Columns::default(), &draw).unwrap();
        (place, written.results)
    }

    fn refusal(folder: &Path) -> String {
        open(folder).and_then(|archived| archived.results()).unwrap_err().to_string()
    }

    #[test]
    fn results_come_back_without_running() {
        let home = tempfile::tempdir().unwrap();
        let (place, results) = result(home.path());
        let archived = open(&place).unwrap();
        let back = archived.results().unwrap();
        assert_eq!(format!("{back:?}"), format!("{results:?}"));
        for (file, table) in [("summary.csv", tables::summary(&back)), ("paired.csv", tables::paired(&back))]
        {
            assert!(std::fs::read_to_string(place.join(file)).unwrap() == table, "{file}");
        }
        // What the library computes in one go is the same.
        let Recipe { case, options, .. } = &archived.recipe;
        let whole = crate::analyse::study(case, options, Effort::runs(700), &|_, _| {}).unwrap();
        assert_eq!(format!("{whole:?}"), format!("{results:?}"));
    }

    #[test]
    fn the_bytes_are_a_function_of_the_runs() {
        let case = karaganda();
        let options = Options { horizon: 2023, towns: vec![0], ..Options::of(&case) };
        let study = Study::new(&case, &options).unwrap();
        let bytes = |threads| {
            engine::with_threads(threads, || {
                // Stopped after the first few blocks, read back, gone on with.
                let stop = |_, _| ControlFlow::Break(());
                let some = study.go_on(study.begin(0), VectorLevel::best(), 5000, &stop);
                assert!(some.main.range().end < 5000);
                let some = study.decode(&some.encode(&[7; 32]), &[7; 32]).unwrap();
                study.go_on(some, VectorLevel::Baseline, 5000, &ever).encode(&[7; 32])
            })
        };
        let one = bytes(1);
        assert!(bytes(3) == one);
        let whole = study.go_on(study.begin(0), VectorLevel::best(), 5000, &ever);
        assert!(whole.encode(&[7; 32]) == one);
    }

    #[test]
    fn damage_and_foreign_files_are_refused_in_plain_words() {
        let home = tempfile::tempdir().unwrap();
        let (place, _) = result(home.path());
        let file = place.join(ENSEMBLE);
        let good = std::fs::read(&file).unwrap();
        let with = |bytes: &[u8]| {
            std::fs::write(&file, bytes).unwrap();
            refusal(&place)
        };
        let mut bytes = good.clone();
        bytes[good.len() / 2] ^= 1;
        assert!(with(&bytes).contains("damaged"));
        for cut in [8, 9, 20, good.len() / 3, good.len() - 1] {
            assert!(with(&good[..cut]).contains("damaged"), "{cut}");
        }
        assert!(with(b"picture").contains("no ensemble"));
        assert!(with(b"").contains("no ensemble"));
        bytes = good.clone();
        bytes[8] = 9;
        assert!(with(&bytes).contains("format is 9"));
        std::fs::write(&file, &good).unwrap();
        // An input edited in place no longer fits.
        let manifest = place.join("manifest.json");
        let text = std::fs::read_to_string(&manifest).unwrap();
        std::fs::write(&manifest, text.replace("\"horizon\": 2024", "\"horizon\": 2025")).unwrap();
        assert!(refusal(&place).contains("other inputs or with other options"));
        std::fs::write(&manifest, text.replace("\"runs\": 700", "\"runs\": 900")).unwrap();
        assert!(refusal(&place).contains("does not hold all runs"));
        std::fs::write(&manifest, &text).unwrap();
        let plan = place.join("inputs/inertial.toml");
        std::fs::write(&plan, std::fs::read_to_string(&plan).unwrap() + "\n").unwrap();
        assert!(refusal(&place).contains("inertial.toml"));
    }
}
