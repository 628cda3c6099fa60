//! Faults of the input: all of them, each with its place, what stands there and what is allowed.

use std::fmt;

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file, relative to the case folder.
    pub file: String,
    /// Line and column, or the path of keys.
    pub place: String,
    /// What stands there and what is allowed.
    pub message: String,
    /// Line of the file, where the place does not say it.
    pub line: Option<usize>,
    /// What it may be the other half of.
    slip: Slip,
}

/// A slip of the pen shows twice: as a word that is not known and as one that is missing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Slip {
    #[default]
    Neither,
    /// A word that is not known, and what it stands in.
    Unknown(String, String),
    /// A word that is missing, and what it should stand in.
    Missing(String, String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line.map(|line| format!("line {line}"));
        let place = Some(self.place.clone()).filter(|place| !place.is_empty());
        let place: Vec<String> = line.into_iter().chain(place).collect();
        let place = if place.is_empty() { String::new() } else { format!("{}: ", place.join(", ")) };
        write!(f, "{}: {place}{}", self.file, self.message)
    }
}

/// Every fault of a case, in order of file and place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Notes a fault.
    pub(super) fn add(&mut self, file: &str, place: impl Into<String>, message: impl Into<String>) {
        self.0.push(Fault {
            file: file.to_owned(),
            place: place.into(),
            message: message.into(),
            line: None,
            slip: Slip::Neither,
        });
    }

    /// Notes a word that is not known in what it stands in.
    pub(super) fn unknown(&mut self, file: &str, place: &str, (inside, word): (&str, &str), message: String) {
        self.add(file, place, message);
        self.slip(Slip::Unknown(inside.to_owned(), word.to_owned()));
    }

    /// Notes a word that is missing from what it should stand in.
    pub(super) fn missing(&mut self, file: &str, place: &str, (inside, word): (&str, &str), message: String) {
        self.add(file, place, message);
        self.slip(Slip::Missing(inside.to_owned(), word.to_owned()));
    }

    fn slip(&mut self, slip: Slip) {
        if let Some(last) = self.0.last_mut() {
            last.slip = slip;
        }
    }

    /// Makes one fault of an unknown word and a missing one that differ by a letter or two.
    pub(super) fn join_slips(&mut self) {
        let mut dropped = Vec::new();
        for k in 0..self.0.len() {
            let Slip::Unknown(inside, word) = self.0[k].slip.clone() else { continue };
            let file = self.0[k].file.clone();
            let meant = |fault: &Fault| match &fault.slip {
                Slip::Missing(at, other) if *at == inside && fault.file == file => {
                    (strsim::damerau_levenshtein(&word, other) <= 1 + word.len() / 8).then(|| other.clone())
                }
                _ => None,
            };
            let found = (0..self.0.len()).find_map(|m| Some((m, meant(&self.0[m])?)));
            if let Some((m, meant)) = found.filter(|(m, _)| !dropped.contains(m)) {
                dropped.push(m);
                let message = &mut self.0[k].message;
                *message =
                    message.replacen(" (known", &format!("; is it '{meant}', which is missing? (known"), 1);
            }
        }
        let mut k = 0;
        self.0.retain(|_| {
            k += 1;
            !dropped.contains(&(k - 1))
        });
    }

    /// Puts the faults in order of file and place (line 9 before line 10), each once.
    pub(super) fn sort(&mut self) {
        let natural = |text: &str| {
            let mut key = String::new();
            let mut digits = String::new();
            for c in text.chars().chain(['.']) {
                if c.is_ascii_digit() {
                    digits.push(c);
                } else {
                    if !digits.is_empty() {
                        key.push_str(&"0".repeat(9_usize.saturating_sub(digits.len())));
                        key.push_str(&digits);
                    }
                    digits.clear();
                    key.push(c);
                }
            }
            key
        };
        // Of two faults of one place, the file's order is that of its lines.
        let key = |f: &Fault| (f.file.clone(), f.line, natural(&f.place), f.message.clone());
        self.0.sort_by_cached_key(key);
        self.0.dedup();
    }

    /// A value that is not allowed.
    pub(super) fn refuse(
        &mut self,
        file: &str,
        place: impl Into<String>,
        value: impl fmt::Display,
        allowed: &str,
    ) {
        self.add(file, place, format!("{value} is not allowed ({allowed})"));
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        write!(f, "{count} fault{} in the case", if count == 1 { "" } else { "s" })?;
        for fault in &self.0 {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
