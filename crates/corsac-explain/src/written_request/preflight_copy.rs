//! A preflight that was copied instead of the request: in the network panel, the preflight is often the row that is red.

use corsac::header::names::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE};
use corsac::header::{is_forbidden_request_header, list_items};

/// The request that a preflight asks about.
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) note: String,
}

/// Returns the request that a preflight with these header lines asks about. `None` if it is no preflight.
pub(super) fn request(method: &str, lines: &[(String, Vec<u8>)]) -> Option<Asked> {
    let values = |wanted: &'static str| {
        lines
            .iter()
            .filter(move |(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.as_slice())
    };
    if !method.eq_ignore_ascii_case("OPTIONS") {
        return None;
    }
    let method = values(ACCESS_CONTROL_REQUEST_METHOD).next()?;
    let method = String::from_utf8_lossy(method).into_owned();
    let names = values(ACCESS_CONTROL_REQUEST_HEADERS).flat_map(list_items);
    let header = |name: &[u8]| {
        let name = String::from_utf8_lossy(name).into_owned();
        // The preflight asks for it, so its value is one that needs a preflight.
        let is_type = name.eq_ignore_ascii_case(CONTENT_TYPE);
        let value = if is_type { "application/json" } else { "value" };
        (name, value.as_bytes().to_vec())
    };
    // No browser asks for a header that it sets itself. Somebody who writes a preflight can.
    let is_scripts =
        |(name, value): &(String, Vec<u8>)| !is_forbidden_request_header(&name.to_ascii_lowercase(), value);
    let headers = names.filter(|name| !name.is_empty()).map(header).filter(is_scripts).collect();
    let note = "This is a preflight, which only browsers send. So it is read as the request that it asks about, whose body and values of headers are not \
                known."
        .to_owned();
    Some(Asked { method, headers, note })
}
