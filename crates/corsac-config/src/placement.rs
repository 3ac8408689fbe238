//! Which policy of a file decides about which path.

use corsac::server::{self, PathMap, PathPrefix, Placement, Policy, PolicyChoice};

/// An entry of a file: what decides about a part of a server.
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
    /// `cors = "pass"`: requests and responses pass unchanged, including preflights.
    Pass {
        /// The name in the file.
        name: String,
    },
}

impl Placed {
    /// Returns the name in the file.
    pub fn name(&self) -> &str {
        match self {
            Self::Policy { name, .. } | Self::Pass { name } => name,
        }
    }

    /// Returns the policy; `None` for `cors = "pass"`.
    pub fn policy(&self) -> Option<&Policy> {
        match self {
            Self::Policy { policy, .. } => Some(policy),
            Self::Pass { .. } => None,
        }
    }
}

/// Which entry of a file decides about which path.
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
pub struct FilePlacement {
    main: Option<Placed>,
    parts: PathMap<Placed>,
    unplaced: Vec<String>,
    /// Whether any entry has `at`, including `at = "/"`, which is not among the parts.
    has_parts: bool,
}

/// Why the entries without `at` decide about no path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unplaced<'e> {
    /// The entry of this name has `at = "/"`.
    BesideRoot(&'e str),
    /// There are several of them, and other entries have `at`.
    Several,
}

/// Returns why the entries without `at` decide about no path; `None` if one of them does, if there are none, or if no entry has `at`.
pub(crate) fn unplaced<'e>(entries: &[(&'e str, Option<&PathPrefix>)]) -> Option<Unplaced<'e>> {
    let without = entries.iter().filter(|(_, at)| at.is_none()).count();
    let is_root = |at: Option<&PathPrefix>| at.is_some_and(|path| path.as_str() == "/");
    match entries.iter().find(|(_, at)| is_root(*at)) {
        Some((root, _)) => (without > 0).then_some(Unplaced::BesideRoot(root)),
        None => (without > 1 && entries.len() > without).then_some(Unplaced::Several),
    }
}

impl FilePlacement {
    /// Places the entries of a file, of which no two have the same path.
    pub(crate) fn new(entries: impl IntoIterator<Item = (Option<PathPrefix>, Placed)>) -> Self {
        let entries: Vec<_> = entries.into_iter().collect();
        let names: Vec<_> = entries.iter().map(|(at, placed)| (placed.name(), at.as_ref())).collect();
        let is_unplaced = unplaced(&names).is_some();
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
        if is_unplaced {
            placement.unplaced = rest.iter().map(|placed| placed.name().to_owned()).collect();
        } else if rest.len() == 1 {
            placement.main = rest.pop();
        }
        placement
    }

    /// Returns what decides about requests for no part: the entry with `at = "/"`, or the only entry without `at`. `None` if there is no such
    /// entry, or if there are several; a service then selects a policy by its name.
    pub fn main(&self) -> Option<&Placed> {
        self.main.as_ref()
    }

    /// Returns the entries with `at` other than `/`, longest path first. If several paths cover a request, the longest one decides.
    pub fn parts(&self) -> impl Iterator<Item = (&PathPrefix, &Placed)> {
        self.parts.iter()
    }

    /// Returns the names of the entries that decide about no path although the file places others: they have no `at`, and there are several of
    /// them, or another entry has `at = "/"`. A service can still select such a policy by its name.
    pub fn unplaced(&self) -> &[String] {
        &self.unplaced
    }

    /// Returns what decides about `path`, which is the path as it was sent, without the query.
    pub fn get(&self, path: &str) -> Option<&Placed> {
        self.parts.get(path).or(self.main.as_ref())
    }

    /// Returns the entries that decide about some path: the parts, longest path first, and then the main entry.
    pub fn iter(&self) -> impl Iterator<Item = &Placed> {
        self.parts.iter().map(|(_, placed)| placed).chain(&self.main)
    }

    /// Returns `true` if the file places its entries: at least one has `at`.
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
