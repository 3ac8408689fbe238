//! Origins that are made to be mistaken for a listed one: `https://acme.io.evil.example`, `https://evilacme.io`.

use super::origin_pattern::OriginPattern;
use super::origins::Origins;
use super::policy::Policy;
use crate::origin::Origin;

/// The entry that an origin of another site seems to belong to, and whose the origin is: `acme.io.evil.example`, `evilacme.io`.
pub(super) fn look_alike(policy: &Policy, origin: &str) -> Option<(String, String)> {
    let Origins::Listed(set) = &policy.compiled().origins else { return None };
    let origin = Origin::parse(origin).ok()?;
    let host = origin.host()?;
    let owner = origin.registrable_domain().unwrap_or(host);
    let seems = |name: &str| {
        let mut places = host.match_indices(name).map(|(at, _)| host.get(at + name.len()..));
        places.any(|rest| rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-'])))
    };
    let likeness = |entry: &str| {
        let pattern = OriginPattern::parse(entry).ok()?;
        if pattern.base.schemelessly_same_site(&origin) || pattern.base.host() == Some(host) {
            return None;
        }
        let names = [pattern.base.host(), pattern.base.registrable_domain()];
        names.into_iter().flatten().filter(|name| seems(name)).map(str::len).max()
    };
    let alike = set.entries().filter_map(|entry| Some((likeness(entry)?, entry)));
    let (_, entry) = alike.min_by_key(|(likeness, _)| std::cmp::Reverse(*likeness))?;
    Some((entry.to_owned(), owner.to_owned()))
}
