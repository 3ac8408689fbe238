//! What answered, where its headers name it beyond doubt.

use corsac::browser::ResponseHead;

/// What to write for Helmet, as further sentences of a fix.
pub(crate) const HELMET_RESOURCE_POLICY: &str = " Helmet sends `same-origin` unless it is told otherwise: `helmet({ crossOriginResourcePolicy: { policy: \
                                                 \"cross-origin\" } })`.";

/// Returns `true` if the response has the headers that Helmet for Node sends together, and hardly anybody else.
pub(crate) fn is_helmet(response: &ResponseHead) -> bool {
    const HEADERS: [(&str, &str); 4] = [
        ("x-dns-prefetch-control", "off"),
        ("x-download-options", "noopen"),
        ("x-permitted-cross-domain-policies", "none"),
        ("x-xss-protection", "0"),
    ];
    HEADERS.iter().all(|(name, value)| response.headers.text(name).as_deref() == Some(value))
}
