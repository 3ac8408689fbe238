//! Decisions that need a lookup first.

use std::future::Future;
use std::sync::Arc;

use corsac::server::{Enforce, Policy, Request, RequestKind};
use http::header::{CONTENT_TYPE, HeaderValue, UPGRADE};
use http::{Response, StatusCode};

use crate::finish::Decided;
use crate::pending::{PendingDecision, WhilePending};
use crate::request::{OwnedRequest, RequestHead, RequestView};
use crate::server_part::ServerPart;
use crate::tenants::Tenants;

type DecidedLater = Decided<Response<&'static str>>;

impl ServerPart {
    /// Decides after looking up the policy of a tenant.
    pub(crate) fn pending_policy<H: RequestHead>(
        self: &Arc<Self>,
        tenants: &Tenants,
        tenant: String,
        request: &H,
    ) -> PendingDecision {
        let tenants = tenants.clone();
        self.pending(request, None, async move |part, request| match tenants.policy(tenant).await {
            Ok(Some(policy)) => part.decide_after_lookup(&policy, &request.view()).await,
            Ok(None) => part.without_policy(&request.view(), respond),
            Err(failure) => match tenants.fallback_policy() {
                Some(policy) => part.decide(policy, &request.view(), Some(Err(failure)), respond),
                None => part.without_policy(&request.view(), respond),
            },
        })
    }

    /// Decides after looking up an origin that the policy does not list.
    pub(crate) fn pending_origin<H: RequestHead>(
        self: &Arc<Self>,
        policy: &Policy,
        request: &H,
    ) -> PendingDecision {
        let owned = policy.clone();
        self.pending(request, Some(policy), async move |part, request| {
            part.decide_after_lookup(&owned, &request.view()).await
        })
    }

    /// Copies what `decide` needs of the request, and finds out what may be done with the request until then.
    fn pending<H, F, D>(self: &Arc<Self>, request: &H, policy: Option<&Policy>, decide: F) -> PendingDecision
    where
        H: RequestHead,
        F: FnOnce(Arc<Self>, OwnedRequest) -> D,
        D: Future<Output = DecidedLater> + Send + 'static,
    {
        let declared = self.lookup.as_ref().map_or(&[][..], |lookup| lookup.declared_headers());
        request.with_view(|view| {
            let is_enforceable = !view.method.is_safe() || view.headers.contains_key(UPGRADE);
            let may_be_blocked =
                is_enforceable && policy.is_none_or(|policy| policy.enforces() == Enforce::Block);
            let while_pending = if Request::new(view.method, view.headers).kind() == RequestKind::Preflight {
                WhilePending::Drop
            } else if may_be_blocked || self.shared.outcome_for_handlers {
                WhilePending::Hold
            } else {
                WhilePending::Forward
            };
            let owned = OwnedRequest::of(view, declared);
            PendingDecision { while_pending, decided: Box::pin(decide(Arc::clone(self), owned)) }
        })
    }

    async fn decide_after_lookup(
        self: &Arc<Self>,
        policy: &Policy,
        request: &RequestView<'_>,
    ) -> DecidedLater {
        let mut answer = None;
        if let Some(lookup) = &self.lookup
            && let Some(origin) = self.unlisted_origin(policy, request)
        {
            answer = Some(lookup.answer(origin, request).await);
        }
        self.decide(policy, request, answer, respond)
    }
}

fn respond(status: StatusCode, text: &'static str) -> Response<&'static str> {
    let mut response = Response::new(text);
    *response.status_mut() = status;
    if !text.is_empty() {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    response
}
