//! From what was observed to the closest policy.

use corsac::header::names::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS};
use corsac::header::{
    MaxAge, is_forbidden_request_header, is_forbidden_response_header_name,
    is_safelisted_response_header_name,
};
use corsac::server::{OriginEntry, Policy, PolicyConfig, ResourcePolicy};
use corsac_explain::spelled;

use super::InferOptions;
use super::observed::{Observed, Told};
use super::questions::{HEADER, METHOD};

/// How a server lets every origin read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EveryOrigin {
    /// It sends `*`.
    Wildcard,
    /// It sends back whichever origin asks.
    Echo,
    /// It sends back whichever origin asks, and lets it use credentials: any site can read what its visitors may read. No policy can say this.
    EchoWithCredentials,
}

/// What a policy leaves out, or what could not be found out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unknown {
    /// A stable name, a row of the table in `docs/import.md`.
    pub code: &'static str,
    /// What it is, in whole sentences.
    pub message: String,
}

impl Unknown {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// The closest policy to what a server does.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Inferred {
    /// The policy. It is valid: what no policy can say is left out, and is in `unknown`.
    pub config: PolicyConfig,
    /// Whether every origin may read, and how.
    pub every_origin: Option<EveryOrigin>,
    /// What the policy leaves out or could not be found out.
    pub unknown: Vec<Unknown>,
    /// Why requests brought no usable response, for the first that did not.
    pub unusable: Option<String>,
}

pub(super) fn of(observed: &Observed, options: &InferOptions) -> Inferred {
    let mut unknown = Vec::new();
    let every_origin = every_origin(observed);
    let is_wildcard = every_origin == Some(EveryOrigin::Wildcard);
    let may_use_credentials = observed.credentials == Some(true) && every_origin.is_none();
    let mut config = PolicyConfig {
        origins: if every_origin.is_some() {
            vec!["*".to_owned()]
        } else {
            origins(observed, may_use_credentials)
        },
        null_origin: observed.null.as_ref().is_some_and(|told| told.is_allowed && every_origin.is_none()),
        credentials: may_use_credentials,
        expose_headers: exposed(observed, may_use_credentials),
        timing: observed.told().any(|(_, told)| told.timing)
            || observed.strangers.iter().any(|told| told.timing),
        resource_policy: resource_policy(observed),
        ..PolicyConfig::default()
    };
    config.methods = methods(observed, &mut unknown);
    config.request_headers = request_headers(observed, options, &mut unknown);
    max_age(observed, &mut config, &mut unknown);
    origins_unknown(observed, every_origin, &mut unknown);
    if is_wildcard && observed.strangers.iter().any(|told| told.credentials) {
        unknown.push(Unknown::new("wildcard-with-credentials", "The server sends `Access-Control-Allow-Credentials: true` with `*`, which has no effect: browsers refuse `*` for requests with credentials."));
    }
    if observed.is_cut {
        unknown.push(Unknown::new(
            "limit",
            format!("Not everything was asked, because {} requests is the limit.", options.limit),
        ));
    }
    unknown.extend(make_valid(&mut config));
    Inferred { config, every_origin, unknown, unusable: observed.unusable.clone() }
}

fn every_origin(observed: &Observed) -> Option<EveryOrigin> {
    let first = observed.strangers.first().filter(|_| observed.is_open())?;
    Some(match (first.named.as_deref(), first.credentials) {
        (Some("*"), _) => EveryOrigin::Wildcard,
        (_, false) => EveryOrigin::Echo,
        (_, true) => EveryOrigin::EchoWithCredentials,
    })
}

/// The entries that are allowed, without those that others of them cover.
fn origins(observed: &Observed, credentials: bool) -> Vec<String> {
    let entries: Vec<&str> = observed.allowed_entries().collect();
    // What no policy can have stands for nothing else.
    let is_possible = |entry: &str| {
        let mut config =
            PolicyConfig { origins: vec![entry.to_owned()], credentials, ..PolicyConfig::default() };
        make_valid(&mut config);
        !config.origins.is_empty()
    };
    let wide: Vec<&str> = entries.iter().copied().filter(|entry| is_possible(entry)).collect();
    let needed = entries.iter().filter(|entry| !wide.iter().any(|other| covers(other, entry)));
    needed.map(|entry| (*entry).to_owned()).collect()
}

/// Returns `true` if the first entry covers everything that the second one does, and is another one. Only what [`wider`] makes is compared.
///
/// [`wider`]: super::questions
fn covers(wide: &str, narrow: &str) -> bool {
    let (Some(wide_parts), Some(parts)) = (OriginEntry::split(wide), OriginEntry::split(narrow)) else {
        return false;
    };
    if wide == narrow || wide_parts.scheme != parts.scheme {
        return false;
    }
    let port = wide_parts.covers_every_port() || wide_parts.port == parts.port;
    let host = if wide_parts.host == parts.host {
        wide_parts.covers_subdomains == parts.covers_subdomains
    } else {
        let below = parts.host.strip_suffix(wide_parts.host).is_some_and(|rest| rest.ends_with('.'));
        wide_parts.covers_subdomains && below
    };
    port && host
}

fn methods(observed: &Observed, unknown: &mut Vec<Unknown>) -> Vec<String> {
    let allowed: Vec<&str> = allowed(&observed.allowed_methods);
    if allowed.contains(&METHOD) {
        return vec!["*".to_owned()];
    }
    for named in observed.methods.iter().filter(|named| is_dead_method(named)) {
        unknown.push(Unknown::new(
            "method-never-matches",
            format!(
                "{} has `{named}`, which allows nothing: methods are compared byte by byte, so write `{}`.",
                spelled(ACCESS_CONTROL_ALLOW_METHODS),
                named.to_ascii_uppercase()
            ),
        ));
    }
    // `GET`, `HEAD` and `POST` need no permission. Servers name `OPTIONS` out of habit.
    let needs_none = |method: &str| matches!(method, "GET" | "HEAD" | "POST" | "OPTIONS");
    allowed.into_iter().filter(|method| !needs_none(method)).map(str::to_owned).collect()
}

/// A usual method in lower case, which matches none that a browser sends: it writes these in upper case.
fn is_dead_method(named: &str) -> bool {
    let upper = named.to_ascii_uppercase();
    named != upper && matches!(upper.as_str(), "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS")
}

fn request_headers(observed: &Observed, options: &InferOptions, unknown: &mut Vec<Unknown>) -> Vec<String> {
    let allowed = allowed(&observed.allowed_headers);
    let is_allowed = |name: &str| allowed.iter().any(|known| known.eq_ignore_ascii_case(name));
    if is_allowed(HEADER) {
        let named = is_allowed("authorization").then_some("Authorization");
        return ["*"].into_iter().chain(named).map(str::to_owned).collect();
    }
    let prefixes: Vec<&String> = options
        .request_headers
        .iter()
        .filter(|entry| entry.strip_suffix('*').is_some_and(|prefix| is_allowed(&format!("{prefix}corsac"))))
        .collect();
    let below_prefix = |name: &str| {
        let prefixes = prefixes.iter().filter_map(|entry| entry.strip_suffix('*'));
        let name = name.to_ascii_lowercase();
        prefixes.into_iter().any(|prefix| name.starts_with(&prefix.to_ascii_lowercase()))
    };
    let mut names: Vec<String> = Vec::new();
    for name in allowed.iter().copied().filter(|name| !below_prefix(name)) {
        // As the server spells it, if it names it.
        let named = observed.headers.iter().find(|named| named.eq_ignore_ascii_case(name));
        if !is_forbidden_request_header(name, b"") {
            names.push(named.map_or(name, String::as_str).to_owned());
        }
    }
    names.extend(prefixes.into_iter().cloned());
    if observed.headers.iter().any(|name| name == "*") {
        unknown.push(Unknown::new(
            "wildcard-is-a-name",
            format!(
                "{} has `*`, which browsers take as a name in responses to requests with credentials.",
                spelled(ACCESS_CONTROL_ALLOW_HEADERS)
            ),
        ));
    }
    names
}

fn allowed(tried: &[(String, bool)]) -> Vec<&str> {
    tried.iter().filter(|(_, is_allowed)| *is_allowed).map(|(name, _)| name.as_str()).collect()
}

fn exposed(observed: &Observed, with_credentials: bool) -> Vec<String> {
    let has_no_effect = |name: &str| {
        is_safelisted_response_header_name(name)
            || is_forbidden_response_header_name(name)
            || with_credentials && name == "*"
    };
    let names: Vec<String> = observed.exposed.iter().filter(|name| !has_no_effect(name)).cloned().collect();
    if names.iter().any(|name| name == "*") { vec!["*".to_owned()] } else { names }
}

fn resource_policy(observed: &Observed) -> Option<ResourcePolicy> {
    let value = observed.resource_policy.as_deref()?;
    ResourcePolicy::ALL.into_iter().find(|policy| policy.as_str() == value)
}

fn max_age(observed: &Observed, config: &mut PolicyConfig, unknown: &mut Vec<Unknown>) {
    match (&observed.max_age, observed.preflight) {
        (_, None) => {}
        (None, Some(_)) => unknown.push(Unknown::new("max-age-missing", "The server sends no `Access-Control-Max-Age`, and browsers then keep an answer to a preflight for five seconds. The policy has its default, ten minutes.")),
        (Some(value), Some(_)) => match MaxAge::classify(value.as_bytes()) {
            MaxAge::Seconds(seconds) if seconds <= 86_400 => config.max_age = Some(text(seconds)),
            MaxAge::Seconds(seconds) => {
                config.max_age = Some(text(86_400));
                unknown.push(Unknown::new("max-age-too-long", format!("The server sends `Access-Control-Max-Age: {seconds}`. No browser keeps an answer for more than a day, which is what the policy says.")));
            }
            _ => unknown.push(Unknown::new("max-age-invalid", format!("`Access-Control-Max-Age: {value}` is not a number of seconds, so it has no effect. The policy has its default, ten minutes."))),
        },
    }
}

/// Seconds as people write them: `1h30m`.
fn text(seconds: u64) -> String {
    let mut rest = seconds;
    let mut text = String::new();
    for (unit, length) in [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)] {
        if rest >= length {
            text.push_str(&format!("{}{unit}", rest / length));
            rest %= length;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

fn origins_unknown(observed: &Observed, every_origin: Option<EveryOrigin>, unknown: &mut Vec<Unknown>) {
    let (allowed, refused): (Vec<&Told>, Vec<&Told>) =
        observed.strangers.iter().partition(|told| told.is_allowed);
    if !allowed.is_empty() && !refused.is_empty() {
        unknown.push(Unknown::new(
            "some-strangers",
            "Of two origins that nobody has, one over https and one over http with a port, the server lets one read. Which origins it lets in beside the policy's is not known.",
        ));
    }
    match every_origin {
        Some(EveryOrigin::EchoWithCredentials) => unknown.push(Unknown::new("open-with-credentials", "The server lets every origin read with credentials, so any site can read what its visitors may read. No policy says that: this one allows every origin without credentials. List the origins that need credentials instead.")),
        Some(_) => {}
        None => {
            if observed.allowed_entries().next().is_none() {
                unknown.push(Unknown::new("no-origin-allowed", "No origin that was tried may read. Name some that should with `--candidates`."));
            } else {
                unknown.push(Unknown::new("origins-not-tried", "Origins that were not tried may be allowed as well: only candidates and their relatives are found."));
            }
        }
    }
    let mut told = observed.told().map(|(_, told)| told.credentials);
    if let Some(first) = told.next()
        && told.any(|credentials| credentials != first)
    {
        unknown.push(Unknown::new("credentials-differ", "Some origins may use credentials and others may not. A policy has one answer for all of its origins: make two."));
    }
}

/// Leaves out what no policy can say, and acknowledges what can be. Returns what it did.
///
/// ```
/// use corsac::server::PolicyConfig;
///
/// let mut config = PolicyConfig { origins: vec!["*".into()], credentials: true, ..PolicyConfig::default() };
/// assert_eq!(corsac_verify::make_valid(&mut config).len(), 1);
/// assert!(corsac::server::Policy::new(&config).is_ok());
/// ```
pub fn make_valid(config: &mut PolicyConfig) -> Vec<Unknown> {
    let mut left_out = Vec::new();
    // Each round leaves something out, so there are no more rounds than values.
    for _ in 0..1_000 {
        let Err(problems) = Policy::new(config) else { return left_out };
        let Some(problem) = problems.iter().find(|problem| problem.is_error()) else { return left_out };
        let (code, place) = (problem.code, &problem.place);
        if code.can_be_acknowledged() && !config.acknowledge.iter().any(|known| known == code.as_str()) {
            config.acknowledge.push(code.as_str().to_owned());
            left_out.push(Unknown::new(
                "acknowledged",
                format!("The policy acknowledges `{code}`: {}", sentence(&problem.message)),
            ));
            continue;
        }
        let list = match place.key {
            "origins" => &mut config.origins,
            "methods" => &mut config.methods,
            "request-headers" => &mut config.request_headers,
            "expose-headers" => &mut config.expose_headers,
            "acknowledge" => &mut config.acknowledge,
            key => {
                match key {
                    "credentials" => config.credentials = false,
                    "null-origin" => config.null_origin = false,
                    "timing" => config.timing = false,
                    "max-age" => config.max_age = None,
                    _ => config.resource_policy = None,
                }
                left_out.push(Unknown::new(
                    "left-out",
                    format!("The policy leaves out `{key}`: {}", sentence(&problem.message)),
                ));
                continue;
            }
        };
        match place.index.filter(|index| *index < list.len()) {
            Some(index) => {
                list.remove(index);
            }
            None => list.clear(),
        }
        left_out.push(Unknown::new(
            "left-out",
            format!(
                "The policy leaves out `{}` of `{}`: {}",
                problem.value,
                place.key,
                sentence(&problem.message)
            ),
        ));
    }
    left_out
}

/// The message as a sentence.
fn sentence(message: &str) -> String {
    // What is wrong with a suggestion is of no interest where none is made.
    let message = message.split(" But `").next().unwrap_or(message);
    if message.ends_with('.') { message.to_owned() } else { format!("{message}.") }
}
