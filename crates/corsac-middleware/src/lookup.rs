//! Origins that are not in a policy's list, and have to be asked about elsewhere.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use corsac::origin::Origin;
use http::header::{HOST, HeaderMap, HeaderName, HeaderValue};

use crate::cache::{Cache, CacheOptions, LONGEST_KEY};
use crate::observe;
use crate::request::RequestView;

pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(2);

/// Answers for origins that are not in the policy's list: is this one allowed, too?
///
/// It is asked at most once for a request, and not about `null`, nor about an http origin when the policy has credentials. It sees the
/// origin and those headers of the request that it declares with [`reads`](Self::reads), no others: so `Vary` is always right.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::{Cors, OriginLookup, OriginQuery};
/// use std::collections::HashSet;
///
/// let customers = HashSet::from(["https://acme.example".to_owned()]);
/// let cors = Cors::builder(Policy::builder(["https://app.example"]).build()?)
///     .origins(OriginLookup::new(move |query: &OriginQuery| customers.contains(query.origin.as_str())))
///     .build();
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Clone)]
pub struct OriginLookup {
    how: How,
    reads: Vec<HeaderName>,
    timeout: Duration,
    cache: Option<Cache<Question, ()>>,
}

/// What a lookup is asked about.
///
/// ```
/// use corsac_middleware::OriginQuery;
/// let allows = |query: &OriginQuery| query.origin.scheme() == Some("https") && query.headers.contains_key("x-tenant");
/// ```
#[derive(Clone, Debug)]
pub struct OriginQuery {
    /// The origin of the page.
    pub origin: Origin,
    /// The declared headers of the request. `host` is also there in HTTP/2, when it is declared.
    pub headers: HeaderMap,
}

#[derive(Clone)]
enum How {
    Now(Arc<Now>),
    Later(Arc<Later>),
}

/// The origin, and the lines of the declared headers, `None` behind those of each.
type Question = (String, Vec<Option<HeaderValue>>);

type Now = dyn Fn(&OriginQuery) -> Result<bool, LookupFailure> + Send + Sync;
type Answer = Pin<Box<dyn Future<Output = Result<bool, LookupFailure>> + Send>>;
type Later = dyn Fn(OriginQuery) -> Answer + Send + Sync;

impl OriginLookup {
    /// A lookup that answers at once and cannot fail, as from a set in memory.
    ///
    /// ```
    /// # use corsac_middleware::{OriginLookup, OriginQuery};
    /// let lookup = OriginLookup::new(|query: &OriginQuery| query.origin.host() == Some("acme.example"));
    /// ```
    pub fn new(allows: impl Fn(&OriginQuery) -> bool + Send + Sync + 'static) -> Self {
        Self::of(How::Now(Arc::new(move |query| Ok(allows(query)))))
    }

    /// A lookup that answers at once and can fail. When it does, the origin is refused and the error reported.
    ///
    /// ```
    /// # use corsac_middleware::{OriginLookup, OriginQuery};
    /// # fn file_has(_: &str) -> std::io::Result<bool> { Ok(true) }
    /// let lookup = OriginLookup::fallible(|query: &OriginQuery| file_has(query.origin.as_str()));
    /// ```
    pub fn fallible<E>(allows: impl Fn(&OriginQuery) -> Result<bool, E> + Send + Sync + 'static) -> Self
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        Self::of(How::Now(Arc::new(move |query| {
            allows(query).map_err(|error| LookupFailure::report(&*error.into()))
        })))
    }

    /// A lookup that takes time, as in a database. When it fails or takes longer than [`timeout`](Self::timeout), the origin is refused
    /// and that is reported. It needs a tokio runtime with time enabled.
    ///
    /// ```
    /// # use corsac_middleware::{CacheOptions, OriginLookup, OriginQuery};
    /// # async fn database_has(_: &str) -> std::io::Result<bool> { Ok(true) }
    /// let lookup = OriginLookup::future(|query: OriginQuery| async move { database_has(query.origin.as_str()).await })
    ///     .cached(CacheOptions::default());
    /// ```
    pub fn future<F, E>(allows: impl Fn(OriginQuery) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<bool, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        Self::of(How::Later(Arc::new(move |query| {
            let answer = allows(query);
            Box::pin(async move { answer.await.map_err(|error| LookupFailure::report(&*error.into())) })
        })))
    }

    fn of(how: How) -> Self {
        Self { how, reads: Vec::new(), timeout: DEFAULT_TIMEOUT, cache: None }
    }

    /// Declares the headers of the request that the answer depends on. It is given these, and they are added to `Vary` of every response,
    /// whether it is allowed, refused or not asked about. `Host` can be declared as well; caches tell hosts apart, so `Vary` stays without it.
    ///
    /// ```
    /// # use corsac_middleware::{OriginLookup, OriginQuery};
    /// # use http::HeaderName;
    /// let lookup = OriginLookup::new(|query: &OriginQuery| {
    ///     query.headers.get("x-tenant").is_some_and(|tenant| tenant == "acme") && query.origin.host() == Some("acme.example")
    /// })
    /// .reads([HeaderName::from_static("x-tenant")]);
    /// ```
    #[must_use]
    pub fn reads(mut self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        self.reads.extend(names);
        self
    }

    /// How long a request waits for a lookup that takes time. Left out: two seconds.
    ///
    /// ```
    /// # use corsac_middleware::{OriginLookup, OriginQuery};
    /// let lookup = OriginLookup::future(|_| async { Ok::<_, std::io::Error>(true) }).timeout(std::time::Duration::from_millis(250));
    /// ```
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Keeps the answers of a lookup that takes time, by the origin and the declared headers. Left out: nothing is kept.
    ///
    /// ```
    /// # use corsac_middleware::{CacheOptions, OriginLookup, OriginQuery};
    /// let lookup = OriginLookup::future(|_| async { Ok::<_, std::io::Error>(true) }).cached(CacheOptions::default());
    /// ```
    #[must_use]
    pub fn cached(mut self, options: CacheOptions) -> Self {
        self.cache = Some(Cache::new(options));
        self
    }

    pub(crate) fn declared(&self) -> &[HeaderName] {
        &self.reads
    }

    pub(crate) fn takes_time(&self) -> bool {
        matches!(self.how, How::Later(_))
    }

    /// The answer of a lookup that takes no time.
    pub(crate) fn now(&self, origin: &Origin, request: &RequestView<'_>) -> Result<bool, LookupFailure> {
        match &self.how {
            How::Now(allows) => allows(&self.query(origin.clone(), request)),
            How::Later(_) => Ok(false),
        }
    }

    /// The answer of any lookup, in time.
    pub(crate) async fn answer(&self, query: OriginQuery) -> Result<bool, LookupFailure> {
        let allows = match &self.how {
            How::Now(allows) => return allows(&query),
            How::Later(allows) => Arc::clone(allows),
        };
        let length = |query: &OriginQuery| {
            query.origin.as_str().len() + query.headers.values().map(HeaderValue::len).sum::<usize>()
        };
        let Some(cache) = self.cache.as_ref().filter(|_| length(&query) <= LONGEST_KEY) else {
            return in_time(self.timeout, allows(query)).await;
        };
        let values = self.reads.iter().flat_map(|name| {
            // The end of each keeps keys apart in which the same lines belong to other names.
            let lines = query.headers.get_all(name).iter().cloned().map(Some);
            lines.chain([None])
        });
        let key = (query.origin.as_str().to_owned(), values.collect());
        let lookup = async move { allows(query).await.map(|allowed| allowed.then_some(())) };
        cache.get(key, self.timeout, lookup).await.map(|answer| answer.is_some())
    }

    pub(crate) fn query(&self, origin: Origin, request: &RequestView<'_>) -> OriginQuery {
        let mut headers = HeaderMap::new();
        for name in &self.reads {
            if name == HOST {
                headers.extend(
                    request.authority().and_then(|host| Some((HOST, HeaderValue::from_str(host).ok()?))),
                );
            } else if !headers.contains_key(name) {
                headers
                    .extend(request.headers.get_all(name).iter().map(|value| (name.clone(), value.clone())));
            }
        }
        OriginQuery { origin, headers }
    }
}

impl fmt::Debug for OriginLookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("OriginLookup");
        shown.field("takes_time", &self.takes_time()).field("reads", &self.reads);
        shown.field("timeout", &self.timeout).field("cached", &self.cache.is_some()).finish()
    }
}

/// Why no answer of a lookup came.
///
/// ```
/// assert_eq!(corsac_middleware::LookupFailure::TimedOut.as_str(), "lookup-timed-out");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LookupFailure {
    /// The lookup answered with an error.
    Failed,
    /// The lookup took longer than it may.
    TimedOut,
}

impl LookupFailure {
    /// `lookup-failed` or `lookup-timed-out`.
    ///
    /// ```
    /// assert_eq!(corsac_middleware::LookupFailure::Failed.as_str(), "lookup-failed");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "lookup-failed",
            Self::TimedOut => "lookup-timed-out",
        }
    }

    /// The error is told here, once; from here on it is enough to know that there was one.
    pub(crate) fn report(error: &(dyn Error + Send + Sync)) -> Self {
        observe::lookup_error(error);
        Self::Failed
    }
}

/// The answer, or that it took too long.
pub(crate) async fn in_time<T>(
    timeout: Duration,
    answer: impl Future<Output = Result<T, LookupFailure>>,
) -> Result<T, LookupFailure> {
    tokio::time::timeout(timeout, answer).await.unwrap_or_else(|_| {
        observe::lookup_late(timeout);
        Err(LookupFailure::TimedOut)
    })
}
