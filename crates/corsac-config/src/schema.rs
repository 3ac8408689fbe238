//! The JSON Schema of a policy file, for editors: what [`PolicyConfig`] says of itself, and of the checks as much as a schema can say.

use corsac::server::{MAX_AGE_LIMITS, PolicyConfig, ProblemCode};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

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
/// assert!(policy["properties"]["credentials"]["description"].as_str().unwrap().contains("cookies"));
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
        // Who may read is said by each policy, or for all of them.
        "anyOf": [
            { "properties": { "policy": { "additionalProperties": { "anyOf": required(&["origins", "origins-from-env", "cors"]) } } } },
            { "required": ["defaults"], "properties": { "defaults": { "anyOf": required(&["origins", "origins-from-env"]) } } },
        ],
        "properties": {
            "defaults": defaults(),
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

fn required(keys: &[&str]) -> Vec<Value> {
    keys.iter().map(|key| json!({ "required": [key] })).collect()
}

/// What several policies share: all keys but those that belong to one.
fn defaults() -> Value {
    let mut defaults = policy();
    if let Some(object) = defaults.as_object_mut() {
        let words =
            "What the policies of the file have where they do not say otherwise. A list is taken as a whole.";
        object.insert("description".to_owned(), Value::from(words));
    }
    if let Some(properties) = defaults.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|key, _| !matches!(key.as_str(), "at" | "cors"));
    }
    defaults
}

/// What the configuration says of itself, made stricter.
fn policy() -> Value {
    let root = SchemaSettings::draft07().into_generator().into_root_schema_for::<PolicyConfig>().to_value();
    let described = root.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let definitions = root.get("definitions").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut properties = Map::new();
    for key in PolicyConfig::KEYS {
        let Some(property) = described.get(key) else { continue };
        let words =
            property.get("description").and_then(Value::as_str).unwrap_or_default().replace('\n', " ");
        let mut described = Map::from_iter([("description".to_owned(), Value::from(words))]);
        let shape = shape(key, property, &definitions);
        described.extend(shape.as_object().cloned().unwrap_or_default());
        properties.insert(key.to_owned(), Value::Object(described));
    }
    properties.extend(file_keys().as_object().cloned().unwrap_or_default());
    json!({
        "description": "A policy. What is left out is not allowed; `max-age` is ten minutes.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

/// The keys that only a file has.
fn file_keys() -> Value {
    json!({
        "at": {
            "description": "The part of the server that the policy is for: this path and everything below it. The longest path counts.",
            "type": "string",
            // No segment is a pattern; one that begins with a colon is one in many routers.
            "pattern": "^/([^/?#*{}:][^/?#*{}]*(/|$)|/)*$",
        },
        "cors": {
            "description": "`pass`: requests and responses pass untouched, preflights too; the service behind decides. Stands alone but for `at`.",
            "const": "pass",
        },
        "origins-from-env": {
            "description": "The name of a variable of the environment that holds more origins, with commas between.",
            "type": "string",
            "minLength": 1,
        },
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
            let [(_, longest), ..] = MAX_AGE_LIMITS;
            json!({ "anyOf": [{ "type": "string", "minLength": 1, "pattern": LENGTH_OF_TIME }, { "type": "integer", "minimum": 0, "maximum": longest.as_secs() }] })
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
