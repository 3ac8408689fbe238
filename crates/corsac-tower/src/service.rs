//! The service, which decides when a request arrives.

use std::mem;
use std::task::{Context, Poll};

use corsac_middleware::{Begun, Cors, Decided, Forward, PendingDecision, RequestView, WhilePending};
use http::{Request, Response};
use tower_service::Service;

use crate::body::{EmptyBody, MakeBody, respond};
use crate::future::ResponseFuture;
use crate::layer::PathOf;

/// A service with CORS. [`CorsLayer`](crate::CorsLayer) makes it.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_tower::{CorsLayer, CorsService};
/// use tower::Layer;
///
/// let service: CorsService<&str> = CorsLayer::new(Policy::builder(["*"]).build().unwrap()).layer("any service");
/// assert_eq!(service.into_inner(), "any service");
/// ```
#[derive(Clone, Debug)]
pub struct CorsService<S, M = EmptyBody> {
    pub(crate) inner: S,
    pub(crate) cors: Cors,
    pub(crate) make_body: M,
    pub(crate) path: Option<PathOf>,
}

impl<S, M> CorsService<S, M> {
    /// The inner service.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// Returns the inner service, without CORS.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, M, ReqBody, ResBody> Service<Request<ReqBody>> for CorsService<S, M>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone,
    M: MakeBody<ResBody> + Clone,
{
    type Response = Response<ResBody>;
    type Error = S::Error;
    type Future = ResponseFuture<S, M, ReqBody, ResBody>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        let mut view = RequestView::of(&request);
        if let Some(path) = self.path.and_then(|path_of| path_of(request.extensions())) {
            view.path = path;
        }
        let begun = self.cors.begin(&view, |status, text| respond(&self.make_body, status, text));
        match begun {
            Begun::Decided(Decided::Forward(Forward { outcome, finish, .. })) => {
                if let Some(outcome) = outcome {
                    request.extensions_mut().insert(outcome);
                }
                ResponseFuture::forward(self.inner.call(request), finish)
            }
            Begun::Decided(Decided::Answer(response)) => {
                drop(self.take_ready());
                ResponseFuture::answer(response)
            }
            Begun::Pending(decision) => self.call_when_decided(decision, request),
        }
    }
}

impl<S, M> CorsService<S, M> {
    #[inline(never)]
    fn call_when_decided<ReqBody, ResBody>(
        &mut self,
        decision: PendingDecision,
        request: Request<ReqBody>,
    ) -> ResponseFuture<S, M, ReqBody, ResBody>
    where
        S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone,
        M: Clone,
    {
        match decision.while_pending() {
            WhilePending::Forward => ResponseFuture::both(self.inner.call(request), decision),
            WhilePending::Hold => {
                let call = (self.take_ready(), request);
                ResponseFuture::decision_first(decision, Some(call), self.make_body.clone())
            }
            WhilePending::Drop => {
                drop(self.take_ready());
                ResponseFuture::decision_first(decision, None, self.make_body.clone())
            }
        }
    }

    /// Takes the service that is ready for one request, and leaves a clone, which has not reserved anything yet.
    fn take_ready(&mut self) -> S
    where
        S: Clone,
    {
        let fresh = self.inner.clone();
        mem::replace(&mut self.inner, fresh)
    }
}
