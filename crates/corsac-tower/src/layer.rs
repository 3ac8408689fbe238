//! The layer.

use corsac_middleware::{Cors, CorsBuilder, PolicySource};
use tower_layer::Layer;

use crate::body::EmptyBody;
use crate::service::CorsService;

/// Puts CORS around a service. Cheap to clone, as is what it makes.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_tower::{Cors, CorsLayer};
///
/// let simple = CorsLayer::new(Policy::builder(["https://app.example"]).build()?);
/// let with_settings = CorsLayer::from(
///     Cors::builder(Policy::builder(["https://app.example"]).build()?)
///         .at("/public", Policy::builder(["*"]).build()?)
///         .build()?,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CorsLayer<M = EmptyBody> {
    cors: Cors,
    make_body: M,
}

impl CorsLayer {
    /// One source of policies for all requests: a [`Policy`](corsac::server::Policy), a [`PolicyHandle`](crate::PolicyHandle), a
    /// [`PolicySource`] or [`Tenants`](crate::Tenants).
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_tower::CorsLayer;
    /// let layer = CorsLayer::new(Policy::builder(["https://app.example"]).build().unwrap());
    /// ```
    pub fn new(source: impl Into<PolicySource>) -> Self {
        Self::from(Cors::new(source))
    }

    /// Settings beside the source of policies: the same as [`Cors::builder`], whose [`build`](CorsBuilder::build) gives what
    /// `CorsLayer::from` takes.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_tower::CorsLayer;
    /// let policy = Policy::builder(["https://app.example"]).build()?;
    /// let layer = CorsLayer::from(CorsLayer::builder(policy).outcome_for_handlers().build()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(source: impl Into<PolicySource>) -> CorsBuilder {
        Cors::builder(source)
    }

    /// Makes the bodies of the layer's own responses, of a text. Without it they are empty, and the body has to be [`Default`]. The text
    /// of a preflight's response is empty in any case; that of a blocked request says so.
    ///
    /// ```
    /// # use corsac::server::{Enforce, Policy};
    /// # use corsac_tower::CorsLayer;
    /// let policy = Policy::builder(["https://app.example"]).enforce(Enforce::Block).build().unwrap();
    /// let layer = CorsLayer::new(policy).body_from(axum::body::Body::from);
    /// # let router: axum::Router = axum::Router::new().layer(layer);
    /// ```
    #[must_use]
    pub fn body_from<B, F: Fn(&'static str) -> B>(self, make_body: F) -> CorsLayer<F> {
        CorsLayer { cors: self.cors, make_body }
    }
}

impl From<Cors> for CorsLayer {
    fn from(cors: Cors) -> Self {
        Self { cors, make_body: EmptyBody }
    }
}

impl<S, M: Clone> Layer<S> for CorsLayer<M> {
    type Service = CorsService<S, M>;

    fn layer(&self, inner: S) -> Self::Service {
        CorsService { inner, cors: self.cors.clone(), make_body: self.make_body.clone() }
    }
}
