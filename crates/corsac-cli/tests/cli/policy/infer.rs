//! `corsac policy infer`: servers that are asked for their policy.

use corsac::browser::{Exchange, ExchangeKind, ResponseHead};
use corsac::server::{Policy, PolicyBuilder};
use corsac_verify::answer;

use super::TextFile;
use crate::command::{Run, corsac};
use crate::schema::keeps_to;
use crate::server::{Request, Server, response};

fn usual() -> PolicyBuilder {
    Policy::builder(["https://app.example.com", "https://*.preview.example.com"])
        .methods(["PUT"])
        .request_headers(["Content-Type", "X-Acme-Id"])
        .expose_headers(["ETag"])
        .credentials(true)
}

/// A server with this policy, whose answers are changed.
fn serving(
    policy: &PolicyBuilder,
    change: impl Fn(&Request, &mut ResponseHead) + Send + Sync + 'static,
) -> Server {
    let policy = policy.build().unwrap();
    Server::new(move |request| {
        let kind = if request.is_preflight() { ExchangeKind::Preflight } else { ExchangeKind::Request };
        let mut exchange =
            Exchange::new(kind, request.method.clone(), "https://api.example/".parse().unwrap());
        exchange.headers = request.lines.iter().cloned().collect();
        let mut head = answer(&policy, &exchange, |_| ()).0;
        change(request, &mut head);
        let lines: Vec<String> =
            head.headers.iter().map(|line| format!("{}: {}", line.name, line.text())).collect();
        response(head.status, &lines.iter().map(String::as_str).collect::<Vec<_>>())
    })
}

fn infer(url: &str, arguments: &[&str]) -> Run {
    corsac(["policy", "infer", url, "--rate", "100000"].iter().chain(arguments))
}

/// The law: from a policy file with the candidates comes a policy that allows the same.
#[test]
fn a_server_gives_back_the_policy_that_it_serves() {
    let server = serving(&usual(), |_, _| {});
    let original = "[policy.app]\norigins = [\"https://app.example.com\", \"https://*.preview.example.com\"]\nmethods = [\"PUT\"]\nrequest-headers = [\"Content-Type\", \"X-Acme-Id\"]\nexpose-headers = [\"ETag\"]\ncredentials = true\n";
    let file = TextFile::new("candidates.toml", original);
    let run = infer(&server.url("/items"), &["--candidates", file.path()]);
    assert_eq!(run.status, 0, "{run:#?}");
    let inferred = TextFile::new("inferred.toml", &run.stdout);
    let diff = corsac(["policy", "diff", file.path(), inferred.path()]);
    assert_eq!(diff.status, 0, "{diff:#?}\n{}", run.stdout);
}

#[test]
fn one_candidate_leads_to_the_pattern() {
    let server = serving(&usual(), |_, _| {});
    let pages = TextFile::new(
        "pages.txt",
        "# our pages\nhttps://app.example.com\nhttps://a.preview.example.com # a preview\n",
    );
    let run = infer(&server.url("/"), &["--candidates", pages.path()]);
    assert!(run.stdout.contains("\"https://*.preview.example.com\""), "{}", run.stdout);
    assert!(run.stdout.contains("# Origins that were not tried may be allowed as well"), "{}", run.stdout);
}

#[test]
fn infer_asks_safely_and_within_its_limit() {
    let server = serving(&usual(), |_, _| {});
    let run = infer(&server.url("/items?page=2"), &["--origin", "https://app.example.com", "--limit", "60"]);
    assert!(run.status <= 1, "{run:#?}");
    let requests = server.requests();
    assert!((20..=60).contains(&requests.len()), "{}", requests.len());
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
fn infer_sends_nothing_to_the_host_of_a_redirect() {
    let other = Server::answering(response(200, &[]));
    let location = format!("Location: {}", other.url("/"));
    let server = Server::answering(response(302, &[&location, "Access-Control-Allow-Origin: *"]));
    let run = infer(&server.url("/"), &["--origin", "https://app.example.com"]);
    assert!(run.status != 2, "{run:#?}");
    assert_eq!(other.requests().len(), 0);
}

#[test]
fn infer_repeats_no_token_of_the_url() {
    let server = serving(&usual(), |_, _| {});
    for format in [&[][..], &["--json"][..]] {
        let run = infer(
            &server.url("/items?access_token=s3cr3tvalue"),
            &[&["--origin", "https://app.example.com"], format].concat(),
        );
        assert!(!run.stdout.contains("s3cr3tvalue") && !run.stderr.contains("s3cr3tvalue"), "{run:#?}");
        assert!(run.stdout.contains("REDACTED"), "{}", run.stdout);
    }
}

#[test]
fn a_server_that_is_open_to_everybody_with_credentials_is_said_to_be() {
    let server = serving(&usual(), |request, head| {
        if let Some(origin) = request.header("origin") {
            head.headers.delete("access-control-allow-origin");
            head.headers.append("access-control-allow-origin", origin);
            head.headers.delete("access-control-allow-credentials");
            head.headers.append("access-control-allow-credentials", "true");
        }
    });
    let run = infer(&server.url("/"), &["--json"]);
    let json = run.json();
    assert_eq!(run.status, 1, "{json:#}");
    assert!(
        json["unknown"].as_array().unwrap().iter().any(|one| one["code"] == "open-with-credentials"),
        "{json:#}"
    );
    assert!(
        json["findings"].as_array().unwrap().iter().any(|one| one["code"] == "credentials-allowed"),
        "{json:#}"
    );
    keeps_to("infer", &[json]);
}

#[test]
fn a_server_that_cannot_be_reached_is_status_3() {
    let closing = Server::raw(|client| {
        client.read_request();
    });
    let run = infer(&closing.url("/"), &[]);
    assert_eq!(run.status, 3, "{run:#?}");
    assert!(run.stdout.contains("Not everything was asked"), "{}", run.stdout);
}

#[test]
fn a_candidate_that_is_no_origin_is_named_with_its_number() {
    let pages = TextFile::new("pages.txt", "https://app.example.com\nhttps://app.example.com/path\n");
    let run = infer("http://127.0.0.1:9", &["--candidates", pages.path()]);
    assert_eq!(run.status, 2, "{run:#?}");
    assert!(run.stderr.contains("candidate 2 is `https://app.example.com/path`"), "{}", run.stderr);
}

#[test]
fn candidates_that_are_too_large_or_no_text_are_refused() {
    let large = TextFile::new("pages.txt", "https://app.example.com\n".repeat(200_000));
    let binary = TextFile::new("pages.txt", [b'a', b'\n', 0xff]);
    for (path, words) in [(large.path(), "larger than 4 MiB"), (binary.path(), ":2: this is not UTF-8")] {
        let run = infer("http://127.0.0.1:9", &["--candidates", path]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:#?}");
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
}
