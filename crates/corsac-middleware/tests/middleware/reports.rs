//! What is logged and counted.

use corsac::server::{Enforce, Policy};
use corsac_middleware::{Cors, OriginLookup, PolicySource};
use http::{HeaderValue, Request, Response};
use tracing::Level;

use crate::support::{Action, counters, finished, get, log, now, policy, preflight};

#[test]
fn a_refusal_is_logged_with_its_reason_and_an_explanation() {
    let cors = Cors::new(policy("https://app.example"));
    let lines = log(Level::INFO, || {
        now(&cors, &get("/items?page=2", "http://app.example"));
    });
    let expected = "INFO corsac: refused (origin-not-allowed): `http://app.example` is not among the policy's origins. \
                    `https://app.example` is: the scheme differs. kind=\"request\" reason=\"origin-not-allowed\" policy=\"default\" \
                    origin=http://app.example method=GET path=/items";
    assert_eq!(lines, [expected]);
}

#[test]
fn events_of_a_preflight_say_what_it_asks_for() {
    let open =
        Policy::builder(["https://app.example"]).methods(["PUT"]).request_headers(["*"]).build().unwrap();
    let strict = policy("https://app.example");
    let differing = Cors::builder(open.clone()).report_only(strict.clone()).build().unwrap();
    let (open, refusing) = (Cors::new(open), Cors::new(strict));
    let ask = |method: &str, headers: Option<&str>| {
        let mut request = Request::options("/")
            .header("origin", "https://app.example")
            .header("access-control-request-method", method);
        if let Some(headers) = headers {
            request = request.header("access-control-request-headers", headers);
        }
        request.body(()).unwrap()
    };
    let long = vec!["x-a"; 50].join(",");
    let shown = format!("method=OPTIONS path=/ asked_method=PUT asked_headers={}…", &long[..120]);
    let cases = [
        ("allowed", &open, ask("PUT", Some("x-a,x-b")), "path=/ asked_method=PUT asked_headers=x-a,x-b"),
        ("no headers", &open, ask("PUT", None), "path=/ asked_method=PUT"),
        ("refused", &refusing, ask("PUT", Some("x-a")), "path=/ asked_method=PUT asked_headers=x-a"),
        ("a long list", &refusing, ask("PUT", Some(&long)), &shown),
        ("no preflight", &refusing, get("/", "https://evil.example"), "method=GET path=/"),
    ];
    for (name, cors, request, end) in cases {
        let lines = log(Level::DEBUG, || {
            now(cors, &request);
        });
        assert!(lines.len() == 1 && lines[0].ends_with(end), "{name}: {lines:?}");
    }
    let lines = log(Level::DEBUG, || {
        now(&differing, &ask("GET", Some("x-a")));
    });
    let differences = lines.iter().filter(|line| line.contains("asked_method=GET asked_headers=x-a"));
    assert_eq!((lines.len(), differences.count()), (2, 2), "{lines:?}");
}

#[test]
fn allowed_requests_and_those_without_origin_are_logged_at_lower_levels() {
    let cors = Cors::new(policy("https://app.example"));
    let act = || {
        now(&cors, &get("/", "https://app.example"));
        now(&cors, &preflight("/", "https://app.example"));
        now(&cors, &Request::get("/").body(()).unwrap());
    };
    for (level, lines) in [(Level::INFO, 0), (Level::DEBUG, 2), (Level::TRACE, 3)] {
        assert_eq!(log(level, act).len(), lines, "{level}");
    }
}

#[test]
fn a_write_from_the_server_s_own_pages_is_not_a_refusal() {
    let cors = Cors::builder(policy("https://app.example"))
        .report_only(policy("https://app.example"))
        .build()
        .unwrap();
    let request = |method: &str, headers: &[(&str, &str)]| {
        let mut request = Request::builder().method(method).uri("/items").header("host", "api.acme.io");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap()
    };
    let own = ("origin", "https://api.acme.io");
    let asks = ("access-control-request-method", "PUT");
    let cases = [
        ("by its origin", request("POST", &[own]), "same-origin", None),
        (
            "by Sec-Fetch-Site",
            request("POST", &[("origin", "null"), ("sec-fetch-site", "same-origin")]),
            "same-origin",
            None,
        ),
        (
            "another origin",
            request("POST", &[("origin", "https://evil.example")]),
            "refused",
            Some("origin-not-allowed"),
        ),
        (
            "not by its Sec-Fetch-Site",
            request("POST", &[own, ("sec-fetch-site", "same-site")]),
            "refused",
            Some("origin-not-allowed"),
        ),
        ("a preflight never is", request("OPTIONS", &[own, asks]), "refused", Some("origin-not-allowed")),
    ];
    for (name, request, outcome, reason) in cases {
        let mut lines = Vec::new();
        let counted = counters(|| {
            lines = log(Level::DEBUG, || {
                let handled = now(&cors, &request);
                assert!(!finished(&handled).contains_key("access-control-allow-origin"), "{name}");
            });
        });
        let start = if reason.is_some() { "INFO corsac: refused" } else { "DEBUG corsac: same origin" };
        assert!(lines.len() == 1 && lines[0].starts_with(start), "{name}: {lines:?}");
        let labels = format!("outcome={outcome},reason={},", reason.unwrap_or("none"));
        assert!(counted.len() == 1 && counted[0].contains(&labels), "{name}: {counted:?}");
    }
}

#[test]
fn pitfall_62_a_request_cannot_forge_lines_of_the_log() {
    let cors = Cors::new(policy("https://app.example"));
    let sent: [&[u8]; 4] = [
        b"https://evil.example\tINFO forged",
        "https://\u{202e}evil.example".as_bytes(),
        b"\xff\xfe",
        &[b'a'; 5000],
    ];
    for sent in sent {
        let mut request = Request::get("/").body(()).unwrap();
        request.headers_mut().insert("origin", HeaderValue::from_bytes(sent).unwrap());
        let lines = log(Level::INFO, || {
            now(&cors, &request);
        });
        let [line] = &lines[..] else { panic!("{lines:?}") };
        assert!(line.len() < 700 && !line.contains(['\t', '\r', '\u{1b}', '\u{202e}']), "{line}");
    }
}

#[test]
fn pitfall_62_a_request_cannot_forge_fields_of_the_log() {
    let cors = Cors::builder(policy("https://app.example")).report_only(policy("*")).build().unwrap();
    let forged = "x` method=DELETE path=/admin reason=\"none\"";
    let app = "https://app.example";
    let cases = [
        ("the origin", forged, "GET", "a"),
        ("the method", app, forged, "a"),
        ("the headers", app, "GET", forged),
    ];
    for (name, origin, method, headers) in cases {
        let request = Request::options("/")
            .header("origin", origin)
            .header("access-control-request-method", method)
            .header("access-control-request-headers", headers);
        let request = request.body(()).unwrap();
        let lines = log(Level::DEBUG, || {
            now(&cors, &request);
        });
        assert!(!lines.is_empty(), "{name}");
        for line in &lines {
            assert!(!line.contains(" method=DELETE") && !line.contains(" path=/admin"), "{name}: {line}");
            assert!(
                line.contains("x\\x60\\x20method=DELETE\\x20path=/admin\\x20reason=\\\"none\\\""),
                "{name}: {line}"
            );
        }
    }
}

#[test]
fn a_flood_of_hostile_origins_cannot_flood_the_log() {
    let cors = Cors::builder(policy("https://app.example")).events_per_second(3).build().unwrap();
    let lines = log(Level::INFO, || {
        for number in 0..1_000 {
            now(&cors, &get("/", &format!("https://evil{number}.example")));
        }
        now(&cors, &get("/", "null"));
    });
    // The flood may last into the next second or two.
    assert!(lines.len() >= 4 && lines.len() < 20, "{}", lines.len());
    assert!(lines.last().unwrap().contains("null-origin-not-allowed"), "another reason is still logged");
}

#[test]
fn requests_are_counted_by_kind_outcome_and_reason_but_not_by_values_of_requests() {
    let cors = Cors::builder(policy("https://app.example"))
        .at("/none", PolicySource::select(|_| None).named("no-policy-here"))
        .build()
        .unwrap();
    let lines = counters(|| {
        for number in 0..100 {
            now(&cors, &get(&format!("/{number}"), &format!("https://evil{number}.example")));
        }
        now(&cors, &get("/", "https://app.example"));
        now(&cors, &preflight("/", "https://app.example"));
        now(&cors, &Request::get("/").body(()).unwrap());
        now(&cors, &get("/none", "https://app.example"));
    });
    let expected = [
        "corsac_requests_total{kind=preflight,outcome=allowed,reason=none,policy=default} = 1",
        "corsac_requests_total{kind=request,outcome=allowed,reason=none,policy=default} = 1",
        "corsac_requests_total{kind=request,outcome=no-policy,reason=none,policy=no-policy-here} = 1",
        "corsac_requests_total{kind=request,outcome=refused,reason=origin-not-allowed,policy=default} = 100",
        "corsac_requests_total{kind=without-origin,outcome=not-asked,reason=none,policy=default} = 1",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn enforcement_is_logged_and_blocks_only_if_the_policy_says_so() {
    let request = Request::post("/transfer")
        .header("origin", "https://evil.example")
        .header("host", "api.example")
        .body(())
        .unwrap();
    for (enforce, step, word) in [
        (Enforce::Off, Action::Forward, None),
        (Enforce::Report, Action::Forward, Some("report")),
        (Enforce::Block, Action::Forbid, Some("block")),
    ] {
        let policy = Policy::builder(["https://app.example"]).enforce(enforce).build().unwrap();
        let cors = Cors::new(policy);
        let mut lines = Vec::new();
        let counted = counters(|| {
            lines = log(Level::INFO, || assert_eq!(now(&cors, &request).action(), step, "{enforce:?}"));
        });
        let logged: Vec<&String> = lines.iter().filter(|line| line.contains("enforcement=")).collect();
        assert_eq!(logged.len(), usize::from(word.is_some()), "{enforce:?}: {lines:?}");
        if let Some(word) = word {
            let expected = format!(
                "corsac_enforced_total{{enforcement={word},reason=origin-not-allowed,policy=default}} = 1"
            );
            assert!(counted.contains(&expected), "{counted:?}");
        }
    }
}

#[test]
fn enforcement_takes_the_authority_of_the_uri_or_of_host() {
    let policy = Policy::builder(["https://app.example"]).enforce(Enforce::Block).build().unwrap();
    let cors = Cors::new(policy);
    let post = |uri: &str, host: Option<&'static str>| {
        let mut request = Request::post(uri).header("origin", "https://api.example").body(()).unwrap();
        request.headers_mut().extend(host.map(|host| (http::header::HOST, HeaderValue::from_static(host))));
        request
    };
    for (name, request, step) in [
        ("the same origin, HTTP/1.1", post("/", Some("api.example")), Action::Forward),
        ("the same origin, HTTP/2", post("https://api.example/", None), Action::Forward),
        ("the URI goes before Host", post("https://other.example/", Some("api.example")), Action::Forbid),
        ("neither", post("/", None), Action::Forbid),
    ] {
        assert_eq!(now(&cors, &request).action(), step, "{name}");
    }
}

#[test]
fn a_failed_lookup_is_logged_with_its_error() {
    let cors = Cors::builder(policy("https://app.example"))
        .origins(OriginLookup::fallible(|_| Err::<bool, _>("no route to\nthe database")))
        .build()
        .unwrap();
    let lines = log(Level::INFO, || {
        now(&cors, &get("/", "https://tenant.example"));
    });
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("WARN") && lines[0].contains("no route to\\nthe database"), "{lines:?}");
    assert!(lines[1].contains("reason=\"lookup-failed\""), "{lines:?}");
}

#[test]
fn nested_layers_are_logged_once() {
    let inner = Cors::new(policy("*"));
    let outer = Cors::new(policy("https://app.example"));
    let request = Request::get("/").body(()).unwrap();
    let lines = log(Level::WARN, || {
        for _ in 0..5 {
            let mut response = Response::new(());
            now(&inner, &request).finish(response.headers_mut());
            now(&outer, &request).finish(response.headers_mut());
        }
    });
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("one CORS layer is inside another"), "{lines:?}");
}

/// A new layer may get the address of one that was dropped; it is another layer all the same. A run of all tests found that.
#[test]
fn each_of_many_layers_is_logged_when_it_has_another_inside() {
    let inner = Cors::new(policy("*"));
    let request = Request::get("/").body(()).unwrap();
    for _ in 0..200 {
        let outer = Cors::new(policy("https://app.example"));
        let lines = log(Level::WARN, || {
            let mut response = Response::new(());
            now(&inner, &request).finish(response.headers_mut());
            now(&outer, &request).finish(response.headers_mut());
        });
        assert_eq!(lines.len(), 1, "{lines:?}");
    }
}
