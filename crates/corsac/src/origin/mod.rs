//! [Origins](https://html.spec.whatwg.org/multipage/browsers.html#concept-origin): a scheme, a host and a port; or opaque, and then equal
//! only to itself.

mod difference;
mod error;
mod grammar;
mod port;
mod site;
mod suffix;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use url::Url;

pub use difference::{OriginDifference, differences};
pub(crate) use error::presentable;
pub use error::{OriginError, OriginMistake};
pub use grammar::split_port;
pub(crate) use grammar::{default_port, serialized_port};
pub(crate) use port::is_bad_port;
pub use site::is_local_host;
pub(crate) use suffix::{SuffixList, has_suffixes_below, names_below_are_public};

/// An [origin](https://html.spec.whatwg.org/multipage/browsers.html#concept-origin).
///
/// Cheap to clone. Two origins are equal when they are the [same origin](Self::same_origin).
///
/// ```
/// use corsac::origin::Origin;
///
/// let origin = Origin::parse("https://app.example:8443").unwrap();
/// assert_eq!((origin.scheme(), origin.host(), origin.port()), (Some("https"), Some("app.example"), Some(8443)));
///
/// let error = Origin::parse("https://app.example/").unwrap_err();
/// assert_eq!(error.suggestion().as_deref(), Some("https://app.example"));
/// ```
#[derive(Clone)]
pub struct Origin(Repr);

#[derive(Clone)]
enum Repr {
    Tuple(Tuple),
    /// The allocation's address is the identity that clones share.
    Opaque(Arc<()>),
}

/// Scheme, host and port, kept as the serialization and where to cut it. A default port is left out, so equal origins have equal strings.
#[derive(Clone)]
struct Tuple {
    text: Arc<str>,
    scheme_end: usize,
    host_end: usize,
    port: Option<u16>,
}

impl Origin {
    /// Parses a serialized origin, as in an `Origin` header, by its [grammar](https://fetch.spec.whatwg.org/#origin-header). It does not
    /// trim or repair anything. `null` becomes a new opaque origin.
    ///
    /// It differs from the grammar where browsers do. It accepts `_` in a host, `-` at the edge of a label, and a dot at the end. It
    /// rejects what the grammar allows but no browser could send (`https://1.2.3`, `https://a.example:443`, `https://xn--a`). Schemes of
    /// apps and extensions (`chrome-extension://…`, `capacitor://localhost`) are parsed like all others.
    ///
    /// ```
    /// use corsac::origin::Origin;
    ///
    /// assert!(Origin::parse("http://[::1]:3000").is_ok());
    /// assert!(Origin::parse("null").unwrap().is_opaque());
    /// assert_eq!(
    ///     Origin::parse("https://App.Example").unwrap_err().to_string(),
    ///     "`https://App.Example` is not an origin: an origin is in lower case. Write `https://app.example`.",
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if `text` is not an origin. It says what is wrong, and what was probably meant.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        if text == "null" {
            return Ok(Self::opaque());
        }
        let Some(parts) = grammar::serialized_origin(text) else {
            return Err(OriginError::about(text));
        };
        Ok(Self::tuple(parts.scheme, parts.host, parts.port))
    }

    /// Returns the [origin of a URL](https://url.spec.whatwg.org/#origin): a tuple for `http`, `https`, `ws`, `wss` and `ftp`, the origin
    /// of the inner URL for `blob`, and a new opaque origin for everything else, including `file` and `data`.
    ///
    /// ```
    /// use corsac::origin::Origin;
    /// use url::Url;
    ///
    /// let origin = |url| Origin::of(&Url::parse(url).unwrap());
    /// assert_eq!(origin("https://App.Example:443/path?query#fragment").as_str(), "https://app.example");
    /// assert_eq!(origin("blob:https://app.example/0f5c").as_str(), "https://app.example");
    /// assert_eq!(origin("data:text/html,hi").as_str(), "null");
    /// ```
    pub fn of(url: &Url) -> Self {
        match (url.scheme(), url.host_str()) {
            ("blob", _) => match Url::parse(url.path()) {
                // An inner `file` URL is as opaque as a plain one.
                Ok(inner) if matches!(inner.scheme(), "http" | "https") => Self::of(&inner),
                _ => Self::opaque(),
            },
            (scheme @ ("ftp" | "http" | "https" | "ws" | "wss"), Some(host)) => {
                Self::tuple(scheme, host, url.port())
            }
            _ => Self::opaque(),
        }
    }

    /// Returns a new opaque origin, such as that of a sandboxed frame, a `data:` page or a local file. It differs from all other origins.
    ///
    /// ```
    /// use corsac::origin::Origin;
    ///
    /// let origin = Origin::opaque();
    /// assert!(origin == origin.clone() && origin != Origin::opaque());
    /// ```
    pub fn opaque() -> Self {
        Self(Repr::Opaque(Arc::new(())))
    }

    /// Returns the [serialization](https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin): `null` for an
    /// opaque origin. It is stored, not computed.
    ///
    /// ```
    /// assert_eq!(corsac::origin::Origin::opaque().as_str(), "null");
    /// ```
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Tuple(tuple) => &tuple.text,
            Repr::Opaque(_) => "null",
        }
    }

    /// Returns `true` for an opaque origin.
    ///
    /// ```
    /// use corsac::origin::Origin;
    /// assert!(Origin::opaque().is_opaque());
    /// ```
    pub fn is_opaque(&self) -> bool {
        matches!(self.0, Repr::Opaque(_))
    }

    /// Returns the scheme, without the colon; `None` for an opaque origin.
    ///
    /// ```
    /// use corsac::origin::Origin;
    /// assert_eq!(Origin::parse("https://a.example").unwrap().scheme(), Some("https"));
    /// ```
    pub fn scheme(&self) -> Option<&str> {
        let tuple = self.as_tuple()?;
        tuple.text.get(..tuple.scheme_end)
    }

    /// Returns the serialized host, with an IPv6 address in brackets; `None` for an opaque origin.
    ///
    /// ```
    /// use corsac::origin::Origin;
    /// assert_eq!(Origin::parse("http://[::1]:3000").unwrap().host(), Some("[::1]"));
    /// ```
    pub fn host(&self) -> Option<&str> {
        let tuple = self.as_tuple()?;
        tuple.text.get(tuple.scheme_end + "://".len()..tuple.host_end)
    }

    /// Returns the port. `None` if it is the scheme's default, if there is none, or for an opaque origin.
    ///
    /// ```
    /// use corsac::origin::Origin;
    /// assert_eq!(Origin::parse("http://localhost:3000").unwrap().port(), Some(3000));
    /// assert_eq!(Origin::parse("http://localhost").unwrap().port(), None);
    /// ```
    pub fn port(&self) -> Option<u16> {
        self.as_tuple()?.port
    }

    /// [Same origin](https://html.spec.whatwg.org/multipage/browsers.html#same-origin): returns `true` if scheme, host and port are equal.
    /// An opaque origin is the same only as itself and its clones.
    ///
    /// ```
    /// use corsac::origin::Origin;
    ///
    /// let origin = |text| Origin::parse(text).unwrap();
    /// assert!(!origin("https://a.example").same_origin(&origin("http://a.example")));
    /// assert!(!origin("null").same_origin(&origin("null")));
    /// ```
    pub fn same_origin(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            // 1
            (Repr::Opaque(a), Repr::Opaque(b)) => Arc::ptr_eq(a, b),
            // 2
            (Repr::Tuple(a), Repr::Tuple(b)) => a.text == b.text,
            // 3
            _ => false,
        }
    }

    /// Returns `true` if [`parse`](Self::parse) would read the string as a tuple origin, without creating one.
    pub(crate) fn is_serialized(text: &str) -> bool {
        grammar::serialized_origin(text).is_some()
    }

    /// Returns `true` if the bytes have the form of a serialized tuple origin. A URL need not be able to have the host. Allocates nothing.
    pub(crate) fn is_plausible(origin: &[u8]) -> bool {
        grammar::is_plausible_origin(origin)
    }

    /// Creates an origin from parts that are serialized already, without a default port.
    fn tuple(scheme: &str, host: &str, port: Option<u16>) -> Self {
        let scheme_end = scheme.len();
        let host_end = scheme_end + "://".len() + host.len();
        let text = match port {
            None => [scheme, "://", host].concat(),
            Some(port) => format!("{scheme}://{host}:{port}"),
        };
        Self(Repr::Tuple(Tuple { text: text.into(), scheme_end, host_end, port }))
    }

    fn as_tuple(&self) -> Option<&Tuple> {
        match &self.0 {
            Repr::Tuple(tuple) => Some(tuple),
            Repr::Opaque(_) => None,
        }
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        Self::parse(text)
    }
}

impl PartialEq for Origin {
    fn eq(&self, other: &Self) -> bool {
        self.same_origin(other)
    }
}

impl Eq for Origin {}

impl Hash for Origin {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Repr::Tuple(tuple) => tuple.text.hash(state),
            Repr::Opaque(identity) => Arc::as_ptr(identity).hash(state),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
