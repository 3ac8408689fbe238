//! What gives a product away in a response.

use std::fmt;

use corsac::header::HeaderList;
use serde::Deserialize;

/// How much of a body is searched.
const MOST_BODY: usize = 64 * 1024;

/// A part of a response that only one product is known to send: a header, a part of the body, or both together.
///
/// ```
/// let kubo = corsac_stacks::product("kubo").unwrap();
/// assert_eq!(kubo.evidence[0].to_string(), "`Server` begins with `kubo/`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Marker {
    /// The name of a header that has to be there.
    pub header: Option<String>,
    /// What the header's value has to begin with.
    pub prefix: Option<String>,
    /// What the header's value has to contain.
    pub contains: Option<String>,
    /// What the body has to contain.
    pub body: Option<String>,
}

impl Marker {
    /// Returns `true` if the response has the marker. A marker without a condition is in no response. The first 64 KiB of the body are searched.
    ///
    /// ```
    /// use corsac::header::HeaderList;
    /// let marker = &corsac_stacks::product("kubo").unwrap().evidence[0];
    /// assert!(marker.is_in(&HeaderList::from_iter([("server", "kubo/0.43.0")]), None));
    /// assert!(!marker.is_in(&HeaderList::from_iter([("server", "nginx")]), Some(b"kubo/0.43.0")));
    /// ```
    pub fn is_in(&self, headers: &HeaderList, body: Option<&[u8]>) -> bool {
        let header_fits = self.header.as_ref().is_none_or(|name| {
            headers.all(name).any(|value| {
                let begins = |prefix: &String| value.starts_with(prefix.as_bytes());
                let contains = |part: &String| contains(value, part.as_bytes());
                self.prefix.as_ref().is_none_or(begins) && self.contains.as_ref().is_none_or(contains)
            })
        });
        let body = body.map(|body| body.get(..MOST_BODY).unwrap_or(body));
        let body_fits =
            self.body.as_ref().is_none_or(|part| body.is_some_and(|body| contains(body, part.as_bytes())));
        (self.header.is_some() || self.body.is_some()) && header_fits && body_fits
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    part.is_empty() || bytes.windows(part.len()).any(|window| window == part)
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.header {
            match (&self.prefix, &self.contains) {
                (Some(prefix), _) => write!(f, "`{name}` begins with `{prefix}`")?,
                (None, Some(part)) => write!(f, "`{name}` contains `{part}`")?,
                (None, None) => write!(f, "`{name}` is there")?,
            }
        }
        match (&self.header, &self.body) {
            (Some(_), Some(part)) => write!(f, ", and the body contains `{part}`"),
            (None, Some(part)) => write!(f, "the body contains `{part}`"),
            (_, None) => Ok(()),
        }
    }
}
