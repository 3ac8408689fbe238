//! What `enforce` blocks, and what it never affects.

use corsac::server::{Enforce, Enforcement, PolicyConfig, PolicyRefusal, Request};
use http::Method;

use crate::{config, headers, policy, strings};

#[test]
fn enforcement_blocks_cross_origin_changes_and_nothing_else() {
    use Enforcement::{Block, Pass};
    let policy = policy(&PolicyConfig {
        enforce: Enforce::Block,
        methods: strings(&["PUT"]),
        ..config(&["https://app.example", "https://*.app.example"])
    });
    let upgrade = ("upgrade", "websocket");
    type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], Enforcement);
    let cases: &[Row<'_>] = &[
        (
            "a page of another site posts",
            "POST",
            &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
            Block,
        ),
        ("the same, in a browser without metadata", "POST", &[("origin", "https://evil.example")], Block),
        (
            "a form in a sandboxed frame",
            "POST",
            &[("origin", "null"), ("sec-fetch-site", "cross-site")],
            Block,
        ),
        (
            "an allowed page posts",
            "POST",
            &[("origin", "https://app.example"), ("sec-fetch-site", "cross-site")],
            Pass,
        ),
        ("an allowed page puts", "PUT", &[("origin", "https://a.app.example")], Pass),
        ("a method that no preflight would allow", "DELETE", &[("origin", "https://app.example")], Block),
        (
            "reading is CORS's own",
            "GET",
            &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
            Pass,
        ),
        ("HEAD, too", "HEAD", &[("origin", "https://evil.example")], Pass),
        ("OPTIONS, too", "OPTIONS", &[("origin", "https://evil.example")], Pass),
        (
            "a preflight is answered, not blocked",
            "OPTIONS",
            &[("origin", "https://evil.example"), ("access-control-request-method", "PUT")],
            Pass,
        ),
        (
            "the page's own server, over https",
            "POST",
            &[("origin", "https://api.example"), ("sec-fetch-site", "same-origin")],
            Pass,
        ),
        (
            "the page's own server, over http",
            "POST",
            &[("origin", "http://api.example"), ("host", "api.example")],
            Pass,
        ),
        ("its port counts", "POST", &[("origin", "http://api.example:8080"), ("host", "api.example")], Block),
        (
            "with the default port in Host",
            "POST",
            &[("origin", "https://api.example"), ("host", "api.example:443")],
            Pass,
        ),
        (
            "another scheme's default port does not count",
            "POST",
            &[("origin", "http://api.example"), ("host", "api.example:443")],
            Block,
        ),
        (
            "metadata outweighs Host",
            "POST",
            &[("origin", "http://api.example"), ("host", "api.example"), ("sec-fetch-site", "cross-site")],
            Block,
        ),
        (
            "a subdomain is not the same origin",
            "POST",
            &[("origin", "https://x.api.example"), ("sec-fetch-site", "same-site"), ("host", "api.example")],
            Block,
        ),
        ("the user, by the address bar", "POST", &[("sec-fetch-site", "none")], Pass),
        ("curl", "POST", &[("host", "api.example")], Pass),
        ("a browser that sends no Origin", "POST", &[("sec-fetch-site", "cross-site")], Block),
        (
            "two origins",
            "POST",
            &[("origin", "https://app.example"), ("origin", "https://evil.example")],
            Block,
        ),
        ("a WebSocket from elsewhere", "GET", &[("origin", "https://evil.example"), upgrade], Block),
        ("a WebSocket from an allowed page", "GET", &[("origin", "https://app.example"), upgrade], Pass),
        ("a WebSocket over HTTP/2 from elsewhere", "CONNECT", &[("origin", "https://evil.example")], Block),
        (
            "a WebSocket over HTTP/2 from an allowed page",
            "CONNECT",
            &[("origin", "https://app.example")],
            Pass,
        ),
        (
            "a WebSocket of the own page",
            "GET",
            &[("origin", "http://api.example"), ("host", "api.example"), upgrade],
            Pass,
        ),
        (
            "one of several protocols",
            "GET",
            &[("origin", "https://evil.example"), ("upgrade", "h2c, WebSocket")],
            Block,
        ),
        ("another upgrade", "GET", &[("origin", "https://evil.example"), ("upgrade", "h2c")], Pass),
    ];
    for (name, method, lines, expected) in cases {
        let (method, request) = (Method::from_bytes(method.as_bytes()).unwrap(), headers(lines));
        assert_eq!(policy.decide(&Request::new(&method, &request)).enforcement(), *expected, "{name}");
    }
}

#[test]
fn report_reports_what_block_blocks_and_off_does_neither() {
    let request = headers(&[("origin", "https://evil.example")]);
    for (enforce, expected) in [
        (Enforce::Off, Enforcement::Pass),
        (Enforce::Report, Enforcement::Report),
        (Enforce::Block, Enforcement::Block),
    ] {
        let policy = policy(&PolicyConfig { enforce, ..config(&["https://app.example"]) });
        assert_eq!(policy.decide(&Request::new(&Method::POST, &request)).enforcement(), expected);
    }
}

#[test]
fn a_policy_for_every_origin_blocks_only_unlisted_methods() {
    let policy = policy(&PolicyConfig { enforce: Enforce::Block, ..config(&["*"]) });
    let request = headers(&[("origin", "https://any.example"), ("sec-fetch-site", "cross-site")]);
    let enforce = |method| policy.decide(&Request::new(&method, &request)).enforcement();
    assert_eq!((enforce(Method::POST), enforce(Method::PUT)), (Enforcement::Pass, Enforcement::Block));
}

#[test]
fn the_authority_of_http_2_counts_in_place_of_host() {
    let policy = policy(&PolicyConfig { enforce: Enforce::Block, ..config(&["https://app.example"]) });
    let request = headers(&[("origin", "https://api.example")]);
    let enforce = |authority| {
        policy.decide(&Request::new(&Method::POST, &request).with_authority(authority)).enforcement()
    };
    assert_eq!(enforce(Some("api.example")), Enforcement::Pass);
    assert_eq!(enforce(Some("API.example:443")), Enforcement::Pass);
    assert_eq!(enforce(Some("other.example")), Enforcement::Block);
}

#[test]
fn the_reason_of_enforcement_is_the_refusal_or_what_cors_does_not_ask_about() {
    use PolicyRefusal::{MethodNotAllowed, OriginNotAllowed, OriginNull};
    type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], Option<PolicyRefusal>);
    let cases: &[Row<'_>] = &[
        ("another origin", "POST", &[("origin", "https://evil.example")], Some(OriginNotAllowed)),
        ("null", "POST", &[("origin", "null")], Some(OriginNull)),
        ("an unlisted method", "DELETE", &[("origin", "https://app.example")], Some(MethodNotAllowed)),
        ("another site, without Origin", "POST", &[("sec-fetch-site", "cross-site")], Some(OriginNotAllowed)),
        ("an allowed page", "POST", &[("origin", "https://app.example")], None),
        ("a refused page that only reads", "GET", &[("origin", "https://evil.example")], None),
        ("not a browser", "POST", &[], None),
    ];
    for enforce in [Enforce::Report, Enforce::Block] {
        let policy = policy(&PolicyConfig { enforce, ..config(&["https://app.example"]) });
        for (name, method, lines, expected) in cases {
            let (method, request) = (Method::from_bytes(method.as_bytes()).unwrap(), headers(lines));
            let decision = policy.decide(&Request::new(&method, &request));
            assert_eq!(decision.enforcement_reason(), *expected, "{name}, {enforce:?}");
        }
    }
}

#[test]
fn without_enforcement_there_is_no_reason_for_it() {
    let policy = policy(&config(&["https://app.example"]));
    let request = headers(&[("origin", "https://evil.example")]);
    let decision = policy.decide(&Request::new(&Method::POST, &request));
    assert_eq!(
        (decision.enforcement_reason(), decision.refusal()),
        (None, Some(PolicyRefusal::OriginNotAllowed))
    );
}

#[test]
fn enforcement_is_named_as_logs_and_counters_name_it() {
    let names = [Enforcement::Pass, Enforcement::Report, Enforcement::Block].map(Enforcement::as_str);
    assert_eq!(names, ["pass", "report", "block"]);
}

/// A preflight is answered with 204, refused or not; only a request that enforcement blocks is answered with 403.
#[test]
fn a_request_is_answered_without_the_service_if_it_is_a_preflight_or_blocked() {
    let evil = ("origin", "https://evil.example");
    let put = ("access-control-request-method", "PUT");
    type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], [Option<u16>; 3]);
    let cases: &[Row<'_>] = &[
        ("a preflight", "OPTIONS", &[("origin", "https://app.example"), put], [Some(204); 3]),
        ("a refused preflight", "OPTIONS", &[evil, put], [Some(204); 3]),
        ("OPTIONS", "OPTIONS", &[evil], [None; 3]),
        ("a change", "POST", &[evil], [None, None, Some(403)]),
        ("an allowed change", "POST", &[("origin", "https://app.example")], [None; 3]),
        ("no Origin", "POST", &[("sec-fetch-site", "cross-site")], [None, None, Some(403)]),
        ("a refused page that only reads", "GET", &[evil], [None; 3]),
    ];
    for (name, method, lines, expected) in cases {
        let (method, request) = (Method::from_bytes(method.as_bytes()).unwrap(), headers(lines));
        let answers = [Enforce::Off, Enforce::Report, Enforce::Block].map(|enforce| {
            let policy = policy(&PolicyConfig { enforce, ..config(&["https://app.example"]) });
            policy.decide(&Request::new(&method, &request)).answer().map(|status| status.as_u16())
        });
        assert_eq!(answers, *expected, "{name}");
    }
}

#[test]
fn a_request_is_of_the_same_origin_if_its_headers_say_so_and_it_is_no_preflight() {
    let (own, host) = (("origin", "http://api.example"), ("host", "api.example"));
    let (put, fetch) = (("access-control-request-method", "PUT"), ("sec-fetch-site", "same-origin"));
    let policy = policy(&config(&["https://app.example"]));
    type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], bool);
    let cases: &[Row<'_>] = &[
        ("the own page", "POST", &[own, host], true),
        ("the same, as the browser says", "POST", &[("origin", "https://x.example"), fetch], true),
        ("another page", "POST", &[("origin", "http://app.example"), host], false),
        ("two origins", "POST", &[own, own, host], false),
        ("a preflight", "OPTIONS", &[own, host, put], false),
        ("a preflight with metadata", "OPTIONS", &[own, host, put, fetch], false),
        ("no Origin", "GET", &[host, fetch], false),
    ];
    for (name, method, lines, expected) in cases {
        let (method, request) = (Method::from_bytes(method.as_bytes()).unwrap(), headers(lines));
        assert_eq!(policy.decide(&Request::new(&method, &request)).is_same_origin(), *expected, "{name}");
    }
}

/// `Debug` output goes to logs, and values of a request may be secret.
#[test]
fn the_debug_form_of_a_decision_shows_what_was_decided_and_no_header() {
    let policy = policy(&config(&["https://app.example"]));
    let request = headers(&[("origin", "https://evil.example"), ("cookie", "session=secret")]);
    let printed = format!("{:?}", policy.decide(&Request::new(&Method::GET, &request)));
    assert!(printed.contains("OriginNotAllowed") && printed.contains("GET"), "{printed}");
    assert!(!printed.contains("secret"), "{printed}");
}
