//! The middleware's settings.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use corsac::server::{PathMap, PathPrefix, PathPrefixError};

use crate::handle::PolicyHandle;
use crate::lookup::OriginLookup;
use crate::observe::Limiter;
use crate::site::{Shared, Site};
use crate::source::PolicySource;

/// CORS for the requests of a server, or a part of it. Cheap to clone: every clone is the same.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::Cors;
///
/// let cors = Cors::builder(Policy::builder(["https://app.example"]).credentials(true).build()?)
///     .at("/public", Policy::builder(["*"]).build()?) // in its place, not on top
///     .build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Cors(Arc<Sites>);

struct Sites {
    main: Arc<Site>,
    /// Parts with a policy of their own.
    parts: PathMap<Arc<Site>>,
}

impl Cors {
    /// One source of policies for all requests.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::Cors;
    /// let cors = Cors::new(Policy::builder(["https://app.example"]).build().unwrap());
    /// ```
    pub fn new(source: impl Into<PolicySource>) -> Self {
        let builder = Self::builder(source);
        let shared = Arc::new(builder.shared());
        Self(Arc::new(Sites { main: builder.main_site(&shared), parts: PathMap::new() }))
    }

    /// Settings beside the source of policies.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::Cors;
    /// let policy = Policy::builder(["https://app.example"]).build().unwrap();
    /// let stricter = Policy::builder(["https://app.example"]).credentials(true).build().unwrap();
    /// let cors = Cors::builder(policy).report_only(stricter).build()?;
    /// # Ok::<(), corsac_middleware::BuildError>(())
    /// ```
    pub fn builder(source: impl Into<PolicySource>) -> CorsBuilder {
        CorsBuilder {
            main: source.into(),
            parts: Vec::new(),
            report_only: None,
            outcome_for_handlers: false,
            events_per_second: 10,
        }
    }

    /// The part of the server that a path lies in.
    #[inline]
    pub(crate) fn site(&self, path: &str) -> &Arc<Site> {
        self.0.parts.get(path).unwrap_or(&self.0.main)
    }
}

impl fmt::Debug for Cors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<_> =
            self.0.parts.iter().map(|(prefix, site)| (prefix, site.observer.name())).collect();
        f.debug_struct("Cors")
            .field("policy", self.0.main.observer.name())
            .field("parts", &parts)
            .finish_non_exhaustive()
    }
}

/// Settings of a [`Cors`] that is not built yet.
///
/// ```
/// # use corsac::server::Policy;
/// # use corsac_middleware::{Cors, CorsBuilder};
/// let builder: CorsBuilder = Cors::builder(Policy::builder(["*"]).build().unwrap());
/// let cors = builder.build()?;
/// # Ok::<(), corsac_middleware::BuildError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CorsBuilder {
    main: PolicySource,
    parts: Vec<(String, PolicySource)>,
    report_only: Option<PolicyHandle>,
    outcome_for_handlers: bool,
    events_per_second: u32,
}

impl CorsBuilder {
    /// Gives a part of the server a policy of its own, in place of the main one: the path and everything below it. Of several that cover a
    /// path the longest one counts, and of two for the same path the one that was given last.
    ///
    /// `/public` covers `/public` and `/public/logo.png`, not `/publications`. Paths are compared as they are sent: `/Public` and
    /// `/publi%63` are others. A path begins with a slash, and one at the end means nothing. A path is not a pattern:
    /// see [`PathPrefix::parse`] for what [`build`](Self::build) refuses.
    ///
    /// A request whose path has a segment `.` or `..`, percent-encoded or not, gets the main policy: where such a path leads is for the
    /// server to decide. (Browsers resolve these before they send a request.)
    ///
    /// A part has a lookup of its own, or none: `.at("/shop", PolicySource::from(policy).origins(lookup))`.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::Cors;
    /// let cors = Cors::builder(Policy::builder(["https://app.example"]).build()?)
    ///     .at("/public", Policy::builder(["*"]).build()?)
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn at(mut self, path: &str, source: impl Into<PolicySource>) -> Self {
        self.parts.push((path.to_owned(), source.into()));
        self
    }

    /// Asks about origins that the main policy does not list. It is the lookup of the main policy alone: a part ([`at`](Self::at)) has
    /// one of its own, given with [`PolicySource::origins`], or none.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::{Cors, OriginLookup, OriginQuery};
    /// let cors = Cors::builder(Policy::builder(["https://app.example"]).build().unwrap())
    ///     .origins(OriginLookup::new(|query: &OriginQuery| query.origin.host() == Some("acme.example")))
    ///     .build()?;
    /// # Ok::<(), corsac_middleware::BuildError>(())
    /// ```
    #[must_use]
    pub fn origins(mut self, lookup: OriginLookup) -> Self {
        self.main = self.main.origins(lookup);
        self
    }

    /// Tries out another policy in place of the main one: it is asked about every request beside the one that counts, and where one allows
    /// what the other refuses, or only one blocks, that is logged and counted. Nothing of it reaches a response. Requests without
    /// a policy are not compared, nor those of parts, which have policies of their own ([`at`](Self::at)).
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::{Cors, PolicyHandle};
    /// let now = Policy::builder(["*"]).build().unwrap();
    /// let soon = PolicyHandle::new(Policy::builder(["https://app.example"]).build().unwrap()); // or a policy
    /// let cors = Cors::builder(now).report_only(soon).build()?;
    /// # Ok::<(), corsac_middleware::BuildError>(())
    /// ```
    #[must_use]
    pub fn report_only(mut self, policy: impl Into<PolicyHandle>) -> Self {
        self.report_only = Some(policy.into());
        self
    }

    /// Leaves the [`CorsOutcome`](crate::CorsOutcome) among the request's extensions, for handlers to read. It costs an allocation or two.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::Cors;
    /// let cors = Cors::builder(Policy::builder(["*"]).build().unwrap()).outcome_for_handlers().build()?;
    /// # Ok::<(), corsac_middleware::BuildError>(())
    /// ```
    #[must_use]
    pub fn outcome_for_handlers(mut self) -> Self {
        self.outcome_for_handlers = true;
        self
    }

    /// How many events are logged in a second for the same reason, so that nobody can flood the log. Defaults to ten. Counters count all.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::Cors;
    /// let cors = Cors::builder(Policy::builder(["*"]).build().unwrap()).events_per_second(1).build()?;
    /// # Ok::<(), corsac_middleware::BuildError>(())
    /// ```
    #[must_use]
    pub fn events_per_second(mut self, most: u32) -> Self {
        self.events_per_second = most;
        self
    }

    /// The middleware with these settings.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::Cors;
    /// let policy = Policy::builder(["*"]).build().unwrap();
    /// let error = Cors::builder(policy.clone()).at("/users/{id}", policy).build().unwrap_err();
    /// assert_eq!(error.paths()[0].path(), "/users/{id}");
    /// ```
    ///
    /// # Errors
    ///
    /// Paths of [`at`](Self::at) that fit no request, all of them, with what to write.
    pub fn build(self) -> Result<Cors, BuildError> {
        let shared = Arc::new(self.shared());
        let (mut parts, mut wrong) = (PathMap::new(), Vec::new());
        for (path, source) in &self.parts {
            match PathPrefix::parse(path) {
                Ok(prefix) => {
                    let site = Site::new(source.clone(), prefix.as_str(), None, &shared);
                    parts.insert(prefix, Arc::new(site));
                }
                Err(error) => wrong.push(error),
            }
        }
        if wrong.is_empty() {
            Ok(Cors(Arc::new(Sites { main: self.main_site(&shared), parts })))
        } else {
            Err(BuildError { paths: wrong })
        }
    }

    fn shared(&self) -> Shared {
        Shared {
            outcome_for_handlers: self.outcome_for_handlers,
            limiter: Limiter::new(self.events_per_second),
        }
    }

    fn main_site(self, shared: &Arc<Shared>) -> Arc<Site> {
        Arc::new(Site::new(self.main, "default", self.report_only, shared))
    }
}

/// Why a [`Cors`] could not be built: parts of the server whose paths fit no request.
///
/// ```
/// # use corsac::server::Policy;
/// # use corsac_middleware::Cors;
/// let policy = Policy::builder(["*"]).build().unwrap();
/// let error = Cors::builder(policy.clone()).at("/public/*", policy).build().unwrap_err();
/// assert!(error.to_string().contains("write `/public`"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError {
    paths: Vec<PathPrefixError>,
}

impl BuildError {
    /// What is wrong with each path of [`CorsBuilder::at`] that fits no request, in the order in which they were given.
    pub fn paths(&self) -> &[PathPrefixError] {
        &self.paths
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for error in &self.paths {
            writeln!(f, "{error}")?;
        }
        f.write_str("to choose a policy by anything else than a path, there is `PolicySource::select`")
    }
}

impl Error for BuildError {}
