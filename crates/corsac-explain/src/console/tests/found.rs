//! Lines that differed from ours in recorded or generated cases (`conformance/vectors`, seed 4711 in WebKit).

use super::*;

const FETCH_FAILED: &str = "TypeError: Failed to fetch";

fn go(location: &str) -> Reply {
    head(302, &[OK, ("Location", location)])
}

fn webkit_redirect(location: &str, reason: &str) -> Vec<String> {
    webkit(&format!(
        "Cross-origin redirection to {location} denied by Cross-Origin Resource Sharing policy: {reason}"
    ))
}

#[test]
fn redirects_that_lead_nowhere_are_printed() {
    let no_scheme = "not allowed to follow a cross-origin CORS redirection with non CORS scheme";
    let invalid = || vec!["Failed to load resource: net::ERR_INVALID_REDIRECT".into(), FETCH_FAILED.into()];
    check(vec![
        Row {
            name: "to what is no URL",
            init: get(),
            replies: vec![go("http://[")],
            chromium: invalid(),
            firefox: vec![firefox_again(URL)],
            webkit: webkit_redirect("http://[", no_scheme),
        },
        Row {
            name: "to what is no URL, and without the header",
            init: get(),
            replies: vec![head(302, &[("Location", "http://[")])],
            chromium: invalid(),
            firefox: vec![firefox_again(URL)],
            webkit: webkit_redirect("http://[", &NOT_ALLOWED.replace("200", "302")),
        },
        Row {
            name: "to nowhere, and without the header",
            init: get(),
            replies: vec![head(302, &[("Location", "")])],
            chromium: chromium(MISSING),
            firefox: vec![
                firefox_status(URL, "CORS header ‘Access-Control-Allow-Origin’ missing", "302"),
                firefox_again(URL),
            ],
            webkit: webkit(&NOT_ALLOWED.replace("200", "302")),
        },
        Row {
            name: "to about:blank",
            init: get(),
            replies: vec![go("about:blank")],
            chromium: vec!["Failed to load resource: net::ERR_UNSAFE_REDIRECT".into(), FETCH_FAILED.into()],
            firefox: vec![firefox("about:blank", "CORS request not http"), firefox_again(URL)],
            webkit: webkit_redirect("about:blank", no_scheme),
        },
        Row {
            name: "to ftp:, and without the header",
            init: get(),
            replies: vec![head(302, &[("Location", "ftp://other.example/y")])],
            chromium: chromium(MISSING),
            firefox: vec![
                firefox_status(URL, "CORS header ‘Access-Control-Allow-Origin’ missing", "302"),
                firefox_again(URL),
            ],
            webkit: webkit("FTP URLs are disabled"),
        },
    ]);
}

#[test]
fn the_mode_is_looked_at_before_mixed_content() {
    check(vec![Row {
        name: "an http URL in mode same-origin",
        init: with(|init| {
            init.url = "http://api.example/x".parse().unwrap();
            init.mode = Mode::SameOrigin;
        }),
        replies: vec![],
        chromium: vec![
            "Fetch API cannot load http://api.example/x. Request mode is \"same-origin\" but the URL's origin is \
             not same as the request origin https://app.example."
                .into(),
        ],
        firefox: vec![
            "Security Error: Content at https://app.example/ may not load data from http://api.example/x.".into(),
        ],
        webkit: vec!["Fetch API cannot load http://api.example/x.".into()],
    }]);
}

#[test]
fn a_redirect_mode_other_than_follow_spares_firefox_a_line() {
    let init = with(|init| init.redirect = RedirectMode::Manual);
    let (refusal, request) =
        run(Engine::Firefox, &init, &[head(302, &[("Location", "https://api.example/y")])]);
    let missing = "CORS header ‘Access-Control-Allow-Origin’ missing";
    assert_eq!(console(Engine::Firefox, &refusal, &request), [firefox_status(URL, missing, "302")]);
}

#[test]
fn a_password_within_the_own_origin_is_refused_without_a_message_in_chromium() {
    let replies = [head(302, &[("Location", "https://u:p@app.example/y")])];
    let (refusal, request) = run(Engine::Chromium, &to("https://app.example/x"), &replies);
    assert_eq!(console(Engine::Chromium, &refusal, &request), [FETCH_FAILED]);
}

#[test]
fn webkit_names_the_headers_that_it_knows_first_and_spells_them_its_way() {
    let init = with(|init| {
        init.headers.append("X-A", "1");
        init.headers.append("authorization", "x");
        init.headers.append("Content-Type", "application/json");
    });
    let (refusal, request) = run(Engine::WebKit, &init, &[head(204, &[OK])]);
    let line = "Request header field Authorization is not allowed by Access-Control-Allow-Headers.";
    assert_eq!(console(Engine::WebKit, &refusal, &request).first().map(String::as_str), Some(line));
}
