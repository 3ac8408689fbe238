//! What the [public suffix list](https://publicsuffix.org/) says about the names below a host: whether anyone can have one.

#[cfg(not(target_arch = "wasm32"))]
mod compiled;
#[cfg(any(target_arch = "wasm32", test))]
mod written;

#[cfg(not(target_arch = "wasm32"))]
use compiled as list;
#[cfg(target_arch = "wasm32")]
use written as list;

#[cfg(test)]
mod tests;

/// The two parts of the public suffix list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SuffixList {
    /// Registries: `com`, `co.uk`. Anyone can register a name there.
    Icann,
    /// Companies that give their customers names: `github.io`, `vercel.app`.
    Private,
}

/// Returns the part of the list by which anyone can have a name directly or indirectly below the host; `None` if there is none.
///
/// A wildcard rule makes suffixes of all names below its host. With `*.run.app`, `a.run.app` is one. What is below `run.app` is therefore
/// public too, although `run.app` is not a suffix itself.
pub(crate) fn names_below_are_public(host: &str) -> Option<SuffixList> {
    // No rule of the list has this label. A rule that makes a suffix of this name therefore has a wildcard in its place.
    const ANY_LABEL: &str = "corsac-any-label";
    let host = host.strip_suffix('.').unwrap_or(host);
    is_suffix(host).or_else(|| is_suffix(&format!("{ANY_LABEL}.{host}")))
}

/// The part of the list in which the name is a public suffix. The rule for names that are not listed is ignored.
fn is_suffix(name: &str) -> Option<SuffixList> {
    let (suffix, list) = list::suffix(name)?;
    list.filter(|_| suffix == name)
}

/// Returns the public suffix of a name and one more label. `None` for a public suffix.
pub(super) fn registrable(name: &str) -> Option<&str> {
    list::registrable(name)
}

/// Returns `true` if the host is not a public suffix, but some of the names further below it are: `core.windows.net` has
/// `blob.core.windows.net` below it.
///
/// The compiled list can be queried for a name, but not for what is below it. A file lists these hosts; `scripts/suffixes` writes it from
/// the list itself.
pub(crate) fn has_suffixes_below(host: &str) -> bool {
    const HOSTS: &str = include_str!("above_suffixes.txt");
    let host = host.strip_suffix('.').unwrap_or(host);
    HOSTS.lines().any(|line| line == host)
}
