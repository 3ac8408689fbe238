//! What cannot be combined with `credentials`.

use corsac::server::PolicyConfig;

use super::{found, with};
use crate::strings;

#[test]
fn what_cannot_be_combined_with_credentials_is_refused() {
    type Change = fn(&mut PolicyConfig);
    let cases: &[(&str, Change, &[&str])] = &[
        ("any origin", |c| c.origins = strings(&["*"]), &["credentials-any-origin at origins[0]"]),
        ("null", |c| c.null_origin = true, &["credentials-null-origin at null-origin"]),
        (
            "http",
            |c| c.origins = strings(&["http://app.example"]),
            &["credentials-insecure-origin at origins[0] -> https://app.example"],
        ),
        (
            "http subdomains",
            |c| c.origins = strings(&["http://*.app.example"]),
            &["credentials-insecure-origin at origins[0] -> https://*.app.example"],
        ),
        (
            "this machine is exempt",
            |c| c.origins = strings(&["http://localhost:*", "http://127.0.0.1", "http://[::1]:1234"]),
            &[],
        ),
        (
            "any exposed",
            |c| c.expose_headers = strings(&["*"]),
            &["credentials-any-exposed at expose-headers[0]"],
        ),
        (
            "any port",
            |c| c.origins = strings(&["https://app.example:*"]),
            &["credentials-any-port at origins[0]"],
        ),
        (
            "the user's machine together with other hosts",
            |c| c.origins = strings(&["https://app.example", "http://localhost:*", "http://127.0.0.1:3000"]),
            &["credentials-local-origin at origins[1]"],
        ),
        (
            "a shared suffix",
            |c| c.origins = strings(&["https://app-*-team.vercel.app"]),
            &["credentials-shared-suffix at origins[0]"],
        ),
        ("a site's own previews", |c| c.origins = strings(&["https://*--acme.netlify.app"]), &[]),
        ("a part of a label", |c| c.origins = strings(&["https://app-*.example.com"]), &[]),
        (
            "any app",
            |c| c.origins = strings(&["moz-extension://*"]),
            &["credentials-any-app-host at origins[0]"],
        ),
        ("an app", |c| c.origins = strings(&["capacitor://localhost", "https://app.example"]), &[]),
        (
            "a public suffix",
            |c| c.origins = strings(&["https://*.github.io"]),
            &["credentials-public-suffix at origins[0]"],
        ),
        (
            "a parent of public suffixes",
            |c| c.origins = strings(&["https://*.core.windows.net"]),
            &["origin-above-suffixes at origins[0]"],
        ),
        (
            "any header",
            |c| c.request_headers = strings(&["*"]),
            &["credentials-any-request-header at request-headers[0]"],
        ),
        ("any method", |c| c.methods = strings(&["*"]), &[]),
    ];
    for (name, change, expected) in cases {
        let found = found(&with(|config| {
            config.credentials = true;
            change(config);
        }));
        assert_eq!(found, *expected, "{name}");
    }
}
