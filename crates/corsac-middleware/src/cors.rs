//! The middleware's settings.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use corsac::server::{PathMap, PathPrefix, PathPrefixError};

use crate::handle::PolicyHandle;
use crate::lookup::OriginLookup;
use crate::observe::Limiter;
use crate::server_part::{ServerPart, Shared};
use crate::source::PolicySource;

/// CORS for the requests of a server, or of a part of it. Cheap to clone; clones share everything.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::Cors;
///
/// let cors = Cors::builder(Policy::builder(["https://app.example"]).credentials(true).build()?)
///     .at("/public", Policy::builder(["*"]).build()?) // replaces the main policy there
///     .build()?;
/// assert!(format!("{cors:?}").contains("/public"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Cors(Arc<ServerParts>);

struct ServerParts {
    main: Arc<ServerPart>,
    /// Those with a policy of their own.
    others: PathMap<Arc<ServerPart>>,
}

impl Cors {
    /// Takes the policy of every request from `source`.
    pub fn new(source: impl Into<PolicySource>) -> Self {
        let builder = Self::builder(source);
        let shared = Arc::new(builder.shared());
        Self(Arc::new(ServerParts { main: builder.main_part(&shared), others: PathMap::new() }))
    }

    /// Returns a builder with further settings. `source` is the main source of policies.
    pub fn builder(source: impl Into<PolicySource>) -> CorsBuilder {
        CorsBuilder {
            main: source.into(),
            parts: Vec::new(),
            report_only: None,
            outcome_for_handlers: false,
            events_per_second: 10,
        }
    }

    /// The part of the server to which a path belongs.
    #[inline]
    pub(crate) fn part(&self, path: &str) -> &Arc<ServerPart> {
        self.0.others.get(path).unwrap_or(&self.0.main)
    }
}

impl fmt::Debug for Cors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<_> =
            self.0.others.iter().map(|(prefix, part)| (prefix, part.observer.name())).collect();
        f.debug_struct("Cors")
            .field("policy", self.0.main.observer.name())
            .field("parts", &parts)
            .finish_non_exhaustive()
    }
}

/// The settings of a [`Cors`] that is not built yet. [`Cors::builder`] makes one.
#[derive(Clone, Debug)]
pub struct CorsBuilder {
    main: PolicySource,
    parts: Vec<(String, PolicySource)>,
    report_only: Option<PolicyHandle>,
    outcome_for_handlers: bool,
    events_per_second: u32,
}

impl CorsBuilder {
    /// Gives a part of the server another source of policies, which replaces the main one there: the path and everything below it. If several
    /// parts cover a path, the longest one applies. If the same path is given twice, the later one applies.
    ///
    /// `/public` covers `/public` and `/public/logo.png`, but not `/publications`. Paths are compared as they are sent: `/Public` and
    /// `/publi%63` are different paths. A path begins with a slash; a slash at its end has no effect. A path is not a pattern:
    /// [`PathPrefix::parse`] lists what [`build`](Self::build) refuses.
    ///
    /// A request whose path has a segment `.` or `..`, percent-encoded or not, gets the main policy, because only the server knows where such
    /// a path leads. (Browsers resolve these segments before they send a request.)
    ///
    /// The lookup of the main policy does not apply here. To give the part a lookup, write
    /// `.at("/shop", PolicySource::from(policy).origins(lookup))`.
    #[must_use]
    pub fn at(mut self, path: &str, source: impl Into<PolicySource>) -> Self {
        self.parts.push((path.to_owned(), source.into()));
        self
    }

    /// Looks up origins that the main policy does not list. It does not apply to parts ([`at`](Self::at)), which have a lookup of their own
    /// ([`PolicySource::origins`]) or none.
    #[must_use]
    pub fn origins(mut self, lookup: OriginLookup) -> Self {
        self.main = self.main.origins(lookup);
        self
    }

    /// Tries out another policy in place of the main one. It also decides about every request, without any effect on the response. If one of the
    /// two allows what the other refuses, or only one of them blocks the request, the difference is logged and counted. Requests without a
    /// policy are not compared, and neither are those to parts ([`at`](Self::at)).
    #[must_use]
    pub fn report_only(mut self, policy: impl Into<PolicyHandle>) -> Self {
        self.report_only = Some(policy.into());
        self
    }

    /// Inserts the [`CorsOutcome`](crate::CorsOutcome) into the request's extensions, for handlers to read. It allocates memory for each request.
    #[must_use]
    pub fn outcome_for_handlers(mut self) -> Self {
        self.outcome_for_handlers = true;
        self
    }

    /// Sets how many events are logged per second for the same reason, so that requests cannot flood the log. Defaults to ten. Counters are not
    /// limited.
    #[must_use]
    pub fn events_per_second(mut self, most: u32) -> Self {
        self.events_per_second = most;
        self
    }

    /// Builds the middleware.
    ///
    /// # Errors
    ///
    /// If a path given to [`at`](Self::at) cannot match any request. The error lists all such paths.
    ///
    /// ```
    /// use corsac::server::Policy;
    /// use corsac_middleware::Cors;
    ///
    /// let policy = Policy::builder(["*"]).build().unwrap();
    /// let error = Cors::builder(policy.clone()).at("/users/{id}", policy).build().unwrap_err();
    /// assert_eq!(error.paths()[0].path(), "/users/{id}");
    /// ```
    pub fn build(self) -> Result<Cors, BuildError> {
        let shared = Arc::new(self.shared());
        let (mut others, mut errors) = (PathMap::new(), Vec::new());
        for (path, source) in &self.parts {
            match PathPrefix::parse(path) {
                Ok(prefix) => {
                    let part = ServerPart::new(source.clone(), prefix.as_str(), None, &shared);
                    others.insert(prefix, Arc::new(part));
                }
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() {
            Ok(Cors(Arc::new(ServerParts { main: self.main_part(&shared), others })))
        } else {
            Err(BuildError { paths: errors })
        }
    }

    fn shared(&self) -> Shared {
        Shared {
            outcome_for_handlers: self.outcome_for_handlers,
            limiter: Limiter::new(self.events_per_second),
        }
    }

    fn main_part(self, shared: &Arc<Shared>) -> Arc<ServerPart> {
        Arc::new(ServerPart::new(self.main, "default", self.report_only, shared))
    }
}

/// Why a [`Cors`] could not be built: paths of [`CorsBuilder::at`] that cannot match any request.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::Cors;
///
/// let policy = Policy::builder(["*"]).build().unwrap();
/// let error = Cors::builder(policy.clone()).at("/public/*", policy).build().unwrap_err();
/// assert!(error.to_string().contains("write `/public`"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError {
    paths: Vec<PathPrefixError>,
}

impl BuildError {
    /// What is wrong with each such path, in the order in which they were given.
    pub fn paths(&self) -> &[PathPrefixError] {
        &self.paths
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for error in &self.paths {
            writeln!(f, "{error}")?;
        }
        f.write_str("to choose a policy by something other than a path, use `PolicySource::select`")
    }
}

impl Error for BuildError {}
