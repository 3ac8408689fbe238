//! Holds what is written for a service against a schema of what it takes. The schemas say what the services publish: names of fields, patterns and
//! limits, as of November 2026.

use std::collections::HashMap;
use std::sync::LazyLock;

use boon::{Compiler, SchemaIndex, Schemas};
use corsac_stacks::Target;
use serde_json::Value;

/// The schema for each document that a target writes.
const SCHEMAS: &[(&str, &str)] = &[
    ("HTTPRoute", include_str!("httproute.json")),
    ("SecurityPolicy", include_str!("securitypolicy.json")),
    ("VirtualService", include_str!("virtualservice.json")),
    ("s3", include_str!("s3.json")),
    ("cloudfront", include_str!("cloudfront.json")),
];

struct Compiled {
    schemas: Schemas,
    indexes: HashMap<&'static str, SchemaIndex>,
}

static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    let mut indexes = HashMap::new();
    for (name, text) in SCHEMAS {
        let url = format!("https://corsac.example/{name}.json");
        compiler.add_resource(&url, serde_json::from_str(text).unwrap()).unwrap();
        indexes
            .insert(*name, compiler.compile(&url, &mut schemas).unwrap_or_else(|error| panic!("{error:#}")));
    }
    Compiled { schemas, indexes }
});

/// Panics if the text is not what the target takes. Targets without a schema are not checked.
pub(crate) fn check(target: Target, text: &str) {
    match target {
        Target::GatewayApi | Target::Istio | Target::EnvoyGateway => {
            let documents: Vec<Value> =
                serde_saphyr::from_multiple(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert!(!documents.is_empty(), "{text}");
            for document in documents {
                validate(document["kind"].as_str().unwrap_or_default(), &document, text);
            }
        }
        Target::S3 | Target::Cloudfront => {
            let document = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            validate(target.as_str(), &document, text);
        }
        _ => {}
    }
}

fn validate(name: &str, document: &Value, text: &str) {
    let index = COMPILED.indexes.get(name).unwrap_or_else(|| panic!("no schema for {name}: {text}"));
    if let Err(error) = COMPILED.schemas.validate(document, *index) {
        panic!("{error:#}\n{text}");
    }
}
