//! What was decided about a request, and the headers that tell it.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderMap,
    HeaderName, HeaderValue,
};

use super::config::ResourcePolicy;
use super::policy::Policy;
use super::refusal::PolicyRefusal;
use super::vary::add_vary;
use super::written::WRITTEN;
use crate::header::list_items;

/// What a policy decided about one request.
///
/// ```
/// use corsac::server::{Policy, RequestKind};
/// use http::{HeaderMap, Method};
///
/// let policy = Policy::builder(["https://app.example"]).build().unwrap();
/// let decision = policy.decide(&Method::GET, &HeaderMap::new());
/// assert_eq!((decision.kind(), decision.is_allowed()), (RequestKind::WithoutOrigin, true)); // nobody asked
/// ```
#[derive(Clone, Debug)]
pub struct Decision {
    policy: Policy,
    kind: RequestKind,
    is_options: bool,
    told: Told,
}

/// What a request is to CORS.
///
/// ```
/// assert_eq!(corsac::server::RequestKind::Preflight.as_str(), "preflight");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestKind {
    /// No `Origin`: from the same origin, or not from a browser at all.
    WithoutOrigin,
    /// With `Origin`. A browser sends it on every CORS request, and on everything but GET and HEAD of the same origin, too.
    Request,
    /// The question that comes first: `OPTIONS` with `Origin` and `Access-Control-Request-Method`. To be answered without the service.
    Preflight,
}

impl RequestKind {
    /// `without-origin`, `request` or `preflight`.
    ///
    /// ```
    /// assert_eq!(corsac::server::RequestKind::WithoutOrigin.as_str(), "without-origin");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WithoutOrigin => "without-origin",
            Self::Request => "request",
            Self::Preflight => "preflight",
        }
    }
}

/// The values to tell, as far as the decision came.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) allow_origin: Option<HeaderValue>,
    pub(super) allow_method: Option<HeaderValue>,
    /// The list that the preflight asks for: its first line, and more lines, which only gateways make.
    asked_headers: Option<HeaderValue>,
    more_asked_headers: Vec<HeaderValue>,
    refusal: Option<PolicyRefusal>,
}

impl Told {
    pub(super) fn refuse(self, refusal: PolicyRefusal) -> Self {
        Self { refusal: Some(refusal), ..self }
    }

    pub(super) fn asked_headers<'a>(&mut self, mut lines: impl Iterator<Item = &'a HeaderValue>) {
        self.asked_headers = lines.next().cloned();
        self.more_asked_headers = lines.cloned().collect();
    }
}

static OPTIONS_VARY: HeaderValue =
    HeaderValue::from_static("Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
static EVERYBODY: HeaderValue = HeaderValue::from_static("*");
static ORIGIN_VARY: HeaderValue = HeaderValue::from_static("Origin");
const TIMING_ALLOW_ORIGIN: HeaderName = HeaderName::from_static("timing-allow-origin");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

impl Decision {
    pub(super) fn new(policy: Policy, kind: RequestKind, is_options: bool, told: Told) -> Self {
        Self { policy, kind, is_options, told }
    }

    /// What the request is to CORS.
    ///
    /// ```
    /// # use corsac::server::{Policy, RequestKind};
    /// # use http::{HeaderMap, Method};
    /// let policy = Policy::builder(["*"]).build().unwrap();
    /// assert_eq!(policy.decide(&Method::OPTIONS, &HeaderMap::new()).kind(), RequestKind::WithoutOrigin); // no preflight
    /// ```
    pub fn kind(&self) -> RequestKind {
        self.kind
    }

    /// Was nothing refused? So it is, too, when nobody asked.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use http::{HeaderMap, Method};
    /// let policy = Policy::builder(["*"]).build().unwrap();
    /// assert!(policy.decide(&Method::GET, &HeaderMap::new()).is_allowed());
    /// ```
    pub fn is_allowed(&self) -> bool {
        self.told.refusal.is_none()
    }

    /// Why it was refused.
    ///
    /// ```
    /// # use corsac::server::{Policy, PolicyRefusal};
    /// # use http::{HeaderMap, Method};
    /// let policy = Policy::builder(["https://app.example"]).build().unwrap();
    /// let request = HeaderMap::from_iter([(http::header::ORIGIN, "null".parse().unwrap())]);
    /// assert_eq!(policy.decide(&Method::GET, &request).refusal(), Some(PolicyRefusal::OriginNull));
    /// ```
    pub fn refusal(&self) -> Option<PolicyRefusal> {
        self.told.refusal
    }

    /// The policy that decided.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use http::{HeaderMap, Method};
    /// let policy = Policy::builder(["*"]).build().unwrap();
    /// assert!(policy.decide(&Method::GET, &HeaderMap::new()).policy().allows_any_origin());
    /// ```
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Writes the decision into a response's headers. The policy owns the CORS headers: what was there is replaced or taken out. `Vary` is
    /// added to. A preflight's response is otherwise empty, with status 204, whatever was decided: what the headers do not say is refused,
    /// and the browser's own message is exact.
    ///
    /// Only what was asked for and is allowed is told, and to an origin that is not allowed nothing.
    ///
    /// ```
    /// use corsac::server::Policy;
    /// use http::{HeaderMap, HeaderValue, Method, header::ORIGIN};
    ///
    /// let policy = Policy::builder(["https://app.example"]).credentials(true).build().unwrap();
    /// let request = HeaderMap::from_iter([(ORIGIN, HeaderValue::from_static("https://evil.example"))]);
    /// let mut response = HeaderMap::new();
    /// response.insert("access-control-allow-origin", HeaderValue::from_static("*")); // of a handler that wanted to help
    /// policy.decide(&Method::GET, &request).apply(&mut response);
    /// assert_eq!(response.len(), 1);
    /// assert_eq!(response["vary"], "Origin");
    /// ```
    pub fn apply(&self, response: &mut HeaderMap) {
        remove_cors_headers(response);
        match self.kind {
            RequestKind::Preflight => self.apply_to_preflight(response),
            RequestKind::Request | RequestKind::WithoutOrigin => self.apply_to_response(response),
        }
        if self.is_options {
            add_vary(response, &OPTIONS_VARY);
        } else if !self.policy.allows_any_origin() {
            add_vary(response, &ORIGIN_VARY);
        }
    }

    fn apply_to_preflight(&self, response: &mut HeaderMap) {
        let Some(origin) = &self.told.allow_origin else { return };
        self.allow_origin(response, origin);
        let Some(method) = &self.told.allow_method else {
            // To a forced preflight, no list at all is a yes (CORS-preflight fetch, step 7.4). `GET` is allowed, whatever the policy says.
            response.insert(ACCESS_CONTROL_ALLOW_METHODS, const { HeaderValue::from_static("GET") });
            return;
        };
        response.insert(ACCESS_CONTROL_ALLOW_METHODS, method.clone());
        let Some(first) = &self.told.asked_headers else {
            response.insert(ACCESS_CONTROL_MAX_AGE, self.policy.compiled().max_age.clone());
            return;
        };
        match self.told.refusal {
            None => {
                for line in std::iter::once(first).chain(&self.told.more_asked_headers) {
                    response.append(ACCESS_CONTROL_ALLOW_HEADERS, line.clone());
                }
                response.insert(ACCESS_CONTROL_MAX_AGE, self.policy.compiled().max_age.clone());
            }
            // The browser names the first header that is missing, so the others must not be.
            Some(PolicyRefusal::HeaderNotAllowed) => self.tell_allowed_of(first, response),
            Some(_) => {}
        }
    }

    /// Allows those of the asked names that are listed. Browsers ask in ascending order; what is not in order is left out, as is what only
    /// a prefix allows.
    fn tell_allowed_of(&self, asked: &HeaderValue, response: &mut HeaderMap) {
        let mut last = None;
        let names = list_items(asked.as_bytes());
        for listed in names.filter_map(|name| self.policy.compiled().request_headers.listed(name)) {
            if last < Some(listed) {
                response.append(ACCESS_CONTROL_ALLOW_HEADERS, listed.clone());
                last = Some(listed);
            }
        }
    }

    fn apply_to_response(&self, response: &mut HeaderMap) {
        let compiled = self.policy.compiled();
        // What is for everybody is told to everybody: a cache may keep the response for others.
        let everybody = self.policy.allows_any_origin().then_some(&EVERYBODY);
        let origin = self.told.allow_origin.as_ref().or(everybody);
        if let Some(resource_policy) = compiled.config.resource_policy {
            let allowed = self.told.allow_origin.is_some() && !self.policy.allows_any_origin();
            let value = if allowed { ResourcePolicy::CrossOrigin } else { resource_policy };
            response.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static(value.as_str()));
        }
        if compiled.config.timing {
            response.remove(TIMING_ALLOW_ORIGIN);
        }
        let Some(origin) = origin else { return };
        if compiled.config.timing {
            response.insert(TIMING_ALLOW_ORIGIN, origin.clone());
        }
        self.allow_origin(response, origin);
        if let Some(names) = &compiled.expose_headers {
            response.insert(ACCESS_CONTROL_EXPOSE_HEADERS, names.clone());
        }
    }

    fn allow_origin(&self, response: &mut HeaderMap, origin: &HeaderValue) {
        response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        if self.policy.allows_credentials() {
            response.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, const { HeaderValue::from_static("true") });
        }
    }
}

/// Takes out what an inner service said in the policy's place.
fn remove_cors_headers(response: &mut HeaderMap) {
    const PREFIX: &str = "access-control-";
    if response.keys().any(|name| name.as_str().starts_with(PREFIX)) {
        for name in WRITTEN.iter().filter(|name| name.as_str().starts_with(PREFIX)) {
            response.remove(name);
        }
    }
}
