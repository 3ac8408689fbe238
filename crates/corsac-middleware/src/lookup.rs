//! Looking up origins that a policy does not list.

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

/// Decides whether an origin is allowed that the policy does not list.
///
/// A lookup belongs to the policy that it was given for ([`CorsBuilder::origins`](crate::CorsBuilder::origins),
/// [`PolicySource::origins`](crate::PolicySource::origins)). An origin that it allows gets that policy's credentials, methods and headers.
///
/// It is called at most once for a request, and never for `null`. If the policy allows credentials, it is not called for http origins either,
/// unless the policy acknowledges `credentials-insecure-origin`. In that case the lookup itself has to refuse the http origins that should not
/// be allowed.
///
/// It sees the origin, and only those parts of the request that it declares: headers with [`reads`](Self::reads), the method with
/// [`reads_method`](Self::reads_method), and the path with [`reads_path`](Self::reads_path). Therefore `Vary`, and the key under which an answer is
/// [cached](Self::cached), are always complete.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::{Begun, Cors, Decided, OriginLookup, OriginQuery, RequestView};
/// use http::{Request, Response};
/// use std::collections::HashSet;
///
/// let customers = HashSet::from(["https://acme.example".to_owned()]);
/// let cors = Cors::builder(Policy::builder(["https://app.example"]).build()?)
///     .origins(OriginLookup::new(move |query: &OriginQuery| customers.contains(query.origin.as_str())))
///     .build()?;
///
/// let request = Request::get("/").header("origin", "https://acme.example").body(())?;
/// let begun = cors.begin(&RequestView::of(&request), |_, _| Response::new(()));
/// let Begun::Decided(Decided::Forward(forward)) = begun else { unreachable!("no preflight, not blocked") };
/// let mut response = Response::new(());
/// forward.finish.apply(response.headers_mut());
/// assert_eq!(response.headers()["access-control-allow-origin"], "https://acme.example");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct OriginLookup {
    function: Function,
    reads: Vec<HeaderName>,
    reads_method: bool,
    reads_path: bool,
    #[cfg(feature = "lookups")]
    timeout: Duration,
    #[cfg(feature = "lookups")]
    cache: Option<Cache<CacheKey, ()>>,
}

/// What a lookup is asked about.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OriginQuery {
    /// The origin of the page.
    pub origin: Origin,
    /// The declared headers of the request. If `Host` is declared, it is present for HTTP/2 too.
    pub headers: HeaderMap,
    /// The method of the page's request; for a preflight, the method in `Access-Control-Request-Method`. `None` unless it is
    /// [declared](OriginLookup::reads_method).
    pub method: Option<Method>,
    /// The path of the request, as it was sent, without decoding. `None` unless it is [declared](OriginLookup::reads_path).
    pub path: Option<String>,
}

#[derive(Clone)]
enum Function {
    Sync(Arc<SyncFunction>),
    #[cfg(feature = "lookups")]
    Async(Arc<AsyncFunction>),
}

/// Everything that a lookup was given, as the key of its cached answer.
#[cfg(feature = "lookups")]
#[derive(Clone, PartialEq, Eq, Hash)]
struct CacheKey {
    origin: String,
    /// The lines of the declared headers, with `None` after those of each header: equal lines of different headers make different keys.
    headers: Vec<Option<HeaderValue>>,
    method: Option<Method>,
    path: Option<String>,
}

type SyncFunction = dyn Fn(&OriginQuery) -> Result<bool, LookupFailure> + Send + Sync;
#[cfg(feature = "lookups")]
type Answer = Pin<Box<dyn Future<Output = Result<bool, LookupFailure>> + Send>>;
#[cfg(feature = "lookups")]
type AsyncFunction = dyn Fn(OriginQuery) -> Answer + Send + Sync;

impl OriginLookup {
    /// A lookup that answers immediately and cannot fail, for example from a set in memory.
    pub fn new(allows: impl Fn(&OriginQuery) -> bool + Send + Sync + 'static) -> Self {
        Self::of(Function::Sync(Arc::new(move |query| Ok(allows(query)))))
    }

    /// A lookup that answers immediately and can fail. If it fails, the origin is refused and the error is logged.
    pub fn fallible<E>(allows: impl Fn(&OriginQuery) -> Result<bool, E> + Send + Sync + 'static) -> Self
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        Self::of(Function::Sync(Arc::new(move |query| {
            allows(query).map_err(|error| observe::lookup_failed(&*error.into()))
        })))
    }

    /// A lookup that takes time, for example in a database. If it fails or takes longer than [`timeout`](Self::timeout), the origin is refused
    /// and that is logged. It needs a tokio runtime with time enabled.
    #[cfg(feature = "lookups")]
    pub fn future<F, E>(allows: impl Fn(OriginQuery) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<bool, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        Self::of(Function::Async(Arc::new(move |query| {
            let answer = allows(query);
            Box::pin(async move { answer.await.map_err(|error| observe::lookup_failed(&*error.into())) })
        })))
    }

    fn of(function: Function) -> Self {
        Self {
            function,
            reads: Vec::new(),
            reads_method: false,
            reads_path: false,
            #[cfg(feature = "lookups")]
            timeout: DEFAULT_TIMEOUT,
            #[cfg(feature = "lookups")]
            cache: None,
        }
    }

    /// Declares the request headers that the answer depends on. The lookup is given these, and they are added to `Vary` of every response,
    /// whether the origin is allowed, refused or not looked up. `Host` can be declared as well; it is not added to `Vary`, because caches
    /// distinguish hosts anyway.
    #[must_use]
    pub fn reads(mut self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        self.reads.extend(names);
        self
    }

    /// Declares that the answer depends on the method. The lookup is given it in [`OriginQuery::method`].
    #[must_use]
    pub fn reads_method(mut self) -> Self {
        self.reads_method = true;
        self
    }

    /// Declares that the answer depends on the path. The lookup is given it in [`OriginQuery::path`].
    #[must_use]
    pub fn reads_path(mut self) -> Self {
        self.reads_path = true;
        self
    }

    /// Sets how long a request waits for a lookup that takes time. Defaults to two seconds.
    #[cfg(feature = "lookups")]
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Caches the answers of a lookup that takes time, for each origin and everything that is declared. By default nothing is cached.
    #[cfg(feature = "lookups")]
    #[must_use]
    pub fn cached(mut self, options: CacheOptions) -> Self {
        self.cache = Some(Cache::new(options));
        self
    }

    pub(crate) fn declared_headers(&self) -> &[HeaderName] {
        &self.reads
    }

    pub(crate) fn is_async(&self) -> bool {
        match self.function {
            Function::Sync(_) => false,
            #[cfg(feature = "lookups")]
            Function::Async(_) => true,
        }
    }

    /// The answer of a lookup that is not async.
    pub(crate) fn answer_now(
        &self,
        origin: Origin,
        request: &RequestView<'_>,
    ) -> Result<bool, LookupFailure> {
        let Some(query) = self.query(origin, request) else { return Ok(false) };
        match &self.function {
            Function::Sync(allows) => allows(&query),
            #[cfg(feature = "lookups")]
            Function::Async(_) => Ok(false),
        }
    }

    /// The answer of any lookup, within its timeout.
    #[cfg(feature = "lookups")]
    pub(crate) async fn answer(
        &self,
        origin: Origin,
        request: &RequestView<'_>,
    ) -> Result<bool, LookupFailure> {
        let Some(query) = self.query(origin, request) else { return Ok(false) };
        let allows = match &self.function {
            Function::Sync(allows) => return allows(&query),
            Function::Async(allows) => Arc::clone(allows),
        };
        let Some(cache) = self.cache.as_ref().filter(|_| query.len() <= LONGEST_KEY) else {
            return in_time(self.timeout, allows(query)).await;
        };
        let key = self.cache_key(&query);
        let lookup = async move { allows(query).await.map(|allowed| allowed.then_some(())) };
        cache.get(key, self.timeout, lookup).await.map(|answer| answer.is_some())
    }

    /// What to ask the lookup. `None` for a preflight whose method is not valid: no policy allows it, whatever the origin.
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
        let method = if self.reads_method { Some(method_of_page(request)?) } else { None };
        let path = self.reads_path.then(|| request.path.to_owned());
        Some(OriginQuery { origin, headers, method, path })
    }

    #[cfg(feature = "lookups")]
    fn cache_key(&self, query: &OriginQuery) -> CacheKey {
        let lines = |name| query.headers.get_all(name).iter().cloned().map(Some).chain([None]);
        CacheKey {
            origin: query.origin.as_str().to_owned(),
            headers: self.reads.iter().flat_map(lines).collect(),
            method: query.method.clone(),
            path: query.path.clone(),
        }
    }
}

#[cfg(feature = "lookups")]
impl OriginQuery {
    /// How many bytes it holds.
    fn len(&self) -> usize {
        self.origin.as_str().len()
            + self.headers.values().map(HeaderValue::len).sum::<usize>()
            + self.method.as_ref().map_or(0, |method| method.as_str().len())
            + self.path.as_ref().map_or(0, String::len)
    }
}

/// The method of the page's request, which a preflight names in a header.
fn method_of_page(request: &RequestView<'_>) -> Option<Method> {
    if Request::new(request.method, request.headers).kind() != RequestKind::Preflight {
        return Some(request.method.clone());
    }
    Method::from_bytes(request.headers.get(ACCESS_CONTROL_REQUEST_METHOD)?.as_bytes()).ok()
}

impl fmt::Debug for OriginLookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("OriginLookup");
        fields.field("is_async", &self.is_async()).field("reads", &self.reads);
        #[cfg(feature = "lookups")]
        fields.field("timeout", &self.timeout).field("cached", &self.cache.is_some());
        fields.finish()
    }
}
