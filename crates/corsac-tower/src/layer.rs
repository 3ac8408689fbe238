//! The layer.

use corsac_middleware::{Cors, CorsBuilder, PolicySource};
use http::Extensions;
use tower_layer::Layer;

use crate::body::EmptyBody;
use crate::service::CorsService;

/// Adds CORS to a service. Cheap to clone. The [crate's documentation](crate) has an example.
#[derive(Clone, Debug)]
pub struct CorsLayer<M = EmptyBody> {
    cors: Cors,
    make_body: M,
    path: Option<PathOf>,
}

/// Finds the path of a request among its extensions.
pub(crate) type PathOf = fn(&Extensions) -> Option<&str>;

impl CorsLayer {
    /// A layer that takes the policy of every request from `source`: a [`Policy`](corsac::server::Policy), a
    /// [`PolicyHandle`](crate::PolicyHandle), a [`PlacementHandle`](crate::PlacementHandle), a [`PolicySource`] or
    /// [`Tenants`](crate::Tenants).
    pub fn new(source: impl Into<PolicySource>) -> Self {
        Self::from(Cors::new(source))
    }

    /// A builder for further settings. The same as [`Cors::builder`]; `CorsLayer::from` takes what its [`build`](CorsBuilder::build)
    /// returns.
    pub fn builder(source: impl Into<PolicySource>) -> CorsBuilder {
        Cors::builder(source)
    }
}

impl<M> CorsLayer<M> {
    /// Makes the bodies of the layer's own responses with `make_body`, which is given their text: a line of plain text for a blocked request,
    /// and an empty string for a preflight. Without this setting the bodies are empty, and their type has to implement [`Default`].
    ///
    /// ```
    /// use corsac::server::{Enforce, Policy};
    /// use corsac_tower::CorsLayer;
    /// use http::{Request, Response};
    /// use tower::{Layer, ServiceExt, service_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let policy = Policy::builder(["https://app.example"]).enforce(Enforce::Block).build()?;
    /// let layer = CorsLayer::new(policy).body_from(str::to_owned);
    /// let service = layer.layer(service_fn(async |_: Request<()>| Ok::<_, std::io::Error>(Response::new(String::new()))));
    ///
    /// let request = Request::post("/").header("origin", "https://evil.example").body(())?;
    /// assert!(service.oneshot(request).await?.body().starts_with("Forbidden"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn body_from<B, F: Fn(&'static str) -> B>(self, make_body: F) -> CorsLayer<F> {
        CorsLayer { cors: self.cors, make_body, path: self.path }
    }

    /// Takes the path of a request from its extensions, where a framework has removed a prefix from the URI before the layer sees it. Without
    /// this setting, and where `path` returns `None`, the path is that of the URI.
    ///
    /// axum does so in `Router::nest`. There write `path_from(|extensions| Some(extensions.get::<OriginalUri>()?.path()))`.
    ///
    /// ```
    /// use corsac::server::Policy;
    /// use corsac_tower::CorsLayer;
    /// use http::{Request, Response, Uri};
    /// use tower::{Layer, ServiceExt, service_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let main = Policy::builder(["https://app.example"]).build()?;
    /// let cors = CorsLayer::builder(main).at("/api/public", Policy::builder(["*"]).build()?).build()?;
    /// let layer = CorsLayer::from(cors).path_from(|extensions| Some(extensions.get::<Uri>()?.path()));
    /// let service = layer.layer(service_fn(async |_: Request<()>| Ok::<_, std::io::Error>(Response::new(()))));
    ///
    /// let request = Request::get("/public").header("origin", "https://any.example");
    /// let nested = request.extension(Uri::from_static("/api/public")).body(())?;
    /// assert_eq!(service.oneshot(nested).await?.headers()["access-control-allow-origin"], "*");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn path_from(self, path: fn(&Extensions) -> Option<&str>) -> Self {
        Self { path: Some(path), ..self }
    }
}

impl From<Cors> for CorsLayer {
    fn from(cors: Cors) -> Self {
        Self { cors, make_body: EmptyBody, path: None }
    }
}

impl<S, M: Clone> Layer<S> for CorsLayer<M> {
    type Service = CorsService<S, M>;

    fn layer(&self, inner: S) -> Self::Service {
        CorsService { inner, cors: self.cors.clone(), make_body: self.make_body.clone(), path: self.path }
    }
}
