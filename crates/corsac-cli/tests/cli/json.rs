//! The contract of `--json`, schema `corsac.check/2`: these fields with these types, whatever the result is.

use serde_json::{Value, json};

use crate::command::{check, check_json};
use crate::contract::keeps_the_contract;
use crate::server::{NOTHING_LISTENS, Server, response};

const ALLOWED: &str = "Access-Control-Allow-Origin: http://app.example";

fn kinds(report: &Value) -> Vec<&str> {
    report["exchanges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|exchange| exchange["kind"].as_str().unwrap())
        .collect()
}

#[test]
fn a_readable_response() {
    let server = Server::allowing(
        &[ALLOWED, "Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Headers: content-type"],
        &[ALLOWED, "Vary: Origin", "Content-Type: text/plain", "X-Hidden: 1"],
    );
    let url = server.url("/items/1?a=b");
    let report = check_json(&url, &["-X", "put", "-H", "Content-Type: application/json", "-d", "{}"]);
    keeps_the_contract(&report);
    assert_eq!(report["verdict"], "readable");
    assert_eq!(report["reason"], Value::Null);
    assert_eq!(
        report["request"],
        json!({
            "url": url,
            "method": "PUT",
            "origin": "http://app.example",
            "mode": "cors",
            "credentials": "same-origin",
            "headers": [["content-type", "application/json"]],
        })
    );
    assert_eq!(kinds(&report), ["preflight", "request"]);
    assert_eq!(report["exchanges"][0]["request"]["method"], "OPTIONS");
    assert_eq!(report["exchanges"][1]["request"]["url"], url);
    assert_eq!((&report["readable"]["type"], &report["readable"]["status"]), (&json!("cors"), &json!(200)));
    let readable = report["readable"]["headers"].to_string();
    assert!(readable.contains("content-type") && !readable.contains("x-hidden"), "{readable}");
    let trace = report["trace"].as_array().unwrap();
    assert!(trace.iter().all(|entry| entry["result"] != "fail"), "{trace:#?}");
    assert_eq!(trace.last().unwrap()["rule"], "response-filter", "the verdict is the end of the trace");
}

#[test]
fn blocked_at_the_preflight() {
    let report = check_json(&Server::allowing(&[ALLOWED], &[ALLOWED]).url("/"), &["-X", "DELETE"]);
    keeps_the_contract(&report);
    assert_eq!(report["verdict"], "blocked");
    assert_eq!(
        (&report["reason"]["code"], &report["reason"]["stage"]),
        (&json!("method-not-allowed"), &json!("preflight"))
    );
    assert_eq!(report["reason"]["detail"]["method"], "DELETE");
    assert_eq!(kinds(&report), ["preflight"]);
    assert_eq!(report["readable"], Value::Null);
    for engine in ["spec", "chromium", "firefox", "webkit"] {
        assert_eq!(report["engines"][engine]["verdict"], "blocked");
        assert_eq!(report["engines"][engine]["reason"], "method-not-allowed");
        assert_eq!(report["engines"][engine].get("exchanges"), None, "{engine} sent the same");
    }
    for engine in ["chromium", "firefox", "webkit"] {
        let console = report["engines"][engine]["console"].as_array().unwrap();
        assert!(!console.is_empty(), "{engine} prints something");
    }
    assert_eq!(report["trace"].as_array().unwrap().last().unwrap()["result"], "fail", "{}", report["trace"]);
}

#[test]
fn an_error_without_the_header_is_blocked_with_its_cause() {
    let report = check_json(&Server::answering(response(502, &[])).url("/"), &[]);
    keeps_the_contract(&report);
    assert_eq!(
        (&report["verdict"], &report["reason"]["code"]),
        (&json!("blocked"), &json!("allow-origin-missing"))
    );
    assert_eq!(report["diagnosis"][0]["code"], "error-status-without-cors");
    assert_eq!(report["diagnosis"][0]["cors"], false);
    assert_eq!(report["exchanges"][0]["response"]["status"], 502);
}

#[test]
fn a_readable_body_is_not_printed_and_a_cut_one_is_reported() {
    let head = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\nContent-Length: ";
    for (length, codes) in [(6, &[][..]), (60, &["body-breaks-off"])] {
        let server = Server::answering(format!("{head}{length}\r\n\r\nsecret"));
        let report = check_json(&server.url("/"), &[]);
        keeps_the_contract(&report);
        assert_eq!((&report["verdict"], &report["exchanges"][0]["body"]), (&json!("readable"), &Value::Null));
        let found = report["findings"].as_array().unwrap().iter().filter(|one| one["severity"] == "problem");
        assert_eq!(found.map(|one| one["code"].as_str().unwrap()).collect::<Vec<_>>(), codes, "{length}");
        assert!(!report.to_string().contains("secret"));
    }
}

#[test]
fn a_body_that_does_not_end_is_not_waited_for_and_reported() {
    let server = Server::raw(|client| {
        if client.read_request().is_some() {
            client.write(format!("HTTP/1.1 200 OK\r\n{ALLOWED}\r\nContent-Length: 60\r\n\r\nx").as_bytes());
            // Until the client has waited long enough.
            let _ = std::io::Read::read(&mut client.stream, &mut [0]);
        }
    });
    let report = check_json(&server.url("/"), &["--no-controls"]);
    assert_eq!(report["verdict"], "readable");
    let findings = report["findings"].as_array().unwrap();
    let found: Vec<&Value> = findings.iter().filter(|one| one["code"] == "body-not-waited-for").collect();
    assert!(
        found.len() == 1 && found[0]["message"].as_str().unwrap().contains("after 1 bytes"),
        "{findings:#?}"
    );
}

#[test]
fn the_body_of_an_error_is_evidence() {
    let body = "Invalid CORS request";
    let answer = format!(
        "HTTP/1.1 403 Forbidden\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let report = check_json(&Server::answering(answer).url("/"), &[]);
    keeps_the_contract(&report);
    assert_eq!(report["exchanges"][0]["body"], json!({ "excerpt": body, "truncated": false }));
    let cause = &report["diagnosis"][0];
    assert_eq!((&cause["code"], &cause["confidence"]), (&json!("origin-not-allowed"), &json!("certain")));
}

#[test]
fn lines_to_paste_that_are_not_headers_end_the_text_of_the_fix() {
    let body = "CORSResponse: CORS is not enabled for this bucket.";
    let head = "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length:";
    let answer = format!("{head} {}\r\n\r\n{body}", body.len());
    let report = check_json(&Server::answering(answer).url("/"), &["-X", "PUT"]);
    keeps_the_contract(&report);
    let cause = &report["diagnosis"][0];
    assert_eq!(cause["code"], "bucket-without-rule");
    assert_eq!((&cause["fix"]["headers"], &cause["fix"]["safe_to_paste"]), (&json!([]), &json!(false)));
    let (_, rule) = cause["fix"]["text"].as_str().unwrap().split_once('\n').unwrap();
    let rule: Value = serde_json::from_str(rule).unwrap();
    assert_eq!((&rule[0]["AllowedMethods"], &rule[0]["AllowedHeaders"]), (&json!(["PUT"]), &json!([])));
}

#[test]
fn failed_and_not_by_cors() {
    let report = check_json(NOTHING_LISTENS, &[]);
    keeps_the_contract(&report);
    assert_eq!(report["reason"]["code"], "connection-refused");
    assert_eq!(kinds(&report), ["request"]);
    assert!(report["exchanges"][0]["error"].as_str().unwrap().contains("refused"), "{report}");
}

#[test]
fn an_opaque_response() {
    let report = check_json(&Server::answering(response(200, &[])).url("/"), &["--mode", "no-cors"]);
    keeps_the_contract(&report);
    assert_eq!(
        (&report["verdict"], &report["reason"], &report["readable"]),
        (&json!("opaque"), &Value::Null, &Value::Null)
    );
    assert_eq!(report["request"]["mode"], "no-cors");
}

#[test]
fn redirects_are_reported_hop_by_hop() {
    let server = Server::new(|request| match request.target.as_str() {
        "/old" => response(302, &[ALLOWED, "Location: /new"]),
        _ => response(200, &[ALLOWED]),
    });
    let report = check_json(&server.url("/old"), &[]);
    keeps_the_contract(&report);
    assert_eq!(kinds(&report), ["request", "redirect"]);
    assert_eq!(report["readable"]["url"], server.url("/new"));
    assert_eq!(report["readable"]["redirected"], true);
}

#[test]
fn one_engine_alone_decides() {
    let server = Server::allowing(&[ALLOWED, "Access-Control-Allow-Headers: *"], &[ALLOWED]);
    let arguments = ["-H", "Authorization: Bearer x"];
    let all = check_json(&server.url("/"), &arguments);
    keeps_the_contract(&all);
    // The browsers decide: in all of them `*` covers Authorization. In the standard it does not.
    assert_eq!(
        (&all["verdict"], &all["reason"], &all["browsers_agree"]),
        (&json!("readable"), &Value::Null, &json!(true))
    );
    assert_eq!(kinds(&all), ["preflight", "request"]);
    let standard = &all["engines"]["spec"];
    assert_eq!(
        (&standard["verdict"], &standard["reason"]),
        (&json!("blocked"), &json!("authorization-wildcard"))
    );
    assert_eq!(kinds(standard), ["preflight"]);
    for engine in ["chromium", "firefox", "webkit"] {
        assert_eq!(all["engines"][engine]["verdict"], "readable", "{engine}");
        let one = check_json(&server.url("/"), &[&arguments[..], &["--engine", engine]].concat());
        keeps_the_contract(&one);
        assert_eq!(one["verdict"], "readable", "{engine}");
        assert_eq!(kinds(&one), ["preflight", "request"]);
        let engines: Vec<&String> = one["engines"].as_object().unwrap().keys().collect();
        assert_eq!(engines, [engine]);
    }
}

#[test]
fn an_engine_that_preflights_after_a_redirect_has_its_own_exchanges() {
    let server = Server::new(|request| match (request.is_preflight(), request.target.as_str()) {
        (true, _) => response(204, &[ALLOWED, "Access-Control-Allow-Headers: content-type"]),
        (false, "/form") => response(303, &[ALLOWED, "Location: /done"]),
        (false, _) => response(200, &[ALLOWED]),
    });
    let report = check_json(&server.url("/form"), &["-H", "Content-Type: application/json", "-d", "{}"]);
    keeps_the_contract(&report);
    assert_eq!(kinds(&report), ["preflight", "request", "redirect"]);
    assert_eq!(report["engines"]["chromium"].get("exchanges"), None);
    for engine in ["firefox", "webkit"] {
        let own = &report["engines"][engine];
        assert_eq!(kinds(own), ["preflight", "request", "preflight", "redirect"], "{engine}");
        assert_eq!(own["verdict"], "readable", "{engine}");
    }
}

#[test]
fn an_opaque_origin_is_null() {
    let server = Server::answering(response(200, &["Access-Control-Allow-Origin: null"]));
    let run = crate::command::corsac(["check", &server.url("/"), "--origin", "null", "--json"]);
    let report = run.json();
    keeps_the_contract(&report);
    assert_eq!((&report["verdict"], &report["request"]["origin"]), (&json!("readable"), &json!("null")));
}

#[test]
fn nothing_but_the_object_is_printed() {
    let table = [
        ("failed", Server::answering("SSH-2.0-OpenSSH_9.6\r\n").url("/")),
        ("blocked", Server::answering(response(200, &[])).url("/")),
        ("refused", NOTHING_LISTENS.to_owned()),
    ];
    for (name, url) in table {
        let run = check(&url, &["--json"]);
        keeps_the_contract(&run.json());
        assert_eq!(run.stderr, "", "{name}");
        assert!(run.stdout.ends_with("}\n"), "{name}");
    }
}

#[test]
fn a_response_has_its_http_version() {
    for version in ["1.0", "1.1"] {
        let answer = format!(
            "HTTP/{version} 200 OK\r\nConnection: close\r\nContent-Length: 0\r\nCache-Control: no-store\r\n\r\n"
        );
        let report = check_json(&Server::answering(answer).url("/"), &[]);
        assert_eq!(report["exchanges"][0]["response"]["http_version"], version, "{report:#}");
        assert_eq!(report["controls"][0]["response"]["http_version"], version, "{report:#}");
    }
}
