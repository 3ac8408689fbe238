//! The server that a proxy forwards requests to.

use std::fmt;

use corsac::origin::Origin;

/// A server that requests are forwarded to: `http://127.0.0.1:3000`.
///
/// ```
/// use corsac_stacks::Upstream;
///
/// let upstream = Upstream::parse("http://127.0.0.1:3000").unwrap();
/// assert_eq!((upstream.authority(), upstream.is_tls()), ("127.0.0.1:3000", false));
/// assert!(Upstream::parse("http://127.0.0.1:3000/v1").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    url: String,
}

impl Upstream {
    /// Parses a URL that has a scheme, a host and maybe a port.
    ///
    /// # Errors
    ///
    /// A sentence about anything else: with a path the answer would depend on how each server joins two paths, and passwords do not belong in a
    /// configuration.
    pub fn parse(url: &str) -> Result<Self, String> {
        let trimmed = url.strip_suffix('/').unwrap_or(url);
        match Origin::parse(trimmed) {
            Ok(origin) if matches!(origin.scheme(), Some("http" | "https")) => {
                Ok(Self { url: trimmed.to_owned() })
            }
            Ok(_) => {
                Err("An upstream has the scheme `http` or `https`. Write `http://127.0.0.1:3000`.".to_owned())
            }
            Err(error) => Err(format!(
                "An upstream is a scheme, a host and a port, such as `http://127.0.0.1:3000`. {}.",
                error.to_string().trim_end_matches('.')
            )),
        }
    }

    /// Returns the URL, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// Returns `true` if requests are sent over TLS.
    pub fn is_tls(&self) -> bool {
        self.url.starts_with("https:")
    }

    /// Returns the host, and the port if the URL has one.
    pub fn authority(&self) -> &str {
        self.url.split_once("://").map_or("", |(_, authority)| authority)
    }

    /// Returns the host without the brackets of an IPv6 address.
    pub(crate) fn host(&self) -> &str {
        corsac::origin::split_port(self.authority()).0.trim_matches(['[', ']'])
    }

    /// Returns the port, which the scheme decides if the URL has none.
    pub(crate) fn port(&self) -> u16 {
        let default = if self.is_tls() { 443 } else { 80 };
        corsac::origin::split_port(self.authority()).1.and_then(|port| port.parse().ok()).unwrap_or(default)
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}
