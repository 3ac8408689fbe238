//! The keys of a policy, and which key was probably meant by an unknown one.

use corsac::server::PolicyConfig;

/// The keys that only a file has: where a policy applies, and where its origins come from.
const FILE_KEYS: [&str; 3] = ["at", "cors", "origins-from-env"];

/// Every key of a policy in a file, in the order of the documentation.
pub(crate) const KEYS: [&str; PolicyConfig::KEYS.len() + FILE_KEYS.len()] = {
    let [a, b, c, d, e, f, g, h, i, j, k] = PolicyConfig::KEYS;
    let [l, m, n] = FILE_KEYS;
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n]
};

/// Names that other tools use for the keys, in kebab-case, without the prefixes `access-control-`, `allow-` and `allowed-`.
const OTHER_NAMES: [(&str, &str); 24] = [
    ("origin", "origins"),
    ("origin-list", "origins"),
    ("domain", "origins"),
    ("domains", "origins"),
    ("hosts", "origins"),
    ("null", "null-origin"),
    ("origin-null", "null-origin"),
    ("method", "methods"),
    ("verbs", "methods"),
    ("header", "request-headers"),
    ("headers", "request-headers"),
    ("exposed-headers", "expose-headers"),
    ("response-headers", "expose-headers"),
    ("credential", "credentials"),
    ("cookies", "credentials"),
    ("max-age-seconds", "max-age"),
    ("maxage", "max-age"),
    ("ttl", "max-age"),
    ("corp", "resource-policy"),
    ("cross-origin-resource-policy", "resource-policy"),
    ("path", "at"),
    ("prefix", "at"),
    ("origins-env", "origins-from-env"),
    ("env", "origins-from-env"),
];

/// Returns the key that was probably meant.
pub(crate) fn intended_key(given: &str) -> Option<&'static str> {
    let kebab = kebab(given);
    let name = kebab.strip_prefix("access-control-").unwrap_or(&kebab);
    let name =
        ["allowed-", "allow-", "supports-"].iter().find_map(|start| name.strip_prefix(start)).unwrap_or(name);
    let is = |key: &&&str| **key == kebab || **key == name;
    if let Some(key) = KEYS.iter().find(is) {
        return Some(key);
    }
    if let Some((_, key)) = OTHER_NAMES.iter().find(|(other, _)| *other == name) {
        return Some(key);
    }
    nearest(name, &KEYS)
}

/// Returns the word that is spelled most like `given`, if the difference is small.
pub(crate) fn nearest(given: &str, words: &[&'static str]) -> Option<&'static str> {
    let given: String = given.chars().take(64).collect();
    let similarity = |word: &str| strsim::normalized_damerau_levenshtein(&given, word);
    let best = words.iter().copied().max_by(|a, b| similarity(a).total_cmp(&similarity(b)))?;
    (similarity(best) >= 0.6).then_some(best)
}

/// Returns `allowCredentials`, `allow_credentials` or `Allow-Credentials` as `allow-credentials`, cut after 64 characters.
fn kebab(given: &str) -> String {
    let mut text = String::new();
    let mut after_lower = false;
    for character in given.trim().chars().take(64) {
        if character.is_ascii_uppercase() && after_lower {
            text.push('-');
        }
        after_lower = character.is_ascii_lowercase() || character.is_ascii_digit();
        text.push(if matches!(character, '_' | ' ' | '.') { '-' } else { character.to_ascii_lowercase() });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use corsac::server::{Enforce, PolicyConfig, ResourcePolicy};

    #[test]
    fn the_keys_are_those_of_a_policy() {
        let config = PolicyConfig {
            origins: vec!["*".into()],
            null_origin: true,
            methods: vec!["*".into()],
            request_headers: vec!["*".into()],
            expose_headers: vec!["*".into()],
            credentials: true,
            max_age: Some("1m".into()),
            timing: true,
            resource_policy: Some(ResourcePolicy::SameSite),
            enforce: Enforce::Block,
            acknowledge: vec!["origin-none".into()],
        };
        let written: serde_json::Value = serde_json::to_value(config).unwrap();
        let mut written: Vec<&str> = written.as_object().unwrap().keys().map(String::as_str).collect();
        let mut keys = PolicyConfig::KEYS.to_vec();
        written.sort_unstable();
        keys.sort_unstable();
        assert_eq!(written, keys);
    }

    #[test]
    fn names_of_other_tools_lead_to_the_key() {
        let table = [
            ("origin", Some("origins")),
            ("Origins", Some("origins")),
            ("orgins", Some("origins")),
            ("allow_origins", Some("origins")),
            ("allowedOrigins", Some("origins")),
            ("Access-Control-Allow-Origin", Some("origins")),
            ("allow_credentials", Some("credentials")),
            ("supports_credentials", Some("credentials")),
            ("credentails", Some("credentials")),
            ("request_headers", Some("request-headers")),
            ("allowed-headers", Some("request-headers")),
            ("allowHeaders", Some("request-headers")),
            ("exposedHeaders", Some("expose-headers")),
            ("Access-Control-Expose-Headers", Some("expose-headers")),
            ("maxAge", Some("max-age")),
            ("max_age_seconds", Some("max-age")),
            ("null_origin", Some("null-origin")),
            ("acknowlege", Some("acknowledge")),
            ("enforced", Some("enforce")),
            ("colour", None),
            ("", None),
            ("regex", None),
            ("path", Some("at")),
            ("origins_from_env", Some("origins-from-env")),
        ];
        for (given, expected) in table {
            assert_eq!(intended_key(given), expected, "{given}");
        }
    }
}
