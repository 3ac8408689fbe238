//! The parts of an entry of a policy's origins.

use crate::origin::{is_local_host, split_port};

/// The parts of an entry of a policy's `origins`: what it says, for programs that write it in another language or test servers with it.
///
/// ```
/// use corsac::server::OriginEntry;
///
/// let entry = OriginEntry::split("https://*.app-*.example.com:*").unwrap();
/// assert_eq!((entry.scheme, entry.host, entry.port), ("https", "app-*.example.com", Some("*")));
/// assert!(entry.covers_subdomains && entry.covers_every_port() && !entry.covers_every_host());
/// assert_eq!(OriginEntry::split("moz-extension://*").unwrap().host, "*");
/// assert_eq!(OriginEntry::split("*"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OriginEntry<'a> {
    /// The scheme.
    pub scheme: &'a str,
    /// Whether it covers the subdomains of the host, of one label or more, and not the host itself: `*.` before the host.
    pub covers_subdomains: bool,
    /// The host, without a `*.` before it. Each `*` within stands for a part of a label, and `*` alone for every host.
    pub host: &'a str,
    /// The port as it is written, where `*` stands for every port, the default one included.
    pub port: Option<&'a str>,
}

impl<'a> OriginEntry<'a> {
    /// Splits an entry. Returns `None` for `*` and `null`, which have no parts. Whether the entry is valid is not checked:
    /// [`Policy::new`](super::Policy::new) does that.
    pub fn split(entry: &'a str) -> Option<Self> {
        let (scheme, rest) = entry.split_once("://")?;
        let (host, port) = split_port(rest);
        let parent = host.strip_prefix("*.");
        Some(Self { scheme, covers_subdomains: parent.is_some(), host: parent.unwrap_or(host), port })
    }

    /// Returns `true` for http and https, and `false` for the schemes of apps and extensions.
    pub fn is_web(&self) -> bool {
        matches!(self.scheme, "http" | "https")
    }

    /// Returns `true` if somebody on the network can change the pages that it covers: they come over http, and not from this computer.
    ///
    /// ```
    /// use corsac::server::OriginEntry;
    ///
    /// let is_insecure = |entry| OriginEntry::split(entry).unwrap().is_insecure();
    /// assert!(is_insecure("http://app.example"));
    /// assert!(!is_insecure("https://app.example"));
    /// assert!(!is_insecure("http://localhost:3000"));
    /// ```
    pub fn is_insecure(&self) -> bool {
        self.scheme == "http" && !is_local_host(self.host)
    }

    /// Returns `true` if it covers every port.
    pub fn covers_every_port(&self) -> bool {
        self.port == Some("*")
    }

    /// Returns `true` if it covers every host of an app's scheme.
    pub fn covers_every_host(&self) -> bool {
        self.host == "*"
    }

    /// Returns `true` if a `*` in the host stands for a part of a label.
    pub fn covers_part_of_label(&self) -> bool {
        self.host.contains('*') && !self.covers_every_host()
    }
}
