//! One entry of a policy's origins: an origin, or a pattern for its subdomains, part of a label, its ports, or every host of an app's scheme.

mod shape;
mod suggestion;

use crate::origin::{Origin, OriginMistake, split_port};

use super::problem::ProblemCode;
use shape::MisplacedWildcard;
pub(super) use shape::{Shape, WildcardLabel};

/// `https://app.example`, `https://*.app.example`, `https://app-*.example`, `http://localhost:*`, `moz-extension://*`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OriginPattern {
    /// The pattern without its wildcards. A `*` within a label is replaced by `0`, and any host of an app's scheme by `.`.
    pub(super) base: Origin,
    /// The entry as it was written, if it has a wildcard.
    text: Option<Box<str>>,
    /// Whether it covers every subdomain of the host, of one label or more. The host itself is not covered.
    pub(super) subdomains: bool,
    /// The labels of the host that have a `*` within.
    pub(super) wildcard_labels: Vec<WildcardLabel>,
    /// Whether it covers every host of an app's scheme.
    pub(super) any_host: bool,
    /// Whether it covers every port, including the default one.
    pub(super) any_port: bool,
}

/// What is wrong or unwise about a single entry, and what was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PatternError {
    pub(super) code: ProblemCode,
    pub(super) message: String,
    pub(super) suggestion: Option<String>,
}

impl PatternError {
    pub(super) fn new(code: ProblemCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), suggestion: None }
    }

    pub(super) fn suggest(self, suggestion: impl Into<Option<String>>) -> Self {
        Self { suggestion: suggestion.into(), ..self }
    }
}

impl OriginPattern {
    /// Parses an entry other than `*`.
    pub(super) fn parse(text: &str) -> Result<Self, PatternError> {
        if text.trim().eq_ignore_ascii_case("null") {
            let why = "pages without an origin of their own send `null`, and anybody can make such a page. To allow them anyway, leave \
                       this out and set `null-origin = true`";
            return Err(PatternError::new(ProblemCode::OriginNull, why));
        }
        if let Some(error) = suggestion::other_notation(text) {
            return Err(error);
        }
        if let Some((scheme, host, tail)) = any_host(text) {
            return Self::any_host(text, scheme, host, tail);
        }
        if text.contains('*') && !text.contains("://") {
            return Err(without_scheme(text));
        }
        let (without_port, any_port) = match text.strip_suffix(":*") {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let (base, subdomains) = match without_port.split_once("://*.") {
            Some((scheme, host)) => (format!("{scheme}://{host}"), true),
            None => (without_port.to_owned(), false),
        };
        let (base, wildcard_labels) = shape::without_wildcards(&base).map_err(|misplaced| {
            let code = match misplaced {
                MisplacedWildcard::LongLabel => ProblemCode::OriginHostInvalid,
                _ => ProblemCode::OriginWildcardMisplaced,
            };
            PatternError::new(code, misplaced.why()).suggest(suggestion::pattern(text))
        })?;
        let has_wildcard = text.contains('*');
        let base = Origin::parse(&base).map_err(|error| {
            let suggestion =
                if has_wildcard { suggestion::pattern(text) } else { suggestion::origin(error.suggestion()) };
            PatternError::new(code_of(error.kind), error.kind.to_string()).suggest(suggestion)
        })?;
        let text = has_wildcard.then(|| text.into());
        let pattern = Self { base, text, subdomains, wildcard_labels, any_host: false, any_port };
        pattern.check()?;
        Ok(pattern)
    }

    /// Parses `moz-extension://*`. An extension can have a different host in every installation. For http and https, every host is refused.
    fn any_host(text: &str, scheme: &str, host: &str, tail: &str) -> Result<Self, PatternError> {
        if matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") {
            let why = "this covers every host. `*` alone allows every origin, and `https://*.example.com` the subdomains of one host";
            return Err(PatternError::new(ProblemCode::OriginAnyHost, why));
        }
        let lower = scheme.to_ascii_lowercase();
        let corrected = format!("{lower}://*");
        // Anything else that is wrong with it would also be wrong with a single host.
        let port = tail.strip_prefix(':').map(|tail| tail.split(['/', '?', '#']).next().unwrap_or_default());
        let without_port = tail.strip_prefix(':').and_then(|tail| tail.strip_prefix(port?)).unwrap_or(tail);
        Self::parse(&format!("{scheme}://a{without_port}")).map_err(|error| match error.suggestion {
            Some(one) if one == format!("{lower}://a") => {
                PatternError { suggestion: Some(corrected.clone()), ..error }
            }
            _ => PatternError { suggestion: None, ..error },
        })?;
        if port.is_some() {
            let why = format!("origins of the scheme `{lower}` have no ports");
            return Err(PatternError::new(ProblemCode::OriginNoPorts, why).suggest(corrected));
        }
        if host != "*" {
            let why = format!("the host of a `{lower}` origin is one name, without subdomains");
            return Err(PatternError::new(ProblemCode::OriginNoSubdomains, why).suggest(corrected));
        }
        let base = Origin::parse(&format!("{scheme}://."))
            .map_err(|error| PatternError::new(code_of(error.kind), error.kind.to_string()))?;
        let (wildcard_labels, text) = (Vec::new(), Some(text.into()));
        Ok(Self { base, text, subdomains: false, wildcard_labels, any_host: true, any_port: false })
    }

    /// Refuses a pattern that covers no origin of a page.
    fn check(&self) -> Result<(), PatternError> {
        let (scheme, host) = (self.base.scheme().unwrap_or_default(), self.base.host().unwrap_or_default());
        let page = match scheme {
            "ws" | "ftp" => Some("http"),
            "wss" => Some("https"),
            _ => None,
        };
        if let Some(page) = page {
            let why = format!(
                "no page has an origin with the scheme `{scheme}`. A WebSocket is opened by an {page} page and sends that page's \
                       origin"
            );
            let corrected = self.to_string().replacen(scheme, page, 1);
            return Err(PatternError::new(ProblemCode::OriginSchemeNeverSent, why).suggest(corrected));
        }
        let is_web = self.is_web();
        if is_web && self.any_port && self.base.port().is_some() {
            let why = "an origin has one port. Write a number, or `:*` for every port of the host";
            return Err(PatternError::new(ProblemCode::OriginPortInvalid, why));
        }
        if self.any_port && !is_web {
            return Err(PatternError::new(
                ProblemCode::OriginNoPorts,
                format!("origins of the scheme `{scheme}` have no ports"),
            ));
        }
        if self.base.port() == Some(0) {
            let why = "no server can be reached on port 0, so no page has this origin";
            return Err(PatternError::new(ProblemCode::OriginPortInvalid, why));
        }
        if !self.wildcard_labels.is_empty() && self.base.host_is_address() {
            return Err(suggestion::address_range());
        }
        if self.subdomains && (!is_web || self.base.host_is_address()) {
            return Err(PatternError::new(
                ProblemCode::OriginNoSubdomains,
                format!("`{host}` has no subdomains"),
            ));
        }
        if !self.wildcard_labels.is_empty() && !is_web {
            let why = format!(
                "the host of a `{scheme}` origin is one name: write it in full, or `{scheme}://*` for every host"
            );
            return Err(PatternError::new(ProblemCode::OriginWildcardMisplaced, why));
        }
        Ok(())
    }

    pub(super) fn is_web(&self) -> bool {
        matches!(self.base.scheme(), Some("http" | "https"))
    }

    pub(super) fn has_wildcard(&self) -> bool {
        self.text.is_some()
    }

    /// Returns the entry as it is written in a policy.
    pub(super) fn as_str(&self) -> &str {
        self.text.as_deref().unwrap_or_else(|| self.base.as_str())
    }

    /// Returns the host as the entry has it, with any `*` within its labels but without a leading `*.`.
    pub(super) fn host(&self) -> &str {
        let Some((_, rest)) = self.text.as_deref().and_then(|text| text.split_once("://")) else {
            return self.base.host().unwrap_or_default();
        };
        split_port(rest.strip_prefix("*.").unwrap_or(rest)).0
    }

    /// Returns where the entry has its wildcards; `None` if no label has a `*` within.
    pub(super) fn shape(&self) -> Option<Shape> {
        let labels = self.host().split('.').count();
        (!self.wildcard_labels.is_empty()).then(|| Shape {
            labels,
            subdomains: self.subdomains,
            wildcard_labels: self.wildcard_labels.clone(),
        })
    }

    /// Returns every other pattern that covers this one, as strings that a policy may hold. `shapes` are those of the policy.
    pub(super) fn wider(&self, shapes: &[Shape]) -> Vec<String> {
        let (scheme, host) = (self.base.scheme().unwrap_or_default(), self.host());
        if !self.is_web() {
            return if self.any_host { Vec::new() } else { vec![format!("{scheme}://*")] };
        }
        let port = self.base.port().map_or_else(String::new, |port| format!(":{port}"));
        let parents = host.match_indices('.').filter_map(|(dot, _)| host.get(dot + 1..));
        let mut hosts = vec![if self.subdomains { format!("*.{host}") } else { host.to_owned() }];
        hosts.extend(parents.map(|parent| format!("*.{parent}")));
        for shape in shapes {
            let mut text = Vec::new();
            let covered = shape.base_of(host, self.subdomains).is_some_and(|base| {
                shape
                    .write(base, |piece| {
                        text.extend_from_slice(piece.as_bytes());
                        Some(())
                    })
                    .is_some()
            });
            if let Some(covering) = String::from_utf8(text).ok().filter(|_| covered) {
                hosts.push(if shape.subdomains { format!("*.{covering}") } else { covering });
            }
        }
        let fixed = (!self.any_port).then_some(port);
        let ports = fixed.into_iter().chain([":*".to_owned()]);
        let texts = ports.flat_map(|port| hosts.iter().map(move |host| format!("{scheme}://{host}{port}")));
        texts.filter(|text| text != self.as_str()).collect()
    }
}

impl std::fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Splits `https://*`, `http://*:*`, `https://*:8080` or `moz-extension://*` into scheme, host and the rest; `None` for other entries.
fn any_host(text: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let (host, tail) = rest.split_at(rest.find([':', '/', '?', '#']).unwrap_or(rest.len()));
    let is_any = host.contains('*') && host.bytes().all(|byte| matches!(byte, b'*' | b'.'));
    (is_any && !scheme.contains('*')).then_some((scheme, host, tail))
}

/// Returns the error for an entry such as `*.example.com`, whose scheme is missing and which may have other mistakes.
fn without_scheme(text: &str) -> PatternError {
    let error = match OriginPattern::parse(&format!("https://{text}")) {
        Err(error)
            if matches!(error.code, ProblemCode::OriginWildcardMisplaced | ProblemCode::OriginAnyHost) =>
        {
            let message = format!("{}, and {}", OriginMistake::MissingScheme, error.message);
            PatternError { message, ..error }
        }
        _ => PatternError::new(ProblemCode::OriginMissingScheme, OriginMistake::MissingScheme.to_string()),
    };
    error.suggest(suggestion::pattern(text))
}

fn code_of(mistake: OriginMistake) -> ProblemCode {
    use OriginMistake as M;
    match mistake {
        M::Empty => ProblemCode::OriginEmpty,
        M::Whitespace => ProblemCode::OriginWhitespace,
        M::SeveralValues => ProblemCode::OriginSeveralValues,
        M::Wildcard => ProblemCode::OriginWildcardMisplaced,
        M::MissingScheme => ProblemCode::OriginMissingScheme,
        M::Scheme => ProblemCode::OriginSchemeInvalid,
        M::OpaqueScheme | M::CreatorsOrigin => ProblemCode::OriginOpaqueScheme,
        M::MissingHost => ProblemCode::OriginMissingHost,
        M::Path => ProblemCode::OriginPath,
        M::Query => ProblemCode::OriginQuery,
        M::Fragment => ProblemCode::OriginFragment,
        M::UserInfo => ProblemCode::OriginUserInfo,
        M::UpperCase => ProblemCode::OriginUpperCase,
        M::UnicodeHost => ProblemCode::OriginUnicodeHost,
        M::Ipv6Brackets => ProblemCode::OriginIpv6Brackets,
        M::Ipv6Form => ProblemCode::OriginIpv6Form,
        M::Ipv4Form => ProblemCode::OriginIpv4Form,
        M::Port => ProblemCode::OriginPortInvalid,
        M::DefaultPort => ProblemCode::OriginDefaultPort,
        M::Host => ProblemCode::OriginHostInvalid,
    }
}
