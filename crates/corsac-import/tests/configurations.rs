//! The configurations of `conformance/import`: each has the notes that it must get, and the policies that it amounts to. Whether the real servers
//! behave as they are simulated is what the recordings beside them show.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // as in any test

use std::path::{Path, PathBuf};

use corsac::server::{Policy, PolicyConfig};
use corsac_import::{Imported, Kind, NoteKind, Source, import, mend, no_includes};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    #[serde(default)]
    note: Vec<ExpectedNote>,
    #[serde(default)]
    policy: toml::Table,
    /// Entries that the person names.
    #[serde(default)]
    meant: Vec<String>,
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord, Clone)]
struct ExpectedNote {
    line: usize,
    kind: String,
    code: String,
}

impl std::fmt::Debug for ExpectedNote {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {} {}", self.line, self.kind, self.code)
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/import")
}

/// Each configuration: its kind, its folder, the file, and what is expected.
fn configurations() -> Vec<(Kind, PathBuf, Source, Expected)> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        let Ok(entries) = std::fs::read_dir(folder().join(kind.as_str())) else { continue };
        let mut folders: Vec<PathBuf> =
            entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
        folders.sort();
        for folder in folders {
            let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
            let mut configuration =
                files.filter(|path| path.file_stem().is_some_and(|stem| stem == "config"));
            let path = configuration.next().unwrap_or_else(|| panic!("{folder:?} has no config"));
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let expected = std::fs::read_to_string(folder.join("expected.toml")).unwrap();
            let expected = toml::from_str(&expected).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
            all.push((*kind, folder, Source { name, text }, expected));
        }
    }
    all
}

fn imported(kind: Kind, source: &Source, meant: &[String]) -> Imported {
    import(kind, source.clone(), &mut no_includes, meant).unwrap_or_else(|error| panic!("{error}"))
}

/// Unsafe and dead notes have to be those that are expected, no more and no less. Of the others, those that are expected have to be there.
#[test]
fn each_configuration_gets_its_notes() {
    let mut wrong = Vec::new();
    let all = configurations();
    for (kind, folder, source, expected) in &all {
        let imported = imported(*kind, source, &expected.meant);
        let mut found: Vec<ExpectedNote> = imported
            .notes
            .iter()
            .map(|note| ExpectedNote {
                line: note.line,
                kind: note.kind.as_str().to_owned(),
                code: note.code.to_owned(),
            })
            .collect();
        let is_missing = |note: &&ExpectedNote| !found.contains(note);
        let missing: Vec<_> = expected.note.iter().filter(is_missing).cloned().collect();
        found.retain(|note| matches!(note.kind.as_str(), "unsafe" | "dead") && !expected.note.contains(note));
        if !missing.is_empty() || !found.is_empty() {
            let notes: Vec<String> = imported
                .notes
                .iter()
                .map(|note| format!("{}: {} {}: {}", note.line, note.kind.as_str(), note.code, note.message))
                .collect();
            wrong.push(format!(
                "{folder:?}: missing {missing:?}, unexpected {found:?}\n  {}",
                notes.join("\n  ")
            ));
        }
        for note in imported.notes.iter().filter(|note| note.kind != NoteKind::NotExpressible) {
            assert!(note.message.ends_with('.') && note.instead.ends_with('.'), "{folder:?}: {note:?}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(all.len() >= 30, "{} configurations", all.len());
}

#[test]
fn each_configuration_amounts_to_its_policies() {
    let mut wrong = Vec::new();
    for (kind, folder, source, expected) in configurations() {
        let imported = imported(kind, &source, &expected.meant);
        let found: Vec<(String, String)> =
            imported.policies.iter().map(|policy| (policy.name.clone(), plainly(&policy.config))).collect();
        let mut wanted: Vec<(String, String)> = Vec::new();
        for (name, value) in expected.policy {
            let mut table = value.as_table().unwrap().clone();
            table.remove("at");
            let text = toml::to_string(&table).unwrap();
            let config: PolicyConfig =
                toml::from_str(&text).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
            wanted.push((name, plainly(&config)));
        }
        let sorted = |mut list: Vec<(String, String)>| {
            list.sort();
            list
        };
        let (found, wanted) = (sorted(found), sorted(wanted));
        if found != wanted {
            wrong.push(format!("{folder:?}\n  found  {found:?}\n  wanted {wanted:?}"));
        }
        for policy in &imported.policies {
            assert!(Policy::new(&policy.config).is_ok(), "{folder:?}: {:?}", policy.config);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A policy without what makes no difference: the order of lists, the case of header names, methods that need no permission.
fn plainly(config: &PolicyConfig) -> String {
    let sorted = |list: &[String], lower: bool| {
        let mut list: Vec<String> =
            list.iter().map(|item| if lower { item.to_ascii_lowercase() } else { item.clone() }).collect();
        list.sort();
        list.dedup();
        list
    };
    let mut methods = sorted(&config.methods, false);
    methods.retain(|method| !matches!(method.as_str(), "GET" | "HEAD" | "POST" | "OPTIONS"));
    let max_age = Policy::new(config).map(|policy| policy.max_age().as_secs());
    format!(
        "{:?} {methods:?} {:?} {:?} {} {} {max_age:?}",
        sorted(&config.origins, false),
        sorted(&config.request_headers, true),
        sorted(&config.expose_headers, true),
        config.credentials,
        config.null_origin,
    )
}

/// Where a kind knows changes, no unsafe or dead note is left after them, except those that only the person can decide.
#[test]
fn changes_put_right_what_the_notes_say() {
    let mut changed = 0;
    for (kind, folder, source, expected) in configurations() {
        let before = imported(kind, &source, &expected.meant);
        let mended = mend(kind, source.clone(), &mut no_includes, &expected.meant).unwrap();
        let Some(file) = mended.files.first() else { continue };
        changed += 1;
        let after =
            imported(kind, &Source { name: source.name.clone(), text: file.after.clone() }, &expected.meant);
        let serious =
            |imported: &Imported| imported.notes.iter().filter(|note| note.kind <= NoteKind::Dead).count();
        let all =
            |imported: &Imported| imported.notes.iter().filter(|note| note.kind <= NoteKind::Fragile).count();
        assert!(serious(&after) <= serious(&before), "{folder:?}");
        assert_eq!(all(&before) - all(&after), mended.notes, "{folder:?}");
    }
    assert!(changed >= 10, "{changed} configurations changed");
}
