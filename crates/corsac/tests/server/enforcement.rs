//! What `enforce` blocks, and what it never touches.

use corsac::server::{Enforce, Enforcement, PolicyConfig, PolicyRefusal, Request};
use http::Method;

use crate::{config, headers, policy, texts};

#[test]
fn enforcement_blocks_cross_origin_changes_and_nothing_else() {
    use Enforcement::{Block, Pass};
    let policy = policy(&PolicyConfig {
        enforce: Enforce::Block,
        methods: texts(&["PUT"]),
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
fn a_policy_for_everybody_blocks_nobody_but_unlisted_methods() {
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
