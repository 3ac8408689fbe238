//! The server to verify: what is requested, and where that is sent.

use corsac_fetch::{ConnectInstead, Network, NetworkOptions, ProxySettings};
use url::Url;

use crate::arguments::ServerArguments;
use crate::check::{authorities, parse_url, read_bodies};
use crate::terminal::printable;

pub(crate) struct Target {
    /// The URL of the requests: always https, because a browser refuses http requests of https pages for a reason that is not CORS.
    pub(crate) asked: Url,
    /// The URL that the person gave.
    pub(crate) given: Url,
    pub(crate) network: Network,
}

impl Target {
    pub(crate) fn new(arguments: &ServerArguments) -> Result<Self, String> {
        let given = parse_url(&arguments.url)?;
        let mut asked = match &arguments.url_of {
            Some(url) => parse_url(url)?,
            None => given.clone(),
        };
        if asked.scheme() == "http" {
            let port = asked.port_or_known_default();
            asked
                .set_scheme("https")
                .and_then(|()| asked.set_port(port))
                .map_err(|()| format!("`{}` is not a URL of a server", printable(given.as_str())))?;
        }
        asked.set_fragment(None);
        let connect_instead = (asked != given).then(|| ConnectInstead::new(&asked, &given));
        let connect_instead = connect_instead.transpose().map_err(|error| error.to_string())?;
        let extra_roots = authorities(arguments.cacert.as_deref())?;
        let options = NetworkOptions::default().with(|options| {
            options.timeout = arguments.timeout;
            read_bodies(options);
            options.insecure = arguments.insecure;
            options.extra_roots = extra_roots;
            options.connect_instead = connect_instead;
            options.resolve.clone_from(&arguments.resolve);
            options.proxy = ProxySettings::from_environment();
        });
        let network = Network::new(options).map_err(|error| error.to_string())?;
        Ok(Self { asked, given, network })
    }

    /// The host of the requests, if it is not that of the real URL.
    pub(super) fn other_host(&self) -> Option<String> {
        let host = |url: &Url| Some((url.host_str()?.to_owned(), url.port_or_known_default()));
        (host(&self.asked) != host(&self.given)).then(|| self.asked.authority().to_owned())
    }
}
