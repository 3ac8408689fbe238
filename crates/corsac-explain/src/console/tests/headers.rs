//! The CORS check.

use super::*;

#[test]
fn what_is_wrong_with_allow_origin_is_printed() {
    let fetch_tail = " Have the server send the header with a valid value.";
    let mismatch = |value: &str| {
        chromium(&format!(
            "The 'Access-Control-Allow-Origin' header has a value '{value}' that is not equal to the \
             supplied origin.{fetch_tail}"
        ))
    };
    let invalid = |value: &str| {
        chromium(&format!(
            "The 'Access-Control-Allow-Origin' header contains the invalid value '{value}'.{fetch_tail}"
        ))
    };
    let multiple = |value: &str| {
        chromium(&format!(
            "The 'Access-Control-Allow-Origin' header contains multiple values '{value}', but only one is \
             allowed.{fetch_tail}"
        ))
    };
    let no_match = |value: &str| {
        vec![firefox(URL, &format!("CORS header ‘Access-Control-Allow-Origin’ does not match ‘{value}’"))]
    };
    let row = |name, value: &str, chromium, webkit| Row {
        name,
        init: get(),
        replies: origin(value),
        chromium,
        firefox: no_match(value),
        webkit,
    };
    let not_allowed = || webkit(NOT_ALLOWED);
    let too_many = || webkit("Access-Control-Allow-Origin cannot contain more than one origin.");
    let mut rows: Vec<Row> =
        ["null", "https://*.example.com", "localhost:3000", "https://app.example/", "http://*"]
            .map(|value| row("another origin", value, mismatch(value), not_allowed()))
            .into();
    rows.extend(
        ["app.example", "\"https://app.example\"", "", "true"]
            .map(|value| row("no origin", value, invalid(value), not_allowed())),
    );
    let (spaced, listed) = ("http://a.example http://b.example", "http://a.example, http://b.example");
    rows.push(row("a space", spaced, multiple(spaced), not_allowed()));
    rows.push(row("a comma", listed, multiple(listed), too_many()));
    rows.push(row("DEL", "a\x7fb", invalid("a\\u007Fb"), not_allowed()));
    rows.push(row("a tab", "a\tb", invalid("a\\u0009b"), not_allowed()));
    rows.push(Row {
        name: "two lines",
        init: get(),
        replies: vec![head(200, &[OK, OK])],
        chromium: multiple("https://app.example, https://app.example"),
        firefox: vec![firefox(URL, "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed")],
        webkit: too_many(),
    });
    rows.push(Row {
        name: "two lines of *",
        init: get(),
        replies: vec![head(
            200,
            &[("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Origin", "*")],
        )],
        chromium: multiple("*, *"),
        firefox: vec![firefox(URL, "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed")],
        webkit: too_many(),
    });
    let reason = "The 'Access-Control-Allow-Origin' header has a value 'http://a.example' that is not equal \
                  to the supplied origin.";
    rows.push(Row {
        name: "XMLHttpRequest has no tail",
        init: xhr(|_| {}),
        replies: origin("http://a.example"),
        chromium: chromium_at("XMLHttpRequest", URL, reason),
        firefox: no_match("http://a.example"),
        webkit: webkit_at("XMLHttpRequest", URL, NOT_ALLOWED),
    });
    check(rows);
}

#[test]
fn a_missing_header_is_printed_with_its_status() {
    let missing = "CORS header ‘Access-Control-Allow-Origin’ missing";
    let row = |name, init, status, url: &str| Row {
        name,
        init,
        replies: vec![head(status, &[])],
        chromium: chromium_at("fetch", url, MISSING),
        firefox: vec![firefox_status(url, missing, &status.to_string())],
        webkit: webkit_at("Fetch API", url, &NOT_ALLOWED.replace("200", &status.to_string())),
    };
    check(vec![
        row("plain", get(), 200, URL),
        row("an error behind it", get(), 500, URL),
        row("with a fragment", to("https://api.example/x#frag"), 200, "https://api.example/x#frag"),
        Row {
            name: "XMLHttpRequest",
            init: xhr(|_| {}),
            replies: vec![head(200, &[])],
            chromium: chromium_at("XMLHttpRequest", URL, MISSING),
            firefox: vec![firefox_status(URL, missing, "200")],
            webkit: webkit_at("XMLHttpRequest", URL, NOT_ALLOWED),
        },
    ]);
}

#[test]
fn what_is_wrong_with_credentials_is_printed() {
    let wildcard = "The value of the 'Access-Control-Allow-Origin' header in the response must not be the \
                    wildcard '*' when the request's credentials mode is 'include'.";
    let not_true = |value: &str| {
        format!(
            "The value of the 'Access-Control-Allow-Credentials' header in the response is '{value}' which \
             must be 'true' when the request's credentials mode is 'include'."
        )
    };
    let xhr_tail = " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the \
                    withCredentials attribute.";
    let firefox_wildcard = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the \
                            remote resource at ‘https://api.example/x’. (Reason: Credential is not supported \
                            if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).";
    let firefox_not_true =
        || vec![firefox(URL, "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’")];
    let webkit_wildcard = "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.";
    let webkit_not_true = "Credentials flag is true, but Access-Control-Allow-Credentials is not \"true\".";
    check(vec![
        Row {
            name: "*",
            init: with(include),
            replies: origin("*"),
            chromium: chromium(wildcard),
            firefox: vec![firefox_wildcard.to_owned()],
            webkit: webkit(webkit_wildcard),
        },
        Row {
            name: "*, XMLHttpRequest",
            init: xhr(include),
            replies: origin("*"),
            chromium: chromium_at("XMLHttpRequest", URL, &format!("{wildcard}{xhr_tail}")),
            firefox: vec![firefox_wildcard.to_owned()],
            webkit: webkit_at("XMLHttpRequest", URL, webkit_wildcard),
        },
        Row {
            name: "missing",
            init: with(include),
            replies: origin(PAGE),
            chromium: chromium(&not_true("")),
            firefox: firefox_not_true(),
            webkit: webkit(webkit_not_true),
        },
        Row {
            name: "True",
            init: with(include),
            replies: vec![head(200, &[OK, ("Access-Control-Allow-Credentials", "True")])],
            chromium: chromium(&not_true("True")),
            firefox: firefox_not_true(),
            webkit: webkit(webkit_not_true),
        },
        Row {
            name: "missing, XMLHttpRequest",
            init: xhr(include),
            replies: origin(PAGE),
            chromium: chromium_at("XMLHttpRequest", URL, &format!("{}{xhr_tail}", not_true(""))),
            firefox: firefox_not_true(),
            webkit: webkit_at("XMLHttpRequest", URL, webkit_not_true),
        },
    ]);
}

#[test]
fn a_response_without_a_status_still_has_lines() {
    let (mut refusal, request) = run(Engine::Firefox, &get(), &[head(200, &[])]);
    refusal.status = None;
    refusal.stage = Stage::Request;
    let line = firefox(URL, "CORS header ‘Access-Control-Allow-Origin’ missing");
    assert_eq!(console(Engine::Firefox, &refusal, &request), [line]);
}
