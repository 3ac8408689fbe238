//! Building a policy in code.

use super::config::{Enforce, PolicyConfig, ResourcePolicy};
use super::into_origins::IntoOrigins;
use super::policy::Policy;
use super::problem::{ProblemCode, Problems};

/// Builds a [`PolicyConfig`] and makes a [`Policy`] from it.
///
/// ```
/// use std::time::Duration;
/// use corsac::server::Policy;
///
/// let policy = Policy::builder(["https://app.example"])
///     .methods(["PUT", "DELETE"])
///     .request_headers(["Authorization", "x-acme-*"])
///     .expose_headers(["ETag"])
///     .credentials(true)
///     .max_age(Duration::from_secs(3600))
///     .build()?;
/// assert!(policy.lints().is_empty());
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Clone, Debug)]
pub struct PolicyBuilder {
    config: PolicyConfig,
}

impl Policy {
    /// Starts a policy for these origins; see [`PolicyConfig::origins`] for what an entry can be. With an empty list,
    /// `Policy::builder([])`, only a lookup can allow an origin.
    pub fn builder(origins: impl IntoOrigins) -> PolicyBuilder {
        PolicyBuilder::new(origins)
    }
}

impl PolicyBuilder {
    fn new(origins: impl IntoOrigins) -> Self {
        Self { config: PolicyConfig { origins: origins.into_origins(), ..PolicyConfig::default() } }
    }

    /// Sets [`PolicyConfig::null_origin`].
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// assert!(Policy::builder(["https://app.example"]).null_origin(true).credentials(true).build().is_err());
    /// ```
    #[must_use]
    pub fn null_origin(mut self, allowed: bool) -> Self {
        self.config.null_origin = allowed;
        self
    }

    /// Sets [`PolicyConfig::methods`], replacing the methods that were set before.
    #[must_use]
    pub fn methods(mut self, methods: impl IntoIterator<Item: AsRef<str>>) -> Self {
        self.config.methods = strings(methods);
        self
    }

    /// Sets [`PolicyConfig::request_headers`], replacing the names that were set before.
    #[must_use]
    pub fn request_headers(mut self, names: impl IntoIterator<Item: AsRef<str>>) -> Self {
        self.config.request_headers = strings(names);
        self
    }

    /// Sets [`PolicyConfig::expose_headers`], replacing the names that were set before.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// assert!(Policy::builder(["*"]).expose_headers(["Set-Cookie"]).build().is_err()); // browsers never expose it
    /// ```
    #[must_use]
    pub fn expose_headers(mut self, names: impl IntoIterator<Item: AsRef<str>>) -> Self {
        self.config.expose_headers = strings(names);
        self
    }

    /// Sets [`PolicyConfig::credentials`].
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// assert!(Policy::builder(["*"]).credentials(true).build().is_err());
    /// ```
    #[must_use]
    pub fn credentials(mut self, allowed: bool) -> Self {
        self.config.credentials = allowed;
        self
    }

    /// Sets [`PolicyConfig::max_age`], rounded down to whole seconds.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use std::time::Duration;
    /// let policy = Policy::builder(["*"]).max_age(Duration::from_millis(90_500)).build().unwrap();
    /// assert_eq!(policy.config().max_age.as_deref(), Some("1m30s"));
    /// ```
    #[must_use]
    pub fn max_age(mut self, length: std::time::Duration) -> Self {
        self.config.max_age = Some(length.as_secs().to_string());
        self
    }

    /// Sets [`PolicyConfig::timing`].
    #[must_use]
    pub fn timing(mut self, allowed: bool) -> Self {
        self.config.timing = allowed;
        self
    }

    /// Sets [`PolicyConfig::resource_policy`].
    #[must_use]
    pub fn resource_policy(mut self, value: ResourcePolicy) -> Self {
        self.config.resource_policy = Some(value);
        self
    }

    /// Sets [`PolicyConfig::enforce`].
    #[must_use]
    pub fn enforce(mut self, enforce: Enforce) -> Self {
        self.config.enforce = enforce;
        self
    }

    /// Adds a code to [`PolicyConfig::acknowledge`].
    ///
    /// ```
    /// # use corsac::server::{Policy, ProblemCode};
    /// let builder = Policy::builder(["http://intranet.example"]).credentials(true);
    /// assert!(builder.clone().build().is_err());
    /// assert!(builder.acknowledge(ProblemCode::CredentialsInsecureOrigin).build().is_ok());
    /// ```
    #[must_use]
    pub fn acknowledge(mut self, code: ProblemCode) -> Self {
        self.config.acknowledge.push(code.as_str().to_owned());
        self
    }

    /// Returns what has been set so far.
    pub fn config(&self) -> &PolicyConfig {
        &self.config
    }

    /// Checks and compiles the policy, as [`Policy::new`] does.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// let problems = Policy::builder(["app.example", "https://app.example:443"]).build().unwrap_err();
    /// assert_eq!(problems.iter().count(), 2);
    /// ```
    ///
    /// # Errors
    ///
    /// All errors and lints of the policy, if at least one of them is an error.
    pub fn build(&self) -> Result<Policy, Problems> {
        Policy::new(&self.config)
    }
}

fn strings(items: impl IntoIterator<Item: AsRef<str>>) -> Vec<String> {
    items.into_iter().map(|item| item.as_ref().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use http::{Method, header};

    use super::*;

    /// In configurations of other libraries, lists are mostly written with the `http` crate's constants.
    #[test]
    fn lists_take_constants_of_the_http_crate_and_may_be_empty() {
        let policy = Policy::builder([])
            .methods([Method::PUT, Method::DELETE])
            .request_headers([header::AUTHORIZATION])
            .expose_headers([header::ETAG])
            .build()
            .unwrap();
        let config = policy.config();
        assert!(config.origins.is_empty());
        assert_eq!(
            (&*config.methods.join(","), &*config.request_headers.join(",")),
            ("PUT,DELETE", "authorization")
        );
        assert_eq!(config.expose_headers, ["etag"]);
    }
}
