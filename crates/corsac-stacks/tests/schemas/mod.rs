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
    ("kong", include_str!("kong.json")),
    ("s3", include_str!("s3.json")),
    ("api-gateway", include_str!("api_gateway.json")),
    ("lambda-url", include_str!("lambda_url.json")),
    ("gcs", include_str!("gcs.json")),
    ("azure-blob", include_str!("azure_blob.json")),
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
        Target::Kong => {
            let document: Value =
                serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            validate(target.as_str(), &document, text);
        }
        Target::TerraformS3 | Target::TerraformCloudfront => terraform(text),
        Target::S3
        | Target::Cloudfront
        | Target::ApiGateway
        | Target::LambdaUrl
        | Target::Gcs
        | Target::AzureBlob => {
            let document = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            validate(target.as_str(), &document, text);
        }
        _ => {}
    }
}

/// The blocks and arguments that the documentation of each resource lists.
const TERRAFORM: &str = include_str!("terraform.json");

/// Reads the lines of a resource, as they are written: one block or argument on each, or a string of a list.
fn terraform(text: &str) {
    let known: Value = serde_json::from_str(TERRAFORM).unwrap();
    let mut blocks: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let name = line.split([' ', '=']).next().unwrap();
        if let Some(head) = line.strip_suffix(" {") {
            blocks.push(if name == "resource" { head.split('"').nth(1).unwrap() } else { name });
            let place = blocks.join("/");
            assert!(known.get(&place).is_some(), "no block {place}\n{text}");
        } else if line == "}" {
            assert!(blocks.pop().is_some(), "{text}");
        } else if line.contains(" = ") {
            let place = blocks.join("/");
            assert!(
                known[&place].as_array().unwrap().iter().any(|known| known == name),
                "no {name} in {place}\n{text}"
            );
        } else {
            assert!(line == "]" || line.starts_with('"'), "{line}\n{text}");
        }
    }
    assert!(blocks.is_empty(), "{text}");
}

fn validate(name: &str, document: &Value, text: &str) {
    let index = COMPILED.indexes.get(name).unwrap_or_else(|| panic!("no schema for {name}: {text}"));
    if let Err(error) = COMPILED.schemas.validate(document, *index) {
        panic!("{error:#}\n{text}");
    }
}
