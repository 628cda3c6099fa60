//! Which lines of the inputs differ between two results.

use std::collections::BTreeMap;

use crate::case::InputFile;

/// Lines shown of each side of a file, at most.
const SHOWN: usize = 10;

/// Says which lines of which files differ: `- file:line: text` stands in the first only, `+` in the second
/// only. Lines that merely moved do not count.
pub fn input_changes(first: &[InputFile], second: &[InputFile]) -> Vec<String> {
    let by_name = |files: &[InputFile]| -> BTreeMap<String, String> {
        files.iter().map(|f| (f.name.clone(), f.text.clone())).collect()
    };
    let (first, second) = (by_name(first), by_name(second));
    let mut said = Vec::new();
    for name in first.keys().chain(second.keys().filter(|name| !first.contains_key(*name))) {
        match (first.get(name), second.get(name)) {
            (Some(a), Some(b)) => {
                say(&mut said, '-', name, a, b);
                say(&mut said, '+', name, b, a);
            }
            (Some(_), None) => said.push(format!("- {name}")),
            _ => said.push(format!("+ {name}")),
        }
    }
    said
}

/// Lines that stand in `here` more often than in `there`.
fn say(said: &mut Vec<String>, sign: char, name: &str, here: &str, there: &str) {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for line in there.lines() {
        *count.entry(line).or_default() += 1;
    }
    let mut only = Vec::new();
    for (number, line) in here.lines().enumerate() {
        match count.get_mut(line) {
            Some(left) if *left > 0 => *left -= 1,
            _ => only.push(format!("{sign} {name}:{}: {}", number + 1, line.trim())),
        }
    }
    let more = only.len().saturating_sub(SHOWN);
    said.extend(only.into_iter().take(SHOWN));
    if more > 0 {
        said.push(format!("{sign} {name}: and {more} more lines"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> InputFile {
        InputFile { name: name.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn changed_added_and_missing_lines_and_files_are_named() {
        let first = [file("a.toml", "x = 1\ny = 2\nz = 3\n"), file("b.csv", "k\n"), file("c.csv", "same\n")];
        let second = [file("a.toml", "z = 3\nx = 1\ny = 5\ny = 6\n"), file("c.csv", "same\n"), file("d", "")];
        assert_eq!(
            input_changes(&first, &second),
            ["- a.toml:2: y = 2", "+ a.toml:3: y = 5", "+ a.toml:4: y = 6", "- b.csv", "+ d"]
        );
        assert!(input_changes(&first, &first).is_empty());
    }

    #[test]
    fn a_file_that_changed_throughout_is_cut_short() {
        let text: Vec<String> = (0..30).map(|k| format!("line {k}\n")).collect();
        let said = input_changes(&[file("a", "")], &[file("a", &text.concat())]);
        assert_eq!(said.len(), SHOWN + 1);
        assert_eq!(said[SHOWN], "+ a: and 20 more lines");
    }
}
