//! What breaks a limit. Each function returns a sentence about the first thing that does.

use corsac::server::{OriginEntry, Placement, PolicyChoice, PolicyConfig, ResourcePolicy};

fn policies(placement: &Placement) -> impl Iterator<Item = PolicyConfig> {
    placement.all().filter_map(|(_, placed)| match &placed.choice {
        PolicyChoice::Policy(policy) => Some(policy.config()),
        _ => None,
    })
}

fn any(placement: &Placement, is: impl Fn(&PolicyConfig) -> bool, what: &str) -> Option<String> {
    policies(placement).any(|config| is(&config)).then(|| what.to_owned())
}

fn allows_any_origin(config: &PolicyConfig) -> bool {
    config.origins.iter().any(|entry| entry == "*")
}

/// More than this many of a list.
pub(super) fn at_most(
    placement: &Placement,
    most: usize,
    what: &str,
    list: impl Fn(&PolicyConfig) -> &Vec<String>,
) -> Option<String> {
    let number = policies(placement).map(|config| list(&config).len()).max();
    largest(number.unwrap_or_default(), most, what)
}

/// A number that is too large.
pub(super) fn largest(number: usize, most: usize, what: &str) -> Option<String> {
    (number > most).then(|| format!("There are {number} {what}."))
}

/// The first origin for which this does not hold. `*` alone and `null` have features of their own.
pub(super) fn origins_but(placement: &Placement, is_right: impl Fn(&str) -> bool) -> Option<String> {
    let mut entries = policies(placement).flat_map(|config| config.origins);
    let wrong = entries.find(|entry| entry != "*" && !is_right(entry))?;
    Some(format!("`{wrong}` is none."))
}

/// Returns `true` for a scheme, a host of letters, digits and these characters, and a port, in at most 253 characters. `*` can be all of the host or
/// its first label.
pub(super) fn is_plain_origin(entry: &str, also: &str) -> bool {
    OriginEntry::split(entry).is_some_and(|parts| {
        let is_host = parts.host == "*" || parts.host.split('.').all(|label| is_made_of(label, also));
        is_host && parts.port.is_none_or(|port| port != "*") && entry.len() <= 253
    })
}

/// Returns `true` for text of letters, digits and these characters.
pub(super) fn is_made_of(text: &str, also: &str) -> bool {
    let is_right = |letter: char| letter.is_ascii_alphanumeric() || also.contains(letter);
    !text.is_empty() && text.chars().all(is_right)
}

/// The first origin with a wildcard for subdomains and one for ports.
pub(super) fn two_wildcards(placement: &Placement) -> Option<String> {
    let mut entries = policies(placement).flat_map(|config| config.origins);
    let wrong = entries.find(|entry| entry.matches('*').count() > 1)?;
    Some(format!("`{wrong}` has more."))
}

/// The first method that is not one of these. `*` has features of its own.
pub(super) fn methods_but(placement: &Placement, known: &[&str]) -> Option<String> {
    let mut methods = policies(placement).flat_map(|config| config.methods);
    let wrong = methods.find(|method| method != "*" && !known.contains(&method.as_str()))?;
    Some(format!("`{wrong}` is another."))
}

/// The first name of a request header or an exposed header for which this does not hold.
pub(super) fn names_but(placement: &Placement, is_right: impl Fn(&str) -> bool) -> Option<String> {
    let mut names = policies(placement)
        .flat_map(|config| config.request_headers.into_iter().chain(config.expose_headers));
    let wrong = names.find(|name| !is_right(name))?;
    Some(format!("`{wrong}` has another character."))
}

pub(super) fn has_no_request_header(placement: &Placement) -> Option<String> {
    any(placement, |config| config.request_headers.is_empty(), "The policy lists none.")
}

pub(super) fn exposes_everything(placement: &Placement) -> Option<String> {
    let is = |config: &PolicyConfig| config.expose_headers.iter().any(|name| name == "*");
    any(placement, is, "The policy has `expose-headers = [\"*\"]`.")
}

/// A `Cross-Origin-Resource-Policy` that is weaker for allowed origins.
pub(super) fn listed_with_other_resource_policy(placement: &Placement) -> Option<String> {
    let is = |config: &PolicyConfig| {
        let is_other = config.resource_policy.is_some_and(|value| value != ResourcePolicy::CrossOrigin);
        is_other && !allows_any_origin(config)
    };
    any(placement, is, "The policy has another value.")
}

pub(super) fn is_without_credentials(placement: &Placement) -> Option<String> {
    let is = |config: &PolicyConfig| !allows_any_origin(config) && !config.credentials;
    any(placement, is, "The policy does not allow credentials.")
}

/// A policy that is too large as it is written, with this much around each value.
pub(super) fn bytes_over(placement: &Placement, most: usize, around: usize) -> Option<String> {
    let lengths = policies(placement).map(|config| {
        let texts = config.origins.iter().chain(&config.request_headers).chain(&config.expose_headers);
        texts.map(|text| text.len() + around).sum::<usize>()
    });
    let methods = 5 * ("OPTIONS".len() + around);
    largest(lengths.max().unwrap_or_default() + methods, most, "bytes")
}

/// A preflight's answer that is kept for longer than this many seconds.
pub(super) fn max_age_over(placement: &Placement, most: u64) -> Option<String> {
    let ages = placement.all().filter_map(|(_, placed)| match &placed.choice {
        PolicyChoice::Policy(policy) => Some(policy.max_age().as_secs()),
        _ => None,
    });
    let longest = ages.max().filter(|age| *age > most)?;
    Some(format!("The policy has {longest}."))
}

pub(super) fn has_other_headers_to_expose(placement: &Placement) -> Option<String> {
    let names = |list: &[String]| {
        let mut names: Vec<String> = list.iter().map(|name| name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let is = |config: &PolicyConfig| names(&config.request_headers) != names(&config.expose_headers);
    any(placement, is, "The policy has two different ones.")
}
