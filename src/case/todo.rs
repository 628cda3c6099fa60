//! What waits for the author of a case: every place that says 'fill me in:'.

use std::path::Path;

use super::Source;

/// The words that mark such a place, in a comment or a text.
const MARK: &str = "fill me in:";

/// A place to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Todo {
    /// The file, relative to the case folder.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// What of the file it is: key cells of a row, table and key.
    pub item: String,
    /// What to put there.
    pub what: String,
}

/// Every place to fill in, in order of file and line.
pub fn todo(source: &Source) -> Vec<Todo> {
    let mut list = Vec::new();
    for (file, text) in &source.files {
        let is_table = Path::new(file).extension().is_some_and(|e| e == "csv");
        let mut table = String::new();
        for (k, line) in text.lines().enumerate() {
            if !is_table {
                table = header(line, text, k).unwrap_or(table);
            }
            let Some((before, after)) = line.split_once(MARK) else { continue };
            let item = if is_table { keys(before) } else { key(before, &table) };
            list.push(Todo { file: file.clone(), line: k + 1, item, what: what(before, after) });
        }
    }
    list
}

/// The leading cells of a row that are ids, at most two.
fn keys(row: &str) -> String {
    let is_id = |cell: &&str| cell.starts_with(|c: char| c.is_ascii_alphabetic()) && !cell.contains(' ');
    row.split(',').take(2).take_while(is_id).collect::<Vec<_>>().join(", ")
}

/// Table and key of a TOML line.
fn key(before: &str, table: &str) -> String {
    let key = before.split(['=', '#', '[']).next().unwrap_or_default().trim();
    [table, key].iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(", ")
}

/// The name of the table that a line begins, with the id on the line after it where it is one of a list.
fn header(line: &str, text: &str, k: usize) -> Option<String> {
    let name = line.split('#').next()?.trim();
    let name = name.strip_prefix('[')?.strip_suffix(']')?;
    let Some(name) = name.strip_prefix('[').and_then(|n| n.strip_suffix(']')) else {
        return Some(name.to_owned());
    };
    let next = text.lines().nth(k + 1).unwrap_or_default();
    Some(next.split('"').nth(1).map_or_else(|| name.to_owned(), |id| format!("{name} {id}")))
}

/// What stands after the mark: up to the closing quote where it stands in a text, without what follows in brackets.
fn what(before: &str, after: &str) -> String {
    let is_quoted = before.matches('"').count() % 2 == 1;
    let inside = if is_quoted { after.split('"').next().unwrap_or_default() } else { after };
    inside.split(" (assumption").next().unwrap_or_default().trim().trim_end_matches(',').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_in_comments_texts_and_rows() {
        let mut source = Source::default();
        let toml = "a = 1\n[[town]]\nid = \"x\"\nname = { en = \"X\" } # fill me in: its name\n[plan] # fill me in: lines\n";
        source.files.insert("case.toml".to_owned(), toml.to_owned());
        let csv = "town,level,basis\nx,wage,\"fill me in: mean, % (assumption until then)\"\nx,people,fill me in: all,\n";
        source.files.insert("levels.csv".to_owned(), csv.to_owned());
        let found = todo(&source);
        let told = found.iter().map(|t| format!("{}:{} {}: {}", t.file, t.line, t.item, t.what));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                "case.toml:4 town x, name: its name",
                "case.toml:5 plan: lines",
                "levels.csv:2 x, wage: mean, %",
                "levels.csv:3 x, people: all",
            ]
        );
        assert!(todo(&Source::embedded()).is_empty());
    }
}
