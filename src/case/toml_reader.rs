//! Reading TOML tables key by key, noting every fault instead of stopping at the first.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::fault::Faults;
use super::{Name, id};
use crate::formula::Formula;

/// A table of a TOML file, and which of its keys were asked for.
pub(super) struct Node<'a> {
    pub(super) file: &'a str,
    /// Path of keys from the top, empty there.
    pub(super) path: String,
    table: &'a Table,
    known: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Node<'a> {
    pub(super) fn new(file: &'a str, path: String, table: &'a Table) -> Self {
        Self { file, path, table, known: RefCell::default() }
    }

    /// The place of a key, for messages.
    pub(super) fn place(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn has(&self, key: &'static str) -> bool {
        self.known.borrow_mut().insert(key);
        self.table.contains_key(key)
    }

    fn get(&self, key: &'static str, what: &str, faults: &mut Faults) -> Option<&'a Value> {
        self.known.borrow_mut().insert(key);
        let value = self.table.get(key);
        if value.is_none() {
            let inside = (self.path.as_str(), key);
            faults.missing(self.file, &self.place(key), inside, format!("is missing ({what})"));
        }
        value
    }

    pub(super) fn text(&self, key: &'static str, faults: &mut Faults) -> String {
        match self.get(key, "a text", faults) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => {
                faults.refuse(self.file, self.place(key), other, "a text in quotes");
                String::new()
            }
            None => String::new(),
        }
    }

    /// A text that is not empty.
    pub(super) fn filled(&self, key: &'static str, faults: &mut Faults) -> String {
        let text = self.text(key, faults);
        if text.trim().is_empty() && self.table.get(key).is_some_and(Value::is_str) {
            faults.refuse(self.file, self.place(key), format!("'{text}'"), "a text that is not empty");
        }
        text
    }

    /// An id of its own.
    pub(super) fn new_id(&self, key: &'static str, faults: &mut Faults) -> String {
        let text = self.text(key, faults);
        if self.table.get(key).is_some_and(Value::is_str)
            && let Some(allowed) = id::objection(&text)
        {
            faults.refuse(self.file, self.place(key), format!("'{text}'"), allowed);
        }
        text
    }

    pub(super) fn text_or(&self, key: &'static str, default: &str, faults: &mut Faults) -> String {
        if self.has(key) { self.text(key, faults) } else { default.to_owned() }
    }

    /// A finite number in a range.
    pub(super) fn number(&self, key: &'static str, low: f64, high: f64, faults: &mut Faults) -> f64 {
        let allowed = format!("a number from {low} to {high}");
        let number = match self.get(key, &allowed, faults) {
            Some(Value::Float(x)) => *x,
            Some(Value::Integer(x)) => *x as f64,
            Some(other) => {
                faults.refuse(self.file, self.place(key), other, &allowed);
                return low;
            }
            None => return low,
        };
        if number.is_finite() && number >= low && number <= high {
            return number;
        }
        faults.refuse(self.file, self.place(key), number, &allowed);
        low
    }

    pub(super) fn integer(&self, key: &'static str, low: i64, high: i64, faults: &mut Faults) -> i64 {
        let range = format!("a whole number from {low} to {high}");
        let allowed = if low == high { format!("only {low} is offered") } else { range };
        match self.get(key, &allowed, faults) {
            Some(Value::Integer(x)) if (low..=high).contains(x) => *x,
            Some(other) => {
                faults.refuse(self.file, self.place(key), other, &allowed);
                low
            }
            None => low,
        }
    }

    pub(super) fn flag(&self, key: &'static str, faults: &mut Faults) -> bool {
        if !self.has(key) {
            return false;
        }
        match self.get(key, "true or false", faults) {
            Some(Value::Boolean(flag)) => *flag,
            Some(other) => {
                faults.refuse(self.file, self.place(key), other, "true or false");
                false
            }
            None => false,
        }
    }

    /// One of a few words; the first of them where there is a fault.
    pub(super) fn choice<T: Copy>(&self, key: &'static str, words: &[(&str, T)], faults: &mut Faults) -> T {
        let allowed = words.iter().map(|w| w.0).collect::<Vec<_>>().join(", ");
        let text = self.text(key, faults);
        if let Some((_, value)) = words.iter().find(|w| w.0 == text) {
            return *value;
        }
        if self.table.get(key).is_some_and(Value::is_str) {
            faults.refuse(self.file, self.place(key), format!("'{text}'"), &allowed);
        }
        words[0].1
    }

    pub(super) fn texts(&self, key: &'static str, faults: &mut Faults) -> Vec<String> {
        let Some(value) = self.get(key, "a list of texts", faults) else { return Vec::new() };
        let list = value.as_array().map(|a| a.iter().map(|v| v.as_str().map(str::to_owned)).collect());
        let texts: Option<Vec<String>> = list.unwrap_or(None);
        texts.unwrap_or_else(|| {
            faults.refuse(self.file, self.place(key), value, "a list of texts");
            Vec::new()
        })
    }

    pub(super) fn numbers(&self, key: &'static str, faults: &mut Faults) -> Vec<f64> {
        let Some(value) = self.get(key, "a list of numbers", faults) else { return Vec::new() };
        let number = |v: &Value| v.as_float().or_else(|| v.as_integer().map(|x| x as f64));
        let list = value.as_array().map(|a| a.iter().map(number).collect());
        let numbers: Option<Vec<f64>> = list.unwrap_or(None);
        numbers.unwrap_or_else(|| {
            faults.refuse(self.file, self.place(key), value, "a list of numbers");
            Vec::new()
        })
    }

    pub(super) fn name(&self, key: &'static str, faults: &mut Faults) -> Name {
        let Some(node) = self.node(key, faults) else {
            return Name { en: String::new(), kk: String::new(), ru: String::new() };
        };
        node.as_name(faults)
    }

    /// The table itself as a name in one language or more.
    fn as_name(&self, faults: &mut Faults) -> Name {
        let given = ["en", "kk", "ru"].map(|key| self.has(key).then(|| self.filled(key, faults)));
        let name = Name::of(given).unwrap_or_else(|| {
            let en = self.filled("en", faults);
            Name { kk: en.clone(), ru: en.clone(), en }
        });
        self.finish(faults);
        name
    }

    /// All entries of a table of names whose keys are data.
    pub(super) fn names(&self, faults: &mut Faults) -> BTreeMap<String, Name> {
        let mut names = BTreeMap::new();
        for (key, value) in self.table {
            match value {
                Value::Table(table) => {
                    let node = Node::new(self.file, self.place(key), table);
                    names.insert(key.clone(), node.as_name(faults));
                }
                other => faults.refuse(self.file, self.place(key), other, "a table of en, kk, ru"),
            }
        }
        names
    }

    pub(super) fn formula(&self, key: &'static str, faults: &mut Faults) -> Option<Formula> {
        let text = self.text(key, faults);
        parse_formula(self.file, &self.place(key), &text, faults)
    }

    /// The table of a key.
    pub(super) fn node(&self, key: &'static str, faults: &mut Faults) -> Option<Self> {
        match self.get(key, "a table", faults)? {
            Value::Table(table) => Some(Node::new(self.file, self.place(key), table)),
            other => {
                faults.refuse(self.file, self.place(key), other, "a table");
                None
            }
        }
    }

    /// The tables of a list, each named in messages by its `id` (or symbol, or class), else its number.
    pub(super) fn nodes(&self, key: &'static str, faults: &mut Faults) -> Vec<Self> {
        if !self.has(key) {
            return Vec::new();
        }
        let Some(Value::Array(list)) = self.table.get(key) else {
            faults.add(self.file, self.place(key), "must be a list of tables");
            return Vec::new();
        };
        if list.len() >= MANY {
            let count = format!("a list of {}", list.len());
            faults.refuse(self.file, self.place(key), count, &format!("fewer than {MANY}"));
        }
        let mut nodes = Vec::new();
        for (k, value) in list.iter().enumerate().take(MANY) {
            let Value::Table(table) = value else {
                faults.refuse(self.file, self.place(key), value, "a table");
                continue;
            };
            let id = NAMING_KEYS.iter().find_map(|n| table.get(*n).and_then(Value::as_str));
            let label = id.map_or_else(|| (k + 1).to_string(), str::to_owned);
            nodes.push(Node::new(self.file, format!("{}.{label}", self.place(key)), table));
        }
        nodes
    }

    /// All entries of a table whose keys are data. Marks them as known.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.table.iter()
    }

    /// Notes every key that nobody asked for.
    pub(super) fn finish(&self, faults: &mut Faults) {
        let known = self.known.borrow();
        for key in self.table.keys().filter(|k| !known.contains(k.as_str())) {
            let list = known.iter().copied().collect::<Vec<_>>().join(", ");
            let inside = (self.path.as_str(), key.as_str());
            faults.unknown(self.file, &self.place(key), inside, format!("unknown key (known here: {list})"));
        }
    }
}

/// So many rows or tables of one kind are no case, and checking them would take for ever.
pub(super) const MANY: usize = 201;
/// Keys that name a table within a list.
pub(super) const NAMING_KEYS: [&str; 3] = ["id", "symbol", "class"];

/// Notes every key and text with characters that no text may hold.
pub(super) fn check_texts(file: &str, path: &str, value: &Value, faults: &mut Faults) {
    match value {
        Value::String(text) if text.contains(id::is_control) => {
            faults.refuse(file, path, format!("{text:?}"), id::ONE_LINE);
        }
        Value::Array(list) => {
            for (k, value) in list.iter().enumerate() {
                let named = NAMING_KEYS.iter().find_map(|n| value.get(*n)?.as_str());
                let label = named.map_or_else(|| (k + 1).to_string(), |name| name.escape_debug().to_string());
                check_texts(file, &format!("{path}.{label}"), value, faults);
            }
        }
        Value::Table(table) => {
            for (key, value) in table {
                let place = if path.is_empty() {
                    key.escape_debug().to_string()
                } else {
                    format!("{path}.{}", key.escape_debug())
                };
                if key.contains(id::is_control) {
                    faults.refuse(file, place.clone(), format!("{key:?}"), id::ONE_LINE);
                }
                check_texts(file, &place, value, faults);
            }
        }
        _ => {}
    }
}

/// Reads a formula and notes what is wrong with it.
pub(super) fn parse_formula(file: &str, place: &str, text: &str, faults: &mut Faults) -> Option<Formula> {
    if text.is_empty() {
        return None;
    }
    match Formula::parse(text) {
        Ok(formula) => Some(formula),
        Err(error) => {
            faults.add(file, place, format!("'{text}' is no formula: {error}"));
            None
        }
    }
}

/// Notes every name of a formula that is not allowed there.
pub(super) fn check_names(
    file: &str,
    place: &str,
    formula: &Formula,
    allowed: &[String],
    faults: &mut Faults,
) {
    for name in formula.names() {
        if !allowed.iter().any(|a| a == name) {
            let list = allowed.join(", ");
            faults.add(file, place, format!("'{name}' in the formula is unknown (known here: {list})"));
        }
    }
}
