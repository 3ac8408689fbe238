//! The beginning of a request: a decision at once, or after a lookup.

use std::sync::Arc;

use corsac::origin::Origin;
use corsac::server::{
    Decision, Policy, PolicyChoice, PolicyRefusal, Request, RequestHeaders, RequestKind, ResponseHeaders,
    add_vary,
};
use http::StatusCode;
use http::header::HeaderValue;

use crate::cors::Cors;
use crate::failure::LookupFailure;
use crate::finish::{Decided, Finish, Forward};
use crate::no_policy::ALLOWS_NOBODY;
use crate::outcome::{CorsOutcome, CorsVerdict};
use crate::pending::PendingDecision;
use crate::request::RequestHead;
use crate::site::Site;
use crate::source::SourceKind;

/// A decision, or a lookup that has to come first.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "an adapter has to do one of the two")]
pub enum Begun<R, V = HeaderValue> {
    /// It is decided.
    Decided(Decided<R, V>),
    /// A lookup is asked first.
    Pending(PendingDecision),
}

/// The value of a header, in the library of a request.
pub(crate) type ValueOf<H> = <<H as RequestHead>::Headers as RequestHeaders>::Value;

/// What a lookup said about the origin, if one was asked.
pub(crate) type Answer = Option<Result<bool, LookupFailure>>;

const FORBIDDEN: &str =
    "Forbidden: this request comes from another origin, and the server's policy does not allow it.\n";

impl Cors {
    /// Decides about a request, or begins to. `respond` makes the response to a request that the service does not answer, of its status and
    /// text: 204 without text for a preflight, 403 with a line of plain text for a request that is blocked. It adds no headers but those
    /// of its body.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::{Begun, Cors, Decided, RequestView};
    /// use http::{Request, Response};
    ///
    /// let cors = Cors::new(Policy::builder(["https://app.example"]).build().unwrap());
    /// let preflight = Request::options("/")
    ///     .header("origin", "https://app.example")
    ///     .header("access-control-request-method", "POST")
    ///     .body(())
    ///     .unwrap();
    /// let begun = cors.begin(&RequestView::of(&preflight), |status, text| {
    ///     let mut response = Response::new(text);
    ///     *response.status_mut() = status;
    ///     response
    /// });
    /// let Begun::Decided(Decided::Answer(response)) = begun else { unreachable!("it is a preflight, and needs no lookup") };
    /// assert_eq!(response.status(), 204);
    /// assert_eq!(response.headers()["access-control-allow-methods"], "POST");
    /// ```
    #[inline]
    pub fn begin<H, R>(
        &self,
        request: &H,
        respond: impl FnOnce(StatusCode, &'static str) -> R,
    ) -> Begun<R, ValueOf<H>>
    where
        H: RequestHead,
        R: ResponseHeaders<Value = ValueOf<H>>,
    {
        self.site(request.path()).begin(request, respond)
    }
}

impl Site {
    #[inline]
    fn begin<H, R>(
        self: &Arc<Self>,
        request: &H,
        respond: impl FnOnce(StatusCode, &'static str) -> R,
    ) -> Begun<R, ValueOf<H>>
    where
        H: RequestHead,
        R: ResponseHeaders<Value = ValueOf<H>>,
    {
        match (&self.placed, &self.source) {
            (None, SourceKind::Fixed(policy)) => self.begin_with(policy, request, respond),
            (None, SourceKind::Handle(handle)) => {
                handle.with(|policy| self.begin_with(policy, request, respond))
            }
            (None, _) => self.begin_with_choice(request, respond),
            (Some(placed), _) => {
                placed.with(request.path(), &self.shared, |site| site.begin_with_choice(request, respond))
            }
        }
    }

    /// Begins where the source has to be asked.
    #[inline(never)]
    fn begin_with_choice<H, R>(
        self: &Arc<Self>,
        request: &H,
        respond: impl FnOnce(StatusCode, &'static str) -> R,
    ) -> Begun<R, ValueOf<H>>
    where
        H: RequestHead,
        R: ResponseHeaders<Value = ValueOf<H>>,
    {
        let choice = match &self.source {
            SourceKind::Fixed(policy) => return self.begin_with(policy, request, respond),
            SourceKind::Handle(handle) => {
                return handle.with(|policy| self.begin_with(policy, request, respond));
            }
            // A placement has sites of its own, none of which has a placement.
            SourceKind::Placed(_) | SourceKind::NoPolicy => PolicyChoice::NoPolicy,
            SourceKind::Pass => PolicyChoice::Pass,
            SourceKind::Selected(select) => request.with_view(|view| select(view)),
            #[cfg(feature = "lookups")]
            SourceKind::Tenants(tenants) => match request.with_view(|view| tenants.key(view)) {
                None => PolicyChoice::NoPolicy,
                Some(tenant) => return Begun::Pending(self.policy_later(tenants, tenant, request)),
            },
        };
        Begun::Decided(match choice {
            PolicyChoice::Policy(policy) => return self.begin_with(&policy, request, respond),
            PolicyChoice::Pass => self.pass(request),
            _ => self.without_policy(request, respond),
        })
    }

    #[inline]
    fn begin_with<H, R>(
        self: &Arc<Self>,
        policy: &Policy,
        request: &H,
        respond: impl FnOnce(StatusCode, &'static str) -> R,
    ) -> Begun<R, ValueOf<H>>
    where
        H: RequestHead,
        R: ResponseHeaders<Value = ValueOf<H>>,
    {
        let mut answer = None;
        if let Some(lookup) = &self.lookup
            && let Some(origin) = self.unlisted_origin(policy, request)
        {
            #[cfg(feature = "lookups")]
            if lookup.takes_time() {
                return Begun::Pending(self.origin_later(policy, request));
            }
            answer = Some(request.with_view(|view| lookup.now(origin, view)));
        }
        Begun::Decided(self.decide(policy, request, answer, respond))
    }

    /// The origin to ask about, when there is a lookup and one of the policies does not list it.
    pub(crate) fn unlisted_origin<H: RequestHead>(&self, policy: &Policy, request: &H) -> Option<Origin> {
        let request = seen(request);
        let candidate = self.report_only.as_ref();
        let reported = || candidate?.with(|candidate| candidate.unlisted_origin(&request));
        policy.unlisted_origin(&request).or_else(reported)
    }

    #[inline]
    pub(crate) fn decide<H, R>(
        self: &Arc<Self>,
        policy: &Policy,
        request: &H,
        answer: Answer,
        respond: impl FnOnce(StatusCode, &'static str) -> R,
    ) -> Decided<R, ValueOf<H>>
    where
        H: RequestHead,
        R: ResponseHeaders<Value = ValueOf<H>>,
    {
        let decision = decide(policy, seen(request), answer);
        let verdict = match (decision.refusal(), answer) {
            (None, _) if decision.kind() == RequestKind::WithoutOrigin => CorsVerdict::NotAsked,
            (None, _) => CorsVerdict::Allowed,
            (Some(_), _) if decision.is_same_origin() => CorsVerdict::SameOrigin,
            (Some(PolicyRefusal::OriginNotAllowed), Some(Err(failure))) => CorsVerdict::LookupFailed(failure),
            (Some(refusal), _) => CorsVerdict::Refused(refusal),
        };
        self.observer.decided(&self.shared.limiter, &decision, verdict, request.path());
        if let Some(candidate) = &self.report_only {
            candidate.with(|candidate| {
                let other = decide(candidate, seen(request), answer);
                // To the same origin a refusal means nothing.
                let refusal = other.refusal().filter(|_| !other.is_same_origin());
                self.observer.compared(
                    &self.shared.limiter,
                    &decision,
                    verdict,
                    &other,
                    refusal,
                    request.path(),
                );
            });
        }
        match decision.answer() {
            None => Decided::Forward(self.forward(&decision, verdict)),
            Some(status) => {
                let text = if status == StatusCode::FORBIDDEN { FORBIDDEN } else { "" };
                let mut response = respond(status, text);
                decision.apply(&mut response);
                if let Some(names) = &self.vary {
                    add_vary(&mut response, names);
                }
                Decided::Answer(response)
            }
        }
    }

    #[inline]
    fn forward<H: RequestHeaders>(
        self: &Arc<Self>,
        decision: &Decision<'_, H>,
        verdict: CorsVerdict,
    ) -> Forward<H::Value> {
        let outcome = self.shared.outcome_for_handlers.then(|| self.outcome(decision, verdict));
        Forward { outcome, finish: self.finish(Some(decision.into_edit())) }
    }

    fn finish<V>(self: &Arc<Self>, edit: Option<corsac::server::ResponseEdit<V>>) -> Finish<V> {
        Finish {
            edit,
            declares: self.vary.is_some().then(|| Arc::clone(self)),
            layer: Arc::as_ptr(&self.shared).addr(),
        }
    }

    #[cold]
    fn outcome<H: RequestHeaders>(&self, decision: &Decision<'_, H>, verdict: CorsVerdict) -> CorsOutcome {
        CorsOutcome {
            kind: decision.kind(),
            verdict,
            enforcement: decision.enforcement(),
            policy: Arc::clone(self.observer.name()),
        }
    }

    pub(crate) fn without_policy<H, R>(
        self: &Arc<Self>,
        request: &H,
        respond: impl FnOnce(StatusCode, &'static str) -> R,
    ) -> Decided<R, ValueOf<H>>
    where
        H: RequestHead,
        R: ResponseHeaders<Value = ValueOf<H>>,
    {
        let seen = seen(request);
        self.observer.without_policy(&seen, CorsVerdict::NoPolicy, request.path());
        if let Some(policy) = ALLOWS_NOBODY.as_ref()
            && seen.kind() == RequestKind::Preflight
        {
            let mut response = respond(StatusCode::NO_CONTENT, "");
            policy.decide(&seen).apply(&mut response);
            if let Some(names) = &self.vary {
                add_vary(&mut response, names);
            }
            return Decided::Answer(response);
        }
        self.untouched(seen.kind(), CorsVerdict::NoPolicy)
    }

    fn pass<H: RequestHead, R>(self: &Arc<Self>, request: &H) -> Decided<R, ValueOf<H>> {
        let seen = seen(request);
        self.observer.without_policy(&seen, CorsVerdict::Pass, request.path());
        let mut decided = self.untouched(seen.kind(), CorsVerdict::Pass);
        if let Decided::Forward(forward) = &mut decided {
            forward.finish.declares = None;
        }
        decided
    }

    fn untouched<R, V>(self: &Arc<Self>, kind: RequestKind, verdict: CorsVerdict) -> Decided<R, V> {
        let enforcement = corsac::server::Enforcement::Pass;
        let outcome = || CorsOutcome { kind, verdict, enforcement, policy: Arc::clone(self.observer.name()) };
        let outcome = self.shared.outcome_for_handlers.then(outcome);
        Decided::Forward(Forward { outcome, finish: self.finish(None) })
    }
}

fn decide<'a, H: RequestHeaders>(
    policy: &'a Policy,
    request: Request<'a, H>,
    answer: Answer,
) -> Decision<'a, H> {
    match answer {
        None => policy.decide(&request),
        Some(answer) => policy.decide_with(&request, |_| answer == Ok(true)),
    }
}

/// What a policy looks at.
#[inline]
fn seen<H: RequestHead>(request: &H) -> Request<'_, H::Headers> {
    Request::of(request.method(), request.headers()).with_authority(request.authority())
}
