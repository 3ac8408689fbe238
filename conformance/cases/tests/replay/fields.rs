//! Checks that there is evidence for each difference between an engine and the standard: without the difference, some recorded case must
//! disagree.

use corsac::browser::{Engine, Profile};
use corsac_conformance::compatibility::GROUPS;

use super::recorded::Recorded;

/// Differences that no recorded case shows, with the reason.
const WITHOUT_EVIDENCE: &[(Engine, &str, &str)] = &[
    (
        Engine::Chromium,
        "preflight_attempts",
        "whether a connection that the server closes was used before is chance, and only then is there a second attempt",
    ),
    (Engine::Chromium, "prompts_after_unauthorized", "no observation shows the prompt"),
    (
        Engine::Chromium,
        "local_network_access",
        "every address of the cases is loopback, and so is the page's",
    ),
    (Engine::Chromium, "loads.accept_document", "no case leaves the page for another"),
    (Engine::Chromium, "cache.limit", "no case waits for hours"),
    (
        Engine::Chromium,
        "cache.capacity",
        "cases have few requests, and the browsers' caches serve many cases at once",
    ),
    (
        Engine::Firefox,
        "preflight_attempts",
        "whether a connection that the server closes was used before is chance, and only then is there a second attempt",
    ),
    (Engine::Firefox, "prompts_after_unauthorized", "no observation shows the prompt"),
    (Engine::Firefox, "local_network_access", "every address of the cases is loopback, and so is the page's"),
    (Engine::Firefox, "local_network_needs_secure_context", "as above"),
    (Engine::Firefox, "reads_target_address_space", "no case sets `targetAddressSpace`"),
    (Engine::Firefox, "cache.limit", "no case waits for hours"),
    (
        Engine::WebKit,
        "preflight_attempts",
        "whether a connection that the server closes was used before is chance, and only then is there a second attempt",
    ),
    (Engine::WebKit, "preflight_status_first", "changes the reason, not the verdict"),
    (Engine::WebKit, "refused_headers", "as above"),
    (Engine::WebKit, "reads_target_address_space", "no case sets `targetAddressSpace`"),
    (
        Engine::WebKit,
        "safelist.total_limit",
        "no recorded case has so many safelisted bytes that another limit does not apply first",
    ),
    (Engine::WebKit, "cache.limit", "no case waits for hours"),
];

/// The profile of `engine` with the standard's value in one field, for each field in which they differ. Another test checks that each field
/// has a row.
fn changed(engine: Engine) -> impl Iterator<Item = (&'static str, Profile)> {
    let rows = GROUPS.iter().flat_map(|group| group.rows);
    rows.map(move |row| {
        let mut profile = engine.profile().clone();
        (row.field.take)(&mut profile, &Profile::SPEC);
        (row.field.path, profile)
    })
    .filter(move |(_, profile)| profile != engine.profile())
}

fn hold(engine: Engine) {
    let recorded = Recorded::read(engine);
    let mut without = Vec::new();
    for (field, profile) in changed(engine) {
        match recorded.any_that_differs(&profile) {
            Some(case) => println!("{field}: {}", case.lines().next().unwrap_or_default()),
            None => without.push(field),
        }
    }
    let mut known: Vec<_> =
        WITHOUT_EVIDENCE.iter().filter(|(of, ..)| *of == engine).map(|(_, field, _)| *field).collect();
    without.sort_unstable();
    known.sort_unstable();
    assert_eq!(without, known, "differences of {} that no recorded case shows", engine.title());
}

#[test]
fn every_difference_of_chromium_is_held_by_a_recorded_case() {
    hold(Engine::Chromium);
}

#[test]
fn every_difference_of_firefox_is_held_by_a_recorded_case() {
    hold(Engine::Firefox);
}

#[test]
fn every_difference_of_webkit_is_held_by_a_recorded_case() {
    hold(Engine::WebKit);
}
