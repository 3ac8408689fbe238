//! The options of a network.

use std::time::Duration;

use corsac::browser::ResponseHead;
use hyper::header::HeaderValue;

use super::client_certificate::ClientCertificate;
use super::connect_instead::ConnectInstead;
use super::may_connect::MayConnect;
use super::proxy::ProxySettings;
use super::resolve::ResolveOverride;
use super::setup_error::NetworkSetupError;

/// How to reach servers, and within which limits.
///
/// ```
/// use corsac_fetch::{Network, NetworkOptions, ProxySettings};
/// use std::time::Duration;
///
/// let mut options = NetworkOptions::default();
/// options.timeout = Duration::from_secs(3);
/// options.resolve.push("api.example:443:127.0.0.1".parse()?);
/// options.proxy = ProxySettings::from_environment();
/// assert!(Network::new(options).is_ok());
/// # Ok::<(), corsac_fetch::NetworkSetupError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NetworkOptions {
    /// How long one exchange may take in all. Defaults to ten seconds.
    pub timeout: Duration,
    /// How long to read a body after the head, within `timeout`. An event stream never ends, so a tool that only needs the head sets this to a
    /// short time. Defaults to no limit of its own.
    pub body_timeout: Duration,
    /// How many bytes of a body to read, both before and after decoding its content coding; the rest is not read. 0 reads no body. Defaults to 1
    /// MiB.
    pub body_limit: usize,
    /// Returns whether to read the body of a response with this head. By default every body is read.
    pub body_wanted: fn(&ResponseHead) -> bool,
    /// Whether to accept any certificate. Defaults to `false`.
    pub insecure: bool,
    /// Certificates to trust in addition to those of the platform, in PEM. Empty by default.
    pub extra_roots: String,
    /// A certificate for servers that ask for one, used for exchanges that include credentials. Defaults to none.
    pub client_certificate: Option<ClientCertificate>,
    /// Another server to connect to for the URLs of one host. Defaults to none.
    pub connect_instead: Option<ConnectInstead>,
    /// Addresses to use instead of asking the resolver. The first override that matches applies, and one that names the host takes precedence
    /// over `*`. A host with an override is not reached through a proxy. Empty by default.
    pub resolve: Vec<ResolveOverride>,
    /// Cookies, each as `name=value`, sent with exchanges that include credentials. Empty by default.
    pub cookies: Vec<String>,
    /// The `User-Agent` of a request that has none. Defaults to `Mozilla/5.0 (compatible; corsac/VERSION)`.
    pub user_agent: String,
    /// The proxies. Defaults to none; [`ProxySettings::from_environment`] reads the usual environment variables.
    pub proxy: ProxySettings,
    /// Which servers may be connected to. Defaults to all.
    pub may_connect: Option<MayConnect>,
}

impl Default for NetworkOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            body_timeout: Duration::MAX,
            body_limit: 1 << 20,
            body_wanted: |_| true,
            insecure: false,
            extra_roots: String::new(),
            client_certificate: None,
            connect_instead: None,
            resolve: Vec::new(),
            cookies: Vec::new(),
            user_agent: concat!(
                "Mozilla/5.0 (compatible; corsac/",
                env!("CARGO_PKG_VERSION_MAJOR"),
                ".",
                env!("CARGO_PKG_VERSION_MINOR"),
                ")"
            )
            .into(),
            proxy: ProxySettings::default(),
            may_connect: None,
        }
    }
}

impl NetworkOptions {
    /// Returns these options with a change.
    ///
    /// ```
    /// use corsac_fetch::NetworkOptions;
    /// let patient = NetworkOptions::default().with(|options| options.timeout *= 6);
    /// assert_eq!(patient.timeout.as_secs(), 60);
    /// ```
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Checks the values that become header lines.
    pub(super) fn check(&self) -> Result<(), NetworkSetupError> {
        let lines = self.cookies.iter().map(|cookie| ("cookie", cookie));
        for (what, value) in lines.chain([("user agent", &self.user_agent)]) {
            if HeaderValue::from_bytes(value.as_bytes()).is_err() {
                return Err(NetworkSetupError::new(format!(
                    "the {what} {value:?} has a control character in it, which a header line cannot hold"
                )));
            }
        }
        Ok(())
    }
}
