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

/// Where the policy of a request comes from: a [`Policy`], a [`PolicyHandle`], a [`PlacementHandle`], a function
/// ([`select`](Self::select)), or a lookup ([`Tenants`]).
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::{Cors, PolicySource};
///
/// let cors = Cors::new(PolicySource::from(Policy::builder(["https://app.example"]).build()?).named("app"));
/// assert!(format!("{cors:?}").contains("app"));
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
    /// Chooses a policy by the request: by its host, path, headers, or what outer layers put into its extensions. `select` is called for every
    /// request and must not block. For lookups that take time, use [`Tenants`].
    ///
    /// `select` returns a policy, an `Option` of one, or a [`PolicyChoice`]. `None` means that there is no policy for the request. The request
    /// and its response then pass unchanged, except that a preflight is answered without any permission. If preflights have to reach the
    /// service, return [`PolicyChoice::Pass`].
    ///
    /// If the choice depends on a header, declare the header with [`reads`](Self::reads).
    ///
    /// ```
    /// use corsac::server::Policy;
    /// use corsac_middleware::{Begun, Cors, Decided, PolicySource, RequestView};
    /// use http::{Request, Response};
    ///
    /// let shop = Policy::builder(["https://shop.example"]).build()?;
    /// let cors = Cors::new(PolicySource::select(move |request: &RequestView<'_>| match request.host() {
    ///     Some("api.shop.example") => Some(shop.clone()),
    ///     _ => None,
    /// }));
    /// for (host, allowed) in [("api.shop.example", true), ("api.example", false)] {
    ///     let request = Request::get("/").header("host", host).header("origin", "https://shop.example").body(()).unwrap();
    ///     let begun = cors.begin(&RequestView::of(&request), |_, _| Response::new(()));
    ///     let Begun::Decided(Decided::Forward(forward)) = begun else { unreachable!("no lookup, no preflight, not blocked") };
    ///     let mut response = Response::new(());
    ///     forward.finish.apply(response.headers_mut());
    ///     assert_eq!(response.headers().contains_key("access-control-allow-origin"), allowed, "{host}");
    /// }
    /// # Ok::<(), corsac::server::Problems>(())
    /// ```
    pub fn select<C: Into<PolicyChoice>>(
        select: impl Fn(&RequestView<'_>) -> C + Send + Sync + 'static,
    ) -> Self {
        Self::new(SourceKind::Selected(Arc::new(move |request| select(request).into())))
    }

    /// For a part of a server whose CORS is handled elsewhere, such as a service to which requests are forwarded. Requests and responses pass
    /// unchanged: no header is written or removed, nothing is added to `Vary`, nothing is enforced, and preflights reach the service. Such
    /// requests are counted with the outcome `pass`.
    pub fn pass() -> Self {
        Self::new(SourceKind::Pass)
    }

    /// Sets the name in logs and counters. Defaults to `default`, or to the path given to [`CorsBuilder::at`](crate::CorsBuilder::at).
    #[must_use]
    pub fn named(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Declares the request headers that the choice depends on. They are added to `Vary` of every response, so that caches do not serve one
    /// tenant's response to another. `Host` need not be declared, because caches distinguish hosts anyway.
    #[must_use]
    pub fn reads(mut self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        self.reads.extend(names);
        self
    }

    /// Looks up origins that a policy of this source does not list. The lookup belongs to this source: an origin that it allows gets the
    /// credentials, methods and headers of the policy that the source has for the request.
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
    /// The placement chooses by path. A lookup ([`origins`](PolicySource::origins)) belongs to its main policy. The names are those of the
    /// placement.
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
        let mut fields = f.debug_struct("PolicySource");
        match &self.kind {
            SourceKind::Fixed(policy) => fields.field("policy", policy),
            SourceKind::Handle(handle) => fields.field("handle", handle),
            SourceKind::Selected(_) => fields.field("selected", &"a function"),
            SourceKind::Placed(handle) => fields.field("placement", handle),
            SourceKind::NoPolicy => fields.field("no_policy", &true),
            SourceKind::Pass => fields.field("pass", &true),
            #[cfg(feature = "lookups")]
            SourceKind::Tenants(tenants) => fields.field("tenants", tenants),
        };
        fields.field("origins", &self.lookup).field("name", &self.name).field("reads", &self.reads).finish()
    }
}
