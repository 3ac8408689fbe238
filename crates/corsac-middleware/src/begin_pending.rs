//! The same after a lookup that takes time.

use std::future::Future;
use std::sync::Arc;

use corsac::server::{Enforce, Policy, Request, RequestKind};
use http::header::{CONTENT_TYPE, HeaderValue, UPGRADE};
use http::{Response, StatusCode};

use crate::finish::Decided;
use crate::pending::{PendingDecision, WhilePending};
use crate::request::{KeptRequest, RequestHead, RequestView};
use crate::site::Site;
use crate::tenants::Tenants;

type LaterDecided = Decided<Response<&'static str>>;

impl Site {
    /// Looks for the policy of a tenant.
    pub(crate) fn policy_later<H: RequestHead>(
        self: &Arc<Self>,
        tenants: &Tenants,
        tenant: String,
        request: &H,
    ) -> PendingDecision {
        let tenants = tenants.clone();
        self.later(request, None, async move |site, request| match tenants.policy(tenant).await {
            Ok(Some(policy)) => site.decide_later(&policy, &request.view()).await,
            Ok(None) => site.without_policy(&request.view(), respond),
            Err(failure) => match tenants.fallback_policy() {
                Some(policy) => site.decide(policy, &request.view(), Some(Err(failure)), respond),
                None => site.without_policy(&request.view(), respond),
            },
        })
    }

    /// Asks about an origin that the policy does not list.
    pub(crate) fn origin_later<H: RequestHead>(
        self: &Arc<Self>,
        policy: &Policy,
        request: &H,
    ) -> PendingDecision {
        let known = policy.clone();
        self.later(request, Some(policy), async move |site, request| {
            site.decide_later(&known, &request.view()).await
        })
    }

    /// Keeps what a decision needs of the request, and says what may be done with the request until then.
    fn later<H, F, D>(self: &Arc<Self>, request: &H, policy: Option<&Policy>, decide: F) -> PendingDecision
    where
        H: RequestHead,
        F: FnOnce(Arc<Self>, KeptRequest) -> D,
        D: Future<Output = LaterDecided> + Send + 'static,
    {
        let declared = self.lookup.as_ref().map_or(&[][..], |lookup| lookup.declared());
        request.with_view(|view| {
            let changes = !view.method.is_safe() || view.headers.contains_key(UPGRADE);
            let may_block = policy.is_none_or(|policy| policy.enforces() == Enforce::Block) && changes;
            let meanwhile = if Request::new(view.method, view.headers).kind() == RequestKind::Preflight {
                WhilePending::Drop
            } else if may_block || self.shared.outcome_for_handlers {
                WhilePending::Hold
            } else {
                WhilePending::Forward
            };
            let kept = KeptRequest::of(view, declared);
            PendingDecision { meanwhile, decided: Box::pin(decide(Arc::clone(self), kept)) }
        })
    }

    async fn decide_later(self: &Arc<Self>, policy: &Policy, request: &RequestView<'_>) -> LaterDecided {
        let answer =
            match (&self.lookup, self.lookup.as_ref().and_then(|_| self.unlisted_origin(policy, request))) {
                (Some(lookup), Some(origin)) => Some(lookup.answer(origin, request).await),
                _ => None,
            };
        self.decide(policy, request, answer, respond)
    }
}

/// The response, with the text of its body.
fn respond(status: StatusCode, text: &'static str) -> Response<&'static str> {
    let mut response = Response::new(text);
    *response.status_mut() = status;
    if !text.is_empty() {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    response
}
