//! The checks of `origins` and `null-origin`, and what credentials make of them.

use std::collections::{BTreeSet, HashSet};

use super::super::config::PolicyConfig;
use super::super::origin_pattern::{OriginPattern, PatternError, Shape};
use super::super::origins::{LONGEST_HOST, LONGEST_SCHEME};
use super::super::problem::ProblemCode;
use super::platforms::belongs_to_one_site;
use super::{Found, holds_several, item, key, separated};
use crate::origin::{SuffixList, has_suffixes_below, is_bad_port, names_below_are_public};

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
        let why = "the list is empty, so nobody may read, except whom a lookup of the service allows. Acknowledge it if that is meant";
        problems.add(ProblemCode::OriginNone, key(KEY), "", why);
    }
    if config.null_origin && config.credentials {
        let why = "everybody can make a page that sends `Origin: null`, a sandboxed frame for one; with credentials it would read what your \
                   users may. Set one of `null-origin` and `credentials` to `false`";
        problems.add(ProblemCode::CredentialsNullOrigin, key("null-origin"), "true", why);
    }
    check_local(config, &patterns, &positions, problems);
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
            let suggestion = if several { separated(text) } else { error.suggestion };
            problems.add_with(error.code, place, text, error.message, suggestion);
            return None;
        }
    };
    for fault in faults(config, &pattern) {
        problems.add_with(fault.code, place, text, fault.message, fault.suggestion);
    }
    Some(pattern)
}

/// Reads an entry that is not `*`.
fn read(text: &str) -> Result<OriginPattern, PatternError> {
    let pattern = OriginPattern::parse(text)?;
    let host = pattern.host().strip_suffix('.').unwrap_or(pattern.host());
    // A subdomain needs a letter and a dot at the least.
    let room = if pattern.subdomains { LONGEST_HOST - "a.".len() } else { LONGEST_HOST };
    if host.len() > room || pattern.base.scheme().is_some_and(|scheme| scheme.len() > LONGEST_SCHEME) {
        let why = format!(
            "no host is longer than {LONGEST_HOST} characters, and no scheme longer than {LONGEST_SCHEME}"
        );
        return Err(PatternError::new(ProblemCode::OriginHostInvalid, why));
    }
    Ok(pattern)
}

/// What is wrong or unwise about an entry that can be read, beside what the list around it makes of it.
fn faults(config: &PolicyConfig, pattern: &OriginPattern) -> Vec<PatternError> {
    let mut faults: Vec<_> = insecure(config, pattern).into_iter().collect();
    if pattern.any_host {
        faults.push(any_app_host(config, pattern));
    }
    if let Some(port) = pattern.base.port().filter(|port| is_bad_port(*port)) {
        let why = format!("browsers refuse to connect to port {port}, so no page comes from there");
        faults.push(PatternError::new(ProblemCode::OriginPortBlocked, why));
    }
    faults.extend(port_of_other_scheme(pattern));
    if pattern.any_port && config.credentials && !pattern.base.is_local() {
        let why = "whatever listens on any port of that host reads with the user's credentials";
        faults.push(PatternError::new(ProblemCode::CredentialsAnyPort, why));
    }
    if !pattern.base.is_local() {
        faults.extend(
            pattern.within.iter().filter_map(|within| part_of_label(config, pattern, within.to_the_right)),
        );
    }
    if pattern.subdomains && !pattern.base.is_local() {
        faults.extend(subdomains(config, pattern.base.host().unwrap_or_default()));
    }
    faults
}

/// `https://app.example:80`
fn port_of_other_scheme(pattern: &OriginPattern) -> Option<PatternError> {
    let (scheme, port) = (pattern.base.scheme()?, pattern.base.port()?);
    let other = match (scheme, port) {
        ("https", 80) => "http",
        ("http", 443) => "https",
        _ => return None,
    };
    let why =
        format!("{port} is the default port of {other}, so a page of the scheme {scheme} seldom has it");
    let (_, rest) = pattern.as_str().split_once("://")?;
    let meant = format!("https://{}", rest.strip_suffix(&format!(":{port}"))?);
    Some(PatternError::new(ProblemCode::OriginPortOtherScheme, why).meant(meant))
}

/// `moz-extension://*`
fn any_app_host(config: &PolicyConfig, pattern: &OriginPattern) -> PatternError {
    let scheme = pattern.base.scheme().unwrap_or_default();
    let (code, end) = if config.credentials {
        (ProblemCode::CredentialsAnyAppHost, ", with the user's credentials")
    } else {
        (ProblemCode::OriginAnyAppHost, "")
    };
    let why = format!(
        "every app or extension whose pages have the scheme `{scheme}` may read{end}, whoever made it"
    );
    PatternError::new(code, why)
}

/// `https://*.example.com`: does anybody else have names there?
fn subdomains(config: &PolicyConfig, host: &str) -> Option<PatternError> {
    if names_below_are_public(host).is_some() {
        let why = format!("the public suffix list says that anybody can have a name below `{host}`");
        return Some(if config.credentials {
            let why = format!(
                "{why}, and a page there would read what your users may. Name the hosts that are yours"
            );
            PatternError::new(ProblemCode::CredentialsPublicSuffix, why)
        } else {
            let why = format!("{why}, so this lets strangers read. Name the hosts that are yours");
            PatternError::new(ProblemCode::OriginPublicSuffix, why)
        });
    }
    above_suffixes(host).or_else(|| unknown_suffix(host))
}

fn above_suffixes(host: &str) -> Option<PatternError> {
    let why = format!(
        "the public suffix list has names below `{host}` where anybody can have a name, and this covers them. Name a host below which all \
         names are yours"
    );
    has_suffixes_below(host).then(|| PatternError::new(ProblemCode::OriginAboveSuffixes, why))
}

fn unknown_suffix(host: &str) -> Option<PatternError> {
    let why = format!(
        "`{host}` is one label and on no list of public suffixes: a mistyped one? In your own network it is right"
    );
    let is_one_label = !host.trim_end_matches('.').contains('.');
    is_one_label.then(|| PatternError::new(ProblemCode::OriginUnknownSuffix, why))
}

/// `https://app-*.example.com`: who can have a name that fits? The label has so many others to its right.
fn part_of_label(
    config: &PolicyConfig,
    pattern: &OriginPattern,
    to_the_right: usize,
) -> Option<PatternError> {
    let host = pattern.host();
    let (dot, _) = host.rmatch_indices('.').nth(to_the_right.checked_sub(1)?)?;
    let (label, parent) = (host.get(..dot)?.rsplit('.').next()?, host.get(dot + 1..)?);
    let suffix = names_below_are_public(&parent.replace('*', "0"));
    match suffix {
        Some(SuffixList::Icann) => Some(registered(pattern, label, parent, "anybody can register a name")),
        None if !parent.trim_end_matches('.').contains('.') => {
            Some(registered(pattern, label, parent, "no list says who can have a name"))
        }
        Some(SuffixList::Private) if belongs_to_one_site(label, parent) => None,
        Some(SuffixList::Private) => {
            let why = format!(
                "strangers choose their names below `{parent}`, and can choose one that fits `{label}`"
            );
            Some(if config.credentials {
                let why = format!("{why}; its pages would read what your users may");
                PatternError::new(ProblemCode::CredentialsSharedSuffix, why)
            } else {
                PatternError::new(ProblemCode::OriginSharedSuffix, why)
            })
        }
        None => above_suffixes(parent),
    }
}

/// `https://*example.com`, where `https://*.example.com` was meant.
fn registered(pattern: &OriginPattern, label: &str, parent: &str, who: &str) -> PatternError {
    let example = label.replace('*', "evil");
    let why = format!("{who} below `{parent}`, and `{example}.{parent}` fits");
    let fixed = label.replace('*', "");
    if !label.starts_with('*') || fixed.starts_with('-') {
        return PatternError::new(ProblemCode::OriginWildcardMisplaced, why);
    }
    let meant = format!("{}://*.{fixed}.{parent}", pattern.base.scheme().unwrap_or_default());
    let why = format!("{why}. `{meant}` covers the subdomains of one name, of one label or more");
    PatternError::new(ProblemCode::OriginWildcardMisplaced, why).meant(read(&meant).is_ok().then_some(meant))
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

/// This machine beside other hosts, with credentials: what is meant for development reaches production.
fn check_local(config: &PolicyConfig, patterns: &[OriginPattern], positions: &[usize], problems: &mut Found) {
    let is_local = |pattern: &&OriginPattern| pattern.is_web() && pattern.base.is_local();
    let has_others = patterns.iter().any(|pattern| !is_local(&pattern));
    let local = patterns.iter().zip(positions).find(|(pattern, _)| is_local(pattern));
    if let (true, true, Some((pattern, &index))) = (config.credentials, has_others, local) {
        let why = "whatever listens there on a user's own machine reads with the user's credentials, as your pages do. Give development a \
                   policy of its own";
        problems.add(ProblemCode::CredentialsLocalOrigin, item(KEY, index), pattern.as_str(), why);
    }
}

/// Entries that stand there twice, or that a pattern of the list covers.
fn check_redundancy(
    config: &PolicyConfig,
    patterns: &[OriginPattern],
    positions: &[usize],
    problems: &mut Found,
) {
    let wild: HashSet<&str> =
        patterns.iter().filter(|pattern| pattern.has_wildcard()).map(OriginPattern::as_str).collect();
    let shapes: BTreeSet<Shape> = patterns.iter().filter_map(OriginPattern::shape).collect();
    let shapes: Vec<Shape> = shapes.into_iter().collect();
    let mut seen: HashSet<&str> = HashSet::with_capacity(patterns.len());
    for (pattern, &index) in patterns.iter().zip(positions) {
        let covering = || pattern.wider(&shapes).into_iter().find(|wider| wild.contains(wider.as_str()));
        let why = if !seen.insert(pattern.as_str()) {
            "this stands in the list already".to_owned()
        } else if let Some(wider) = (!wild.is_empty()).then(covering).flatten() {
            format!("`{wider}` covers it already")
        } else {
            continue;
        };
        let text = config.origins.get(index).map_or("", String::as_str);
        problems.add(ProblemCode::OriginRedundant, item(KEY, index), text, why);
    }
}
