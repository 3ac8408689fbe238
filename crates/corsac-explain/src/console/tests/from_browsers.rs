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
fn a_password_at_the_own_origin_is_printed_by_chromium_if_another_origin_redirected_there() {
    let replies = [
        head(302, &[OK, ("Location", "https://other.example/y")]),
        head(302, &[("Access-Control-Allow-Origin", "*"), ("Location", "https://app.example/x")]),
        head(302, &[("Access-Control-Allow-Origin", "*"), ("Location", "https://u:p@app.example/y")]),
    ];
    let (refusal, request) = run(Engine::Chromium, &get(), &replies);
    assert_eq!(
        console(Engine::Chromium, &refusal, &request),
        ["Access to fetch at 'https://app.example/x' (redirected from 'https://api.example/x') from origin \
             'https://app.example' has been blocked by CORS policy: Redirect location '' contains a username and \
             password, which is disallowed for cross-origin requests."]
    );
}

#[test]
fn firefox_says_of_a_put_without_an_answer_that_there_are_several_headers() {
    let multiple = || vec![firefox(URL, "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed")];
    let allowed = || head(204, &[OK, ("Access-Control-Allow-Methods", "PUT, DELETE")]);
    let closed = || Err(NetworkErrorKind::Closed);
    let home = || {
        with(|init| (init.url, init.method) = ("https://app.example/x".parse().unwrap(), "PUT".to_owned()))
    };
    let exception = || vec!["TypeError: NetworkError when attempting to fetch resource.".to_owned()];
    for (name, init, replies, lines) in [
        ("PUT", put(), vec![allowed(), closed()], multiple()),
        ("its preflight", put(), vec![closed()], vec![firefox_again(URL); 2]),
        ("PUT, refused", put(), vec![allowed(), Err(NetworkErrorKind::Refused)], vec![firefox_again(URL)]),
        ("PUT to the page's own origin", home(), vec![closed()], exception()),
        (
            "DELETE",
            with(|init| init.method = "DELETE".to_owned()),
            vec![allowed(), closed()],
            vec![firefox_again(URL)],
        ),
        ("GET", get(), vec![closed()], vec![firefox_again(URL)]),
    ] {
        let (refusal, request) = run(Engine::Firefox, &init, &replies);
        assert_eq!(console(Engine::Firefox, &refusal, &request), lines, "{name}");
    }
}

#[test]
fn a_redirect_to_mixed_content_with_a_password_is_printed_by_firefox_as_mixed_content() {
    let replies = [head(307, &[("Location", "http://u@other.example/y")])];
    let (refusal, request) = run(Engine::Firefox, &to("https://app.example/x"), &replies);
    let line = "Blocked loading mixed active content “http://u@other.example/y”";
    assert_eq!(console(Engine::Firefox, &refusal, &request), [line]);
}

#[test]
fn webkit_prints_the_first_url_of_redirects_that_end_at_ftp() {
    let replies = [go("https://other.example/y"), go("ftp://other.example/z")];
    let (refusal, request) = run(Engine::WebKit, &get(), &replies);
    assert_eq!(console(Engine::WebKit, &refusal, &request), webkit("FTP URLs are disabled"));
}

#[test]
fn a_password_after_a_redirect_of_the_own_origin_is_printed_by_webkit_with_the_url_that_redirected() {
    let home = "https://app.example/x";
    let replies = [head(302, &[("Location", "https://u@other.example/y")])];
    let (refusal, request) = run(Engine::WebKit, &to(home), &replies);
    let reason = "Cross-origin redirection to https://other.example/y denied by Cross-Origin Resource Sharing policy: \
                  redirection URL https://u@other.example/y has credentials";
    assert_eq!(console(Engine::WebKit, &refusal, &request), webkit_at("Fetch API", home, reason));
}

#[test]
fn webkit_says_nothing_of_redirects_to_other_schemes_without_cors_but_for_files() {
    let init = with(|init| init.mode = Mode::NoCors);
    let nothing = || vec!["TypeError: Load failed".to_owned()];
    for (location, lines) in [
        ("data:,x", nothing()),
        ("app://x/y", nothing()),
        ("about:blank", nothing()),
        ("http://[", nothing()),
        ("file:///etc/hosts", webkit("Not allowed to load local resource: file:///etc/hosts")),
    ] {
        let (refusal, request) = run(Engine::WebKit, &init, &[head(302, &[("Location", location)])]);
        assert_eq!(console(Engine::WebKit, &refusal, &request), lines, "{location}");
    }
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

#[test]
fn firefox_names_the_url_that_redirected_to_where_nothing_may_be_sent() {
    let mixed = "http://other.example/y";
    let mixed_line = || format!("Blocked loading mixed active content “{mixed}”");
    let bad_port = "https://other.example:6667/y";
    let put_answer = || head(200, &[OK, ("Access-Control-Allow-Methods", "PUT"), ("Location", mixed)]);
    for (name, init, replies, lines) in [
        // Catalogue `cache-clearing/bad-port`.
        ("a port that is blocked", get(), vec![go(bad_port)], vec![firefox_again(URL)]),
        ("mixed content", get(), vec![go(mixed)], vec![mixed_line(), firefox_again(URL)]),
        // Case seed-66/12362 of the conformance tests.
        (
            "a preflight redirected to mixed content",
            put(),
            vec![put_answer().map(|mut head| {
                head.status = 302;
                head
            })],
            vec![mixed_line(), firefox_again(URL), firefox_again(URL)],
        ),
    ] {
        let (refusal, request) = run(Engine::Firefox, &init, &replies);
        assert_eq!(console(Engine::Firefox, &refusal, &request), lines, "{name}");
    }
}

#[test]
fn a_put_that_a_redirect_made_a_get_has_no_line_of_its_own_in_firefox() {
    let replies = [
        head(200, &[OK, ("Access-Control-Allow-Methods", "PUT")]),
        head(303, &[OK, ("Location", "https://api.example/y")]),
        head(200, &[OK]),
        Err(NetworkErrorKind::Closed),
    ];
    // Firefox asks again before the GET, as before the PUT.
    let (refusal, request) = run(Engine::Firefox, &put(), &replies);
    let again = firefox_again("https://api.example/y");
    assert_eq!(console(Engine::Firefox, &refusal, &request), [again]);
}

#[test]
fn chromium_says_nothing_of_redirects_to_other_schemes_without_cors() {
    // Case seed-771001/16673 of the conformance tests.
    for mode in [Mode::SameOrigin, Mode::NoCors] {
        for location in ["javascript:1", "ftp://other.example/y"] {
            let mut init = to("https://app.example/x");
            init.mode = mode;
            let (refusal, request) = run(Engine::Chromium, &init, &[go(location)]);
            assert_eq!(console(Engine::Chromium, &refusal, &request), [FETCH_FAILED], "{mode}: {location}");
        }
    }
    let init = with(|init| {
        init.url = "https://app.example/x".parse().unwrap();
        (init.mode, init.redirect) = (Mode::SameOrigin, RedirectMode::Error);
    });
    let (refusal, request) = run(Engine::Chromium, &init, &[go("https://u:p@other.example/y")]);
    let lines = ["Failed to load resource: net::ERR_FAILED", FETCH_FAILED];
    assert_eq!(console(Engine::Chromium, &refusal, &request), lines);
}

#[test]
fn webkit_leaves_a_password_out_of_the_line_that_names_the_url() {
    // Case seed-771001/1633 of the conformance tests.
    let init = with(|init| init.mode = Mode::NoCors);
    let with_password = "https://u:p@other.example/y";
    let replies = [go(with_password), head(200, &[("Cross-Origin-Resource-Policy", "same-origin")])];
    let (refusal, request) = run(Engine::WebKit, &init, &replies);
    let reason = format!(
        "Cancelled load to {with_password} because it violates the resource's Cross-Origin-Resource-Policy response header."
    );
    let expected = webkit_at("Fetch API", "https://other.example/y", &reason);
    assert_eq!(console(Engine::WebKit, &refusal, &request), expected);
}

#[test]
fn firefox_counts_only_lines_whose_name_is_spelled_exactly() {
    // Case seed-3662253679/282 of the conformance tests.
    let lines = |second: &str| {
        vec![head(200, &[("Access-Control-Allow-Origin", "none"), (second, "https://app.example,*")])]
    };
    for (second, reason) in [
        (
            "access-control-allow-origin",
            "CORS header ‘Access-Control-Allow-Origin’ does not match ‘none, https://app.example,*’",
        ),
        ("Access-Control-Allow-Origin", "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed"),
    ] {
        let (refusal, request) = run(Engine::Firefox, &get(), &lines(second));
        assert_eq!(console(Engine::Firefox, &refusal, &request), [firefox(URL, reason)], "{second}");
    }
}
