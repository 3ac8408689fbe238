//! What was meant by entries that cannot be read.

use super::{OriginPattern, PatternError};
use crate::origin::Origin;
use crate::server::problem::ProblemCode;

/// A suggestion that is an entry, mended once more if it has to be: `ws:example.com` is `ws://example.com`, and that is `http://example.com`.
pub(super) fn origin(suggestion: Option<String>) -> Option<String> {
    match OriginPattern::parse(suggestion.as_deref()?) {
        Ok(_) => suggestion,
        Err(error) => error.suggestion.filter(|meant| OriginPattern::parse(meant).is_ok()),
    }
}

/// The pattern that was probably meant: stand-ins take the places of the wildcards while the rest is mended as an origin is.
pub(super) fn pattern(given: &str) -> Option<String> {
    const LABEL: &str = "corsac-any-subdomain";
    const PART: &str = "corsacpartoflabel";
    const PORT: &str = "65432";
    // `/*` is meant as every page of the origin.
    let text = given.trim().trim_end_matches("/*").trim_end_matches('/');
    let (text, any_port) = match text.strip_suffix(":*") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let host = text.split_once("://").map_or(text, |(_, host)| host);
    // Without a scheme, the likely one is found along with the rest.
    let scheme = text.strip_suffix(host).unwrap_or_default();
    let parent = host.trim_start_matches(['*', '.']);
    // `*-team.example.com` is a part of a label, `*example.com` was meant as its subdomains.
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
    let mended = match Origin::parse(&text) {
        Ok(origin) => origin.as_str().to_owned(),
        Err(error) => error.suggestion()?,
    };
    let pattern = mended.replacen(LABEL, "*", 1).replace(PART, "*").replacen(&format!(":{PORT}"), ":*", 1);
    // What is mended already, and still wrong, cannot be mended.
    (pattern != given && OriginPattern::parse(&pattern).is_ok()).then_some(pattern)
}

/// What is written in a language that entries are not in: regular expressions, variables, address ranges.
pub(super) fn other_language(text: &str) -> Option<PatternError> {
    if text.contains("${") || text.contains("{{") || text.starts_with('$') {
        let why = "a policy has no variables, so nothing is put in the place of this one. In a file, \
                   `origins-from-env = \"APP_ORIGINS\"` reads origins from a variable of the environment";
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
        let why = "this is a regular expression, and an entry is none. `https://*.example.com` covers subdomains, \
                   `https://app-*.example.com` a part of one label; a program can decide about the rest with an `OriginLookup`";
        return Some(PatternError::new(ProblemCode::OriginRegularExpression, why));
    }
    is_address_range(text).then(address_range)
}

pub(super) fn address_range() -> PatternError {
    let why = "an entry cannot stand for a range of addresses. Write each address; a program can decide about a range with an `OriginLookup`";
    PatternError::new(ProblemCode::OriginAddressRange, why)
}

/// `192.168.1.0/24`, `http://10.0.0.*`, `192.168.*`
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
