//! Reads what browsers printed in the recorded cases back, as if somebody had pasted it: the engine, the code of the case, and every value
//! that stands in the text, and nothing that does not.

use corsac::browser::Engine;

use crate::recorded::Recorded;

fn replay(engine: Engine, at_least: usize) {
    let (read, misread) = Recorded::read(engine).all_consoles_misread();
    assert!(read >= at_least, "only {read} consoles of {}", engine.title());
    assert!(
        misread.is_empty(),
        "{} of {read} consoles are misread:\n{}",
        misread.len(),
        misread.iter().take(20).map(String::as_str).collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn what_chromium_printed_reads_back() {
    replay(Engine::Chromium, 7_500);
}

#[test]
fn what_firefox_printed_reads_back() {
    replay(Engine::Firefox, 7_500);
}

#[test]
fn what_webkit_printed_reads_back() {
    replay(Engine::WebKit, 7_500);
}
