//! The page that makes the request, as far as CORS looks at it.

use url::Url;

use super::address_space::AddressSpace;
use crate::origin::Origin;

/// The page or worker that makes a request: the parts of its [environment settings object](https://html.spec.whatwg.org/#environment-settings-object)
/// that CORS looks at.
///
/// ```
/// use corsac::{browser::Client, origin::Origin};
/// let page = Client::new(Origin::parse("http://localhost:3000").unwrap());
/// assert!(page.secure_context); // a loopback address needs no https for that
/// assert!(!page.prohibits_mixed_content);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Client {
    /// The page's origin.
    pub origin: Origin,
    /// The page's address, for `Referer`. `None` stands for the root of the origin, or for no referrer if the origin is opaque.
    pub url: Option<Url>,
    /// The page's `Cross-Origin-Embedder-Policy`.
    pub embedder_policy: EmbedderPolicy,
    /// Whether the page refuses http subresources. Defaults to `true` if its origin's scheme is `https`.
    pub prohibits_mixed_content: bool,
    /// Whether the page is a [secure context](https://w3c.github.io/webappsec-secure-contexts/). Defaults to whether its origin is
    /// potentially trustworthy.
    pub secure_context: bool,
    /// Where the page was loaded from. `None` if that is not known; there is no Local Network Access check then.
    pub address_space: Option<AddressSpace>,
    /// The user's answer to the prompt for access to devices on the local network.
    pub local_network_permission: Permission,
    /// The key that separates the page's caches from those of other pages: the site of its top-level page. Defaults to the page's own
    /// origin.
    pub network_partition_key: String,
}

impl Client {
    /// A page of this origin, with everything else at its default.
    ///
    /// ```
    /// use corsac::{browser::Client, origin::Origin};
    /// let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// assert!(page.prohibits_mixed_content);
    /// ```
    pub fn new(origin: Origin) -> Self {
        Self {
            url: None,
            embedder_policy: EmbedderPolicy::UnsafeNone,
            prohibits_mixed_content: origin.scheme() == Some("https"),
            secure_context: origin.is_potentially_trustworthy(),
            address_space: None,
            local_network_permission: Permission::Granted,
            network_partition_key: origin.as_str().to_owned(),
            origin,
        }
    }

    /// Applies `change` to the page and returns it.
    ///
    /// ```
    /// use corsac::{browser::{Client, EmbedderPolicy}, origin::Origin};
    /// let page = Client::new(Origin::parse("https://app.example").unwrap())
    ///     .with(|page| page.embedder_policy = EmbedderPolicy::RequireCorp);
    /// assert_eq!(page.embedder_policy, EmbedderPolicy::RequireCorp);
    /// ```
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

/// A page's [embedder policy](https://html.spec.whatwg.org/#embedder-policy-value-2).
///
/// ```
/// use corsac::{browser::{Client, EmbedderPolicy}, origin::Origin};
/// let mut page = Client::new(Origin::parse("https://app.example").unwrap());
/// assert_eq!(page.embedder_policy, EmbedderPolicy::UnsafeNone);
/// page.embedder_policy = EmbedderPolicy::RequireCorp; // now a `no-cors` image needs `Cross-Origin-Resource-Policy`
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EmbedderPolicy {
    /// No restriction: the default.
    #[default]
    UnsafeNone,
    /// Loads without CORS are sent without credentials.
    Credentialless,
    /// Loads without CORS need `Cross-Origin-Resource-Policy`.
    RequireCorp,
}

impl EmbedderPolicy {
    /// The value of the `Cross-Origin-Embedder-Policy` header.
    ///
    /// ```
    /// assert_eq!(corsac::browser::EmbedderPolicy::RequireCorp.as_str(), "require-corp");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnsafeNone => "unsafe-none",
            Self::Credentialless => "credentialless",
            Self::RequireCorp => "require-corp",
        }
    }
}

/// The state of a permission, once the user was asked.
///
/// ```
/// use corsac::{browser::{Client, Permission}, origin::Origin};
/// let mut page = Client::new(Origin::parse("https://app.example").unwrap());
/// assert_eq!(page.local_network_permission, Permission::Granted); // the default
/// page.local_network_permission = Permission::Denied;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a user says yes or no")]
pub enum Permission {
    /// The user said yes.
    Granted,
    /// The user said no, or could not be asked.
    Denied,
}
