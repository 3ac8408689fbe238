//! Between actix-web's types, which are those of an older `http` crate, and the newer ones. Only what matters is carried over.

use std::sync::LazyLock;

use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{HOST, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder};
use corsac::server::WRITTEN;
use corsac_middleware::{Cors, Judged, Outcome, RequestView};
use http::{Extensions, Method};

/// A header's name in both crates.
type Name = (HeaderName, http::HeaderName);

/// The headers of requests that are read, beside `Host`, which needs no copy.
static READ: LazyLock<Vec<Name>> =
    LazyLock::new(|| names(RequestView::HEADERS.into_iter().filter(|name| *name != http::header::HOST)));

/// The headers of responses that are read and written.
static OWNED: LazyLock<Vec<Name>> = LazyLock::new(|| names(WRITTEN));

fn names(ours: impl IntoIterator<Item = http::HeaderName>) -> Vec<Name> {
    let both = |name: http::HeaderName| Some((HeaderName::from_bytes(name.as_str().as_bytes()).ok()?, name));
    ours.into_iter().filter_map(both).collect()
}

fn add(headers: &mut http::HeaderMap, name: http::HeaderName, value: &HeaderValue) {
    // What is a value in one crate is one in the other.
    if let Ok(value) = http::HeaderValue::from_bytes(value.as_bytes()) {
        headers.append(name, value);
    }
}

/// What is decided about.
pub(crate) struct Request<'a> {
    method: Method,
    path: &'a str,
    authority: Option<&'a str>,
    headers: http::HeaderMap,
    pub(crate) extensions: Extensions,
}

impl<'a> Request<'a> {
    pub(crate) fn of(cors: &Cors, request: &'a ServiceRequest) -> Self {
        let mut headers = http::HeaderMap::new();
        if cors.reads_all_headers() {
            for (name, value) in request.headers() {
                if let Ok(name) = http::HeaderName::from_bytes(name.as_str().as_bytes()) {
                    add(&mut headers, name, value);
                }
            }
        } else {
            for (theirs, ours) in READ.iter() {
                request.headers().get_all(theirs).for_each(|value| add(&mut headers, ours.clone(), value));
            }
        }
        let host = || request.headers().get(HOST)?.to_str().ok();
        Self {
            // A method is a token in both crates.
            method: Method::from_bytes(request.method().as_str().as_bytes()).unwrap_or_default(),
            path: request.uri().path(),
            authority: request.uri().authority().map(|authority| authority.as_str()).or_else(host),
            headers,
            extensions: Extensions::new(),
        }
    }

    pub(crate) fn view(&self) -> RequestView<'_> {
        RequestView {
            method: &self.method,
            path: self.path,
            uri_authority: self.authority,
            headers: &self.headers,
            extensions: &self.extensions,
        }
    }
}

/// The middleware's own response, for a preflight and a request that is blocked.
pub(crate) fn answer(judged: &Judged) -> Option<HttpResponse> {
    let (parts, text) = judged.answer(|text| text)?.into_parts();
    let status = StatusCode::from_u16(parts.status.as_u16()).unwrap_or_default();
    let mut response = HttpResponseBuilder::new(status).body(text);
    write(response.headers_mut(), &parts.headers);
    Some(response)
}

/// Writes the decision into a response of the app, unless a middleware further inside did.
pub(crate) fn finish<B>(judged: &Judged, response: &mut HttpResponse<B>) {
    if let Some(inner) = response.extensions().get::<Outcome>() {
        judged.notice_inner(inner);
        return;
    }
    let mut headers = http::HeaderMap::new();
    for (name, value) in response.headers() {
        if let Some((_, ours)) = OWNED.iter().find(|(theirs, _)| theirs == name) {
            add(&mut headers, ours.clone(), value);
        }
    }
    judged.finish(&mut headers);
    write(response.headers_mut(), &headers);
    if judged.leaves_mark() {
        response.extensions_mut().insert(judged.outcome());
    }
}

/// Puts these headers in the place of those that the middleware may write.
fn write(response: &mut HeaderMap, headers: &http::HeaderMap) {
    response.retain(|name, _| !OWNED.iter().any(|(theirs, _)| theirs == name));
    for (name, value) in headers {
        let theirs = OWNED.iter().find(|(_, ours)| ours == name).map(|(theirs, _)| theirs.clone());
        let theirs = theirs.or_else(|| HeaderName::from_bytes(name.as_str().as_bytes()).ok());
        if let (Some(name), Ok(value)) = (theirs, HeaderValue::from_bytes(value.as_bytes())) {
            response.append(name, value);
        }
    }
}
