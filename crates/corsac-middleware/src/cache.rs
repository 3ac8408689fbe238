//! A cache for answers of lookups.

use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::Expiry;

use crate::failure::LookupFailure;
use crate::observe;

/// How many answers of a lookup are cached, and for how long. Requests that need the same answer at the same time share one lookup.
///
/// ```
/// use corsac_middleware::CacheOptions;
/// use std::time::Duration;
///
/// let options = CacheOptions { time_to_live: Duration::from_secs(300), ..CacheOptions::default() };
/// assert_eq!(options.capacity, 10_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_structs,
    reason = "programs write it as a literal, and a cache has no other settings"
)]
pub struct CacheOptions {
    /// The maximum number of cached answers. There is always a limit, because requests choose what is looked up. Answers whose key is longer than a
    /// kilobyte are not cached.
    pub capacity: u64,
    /// How long an answer is cached.
    pub time_to_live: Duration,
    /// How long a negative answer is cached: that a tenant does not exist, or that an origin is not allowed.
    pub negative_time_to_live: Duration,
}

impl Default for CacheOptions {
    /// 10,000 answers, positive ones for a minute and negative ones for ten seconds.
    fn default() -> Self {
        Self {
            capacity: 10_000,
            time_to_live: Duration::from_secs(60),
            negative_time_to_live: Duration::from_secs(10),
        }
    }
}

/// The default timeout of a lookup.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(2);

/// Waits for the answer of a lookup, but not longer than `timeout`.
pub(crate) async fn in_time<T>(
    timeout: Duration,
    answer: impl Future<Output = Result<T, LookupFailure>>,
) -> Result<T, LookupFailure> {
    tokio::time::timeout(timeout, answer).await.unwrap_or_else(|_| {
        observe::lookup_timed_out(timeout);
        Err(LookupFailure::TimedOut)
    })
}

/// In bytes. Answers with a longer key are not cached.
pub(crate) const LONGEST_KEY: usize = 1024;

/// `None` is cached too: it means that there is nothing. Failures are not cached.
#[derive(Clone)]
pub(crate) struct Cache<K, V>(moka::future::Cache<K, Option<V>>);

impl<K, V> Cache<K, V>
where
    K: Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(crate) fn new(options: CacheOptions) -> Self {
        let expiry = TimeToLive { positive: options.time_to_live, negative: options.negative_time_to_live };
        Self(moka::future::Cache::builder().max_capacity(options.capacity).expire_after(expiry).build())
    }

    /// Returns the cached answer, or that of `lookup`. Requests for the same key wait for one lookup. If the request that runs it is dropped,
    /// another one starts it again. The timeout applies to the lookup, and also to waiting for another request's lookup.
    pub(crate) async fn get(
        &self,
        key: K,
        timeout: Duration,
        lookup: impl Future<Output = Result<Option<V>, LookupFailure>>,
    ) -> Result<Option<V>, LookupFailure> {
        let shared = self.0.try_get_with(key, in_time(timeout, lookup));
        in_time(timeout, async { shared.await.map_err(|failure: Arc<LookupFailure>| *failure) }).await
    }

    pub(crate) async fn forget(&self, key: &K) {
        self.0.invalidate(key).await;
    }

    pub(crate) fn forget_all(&self) {
        self.0.invalidate_all();
    }

    /// The number of cached answers, without those that have expired.
    pub(crate) async fn len(&self) -> u64 {
        self.0.run_pending_tasks().await;
        self.0.entry_count()
    }
}

impl<K, V> fmt::Debug for Cache<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").finish_non_exhaustive()
    }
}

struct TimeToLive {
    positive: Duration,
    negative: Duration,
}

impl<K, V> Expiry<K, Option<V>> for TimeToLive {
    fn expire_after_create(&self, _: &K, answer: &Option<V>, _: Instant) -> Option<Duration> {
        Some(if answer.is_some() { self.positive } else { self.negative })
    }
}
