//! The policy that allows nothing.

use std::sync::LazyLock;

use corsac::server::{Policy, PolicyConfig};

/// Used if a lookup fails, and for preflights without a policy. Always `Some`: an empty policy compiles, as a test shows.
pub(crate) static DENY_ALL: LazyLock<Option<Policy>> =
    LazyLock::new(|| Policy::new(&PolicyConfig::default()).ok());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_policy_compiles() {
        assert!(DENY_ALL.is_some());
    }
}
