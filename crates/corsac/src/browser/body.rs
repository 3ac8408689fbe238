//! The bodies that script can give, and what each brings along.

use std::borrow::Cow;

/// What script gives as a body: the standard's [`BodyInit`](https://fetch.spec.whatwg.org/#bodyinit), as far as CORS cares. The bytes stay
/// with the caller.
///
/// ```
/// use corsac::browser::{BodyInit, Client, RequestInit};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// // fetch(url, { method: "POST", body: new Blob(["{}"], { type: "application/json" }) })
/// let mut init = RequestInit::new("https://api.example/items".parse().unwrap(), page);
/// (init.method, init.body) = ("POST".to_owned(), Some(BodyInit::Blob { media_type: "application/json".to_owned() }));
/// assert_eq!(init.build().unwrap().headers().text("Content-Type").as_deref(), Some("application/json"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyInit {
    /// A string.
    Text,
    /// `URLSearchParams`.
    UrlSearchParams,
    /// `FormData`.
    FormData {
        /// What the browser puts between the parts.
        boundary: String,
    },
    /// A `Blob` or a `File`.
    Blob {
        /// Its `type`; empty if it has none.
        media_type: String,
    },
    /// An `ArrayBuffer`, or a view of one such as `Uint8Array`.
    BufferSource,
    /// A `ReadableStream`: it forces a preflight and cannot be sent twice.
    Stream,
}

impl BodyInit {
    /// The type of [extracting a body](https://fetch.spec.whatwg.org/#concept-bodyinit-extract): the `Content-Type` of a request whose
    /// script sets none. `None` if the body brings no type.
    ///
    /// ```
    /// use corsac::browser::BodyInit;
    /// assert_eq!(BodyInit::Text.content_type().as_deref(), Some("text/plain;charset=UTF-8"));
    /// assert_eq!(BodyInit::BufferSource.content_type(), None);
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

/// A [request's body](https://fetch.spec.whatwg.org/#concept-request-body), by what can become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    None,
    /// Bytes that can be sent again after a redirect: the body's source is not null.
    Bytes,
    /// A stream, whose source is null.
    Stream,
}
