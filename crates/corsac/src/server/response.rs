//! The response headers that a policy writes.

use http::Response;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, Entry, HeaderMap,
    HeaderName, HeaderValue, VARY,
};

use super::constants::ResponseConstant;
use crate::header::names;

/// A response header that a policy may write, extend or remove. It changes no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "every adapter maps each of them to a name")]
pub enum ResponseHeader {
    /// [`Access-Control-Allow-Origin`](https://fetch.spec.whatwg.org/#http-access-control-allow-origin)
    AllowOrigin,
    /// [`Access-Control-Allow-Credentials`](https://fetch.spec.whatwg.org/#http-access-control-allow-credentials)
    AllowCredentials,
    /// [`Access-Control-Expose-Headers`](https://fetch.spec.whatwg.org/#http-access-control-expose-headers)
    ExposeHeaders,
    /// [`Access-Control-Allow-Methods`](https://fetch.spec.whatwg.org/#http-access-control-allow-methods)
    AllowMethods,
    /// [`Access-Control-Allow-Headers`](https://fetch.spec.whatwg.org/#http-access-control-allow-headers)
    AllowHeaders,
    /// [`Access-Control-Max-Age`](https://fetch.spec.whatwg.org/#http-access-control-max-age)
    MaxAge,
    /// `Access-Control-Allow-Private-Network`, from a proposal that was withdrawn. A policy only removes it.
    AllowPrivateNetwork,
    /// [`Cross-Origin-Resource-Policy`](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header)
    CrossOriginResourcePolicy,
    /// [`Timing-Allow-Origin`](https://w3c.github.io/resource-timing/#sec-timing-allow-origin)
    TimingAllowOrigin,
    /// [`Vary`](https://httpwg.org/specs/rfc9110.html#field.vary)
    Vary,
}

impl ResponseHeader {
    /// All headers that a policy writes.
    pub const ALL: [Self; 10] = [
        Self::AllowOrigin,
        Self::AllowCredentials,
        Self::ExposeHeaders,
        Self::AllowMethods,
        Self::AllowHeaders,
        Self::MaxAge,
        Self::AllowPrivateNetwork,
        Self::CrossOriginResourcePolicy,
        Self::TimingAllowOrigin,
        Self::Vary,
    ];

    /// The first seven of [`ALL`](Self::ALL), whose names begin with `access-control-`.
    const CORS: &'static [Self] = {
        const ALL: &[ResponseHeader] = &ResponseHeader::ALL;
        ALL.split_at(7).0
    };

    /// Returns the header's name.
    #[inline]
    pub const fn name(self) -> HeaderName {
        match self {
            Self::AllowOrigin => ACCESS_CONTROL_ALLOW_ORIGIN,
            Self::AllowCredentials => ACCESS_CONTROL_ALLOW_CREDENTIALS,
            Self::ExposeHeaders => ACCESS_CONTROL_EXPOSE_HEADERS,
            Self::AllowMethods => ACCESS_CONTROL_ALLOW_METHODS,
            Self::AllowHeaders => ACCESS_CONTROL_ALLOW_HEADERS,
            Self::MaxAge => ACCESS_CONTROL_MAX_AGE,
            Self::AllowPrivateNetwork => {
                const { HeaderName::from_static(names::ACCESS_CONTROL_ALLOW_PRIVATE_NETWORK) }
            }
            Self::CrossOriginResourcePolicy => {
                const { HeaderName::from_static(names::CROSS_ORIGIN_RESOURCE_POLICY) }
            }
            Self::TimingAllowOrigin => const { HeaderName::from_static(names::TIMING_ALLOW_ORIGIN) },
            Self::Vary => VARY,
        }
    }
}

/// The headers of a response, in the types of an HTTP library. Implemented for the `http` crate's `HeaderMap`; an adapter for another library
/// implements it for its own type, with a table of names.
///
/// ```
/// use corsac::server::{ResponseConstant, ResponseHeader, ResponseHeaders};
/// use http::HeaderMap;
///
/// let mut response = HeaderMap::new();
/// response.set(ResponseHeader::AllowOrigin, HeaderMap::constant(ResponseConstant::Everybody));
/// assert_eq!(response["access-control-allow-origin"], "*");
/// ```
pub trait ResponseHeaders {
    /// The value of a header line.
    type Value: Clone + AsRef<[u8]>;

    /// Returns `true` if there is a header whose name begins with `access-control-`.
    fn has_cors_headers(&self) -> bool;

    /// Returns the lines of a header in order.
    fn lines(&self, header: ResponseHeader) -> impl Iterator<Item = &Self::Value>;

    /// Sets a header, replacing all its lines.
    fn set(&mut self, header: ResponseHeader, value: Self::Value);

    /// Sets a header that has no lines yet. Returns `true` if it had none.
    #[inline]
    fn set_if_absent(&mut self, header: ResponseHeader, value: Self::Value) -> bool {
        let is_absent = self.lines(header).next().is_none();
        if is_absent {
            self.set(header, value);
        }
        is_absent
    }

    /// Adds a line to a header.
    fn append(&mut self, header: ResponseHeader, value: Self::Value);

    /// Removes all lines of a header.
    fn remove(&mut self, header: ResponseHeader);

    /// Returns a constant as a value. It has to point to [the constant string](ResponseConstant::as_str) itself and not to a copy. It is best
    /// made once, because most libraries check each byte of a value when they make it.
    fn constant(constant: ResponseConstant) -> Self::Value;

    /// Returns a copy of a value that a policy holds. `None` if this library cannot represent it; the header is then left out.
    fn copy_of(value: &HeaderValue) -> Option<Self::Value>;
}

impl ResponseHeaders for HeaderMap {
    type Value = HeaderValue;

    #[inline]
    fn has_cors_headers(&self) -> bool {
        self.keys().any(|name| name.as_str().starts_with("access-control-"))
    }

    #[inline]
    fn lines(&self, header: ResponseHeader) -> impl Iterator<Item = &HeaderValue> {
        self.get_all(header.name()).iter()
    }

    #[inline]
    fn set(&mut self, header: ResponseHeader, value: HeaderValue) {
        self.insert(header.name(), value);
    }

    #[inline]
    fn set_if_absent(&mut self, header: ResponseHeader, value: HeaderValue) -> bool {
        match self.entry(header.name()) {
            Entry::Occupied(_) => false,
            Entry::Vacant(entry) => {
                entry.insert(value);
                true
            }
        }
    }

    #[inline]
    fn append(&mut self, header: ResponseHeader, value: HeaderValue) {
        HeaderMap::append(self, header.name(), value);
    }

    #[inline]
    fn remove(&mut self, header: ResponseHeader) {
        HeaderMap::remove(self, header.name());
    }

    #[inline]
    fn constant(constant: ResponseConstant) -> HeaderValue {
        macro_rules! values {
            ($($constant:ident)*) => {
                match constant {
                    $(ResponseConstant::$constant => {
                        static VALUE: HeaderValue =
                            HeaderValue::from_static(ResponseConstant::$constant.as_str());
                        VALUE.clone()
                    })*
                }
            };
        }
        values! { Everybody True Get VaryOrigin VaryOptions VaryPreflight SameOrigin SameSite CrossOrigin }
    }

    #[inline]
    fn copy_of(value: &HeaderValue) -> Option<HeaderValue> {
        Some(value.clone())
    }
}

impl<B> ResponseHeaders for Response<B> {
    type Value = HeaderValue;

    #[inline]
    fn has_cors_headers(&self) -> bool {
        self.headers().has_cors_headers()
    }

    #[inline]
    fn lines(&self, header: ResponseHeader) -> impl Iterator<Item = &HeaderValue> {
        self.headers().lines(header)
    }

    #[inline]
    fn set(&mut self, header: ResponseHeader, value: HeaderValue) {
        self.headers_mut().set(header, value);
    }

    #[inline]
    fn set_if_absent(&mut self, header: ResponseHeader, value: HeaderValue) -> bool {
        self.headers_mut().set_if_absent(header, value)
    }

    #[inline]
    fn append(&mut self, header: ResponseHeader, value: HeaderValue) {
        ResponseHeaders::append(self.headers_mut(), header, value);
    }

    #[inline]
    fn remove(&mut self, header: ResponseHeader) {
        ResponseHeaders::remove(self.headers_mut(), header);
    }

    #[inline]
    fn constant(constant: ResponseConstant) -> HeaderValue {
        HeaderMap::constant(constant)
    }

    #[inline]
    fn copy_of(value: &HeaderValue) -> Option<HeaderValue> {
        HeaderMap::copy_of(value)
    }
}

/// Removes the CORS headers that the service has written.
pub(super) fn remove_cors_headers(response: &mut impl ResponseHeaders) {
    for header in ResponseHeader::CORS {
        response.remove(*header);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::is_cors_header;

    #[test]
    fn the_cors_headers_are_those_whose_names_begin_with_access_control() {
        let is_cors = |header: &ResponseHeader| is_cors_header(header.name().as_str());
        let expected: Vec<ResponseHeader> = ResponseHeader::ALL.into_iter().filter(is_cors).collect();
        assert_eq!(ResponseHeader::CORS, expected);
    }
}
