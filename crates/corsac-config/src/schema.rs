//! The JSON Schema of a policy file, for editors: what [`PolicyConfig`] says of itself, and of the checks as much as a schema can say.

use corsac::server::{PolicyConfig, ProblemCode};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::keys::KEYS;

/// A token of HTTP, as [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#name-tokens) has it; `*` is one.
const TOKEN: &str = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$";

/// Scheme, host and port without a slash at the end, or `*`. What else is wrong with an origin, the checks say.
const ORIGIN: &str = r"^(\*|[a-z][a-z0-9+.-]*://[^\s/?#@,;]+)$";

/// `1h30m`, or digits alone; the empty text is ruled out beside it, because not every editor's patterns can look ahead.
const LENGTH_OF_TIME: &str = "^([0-9]+|([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?)$";

/// The JSON Schema (draft 7, which editors know best) of a policy file. It knows keys, types and how values look; what a value means,
/// [`PolicyFile::parse`](crate::PolicyFile::parse) knows.
///
/// ```
/// let schema: serde_json::Value = serde_json::from_str(&corsac_config::schema())?;
/// let policy = &schema["properties"]["policy"]["additionalProperties"];
/// assert_eq!(policy["required"], serde_json::json!(["origins"]));
/// assert!(policy["properties"]["credentials"]["description"].as_str().unwrap().starts_with("May requests carry cookies"));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn schema() -> String {
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Corsac policy file",
        "description": "Who may read the responses of a server from pages of other origins, by CORS.",
        "type": "object",
        "required": ["policy"],
        "additionalProperties": false,
        "properties": {
            "$schema": { "description": "Where this schema is, for editors of JSON.", "type": "string" },
            "policy": {
                "description": "The policies, by name.",
                "type": "object",
                "minProperties": 1,
                "additionalProperties": policy(),
            },
        },
    });
    format!("{schema:#}\n")
}

/// What the configuration says of itself, made stricter.
fn policy() -> Value {
    let root = SchemaSettings::draft07().into_generator().into_root_schema_for::<PolicyConfig>().to_value();
    let described = root.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let definitions = root.get("definitions").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut properties = Map::new();
    for key in KEYS {
        let Some(property) = described.get(key) else { continue };
        let words =
            property.get("description").and_then(Value::as_str).unwrap_or_default().replace('\n', " ");
        let mut described = Map::from_iter([("description".to_owned(), Value::from(words))]);
        let shape = shape(key, property, &definitions);
        described.extend(shape.as_object().cloned().unwrap_or_default());
        properties.insert(key.to_owned(), Value::Object(described));
    }
    json!({
        "description": "A policy. What is left out is not allowed; `max-age` is ten minutes.",
        "type": "object",
        "required": ["origins"],
        "additionalProperties": false,
        "properties": properties,
    })
}

/// What a value looks like.
fn shape(key: &str, property: &Value, definitions: &Map<String, Value>) -> Value {
    let list = |items: Value| json!({ "type": "array", "items": items });
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    match key {
        "origins" => list(text(ORIGIN)),
        "methods" | "request-headers" | "expose-headers" => list(text(TOKEN)),
        "acknowledge" => {
            let codes = ProblemCode::ALL.iter().filter(|code| code.can_be_acknowledged());
            list(json!({ "enum": codes.map(|code| code.as_str()).collect::<Vec<_>>() }))
        }
        "max-age" => {
            json!({ "anyOf": [{ "type": "string", "minLength": 1, "pattern": LENGTH_OF_TIME }, { "type": "integer", "minimum": 0, "maximum": 86_400 }] })
        }
        "resource-policy" => words("ResourcePolicy", definitions),
        "enforce" => words("Enforce", definitions),
        _ => json!({ "type": property.get("type") }),
    }
}

/// The words that an enumeration has, each described.
fn words(name: &str, definitions: &Map<String, Value>) -> Value {
    let words =
        definitions.get(name).and_then(|definition| definition.get("oneOf")).cloned().unwrap_or_default();
    json!({ "oneOf": words })
}
