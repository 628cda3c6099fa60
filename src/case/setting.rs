//! Settings that override single values of a case: `diversification.other_output.multiple=3.0`.

use toml::{Table, Value};

use super::csv_reader::CsvTable;
use super::fault::Faults;
use super::toml_reader::NAMING_KEYS;

/// A value to use instead of what a file says.
///
/// The key is the file's name without its ending, then what names the row or table, then the field; `.` joins
/// them: `case.horizon`, `method.TDea.average.to`, `drivers.unemployment.sigma`,
/// `cross_impacts.wage.net_migration.long_run_effect`. In a scenario `plan` can be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Name of the file without its ending.
    pub file: String,
    /// Path inside the file.
    pub path: Vec<String>,
    /// The value as written.
    pub value: String,
}

impl Setting {
    /// Reads `key=value`.
    ///
    /// A key that the file leaves out although it may stand there (`start` of a plan line, another
    /// commodity of a mix) can be set as well.
    ///
    /// # Errors
    /// A sentence that says what is missing.
    ///
    /// # Examples
    /// ```
    /// use boljam::case::Setting;
    /// let setting = Setting::parse("drivers.unemployment.sigma=0.1").unwrap();
    /// assert_eq!((setting.file.as_str(), setting.value.as_str()), ("drivers", "0.1"));
    /// assert!(Setting::parse("sigma").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        let (key, value) = text.split_once('=').ok_or_else(|| format!("'{text}' has no '=' (key=value)"))?;
        let mut path = key.trim().split('.').map(|s| s.trim().to_owned());
        let file = path.next().filter(|f| !f.is_empty());
        let path: Vec<String> = path.collect();
        match file {
            Some(file) if !path.is_empty() && path.iter().all(|p| !p.is_empty()) => {
                Ok(Self { file, path, value: value.trim().to_owned() })
            }
            _ => Err(format!("'{key}' is no key (file.entry.field, such as drivers.unemployment.sigma)")),
        }
    }

    fn place(&self) -> String {
        format!("--set {}.{}", self.file, self.path.join("."))
    }
}

impl Setting {
    /// True when a fault at this place of a file is about the value that is set.
    pub(super) fn is_at(&self, file: &str, place: &str) -> bool {
        let own = file.strip_suffix(".toml").is_some_and(|name| name == self.file);
        let named = self.path.iter().all(|word| place.contains(word.as_str()));
        own && (place.starts_with("--set ")
            || (named && self.path.last().is_some_and(|w| place.ends_with(w.as_str()))))
    }
}

/// Applies settings to a TOML file.
pub(super) fn apply_to_toml(name: &str, table: &mut Table, settings: &[Setting], faults: &mut Faults) {
    for setting in settings.iter().filter(|s| format!("{}.toml", s.file) == name) {
        let mut path: Vec<&str> = setting.path.iter().map(String::as_str).collect();
        let in_plan =
            path.first().is_some_and(|first| !table.contains_key(*first) && is_named(table, first).is_none());
        // A field of the file itself (one word) is no line of the plan.
        if in_plan && path.len() > 1 && table.contains_key("plan") {
            path.insert(0, "plan");
        }
        if let Err(known) = set(table, &path, &setting.value) {
            faults.add(name, setting.place(), format!("nothing of that name (known there: {known})"));
        }
    }
}

/// Sets the value at a path: keys of tables, or the id, symbol or class of a table in one of the lists. The
/// last word may be a key that can be left out in the file; whether it is one is for the loader to say.
fn set(table: &mut Table, path: &[&str], text: &str) -> Result<(), String> {
    let [first, rest @ ..] = path else { return Err(names(table)) };
    let named = is_named(table, first).filter(|_| !table.contains_key(*first));
    let inner = match &named {
        Some((list, k)) => table.get_mut(list).and_then(|list| list.get_mut(*k)),
        None => table.get_mut(*first),
    };
    match (inner, rest.is_empty()) {
        (Some(Value::Table(inner)), false) => set(inner, rest, text),
        (Some(value), true) if named.is_none() => {
            *value = parse_value(text, value);
            Ok(())
        }
        (Some(Value::Table(inner)), true) => Err(names(inner)),
        (Some(_), _) => Err(format!("{first} itself")),
        (None, true) => {
            table.insert((*first).to_owned(), parse_value(text, &Value::Boolean(false)));
            Ok(())
        }
        (None, false) => Err(names(table)),
    }
}

/// The list and the place in it of the table that a word names.
fn is_named(table: &Table, word: &str) -> Option<(String, usize)> {
    let find = |list: &Value| list.as_array()?.iter().position(|v| name_of(v) == Some(word));
    table.iter().find_map(|(key, list)| Some((key.clone(), find(list)?)))
}

fn name_of(value: &Value) -> Option<&str> {
    NAMING_KEYS.iter().find_map(|k| value.get(k).and_then(Value::as_str))
}

/// Everything that a word can name in a table.
fn names(table: &Table) -> String {
    let lists = table.values().filter_map(Value::as_array).flatten().filter_map(name_of);
    let all: Vec<&str> = table.keys().map(String::as_str).chain(lists).collect();
    some_of(&all)
}

/// A list of names, the first thirty of a long one.
fn some_of(names: &[&str]) -> String {
    let (shown, more) = names.split_at(names.len().min(30));
    let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    format!("{}{more}", shown.join(", "))
}

/// The value as the kind of thing that stands there now, or as text.
fn parse_value(text: &str, now: &Value) -> Value {
    if matches!(now, Value::String(_)) {
        return Value::String(text.to_owned());
    }
    let whole = text.parse::<i64>().ok().map(Value::Integer);
    let number = || text.parse::<f64>().ok().map(Value::Float);
    let flag = || text.parse::<bool>().ok().map(Value::Boolean);
    whole.or_else(number).or_else(flag).unwrap_or_else(|| Value::String(text.to_owned()))
}

/// Applies settings to a CSV table: key cells name the row, the last word names the column.
pub(super) fn apply_to_csv(table: &mut CsvTable, keys: &[&str], settings: &[Setting], faults: &mut Faults) {
    let name = table.file.clone();
    for setting in settings.iter().filter(|s| format!("{}.csv", s.file) == name) {
        let (column, key) = match setting.path.split_last() {
            Some((column, key)) if key.len() == keys.len() => (column, key),
            _ => {
                let form = keys.join(".");
                faults.add(
                    &name,
                    setting.place(),
                    format!("must have the form {}.{form}.column", setting.file),
                );
                continue;
            }
        };
        let places: Vec<Option<usize>> =
            keys.iter().map(|k| table.columns.iter().position(|c| c == k)).collect();
        let is_row = |cells: &[String]| {
            places.iter().zip(key).all(|(p, k)| p.and_then(|p| cells.get(p)).is_some_and(|cell| cell == k))
        };
        let place = table.columns.iter().position(|c| c == column);
        let columns = table.columns.join(", ");
        let cell =
            |cells: &[String], p: Option<usize>| p.and_then(|p| cells.get(p).cloned()).unwrap_or_default();
        let row_keys =
            |cells: &[String]| places.iter().map(|p| cell(cells, *p)).collect::<Vec<_>>().join(".");
        let rows: Vec<String> = table.rows.iter().map(|r| row_keys(&r.cells)).collect();
        match (table.rows.iter_mut().find(|r| is_row(&r.cells)), place) {
            (Some(row), Some(place)) if place < row.cells.len() => {
                row.cells[place].clone_from(&setting.value);
            }
            (None, _) => {
                let known = some_of(&rows.iter().map(String::as_str).collect::<Vec<_>>());
                faults.add(&name, setting.place(), format!("no row '{}' (known: {known})", key.join(".")));
            }
            _ => faults.add(&name, setting.place(), format!("no column '{column}' (known: {columns})")),
        }
    }
}

/// Notes settings for files that the case does not have.
pub(super) fn check_files(settings: &[Setting], files: &[&str], faults: &mut Faults) {
    for setting in settings {
        let names = [format!("{}.toml", setting.file), format!("{}.csv", setting.file)];
        if !files.iter().any(|f| names.iter().any(|n| n == f)) {
            let known: Vec<&str> = files.iter().filter_map(|f| f.split('.').next()).collect();
            let known = known.join(", ");
            faults.add("--set", setting.place(), format!("no file '{}' (known: {known})", setting.file));
        }
    }
}
