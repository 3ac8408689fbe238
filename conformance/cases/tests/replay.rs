//! Every recorded case through its engine's profile, without any browser: the evidence that profiles rest on.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

#[path = "replay/console.rs"]
mod console;
#[path = "replay/fields.rs"]
mod fields;
#[path = "replay/recorded.rs"]
mod recorded;

use corsac::browser::Engine;
use recorded::Recorded;

/// At least so many cases of each engine are recorded: fewer means that vectors got lost, and that the replay proves less.
const RECORDED: usize = 21_150;

fn replay(engine: Engine) {
    let recorded = Recorded::read(engine);
    assert!(recorded.len() >= RECORDED, "{} cases of {}", recorded.len(), engine.title());
    let parting = recorded.all_that_part(engine.profile());
    assert!(
        parting.is_empty(),
        "{} of {} cases part:\n{}",
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
