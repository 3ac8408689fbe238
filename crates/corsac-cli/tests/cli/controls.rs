//! Control requests: which ones are sent, and that no cache serves their responses to pages.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::Value;

use crate::command::{check, check_json};
use crate::server::{Request, Server, response};

const PAGE: &str = "http://app.example";

/// A server that allows one origin and sends no `Vary`, so that a cache must not share its responses.
fn listing(request: &Request, lines: &[&str]) -> Vec<u8> {
    let mut lines = lines.to_vec();
    if request.header("origin") == Some(PAGE) {
        lines.extend([
            "Access-Control-Allow-Origin: http://app.example",
            "Access-Control-Allow-Methods: PUT",
            "Access-Control-Allow-Headers: x-own",
        ]);
    }
    response(if request.is_preflight() { 204 } else { 200 }, &lines)
}

/// That server behind a cache that stores by method and URL, and from the second request on (nginx: `proxy_cache_min_uses 2`), so that it
/// is a control that is stored. `OPTIONS` too, as some content delivery networks do.
fn behind_a_cache(lines: &'static [&'static str]) -> Server {
    let stored = Mutex::new(HashMap::<String, (usize, Vec<u8>)>::new());
    Server::new(move |request| {
        let mut stored = stored.lock().unwrap();
        let key = format!("{} {}", request.method, request.target);
        let (uses, copy) = stored.entry(key).or_default();
        *uses += 1;
        if copy.is_empty() {
            let answer = listing(request, lines);
            let stores = !lines.iter().any(|line| line.contains("no-store") || line.contains("private"));
            if *uses >= 2 && stores {
                *copy = answer.clone();
            }
            return answer;
        }
        copy.clone()
    })
}

/// `what` and `request.url` of each control, and whether it was skipped.
fn controls(report: &Value) -> Vec<(String, String, bool)> {
    let row = |control: &Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&control["what"]), text(&control["request"]["url"]), control.get("skipped").is_some())
    };
    report["controls"].as_array().unwrap().iter().map(row).collect()
}

fn codes(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

#[test]
fn a_cache_that_stores_by_url_is_not_poisoned() {
    let table: [(&str, &[&str], &[&str]); 6] = [
        ("GET", &[], &[]),
        ("HEAD", &["-X", "HEAD"], &[]),
        ("a preflight", &["-X", "PUT"], &[]),
        ("GET with a preflight", &["-H", "X-Own: 1"], &[]),
        ("a cache that shows itself", &[], &["Via: 1.1 cache"]),
        ("nothing is stored", &[], &["Cache-Control: no-store"]),
    ];
    for (name, arguments, lines) in table {
        let server = behind_a_cache(Box::leak(lines.to_vec().into_boxed_slice()));
        let url = server.url("/items?page=2");
        assert_eq!(check_json(&url, arguments)["verdict"], "readable", "{name}");
        // Two users follow, because the request of the first may be the one that is stored.
        for user in 0..2 {
            let later = check_json(&url, &[arguments, &["--controls", "never"]].concat());
            assert_eq!(later["verdict"], "readable", "{name}, user {user}: {later:#}");
        }
    }
}

/// Shows that the test above can fail.
#[test]
fn controls_at_the_pages_url_can_poison_that_cache() {
    let server = behind_a_cache(&[]);
    check_json(&server.url("/"), &["--controls", "always"]);
    assert_eq!(check_json(&server.url("/"), &["--no-controls"])["verdict"], "blocked");
}

#[test]
fn the_pages_own_request_goes_first() {
    for arguments in [&[][..], &["-X", "PUT"], &["--controls", "always"], &["--force-preflight"]] {
        let server = Server::new(|request| listing(request, &[]));
        check_json(&server.url("/"), arguments);
        let origins: Vec<bool> =
            server.requests().iter().map(|request| request.header("origin") == Some(PAGE)).collect();
        assert!(origins[0] && origins.is_sorted_by(|one, next| one >= next), "{arguments:?}: {origins:?}");
    }
}

#[test]
fn controls_use_the_pages_url_if_nothing_is_stored() {
    for line in ["Cache-Control: no-store", "Cache-Control: max-age=60, private"] {
        let server = Server::new(move |request| listing(request, &[line, "Via: 1.1 cache"]));
        let report = check_json(&server.url("/"), &[]);
        let url = server.url("/");
        let expected =
            [("no-origin".to_owned(), url.clone(), false), ("other-origin".to_owned(), url, false)];
        assert_eq!(controls(&report), expected, "{line}");
    }
}

#[test]
fn otherwise_each_control_has_a_unique_query_and_is_printed_with_it() {
    let server = Server::new(|request| listing(request, &["Content-Type: text/plain"]));
    let report = check_json(&server.url("/items?page=2"), &[]);
    let start = server.url("/items?page=2&corsac-control=");
    let urls: Vec<String> = controls(&report).into_iter().map(|(_, url, _)| url).collect();
    assert!(urls.len() == 2 && urls[0] != urls[1], "{urls:?}");
    assert!(urls.iter().all(|url| url.starts_with(&start)), "{urls:?}");
    let sent: Vec<String> = server.requests().iter().map(|request| server.url(&request.target)).collect();
    assert_eq!(sent, [server.url("/items?page=2"), urls[0].clone(), urls[1].clone()]);
    // The responses are in the report.
    assert_eq!(report["controls"][0]["response"]["status"], 200);
    assert!(codes(&report).contains(&"vary-missing"), "{report:#}");

    let text = check(&server.url("/items"), &[]).stdout;
    for part in [
        "?corsac-control=",
        "(for comparison, without Origin: status 200)",
        "from http://corsac-control.example: status 200)",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

#[test]
fn controls_are_skipped_if_there_is_a_cache_and_the_report_says_so() {
    for line in ["Age: 3", "Via: 1.1 varnish", "X-Cache: MISS", "CF-Cache-Status: DYNAMIC", "X-Amz-Cf-Id: a"]
    {
        let server = Server::new(move |request| listing(request, &[line]));
        let report = check_json(&server.url("/"), &[]);
        assert_eq!(server.methods(), ["GET"], "{line}");
        let left_out: Vec<bool> = controls(&report).into_iter().map(|(.., skipped)| skipped).collect();
        assert_eq!(left_out, [true, true], "{line}: {report:#}");
        assert!(report["controls"][0]["skipped"].as_str().unwrap().contains("cache"), "{report:#}");
    }
    let server = Server::new(|request| listing(request, &["Age: 3"]));
    let text = check(&server.url("/"), &[]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("Comparison skipped because a cache answers here (`age`)"), "{text}");
    assert!(text.contains("--controls always"), "{text}");
}

#[test]
fn a_signed_url_is_requested_once() {
    for path in ["/file?X-Amz-Signature=0a", "/file?access_token=x"] {
        let server = Server::new(|request| listing(request, &[]));
        let report = check_json(&server.url(path), &[]);
        assert_eq!(server.methods(), ["GET"], "{path}");
        assert!(controls(&report).iter().all(|(.., skipped)| *skipped), "{report:#}");
    }
}

#[test]
fn the_controls_option_is_obeyed() {
    let table: [(&[&str], &[&str]); 5] = [
        (&["--controls", "never"], &["GET"]),
        (&["--no-controls"], &["GET"]),
        (&["--controls", "safe"], &["GET"]),
        (&[], &["GET"]),
        (&["--controls", "always"], &["GET", "GET", "GET"]),
    ];
    for (arguments, methods) in table {
        let server = Server::new(|request| listing(request, &["Age: 3"]));
        check_json(&server.url("/"), arguments);
        assert_eq!(server.methods(), methods, "{arguments:?}");
        let urls: Vec<String> = server.requests().into_iter().map(|request| request.target).collect();
        assert!(urls.iter().all(|url| url == "/"), "{arguments:?}: {urls:?}");
    }
    let both = check("http://127.0.0.1:9/", &["--controls", "safe", "--no-controls"]);
    assert_eq!(both.status, 2, "{both:#?}");
}

#[test]
fn an_error_for_an_unknown_query_proves_nothing() {
    let server = Server::new(|request| {
        let known = request.target == "/";
        let lines: &[&str] = if known { &["Access-Control-Allow-Origin: *"] } else { &[] };
        response(if known { 200 } else { 404 }, lines)
    });
    let report = check_json(&server.url("/"), &[]);
    assert_eq!(report["controls"][0]["response"]["status"], 404, "{report:#}");
    assert!(!codes(&report).contains(&"vary-missing"), "{report:#}");
}

#[test]
fn after_a_refused_preflight_a_plain_get_is_sent() {
    // Like nginx with an `add_header` in the `if` for OPTIONS.
    let server = Server::new(|request| {
        let allowed = format!("Access-Control-Allow-Origin: {PAGE}");
        match request.is_preflight() {
            true => response(204, &["Access-Control-Allow-Methods: PUT"]),
            false => response(404, &[&allowed, "Set-Cookie: a=b"]),
        }
    });
    let arguments = [
        "-X",
        "PUT",
        "-H",
        "X-Own: 1",
        "-H",
        "Authorization: Bearer 1",
        "--credentials",
        "include",
        "-b",
        "c=1",
    ];
    let report = check_json(&server.url("/"), &arguments);
    let what: Vec<String> = controls(&report).into_iter().map(|(what, ..)| what).collect();
    assert_eq!(what, ["get-beside-preflight", "no-origin", "own-origin", "other-origin"], "{report:#}");
    assert_eq!(report["diagnosis"][0]["code"], "options-lacks-allow-origin", "{:#}", report["diagnosis"]);
    let requests = server.requests();
    let get = requests.iter().find(|request| request.method == "GET").expect("the GET");
    assert_eq!(get.header("origin"), Some(PAGE));
    assert!(["x-own", "authorization", "cookie"].iter().all(|name| get.header(name).is_none()), "{get:?}");
    assert_eq!(server.methods(), ["OPTIONS", "GET", "GET", "OPTIONS", "OPTIONS"], "no PUT leaves");

    let text = check(&server.url("/"), &arguments).stdout;
    assert!(text.contains("(for comparison, as a GET that needs no preflight: status 404)"), "{text}");
}

#[test]
fn after_a_refusal_a_request_from_the_servers_own_origin_is_sent() {
    let own = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let known = own.clone();
    let server = Server::new(move |request| {
        let origin = request.header("origin").unwrap_or_default().to_owned();
        if Some(&origin) == known.get() {
            response(200, &[&format!("Access-Control-Allow-Origin: {origin}")])
        } else {
            response(403, &[])
        }
    });
    let url = server.url("/");
    own.set(url.trim_end_matches('/').to_owned()).unwrap();
    let report = check_json(&url, &[]);
    let cause = &report["diagnosis"][0];
    assert_eq!(
        (&cause["code"], &cause["confidence"]),
        (&"origin-not-allowed".into(), &"certain".into()),
        "{cause:#}"
    );
    // It is not needed if the page may read the response.
    let readable = Server::new(|request| listing(request, &[]));
    let report = check_json(&readable.url("/"), &[]);
    assert!(controls(&report).iter().all(|(what, ..)| what != "own-origin"), "{report:#}");
}

#[test]
fn the_preflight_of_the_next_request_of_an_mcp_client_is_sent() {
    // The response has a session id, but the page may not send it.
    let server = |next: &'static str| {
        Server::new(move |request| {
            let asked = request.header("access-control-request-headers").unwrap_or_default();
            let allowed = if asked.contains("mcp-session-id") { next } else { "content-type" };
            let headers = format!("Access-Control-Allow-Headers: {allowed}");
            let mut lines = vec!["Access-Control-Allow-Origin: http://app.example", "Vary: Origin", &headers];
            lines.extend((!request.is_preflight()).then_some("Mcp-Session-Id: 7"));
            response(200, &lines)
        })
    };
    let arguments = ["-H", "Content-Type: application/json", "-d", "{}"];
    let refusing = server("content-type");
    let report = check_json(&refusing.url("/mcp"), &arguments);
    assert_eq!(report["verdict"], "readable", "{report:#}");
    assert!(codes(&report).contains(&"next-request-refused"), "{:#}", report["findings"]);
    let posts = refusing.methods().iter().filter(|method| *method == "POST").count();
    assert_eq!(posts, 1, "the next request itself is not sent");
    let allowing = server("content-type, mcp-session-id, mcp-protocol-version");
    let report = check_json(&allowing.url("/mcp"), &arguments);
    assert!(!codes(&report).contains(&"next-request-refused"), "{:#}", report["findings"]);
}

#[test]
fn if_localhost_refuses_its_other_address_is_tried() {
    let allowed = || response(200, &["Access-Control-Allow-Origin: *"]);
    let (first, second) = Server::two_at_one_port(response(404, &["Server: other"]), allowed());
    let url = format!("http://localhost:{}/items", first.address.port());
    let report = check_json(&url, &[]);
    let cause = &report["diagnosis"][0];
    assert_eq!(cause["code"], "two-programs", "{cause:#}");
    assert!(cause["fix"]["text"].as_str().unwrap().contains(&second.url("/items")), "{cause:#}");
    let asked = |control: &Value| (control["what"].clone(), control["address"].clone());
    let controls: Vec<_> = report["controls"].as_array().unwrap().iter().map(asked).collect();
    assert!(controls.contains(&("other-address".into(), "127.0.0.1".into())), "{controls:?}");
    assert!(check(&url, &[]).stdout.contains("at 127.0.0.1, the other address of this machine"));

    // It is not tried if the page is allowed, or if the URL has an address.
    let (first, second) = Server::two_at_one_port(allowed(), response(404, &[]));
    check_json(&format!("http://localhost:{}/", first.address.port()), &[]);
    assert!(second.requests().is_empty());
    check_json(&second.url("/"), &[]);
    assert!(
        first.requests().iter().all(|request| request.header("host") != Some(&second.address.to_string()))
    );
}

#[test]
fn the_answer_to_a_control_is_in_the_report() {
    let server = Server::new(|request| match request.header("origin") {
        Some(_) => response(403, &[]),
        None => b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello".to_vec(),
    });
    let report = check_json(&server.url("/"), &[]);
    let control = &report["controls"][0];
    assert_eq!(
        (&control["what"], &control["body"]["excerpt"]),
        (&"no-origin".into(), &"hello".into()),
        "{control:#}"
    );
    assert_eq!(control["address"], "127.0.0.1");
}

#[test]
fn a_preflight_is_compared_with_a_preflight() {
    // OPTIONS is allowed from every origin, and PUT from none.
    let server = Server::allowing(
        &["Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT"],
        &["Content-Type: text/plain"],
    );
    let report = check_json(&server.url("/"), &["-X", "PUT"]);
    assert_eq!(report["reason"]["code"], "allow-origin-missing");
    assert!(controls(&report).iter().any(|(what, ..)| what == "other-origin"), "{report:#}");
    assert!(!codes(&report).contains(&"vary-missing"), "{report:#}");
}
