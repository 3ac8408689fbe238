//! One entry of a policy's origins: an origin, or a pattern for its subdomains, its ports or both.

use crate::origin::{Origin, OriginMistake};

use super::problem::ProblemCode;

/// `https://app.example`, `https://*.app.example`, `http://localhost:*`, `https://*.app.example:*`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OriginPattern {
    /// The pattern without its wildcards.
    pub(super) base: Origin,
    /// Any subdomain of the host, one label or more, and not the host itself.
    pub(super) subdomains: bool,
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
        if let Some(scheme) = any_host(text) {
            let why = format!(
                "this is every host that there is; an origin list names hosts. `*` alone allows everybody, `{scheme}://*.example.com` the \
                       subdomains of one host"
            );
            return Err(PatternError::new(ProblemCode::OriginAnyHost, why));
        }
        let (without_port, any_port) = match text.strip_suffix(":*") {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let (base, subdomains) = match without_port.split_once("://*.") {
            Some((scheme, host)) => (format!("{scheme}://{host}"), true),
            None => (without_port.to_owned(), false),
        };
        if base.contains('*') {
            let why = "`*` stands for a port (`http://localhost:*`), for any subdomain as the whole first label \
                       (`https://*.example.com`), or alone for everybody";
            return Err(PatternError::new(ProblemCode::OriginWildcardMisplaced, why).meant(meant(text)));
        }
        let base = Origin::parse(&base).map_err(|error| {
            let suggestion = if subdomains || any_port { meant(text) } else { right(error.suggestion()) };
            PatternError::new(code_of(error.kind), error.kind.to_string()).meant(suggestion)
        })?;
        let pattern = Self { base, subdomains, any_port };
        pattern.judge()?;
        Ok(pattern)
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
        let is_web = matches!(scheme, "http" | "https");
        if self.any_port && (!is_web || self.base.port().is_some()) {
            return Err(PatternError::new(
                ProblemCode::OriginNoPorts,
                format!("origins of the scheme `{scheme}` have no ports"),
            ));
        }
        if self.subdomains && (!is_web || self.base.host_is_address()) {
            return Err(PatternError::new(
                ProblemCode::OriginNoSubdomains,
                format!("`{host}` has no subdomains"),
            ));
        }
        Ok(())
    }

    /// Every pattern that covers this one, itself left out, as the texts that a policy may hold.
    pub(super) fn wider(&self) -> impl Iterator<Item = String> {
        let (scheme, host) = (self.base.scheme().unwrap_or_default(), self.base.host().unwrap_or_default());
        let is_web = matches!(scheme, "http" | "https");
        let port = self.base.port().map_or_else(String::new, |port| format!(":{port}"));
        let own = self.to_string();
        // The host itself, and each parent as a pattern.
        let parents = host
            .match_indices('.')
            .filter_map(|(dot, _)| host.get(dot + 1..))
            .map(|parent| format!("*.{parent}"));
        let same = if self.subdomains { format!("*.{host}") } else { host.to_owned() };
        std::iter::once(same)
            .chain(parents)
            .filter(move |_| is_web)
            .flat_map(move |host| {
                let fixed = (!self.any_port).then(|| format!("{scheme}://{host}{port}"));
                fixed.into_iter().chain([format!("{scheme}://{host}:*")])
            })
            .filter(move |text| *text != own)
    }
}

impl std::fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.base.as_str();
        match (self.subdomains, text.split_once("://")) {
            (true, Some((scheme, rest))) => write!(f, "{scheme}://*.{rest}")?,
            _ => f.write_str(text)?,
        }
        f.write_str(if self.any_port { ":*" } else { "" })
    }
}

/// The scheme of `https://*`, `http://*:*`, `https://*:8080`.
fn any_host(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    let host = rest.split([':', '/']).next()?;
    (host.contains('*') && host.bytes().all(|byte| matches!(byte, b'*' | b'.'))).then_some(scheme)
}

/// A suggestion that is an entry, mended once more if it has to be: `ws:example.com` is `ws://example.com`, and that is `http://example.com`.
fn right(suggestion: Option<String>) -> Option<String> {
    match OriginPattern::parse(suggestion.as_deref()?) {
        Ok(_) => suggestion,
        Err(error) => error.suggestion.filter(|meant| OriginPattern::parse(meant).is_ok()),
    }
}

/// The pattern that was probably meant: stand-ins take the places of the wildcards while the rest is mended as an origin is.
fn meant(text: &str) -> Option<String> {
    const LABEL: &str = "corsac-any-subdomain";
    const PORT: &str = "65432";
    // `/*` is meant as every page of the origin.
    let text = text.trim().trim_end_matches("/*").trim_end_matches('/');
    let (text, any_port) = match text.strip_suffix(":*") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let host = text.split_once("://").map_or(text, |(_, host)| host);
    // Without a scheme, the likely one is found along with the rest.
    let scheme = text.strip_suffix(host).unwrap_or_default();
    let (host, subdomains) = match host.strip_prefix('*') {
        Some(parent) => (parent.trim_start_matches(['*', '.']), true),
        None => (host, false),
    };
    if host.contains('*') || host.is_empty() {
        return None;
    }
    let label = if subdomains { format!("{LABEL}.") } else { String::new() };
    let port = if any_port { format!(":{PORT}") } else { String::new() };
    let text = format!("{scheme}{label}{host}{port}");
    let mended = match Origin::parse(&text) {
        Ok(origin) => origin.as_str().to_owned(),
        Err(error) => error.suggestion()?,
    };
    let pattern = mended.replacen(LABEL, "*", 1).replacen(&format!(":{PORT}"), ":*", 1);
    OriginPattern::parse(&pattern).is_ok().then_some(pattern)
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
        M::OpaqueScheme => ProblemCode::OriginOpaqueScheme,
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
