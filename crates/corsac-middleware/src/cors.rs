//! The middleware's settings.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::header::{HOST, HeaderName, HeaderValue};

use crate::handle::PolicyHandle;
use crate::lookup::OriginLookup;
use crate::observe::{self, Counters, Limiter};
use crate::paths::{has_dot_segment, misfit};
use crate::source::{PolicySource, SourceKind};
use crate::stacked::Living;

/// CORS for the requests of a server, or a part of it. Cheap to clone: every clone is the same.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::Cors;
///
/// let cors = Cors::builder(Policy::builder(["https://app.example"]).credentials(true).build()?)
///     .at("/public", Policy::builder(["*"]).build()?) // in its place, not on top
///     .build();
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Clone)]
pub struct Cors(Arc<Settings>);

struct Settings {
    main: Site,
    /// Parts with a policy of their own, the longest path first.
    parts: Vec<(String, Site)>,
    lookup: Option<OriginLookup>,
    report_only: Option<PolicyHandle>,
    outcome_for_handlers: bool,
    limiter: Limiter,
    noticed_inner: AtomicBool,
    _living: Living,
}

/// A part of the server that has one source of policies.
pub(crate) struct Site {
    pub(crate) source: SourceKind,
    pub(crate) name: Arc<str>,
    pub(crate) counters: Counters,
    /// What lookups and choices depend on.
    pub(crate) vary: Option<HeaderValue>,
    reads_all_headers: bool,
}

/// Which [`Site`]: the main one, or a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At(Option<usize>);

impl Cors {
    /// One source of policies for all requests.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::Cors;
    /// let cors = Cors::new(Policy::builder(["https://app.example"]).build().unwrap());
    /// ```
    pub fn new(source: impl Into<PolicySource>) -> Self {
        Self::builder(source).build()
    }

    /// Settings beside the source of policies.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::Cors;
    /// let policy = Policy::builder(["https://app.example"]).build().unwrap();
    /// let stricter = Policy::builder(["https://app.example"]).credentials(true).build().unwrap();
    /// let cors = Cors::builder(policy).report_only(stricter).build();
    /// ```
    pub fn builder(source: impl Into<PolicySource>) -> CorsBuilder {
        CorsBuilder {
            main: source.into(),
            parts: Vec::new(),
            lookup: None,
            report_only: None,
            outcome_for_handlers: false,
            events_per_second: 10,
        }
    }

    /// May it need other request headers than [`RequestView::HEADERS`](crate::RequestView::HEADERS)? For adapters that have to convert
    /// them.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::{Cors, PolicySource};
    /// assert!(!Cors::new(Policy::builder(["*"]).build().unwrap()).reads_all_headers());
    /// assert!(Cors::new(PolicySource::select(|_| None)).reads_all_headers());
    /// ```
    pub fn reads_all_headers(&self) -> bool {
        let own = |name: &HeaderName| crate::RequestView::HEADERS.contains(name);
        let looks_further = |lookup: &OriginLookup| !lookup.declared().iter().all(own);
        self.0.main.reads_all_headers
            || self.0.parts.iter().any(|(_, site)| site.reads_all_headers)
            || self.0.lookup.as_ref().is_some_and(looks_further)
    }

    /// The part of the server that a path lies in. Whole segments are compared, as they were sent: nothing is decoded and no case folded.
    /// One with a segment `.` or `..` lies in none.
    pub(crate) fn at(&self, path: &str) -> At {
        if self.0.parts.is_empty() || has_dot_segment(path) {
            return At(None);
        }
        let covers = |prefix: &str| {
            path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        At(self.0.parts.iter().position(|(prefix, _)| covers(prefix)))
    }

    pub(crate) fn site(&self, at: At) -> &Site {
        at.0.and_then(|index| self.0.parts.get(index)).map_or(&self.0.main, |(_, site)| site)
    }

    pub(crate) fn lookup(&self) -> Option<&OriginLookup> {
        self.0.lookup.as_ref()
    }

    /// The policy to compare with. Parts have none.
    pub(crate) fn report_only(&self, at: At) -> Option<&PolicyHandle> {
        self.0.report_only.as_ref().filter(|_| at.0.is_none())
    }

    pub(crate) fn tells_handlers(&self) -> bool {
        self.0.outcome_for_handlers
    }

    pub(crate) fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }

    pub(crate) fn first_notice_of_inner(&self) -> bool {
        !self.0.noticed_inner.swap(true, Ordering::Relaxed)
    }
}

impl fmt::Debug for Cors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<_> = self.0.parts.iter().map(|(prefix, site)| (prefix, &site.name)).collect();
        f.debug_struct("Cors")
            .field("policy", &self.0.main.name)
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
/// let cors = builder.build();
/// ```
#[derive(Clone, Debug)]
pub struct CorsBuilder {
    main: PolicySource,
    parts: Vec<(String, PolicySource)>,
    lookup: Option<OriginLookup>,
    report_only: Option<PolicyHandle>,
    outcome_for_handlers: bool,
    events_per_second: u32,
}

impl CorsBuilder {
    /// Gives a part of the server a policy of its own, in place of the main one: the path and everything below it. Of several that cover a
    /// path the longest is responsible, of two for the same path the one that was given last.
    ///
    /// `/public` covers `/public` and `/public/logo.png`, not `/publications`. Paths are compared as they are sent: `/Public` and
    /// `/publi%63` are others. The slash at the beginning may be left out, and one at the end means nothing.
    ///
    /// It is a path and no pattern: of one with `*`, `{id}`, `..`, a query or the like, which no request fits, [`build`](Self::build) says
    /// in a warning what to write. A request whose path has a segment `.` or `..`, percent-encoded or not, gets the main policy: where such
    /// a path leads is for the server to say. (Browsers resolve these before they ask.)
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::{Begun, Cors, RequestView};
    /// let cors = Cors::builder(Policy::builder(["https://app.example"]).build()?)
    ///     .at("/public", Policy::builder(["*"]).build()?)
    ///     .build();
    /// let request = http::Request::get("/public/logo.png").body(()).unwrap();
    /// let Begun::Now(judged) = cors.begin(&RequestView::of(&request)) else { unreachable!("no lookup is involved") };
    /// assert_eq!(&*judged.outcome().policy, "/public");
    /// # Ok::<(), corsac::server::Problems>(())
    /// ```
    #[must_use]
    pub fn at(mut self, path: &str, source: impl Into<PolicySource>) -> Self {
        let inner = path.trim_matches('/');
        let prefix = if inner.is_empty() { String::new() } else { format!("/{inner}") };
        self.parts.retain(|(existing, _)| *existing != prefix);
        self.parts.push((prefix, source.into()));
        self
    }

    /// Asks about origins that the policy of a request does not list.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::{Cors, OriginLookup, OriginQuery};
    /// let cors = Cors::builder(Policy::builder(["https://app.example"]).build().unwrap())
    ///     .origins(OriginLookup::new(|query: &OriginQuery| query.origin.host() == Some("acme.example")))
    ///     .build();
    /// ```
    #[must_use]
    pub fn origins(mut self, lookup: OriginLookup) -> Self {
        self.lookup = Some(lookup);
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
    /// let cors = Cors::builder(now).report_only(soon).build();
    /// ```
    #[must_use]
    pub fn report_only(mut self, policy: impl Into<PolicyHandle>) -> Self {
        self.report_only = Some(policy.into());
        self
    }

    /// Leaves the [`Outcome`](crate::Outcome) among the request's extensions, for handlers to read. It costs an allocation or two.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::Cors;
    /// let cors = Cors::builder(Policy::builder(["*"]).build().unwrap()).outcome_for_handlers().build();
    /// ```
    #[must_use]
    pub fn outcome_for_handlers(mut self) -> Self {
        self.outcome_for_handlers = true;
        self
    }

    /// How many events are logged in a second for the same reason, so that nobody can flood the log. Left out: ten. Counters count all.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::Cors;
    /// let cors = Cors::builder(Policy::builder(["*"]).build().unwrap()).events_per_second(1).build();
    /// ```
    #[must_use]
    pub fn events_per_second(mut self, most: u32) -> Self {
        self.events_per_second = most;
        self
    }

    /// The middleware with these settings. It logs a warning for each path of [`at`](Self::at) that fits no request: install the subscriber
    /// of `tracing` first.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::Cors;
    /// let cors = Cors::builder(Policy::builder(["*"]).build().unwrap()).build();
    /// ```
    pub fn build(self) -> Cors {
        let declared = self.lookup.as_ref().map_or(&[][..], OriginLookup::declared).to_vec();
        let site = |source: PolicySource, name: &str| Site::new(source, name, &declared);
        let main = site(self.main, "default");
        for (prefix, _) in &self.parts {
            if let Some(why) = misfit(prefix) {
                observe::misfit(prefix, &why);
            }
        }
        let mut parts: Vec<(String, Site)> = self
            .parts
            .into_iter()
            .map(|(prefix, source)| {
                let site = site(source, if prefix.is_empty() { "/" } else { &prefix });
                (prefix, site)
            })
            .collect();
        parts.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        Cors(Arc::new(Settings {
            main,
            parts,
            lookup: self.lookup,
            report_only: self.report_only,
            outcome_for_handlers: self.outcome_for_handlers,
            limiter: Limiter::new(self.events_per_second),
            noticed_inner: AtomicBool::new(false),
            _living: Living::new(),
        }))
    }
}

impl Site {
    fn new(source: PolicySource, name: &str, declared: &[HeaderName]) -> Self {
        let mut names: Vec<&str> = source
            .reads
            .iter()
            .chain(declared)
            .filter(|name| *name != HOST)
            .map(HeaderName::as_str)
            .collect();
        names.sort_unstable();
        names.dedup();
        let vary = HeaderValue::from_str(&names.join(", ")).ok().filter(|_| !names.is_empty());
        let name: Arc<str> = source.name.unwrap_or_else(|| Cow::Owned(name.to_owned())).into();
        Self {
            counters: Counters::new(Arc::clone(&name)),
            reads_all_headers: matches!(source.kind, SourceKind::Selected(_) | SourceKind::Tenants(_)),
            source: source.kind,
            name,
            vary,
        }
    }
}
