//! The response headers that are the policy's to write.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderMap,
    HeaderName, VARY,
};

/// The response headers that [`Judged::finish`](crate::Judged::finish) looks at, and may write or take out: all that an adapter with header
/// types of its own has to carry to and fro.
///
/// ```
/// assert!(corsac_middleware::WRITTEN.contains(&http::header::VARY));
/// ```
pub const WRITTEN: [HeaderName; 10] = [
    ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_MAX_AGE,
    HeaderName::from_static("access-control-allow-private-network"),
    HeaderName::from_static("cross-origin-resource-policy"),
    HeaderName::from_static("timing-allow-origin"),
    VARY,
];

/// Takes out what an inner service said about CORS.
pub(crate) fn remove_permissions(response: &mut HeaderMap) {
    for name in WRITTEN.iter().filter(|name| name.as_str().starts_with("access-control-")) {
        response.remove(name);
    }
}
