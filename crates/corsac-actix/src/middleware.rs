//! The middleware, and the service that it makes from an app.

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

/// Adds CORS to an app or a scope, with `wrap`. Cheap to clone. The [crate's documentation](crate) has an example.
#[derive(Clone)]
pub struct CorsMiddleware {
    cors: Cors,
    add_extensions: Option<Arc<AddExtensions>>,
}

pub(crate) type AddExtensions = dyn Fn(&ServiceRequest, &mut Extensions) + Send + Sync;

impl CorsMiddleware {
    /// A middleware that takes the policy of every request from `source`: a [`Policy`](corsac::server::Policy), a
    /// [`PolicyHandle`](crate::PolicyHandle), a [`PlacementHandle`](crate::PlacementHandle), a [`PolicySource`] or
    /// [`Tenants`](crate::Tenants).
    pub fn new(source: impl Into<PolicySource>) -> Self {
        Self::from(Cors::new(source))
    }

    /// A builder for further settings. The same as [`Cors::builder`]; `CorsMiddleware::from` takes what its [`build`](CorsBuilder::build)
    /// returns.
    pub fn builder(source: impl Into<PolicySource>) -> CorsBuilder {
        Cors::builder(source)
    }

    /// Copies values from actix-web's request (its app data, its extensions, its connection) to where [`PolicySource::select`] can read them:
    /// [`RequestView::extensions`](crate::RequestView::extensions).
    ///
    /// ```
    /// use actix_web::{App, test, web::Data};
    /// use corsac::server::Policy;
    /// use corsac_actix::{CorsMiddleware, PolicySource, RequestView};
    ///
    /// #[derive(Clone)]
    /// struct TenantPolicy(Policy);
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let cors = CorsMiddleware::new(PolicySource::select(|request: &RequestView<'_>| {
    ///     request.extensions.get::<TenantPolicy>().map(|tenant| tenant.0.clone())
    /// }))
    /// .extensions_from(|request, extensions| {
    ///     if let Some(tenant) = request.app_data::<Data<TenantPolicy>>() {
    ///         extensions.insert(TenantPolicy::clone(tenant));
    ///     }
    /// });
    /// let tenant = TenantPolicy(Policy::builder(["*"]).build().unwrap());
    /// let app = test::init_service(App::new().app_data(Data::new(tenant)).wrap(cors)).await;
    /// let request = test::TestRequest::get().insert_header(("origin", "https://app.example"));
    /// let response = test::call_service(&app, request.to_request()).await;
    /// assert_eq!(response.headers().get("access-control-allow-origin").unwrap(), "*");
    /// # }
    /// ```
    #[must_use]
    pub fn extensions_from(
        mut self,
        add: impl Fn(&ServiceRequest, &mut Extensions) + Send + Sync + 'static,
    ) -> Self {
        self.add_extensions = Some(Arc::new(add));
        self
    }
}

impl From<Cors> for CorsMiddleware {
    fn from(cors: Cors) -> Self {
        Self { cors, add_extensions: None }
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

/// An app with CORS. [`CorsMiddleware`] makes it.
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
        let begun = self
            .middleware
            .cors
            .begin(&Request::of(&request, self.middleware.add_extensions.as_deref()), respond);
        match begun {
            Begun::Decided(Decided::Forward(decided)) => {
                let (answer, finish) = forward(&*self.service, request, decided);
                ResponseFuture::forward(answer, finish)
            }
            Begun::Decided(Decided::Answer(response)) => {
                ResponseFuture::answer(request.into_response(response.0).map_into_right_body())
            }
            Begun::Pending(decision) => ResponseFuture::pending(Box::pin(call_when_decided(
                Rc::clone(&self.service),
                decision,
                request,
            ))),
        }
    }
}

async fn call_when_decided<S, B>(
    service: Rc<S>,
    decision: PendingDecision,
    request: ServiceRequest,
) -> Answer<B>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    if decision.while_pending() == WhilePending::Forward {
        let (answer, decided) = join(service.call(request), decision).await;
        return match decided {
            Decided::Forward(decided) => finished(decided.finish.convert(|value| value_of(&value)), answer),
            // This cannot happen: a request that may be blocked is held back.
            Decided::Answer(response) => {
                answer.map(|answer| answer.into_response(response_of(response)).map_into_right_body())
            }
        };
    }
    match decision.await {
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
