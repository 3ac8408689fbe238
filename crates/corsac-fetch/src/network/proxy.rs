//! Choosing a proxy, and the tunnel through it.

use corsac::browser::{NetworkError, NetworkErrorKind};
use corsac::origin::is_local_host;
use hyper::Uri;
use hyper::header::HeaderValue;
use hyper_util::client::proxy::matcher::Matcher;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Host;

use super::target::Target;
use super::watched::Stream;

/// The maximum length of a proxy's answer to `CONNECT`, in bytes.
const ANSWER_LIMIT: usize = 16 * 1024;

/// The proxies to use, as URLs: `http://user:password@host:port`. None by default.
///
/// This machine (`localhost` and names under it, 127.0.0.0/8, `::1`) is always reached directly, as in browsers.
///
/// ```
/// use corsac_fetch::ProxySettings;
///
/// let settings = ProxySettings { http: Some("http://proxy.example:3128".into()), ..ProxySettings::default() };
/// assert_eq!(settings.https, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "the environment has no other variables for proxies")]
pub struct ProxySettings {
    /// The proxy for `http` URLs.
    pub http: Option<String>,
    /// The proxy for `https` URLs.
    pub https: Option<String>,
    /// Hosts to reach directly, separated by commas: names (and all names under them), addresses, networks
    /// (`10.0.0.0/8`), or `*`.
    pub except: Option<String>,
}

impl ProxySettings {
    /// Reads the environment variables `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in lower case or else in upper case. An empty
    /// variable counts as not set. `HTTP_PROXY` is not read if `REQUEST_METHOD` is set, because in a CGI program it can come from a request
    /// header.
    pub fn from_environment() -> Self {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let either = |lower: &str| set(lower).or_else(|| set(&lower.to_ascii_uppercase()));
        let all = either("all_proxy");
        let is_cgi = variable("REQUEST_METHOD").is_some();
        let http = if is_cgi { set("http_proxy") } else { either("http_proxy") };
        Self {
            http: http.or_else(|| all.clone()),
            https: either("https_proxy").or(all),
            except: either("no_proxy"),
        }
    }
}

/// [`ProxySettings`], compiled.
pub(super) struct Proxies {
    matcher: Matcher,
    /// The settings that are not URLs of a proxy. Only targets that would use them fail.
    unusable: Vec<String>,
}

/// Replaces an unusable setting, so that exceptions still apply.
const UNUSABLE: &str = "http://unusable-proxy.invalid";

fn is_proxy(text: &str) -> bool {
    Matcher::builder().all(text).build().intercept(&Uri::from_static("http://host.invalid/")).is_some()
}

/// A proxy to go through.
pub(super) struct Proxy {
    pub(super) host: Host,
    pub(super) port: u16,
    /// Whether the connection to the proxy itself uses TLS.
    pub(super) tls: bool,
    pub(super) authorization: Option<HeaderValue>,
}

impl Proxies {
    pub(super) fn new(settings: &ProxySettings) -> Self {
        let mut unusable = Vec::new();
        let mut usable = |setting: &Option<String>| match setting.as_deref().map(str::trim) {
            None | Some("") => String::new(),
            Some(proxy) if is_proxy(proxy) => proxy.to_owned(),
            Some(proxy) => {
                unusable.push(without_password(proxy).to_owned());
                UNUSABLE.to_owned()
            }
        };
        let (http, https) = (usable(&settings.http), usable(&settings.https));
        let except = settings.except.as_deref().unwrap_or_default().trim();
        Self { matcher: Matcher::builder().http(http).https(https).no(except).build(), unusable }
    }

    /// The proxy for a target. `None` if it is reached directly.
    pub(super) fn for_target(&self, target: &Target) -> Result<Option<Proxy>, NetworkError> {
        if is_local_host(&target.host.to_string()) {
            return Ok(None);
        }
        let scheme = if target.tls { "https" } else { "http" };
        let Ok(uri) = format!("{scheme}://{}:{}/", target.host, target.port).parse::<Uri>() else {
            return Ok(None);
        };
        let Some(proxy) = self.matcher.intercept(&uri) else {
            return Ok(None);
        };
        if proxy.uri().host() == UNUSABLE.strip_prefix("http://") {
            let given = self.unusable.join("` and `");
            return Err(failed(format!("`{given}` is not the URL of a proxy: write `http://host:port`")));
        }
        let tls = match proxy.uri().scheme_str() {
            Some("http") => false,
            Some("https") => true,
            scheme => {
                let scheme = scheme.unwrap_or_default();
                return Err(failed(format!(
                    "{} is a {scheme} proxy; only HTTP proxies are supported",
                    proxy.uri()
                )));
            }
        };
        let host = Host::parse(proxy.uri().host().unwrap_or_default())
            .map_err(|error| failed(format!("`{}` is not the URL of a proxy: {error}", proxy.uri())))?;
        let port = proxy.uri().port_u16().unwrap_or(if tls { 443 } else { 80 });
        Ok(Some(Proxy { host, port, tls, authorization: proxy.basic_auth().cloned() }))
    }
}

/// Asks the proxy on `stream` to connect to `target`. After that, the stream leads to the target.
///
/// [RFC 9110, CONNECT](https://www.rfc-editor.org/rfc/rfc9110#name-connect).
pub(super) async fn tunnel(
    stream: &mut dyn Stream,
    proxy: &Proxy,
    target: &Target,
) -> Result<(), NetworkError> {
    let to = format!("{}:{}", target.host, target.port);
    let mut request = format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n").into_bytes();
    if let Some(credentials) = &proxy.authorization {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(credentials.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    let broke = |error: std::io::Error| failed(format!("{}:{}: {error}", proxy.host, proxy.port));
    stream.write_all(&request).await.map_err(broke)?;
    stream.flush().await.map_err(broke)?;

    let mut answer = Vec::new();
    let mut buffer = [0; 1024];
    let rest = loop {
        if let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") {
            break answer.split_off(end + 4);
        }
        let length = stream.read(&mut buffer).await.map_err(broke)?;
        if length == 0 || answer.len() > ANSWER_LIMIT {
            let line = first_line(&answer);
            return Err(failed(format!(
                "{}:{} did not answer like a proxy: `{line}`",
                proxy.host, proxy.port
            )));
        }
        answer.extend_from_slice(buffer.get(..length).unwrap_or_default());
    };

    let line = first_line(&answer);
    let status = line.strip_prefix("HTTP/1.").and_then(|rest| rest.split(' ').nth(1)).unwrap_or_default();
    match status.as_bytes() {
        [b'2', _, _] if rest.is_empty() => Ok(()),
        [b'2', _, _] => {
            Err(failed(format!("{}:{} sent data before the server could", proxy.host, proxy.port)))
        }
        b"407" => Err(wants_credentials(proxy)),
        _ => Err(failed(format!("{}:{} refused to connect to {to}: `{line}`", proxy.host, proxy.port))),
    }
}

/// The error for a 407.
pub(super) fn wants_credentials(proxy: &Proxy) -> NetworkError {
    failed(format!(
        "{}:{} requires a user name and a password (407): write them into the proxy's URL, `http://user:password@host:port`",
        proxy.host, proxy.port
    ))
}

pub(super) fn failed(message: String) -> NetworkError {
    NetworkError::new(NetworkErrorKind::Proxy, message)
}

fn first_line(answer: &[u8]) -> String {
    let line = answer.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.get(..200).unwrap_or(line);
    String::from_utf8_lossy(line.trim_ascii_end()).into_owned()
}

fn without_password(proxy: &str) -> &str {
    proxy.rsplit_once('@').map_or(proxy, |(_, address)| address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &[(&str, &str)]) -> ProxySettings {
        ProxySettings::from_variables(|name| {
            variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn variables_are_read_as_curl_reads_them() {
        let settings =
            from(&[("http_proxy", "a"), ("HTTP_PROXY", "b"), ("ALL_PROXY", "c"), ("NO_PROXY", "d")]);
        assert_eq!(settings.http.as_deref(), Some("a"));
        assert_eq!(settings.https.as_deref(), Some("c"));
        assert_eq!(settings.except.as_deref(), Some("d"));
        assert_eq!(from(&[("http_proxy", ""), ("HTTP_PROXY", "b")]).http.as_deref(), Some("b"));
    }

    #[test]
    fn a_header_called_proxy_sets_no_proxy_in_a_cgi_program() {
        let settings = from(&[("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "http://evil.example")]);
        assert_eq!(settings, ProxySettings::default());
    }

    #[test]
    fn this_machine_is_reached_directly() {
        let settings = ProxySettings {
            http: Some("proxy.example:3128".into()),
            https: Some("https://u:p@secure.example".into()),
            except: Some("direct.example,10.0.0.0/8".into()),
        };
        let proxies = Proxies::new(&settings);
        let table = [
            ("http://localhost:3000/", None),
            ("http://app.localhost/", None),
            ("http://127.1.2.3/", None),
            ("https://[::1]:8443/", None),
            ("http://direct.example/", None),
            ("http://api.direct.example/", None),
            ("http://10.1.2.3/", None),
            ("http://api.example/", Some(("proxy.example", 3128, false))),
            ("https://api.example/", Some(("secure.example", 443, true))),
            ("https://[2001:db8::1]/", Some(("secure.example", 443, true))),
        ];
        for (url, expected) in table {
            let target = Target::of(&url.parse().unwrap()).unwrap();
            let found = proxies.for_target(&target).unwrap();
            let found = found.as_ref().map(|proxy| (proxy.host.to_string(), proxy.port, proxy.tls));
            assert_eq!(found, expected.map(|(host, port, tls)| (host.to_owned(), port, tls)), "{url}");
        }
    }

    #[test]
    fn an_unusable_proxy_is_reported_without_its_password() {
        for proxy in ["ftp://u:secret@host:21", "http://u:secret@ho st", "/"] {
            let except = Some("direct.example".to_owned());
            let proxies = Proxies::new(&ProxySettings { http: Some(proxy.into()), https: None, except });
            let through = |url: &str| proxies.for_target(&Target::of(&url.parse().unwrap()).unwrap());
            for direct in ["http://localhost/", "http://direct.example/", "https://api.example/"] {
                assert!(through(direct).is_ok_and(|proxy| proxy.is_none()), "{direct} needs no proxy");
            }
            let Err(error) = through("http://api.example/") else {
                panic!("{proxy} was accepted as a proxy")
            };
            assert!(error.to_string().contains("is not the URL of a proxy"), "{error}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
