//! Which policy of a file decides about which path.

use corsac::server::{PathMap, PathPrefix, Policy};

/// What a file has for a part of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Placed {
    /// A policy.
    Policy {
        /// Its name in the file.
        name: String,
        /// The policy.
        policy: Policy,
    },
    /// `cors = "pass"`: requests and responses pass untouched, preflights too.
    Pass {
        /// The name in the file.
        name: String,
    },
}

impl Placed {
    /// The name in the file.
    pub fn name(&self) -> &str {
        match self {
            Self::Policy { name, .. } | Self::Pass { name } => name,
        }
    }

    /// The policy; `None` for what passes.
    pub fn policy(&self) -> Option<&Policy> {
        match self {
            Self::Policy { policy, .. } => Some(policy),
            Self::Pass { .. } => None,
        }
    }
}

/// Where the policies of a file belong.
///
/// ```
/// use corsac_config::{Format, PolicyFile};
///
/// let text = r#"
/// [policy.app]
/// origins = ["https://app.example.com"]
///
/// [policy.admin]
/// at = "/admin"
/// origins = ["https://admin.example.com"]
///
/// [policy.store]
/// at = "/store"
/// cors = "pass"
/// "#;
/// let placement = PolicyFile::parse(text, Format::Toml)?.placement();
/// assert_eq!(placement.get("/admin/users").unwrap().name(), "admin");
/// assert_eq!(placement.get("/store").unwrap().policy(), None);
/// assert_eq!(placement.get("/items").unwrap().name(), "app");
/// # Ok::<(), corsac_config::FileProblems>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct FilePlacement {
    /// What decides about paths that no part covers: `at = "/"`, or the only entry of the file without `at`. `None` if there is no such
    /// entry, or several, which a service then tells apart by their names.
    pub main: Option<Placed>,
    /// The entries with `at`, by their paths; the longest path that covers a request counts.
    pub parts: PathMap<Placed>,
}

impl FilePlacement {
    /// Places the entries of a file; no two have the same path.
    pub(crate) fn new(entries: impl IntoIterator<Item = (Option<PathPrefix>, Placed)>) -> Self {
        let mut placement = Self::default();
        let (mut unplaced, mut count) = (None, 0_usize);
        for (at, placed) in entries {
            match at {
                Some(path) if path.as_str() == "/" => placement.main = Some(placed),
                Some(path) => {
                    placement.parts.insert(path, placed);
                }
                None => {
                    count += 1;
                    unplaced = Some(placed);
                }
            }
        }
        if placement.main.is_none() && count == 1 {
            placement.main = unplaced;
        }
        placement
    }

    /// Returns what decides about a path, as it is sent and without its query.
    pub fn get(&self, path: &str) -> Option<&Placed> {
        self.parts.get(path).or(self.main.as_ref())
    }

    /// Returns `true` if the file says where its entries belong: at least one has `at`.
    pub fn has_parts(&self) -> bool {
        !self.parts.is_empty()
    }
}
