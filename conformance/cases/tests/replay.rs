//! Runs every recorded case through its engine's profile, without a browser. The recordings are the evidence for the profiles.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

#[path = "replay/console.rs"]
mod console;
#[path = "replay/fields.rs"]
mod fields;
#[path = "replay/pasted.rs"]
mod pasted;
#[path = "replay/recorded.rs"]
mod recorded;

use corsac::browser::Engine;
use recorded::Recorded;

/// How many cases of each engine are recorded at least. Fewer would mean that vectors were lost, and that the replay proves less.
const RECORDED: usize = 21_150;

fn replay(engine: Engine) {
    let recorded = Recorded::read(engine);
    assert!(recorded.len() >= RECORDED, "{} cases of {}", recorded.len(), engine.title());
    let parting = recorded.all_that_differ(engine.profile());
    assert!(
        parting.is_empty(),
        "{} of {} cases differ:\n{}",
        parting.len(),
        recorded.len(),
        parting.iter().take(20).map(String::as_str).collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn chromium_did_what_its_profile_says() {
    replay(Engine::Chromium);
}

#[test]
fn firefox_did_what_its_profile_says() {
    replay(Engine::Firefox);
}

#[test]
fn webkit_did_what_its_profile_says() {
    replay(Engine::WebKit);
}
