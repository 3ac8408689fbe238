//! Configurations with something wrong in them: read without a panic, with lines that are there, and with policies that are valid. `fuzz/targets/import.rs`
//! looks for more.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // as in any test

use std::path::Path;

use corsac::server::Policy;
use corsac_import::{Kind, Source, import, no_includes};
use proptest::prelude::*;

/// Texts that have a meaning in one of the kinds.
const WORDS: [&str; 18] = [
    "{",
    "}",
    ";",
    "\n",
    "\"",
    "'",
    "\\",
    "$http_origin",
    "*",
    "null",
    "(",
    "[",
    "^",
    ":",
    "- ",
    "#",
    "<If \"",
    "\u{e9}\u{2028}",
];

fn configurations() -> Vec<(Kind, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/import");
    let mut all = Vec::new();
    for kind in Kind::ALL {
        for entry in std::fs::read_dir(folder.join(kind.as_str())).unwrap() {
            let files = std::fs::read_dir(entry.unwrap().path()).unwrap().map(|file| file.unwrap().path());
            let path =
                files.into_iter().find(|path| path.file_stem().is_some_and(|stem| stem == "config")).unwrap();
            all.push((*kind, std::fs::read_to_string(path).unwrap()));
        }
    }
    all
}

/// The text without some lines, and with words put in.
fn mutated(text: &str, cuts: &[(usize, usize)], words: &[(usize, usize)]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (at, count) in cuts {
        let at = at % lines.len().max(1);
        lines.drain(at..(at + count % 3).min(lines.len()));
    }
    for (at, word) in words {
        let count = lines.len().max(1);
        let Some(line) = lines.get_mut(at % count) else { continue };
        let column = line.char_indices().map(|(index, _)| index).nth(at / count % 40).unwrap_or(line.len());
        line.insert_str(column, WORDS[word % WORDS.len()]);
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_wrong_in_a_file_is_an_error_or_a_note_at_one_of_its_lines(
        choice in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((0_usize..500, 1_usize..4), 0..3),
        words in prop::collection::vec((0_usize..20_000, 0_usize..WORDS.len()), 0..4),
    ) {
        let all = configurations();
        let (kind, text) = choice.get(&all);
        // Now and then as another kind.
        let kind = if words.len() == 3 { other.get(&all).0 } else { *kind };
        let text = mutated(text, &cuts, &words);
        let lines = text.lines().count() + 1;
        let source = Source { name: "configuration".to_owned(), text: text.clone() };
        match import(kind, source, &mut no_includes, &[]) {
            Ok(imported) => {
                for policy in &imported.policies {
                    prop_assert!(Policy::new(&policy.config).is_ok(), "{kind:?}: {:?}\n{text}", policy.config);
                    prop_assert!((1..=lines).contains(&policy.line), "{kind:?}: {policy:?}\n{text}");
                }
                for note in &imported.notes {
                    prop_assert!((1..=lines).contains(&note.line), "{kind:?}: {note:?}\n{text}");
                    prop_assert!(note.message.ends_with('.'), "{kind:?}: {note:?}\n{text}");
                    prop_assert!(corsac_import::code(note.code).is_some(), "{kind:?}: {note:?} has no row");
                }
            }
            Err(error) => {
                prop_assert!((1..=lines).contains(&error.line) && !error.message.is_empty(), "{kind:?}: {error}\n{text}");
            }
        }
    }
}
