//! The middleware, and the service that it makes of an app.

use std::fmt;
use std::future::{Ready, ready};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::{Error, HttpMessage};
use corsac_middleware::{
    Begun, Cors, CorsBuilder, Decided, Finish, Forward, PendingDecision, PolicySource, WhilePending,
};
use futures_util::future::join;
use http::Extensions;

use crate::convert::{Request, respond, response_of, value_of};
use crate::future::{Answer, ResponseFuture, finished};

/// Puts CORS around an app or a scope, with `wrap`. Cheap to clone.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_actix::{Cors, CorsMiddleware};
///
/// let simple = CorsMiddleware::new(Policy::builder(["https://app.example"]).build()?);
/// let with_settings = CorsMiddleware::from(
///     Cors::builder(Policy::builder(["https://app.example"]).build()?)
///         .at("/public", Policy::builder(["*"]).build()?)
///         .build()?,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CorsMiddleware {
    cors: Cors,
    fill: Option<Arc<Fill>>,
}

pub(crate) type Fill = dyn Fn(&ServiceRequest, &mut Extensions) + Send + Sync;

impl CorsMiddleware {
    /// One source of policies for all requests: a [`Policy`](corsac::server::Policy), a [`PolicyHandle`](crate::PolicyHandle), a
    /// [`PolicySource`] or [`Tenants`](crate::Tenants).
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_actix::CorsMiddleware;
    /// let cors = CorsMiddleware::new(Policy::builder(["https://app.example"]).build().unwrap());
    /// ```
    pub fn new(source: impl Into<PolicySource>) -> Self {
        Self::from(Cors::new(source))
    }

    /// Settings beside the source of policies: the same as [`Cors::builder`], whose [`build`](CorsBuilder::build) gives what
    /// `CorsMiddleware::from` takes.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_actix::CorsMiddleware;
    /// let policy = Policy::builder(["https://app.example"]).build()?;
    /// let cors = CorsMiddleware::from(CorsMiddleware::builder(policy).outcome_for_handlers().build()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(source: impl Into<PolicySource>) -> CorsBuilder {
        Cors::builder(source)
    }

    /// Gives [`PolicySource::select`] what it chooses by, where that is in actix-web's request: its app data, its own extensions, the
    /// connection.
    ///
    /// ```
    /// use actix_web::web::Data;
    /// use corsac::server::Policy;
    /// use corsac_actix::{CorsMiddleware, PolicySource, RequestView};
    ///
    /// #[derive(Clone)]
    /// struct TenantPolicy(Policy);
    ///
    /// let cors = CorsMiddleware::new(PolicySource::select(|request: &RequestView<'_>| {
    ///     request.extensions.get::<TenantPolicy>().map(|tenant| tenant.0.clone())
    /// }))
    /// .extensions_from(|request, extensions| {
    ///     if let Some(tenant) = request.app_data::<Data<TenantPolicy>>() {
    ///         extensions.insert(TenantPolicy::clone(tenant));
    ///     }
    /// });
    /// ```
    #[must_use]
    pub fn extensions_from(
        mut self,
        fill: impl Fn(&ServiceRequest, &mut Extensions) + Send + Sync + 'static,
    ) -> Self {
        self.fill = Some(Arc::new(fill));
        self
    }
}

impl From<Cors> for CorsMiddleware {
    fn from(cors: Cors) -> Self {
        Self { cors, fill: None }
    }
}

impl fmt::Debug for CorsMiddleware {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsMiddleware").field("cors", &self.cors).finish_non_exhaustive()
    }
}

impl<S, B> Transform<S, ServiceRequest> for CorsMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: 'static,
{
    type Response = ServiceResponse<actix_web::body::EitherBody<B>>;
    type Error = Error;
    type InitError = ();
    type Transform = CorsService<S>;
    type Future = Ready<Result<CorsService<S>, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(CorsService { service: Rc::new(service), middleware: self.clone() }))
    }
}

/// An app with CORS around it; [`CorsMiddleware`] makes it.
///
/// ```
/// use actix_web::{App, dev::Service, test};
/// use corsac::server::Policy;
/// use corsac_actix::CorsMiddleware;
///
/// # #[actix_web::main]
/// # async fn main() {
/// let cors = CorsMiddleware::new(Policy::builder(["*"]).build().unwrap());
/// let app = test::init_service(App::new().wrap(cors)).await; // a service that holds a `CorsService`
/// # drop(app);
/// # }
/// ```
#[derive(Debug)]
pub struct CorsService<S> {
    service: Rc<S>,
    middleware: CorsMiddleware,
}

impl<S, B> Service<ServiceRequest> for CorsService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: 'static,
{
    type Response = ServiceResponse<actix_web::body::EitherBody<B>>;
    type Error = Error;
    type Future = ResponseFuture<S::Future, B>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.service.poll_ready(context)
    }

    #[inline]
    fn call(&self, request: ServiceRequest) -> Self::Future {
        let begun =
            self.middleware.cors.begin(&Request::of(&request, self.middleware.fill.as_deref()), respond);
        match begun {
            Begun::Decided(Decided::Forward(decided)) => {
                let (answer, finish) = forward(&*self.service, request, decided);
                ResponseFuture::forward(answer, finish)
            }
            Begun::Decided(Decided::Answer(response)) => {
                ResponseFuture::answer(request.into_response(response.0).map_into_right_body())
            }
            Begun::Pending(later) => {
                ResponseFuture::later(Box::pin(call_later(Rc::clone(&self.service), later, request)))
            }
        }
    }
}

async fn call_later<S, B>(service: Rc<S>, later: PendingDecision, request: ServiceRequest) -> Answer<B>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    if later.while_pending() == WhilePending::Forward {
        let (answer, decided) = join(service.call(request), later).await;
        return match decided {
            Decided::Forward(decided) => finished(decided.finish.convert(|value| value_of(&value)), answer),
            // It cannot be: a request that may be blocked waits.
            Decided::Answer(response) => {
                answer.map(|answer| answer.into_response(response_of(response)).map_into_right_body())
            }
        };
    }
    match later.await {
        Decided::Answer(response) => Ok(request.into_response(response_of(response)).map_into_right_body()),
        Decided::Forward(decided) => {
            let (answer, finish) = forward(&*service, request, decided);
            finished(finish.convert(|value| value_of(&value)), answer.await)
        }
    }
}

#[inline]
fn forward<S: Service<ServiceRequest>, V>(
    service: &S,
    request: ServiceRequest,
    decided: Forward<V>,
) -> (S::Future, Finish<V>) {
    let Forward { outcome, finish, .. } = decided;
    if let Some(outcome) = outcome {
        request.extensions_mut().insert(outcome);
    }
    (service.call(request), finish)
}
