//! The checks of `origins` and `null-origin`, and what credentials make of them.

use std::collections::HashSet;

use super::super::config::PolicyConfig;
use super::super::origin_pattern::OriginPattern;
use super::super::origins::{LONGEST_HOST, LONGEST_SCHEME};
use super::super::problem::ProblemCode;
use super::{Found, holds_several, item, key, separated};
use crate::origin::Origin;

const KEY: &str = "origins";

/// The entries that are right, in order.
pub(super) fn check(config: &PolicyConfig, problems: &mut Found) -> Vec<OriginPattern> {
    let mut patterns = Vec::with_capacity(config.origins.len());
    let mut positions = Vec::with_capacity(config.origins.len());
    for (index, text) in config.origins.iter().enumerate() {
        if let Some(pattern) = check_entry(config, index, text, problems) {
            patterns.push(pattern);
            positions.push(index);
        }
    }
    if config.origins.is_empty() && !config.null_origin {
        let why = "the list is empty, so no other origin may read anything. That is as safe as it gets; acknowledge it if it is meant";
        problems.add(ProblemCode::OriginNone, key(KEY), "", why);
    }
    if config.null_origin && config.credentials {
        let why = "everybody can make a page that sends `Origin: null`, a sandboxed frame for one; with credentials it would read what your \
                   users may. Set one of `null-origin` and `credentials` to `false`";
        problems.add(ProblemCode::CredentialsNullOrigin, key("null-origin"), "true", why);
    }
    check_redundancy(config, &patterns, &positions, problems);
    patterns
}

fn check_entry(
    config: &PolicyConfig,
    index: usize,
    text: &str,
    problems: &mut Found,
) -> Option<OriginPattern> {
    let place = item(KEY, index);
    if text == "*" {
        if config.credentials {
            let why = "with credentials, browsers refuse `*`; and a server that answers every origin with its own name instead lets every \
                       site read what your users may. Name the origins, or set `credentials = false`";
            problems.add(ProblemCode::CredentialsAnyOrigin, place, text, why);
        }
        if config.origins.len() > 1 {
            let why = "`*` is everybody already: leave out the others, or leave out `*`";
            problems.add(ProblemCode::OriginAnyMixed, place, text, why);
        }
        return None;
    }
    let pattern = match OriginPattern::parse(text) {
        Ok(pattern) => pattern,
        Err(error) => {
            let several = error.code == ProblemCode::OriginSeveralValues && holds_several(text);
            let suggestion = if several { separated(text) } else { error.suggestion };
            problems.add_with(error.code, place, text, error.message, suggestion);
            return None;
        }
    };
    let (scheme, host) = (pattern.base.scheme().unwrap_or_default(), pattern.base.host().unwrap_or_default());
    if host.len() > LONGEST_HOST + 1 || scheme.len() > LONGEST_SCHEME {
        let why = format!(
            "no host is longer than {LONGEST_HOST} characters, and no scheme longer than {LONGEST_SCHEME}"
        );
        problems.add(ProblemCode::OriginHostInvalid, place, text, why);
        return None;
    }
    if pattern.base.is_insecure() && config.credentials {
        let why = "whoever is on the way between a user and this http page can change the page, and would read with the user's credentials. \
                   Serve the page over https";
        problems.add_with(ProblemCode::CredentialsInsecureOrigin, place, text, why, secure(&pattern));
    } else if pattern.base.is_insecure() {
        let why = "whoever is on the way between a user and this http page can change the page, and would read as it may";
        problems.add_with(ProblemCode::OriginInsecure, place, text, why, secure(&pattern));
    }
    if pattern.any_port && config.credentials && !pattern.base.is_local() {
        let why = "whatever listens on any port of that host reads with the user's credentials";
        problems.add(ProblemCode::CredentialsAnyPort, place, text, why);
    }
    if pattern.subdomains && !host.trim_end_matches('.').contains('.') && !pattern.base.is_local() {
        let why = format!(
            "`{host}` is one label and on no list of public suffixes: a mistyped one? In your own network it is right"
        );
        problems.add(ProblemCode::OriginUnknownSuffix, place, text, why);
    }
    Some(pattern)
}

fn secure(pattern: &OriginPattern) -> Option<String> {
    let text = pattern.to_string().replacen("http://", "https://", 1);
    OriginPattern::parse(&text).is_ok().then_some(text)
}

/// Entries that stand there twice, or that a pattern of the list covers.
fn check_redundancy(
    config: &PolicyConfig,
    patterns: &[OriginPattern],
    positions: &[usize],
    problems: &mut Found,
) {
    let wild: HashSet<String> = patterns
        .iter()
        .filter(|pattern| pattern.subdomains || pattern.any_port)
        .map(ToString::to_string)
        .collect();
    let mut seen: HashSet<(&Origin, bool, bool)> = HashSet::with_capacity(patterns.len());
    for (pattern, &index) in patterns.iter().zip(positions) {
        let why = if !seen.insert((&pattern.base, pattern.subdomains, pattern.any_port)) {
            "this stands in the list already".to_owned()
        } else if let Some(wider) =
            (!wild.is_empty()).then(|| pattern.wider().find(|wider| wild.contains(wider))).flatten()
        {
            format!("`{wider}` covers it already")
        } else {
            continue;
        };
        let text = config.origins.get(index).map_or("", String::as_str);
        problems.add(ProblemCode::OriginRedundant, item(KEY, index), text, why);
    }
}
