//! What of a response is compared, apart from what browsers decide on: the values that a policy has for them.

use corsac::browser::ResponseHead;
use corsac::header::list_items;
use corsac::header::names::{CROSS_ORIGIN_RESOURCE_POLICY, VARY};

/// The items of a list header, in lower case and sorted.
pub(crate) fn items(response: &ResponseHead, name: &str) -> Vec<String> {
    let lines = response.headers.all(name);
    let mut items: Vec<String> =
        lines.flat_map(list_items).map(|item| String::from_utf8_lossy(item).to_ascii_lowercase()).collect();
    items.sort_unstable();
    items.dedup();
    items
}

/// Returns `true` if `Vary` includes `Origin`, or `*`, so that a cache keeps a response for each origin
/// ([RFC 9111, section 4.1](https://www.rfc-editor.org/rfc/rfc9111#section-4.1)).
///
/// ```
/// use corsac::browser::ResponseHead;
///
/// let varies = |value| corsac_verify::varies_by_origin(&ResponseHead::new(200, [("Vary", value)]));
/// assert!(varies("Accept-Encoding, origin") && varies("*") && !varies("Accept-Encoding"));
/// ```
pub fn varies_by_origin(response: &ResponseHead) -> bool {
    items(response, VARY).iter().any(|item| item == "origin" || item == "*")
}

/// How much `Cross-Origin-Resource-Policy` restricts: 2 same-origin, 1 same-site, 0 anything else.
pub(crate) fn resource_policy(response: &ResponseHead) -> u8 {
    match response.headers.text(CROSS_ORIGIN_RESOURCE_POLICY).as_deref() {
        Some("same-origin") => 2,
        Some("same-site") => 1,
        _ => 0,
    }
}

/// Returns `false` if no cache reuses the response for another request
/// ([RFC 9111, section 3](https://www.rfc-editor.org/rfc/rfc9111#section-3)): it says so, or it has a status that is not cacheable by default
/// and does not say how long it is fresh.
pub(crate) fn may_be_stored(response: &ResponseHead) -> bool {
    const CACHEABLE: [u16; 12] = [200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501];
    let directives = items(response, "cache-control");
    let has = |name: &str| {
        directives.iter().any(|item| item.split('=').next().is_some_and(|key| key.trim() == name))
    };
    let says_how_long =
        has("max-age") || has("s-maxage") || has("public") || response.headers.contains("expires");
    !has("no-store") && !has("private") && (says_how_long || CACHEABLE.contains(&response.status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_stored_only_if_they_say_how_long() {
        let table: [(u16, &str, bool); 8] = [
            (200, "", true),
            (404, "", true),
            (500, "", false),
            (401, "no-cache", false),
            (500, "max-age=60", true),
            (302, "Public, s-maxage = 60", true),
            (200, "no-store", false),
            (200, "private, max-age=60", false),
        ];
        for (status, value, expected) in table {
            let response = ResponseHead::new(status, [("Cache-Control", value)]);
            assert_eq!(may_be_stored(&response), expected, "{status} {value}");
        }
    }
}
