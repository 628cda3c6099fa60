//! What in a result folder is boljam's, and what is its user's: the manifest lists what was written, with hashes.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Whose something in a result folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// boljam wrote it, and nobody has touched it since.
    Program,
    /// boljam wrote it, and somebody has changed it since.
    Edited,
    /// Somebody else put it there.
    User,
    /// The folder is of a time when its manifest did not list its files.
    Unlisted,
}

/// Every file, link and empty folder in a result folder, by its path inside it, in order. The manifest itself is
/// always the program's.
pub(super) fn belongings(folder: &Path) -> io::Result<Vec<(PathBuf, Owner)>> {
    let (mut paths, listed) = (Vec::new(), listed(folder));
    walk(folder, Path::new(""), &mut paths)?;
    paths.sort();
    let owned = |path: PathBuf| {
        let owner = owner(folder, &path, listed.as_ref())?;
        Ok((path, owner))
    };
    paths.into_iter().map(owned).collect()
}

/// Whose a file is of which the manifest lists these hashes.
pub(super) fn owner(
    folder: &Path,
    path: &Path,
    listed: Option<&BTreeMap<String, String>>,
) -> io::Result<Owner> {
    if path == Path::new("manifest.json") {
        return Ok(Owner::Program);
    }
    let Some(listed) = listed else { return Ok(Owner::Unlisted) };
    // boljam writes no links, so that one is never its own.
    let is_file = fs::symlink_metadata(folder.join(path))?.is_file();
    Ok(match listed.get(&name(path)).filter(|_| is_file) {
        None => Owner::User,
        Some(hash) if sha256_of_file(&folder.join(path))? == *hash => Owner::Program,
        Some(_) => Owner::Edited,
    })
}

/// The path inside a folder as the manifest writes it, with forward slashes.
fn name(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Files that the manifest of a folder lists, with their hashes; none where it lists none.
pub(super) fn listed(folder: &Path) -> Option<BTreeMap<String, String>> {
    let json = fs::read_to_string(folder.join("manifest.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&json).ok()?;
    let text = |row: &serde_json::Value, key: &str| Some(row.get(key)?.as_str()?.to_owned());
    let rows = manifest.get("files")?.as_array()?;
    Some(rows.iter().filter_map(|row| Some((text(row, "file")?, text(row, "sha256")?))).collect())
}

fn walk(folder: &Path, inside: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder.join(inside))? {
        let entry = entry?;
        let path = inside.join(entry.file_name());
        let before = paths.len();
        let is_folder = entry.file_type()?.is_dir();
        if is_folder {
            walk(folder, &path, paths)?;
        }
        if !is_folder || paths.len() == before {
            paths.push(path);
        }
    }
    Ok(())
}

/// SHA-256 in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// That of a file, which need not fit into memory.
pub(super) fn sha256_of_file(path: &Path) -> io::Result<String> {
    let (mut file, mut hash, mut buffer) = (fs::File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            n => hash.update(&buffer[..n]),
        }
    }
}

fn hex(digest: &[u8]) -> String {
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// Puts something of the user's into another folder, where it stands under the same path: a second name of the same
/// file where the file system knows such, else a copy.
pub(super) fn carry(path: &Path, from: &Path, to: &Path) -> io::Result<()> {
    let (old, new) = (from.join(path), to.join(path));
    if let Some(parent) = new.parent() {
        fs::create_dir_all(parent)?;
    }
    if fs::symlink_metadata(&old)?.is_dir() {
        return fs::create_dir_all(new);
    }
    fs::hard_link(&old, &new).or_else(|_| fs::copy(&old, &new).map(drop))
}

/// What stays where it is, in few words: a folder that has nothing of boljam's is named once.
pub(super) fn in_few_words(paths: &[PathBuf]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for path in paths {
        let top = path.iter().next().map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
        let is_folder = path.iter().nth(1).is_some();
        let word = if is_folder && !["figures", "inputs"].contains(&top.as_str()) {
            format!("{top}/")
        } else {
            name(path)
        };
        if names.last() != Some(&word) {
            names.push(word);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_tells_what_is_whose() {
        let home = tempfile::tempdir().unwrap();
        let at = |path: &str| home.path().join(path);
        fs::create_dir_all(at("figures")).unwrap();
        fs::create_dir_all(at("empty")).unwrap();
        for file in ["a.csv", "b.csv", "figures/c.svg", "figures/mine.svg", "notes.txt"] {
            fs::write(at(file), file).unwrap();
        }
        let row =
            |file: &str| format!("{{\"file\": \"{file}\", \"sha256\": \"{}\"}}", sha256(file.as_bytes()));
        let rows = ["a.csv", "b.csv", "figures/c.svg", "gone.csv"].map(row).join(",");
        fs::write(at("manifest.json"), format!("{{\"files\": [{rows}]}}")).unwrap();
        fs::write(at("b.csv"), "edited").unwrap();
        let found = belongings(home.path()).unwrap();
        let owners: Vec<(&str, Owner)> = found.iter().map(|(p, o)| (p.to_str().unwrap(), *o)).collect();
        assert_eq!(
            owners,
            [
                ("a.csv", Owner::Program),
                ("b.csv", Owner::Edited),
                ("empty", Owner::User),
                ("figures/c.svg", Owner::Program),
                ("figures/mine.svg", Owner::User),
                ("manifest.json", Owner::Program),
                ("notes.txt", Owner::User),
            ]
        );
        // A manifest of an older format lists nothing.
        fs::write(at("manifest.json"), "{}").unwrap();
        assert!(belongings(home.path()).unwrap().contains(&("a.csv".into(), Owner::Unlisted)));
    }

    #[test]
    fn hashes_are_sha256() {
        // The test vector of FIPS 180-2.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), expected);
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("abc"), "abc").unwrap();
        assert_eq!(sha256_of_file(&home.path().join("abc")).unwrap(), expected);
    }

    #[test]
    fn what_stays_is_named_in_few_words() {
        let paths = ["figures/mine.svg", "notes.txt", "photos/a.jpg", "photos/deep/b.jpg"].map(PathBuf::from);
        assert_eq!(in_few_words(&paths), ["figures/mine.svg", "notes.txt", "photos/"]);
    }
}
