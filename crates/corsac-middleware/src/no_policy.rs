//! The policy that allows nobody anything.

use std::sync::LazyLock;

use corsac::server::{Policy, PolicyConfig};

/// Used when a lookup fails, and for preflights that no policy covers. An empty policy always compiles: a test holds that.
pub(crate) static ALLOWS_NOBODY: LazyLock<Option<Policy>> =
    LazyLock::new(|| Policy::new(&PolicyConfig::default()).ok());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_policy_compiles() {
        assert!(ALLOWS_NOBODY.is_some());
    }
}
