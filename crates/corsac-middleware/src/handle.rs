//! A policy that can be replaced while requests run.

use std::sync::Arc;

use arc_swap::ArcSwap;
use corsac::server::{Policy, PolicyConfig, Problems};

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

    pub(crate) fn with<T>(&self, read: impl FnOnce(&Policy) -> T) -> T {
        read(&self.0.load())
    }
}

impl From<Policy> for PolicyHandle {
    fn from(policy: Policy) -> Self {
        Self::new(policy)
    }
}
