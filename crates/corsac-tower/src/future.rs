//! The future of a response.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use corsac_middleware::{Decided, Finish, Forward, PendingDecision};
use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_service::Service;

use crate::body::MakeBody;

pin_project! {
    /// The response of a [`CorsService`](crate::CorsService).
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
        // The layer's own response, until it is returned.
        Answer { response: Option<Response<ResBody>> },
        // The decision is made, and the service works on the response.
        Forward { #[pin] answer: S::Future, finish: Option<Finish> },
        // The service works on the response while a lookup runs. Both have to end.
        Both { #[pin] answer: S::Future, waiting: Box<WaitingForBoth<ResBody>> },
        // A lookup has to end before the service may see the request.
        DecisionFirst { waiting: Box<WaitingForDecision<S, M, ReqBody>> },
    }
}

struct WaitingForBoth<ResBody> {
    decision: PendingDecision,
    /// How to finish the response, once that is decided.
    finish: Option<Finish>,
    /// The response of the service, once it is there.
    response: Option<Response<ResBody>>,
}

struct WaitingForDecision<S, M, ReqBody> {
    decision: PendingDecision,
    /// The ready service, and the request for it. `None` for a preflight, which the service never sees.
    call: Option<(S, Request<ReqBody>)>,
    make_body: M,
}

impl<S, M, ReqBody, ResBody> ResponseFuture<S, M, ReqBody, ResBody>
where
    S: Service<Request<ReqBody>>,
{
    pub(crate) fn answer(response: Response<ResBody>) -> Self {
        Self { state: State::Answer { response: Some(response) } }
    }

    pub(crate) fn forward(answer: S::Future, finish: Finish) -> Self {
        Self { state: State::Forward { answer, finish: Some(finish) } }
    }

    pub(crate) fn both(answer: S::Future, decision: PendingDecision) -> Self {
        let waiting = WaitingForBoth { decision, finish: None, response: None };
        Self { state: State::Both { answer, waiting: Box::new(waiting) } }
    }

    pub(crate) fn decision_first(
        decision: PendingDecision,
        call: Option<(S, Request<ReqBody>)>,
        make_body: M,
    ) -> Self {
        let waiting = WaitingForDecision { decision, call, make_body };
        Self { state: State::DecisionFirst { waiting: Box::new(waiting) } }
    }
}

/// A completed future has no waker to call. Returning `Pending` would make the caller wait forever.
#[cold]
#[allow(
    clippy::panic,
    reason = "the contract of `Future` permits it, and a request that hangs silently is worse"
)]
fn polled_after_completion() -> ! {
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
                    None => polled_after_completion(),
                },
                StateProjection::Forward { answer, finish } => {
                    if finish.is_none() {
                        polled_after_completion();
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
                StateProjection::Both { answer, waiting } => {
                    let answer = ready!(waiting.poll(answer, context));
                    state.set(State::Answer { response: None });
                    return Poll::Ready(answer);
                }
                StateProjection::DecisionFirst { waiting } => {
                    let decided = ready!(Pin::new(&mut waiting.decision).poll(context));
                    waiting.proceed(decided)
                }
            };
            state.set(next);
        }
    }
}

impl<ResBody> WaitingForBoth<ResBody> {
    fn poll<E>(
        &mut self,
        answer: Pin<&mut impl Future<Output = Result<Response<ResBody>, E>>>,
        context: &mut Context<'_>,
    ) -> Poll<Result<Response<ResBody>, E>> {
        if self.finish.is_none()
            && let Poll::Ready(decided) = Pin::new(&mut self.decision).poll(context)
        {
            match decided {
                Decided::Forward(forward) => self.finish = Some(forward.finish),
                Decided::Answer(_) => contradicts_while_pending("a forwarded request was blocked"),
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

impl<S, M, ReqBody> WaitingForDecision<S, M, ReqBody> {
    /// Continues after the lookup: with the layer's own response, or by calling the service.
    fn proceed<ResBody>(&mut self, decided: Decided<Response<&'static str>>) -> State<S, M, ReqBody, ResBody>
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
            contradicts_while_pending("a preflight was forwarded");
        };
        if let Some(outcome) = outcome {
            request.extensions_mut().insert(outcome);
        }
        State::Forward { answer: service.call(request), finish: Some(finish) }
    }
}

/// Reports a decision that [`PendingDecision::while_pending`] excludes.
#[cold]
#[allow(
    clippy::panic,
    reason = "a bug of ours must not become a request that hangs, or one that bypasses the policy"
)]
fn contradicts_while_pending(what: &str) -> ! {
    panic!("{what}, although `PendingDecision::while_pending` excludes it: a bug in corsac-middleware")
}
