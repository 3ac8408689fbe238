//! The JSON Schemas of the tools' arguments.

use corsac::browser::Credentials;
use corsac_config::Format;
use corsac_stacks::Target;
use serde_json::{Map, Value, json};

pub(super) fn check() -> Value {
    let mut fields = request();
    fields.extend(properties(json!({
        "url": { "type": "string", "description": "The URL that the page requests. Its origin has to be allowed by the user" },
        "preflight_only": { "type": "boolean", "description": "Send only the preflight, never the request itself" },
    })));
    object(&fields, &["url", "origin"])
}

pub(super) fn explain() -> Value {
    let fields = properties(json!({
        "code": { "type": "string", "description": "A code, a word or the name of a server, framework or product" },
        "text": { "type": "string", "description": "What a person pasted: lines of a browser's console, an error of a program, lines of a server's log" },
        "origin": { "type": "string", "description": "The origin of the page, for the setting of a product" },
    }));
    object(&fields, &[])
}

pub(super) fn lint() -> Value {
    object(&policy("policy", "file"), &[])
}

pub(super) fn why() -> Value {
    let mut fields = policy("policy", "file");
    fields.extend(request());
    fields.extend(properties(json!({
        "name": { "type": "string", "description": "The policy of the file to use" },
        "url": { "type": "string", "description": "The URL that the page requests" },
    })));
    object(&fields, &["origin"])
}

pub(super) fn diff() -> Value {
    let mut fields = policy("old", "old_file");
    fields.extend(policy("new", "new_file"));
    fields.extend(properties(json!({
        "name": { "type": "string", "description": "Compare only the policy of this name" },
    })));
    object(&fields, &[])
}

pub(super) fn compile() -> Value {
    let targets: Vec<&str> = Target::ALL.iter().copied().map(Target::as_str).collect();
    let mut fields = policy("policy", "file");
    fields.extend(properties(json!({
        "target": { "type": "string", "enum": targets },
        "name": { "type": "string", "description": "Write only this policy" },
        "path": { "type": "string", "description": "Write one policy, for this path and what is below it" },
        "upstream": { "type": "string", "description": "The server to forward requests to" },
        "full": { "type": "boolean", "description": "Write a whole file, and not only the part about CORS" },
    })));
    object(&fields, &["target"])
}

fn policy(text: &str, file: &str) -> Map<String, Value> {
    let formats: Vec<&str> = Format::ALL.iter().copied().map(Format::as_str).collect();
    properties(json!({
        text: { "type": "string", "description": "The text of a policy file, in TOML or JSON" },
        file: { "type": "string", "description": "Instead of the text: a path in the directory that the user has allowed" },
        "format": { "type": "string", "enum": formats },
    }))
}

fn request() -> Map<String, Value> {
    let credentials: Vec<&str> = Credentials::ALL.iter().copied().map(Credentials::as_str).collect();
    properties(json!({
        "origin": { "type": "string", "description": "The origin of the page, such as https://app.example.com" },
        "method": { "type": "string", "description": "GET, or POST with a body, unless it is given" },
        "headers": { "type": "object", "additionalProperties": { "type": "string" } },
        "body": { "type": "string" },
        "credentials": { "type": "string", "enum": credentials },
    }))
}

fn properties(fields: Value) -> Map<String, Value> {
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn object(properties: &Map<String, Value>, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}
