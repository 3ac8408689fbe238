//! Redirects.

use super::*;

#[test]
fn redirects_are_printed() {
    let missing = "CORS header ‘Access-Control-Allow-Origin’ missing";
    let other = "https://other.example/y";
    let redirected = |reason: &str| {
        vec![format!(
            "Access to fetch at 'https://other.example/y' (redirected from 'https://api.example/x') from \
             origin 'https://app.example' has been blocked by CORS policy: {reason}"
        )]
    };
    let go = |location: &str| head(302, &[OK, ("Location", location)]);
    check(vec![
        Row {
            name: "the last response lacks the header",
            init: get(),
            replies: vec![go(other), head(200, &[])],
            chromium: redirected(MISSING),
            firefox: vec![firefox_status(other, missing, "200")],
            webkit: webkit_at("Fetch API", other, &NOT_ALLOWED.replace(PAGE, "null")),
        },
        Row {
            name: "the last response names the page",
            init: get(),
            replies: vec![go(other), head(200, &[OK])],
            chromium: redirected(
                "The 'Access-Control-Allow-Origin' header has a value 'https://app.example' that is not \
                 equal to the supplied origin. Have the server send the header with a valid value.",
            ),
            firefox: vec![firefox(
                other,
                "CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://app.example’",
            )],
            webkit: webkit_at("Fetch API", other, &NOT_ALLOWED.replace(PAGE, "null")),
        },
        Row {
            name: "the redirect itself lacks the header",
            init: get(),
            replies: vec![head(302, &[("Location", other)])],
            chromium: chromium(MISSING),
            firefox: vec![firefox_status(URL, missing, "302"), firefox_again(URL)],
            webkit: webkit(&format!(
                "Cross-origin redirection to {other} denied by Cross-Origin Resource Sharing policy: {}",
                NOT_ALLOWED.replace("200", "302")
            )),
        },
        Row {
            name: "to a login page",
            init: get(),
            replies: vec![head(302, &[("Location", "https://id.example/login")])],
            chromium: chromium(MISSING),
            firefox: vec![firefox_status(URL, missing, "302"), firefox_again(URL)],
            webkit: webkit(&format!(
                "Cross-origin redirection to https://id.example/login denied by Cross-Origin Resource \
                 Sharing policy: {}",
                NOT_ALLOWED.replace("200", "302")
            )),
        },
        Row {
            name: "preflight after the redirect",
            init: put(),
            replies: vec![
                head(200, &[OK, ("Access-Control-Allow-Methods", "PUT")]),
                head(307, &[OK, ("Location", other)]),
                head(200, &[]),
            ],
            chromium: redirected(&format!(
                "Response to preflight request doesn't pass access control check: {MISSING}"
            )),
            firefox: vec![firefox_status(other, missing, "200"), firefox_again(other)],
            webkit: webkit_at("Fetch API", other, &NOT_ALLOWED.replace(PAGE, "null")),
        },
        Row {
            name: "to a URL with a password, which we do not repeat",
            init: get(),
            replies: vec![go("https://u:p@other.example/y")],
            chromium: chromium(
                "Redirect location '' contains a username and password, which is disallowed for cross-origin \
                 requests.",
            ),
            firefox: vec![firefox_again(URL)],
            webkit: webkit(
                "Cross-origin redirection to https://other.example/y denied by Cross-Origin Resource Sharing \
                 policy: redirection URL https://u:***@other.example/y has credentials",
            ),
        },
        Row {
            name: "to data:",
            init: get(),
            replies: vec![go("data:,x")],
            chromium: vec![
                "Failed to load resource: net::ERR_UNSAFE_REDIRECT".into(),
                "TypeError: Failed to fetch".into(),
            ],
            firefox: vec![
                "Redirecting to data: URI not allowed (Blocked loading of: “data:,x”)".into(),
                firefox_again(URL),
            ],
            webkit: webkit(
                "Cross-origin redirection to data:,x denied by Cross-Origin Resource Sharing policy: not \
                 allowed to follow a cross-origin CORS redirection with non CORS scheme",
            ),
        },
        Row {
            name: "to ftp:",
            init: get(),
            replies: vec![go("ftp://other.example/y")],
            chromium: vec![
                "Access to fetch at 'ftp://other.example/y' (redirected from 'https://api.example/x') from \
                 origin 'https://app.example' has been blocked by CORS policy: Cross origin requests are \
                 only supported for protocol schemes: chrome, chrome-experimental-site-token-provider, \
                 chrome-extension, chrome-untrusted, data, http, https, isolated-app."
                    .into(),
            ],
            firefox: vec![firefox("ftp://other.example/y", "CORS request not http"), firefox_again(URL)],
            webkit: webkit("FTP URLs are disabled"),
        },
        Row {
            name: "to an app's scheme",
            init: get(),
            replies: vec![go("app://x/y")],
            chromium: vec![
                "Access to fetch at 'app://x/y' (redirected from 'https://api.example/x') from origin \
                 'https://app.example' has been blocked by CORS policy: Cross origin requests are only \
                 supported for protocol schemes: chrome, chrome-experimental-site-token-provider, \
                 chrome-extension, chrome-untrusted, data, http, https, isolated-app."
                    .into(),
            ],
            firefox: vec![firefox("app://x/y", "CORS request not http"), firefox_again(URL)],
            webkit: webkit(
                "Cross-origin redirection to app://x/y denied by Cross-Origin Resource Sharing policy: not \
                 allowed to follow a cross-origin CORS redirection with non CORS scheme",
            ),
        },
        Row {
            name: "redirect mode error",
            init: with(|init| init.redirect = RedirectMode::Error),
            replies: vec![go("https://api.example/y")],
            chromium: vec![
                "Failed to load resource: net::ERR_FAILED".into(),
                "TypeError: Failed to fetch".into(),
            ],
            firefox: vec!["TypeError: NetworkError when attempting to fetch resource.".into()],
            webkit: webkit("Not allowed to follow a redirection while loading https://api.example/x"),
        },
        Row {
            name: "without end",
            init: get(),
            replies: vec![go(URL)],
            chromium: vec![
                "Failed to load resource: net::ERR_TOO_MANY_REDIRECTS".into(),
                "TypeError: Failed to fetch".into(),
            ],
            firefox: vec![firefox_again(URL)],
            webkit: webkit("Load cannot follow more than 20 redirections"),
        },
    ]);
}
