//! Which servers are asked, and how.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;

use super::{answer, answer_to, call_line, error, session};
use crate::command::{binary, run};
use crate::server::{Server, response};

const ALLOWED: &[&str] = &["Access-Control-Allow-Origin: http://app.example", "Vary: Origin"];

fn given(url: &str) -> serde_json::Value {
    json!({ "url": url, "origin": "http://app.example" })
}

#[test]
fn without_allow_no_server_is_asked() {
    let server = Server::answering(response(200, ALLOWED));
    let message = error(&[], "check", &given(&server.url("/")));
    let origin = format!("http://{}", server.address);
    assert!(message.contains(&format!("`corsac mcp --allow {origin}`")), "{message}");
    assert!(server.requests().is_empty());
}

#[test]
fn an_allowed_origin_is_asked_and_another_is_not() {
    let (server, other) =
        (Server::answering(response(200, ALLOWED)), Server::answering(response(200, ALLOWED)));
    let allow = format!("http://{}", server.address);
    let report = answer(&["--allow", &allow], "check", &given(&server.url("/")));
    assert_eq!(report["verdict"], json!("readable"), "{report:#}");
    let message = error(&["--allow", &allow], "check", &given(&other.url("/")));
    assert!(message.contains("is not among the origins"), "{message}");
    assert!(other.requests().is_empty());
}

#[test]
fn a_redirect_to_an_origin_that_is_not_allowed_is_not_followed() {
    let other = Server::answering(response(200, ALLOWED));
    let location = format!("Location: {}", other.url("/secret-target"));
    let lines = [ALLOWED, &[location.as_str()]].concat();
    let server = Server::answering(response(302, &lines));
    let allow = format!("http://{}", server.address);
    let report = answer(&["--allow", &allow], "check", &given(&server.url("/")));
    assert_eq!(report["verdict"], json!("not-asked"), "{report:#}");
    let why = report["not_asked"].as_str().unwrap();
    assert!(why.starts_with("Not asked, because it is not allowed"), "{why}");
    assert_eq!((&report["reason"], &report["diagnosis"]), (&json!(null), &json!([])));
    let quoted = report["untrusted"]["report"].as_str().unwrap();
    assert_eq!(
        quoted,
        format!("GET {}: status 302\nGET {}: not asked", server.url("/"), other.url("/secret-target"))
    );
    assert_eq!(report["untrusted"]["console"], json!([]));
    assert!(other.requests().is_empty(), "controls do not go there either: {:?}", other.requests());

    let both = ["--allow", &allow, "--allow", &format!("http://{}", other.address)];
    let report = answer(&both, "check", &given(&server.url("/")));
    assert_ne!(report["verdict"], json!("not-asked"), "{report:#}");
    assert!(!other.requests().is_empty());
}

#[test]
fn a_name_that_leads_to_this_machine_or_a_private_network_is_not_asked() {
    let server = Server::answering(response(200, ALLOWED));
    let port = server.address.port();
    let allow = format!("http://api.example:{port}");
    let url = format!("{allow}/");
    for address in
        ["127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[fd00::1]"]
    {
        let resolve = format!("api.example:{port}:{address}");
        let report = answer(&["--allow", &allow, "--resolve", &resolve], "check", &given(&url));
        assert_eq!(report["verdict"], json!("not-asked"), "{address}: {report:#}");
        assert!(report["not_asked"].as_str().unwrap().contains("--allow-local-addresses"), "{report:#}");
        assert_eq!(report["requests_sent"], json!(0), "{address}");
    }
    assert!(server.requests().is_empty());

    let resolve = format!("api.example:{port}:127.0.0.1");
    let also = ["--allow", &allow, "--resolve", &resolve, "--allow-local-addresses"];
    assert_eq!(answer(&also, "check", &given(&url))["verdict"], json!("readable"));
}

#[test]
fn localhost_may_be_this_machine_if_it_is_allowed() {
    let server = Server::answering(response(200, ALLOWED));
    let allow = format!("http://localhost:{}", server.address.port());
    let report = answer(&["--allow", &allow], "check", &given(&format!("{allow}/")));
    assert_eq!(report["verdict"], json!("readable"), "{report:#}");
}

#[test]
fn only_get_head_and_options_are_sent_unless_others_are_allowed() {
    let server = Server::allowing(
        &["Access-Control-Allow-Origin: http://app.example", "Access-Control-Allow-Methods: PUT"],
        &["Access-Control-Allow-Origin: http://app.example"],
    );
    let allow = format!("http://{}", server.address);
    let mut put = given(&server.url("/"));
    put["method"] = json!("PUT");
    let message = error(&["--allow", &allow], "check", &put);
    assert!(message.contains("PUT may change something") && message.contains("preflight_only"), "{message}");
    let mut post = given(&server.url("/"));
    post["body"] = json!("a=b");
    error(&["--allow", &allow], "check", &post);
    assert!(server.requests().is_empty());

    put["preflight_only"] = json!(true);
    let report = answer(&["--allow", &allow], "check", &put);
    assert_eq!(report["verdict"], json!("allowed"), "{report:#}");
    assert!(server.methods().iter().all(|method| method == "OPTIONS"), "{:?}", server.methods());

    put["preflight_only"] = json!(false);
    let report = answer(&["--allow", &allow, "--allow-unsafe-methods"], "check", &put);
    assert_eq!(report["verdict"], json!("readable"), "{report:#}");
    assert_eq!(server.methods().iter().filter(|method| *method == "PUT").count(), 1);
}

#[test]
fn the_proxies_of_the_environment_are_not_used() {
    let proxy = Server::answering(response(200, ALLOWED));
    let mut command = binary();
    command.env("http_proxy", format!("http://{}", proxy.address));
    // The proxy's own address may be connected to, so that nothing else keeps it from being used.
    command.args(["mcp", "--allow", "http://no-such-host.invalid", "--allow-local-addresses"]);
    let check = call_line(1, "check", &given("http://no-such-host.invalid/"));
    let lines = [super::INITIALIZE, super::INITIALIZED, &check].map(|line| format!("{line}\n"));
    let run = run(command, lines.concat().as_bytes());
    let report = &answer_to(&run, &json!(1))["result"]["structuredContent"];
    assert_eq!(report["reason"]["code"], json!("dns-failed"), "{report:#}");
    assert!(proxy.requests().is_empty(), "{run:#?}");
}

#[test]
fn a_server_that_never_answers_does_not_keep_the_call() {
    let server = Server::raw(crate::server::Client::wait);
    let allow = format!("http://{}", server.address);
    let report = answer(&["--allow", &allow], "check", &given(&server.url("/")));
    assert_eq!(report["reason"]["code"], json!("timed-out"), "{report:#}");
}

#[test]
fn at_most_four_calls_run_at_once() {
    let running = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&most);
    let server = Server::new(move |_| {
        seen.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(200));
        running.fetch_sub(1, Ordering::SeqCst);
        response(200, ALLOWED)
    });
    let allow = format!("http://{}", server.address);
    let lines: Vec<String> = (1..=8).map(|id| call_line(id, "check", &given(&server.url("/")))).collect();
    let run = session(&["--allow", &allow], &lines);
    for id in 1..=8 {
        assert_eq!(answer_to(&run, &json!(id))["result"]["structuredContent"]["verdict"], json!("readable"));
    }
    let most = most.load(Ordering::SeqCst);
    assert!((1..=4).contains(&most), "{most}");
}

#[test]
fn only_http_origins_can_be_allowed() {
    for origin in ["null", "chrome-extension://abc", "https://api.example/path", "*"] {
        let run = session(&["--allow", origin], &[]);
        assert_eq!(run.status, 2, "{origin}: {run:#?}");
    }
}
