//! A request about which it was decided, and what becomes of its response.

use std::sync::Arc;

use corsac::server::{Decision, Enforcement, RequestKind, add_vary};
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Response, StatusCode};

use crate::cors::Site;
use crate::outcome::{Outcome, Verdict};
use crate::{observe, stacked};

/// A request about which it was decided: it says what to do with the request, and then finishes the response.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::{Begun, Cors, RequestView, Step};
/// use http::{HeaderMap, Request};
///
/// let cors = Cors::new(Policy::builder(["https://app.example"]).build()?);
/// let request = Request::get("/").header("origin", "https://app.example").body(()).unwrap();
/// let Begun::Now(judged) = cors.begin(&RequestView::of(&request)) else { unreachable!("no lookup is involved") };
///
/// assert_eq!(judged.step(), Step::Forward);
/// let mut response = HeaderMap::new();
/// judged.finish(&mut response);
/// assert_eq!(response["vary"], "Origin");
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Clone, Debug)]
pub struct Judged {
    pub(crate) site: Arc<Site>,
    /// Without one the response passes as it is.
    pub(crate) decision: Option<Decision>,
    pub(crate) kind: RequestKind,
    pub(crate) verdict: Verdict,
    pub(crate) enforcement: Enforcement,
}

/// What to do with a request.
///
/// ```
/// assert_ne!(corsac_middleware::Step::Forward, corsac_middleware::Step::Forbid);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Answer with status 204, without the service.
    AnswerPreflight,
    /// Answer with status 403, without the service.
    Forbid,
    /// Let the service answer.
    Forward,
}

const FORBIDDEN: &str =
    "Forbidden: this request comes from another origin, and the server's policy does not allow it.\n";

impl Judged {
    /// What to do with the request.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::{Begun, Cors, RequestView, Step};
    /// # let cors = Cors::new(Policy::builder(["https://app.example"]).build()?);
    /// let request = http::Request::options("/").body(()).unwrap(); // no preflight: a request like all others
    /// let Begun::Now(judged) = cors.begin(&RequestView::of(&request)) else { unreachable!() };
    /// assert_eq!(judged.step(), Step::Forward);
    /// # Ok::<(), corsac::server::Problems>(())
    /// ```
    pub fn step(&self) -> Step {
        match (self.kind, self.enforcement) {
            (RequestKind::Preflight, _) => Step::AnswerPreflight,
            (_, Enforcement::Block) => Step::Forbid,
            (_, Enforcement::Pass | Enforcement::Report) => Step::Forward,
        }
    }

    /// The finished response, when the service must not be asked: for a preflight, and for a request that is blocked. `body` makes the
    /// body of a text, which is empty for a preflight.
    ///
    /// ```
    /// # use corsac::server::{Enforce, Policy};
    /// # use corsac_middleware::{Begun, Cors, RequestView};
    /// let cors = Cors::new(Policy::builder(["https://app.example"]).enforce(Enforce::Block).build()?);
    /// let request = http::Request::post("/").header("origin", "https://evil.example").body(()).unwrap();
    /// let Begun::Now(judged) = cors.begin(&RequestView::of(&request)) else { unreachable!() };
    /// assert_eq!(judged.answer(str::to_owned).unwrap().status(), 403);
    /// # Ok::<(), corsac::server::Problems>(())
    /// ```
    pub fn answer<B>(&self, body: impl FnOnce(&'static str) -> B) -> Option<Response<B>> {
        let (status, text) = match self.step() {
            Step::AnswerPreflight => (StatusCode::NO_CONTENT, ""),
            Step::Forbid => (StatusCode::FORBIDDEN, FORBIDDEN),
            Step::Forward => return None,
        };
        let mut response = Response::new(body(text));
        *response.status_mut() = status;
        if !text.is_empty() {
            let plain = const { HeaderValue::from_static("text/plain; charset=utf-8") };
            response.headers_mut().insert(CONTENT_TYPE, plain);
        }
        self.finish(response.headers_mut());
        Some(response)
    }

    /// Writes the decision into the headers of the response, whoever made it: see [`Decision::apply`]. Without a policy it leaves them.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::{Begun, Cors, RequestView};
    /// # let cors = Cors::new(Policy::builder(["https://app.example"]).build()?);
    /// # let request = http::Request::get("/").body(()).unwrap();
    /// # let Begun::Now(judged) = cors.begin(&RequestView::of(&request)) else { unreachable!() };
    /// let mut error_page = http::HeaderMap::new();
    /// judged.finish(&mut error_page);
    /// assert_eq!(error_page["vary"], "Origin");
    /// # Ok::<(), corsac::server::Problems>(())
    /// ```
    pub fn finish(&self, response: &mut HeaderMap) {
        if let Some(decision) = &self.decision {
            decision.apply(response);
        }
        if let Some(names) = &self.site.vary {
            add_vary(response, names);
        }
    }

    /// [`finish`](Self::finish) for a response of the service. When another [`Cors`] further inside decided already, its headers stand, and
    /// that is told once, as a warning: routes override, they do not stack.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::{Begun, Cors, RequestView};
    /// let request = http::Request::get("/").body(()).unwrap();
    /// let judge = |cors: &Cors| match cors.begin(&RequestView::of(&request)) {
    ///     Begun::Now(judged) => judged,
    ///     Begun::Later(_) => unreachable!("no lookup is involved"),
    /// };
    /// let (inner, outer) = (Cors::new(Policy::builder(["*"]).build()?), Cors::new(Policy::builder(["https://app.example"]).build()?));
    /// let mut response = http::Response::new(());
    /// judge(&inner).finish_response(&mut response);
    /// judge(&outer).finish_response(&mut response);
    /// assert_eq!(response.headers()["access-control-allow-origin"], "*");
    /// # Ok::<(), corsac::server::Problems>(())
    /// ```
    pub fn finish_response<B>(&self, response: &mut Response<B>) {
        if !stacked::is_possible() {
            return self.finish(response.headers_mut());
        }
        match response.extensions().get::<Outcome>() {
            Some(inner) => self.notice_inner(inner),
            None => {
                self.finish(response.headers_mut());
                if self.leaves_mark() {
                    response.extensions_mut().insert(self.outcome());
                }
            }
        }
    }

    /// Should the response of the service carry the [`Outcome`], for a [`Cors`] further outside to see that it was decided?
    ///
    /// For adapters whose responses are not the `http` crate's; the others have [`finish_response`](Self::finish_response).
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::{Begun, Cors, RequestView};
    /// let cors = Cors::new(Policy::builder(["*"]).build()?);
    /// let another = Cors::new(Policy::builder(["*"]).build()?); // so there may be one further outside
    /// let request = http::Request::get("/").body(()).unwrap();
    /// let Begun::Now(judged) = cors.begin(&RequestView::of(&request)) else { unreachable!() };
    /// assert!(judged.leaves_mark());
    /// # Ok::<(), corsac::server::Problems>(())
    /// ```
    pub fn leaves_mark(&self) -> bool {
        stacked::is_possible() && self.verdict != Verdict::NoPolicy
    }

    /// Tells, once, that another [`Cors`] further inside decided about this response already. The adapter then leaves the response.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::{Begun, Cors, RequestView};
    /// # let cors = Cors::new(Policy::builder(["*"]).build()?);
    /// # let request = http::Request::get("/").body(()).unwrap();
    /// # let Begun::Now(judged) = cors.begin(&RequestView::of(&request)) else { unreachable!() };
    /// judged.notice_inner(&judged.outcome());
    /// # Ok::<(), corsac::server::Problems>(())
    /// ```
    pub fn notice_inner(&self, inner: &Outcome) {
        if self.site.shared.first_notice_of_inner() {
            observe::stacked(&self.site.name, &inner.policy);
        }
    }

    /// What came of the request.
    ///
    /// ```
    /// # use corsac::server::{Policy, RequestKind};
    /// # use corsac_middleware::{Begun, Cors, RequestView};
    /// # let cors = Cors::new(Policy::builder(["*"]).build()?);
    /// # let request = http::Request::get("/").body(()).unwrap();
    /// # let Begun::Now(judged) = cors.begin(&RequestView::of(&request)) else { unreachable!() };
    /// assert_eq!((judged.outcome().kind, &*judged.outcome().policy), (RequestKind::WithoutOrigin, "default"));
    /// # Ok::<(), corsac::server::Problems>(())
    /// ```
    pub fn outcome(&self) -> Outcome {
        Outcome {
            kind: self.kind,
            verdict: self.verdict,
            enforcement: self.enforcement,
            policy: self.site.name.clone(),
        }
    }

    /// The outcome, when handlers are to see it.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::{Begun, Cors, RequestView};
    /// let cors = Cors::builder(Policy::builder(["*"]).build()?).outcome_for_handlers().build()?;
    /// let mut request = http::Request::get("/").body(()).unwrap();
    /// let Begun::Now(judged) = cors.begin(&RequestView::of(&request)) else { unreachable!() };
    /// if let Some(outcome) = judged.outcome_for_handlers() {
    ///     request.extensions_mut().insert(outcome);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn outcome_for_handlers(&self) -> Option<Outcome> {
        self.site.shared.outcome_for_handlers.then(|| self.outcome())
    }
}
