//! The core's traits for the types of actix-web, which are those of an older `http` crate.

use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HOST, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder};
use corsac::server::{RequestHeader, RequestHeaders, ResponseConstant, ResponseHeader, ResponseHeaders};
use corsac_middleware::{RequestHead, RequestView};
use http::Method;

use crate::middleware::AddExtensions;

/// A request of actix-web.
pub(crate) struct Request<'a> {
    request: &'a ServiceRequest,
    headers: Headers<&'a HeaderMap>,
    add_extensions: Option<&'a AddExtensions>,
}

/// Headers of actix-web.
pub(crate) struct Headers<M>(pub(crate) M);

impl<'a> Request<'a> {
    pub(crate) fn of(request: &'a ServiceRequest, add_extensions: Option<&'a AddExtensions>) -> Self {
        Self { request, headers: Headers(request.headers()), add_extensions }
    }
}

impl<'a> RequestHead for Request<'a> {
    type Headers = Headers<&'a HeaderMap>;

    fn method(&self) -> &str {
        self.request.method().as_str()
    }

    fn path(&self) -> &str {
        self.request.uri().path()
    }

    fn authority(&self) -> Option<&str> {
        let host = || self.request.headers().get(HOST)?.to_str().ok();
        self.request.uri().authority().map(|authority| authority.as_str()).or_else(host)
    }

    fn headers(&self) -> &Self::Headers {
        &self.headers
    }

    fn with_view<T>(&self, use_view: impl FnOnce(&RequestView<'_>) -> T) -> T {
        // Both crates accept the same names, values and methods, so no header is lost here.
        let mut headers = http::HeaderMap::new();
        for (name, value) in self.request.headers() {
            if let (Ok(name), Ok(value)) = (
                http::HeaderName::from_bytes(name.as_str().as_bytes()),
                http::HeaderValue::from_bytes(value.as_bytes()),
            ) {
                headers.append(name, value);
            }
        }
        let method = Method::from_bytes(self.method().as_bytes()).unwrap_or_default();
        let mut extensions = http::Extensions::new();
        if let Some(add_extensions) = self.add_extensions {
            add_extensions(self.request, &mut extensions);
        }
        use_view(
            &RequestView::new(&method, self.path(), &headers, &extensions).with_authority(self.authority()),
        )
    }
}

impl RequestHeaders for Headers<&HeaderMap> {
    type Value = HeaderValue;

    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &HeaderValue> {
        self.0.get_all(match header {
            RequestHeader::Origin => header::ORIGIN,
            RequestHeader::AccessControlRequestMethod => header::ACCESS_CONTROL_REQUEST_METHOD,
            RequestHeader::AccessControlRequestHeaders => header::ACCESS_CONTROL_REQUEST_HEADERS,
            RequestHeader::Host => HOST,
            RequestHeader::Upgrade => header::UPGRADE,
            RequestHeader::SecFetchSite => const { HeaderName::from_static("sec-fetch-site") },
        })
    }
}

fn name(header: ResponseHeader) -> HeaderName {
    match header {
        ResponseHeader::AllowOrigin => header::ACCESS_CONTROL_ALLOW_ORIGIN,
        ResponseHeader::AllowCredentials => header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
        ResponseHeader::ExposeHeaders => header::ACCESS_CONTROL_EXPOSE_HEADERS,
        ResponseHeader::AllowMethods => header::ACCESS_CONTROL_ALLOW_METHODS,
        ResponseHeader::AllowHeaders => header::ACCESS_CONTROL_ALLOW_HEADERS,
        ResponseHeader::MaxAge => header::ACCESS_CONTROL_MAX_AGE,
        ResponseHeader::AllowPrivateNetwork => {
            const { HeaderName::from_static("access-control-allow-private-network") }
        }
        ResponseHeader::CrossOriginResourcePolicy => {
            const { HeaderName::from_static("cross-origin-resource-policy") }
        }
        ResponseHeader::TimingAllowOrigin => const { HeaderName::from_static("timing-allow-origin") },
        ResponseHeader::Vary => header::VARY,
    }
}

/// A value that holds the headers of a response.
pub(crate) trait HeadersOf {
    fn headers(&self) -> &HeaderMap;
    fn headers_mut(&mut self) -> &mut HeaderMap;
}

impl HeadersOf for &mut HeaderMap {
    fn headers(&self) -> &HeaderMap {
        self
    }

    fn headers_mut(&mut self) -> &mut HeaderMap {
        self
    }
}

impl HeadersOf for HttpResponse {
    fn headers(&self) -> &HeaderMap {
        HttpResponse::headers(self)
    }

    fn headers_mut(&mut self) -> &mut HeaderMap {
        HttpResponse::headers_mut(self)
    }
}

impl<M: HeadersOf> ResponseHeaders for Headers<M> {
    type Value = HeaderValue;

    fn has_cors_headers(&self) -> bool {
        self.0.headers().keys().any(|name| name.as_str().starts_with("access-control-"))
    }

    fn lines(&self, header: ResponseHeader) -> impl Iterator<Item = &HeaderValue> {
        self.0.headers().get_all(name(header))
    }

    fn set(&mut self, header: ResponseHeader, value: HeaderValue) {
        self.0.headers_mut().insert(name(header), value);
    }

    fn append(&mut self, header: ResponseHeader, value: HeaderValue) {
        self.0.headers_mut().append(name(header), value);
    }

    fn remove(&mut self, header: ResponseHeader) {
        self.0.headers_mut().remove(name(header));
    }

    fn constant(constant: ResponseConstant) -> HeaderValue {
        value_of_constant(constant).clone()
    }

    fn copy_of(value: &http::HeaderValue) -> Option<HeaderValue> {
        HeaderValue::from_bytes(value.as_bytes()).ok()
    }
}

/// The constants as header values. They are made at compile time, because making one checks each of its bytes.
fn value_of_constant(constant: ResponseConstant) -> &'static HeaderValue {
    macro_rules! values {
        ($($constant:ident)*) => {
            match constant {
                $(ResponseConstant::$constant => {
                    static VALUE: HeaderValue = HeaderValue::from_static(ResponseConstant::$constant.as_str());
                    &VALUE
                })*
            }
        };
    }
    values! { Everybody True Get VaryOrigin VaryOptions VaryPreflight SameOrigin SameSite CrossOrigin }
}

/// Makes the middleware's own response, to a preflight or a blocked request.
pub(crate) fn respond(status: http::StatusCode, text: &'static str) -> Headers<HttpResponse> {
    let status = StatusCode::from_u16(status.as_u16()).unwrap_or_default();
    let mut response = HttpResponseBuilder::new(status);
    if !text.is_empty() {
        response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")));
    }
    Headers(response.body(text))
}

/// Converts a response from the types of the newer `http` crate, in which it arrives after a lookup.
pub(crate) fn response_of(response: http::Response<&'static str>) -> HttpResponse {
    let (parts, text) = response.into_parts();
    let Headers(mut response) = respond(parts.status, text);
    for (name, value) in &parts.headers {
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_str().as_bytes()), HeaderValue::from_bytes(value.as_bytes()))
        {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Converts a value from the newer `http` crate.
pub(crate) fn value_of(value: &http::HeaderValue) -> Option<HeaderValue> {
    HeaderValue::from_bytes(value.as_bytes()).ok()
}
