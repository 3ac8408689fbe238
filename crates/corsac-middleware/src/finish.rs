//! What becomes of a request about which it was decided.

use std::fmt;
use std::sync::Arc;

use corsac::server::{ResponseEdit, ResponseHeaders, add_vary};
use http::header::HeaderValue;

use crate::observe;
use crate::outcome::CorsOutcome;
use crate::site::Site;

/// What was decided about a request: whether the service is asked.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "an adapter has to do one of the two")]
pub enum Decided<R, V = HeaderValue> {
    /// Answer with this response, without the service: it is a preflight, or a request that is blocked.
    Answer(R),
    /// Let the service answer.
    Forward(Forward<V>),
}

/// What an adapter does with a request that the service answers: leave the outcome for handlers, ask the service, finish the response.
#[derive(Debug)]
#[non_exhaustive]
pub struct Forward<V = HeaderValue> {
    /// What handlers are to find among the request's extensions, if the program asked for that.
    pub outcome: Option<CorsOutcome>,
    /// What to do with the response.
    pub finish: Finish<V>,
}

/// Finishes the response of the service: writes what was decided into its headers.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::{Begun, Cors, Decided, RequestView};
/// use http::{Request, Response};
///
/// let cors = Cors::new(Policy::builder(["https://app.example"]).build()?);
/// let request = Request::get("/").header("origin", "https://app.example").body(()).unwrap();
/// let begun = cors.begin(&RequestView::of(&request), |_, _| Response::new(()));
/// let Begun::Decided(Decided::Forward(forward)) = begun else { unreachable!("it is allowed, and needs no lookup") };
/// let mut response = Response::new(());
/// forward.finish.apply(response.headers_mut());
/// assert_eq!(response.headers()["vary"], "Origin");
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Clone)]
pub struct Finish<V = HeaderValue> {
    /// Without one the response passes as it is.
    pub(crate) edit: Option<ResponseEdit<V>>,
    /// The site, where its lookups or choices depend on headers of the request.
    pub(crate) declares: Option<Arc<Site>>,
    /// Which middleware it is: only to notice once that there is another one inside.
    pub(crate) layer: usize,
}

impl<V: Clone + AsRef<[u8]>> Finish<V> {
    /// Writes the decision into the headers of the response, whoever made it. When another [`Cors`](crate::Cors) further inside decided
    /// already, its headers stand, and that is logged once, as a warning: a part of a server overrides, policies are never put on top of each
    /// other. See [`ResponseEdit::apply_unless_decided`].
    #[inline]
    pub fn apply<R: ResponseHeaders<Value = V>>(self, response: &mut R) {
        if let Some(edit) = self.edit
            && !edit.apply_unless_decided(response)
        {
            return observe::stacked(self.layer);
        }
        if let Some(names) = self.declares.as_ref().and_then(|site| site.vary.as_ref()) {
            add_vary(response, names);
        }
    }

    /// The same for another library's headers: see [`ResponseEdit::convert`].
    pub fn convert<W>(self, convert: impl FnOnce(V) -> Option<W>) -> Finish<W> {
        let edit = self.edit.map(|edit| edit.convert(convert));
        Finish { edit, declares: self.declares, layer: self.layer }
    }
}

impl<V> fmt::Debug for Finish<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finish").field("edit", &self.edit).finish_non_exhaustive()
    }
}
