//! The way to a response.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use corsac_middleware::{Judged, Later};
use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_service::Service;

use crate::layer::MakeBody;

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
        Forward { #[pin] answer: S::Future, judged: Judged },
        // The service answers while a lookup is asked: of what comes first the other is waited for.
        Beside { #[pin] answer: S::Future, beside: Box<Beside<ResBody>> },
        // A lookup is asked before the service may see the request.
        First { first: Box<First<S, M, ReqBody>> },
    }
}

struct Beside<ResBody> {
    later: Later,
    judged: Option<Judged>,
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

    pub(crate) fn forward(answer: S::Future, judged: Judged) -> Self {
        Self { state: State::Forward { answer, judged } }
    }

    pub(crate) fn beside(answer: S::Future, later: Later) -> Self {
        Self {
            state: State::Beside { answer, beside: Box::new(Beside { later, judged: None, response: None }) },
        }
    }

    pub(crate) fn first(later: Later, call: Option<(S, Request<ReqBody>)>, make_body: M) -> Self {
        Self { state: State::First { first: Box::new(First { later, call, make_body }) } }
    }
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
                    None => return Poll::Pending, // it was taken before: whoever still polls has broken the contract
                },
                StateProjection::Forward { answer, judged } => {
                    return answer.poll(context).map_ok(|mut response| {
                        judged.finish_response(&mut response);
                        response
                    });
                }
                StateProjection::Beside { answer, beside } => {
                    return beside.poll(answer, context);
                }
                StateProjection::First { first } => {
                    let judged = ready!(Pin::new(&mut first.later).poll(context));
                    first.next(judged)
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
        if self.judged.is_none()
            && let Poll::Ready(judged) = Pin::new(&mut self.later).poll(context)
        {
            self.judged = Some(judged);
        }
        if self.response.is_none()
            && let Poll::Ready(response) = answer.poll(context)
        {
            match response {
                Ok(response) => self.response = Some(response),
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        if self.judged.is_none() {
            return Poll::Pending;
        }
        match (self.judged.as_ref(), self.response.take()) {
            (Some(judged), Some(mut response)) => {
                judged.finish_response(&mut response);
                Poll::Ready(Ok(response))
            }
            _ => Poll::Pending,
        }
    }
}

impl<S, M, ReqBody> First<S, M, ReqBody> {
    /// After the lookup: the layer's own response, or the service's.
    fn next<ResBody>(&mut self, judged: Judged) -> State<S, M, ReqBody, ResBody>
    where
        S: Service<Request<ReqBody>, Response = Response<ResBody>>,
        M: MakeBody<ResBody>,
    {
        if let Some(response) = judged.answer(|text| self.make_body.make_body(text)) {
            return State::Answer { response: Some(response) };
        }
        let Some((mut service, mut request)) = self.call.take() else {
            return State::Answer { response: None };
        };
        if let Some(outcome) = judged.outcome_for_handlers() {
            request.extensions_mut().insert(outcome);
        }
        State::Forward { answer: service.call(request), judged }
    }
}
