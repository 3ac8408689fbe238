//! The files of `conformance/server-suite` are what the code makes of their policies.

#![allow(clippy::panic, dead_code)] // as in any test; of the example, only what writes a file is used

#[path = "../examples/suite.rs"]
mod suite;

#[test]
fn the_committed_files_are_up_to_date() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/server-suite");
    for (name, config) in suite::policies() {
        let path = format!("{folder}/{name}.json");
        let committed = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let made = format!("{:#}\n", suite::suite(&config));
        assert!(
            made == committed,
            "{path}: run `cargo run -p corsac-verify --example suite -- conformance/server-suite`"
        );
    }
}
