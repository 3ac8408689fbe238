//! Mistakes of other CORS libraries, each as a test that fails on the described behaviour. The numbers are those of `docs/pitfalls.md`.
//! Those that need a running server are tested in the middleware crates.

mod caches;
mod credentials;
mod origins;
mod preflights;
mod responses;

use corsac::server::{Policy, Problem};

use crate::{config, policy};

const APP: &str = "https://app.example";

/// Returns a policy for these origins, with credentials.
fn with_credentials(origins: &[&str]) -> Policy {
    policy(&corsac::server::PolicyConfig { credentials: true, ..config(origins) })
}

/// Returns the codes of the problems of a policy for these origins; none if it is accepted.
fn errors(config: &corsac::server::PolicyConfig) -> Vec<String> {
    match Policy::new(config) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .iter()
            .filter(|problem| Problem::is_error(problem))
            .map(|problem| problem.code.to_string())
            .collect(),
    }
}

#[test]
fn every_row_of_the_page_has_a_test() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let page = std::fs::read_to_string(format!("{root}/docs/pitfalls.md")).unwrap();
    let rows: Vec<u32> =
        page.lines().filter_map(|line| line.strip_prefix("| ")?.get(..2)?.parse().ok()).collect();
    assert_eq!(rows, (1..=65).collect::<Vec<_>>());
    let mut tests = String::new();
    read_tests(std::path::Path::new(&format!("{root}/crates")), &mut tests);
    let without: Vec<u32> =
        rows.into_iter().filter(|row| !tests.contains(&format!("fn pitfall_{row:02}_"))).collect();
    assert!(without.is_empty(), "no test for {without:?}");
}

/// Returns all Rust code below a folder's `tests` and `src`.
fn read_tests(folder: &std::path::Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_tests(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}
