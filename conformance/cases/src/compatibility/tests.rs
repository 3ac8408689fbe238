//! The rows against the profiles, the catalogue and the committed page.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::Path;

use corsac::browser::{Engine, Profile};

use super::advice::ADVICE;
use super::{GROUPS, Row, page};
use crate::case::Case;
use crate::places::Places;
use crate::{catalogue, compare, profile};

/// The names of all fields in which profiles can differ, those of the rules in them as `cache.limit`.
fn all_fields() -> Vec<String> {
    let profile = &Profile::SPEC;
    // The engine and its version are not differences, and each field of a struct has a row of its own.
    let plain = field_names(profile);
    let plain = plain.into_iter().filter(|name| {
        !["engine", "version", "safelist", "cache", "dropped_headers", "loads"].contains(&name.as_str())
    });
    let within = |part: &'static str, value: &dyn Debug| {
        field_names(value).into_iter().map(move |name| format!("{part}.{name}"))
    };
    plain
        .chain(within("cache", &profile.cache))
        .chain(within("safelist", &profile.safelist))
        .chain(within("dropped_headers", &profile.dropped_headers))
        .chain(within("loads", &profile.loads))
        .collect()
}

/// The names of a struct's fields in its derived `Debug`: the lines that are indented once.
fn field_names(value: &dyn Debug) -> Vec<String> {
    let printed = format!("{value:#?}");
    let lines = printed.lines().filter_map(|line| line.strip_prefix("    "));
    lines
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|line| Some(line.split_once(':')?.0.to_owned()))
        .collect()
}

#[test]
fn the_names_of_fields_are_read_from_what_is_printed() {
    assert_eq!(field_names(&Profile::SPEC.dropped_headers), ["authorization_returns", "body_headers"]);
    assert!(field_names(&Profile::SPEC).contains(&"cache".to_owned()));
}

fn rows() -> impl Iterator<Item = &'static Row> {
    GROUPS.iter().flat_map(|group| group.rows)
}

#[test]
fn every_field_of_a_profile_has_one_row() {
    let mut fields = all_fields();
    let mut described: Vec<String> = rows().map(|row| row.field.path.to_owned()).collect();
    fields.sort();
    described.sort();
    assert_eq!(described, fields);
}

#[test]
fn different_values_have_different_words() {
    for row in rows() {
        for (one, other) in pairs() {
            let same_value = (row.field.value)(one) == (row.field.value)(other);
            let same_words = (row.words)(one) == (row.words)(other);
            assert_eq!(same_value, same_words, "{}: {} and {}", row.field.path, one.version, other.version);
        }
        for engine in Engine::ALL {
            let words = (row.words)(engine.profile());
            assert!(!words.is_empty() && !words.contains(['|', '\n']), "{}: {words}", row.field.path);
        }
    }
}

/// A case shows a difference if an engine's profile ends differently with the standard's value in this one field.
#[test]
fn every_case_named_as_evidence_shows_its_difference() {
    let cases = catalogue::all().unwrap();
    let places = Places::new(28_100);
    for row in rows() {
        for name in row.cases {
            let case = cases.iter().find(|case| case.name == *name);
            let case = case.unwrap_or_else(|| panic!("{}: no case is called {name}", row.field.path));
            let case: Case = places.expand(case, 1).unwrap();
            let observe = |profile: &Profile| profile::observe_with(&case, &places, profile).unwrap();
            let shows = Engine::ALL.map(Engine::profile).into_iter().any(|profile| {
                let mut without = profile.clone();
                (row.field.take)(&mut without, &Profile::SPEC);
                without != *profile
                    && !compare::differences(&case, &observe(profile), &observe(&without)).is_empty()
            });
            assert!(shows, "{}: {name} is the same without it", row.field.path);
        }
    }
}

fn pairs() -> impl Iterator<Item = (&'static Profile, &'static Profile)> {
    let profiles = Engine::ALL.map(Engine::profile);
    profiles.into_iter().flat_map(move |one| profiles.into_iter().map(move |other| (one, other)))
}

#[test]
fn rows_without_a_difference_are_left_out() {
    let text = page::text();
    for row in rows() {
        let values: BTreeSet<String> =
            Engine::ALL.iter().map(|engine| (row.field.value)(engine.profile())).collect();
        let anchor = format!("<a id=\"{}\"></a>", row.anchor());
        assert_eq!(text.matches(&anchor).count(), usize::from(values.len() > 1), "{}", row.field.path);
    }
}

#[test]
fn the_list_at_the_top_refers_to_rows_of_the_page() {
    for advice in ADVICE {
        for path in advice.fields {
            assert!(page::rows_of_page().any(|row| row.field.path == *path), "{path}");
        }
    }
    let text = page::text();
    for (_, rest) in text.match_indices("](#").map(|(at, link)| text.split_at(at + link.len())) {
        let anchor = rest.split(')').next().unwrap();
        assert!(text.contains(&format!("<a id=\"{anchor}\"></a>")), "#{anchor} is not an anchor of the page");
    }
}

#[test]
fn the_page_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/compatibility.md");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == page::text(), "docs/compatibility.md is out of date: run scripts/compatibility");
}
