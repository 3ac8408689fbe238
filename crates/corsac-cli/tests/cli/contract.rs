//! The contract of `corsac check --json`: the table in docs/json.md and the schema, held against an object.

use serde_json::Value;

use crate::schema::keeps_to;

/// The documentation of the fields.
const DOCUMENTED: &str = include_str!("../../../../docs/json.md");

/// The object has these fields and no others, and all are documented.
fn has_exactly(value: &Value, fields: &[(&str, &str)], place: &str) {
    for (name, _) in fields {
        let in_table = [format!("`{name}`"), format!("`{name}[]`")];
        assert!(in_table.iter().any(|name| DOCUMENTED.contains(name)), "{place}.{name} is not documented");
    }
    let object = value.as_object().unwrap_or_else(|| panic!("{place} is no object: {value}"));
    for (name, kind) in fields {
        let field = object.get(*name).unwrap_or_else(|| panic!("{place}.{name} is missing in {value}"));
        assert!(kind.split('|').any(|kind| is_a(field, kind)), "{place}.{name} is not {kind}: {field}");
    }
    let unknown: Vec<&String> =
        object.keys().filter(|name| fields.iter().all(|(known, _)| known != name)).collect();
    assert!(unknown.is_empty(), "{place} has {unknown:?}, which the contract does not know");
}

fn is_a(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        "bool" => value.is_boolean(),
        "lines" => value.as_array().is_some_and(|lines| lines.iter().all(is_line)),
        "texts" => value.as_array().is_some_and(|texts| texts.iter().all(Value::is_string)),
        _ => panic!("{kind} is no kind"),
    }
}

/// A header line: a name in lower case, and a value.
fn is_line(line: &Value) -> bool {
    let parts = line.as_array().map(Vec::as_slice).unwrap_or_default();
    match parts {
        [Value::String(name), Value::String(_)] => *name == name.to_ascii_lowercase(),
        _ => false,
    }
}

pub(crate) fn keeps_the_contract(report: &Value) {
    keeps_to("check", std::slice::from_ref(report));
    has_exactly(
        report,
        &[
            ("schema", "string"),
            ("request", "object"),
            ("verdict", "string"),
            ("reason", "object|null"),
            ("exchanges", "array"),
            ("readable", "object|null"),
            ("engines", "object"),
            ("browsers_agree", "bool"),
            ("as", "string|null"),
            ("diagnosis", "array"),
            ("trace", "array"),
            ("findings", "array"),
            ("controls", "array"),
            ("preflight_needed", "bool|null"),
            ("url_of", "string|null"),
            ("connected_to", "string|null"),
            ("stacks", "array"),
            ("sent", "array"),
        ],
        "report",
    );
    assert_eq!(report["schema"], "corsac.check/2");
    let request = [
        ("url", "string"),
        ("method", "string"),
        ("origin", "string"),
        ("mode", "string"),
        ("credentials", "string"),
        ("headers", "lines"),
    ];
    has_exactly(&report["request"], &request, "request");
    if !report["reason"].is_null() {
        has_exactly(
            &report["reason"],
            &[("code", "string"), ("stage", "string"), ("detail", "object")],
            "reason",
        );
    }
    keep_the_contract(&report["exchanges"]);
    if !report["readable"].is_null() {
        // `url` and `redirected` are what script sees of redirects: they came after the first draft of the contract.
        let readable = [
            ("type", "string"),
            ("status", "number"),
            ("headers", "lines"),
            ("url", "string"),
            ("redirected", "bool"),
        ];
        has_exactly(&report["readable"], &readable, "readable");
    }
    for (name, engine) in report["engines"].as_object().unwrap() {
        assert!(["spec", "chromium", "firefox", "webkit"].contains(&name.as_str()), "{name} is no engine");
        let mut fields = vec![("verdict", "string"), ("reason", "string|null"), ("judged_on", "string|null")];
        if name != "spec" {
            fields.push(("console", "texts"));
        }
        if engine.get("exchanges").is_some() {
            fields.push(("exchanges", "array"));
            keep_the_contract(&engine["exchanges"]);
        }
        has_exactly(engine, &fields, name);
    }
    // `stage` says in which exchange the rule ran: it came after the first draft of the contract.
    let rule = [
        ("rule", "string"),
        ("spec", "string"),
        ("stage", "string"),
        ("result", "string"),
        ("evidence", "string"),
    ];
    for entry in report["trace"].as_array().unwrap() {
        has_exactly(entry, &rule, "trace");
    }
    assert_eq!(
        report["reason"].is_null(),
        report["diagnosis"].as_array().unwrap().is_empty(),
        "a refusal has a cause"
    );
    for cause in report["diagnosis"].as_array().unwrap() {
        keeps_the_contract_of_causes(cause);
    }
    for finding in report["findings"].as_array().unwrap() {
        let fields = [("code", "string"), ("severity", "string"), ("message", "string"), ("fix", "string")];
        has_exactly(finding, &fields, "finding");
    }
    for control in report["controls"].as_array().unwrap() {
        keeps_the_contract_of_controls(control);
    }
    for stack in report["stacks"].as_array().unwrap() {
        let fields = [
            ("name", "string"),
            ("title", "string"),
            ("confidence", "string"),
            ("evidence", "string"),
            ("lines", "texts"),
        ];
        has_exactly(stack, &fields, "stacks");
    }
    for sent in report["sent"].as_array().unwrap() {
        has_exactly(sent, &[("method", "string"), ("url", "string"), ("why", "string")], "sent");
        let why = sent["why"].as_str().unwrap();
        assert!(["preflight", "request", "redirect", "control"].contains(&why), "{sent}");
    }
}

fn keeps_the_contract_of_causes(cause: &Value) {
    let fields = [
        ("code", "string"),
        ("layer", "string"),
        ("confidence", "string"),
        ("cors", "bool"),
        ("title", "string"),
        ("evidence", "texts"),
        ("fix", "object"),
    ];
    has_exactly(cause, &fields, "cause");
    assert!(["certain", "likely", "possible"].contains(&cause["confidence"].as_str().unwrap()), "{cause}");
    let fix = [("text", "string"), ("headers", "array"), ("stack", "object|null"), ("safe_to_paste", "bool")];
    has_exactly(&cause["fix"], &fix, "cause.fix");
}

fn keeps_the_contract_of_controls(control: &Value) {
    let mut fields = vec![("what", "string"), ("request", "object")];
    if control.get("skipped").is_some() {
        fields.push(("skipped", "string"));
    } else {
        fields.extend([("response", "object|null"), ("error", "string|null")]);
        fields.extend([("address", "string|null"), ("body", "object|null")]);
        assert_ne!(control["response"].is_null(), control["error"].is_null(), "one of the two: {control}");
    }
    has_exactly(control, &fields, "control");
    let known = [
        "no-origin",
        "other-origin",
        "own-origin",
        "get-beside-preflight",
        "next-preflight",
        "other-address",
    ];
    assert!(known.contains(&control["what"].as_str().unwrap()), "{control}");
    let request = [("method", "string"), ("url", "string"), ("headers", "lines")];
    has_exactly(&control["request"], &request, "control.request");
    if control["response"].is_object() {
        has_exactly(
            &control["response"],
            &[("status", "number"), ("headers", "lines"), ("http_version", "string|null")],
            "control.response",
        );
    }
}

fn keep_the_contract(exchanges: &Value) {
    for exchange in exchanges.as_array().unwrap() {
        let fields = [
            ("kind", "string"),
            ("request", "object"),
            ("response", "object|null"),
            ("error", "string|null"),
            ("ms", "number"),
            ("from", "string"),
            ("address", "string|null"),
            ("body", "object|null"),
        ];
        has_exactly(exchange, &fields, "exchange");
        assert!(
            ["preflight", "request", "redirect"].contains(&exchange["kind"].as_str().unwrap()),
            "{exchange}"
        );
        has_exactly(
            &exchange["request"],
            &[("method", "string"), ("url", "string"), ("headers", "lines")],
            "exchange.request",
        );
        assert_ne!(exchange["response"].is_null(), exchange["error"].is_null(), "one of the two: {exchange}");
        if !exchange["response"].is_null() {
            has_exactly(
                &exchange["response"],
                &[("status", "number"), ("headers", "lines"), ("http_version", "string|null")],
                "exchange.response",
            );
        }
    }
}
