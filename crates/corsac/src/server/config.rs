//! A policy as a person writes it: plain data that has not been checked.

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

#[cfg(feature = "serde")]
use super::max_age;

/// A policy as a person writes it: in a file, in code, in a row of a table of tenants. [`Policy::new`] checks it.
///
/// In a file, keys are in kebab-case. What is left out is not allowed; `max-age` defaults to ten minutes.
///
/// ```
/// use corsac::server::PolicyConfig;
///
/// let config: PolicyConfig = serde_json::from_str(
///     r#"{"origins": ["https://*.example.com", "http://localhost:*"], "methods": ["PUT"], "credentials": true, "max-age": "1h"}"#,
/// )?;
/// assert_eq!(config.methods, ["PUT"]);
/// assert!(config.request_headers.is_empty());
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// [`Policy::new`]: super::Policy::new
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, rename_all = "kebab-case"))]
#[allow(
    clippy::exhaustive_structs,
    reason = "plain data that is written as a literal; `..PolicyConfig::default()` covers fields that are added later"
)]
pub struct PolicyConfig {
    /// The origins whose pages may read responses: origins (`https://app.example.com`), any subdomain (`https://*.example.com`), part of a
    /// label (`https://app-*.example.com`), any port (`http://localhost:*`), any host of an app's scheme (`moz-extension://*`), or `*` alone
    /// for every origin.
    pub origins: Vec<String>,
    /// Whether pages without an origin of their own (sandboxed frames, local files) may read responses. They send `Origin: null`, and anybody
    /// can make such a page. Cannot be combined with `credentials`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub null_origin: bool,
    /// Methods that pages may use in addition to `GET`, `HEAD` and `POST`, which need no permission; `*` alone for all.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub methods: Vec<String>,
    /// Request headers that scripts may set: names, prefixes (`x-acme-*`), or `*` for all except `Authorization`, which has to be named.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub request_headers: Vec<String>,
    /// Response headers that scripts may read in addition to the safelisted ones; `*` alone for all, but not with `credentials`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub expose_headers: Vec<String>,
    /// Whether pages may send credentials (cookies, client certificates, HTTP authentication) and read the responses.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub credentials: bool,
    /// How long a browser may cache the response to a preflight: `"10m"`, `"1h30m"`, `"45s"`, or a number of seconds; at most one day.
    /// Defaults to ten minutes.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "is_default", deserialize_with = "max_age::text_or_seconds")
    )]
    #[cfg_attr(feature = "schema", schemars(with = "Option<max_age::TextOrSeconds>"))]
    pub max_age: Option<String>,
    /// Whether allowed origins may read the timing of a response. Sends `Timing-Allow-Origin` in responses to requests with an `Origin`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub timing: bool,
    /// Which pages may load a response without CORS (`<img>`, `<script>`), sent as `Cross-Origin-Resource-Policy`. Such loads send no `Origin`,
    /// so listed origins are no exception. By default the header is not sent.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub resource_policy: Option<ResourcePolicy>,
    /// What to do with cross-origin requests that change something or open a WebSocket, if the policy does not allow them. CORS itself only
    /// keeps pages from reading responses. Defaults to `off`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub enforce: Enforce,
    /// Codes of problems that are known and accepted, and not reported again: `["credentials-insecure-origin"]`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub acknowledge: Vec<String>,
}

impl PolicyConfig {
    /// The keys of a policy as they are spelled in a file, in the order of the documentation.
    pub const KEYS: [&'static str; 11] = [
        "origins",
        "null-origin",
        "methods",
        "request-headers",
        "expose-headers",
        "credentials",
        "max-age",
        "timing",
        "resource-policy",
        "enforce",
        "acknowledge",
    ];

    /// Returns the same policy without its origins, of which there can be millions.
    pub(super) fn without_origins(&self) -> Self {
        let Self {
            origins: _,
            null_origin,
            methods,
            request_headers,
            expose_headers,
            credentials,
            max_age,
            timing,
            resource_policy,
            enforce,
            acknowledge,
        } = self;
        Self {
            origins: Vec::new(),
            null_origin: *null_origin,
            methods: methods.clone(),
            request_headers: request_headers.clone(),
            expose_headers: expose_headers.clone(),
            credentials: *credentials,
            max_age: max_age.clone(),
            timing: *timing,
            resource_policy: *resource_policy,
            enforce: *enforce,
            acknowledge: acknowledge.clone(),
        }
    }
}

/// The value of [`Cross-Origin-Resource-Policy`](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header),
/// which says which pages may load a response without CORS.
///
/// ```
/// use corsac::server::ResourcePolicy;
/// assert_eq!(ResourcePolicy::SameSite.as_str(), "same-site");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[allow(clippy::exhaustive_enums, reason = "the standard defines these values")]
pub enum ResourcePolicy {
    /// Only pages of the same origin may load it.
    SameOrigin,
    /// Only pages of the same site may load it.
    SameSite,
    /// Every page may load it.
    CrossOrigin,
}

impl ResourcePolicy {
    /// All values, strictest first.
    pub const ALL: [Self; 3] = [Self::SameOrigin, Self::SameSite, Self::CrossOrigin];

    /// Returns the header's value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SameOrigin => "same-origin",
            Self::SameSite => "same-site",
            Self::CrossOrigin => "cross-origin",
        }
    }
}

/// What to do with cross-origin requests that change something and that the policy does not allow. See [`Decision::enforcement`].
///
/// ```
/// assert_eq!(corsac::server::Enforce::default(), corsac::server::Enforce::Off);
/// ```
///
/// [`Decision::enforcement`]: super::Decision::enforcement
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[allow(clippy::exhaustive_enums, reason = "nothing lies between serving, reporting and blocking")]
pub enum Enforce {
    /// Do nothing beyond CORS: serve the request; the page cannot read the response.
    #[default]
    Off,
    /// Serve the request and report it.
    Report,
    /// Answer with status 403.
    Block,
}

impl Enforce {
    /// All values, most lenient first.
    pub const ALL: [Self; 3] = [Self::Off, Self::Report, Self::Block];

    /// Returns the value in a policy file: `off`, `report` or `block`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Report => "report",
            Self::Block => "block",
        }
    }
}

#[cfg(feature = "serde")]
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
