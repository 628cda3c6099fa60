//! Which source file uses which: modules, `use` trees and paths of Rust texts, read without a compiler.

use std::collections::{BTreeMap, BTreeSet};

/// A module path such as `["engine", "town"]`; the crate's root is empty.
pub(crate) type Module = Vec<String>;

/// A name that a `use` brings into a module.
struct Import {
    path: Vec<String>,
    name: String,
    /// `pub`, in whatever form: it hands on, and does not use by itself.
    is_handed_on: bool,
}

/// What a source text says of modules.
pub(crate) struct Text {
    imports: Vec<Import>,
    /// Paths of two or more names outside `use`.
    paths: Vec<Vec<String>>,
    /// Every name by itself, or the first of a path, outside `use`.
    names: BTreeSet<String>,
}

/// Source texts by module.
pub(crate) struct Sources(BTreeMap<Module, Text>);

impl Sources {
    /// Reads texts, given with their modules; parts that are compiled for tests alone are left out.
    pub(crate) fn read<'a>(texts: impl IntoIterator<Item = (Module, &'a str)>) -> Self {
        Self(texts.into_iter().map(|(module, text)| (module, read(&without_tests(text)))).collect())
    }

    /// Uses: from module to module, none to itself.
    pub(crate) fn uses(&self) -> BTreeMap<&Module, BTreeSet<&Module>> {
        let of = |(module, text): (&'_ Module, &Text)| {
            // A parent that hands on what its children define does not use them, unless it works with it too.
            let imports = text.imports.iter().filter(|import| {
                let target = self.target(module, &import.path);
                let is_contents = import.is_handed_on && !text.names.contains(&import.name);
                !(is_contents && target.is_some_and(|t| t.starts_with(module)))
            });
            let paths = imports.map(|import| &import.path).chain(&text.paths);
            let used = paths.filter_map(|path| self.target(module, path)).filter(|t| *t != module);
            used.collect::<BTreeSet<_>>()
        };
        self.0.iter().map(|(module, text)| (module, of((module, text)))).collect()
    }

    /// The module that defines what a path in another module names; none for what lies outside the crate, and for a
    /// path that names but a module.
    fn target(&self, from: &Module, path: &[String]) -> Option<&Module> {
        let (module, item) = self.resolve(from, path, 0)?;
        item.then(|| self.0.get_key_value(&module).map(|(key, _)| key))?
    }

    /// The module a path leads to, and whether it goes on to an item in it. `depth` ends circles of imports.
    fn resolve(&self, from: &Module, path: &[String], depth: usize) -> Option<(Module, bool)> {
        if depth > 20 {
            return None;
        }
        let (first, mut rest) = path.split_first()?;
        let mut here = match first.as_str() {
            "crate" => Module::new(),
            "self" => from.clone(),
            "super" => from[..from.len().checked_sub(1)?].to_vec(),
            name => match self.step(from, name, depth)? {
                (module, true) => return Some((module, true)),
                (module, false) => module,
            },
        };
        while let Some((name, after)) = rest.split_first() {
            rest = after;
            if name == "super" {
                here.pop();
                continue;
            }
            match self.step(&here, name, depth) {
                Some((module, false)) => here = module,
                Some(item) => return Some(item),
                // Defined right here (or by a macro).
                None => return Some((here, true)),
            }
        }
        Some((here, false))
    }

    /// What a name means in a module: a child module, or what a `use` there brings in.
    fn step(&self, module: &Module, name: &str, depth: usize) -> Option<(Module, bool)> {
        let child: Module = module.iter().cloned().chain([name.to_owned()]).collect();
        if self.0.contains_key(&child) {
            return Some((child, false));
        }
        let import = self.0.get(module)?.imports.iter().find(|import| import.name == name)?;
        self.resolve(module, &import.path, depth + 1)
    }

    /// Groups of modules that use each other in a circle.
    pub(crate) fn circles(&self) -> Vec<Vec<String>> {
        let uses = self.uses();
        let reach = |from: &Module| {
            let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
            while let Some(module) = next.pop() {
                for used in &uses[module] {
                    if seen.insert(*used) {
                        next.push(used);
                    }
                }
            }
            seen
        };
        let reached: BTreeMap<&Module, BTreeSet<&Module>> =
            uses.keys().map(|module| (*module, reach(module))).collect();
        let mut circles = BTreeSet::new();
        for (module, seen) in &reached {
            let circle = seen.iter().filter(|other| reached[**other].contains(module));
            let circle: Vec<String> = circle.map(|module| module.join("/")).collect();
            if circle.len() > 1 {
                circles.insert(circle);
            }
        }
        circles.into_iter().collect()
    }
}

/// The first name after `crate` of every path, those in braces too: the stages that a text uses, tests included.
pub(crate) fn stages(text: &str) -> BTreeSet<String> {
    let text = read(&without_comments(text));
    let paths = text.imports.iter().map(|import| &import.path).chain(&text.paths);
    paths.filter(|path| path[0] == "crate" && path.len() > 1).map(|path| path[1].clone()).collect()
}

/// The text without comments, strings and characters, which may hold anything.
fn without_comments(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(c) = rest.chars().next() {
        let mut skip = c.len_utf8();
        if rest.starts_with("//") {
            skip = rest.find('\n').unwrap_or(rest.len());
        } else if let Some(raw) = rest.strip_prefix("r#\"") {
            skip = raw.find("\"#").map_or(rest.len(), |end| end + 5);
        } else if c == '"' {
            skip = end_of_string(rest);
        } else if c == '\'' {
            // A character, not a lifetime.
            let mut ahead = rest.chars().skip(1);
            let first = ahead.next();
            if first == Some('\\') {
                skip = 2 + rest[2..].find(|c| c != '\\').map_or(0, |n| n.max(1));
                skip += rest[skip..].find('\'').map_or(0, |end| end + 1);
            } else if ahead.next() == Some('\'') {
                skip = 2 + first.map_or(0, char::len_utf8);
            }
        } else {
            out.push(c);
        }
        rest = &rest[skip..];
    }
    out
}

fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The text without comments and without what follows `#[cfg(test)]`: an item in braces, or one up to a semicolon.
fn without_tests(text: &str) -> String {
    let text = without_comments(text);
    let (mut out, mut rest) = (String::new(), text.as_str());
    while let Some((before, after)) = rest.split_once("#[cfg(test)]") {
        out.push_str(before);
        let mut depth = 0;
        let end = after.char_indices().find(|(_, c)| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            depth == 0 && (*c == '}' || *c == ';')
        });
        rest = end.map_or("", |(at, _)| &after[at + 1..]);
    }
    out + rest
}

fn read(text: &str) -> Text {
    let tokens = tokens(text);
    let mut found = Text { imports: Vec::new(), paths: Vec::new(), names: BTreeSet::new() };
    let mut k = 0;
    while k < tokens.len() {
        if tokens[k] == "use" {
            // `pub use`, `pub(crate) use`.
            let is_handed_on = k > 0 && (tokens[k - 1] == "pub" || (k > 1 && tokens[k - 1] == ")"));
            k = read_tree(&tokens, k + 1, &[], is_handed_on, &mut found.imports);
            continue;
        }
        if is_name(tokens[k]) && (k == 0 || tokens[k - 1] != "::") {
            let mut path = vec![tokens[k].to_owned()];
            // A method's or a field's name, and a module's where it is declared, say nothing.
            if k == 0 || (tokens[k - 1] != "." && tokens[k - 1] != "mod") {
                found.names.insert(path[0].clone());
            }
            while k + 2 < tokens.len() && tokens[k + 1] == "::" && is_name(tokens[k + 2]) {
                path.push(tokens[k + 2].to_owned());
                k += 2;
            }
            if path.len() > 1 {
                found.paths.push(path);
            }
        }
        k += 1;
    }
    found
}

/// Reads one branch of a `use` tree from `k`; gives where it ends.
fn read_tree(
    tokens: &[&str],
    mut k: usize,
    before: &[String],
    is_handed_on: bool,
    out: &mut Vec<Import>,
) -> usize {
    let mut path = before.to_vec();
    while let Some(token) = tokens.get(k) {
        match *token {
            "::" => {}
            "{" => {
                k += 1;
                while tokens.get(k).is_some_and(|t| *t != "}") {
                    k = read_tree(tokens, k, &path, is_handed_on, out);
                    k += usize::from(tokens.get(k) == Some(&","));
                }
                return k + 1;
            }
            "as" => {
                let name = tokens.get(k + 1).copied().unwrap_or_default().to_owned();
                out.push(Import { path, name, is_handed_on });
                return k + 2;
            }
            "," | "}" | ";" => break,
            // `use a::{self}`: a itself.
            "self" if !path.is_empty() => {}
            name => path.push(name.to_owned()),
        }
        k += 1;
    }
    if let Some(name) = path.last().cloned() {
        out.push(Import { path, name, is_handed_on });
    }
    k
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, `::`, and single signs.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if is_word(c) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            c.len_utf8()
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    tokens
}
