//! `corsac explain`: pasted text, files, recordings, requests.

use serde_json::{Value, json};

use crate::command::{Run, binary, corsac, run};
use crate::schema::keeps_to;
use crate::server::{Server, response};

/// The first entry of a code, a word or a stack.
pub(crate) fn explained(given: &str) -> Value {
    let json = corsac(["explain", given, "--json"]).json();
    assert_eq!(json["schema"], "corsac.explain/2");
    json["entries"][0].clone()
}

const MISSING: &str = "Access to fetch at 'https://api.example/items' from origin 'https://app.example' has been blocked by CORS policy: No \
                       'Access-Control-Allow-Origin' header is present on the requested resource.";

/// Runs `corsac explain` with these arguments and this text on standard input.
fn piped(text: &[u8], arguments: &[&str]) -> Run {
    let mut command = binary();
    command.arg("explain").args(arguments);
    run(command, text)
}

/// A file with this content in a folder of its own.
fn file(name: &str, content: &[u8]) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("corsac-explain-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn a_text_is_explained_from_the_argument_a_file_or_standard_input() {
    let path = file("console.txt", MISSING.as_bytes());
    let path = path.to_str().unwrap();
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(MISSING.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let runs = [
        ("an argument", corsac(["explain", MISSING, "--json"])),
        ("a file", corsac(["explain", path, "--json"])),
        ("standard input", piped(MISSING.as_bytes(), &["-", "--json"])),
        ("no argument", piped(MISSING.as_bytes(), &["--json"])),
        ("UTF-16", piped(&utf16, &["-", "--json"])),
    ];
    for (name, run) in runs {
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{name}: {run:#?}");
        let json = run.json();
        let item = &json["items"][0];
        for (field, value) in [
            ("engine", json!("chromium")),
            ("code", json!("allow-origin-missing")),
            ("codes", json!(["allow-origin-missing"])),
            ("cors", json!(true)),
            ("stage", json!("response")),
            ("url", json!("https://api.example/items")),
            ("origin", json!("https://app.example")),
            ("values", json!({ "kind": "fetch" })),
            ("text", json!(MISSING)),
        ] {
            assert_eq!(item[field], value, "{name}: {field}");
        }
        assert_eq!(json["entries"], json!([]), "{name}");
        keeps_to("explain", &[json]);
    }
}

#[test]
fn the_json_keeps_to_its_schema_whatever_is_explained() {
    let given = [
        "allow-origin-missing",
        "method-not-allowed",
        "preflight",
        "nginx",
        "ollama",
        "canvas-tainted",
        "origin-path",
    ];
    let of_entries: Vec<Value> =
        given.iter().map(|given| corsac(["explain", given, "--json"]).json()).collect();
    keeps_to("explain", &of_entries);
    keeps_to("explain-list", &[corsac(["explain", "--list", "--json"]).json()]);
    for text in [
        "TypeError: Failed to fetch",
        "Not allowed by CORS",
        "nothing of this is known",
        "https://api.example/x",
    ] {
        keeps_to("explain", &[corsac(["explain", text, "--json"]).json()]);
    }
}

#[test]
fn the_report_says_who_refused_what_to_change_and_how_to_ask_the_server() {
    let text = corsac(["explain", MISSING]).stdout;
    for part in [
        "✗ BLOCKED BY CORS  allow-origin-missing",
        "message of Chromium",
        "Access-Control-Allow-Origin: https://app.example",
        "corsac check https://api.example/items --origin https://app.example",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    let text = corsac(["explain", "Uncaught DOMException: Blocked a frame with origin \"https://a.example\" from accessing a cross-origin frame."]).stdout;
    assert!(text.contains("NOT CORS  frame-access") && text.contains("postMessage"), "{text}");
    let text = corsac(["explain", "TypeError: Load failed"]).stdout;
    assert!(text.contains("MAY BE CORS") && text.contains("message of Safari"), "{text}");
}

#[test]
fn what_is_not_recognized_is_status_1_and_says_what_to_paste() {
    for arguments in [&["explain", "nothing of this is known"][..], &["explain", "qqqqqq"]] {
        let run = corsac(arguments);
        assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{run:#?}");
        assert!(!run.stderr.is_empty());
        let json = corsac([arguments, &["--json"]].concat());
        assert_eq!(json.status, 1);
        assert_eq!(json.json()["unrecognized"], json!([arguments[1]]));
    }
}

#[test]
fn what_cannot_be_read_is_status_2() {
    let binary = file("binary", b"\x7fELF\0\0\0");
    let folder = binary.parent().unwrap().to_str().unwrap().to_owned();
    let cases: [(&str, Run, &str); 6] = [
        ("a binary file", corsac(["explain", binary.to_str().unwrap()]), "is not text"),
        ("a folder", corsac(["explain", &folder]), "is a folder"),
        ("an empty text", piped(b" \n", &["-"]), "empty"),
        ("no file for --as har", corsac(["explain", "--as", "har", "no-such.har"]), "cannot read"),
        (
            "--redact without a recording",
            corsac(["explain", "TypeError: Load failed", "--redact", "x.har"]),
            "HAR",
        ),
        (
            "a command that reads a file",
            corsac(["explain", "curl https://api.example/ -d @secret.txt"]),
            "`-d @FILE` cannot be used",
        ),
    ];
    for (name, run, words) in cases {
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{name}: {run:#?}");
        assert!(run.stderr.contains(words), "{name}: {}", run.stderr);
    }
}

#[test]
fn the_kind_can_be_decided_by_hand() {
    let json = corsac(["explain", "preflight", "--as", "text", "--json"]);
    assert_eq!((json.status, json.json()["entries"].clone()), (1, json!([])));
    let run = corsac(["explain", "TypeError: Load failed", "--as", "code"]);
    assert_eq!(run.status, 1, "{run:#?}");
}

#[test]
fn a_request_that_somebody_copied_is_told_from_a_failure() {
    let copied = "curl 'https://api.example/items?token=s3cret' -X PUT -H 'origin: https://app.example' -H 'cookie: sid=s3cret'";
    let json = corsac(["explain", copied, "--json"]).json();
    let item = &json["items"][0];
    assert_eq!(
        (&item["code"], &item["cors"], &item["origin"]),
        (&Value::Null, &Value::Null, &json!("https://app.example"))
    );
    assert_eq!(item["values"]["method"], "PUT");
    assert!(item["diagnosis"][0]["fix"]["text"].as_str().unwrap().contains("--from"), "{item:#}");
    assert!(!json.to_string().contains("s3cret"), "{json:#}");
    // Code above its error: the error counts.
    let both = format!("fetch('https://api.example/items').then(use)\n{MISSING}");
    assert_eq!(corsac(["explain", &both, "--json"]).json()["items"][0]["code"], "allow-origin-missing");
}

#[test]
fn secrets_are_in_no_output() {
    let text = format!("{MISSING}\nCookie: sid=s3cret\nAuthorization: Bearer s3cret\nhttps://u:s3cret@a.example/?api_key=s3cret")
        .replace("/items", "/items?access_token=s3cret");
    for arguments in [&["-"][..], &["-", "--json"]] {
        let run = piped(text.as_bytes(), arguments);
        assert!(run.status == 0 && !run.stdout.contains("s3cret"), "{}", run.stdout);
        assert!(run.stdout.contains("REDACTED"), "{}", run.stdout);
    }
}

#[test]
fn check_asks_the_server_about_the_very_request() {
    let server = Server::new(|_| response(200, &["Access-Control-Allow-Origin: http://app.example"]));
    let url = server.url("/items");
    let text = format!(
        "Access to fetch at '{url}' from origin 'http://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."
    );
    let run = piped(text.as_bytes(), &["-", "--check"]);
    assert_eq!(run.status, 0, "{run:#?}");
    assert!(run.stdout.contains("BLOCKED BY CORS") && run.stdout.contains("READABLE"), "{}", run.stdout);

    // Firefox does not print the origin, and nothing is sent without one.
    let text = format!(
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200."
    );
    let run = piped(text.as_bytes(), &["-", "--check"]);
    assert!(run.status == 2 && run.stderr.contains("--origin"), "{run:#?}");
    let run = piped(text.as_bytes(), &["-", "--check", "--origin", "http://app.example"]);
    assert_eq!(run.status, 0, "{run:#?}");
}

#[test]
fn a_method_that_changes_something_is_not_sent_by_check() {
    let server = Server::new(|_| response(200, &["Access-Control-Allow-Origin: http://app.example"]));
    let url = server.url("/items");
    let text = format!(
        "Access to fetch at '{url}' from origin 'http://app.example' has been blocked by CORS policy: Method DELETE is not allowed by Access-Control-Allow-Methods in preflight response."
    );
    let run = piped(text.as_bytes(), &["-", "--check"]);
    assert_eq!(run.status, 1, "{run:#?}");
    let methods: Vec<String> = server.requests().iter().map(|request| request.method.clone()).collect();
    assert_eq!(methods, ["OPTIONS"]);
}

/// A recording by Chromium of a request that CORS refused.
fn recording() -> String {
    json!({"log": {
        "version": "1.2",
        "creator": {"name": "WebInspector", "version": "537.36"},
        "pages": [],
        "entries": [{
            "_error": "net::ERR_FAILED", "_resourceType": "fetch", "startedDateTime": "2026-11-29T10:00:00.000Z", "time": 3.1,
            "request": {"method": "GET", "url": "https://api.example/items?token=s3cret", "httpVersion": "h2", "cookies": [], "queryString": [],
                "headersSize": -1, "bodySize": 0, "headers": [
                    {"name": "Origin", "value": "https://app.example"}, {"name": "Authorization", "value": "Bearer s3cret"}]},
            "response": {"status": 200, "statusText": "", "httpVersion": "h2", "cookies": [], "redirectURL": "", "headersSize": -1, "bodySize": -1,
                "content": {"size": 0, "mimeType": "x-unknown"}, "_error": "net::ERR_FAILED",
                "headers": [{"name": "content-type", "value": "application/json"}]},
            "cache": {}, "timings": {"send": 0, "wait": 3, "receive": 0},
        }],
    }})
    .to_string()
}

#[test]
fn a_recording_is_explained_and_copied_without_secrets() {
    let path = file("a.har", recording().as_bytes());
    let json = corsac(["explain", path.to_str().unwrap(), "--json"]).json();
    let item = &json["items"][0];
    assert_eq!(
        (&item["entry"], &item["engine"], &item["cors"]),
        (&json!(0), &json!("chromium"), &json!(true)),
        "{json:#}"
    );
    keeps_to("explain", std::slice::from_ref(&json));
    assert!(!json.to_string().contains("s3cret"), "{json:#}");

    let copy = path.with_extension("safe.har");
    let _ = std::fs::remove_file(&copy);
    let run = corsac(["explain", path.to_str().unwrap(), "--redact", copy.to_str().unwrap()]);
    assert_eq!(run.status, 0, "{run:#?}");
    let written = std::fs::read_to_string(&copy).unwrap();
    assert!(!written.contains("s3cret") && written.contains("REDACTED"), "{written}");
    let again = corsac(["explain", copy.to_str().unwrap(), "--json"]).json();
    assert_eq!(again["items"][0]["codes"], item["codes"]);

    let piped = piped(recording().as_bytes(), &["-", "--json"]);
    assert_eq!(piped.json()["items"][0]["codes"], item["codes"]);
}
