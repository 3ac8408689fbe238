//! Files and pages.

use std::io::Read as _;

use serde_json::json;

use super::Page;
use crate::command::corsac;
use crate::server::Server;

#[test]
fn each_view_is_a_page_in_the_frame() {
    let page = Page::start();
    for (path, view) in [
        ("/", "ask"),
        ("/index.html", "ask"),
        ("/play.html", "play"),
        ("/prove.html", "prove"),
        ("/policy.html", "policy"),
    ] {
        let answer = page.get(path, &[]);
        let html = answer.text();
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")));
        assert!(
            html.starts_with("<!doctype html>") && html.contains(&format!("data-view=\"{view}\"")),
            "{html}"
        );
        assert!(html.contains("aria-current=\"page\"") && html.contains("href=\"#main\""), "{html}");
        // Nothing inline, and nothing from elsewhere.
        for part in ["<style", "style=\"", " onclick", "<script>", "src=\"http", "href=\"http", "//cdn"] {
            assert!(!html.contains(part), "{view}: {part}");
        }
    }
    assert_eq!(page.get("/nothing-here.html", &[]).status, 404);
    assert_eq!(page.get("/../Cargo.toml", &[]).status, 404);
}

#[test]
fn the_data_of_the_page_are_files() {
    let page = Page::start();
    assert_eq!(page.get("/demo.json", &[]).json(), json!({ "routes": [] }));
    let targets = page.get("/targets.json", &[]).json();
    assert!(targets.as_array().unwrap().contains(&json!({ "target": "nginx", "title": "nginx" })));
    assert!(page.get("/presets.json", &[]).json().is_array());
}

#[test]
fn a_file_is_compressed_for_those_that_read_gzip_and_known_by_its_tag() {
    let page = Page::start();
    let plain = page.get("/", &[]);
    let packed = page.get("/", &["Accept-Encoding: gzip, br"]);
    assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), (None, Some("gzip")));
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(packed.body.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
    assert_eq!(
        (plain.header("cache-control"), plain.header("vary")),
        (Some("no-cache"), Some("Accept-Encoding"))
    );
    let tag = packed.header("etag").unwrap();
    assert_eq!(plain.header("etag"), Some(tag));
    let again = page.get("/", &[&format!("If-None-Match: \"other\", {tag}")]);
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(page.get("/", &["If-None-Match: \"other\""]).status, 200);
}

#[test]
fn version_says_whether_the_webassembly_module_is_there() {
    let (short, long) = (corsac(["-V"]).stdout, corsac(["--version"]).stdout);
    assert!(long.starts_with(short.trim_end()), "{short}{long}");
    let has_module = Page::start().get("/wasm/corsac_wasm_bg.wasm", &[]).status == 200;
    assert_eq!(long.contains("without the WebAssembly module"), !has_module, "{long}");
}

#[test]
fn a_port_that_was_asked_for_and_is_taken_is_an_error() {
    let taken = Server::answering("");
    let run = corsac(["ui", "--no-open", "--port", &taken.address.port().to_string()]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:#?}");
    assert!(run.stderr.contains("--port"), "{run:#?}");
}

#[test]
fn a_public_url_is_that_of_a_page() {
    for url in [
        "me.dev.example",
        "ftp://me.dev.example/",
        "https://me:secret@dev.example/",
        "https://me.dev.example/?a",
        "https://me.dev.example/#a",
    ] {
        let run = corsac(["ui", "--no-open", "--port", "0", "--public-url", url]);
        assert_eq!(run.status, 2, "{url}: {run:#?}");
    }
    let page = Page::with(&["--public-url", "https://me.dev.example/proxy/8914"]);
    assert!(page.text.contains("https://me.dev.example/proxy/8914/#token="), "{}", page.text);
}

#[test]
fn the_page_reads_what_people_paste_and_sends_nothing() {
    let server = Server::answering("");
    let page = Page::start();
    let url = server.url("/items?page=2");
    let console = format!(
        "Access to fetch at '{url}' from origin 'http://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."
    );
    let curl = format!("curl '{url}' -X DELETE -H 'Origin: http://app.example' -H 'X-A: 1' -b 'a=b'");
    let table = [
        (url.as_str(), "url", json!({ "url": url })),
        (&console, "console", json!({ "url": url, "origin": "http://app.example", "method": "GET" })),
        (
            &curl,
            "request",
            json!({ "url": url, "origin": "http://app.example", "method": "DELETE", "headers": "X-A: 1", "cookies": ["a=b"] }),
        ),
        ("preflight", "code", json!({})),
        ("allow-origin-missing", "code", json!({})),
        ("nothing of this is known", "unknown", json!({})),
    ];
    for (text, kind, fields) in table {
        let read = page.answer("read", &json!({ "text": text }));
        assert_eq!(read["kind"], kind, "{text}: {read:#}");
        for (name, value) in fields.as_object().unwrap() {
            assert_eq!(read["request"][name], *value, "{text}: {read:#}");
        }
    }
    assert!(server.requests().is_empty());
}

#[test]
fn the_page_reads_a_recording_and_sends_nothing() {
    let page = Page::start();
    let har = json!({ "log": { "creator": { "name": "Firefox" }, "entries": [{
        "request": { "method": "GET", "url": "https://api.example/items", "headers": [{ "name": "Origin", "value": "https://app.example" }] },
        "response": { "status": 200, "headers": [{ "name": "Access-Control-Allow-Origin", "value": "https://app.example/" }] },
    }] } });
    let read = page.answer("har", &har);
    assert_eq!(read["items"][0]["code"], "allow-origin-mismatch", "{read:#}");
    assert_eq!(read["requests"][0]["url"], "https://api.example/items");
    assert_eq!(page.call("har", &json!({ "version": 1 })).status, 400);
}

#[test]
fn policies_are_linted_asked_compared_and_compiled() {
    let page = Page::start();
    let old = "[policy.api]\norigins = [\"https://app.example.com\"]\n";
    let new = "[policy.api]\norigins = [\"https://app.example.com\"]\nmethods = [\"PUT\"]\n";
    let lint = page.answer(
        "policy/lint",
        &json!({ "text": "[policy.api]\norigins = [\"app.example.com\"]\n", "format": "toml" }),
    );
    assert_eq!(lint["problems"][0]["severity"], "error", "{lint:#}");
    let may = json!({ "text": old, "origin": "https://app.example.com", "method": "PUT", "headers": "", "credentials": "omit", "url": "" });
    let may = page.answer("policy/may", &may);
    assert_eq!(
        (may["verdict"].as_str(), may["report"]["schema"].as_str()),
        (Some("blocked"), Some("corsac.why/2")),
        "{may:#}"
    );
    let why = (may["code"].as_str(), may["headline"].as_str());
    assert_eq!(
        why,
        (Some("method-not-allowed"), Some("The method `PUT` is not among the policy's methods.")),
        "{may:#}"
    );
    assert!(may["advice"].is_string(), "{may:#}");
    let diff = page.answer("policy/diff", &json!({ "old": old, "new": new }));
    assert!(diff.to_string().contains("PUT"), "{diff:#}");
    let compiled = page.answer(
        "policy/compile",
        &json!({ "text": new, "target": "nginx", "upstream": null, "full": false }),
    );
    assert!(compiled["text"].as_str().unwrap().contains("add_header"), "{compiled:#}");
    for (path, value, field) in [
        ("policy/may", json!({ "text": old, "origin": "app.example.com" }), "origin"),
        (
            "policy/may",
            json!({ "text": old, "origin": "https://app.example.com", "headers": "X" }),
            "headers",
        ),
        ("policy/diff", json!({ "old": "?", "new": new }), "old"),
        ("policy/compile", json!({ "text": new, "target": "nothing" }), "target"),
    ] {
        let answer = page.call(path, &value);
        assert_eq!((answer.status, answer.json()["field"].as_str()), (400, Some(field)), "{}", answer.text());
    }
}

#[test]
fn a_policy_reads_no_variable_of_the_environment() {
    let text = "[policy.api]\norigins = [\"${PATH}\"]\n";
    let answer = Page::start().answer("policy/lint", &json!({ "text": text }));
    let path = std::env::var("PATH").unwrap();
    assert!(!answer.to_string().contains(&path), "{answer:#}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_with_status_0() {
    let mut page = Page::start();
    let id = page.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(page.child.wait().unwrap().code(), Some(0));
}
