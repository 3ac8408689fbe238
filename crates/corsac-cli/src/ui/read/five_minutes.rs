//! The live examples of "CORS in five minutes": a few fields, and what Play says about them.
//!
//! In the requests and answers, `{name}` stands for the field of that name, and a header line whose value is empty is left out. `js/read.js` fills
//! them in again as soon as somebody types. Without script, the verdict about the first values stands there.

use serde_json::{Value, json};

/// Returns the examples, each with its verdict.
pub(super) fn examples() -> minijinja::Value {
    minijinja::Value::from_serialize([who_may_read(), cookies(), asking_first()].map(played))
}

fn who_may_read() -> Value {
    json!({
        "id": "read",
        "fields": [
            field("origin", "The browser sends Origin", "https://app.example.com"),
            field("allowed", "The server sends Access-Control-Allow-Origin", "https://app.example.com/"),
        ],
        "play": {
            "request": { "url": "https://api.example.com/items", "origin": "{origin}", "method": "GET" },
            "answers": { "request": { "status": 200, "headers": "Access-Control-Allow-Origin: {allowed}" } },
        },
    })
}

fn cookies() -> Value {
    json!({
        "id": "cookies",
        "fields": [
            choice("credentials", "The page asks with credentials", "include", &["include", "omit"]),
            field("allowed", "The server sends Access-Control-Allow-Origin", "*"),
            field("cookies", "The server sends Access-Control-Allow-Credentials", "true"),
        ],
        "play": {
            "request": {
                "url": "https://api.example.com/account",
                "origin": "https://app.example.com",
                "method": "GET",
                "credentials": "{credentials}",
            },
            "answers": {
                "request": {
                    "status": 200,
                    "headers": "Access-Control-Allow-Origin: {allowed}\nAccess-Control-Allow-Credentials: {cookies}",
                },
            },
        },
    })
}

fn asking_first() -> Value {
    json!({
        "id": "first",
        "fields": [
            choice("method", "The page sends", "PUT", &["GET", "POST", "PUT", "DELETE"]),
            field("type", "with Content-Type", "application/json"),
            field("methods", "The preflight’s answer has Access-Control-Allow-Methods", "PUT, DELETE"),
            field("headers", "and Access-Control-Allow-Headers", ""),
        ],
        "play": {
            "request": {
                "url": "https://api.example.com/items/7",
                "origin": "https://app.example.com",
                "method": "{method}",
                "headers": "Content-Type: {type}",
            },
            "answers": {
                "preflight": {
                    "status": 204,
                    "headers": "Access-Control-Allow-Origin: https://app.example.com\nAccess-Control-Allow-Methods: {methods}\n\
                                Access-Control-Allow-Headers: {headers}",
                },
                "request": { "status": 200, "headers": "Access-Control-Allow-Origin: https://app.example.com" },
            },
        },
    })
}

fn field(name: &str, label: &str, value: &str) -> Value {
    choice(name, label, value, &[])
}

/// A field with these choices, or one in which anything can be written.
fn choice(name: &str, label: &str, value: &str, choices: &[&str]) -> Value {
    json!({ "name": name, "label": label, "value": value, "choices": choices })
}

/// Adds the verdict about the first values.
fn played(mut example: Value) -> Value {
    let verdict = verdict(&example);
    if let Value::Object(fields) = &mut example {
        // The template writes it into an attribute, as text.
        let play = fields.get("play").map(Value::to_string);
        fields.extend([("play".to_owned(), play.into()), ("played".to_owned(), verdict)]);
    }
    example
}

/// Returns what Play says about the first values of an example.
fn verdict(example: &Value) -> Value {
    let mut play = example["play"].clone();
    for field in example["fields"].as_array().into_iter().flatten() {
        if let (Some(name), Some(value)) = (field["name"].as_str(), field["value"].as_str()) {
            fill(&mut play, &format!("{{{name}}}"), value);
        }
    }
    leave_out_empty_lines(&mut play);
    serde_json::from_str(&corsac_wasm::play(&play.to_string())).unwrap_or_default()
}

/// Puts the value in the place of the placeholder, in every text.
fn fill(value: &mut Value, placeholder: &str, with: &str) {
    match value {
        Value::String(text) => *text = text.replace(placeholder, with),
        Value::Object(fields) => fields.values_mut().for_each(|value| fill(value, placeholder, with)),
        _ => {}
    }
}

/// Removes the header lines without a value.
fn leave_out_empty_lines(value: &mut Value) {
    let Value::Object(fields) = value else { return };
    for (name, value) in fields {
        match value {
            Value::String(text) if name == "headers" => {
                let lines: Vec<&str> = text.lines().filter(|line| !line.trim_end().ends_with(':')).collect();
                *text = lines.join("\n");
            }
            other => leave_out_empty_lines(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_example_begins_with_the_failure_that_its_text_is_about() {
        let table = [
            (who_may_read(), "allow-origin-mismatch"),
            (cookies(), "credentials-wildcard"),
            (asking_first(), "header-not-allowed"),
        ];
        for (example, code) in table {
            let played = verdict(&example);
            assert_eq!(
                (&played["verdict"], &played["code"]),
                (&"blocked".into(), &code.into()),
                "{played:#}"
            );
            assert!(played["headline"].as_str().unwrap().len() > 20, "{played:#}");
        }
    }

    #[test]
    fn what_the_text_suggests_makes_each_example_readable() {
        let table = [
            (who_may_read(), vec![("allowed", "https://app.example.com")]),
            (who_may_read(), vec![("allowed", "*")]),
            (cookies(), vec![("allowed", "https://app.example.com")]),
            (cookies(), vec![("credentials", "omit")]),
            (asking_first(), vec![("headers", "Content-Type")]),
            (asking_first(), vec![("method", "GET"), ("type", ""), ("methods", "")]),
        ];
        for (mut example, changes) in table {
            for (name, value) in changes {
                let field =
                    example["fields"].as_array_mut().unwrap().iter_mut().find(|field| field["name"] == name);
                field.unwrap()["value"] = value.into();
            }
            let played = verdict(&example);
            assert_eq!(played["verdict"], "readable", "{played:#}");
        }
    }
}
