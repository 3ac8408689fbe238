//! Errors of the app, whose responses get CORS headers too.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::{Error, HttpResponse, ResponseError};
use corsac_middleware::Finish;

use crate::convert::Headers;

/// An error of an inner middleware or service, together with the decision about the request. The response made from it gets the CORS headers.
///
/// A middleware outside of this one that looks for a certain error finds it in [`error`](Self::error).
///
/// ```
/// use actix_web::{App, dev::Service, error::ErrorBadRequest, test, web};
/// use corsac::server::Policy;
/// use corsac_actix::{CorsMiddleware, ErrorWithCors};
///
/// # #[actix_web::main]
/// # async fn main() {
/// let app = App::new()
///     .route("/", web::get().to(async || "never"))
///     .wrap_fn(|_, _| async { Err::<actix_web::dev::ServiceResponse, _>(ErrorBadRequest("no such item")) })
///     .wrap(CorsMiddleware::new(Policy::builder(["*"]).build().unwrap()));
/// let app = test::init_service(app).await;
/// let error = app.call(test::TestRequest::get().to_request()).await.unwrap_err();
/// assert_eq!(error.error_response().headers().get("access-control-allow-origin").unwrap(), "*");
/// assert_eq!(error.as_error::<ErrorWithCors>().unwrap().error().to_string(), "no such item");
/// # }
/// ```
pub struct ErrorWithCors {
    error: Error,
    finish: Finish<HeaderValue>,
}

impl ErrorWithCors {
    pub(crate) fn new(error: Error, finish: Finish<HeaderValue>) -> Self {
        Self { error, finish }
    }

    /// The original error.
    pub fn error(&self) -> &Error {
        &self.error
    }
}

impl ResponseError for ErrorWithCors {
    fn status_code(&self) -> StatusCode {
        self.error.as_response_error().status_code()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = self.error.error_response();
        self.finish.clone().apply(&mut Headers(response.headers_mut()));
        response
    }
}

impl fmt::Display for ErrorWithCors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, f)
    }
}

impl fmt::Debug for ErrorWithCors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.error, f)
    }
}
