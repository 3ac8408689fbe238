//! How `Access-Control-Allow-Origin` differs from the page's origin.

use corsac::origin::{Origin, OriginDifference, OriginMistake};
use url::Url;

/// One way in which a value of `Access-Control-Allow-Origin` differs from the page's origin.
///
/// ```
/// use corsac_explain::{Difference, differences};
///
/// // The same machine, but different origins to a browser.
/// assert_eq!(differences("http://127.0.0.1:3000", "http://localhost:3000"), [Difference::LoopbackName]);
/// assert_eq!(differences("http://[::1]:3000", "http://localhost:3000"), [Difference::LoopbackName]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Difference {
    /// The header is empty.
    Empty,
    /// `https://app.example/`
    TrailingSlash,
    /// `https://app.example/login`, or a query or fragment.
    Path,
    /// `app.example`
    NoScheme,
    /// `HTTPS://App.example`
    Case,
    /// `https://app.example:443`
    DefaultPort,
    /// `https://*.app.example`
    Pattern,
    /// Quotes, brackets or white space around an origin.
    Quoted,
    /// Another value that is not an origin.
    OtherText,
    /// `null`, while the page has an origin.
    AllowsNull,
    /// One has http and the other https.
    Scheme,
    /// One has `www.` and the other does not.
    Www,
    /// Both are names of this machine: `localhost`, `127.0.0.1` or `[::1]`.
    LoopbackName,
    /// A different host of the same site.
    Subdomain,
    /// A host of a different site.
    OtherHost,
    /// The ports differ.
    Port,
}

/// Returns the ways in which a value of `Access-Control-Allow-Origin` differs from `origin`, the page's serialized origin: first what makes
/// it invalid, then scheme, host and port. Returns none if they are the same, or if the page has no origin (`null`), which no value should
/// match.
///
/// ```
/// use corsac_explain::{Difference, differences};
///
/// assert_eq!(differences("https://app.example/", "https://app.example"), [Difference::TrailingSlash]);
/// assert_eq!(differences("http://app.example", "https://www.app.example"), [Difference::Scheme, Difference::Www]);
/// ```
pub fn differences(value: &str, origin: &str) -> Vec<Difference> {
    let Ok(asked) = Origin::parse(origin) else { return Vec::new() };
    if value == origin || asked.is_opaque() {
        return Vec::new();
    }
    match Origin::parse(value) {
        Ok(allowed) => between(&allowed, &asked),
        Err(error) => {
            let bare = value.trim_matches(is_wrapping);
            if bare != value && error.kind != OriginMistake::Empty {
                return with_first(Difference::Quoted, differences(bare, origin));
            }
            let meant = error.suggestion().and_then(|meant| Origin::parse(&meant).ok());
            let further = meant.map_or_else(Vec::new, |meant| between(&meant, &asked));
            with_first(mistake(error.kind, value), further)
        }
    }
}

fn is_wrapping(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '"' | '\'' | '`' | '[' | ']' | '<' | '>' | '(' | ')' | ';')
}

fn with_first(first: Difference, further: Vec<Difference>) -> Vec<Difference> {
    std::iter::once(first).chain(further.into_iter().filter(|other| *other != first)).collect()
}

fn mistake(kind: OriginMistake, value: &str) -> Difference {
    match kind {
        OriginMistake::Empty => Difference::Empty,
        OriginMistake::Path if is_slash_only(value) => Difference::TrailingSlash,
        OriginMistake::Path | OriginMistake::Query | OriginMistake::Fragment => Difference::Path,
        OriginMistake::MissingScheme if looks_like_host(value) => Difference::NoScheme,
        OriginMistake::UpperCase => Difference::Case,
        OriginMistake::DefaultPort => Difference::DefaultPort,
        OriginMistake::Wildcard => Difference::Pattern,
        OriginMistake::Whitespace => Difference::Quoted,
        _ => Difference::OtherText,
    }
}

/// `app.example`, `localhost:3000`, `//app.example`, and not `true` or `$origin`.
fn looks_like_host(value: &str) -> bool {
    let is_host_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'-' | b'/' | b'[' | b']');
    value.bytes().all(is_host_byte) && (value.contains(['.', ':']) || value == "localhost")
}

fn is_slash_only(value: &str) -> bool {
    Url::parse(value).is_ok_and(|url| url.path() == "/" && url.query().is_none() && url.fragment().is_none())
}

/// Compares two origins part by part.
fn between(allowed: &Origin, asked: &Origin) -> Vec<Difference> {
    if allowed.is_opaque() {
        return vec![Difference::AllowsNull];
    }
    let named = |difference: &OriginDifference| match difference {
        OriginDifference::Scheme => Difference::Scheme,
        OriginDifference::Www => Difference::Www,
        OriginDifference::LoopbackName => Difference::LoopbackName,
        OriginDifference::Subdomain => Difference::Subdomain,
        OriginDifference::Port => Difference::Port,
        _ => Difference::OtherHost,
    };
    corsac::origin::differences(allowed, asked).iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::Difference::{self, *};
    use super::differences;

    #[test]
    fn each_difference_is_found() {
        const APP: &str = "https://app.example";
        let table: &[(&str, &str, &[Difference])] = &[
            (APP, APP, &[]),
            ("https://app.example/", APP, &[TrailingSlash]),
            ("http://app.example/", APP, &[TrailingSlash, Scheme]),
            ("https://app.example/login", APP, &[Path]),
            ("https://app.example//", APP, &[Path]),
            ("https://app.example?x", APP, &[Path]),
            ("app.example", APP, &[NoScheme]),
            ("localhost:3000", "http://localhost:3000", &[NoScheme]),
            ("https://App.example", APP, &[Case]),
            ("HTTPS://app.example", APP, &[Case]),
            ("https://app.example:443", APP, &[DefaultPort]),
            ("http://app.example:80", "http://app.example", &[DefaultPort]),
            ("https://*.example", APP, &[Pattern]),
            ("https://*", APP, &[Pattern]),
            ("\"https://app.example\"", APP, &[Quoted]),
            ("<https://app.example/>", APP, &[Quoted, TrailingSlash]),
            ("['https://app.example']", APP, &[Quoted]),
            (" ", APP, &[Empty]),
            ("", APP, &[Empty]),
            ("null", APP, &[AllowsNull]),
            ("http://app.example", APP, &[Scheme]),
            ("https://www.app.example", APP, &[Www]),
            ("https://app.example", "https://www.app.example", &[Www]),
            ("http://127.0.0.1:3000", "http://localhost:3000", &[LoopbackName]),
            ("http://[::1]:3000", "http://localhost:3001", &[LoopbackName, Port]),
            ("https://app.example:8443", APP, &[Port]),
            ("http://localhost:3000", "http://localhost:5173", &[Port]),
            ("http://localhost", "http://localhost:5173", &[Port]),
            ("https://api.shop.example", "https://www2.shop.example", &[Subdomain]),
            ("https://shop.example", "https://a.shop.example", &[Subdomain]),
            ("https://other.example", APP, &[OtherHost]),
            ("http://other.example:81", APP, &[Scheme, OtherHost, Port]),
            // Two names below a public suffix are different sites.
            ("https://a.github.io", "https://b.github.io", &[OtherHost]),
            ("https://app.example", "null", &[]),
            ("null", "null", &[]),
        ];
        for (value, origin, expected) in table {
            assert_eq!(differences(value, origin), *expected, "{value:?} for {origin}");
        }
        for text in ["true", "$http_origin", "{{origin}}", "%ORIGIN%"] {
            assert_eq!(differences(text, APP).first(), Some(&OtherText), "{text}");
        }
    }
}
