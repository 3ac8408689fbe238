//! The service: decides when a request comes.

use std::mem;
use std::task::{Context, Poll};

use corsac_middleware::{Begun, Cors, Decided, Forward, Later, Meanwhile, RequestView};
use http::{Request, Response};
use tower_service::Service;

use crate::body::{EmptyBody, MakeBody, respond};
use crate::future::ResponseFuture;

/// A service with CORS around it; [`CorsLayer`](crate::CorsLayer) makes it.
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
}

impl<S, M> CorsService<S, M> {
    /// The service inside.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_tower::CorsLayer;
    /// # use tower::Layer;
    /// let layer = CorsLayer::new(Policy::builder(["*"]).build().unwrap());
    /// assert_eq!(layer.layer(7).get_ref(), &7);
    /// ```
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The service inside, without CORS.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_tower::CorsLayer;
    /// # use tower::Layer;
    /// let layer = CorsLayer::new(Policy::builder(["*"]).build().unwrap());
    /// assert_eq!(layer.layer(7).into_inner(), 7);
    /// ```
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
        let begun = self
            .cors
            .begin(&RequestView::of(&request), |status, text| respond(&self.make_body, status, text));
        match begun {
            Begun::Now(Decided::Forward(Forward { outcome, finish, .. })) => {
                if let Some(outcome) = outcome {
                    request.extensions_mut().insert(outcome);
                }
                ResponseFuture::forward(self.inner.call(request), finish)
            }
            Begun::Now(Decided::Answer(response)) => {
                drop(self.take_ready());
                ResponseFuture::answer(response)
            }
            Begun::Later(later) => self.call_later(later, request),
        }
    }
}

impl<S, M> CorsService<S, M> {
    #[inline(never)]
    fn call_later<ReqBody, ResBody>(
        &mut self,
        later: Later,
        request: Request<ReqBody>,
    ) -> ResponseFuture<S, M, ReqBody, ResBody>
    where
        S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone,
        M: Clone,
    {
        match later.meanwhile() {
            Meanwhile::Forward => ResponseFuture::beside(self.inner.call(request), later),
            Meanwhile::Wait => {
                ResponseFuture::first(later, Some((self.take_ready(), request)), self.make_body.clone())
            }
            Meanwhile::Drop => {
                drop(self.take_ready());
                ResponseFuture::first(later, None, self.make_body.clone())
            }
        }
    }

    /// The service that is ready for one request. A clone takes its place, which reserved nothing yet.
    fn take_ready(&mut self) -> S
    where
        S: Clone,
    {
        let fresh = self.inner.clone();
        mem::replace(&mut self.inner, fresh)
    }
}
