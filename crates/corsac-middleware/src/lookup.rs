//! Origins that are not in a policy's list, and have to be asked about elsewhere.

use std::error::Error;
use std::fmt;
#[cfg(feature = "lookups")]
use std::future::Future;
#[cfg(feature = "lookups")]
use std::pin::Pin;
use std::sync::Arc;
#[cfg(feature = "lookups")]
use std::time::Duration;

use corsac::origin::Origin;
use corsac::server::{Request, RequestKind};
use http::Method;
use http::header::{ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderMap, HeaderName, HeaderValue};

#[cfg(feature = "lookups")]
use crate::cache::{Cache, CacheOptions, DEFAULT_TIMEOUT, LONGEST_KEY, in_time};
use crate::failure::LookupFailure;
use crate::observe;
use crate::request::RequestView;

/// Answers for origins that are not in the policy's list: is this one allowed, too?
///
/// It belongs to the policy that it was given for ([`CorsBuilder::origins`](crate::CorsBuilder::origins),
/// [`PolicySource::origins`](crate::PolicySource::origins)), and what it allows, it allows under that policy: with its credentials, its
/// methods and its headers.
///
/// It is asked at most once for a request, and never about `null`. When the policy has credentials, it is not asked about an http origin
/// either, unless the policy acknowledges `credentials-insecure-origin`: then it is, and has to refuse those that it does not mean.
///
/// It sees the origin, and of the request only what it declares: headers with [`reads`](Self::reads), the method with
/// [`reads_method`](Self::reads_method), the path with [`reads_path`](Self::reads_path). So `Vary`, and the key under which an answer is
/// [cached](Self::cached), are always complete.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::{Cors, OriginLookup, OriginQuery};
/// use std::collections::HashSet;
///
/// let customers = HashSet::from(["https://acme.example".to_owned()]);
/// let cors = Cors::builder(Policy::builder(["https://app.example"]).build()?)
///     .origins(OriginLookup::new(move |query: &OriginQuery| customers.contains(query.origin.as_str())))
///     .build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct OriginLookup {
    how: How,
    reads: Vec<HeaderName>,
    reads_method: bool,
    reads_path: bool,
    #[cfg(feature = "lookups")]
    timeout: Duration,
    #[cfg(feature = "lookups")]
    cache: Option<Cache<Question, ()>>,
}

/// What a lookup is asked about.
///
/// ```
/// use corsac_middleware::OriginQuery;
/// let allows = |query: &OriginQuery| query.origin.scheme() == Some("https") && query.headers.contains_key("x-tenant");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OriginQuery {
    /// The origin of the page.
    pub origin: Origin,
    /// The declared headers of the request. `host` is also there in HTTP/2, when it is declared.
    pub headers: HeaderMap,
    /// The method of the request that the page makes: for a preflight the one that it asks for. `None` unless it is
    /// [declared](OriginLookup::reads_method).
    pub method: Option<Method>,
    /// The path of the request, as it was sent. `None` unless it is [declared](OriginLookup::reads_path).
    pub path: Option<String>,
}

#[derive(Clone)]
enum How {
    Now(Arc<Now>),
    #[cfg(feature = "lookups")]
    Later(Arc<Later>),
}

/// All that a lookup was given, as the key of its answer.
#[cfg(feature = "lookups")]
#[derive(Clone, PartialEq, Eq, Hash)]
struct Question {
    origin: String,
    /// The lines of the declared headers, `None` after those of each: so keys differ in which the same lines belong to other names.
    headers: Vec<Option<HeaderValue>>,
    method: Option<Method>,
    path: Option<String>,
}

type Now = dyn Fn(&OriginQuery) -> Result<bool, LookupFailure> + Send + Sync;
#[cfg(feature = "lookups")]
type Answer = Pin<Box<dyn Future<Output = Result<bool, LookupFailure>> + Send>>;
#[cfg(feature = "lookups")]
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
            allows(query).map_err(|error| observe::lookup_failed(&*error.into()))
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
    #[cfg(feature = "lookups")]
    pub fn future<F, E>(allows: impl Fn(OriginQuery) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<bool, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        Self::of(How::Later(Arc::new(move |query| {
            let answer = allows(query);
            Box::pin(async move { answer.await.map_err(|error| observe::lookup_failed(&*error.into())) })
        })))
    }

    fn of(how: How) -> Self {
        Self {
            how,
            reads: Vec::new(),
            reads_method: false,
            reads_path: false,
            #[cfg(feature = "lookups")]
            timeout: DEFAULT_TIMEOUT,
            #[cfg(feature = "lookups")]
            cache: None,
        }
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

    /// Declares that the answer depends on the method. The lookup is then given it, in [`OriginQuery::method`].
    ///
    /// ```
    /// # use corsac_middleware::{OriginLookup, OriginQuery};
    /// use http::Method;
    /// let lookup = OriginLookup::new(|query: &OriginQuery| {
    ///     query.method == Some(Method::GET) && query.origin.host() == Some("reader.example")
    /// })
    /// .reads_method();
    /// ```
    #[must_use]
    pub fn reads_method(mut self) -> Self {
        self.reads_method = true;
        self
    }

    /// Declares that the answer depends on the path. The lookup is then given it, in [`OriginQuery::path`].
    ///
    /// ```
    /// # use corsac_middleware::{OriginLookup, OriginQuery};
    /// let lookup = OriginLookup::new(|query: &OriginQuery| {
    ///     query.path.as_deref() == Some("/feed") && query.origin.host() == Some("reader.example")
    /// })
    /// .reads_path();
    /// ```
    #[must_use]
    pub fn reads_path(mut self) -> Self {
        self.reads_path = true;
        self
    }

    /// How long a request waits for a lookup that takes time. Defaults to two seconds.
    ///
    /// ```
    /// # use corsac_middleware::{OriginLookup, OriginQuery};
    /// let lookup = OriginLookup::future(|_| async { Ok::<_, std::io::Error>(true) }).timeout(std::time::Duration::from_millis(250));
    /// ```
    #[cfg(feature = "lookups")]
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Keeps the answers of a lookup that takes time, by the origin and everything that it declares. By default nothing is kept.
    ///
    /// ```
    /// # use corsac_middleware::{CacheOptions, OriginLookup, OriginQuery};
    /// let lookup = OriginLookup::future(|_| async { Ok::<_, std::io::Error>(true) }).cached(CacheOptions::default());
    /// ```
    #[cfg(feature = "lookups")]
    #[must_use]
    pub fn cached(mut self, options: CacheOptions) -> Self {
        self.cache = Some(Cache::new(options));
        self
    }

    pub(crate) fn declared(&self) -> &[HeaderName] {
        &self.reads
    }

    pub(crate) fn takes_time(&self) -> bool {
        match self.how {
            How::Now(_) => false,
            #[cfg(feature = "lookups")]
            How::Later(_) => true,
        }
    }

    /// The answer of a lookup that takes no time.
    pub(crate) fn now(&self, origin: Origin, request: &RequestView<'_>) -> Result<bool, LookupFailure> {
        let Some(query) = self.query(origin, request) else { return Ok(false) };
        match &self.how {
            How::Now(allows) => allows(&query),
            #[cfg(feature = "lookups")]
            How::Later(_) => Ok(false),
        }
    }

    /// The answer of any lookup, in time.
    #[cfg(feature = "lookups")]
    pub(crate) async fn answer(
        &self,
        origin: Origin,
        request: &RequestView<'_>,
    ) -> Result<bool, LookupFailure> {
        let Some(query) = self.query(origin, request) else { return Ok(false) };
        let allows = match &self.how {
            How::Now(allows) => return allows(&query),
            How::Later(allows) => Arc::clone(allows),
        };
        let Some(cache) = self.cache.as_ref().filter(|_| query.len() <= LONGEST_KEY) else {
            return in_time(self.timeout, allows(query)).await;
        };
        let question = self.question(&query);
        let lookup = async move { allows(query).await.map(|allowed| allowed.then_some(())) };
        cache.get(question, self.timeout, lookup).await.map(|answer| answer.is_some())
    }

    /// What is asked. `None` for a preflight that asks for no method that exists: no policy allows it, whatever the origin.
    fn query(&self, origin: Origin, request: &RequestView<'_>) -> Option<OriginQuery> {
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
        let method = if self.reads_method { Some(intended_method(request)?) } else { None };
        let path = self.reads_path.then(|| request.path.to_owned());
        Some(OriginQuery { origin, headers, method, path })
    }

    #[cfg(feature = "lookups")]
    fn question(&self, query: &OriginQuery) -> Question {
        let lines = |name| query.headers.get_all(name).iter().cloned().map(Some).chain([None]);
        Question {
            origin: query.origin.as_str().to_owned(),
            headers: self.reads.iter().flat_map(lines).collect(),
            method: query.method.clone(),
            path: query.path.clone(),
        }
    }
}

#[cfg(feature = "lookups")]
impl OriginQuery {
    /// How many bytes it takes to keep it.
    fn len(&self) -> usize {
        self.origin.as_str().len()
            + self.headers.values().map(HeaderValue::len).sum::<usize>()
            + self.method.as_ref().map_or(0, |method| method.as_str().len())
            + self.path.as_ref().map_or(0, String::len)
    }
}

/// The method of the request that the page makes, or wants to make.
fn intended_method(request: &RequestView<'_>) -> Option<Method> {
    if Request::new(request.method, request.headers).kind() != RequestKind::Preflight {
        return Some(request.method.clone());
    }
    Method::from_bytes(request.headers.get(ACCESS_CONTROL_REQUEST_METHOD)?.as_bytes()).ok()
}

impl fmt::Debug for OriginLookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("OriginLookup");
        shown.field("takes_time", &self.takes_time()).field("reads", &self.reads);
        #[cfg(feature = "lookups")]
        shown.field("timeout", &self.timeout).field("cached", &self.cache.is_some());
        shown.finish()
    }
}
