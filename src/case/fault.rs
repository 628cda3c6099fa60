//! Faults of the input: all of them, each with its place, what stands there and what is allowed.

use std::collections::BTreeMap;
use std::fmt;

/// So many faults that are alike, and more, are told in one line.
const ALIKE: usize = 4;
/// Where the ids in a column should stand.
const HOMES: [(&str, &str); 4] =
    [("town", "case.toml"), ("commodity", "case.toml"), ("symbol", "method.toml"), ("driver", "drivers.csv")];

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

impl Fault {
    /// Column and line, where the place is a cell of a table.
    fn cell(&self) -> Option<(&str, &str)> {
        let (line, column) = self.place.strip_prefix("line ")?.split_once(", ")?;
        Some((column, line))
    }

    /// What an id of a cell is, the file it should stand in, the id and those that are known, where it is not.
    fn lost_id(&self) -> Option<(&'static str, &'static str, &str, &str)> {
        let (column, _) = self.cell()?;
        // A list of towns says it in words of its own.
        let known = if column == "towns" { "(all, or towns: " } else { "(known: " };
        let (what, home) = HOMES.iter().find(|home| home.0 == column.trim_end_matches('s'))?;
        let (id, rest) = self.message.strip_prefix('\'')?.split_once("' is not allowed ")?;
        Some((what, home, id, rest.strip_prefix(known)?))
    }

    /// What it shares with those that are alike: an id that is lost, or a column and what is wrong in it.
    fn kind(&self) -> Option<(&str, &str, &str)> {
        let (column, _) = self.cell()?;
        let of_cell = (self.file.as_str(), column, self.message.as_str());
        Some(self.lost_id().map_or(of_cell, |(what, home, id, _)| (home, what, id)))
    }
}

impl Faults {
    /// Every fault on a line of its own.
    pub fn details(&self) -> String {
        let lines: Vec<String> = self.0.iter().map(|fault| format!("\n  {fault}")).collect();
        self.count() + &lines.concat()
    }

    fn count(&self) -> String {
        let count = self.0.len();
        format!("{count} fault{} in the case", if count == 1 { "" } else { "s" })
    }

    /// The faults, those of which [`ALIKE`] or more are alike as one group, where its first one stands.
    fn groups(&self) -> Vec<Vec<&Fault>> {
        let mut counts: BTreeMap<_, usize> = BTreeMap::new();
        for key in self.0.iter().filter_map(Fault::kind) {
            *counts.entry(key).or_default() += 1;
        }
        let mut groups: Vec<Vec<&Fault>> = Vec::new();
        let mut places = BTreeMap::new();
        for fault in &self.0 {
            let key = fault.kind().filter(|key| counts[key] >= ALIKE);
            let place = key.map_or(groups.len(), |key| *places.entry(key).or_insert(groups.len()));
            if place == groups.len() {
                groups.push(Vec::new());
            }
            groups[place].push(fault);
        }
        groups
    }
}

/// Tells faults of one kind in a line.
fn told(group: &[&Fault]) -> String {
    let first = group[0];
    let (Some((column, line)), false) = (first.cell(), group.len() < ALIKE) else { return first.to_string() };
    if let Some((what, home, id, known)) = first.lost_id() {
        let mut rows: Vec<(&str, usize)> = Vec::new();
        for fault in group {
            match rows.last_mut().filter(|last| last.0 == fault.file) {
                Some((_, count)) => *count += 1,
                None => rows.push((&fault.file, 1)),
            }
        }
        let plural = |count: usize| if count == 1 { "row" } else { "rows" };
        let rows = rows.iter().map(|(file, count)| format!("{count} {} of {file}", plural(*count)));
        let rows = rows.collect::<Vec<_>>().join(", ");
        return format!("{what} '{id}' is not in {home}: {rows} (known: {known}");
    }
    let count = group.len();
    format!("{}: {count} rows, {column}: {} (line {line} is the first)", first.file, first.message)
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = self.groups();
        f.write_str(&self.count())?;
        if groups.len() < self.0.len() {
            f.write_str(", those that are alike told in one line")?;
        }
        for group in groups {
            write!(f, "\n  {}", told(&group))?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_that_are_alike_are_told_in_one_line_and_one_by_one_on_request() {
        let mut faults = Faults::default();
        for line in 2..7 {
            let place = format!("line {line}, town");
            faults.refuse("panel.csv", place, "'lostville'", "known: region, oretown");
        }
        faults.refuse("printed.csv", "line 9, town", "'lostville'", "known: region, oretown");
        faults.refuse("events.csv", "line 2, towns", "'lostville'", "all, or towns: oretown");
        faults.refuse("panel.csv", "line 3, town", "'elsewhere'", "known: region, oretown");
        for line in 2..6 {
            faults.refuse("panel.csv", format!("line {line}, year"), "''", "a year");
        }
        faults.sort();
        assert_eq!(
            faults.to_string().lines().collect::<Vec<_>>(),
            [
                "12 faults in the case, those that are alike told in one line",
                "  town 'lostville' is not in case.toml: 1 row of events.csv, 5 rows of panel.csv, 1 row of printed.csv (known: oretown)",
                "  panel.csv: 4 rows, year: '' is not allowed (a year) (line 2 is the first)",
                "  panel.csv: line 3, town: 'elsewhere' is not allowed (known: region, oretown)",
            ]
        );
        assert_eq!(faults.details().lines().count(), 13);
    }
}
