//! The way to a response.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use corsac_middleware::{Decided, Finish, Forward, Later};
use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_service::Service;

use crate::body::MakeBody;

pin_project! {
    /// The response of a [`CorsService`](crate::CorsService).
    ///
    /// ```
    /// use corsac::server::Policy;
    /// use corsac_tower::CorsLayer;
    /// use http::{Request, Response};
    /// use tower::{Layer, Service, service_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let inner = service_fn(async |_: Request<()>| Ok::<_, std::io::Error>(Response::new(())));
    /// let mut service = CorsLayer::new(Policy::builder(["*"]).build().unwrap()).layer(inner);
    /// let response = service.call(Request::new(())).await.unwrap();
    /// assert_eq!(response.headers()["access-control-allow-origin"], "*");
    /// # }
    /// ```
    pub struct ResponseFuture<S, M, ReqBody, ResBody>
    where
        S: Service<Request<ReqBody>>,
    {
        #[pin]
        state: State<S, M, ReqBody, ResBody>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<S, M, ReqBody, ResBody>
    where
        S: Service<Request<ReqBody>>,
    {
        // The layer's own response. It is taken once.
        Answer { response: Option<Response<ResBody>> },
        // It is decided, and the service answers.
        Forward { #[pin] answer: S::Future, finish: Option<Finish> },
        // The service answers while a lookup is asked: of what comes first the other is waited for.
        Beside { #[pin] answer: S::Future, beside: Box<Beside<ResBody>> },
        // A lookup is asked before the service may see the request.
        First { first: Box<First<S, M, ReqBody>> },
    }
}

struct Beside<ResBody> {
    later: Later,
    finish: Option<Finish>,
    response: Option<Response<ResBody>>,
}

struct First<S, M, ReqBody> {
    later: Later,
    /// The service that is ready, and what it waits for; not for a preflight.
    call: Option<(S, Request<ReqBody>)>,
    make_body: M,
}

impl<S, M, ReqBody, ResBody> ResponseFuture<S, M, ReqBody, ResBody>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
{
    pub(crate) fn answer(response: Response<ResBody>) -> Self {
        Self { state: State::Answer { response: Some(response) } }
    }

    #[inline]
    pub(crate) fn forward(answer: S::Future, finish: Finish) -> Self {
        Self { state: State::Forward { answer, finish: Some(finish) } }
    }

    pub(crate) fn beside(answer: S::Future, later: Later) -> Self {
        Self {
            state: State::Beside { answer, beside: Box::new(Beside { later, finish: None, response: None }) },
        }
    }

    pub(crate) fn first(later: Later, call: Option<(S, Request<ReqBody>)>, make_body: M) -> Self {
        Self { state: State::First { first: Box::new(First { later, call, make_body }) } }
    }
}

/// A future that is polled after its end has nobody to wake: whoever waits for it would wait forever.
#[cold]
#[allow(
    clippy::panic,
    reason = "it is the contract of `Future`, and a request that hangs in silence is worse"
)]
fn polled_after_its_end() -> ! {
    panic!("`corsac_tower::ResponseFuture` was polled after it completed")
}

impl<S, M, ReqBody, ResBody> Future for ResponseFuture<S, M, ReqBody, ResBody>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    M: MakeBody<ResBody>,
{
    type Output = Result<Response<ResBody>, S::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        loop {
            let next = match state.as_mut().project() {
                StateProjection::Answer { response } => match response.take() {
                    Some(response) => return Poll::Ready(Ok(response)),
                    None => polled_after_its_end(),
                },
                StateProjection::Forward { answer, finish } => {
                    if finish.is_none() {
                        polled_after_its_end();
                    }
                    let answer = ready!(answer.poll(context));
                    let finish = finish.take();
                    return Poll::Ready(answer.map(|mut response| {
                        if let Some(finish) = finish {
                            finish.apply(response.headers_mut());
                        }
                        response
                    }));
                }
                StateProjection::Beside { answer, beside } => {
                    let answer = ready!(beside.poll(answer, context));
                    state.set(State::Answer { response: None });
                    return Poll::Ready(answer);
                }
                StateProjection::First { first } => {
                    let decided = ready!(Pin::new(&mut first.later).poll(context));
                    first.next(decided)
                }
            };
            state.set(next);
        }
    }
}

impl<ResBody> Beside<ResBody> {
    fn poll<E>(
        &mut self,
        answer: Pin<&mut impl Future<Output = Result<Response<ResBody>, E>>>,
        context: &mut Context<'_>,
    ) -> Poll<Result<Response<ResBody>, E>> {
        if self.finish.is_none()
            && let Poll::Ready(decided) = Pin::new(&mut self.later).poll(context)
        {
            match decided {
                Decided::Forward(forward) => self.finish = Some(forward.finish),
                // The service was asked, as it could not be kept from it; and so its response is the answer.
                Decided::Answer(_) => unforeseen("a request that cannot be blocked was blocked"),
            }
        }
        if self.response.is_none()
            && let Poll::Ready(response) = answer.poll(context)
        {
            match response {
                Ok(response) => self.response = Some(response),
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        let Some(finish) = self.finish.take() else { return Poll::Pending };
        let Some(mut response) = self.response.take() else {
            self.finish = Some(finish);
            return Poll::Pending;
        };
        finish.apply(response.headers_mut());
        Poll::Ready(Ok(response))
    }
}

impl<S, M, ReqBody> First<S, M, ReqBody> {
    /// After the lookup: the layer's own response, or the service's.
    fn next<ResBody>(&mut self, decided: Decided<Response<&'static str>>) -> State<S, M, ReqBody, ResBody>
    where
        S: Service<Request<ReqBody>, Response = Response<ResBody>>,
        M: MakeBody<ResBody>,
    {
        let Forward { outcome, finish, .. } = match decided {
            Decided::Forward(forward) => forward,
            Decided::Answer(response) => {
                let response = response.map(|text| self.make_body.make_body(text));
                return State::Answer { response: Some(response) };
            }
        };
        let Some((mut service, mut request)) = self.call.take() else {
            unforeseen("a preflight was forwarded");
        };
        if let Some(outcome) = outcome {
            request.extensions_mut().insert(outcome);
        }
        State::Forward { answer: service.call(request), finish: Some(finish) }
    }
}

/// What [`Later::meanwhile`] says cannot be.
#[cold]
#[allow(
    clippy::panic,
    reason = "a defect of ours must not become a request that hangs, or one past a policy"
)]
fn unforeseen(what: &str) -> ! {
    panic!("{what}, against what `Later::meanwhile` said: a defect of corsac-middleware")
}
