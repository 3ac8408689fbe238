use std::collections::HashSet;
use std::str::FromStr as _;

use corsac::browser::ReasonCode;
use corsac::server::{PolicyRefusal, ProblemCode};

use super::{entries, find};

/// The columns that a line of an example may fill: 80, less the indentation that `corsac explain` gives it.
const WIDTH: usize = 74;

fn is_code(name: &str) -> bool {
    ReasonCode::from_str(name).is_ok()
        || ProblemCode::from_str(name).is_ok()
        || PolicyRefusal::ALL.iter().any(|refusal| refusal.as_str() == name)
        || crate::diagnosis::entry(name).is_some()
}

#[test]
fn each_entry_begins_with_one_sentence_that_defines_its_word() {
    for entry in entries() {
        let sentence = entry.definition.to_lowercase().replace('-', " ");
        assert!(sentence.contains(&entry.word.replace('-', " ")), "{}: {sentence}", entry.word);
        assert!(
            [" is ", " are ", " means "].iter().any(|verb| sentence.contains(verb)),
            "{}: {sentence}",
            entry.word
        );
        assert!(entry.definition.ends_with('.') && !entry.definition.contains(". "), "{}", entry.word);
        let sentences = entry.details.matches(". ").count() + 1;
        assert!((2..=6).contains(&sentences), "{}: {sentences} sentences", entry.word);
        assert!(!entry.example.is_empty(), "{}", entry.word);
    }
}

#[test]
fn what_an_entry_refers_to_exists() {
    for entry in entries() {
        assert!(entry.see_also.len() >= 2, "{}", entry.word);
        for name in entry.see_also {
            let is_word = entries().any(|other| other.word == *name);
            assert!((is_word || is_code(name)) && *name != entry.word, "{}: {name}", entry.word);
        }
    }
}

#[test]
fn each_word_and_synonym_leads_to_one_entry_and_hides_no_code() {
    let mut seen = HashSet::new();
    for entry in entries() {
        for word in std::iter::once(&entry.word).chain(entry.synonyms) {
            assert_eq!(find(word), Some(entry), "{word}");
            assert!(seen.insert(*word), "{word} is there twice");
            assert!(!is_code(word), "{word} is a code, which is found first");
            assert_eq!(*word, word.to_lowercase().replace(' ', "-"));
        }
    }
}

#[test]
fn words_are_found_in_the_forms_that_people_write() {
    for (text, word) in [
        ("CORS", "cors"),
        ("preflights", "preflight"),
        ("Preflight Request", "preflight"),
        ("OPTIONS", "preflight"),
        ("Opaque-Response", "opaque"),
        ("cookies", "credentials"),
        ("Simple Requests", "simple-request"),
        ("null", "null-origin"),
        ("exposed headers", "exposed-headers"),
        ("Access-Control-Allow-Origin", "allow-origin"),
        (" same_site ", "same-site"),
        ("policies", "policy"),
        ("caches", "cache"),
        ("*", "wildcard"),
    ] {
        assert_eq!(find(text).map(|entry| entry.word), Some(word), "{text}");
    }
    for text in ["", "s", "cor", "-"] {
        assert_eq!(find(text), None, "{text}");
    }
}

#[test]
fn an_example_fits_on_a_terminal() {
    for entry in entries() {
        for line in entry.example {
            assert!(line.chars().count() <= WIDTH, "{}: {line}", entry.word);
        }
    }
}
