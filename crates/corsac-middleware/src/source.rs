//! Where the policy of a request comes from.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use corsac::server::{Policy, PolicyChoice};
use http::HeaderName;

use crate::handle::{PlacementHandle, PolicyHandle};
use crate::lookup::OriginLookup;
use crate::request::RequestView;
#[cfg(feature = "lookups")]
use crate::tenants::Tenants;

/// Where the policy of a request comes from: a [`Policy`], a [`PolicyHandle`], a [`PlacementHandle`], a function, or a lookup for [`Tenants`].
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::{Cors, PolicySource};
///
/// let cors = Cors::new(PolicySource::from(Policy::builder(["https://app.example"]).build()?).named("app"));
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Clone)]
pub struct PolicySource {
    pub(crate) kind: SourceKind,
    pub(crate) lookup: Option<OriginLookup>,
    pub(crate) name: Option<Cow<'static, str>>,
    pub(crate) reads: Vec<HeaderName>,
}

#[derive(Clone)]
pub(crate) enum SourceKind {
    Fixed(Policy),
    Handle(PolicyHandle),
    Placed(PlacementHandle),
    Selected(Arc<Select>),
    NoPolicy,
    Pass,
    #[cfg(feature = "lookups")]
    Tenants(Tenants),
}

type Select = dyn Fn(&RequestView<'_>) -> PolicyChoice + Send + Sync;

impl PolicySource {
    /// Chooses by the request: its host, path, headers, or what outer layers left in its extensions. It is called for every request and
    /// must not wait for anything; for what takes time there are [`Tenants`].
    ///
    /// The choice is a policy, an `Option` of one, or a [`PolicyChoice`]. `None` means that no policy is responsible. Such a request is
    /// passed on untouched, its response too, with one exception: a preflight is answered without any permission. Where preflights are
    /// somebody else's to answer, choose [`PolicyChoice::Pass`].
    ///
    /// A choice by a header has to be declared with [`reads`](Self::reads).
    ///
    /// ```
    /// use corsac::server::Policy;
    /// use corsac_middleware::{Cors, PolicySource, RequestView};
    ///
    /// let (shop, everybody) = (Policy::builder(["https://shop.example"]).build()?, Policy::builder(["*"]).build()?);
    /// let cors = Cors::new(PolicySource::select(move |request: &RequestView<'_>| match request.host() {
    ///     Some("api.shop.example") => Some(shop.clone()),
    ///     Some("public.example") => Some(everybody.clone()),
    ///     _ => None,
    /// }));
    /// # Ok::<(), corsac::server::Problems>(())
    /// ```
    pub fn select<C: Into<PolicyChoice>>(
        select: impl Fn(&RequestView<'_>) -> C + Send + Sync + 'static,
    ) -> Self {
        Self::new(SourceKind::Selected(Arc::new(move |request| select(request).into())))
    }

    /// For a part of a server whose CORS is somebody else's, as that of a service to which requests are forwarded. Requests and responses
    /// pass untouched: no header is written or taken out, nothing is added to `Vary`, nothing is enforced, and preflights reach the service.
    /// They are counted with the outcome `pass`.
    ///
    /// ```
    /// use corsac::server::Policy;
    /// use corsac_middleware::{Cors, PolicySource};
    ///
    /// let cors = Cors::builder(Policy::builder(["https://app.example"]).build()?).at("/store", PolicySource::pass()).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pass() -> Self {
        Self::new(SourceKind::Pass)
    }

    /// A name for logs and counters. Without one it is `default`, or the path of [`CorsBuilder::at`](crate::CorsBuilder::at).
    ///
    /// ```
    /// # use corsac_middleware::PolicySource;
    /// let source = PolicySource::select(|_| None).named("tenants");
    /// ```
    #[must_use]
    pub fn named(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Declares the request headers by which it chooses. They are added to `Vary` of every response, so that no cache gives one tenant's
    /// response to another. `Host` needs no declaration: caches tell hosts apart.
    ///
    /// ```
    /// # use corsac_middleware::PolicySource;
    /// use http::HeaderName;
    /// let source = PolicySource::select(|_| None).reads([HeaderName::from_static("x-tenant")]);
    /// ```
    #[must_use]
    pub fn reads(mut self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        self.reads.extend(names);
        self
    }

    /// Asks about origins that a policy of this source does not list. The lookup belongs to this source: what it allows, it allows under
    /// the policy that the source gives for the request, with that policy's credentials, methods and headers, and nowhere else.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// use corsac_middleware::{Cors, OriginLookup, OriginQuery, PolicySource};
    ///
    /// let partners = OriginLookup::new(|query: &OriginQuery| query.origin.host() == Some("partner.example"));
    /// let cors = Cors::builder(Policy::builder(["https://app.example"]).build()?)
    ///     .at("/partners", PolicySource::from(Policy::builder(["https://app.example"]).build()?).origins(partners))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn origins(mut self, lookup: OriginLookup) -> Self {
        self.lookup = Some(lookup);
        self
    }

    fn new(kind: SourceKind) -> Self {
        Self { kind, lookup: None, name: None, reads: Vec::new() }
    }
}

impl From<Policy> for PolicySource {
    fn from(policy: Policy) -> Self {
        Self::new(SourceKind::Fixed(policy))
    }
}

impl From<PolicyHandle> for PolicySource {
    fn from(handle: PolicyHandle) -> Self {
        Self::new(SourceKind::Handle(handle))
    }
}

impl From<PlacementHandle> for PolicySource {
    /// The placement decides by the path; a lookup ([`origins`](PolicySource::origins)) is its main policy's. Names are those of the placement.
    fn from(handle: PlacementHandle) -> Self {
        Self::new(SourceKind::Placed(handle))
    }
}

impl From<PolicyChoice> for PolicySource {
    fn from(choice: PolicyChoice) -> Self {
        Self::new(match choice {
            PolicyChoice::Policy(policy) => SourceKind::Fixed(policy),
            PolicyChoice::Pass => SourceKind::Pass,
            _ => SourceKind::NoPolicy,
        })
    }
}

#[cfg(feature = "lookups")]
impl From<Tenants> for PolicySource {
    fn from(tenants: Tenants) -> Self {
        Self::new(SourceKind::Tenants(tenants))
    }
}

impl fmt::Debug for PolicySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("PolicySource");
        match &self.kind {
            SourceKind::Fixed(policy) => shown.field("policy", policy),
            SourceKind::Handle(handle) => shown.field("handle", handle),
            SourceKind::Selected(_) => shown.field("selected", &"by a function"),
            SourceKind::Placed(handle) => shown.field("placement", handle),
            SourceKind::NoPolicy => shown.field("no_policy", &true),
            SourceKind::Pass => shown.field("pass", &true),
            #[cfg(feature = "lookups")]
            SourceKind::Tenants(tenants) => shown.field("tenants", tenants),
        };
        shown.field("origins", &self.lookup).field("name", &self.name).field("reads", &self.reads).finish()
    }
}
