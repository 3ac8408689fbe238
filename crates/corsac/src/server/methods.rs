//! The methods of a policy, compiled.

use http::HeaderValue;

use super::policy::shared;
use crate::method::{is_cors_safelisted_method, is_token};

/// The methods that a policy allows beside the safelisted ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Methods {
    /// `*`
    any: bool,
    /// Each with itself as a header value.
    listed: Vec<HeaderValue>,
}

/// A method longer than this, in bytes, is refused unseen under `*`.
const LONGEST_METHOD: usize = 64;

impl Methods {
    /// `names` are tokens, or `*` alone.
    pub(super) fn new(names: &[String]) -> Self {
        let any = names.iter().any(|name| name == "*");
        let listed = names.iter().filter_map(|name| HeaderValue::from_str(name).ok().map(shared));
        Self { any, listed: if any { Vec::new() } else { listed.collect() } }
    }

    /// Is the method that a preflight asks for allowed? Case matters, to browsers too.
    pub(super) fn allow(&self, asked: &HeaderValue) -> Option<HeaderValue> {
        static SAFELISTED: [HeaderValue; 3] = [
            HeaderValue::from_static("POST"),
            HeaderValue::from_static("GET"),
            HeaderValue::from_static("HEAD"),
        ];
        if let Some(value) = SAFELISTED.iter().chain(&self.listed).find(|value| *value == asked) {
            return Some(value.clone());
        }
        (self.any && asked.len() <= LONGEST_METHOD && is_token(asked.as_bytes())).then(|| asked.clone())
    }

    /// The same for the method of a request.
    pub(super) fn contains(&self, method: &str) -> bool {
        self.any || is_cors_safelisted_method(method) || self.listed.iter().any(|listed| listed == method)
    }
}
