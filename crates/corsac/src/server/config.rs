//! What a person writes: plain data, not checked yet.

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

#[cfg(feature = "serde")]
use super::max_age;

/// A policy as it is written: in a file, in code, in a row of a tenants' table. Nothing in it is checked before [`Policy::new`].
///
/// Keys are in kebab-case. What is left out is not allowed, with one exception: `max-age` is ten minutes.
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
    reason = "plain data that is written as a literal; `..PolicyConfig::default()` holds what is added"
)]
pub struct PolicyConfig {
    /// Who may read: origins (`https://app.example.com`), any subdomain (`https://*.example.com`), a part of a label
    /// (`https://app-*.example.com`), any port (`http://localhost:*`), any host of an app's scheme (`moz-extension://*`), or `*` alone for
    /// everybody.
    pub origins: Vec<String>,
    /// May pages without an origin of their own read (sandboxed frames, local files)? They send `Origin: null`, and everybody can make such
    /// a page. Never together with `credentials`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub null_origin: bool,
    /// Methods beside `GET`, `HEAD` and `POST`, which need no permission; `*` alone for all.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub methods: Vec<String>,
    /// Request headers that script may set: names, prefixes (`x-acme-*`), or `*` for all but `Authorization`, which is always named.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub request_headers: Vec<String>,
    /// Response headers that script may read beside the safelisted ones; `*` alone for all, without `credentials` only.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub expose_headers: Vec<String>,
    /// May requests carry cookies, client certificates and `Authorization`, and their responses be read?
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub credentials: bool,
    /// How long a browser may keep the answer to a preflight: `"10m"`, `"1h30m"`, `"45s"`, or a number of seconds; at most one day.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "is_default", deserialize_with = "max_age::text_or_seconds")
    )]
    #[cfg_attr(feature = "schema", schemars(with = "Option<max_age::TextOrSeconds>"))]
    pub max_age: Option<String>,
    /// May allowed origins read the response's timing? Sends `Timing-Allow-Origin` to requests with an `Origin`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub timing: bool,
    /// Which pages may load a response without CORS (`<img>`, `<script>`), sent as `Cross-Origin-Resource-Policy`. Such loads send no `Origin`, so
    /// that listed origins are not an exception. Defaults to not sending the header.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub resource_policy: Option<ResourcePolicy>,
    /// CORS guards reading only. This guards against cross-origin requests that change something, and against WebSockets.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub enforce: Enforce,
    /// Codes of problems that are known and meant: `["credentials-insecure-origin"]`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub acknowledge: Vec<String>,
}

impl PolicyConfig {
    /// The keys of a policy as a file spells them, in the order of the documentation.
    ///
    /// ```
    /// assert_eq!(corsac::server::PolicyConfig::KEYS[0], "origins");
    /// ```
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

    /// The same policy without its origins, which can be millions.
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

/// What to answer loads without CORS, in [`Cross-Origin-Resource-Policy`](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header).
///
/// ```
/// use corsac::server::ResourcePolicy;
/// assert_eq!(ResourcePolicy::SameSite.as_str(), "same-site");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[allow(clippy::exhaustive_enums, reason = "the values of the header, in the standard")]
pub enum ResourcePolicy {
    /// Only pages of this origin load it.
    SameOrigin,
    /// Only pages of this site load it.
    SameSite,
    /// Every page loads it.
    CrossOrigin,
}

impl ResourcePolicy {
    /// Every value, the strictest first.
    pub const ALL: [Self; 3] = [Self::SameOrigin, Self::SameSite, Self::CrossOrigin];

    /// The header's value.
    ///
    /// ```
    /// assert_eq!(corsac::server::ResourcePolicy::CrossOrigin.as_str(), "cross-origin");
    /// ```
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
    /// Nothing, as CORS itself: the request is served, and the page does not get to read the response.
    #[default]
    Off,
    /// Serve them, and report them.
    Report,
    /// Answer 403.
    Block,
}

impl Enforce {
    /// Every value, in the order of what they do.
    pub const ALL: [Self; 3] = [Self::Off, Self::Report, Self::Block];

    /// The word of a policy file: `off`, `report` or `block`.
    ///
    /// ```
    /// assert_eq!(corsac::server::Enforce::ALL.map(|enforce| enforce.as_str()), ["off", "report", "block"]);
    /// ```
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
