//! Answers of lookups, kept for a while.

use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::Expiry;

use crate::failure::LookupFailure;
use crate::observe;

/// How many answers of a lookup are kept, and for how long. Requests that ask the same at the same time share one lookup.
///
/// ```
/// use corsac_middleware::CacheOptions;
/// use std::time::Duration;
///
/// let options = CacheOptions { time_to_live: Duration::from_secs(300), ..CacheOptions::default() };
/// assert_eq!(options.capacity, 10_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "it is written as a literal, and these are what a cache has")]
pub struct CacheOptions {
    /// The most answers that are kept. Whoever sends requests can ask about anything, so there is always a bound, and what is asked for by
    /// more than a kilobyte is not kept at all.
    pub capacity: u64,
    /// How long an answer is kept.
    pub time_to_live: Duration,
    /// How long it is kept that there is none: no such tenant, or an origin that is not allowed.
    pub negative_time_to_live: Duration,
}

impl Default for CacheOptions {
    /// 10,000 answers, for a minute; for ten seconds when there is none.
    fn default() -> Self {
        Self {
            capacity: 10_000,
            time_to_live: Duration::from_secs(60),
            negative_time_to_live: Duration::from_secs(10),
        }
    }
}

/// How long a lookup may take, by default.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(2);

/// The answer of a lookup, or that it took too long.
pub(crate) async fn in_time<T>(
    timeout: Duration,
    answer: impl Future<Output = Result<T, LookupFailure>>,
) -> Result<T, LookupFailure> {
    tokio::time::timeout(timeout, answer).await.unwrap_or_else(|_| {
        observe::lookup_late(timeout);
        Err(LookupFailure::TimedOut)
    })
}

/// What is asked for by more bytes is not kept.
pub(crate) const LONGEST_KEY: usize = 1024;

/// `None` is an answer too: that there is nothing. Failures are not kept.
#[derive(Clone)]
pub(crate) struct Cache<K, V>(moka::future::Cache<K, Option<V>>);

impl<K, V> Cache<K, V>
where
    K: Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(crate) fn new(options: CacheOptions) -> Self {
        let kept = Kept { found: options.time_to_live, nothing: options.negative_time_to_live };
        Self(moka::future::Cache::builder().max_capacity(options.capacity).expire_after(kept).build())
    }

    /// The kept answer, or that of `lookup`. Those who ask for the same key wait for one lookup; when the request that runs it goes away,
    /// another one begins it again. The lookup ends in time, and so does the wait for somebody else's.
    pub(crate) async fn get(
        &self,
        key: K,
        timeout: Duration,
        lookup: impl Future<Output = Result<Option<V>, LookupFailure>>,
    ) -> Result<Option<V>, LookupFailure> {
        let kept = self.0.try_get_with(key, in_time(timeout, lookup));
        in_time(timeout, async { kept.await.map_err(|failure: Arc<LookupFailure>| *failure) }).await
    }

    pub(crate) async fn forget(&self, key: &K) {
        self.0.invalidate(key).await;
    }

    pub(crate) fn forget_all(&self) {
        self.0.invalidate_all();
    }

    /// How many answers are kept, after what is due was thrown out.
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

struct Kept {
    found: Duration,
    nothing: Duration,
}

impl<K, V> Expiry<K, Option<V>> for Kept {
    fn expire_after_create(&self, _: &K, answer: &Option<V>, _: Instant) -> Option<Duration> {
        Some(if answer.is_some() { self.found } else { self.nothing })
    }
}
