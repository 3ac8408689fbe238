//! Which policy decides about which path of a server.

use std::sync::Arc;

use super::path_prefix::{PathMap, PathPrefix};
use super::policy::Policy;

/// What decides about a request: a policy, no policy, or other code that handles CORS.
///
/// ```
/// use corsac::server::{Policy, PolicyChoice};
///
/// let policy = Policy::builder(["https://app.example"]).build()?;
/// assert!(matches!(PolicyChoice::from(policy), PolicyChoice::Policy(_)));
/// assert!(matches!(PolicyChoice::from(None), PolicyChoice::NoPolicy));
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyChoice {
    /// This policy decides.
    Policy(Policy),
    /// No policy decides. A preflight is answered without any permission; every other request and its response pass unchanged.
    NoPolicy,
    /// Every request and its response pass unchanged, including preflights.
    Pass,
}

impl From<Policy> for PolicyChoice {
    fn from(policy: Policy) -> Self {
        Self::Policy(policy)
    }
}

impl From<Option<Policy>> for PolicyChoice {
    fn from(policy: Option<Policy>) -> Self {
        policy.map_or(Self::NoPolicy, Self::Policy)
    }
}

/// What decides in one part of a server, with a name for logs and counters.
///
/// ```
/// use corsac::server::{Placed, PolicyChoice};
/// let store = Placed::new("store", PolicyChoice::Pass);
/// assert_eq!(&*store.name, "store");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Placed {
    /// The name for logs and counters.
    pub name: Arc<str>,
    /// What decides.
    pub choice: PolicyChoice,
}

impl Placed {
    /// Names what decides.
    pub fn new(name: impl Into<Arc<str>>, choice: impl Into<PolicyChoice>) -> Self {
        Self { name: name.into(), choice: choice.into() }
    }
}

/// What decides in each part of a server. If several parts cover a path, the longest one decides; if none does, the main one decides.
///
/// ```
/// use corsac::server::{PathPrefix, Placed, Placement, Policy, PolicyChoice};
///
/// let app = Policy::builder(["https://app.example"]).build()?;
/// let placement = Placement::new(Placed::new("app", app))
///     .at(PathPrefix::parse("/public")?, Placed::new("public", Policy::builder(["*"]).build()?))
///     .at(PathPrefix::parse("/store")?, Placed::new("store", PolicyChoice::Pass));
/// assert_eq!(&*placement.find("/public/logo.png").name, "public");
/// assert_eq!(&*placement.find("/items").name, "app");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Placement {
    main: Placed,
    parts: PathMap<Placed>,
}

impl Placement {
    /// Makes a placement in which `main` decides everywhere.
    pub fn new(main: Placed) -> Self {
        Self { main, parts: PathMap::new() }
    }

    /// Makes a placement in which `placed` decides below one path, and no policy decides elsewhere. `/` is the whole server.
    ///
    /// ```
    /// use corsac::server::{PathPrefix, Placed, Placement, Policy, PolicyChoice};
    ///
    /// let policy = Policy::builder(["*"]).build()?;
    /// let placement = Placement::only_at(PathPrefix::parse("/public")?, Placed::new("public", policy));
    /// assert_eq!(&*placement.find("/public/logo.png").name, "public");
    /// assert_eq!(placement.find("/items").choice, PolicyChoice::NoPolicy);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn only_at(prefix: PathPrefix, placed: Placed) -> Self {
        if prefix.as_str() == "/" {
            return Self::new(placed);
        }
        Self::new(Placed::new("none", PolicyChoice::NoPolicy)).at(prefix, placed)
    }

    /// Sets what decides in a part, replacing what the same part had before.
    #[must_use]
    pub fn at(mut self, prefix: PathPrefix, placed: Placed) -> Self {
        self.parts.insert(prefix, placed);
        self
    }

    /// Returns what decides about a request for `path`, which is the path as it was sent, without the query.
    pub fn find(&self, path: &str) -> &Placed {
        self.parts.get(path).unwrap_or(&self.main)
    }

    /// Returns what decides about paths that no part covers.
    pub fn main(&self) -> &Placed {
        &self.main
    }

    /// Returns the parts, longest path first.
    pub fn parts(&self) -> impl Iterator<Item = (&PathPrefix, &Placed)> {
        self.parts.iter()
    }

    /// Returns everything that decides, each with its path: the parts, longest path first, and then the main one at `/`.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Placed)> {
        self.parts().map(|(prefix, placed)| (prefix.as_str(), placed)).chain([("/", &self.main)])
    }
}

impl From<Policy> for Placement {
    /// Makes a placement in which the policy decides everywhere, under the name `default`.
    fn from(policy: Policy) -> Self {
        Self::new(Placed::new("default", policy))
    }
}
