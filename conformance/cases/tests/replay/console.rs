//! Compares the lines that browsers printed in the recorded cases with those that `corsac-explain` writes.

use corsac::browser::Engine;

use crate::recorded::Recorded;

fn replay(engine: Engine) {
    let recorded = Recorded::read(engine);
    let parting = recorded.all_consoles_that_differ();
    assert!(
        parting.is_empty(),
        "{} of {} consoles differ:\n{}",
        parting.len(),
        recorded.len(),
        parting.iter().take(20).map(String::as_str).collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn chromium_printed_what_we_write() {
    replay(Engine::Chromium);
}

#[test]
fn firefox_printed_what_we_write() {
    replay(Engine::Firefox);
}
