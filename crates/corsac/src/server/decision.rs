//! The decision about a request, and the response headers that express it.

use std::fmt;

use http::StatusCode;
use http::header::HeaderMap;

use super::constants::ResponseConstant;
use super::edit::{ResponseEdit, write_allow_origin, write_vary};
use super::enforce::Enforcement;
use super::policy::Policy;
use super::refusal::PolicyRefusal;
use super::request::{Request, RequestHeader, RequestHeaders, RequestKind};
use super::response::{ResponseHeader, ResponseHeaders, remove_cors_headers};
use crate::header::list_items;

/// A policy's decision about one request. It borrows both.
///
/// [`answer`](Self::answer) returns a status if the request is to be answered without calling the service. In that case
/// [`apply`](Self::apply) writes the headers of the answer. Otherwise [`into_edit`](Self::into_edit) returns the changes to make to the
/// service's response.
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
    /// Whether the request has more than one line of `Origin`.
    pub(super) is_origin_repeated: bool,
    pub(super) allows_origin: bool,
    /// The method that a preflight asks for, if it is allowed.
    pub(super) allow_method: Option<&'a H::Value>,
    /// The first line of the list of headers that a preflight asks for, if its origin and method are allowed.
    pub(super) requested_headers: Option<&'a H::Value>,
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
    /// Returns the kind of the request.
    #[inline]
    pub fn kind(&self) -> RequestKind {
        self.kind
    }

    /// Returns `true` if nothing was refused, including when there is no `Origin`.
    #[inline]
    pub fn is_allowed(&self) -> bool {
        self.refusal.is_none()
    }

    /// Returns why the policy refuses the request; `None` if it does not.
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

    /// Returns the policy that decided.
    #[inline]
    pub fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// Returns the request that was decided about.
    #[inline]
    pub fn request(&self) -> Request<'a, H> {
        self.request
    }

    /// Returns `true` if the request has an `Origin`, is not a preflight, and
    /// [comes from the origin that it goes to](Request::is_same_origin). Browsers never send a preflight to the page's own origin.
    #[inline]
    pub fn is_same_origin(&self) -> bool {
        let origin = self.origin.filter(|_| !self.is_origin_repeated);
        self.kind == RequestKind::Request && self.request.is_of_origin(origin.map(AsRef::as_ref))
    }

    /// Returns the status to answer with instead of calling the service: 204 for every preflight, and 403 for a request that
    /// [`enforcement`](Self::enforcement) blocks. Returns `None` if the service is to answer.
    ///
    /// A refused preflight is also answered with 204: the headers that are missing refuse it, and the browser's console then names exactly
    /// what is missing.
    #[inline]
    pub fn answer(&self) -> Option<StatusCode> {
        match (self.kind, self.enforcement) {
            (RequestKind::Preflight, _) => Some(StatusCode::NO_CONTENT),
            (_, Enforcement::Block) => Some(StatusCode::FORBIDDEN),
            (_, Enforcement::Pass | Enforcement::Report) => None,
        }
    }

    /// Writes the decision into a response's headers. CORS headers that are already there are replaced or removed; `Vary` is extended.
    ///
    /// Only what was requested and is allowed is written. An origin that is not allowed gets no CORS headers.
    ///
    /// ```
    /// use corsac::server::{Policy, Request};
    /// use http::{HeaderMap, HeaderValue, Method, header::ORIGIN};
    ///
    /// let policy = Policy::builder(["https://app.example"]).credentials(true).build().unwrap();
    /// let request = HeaderMap::from_iter([(ORIGIN, HeaderValue::from_static("https://evil.example"))]);
    /// let mut response = HeaderMap::new();
    /// response.insert("access-control-allow-origin", HeaderValue::from_static("*")); // set by a handler
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

    /// Returns what to write into the service's response, to be kept until there is one. For a preflight it grants no permission, because
    /// preflights are answered without the service: use [`apply`](Self::apply) for that answer.
    #[inline]
    pub fn into_edit(self) -> ResponseEdit<H::Value> {
        let (may_be_read, any_origin) =
            (self.kind != RequestKind::Preflight, self.policy.allows_any_origin());
        ResponseEdit {
            origin: if may_be_read && !any_origin { self.allow_origin().cloned() } else { None },
            any_origin: may_be_read && any_origin,
            credentials: self.policy.allows_credentials(),
            is_options: self.request.is_options(),
            more: self.policy.compiled().writes_more.then(|| self.policy.clone()),
        }
    }

    /// Returns the request's origin if it is allowed.
    #[inline]
    fn allow_origin(&self) -> Option<&'a H::Value> {
        self.origin.filter(|_| self.allows_origin)
    }

    /// Writes the permission that a preflight asks for.
    fn write_permission<R: ResponseHeaders<Value = H::Value>>(&self, response: &mut R) {
        let Some(origin) = self.allow_origin() else { return };
        let origin = if self.policy.allows_any_origin() {
            R::constant(ResponseConstant::Everybody)
        } else {
            origin.clone()
        };
        write_allow_origin(origin, self.policy.allows_credentials(), response);
        let Some(method) = self.allow_method else {
            // For a forced preflight, a missing list counts as permission (CORS-preflight fetch, step 7.4). `GET` is always allowed.
            response.set(ResponseHeader::AllowMethods, R::constant(ResponseConstant::Get));
            return;
        };
        response.set(ResponseHeader::AllowMethods, method.clone());
        match self.refusal {
            None => {
                if let Some(list) = self.requested_headers {
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
            // The browser names the first header that is not allowed, so the allowed ones have to be listed.
            Some(PolicyRefusal::HeaderNotAllowed) => self.write_allowed_names(response),
            Some(_) => {}
        }
    }

    /// Allows the requested names that the policy lists. Browsers send names in ascending order; a name out of order is left out, and so is
    /// one that only a prefix allows.
    fn write_allowed_names<R: ResponseHeaders>(&self, response: &mut R) {
        let requested = self.request.first(RequestHeader::AccessControlRequestHeaders).unwrap_or_default();
        let mut last = None;
        for listed in
            list_items(requested).filter_map(|name| self.policy.compiled().request_headers.listed(name))
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
