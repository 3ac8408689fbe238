//! What is answered at all: the first thing that a request meets, and the headers that every response has.
//!
//! A page of another site can make the browser send requests here. It cannot read the answers, but it could ask in the user's name. So each rule
//! here names what such a page cannot do: have our `Host`, our `Origin`, JSON without a preflight, the token.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::json;

use super::Ui;

const TOKEN: HeaderName = HeaderName::from_static("x-corsac-token");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Answers a request, or refuses it.
pub(super) async fn guard(State(ui): State<Arc<Ui>>, request: Request, next: Next) -> Response {
    let mut response = match admit(&ui, request.method(), request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.respond(is_call(request.uri())),
    };
    protect(&ui, response.headers_mut());
    response
}

/// Why a request is refused.
#[derive(Debug, PartialEq, Eq)]
struct Refused {
    status: StatusCode,
    /// One sentence for a person.
    message: &'static str,
}

const fn refused(status: StatusCode, message: &'static str) -> Refused {
    Refused { status, message }
}

fn is_call(uri: &Uri) -> bool {
    uri.path().starts_with("/api/")
}

fn admit(ui: &Ui, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Refused> {
    let host = only(headers, &HOST).and_then(|host| host.to_str().ok());
    let is_own = |host: &str| ui.addresses.is_host(host);
    let is_authority_own = uri.authority().is_none_or(|authority| is_own(authority.as_str()));
    if !host.is_some_and(is_own) || !is_authority_own {
        return Err(refused(
            StatusCode::MISDIRECTED_REQUEST,
            "This page is not served under that host: open the link that `corsac ui` printed, or start it with `--public-url`.",
        ));
    }
    if is_call(uri) {
        return admit_call(ui, method, headers);
    }
    if !matches!(*method, Method::GET | Method::HEAD) {
        return Err(refused(StatusCode::METHOD_NOT_ALLOWED, "Pages are read with GET."));
    }
    Ok(())
}

/// Admits a call of the API. Which rule refuses first does not matter, as long as the token comes last: whoever breaks another one does not learn
/// whether it was right.
fn admit_call(ui: &Ui, method: &Method, headers: &HeaderMap) -> Result<(), Refused> {
    if method != Method::POST {
        return Err(refused(StatusCode::METHOD_NOT_ALLOWED, "Calls are made with POST."));
    }
    if !only(headers, &ORIGIN).is_some_and(|origin| ui.addresses.is_origin(origin.as_bytes())) {
        return Err(refused(
            StatusCode::FORBIDDEN,
            "Only the page itself may call this, and `Origin` says another.",
        ));
    }
    if headers.contains_key(&SEC_FETCH_SITE)
        && only(headers, &SEC_FETCH_SITE).is_none_or(|site| site != "same-origin")
    {
        return Err(refused(
            StatusCode::FORBIDDEN,
            "Only the page itself may call this, and `Sec-Fetch-Site` says another.",
        ));
    }
    if !only(headers, &CONTENT_TYPE).is_some_and(is_json) {
        return Err(refused(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Calls have `Content-Type: application/json`.",
        ));
    }
    if !only(headers, &TOKEN).is_some_and(|token| ui.token.is(token)) {
        return Err(refused(StatusCode::UNAUTHORIZED, "Open the link that `corsac ui` printed."));
    }
    Ok(())
}

/// Returns the value of a header that is there once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}

fn is_json(content_type: &HeaderValue) -> bool {
    let text = content_type.to_str().unwrap_or_default();
    text.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

impl Refused {
    fn respond(&self, is_call: bool) -> Response {
        let (kind, body) = if is_call {
            ("application/json", json!({ "error": self.message }).to_string())
        } else {
            ("text/plain; charset=utf-8", format!("{}\n", self.message))
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            let allowed = if is_call { "POST" } else { "GET, HEAD" };
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
        }
        response
    }
}

/// Returns the Content-Security-Policy of the page, which may connect to these origins and its own alone.
pub(super) fn content_security_policy(prove_origins: &[String]) -> Result<HeaderValue, String> {
    let connect = [&["'self'".to_owned()], prove_origins].concat().join(" ");
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src {connect}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    );
    HeaderValue::try_from(policy).map_err(|error| error.to_string())
}

/// Sets the headers that every response has. None of them lets another origin read it.
fn protect(ui: &Ui, headers: &mut HeaderMap) {
    headers.insert(CONTENT_SECURITY_POLICY, ui.content_security_policy.clone());
    for (name, value) in [
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
