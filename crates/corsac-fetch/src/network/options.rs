//! What a person may set.

use std::time::Duration;

use corsac::browser::ResponseHead;
use hyper::header::HeaderValue;

use super::client_certificate::ClientCertificate;
use super::connect_instead::ConnectInstead;
use super::proxy::ProxySettings;
use super::resolve::ResolveOverride;
use super::setup_error::NetworkSetupError;

/// How to reach servers, and within which bounds.
///
/// ```
/// use corsac_fetch::{NetworkOptions, ProxySettings};
/// use std::time::Duration;
///
/// let mut options = NetworkOptions::default();
/// options.timeout = Duration::from_secs(3);
/// options.resolve.push("api.example:443:127.0.0.1".parse()?);
/// options.proxy = ProxySettings::from_environment();
/// # Ok::<(), corsac_fetch::NetworkSetupError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NetworkOptions {
    /// How long one exchange may take in all. Default: 10 s.
    pub timeout: Duration,
    /// How long to go on reading a body once the head is here, inside `timeout`. An event stream never ends; a tool that
    /// only looks at the head wants this short. Default: as long as `timeout` allows.
    pub body_timeout: Duration,
    /// How many bytes of a body to keep, before and after its content coding is taken off; the rest is not read.
    /// 0 reads no body. Default: 1 MiB.
    pub body_limit: usize,
    /// Whether to read the body of a response with this head. Default: every body is read.
    pub body_wanted: fn(&ResponseHead) -> bool,
    /// Accept any certificate. Default: no.
    pub insecure: bool,
    /// Certificates to trust besides those of the platform, as PEM text. Default: none.
    pub extra_roots: String,
    /// A certificate to show to servers that ask for one, over connections for exchanges that include credentials. Default: none.
    pub client_certificate: Option<ClientCertificate>,
    /// Another server to connect to for the URLs of one host. Default: none.
    pub connect_instead: Option<ConnectInstead>,
    /// Addresses to use instead of asking the resolver; the first that matches wins, one that names the host over `*`.
    /// A host with an override is not reached through a proxy. Default: none.
    pub resolve: Vec<ResolveOverride>,
    /// Cookies, each as `name=value`, sent with the exchanges that include credentials. Default: none.
    pub cookies: Vec<String>,
    /// The `User-Agent` of a request that has none. Default: `Mozilla/5.0 (compatible; corsac/VERSION)`.
    pub user_agent: String,
    /// The proxies. Default: none; [`ProxySettings::from_environment`] reads the usual variables.
    pub proxy: ProxySettings,
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
        }
    }
}

impl NetworkOptions {
    /// These options with a change, in one expression.
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

    /// The values that go into header lines must be able to.
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
