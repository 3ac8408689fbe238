//! Where wptserve listens: read from the configuration that it was started with.

use std::error::Error;
use std::path::Path;

use corsac::browser::{Exchange, ExchangeKind};
use corsac::header::HeaderList;
use corsac_fetch::{Network, NetworkOptions, ResolveOverride};
use serde::Deserialize;
use url::Url;

/// The part of wptserve's `config.json` that says how to reach it.
#[derive(Clone, Debug, Deserialize)]
pub struct Server {
    pub browser_host: String,
    ports: Ports,
}

#[derive(Clone, Debug, Deserialize)]
struct Ports {
    http: Vec<u16>,
    https: Vec<u16>,
    #[serde(rename = "http-local", default)]
    http_local: Vec<u16>,
    #[serde(rename = "http-public", default)]
    http_public: Vec<u16>,
    #[serde(rename = "https-local", default)]
    https_local: Vec<u16>,
    #[serde(rename = "https-public", default)]
    https_public: Vec<u16>,
}

impl Server {
    pub fn read(config: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(serde_json::from_slice(&std::fs::read(config)?)?)
    }

    /// The address of a test: over https when its name says so, as wptserve's own runner does.
    pub fn url(&self, path: &str) -> Result<Url, Box<dyn Error>> {
        let file = path.split('?').next().unwrap_or(path);
        let secure = file.contains(".https.");
        let (scheme, ports) = if secure { ("https", &self.ports.https) } else { ("http", &self.ports.http) };
        let port = ports.first().ok_or("the configuration names no port")?;
        Ok(Url::parse(&format!("{scheme}://{}:{port}{path}", self.browser_host))?)
    }

    /// Each port with the name that stands for it in results: subtests have ports in their names, and ports differ from run to run.
    pub fn port_names(&self) -> Vec<(u16, String)> {
        let of = |name: &'static str, ports: &[u16]| {
            ports
                .iter()
                .enumerate()
                .map(|(index, port)| (*port, format!("{name}{index}")))
                .collect::<Vec<_>>()
        };
        [of("http", &self.ports.http), of("https", &self.ports.https)].concat()
    }

    /// A network in which every host is this machine, but for the ones that the tests call `nonexistent`.
    pub fn network(&self) -> Result<Network, Box<dyn Error>> {
        let Ports { http, https, http_local, http_public, https_local, https_public } = &self.ports;
        let mut resolve: Vec<ResolveOverride> = Vec::new();
        for port in [http, https, http_local, http_public, https_local, https_public].into_iter().flatten() {
            resolve.push(format!("*:{port}:127.0.0.1").parse()?);
            // wptserve listens on 127.0.0.1 only.
            resolve.push(format!("nonexistent.{}:{port}:127.0.0.2", self.browser_host).parse()?);
        }
        Ok(Network::new(NetworkOptions::default().with(|options| {
            options.timeout = std::time::Duration::from_secs(70);
            // Some handlers send for minutes; script gets what came so far, and then an error.
            options.body_limit = 4 << 20;
            options.body_timeout = std::time::Duration::from_secs(4);
            options.insecure = true;
            options.resolve = resolve;
        }))?)
    }
}

/// A plain GET, which loads a page and its scripts. Returns the header lines and the text.
pub async fn get(network: &Network, url: &Url) -> Result<(HeaderList, String), Box<dyn Error + Send + Sync>> {
    let mut exchange = Exchange::new(ExchangeKind::Request, "GET", url.clone());
    exchange.headers.append("Accept", "*/*");
    let received = network.send(&exchange, None, &mut |_| true).await?;
    if received.head.status != 200 {
        return Err(format!("{url} answers {}", received.head.status).into());
    }
    Ok((received.head.headers, String::from_utf8_lossy(&received.body.unwrap_or_default()).into_owned()))
}
