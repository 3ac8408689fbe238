//! The readers of what people paste and copy take time in proportion to its length, whatever stands in it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::time::{Duration, Instant};

use corsac_explain::{har, pasted, written_request};

/// The length of the shorter texts, in bytes.
const SHORT: usize = 8 << 10;

/// How much longer the longer texts are.
const LONGER: usize = 8;

/// How much longer the longer texts may take. What takes quadratic time takes 64 times as long.
const MOST: u32 = 20;

/// Shorter times say more about the machine than about the reader.
const FLOOR: Duration = Duration::from_millis(20);

/// Texts that repeat a part: a name, what stands before the repetitions, what is repeated, and what stands behind them.
type Shape = (&'static str, &'static str, &'static str, &'static str);

/// What is hostile to any reader.
const ANY: [Shape; 14] = [
    ("one word", "", "a", ""),
    ("spaces", "", " ", "x"),
    ("tabs", "x", "\t", "x"),
    ("line feeds", "x", "\n", "x"),
    ("backslashes", "", "\\", ""),
    ("double quotes", "", "\"", ""),
    ("single quotes", "", "'", ""),
    ("typographic quotes", "", "‘’", ""),
    ("braces", "", "{", ""),
    ("brackets", "", "[", ""),
    ("parentheses", "", "((", ""),
    ("dollars", "", "$(", ""),
    ("ampersands", "", "&amp;", ""),
    ("half a web token", "", "eyJ=", ""),
];

fn assert_linear(reader: &str, (name, before, part, after): Shape, read: &dyn Fn(&str)) {
    let text = |length: usize| format!("{before}{}{after}", part.repeat(length / part.len()));
    let (short, long) = (text(SHORT), text(SHORT * LONGER));
    let time = |text: &str| {
        let started = Instant::now();
        read(text);
        started.elapsed()
    };
    // Another process can take the processor away for a while, but seldom again and again.
    let mut seen = Vec::new();
    for _ in 0..3 {
        let (one, other) = (time(&short), time(&long));
        if other < one.max(FLOOR) * MOST {
            return;
        }
        seen.push((one, other));
    }
    panic!("{reader}, {name}: {LONGER} times the length takes {seen:?}");
}

#[test]
fn a_paste_is_read_in_linear_time() {
    let own: [Shape; 22] = [
        ("the start of a message", "", "Access to fetch at '", ""),
        ("the start of a message, without spaces", "Access to fetch at '", "a/", ""),
        ("the origin", "", "from origin 'https://app.example' ", ""),
        (
            "whole messages in one line",
            "",
            "Origin https://app.example is not allowed by Access-Control-Allow-Origin. ",
            "",
        ),
        (
            "whole messages",
            "",
            "Origin https://app.example is not allowed by Access-Control-Allow-Origin.\n",
            "",
        ),
        ("exceptions", "", "TypeError: Failed to fetch\n", ""),
        ("exceptions in one line", "", "TypeError: Failed to fetch; ", ""),
        (
            "different failures in one line",
            "",
            "Method PUT is not allowed by Access-Control-Allow-Methods in preflight response. hello \
             Request header field x-a is not allowed by Access-Control-Allow-Headers in preflight response. hello ",
            "",
        ),
        (
            "translations",
            "",
            "L’en-tête CORS « Access-Control-Allow-Origin » est manquant : https://a.example/ Code d’état : 200.\nTypeError: Failed to fetch\n",
            "",
        ),
        ("translations in one line", "é CORS Access-Control-Allow-Origin ", "« a » : 200. ", ""),
        (
            "frames",
            "",
            "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ",
            "",
        ),
        ("reasons that are cut off", "", "(Reason: CORS header ", ""),
        ("values that are cut off", "", "The 'Access-Control-Allow-Origin' header has a value '", ""),
        ("tags", "", "<span class=", ""),
        ("links", "", "[https://a", ""),
        ("links in angle brackets", "", "<https://a", ""),
        ("stars", "", "** ", ""),
        ("marks of quotation", "", "> ", "x"),
        ("places in scripts", "", "a.js:1 ", ""),
        ("stack traces", "", "at f (https://a.example/x.js:1:2)\n", ""),
        ("names and values", "", "a=", ""),
        ("a URL with parameters", "https://api.example/?", "token=a&next=", ""),
    ];
    for shape in ANY.into_iter().chain(own) {
        assert_linear("pasted::read", shape, &|text| drop(pasted::read(text)));
    }
}

#[test]
fn a_recording_is_read_and_copied_in_linear_time() {
    const START: &str = r#"{"log": {"creator": {"name": "WebInspector"}, "entries": ["#;
    const FAILED: &str = concat!(
        r#"{"request": {"method": "GET", "url": "https://api.example/items", "headers": [{"name": "Origin", "value": "https://app.example"}]}, "#,
        r#""response": {"status": 0, "headers": []}, "_error": "net::ERR_FAILED"},"#
    );
    let own: [Shape; 9] = [
        ("failures", START, FAILED, "null]}}"),
        ("a deep value", START, "[", ""),
        ("a deep object", r#"{"log": {"x": "#, r#"{"a": "#, ""),
        ("a long string", r#"{"log": {"x": ""#, "a", r#"", "entries": []}}"#),
        ("a string of backslashes", r#"{"log": {"x": ""#, "\\\\", r#"", "entries": []}}"#),
        ("a string of half tokens", r#"{"log": {"x": ""#, "eyJ=", r#"", "entries": []}}"#),
        ("a string of names of secrets", r#"{"log": {"x": ""#, "token=", r#"", "entries": []}}"#),
        (
            "headers",
            r#"{"log": {"entries": [{"request": {"headers": ["#,
            r#"{"name": "A", "value": "b"},"#,
            "null]}}]}}",
        ),
        ("empty entries", START, "{},", "null]}}"),
    ];
    for shape in ANY.into_iter().chain(own) {
        assert_linear("har::read", shape, &|text| drop(har::read(text.as_bytes())));
        assert_linear("har::redact", shape, &|text| drop(har::redact(text.as_bytes(), std::io::sink())));
    }
}

#[test]
fn a_copied_request_is_read_in_linear_time() {
    const FORMS: [(&str, &str); 8] = [
        ("curl", "curl https://a.example/ "),
        ("curl of Windows", "C:\\> curl https://a.example/ "),
        ("PowerShell", "Invoke-WebRequest https://a.example/ "),
        ("a block of PowerShell", "$a = Invoke-WebRequest https://a.example/ -Headers @{"),
        ("fetch()", "fetch('https://a.example/', "),
        ("HTTPie", "http https://a.example/ "),
        ("an .http file", "GET https://a.example/\n"),
        ("nothing", ""),
    ];
    let own: [Shape; 20] = [
        ("headers", "", "-H 'x-a: 1' ", ""),
        ("quoted quotes", "", "'\\''", ""),
        ("carets", "", "^\"", ""),
        ("backticks", "", "`\"", ""),
        ("continued lines", "", "\\\n", ""),
        ("continued lines of Windows", "", "^\n", ""),
        ("options", "", "--compressed ", ""),
        ("deep objects", "", "{a:", ""),
        ("members", "{", "a:1,", "})"),
        ("strings that are added", "", "'a'+", ""),
        ("templates", "", "`${", ""),
        ("comments", "", "/*", ""),
        ("lines of comments", "", "//\n", ""),
        ("hashes", "", "#\n", ""),
        ("variables", "", "{{a}}", ""),
        ("definitions", "", "@a = {{b}}\n", ""),
        ("definitions that double", "", "@b = {{b}}{{b}}\n", "GET {{b}}"),
        ("separators", "", "###\n", ""),
        ("prompts", "", "$ ", ""),
        ("a query", "", "a==1 ", ""),
    ];
    for (form, start) in FORMS {
        for (name, before, part, after) in ANY.into_iter().chain(own) {
            let read = |text: &str| {
                let text = format!("{start}{text}");
                let _ = (
                    written_request::looks_like(&text),
                    written_request::read(&text).map_err(|error| error.to_string()),
                );
            };
            assert_linear(&format!("written_request::read, {form}"), (name, before, part, after), &read);
        }
    }
}
