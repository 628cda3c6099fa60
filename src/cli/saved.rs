//! A result folder, read back: the case in its `inputs`, the options in its manifest, and the aggregates in
//! `ensemble.bin`, from which everything else can be made again without running.

use std::path::{Path, PathBuf};

use super::BadInput;
use super::case::{choose, load};
use crate::analyse::{Results, Study};
use crate::case::Case;
use crate::engine::Ensembles;
use crate::model::{Options, Uncertainty};
use crate::report::manifest::{FORMAT, InputHash, Manifest, input_hashes};

/// Name of the file of aggregates.
pub(super) const ENSEMBLE: &str = crate::report::folder::CHECKPOINT;
/// A larger file is no ensemble, and is refused unread.
const MAX_BYTES: u64 = 4 << 30;

/// A result folder: what it was made from.
pub(super) struct Saved {
    pub(super) path: PathBuf,
    pub(super) manifest: Manifest,
    pub(super) case: Case,
    pub(super) options: Options,
}

impl Saved {
    /// Reads the manifest, the case and the options of a result folder.
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("manifest.json");
        let bad = |message: String| BadInput(format!("{}: {message}", path.display()));
        let json =
            std::fs::read_to_string(&path).map_err(|e| bad(format!("{e} (is it a result folder?)")))?;
        check_format(&json).map_err(bad)?;
        let manifest: Manifest = serde_json::from_str(&json).map_err(|e| bad(e.to_string()))?;
        let case = load(Some(&folder.join("inputs")), &manifest.settings)?;
        let options = options(&case, &manifest, &bad)?;
        Ok(Self { path: folder.to_owned(), manifest, case, options })
    }

    /// Reads the aggregates, which must be those of these inputs and options.
    pub(super) fn ensembles(&self, study: &Study<'_>) -> anyhow::Result<Ensembles> {
        self.check_inputs()?;
        let path = self.path.join(ENSEMBLE);
        let bad = |message: String| BadInput(format!("{}: {message}", path.display()));
        let size = std::fs::metadata(&path).map_err(|e| bad(e.to_string()))?.len();
        if size > MAX_BYTES {
            return Err(bad(format!("{size} bytes are not allowed (at most {MAX_BYTES})")).into());
        }
        let bytes = std::fs::read(&path).map_err(|e| bad(e.to_string()))?;
        Ok(study.decode(&bytes, &self.manifest.key()).map_err(|e| bad(e.to_string()))?)
    }

    /// Files that were changed, added or taken away since the result was made are no longer its inputs.
    fn check_inputs(&self) -> Result<(), BadInput> {
        let (now, then) = (input_hashes(&self.case), &self.manifest.inputs);
        let differ = |a: &[InputHash], b: &[InputHash]| {
            a.iter().filter(|file| !b.contains(file)).map(|file| file.file.clone()).collect::<Vec<_>>()
        };
        let mut files = [differ(&now, then), differ(then, &now)].concat();
        files.sort();
        files.dedup();
        if files.is_empty() {
            return Ok(());
        }
        let inputs = self.path.join("inputs");
        let files = files.join(", ");
        Err(BadInput(format!("{}: changed since the result was made: {files}", inputs.display())))
    }

    /// The results, from the aggregates.
    pub(super) fn results(&self) -> anyhow::Result<Results> {
        let study = Study::new(&self.case, &self.options)?;
        let ensembles = self.ensembles(&study)?;
        if ensembles.main.range().start > 0 || !ensembles.is_complete(self.manifest.runs) {
            let path = self.path.join(ENSEMBLE);
            let shard = self.manifest.shard.map(|s| format!(" (shard {s}: merge them first)"));
            let shard = shard.unwrap_or_default();
            return Err(BadInput(format!("{}: it does not hold all runs{shard}", path.display())).into());
        }
        Ok(study.summarise(&ensembles))
    }

    /// Folders that another build wrote may not be what this one would make of them: a note on it.
    pub(super) fn note_version(&self) {
        if !self.manifest.is_of_this_program() {
            let Manifest { version, git, .. } = &self.manifest;
            eprintln!(
                "note: {} was written by boljam {version} ({git}); this is another build, whose numbers may differ",
                self.path.display()
            );
        }
    }
}

/// Looks at the format before anything else: the fields of another format are other fields.
fn check_format(json: &str) -> Result<(), String> {
    #[derive(serde::Deserialize)]
    struct Head {
        format: u32,
    }
    let Head { format } = serde_json::from_str(json).map_err(|e| e.to_string())?;
    if format == FORMAT {
        Ok(())
    } else {
        Err(format!("format {format}, but this program reads format {FORMAT}; run it again"))
    }
}

fn options(case: &Case, manifest: &Manifest, bad: &dyn Fn(String) -> BadInput) -> Result<Options, BadInput> {
    let towns: Vec<&str> = case.towns.iter().map(|t| t.id.as_str()).collect();
    let scenarios: Vec<&str> = case.scenarios.iter().map(|s| s.id.as_str()).collect();
    let stresses: Vec<&str> = case.stresses.iter().map(|s| s.id.as_str()).collect();
    let stress = manifest.stress.as_ref().map(|id| choose("stress", std::slice::from_ref(id), &stresses));
    let unknown = || bad(format!("no uncertainty '{}'", manifest.uncertainty));
    Ok(Options {
        seed: manifest.seed,
        horizon: manifest.horizon,
        towns: choose("town", &manifest.towns, &towns)?,
        scenarios: choose("scenario", &manifest.scenarios, &scenarios)?,
        uncertainty: Uncertainty::parse(&manifest.uncertainty).ok_or_else(unknown)?,
        stress: stress.transpose()?.and_then(|places| places.first().copied()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{self, Effort, VectorLevel};
    use crate::report::{self, folder::Staging, manifest, tables};
    use crate::text::{Language, Text};
    use std::ops::ControlFlow;

    /// A result folder of two towns, one of which misses inputs, and its results.
    fn result(home: &Path) -> (PathBuf, Results) {
        let case = load(None, &["drivers.wage.sigma=0.1".to_owned()]).unwrap();
        let towns = ["abai", "temirtau"].map(|id| case.town(id).unwrap()).to_vec();
        let options = Options { horizon: 2024, towns, stress: Some(0), ..Options::of(&case) };
        let study = Study::new(&case, &options).unwrap();
        let go_on = |_, _| ControlFlow::Continue(());
        let ensembles = study.go_on(study.begin(0), VectorLevel::best(), 700, &go_on);
        let manifest = Manifest {
            case: case.id.clone(),
            runs: 700,
            seed: options.seed,
            horizon: 2024,
            towns: vec!["abai".to_owned(), "temirtau".to_owned()],
            scenarios: case.scenarios.iter().map(|s| s.id.clone()).collect(),
            stress: Some(case.stresses[0].id.clone()),
            settings: vec!["drivers.wage.sigma=0.1".to_owned()],
            inputs: manifest::input_hashes(&case),
            ..manifest::example()
        };
        let place = home.join("result");
        let staging = Staging::new(&place, false).unwrap();
        let results = study.summarise(&ensembles);
        report::write(&staging, &case, &results, &manifest, &Text::of(Language::En)).unwrap();
        staging.write(ENSEMBLE, ensembles.encode(&manifest.key())).unwrap();
        staging.publish().unwrap();
        (place, results)
    }

    fn refusal(folder: &Path) -> String {
        Saved::open(folder).and_then(|saved| saved.results()).unwrap_err().to_string()
    }

    #[test]
    fn results_come_back_without_running() {
        let home = tempfile::tempdir().unwrap();
        let (place, results) = result(home.path());
        let saved = Saved::open(&place).unwrap();
        let back = saved.results().unwrap();
        assert_eq!(format!("{back:?}"), format!("{results:?}"));
        for (file, table) in [("summary.csv", tables::summary(&back)), ("paired.csv", tables::paired(&back))]
        {
            assert!(std::fs::read_to_string(place.join(file)).unwrap() == table, "{file}");
        }
        // What the library computes in one go is the same.
        let whole =
            crate::analyse::study(&saved.case, &saved.options, Effort::runs(700), &|_, _| {}).unwrap();
        assert_eq!(format!("{whole:?}"), format!("{results:?}"));
    }

    #[test]
    fn the_bytes_are_a_function_of_the_runs() {
        let case = load(None, &[]).unwrap();
        let options = Options { horizon: 2023, towns: vec![0], ..Options::of(&case) };
        let study = Study::new(&case, &options).unwrap();
        let bytes = |threads| {
            engine::with_threads(threads, || {
                // Stopped after the first few blocks, read back, gone on with.
                let stop = |_, _| ControlFlow::Break(());
                let some = study.go_on(study.begin(0), VectorLevel::best(), 5000, &stop);
                assert!(some.main.range().end < 5000);
                let some = study.decode(&some.encode(&[7; 32]), &[7; 32]).unwrap();
                study
                    .go_on(some, VectorLevel::Baseline, 5000, &|_, _| ControlFlow::Continue(()))
                    .encode(&[7; 32])
            })
        };
        let one = bytes(1);
        assert!(bytes(3) == one);
        let whole = study.go_on(study.begin(0), VectorLevel::best(), 5000, &|_, _| ControlFlow::Continue(()));
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
