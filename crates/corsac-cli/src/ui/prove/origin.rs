//! A server of Prove.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use corsac::server::{self, Policy};
use http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, CONTENT_SECURITY_POLICY, COOKIE, HOST,
    ORIGIN, X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use tower_service::Service;

use super::answers::{Answer, Answers, BODY, fixed_lines, has_body, may_answer};
use super::registrations::{Registrations, Seen};
use crate::terminal::printable;

const ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");

/// The most of a body that is read before the answer, and how long that may take.
const LONGEST_BODY: usize = 1 << 20;
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The most lines of a header that are remembered of a request.
const MOST_LINES: usize = 20;

/// Answers below registered paths, and says nothing elsewhere.
#[derive(Clone)]
pub(super) struct ProveOrigin {
    /// Its own host and port, as in `Host`.
    host: Arc<str>,
    registrations: Arc<Mutex<Registrations>>,
}

impl ProveOrigin {
    pub(super) fn new(origin: &str, registrations: Arc<Mutex<Registrations>>) -> Self {
        Self { host: origin.trim_start_matches("http://").into(), registrations }
    }

    fn answer(&self, parts: &Parts, now: Instant) -> Response<Full<Bytes>> {
        let host = parts.headers.get(HOST).map(HeaderValue::as_bytes);
        let Some((id, hop)) = parse_path(parts.uri.path()).filter(|_| host == Some(self.host.as_bytes()))
        else {
            return nothing();
        };
        let mut registrations = self.registrations.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(registration) = registrations.get(id, now) else { return nothing() };
        registration.see(self.seen(parts));
        let answer = choose(&registration.answers, hop, parts);
        respond(&answer)
    }

    /// Returns what is remembered of a request: never the value of a cookie or of a header that script set.
    fn seen(&self, parts: &Parts) -> Seen {
        let mut headers = Vec::new();
        for (shown, name) in [
            ("Origin", ORIGIN),
            ("Access-Control-Request-Method", ACCESS_CONTROL_REQUEST_METHOD),
            ("Access-Control-Request-Headers", ACCESS_CONTROL_REQUEST_HEADERS),
            ("Access-Control-Request-Private-Network", ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK),
        ] {
            let values = parts.headers.get_all(name).iter().take(MOST_LINES);
            headers.extend(values.map(|value| (shown.to_owned(), printable(value.as_bytes()))));
        }
        let cookies = parts.headers.get_all(COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
        let names: Vec<&str> = cookies
            .flat_map(|cookie| cookie.split(';'))
            .filter_map(|cookie| cookie.split('=').next())
            .map(str::trim)
            .take(MOST_LINES)
            .collect();
        if !names.is_empty() {
            headers.push(("Cookie".to_owned(), printable(&names.join("; "))));
        }
        Seen {
            method: printable(parts.method.as_str()),
            url: printable(&format!("http://{}{}", self.host, parts.uri.path())),
            headers,
        }
    }
}

/// Returns the id of a registration and the number of redirects in a path.
fn parse_path(path: &str) -> Option<(&str, usize)> {
    let (id, rest) = path.strip_prefix('/')?.split_once('/')?;
    let hop = rest.split('/').next()?.parse().ok()?;
    Some((id, hop))
}

fn choose(answers: &Answers, hop: usize, parts: &Parts) -> Answer {
    if let Some(policy) = &answers.policy {
        return decided(policy, &parts.method, &parts.headers);
    }
    let is_preflight =
        parts.method == Method::OPTIONS && parts.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let hop = answers.hops.get(hop);
    let answer = hop.map(|hop| if is_preflight { &hop.preflight } else { &hop.request });
    answer.cloned().unwrap_or_default()
}

/// Returns what a policy answers.
fn decided(policy: &Policy, method: &Method, headers: &HeaderMap) -> Answer {
    let decision = policy.decide(&server::Request::new(method, headers));
    let status = decision.answer().map_or(200, |status| status.as_u16());
    let mut response = HeaderMap::new();
    decision.apply(&mut response);
    let may = |(name, value): &(HeaderName, HeaderValue)| {
        value.to_str().is_ok_and(|value| may_answer(name.as_str(), value))
    };
    let lines = response.iter().map(|(name, value)| (name.clone(), value.clone())).filter(may);
    Answer { status, lines: lines.collect() }
}

fn respond(answer: &Answer) -> Response<Full<Bytes>> {
    let body = if has_body(answer.status) { BODY } else { "" };
    let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    for (name, value) in &answer.lines {
        response.headers_mut().append(name, value.clone());
    }
    for (name, value) in fixed_lines(answer.status) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Returns the response of a path that nobody registered.
fn nothing() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::new()));
    *response.status_mut() = StatusCode::NOT_FOUND;
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
    response
}

impl Service<Request<Incoming>> for ProveOrigin {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let origin = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            // A connection that is closed before the body has arrived can lose the answer. What is in the body does not matter.
            let rest = Limited::new(body, LONGEST_BODY).collect();
            let _ = tokio::time::timeout(LONGEST_WAIT, rest).await;
            Ok(origin.answer(&parts, Instant::now()))
        })
    }
}
