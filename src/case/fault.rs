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
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            write!(f, "{}: {}", self.file, self.message)
        } else {
            write!(f, "{}: {}: {}", self.file, self.place, self.message)
        }
    }
}

/// Every fault of a case, in order of file and place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Notes a fault.
    pub(super) fn add(&mut self, file: &str, place: impl Into<String>, message: impl Into<String>) {
        self.0.push(Fault { file: file.to_owned(), place: place.into(), message: message.into() });
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
        self.0.sort_by_cached_key(|f| (f.file.clone(), natural(&f.place), f.message.clone()));
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
