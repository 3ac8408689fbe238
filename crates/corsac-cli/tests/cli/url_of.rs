//! `--url-of`: a local server, checked as if it were deployed.

use serde_json::json;

use crate::command::corsac;
use crate::server::{Server, response};

const ALLOWED: &str = "Access-Control-Allow-Origin: https://app.example.com";
const ORIGIN: &[&str] = &["--origin", "https://app.example.com"];

#[test]
fn only_the_connection_goes_to_the_url() {
    let server = Server::answering(response(200, &[ALLOWED]));
    let url = server.url("/items?page=2");
    let run = corsac(
        [&["check", &url, "--url-of", "https://api.example.com/items?page=2", "--json"], ORIGIN].concat(),
    );
    let report = run.json();
    assert_eq!((run.status, &report["verdict"]), (0, &json!("readable")), "{run:#?}");
    assert_eq!(report["request"]["url"], "https://api.example.com/items?page=2");
    assert_eq!(report["url_of"], "https://api.example.com/items?page=2");
    assert_eq!(report["connected_to"], url);
    // From an https page, Safari refuses the URL of the connection itself, and Chromium and Firefox ask the user.
    let findings = report["findings"].as_array().unwrap();
    let about_place = ["refused-where-it-is-now", "local-network-access"];
    assert!(findings.iter().all(|finding| !about_place.contains(&finding["code"].as_str().unwrap())));
    for request in server.requests() {
        assert_eq!(request.header("host"), Some("api.example.com"));
        assert!(request.target.starts_with("/items?page=2"), "{request:?}");
    }
}

#[test]
fn the_report_names_both_urls() {
    let server = Server::answering(response(200, &[]));
    let url = server.url("/items");
    let run = corsac([&["check", &url, "--url-of", "https://api.example.com/items"], ORIGIN].concat());
    let lines: Vec<&str> = run.stdout.lines().take(3).collect();
    assert_eq!(
        lines,
        [
            "✗ BLOCKED  GET https://api.example.com/items".to_owned(),
            "  from https://app.example.com".to_owned(),
            format!("  as https://api.example.com/items, connected to {url}"),
        ]
    );
}

#[test]
fn a_redirect_to_the_same_host_stays_at_the_server_and_another_host_is_contacted() {
    let server = Server::new(|request| match request.target.as_str() {
        "/slash" => response(308, &[ALLOWED, "Location: https://api.example.com/slash/"]),
        "/upgraded" => response(308, &[ALLOWED, "Location: /slash/"]),
        "/leaves-tls" => response(308, &[ALLOWED, "Location: http://api.example.com/slash/"]),
        "/elsewhere" => response(308, &[ALLOWED, "Location: https://no-such-host.invalid/"]),
        _ => response(200, &[ALLOWED]),
    });
    let table = [
        ("/slash", "readable", json!(null)),
        ("/upgraded", "readable", json!(null)),
        ("/leaves-tls", "failed", json!("mixed-content")),
        ("/elsewhere", "failed", json!("dns-failed")),
    ];
    for (path, verdict, reason) in table {
        let url_of = format!("https://api.example.com{path}");
        let run = corsac(
            [&["check", &server.url("/"), "--url-of", &url_of, "--json", "--no-controls"], ORIGIN].concat(),
        );
        let report = run.json();
        assert_eq!(report["verdict"], verdict, "{path}: {run:#?}");
        assert_eq!(report["reason"]["code"], reason, "{path}");
    }
}

#[test]
fn same_origin_means_that_of_the_requested_url() {
    let server = Server::answering(response(200, &[]));
    let arguments = ["--url-of", "https://api.example.com/", "--origin", "https://api.example.com", "--json"];
    let report = corsac([&["check", &server.url("/")], &arguments[..]].concat()).json();
    assert_eq!(report["readable"]["type"], "basic", "{report:#}");
}

#[test]
fn two_different_paths_are_an_error_that_says_what_to_write() {
    let table: &[(&str, &str, &[&str])] = &[
        ("http://127.0.0.1:4/items", "https://api.example.com/", &["--url-of https://api.example.com/items"]),
        (
            "http://127.0.0.1:4/a?b=1",
            "https://api.example.com/a",
            &["--url-of https://api.example.com/a?b=1"],
        ),
        ("http://127.0.0.1:4/", "api.example.com", &["https://api.example.com"]),
        ("http://127.0.0.1:4/", "ftp://api.example.com/", &["ftp"]),
    ];
    for (url, url_of, words) in table {
        let run = corsac([&["check", url, "--url-of", url_of], ORIGIN].concat());
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:#?}");
        assert!(words.iter().all(|word| run.stderr.contains(word)), "{run:#?}");
    }
}

#[test]
fn if_the_location_is_the_problem_the_fix_is_a_command_to_paste() {
    let server = Server::answering(response(200, &[ALLOWED, "Vary: Origin"]));
    let url = server.url("/items?a=1&b=2");
    let report = corsac([&["check", &url, "--json"], ORIGIN].concat()).json();
    let findings = report["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["code"] == "refused-where-it-is-now").unwrap();
    let command = format!(
        "corsac check '{url}' --url-of 'https://api.example.com/items?a=1&b=2' --origin https://app.example.com"
    );
    assert_eq!(finding["fix"].as_str().unwrap().lines().last(), Some(command.as_str()), "{finding:#}");
    for arguments in [&[][..], &["--markdown"]] {
        let run = corsac([&["check", &url], ORIGIN, arguments].concat());
        assert!(run.stdout.lines().any(|line| line.trim() == command), "{run:#?}");
    }
}

#[test]
fn a_failed_connection_names_the_server_that_was_connected_to() {
    let url_of = "https://api.example.com/";
    let run = corsac([&["check", crate::server::NOTHING_LISTENS, "--url-of", url_of], ORIGIN].concat());
    assert_eq!(run.status, 3, "{run:#?}");
    let cause = run.stdout.lines().skip(4).take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    assert!(cause.contains("127.0.0.1:4") && !cause.contains("api.example.com"), "{run:#?}");
}

#[test]
fn the_curl_command_connects_to_the_local_server() {
    let server = Server::answering(response(200, &[ALLOWED]));
    let url = server.url("/");
    let url_of = "https://api.example.com:8443/items?a=1";
    let run = corsac([&["check", &url, "--url-of", url_of, "--markdown"], ORIGIN].concat());
    let line = format!("-H 'Host: api.example.com:8443' '{url}items?a=1'");
    assert!(run.stdout.contains(&line), "no {line:?} in\n{}", run.stdout);
    assert!(run.stdout.contains(&format!(", connected to `{url}`")), "{}", run.stdout);
}

#[test]
fn each_of_several_servers_is_checked_as_if_deployed() {
    let (good, bad) = (Server::answering(response(200, &[ALLOWED])), Server::answering(response(200, &[])));
    let urls = [good.url("/items"), bad.url("/items")];
    let run = corsac(
        [&["check", &urls[0], &urls[1], "--url-of", "https://api.example.com/items", "--json"], ORIGIN]
            .concat(),
    );
    let reports: Vec<serde_json::Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let seen: Vec<_> = reports.iter().map(|report| (&report["connected_to"], &report["verdict"])).collect();
    assert_eq!(seen, [(&json!(urls[0]), &json!("readable")), (&json!(urls[1]), &json!("blocked"))]);
    let table = corsac(
        [&["check", &urls[0], &urls[1], "--url-of", "https://api.example.com/items"], ORIGIN].concat(),
    );
    assert!(urls.iter().all(|url| table.stdout.contains(url.as_str())), "{table:#?}");
}

#[test]
fn a_web_socket_can_be_checked_as_if_deployed() {
    let server = Server::answering(response(403, &[]));
    let url = server.url("/live").replace("http:", "ws:");
    let run = corsac(
        [&["check", &url, "--url-of", "wss://api.example.com/live", "--as", "websocket", "--json"], ORIGIN]
            .concat(),
    );
    assert_eq!((run.status, run.json()["verdict"].clone()), (3, json!("failed")), "{run:#?}");
    assert_eq!(server.requests()[0].header("host"), Some("api.example.com"));
}
