//! The decision about one request: first the origin; for a preflight also the method and the headers that it asks for; then enforcement.

use super::decision::Decision;
use super::enforce::{Enforcement, enforcement};
use super::origins::Origins;
use super::policy::Policy;
use super::refusal::PolicyRefusal;
use super::request::{Request, RequestHeader, RequestHeaders, RequestKind};
use super::request_headers::ListRefused;
use crate::method::is_token;
use crate::origin::Origin;

impl Policy {
    /// Decides about a request.
    ///
    /// Without an `Origin` there is nothing to decide, but the response still gets its `Vary`. An `OPTIONS` request with `Origin` and
    /// `Access-Control-Request-Method` is a [CORS-preflight request](https://fetch.spec.whatwg.org/#cors-preflight-request); any other
    /// `OPTIONS` request is treated like a request with another method.
    ///
    /// ```
    /// use corsac::server::{Policy, PolicyRefusal, Request, RequestKind};
    /// use http::{HeaderMap, Method};
    ///
    /// let policy = Policy::builder(["https://app.example"]).methods(["PUT"]).build().unwrap();
    /// let mut headers = HeaderMap::new();
    /// headers.insert("origin", "https://app.example".parse().unwrap());
    /// headers.insert("access-control-request-method", "DELETE".parse().unwrap());
    ///
    /// let decision = policy.decide(&Request::new(&Method::OPTIONS, &headers));
    /// assert_eq!((decision.kind(), decision.refusal()), (RequestKind::Preflight, Some(PolicyRefusal::MethodNotAllowed)));
    /// ```
    #[inline]
    pub fn decide<'a, H: RequestHeaders>(&'a self, request: &Request<'a, H>) -> Decision<'a, H> {
        self.decide_about(request, None::<fn(&Origin) -> bool>)
    }

    /// Decides like [`decide`](Self::decide), but calls `lookup` for an origin that is not in the policy's list: it returns `true` to allow the
    /// origin. It is called at most once, and never for `null`. If the policy allows credentials, it is not called for an http origin either,
    /// unless the policy acknowledges [`CredentialsInsecureOrigin`](super::ProblemCode::CredentialsInsecureOrigin).
    ///
    /// If the result of `lookup` depends on headers other than `Origin`, add those to the response with [`add_vary`](super::add_vary).
    ///
    /// ```
    /// use corsac::server::{Policy, Request};
    /// use http::{HeaderMap, Method};
    ///
    /// let policy = Policy::builder(["https://app.example"]).build().unwrap();
    /// let mut headers = HeaderMap::new();
    /// headers.insert("origin", "https://tenant.example".parse().unwrap());
    /// let request = Request::new(&Method::GET, &headers);
    /// assert!(policy.decide_with(&request, |origin| origin.host() == Some("tenant.example")).is_allowed());
    /// ```
    #[inline]
    pub fn decide_with<'a, H: RequestHeaders>(
        &'a self,
        request: &Request<'a, H>,
        lookup: impl FnOnce(&Origin) -> bool,
    ) -> Decision<'a, H> {
        self.decide_about(request, Some(lookup))
    }

    #[inline]
    fn decide_about<'a, H: RequestHeaders>(
        &'a self,
        request: &Request<'a, H>,
        lookup: Option<impl FnOnce(&Origin) -> bool>,
    ) -> Decision<'a, H> {
        let mut decision = Decision {
            policy: self,
            request: *request,
            kind: RequestKind::WithoutOrigin,
            origin: None,
            is_origin_repeated: false,
            allows_origin: false,
            allow_method: None,
            requested_headers: None,
            refusal: None,
            enforcement: Enforcement::Pass,
        };
        let headers: &'a H = request.headers;
        let mut origins = headers.lines(RequestHeader::Origin);
        if let Some(origin) = origins.next() {
            let requested = RequestedMethod::of(request);
            decision.kind = if requested.is_some() { RequestKind::Preflight } else { RequestKind::Request };
            decision.origin = Some(origin);
            decision.is_origin_repeated = origins.next().is_some();
            match self.judge_origin(origin.as_ref(), decision.is_origin_repeated, lookup) {
                Ok(()) => {
                    decision.allows_origin = true;
                    // For other requests CORS only decides whether the response may be read.
                    if let Some(requested) = requested {
                        self.judge_preflight(&requested, &mut decision);
                    }
                }
                Err(refusal) => decision.refusal = Some(refusal),
            }
        }
        decision.enforcement = enforcement(&decision);
        decision
    }

    /// Decides whether the request's `Origin` is allowed.
    #[inline]
    pub(super) fn judge_origin(
        &self,
        origin: &[u8],
        is_repeated: bool,
        lookup: Option<impl FnOnce(&Origin) -> bool>,
    ) -> Result<(), PolicyRefusal> {
        let Origins::Listed(set) = &self.compiled().origins else { return Ok(()) };
        if is_repeated {
            return Err(PolicyRefusal::OriginMalformed);
        }
        if origin == b"null" {
            return if self.compiled().config.null_origin { Ok(()) } else { Err(PolicyRefusal::OriginNull) };
        }
        if set.holds(origin) { Ok(()) } else { self.look_up(origin, lookup) }
    }

    /// Calls a lookup for an origin that is not listed.
    fn look_up(
        &self,
        origin: &[u8],
        lookup: Option<impl FnOnce(&Origin) -> bool>,
    ) -> Result<(), PolicyRefusal> {
        if !Origin::is_plausible(origin) {
            return Err(PolicyRefusal::OriginMalformed);
        }
        let Some(lookup) = lookup else { return Err(PolicyRefusal::OriginNotAllowed) };
        let text = std::str::from_utf8(origin).map_err(|_| PolicyRefusal::OriginMalformed)?;
        let origin = Origin::parse(text).map_err(|_| PolicyRefusal::OriginMalformed)?;
        if !self.compiled().allows_insecure && origin.is_insecure() {
            return Err(PolicyRefusal::OriginInsecure);
        }
        if lookup(&origin) { Ok(()) } else { Err(PolicyRefusal::OriginNotAllowed) }
    }

    /// Decides about the method and the headers that a preflight of an allowed origin asks for.
    fn judge_preflight<'a, H: RequestHeaders>(
        &self,
        requested: &RequestedMethod<'a, H::Value>,
        decision: &mut Decision<'a, H>,
    ) {
        let method = requested.method.as_ref();
        match self.compiled().methods.allows(method) {
            true if !requested.is_repeated => decision.allow_method = Some(requested.method),
            false if !requested.is_repeated && is_token(method) => {
                decision.refusal = Some(PolicyRefusal::MethodNotAllowed);
                return;
            }
            _ => {
                decision.refusal = Some(PolicyRefusal::MethodMalformed);
                return;
            }
        }
        let headers: &'a H = decision.request.headers;
        let mut lists = headers.lines(RequestHeader::AccessControlRequestHeaders);
        decision.requested_headers = lists.next();
        let lists = decision.requested_headers.into_iter().chain(lists);
        decision.refusal = match self.compiled().request_headers.check(lists.map(AsRef::as_ref)) {
            Ok(()) => None,
            Err(ListRefused::NotAllowed) => Some(PolicyRefusal::HeaderNotAllowed),
            Err(ListRefused::Malformed) => Some(PolicyRefusal::HeadersMalformed),
            Err(ListRefused::TooLong) => Some(PolicyRefusal::HeadersTooLong),
        };
    }
}

/// `Access-Control-Request-Method` of a preflight.
struct RequestedMethod<'a, V> {
    /// The value of its first line.
    method: &'a V,
    /// Whether there is more than one line.
    is_repeated: bool,
}

impl<'a, V> RequestedMethod<'a, V> {
    /// Returns `None` if the request, which has an `Origin`, is not a preflight.
    #[inline]
    fn of<H: RequestHeaders<Value = V>>(request: &Request<'a, H>) -> Option<Self> {
        if !request.is_options() {
            return None;
        }
        let headers: &'a H = request.headers;
        let mut methods = headers.lines(RequestHeader::AccessControlRequestMethod);
        Some(Self { method: methods.next()?, is_repeated: methods.next().is_some() })
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, Method};

    use super::*;

    #[test]
    fn the_kind_of_a_request_is_the_same_with_and_without_a_policy() {
        let (origin, requested) = ("origin", "access-control-request-method");
        let cases: [(&str, Method, &[&'static str], RequestKind); 6] = [
            ("nothing", Method::OPTIONS, &[], RequestKind::WithoutOrigin),
            ("no origin", Method::OPTIONS, &[requested], RequestKind::WithoutOrigin),
            ("no method requested", Method::OPTIONS, &[origin], RequestKind::Request),
            ("not OPTIONS", Method::GET, &[origin, requested], RequestKind::Request),
            ("a preflight", Method::OPTIONS, &[origin, requested], RequestKind::Preflight),
            (
                "two methods requested",
                Method::OPTIONS,
                &[origin, requested, requested],
                RequestKind::Preflight,
            ),
        ];
        let policy = Policy::builder(["https://app.example"]).build().unwrap();
        for (name, method, headers, kind) in cases {
            let mut request = HeaderMap::new();
            for header in headers {
                request.append(*header, HeaderValue::from_static("x"));
            }
            let request = Request::new(&method, &request);
            assert_eq!(request.kind(), kind, "{name}");
            assert_eq!(policy.decide(&request).kind(), kind, "{name}");
        }
    }
}
