//! `Vary`: the request headers that a response depends on, so that a cache does not answer one origin with another origin's response.

use http::HeaderValue;

use super::constants::ResponseConstant;
use super::response::{ResponseHeader, ResponseHeaders};
use crate::header::list_items;

/// Adds names to a response's [`Vary`](https://httpwg.org/specs/rfc9110.html#field.vary), in a separate line. Existing lines are not changed.
/// Nothing is added if all the names are already there, or `*`.
///
/// `names` is a comma-separated list.
///
/// ```
/// use corsac::server::add_vary;
/// use http::{HeaderMap, HeaderValue};
///
/// let mut response = HeaderMap::new();
/// response.insert("vary", HeaderValue::from_static("Accept-Encoding, origin"));
/// add_vary(&mut response, &HeaderValue::from_static("Origin"));
/// assert_eq!(response.get_all("vary").iter().count(), 1); // it was there, in lower case
/// ```
pub fn add_vary<R: ResponseHeaders>(response: &mut R, names: &HeaderValue) {
    merge(response, names.as_bytes(), || R::copy_of(names));
}

/// Does the same as [`add_vary`] for a constant.
pub(super) fn add_vary_constant<R: ResponseHeaders>(response: &mut R, names: ResponseConstant) {
    merge(response, names.as_bytes(), || Some(R::constant(names)));
}

#[inline]
fn merge<R: ResponseHeaders>(response: &mut R, names: &[u8], value: impl FnOnce() -> Option<R::Value>) {
    if response.lines(ResponseHeader::Vary).next().is_some() {
        return merge_lines(response, names, value);
    }
    if let Some(value) = value() {
        response.set(ResponseHeader::Vary, value);
    }
}

fn merge_lines<R: ResponseHeaders>(response: &mut R, names: &[u8], value: impl FnOnce() -> Option<R::Value>) {
    let is_listed = |name: &[u8]| {
        response
            .lines(ResponseHeader::Vary)
            .flat_map(|line| list_items(line.as_ref()))
            .any(|item| item == b"*" || item.eq_ignore_ascii_case(name))
    };
    let missing = list_items(names).filter(|name| !is_listed(name)).count();
    if missing == 0 {
        // Equal bytes are replaced by the constant, by which an outer layer recognizes that this one has decided.
        let mut lines = response.lines(ResponseHeader::Vary);
        let is_equal = lines.next().is_some_and(|line| line.as_ref() == names);
        if is_equal && lines.next().is_none() {
            drop(lines);
            if let Some(value) = value() {
                response.set(ResponseHeader::Vary, value);
            }
        }
        return;
    }
    let value = if missing == list_items(names).count() {
        value()
    } else {
        let missing: Vec<&[u8]> = list_items(names).filter(|name| !is_listed(name)).collect();
        HeaderValue::from_bytes(&missing.join(&b", "[..])).ok().as_ref().and_then(R::copy_of)
    };
    if let Some(value) = value {
        response.append(ResponseHeader::Vary, value);
    }
}

/// Returns `true` if `Vary` names this header.
pub(super) fn names_in_vary(response: &impl ResponseHeaders, name: &[u8]) -> bool {
    let lines = response.lines(ResponseHeader::Vary);
    lines.flat_map(|line| list_items(line.as_ref())).any(|item| item.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use http::header::{HeaderMap, VARY};

    use super::*;

    #[test]
    fn vary_is_merged_by_names() {
        let cases: [(&[&str], &str, &[&str]); 8] = [
            (&[], "Origin", &["Origin"]),
            (&["Accept-Encoding"], "Origin", &["Accept-Encoding", "Origin"]),
            (&["Accept-Encoding, ORIGIN"], "Origin", &["Accept-Encoding, ORIGIN"]),
            (&["Accept", "Origin"], "Origin", &["Accept", "Origin"]),
            (&["*"], "Origin", &["*"]),
            (&["X-Origin"], "Origin", &["X-Origin", "Origin"]),
            (&["Origin"], "Origin, X-Tenant", &["Origin", "X-Tenant"]),
            (&["Accept,, ,"], "Origin", &["Accept,, ,", "Origin"]),
        ];
        for (before, names, after) in cases {
            let mut response = HeaderMap::new();
            for line in before {
                response.append(VARY, HeaderValue::from_static(line));
            }
            add_vary(&mut response, &HeaderValue::from_static(names));
            let lines: Vec<_> = response.get_all(VARY).iter().collect();
            assert_eq!(lines, after, "{before:?} and {names}");
        }
    }
}
