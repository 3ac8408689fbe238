//! What was decided about a request, and the headers that tell it.

use std::fmt;

use http::StatusCode;
use http::header::HeaderMap;

use super::constants::ResponseConstant;
use super::edit::{ResponseEdit, everybody, write_allow_origin, write_vary};
use super::enforce::Enforcement;
use super::policy::Policy;
use super::refusal::PolicyRefusal;
use super::request::{Request, RequestHeader, RequestHeaders, RequestKind};
use super::response::{ResponseHeader, ResponseHeaders, remove_cors_headers};
use crate::header::list_items;

/// What a policy decided about one request. It borrows both.
///
/// First [`answer`](Self::answer) says whether the request is answered without the service. If it is, [`apply`](Self::apply) writes the
/// headers of that answer; if it is not, [`into_edit`](Self::into_edit) keeps what to write into the response of the service.
///
/// ```
/// use corsac::server::{Policy, Request, RequestKind};
/// use http::{HeaderMap, Method};
///
/// let policy = Policy::builder(["https://app.example"]).build().unwrap();
/// let headers = HeaderMap::new();
/// let decision = policy.decide(&Request::new(&Method::GET, &headers));
/// assert_eq!((decision.kind(), decision.is_allowed()), (RequestKind::WithoutOrigin, true));
/// assert_eq!(decision.answer(), None);
/// ```
pub struct Decision<'a, H: RequestHeaders = HeaderMap> {
    pub(super) policy: &'a Policy,
    pub(super) request: Request<'a, H>,
    pub(super) kind: RequestKind,
    /// The first line of the request's `Origin`.
    pub(super) origin: Option<&'a H::Value>,
    /// It has more than one line.
    pub(super) is_origin_repeated: bool,
    pub(super) allows_origin: bool,
    /// The method that a preflight asks for, if it is allowed.
    pub(super) allow_method: Option<&'a H::Value>,
    /// The first line of the list of headers that a preflight asks for, if its origin and method are allowed.
    pub(super) asked_headers: Option<&'a H::Value>,
    pub(super) refusal: Option<PolicyRefusal>,
    pub(super) enforcement: Enforcement,
}

impl<H: RequestHeaders> Clone for Decision<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H: RequestHeaders> Copy for Decision<'_, H> {}

impl<'a, H: RequestHeaders> Decision<'a, H> {
    /// What the request is to CORS.
    #[inline]
    pub fn kind(&self) -> RequestKind {
        self.kind
    }

    /// Returns `true` if nothing was refused, including when there is no `Origin`.
    #[inline]
    pub fn is_allowed(&self) -> bool {
        self.refusal.is_none()
    }

    /// Why it was refused.
    ///
    /// ```
    /// # use corsac::server::{Policy, PolicyRefusal, Request};
    /// # use http::{HeaderMap, Method};
    /// let policy = Policy::builder(["https://app.example"]).build().unwrap();
    /// let request = HeaderMap::from_iter([(http::header::ORIGIN, "null".parse().unwrap())]);
    /// let decision = policy.decide(&Request::new(&Method::GET, &request));
    /// assert_eq!(decision.refusal(), Some(PolicyRefusal::OriginNull));
    /// ```
    #[inline]
    pub fn refusal(&self) -> Option<PolicyRefusal> {
        self.refusal
    }

    /// The policy that decided.
    #[inline]
    pub fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// The request that it was about.
    #[inline]
    pub fn request(&self) -> Request<'a, H> {
        self.request
    }

    /// Returns `true` if the request has an `Origin`, is no preflight, which a browser never sends to the origin of the page itself, and
    /// [comes from the origin that it goes to](Request::is_same_origin).
    #[inline]
    pub fn is_same_origin(&self) -> bool {
        let origin = self.origin.filter(|_| !self.is_origin_repeated);
        self.kind == RequestKind::Request && self.request.is_of_origin(origin.map(AsRef::as_ref))
    }

    /// The status of the response, when the service is not asked: 204 for a preflight, whatever was decided, and 403 for a request that
    /// [`enforcement`](Self::enforcement) blocks. `None` when the service answers.
    ///
    /// A refused preflight is 204 as well: what its headers do not say is refused, and the browser's own message is then exact.
    #[inline]
    pub fn answer(&self) -> Option<StatusCode> {
        match (self.kind, self.enforcement) {
            (RequestKind::Preflight, _) => Some(StatusCode::NO_CONTENT),
            (_, Enforcement::Block) => Some(StatusCode::FORBIDDEN),
            (_, Enforcement::Pass | Enforcement::Report) => None,
        }
    }

    /// Writes the decision into a response's headers. The policy owns the CORS headers: what was there is replaced or taken out. `Vary` is
    /// added to.
    ///
    /// Only what was asked for and is allowed is written, and nothing for an origin that is not allowed.
    ///
    /// ```
    /// use corsac::server::{Policy, Request};
    /// use http::{HeaderMap, HeaderValue, Method, header::ORIGIN};
    ///
    /// let policy = Policy::builder(["https://app.example"]).credentials(true).build().unwrap();
    /// let request = HeaderMap::from_iter([(ORIGIN, HeaderValue::from_static("https://evil.example"))]);
    /// let mut response = HeaderMap::new();
    /// response.insert("access-control-allow-origin", HeaderValue::from_static("*")); // of a handler that wanted to help
    /// policy.decide(&Request::new(&Method::GET, &request)).apply(&mut response);
    /// assert_eq!(response.len(), 1);
    /// assert_eq!(response["vary"], "Origin");
    /// ```
    #[inline]
    pub fn apply<R: ResponseHeaders<Value = H::Value>>(&self, response: &mut R) {
        if self.kind != RequestKind::Preflight {
            return self.into_edit().apply(response);
        }
        if response.has_cors_headers() {
            remove_cors_headers(response);
        }
        self.write_permission(response);
        write_vary(ResponseConstant::VaryOptions, response);
    }

    /// What is written into the response of the service, to be kept until there is one. For a preflight that is no permission: its answer
    /// is not the service's, and is written by [`apply`](Self::apply).
    #[inline]
    pub fn into_edit(self) -> ResponseEdit<H::Value> {
        let (is_read, any) = (self.kind != RequestKind::Preflight, self.policy.allows_any_origin());
        ResponseEdit {
            origin: if is_read && !any { self.allow_origin().cloned() } else { None },
            everybody: is_read && any,
            credentials: self.policy.allows_credentials(),
            is_options: self.request.is_options(),
            more: self.policy.compiled().writes_more.then(|| self.policy.clone()),
        }
    }

    /// The request's origin, if it is allowed.
    #[inline]
    fn allow_origin(&self) -> Option<&'a H::Value> {
        self.origin.filter(|_| self.allows_origin)
    }

    /// The permission that a preflight asks for.
    fn write_permission<R: ResponseHeaders<Value = H::Value>>(&self, response: &mut R) {
        let Some(origin) = self.allow_origin() else { return };
        let origin = if self.policy.allows_any_origin() { everybody::<R>() } else { origin.clone() };
        write_allow_origin(origin, self.policy.allows_credentials(), response);
        let Some(method) = self.allow_method else {
            // To a forced preflight, no list at all is a yes (CORS-preflight fetch, step 7.4). `GET` is allowed, whatever the policy says.
            response.set(ResponseHeader::AllowMethods, R::constant(ResponseConstant::Get));
            return;
        };
        response.set(ResponseHeader::AllowMethods, method.clone());
        match self.refusal {
            None => {
                if let Some(list) = self.asked_headers {
                    response.set(ResponseHeader::AllowHeaders, list.clone());
                    let lines = self.request.headers.lines(RequestHeader::AccessControlRequestHeaders);
                    for line in lines.skip(1) {
                        response.append(ResponseHeader::AllowHeaders, line.clone());
                    }
                }
                if let Some(max_age) = R::copy_of(&self.policy.compiled().max_age) {
                    response.set(ResponseHeader::MaxAge, max_age);
                }
            }
            // The browser names the first header that is missing, so the others must not be.
            Some(PolicyRefusal::HeaderNotAllowed) => self.write_allowed_of_asked(response),
            Some(_) => {}
        }
    }

    /// Allows those of the asked names that are listed. Browsers ask in ascending order; what is not in order is left out, as is what only
    /// a prefix allows.
    fn write_allowed_of_asked<R: ResponseHeaders>(&self, response: &mut R) {
        let asked = self.request.first(RequestHeader::AccessControlRequestHeaders).unwrap_or_default();
        let mut last = None;
        for listed in list_items(asked).filter_map(|name| self.policy.compiled().request_headers.listed(name))
        {
            if last < Some(listed) {
                if let Some(name) = R::copy_of(listed) {
                    response.append(ResponseHeader::AllowHeaders, name);
                }
                last = Some(listed);
            }
        }
    }
}

impl<H: RequestHeaders> fmt::Debug for Decision<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decision")
            .field("method", &self.request.method)
            .field("kind", &self.kind)
            .field("refusal", &self.refusal)
            .field("enforcement", &self.enforcement)
            .finish_non_exhaustive()
    }
}
