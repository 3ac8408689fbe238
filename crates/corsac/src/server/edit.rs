//! The headers that a decision writes into the service's response.

use std::fmt;

use http::header::HeaderValue;

use super::config::ResourcePolicy;
use super::constants::ResponseConstant;
use super::policy::Policy;
use super::response::{ResponseHeader, ResponseHeaders, remove_cors_headers};
use super::vary::{add_vary_constant, names_in_vary};

/// The headers that a decision writes into the service's response: see [`Decision::into_edit`](super::Decision::into_edit). It is small and
/// borrows nothing. It holds the policy only if the policy writes more than `Access-Control-Allow-Origin` and `-Credentials`.
///
/// ```
/// use corsac::server::{Policy, Request};
/// use http::{HeaderMap, HeaderValue, Method, header::ORIGIN};
///
/// let policy = Policy::builder(["https://app.example"]).build()?;
/// let request = HeaderMap::from_iter([(ORIGIN, HeaderValue::from_static("https://app.example"))]);
/// let edit = policy.decide(&Request::new(&Method::GET, &request)).into_edit();
/// // ... the service answers ...
/// let mut response = HeaderMap::new();
/// edit.apply(&mut response);
/// assert_eq!(response["access-control-allow-origin"], "https://app.example");
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Clone)]
pub struct ResponseEdit<V = HeaderValue> {
    /// The request's origin, if the policy lists it.
    pub(super) origin: Option<V>,
    /// Whether every origin may read. The response then says so to every request.
    pub(super) any_origin: bool,
    pub(super) credentials: bool,
    pub(super) is_options: bool,
    /// The policy, if it also writes `Access-Control-Expose-Headers`, `Timing-Allow-Origin` or `Cross-Origin-Resource-Policy`.
    pub(super) more: Option<Policy>,
}

impl<V: Clone + AsRef<[u8]>> ResponseEdit<V> {
    /// Writes the decision into the headers of a response. CORS headers that are already there are replaced or removed; `Vary` is extended.
    #[inline]
    pub fn apply<R: ResponseHeaders<Value = V>>(self, response: &mut R) {
        self.write_unless(|_| false, response);
    }

    /// Does the same as [`apply`](Self::apply), unless another edit or decision of this process was already written into these headers: then it
    /// changes nothing and returns `false`. Of several nested layers, the innermost one decides.
    ///
    /// It recognizes values that another edit wrote by their address. There may be none if the service itself sent a `Vary` that names
    /// `Origin` together with other headers or in another case; then the outer decision replaces the inner one.
    ///
    /// ```
    /// use corsac::server::{Policy, Request};
    /// use http::{HeaderMap, Method};
    ///
    /// let (inner, outer) = (Policy::builder(["*"]).build()?, Policy::builder(["https://app.example"]).build()?);
    /// let (request, mut response) = (HeaderMap::new(), HeaderMap::new());
    /// let edit = |policy: &Policy| policy.decide(&Request::new(&Method::GET, &request)).into_edit();
    /// assert!(edit(&inner).apply_unless_decided(&mut response));
    /// assert!(!edit(&outer).apply_unless_decided(&mut response));
    /// assert_eq!(response["access-control-allow-origin"], "*");
    /// # Ok::<(), corsac::server::Problems>(())
    /// ```
    #[inline]
    pub fn apply_unless_decided<R: ResponseHeaders<Value = V>>(self, response: &mut R) -> bool {
        self.write_unless(is_decided, response)
    }

    /// Converts the edit to another library's type of header values. If `convert` returns `None`, the response allows no origin.
    pub fn convert<W>(self, convert: impl FnOnce(V) -> Option<W>) -> ResponseEdit<W> {
        let Self { origin, any_origin, credentials, is_options, more } = self;
        ResponseEdit { origin: origin.and_then(convert), any_origin, credentials, is_options, more }
    }

    /// Calls `is_decided` only for a response that has a header which a policy writes, and before changing it.
    #[inline]
    fn write_unless<R: ResponseHeaders<Value = V>>(
        self,
        is_decided: impl Fn(&R) -> bool,
        response: &mut R,
    ) -> bool {
        let Self { origin, any_origin, credentials, is_options, more } = self;
        if response.has_cors_headers() {
            if is_decided(response) {
                return false;
            }
            remove_cors_headers(response);
        }
        // Most responses have no `Vary`: then a single lookup finds that and writes it.
        match vary_names(is_options, any_origin) {
            None => {
                if response.lines(ResponseHeader::Vary).next().is_some() && is_decided(response) {
                    return false;
                }
            }
            Some(names) => {
                if !response.set_if_absent(ResponseHeader::Vary, R::constant(names)) {
                    if is_decided(response) {
                        return false;
                    }
                    merge_vary(names, response);
                }
            }
        }
        // `*` is sent even without an `Origin`, because a cache may keep the response for other requests.
        let origin = if any_origin { Some(R::constant(ResponseConstant::Everybody)) } else { origin };
        if let Some(policy) = more {
            write_more(&policy, origin.as_ref(), response);
        }
        if let Some(origin) = origin {
            write_allow_origin(origin, credentials, response);
        }
        true
    }
}

/// Writes the headers that few policies have. It is kept out of the code that runs for all others.
#[cold]
#[inline(never)]
fn write_more<R: ResponseHeaders>(policy: &Policy, origin: Option<&R::Value>, response: &mut R) {
    let compiled = policy.compiled();
    if let Some(resource_policy) = compiled.config.resource_policy {
        let allowed = origin.is_some() && !policy.allows_any_origin();
        let value = match resource_policy {
            _ if allowed => ResponseConstant::CrossOrigin,
            ResourcePolicy::CrossOrigin => ResponseConstant::CrossOrigin,
            ResourcePolicy::SameSite => ResponseConstant::SameSite,
            ResourcePolicy::SameOrigin => ResponseConstant::SameOrigin,
        };
        response.set(ResponseHeader::CrossOriginResourcePolicy, R::constant(value));
    }
    if compiled.config.timing {
        match origin {
            Some(origin) => response.set(ResponseHeader::TimingAllowOrigin, origin.clone()),
            None => response.remove(ResponseHeader::TimingAllowOrigin),
        }
    }
    if let Some(names) = compiled.expose_headers.as_ref().filter(|_| origin.is_some()).and_then(R::copy_of) {
        response.set(ResponseHeader::ExposeHeaders, names);
    }
}

#[inline]
pub(super) fn write_allow_origin<R: ResponseHeaders>(origin: R::Value, credentials: bool, response: &mut R) {
    response.set(ResponseHeader::AllowOrigin, origin);
    if credentials {
        response.set(ResponseHeader::AllowCredentials, R::constant(ResponseConstant::True));
    }
}

/// Returns the request headers that a response depends on.
fn vary_names(is_options: bool, any_origin: bool) -> Option<ResponseConstant> {
    match (is_options, any_origin) {
        (true, _) => Some(ResponseConstant::VaryOptions),
        (false, false) => Some(ResponseConstant::VaryOrigin),
        (false, true) => None,
    }
}

/// Adds names to `Vary`.
#[inline]
pub(super) fn write_vary<R: ResponseHeaders>(names: ResponseConstant, response: &mut R) {
    if !response.set_if_absent(ResponseHeader::Vary, R::constant(names)) {
        merge_vary(names, response);
    }
}

/// Adds names to a `Vary` that the service sent.
#[cold]
#[inline(never)]
fn merge_vary<R: ResponseHeaders>(names: ResponseConstant, response: &mut R) {
    // This writes a constant even if one of the names is already there, so that an outer layer recognizes it.
    let has_origin = names == ResponseConstant::VaryOptions
        && names_in_vary(response, ResponseConstant::VaryOrigin.as_bytes());
    add_vary_constant(response, if has_origin { ResponseConstant::VaryPreflight } else { names });
}

/// Returns `true` if a value in these headers is one that an edit wrote.
#[cold]
#[inline(never)]
fn is_decided<R: ResponseHeaders>(response: &R) -> bool {
    use ResponseConstant::{Everybody, True, VaryOptions, VaryOrigin, VaryPreflight};
    let has = |header, constants: &[ResponseConstant]| {
        response.lines(header).any(|line| constants.iter().any(|constant| constant.is_at(line.as_ref())))
    };
    has(ResponseHeader::Vary, &[VaryOrigin, VaryOptions, VaryPreflight])
        || has(ResponseHeader::AllowOrigin, &[Everybody])
        || has(ResponseHeader::AllowCredentials, &[True])
}

impl<V> fmt::Debug for ResponseEdit<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseEdit")
            .field("is_allowed", &(self.any_origin || self.origin.is_some()))
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}
