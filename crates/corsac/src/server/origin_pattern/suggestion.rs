//! What was probably meant by entries that cannot be parsed.

use super::{OriginPattern, PatternError};
use crate::origin::Origin;
use crate::server::problem::ProblemCode;

/// Returns a suggestion that is a valid entry. It corrects `suggestion` once more if needed: `ws:example.com` leads to `ws://example.com`,
/// and that to `http://example.com`.
pub(super) fn origin(suggestion: Option<String>) -> Option<String> {
    match OriginPattern::parse(suggestion.as_deref()?) {
        Ok(_) => suggestion,
        Err(error) => error.suggestion.filter(|corrected| OriginPattern::parse(corrected).is_ok()),
    }
}

/// Returns the pattern that was probably meant. The wildcards are replaced by placeholders while the rest is corrected like an origin.
pub(super) fn pattern(given: &str) -> Option<String> {
    const LABEL: &str = "corsac-any-subdomain";
    const PART: &str = "corsacpartoflabel";
    const PORT: &str = "65432";
    // `/*` means every page of the origin.
    let text = given.trim().trim_end_matches("/*").trim_end_matches('/');
    let (text, any_port) = match text.strip_suffix(":*") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let host = text.split_once("://").map_or(text, |(_, host)| host);
    // If the scheme is missing, it is suggested along with the rest.
    let scheme = text.strip_suffix(host).unwrap_or_default();
    let parent = host.trim_start_matches(['*', '.']);
    // In `*-team.example.com` the wildcard is part of a label; `*example.com` was meant as its subdomains.
    let first = host.split('.').next().unwrap_or_default().trim_start_matches('*');
    let (host, subdomains) = if first.contains('*') && host.starts_with('*') {
        return None;
    } else if host.starts_with('*') && !parent.starts_with(['-', '_']) {
        (parent, true)
    } else {
        (host, false)
    };
    let host = host.replace('*', PART);
    let label = if subdomains { format!("{LABEL}.") } else { String::new() };
    let port = if any_port { format!(":{PORT}") } else { String::new() };
    let text = format!("{scheme}{label}{host}{port}");
    let corrected = match Origin::parse(&text) {
        Ok(origin) => origin.as_str().to_owned(),
        Err(error) => error.suggestion()?,
    };
    let pattern = corrected.replacen(LABEL, "*", 1).replace(PART, "*").replacen(&format!(":{PORT}"), ":*", 1);
    // An entry that does not change is already as good as it can be corrected.
    (pattern != given && OriginPattern::parse(&pattern).is_ok()).then_some(pattern)
}

/// Returns the error for an entry in a notation that policies do not have: a regular expression, a variable, an address range.
pub(super) fn other_notation(text: &str) -> Option<PatternError> {
    if text.contains("${") || text.contains("{{") || text.starts_with('$') {
        let why = "a policy has no variables, so this one is not replaced. In a file, `origins-from-env = \"APP_ORIGINS\"` reads \
                   origins from an environment variable";
        return Some(PatternError::new(ProblemCode::OriginVariable, why));
    }
    let is_delimited =
        text.starts_with('/') && (text.ends_with('/') || text.contains(['\\', '^'])) && text.len() > 2;
    let is_expression = is_delimited
        || text.starts_with(['^', '('])
        || text.ends_with('$')
        || ["re:", "regex:", "regexp:", "~"].iter().any(|start| text.starts_with(start))
        || ["\\.", "://.*", ".+", "[a-z", "[0-9", "[^", "\\d", "\\w", "(?:"]
            .iter()
            .any(|part| text.contains(part));
    if is_expression {
        let why = "regular expressions are not supported. `https://*.example.com` covers subdomains, and `https://app-*.example.com` \
                   part of one label; a program can decide about anything else with an `OriginLookup`";
        return Some(PatternError::new(ProblemCode::OriginRegularExpression, why));
    }
    is_address_range(text).then(address_range)
}

pub(super) fn address_range() -> PatternError {
    let why = "address ranges are not supported. Write each address; a program can decide about a range with an `OriginLookup`";
    PatternError::new(ProblemCode::OriginAddressRange, why)
}

/// Returns `true` for `192.168.1.0/24`, `http://10.0.0.*`, `192.168.*`.
fn is_address_range(text: &str) -> bool {
    let address = text.split_once("://").map_or(text, |(_, rest)| rest);
    let (address, prefix) = match address.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (address, None),
    };
    if let Some(prefix) = prefix {
        let is_length =
            !prefix.is_empty() && prefix.len() <= 3 && prefix.bytes().all(|byte| byte.is_ascii_digit());
        return is_length && address.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok();
    }
    let host = address.split(':').next().unwrap_or_default();
    let mut labels = host.split('.');
    host.contains('*')
        && labels.next().is_some_and(|first| first.parse::<u8>().is_ok())
        && labels.all(|label| label.trim_end_matches('*').bytes().all(|byte| byte.is_ascii_digit()))
}
