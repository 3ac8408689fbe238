//! The checks of `request-headers` and `expose-headers`.

use std::collections::{HashMap, HashSet};

use super::super::config::PolicyConfig;
use super::super::problem::ProblemCode;
use super::{Report, holds_several, item, separated};
use crate::header::{
    is_cors_header, is_forbidden_request_header, is_forbidden_response_header_name,
    is_non_wildcard_request_header_name, is_one_of, is_safelisted_response_header_name,
    starts_with_ignore_ascii_case,
};
use crate::method::is_token;

/// Response headers that people list in `request-headers` by mistake.
const RESPONSE_HEADERS: &[&str] = &[
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "etag",
    "location",
    "retry-after",
    "server",
    "vary",
    "www-authenticate",
];

/// Headers that only responses to preflights have, which scripts never see.
const PREFLIGHT_ONLY: &[&str] =
    &["access-control-allow-headers", "access-control-allow-methods", "access-control-max-age"];

/// Request headers that people list in `expose-headers` by mistake.
const REQUEST_HEADERS: &[&str] = &[
    "accept",
    "accept-language",
    "access-control-request-headers",
    "access-control-request-method",
    "cookie",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "origin",
    "referer",
    "user-agent",
];

pub(super) fn check_request_headers(config: &PolicyConfig, problems: &mut Report) {
    const KEY: &str = "request-headers";
    let entries = &config.request_headers;
    let has_any = entries.iter().any(|entry| entry == "*");
    let prefixes = prefixes(entries);
    let mut seen = HashSet::with_capacity(entries.len());
    for (index, text) in entries.iter().enumerate() {
        let place = item(KEY, index);
        let name = text.strip_suffix('*').unwrap_or(text);
        if text == "*" {
            if config.credentials {
                let why = "scripts of these origins may set every request header except `Authorization` on requests with the user's \
                           credentials. Name the headers that your service reads";
                problems.add(ProblemCode::CredentialsAnyRequestHeader, place, text, why);
            }
        } else if let Some(name) = name_of_line(text) {
            let why = "this is a name with a value, and the list takes names only";
            problems.add_with(ProblemCode::RequestHeaderInvalid, place, text, why, name.to_owned());
        } else if holds_several(text) {
            let why = "write each header as a separate string in the list";
            problems.add_with(ProblemCode::RequestHeaderSeveralValues, place, text, why, separated(text));
        } else if name.contains('*') || (name != text && !name.ends_with('-')) {
            let why = "`*` alone stands for all headers; after a `-` at the end of a name it stands for all headers with that prefix: `x-acme-*`";
            let suggestion = (!name.contains('*')).then(|| format!("{name}-*"));
            problems.add_with(ProblemCode::RequestHeaderWildcardMisplaced, place, text, why, suggestion);
        } else if !is_token(name.as_bytes()) {
            let suggestion = trimmed_name(text);
            let why = "this is not the name of a header: a name has no spaces, colons or quotes";
            problems.add_with(ProblemCode::RequestHeaderInvalid, place, text, why, suggestion);
        } else if is_one_of(text, RESPONSE_HEADERS)
            || starts_with_ignore_ascii_case(text, "access-control-allow-")
        {
            let why = "this is a response header; the list takes headers that scripts may set on requests";
            problems.add(ProblemCode::RequestHeaderIsResponseHeader, place, text, why);
        } else if text.eq_ignore_ascii_case("cookie") {
            let why = "scripts cannot set this header. Browsers send cookies themselves if `credentials = true` allows it";
            problems.add(ProblemCode::RequestHeaderCookie, place, text, why);
        } else if is_forbidden_request_header(name, b"") || is_cors_header(text) {
            let why = "browsers do not let scripts set this header, so there is nothing to allow";
            problems.add(ProblemCode::RequestHeaderForbidden, place, text, why);
        } else if has_any && !is_non_wildcard_request_header_name(text) {
            let why = "`*` covers it already. The only name to list with `*` is `Authorization`, which `*` does not cover";
            problems.add(ProblemCode::RequestHeaderAnyMixed, place, text, why);
        } else if !seen.insert(text.to_ascii_lowercase()) {
            problems.add(ProblemCode::RequestHeaderRedundant, place, text, "this is in the list already");
        } else if let Some(prefix) = covering_prefix(&prefixes, text) {
            problems.add(
                ProblemCode::RequestHeaderRedundant,
                place,
                text,
                format!("`{prefix}` covers it already"),
            );
        }
    }
}

pub(super) fn check_expose_headers(config: &PolicyConfig, problems: &mut Report) {
    const KEY: &str = "expose-headers";
    let entries = &config.expose_headers;
    let mut seen = HashSet::with_capacity(entries.len());
    for (index, text) in entries.iter().enumerate() {
        let place = item(KEY, index);
        if text == "*" {
            if config.credentials {
                let why = "with credentials, browsers take `*` for the name of a header. Name the headers that scripts may read";
                problems.add(ProblemCode::CredentialsAnyExposed, place, text, why);
            }
            if entries.len() > 1 {
                let why = "`*` covers every header already: leave out the others, or leave out `*`";
                problems.add(ProblemCode::ExposeHeaderAnyMixed, place, text, why);
            }
        } else if let Some(name) = name_of_line(text) {
            let why = "this is a name with a value, and the list takes names only";
            problems.add_with(ProblemCode::ExposeHeaderInvalid, place, text, why, name.to_owned());
        } else if holds_several(text) {
            let why = "write each header as a separate string in the list";
            problems.add_with(ProblemCode::ExposeHeaderSeveralValues, place, text, why, separated(text));
        } else if !is_token(text.as_bytes()) || text.contains('*') {
            let suggestion = trimmed_name(text);
            let why = "this is not the name of a header: a name has no spaces, colons or quotes, and here no wildcard";
            problems.add_with(
                ProblemCode::ExposeHeaderInvalid,
                place,
                text,
                why,
                suggestion.filter(|name| !name.contains('*')),
            );
        } else if is_forbidden_response_header_name(text) {
            problems.add(
                ProblemCode::ExposeHeaderForbidden,
                place,
                text,
                "browsers never let scripts read this header, whatever a server allows",
            );
        } else if is_one_of(text, PREFLIGHT_ONLY) {
            let why = "only responses to preflights have this header, and scripts never see those";
            problems.add(ProblemCode::ExposeHeaderPreflightOnly, place, text, why);
        } else if is_one_of(text, REQUEST_HEADERS) {
            let why = "this is a request header; the list takes response headers that scripts may read";
            problems.add(ProblemCode::ExposeHeaderIsRequestHeader, place, text, why);
        } else if is_safelisted_response_header_name(text) {
            problems.add(
                ProblemCode::ExposeHeaderRedundant,
                place,
                text,
                "scripts may read this header without permission",
            );
        } else if !seen.insert(text.to_ascii_lowercase()) {
            problems.add(ProblemCode::ExposeHeaderRedundant, place, text, "this is in the list already");
        }
    }
}

/// Returns the entries that end in `*`, by their prefix in lower case.
fn prefixes(entries: &[String]) -> HashMap<String, &String> {
    let prefix = |entry: &String| entry.strip_suffix('*').map(str::to_ascii_lowercase);
    entries.iter().filter_map(|entry| Some((prefix(entry)?, entry))).collect()
}

/// Returns another entry that ends in `*` and covers this one. Its `*` follows a `-`, and no real name has more than a few of those.
fn covering_prefix<'e>(prefixes: &HashMap<String, &'e String>, text: &str) -> Option<&'e String> {
    let lower = text.to_ascii_lowercase();
    let starts = lower.match_indices('-').take(64).filter_map(|(dash, _)| lower.get(..=dash));
    let longer = starts.filter(|start| start.len() < lower.trim_end_matches('*').len());
    longer.filter_map(|start| prefixes.get(start).copied()).next()
}

/// Returns the name in ` X-A: `.
fn trimmed_name(text: &str) -> Option<String> {
    let name = text.trim().trim_end_matches(':');
    is_token(name.as_bytes()).then(|| name.to_owned())
}

/// Returns the name in `Authorization: Bearer`.
fn name_of_line(text: &str) -> Option<&str> {
    let (name, value) = text.split_once(':')?;
    let name = name.trim();
    (is_token(name.as_bytes()) && !name.contains('*') && !value.trim().is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use crate::server::Policy;

    #[test]
    fn a_redundant_entry_is_reported_once_with_what_covers_it() {
        type Row = (&'static [&'static str], &'static [(usize, &'static str)]);
        let table: [Row; 7] = [
            (&["X-A", "x-a"], &[(1, "this is in the list already")]),
            (&["x-a-*", "X-A-B"], &[(1, "`x-a-*` covers it already")]),
            (&["X-A-B", "x-a-*"], &[(0, "`x-a-*` covers it already")]),
            (&["x-*", "x-a-*"], &[(1, "`x-*` covers it already")]),
            (&["x-a-*", "x-a-*"], &[(1, "this is in the list already")]),
            (&["x-a-*", "x-a", "x-ab", "x-a-"], &[]),
            (&["*", "Authorization"], &[]),
        ];
        for (entries, expected) in table {
            let policy = Policy::builder(["*"]).request_headers(entries.iter().copied()).build().unwrap();
            let lints: Vec<(usize, &str)> = policy
                .lints()
                .iter()
                .map(|lint| (lint.place.index.unwrap(), lint.message.as_str()))
                .collect();
            assert_eq!(lints, expected, "{entries:?}");
        }
    }

    /// Lists of this length are neither cut nor refused. A check that compares each entry with every other would take minutes, which a person
    /// notices; no clock decides.
    #[test]
    fn lists_of_a_hundred_thousand_are_checked_completely() {
        let names = |start: &str, end: &str| -> Vec<String> {
            (0..100_000).map(|number| format!("{start}{number}{end}")).collect()
        };
        let policy = Policy::builder(["*"])
            .methods(names("M", ""))
            .request_headers(names("x-", "").into_iter().chain(names("x-", "-*")))
            .expose_headers(names("x-", "").into_iter().chain(["x-99999".to_owned()]))
            .build()
            .unwrap();
        let places: Vec<Option<usize>> = policy.lints().iter().map(|lint| lint.place.index).collect();
        assert_eq!(places, [Some(100_000)]); // the last entry, which repeats the one before it
    }
}
