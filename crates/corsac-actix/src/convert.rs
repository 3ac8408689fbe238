//! Between actix-web's types, which are those of an older `http` crate, and the newer ones. Only what matters is carried over.

use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder};
use corsac::server::WRITTEN;
use corsac_middleware::{Cors, Judged, Outcome, RequestView};
use http::{Extensions, Method};

/// What is decided about.
pub(crate) struct Request {
    method: Method,
    path: String,
    uri_authority: Option<String>,
    headers: http::HeaderMap,
    pub(crate) extensions: Extensions,
}

impl Request {
    pub(crate) fn of(cors: &Cors, request: &ServiceRequest) -> Self {
        let mut headers = http::HeaderMap::new();
        let mut add = |name: &str, value: &HeaderValue| {
            let name = http::HeaderName::from_bytes(name.as_bytes());
            let value = http::HeaderValue::from_bytes(value.as_bytes());
            if let (Ok(name), Ok(value)) = (name, value) {
                headers.append(name, value);
            }
        };
        if cors.reads_all_headers() {
            request.headers().iter().for_each(|(name, value)| add(name.as_str(), value));
        } else {
            for name in RequestView::HEADERS {
                request.headers().get_all(name.as_str()).for_each(|value| add(name.as_str(), value));
            }
        }
        let authority = request.uri().authority().map(|authority| authority.as_str());
        Self {
            // A method is a token in both crates.
            method: Method::from_bytes(request.method().as_str().as_bytes()).unwrap_or_default(),
            path: request.uri().path().to_owned(),
            uri_authority: authority.map(str::to_owned),
            headers,
            extensions: Extensions::new(),
        }
    }

    pub(crate) fn view(&self) -> RequestView<'_> {
        RequestView {
            method: &self.method,
            path: &self.path,
            uri_authority: self.uri_authority.as_deref(),
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
    for name in &WRITTEN {
        for value in response.headers().get_all(name.as_str()) {
            if let Ok(value) = http::HeaderValue::from_bytes(value.as_bytes()) {
                headers.append(name, value);
            }
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
    for name in &WRITTEN {
        response.remove(name.as_str());
    }
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_str().as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            response.append(name, value);
        }
    }
}
