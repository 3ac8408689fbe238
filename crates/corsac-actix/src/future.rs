//! The way to a response.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::Error;
use actix_web::body::EitherBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::HeaderValue;
use corsac_middleware::Finish;
use futures_util::future::LocalBoxFuture;
use pin_project_lite::pin_project;

use crate::convert::Headers;
use crate::error::ErrorWithCors;

pub(crate) type Answer<B> = Result<ServiceResponse<EitherBody<B>>, Error>;

pin_project! {
    /// The response of a [`CorsService`](crate::CorsService).
    ///
    /// ```
    /// use actix_web::{App, dev::Service, test};
    /// use corsac::server::Policy;
    /// use corsac_actix::CorsMiddleware;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let cors = CorsMiddleware::new(Policy::builder(["*"]).build().unwrap());
    /// let app = test::init_service(App::new().wrap(cors)).await;
    /// let response = app.call(test::TestRequest::get().to_request()).await.unwrap();
    /// assert_eq!(response.status(), 404);
    /// # }
    /// ```
    pub struct ResponseFuture<F, B> {
        #[pin]
        state: State<F, B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, B> {
        // The middleware's own response. It is taken once. It is large: on the heap, the futures of all other requests are small to move.
        Answer { response: Option<Box<ServiceResponse<EitherBody<B>>>> },
        // It is decided, and the app answers.
        Forward { #[pin] answer: F, finish: Option<Finish<HeaderValue>> },
        // A lookup is asked.
        Later { answer: LocalBoxFuture<'static, Answer<B>> },
    }
}

impl<F, B> ResponseFuture<F, B> {
    pub(crate) fn answer(response: ServiceResponse<EitherBody<B>>) -> Self {
        Self { state: State::Answer { response: Some(Box::new(response)) } }
    }

    pub(crate) fn forward(answer: F, finish: Finish<HeaderValue>) -> Self {
        Self { state: State::Forward { answer, finish: Some(finish) } }
    }

    pub(crate) fn later(answer: LocalBoxFuture<'static, Answer<B>>) -> Self {
        Self { state: State::Later { answer } }
    }
}

impl<F, B> Future for ResponseFuture<F, B>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
{
    type Output = Answer<B>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer<B>> {
        match self.project().state.project() {
            StateProjection::Answer { response } => match response.take() {
                Some(response) => Poll::Ready(Ok(*response)),
                None => polled_after_its_end(),
            },
            StateProjection::Forward { answer, finish } => {
                if finish.is_none() {
                    polled_after_its_end();
                }
                let answer = ready!(answer.poll(context));
                let Some(finish) = finish.take() else { polled_after_its_end() };
                Poll::Ready(finished(finish, answer))
            }
            StateProjection::Later { answer } => answer.as_mut().poll(context),
        }
    }
}

/// A future that is polled after its end has nobody to wake: whoever waits for it would wait forever.
#[cold]
#[allow(
    clippy::panic,
    reason = "it is the contract of `Future`, and a request that hangs in silence is worse"
)]
fn polled_after_its_end() -> ! {
    panic!("`corsac_actix::ResponseFuture` was polled after it completed")
}

/// The app's answer, with the headers.
#[inline(always)] // A response is large, and moved as often as it is passed on.
pub(crate) fn finished<B>(
    finish: Finish<HeaderValue>,
    answer: Result<ServiceResponse<B>, Error>,
) -> Answer<B> {
    match answer {
        Ok(response) => {
            let mut response = response.map_into_left_body();
            finish.apply(&mut Headers(response.headers_mut()));
            Ok(response)
        }
        Err(error) => Err(ErrorWithCors::new(error, finish).into()),
    }
}
