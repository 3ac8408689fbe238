//! What an adapter does once a request is decided.

use std::fmt;
use std::sync::Arc;

use corsac::server::{ResponseEdit, ResponseHeaders, add_vary};
use http::header::HeaderValue;

use crate::observe;
use crate::outcome::CorsOutcome;
use crate::server_part::ServerPart;

/// What to do with a request: answer it, or forward it to the service.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "an adapter has to handle both")]
pub enum Decided<R, V = HeaderValue> {
    /// Answer with this response, without the service: the request is a preflight, or it is blocked.
    Answer(R),
    /// Let the service answer.
    Forward(Forward<V>),
}

/// What an adapter does with a request that the service answers: leave the outcome for handlers, call the service, finish the response.
#[derive(Debug)]
#[non_exhaustive]
pub struct Forward<V = HeaderValue> {
    /// The outcome to insert into the request's extensions, if the program asked for it.
    pub outcome: Option<CorsOutcome>,
    /// What to do with the response.
    pub finish: Finish<V>,
}

/// Finishes the response of the service by writing the decision into its headers.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::{Begun, Cors, Decided, RequestView};
/// use http::{Request, Response};
///
/// let cors = Cors::new(Policy::builder(["https://app.example"]).build()?);
/// let request = Request::get("/").header("origin", "https://app.example").body(()).unwrap();
/// let begun = cors.begin(&RequestView::of(&request), |_, _| Response::new(()));
/// let Begun::Decided(Decided::Forward(forward)) = begun else { unreachable!("no lookup, no preflight, not blocked") };
/// let mut response = Response::new(());
/// forward.finish.apply(response.headers_mut());
/// assert_eq!(response.headers()["vary"], "Origin");
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Clone)]
pub struct Finish<V = HeaderValue> {
    /// `None` leaves the response as it is.
    pub(crate) edit: Option<ResponseEdit<V>>,
    /// The part of the server, if its lookup or choice depends on request headers, which are then added to `Vary`.
    pub(crate) varies: Option<Arc<ServerPart>>,
    /// Identifies the middleware, to warn only once that another one is inside of it.
    pub(crate) layer: usize,
}

impl<V: Clone + AsRef<[u8]>> Finish<V> {
    /// Writes the decision into the headers of the response, which may be one for an error too. If another
    /// [`Cors`](crate::Cors) inside of this one has decided already, its headers are kept, and a warning is logged once: policies are never
    /// combined. See [`ResponseEdit::apply_unless_decided`].
    #[inline]
    pub fn apply<R: ResponseHeaders<Value = V>>(self, response: &mut R) {
        if let Some(edit) = self.edit
            && !edit.apply_unless_decided(response)
        {
            return observe::nested_layers(self.layer);
        }
        if let Some(names) = self.varies.as_ref().and_then(|part| part.vary.as_ref()) {
            add_vary(response, names);
        }
    }

    /// Converts it for the header values of another library. See [`ResponseEdit::convert`].
    pub fn convert<W>(self, convert: impl FnOnce(V) -> Option<W>) -> Finish<W> {
        let edit = self.edit.map(|edit| edit.convert(convert));
        Finish { edit, varies: self.varies, layer: self.layer }
    }
}

impl<V> fmt::Debug for Finish<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finish").field("edit", &self.edit).finish_non_exhaustive()
    }
}
