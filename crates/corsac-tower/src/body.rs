//! The bodies of the layer's own responses.

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};

/// Makes the body of one of the layer's own responses. Implemented by functions and by [`EmptyBody`].
///
/// ```
/// use corsac_tower::{EmptyBody, MakeBody};
/// let (empty, of_text): (String, String) = (EmptyBody.make_body("no"), str::to_owned.make_body("no"));
/// assert_eq!((empty, of_text), (String::new(), "no".to_owned()));
/// ```
pub trait MakeBody<B> {
    /// Returns a body that holds this text.
    fn make_body(&self, text: &'static str) -> B;
}

impl<B, F: Fn(&'static str) -> B> MakeBody<B> for F {
    fn make_body(&self, text: &'static str) -> B {
        self(text)
    }
}

/// Makes empty bodies, of any type that implements [`Default`].
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "an empty body needs no settings")]
pub struct EmptyBody;

impl<B: Default> MakeBody<B> for EmptyBody {
    fn make_body(&self, _: &'static str) -> B {
        B::default()
    }
}

/// Makes a response that the service is not asked for.
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
