//! A policy written in code.

use super::config::{Enforce, PolicyConfig, ResourcePolicy};
use super::origin_texts::OriginTexts;
use super::policy::Policy;
use super::problem::{ProblemCode, Problems};

/// Writes a [`PolicyConfig`], and makes a [`Policy`] of it.
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
    /// Starts a policy for these origins; see [`PolicyConfig::origins`] for what an entry can be. Without any, a lookup may allow some:
    /// `Policy::builder([])`.
    ///
    /// ```
    /// use corsac::server::Policy;
    /// assert!(Policy::builder(["https://app.example"]).build().is_ok());
    /// ```
    pub fn builder(origins: impl OriginTexts) -> PolicyBuilder {
        PolicyBuilder::new(origins)
    }
}

impl PolicyBuilder {
    fn new(origins: impl OriginTexts) -> Self {
        Self { config: PolicyConfig { origins: origins.into_texts(), ..PolicyConfig::default() } }
    }

    /// See [`PolicyConfig::null_origin`].
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

    /// See [`PolicyConfig::methods`]. Replaces what was set before.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// assert!(Policy::builder(["*"]).methods(["PATCH"]).build().is_ok());
    /// ```
    #[must_use]
    pub fn methods(mut self, methods: impl IntoIterator<Item: AsRef<str>>) -> Self {
        self.config.methods = texts(methods);
        self
    }

    /// See [`PolicyConfig::request_headers`]. Replaces what was set before.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// assert!(Policy::builder(["*"]).request_headers(["*", "Authorization"]).build().is_ok());
    /// ```
    #[must_use]
    pub fn request_headers(mut self, names: impl IntoIterator<Item: AsRef<str>>) -> Self {
        self.config.request_headers = texts(names);
        self
    }

    /// See [`PolicyConfig::expose_headers`]. Replaces what was set before.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// assert!(Policy::builder(["*"]).expose_headers(["Set-Cookie"]).build().is_err()); // no browser shows it
    /// ```
    #[must_use]
    pub fn expose_headers(mut self, names: impl IntoIterator<Item: AsRef<str>>) -> Self {
        self.config.expose_headers = texts(names);
        self
    }

    /// See [`PolicyConfig::credentials`].
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

    /// See [`PolicyConfig::max_age`]. Parts of a second are dropped.
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

    /// See [`PolicyConfig::timing`].
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// assert!(Policy::builder(["*"]).timing(true).build().unwrap().config().timing);
    /// ```
    #[must_use]
    pub fn timing(mut self, allowed: bool) -> Self {
        self.config.timing = allowed;
        self
    }

    /// See [`PolicyConfig::resource_policy`].
    ///
    /// ```
    /// # use corsac::server::{Policy, ResourcePolicy};
    /// assert!(Policy::builder(["https://app.example"]).resource_policy(ResourcePolicy::SameSite).build().is_ok());
    /// ```
    #[must_use]
    pub fn resource_policy(mut self, value: ResourcePolicy) -> Self {
        self.config.resource_policy = Some(value);
        self
    }

    /// See [`PolicyConfig::enforce`].
    ///
    /// ```
    /// # use corsac::server::{Enforce, Policy};
    /// assert!(Policy::builder(["https://app.example"]).enforce(Enforce::Block).build().is_ok());
    /// ```
    #[must_use]
    pub fn enforce(mut self, enforce: Enforce) -> Self {
        self.config.enforce = enforce;
        self
    }

    /// See [`PolicyConfig::acknowledge`]. Adds to what was acknowledged before.
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

    /// What was written so far.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// assert_eq!(Policy::builder(["*"]).config().origins, ["*"]);
    /// ```
    pub fn config(&self) -> &PolicyConfig {
        &self.config
    }

    /// Checks and compiles, as [`Policy::new`].
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// let problems = Policy::builder(["app.example", "https://app.example:443"]).build().unwrap_err();
    /// assert_eq!(problems.iter().count(), 2);
    /// ```
    ///
    /// # Errors
    ///
    /// Everything that is wrong, and the lints too.
    pub fn build(&self) -> Result<Policy, Problems> {
        Policy::new(&self.config)
    }
}

fn texts(items: impl IntoIterator<Item: AsRef<str>>) -> Vec<String> {
    items.into_iter().map(|item| item.as_ref().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use http::{Method, header};

    use super::*;

    /// From reading many configurations of other libraries: lists are mostly written with the `http` crate's constants.
    #[test]
    fn lists_take_what_the_http_crate_has_names_for_and_may_be_empty() {
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
