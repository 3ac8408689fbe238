//! What a decision writes into the response of the service.

use std::fmt;

use http::header::HeaderValue;

use super::config::ResourcePolicy;
use super::constants::ResponseConstant;
use super::policy::Policy;
use super::response::{ResponseHeader, ResponseHeaders, remove_cors_headers};
use super::vary::{add_vary_constant, names_in_vary};

/// What a decision writes into the response of the service: see [`Decision::into_edit`](super::Decision::into_edit). It is small, borrows
/// nothing, and holds the policy only where the policy has more to say than who may read.
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
    /// Everybody may read, whoever asks.
    pub(super) everybody: bool,
    pub(super) credentials: bool,
    pub(super) is_options: bool,
    /// Where it also writes what the policy exposes, `Timing-Allow-Origin` or `Cross-Origin-Resource-Policy`.
    pub(super) more: Option<Policy>,
}

impl<V: Clone + AsRef<[u8]>> ResponseEdit<V> {
    /// Writes the decision into the headers of a response. The policy owns the CORS headers: what was there is replaced or taken out.
    /// `Vary` is added to.
    #[inline]
    pub fn apply<R: ResponseHeaders<Value = V>>(self, response: &mut R) {
        self.write_unless(|_| false, response);
    }

    /// The same, unless another edit or decision was written into these headers already, in this process: then it leaves them and returns
    /// `false`. So the decision of the innermost of several layers stands.
    ///
    /// It finds the values that the other one wrote by their address. Where the service itself answers with a `Vary` that names `Origin` among
    /// others or in another case, there may be none of these; then the outer decision replaces the inner one.
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

    /// The same edit for another library's headers. A value that is not one there leaves the origin out, and so refuses.
    pub fn convert<W>(self, convert: impl FnOnce(V) -> Option<W>) -> ResponseEdit<W> {
        let Self { origin, everybody, credentials, is_options, more } = self;
        ResponseEdit { origin: origin.and_then(convert), everybody, credentials, is_options, more }
    }

    /// Asks `is_decided` about a response only if it has a header that a policy writes, before anything of it is changed.
    #[inline]
    fn write_unless<R: ResponseHeaders<Value = V>>(
        self,
        is_decided: impl Fn(&R) -> bool,
        response: &mut R,
    ) -> bool {
        let Self { origin, everybody, credentials, is_options, more } = self;
        if response.has_cors_headers() {
            if is_decided(response) {
                return false;
            }
            remove_cors_headers(response);
        }
        // Most responses have no `Vary`: then one look at them finds that and writes it.
        match vary_names(is_options, everybody) {
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
        // What is for everybody is sent to everybody: a cache may keep the response for others.
        let origin = if everybody { Some(R::constant(ResponseConstant::Everybody)) } else { origin };
        if let Some(policy) = more {
            write_more(&policy, origin.as_ref(), response);
        }
        if let Some(origin) = origin {
            write_allow_origin(origin, credentials, response);
        }
        true
    }
}

/// What few policies have: it is not in the way of the others.
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

/// The value that allows everybody.
pub(super) fn everybody<R: ResponseHeaders>() -> R::Value {
    R::constant(ResponseConstant::Everybody)
}

/// What a response depends on.
fn vary_names(is_options: bool, everybody: bool) -> Option<ResponseConstant> {
    match (is_options, everybody) {
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

/// `Vary` where the service had one of its own.
#[cold]
#[inline(never)]
fn merge_vary<R: ResponseHeaders>(names: ResponseConstant, response: &mut R) {
    // A constant, too, where one of the names is there already.
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
            .field("is_allowed", &(self.everybody || self.origin.is_some()))
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}
