//! The bodies that script can pass, and the `Content-Type` that comes with each.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// What script passes as a body: the standard's [`BodyInit`](https://fetch.spec.whatwg.org/#bodyinit), with the bytes that it becomes.
///
/// The kind of a body decides about headers and preflights; its bytes are what is sent. Where nothing is sent, as in the tests of a policy,
/// the kind alone is enough: `BodyKind::Text.into()`.
///
/// ```
/// use corsac::browser::{BodyInit, BodyKind, Client, RequestInit};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// // fetch(url, { method: "POST", body: "a=b" })
/// let mut init = RequestInit::new("https://api.example/items".parse().unwrap(), page);
/// (init.method, init.body) = ("POST".to_owned(), Some("a=b".into()));
/// let request = init.build().unwrap();
/// assert_eq!(request.init().body, Some(BodyInit::new(BodyKind::Text, *b"a=b")));
/// assert_eq!(request.headers().text("Content-Type").as_deref(), Some("text/plain;charset=UTF-8"));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BodyInit {
    kind: BodyKind,
    bytes: Arc<[u8]>,
}

impl BodyInit {
    /// A body of this kind. The bytes of a string are its UTF-8. Those of form data contain its boundary.
    ///
    /// ```
    /// use corsac::browser::{BodyInit, BodyKind};
    /// let json = BodyInit::new(BodyKind::Blob { media_type: "application/json".to_owned() }, *b"{}");
    /// assert_eq!(json.bytes(), b"{}");
    /// ```
    pub fn new(kind: BodyKind, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self { kind, bytes: bytes.into() }
    }

    /// The kind of the body.
    pub fn kind(&self) -> &BodyKind {
        &self.kind
    }

    /// The bytes to send.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for BodyInit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} of {} bytes", self.kind, self.bytes.len())
    }
}

/// A body without bytes, for requests that are never sent.
impl From<BodyKind> for BodyInit {
    fn from(kind: BodyKind) -> Self {
        Self { kind, bytes: Arc::default() }
    }
}

/// A string.
impl From<&str> for BodyInit {
    fn from(text: &str) -> Self {
        Self::new(BodyKind::Text, text.as_bytes())
    }
}

/// An `ArrayBuffer`, or a view of one.
impl From<Vec<u8>> for BodyInit {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(BodyKind::BufferSource, bytes)
    }
}

/// The kinds of bodies, as far as they affect a request in different ways.
///
/// ```
/// use corsac::browser::{BodyKind, Client, RequestInit};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// // fetch(url, { method: "POST", body: new Blob(["{}"], { type: "application/json" }) })
/// let mut init = RequestInit::new("https://api.example/items".parse().unwrap(), page);
/// let json = BodyKind::Blob { media_type: "application/json".to_owned() };
/// (init.method, init.body) = ("POST".to_owned(), Some(json.into()));
/// assert_eq!(init.build().unwrap().headers().text("Content-Type").as_deref(), Some("application/json"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyKind {
    /// A string.
    Text,
    /// `URLSearchParams`.
    UrlSearchParams,
    /// `FormData`.
    FormData {
        /// The boundary between the parts.
        boundary: String,
    },
    /// A `Blob` or a `File`.
    Blob {
        /// The `type` of the blob; empty if it has none.
        media_type: String,
    },
    /// An `ArrayBuffer`, or a view of one such as `Uint8Array`.
    BufferSource,
    /// A `ReadableStream`: it forces a preflight and cannot be sent twice.
    Stream,
}

impl BodyKind {
    /// The type of [extracting a body](https://fetch.spec.whatwg.org/#concept-bodyinit-extract): the `Content-Type` of a request whose
    /// script sets none. `None` if the body has no type.
    ///
    /// ```
    /// use corsac::browser::BodyKind;
    /// assert_eq!(BodyKind::Text.content_type().as_deref(), Some("text/plain;charset=UTF-8"));
    /// assert_eq!(BodyKind::BufferSource.content_type(), None);
    /// ```
    pub fn content_type(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Text => Some("text/plain;charset=UTF-8".into()),
            Self::UrlSearchParams => Some("application/x-www-form-urlencoded;charset=UTF-8".into()),
            Self::FormData { boundary } => Some(format!("multipart/form-data; boundary={boundary}").into()),
            Self::Blob { media_type } if !media_type.is_empty() => Some(media_type.clone().into()),
            Self::Blob { .. } | Self::BufferSource | Self::Stream => None,
        }
    }
}

/// A [request's body](https://fetch.spec.whatwg.org/#concept-request-body), as far as redirects treat it differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    None,
    /// Bytes that can be sent again after a redirect: the body's source is not null.
    Bytes,
    /// A stream, whose source is null.
    Stream,
}
