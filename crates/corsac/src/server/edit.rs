//! What a decision writes into the response of the service.

use std::fmt;

use http::header::HeaderValue;

use super::config::ResourcePolicy;
use super::policy::Policy;
use super::response::{ResponseHeader, ResponseHeaders, remove_cors_headers};
use super::vary::{add_vary_text, is_at, names_in_vary};

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

// Texts in places of their own: a layer further outside finds them in a response by their address.
static EVERYBODY: [u8; 1] = *b"*";
static TRUE: [u8; 4] = *b"true";
static ORIGIN_VARY: [u8; 6] = *b"Origin";
static OPTIONS_VARY: [u8; 69] = *b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

static PREFLIGHT_VARY: [u8; 61] = *b"Access-Control-Request-Method, Access-Control-Request-Headers";

const fn text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}

impl<V: Clone + AsRef<[u8]>> ResponseEdit<V> {
    /// Writes the decision into the headers of a response. The policy owns the CORS headers: what was there is replaced or taken out.
    /// `Vary` is added to.
    pub fn apply<R: ResponseHeaders<Value = V>>(self, response: &mut R) {
        if response.has_cors_headers() {
            remove_cors_headers(response);
        }
        self.write(response);
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
    pub fn apply_unless_decided<R: ResponseHeaders<Value = V>>(self, response: &mut R) -> bool {
        let has_cors_headers = response.has_cors_headers();
        if is_decided(response, has_cors_headers) {
            return false;
        }
        if has_cors_headers {
            remove_cors_headers(response);
        }
        self.write(response);
        true
    }

    /// The same edit for another library's headers. A value that is not one there leaves the origin out, and so refuses.
    pub fn convert<W>(self, convert: impl FnOnce(V) -> Option<W>) -> ResponseEdit<W> {
        let Self { origin, everybody, credentials, is_options, more } = self;
        let is_told = origin.is_some();
        let origin = origin.and_then(convert);
        let credentials = credentials && (origin.is_some() || !is_told);
        ResponseEdit { origin, everybody, credentials, is_options, more }
    }

    fn write<R: ResponseHeaders<Value = V>>(self, response: &mut R) {
        let Self { origin, everybody, credentials, is_options, more } = self;
        // What is for everybody is sent to everybody: a cache may keep the response for others.
        let origin = if everybody { Some(R::value_of_static(const { text(&EVERYBODY) })) } else { origin };
        if let Some(policy) = more {
            write_more(&policy, origin.as_ref(), response);
        }
        if let Some(origin) = origin {
            write_allow_origin(origin, credentials, response);
        }
        write_vary(is_options, everybody, response);
    }
}

/// What few policies have: it is not in the way of the others.
#[cold]
#[inline(never)]
fn write_more<R: ResponseHeaders>(policy: &Policy, origin: Option<&R::Value>, response: &mut R) {
    let compiled = policy.compiled();
    if let Some(resource_policy) = compiled.config.resource_policy {
        let allowed = origin.is_some() && !policy.allows_any_origin();
        let value = if allowed { ResourcePolicy::CrossOrigin } else { resource_policy };
        response.set(ResponseHeader::CrossOriginResourcePolicy, R::value_of_static(value.as_str()));
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
        response.set(ResponseHeader::AllowCredentials, R::value_of_static(const { text(&TRUE) }));
    }
}

/// The value that allows everybody.
pub(super) fn everybody<R: ResponseHeaders>() -> R::Value {
    R::value_of_static(const { text(&EVERYBODY) })
}

#[inline]
pub(super) fn write_vary<R: ResponseHeaders>(is_options: bool, everybody: bool, response: &mut R) {
    if is_options {
        // A constant, too, where one of the names is there already.
        let names = if names_in_vary(response, &ORIGIN_VARY) {
            const { text(&PREFLIGHT_VARY) }
        } else {
            const { text(&OPTIONS_VARY) }
        };
        add_vary_text(response, names);
    } else if !everybody {
        add_vary_text(response, const { text(&ORIGIN_VARY) });
    }
}

/// Returns `true` if a value in these headers is one that an edit wrote.
#[inline]
fn is_decided<R: ResponseHeaders>(response: &R, has_cors_headers: bool) -> bool {
    let has = |header, texts: [&'static [u8]; 3]| {
        response.lines(header).any(|line| texts.iter().any(|text| is_at(line.as_ref(), text)))
    };
    has(ResponseHeader::Vary, [&ORIGIN_VARY, &OPTIONS_VARY, &PREFLIGHT_VARY])
        || has_cors_headers
            && (has(ResponseHeader::AllowOrigin, [&EVERYBODY; 3])
                || has(ResponseHeader::AllowCredentials, [&TRUE; 3]))
}

impl<V> fmt::Debug for ResponseEdit<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseEdit")
            .field("is_allowed", &(self.everybody || self.origin.is_some()))
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}
