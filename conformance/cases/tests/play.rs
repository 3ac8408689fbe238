//! Recorded cases, played as the page of `corsac ui` plays them: each ends as in the core.
//!
//! With `CORSAC_PLAYS=FILE`, each play and its answer are written to the file, a line each, so that `scripts/wasm --test` can compare them
//! with those of the WebAssembly.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::fmt::Write as _;

use corsac::browser::Engine;
use corsac_conformance::places::Places;
use corsac_conformance::{play, vectors};
use serde_json::Value;

/// Every so many of the generated cases, and all of the catalogue.
const EVERY: usize = 16;

#[test]
fn a_recorded_case_ends_as_in_the_core() {
    let places = Places::new(28_100);
    let mut written = String::new();
    let (mut played, mut different) = (0, Vec::new());
    for (index, vector) in vectors::read(Engine::Chromium).unwrap().vectors.into_iter().enumerate() {
        if vector.case.name.starts_with("seed-") && index % EVERY != 0 {
            continue;
        }
        let case = places.expand(&vector.case, 1).unwrap();
        let Some(expected) = play::of(&case, &places) else { continue };
        played += 1;
        let text = expected.play.to_string();
        let answer = corsac_wasm::play(&text);
        let seen: Value = serde_json::from_str(&answer).unwrap();
        for end in &expected.ends {
            let engine = seen["engines"]
                .as_array()
                .and_then(|engines| engines.iter().find(|engine| engine["engine"] == end.engine).cloned());
            let engine = engine.unwrap_or_default();
            if engine["verdict"] != end.verdict || engine["code"].as_str() != end.code {
                different
                    .push(format!("{} in {}: {engine}, {}\n{text}", case.name, end.engine, seen["error"]));
            }
        }
        writeln!(written, "{text}\n{answer}").unwrap();
    }
    assert!(
        different.is_empty(),
        "{} of {played} differ:\n{}",
        different.len(),
        different[..different.len().min(3)].join("\n")
    );
    assert!(played > 500, "only {played}");
    if let Some(file) = std::env::var_os("CORSAC_PLAYS") {
        let presets: Vec<Value> = serde_json::from_str(corsac_wasm::PRESETS).unwrap();
        for preset in presets.iter().filter_map(|preset| preset.get("play")) {
            writeln!(written, "{preset}\n{}", corsac_wasm::play(&preset.to_string())).unwrap();
        }
        std::fs::write(file, written).unwrap();
    }
}
