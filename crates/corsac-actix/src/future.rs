//! The future of a response.

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
    pub struct ResponseFuture<F, B> {
        #[pin]
        state: State<F, B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, B> {
        // The middleware's own response, until it is returned. It is large, and boxed so that the futures of other requests are cheap to move.
        Answer { response: Option<Box<ServiceResponse<EitherBody<B>>>> },
        // The decision is made, and the app works on the response.
        Forward { #[pin] answer: F, finish: Option<Finish<HeaderValue>> },
        // A lookup runs.
        Pending { answer: LocalBoxFuture<'static, Answer<B>> },
    }
}

impl<F, B> ResponseFuture<F, B> {
    pub(crate) fn answer(response: ServiceResponse<EitherBody<B>>) -> Self {
        Self { state: State::Answer { response: Some(Box::new(response)) } }
    }

    pub(crate) fn forward(answer: F, finish: Finish<HeaderValue>) -> Self {
        Self { state: State::Forward { answer, finish: Some(finish) } }
    }

    pub(crate) fn pending(answer: LocalBoxFuture<'static, Answer<B>>) -> Self {
        Self { state: State::Pending { answer } }
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
                None => polled_after_completion(),
            },
            StateProjection::Forward { answer, finish } => {
                if finish.is_none() {
                    polled_after_completion();
                }
                let answer = ready!(answer.poll(context));
                let Some(finish) = finish.take() else { polled_after_completion() };
                Poll::Ready(finished(finish, answer))
            }
            StateProjection::Pending { answer } => answer.as_mut().poll(context),
        }
    }
}

/// A completed future has no waker to call. Returning `Pending` would make the caller wait forever.
#[cold]
#[allow(
    clippy::panic,
    reason = "the contract of `Future` permits it, and a request that hangs silently is worse"
)]
fn polled_after_completion() -> ! {
    panic!("`corsac_actix::ResponseFuture` was polled after it completed")
}

/// Adds the CORS headers to the app's response.
#[inline(always)] // A response is large, and each call would move it.
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
