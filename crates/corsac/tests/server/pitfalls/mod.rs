//! What other CORS libraries got wrong, each as a test that fails on the behaviour described. The numbers are those of `docs/pitfalls.md`.
//! What only a running server shows is tested in the middleware crates.

mod caches;
mod credentials;
mod origins;
mod preflights;
mod responses;

use corsac::server::{Policy, Problem};

use crate::{config, policy};

const APP: &str = "https://app.example";

/// A policy for these origins, with credentials.
fn with_credentials(origins: &[&str]) -> Policy {
    policy(&corsac::server::PolicyConfig { credentials: true, ..config(origins) })
}

/// The codes of what is wrong with a policy for these origins; nothing when it is accepted.
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
