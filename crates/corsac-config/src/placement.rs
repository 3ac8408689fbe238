//! Which policy of a file decides about which path.

use corsac::server::{self, PathMap, PathPrefix, Placement, Policy, PolicyChoice};

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
    /// The names of entries to which no path leads, although the file places others: they have no `at`, and there are several of them, or
    /// another one has `at = "/"`. A service can still take a policy by its name.
    pub unplaced: Vec<String>,
    has_parts: bool,
}

/// Why no path leads to the entries without `at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unplaced<'e> {
    /// The entry of this name has `at = "/"`.
    BesideRoot(&'e str),
    /// There are several of them, beside others with `at`.
    Several,
}

/// Returns why no path leads to the entries without `at`; `None` if one leads to them, if there are none, or if the file places nothing.
pub(crate) fn unplaced<'e>(entries: &[(&'e str, Option<&PathPrefix>)]) -> Option<Unplaced<'e>> {
    let without = entries.iter().filter(|(_, at)| at.is_none()).count();
    let is_root = |at: Option<&PathPrefix>| at.is_some_and(|path| path.as_str() == "/");
    match entries.iter().find(|(_, at)| is_root(*at)) {
        Some((root, _)) => (without > 0).then_some(Unplaced::BesideRoot(root)),
        None => (without > 1 && entries.len() > without).then_some(Unplaced::Several),
    }
}

impl FilePlacement {
    /// Places the entries of a file; no two have the same path.
    pub(crate) fn new(entries: impl IntoIterator<Item = (Option<PathPrefix>, Placed)>) -> Self {
        let entries: Vec<_> = entries.into_iter().collect();
        let names: Vec<_> = entries.iter().map(|(at, placed)| (placed.name(), at.as_ref())).collect();
        let is_lost = unplaced(&names).is_some();
        let has_parts = entries.iter().any(|(at, _)| at.is_some());
        let mut placement = Self { has_parts, ..Self::default() };
        let mut rest = Vec::new();
        for (at, placed) in entries {
            match at {
                Some(path) if path.as_str() == "/" => placement.main = Some(placed),
                Some(path) => {
                    placement.parts.insert(path, placed);
                }
                None => rest.push(placed),
            }
        }
        if is_lost {
            placement.unplaced = rest.iter().map(|placed| placed.name().to_owned()).collect();
        } else if rest.len() == 1 {
            placement.main = rest.pop();
        }
        placement
    }

    /// Returns what decides about a path, as it is sent and without its query.
    pub fn get(&self, path: &str) -> Option<&Placed> {
        self.parts.get(path).or(self.main.as_ref())
    }

    /// The entries that decide about a path: the parts, the longest path first, and then what is for the rest.
    pub fn iter(&self) -> impl Iterator<Item = &Placed> {
        self.parts.iter().map(|(_, placed)| placed).chain(&self.main)
    }

    /// Returns `true` if the file says where its entries belong: at least one has `at`.
    pub fn has_parts(&self) -> bool {
        self.has_parts
    }
}

impl From<FilePlacement> for Placement {
    /// The placement for a middleware: each entry under its name in the file. Where the file has no entry for a path, no policy decides.
    fn from(file: FilePlacement) -> Self {
        let placed = |entry: &Placed| {
            let choice = entry.policy().cloned().map_or(PolicyChoice::Pass, PolicyChoice::Policy);
            server::Placed::new(entry.name(), choice)
        };
        let nothing = || server::Placed::new("none", PolicyChoice::NoPolicy);
        let main = Self::new(file.main.as_ref().map_or_else(nothing, placed));
        file.parts.iter().fold(main, |placement, (path, entry)| placement.at(path.clone(), placed(entry)))
    }
}
