//! The layer, and how it makes bodies.

use corsac_middleware::{Cors, PolicySource};
use tower_layer::Layer;

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

/// Makes the body of a response of the layer's own: a function, or [`EmptyBody`].
///
/// ```
/// use corsac_tower::{EmptyBody, MakeBody};
/// let (empty, of_text): (String, String) = (EmptyBody.make_body("no"), str::to_owned.make_body("no"));
/// assert_eq!((empty, of_text), (String::new(), "no".to_owned()));
/// ```
pub trait MakeBody<B> {
    /// A body of this text.
    fn make_body(&self, text: &'static str) -> B;
}

impl<B, F: Fn(&'static str) -> B> MakeBody<B> for F {
    fn make_body(&self, text: &'static str) -> B {
        self(text)
    }
}

/// Makes empty bodies.
///
/// ```
/// use corsac_tower::{EmptyBody, MakeBody};
/// let body: Vec<u8> = EmptyBody.make_body("no");
/// assert!(body.is_empty());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct EmptyBody;

impl<B: Default> MakeBody<B> for EmptyBody {
    fn make_body(&self, _: &'static str) -> B {
        B::default()
    }
}
