//! Preflights.

use super::*;

#[test]
fn a_failed_preflight_is_printed() {
    let prefixed = |reason: &str| {
        chromium(&format!("Response to preflight request doesn't pass access control check: {reason}"))
    };
    let twice = |first: String| vec![first, firefox_again(URL)];
    let unsuccessful =
        |status: u16| webkit(&format!("Preflight response is not successful. Status code: {status}"));
    let header = |name: &str| with(|init| init.headers.append(name, "1"));
    let missing = "CORS header ‘Access-Control-Allow-Origin’ missing";
    let preflight = "CORS preflight response did not succeed";
    check(vec![
        Row {
            name: "missing",
            init: put(),
            replies: vec![head(200, &[])],
            chromium: prefixed(MISSING),
            firefox: twice(firefox_status(URL, missing, "200")),
            webkit: webkit(NOT_ALLOWED),
        },
        Row {
            name: "404 without CORS headers",
            init: put(),
            replies: vec![head(404, &[])],
            chromium: prefixed(MISSING),
            firefox: twice(firefox_status(URL, missing, "404")),
            webkit: unsuccessful(404),
        },
        Row {
            name: "404",
            init: put(),
            replies: vec![head(404, &[OK])],
            chromium: prefixed("It does not have HTTP ok status."),
            firefox: twice(firefox_status(URL, preflight, "404")),
            webkit: unsuccessful(404),
        },
        Row {
            name: "redirect",
            init: put(),
            replies: vec![head(301, &[OK, ("Location", "https://api.example/y")])],
            chromium: prefixed("Redirect is not allowed for a preflight request."),
            firefox: vec![
                firefox(URL, "CORS request external redirect not allowed"),
                firefox_status(URL, preflight, "301"),
                firefox_again(URL),
            ],
            webkit: unsuccessful(301),
        },
        Row {
            name: "redirect to nowhere",
            init: put(),
            replies: vec![head(301, &[OK])],
            chromium: prefixed("It does not have HTTP ok status."),
            firefox: twice(firefox_status(URL, preflight, "301")),
            webkit: unsuccessful(301),
        },
        Row {
            name: "304",
            init: put(),
            replies: vec![head(304, &[OK])],
            chromium: prefixed("It does not have HTTP ok status."),
            firefox: twice(firefox_status(URL, preflight, "304")),
            webkit: unsuccessful(304),
        },
        Row {
            name: "method",
            init: put(),
            replies: vec![head(200, &[OK, ("Access-Control-Allow-Methods", "GET")])],
            chromium: chromium(
                "Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.",
            ),
            firefox: twice(firefox(URL, "Did not find method in CORS header ‘Access-Control-Allow-Methods’")),
            webkit: webkit("Method PUT is not allowed by Access-Control-Allow-Methods."),
        },
        Row {
            name: "methods that do not parse",
            init: put(),
            replies: vec![head(200, &[OK, ("Access-Control-Allow-Methods", "GET, PUT; X")])],
            chromium: chromium(
                "Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
            ),
            firefox: twice(firefox(
                URL,
                "invalid token ‘PUT; X’ in CORS header ‘Access-Control-Allow-Methods’",
            )),
            webkit: webkit("Header Access-Control-Allow-Methods has an invalid value: GET, PUT; X"),
        },
        Row {
            name: "header",
            init: header("X-Foo"),
            replies: vec![head(200, &[OK])],
            chromium: chromium(
                "Request header field x-foo is not allowed by Access-Control-Allow-Headers in preflight \
                 response.",
            ),
            firefox: twice(firefox(
                URL,
                "header ‘x-foo’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS \
                 preflight response",
            )),
            webkit: webkit("Request header field X-Foo is not allowed by Access-Control-Allow-Headers."),
        },
        Row {
            name: "several headers: WebKit names the first as written, others by the alphabet",
            init: with(|init| {
                init.headers = [("X-Foo", "1"), ("X-Zed", "1"), ("X-Bar", "1")].into_iter().collect();
            }),
            replies: vec![head(200, &[OK, ("Access-Control-Allow-Headers", "x-foo")])],
            chromium: chromium(
                "Request header field x-bar is not allowed by Access-Control-Allow-Headers in preflight \
                 response.",
            ),
            firefox: twice(firefox(
                URL,
                "header ‘x-bar’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS \
                 preflight response",
            )),
            webkit: webkit("Request header field X-Zed is not allowed by Access-Control-Allow-Headers."),
        },
        Row {
            name: "headers that do not parse",
            init: header("X-Foo"),
            replies: vec![head(200, &[OK, ("Access-Control-Allow-Headers", "x-foo, (bad)")])],
            chromium: chromium(
                "Cannot parse Access-Control-Allow-Headers response header field in preflight response.",
            ),
            firefox: twice(firefox(
                URL,
                "invalid token ‘(bad)’ in CORS header ‘Access-Control-Allow-Headers’",
            )),
            webkit: webkit("Header Access-Control-Allow-Headers has an invalid value: x-foo, (bad)"),
        },
        Row {
            name: "connection closed",
            init: put(),
            replies: vec![Err(NetworkErrorKind::Closed)],
            chromium: vec![
                "Failed to load resource: net::ERR_EMPTY_RESPONSE".into(),
                "TypeError: Failed to fetch".into(),
            ],
            firefox: vec![firefox_again(URL), firefox_again(URL)],
            webkit: vec!["Fetch API cannot load https://api.example/x due to access control checks.".into()],
        },
        Row {
            name: "the request behind the preflight",
            init: put(),
            replies: vec![head(200, &[OK, ("Access-Control-Allow-Methods", "PUT")]), head(200, &[])],
            chromium: chromium(MISSING),
            firefox: vec![firefox_status(URL, missing, "200")],
            webkit: webkit(NOT_ALLOWED),
        },
    ]);
}

#[test]
fn firefox_prints_the_cors_check_after_a_redirected_preflight() {
    let (mut refusal, request) = run(Engine::Firefox, &put(), &[head(301, &[("Location", "/y")])]);
    refusal.cors_reason = Some(Reason::AllowOriginMissing);
    let missing = firefox_status(URL, "CORS header ‘Access-Control-Allow-Origin’ missing", "301");
    assert_eq!(
        console(Engine::Firefox, &refusal, &request),
        [missing, firefox_again(URL), firefox_again(URL)]
    );
    let redirect = "Response to preflight request doesn't pass access control check: Redirect is not allowed \
                    for a preflight request.";
    assert_eq!(console(Engine::Chromium, &refusal, &request), chromium(redirect));
}

#[test]
fn firefox_warns_when_only_a_wildcard_covers_authorization() {
    let seen = |allowed: &str, init: RequestInit| {
        let request = init.build().unwrap();
        let fetch = Fetch::new(request.clone(), Engine::Firefox.profile());
        let fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |_| {
            Ok(ResponseHead::new(200, [OK, ("Access-Control-Allow-Headers", allowed)]))
        });
        (request, fetched.exchanges)
    };
    let authorized = || with(|init| init.headers.append("Authorization", "Bearer x"));
    let warning = "Cross-Origin Request Warning: The Same Origin Policy will disallow reading the remote \
                   resource at https://api.example/x soon. (Reason: When the `Access-Control-Allow-Headers` \
                   is `*`, the `Authorization` header is not covered. To include the `Authorization` header, \
                   it must be explicitly listed in CORS header `Access-Control-Allow-Headers`).";
    for (allowed, init, expected) in [
        ("*", authorized(), vec![warning.to_owned()]),
        ("*, authorization", authorized(), vec![]),
        // The preflight fails, for it does not allow the method.
        (
            "*",
            with(|init| {
                init.headers.append("Authorization", "x");
                init.method = "PUT".to_owned();
            }),
            vec![],
        ),
        ("*", with(|init| init.headers.append("X-A", "1")), vec![]),
        (
            "*",
            with(|init| {
                init.headers.append("Authorization", "x");
                include(init);
            }),
            vec![],
        ),
    ] {
        let (request, exchanges) = seen(allowed, init);
        assert_eq!(console_warnings(Engine::Firefox, &request, &exchanges), expected, "{allowed}");
        assert!(console_warnings(Engine::Chromium, &request, &exchanges).is_empty());
    }
}
