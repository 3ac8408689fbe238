//! Strings that are not origins: the mistake in each, and the origin that was meant.

use std::borrow::Cow;
use std::fmt;
use std::net::Ipv6Addr;

use url::{Host, Url};

use super::{Origin, grammar};
use crate::text::{Printable, QUOTED, without_user_info};

/// A string that is not an origin: the first mistake in it, and the origin that was probably meant.
///
/// ```
/// use corsac::origin::{Origin, OriginMistake};
///
/// let error = Origin::parse("localhost:3000").unwrap_err();
/// assert_eq!(error.kind, OriginMistake::MissingScheme);
/// assert_eq!(
///     error.to_string(),
///     "`localhost:3000` is not an origin: an origin starts with a scheme and `://`. Write `http://localhost:3000`.",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OriginError {
    /// The first mistake in it. There can be more.
    pub kind: OriginMistake,
    /// The string as it was given.
    pub given: String,
}

/// The ways in which a string fails to be an origin.
///
/// ```
/// use corsac::origin::{Origin, OriginMistake};
/// let mistake = |text| Origin::parse(text).unwrap_err().kind;
/// assert_eq!(mistake("https://app.example/"), OriginMistake::Path); // the slash is a path
/// assert_eq!(mistake("https://*.example"), OriginMistake::Wildcard); // browsers do not know patterns
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OriginMistake {
    /// Nothing, or white space only.
    Empty,
    /// White space or a control character, before, after or within it.
    Whitespace,
    /// Several origins in one string: `https://a.example, https://b.example`.
    SeveralValues,
    /// `*`, or a pattern with one: `https://*.example`.
    Wildcard,
    /// `app.example`, `localhost:3000`, `//app.example`, `https:app.example`.
    MissingScheme,
    /// What is before `://` is not a scheme.
    Scheme,
    /// A scheme whose pages have opaque origins, such as `file` and `data`.
    OpaqueScheme,
    /// `blob:https://app.example/0f5c`, `about:blank`: such a page has the origin of the page that made it.
    CreatorsOrigin,
    /// `https://`
    MissingHost,
    /// `https://app.example/`, or with more path.
    Path,
    /// `https://app.example?a=b`
    Query,
    /// `https://app.example#top`
    Fragment,
    /// `https://user:password@app.example`
    UserInfo,
    /// `HTTPS://App.Example`, `NULL`
    UpperCase,
    /// `https://bücher.example`, which is sent as `https://xn--bcher-kva.example`.
    UnicodeHost,
    /// `http://::1`
    Ipv6Brackets,
    /// `http://[0:0:0:0:0:0:0:1]`
    Ipv6Form,
    /// `http://127.1`
    Ipv4Form,
    /// A port that is empty, not a number, over 65535 or has leading zeros.
    Port,
    /// `https://app.example:443`
    DefaultPort,
    /// Any other host that no URL can have.
    Host,
}

impl OriginError {
    /// The error about a string that [`grammar::serialized_origin`] rejects.
    pub(super) fn about(given: &str) -> Self {
        Self { kind: mistake_in(given), given: given.to_owned() }
    }

    /// Returns the origin that was probably meant, with every mistake corrected. `None` if there is no likely one.
    ///
    /// ```
    /// use corsac::origin::Origin;
    ///
    /// let meant = |text| Origin::parse(text).unwrap_err().suggestion();
    /// assert_eq!(meant("HTTPS://Bücher.example:443/login").as_deref(), Some("https://xn--bcher-kva.example"));
    /// assert_eq!(meant("https://a.example, https://b.example"), None);
    /// ```
    pub fn suggestion(&self) -> Option<String> {
        let text = self.given.trim();
        if text.eq_ignore_ascii_case("null") {
            return Some("null".to_owned());
        }
        let is_ambiguous = matches!(self.kind, OriginMistake::SeveralValues | OriginMistake::OpaqueScheme);
        if text.is_empty() || is_ambiguous || text.contains(is_blank) {
            return None;
        }
        if self.kind == OriginMistake::CreatorsOrigin {
            let creator = Origin::of(&Url::parse(text).ok()?);
            return (!creator.is_opaque()).then(|| creator.as_str().to_owned());
        }
        let meant = likely_origin(text)?;
        // A suggestion has to be valid itself.
        Origin::parse(meant.as_str()).is_ok().then(|| meant.as_str().to_owned())
    }
}

impl fmt::Display for OriginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == OriginMistake::Empty {
            return f.write_str("an empty string is not an origin. Write one such as `https://app.example`.");
        }
        write!(f, "`{}` is not an origin: {}.", presentable(&self.given), self.kind)?;
        match self.suggestion() {
            Some(meant) => write!(f, " Write `{meant}`."),
            None => Ok(()),
        }
    }
}

impl std::error::Error for OriginError {}

impl fmt::Display for OriginMistake {
    /// The rule that was broken, as a clause.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "an origin is not empty",
            Self::Whitespace => "an origin has no white space",
            Self::SeveralValues => "an origin is one value, not a list",
            Self::Wildcard => "an origin is a single one, and `*` matches many",
            Self::MissingScheme => "an origin starts with a scheme and `://`",
            Self::Scheme => "a scheme starts with a letter and has only letters, digits, `+`, `-` and `.`",
            Self::OpaqueScheme => {
                "pages of this scheme have no origin of their own, and browsers send `null` for them"
            }
            Self::CreatorsOrigin => "a page at such an address has the origin of the page that made it",
            Self::MissingHost => "an origin has a host",
            Self::Path => "an origin has no path",
            Self::Query => "an origin has no query",
            Self::Fragment => "an origin has no fragment",
            Self::UserInfo => "an origin has no user name and no password",
            Self::UpperCase => "an origin is in lower case",
            Self::UnicodeHost => "an origin has its host in ASCII",
            Self::Ipv6Brackets => "an IPv6 address is written in brackets",
            Self::Ipv6Form => "an IPv6 address is written in its shortest form",
            Self::Ipv4Form => "an IPv4 address is written as four decimal numbers",
            Self::Port => "a port is a number from 1 to 65535, without leading zeros",
            Self::DefaultPort => "an origin leaves out the default port of its scheme",
            Self::Host => "no URL can have this host",
        })
    }
}

/// The first mistake in a string that is not an origin.
fn mistake_in(text: &str) -> OriginMistake {
    use OriginMistake as M;
    if text.trim().is_empty() {
        return M::Empty;
    }
    if text.contains(',') || (text.contains(is_blank) && text.matches("://").nth(1).is_some()) {
        return M::SeveralValues;
    }
    if text.contains(is_blank) {
        return M::Whitespace;
    }
    if text == "*" {
        return M::Wildcard;
    }
    if text.eq_ignore_ascii_case("null") {
        return M::UpperCase;
    }
    if has_creators_origin(text) {
        return M::CreatorsOrigin;
    }
    if text.split_once(':').is_some_and(|(scheme, _)| grammar::is_opaque_scheme(scheme)) {
        return M::OpaqueScheme;
    }
    match text.split_once("://") {
        None | Some(("", _)) => M::MissingScheme,
        Some((scheme, _)) if scheme.contains(['/', '?', '#']) => M::MissingScheme,
        Some((scheme, _)) if !grammar::is_scheme(&scheme.to_ascii_lowercase()) => M::Scheme,
        Some((scheme, rest)) => mistake_after_scheme(scheme, rest),
    }
}

/// Returns `true` if this is the address of a `blob:` page, `about:blank` or `about:srcdoc`.
fn has_creators_origin(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        let page = rest.split(['?', '#']).next().unwrap_or_default();
        scheme.eq_ignore_ascii_case("blob")
            || scheme.eq_ignore_ascii_case("about") && matches!(page, "blank" | "srcdoc")
    })
}

/// The first mistake in `scheme://rest`.
fn mistake_after_scheme(scheme: &str, rest: &str) -> OriginMistake {
    use OriginMistake as M;
    let authority_end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(authority_end);
    if authority.contains('*') {
        return M::Wildcard;
    }
    if authority.is_empty() {
        return M::MissingHost;
    }
    match tail.chars().next() {
        None => {}
        Some('?') => return M::Query,
        Some('#') => return M::Fragment,
        Some(_) => return M::Path,
    }
    if authority.contains('@') {
        return M::UserInfo;
    }
    if scheme.chars().chain(authority.chars()).any(|c| c.is_ascii_uppercase()) {
        return M::UpperCase;
    }
    if !authority.starts_with('[') && authority.matches(':').nth(1).is_some() {
        return M::Ipv6Brackets;
    }
    let (host, port) = grammar::split_port(authority);
    match port.map(grammar::serialized_port) {
        Some(None) => return M::Port,
        Some(port) if port == grammar::default_port(scheme) => return M::DefaultPort,
        _ => {}
    }
    match Host::parse(host) {
        _ if host.is_empty() => M::MissingHost,
        _ if !host.is_ascii() => M::UnicodeHost,
        Ok(Host::Ipv6(_)) => M::Ipv6Form,
        Ok(Host::Ipv4(_)) => M::Ipv4Form,
        _ => M::Host,
    }
}

/// The origin of the string, read as leniently as an address bar does. A string without a scheme gets the likely one.
fn likely_origin(text: &str) -> Option<Origin> {
    let has_scheme = text.split_once("://").is_some_and(|(scheme, _)| !scheme.is_empty() && !scheme.contains(['/', '?', '#']))
        // `https:app.example`, `https:/app.example`
        || text.split_once(':').is_some_and(|(scheme, _)| grammar::is_special_scheme(&scheme.to_ascii_lowercase()));
    if has_scheme {
        return parsed_leniently(text);
    }
    let address = if text.starts_with("::") { text } else { text.trim_start_matches([':', '/']) };
    let secure = parsed_leniently(&format!("https://{address}"))?;
    // Few people have a certificate for an address or for their own machine.
    if secure.is_local() || secure.host_is_address() {
        return parsed_leniently(&format!("http://{address}"));
    }
    Some(secure)
}

/// The origin of a string that is read as a URL, whatever follows the origin in it.
fn parsed_leniently(text: &str) -> Option<Origin> {
    let url = Url::parse(&with_brackets(text)).ok()?;
    match Origin::of(&url) {
        origin if !origin.is_opaque() => Some(origin),
        // The URL standard does not change a host to lower case in a scheme that it does not know.
        _ => Some(Origin::tuple(url.scheme(), &url.host_str()?.to_ascii_lowercase(), url.port())),
    }
}

/// Returns `http://::1` as `http://[::1]`, and everything else unchanged.
fn with_brackets(text: &str) -> Cow<'_, str> {
    let bracketed = || {
        let (scheme, rest) = text.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next()?;
        match authority.rsplit_once(':') {
            // This could be an address, or an address with a port. The latter is far more likely.
            Some(("::1", port)) => Some(format!("{scheme}://[::1]:{port}")),
            _ => authority.parse::<Ipv6Addr>().ok().map(|address| format!("{scheme}://[{address}]")),
        }
    };
    bracketed().map_or(Cow::Borrowed(text), Cow::Owned)
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// The string for a person to read: printable, of limited length, and without a password.
pub(crate) fn presentable(given: &str) -> String {
    Printable::new(&without_user_info(given), QUOTED).to_string()
}
