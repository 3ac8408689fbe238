//! The server's half: a browser lets a page read exactly what the policy allows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // as in any test

#[path = "../pair/mod.rs"]
mod pair;

mod advice;
mod answers;
mod edits;
mod enforcement;
mod explanations;
mod generate;
mod hostile;
mod law;
mod matcher;
mod pitfalls;
mod problems;
mod public_suffixes;
mod reading;
mod round_trip;
mod suggestions;

use corsac::server::{Decision, Policy, PolicyConfig, PolicyRefusal, Request, RequestKind};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

/// Returns a policy with these origins and otherwise the defaults.
pub(crate) fn config(origins: &[&str]) -> PolicyConfig {
    PolicyConfig { origins: strings(origins), ..PolicyConfig::default() }
}

pub(crate) fn strings(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

pub(crate) fn policy(config: &PolicyConfig) -> Policy {
    Policy::new(config).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Makes a header map of these lines. A value's characters, up to U+00FF, are its bytes.
pub(crate) fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in lines {
        let bytes: Vec<u8> = value.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        map.append(HeaderName::try_from(*name).unwrap(), HeaderValue::from_bytes(&bytes).unwrap());
    }
    map
}

/// A decision, and everything that it borrows.
pub(crate) struct Decided {
    policy: Policy,
    method: Method,
    headers: HeaderMap,
}

impl Decided {
    fn decision(&self) -> Decision<'_> {
        self.policy.decide(&Request::new(&self.method, &self.headers))
    }

    pub(crate) fn kind(&self) -> RequestKind {
        self.decision().kind()
    }

    pub(crate) fn refusal(&self) -> Option<PolicyRefusal> {
        self.decision().refusal()
    }

    pub(crate) fn is_allowed(&self) -> bool {
        self.decision().is_allowed()
    }

    pub(crate) fn response_lines(&self) -> Vec<String> {
        response_lines(self)
    }
}

/// A type that writes the headers of a response.
pub(crate) trait WritesHeaders {
    fn apply(&self, response: &mut HeaderMap);
}

impl WritesHeaders for Decision<'_> {
    fn apply(&self, response: &mut HeaderMap) {
        Decision::apply(self, response);
    }
}

impl WritesHeaders for Decided {
    fn apply(&self, response: &mut HeaderMap) {
        self.decision().apply(response);
    }
}

/// Decides about a GET request with this `Origin`.
pub(crate) fn from_page(policy: &Policy, origin: &str) -> Decided {
    Decided { policy: policy.clone(), method: Method::GET, headers: headers(&[("origin", origin)]) }
}

/// Decides about a preflight with this origin, this method, and a line for each list of headers.
pub(crate) fn preflight(policy: &Policy, origin: &str, method: &str, lists: &[&str]) -> Decided {
    let mut lines = vec![("origin", origin), ("access-control-request-method", method)];
    lines.extend(lists.iter().map(|list| ("access-control-request-headers", *list)));
    Decided { policy: policy.clone(), method: Method::OPTIONS, headers: headers(&lines) }
}

/// Returns the response's headers as `name: value`, in alphabetical order.
pub(crate) fn response_lines(decision: &impl WritesHeaders) -> Vec<String> {
    let mut response = HeaderMap::new();
    decision.apply(&mut response);
    lines(&response)
}

pub(crate) fn lines(headers: &HeaderMap) -> Vec<String> {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        format!("{name}: {}", String::from_utf8_lossy(value.as_bytes()))
    };
    let mut lines: Vec<String> = headers.iter().map(line).collect();
    lines.sort();
    lines
}
