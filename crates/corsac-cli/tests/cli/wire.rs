//! The requests of `corsac check`, as a server receives them.

use crate::command::{binary, check, check_json, corsac, run};
use crate::server::{Request, Server, response};

const ALLOWED: &str = "Access-Control-Allow-Origin: http://app.example";
const WITH_CREDENTIALS: &str = "Access-Control-Allow-Credentials: true";

/// Allows everything to http://app.example.
fn permissive() -> Server {
    Server::new(|request| {
        let mut lines = vec![ALLOWED.to_owned(), WITH_CREDENTIALS.to_owned(), "Vary: Origin".to_owned()];
        for (asked, allowed) in [
            ("access-control-request-method", "Access-Control-Allow-Methods"),
            ("access-control-request-headers", "Access-Control-Allow-Headers"),
        ] {
            lines.extend(request.header(asked).map(|value| format!("{allowed}: {value}")));
        }
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        response(if request.is_preflight() { 204 } else { 200 }, &lines)
    })
}

/// The requests of a check without controls, which has to be readable.
fn sent(arguments: &[&str]) -> Vec<Request> {
    let server = permissive();
    let report = check_json(&server.url("/items#part"), &[&["--no-controls"], arguments].concat());
    assert_eq!(report["verdict"], "readable", "{report:#}");
    server.requests()
}

#[test]
fn header_lines_keep_their_order_and_are_not_joined() {
    let requests = sent(&["-H", "X-Second: 2", "-H", "X-First: 1", "-H", "x-third: a", "-H", "X-Third: b"]);
    let own: Vec<(String, &str)> = requests[1]
        .lines
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.as_str()))
        .filter(|(name, _)| name.starts_with("x-"))
        .collect();
    let expected = [("x-second", "2"), ("x-first", "1"), ("x-third", "a"), ("x-third", "b")];
    assert_eq!(own, expected.map(|(name, value)| (name.to_owned(), value)));
}

#[test]
fn a_body_may_begin_with_a_dash_as_with_curl() {
    for body in ["--boundary", "-1", "-"] {
        let requests = sent(&["-d", body]);
        assert_eq!(requests.last().unwrap().body, body.as_bytes(), "{body}");
    }
}

#[test]
fn a_preflight_has_the_headers_of_a_browsers_preflight() {
    let requests =
        sent(&["-X", "PATCH", "-H", "X-B: 1", "-H", "Authorization: Bearer x", "-H", "Accept: text/csv"]);
    let [preflight, request] = requests.as_slice() else { panic!("{requests:#?}") };
    assert_eq!((preflight.method.as_str(), preflight.target.as_str()), ("OPTIONS", "/items"));
    assert_eq!(preflight.header("origin"), Some("http://app.example"));
    assert_eq!(preflight.header("access-control-request-method"), Some("PATCH"));
    assert_eq!(preflight.header("access-control-request-headers"), Some("authorization,x-b"));
    for own in ["x-b", "authorization", "cookie", "content-length"] {
        assert_eq!(preflight.header(own), None, "{own}");
    }
    assert_eq!((request.method.as_str(), request.header("origin")), ("PATCH", Some("http://app.example")));
    assert_eq!(request.header("authorization"), Some("Bearer x"));
    assert_eq!(request.header("access-control-request-method"), None);
}

#[test]
fn all_engines_share_identical_requests() {
    let table = [
        (&[][..], &["GET"][..]),
        (&["-X", "PUT"], &["OPTIONS", "PUT"]),
        (&["-X", "HEAD"], &["HEAD"]),
        (&["-d", "a=b"], &["POST"]),
        (&["--force-preflight"], &["OPTIONS", "GET"]),
        (&["--credentials", "include"], &["GET"]),
    ];
    for (arguments, methods) in table {
        let server = permissive();
        assert_eq!(check(&server.url("/"), &[&["--no-controls"], arguments].concat()).status, 0);
        assert_eq!(server.methods(), methods, "{arguments:?}");
    }
}

#[test]
fn controls_change_nothing_on_the_server() {
    let table = [
        (&[][..], &["GET", "GET", "GET"][..]),
        (&["-X", "HEAD"], &["HEAD", "HEAD", "HEAD"]),
        (&["-X", "PUT"], &["OPTIONS", "PUT", "OPTIONS"]),
        (&["-X", "DELETE"], &["OPTIONS", "DELETE", "OPTIONS"]),
        (&["-d", "a=b"], &["POST"]),
    ];
    for (arguments, methods) in table {
        let server = permissive();
        let report = check_json(&server.url("/"), arguments);
        assert_eq!(server.methods(), methods, "{arguments:?}");
        let told = report["exchanges"].as_array().unwrap().len();
        assert!(told <= 2, "controls are left out of the report: {report:#}");
        // Controls have another origin or none, and no cookies.
        let origins: Vec<Option<String>> =
            server.requests().iter().map(|request| request.header("origin").map(str::to_owned)).collect();
        assert!(
            origins.iter().skip(told).all(|origin| origin.as_deref() != Some("http://app.example")),
            "{origins:?}"
        );
    }
}

#[test]
fn cookies_are_sent_only_with_credentials() {
    let cookies = ["--cookie", "session=1", "--cookie", "theme=dark"];
    for mode in ["omit", "same-origin"] {
        let requests = sent(&[&cookies[..], &["-X", "PUT", "--credentials", mode]].concat());
        assert!(requests.iter().all(|request| request.header("cookie").is_none()), "{mode}: {requests:#?}");
    }
    let requests = sent(&[&cookies[..], &["-X", "PUT", "--credentials", "include"]].concat());
    let sent: Vec<Option<&str>> = requests.iter().map(|request| request.header("cookie")).collect();
    assert_eq!(sent, [None, Some("session=1; theme=dark")]);
}

#[test]
fn cookies_are_sent_to_the_own_origin_by_default() {
    let server = permissive();
    let origin = server.url("");
    let arguments =
        ["check", &server.url("/"), "--origin", &origin, "--cookie", "a=b", "--no-controls", "--json"];
    let report = corsac(arguments).json();
    assert_eq!(report["readable"]["type"], "basic", "{report:#}");
    assert_eq!(server.requests()[0].header("cookie"), Some("a=b"));
}

#[test]
fn a_body_comes_from_the_argument_a_file_or_standard_input() {
    let file = std::env::temp_dir().join(format!("corsac-test-body-{}", std::process::id()));
    std::fs::write(&file, b"from a file\n\xff").unwrap();
    let from_file = format!("@{}", file.display());
    let table =
        [("a=b", &b"a=b"[..]), (&from_file, b"from a file\n\xff"), ("@-", b"from standard input"), ("", b"")];
    for (data, body) in table {
        let server = permissive();
        let mut command = binary();
        command.args([
            "check",
            &server.url("/"),
            "--origin",
            "http://app.example",
            "--no-controls",
            "-d",
            data,
        ]);
        let run = run(command, b"from standard input");
        assert_eq!(run.status, 0, "{run:#?}");
        let requests = server.requests();
        assert_eq!((requests.len(), requests[0].method.as_str()), (1, "POST"), "{data}");
        assert_eq!(requests[0].body, body, "{data}");
        // The type that `fetch()` sets for a string, which needs no preflight.
        assert_eq!(requests[0].header("content-type"), Some("text/plain;charset=UTF-8"), "{data}");
    }
    std::fs::remove_file(file).unwrap();
}

#[test]
fn the_request_names_the_program_that_sends_it() {
    let requests = sent(&[]);
    let agent = requests[0].header("user-agent").unwrap();
    assert!(agent.starts_with("Mozilla/5.0 (compatible; corsac/"), "{agent}");
    // Chromium sends its own, even if script sets one.
    let requests = sent(&["-H", "User-Agent: my-own/1", "--engine", "firefox"]);
    assert_eq!(requests.last().unwrap().header("user-agent"), Some("my-own/1"));
}

#[test]
fn the_referrer_policy_is_obeyed() {
    assert_eq!(sent(&["--referrer-policy", "unsafe-url"])[0].header("referer"), Some("http://app.example/"));
    assert_eq!(sent(&["--referrer-policy", "no-referrer"])[0].header("referer"), None);
}

#[test]
fn a_host_can_be_resolved_to_another_address() {
    let server = permissive();
    let port = server.address.port();
    let resolve = format!("api.example:{port}:127.0.0.1");
    let report =
        check_json(&format!("http://api.example:{port}/"), &["--resolve", &resolve, "--no-controls"]);
    assert_eq!(report["verdict"], "readable", "{report:#}");
    assert_eq!(server.requests()[0].header("host"), Some(format!("api.example:{port}").as_str()));
}

#[test]
fn redirect_modes_are_obeyed() {
    let table = [
        ("follow", "readable", &["/old", "/new"][..]),
        ("error", "failed", &["/old"]),
        ("manual", "opaque", &["/old"]),
    ];
    for (mode, verdict, targets) in table {
        let server = Server::new(|request| match request.target.as_str() {
            "/old" => response(302, &[ALLOWED, "Location: /new"]),
            _ => response(200, &[ALLOWED]),
        });
        let report =
            check_json(&server.url("/old"), &["--redirect", mode, "--no-controls", "--engine", "spec"]);
        assert_eq!(report["verdict"], verdict, "{mode}");
        let asked: Vec<String> = server.requests().into_iter().map(|request| request.target).collect();
        assert_eq!(asked, targets, "{mode}");
    }
}

#[test]
fn no_cors_sends_no_preflight_and_only_safelisted_headers() {
    let server = Server::answering(response(200, &[]));
    let arguments = ["--mode", "no-cors", "-H", "X-Own: 1", "-H", "Accept: text/csv", "--no-controls"];
    assert_eq!(check(&server.url("/"), &arguments).status, 0);
    let requests = server.requests();
    assert_eq!(server.methods(), ["GET"]);
    assert_eq!((requests[0].header("x-own"), requests[0].header("accept")), (None, Some("text/csv")));
}

#[test]
fn a_denied_permission_sends_nothing() {
    let ask = |server: &Server, engine: &str, answer: &str| {
        let url = server.url("/");
        let arguments =
            ["check", &url, "--origin", "https://app.example", "--engine", engine, "--local-network", answer];
        corsac(arguments.iter().chain(&["--no-controls", "--json"])).json()
    };
    for engine in ["spec", "chromium", "firefox"] {
        let server = permissive();
        let report = ask(&server, engine, "denied");
        assert_eq!(report["reason"]["code"], "local-network-denied", "{engine}: {report:#}");
        assert_eq!(report["exchanges"], serde_json::json!([]), "{engine}");
        assert!(server.requests().is_empty(), "{engine}");
        ask(&server, engine, "granted");
        assert_eq!(server.methods(), ["GET"], "{engine}");
    }
}

#[test]
fn proxies_are_not_used_for_this_machine() {
    let proxy = Server::answering(response(502, &[]));
    let server = permissive();
    let mut command = binary();
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        command.env(name, proxy.url(""));
    }
    command.args(["check", &server.url("/"), "--origin", "http://app.example", "--no-controls"]);
    assert_eq!(run(command, b"").status, 0);
    assert_eq!((server.requests().len(), proxy.requests().len()), (1, 0));
}
