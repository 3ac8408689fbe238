//! Policies and placements that can be replaced while the server runs.

use std::sync::Arc;

use arc_swap::ArcSwap;
use corsac::server::{Placement, Policy, PolicyConfig, Problems};

/// A policy that can be replaced while the server runs. All clones hold the same policy: keep one, and give another to the middleware.
///
/// A request keeps the policy with which it began until its response is finished.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::{Cors, PolicyHandle};
///
/// let handle = PolicyHandle::new(Policy::builder(["https://app.example"]).build()?);
/// let cors = Cors::new(handle.clone()); // for the middleware
/// handle.swap(Policy::builder(["https://app.example", "https://shop.example"]).build()?);
/// assert_eq!(handle.current().config().origins.len(), 2);
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Clone, Debug)]
pub struct PolicyHandle(Arc<ArcSwap<Policy>>);

impl PolicyHandle {
    /// A handle that holds this policy.
    pub fn new(policy: Policy) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(policy)))
    }

    /// The policy for requests that begin now.
    pub fn current(&self) -> Policy {
        self.with(Policy::clone)
    }

    /// Replaces the policy, for requests that begin from now on. Returns the old one.
    pub fn swap(&self, policy: Policy) -> Policy {
        Policy::clone(&self.0.swap(Arc::new(policy)))
    }

    /// Builds a policy from its settings and replaces the current one. If the settings have an error, the current policy stays in use.
    ///
    /// ```
    /// use corsac::server::{Policy, PolicyConfig};
    /// use corsac_middleware::PolicyHandle;
    ///
    /// let handle = PolicyHandle::new(Policy::builder(["https://app.example"]).build().unwrap());
    /// let mut wrong = PolicyConfig::default();
    /// wrong.origins = vec!["https://shop.example/".into()];
    /// assert!(handle.replace(&wrong).is_err());
    /// assert_eq!(handle.current().config().origins, ["https://app.example"]);
    /// ```
    ///
    /// # Errors
    ///
    /// All problems of the new policy, if at least one is an error.
    pub fn replace(&self, config: &PolicyConfig) -> Result<(), Problems> {
        self.swap(Policy::new(config)?);
        Ok(())
    }

    #[inline]
    pub(crate) fn with<T>(&self, read: impl FnOnce(&Policy) -> T) -> T {
        read(&self.0.load())
    }
}

impl From<Policy> for PolicyHandle {
    fn from(policy: Policy) -> Self {
        Self::new(policy)
    }
}

/// A placement that can be replaced while the server runs. It says which policy applies in which part of the server, and where CORS is handled
/// elsewhere. All clones hold the same placement: keep one, and give another to the middleware.
///
/// A request keeps the policy with which it began until its response is finished.
///
/// ```
/// use corsac::server::{PathPrefix, Placed, Placement, Policy, PolicyChoice};
/// use corsac_middleware::{Cors, PlacementHandle};
///
/// let app = Placed::new("app", Policy::builder(["https://app.example"]).build()?);
/// let handle = PlacementHandle::new(Placement::new(app.clone()));
/// let cors = Cors::new(handle.clone()); // for the middleware
/// handle.swap(Placement::new(app).at(PathPrefix::parse("/store")?, Placed::new("store", PolicyChoice::Pass)));
/// assert_eq!(handle.current().parts().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PlacementHandle(Arc<ArcSwap<Placement>>);

impl PlacementHandle {
    /// A handle that holds this placement.
    pub fn new(placement: impl Into<Placement>) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(placement.into())))
    }

    /// The placement for requests that begin now.
    pub fn current(&self) -> Arc<Placement> {
        self.0.load_full()
    }

    /// Replaces the placement, for requests that begin from now on. Returns the old one.
    pub fn swap(&self, placement: impl Into<Placement>) -> Arc<Placement> {
        self.0.swap(Arc::new(placement.into()))
    }

    pub(crate) fn with<T>(&self, read: impl FnOnce(&Arc<Placement>) -> T) -> T {
        read(&self.0.load())
    }
}
