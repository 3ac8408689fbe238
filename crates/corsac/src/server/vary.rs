//! `Vary`: what a response depends on, so that no cache gives one origin's answer to another.

use http::header::{Entry, HeaderMap, HeaderValue, VARY};

use crate::header::list_items;

/// Adds names to a response's [`Vary`](https://httpwg.org/specs/rfc9110.html#field.vary), in a line of their own. What is there already, in any
/// line, stays as it is; nothing is added when all the names are there, or `*`.
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
pub fn add_vary(response: &mut HeaderMap, names: &HeaderValue) {
    if let Entry::Vacant(vacant) = response.entry(VARY) {
        vacant.insert(names.clone());
        return;
    }
    let there = |name: &[u8]| {
        response
            .get_all(VARY)
            .iter()
            .flat_map(|line| list_items(line.as_bytes()))
            .any(|item| item == b"*" || item.eq_ignore_ascii_case(name))
    };
    let missing = list_items(names.as_bytes()).filter(|name| !there(name)).count();
    if missing == 0 {
        return;
    }
    let value = if missing == list_items(names.as_bytes()).count() {
        names.clone()
    } else {
        let missing: Vec<&[u8]> = list_items(names.as_bytes()).filter(|name| !there(name)).collect();
        let Ok(value) = HeaderValue::from_bytes(&missing.join(&b", "[..])) else { return };
        value
    };
    response.append(VARY, value);
}

#[cfg(test)]
mod tests {
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
