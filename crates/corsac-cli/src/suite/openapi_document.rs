//! An OpenAPI document, in JSON or YAML, with its references.

use serde_json::Value;

/// The most references that are followed from one place.
const MOST_REFERENCES: usize = 8;

/// The most characters of an example.
const LONGEST_EXAMPLE: usize = 200;

/// A document of OpenAPI 3.
pub(super) struct Document {
    pub(super) root: Value,
}

impl Document {
    /// Reads a document. Depth, nodes and aliases are bounded, so that a small file cannot become a large document.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let root = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| format!("this is not JSON: {error}"))?
        } else {
            yaml(text)?
        };
        let version = root
            .get("openapi")
            .map(|version| version.as_str().map_or_else(|| version.to_string(), str::to_owned));
        match version {
            Some(version) if version.starts_with("3.") => Ok(Self { root }),
            None if root.get("swagger").is_some() => {
                Err("this is a document of OpenAPI 2 (Swagger): convert it to OpenAPI 3 first".to_owned())
            }
            Some(version) => Err(format!(
                "this is a document of OpenAPI {}, and only 3 is known",
                crate::terminal::printable(&version)
            )),
            None => Err("this is not an OpenAPI document: it has no `openapi: 3...`".to_owned()),
        }
    }

    /// Follows `$ref` within the document. What leads nowhere is returned as it is.
    pub(super) fn resolve<'d>(&'d self, value: &'d Value) -> &'d Value {
        let mut value = value;
        for _ in 0..MOST_REFERENCES {
            let reference = value.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
            match reference.and_then(|pointer| self.root.pointer(pointer)) {
                Some(target) => value = target,
                None => break,
            }
        }
        value
    }
}

fn yaml(text: &str) -> Result<Value, String> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 64,
            max_documents: 1,
            max_nodes: 2_000_000,
            max_events: 4_000_000,
            max_aliases: 10_000,
            max_anchors: 10_000,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 100_000,
        },
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let message = error.to_string();
        let first = message.lines().next().unwrap_or_default().trim_start_matches("error: ");
        format!("this is not YAML, or too large: {}", crate::terminal::printable(first))
    })
}

/// Returns a value for a parameter: an example, a default or a possible value of the document, and otherwise `EXAMPLE`.
pub(super) fn example(document: &Document, parameter: &Value) -> String {
    let schema = parameter.get("schema").map(|schema| document.resolve(schema));
    let of_examples =
        parameter.get("examples").and_then(Value::as_object).and_then(|all| all.values().next());
    let candidates = [
        parameter.get("example"),
        of_examples.and_then(|example| document.resolve(example).get("value")),
        schema.and_then(|schema| schema.get("example")),
        schema.and_then(|schema| schema.get("examples")?.get(0)),
        schema.and_then(|schema| schema.get("default")),
        schema.and_then(|schema| schema.get("enum")?.get(0)),
    ];
    let text = candidates.into_iter().flatten().find_map(|value| match value {
        Value::String(text) if !text.is_empty() && text.chars().count() <= LONGEST_EXAMPLE => {
            Some(text.clone())
        }
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    });
    text.unwrap_or_else(|| "EXAMPLE".to_owned())
}
