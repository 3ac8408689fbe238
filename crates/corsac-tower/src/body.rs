//! The bodies of the layer's own responses.

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};

/// Makes the body of a response of the layer's own: a function, or [`EmptyBody`].
///
/// ```
/// use corsac_tower::{EmptyBody, MakeBody};
/// let (empty, of_text): (String, String) = (EmptyBody.make_body("no"), str::to_owned.make_body("no"));
/// assert_eq!((empty, of_text), (String::new(), "no".to_owned()));
/// ```
pub trait MakeBody<B> {
    /// A body of this text.
    fn make_body(&self, text: &'static str) -> B;
}

impl<B, F: Fn(&'static str) -> B> MakeBody<B> for F {
    fn make_body(&self, text: &'static str) -> B {
        self(text)
    }
}

/// Makes empty bodies.
///
/// ```
/// use corsac_tower::{EmptyBody, MakeBody};
/// let body: Vec<u8> = EmptyBody.make_body("no");
/// assert!(body.is_empty());
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "there is nothing to add to nothing")]
pub struct EmptyBody;

impl<B: Default> MakeBody<B> for EmptyBody {
    fn make_body(&self, _: &'static str) -> B {
        B::default()
    }
}

/// A response of the layer's own.
pub(crate) fn respond<B>(
    make_body: &impl MakeBody<B>,
    status: StatusCode,
    text: &'static str,
) -> Response<B> {
    let mut response = Response::new(make_body.make_body(text));
    *response.status_mut() = status;
    if !text.is_empty() {
        response
            .headers_mut()
            .insert(CONTENT_TYPE, const { HeaderValue::from_static("text/plain; charset=utf-8") });
    }
    response
}
