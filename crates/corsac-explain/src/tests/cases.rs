//! What is explained in a case: causes that fit the evidence, header lines that fit the request.

use super::*;

#[test]
fn the_lines_of_a_preflight_are_complete_for_the_request() {
    let request = request(|init| {
        init.method = "PUT".to_owned();
        init.headers =
            [("Content-Type", "application/json"), ("X-A", "1"), ("Accept", "*/*")].into_iter().collect();
        include(init);
    });
    let explanation =
        explain(&refused(Stage::Preflight, 401, Reason::PreflightStatus { status: 401 }), &request);
    assert_eq!(
        explanation.fixes[0].lines,
        [
            "Access-Control-Allow-Origin: https://app.example",
            "Access-Control-Allow-Credentials: true",
            "Access-Control-Allow-Methods: PUT",
            "Access-Control-Allow-Headers: Content-Type, X-A",
            "Vary: Origin",
        ]
    );
    let second = &explanation.fixes[1];
    assert_eq!(second.text, "The response to the actual PUT request also needs:");
    assert_eq!(
        second.lines,
        [
            "Access-Control-Allow-Origin: https://app.example",
            "Access-Control-Allow-Credentials: true",
            "Vary: Origin",
        ]
    );
}

#[test]
fn what_the_server_allows_already_stays() {
    let put = request(|init| init.method = "PUT".to_owned());
    let reason = Reason::MethodNotAllowed { method: "PUT".into(), allowed: Some("GET, *, POST".into()) };
    let lines = &explain(&refused(Stage::Preflight, 200, reason), &put).fixes[0].lines;
    assert_eq!(lines[..], ["Access-Control-Allow-Methods: GET, POST, PUT"]);

    let with_header = request(|init| init.headers.append("X-New", "1"));
    let many = (0..100).map(|n| format!("x-{n}")).collect::<Vec<_>>().join(",");
    for (allowed, expected) in [
        (Some("x-old, X-OLDER".to_owned()), "Access-Control-Allow-Headers: x-old, X-OLDER, X-New"),
        (None, "Access-Control-Allow-Headers: X-New"),
        (Some(many), "Access-Control-Allow-Headers: X-New"),
    ] {
        let reason = Reason::HeaderNotAllowed { name: "X-New".into(), others: vec![], allowed };
        let lines = &explain(&refused(Stage::Preflight, 200, reason), &with_header).fixes[0].lines;
        assert_eq!(lines[..], [expected]);
    }
}

#[test]
fn a_method_in_lower_case_is_listed_in_capitals() {
    let patch = request(|init| init.method = "patch".to_owned());
    let reason = Reason::MethodNotAllowed { method: "patch".into(), allowed: Some("GET, POST".into()) };
    let lines = &explain(&refused(Stage::Preflight, 200, reason), &patch).fixes[0].lines;
    assert_eq!(lines[..], ["Access-Control-Allow-Methods: GET, POST, PATCH"]);
}

/// Evidence, and the beginning of the first cause that it leads to.
#[test]
fn the_evidence_picks_the_cause() {
    let mismatch = |value: &str| Reason::AllowOriginMismatch {
        value: value.into(),
        origin: "https://app.example".into(),
    };
    let redirected =
        |location: &str| Reason::PreflightRedirected { status: 308, location: Some(location.into()) };
    let method = |method: &str, allowed: &str| Reason::MethodNotAllowed {
        method: method.into(),
        allowed: Some(allowed.into()),
    };
    let header = |name: &str| Reason::HeaderNotAllowed {
        name: name.into(),
        others: vec![],
        allowed: Some("*".into()),
    };
    let invalid = |value: &str| Reason::AllowOriginInvalid { value: value.into(), is_url: false };
    let multiple = |lines| Reason::AllowOriginMultiple {
        value: "*, https://app.example".into(),
        lines,
        exact_lines: lines,
    };
    let not_true = |value: &str| Reason::AllowCredentialsNotTrue { value: Some(value.into()) };
    let table: Vec<(Stage, u16, Reason, &str)> = vec![
        (Stage::Preflight, 404, Reason::AllowOriginMissing, "Nothing on the server answers `OPTIONS`"),
        (Stage::Preflight, 401, Reason::AllowOriginMissing, "Authentication rejects the preflight"),
        (Stage::Preflight, 500, Reason::AllowOriginMissing, "The server failed"),
        (Stage::Request, 500, Reason::AllowOriginMissing, "The server failed"),
        (
            Stage::Request,
            404,
            Reason::AllowOriginMissing,
            "The server sets the headers on successful responses only",
        ),
        (Stage::Request, 302, Reason::AllowOriginMissing, "The response is a redirect."),
        (Stage::Request, 200, Reason::AllowOriginMissing, "CORS is not enabled for this path"),
        (Stage::Request, 200, mismatch("https://app.example/"), "The header's value ends with a slash"),
        (Stage::Request, 200, mismatch("http://app.example"), "One is http and the other https."),
        (Stage::Request, 200, mismatch("https://app.example:8443"), "The ports differ."),
        (Stage::Request, 200, mismatch("https://www.app.example"), "One has `www.`"),
        (Stage::Request, 200, mismatch("https://App.example"), "The header's value has capital letters."),
        (Stage::Request, 200, mismatch("https://app.example/x"), "The header's value has a path"),
        (Stage::Request, 200, mismatch("null"), "The server allows `null`"),
        (Stage::Request, 200, mismatch("https://api.example"), "The server sends its own origin."),
        (Stage::Request, 200, mismatch("https://shop.test"), "The server sends one fixed value"),
        (Stage::Request, 200, invalid("app.example"), "The scheme is missing"),
        (Stage::Request, 200, invalid("true"), "A configuration value was sent literally"),
        (Stage::Request, 200, invalid(""), "The header is there, but empty."),
        (Stage::Request, 200, invalid("https://*.app.example"), "The value is a pattern."),
        (Stage::Request, 200, invalid("$http_origin"), "A configuration value was sent literally"),
        (Stage::Request, 200, multiple(2), "Two layers each add the header"),
        (Stage::Request, 200, multiple(1), "A list of allowed origins was written"),
        (Stage::Request, 200, not_true("True"), "The value is spelled `True`."),
        (Stage::Request, 200, not_true("true, true"), "Two layers each add the header"),
        (Stage::Preflight, 308, redirected("/x/"), "The server expects the path with a slash"),
        (
            Stage::Preflight,
            308,
            redirected("https://www.api.example/x"),
            "The server expects the host with `www.`",
        ),
        (
            Stage::Preflight,
            302,
            redirected("https://id.example/login?to=x"),
            "The server redirects visitors who are not logged in",
        ),
        (Stage::Preflight, 302, redirected("/en/x"), "The resource has moved"),
        (Stage::Preflight, 200, method("patch", "GET, PATCH"), "The list has the method in another case."),
        (Stage::Preflight, 200, method("PUT", "GET"), "The method is not on the server's list."),
        (Stage::Preflight, 200, method("PUT", "*"), "The server allows `*`."),
        (
            Stage::Preflight,
            200,
            header("Access-Control-Allow-Origin"),
            "`Access-Control-Allow-Origin` is a response header.",
        ),
        (
            Stage::Preflight,
            405,
            Reason::PreflightStatus { status: 405 },
            "The server knows the path, but does not allow",
        ),
        (
            Stage::Preflight,
            503,
            Reason::PreflightStatus { status: 503 },
            "The server that the proxy forwards to is down",
        ),
    ];
    let request = request(include);
    for (stage, status, reason, beginning) in table {
        let refusal = refused(stage, status, reason);
        let explanation = explain(&refusal, &request);
        let first = &explanation.causes[0];
        assert!(first.starts_with(beginning), "{refusal:?}: {:#?}", explanation.causes);
    }
}

#[test]
fn http_to_https_is_recognized_by_the_requested_url() {
    let mut refusal = refused(
        Stage::Preflight,
        301,
        Reason::PreflightRedirected { status: 301, location: Some("https://api.example/x".into()) },
    );
    refusal.url = "http://api.example/x".parse().unwrap();
    refusal.redirect = Some(RefusedRedirect::new(refusal.url.clone(), "https://api.example/x"));
    let explanation = explain(&refusal, &request(|_| {}));
    assert_eq!(explanation.causes.len(), 1);
    assert!(explanation.causes[0].starts_with("The request goes to `http://`"));
    assert_eq!(
        explanation.fixes[0].text,
        "Request the URL that the redirect leads to: `https://api.example/x`",
    );
}

#[test]
fn a_header_of_responses_is_taken_out_and_not_allowed() {
    let reason = Reason::HeaderNotAllowed {
        name: "Access-Control-Allow-Origin".into(),
        others: vec![],
        allowed: None,
    };
    let explanation = explain(&refused(Stage::Preflight, 200, reason), &request(|_| {}));
    assert_eq!(
        explanation.fixes[0].text,
        "Remove `Access-Control-Allow-Origin` from the request. It is the server that has to send it."
    );
    assert!(
        explanation
            .fixes
            .iter()
            .all(|fix| fix.lines.iter().all(|line| !line.starts_with("Access-Control-Allow-Headers")))
    );
}

#[test]
fn a_redirect_that_loses_the_origin_is_the_cause() {
    let reason = Reason::AllowOriginMismatch { value: "https://app.example".into(), origin: "null".into() };
    let mut refusal = refused(Stage::Redirect, 200, reason);
    refusal.url = "https://cdn.example/y".parse().unwrap();
    let explanation = explain(&refusal, &request(|_| {}));
    assert!(explanation.causes[0].starts_with("A redirect led from one foreign origin to another."));
    assert_eq!(
        explanation.what,
        "The server allows `https://app.example`, and the request's origin is `null`. The two must be the same, byte \
         for byte."
    );
    assert!(explanation.fixes[0].text.starts_with("Request the last URL of the redirects directly"));
}

#[test]
fn a_page_without_an_origin_is_advised_to_get_one() {
    let page = request(|init| init.client = Client::new(Origin::opaque()));
    let reason = Reason::AllowOriginMismatch { value: "https://app.example".into(), origin: "null".into() };
    let explanation = explain(&refused(Stage::Request, 200, reason), &page);
    assert!(explanation.causes[0].starts_with("The page has no origin of its own"));
    assert_eq!(explanation.fixes[0].lines, ["Access-Control-Allow-Origin: *"]);
}

#[test]
fn a_password_in_a_url_is_not_repeated() {
    let mut refusal = refused(
        Stage::Request,
        302,
        Reason::RedirectCredentials { location: "https://u:***@api.example/".into(), by_cors: true },
    );
    refusal.url = "https://u:hunter2@api.example/".parse().unwrap();
    for text in texts(&explain(&refusal, &request(|_| {}))) {
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn a_slash_is_removed_unless_more_than_that_differs() {
    for (value, first) in [
        ("https://app.example/", "Remove the slash at the end of the value:"),
        ("http://app.example/", "Compare the `Origin` of each request"),
        ("https://app.example/x", "Compare the `Origin` of each request"),
    ] {
        let reason =
            Reason::AllowOriginMismatch { value: value.into(), origin: "https://app.example".into() };
        let fix = &explain(&refused(Stage::Request, 200, reason), &request(|_| {})).fixes[0];
        assert!(fix.text.starts_with(first), "{value}: {}", fix.text);
        assert_eq!(fix.lines, ["Access-Control-Allow-Origin: https://app.example", "Vary: Origin"]);
    }
}

#[test]
fn a_star_is_offered_only_to_requests_without_any_login() {
    let offers_star = |change: fn(&mut RequestInit)| {
        let explanation =
            explain(&refused(Stage::Request, 200, Reason::AllowOriginMissing), &request(change));
        explanation.fixes.iter().any(|fix| fix.lines == ["Access-Control-Allow-Origin: *"])
    };
    assert!(offers_star(|_| {}));
    assert!(!offers_star(include));
    assert!(!offers_star(|init| init.headers.append("Authorization", "Bearer x")));
}

/// Where nothing is known, the most common cause is that CORS is off. What the status of a case supports comes before it.
#[test]
fn causes_with_evidence_come_before_the_usual_one() {
    let usual = "CORS is not enabled for this path";
    assert!(describe(ReasonCode::AllowOriginMissing).causes[0].starts_with(usual));
    let refusal = refused(Stage::Preflight, 403, Reason::AllowOriginMissing);
    let causes = explain(&refusal, &request(|_| {})).causes;
    let place = |start: &str| causes.iter().position(|cause| cause.starts_with(start)).unwrap();
    assert!(place("A firewall, bot protection or login layer") < place(usual), "{causes:#?}");
}
