//! One entry of a policy's origins: an origin, or a pattern for its subdomains, a part of a label, its ports, or every host of an app's scheme.

mod meant;
mod shape;

use crate::origin::{Origin, OriginMistake, split_port};

use super::problem::ProblemCode;
use shape::Misplaced;
pub(super) use shape::{Shape, Within};

/// `https://app.example`, `https://*.app.example`, `https://app-*.example`, `http://localhost:*`, `moz-extension://*`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OriginPattern {
    /// The pattern without its wildcards. A `*` within a label is a `0` here, and any host of an app's scheme is `.`.
    pub(super) base: Origin,
    /// The entry as it was written, if it has a wildcard.
    text: Option<Box<str>>,
    /// Any subdomain of the host, one label or more, and not the host itself.
    pub(super) subdomains: bool,
    /// The labels of the host that have a `*` within.
    pub(super) within: Vec<Within>,
    /// Every host of an app's scheme.
    pub(super) any_host: bool,
    /// Any port, the default one too.
    pub(super) any_port: bool,
}

/// What is wrong, or unwise, with an entry by itself, and what was probably meant.
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

    pub(super) fn meant(self, suggestion: impl Into<Option<String>>) -> Self {
        Self { suggestion: suggestion.into(), ..self }
    }
}

impl OriginPattern {
    /// Reads an entry. `*` alone is not one: it is asked for before.
    pub(super) fn parse(text: &str) -> Result<Self, PatternError> {
        if text.trim().eq_ignore_ascii_case("null") {
            let why = "pages without an origin of their own send `null`, and everybody can make such a page. To allow them all the \
                       same, leave this out and set `null-origin = true`";
            return Err(PatternError::new(ProblemCode::OriginNull, why));
        }
        if let Some(error) = meant::other_language(text) {
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
        let (base, within) = shape::without_wildcards(&base).map_err(|misplaced| {
            let code = match misplaced {
                Misplaced::LongLabel => ProblemCode::OriginHostInvalid,
                _ => ProblemCode::OriginWildcardMisplaced,
            };
            PatternError::new(code, misplaced.why()).meant(meant::pattern(text))
        })?;
        let has_wildcard = text.contains('*');
        let base = Origin::parse(&base).map_err(|error| {
            let suggestion =
                if has_wildcard { meant::pattern(text) } else { meant::origin(error.suggestion()) };
            PatternError::new(code_of(error.kind), error.kind.to_string()).meant(suggestion)
        })?;
        let text = has_wildcard.then(|| text.into());
        let pattern = Self { base, text, subdomains, within, any_host: false, any_port };
        pattern.judge()?;
        Ok(pattern)
    }

    /// `moz-extension://*`: on every installation, an extension can have another host. Of the web's schemes this would be everybody.
    fn any_host(text: &str, scheme: &str, host: &str, tail: &str) -> Result<Self, PatternError> {
        if matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") {
            let why = "this covers every host. `*` alone allows everybody, and `https://*.example.com` the subdomains of one host";
            return Err(PatternError::new(ProblemCode::OriginAnyHost, why));
        }
        let lower = scheme.to_ascii_lowercase();
        let meant = format!("{lower}://*");
        // What else is wrong with it is what would be wrong with one host.
        let port = tail.strip_prefix(':').map(|tail| tail.split(['/', '?', '#']).next().unwrap_or_default());
        let without_port = tail.strip_prefix(':').and_then(|tail| tail.strip_prefix(port?)).unwrap_or(tail);
        Self::parse(&format!("{scheme}://a{without_port}")).map_err(|error| match error.suggestion {
            Some(one) if one == format!("{lower}://a") => {
                PatternError { suggestion: Some(meant.clone()), ..error }
            }
            _ => PatternError { suggestion: None, ..error },
        })?;
        if port.is_some() {
            let why = format!("origins of the scheme `{lower}` have no ports");
            return Err(PatternError::new(ProblemCode::OriginNoPorts, why).meant(meant));
        }
        if host != "*" {
            let why = format!("the host of a `{lower}` origin is one name, without subdomains");
            return Err(PatternError::new(ProblemCode::OriginNoSubdomains, why).meant(meant));
        }
        let base = Origin::parse(&format!("{scheme}://."))
            .map_err(|error| PatternError::new(code_of(error.kind), error.kind.to_string()))?;
        let (within, text) = (Vec::new(), Some(text.into()));
        Ok(Self { base, text, subdomains: false, within, any_host: true, any_port: false })
    }

    /// Refuses what no page can have as its origin.
    fn judge(&self) -> Result<(), PatternError> {
        let (scheme, host) = (self.base.scheme().unwrap_or_default(), self.base.host().unwrap_or_default());
        let page = match scheme {
            "ws" | "ftp" => Some("http"),
            "wss" => Some("https"),
            _ => None,
        };
        if let Some(page) = page {
            let why = format!(
                "no page has an origin of the scheme `{scheme}`. A WebSocket, too, is opened by an {page} page, and carries \
                       that page's origin"
            );
            let meant = self.to_string().replacen(scheme, page, 1);
            return Err(PatternError::new(ProblemCode::OriginSchemeNeverSent, why).meant(meant));
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
        if !self.within.is_empty() && self.base.host_is_address() {
            return Err(meant::address_range());
        }
        if self.subdomains && (!is_web || self.base.host_is_address()) {
            return Err(PatternError::new(
                ProblemCode::OriginNoSubdomains,
                format!("`{host}` has no subdomains"),
            ));
        }
        if !self.within.is_empty() && !is_web {
            let why = format!(
                "the host of a `{scheme}` origin is one name: write all of it, or `{scheme}://*` for every host"
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

    /// The entry as a policy has it.
    pub(super) fn as_str(&self) -> &str {
        self.text.as_deref().unwrap_or_else(|| self.base.as_str())
    }

    /// The host as the entry has it, with any `*` within its labels, and without `*.` before it.
    pub(super) fn host(&self) -> &str {
        let Some((_, rest)) = self.text.as_deref().and_then(|text| text.split_once("://")) else {
            return self.base.host().unwrap_or_default();
        };
        split_port(rest.strip_prefix("*.").unwrap_or(rest)).0
    }

    /// How the hosts that the entry covers become its text; `None` if no label has a `*` within.
    pub(super) fn shape(&self) -> Option<Shape> {
        let labels = self.host().split('.').count();
        (!self.within.is_empty()).then(|| Shape {
            labels,
            subdomains: self.subdomains,
            within: self.within.clone(),
        })
    }

    /// Every pattern that covers this one, itself left out, as the texts that a policy may hold. The shapes are those of the policy.
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

/// The scheme of `https://*`, `http://*:*`, `https://*:8080`, `moz-extension://*`; its host, and what follows that.
fn any_host(text: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let (host, tail) = rest.split_at(rest.find([':', '/', '?', '#']).unwrap_or(rest.len()));
    let is_any = host.contains('*') && host.bytes().all(|byte| matches!(byte, b'*' | b'.'));
    (is_any && !scheme.contains('*')).then_some((scheme, host, tail))
}

/// `*.example.com`: the scheme is missing, if nothing else is wrong.
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
    error.meant(meant::pattern(text))
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
