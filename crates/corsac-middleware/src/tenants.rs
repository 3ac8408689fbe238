//! Policies of tenants, which are looked up in a database or another service.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use corsac::server::Policy;

use crate::cache::{Cache, CacheOptions, DEFAULT_TIMEOUT, LONGEST_KEY, in_time};
use crate::deny_all::DENY_ALL;
use crate::failure::LookupFailure;
use crate::observe;
use crate::request::RequestView;

/// Policies by the name of a tenant, looked up when a request needs one, and cached.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::{Begun, Cors, Decided, RequestView, Tenants};
/// use http::{Request, Response};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let tenants = Tenants::new(
///     |request: &RequestView<'_>| request.host().map(str::to_ascii_lowercase),
///     |host: String| async move {
///         match host.as_str() { // query a database here
///             "acme.example" => Ok(Some(Policy::builder(["https://app.acme.example"]).build()?)),
///             _ => Ok::<_, corsac::server::Problems>(None),
///         }
///     },
/// );
/// let cors = Cors::new(tenants.clone());
///
/// let request = Request::get("/").header("host", "acme.example").header("origin", "https://app.acme.example").body(()).unwrap();
/// let begun = cors.begin(&RequestView::of(&request), |_, _| Response::new(()));
/// let Begun::Pending(decision) = begun else { unreachable!("the policy is looked up") };
/// let Decided::Forward(forward) = decision.await else { unreachable!("no preflight, not blocked") };
/// let mut response = Response::new(());
/// forward.finish.apply(response.headers_mut());
/// assert_eq!(response.headers()["access-control-allow-origin"], "https://app.acme.example");
///
/// assert_eq!(tenants.cached_tenants().await, 1);
/// tenants.forget("acme.example").await; // its policy changed
/// assert_eq!(tenants.cached_tenants().await, 0);
/// # }
/// ```
///
/// A request of a tenant without a policy has no policy: see [`PolicySource::select`](crate::PolicySource::select). If a lookup fails or takes
/// too long, the request is served and its response has no CORS permission. [`fallback`](Self::fallback) sets another policy for that case, for
/// example one that blocks.
///
/// If the key comes from a header, declare the header with [`PolicySource::reads`](crate::PolicySource::reads).
///
/// It needs a tokio runtime with time enabled.
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
    /// `key` returns the tenant of a request; `None` means that the request has no tenant and therefore no policy. `lookup` returns the tenant's
    /// policy, or `None` if there is none.
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

    /// Sets how many policies are cached, and for how long. Defaults to [`CacheOptions::default`].
    #[must_use]
    pub fn cached(mut self, options: CacheOptions) -> Self {
        self.cache = Cache::new(options);
        self
    }

    /// Sets how long a request waits for a lookup. Defaults to two seconds.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the policy for requests whose lookup failed or took too long. By default nothing is allowed in that case, and nothing is blocked.
    #[must_use]
    pub fn fallback(mut self, policy: Policy) -> Self {
        self.fallback = Some(policy);
        self
    }

    /// Removes a tenant from the cache, so that the next request looks it up again.
    pub async fn forget(&self, tenant: &str) {
        self.cache.forget(&tenant.to_owned()).await;
    }

    /// Removes every tenant from the cache.
    pub fn forget_all(&self) {
        self.cache.forget_all();
    }

    /// The number of cached tenants, including those known to have no policy.
    pub async fn cached_tenants(&self) -> u64 {
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

    /// The policy to use if a lookup fails.
    pub(crate) fn fallback_policy(&self) -> Option<&Policy> {
        self.fallback.as_ref().or(DENY_ALL.as_ref())
    }
}

impl fmt::Debug for Tenants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenants").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
