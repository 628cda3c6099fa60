//! Where the keys of a TOML file stand, for messages.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::toml_reader::NAMING_KEYS;

/// Line of each key by its path, as messages name it (`town.temirtau.mix`).
#[derive(Debug, Clone, Default)]
pub(super) struct TomlLines(BTreeMap<String, usize>);

impl TomlLines {
    /// Finds the lines of a file; none where it cannot be read.
    pub(super) fn of(text: &str) -> Self {
        let mut lines = Self::default();
        if let Ok(table) = DeTable::parse(text) {
            lines.add("", table.get_ref(), text);
        }
        lines
    }

    /// Line of the path, or of the nearest key above it.
    pub(super) fn nearest(&self, place: &str) -> Option<usize> {
        let is_end = |rest: &str| rest.is_empty() || rest.starts_with(['.', ' ', ',']);
        let above = |path: &&String| place.strip_prefix(path.as_str()).is_some_and(is_end);
        self.0.keys().filter(above).max_by_key(|path| path.len()).map(|path| self.0[path])
    }

    /// True for a path, or the end of one, outside `[assumptions]`.
    pub(super) fn names(&self, word: &str) -> bool {
        let ends = |path: &String| path.strip_suffix(word).is_some_and(|p| p.is_empty() || p.ends_with('.'));
        self.0.keys().any(|path| !path.starts_with("assumptions.") && ends(path))
    }

    fn add(&mut self, above: &str, table: &DeTable<'_>, text: &str) {
        for (key, value) in table {
            let path = if above.is_empty() {
                key.get_ref().to_string()
            } else {
                format!("{above}.{}", key.get_ref())
            };
            self.0.insert(path.clone(), line_at(text, key.span().start));
            match value.get_ref() {
                DeValue::Table(inner) => self.add(&path, inner, text),
                DeValue::Array(list) => {
                    for (k, entry) in list.iter().enumerate() {
                        let DeValue::Table(inner) = entry.get_ref() else { continue };
                        let id = NAMING_KEYS.iter().find_map(|n| inner.get(*n)?.get_ref().as_str());
                        let path =
                            format!("{path}.{}", id.map_or_else(|| (k + 1).to_string(), str::to_owned));
                        let first = inner.keys().map(|key| key.span().start).min();
                        self.0.insert(path.clone(), line_at(text, first.unwrap_or(entry.span().start)));
                        self.add(&path, inner, text);
                    }
                }
                _ => {}
            }
        }
    }
}

/// The line of a byte, from 1; a line ends with a line feed, a carriage return or both.
pub(super) fn line_at(text: &str, byte: usize) -> usize {
    let before = &text.as_bytes()[..byte.min(text.len())];
    let breaks = |k: usize| match before[k] {
        b'\n' => k == 0 || before[k - 1] != b'\r',
        b'\r' => true,
        _ => false,
    };
    1 + (0..before.len()).filter(|k| breaks(*k)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_line() {
        let text =
            "id = 1\r\n\r\n[region]\r\nmix = { coal = 1 }\r\n[[town]]\r\nsize = 2\r\nid = \"aksu\"\r\n";
        let lines = TomlLines::of(text);
        let at =
            ["id", "region.mix", "region.mix.coal", "town.aksu", "town.aksu.id"].map(|p| lines.nearest(p));
        assert_eq!(at, [Some(1), Some(4), Some(4), Some(6), Some(7)]);
        // What is missing is told where its table stands.
        assert_eq!(lines.nearest("town.aksu.name"), Some(6));
        assert_eq!(lines.nearest("idea"), None);
    }

    #[test]
    fn a_line_ends_in_each_of_three_ways() {
        let text = "a\nb\r\nc\rd";
        let lines = ["a", "b", "c", "d"].map(|letter| line_at(text, text.find(letter).unwrap()));
        assert_eq!(lines, [1, 2, 3, 4]);
    }
}
