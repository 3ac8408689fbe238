//! Lines that are no messages, the end of input, and bounds.

use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{INITIALIZE, INITIALIZED, answer_to, call_line, messages, session};
use crate::command::{binary, run};

#[test]
fn the_end_of_input_ends_the_process_with_0() {
    for input in ["", "\n", INITIALIZE, "no JSON"] {
        let mut command = binary();
        command.arg("mcp");
        let run = run(command, input.as_bytes());
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{input}: {run:#?}");
    }
}

#[test]
fn the_tools_are_listed_with_schemas() {
    let run = session(&[], &[json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }).to_string()]);
    let answer = answer_to(&run, &json!(1));
    let tools = answer["result"]["tools"].as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["check", "explain", "lint", "why", "diff", "compile"]);
    for tool in tools {
        let schema = &tool["inputSchema"];
        assert_eq!(schema["additionalProperties"], json!(false), "{tool}");
        let mut compiler = boon::Compiler::new();
        let mut schemas = boon::Schemas::new();
        compiler.add_resource("tool.json", schema.clone()).unwrap();
        compiler.compile("tool.json", &mut schemas).unwrap();
    }
}

#[test]
fn a_malformed_line_gets_an_error_and_the_next_one_its_answer() {
    let rows = [
        ("{", -32_700),
        ("\u{7f}\u{1b}[31m", -32_700),
        ("[]", -32_600),
        ("17", -32_600),
        (r#"{"jsonrpc":"2.0"}"#, -32_600),
        (r#"{"jsonrpc":"1.0","id":9,"method":"tools/list"}"#, -32_600),
    ];
    for (line, code) in rows {
        let explain = call_line(1, "explain", &json!({ "code": "preflight" }));
        let run = session(&[], &[line.to_owned(), explain]);
        assert_eq!(run.status, 0, "{line}: {run:#?}");
        let codes: Vec<_> =
            messages(&run).into_iter().filter_map(|message| message["error"]["code"].as_i64()).collect();
        assert_eq!(codes, [code], "{line}: {run:#?}");
        assert_eq!(answer_to(&run, &json!(1))["result"]["isError"], json!(false), "{line}");
    }
}

#[test]
fn a_message_over_4_mebibytes_gets_an_error_and_takes_little_memory() {
    let long = format!(r#"{{"jsonrpc":"2.0","id":7,"method":"{}"}}"#, "x".repeat(64 << 20));
    let explain = call_line(1, "explain", &json!({ "code": "preflight" }));
    let run = session(&[], &[long, explain]);
    assert!(run.stdout.contains("longer than 4 MiB"), "{}", run.stderr);
    assert_eq!(answer_to(&run, &json!(1))["result"]["isError"], json!(false));
    assert!(run.peak.is_none_or(|peak| peak < 60 << 10), "{:?} KiB", run.peak);
}

#[test]
fn an_unknown_tool_method_or_argument_is_an_error() {
    let lines = [
        call_line(1, "shell", &json!({})),
        json!({ "jsonrpc": "2.0", "id": 2, "method": "files/read" }).to_string(),
        call_line(3, "explain", &json!({ "code": "preflight", "run": "ls" })),
        call_line(4, "explain", &json!({ "code": 17 })),
    ];
    let run = session(&[], &lines);
    assert_eq!(answer_to(&run, &json!(1))["error"]["code"], json!(-32_602), "{run:#?}");
    assert_eq!(answer_to(&run, &json!(2))["error"]["code"], json!(-32_601), "{run:#?}");
    for (id, part) in [(3, "no argument `run`"), (4, "`code` has to be a string")] {
        let text = answer_to(&run, &json!(id))["result"]["content"][0]["text"].to_string();
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn every_request_before_the_end_of_input_is_answered() {
    let lines: Vec<String> =
        (1..=40).map(|id| call_line(id, "explain", &json!({ "code": "allow-origin-missing" }))).collect();
    let run = session(&[], &lines);
    for id in 1..=40 {
        assert_eq!(answer_to(&run, &json!(id))["result"]["isError"], json!(false));
    }
}

#[test]
fn a_request_that_is_cancelled_does_not_keep_the_process() {
    let server = crate::server::Server::raw(crate::server::Client::wait);
    let allow = format!("http://{}", server.address);
    let mut command = binary();
    command.args(["mcp", "--allow", &allow]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let started = Instant::now();
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let check = call_line(1, "check", &json!({ "url": server.url("/"), "origin": "http://app.example" }));
    let cancel = r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#;
    writeln!(input, "{INITIALIZE}\n{INITIALIZED}\n{check}\n{cancel}").unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(started.elapsed() < Duration::from_secs(25), "{:?}", started.elapsed());
}
