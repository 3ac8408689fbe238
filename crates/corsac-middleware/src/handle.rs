//! Policies, and placements of them, that can be replaced while requests run.

use std::sync::Arc;

use arc_swap::ArcSwap;
use corsac::server::{Placement, Policy, PolicyConfig, Problems};

/// A policy that can be replaced while requests run. Clones hold the same policy: keep one, give the other to the middleware.
///
/// A request keeps the policy with which it began, to the end of its response.
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
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::PolicyHandle;
    /// assert!(PolicyHandle::new(Policy::builder(["*"]).build().unwrap()).current().allows_any_origin());
    /// ```
    pub fn new(policy: Policy) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(policy)))
    }

    /// The policy for requests that begin now.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::PolicyHandle;
    /// let policy = Policy::builder(["https://app.example"]).build().unwrap();
    /// assert_eq!(PolicyHandle::new(policy.clone()).current(), policy);
    /// ```
    pub fn current(&self) -> Policy {
        self.with(Policy::clone)
    }

    /// Puts another policy in its place, for requests that begin from now on. Gives back the old one.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::PolicyHandle;
    /// let handle = PolicyHandle::new(Policy::builder(["*"]).build().unwrap());
    /// let old = handle.swap(Policy::builder(["https://app.example"]).build().unwrap());
    /// assert!(old.allows_any_origin());
    /// ```
    pub fn swap(&self, policy: Policy) -> Policy {
        Policy::clone(&self.0.swap(Arc::new(policy)))
    }

    /// Checks a policy as it is written and puts it in place. A policy with an error is refused, and the old one goes on.
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
    /// Everything that is wrong with the new policy, and its lints.
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

/// A placement of policies that can be replaced while requests run: which policy decides in which part of the server, and where CORS is
/// somebody else's. Clones hold the same placement: keep one, give the other to the middleware.
///
/// A request keeps the policy with which it began, to the end of its response.
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

    /// Puts another placement in its place, for requests that begin from now on. Returns the old one.
    pub fn swap(&self, placement: impl Into<Placement>) -> Arc<Placement> {
        self.0.swap(Arc::new(placement.into()))
    }

    pub(crate) fn with<T>(&self, read: impl FnOnce(&Arc<Placement>) -> T) -> T {
        read(&self.0.load())
    }
}
