//! What does not go together with `credentials`.

use corsac::server::PolicyConfig;

use super::{found, with};
use crate::texts;

#[test]
fn what_does_not_go_together_is_refused() {
    type Change = fn(&mut PolicyConfig);
    let cases: &[(&str, Change, &[&str])] = &[
        ("any origin", |c| c.origins = texts(&["*"]), &["credentials-any-origin at origins[0]"]),
        ("null", |c| c.null_origin = true, &["credentials-null-origin at null-origin"]),
        (
            "http",
            |c| c.origins = texts(&["http://app.example"]),
            &["credentials-insecure-origin at origins[0] -> https://app.example"],
        ),
        (
            "http subdomains",
            |c| c.origins = texts(&["http://*.app.example"]),
            &["credentials-insecure-origin at origins[0] -> https://*.app.example"],
        ),
        (
            "this machine is exempt",
            |c| c.origins = texts(&["http://localhost:*", "http://127.0.0.1", "http://[::1]:1234"]),
            &[],
        ),
        (
            "any exposed",
            |c| c.expose_headers = texts(&["*"]),
            &["credentials-any-exposed at expose-headers[0]"],
        ),
        (
            "any port",
            |c| c.origins = texts(&["https://app.example:*"]),
            &["credentials-any-port at origins[0]"],
        ),
        (
            "this machine beside others",
            |c| c.origins = texts(&["https://app.example", "http://localhost:*", "http://127.0.0.1:3000"]),
            &["credentials-local-origin at origins[1]"],
        ),
        (
            "a shared suffix",
            |c| c.origins = texts(&["https://app-*-team.vercel.app"]),
            &["credentials-shared-suffix at origins[0]"],
        ),
        ("a site's own previews", |c| c.origins = texts(&["https://*--acme.netlify.app"]), &[]),
        ("a part of a label", |c| c.origins = texts(&["https://app-*.example.com"]), &[]),
        (
            "any app",
            |c| c.origins = texts(&["moz-extension://*"]),
            &["credentials-any-app-host at origins[0]"],
        ),
        ("an app", |c| c.origins = texts(&["capacitor://localhost", "https://app.example"]), &[]),
        (
            "a public suffix",
            |c| c.origins = texts(&["https://*.github.io"]),
            &["credentials-public-suffix at origins[0]"],
        ),
        (
            "a parent of public suffixes",
            |c| c.origins = texts(&["https://*.core.windows.net"]),
            &["origin-above-suffixes at origins[0]"],
        ),
        (
            "any header",
            |c| c.request_headers = texts(&["*"]),
            &["credentials-any-request-header at request-headers[0]"],
        ),
        ("any method", |c| c.methods = texts(&["*"]), &[]),
    ];
    for (name, change, expected) in cases {
        let found = found(&with(|config| {
            config.credentials = true;
            change(config);
        }));
        assert_eq!(found, *expected, "{name}");
    }
}
