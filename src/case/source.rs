//! Where the files of a case come from: a folder, or the program itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::fault::Faults;

/// Larger files are refused unread.
const MAX_BYTES: u64 = 4 * 1024 * 1024;
/// A folder with more files than this is no case.
const MAX_FILES: usize = 200;

/// The files of a case, by name (with forward slashes).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// Where they come from, for messages.
    pub origin: String,
    /// Name and text.
    pub files: BTreeMap<String, String>,
}

macro_rules! embed {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../scenarios/karaganda/", $name)))),*]
    };
}

/// The shipped case.
const EMBEDDED: &[(&str, &str)] = embed![
    "assessment.csv",
    "balanced.toml",
    "base_levels.csv",
    "calibration.toml",
    "case.toml",
    "chronicle.csv",
    "consumer_prices.csv",
    "correlations.csv",
    "cross_impacts.csv",
    "diversification.toml",
    "drivers.csv",
    "events.csv",
    "factors.toml",
    "inertial.toml",
    "innovative.toml",
    "limits.csv",
    "method.toml",
    "missing.csv",
    "observed.csv",
    "panel.csv",
    "posterior.csv",
    "price_correlations.csv",
    "price_history.csv",
    "price_long_history.csv",
    "price_process.csv",
    "prices.toml",
    "printed.csv",
    "region.csv",
    "stress/all_2015.toml",
    "stress/bust_2011.toml",
    "stress/coal_2022.toml",
    "stress/copper_1997.toml",
    "stress/copper_2008.toml",
    "stress/crash_2008.toml",
    "stress/pandemic_2020.toml",
    "stress/severe.toml",
    "stress/steel_iron_2013.toml",
];

impl Source {
    /// The Karaganda case that is part of the program.
    pub fn embedded() -> Self {
        let files = EMBEDDED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Self { origin: "the embedded case".to_owned(), files }
    }

    /// The TOML and CSV files of a folder and of its `stress` folder.
    ///
    /// # Errors
    /// [`Faults`] naming every file that cannot be read, is no UTF-8 or is larger than 4 MiB.
    pub fn folder(path: &Path) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut source = Self { origin: path.display().to_string(), files: BTreeMap::new() };
        source.read_folder(path, "", &mut faults);
        if path.join("stress").is_dir() {
            source.read_folder(&path.join("stress"), "stress/", &mut faults);
        }
        if faults.0.is_empty() { Ok(source) } else { Err(faults) }
    }

    fn read_folder(&mut self, path: &Path, prefix: &str, faults: &mut Faults) {
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => {
                return faults.add(&path.display().to_string(), "", format!("cannot be read: {error}"));
            }
        };
        let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
        paths.sort();
        let wanted = |p: &Path| p.extension().is_some_and(|e| e == "toml" || e == "csv");
        for file in paths.iter().filter(|p| wanted(p)) {
            let name = format!("{prefix}{}", file.file_name().unwrap_or_default().to_string_lossy());
            if self.files.len() >= MAX_FILES {
                return faults.add(&name, "", format!("more than {MAX_FILES} files: this is no case folder"));
            }
            match read(file) {
                Ok(text) => drop(self.files.insert(name, text)),
                Err(message) => faults.add(&name, "", message),
            }
        }
    }
}

fn read(path: &Path) -> Result<String, String> {
    let metadata = fs::metadata(path).map_err(|e| format!("cannot be read: {e}"))?;
    if !metadata.is_file() {
        // Reading a named pipe would wait for ever.
        return Err("cannot be read: it is no file".to_owned());
    }
    let size = metadata.len();
    if size > MAX_BYTES {
        return Err(format!("{size} bytes are not allowed (at most {MAX_BYTES})"));
    }
    let bytes = fs::read(path).map_err(|e| format!("cannot be read: {e}"))?;
    String::from_utf8(bytes).map_err(|e| {
        let before = &e.as_bytes()[..e.utf8_error().valid_up_to()];
        let line = before.split(|b| *b == b'\n').count();
        format!("line {line} is not UTF-8: save the file as UTF-8 (of a spreadsheet, as 'CSV UTF-8')")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_case_is_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/karaganda");
        assert_eq!(Source::folder(&folder).unwrap().files, Source::embedded().files);
    }
}
