//! `corsac verify`, with servers that do as a policy says and servers that do not.

use corsac::browser::{Exchange, ExchangeKind, ResponseHead};
use corsac::server::Policy;
use corsac_verify::answer;
use serde_json::Value;

use crate::command::{Run, corsac};
use crate::policy::TextFile;
use crate::schema::keeps_to;
use crate::server::{Request, Server, response};

const POLICY: &str = r#"
[policy.app]
origins = ["https://app.example", "https://*.preview.example"]
methods = ["PUT"]
request-headers = ["Content-Type", "Authorization"]
credentials = true
"#;

fn policy() -> Policy {
    Policy::builder(["https://app.example", "https://*.preview.example"])
        .methods(["PUT"])
        .request_headers(["Content-Type", "Authorization"])
        .credentials(true)
        .build()
        .unwrap()
}

fn verify(url: &str, arguments: &[&str]) -> Run {
    let file = TextFile::new("corsac.toml", POLICY);
    let fixed = ["verify", url, "--policy", file.path(), "--rate", "100000"];
    corsac(fixed.iter().chain(arguments))
}

/// The policy's answer to a request as the server received it.
fn honest(request: &Request) -> ResponseHead {
    let kind = if request.is_preflight() { ExchangeKind::Preflight } else { ExchangeKind::Request };
    let mut exchange = Exchange::new(kind, request.method.clone(), "https://api.example/".parse().unwrap());
    exchange.headers = request.lines.iter().cloned().collect();
    answer(&policy(), &exchange, |_| ()).0
}

fn written(head: &ResponseHead) -> Vec<u8> {
    let lines: Vec<String> =
        head.headers.iter().map(|line| format!("{}: {}", line.name, line.text())).collect();
    response(head.status, &lines.iter().map(String::as_str).collect::<Vec<_>>())
}

fn serving(change: impl Fn(&Request, &mut ResponseHead) + Send + Sync + 'static) -> Server {
    Server::new(move |request| {
        let mut head = honest(request);
        change(request, &mut head);
        written(&head)
    })
}

/// Lets the beginning of an origin decide.
fn prefix_matches(request: &Request, head: &mut ResponseHead) {
    if let Some(origin) = request.header("origin").filter(|origin| origin.starts_with("https://app.example"))
    {
        head.headers.delete("access-control-allow-origin");
        head.headers.append("access-control-allow-origin", origin);
        head.headers.delete("access-control-allow-credentials");
        head.headers.append("access-control-allow-credentials", "true");
    }
}

#[test]
fn a_server_that_does_as_the_policy_says_passes_and_is_asked_safely() {
    let server = serving(|_, _| {});
    let run = verify(&server.url("/items?page=2"), &[]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:#?}");
    assert!(run.stdout.starts_with("✓ AS THE POLICY SAYS"), "{}", run.stdout);
    let requests = server.requests();
    assert!((40..=400).contains(&requests.len()), "{}", requests.len());
    for request in requests {
        assert!(["GET", "HEAD", "OPTIONS"].contains(&request.method.as_str()), "{request:?}");
        assert!(request.target.contains("corsac-verify="), "{}", request.target);
        assert!(
            request.header("cookie").is_none() && request.header("authorization").is_none(),
            "{request:?}"
        );
    }
}

#[test]
fn a_server_that_is_too_open_fails_with_the_request_that_shows_it() {
    let server = serving(prefix_matches);
    let url = server.url("/items");
    let (junit, sarif) = (TextFile::new("junit.xml", ""), TextFile::new("results.sarif", ""));
    let files = ["--junit", junit.path(), "--sarif", sarif.path()];
    let run = verify(&url, &files);
    assert_eq!(run.status, 1, "{run:#?}");
    assert!(run.stdout.starts_with("✗ TOO OPEN"), "{}", run.stdout);
    assert!(run.stdout.contains("(origin-prefix-matches)"), "{}", run.stdout);
    let line = "curl -i -g -H 'Origin: https://app.example.corsac-other.example' ";
    assert!(run.stdout.contains(&format!("{line}'{url}?corsac-verify=0-")), "{}", run.stdout);

    let junit = std::fs::read_to_string(junit.path()).unwrap();
    assert!(junit.contains("<testcase name=\"origin-prefix-matches\" classname=\"corsac.open\">"), "{junit}");
    assert!(junit.contains("failures=\"2\""), "two codes, as in the text: {junit}");
    let sarif: Value = serde_json::from_str(&std::fs::read_to_string(sarif.path()).unwrap()).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "origin-prefix-matches");

    let json = verify(&url, &["--json"]).json();
    assert_eq!(json["findings"][0]["class"], "open");
    assert_eq!(json["findings"][0]["engines"], serde_json::json!(["spec", "chromium", "firefox", "webkit"]));
    keeps_to("verify", &[json]);
}

#[test]
fn what_fails_is_for_the_caller_to_say() {
    let open: fn(&Request, &mut ResponseHead) = prefix_matches;
    let closed: fn(&Request, &mut ResponseHead) =
        |_, head| head.headers.delete("access-control-allow-credentials");
    let fragile: fn(&Request, &mut ResponseHead) = |_, head| head.headers.delete("vary");
    for (name, change, expected) in
        [("open", open, [1, 1, 1]), ("closed", closed, [0, 1, 1]), ("fragile", fragile, [0, 0, 1])]
    {
        let server = serving(change);
        for (class, expected) in ["open", "closed", "fragile"].iter().zip(expected) {
            let run = verify(&server.url("/"), &["--fail-on", class]);
            assert_eq!(run.status, expected, "{name} with --fail-on {class}: {run:#?}");
        }
    }
}

#[test]
fn a_server_that_cannot_be_asked_is_left_alone_soon() {
    let closing = Server::raw(|client| {
        client.read_request();
    });
    let busy = Server::answering(response(429, &["Retry-After: 60"]));
    let flooding = Server::raw(|client| {
        client.read_request();
        client.write(b"HTTP/1.1 200 OK\r\n");
        while client.write(b"X-Flood: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n") {}
    });
    for (name, server) in [("closes", &closing), ("is busy", &busy), ("floods", &flooding)] {
        let run = verify(&server.url("/"), &["--timeout", "20"]);
        assert_eq!(run.status, 3, "{name}: {run:#?}");
        assert!(run.stdout.contains("Stopped early"), "{name}: {}", run.stdout);
        // A preflight is not tried again here.
        assert!(server.requests().len() <= 6, "{name}: {}", server.requests().len());
    }
    let json = verify(&busy.url("/"), &["--json"]).json();
    assert!(
        json["findings"].as_array().unwrap().is_empty() && json["summary"]["unknown"].as_u64() > Some(30)
    );
    keeps_to("verify", &[json]);
}

#[test]
fn nothing_is_sent_to_the_host_of_a_redirect() {
    let other = Server::answering(response(200, &[]));
    let target = other.url("/elsewhere");
    let server = serving(move |request, head| {
        if !request.is_preflight() {
            head.status = 302;
            head.headers.append("location", target.as_str());
        }
    });
    let run = verify(&server.url("/"), &[]);
    assert_eq!(run.status, 3, "{run:#?}");
    assert!(run.stdout.contains("it redirects to another host"), "{}", run.stdout);
    assert!(other.requests().is_empty());
}

#[test]
fn before_a_cache_origins_that_are_not_allowed_ask_by_preflight_only() {
    let server = serving(|_, head| head.headers.append("age", "3"));
    let run = verify(&server.url("/"), &[]);
    assert_eq!(run.status, 0, "{run:#?}");
    assert!(run.stdout.contains("because a cache answers here"), "{}", run.stdout);
    let allowed = |request: &Request| {
        request
            .header("origin")
            .is_some_and(|origin| origin == "https://app.example" || origin.ends_with(".preview.example"))
    };
    let strangers: Vec<Request> = server
        .requests()
        .into_iter()
        .filter(|request| request.method != "OPTIONS" && !allowed(request))
        .collect();
    assert!(strangers.is_empty(), "{strangers:#?}");
}

#[test]
fn writes_are_sent_only_if_they_are_asked_for() {
    let server = serving(|_, _| {});
    let run = verify(&server.url("/"), &["--unsafe-methods"]);
    assert_eq!(run.status, 0, "{run:#?}");
    assert_eq!(server.methods().iter().filter(|method| *method == "POST").count(), 2);
}

#[test]
fn a_token_in_the_url_is_not_repeated() {
    let server = serving(prefix_matches);
    let run = verify(&server.url("/items?access_token=s3cr3t-s3cr3t"), &["--json"]);
    assert_eq!(run.status, 1, "{run:#?}");
    assert!(run.stdout.contains("REDACTED") && !run.stdout.contains("s3cr3t-s3cr3t"), "{}", run.stdout);
}

/// Whatever a server does, verify ends after five requests that say nothing, each within the timeout.
#[test]
fn a_hostile_server_ends_it_soon_and_within_its_limits() {
    let servers: [(&str, Server); 4] = [
        ("never answers", Server::raw(|client| client.wait())),
        ("closes the connection", Server::raw(|_| ())),
        ("sends headers without an end", {
            Server::raw(|client| {
                client.read_request();
                client.write(b"HTTP/1.1 200 OK\r\n");
                while client.write(b"X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n") {}
            })
        }),
        (
            "redirects to itself",
            Server::new(|request| {
                response(302, &[&format!("Location: {}", request.target), "Access-Control-Allow-Origin: *"])
            }),
        ),
    ];
    for (name, server) in servers {
        let run = verify(&server.url("/items"), &["--timeout", "0.3", "--json"]);
        let report = run.json();
        let unknown = report["summary"]["unknown"].as_u64().unwrap();
        let is_redirected = name == "redirects to itself";
        assert_eq!(run.status, if is_redirected { 1 } else { 3 }, "{name}: {}", run.stderr);
        assert_eq!(unknown > 0, !is_redirected, "{name}: {report}");
        assert!(server.requests().len() <= 2_000, "{name}: {} requests", server.requests().len());
    }
}

/// What was found before the server stopped answering is reported.
#[test]
fn what_was_learned_before_a_server_hangs_is_reported() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::raw(move |client| {
        let Some(request) = client.read_request() else { return };
        if count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= 40 {
            client.wait();
            return;
        }
        let mut head = honest(&request);
        prefix_matches(&request, &mut head);
        client.write(&written(&head));
        client.finish();
    });
    let run = verify(&server.url("/items"), &["--timeout", "0.3", "--json"]);
    let report = run.json();
    assert_eq!(run.status, 1, "{report}");
    assert!(
        report["summary"]["unknown"].as_u64().unwrap() > 0 && !report["summary"]["stopped"].is_null(),
        "{report}"
    );
    assert!(
        report["findings"].as_array().unwrap().iter().any(|finding| finding["class"] == "open"),
        "{report}"
    );
}

#[test]
fn bad_arguments_are_named_and_nothing_is_sent() {
    let server = serving(|_, _| {});
    let url = server.url("/");
    let bad = TextFile::new("bad.toml", "[policy.app]\norigins = [\"*\"]\ncredentials = true\n");
    let good = TextFile::new("corsac.toml", POLICY);
    let (bad, good) = (bad.path(), good.path());
    for (arguments, words) in [
        (vec!["verify", &url, "--policy", bad], "credentials-any-origin"),
        (vec!["verify", &url, "--policy", good, "--name", "api"], "`api`"),
        (vec!["verify", "http://127.0.0.1:1/", "--policy", &good], "block its port"),
        (vec!["verify", "ftp://api.example/", "--policy", good], "ftp"),
        (vec!["verify", &url, "--policy", "/nothing-here.toml"], "nothing-here"),
        (vec!["verify", &url, "--policy", good, "--rate", "0"], "--rate"),
    ] {
        let run = corsac(&arguments);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{arguments:?}: {run:#?}");
        assert!(run.stderr.contains(words), "{arguments:?}: {}", run.stderr);
    }
    assert!(server.requests().is_empty());
}

#[test]
fn each_code_can_be_explained() {
    for code in corsac_verify::CODES {
        let run = corsac(["explain", code.name]);
        assert_eq!(run.status, 0, "{}: {run:#?}", code.name);
        let words = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(code.title) && words.contains(code.fix), "{}: {}", code.name, run.stdout);
    }
    let json = crate::explain::explained("origin-prefix-matches");
    assert_eq!((&json["kind"], &json["class"]), (&"verify".into(), &"open".into()));
}
