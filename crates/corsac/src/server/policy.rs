//! A policy that has been checked and compiled.

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

/// Which origins may read responses, and what they may send. It is immutable and cheap to clone.
///
/// ```
/// use corsac::server::Policy;
///
/// let policy = Policy::builder(["https://app.example", "https://*.app.example"]).methods(["PUT"]).credentials(true).build()?;
/// assert_eq!(Policy::new(&policy.config())?, policy);
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Clone)]
pub struct Policy(Arc<Compiled>);

/// A compiled policy. The header values are made once, when the policy is built.
pub(super) struct Compiled {
    pub(super) origins: Origins,
    pub(super) methods: Methods,
    pub(super) request_headers: RequestHeaderNames,
    pub(super) expose_headers: Option<HeaderValue>,
    pub(super) max_age: HeaderValue,
    /// Whether responses get more headers than who may read them: exposed headers, timing, a resource policy.
    pub(super) writes_more: bool,
    /// Whether a lookup may allow an http origin.
    pub(super) allows_insecure: bool,
    /// The policy as it was written, without its origins. `max_age` is filled in.
    pub(super) config: PolicyConfig,
    lints: Vec<Problem>,
}

impl Policy {
    /// Checks a policy and compiles it.
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
    /// All errors and lints of the policy, if at least one of them is an error.
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
            // Tokens and commas always make a valid header value.
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

    /// Returns the policy in the form in which it is written. [`Policy::new`] makes an equal policy from it.
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

    /// Returns what is fragile, unsafe or unnecessary in the policy and not acknowledged.
    ///
    /// ```
    /// use corsac::server::{Policy, ProblemCode};
    /// let policy = Policy::builder(["http://app.example"]).build().unwrap();
    /// assert_eq!(policy.lints()[0].code, ProblemCode::OriginInsecure);
    /// ```
    pub fn lints(&self) -> &[Problem] {
        &self.0.lints
    }

    /// Returns `true` if every origin may read: the policy's `origins` are `*`.
    ///
    /// ```
    /// use corsac::server::Policy;
    /// assert!(Policy::builder(["*"]).build().unwrap().allows_any_origin());
    /// ```
    #[inline]
    pub fn allows_any_origin(&self) -> bool {
        matches!(self.0.origins, Origins::Any)
    }

    /// Returns how long a browser may cache the answer to a preflight: what the policy says, or ten minutes.
    ///
    /// ```
    /// use corsac::server::Policy;
    /// let policy = Policy::builder(["https://app.example"]).max_age(std::time::Duration::from_secs(3_600)).build()?;
    /// assert_eq!(policy.max_age().as_secs(), 3_600);
    /// # Ok::<(), corsac::server::Problems>(())
    /// ```
    pub fn max_age(&self) -> std::time::Duration {
        let seconds = self.0.max_age.to_str().ok().and_then(|seconds| seconds.parse().ok());
        std::time::Duration::from_secs(seconds.unwrap_or_default())
    }

    /// Returns `true` if pages of the allowed origins may send credentials and read the responses.
    #[inline]
    pub fn allows_credentials(&self) -> bool {
        self.0.config.credentials
    }

    /// Returns what the policy does with cross-origin requests that change something and are not allowed.
    #[inline]
    pub fn enforces(&self) -> Enforce {
        self.0.config.enforce
    }

    /// Returns the origin of a request if only a lookup could allow it. Use it to start a lookup that takes time before calling
    /// [`decide_with`](Self::decide_with). Returns `None` if the policy's list allows the origin, or if no lookup may allow it.
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
        let mut unlisted = None;
        let mut origins = request.headers.lines(RequestHeader::Origin);
        let lookup = |origin: &Origin| {
            unlisted = Some(origin.clone());
            false
        };
        let _ = self.judge_origin(origins.next()?.as_ref(), origins.next().is_some(), Some(lookup));
        unlisted
    }

    #[inline]
    pub(super) fn compiled(&self) -> &Compiled {
        &self.0
    }
}

/// Two policies are equal if they are written alike.
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
