//! A policy that was checked and compiled.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;

use super::check::check;
use super::config::{Enforce, PolicyConfig};
use super::max_age;
use super::methods::Methods;
use super::origins::{OriginSet, Origins};
use super::problem::{Problem, ProblemCode, Problems};
use super::request::{Request, RequestHeader, RequestHeaders};
use super::request_headers::RequestHeaderNames;
use super::shared::shared;
use crate::origin::Origin;

/// Which origins may read, and what they may send. Cheap to clone, never changes.
///
/// ```
/// use corsac::server::Policy;
///
/// let policy = Policy::builder(["https://app.example", "https://*.app.example"]).methods(["PUT"]).credentials(true).build()?;
/// assert_eq!(Policy::new(&policy.config())?, policy); // what was written can be had back
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Clone)]
pub struct Policy(Arc<Compiled>);

/// The values of headers are made here, once.
pub(super) struct Compiled {
    pub(super) origins: Origins,
    pub(super) methods: Methods,
    pub(super) request_headers: RequestHeaderNames,
    pub(super) expose_headers: Option<HeaderValue>,
    pub(super) max_age: HeaderValue,
    /// A response may say more than who may read it: exposed headers, timing, a resource policy.
    pub(super) writes_more: bool,
    /// May a lookup allow an http origin?
    pub(super) allows_insecure: bool,
    /// What was written, without the origins.
    pub(super) config: PolicyConfig,
    lints: Vec<Problem>,
}

impl Policy {
    /// Checks a policy as it is written, and compiles it.
    ///
    /// ```
    /// use corsac::server::{Policy, PolicyConfig, ProblemCode};
    ///
    /// let config = PolicyConfig { origins: vec!["*".into()], credentials: true, ..PolicyConfig::default() };
    /// let problems = Policy::new(&config).unwrap_err();
    /// assert!(problems.iter().any(|problem| problem.code == ProblemCode::CredentialsAnyOrigin));
    /// ```
    ///
    /// # Errors
    ///
    /// Everything that is wrong, and the lints too, when at least one thing is an error.
    pub fn new(config: &PolicyConfig) -> Result<Self, Problems> {
        let checked = check(config);
        if checked.problems.iter().any(Problem::is_error) {
            return Err(Problems(checked.problems));
        }
        let origins = if config.origins.iter().any(|text| text == "*") {
            Origins::Any
        } else {
            Origins::Listed(OriginSet::new(checked.patterns.into_iter()))
        };
        let exposed = config.expose_headers.join(", ");
        let acknowledged = |code: ProblemCode| config.acknowledge.iter().any(|text| text == code.as_str());
        Ok(Self(Arc::new(Compiled {
            origins,
            methods: Methods::new(&config.methods),
            request_headers: RequestHeaderNames::new(&config.request_headers),
            // Tokens and commas make a header value.
            expose_headers: HeaderValue::from_str(&exposed).ok().filter(|_| !exposed.is_empty()).map(shared),
            writes_more: !exposed.is_empty() || config.timing || config.resource_policy.is_some(),
            max_age: max_age::value(checked.max_age),
            allows_insecure: !config.credentials || acknowledged(ProblemCode::CredentialsInsecureOrigin),
            config: PolicyConfig {
                max_age: Some(max_age::text(checked.max_age)),
                ..config.without_origins()
            },
            lints: checked.problems,
        })))
    }

    /// The policy as it would be written. [`Policy::new`] makes an equal policy of it.
    ///
    /// ```
    /// use corsac::server::Policy;
    /// let policy = Policy::builder(["http://[::1]:9090"]).build().unwrap();
    /// assert_eq!(policy.config().origins, ["http://[::1]:9090"]);
    /// assert_eq!(policy.config().max_age.as_deref(), Some("10m"));
    /// ```
    pub fn config(&self) -> PolicyConfig {
        let origins = match &self.0.origins {
            Origins::Any => vec!["*".to_owned()],
            Origins::Listed(set) => set.entries().map(str::to_owned).collect(),
        };
        PolicyConfig { origins, ..self.0.config.clone() }
    }

    /// What is fragile, unsafe or superfluous in the policy, and not acknowledged.
    ///
    /// ```
    /// use corsac::server::{Policy, ProblemCode};
    /// let policy = Policy::builder(["http://app.example"]).build().unwrap();
    /// assert_eq!(policy.lints()[0].code, ProblemCode::OriginInsecure);
    /// ```
    pub fn lints(&self) -> &[Problem] {
        &self.0.lints
    }

    /// May everybody read: is `*` the policy's origin?
    ///
    /// ```
    /// use corsac::server::Policy;
    /// assert!(Policy::builder(["*"]).build().unwrap().allows_any_origin());
    /// ```
    #[inline]
    pub fn allows_any_origin(&self) -> bool {
        matches!(self.0.origins, Origins::Any)
    }

    /// May requests of allowed origins carry credentials?
    ///
    /// ```
    /// use corsac::server::Policy;
    /// assert!(!Policy::builder(["https://app.example"]).build().unwrap().allows_credentials());
    /// ```
    #[inline]
    pub fn allows_credentials(&self) -> bool {
        self.0.config.credentials
    }

    /// What the policy does with cross-origin requests that change something.
    ///
    /// ```
    /// use corsac::server::{Enforce, Policy};
    /// assert_eq!(Policy::builder(["*"]).build().unwrap().enforces(), Enforce::Off);
    /// ```
    #[inline]
    pub fn enforces(&self) -> Enforce {
        self.0.config.enforce
    }

    /// The origin of a request that this policy's list has no answer for, and a lookup may: to be asked before
    /// [`decide_with`](Self::decide_with) when the answer takes time. `None` when the list allows it, or no lookup could.
    ///
    /// ```
    /// use corsac::server::{Policy, Request};
    /// use http::{HeaderMap, Method};
    ///
    /// let policy = Policy::builder(["https://app.example"]).build().unwrap();
    /// let mut headers = HeaderMap::new();
    /// headers.insert("origin", "https://tenant.example".parse().unwrap());
    /// let origin = policy.unlisted_origin(&Request::new(&Method::GET, &headers));
    /// assert_eq!(origin.unwrap().as_str(), "https://tenant.example");
    /// ```
    pub fn unlisted_origin<H: RequestHeaders>(&self, request: &Request<'_, H>) -> Option<Origin> {
        let mut asked = None;
        let mut origins = request.headers.lines(RequestHeader::Origin);
        let lookup = |origin: &Origin| {
            asked = Some(origin.clone());
            false
        };
        let _ = self.judge_origin(origins.next()?.as_ref(), origins.next().is_some(), Some(lookup));
        asked
    }

    #[inline]
    pub(super) fn compiled(&self) -> &Compiled {
        &self.0
    }
}

/// Two policies are equal when they are written alike.
impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        self.0.origins == other.0.origins && self.0.config == other.0.config
    }
}

impl Eq for Policy {}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy").field("origins", &self.0.origins).field("rest", &self.0.config).finish()
    }
}
