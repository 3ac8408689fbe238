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

/// Returns `true` if `Vary` includes `Origin`, or `*`.
pub(crate) fn varies_by_origin(response: &ResponseHead) -> bool {
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
