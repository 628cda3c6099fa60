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

/// Applies settings to a TOML file.
pub(super) fn apply_to_toml(name: &str, table: &mut Table, settings: &[Setting], faults: &mut Faults) {
    for setting in settings.iter().filter(|s| format!("{}.toml", s.file) == name) {
        let mut path: Vec<&str> = setting.path.iter().map(String::as_str).collect();
        let in_plan = !table.contains_key(path[0]) && table.contains_key("plan");
        if in_plan {
            path.insert(0, "plan");
        }
        match find(table, &path) {
            Ok(value) => *value = parse_value(&setting.value, value),
            Err(known) => {
                faults.add(name, setting.place(), format!("nothing of that name (known there: {known})"));
            }
        }
    }
}

/// The value at a path: keys of tables, or the id, symbol or class of a table in one of the lists.
fn find<'a>(table: &'a mut Table, path: &[&str]) -> Result<&'a mut Value, String> {
    let Some((first, rest)) = path.split_first() else { return Err(String::new()) };
    if table.contains_key(*first) {
        let value = table.get_mut(*first).ok_or_else(String::new)?;
        if rest.is_empty() {
            return Ok(value);
        }
        return match value {
            Value::Table(inner) => find(inner, rest),
            _ => Err(format!("{first} itself")),
        };
    }
    let known = table.keys().cloned().collect::<Vec<_>>().join(", ");
    let is_named = |v: &Value| NAMING_KEYS.iter().any(|k| v.get(k).and_then(Value::as_str) == Some(*first));
    let lists = table.iter_mut().filter_map(|(_, v)| v.as_array_mut());
    let named = lists.flat_map(|list| list.iter_mut()).find(|v| is_named(v));
    match named.and_then(Value::as_table_mut) {
        Some(inner) if !rest.is_empty() => find(inner, rest),
        _ => Err(known),
    }
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
        match (table.rows.iter_mut().find(|r| is_row(&r.cells)), place) {
            (Some(row), Some(place)) if place < row.cells.len() => {
                row.cells[place].clone_from(&setting.value);
            }
            (None, _) => faults.add(&name, setting.place(), format!("no row '{}'", key.join(", "))),
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
