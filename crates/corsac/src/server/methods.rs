//! The compiled methods of a policy.

use crate::method::is_token;

/// The methods that a policy allows in addition to the safelisted ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Methods {
    /// `*`
    any: bool,
    listed: Vec<Box<[u8]>>,
}

/// The longest method, in bytes, that `*` allows.
const LONGEST_METHOD: usize = 64;

impl Methods {
    /// Compiles `names`, which are tokens, or `*` alone.
    pub(super) fn new(names: &[String]) -> Self {
        let any = names.iter().any(|name| name == "*");
        let listed = names.iter().map(|name| name.as_bytes().into());
        Self { any, listed: if any { Vec::new() } else { listed.collect() } }
    }

    /// Returns `true` if a method may be used. Case matters, as it does in browsers.
    pub(super) fn allows(&self, method: &[u8]) -> bool {
        matches!(method, b"GET" | b"POST" | b"HEAD")
            || self.listed.iter().any(|listed| &**listed == method)
            || self.any && method.len() <= LONGEST_METHOD && is_token(method)
    }
}
