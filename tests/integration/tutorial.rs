//! The tutorials: every command of theirs is run, every edit made, and what they print is what is printed.

use std::fs;
use std::path::Path;

use crate::cli::boljam;

/// A fenced block: what stands after the fence, and its lines.
struct Block {
    kind: String,
    lines: Vec<String>,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match (line.strip_prefix("```"), inside) {
            (Some(kind), false) => blocks.push(Block { kind: kind.to_owned(), lines: Vec::new() }),
            (None, true) => blocks.last_mut().unwrap().lines.push(line.to_owned()),
            _ => {}
        }
        inside ^= line.starts_with("```");
    }
    blocks
}

/// Puts `+` lines where the `-` lines before them stand, and at the end where there are none.
fn edit(file: &Path, lines: &[String]) {
    let mut text: Vec<String> = fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect();
    let mut place = None;
    for line in lines {
        let (sign, line) = line.split_at(1);
        if sign == "-" {
            let found = text.iter().position(|l| l == line);
            place = Some(found.unwrap_or_else(|| panic!("{} has no line {line}", file.display())));
            text.remove(place.unwrap());
        } else {
            assert_eq!(sign, "+", "{line}");
            text.insert(place.unwrap_or(text.len()), line.to_owned());
            place = place.map(|k| k + 1);
        }
    }
    fs::write(file, text.join("\n") + "\n").unwrap();
}

/// Follows a page; gives the number of commands and of lines that were compared.
fn follow(home: &Path, page: &str) -> (usize, usize) {
    let (mut commands, mut compared) = (0, 0);
    let mut said = String::new();
    for Block { kind, lines } in blocks(page) {
        match kind.split_once(' ').map_or((kind.as_str(), ""), |k| k) {
            ("sh", _) => {
                said.clear();
                for line in lines.iter().filter_map(|line| line.split('#').next()?.strip_prefix("boljam ")) {
                    let arguments: Vec<&str> = line.split_whitespace().collect();
                    let told = boljam(home, &arguments);
                    assert_eq!(told.code, 0, "{line}\n{}", told.err);
                    said.push_str(&told.out);
                    commands += 1;
                }
            }
            ("text", _) => {
                let mut rest = said.lines().map(str::trim_end);
                for line in lines.iter().filter(|line| *line != "..") {
                    assert!(
                        rest.any(|told| told == line.trim_end()),
                        "'{line}' is not what is printed:\n{said}"
                    );
                    compared += 1;
                }
            }
            ("diff", file) => edit(&home.join(file), &lines),
            (other, _) => panic!("a block of '{other}'"),
        }
    }
    (commands, compared)
}

#[test]
fn your_region_is_as_the_page_says() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/your-region.md");
    let home = tempfile::tempdir().unwrap();
    let (commands, compared) = follow(home.path(), &fs::read_to_string(page).unwrap());
    assert!(commands >= 7 && compared >= 12, "{commands} commands, {compared} lines");
}

#[test]
#[should_panic(expected = "is not what is printed")]
fn a_page_that_is_wrong_is_found() {
    follow(
        tempfile::tempdir().unwrap().path(),
        "```sh\nboljam --version\n```\n\n```text\nboljam 0.0.0\n```\n",
    );
}
