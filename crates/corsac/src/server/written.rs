//! The response headers that are the policy's to write.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderName, VARY,
};

/// The response headers that [`Decision::apply`](super::Decision::apply) looks at, and may write or take out: all that an adapter with
/// header types of its own has to carry to and fro.
///
/// ```
/// assert!(corsac::server::WRITTEN.contains(&http::header::VARY));
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

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, Method};

    use super::super::{Policy, ResourcePolicy};
    use super::*;

    #[test]
    fn a_decision_writes_and_takes_out_no_other_headers() {
        let policy = Policy::builder(["https://app.example"])
            .methods(["PUT"])
            .request_headers(["x-a"])
            .expose_headers(["x-b"])
            .credentials(true)
            .timing(true)
            .resource_policy(ResourcePolicy::SameSite)
            .build()
            .unwrap();
        let mut request = HeaderMap::new();
        for (name, value) in [
            ("origin", "https://app.example"),
            ("access-control-request-method", "PUT"),
            ("access-control-request-headers", "x-a"),
        ] {
            request.insert(name, HeaderValue::from_static(value));
        }
        let mut seen = 0;
        for method in [Method::OPTIONS, Method::GET] {
            let decision = policy.decide(&method, &request);
            let mut empty = HeaderMap::new();
            decision.apply(&mut empty);
            assert!(empty.keys().all(|name| WRITTEN.contains(name)), "{empty:?}");
            seen += empty.keys_len();

            let mut full: HeaderMap =
                WRITTEN.into_iter().map(|name| (name, HeaderValue::from_static("own"))).collect();
            full.insert("x-own", HeaderValue::from_static("kept"));
            decision.apply(&mut full);
            assert_eq!(full["x-own"], "kept");
            assert!(!full.contains_key("access-control-allow-private-network"));
        }
        assert!(seen > WRITTEN.len() - 2, "the policy makes it write nearly all: {seen}");
    }
}
