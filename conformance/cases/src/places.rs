//! The origins that cases refer to by name, and their addresses.
//!
//! A case writes `{b}` for an origin and `<b>/x` for a URL. Each run of a case has its own URLs, so that runs share no cache. Every name
//! resolves to loopback: by Chromium's command line, a preference of Firefox, and a private `/etc/hosts` for WebKit.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Failure;

/// The origins of one run of this program.
#[derive(Clone, Debug)]
pub struct Places {
    origins: Vec<(&'static str, String)>,
    /// The ports to listen on, with their protocols.
    pub ports: [(u16, Protocol); 4],
}

/// The protocol of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    Http,
    /// HTTP/1.1 over TLS.
    Https,
    /// HTTP/2 over TLS.
    Http2,
}

/// Key, scheme, host, index of the port.
const ORIGINS: &[(&str, &str, &str, u16)] = &[
    ("a", "http", "a.test", 0),
    ("a2", "http", "a.test", 1),
    ("sub", "http", "sub.a.test", 0),
    ("b", "http", "b.test", 0),
    ("c", "http", "c.test", 1),
    ("l", "http", "localhost", 0),
    ("m", "http", "m.localhost", 0),
    ("ip", "http", "127.0.0.1", 0),
    ("s", "https", "s.test", 2),
    ("t", "https", "t.test", 2),
    ("h", "https", "h.test", 3),
];

impl Places {
    /// The ports are `base`, the next one, the one after that for TLS, and one more for HTTP/2.
    pub fn new(base: u16) -> Self {
        let origins = ORIGINS
            .iter()
            .map(|(key, scheme, host, offset)| {
                (*key, format!("{scheme}://{host}:{}", base.saturating_add(*offset)))
            })
            .collect();
        let port = |offset| base.saturating_add(offset);
        let ports = [
            (port(0), Protocol::Http),
            (port(1), Protocol::Http),
            (port(2), Protocol::Https),
            (port(3), Protocol::Http2),
        ];
        Self { origins, ports }
    }

    /// The host names, for resolvers.
    pub fn hosts() -> Vec<&'static str> {
        let mut hosts: Vec<_> = ORIGINS.iter().map(|(_, _, host, _)| *host).collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts
    }

    /// The names of the origins.
    pub fn keys() -> impl Iterator<Item = &'static str> {
        ORIGINS.iter().map(|(key, ..)| *key)
    }

    /// The origin called `key`.
    pub fn origin(&self, key: &str) -> Option<&str> {
        self.origins.iter().find(|(name, _)| *name == key).map(|(_, origin)| origin.as_str())
    }

    /// Returns `true` if there is a server at this origin.
    pub fn knows(&self, origin: &str) -> bool {
        self.origins.iter().any(|(_, known)| known == origin)
    }

    /// The page's URL.
    pub fn page_url(&self, page: &str) -> Result<String, Failure> {
        if page == "null" {
            return Ok(format!("{}/page-null", self.origin("a").unwrap_or_default()));
        }
        let origin = self.origin(page).ok_or_else(|| format!("no origin is called `{page}`"))?;
        Ok(format!("{origin}/page"))
    }

    /// Replaces names by addresses: `{b}` becomes an origin, `{b:host}` its host and port, and `<b>` the URL below which run `id` has its
    /// own.
    pub fn expand<T: Serialize + DeserializeOwned>(&self, value: &T, id: u32) -> Result<T, Failure> {
        let mut text = serde_json::to_string(value)?;
        for (key, origin) in &self.origins {
            let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
            text = text
                .replace(&format!("{{{key}}}"), origin)
                .replace(&format!("{{{key}^}}"), &origin.to_ascii_uppercase())
                .replace(&format!("{{{key}:host}}"), authority)
                .replace(&format!("<{key}>"), &format!("{origin}{}", prefix(id)));
        }
        Ok(serde_json::from_str(&text.replace("{base}", &prefix(id)))?)
    }

    /// Replaces addresses by names, so that observations of different runs can be compared.
    pub fn contract<T: Serialize + DeserializeOwned>(&self, value: &T, id: u32) -> Result<T, Failure> {
        let mut text = serde_json::to_string(value)?;
        for (key, origin) in &self.origins {
            text = text
                .replace(&format!("{origin}{}", prefix(id)), &format!("<{key}>"))
                .replace(origin, &format!("{{{key}}}"))
                .replace(&origin.to_ascii_uppercase(), &format!("{{{key}^}}"));
        }
        // The longest first, as some are the end of another.
        let mut hosts: Vec<(&str, &str)> = self
            .origins
            .iter()
            .filter_map(|(key, origin)| Some((*key, origin.split_once("://")?.1)))
            .collect();
        hosts.sort_by_key(|(_, host)| std::cmp::Reverse(host.len()));
        for (key, host) in hosts {
            text = text.replace(host, &format!("{{{key}:host}}"));
        }
        Ok(serde_json::from_str(&text.replace(&prefix(id), "{base}"))?)
    }
}

/// The path below which run `id` of a case has its URLs. It always has the same length, because some engines check the length of a URL.
fn prefix(id: u32) -> String {
    format!("/k/{id:08}")
}

/// The run of a case that this path belongs to.
pub fn run_of(path: &str) -> Option<u32> {
    path.strip_prefix("/k/")?.get(..8)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Places, run_of};

    #[test]
    fn names_go_there_and_back() {
        let places = Places::new(28_100);
        let text = "{a} <b>/x {sub} {a2}/ {base}/y".to_owned();
        let expanded = places.expand(&text, 7).unwrap();
        assert_eq!(
            expanded,
            "http://a.test:28100 http://b.test:28100/k/00000007/x http://sub.a.test:28100 http://a.test:28101/ /k/00000007/y"
        );
        assert_eq!(places.contract(&expanded, 7).unwrap(), text);
        let others = "{sub:host} {a:host}, {a^} http://u@{m:host}{base}/y".to_owned();
        assert_eq!(places.contract(&places.expand(&others, 7).unwrap(), 7).unwrap(), others);
        assert_eq!(run_of("/k/00000007/x"), Some(7));
    }
}
