//! The decision about one request. All of the server's half that is a rule stands in this file.

use http::Method;
use http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN,
};

use super::decision::{Decision, RequestKind, Told};
use super::origins::Origins;
use super::policy::Policy;
use super::refusal::PolicyRefusal;
use super::request_headers::ListRefused;
use crate::method::is_token;
use crate::origin::Origin;

impl RequestKind {
    /// What a request with this method and these headers is, whatever the policy.
    ///
    /// ```
    /// use corsac::server::RequestKind;
    /// use http::{HeaderMap, Method};
    /// assert_eq!(RequestKind::of(&Method::OPTIONS, &HeaderMap::new()), RequestKind::WithoutOrigin);
    /// ```
    pub fn of(method: &Method, request: &HeaderMap) -> Self {
        if !request.contains_key(ORIGIN) {
            Self::WithoutOrigin
        } else if Asked::of(method, request).is_some() {
            Self::Preflight
        } else {
            Self::Request
        }
    }
}

impl Policy {
    /// Decides about a request by its method and headers.
    ///
    /// Without an `Origin` there is nothing to decide, but the response still says what it depends on. `OPTIONS` with `Origin` and
    /// `Access-Control-Request-Method` is a [CORS-preflight request](https://fetch.spec.whatwg.org/#cors-preflight-request); any other `OPTIONS` is a
    /// request like all others.
    ///
    /// ```
    /// use corsac::server::{Policy, PolicyRefusal, RequestKind};
    /// use http::{HeaderMap, Method};
    ///
    /// let policy = Policy::builder(["https://app.example"]).methods(["PUT"]).build().unwrap();
    /// let mut request = HeaderMap::new();
    /// request.insert("origin", "https://app.example".parse().unwrap());
    /// request.insert("access-control-request-method", "DELETE".parse().unwrap());
    ///
    /// let decision = policy.decide(&Method::OPTIONS, &request);
    /// assert_eq!((decision.kind(), decision.refusal()), (RequestKind::Preflight, Some(PolicyRefusal::MethodNotAllowed)));
    /// ```
    pub fn decide(&self, method: &Method, request: &HeaderMap) -> Decision {
        self.decide_after(method, request, None::<fn(&Origin) -> bool>)
    }

    /// [`decide`](Self::decide), where `lookup` is asked about an origin that is not in the policy's list. It is asked at most once, and never
    /// about `null`. When the policy has credentials, it is not asked about an http origin either, unless the policy acknowledges
    /// [`CredentialsInsecureOrigin`](super::ProblemCode::CredentialsInsecureOrigin).
    ///
    /// What the answer depends on beside `Origin` has to be added to the response, with [`add_vary`](super::add_vary).
    ///
    /// ```
    /// use corsac::server::Policy;
    /// use http::{HeaderMap, Method};
    ///
    /// let policy = Policy::builder(["https://app.example"]).build().unwrap();
    /// let mut request = HeaderMap::new();
    /// request.insert("origin", "https://tenant.example".parse().unwrap());
    /// let decision = policy.decide_with(&Method::GET, &request, |origin| origin.host() == Some("tenant.example"));
    /// assert!(decision.is_allowed());
    /// ```
    pub fn decide_with(
        &self,
        method: &Method,
        request: &HeaderMap,
        lookup: impl FnOnce(&Origin) -> bool,
    ) -> Decision {
        self.decide_after(method, request, Some(lookup))
    }

    fn decide_after(
        &self,
        method: &Method,
        request: &HeaderMap,
        lookup: Option<impl FnOnce(&Origin) -> bool>,
    ) -> Decision {
        let decided = |kind, told| Decision::new(self.clone(), kind, method == Method::OPTIONS, told);
        let mut origins = request.get_all(ORIGIN).iter();
        let Some(origin) = origins.next() else {
            return decided(RequestKind::WithoutOrigin, Told::default());
        };
        let asked = Asked::of(method, request);
        let kind = if asked.is_some() { RequestKind::Preflight } else { RequestKind::Request };

        let mut told = Told::default();
        match self.judge_origin(origin, origins.next(), lookup) {
            Ok(origin) => told.allow_origin = Some(origin),
            Err(refusal) => return decided(kind, told.refuse(refusal)),
        }
        // A request that is not a preflight: what it may do is not for CORS to say, only whether its response may be read.
        let Some(asked) = asked else {
            return decided(kind, told);
        };
        match self.judge_method(&asked) {
            Ok(method) => told.allow_method = Some(method),
            Err(refusal) => return decided(kind, told.refuse(refusal)),
        }
        let lists = request.get_all(ACCESS_CONTROL_REQUEST_HEADERS);
        told.asked_headers(lists.iter());
        match self.compiled().request_headers.check(lists.iter()) {
            Ok(()) => decided(kind, told),
            Err(ListRefused::NotAllowed) => decided(kind, told.refuse(PolicyRefusal::HeaderNotAllowed)),
            Err(ListRefused::Malformed) => decided(kind, told.refuse(PolicyRefusal::HeadersMalformed)),
            Err(ListRefused::TooLong) => decided(kind, told.refuse(PolicyRefusal::HeadersTooLong)),
        }
    }

    /// The value of `Access-Control-Allow-Origin` for the request's `Origin`; `more` is a second line of it.
    pub(super) fn judge_origin(
        &self,
        origin: &HeaderValue,
        more: Option<&HeaderValue>,
        lookup: Option<impl FnOnce(&Origin) -> bool>,
    ) -> Result<HeaderValue, PolicyRefusal> {
        let Origins::Listed(set) = &self.compiled().origins else {
            return Ok(const { HeaderValue::from_static("*") });
        };
        if more.is_some() {
            return Err(PolicyRefusal::OriginMalformed);
        }
        if origin == "null" {
            return if self.compiled().config.null_origin {
                Ok(origin.clone())
            } else {
                Err(PolicyRefusal::OriginNull)
            };
        }
        if !set.holds(origin.as_bytes()) {
            self.look_up(origin, lookup)?;
        }
        Ok(origin.clone())
    }

    /// Asks a lookup about an origin that is not listed.
    fn look_up(
        &self,
        origin: &HeaderValue,
        lookup: Option<impl FnOnce(&Origin) -> bool>,
    ) -> Result<(), PolicyRefusal> {
        let text = origin
            .to_str()
            .ok()
            .filter(|text| Origin::is_plausible(text))
            .ok_or(PolicyRefusal::OriginMalformed)?;
        let Some(lookup) = lookup else { return Err(PolicyRefusal::OriginNotAllowed) };
        let origin = Origin::parse(text).map_err(|_| PolicyRefusal::OriginMalformed)?;
        if !self.compiled().allows_insecure && origin.is_insecure() {
            return Err(PolicyRefusal::OriginInsecure);
        }
        if lookup(&origin) { Ok(()) } else { Err(PolicyRefusal::OriginNotAllowed) }
    }

    /// The value of `Access-Control-Allow-Methods` for the method that a preflight asks for.
    fn judge_method(&self, asked: &Asked<'_>) -> Result<HeaderValue, PolicyRefusal> {
        match self.compiled().methods.allow(asked.method) {
            Some(method) if !asked.again => Ok(method),
            None if !asked.again && is_token(asked.method.as_bytes()) => Err(PolicyRefusal::MethodNotAllowed),
            _ => Err(PolicyRefusal::MethodMalformed),
        }
    }
}

/// What a preflight asks for.
struct Asked<'a> {
    method: &'a HeaderValue,
    /// Does it ask for a method more than once?
    again: bool,
}

impl<'a> Asked<'a> {
    /// `None` when the request, which has an `Origin`, is no preflight.
    fn of(method: &Method, request: &'a HeaderMap) -> Option<Self> {
        if method != Method::OPTIONS {
            return None;
        }
        let mut methods = request.get_all(ACCESS_CONTROL_REQUEST_METHOD).iter();
        Some(Self { method: methods.next()?, again: methods.next().is_some() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_request_is_the_same_with_and_without_a_policy() {
        let (origin, asked) = ("origin", "access-control-request-method");
        let cases: [(&str, Method, &[&'static str], RequestKind); 6] = [
            ("nothing", Method::OPTIONS, &[], RequestKind::WithoutOrigin),
            ("no origin", Method::OPTIONS, &[asked], RequestKind::WithoutOrigin),
            ("no method asked for", Method::OPTIONS, &[origin], RequestKind::Request),
            ("not OPTIONS", Method::GET, &[origin, asked], RequestKind::Request),
            ("a preflight", Method::OPTIONS, &[origin, asked], RequestKind::Preflight),
            ("one that asks twice", Method::OPTIONS, &[origin, asked, asked], RequestKind::Preflight),
        ];
        let policy = Policy::builder(["https://app.example"]).build().unwrap();
        for (name, method, headers, kind) in cases {
            let mut request = HeaderMap::new();
            for header in headers {
                request.append(*header, HeaderValue::from_static("x"));
            }
            assert_eq!(RequestKind::of(&method, &request), kind, "{name}");
            assert_eq!(policy.decide(&method, &request).kind(), kind, "{name}");
        }
    }
}
