//! Lookalikes: origins that can be mistaken for a listed one, such as `https://acme.io.evil.example` and `https://evilacme.io`.

use super::origin_pattern::OriginPattern;
use super::origins::Origins;
use super::policy::Policy;
use crate::origin::Origin;

/// Returns the entry that an origin of another site resembles, and the domain that the origin really belongs to.
pub(super) fn lookalike(policy: &Policy, origin: &str) -> Option<(String, String)> {
    let Origins::Listed(set) = &policy.compiled().origins else { return None };
    let origin = Origin::parse(origin).ok()?;
    let host = origin.host()?;
    let owner = origin.registrable_domain().unwrap_or(host);
    let ends_a_label = |name: &str| {
        let mut places = host.match_indices(name).map(|(at, _)| host.get(at + name.len()..));
        places.any(|rest| rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-'])))
    };
    let resemblance = |entry: &str| {
        let pattern = OriginPattern::parse(entry).ok()?;
        if pattern.base.schemelessly_same_site(&origin) || pattern.base.host() == Some(host) {
            return None;
        }
        let names = [pattern.base.host(), pattern.base.registrable_domain()];
        names.into_iter().flatten().filter(|name| ends_a_label(name)).map(str::len).max()
    };
    let similar = set.entries().filter_map(|entry| Some((resemblance(entry)?, entry)));
    let (_, entry) = similar.min_by_key(|(resemblance, _)| std::cmp::Reverse(*resemblance))?;
    Some((entry.to_owned(), owner.to_owned()))
}
