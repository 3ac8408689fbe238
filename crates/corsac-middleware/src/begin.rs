//! Deciding about a request, at once or after a lookup.

use std::sync::Arc;

use corsac::origin::Origin;
use corsac::server::{
    Decision, Enforcement, Policy, PolicyChoice, PolicyRefusal, Request, RequestHeaders, RequestKind,
    ResponseEdit, ResponseHeaders, add_vary,
};
use http::StatusCode;
use http::header::HeaderValue;

use crate::cors::Cors;
use crate::deny_all::DENY_ALL;
use crate::failure::LookupFailure;
use crate::finish::{Decided, Finish, Forward};
use crate::outcome::{CorsOutcome, CorsVerdict};
use crate::pending::PendingDecision;
use crate::request::RequestHead;
use crate::server_part::ServerPart;
use crate::source::SourceKind;

/// A decision, or one that waits for a lookup.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "an adapter has to handle both")]
pub enum Begun<R, V = HeaderValue> {
    /// The decision is made.
    Decided(Decided<R, V>),
    /// The decision waits for a lookup.
    Pending(PendingDecision),
}

/// The type of header values in the library of a request.
pub(crate) type ValueOf<H> = <<H as RequestHead>::Headers as RequestHeaders>::Value;

/// What a lookup answered about the origin. `None` if no lookup was needed.
pub(crate) type LookupAnswer = Option<Result<bool, LookupFailure>>;

const FORBIDDEN: &str =
    "Forbidden: this request comes from another origin, and the server's policy does not allow it.\n";

impl Cors {
    /// Decides about a request, or starts the lookup that the decision needs.
    ///
    /// `respond` makes the response if the service is not asked, from its status and the text of its body: 204 without text for a preflight,
    /// 403 with a line of plain text for a blocked request. It adds no headers except those that describe the body.
    ///
    /// ```
    /// use corsac::server::Policy;
    /// use corsac_middleware::{Begun, Cors, Decided, RequestView};
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
    /// let Begun::Decided(Decided::Answer(response)) = begun else { unreachable!("a preflight that needs no lookup") };
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
        let part = self.part(request.path());
        match &part.placed {
            None => part.begin(request, respond),
            Some(placed) => placed.with(request.path(), &part.shared, |part| part.begin(request, respond)),
        }
    }
}

impl ServerPart {
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
        let choice = match &self.source {
            SourceKind::Fixed(policy) => return self.begin_with_policy(policy, request, respond),
            SourceKind::Handle(handle) => {
                return handle.with(|policy| self.begin_with_policy(policy, request, respond));
            }
            // `Cors::begin` has already picked a part of the placement, and no part has a placement itself.
            SourceKind::Placed(_) | SourceKind::NoPolicy => PolicyChoice::NoPolicy,
            SourceKind::Pass => PolicyChoice::Pass,
            SourceKind::Selected(select) => request.with_view(|view| select(view)),
            #[cfg(feature = "lookups")]
            SourceKind::Tenants(tenants) => match request.with_view(|view| tenants.key(view)) {
                None => PolicyChoice::NoPolicy,
                Some(tenant) => return Begun::Pending(self.pending_policy(tenants, tenant, request)),
            },
        };
        self.begin_with_choice(choice, request, respond)
    }

    /// Kept out of line, so that the common case of a fixed policy stays small.
    #[inline(never)]
    fn begin_with_choice<H, R>(
        self: &Arc<Self>,
        choice: PolicyChoice,
        request: &H,
        respond: impl FnOnce(StatusCode, &'static str) -> R,
    ) -> Begun<R, ValueOf<H>>
    where
        H: RequestHead,
        R: ResponseHeaders<Value = ValueOf<H>>,
    {
        Begun::Decided(match choice {
            PolicyChoice::Policy(policy) => return self.begin_with_policy(&policy, request, respond),
            PolicyChoice::Pass => Decided::Forward(self.pass(request)),
            _ => self.without_policy(request, respond),
        })
    }

    #[inline]
    fn begin_with_policy<H, R>(
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
            if lookup.is_async() {
                return Begun::Pending(self.pending_origin(policy, request));
            }
            answer = Some(request.with_view(|view| lookup.answer_now(origin, view)));
        }
        Begun::Decided(self.decide(policy, request, answer, respond))
    }

    /// Returns the origin to look up: the request's, if the policy or the report-only policy does not list it.
    pub(crate) fn unlisted_origin<H: RequestHead>(&self, policy: &Policy, request: &H) -> Option<Origin> {
        let request = server_request(request);
        let candidate = self.report_only.as_ref();
        let unlisted_by_candidate = || candidate?.with(|candidate| candidate.unlisted_origin(&request));
        policy.unlisted_origin(&request).or_else(unlisted_by_candidate)
    }

    #[inline]
    pub(crate) fn decide<H, R>(
        self: &Arc<Self>,
        policy: &Policy,
        request: &H,
        answer: LookupAnswer,
        respond: impl FnOnce(StatusCode, &'static str) -> R,
    ) -> Decided<R, ValueOf<H>>
    where
        H: RequestHead,
        R: ResponseHeaders<Value = ValueOf<H>>,
    {
        let decision = decide(policy, server_request(request), answer);
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
                let other = decide(candidate, server_request(request), answer);
                // A refusal has no effect on a request from the same origin.
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
        let (kind, enforcement) = (decision.kind(), decision.enforcement());
        let outcome = self.shared.outcome_for_handlers.then(|| self.outcome(kind, verdict, enforcement));
        Forward { outcome, finish: self.finish(Some(decision.into_edit())) }
    }

    fn finish<V>(self: &Arc<Self>, edit: Option<ResponseEdit<V>>) -> Finish<V> {
        Finish {
            edit,
            varies: self.vary.is_some().then(|| Arc::clone(self)),
            layer: Arc::as_ptr(&self.shared).addr(),
        }
    }

    #[cold]
    fn outcome(&self, kind: RequestKind, verdict: CorsVerdict, enforcement: Enforcement) -> CorsOutcome {
        CorsOutcome { kind, verdict, enforcement, policy: Arc::clone(self.observer.name()) }
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
        let server_request = server_request(request);
        self.observer.without_policy(&server_request, CorsVerdict::NoPolicy, request.path());
        if let Some(policy) = DENY_ALL.as_ref()
            && server_request.kind() == RequestKind::Preflight
        {
            let mut response = respond(StatusCode::NO_CONTENT, "");
            policy.decide(&server_request).apply(&mut response);
            if let Some(names) = &self.vary {
                add_vary(&mut response, names);
            }
            return Decided::Answer(response);
        }
        Decided::Forward(self.forward_unchanged(server_request.kind(), CorsVerdict::NoPolicy))
    }

    fn pass<H: RequestHead>(self: &Arc<Self>, request: &H) -> Forward<ValueOf<H>> {
        let server_request = server_request(request);
        self.observer.without_policy(&server_request, CorsVerdict::Pass, request.path());
        let mut forward = self.forward_unchanged(server_request.kind(), CorsVerdict::Pass);
        forward.finish.varies = None;
        forward
    }

    fn forward_unchanged<V>(self: &Arc<Self>, kind: RequestKind, verdict: CorsVerdict) -> Forward<V> {
        let outcome = || self.outcome(kind, verdict, Enforcement::Pass);
        Forward { outcome: self.shared.outcome_for_handlers.then(outcome), finish: self.finish(None) }
    }
}

fn decide<'a, H: RequestHeaders>(
    policy: &'a Policy,
    request: Request<'a, H>,
    answer: LookupAnswer,
) -> Decision<'a, H> {
    match answer {
        None => policy.decide(&request),
        Some(answer) => policy.decide_with(&request, |_| answer == Ok(true)),
    }
}

/// What a policy needs of a request.
#[inline]
fn server_request<H: RequestHead>(request: &H) -> Request<'_, H::Headers> {
    Request::of(request.method(), request.headers()).with_authority(request.authority())
}
