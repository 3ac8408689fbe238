//! The JSON Schema of a policy file, for editors: the documentation of [`PolicyConfig`], and as much of the checks as a schema can express.

use corsac::server::{MAX_AGE_LIMITS, PolicyConfig, ProblemCode};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// A token as defined by [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#name-tokens). `*` is one.
const TOKEN: &str = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$";

/// Scheme, host and port without a slash at the end, or `*`. Other mistakes in an origin are left to the checks.
const ORIGIN: &str = r"^(\*|[a-z][a-z0-9+.-]*://[^\s/?#@,;]+)$";

/// `1h30m`, or only digits. The empty string is excluded by `minLength`, because not all editors support lookahead in patterns.
const LENGTH_OF_TIME: &str = "^([0-9]+|([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?)$";

/// Returns the JSON Schema of a policy file, in draft 7, which editors support best. It covers keys, types and the form of values. Only
/// [`PolicyFile::parse`](crate::PolicyFile::parse) checks what a value means.
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
        "description": "Which pages of other origins may read the responses of a server (CORS).",
        "type": "object",
        "required": ["policy"],
        "additionalProperties": false,
        // Each policy says which origins may read, or the defaults do.
        "anyOf": [
            { "properties": { "policy": { "additionalProperties": { "anyOf": required(&["origins", "origins-from-env", "cors"]) } } } },
            { "required": ["defaults"], "properties": { "defaults": { "anyOf": required(&["origins", "origins-from-env"]) } } },
        ],
        "properties": {
            "defaults": defaults(),
            "$schema": { "description": "The location of this schema, for JSON editors.", "type": "string" },
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

/// The keys that policies can share: all except those that belong to a single policy.
fn defaults() -> Value {
    let mut defaults = policy();
    if let Some(object) = defaults.as_object_mut() {
        let words = "Values for keys that a policy of the file leaves out. A policy's own list replaces the whole list here.";
        object.insert("description".to_owned(), Value::from(words));
    }
    if let Some(properties) = defaults.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|key, _| !matches!(key.as_str(), "at" | "cors"));
    }
    defaults
}

/// The schema of a policy: the documentation of [`PolicyConfig`], with stricter types.
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
            "description": "The part of the server that the policy is for: this path and everything below it. If several paths cover a request, the longest one counts.",
            "type": "string",
            // Patterns are not supported. In many routers, a segment that begins with a colon is one.
            "pattern": "^/([^/?#*{}:][^/?#*{}]*(/|$)|/)*$",
        },
        "cors": {
            "description": "`pass`: requests and responses pass unchanged, including preflights; the service itself handles CORS. No other key than `at` is allowed with it.",
            "const": "pass",
        },
        "origins-from-env": {
            "description": "The name of an environment variable with more origins, separated by commas.",
            "type": "string",
            "minLength": 1,
        },
    })
}

/// The type and form of a key's value.
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

/// The values of an enumeration, each with its description.
fn words(name: &str, definitions: &Map<String, Value>) -> Value {
    let words =
        definitions.get(name).and_then(|definition| definition.get("oneOf")).cloned().unwrap_or_default();
    json!({ "oneOf": words })
}
