//! `corsac mcp`: the messages of an editor, and what is refused.

mod files;
mod protocol;
mod reach;
mod tools;
mod untrusted;

use serde_json::{Value, json};

use crate::command::{Run, binary, run};

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"#;
const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;

/// Runs `corsac mcp` with these arguments and these lines after the ones that begin a session.
fn session(arguments: &[&str], lines: &[String]) -> Run {
    let mut command = binary();
    command.arg("mcp").args(arguments);
    let input = [INITIALIZE, INITIALIZED].into_iter().chain(lines.iter().map(String::as_str));
    let input: String = input.map(|line| format!("{line}\n")).collect();
    run(command, input.as_bytes())
}

/// The messages of the server, each from a line of its own.
fn messages(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The message that answers the request with this id.
fn answer_to(run: &Run, id: &Value) -> Value {
    let found = messages(run).into_iter().find(|message| message["id"] == *id);
    found.unwrap_or_else(|| panic!("no answer to {id}: {run:#?}"))
}

fn call_line(id: u64, tool: &str, arguments: &Value) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": tool, "arguments": arguments } })
        .to_string()
}

/// The result of one call.
fn call(arguments: &[&str], tool: &str, given: &Value) -> Value {
    let run = session(arguments, &[call_line(1, tool, given)]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:#?}");
    answer_to(&run, &json!(1))["result"].clone()
}

/// The structured answer of a call that succeeds.
fn answer(arguments: &[&str], tool: &str, given: &Value) -> Value {
    let result = call(arguments, tool, given);
    assert_eq!(result["isError"], json!(false), "{result:#}");
    let text: Value = serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(text, result["structuredContent"]);
    text
}

/// The message of a call that fails.
fn error(arguments: &[&str], tool: &str, given: &Value) -> String {
    let result = call(arguments, tool, given);
    assert_eq!(result["isError"], json!(true), "{result:#}");
    result["content"][0]["text"].as_str().unwrap().to_owned()
}
