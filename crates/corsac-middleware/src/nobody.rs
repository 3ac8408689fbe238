//! The policy that allows nobody anything.

use std::sync::LazyLock;

use corsac::server::{Policy, PolicyConfig};

/// Counts where a policy could not be had, and for preflights for which none is responsible. An empty policy always compiles: a test holds
/// that.
pub(crate) static NOBODY: LazyLock<Option<Policy>> =
    LazyLock::new(|| Policy::new(&PolicyConfig::default()).ok());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_policy_compiles() {
        assert!(NOBODY.is_some());
    }
}
