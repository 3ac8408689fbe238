//! Policies that have to be looked up: one for each tenant, from a database or another service.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use corsac::server::Policy;

use crate::cache::{Cache, CacheOptions, DEFAULT_TIMEOUT, LONGEST_KEY, in_time};
use crate::failure::LookupFailure;
use crate::no_policy::ALLOWS_NOBODY;
use crate::observe;
use crate::request::RequestView;

/// Policies by the name of a tenant, looked up when a request needs one and kept for a while.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::{Cors, RequestView, Tenants};
///
/// let tenants = Tenants::new(
///     |request: &RequestView<'_>| request.host().map(str::to_ascii_lowercase),
///     |host: String| async move {
///         match host.as_str() { // ask a database here
///             "acme.example" => Ok(Some(Policy::builder(["https://app.acme.example"]).build()?)),
///             _ => Ok::<_, corsac::server::Problems>(None),
///         }
///     },
/// );
/// let cors = Cors::new(tenants.clone()); // keep the other one, to `forget` a tenant whose policy changed
/// ```
///
/// A tenant without a policy is a request without one: see [`PolicySource::select`](crate::PolicySource::select). A lookup that fails or
/// takes too long refuses: the request is served, and its response carries no permission. For another policy in that case, one that blocks
/// for example, there is [`fallback`](Self::fallback).
///
/// A key that is taken from a header needs [`PolicySource::reads`](crate::PolicySource::reads).
///
/// It needs a tokio runtime with time enabled, as every server on tokio has.
#[derive(Clone)]
pub struct Tenants {
    key: Arc<Key>,
    lookup: Arc<Lookup>,
    timeout: Duration,
    cache: Cache<String, Policy>,
    fallback: Option<Policy>,
}

type Key = dyn Fn(&RequestView<'_>) -> Option<String> + Send + Sync;
type Answer = Pin<Box<dyn Future<Output = Result<Option<Policy>, LookupFailure>> + Send>>;
type Lookup = dyn Fn(String) -> Answer + Send + Sync;

impl Tenants {
    /// `key` names the tenant of a request; `None`: the request has none, and no policy. `lookup` finds the tenant's policy.
    ///
    /// ```
    /// # use corsac_middleware::{RequestView, Tenants};
    /// let nobody = Tenants::new(|_: &RequestView<'_>| None, |_| async { Ok::<_, std::io::Error>(None) });
    /// ```
    pub fn new<F, E>(
        key: impl Fn(&RequestView<'_>) -> Option<String> + Send + Sync + 'static,
        lookup: impl Fn(String) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Option<Policy>, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        Self {
            key: Arc::new(key),
            lookup: Arc::new(move |tenant| {
                let answer = lookup(tenant);
                Box::pin(async move { answer.await.map_err(|error| observe::lookup_failed(&*error.into())) })
            }),
            timeout: DEFAULT_TIMEOUT,
            cache: Cache::new(CacheOptions::default()),
            fallback: None,
        }
    }

    /// How many policies are kept, and for how long. Defaults to [`CacheOptions::default`].
    ///
    /// ```
    /// # use corsac_middleware::{CacheOptions, RequestView, Tenants};
    /// # let tenants = Tenants::new(|_: &RequestView<'_>| None, |_| async { Ok::<_, std::io::Error>(None) });
    /// let tenants = tenants.cached(CacheOptions { capacity: 500, ..CacheOptions::default() });
    /// ```
    #[must_use]
    pub fn cached(mut self, options: CacheOptions) -> Self {
        self.cache = Cache::new(options);
        self
    }

    /// How long a request waits for a lookup. Defaults to two seconds.
    ///
    /// ```
    /// # use corsac_middleware::{RequestView, Tenants};
    /// # let tenants = Tenants::new(|_: &RequestView<'_>| None, |_| async { Ok::<_, std::io::Error>(None) });
    /// let tenants = tenants.timeout(std::time::Duration::from_millis(250));
    /// ```
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The policy for requests whose own cannot be had because the lookup failed or took too long. By default nothing is allowed, and nothing
    /// blocked.
    ///
    /// ```
    /// # use corsac::server::{Enforce, Policy};
    /// # use corsac_middleware::{RequestView, Tenants};
    /// # let tenants = Tenants::new(|_: &RequestView<'_>| None, |_| async { Ok::<_, std::io::Error>(None) });
    /// let careful = Policy::builder(["https://admin.example"]).enforce(Enforce::Block).build()?;
    /// let tenants = tenants.fallback(careful);
    /// # Ok::<(), corsac::server::Problems>(())
    /// ```
    #[must_use]
    pub fn fallback(mut self, policy: Policy) -> Self {
        self.fallback = Some(policy);
        self
    }

    /// Forgets what is kept about a tenant: the next request looks again.
    ///
    /// ```
    /// # use corsac_middleware::{RequestView, Tenants};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let tenants = Tenants::new(|_: &RequestView<'_>| None, |_| async { Ok::<_, std::io::Error>(None) });
    /// tenants.forget("acme.example").await;
    /// # }
    /// ```
    pub async fn forget(&self, tenant: &str) {
        self.cache.forget(&tenant.to_owned()).await;
    }

    /// Forgets what is kept about every tenant.
    ///
    /// ```
    /// # use corsac_middleware::{RequestView, Tenants};
    /// # let tenants = Tenants::new(|_: &RequestView<'_>| None, |_| async { Ok::<_, std::io::Error>(None) });
    /// tenants.forget_all();
    /// ```
    pub fn forget_all(&self) {
        self.cache.forget_all();
    }

    /// The number of cached tenants, including those known to have no policy.
    ///
    /// ```
    /// # use corsac_middleware::{RequestView, Tenants};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let tenants = Tenants::new(|_: &RequestView<'_>| None, |_| async { Ok::<_, std::io::Error>(None) });
    /// assert_eq!(tenants.kept().await, 0);
    /// # }
    /// ```
    pub async fn kept(&self) -> u64 {
        self.cache.len().await
    }

    pub(crate) fn key(&self, request: &RequestView<'_>) -> Option<String> {
        (self.key)(request)
    }

    pub(crate) async fn policy(&self, tenant: String) -> Result<Option<Policy>, LookupFailure> {
        if tenant.len() > LONGEST_KEY {
            return in_time(self.timeout, (self.lookup)(tenant)).await;
        }
        let lookup = {
            let (lookup, tenant) = (Arc::clone(&self.lookup), tenant.clone());
            async move { lookup(tenant).await }
        };
        self.cache.get(tenant, self.timeout, lookup).await
    }

    /// The policy that counts where a tenant's own cannot be had.
    pub(crate) fn fallback_policy(&self) -> Option<&Policy> {
        self.fallback.as_ref().or(ALLOWS_NOBODY.as_ref())
    }
}

impl fmt::Debug for Tenants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenants").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
