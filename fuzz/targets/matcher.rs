//! The compiled origins against the plain reading of the policy.

#![no_main]

use corsac::server::{Policy, PolicyConfig, Request};
use http::{HeaderMap, HeaderValue, Method};
use libfuzzer_sys::fuzz_target;

#[path = "../../crates/corsac/tests/server/reading.rs"]
#[allow(dead_code)] // only its origins are asked
mod reading;

fuzz_target!(|input: (Vec<String>, String)| {
    let (mut origins, origin) = input;
    // Entries that are wrong do not hide those that are right.
    origins.retain(|entry| entry != "*" && Policy::builder([entry.clone()]).build().is_ok());
    let config = PolicyConfig { origins, ..PolicyConfig::default() };
    let Ok(policy) = Policy::new(&config) else { panic!("each entry was right: {config:?}") };
    for origin in config.origins.iter().cloned().chain([origin]).flat_map(variants) {
        let Ok(value) = HeaderValue::from_bytes(origin.as_bytes()) else { continue };
        let request = HeaderMap::from_iter([(http::header::ORIGIN, value)]);
        let allowed = policy.decide(&Request::new(&Method::GET, &request)).is_allowed();
        assert_eq!(allowed, reading::allows_origin(&config, &origin), "{:?} and {origin:?}", config.origins);
    }
});

fn variants(origin: String) -> Vec<String> {
    vec![
        origin.replacen("*.", "a.", 1).replacen(":*", ":8443", 1),
        origin.replacen("*.", "a.b.", 1).replacen(":*", "", 1),
        origin.replacen("*.", "", 1),
        origin.replacen("*.", "a.", 1).replacen(":*", "", 1).replace('*', "a-1"),
        origin.replacen("*.", "a.", 1).replacen(":*", "", 1).replace('*', "a.b"),
        origin.replacen(":*", "", 1).replace('*', ""),
        format!("{origin}.evil.example"),
        origin.replacen("://", "://evil", 1),
        origin,
    ]
}
