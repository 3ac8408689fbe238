//! The checks of `origins` and `null-origin`, and what credentials make of them.

use std::collections::HashSet;

use super::super::config::PolicyConfig;
use super::super::origin_pattern::{OriginPattern, PatternError};
use super::super::origins::{LONGEST_HOST, LONGEST_SCHEME};
use super::super::problem::ProblemCode;
use super::{Found, holds_several, item, key, separated};
use crate::origin::{Origin, has_suffixes_below, names_below_are_public};

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
    let pattern = match read(text) {
        Ok(pattern) => pattern,
        Err(error) => {
            let several = error.code == ProblemCode::OriginSeveralValues && holds_several(text);
            let suggestion = if several { separated(text) } else { None };
            let error = if several { error.meant(suggestion) } else { settled(config, error, &[]) };
            problems.add_with(error.code, place, text, error.message, error.suggestion);
            return None;
        }
    };
    let faults = faults(config, &pattern);
    let known: Vec<_> = faults.iter().map(|fault| fault.code).collect();
    for fault in faults {
        let fault = settled(config, fault, &known);
        problems.add_with(fault.code, place, text, fault.message, fault.suggestion);
    }
    Some(pattern)
}

/// Reads an entry that is not `*`.
fn read(text: &str) -> Result<OriginPattern, PatternError> {
    let pattern = OriginPattern::parse(text)?;
    let (scheme, host) = (pattern.base.scheme().unwrap_or_default(), pattern.base.host().unwrap_or_default());
    if host.len() > LONGEST_HOST + 1 || scheme.len() > LONGEST_SCHEME {
        let why = format!(
            "no host is longer than {LONGEST_HOST} characters, and no scheme longer than {LONGEST_SCHEME}"
        );
        return Err(PatternError::new(ProblemCode::OriginHostInvalid, why));
    }
    Ok(pattern)
}

/// What is wrong or unwise about an entry that can be read, beside what the list around it makes of it.
fn faults(config: &PolicyConfig, pattern: &OriginPattern) -> Vec<PatternError> {
    let host = pattern.base.host().unwrap_or_default();
    let mut faults = Vec::new();
    let mut add = |code, why: String| faults.push(PatternError::new(code, why));
    if pattern.any_port && config.credentials && !pattern.base.is_local() {
        let why = "whatever listens on any port of that host reads with the user's credentials";
        add(ProblemCode::CredentialsAnyPort, why.to_owned());
    }
    if pattern.subdomains && !pattern.base.is_local() {
        if names_below_are_public(host).is_some() {
            let why = format!("anybody can have a name below `{host}`, which the public suffix list says");
            if config.credentials {
                let why = format!(
                    "{why}, and a page there would read what your users may. Name the hosts that are yours"
                );
                add(ProblemCode::CredentialsPublicSuffix, why);
            } else {
                add(
                    ProblemCode::OriginPublicSuffix,
                    format!("{why}: this allows strangers as `*` does. Name the hosts that are yours"),
                );
            }
        } else if has_suffixes_below(host) {
            let why = format!(
                "the public suffix list has names below `{host}` where anybody can have a name, and this allows them too. Name a host below \
                 which all names are yours"
            );
            add(ProblemCode::OriginAboveSuffixes, why);
        } else if !host.trim_end_matches('.').contains('.') {
            let why = format!(
                "`{host}` is one label and on no list of public suffixes: a mistyped one? In your own network it is right"
            );
            add(ProblemCode::OriginUnknownSuffix, why);
        }
    }
    faults.splice(0..0, insecure(config, pattern));
    faults
}

/// An http origin, which whoever is on the way can change.
fn insecure(config: &PolicyConfig, pattern: &OriginPattern) -> Option<PatternError> {
    if !pattern.base.is_insecure() {
        return None;
    }
    let (code, why) = if config.credentials {
        let why = "whoever is on the way between a user and this http page can change the page, and would read with the user's credentials. \
                   Serve the page over https";
        (ProblemCode::CredentialsInsecureOrigin, why)
    } else {
        let why = "whoever is on the way between a user and this http page can change the page, and would read as it may";
        (ProblemCode::OriginInsecure, why)
    };
    let text = pattern.to_string().replacen("http://", "https://", 1);
    Some(PatternError::new(code, why).meant(read(&text).is_ok().then_some(text)))
}

/// The error with a suggestion that has no problem of its own, beside those that the entry is known to have. Where the suggestion has one,
/// that one's message and suggestion count too: `http://App.example` is meant as `http://app.example`, and that should be
/// `https://app.example`.
fn settled(config: &PolicyConfig, mut error: PatternError, known: &[ProblemCode]) -> PatternError {
    const STEPS: usize = 4;
    for _ in 0..STEPS {
        let Some(meant) = error.suggestion.as_deref() else { return error };
        let mut problems = match read(meant) {
            Ok(pattern) => faults(config, &pattern),
            Err(error) => vec![error],
        };
        problems.retain(|problem| !known.contains(&problem.code) && !is_acknowledged(config, problem.code));
        let Some(next) = problems.into_iter().next() else { return error };
        error.message = format!("{}. Besides, {}", error.message, next.message);
        error.suggestion = next.suggestion;
    }
    error.suggestion = None;
    error
}

fn is_acknowledged(config: &PolicyConfig, code: ProblemCode) -> bool {
    code.can_be_acknowledged() && config.acknowledge.iter().any(|text| text == code.as_str())
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
