//! The checks of `origins` and `null-origin`, alone and together with `credentials`.

use std::collections::{BTreeSet, HashSet};

use super::super::config::PolicyConfig;
use super::super::origin_pattern::{OriginPattern, PatternError, Shape};
use super::super::origins::{LONGEST_HOST, LONGEST_SCHEME};
use super::super::problem::ProblemCode;
use super::platforms::belongs_to_one_site;
use super::{Report, holds_several, item, key, separated};
use crate::origin::{SuffixList, has_suffixes_below, is_bad_port, names_below_are_public};

const KEY: &str = "origins";

/// Checks the origins. Returns the valid entries in order.
pub(super) fn check(config: &PolicyConfig, problems: &mut Report) -> Vec<OriginPattern> {
    let mut patterns = Vec::with_capacity(config.origins.len());
    let mut positions = Vec::with_capacity(config.origins.len());
    for (index, text) in config.origins.iter().enumerate() {
        if let Some(pattern) = check_entry(config, index, text, problems) {
            patterns.push(pattern);
            positions.push(index);
        }
    }
    if config.origins.is_empty() && !config.null_origin {
        let why = "the list is empty, so no origin may read, except those that a lookup in the service allows. Acknowledge it if that is intended";
        problems.add(ProblemCode::OriginNone, key(KEY), "", why);
    }
    if config.null_origin && config.credentials {
        let why = "anybody can make a page that sends `Origin: null`, for example in a sandboxed frame; with credentials it could read \
                   everything that your users can. Set `null-origin` or `credentials` to `false`";
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
    problems: &mut Report,
) -> Option<OriginPattern> {
    let place = item(KEY, index);
    if text == "*" {
        if config.credentials {
            let why = "with credentials, browsers refuse `*`; and echoing every origin instead would let any site read everything that your \
                       users can. Name the origins, or set `credentials = false`";
            problems.add(ProblemCode::CredentialsAnyOrigin, place, text, why);
        }
        if config.origins.len() > 1 {
            let why = "`*` covers every origin already: leave out the others, or leave out `*`";
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
    for error in pattern_errors(config, &pattern) {
        problems.add_with(error.code, place, text, error.message, error.suggestion);
    }
    Some(pattern)
}

/// Parses an entry that is not `*`.
fn read(text: &str) -> Result<OriginPattern, PatternError> {
    let pattern = OriginPattern::parse(text)?;
    let host = pattern.host().strip_suffix('.').unwrap_or(pattern.host());
    // A subdomain has at least a letter and a dot.
    let longest = if pattern.subdomains { LONGEST_HOST - "a.".len() } else { LONGEST_HOST };
    if host.len() > longest || pattern.base.scheme().is_some_and(|scheme| scheme.len() > LONGEST_SCHEME) {
        let why = format!(
            "a host can have at most {LONGEST_HOST} characters, and a scheme at most {LONGEST_SCHEME}"
        );
        return Err(PatternError::new(ProblemCode::OriginHostInvalid, why));
    }
    Ok(pattern)
}

/// Returns what is wrong or unwise about a single valid entry, regardless of the other entries.
fn pattern_errors(config: &PolicyConfig, pattern: &OriginPattern) -> Vec<PatternError> {
    let mut errors: Vec<_> = insecure(config, pattern).into_iter().collect();
    if pattern.any_host {
        errors.push(any_app_host(config, pattern));
    }
    if let Some(port) = pattern.base.port().filter(|port| is_bad_port(*port)) {
        let why = format!("browsers refuse to connect to port {port}, so no page has this origin");
        errors.push(PatternError::new(ProblemCode::OriginPortBlocked, why));
    }
    errors.extend(port_of_other_scheme(pattern));
    if pattern.any_port && config.credentials && !pattern.base.is_local() {
        let why = "anything that listens on any port of that host may read with the user's credentials";
        errors.push(PatternError::new(ProblemCode::CredentialsAnyPort, why));
    }
    if !pattern.base.is_local() {
        let labels = pattern.wildcard_labels.iter();
        errors.extend(labels.filter_map(|label| part_of_label(config, pattern, label.labels_after)));
    }
    if pattern.subdomains && !pattern.base.is_local() {
        errors.extend(subdomains(config, pattern.base.host().unwrap_or_default()));
    }
    errors.extend(trailing_dot(pattern));
    errors
}

/// `https://app.example.`
fn trailing_dot(pattern: &OriginPattern) -> Option<PatternError> {
    let host = pattern.host();
    let without_dot = host.strip_suffix('.').filter(|_| pattern.is_web())?;
    let suggestion = pattern.as_str().replacen(host, without_dot, 1);
    let why = format!(
        "the dot at the end of the host makes this another origin than `{suggestion}`; a page has it only if its URL has the dot"
    );
    Some(PatternError::new(ProblemCode::OriginTrailingDot, why).suggest(suggestion))
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
        format!("{port} is the default port of {other}, and a page of the scheme {scheme} rarely has it");
    let (_, rest) = pattern.as_str().split_once("://")?;
    let suggestion = format!("https://{}", rest.strip_suffix(&format!(":{port}"))?);
    Some(PatternError::new(ProblemCode::OriginPortOtherScheme, why).suggest(suggestion))
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
        "every app or extension whose pages have the scheme `{scheme}` may read{end}, no matter who made it"
    );
    PatternError::new(code, why)
}

/// `https://*.example.com`, if other people can have names there.
fn subdomains(config: &PolicyConfig, host: &str) -> Option<PatternError> {
    if names_below_are_public(host).is_some() {
        let why = format!("the public suffix list says that anybody can have a name below `{host}`");
        return Some(if config.credentials {
            let why = format!(
                "{why}, and a page there could read everything that your users can. Name the hosts that are yours"
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
        "the public suffix list has domains below `{host}` where anybody can have a name, and this covers them. Name a host below which \
         all names are yours"
    );
    has_suffixes_below(host).then(|| PatternError::new(ProblemCode::OriginAboveSuffixes, why))
}

fn unknown_suffix(host: &str) -> Option<PatternError> {
    let why = format!(
        "`{host}` is a single label and not a known public suffix. It may be a typo; in your own network it can be right"
    );
    let is_one_label = !host.trim_end_matches('.').contains('.');
    is_one_label.then(|| PatternError::new(ProblemCode::OriginUnknownSuffix, why))
}

/// `https://app-*.example.com`, if other people can have names that match. `labels_after` is the number of labels to the right of the one with
/// the `*`.
fn part_of_label(
    config: &PolicyConfig,
    pattern: &OriginPattern,
    labels_after: usize,
) -> Option<PatternError> {
    let host = pattern.host();
    let (dot, _) = host.rmatch_indices('.').nth(labels_after.checked_sub(1)?)?;
    let (label, parent) = (host.get(..dot)?.rsplit('.').next()?, host.get(dot + 1..)?);
    let suffix = names_below_are_public(&parent.replace('*', "0"));
    match suffix {
        Some(SuffixList::Icann) => Some(registered(pattern, label, parent, "anybody can register a name")),
        None if !parent.trim_end_matches('.').contains('.') => {
            Some(registered(pattern, label, parent, "it is not known who can have a name"))
        }
        Some(SuffixList::Private) if belongs_to_one_site(label, parent) => None,
        Some(SuffixList::Private) => {
            let why =
                format!("anybody can choose a name below `{parent}`, including one that matches `{label}`");
            Some(if config.credentials {
                let why = format!("{why}; its pages could read everything that your users can");
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
    let why = format!("{who} below `{parent}`, and `{example}.{parent}` matches");
    let fixed = label.replace('*', "");
    if !label.starts_with('*') || fixed.starts_with('-') {
        return PatternError::new(ProblemCode::OriginWildcardMisplaced, why);
    }
    let suggestion = format!("{}://*.{fixed}.{parent}", pattern.base.scheme().unwrap_or_default());
    let why = format!("{why}. `{suggestion}` covers the subdomains of one name, of one label or more");
    let suggestion = read(&suggestion).is_ok().then_some(suggestion);
    PatternError::new(ProblemCode::OriginWildcardMisplaced, why).suggest(suggestion)
}

/// An http origin, whose pages anybody on the network path can change.
fn insecure(config: &PolicyConfig, pattern: &OriginPattern) -> Option<PatternError> {
    if !pattern.base.is_insecure() {
        return None;
    }
    let (code, why) = if config.credentials {
        let why = "anybody on the network between a user and this http page can change the page, and could then read with the user's \
                   credentials. Serve the page over https";
        (ProblemCode::CredentialsInsecureOrigin, why)
    } else {
        let why = "anybody on the network between a user and this http page can change the page, and could then read what it may read";
        (ProblemCode::OriginInsecure, why)
    };
    let text = pattern.to_string().replacen("http://", "https://", 1);
    Some(PatternError::new(code, why).suggest(read(&text).is_ok().then_some(text)))
}

/// Reports an origin on the user's own machine next to other hosts, with credentials: an entry for development that reaches production.
fn check_local(
    config: &PolicyConfig,
    patterns: &[OriginPattern],
    positions: &[usize],
    problems: &mut Report,
) {
    let is_local = |pattern: &&OriginPattern| pattern.is_web() && pattern.base.is_local();
    let has_others = patterns.iter().any(|pattern| !is_local(&pattern));
    let local = patterns.iter().zip(positions).find(|(pattern, _)| is_local(pattern));
    if let (true, true, Some((pattern, &index))) = (config.credentials, has_others, local) {
        let why = "anything that listens there on a user's own machine may read with the user's credentials, as your pages do. Use a \
                   separate policy for development";
        problems.add(ProblemCode::CredentialsLocalOrigin, item(KEY, index), pattern.as_str(), why);
    }
}

/// Reports entries that are listed twice, or that a pattern of the list covers.
fn check_redundancy(
    config: &PolicyConfig,
    patterns: &[OriginPattern],
    positions: &[usize],
    problems: &mut Report,
) {
    let wild: HashSet<&str> =
        patterns.iter().filter(|pattern| pattern.has_wildcard()).map(OriginPattern::as_str).collect();
    let shapes: BTreeSet<Shape> = patterns.iter().filter_map(OriginPattern::shape).collect();
    let shapes: Vec<Shape> = shapes.into_iter().collect();
    let mut seen: HashSet<&str> = HashSet::with_capacity(patterns.len());
    for (pattern, &index) in patterns.iter().zip(positions) {
        let covering = || pattern.wider(&shapes).into_iter().find(|wider| wild.contains(wider.as_str()));
        let why = if !seen.insert(pattern.as_str()) {
            "this is in the list already".to_owned()
        } else if let Some(wider) = (!wild.is_empty()).then(covering).flatten() {
            format!("`{wider}` covers it already")
        } else {
            continue;
        };
        let text = config.origins.get(index).map_or("", String::as_str);
        problems.add(ProblemCode::OriginRedundant, item(KEY, index), text, why);
    }
}
