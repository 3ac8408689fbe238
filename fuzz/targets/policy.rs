//! A policy from any text: no panic, every error has a place and a sentence, what is suggested is right, and what is accepted comes back.

#![no_main]

use corsac::server::{Policy, PolicyConfig, ProblemCode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let config = match serde_json::from_slice::<PolicyConfig>(data) {
        Ok(config) => config,
        // A list of entries, so that bytes which are no JSON reach the checks too.
        Err(_) => {
            let text = String::from_utf8_lossy(data);
            let mut parts = text.split('\n').map(str::to_owned);
            let mut take = |count| parts.by_ref().take(count).collect::<Vec<_>>();
            PolicyConfig {
                methods: take(2),
                request_headers: take(2),
                expose_headers: take(1),
                origins: take(usize::MAX),
                ..PolicyConfig::default()
            }
        }
    };
    match Policy::new(&config) {
        Ok(policy) => {
            let written = policy.config();
            assert_eq!(Policy::new(&written).as_ref(), Ok(&policy), "the identity");
            assert!(!(policy.allows_credentials() && policy.allows_any_origin()), "never both");
            assert!(policy.lints().iter().all(|problem| !problem.is_error()));
        }
        Err(problems) => {
            assert!(problems.iter().any(|problem| problem.is_error()));
            for problem in problems.iter() {
                assert!(!problem.to_string().chars().any(char::is_control), "{problem:?}");
                suggestion_is_right(problem.code, problem.suggestion.as_deref());
            }
        }
    }
});

/// What is suggested for an origin is not wrong itself.
fn suggestion_is_right(code: ProblemCode, suggestion: Option<&str>) {
    let several = matches!(code, ProblemCode::OriginSeveralValues);
    let Some(meant) = suggestion.filter(|_| code.as_str().starts_with("origin-") && !several) else { return };
    let config = PolicyConfig { origins: vec![meant.to_owned()], ..PolicyConfig::default() };
    match Policy::new(&config) {
        Ok(_) => {}
        // Mending the letters can show that it is a suffix or has no subdomains: another mistake, told next.
        Err(problems) => {
            let next = problems.iter().find(|problem| problem.is_error()).map(|problem| problem.code);
            panic!("{code}: `{meant}` is {next:?}");
        }
    }
}
