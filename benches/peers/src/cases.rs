//! What is asked, and of how many origins.

use bytes::Bytes;
use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use http::{HeaderMap, HeaderValue, Method};

/// A request, as CORS tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    NoOrigin,
    Allowed,
    Refused,
    PreflightAllowed,
    PreflightRefused,
}

impl Case {
    pub const ALL: [Self; 5] =
        [Self::NoOrigin, Self::Allowed, Self::Refused, Self::PreflightAllowed, Self::PreflightRefused];

    pub fn name(self) -> &'static str {
        match self {
            Self::NoOrigin => "no-origin",
            Self::Allowed => "allowed",
            Self::Refused => "refused",
            Self::PreflightAllowed => "preflight-allowed",
            Self::PreflightRefused => "preflight-refused",
        }
    }

    pub fn is_preflight(self) -> bool {
        matches!(self, Self::PreflightAllowed | Self::PreflightRefused)
    }

    pub fn method(self) -> Method {
        if self.is_preflight() { Method::OPTIONS } else { Method::GET }
    }

    /// The value of `Origin`, if the request has one. Of many origins sixteen take turns, spread over the whole list.
    pub fn origin(self, origins: Origins, turn: usize) -> Option<String> {
        match self {
            Self::NoOrigin => None,
            Self::Refused | Self::PreflightRefused => Some("https://evil.example".to_owned()),
            Self::Allowed | Self::PreflightAllowed => Some(origins.asked(turn * origins.count() / TURNS)),
        }
    }

    /// The headers of the requests that take turns. As hyper hands them in, values are parts of one buffer.
    pub fn requests(self, origins: Origins) -> Vec<HeaderMap> {
        let value = |text: String| {
            let buffer = Bytes::from(text);
            drop(buffer.clone());
            HeaderValue::from_maybe_shared(buffer).expect("visible ASCII")
        };
        let request = |turn| {
            let mut headers = HeaderMap::new();
            headers.insert("user-agent", value("benchmark".to_owned()));
            headers.insert("accept", value("*/*".to_owned()));
            if let Some(origin) = self.origin(origins, turn) {
                headers.insert(ORIGIN, value(origin));
            }
            if self.is_preflight() {
                headers.insert(ACCESS_CONTROL_REQUEST_METHOD, value("PUT".to_owned()));
                headers
                    .insert(ACCESS_CONTROL_REQUEST_HEADERS, value("authorization,content-type".to_owned()));
            }
            headers
        };
        (0..TURNS).map(request).collect()
    }
}

/// How many requests take turns.
pub const TURNS: usize = 16;

/// The origins of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origins {
    /// So many exact origins.
    Exact(usize),
    /// So many subdomain wildcards.
    Wildcards(usize),
}

impl Origins {
    pub const ALL: [Self; 7] = [
        Self::Exact(1),
        Self::Exact(10),
        Self::Exact(100),
        Self::Exact(1_000),
        Self::Exact(100_000),
        Self::Exact(1_000_000),
        Self::Wildcards(1_000),
    ];

    pub fn count(self) -> usize {
        match self {
            Self::Exact(count) | Self::Wildcards(count) => count,
        }
    }

    pub fn name(self) -> String {
        match self {
            Self::Exact(count) => format!("{count}"),
            Self::Wildcards(count) => format!("{count} wildcards"),
        }
    }

    /// The entries of the policy, as Corsac writes them.
    pub fn entries(self) -> Vec<String> {
        let entry = |number| match self {
            Self::Exact(_) => self.asked(number),
            Self::Wildcards(_) => format!("https://*.tenant-{number:07}.example.com"),
        };
        (0..self.count()).map(entry).collect()
    }

    /// An origin that the entry of this number allows.
    pub fn asked(self, number: usize) -> String {
        match self {
            Self::Exact(_) => format!("https://tenant-{number:07}.example.com"),
            Self::Wildcards(_) => format!("https://app.tenant-{number:07}.example.com"),
        }
    }

    /// What an origin below the entry ends with, for libraries that take a function.
    pub fn suffixes(self) -> Vec<String> {
        (0..self.count()).map(|number| format!(".tenant-{number:07}.example.com")).collect()
    }
}
