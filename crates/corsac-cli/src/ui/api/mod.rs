//! What the page calls. The guard has admitted each request already.

mod ask;
mod play;
pub(super) mod policy;
mod prove;
mod read;

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;

use super::Ui;
use crate::given::Given;

/// The most questions that are asked at the same time.
pub(super) const MOST_ASKED: usize = 4;

/// The longest body of a call.
const LONGEST_BODY: usize = 1 << 20;

/// How long the body of a call may take.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The longest recording, and how long it may take.
const LONGEST_RECORDING: usize = 64 << 20;
const LONGEST_WAIT_FOR_RECORDING: Duration = Duration::from_secs(120);

/// How much is done at the same time.
pub(super) struct Limits {
    pub(super) asked: Semaphore,
    pub(super) recordings: Semaphore,
}

/// Why a call has no answer.
#[derive(Debug)]
pub(super) struct CallError {
    status: StatusCode,
    /// A sentence for a person, in which backquotes mark code.
    message: String,
    /// The field that is wrong.
    field: Option<&'static str>,
    /// What is missing, for the page.
    needs: Option<&'static str>,
}

impl CallError {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), field: None, needs: None }
    }

    /// This field is wrong.
    fn field(field: &'static str) -> impl Fn(String) -> Self {
        move |message| Self { field: Some(field), ..Self::from(message) }
    }
}

impl From<String> for CallError {
    fn from(message: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }
}

/// Answers a call.
pub(super) async fn answer(
    State(ui): State<Arc<Ui>>,
    Path(call): Path<String>,
    request: Request,
) -> Response {
    respond(answer_to(&ui, &call, request).await)
}

async fn answer_to(ui: &Arc<Ui>, call: &str, request: Request) -> Result<Value, CallError> {
    let (parts, body) = request.into_parts();
    if call == "har" {
        // A recording is held in memory until it was read.
        let _permit = ui.limits.recordings.try_acquire().map_err(|_| {
            CallError::new(StatusCode::TOO_MANY_REQUESTS, "Another recording is still being read.")
        })?;
        let recording = receive(body, &parts.headers, LONGEST_RECORDING, LONGEST_WAIT_FOR_RECORDING).await?;
        return apart(move || read::recording(&recording)).await;
    }
    let body = receive(body, &parts.headers, LONGEST_BODY, LONGEST_WAIT).await?;
    match call {
        "ask" => ask::call(ui, object(&body)?).await,
        "fix" => ask::fix(ui, object(&body)?),
        "read" => apart(move || read::text(object(&body)?)).await,
        "play" => apart(move || play::play(&body)).await,
        "share" => apart(move || play::share(&body)).await,
        "prove" => {
            let ui = Arc::clone(ui);
            apart(move || prove::open(&ui, &parts.headers, object(&body)?)).await
        }
        "prove/seen" => prove::seen(ui, object(&body)?),
        "policy/lint" => apart(move || policy::lint(object(&body)?)).await,
        "policy/may" => policy::may(object(&body)?).await,
        "policy/diff" => apart(move || policy::diff(object(&body)?)).await,
        "policy/compile" => apart(move || policy::compile(object(&body)?)).await,
        _ => Err(CallError::new(StatusCode::NOT_FOUND, "There is no such call.")),
    }
}

/// Works on another thread, so that a long text does not keep others waiting.
async fn apart(work: impl FnOnce() -> Result<Value, CallError> + Send + 'static) -> Result<Value, CallError> {
    let worked = tokio::task::spawn_blocking(work).await;
    worked.unwrap_or_else(|_| {
        let message = "This broke Corsac. Please report what you gave it.";
        Err(CallError::new(StatusCode::INTERNAL_SERVER_ERROR, message))
    })
}

/// Reads a body, at most so long, and not longer than this.
async fn receive(body: Body, headers: &HeaderMap, limit: usize, wait: Duration) -> Result<Bytes, CallError> {
    let too_long = || {
        let message = format!("This is over {} MiB, which is the limit.", limit >> 20);
        CallError::new(StatusCode::PAYLOAD_TOO_LARGE, message)
    };
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > limit) {
        return Err(too_long());
    }
    match tokio::time::timeout(wait, axum::body::to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(too_long()),
        Err(_) => Err(CallError::new(StatusCode::REQUEST_TIMEOUT, "The call took too long to arrive.")),
    }
}

fn object(body: &[u8]) -> Result<Given, CallError> {
    let object: Map<String, Value> =
        serde_json::from_slice(body).map_err(|error| format!("This is not a JSON object: {error}."))?;
    Ok(Given::new(object))
}

fn respond(answer: Result<Value, CallError>) -> Response {
    let (status, value) = match answer {
        Ok(value) => (StatusCode::OK, value),
        Err(CallError { status, message, field, needs }) => {
            let mut value = json!({ "error": message });
            for (name, text) in [("field", field), ("needs", needs)] {
                if let (Some(text), Value::Object(object)) = (text, &mut value) {
                    object.insert(name.to_owned(), json!(text));
                }
            }
            (status, value)
        }
    };
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use http_body_util::BodyExt as _;
    use hyper::body::Frame;

    use super::*;

    /// A body of which one byte arrives, and then nothing more.
    struct Silent(bool);

    impl hyper::body::Body for Silent {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            if std::mem::replace(&mut self.0, true) {
                return Poll::Pending;
            }
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"{")))))
        }
    }

    fn received(body: Body, limit: usize) -> Result<Bytes, StatusCode> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let read = runtime
            .block_on(async { receive(body, &HeaderMap::new(), limit, Duration::from_millis(1)).await });
        read.map_err(|error| error.status)
    }

    #[test]
    fn a_body_that_does_not_end_is_given_up() {
        assert_eq!(received(Body::new(Silent(false).boxed()), 10), Err(StatusCode::REQUEST_TIMEOUT));
    }

    #[test]
    fn a_body_may_have_the_limit_and_no_more() {
        assert_eq!(received(Body::from("0123456789"), 10).unwrap().len(), 10);
        assert_eq!(received(Body::from("0123456789a"), 10), Err(StatusCode::PAYLOAD_TOO_LARGE));
    }

    #[test]
    fn an_answer_to_a_wrong_call_names_the_field_in_json() {
        let error = CallError::field("url")("`url` is missing".to_owned());
        assert_eq!((error.status, error.field), (StatusCode::BAD_REQUEST, Some("url")));
    }
}
