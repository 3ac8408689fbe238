//! The JSON Schema: the committed file is up to date, valid files pass, and files with a wrong structure do not.

#![allow(clippy::unwrap_used, clippy::panic)] // as in any test

use boon::{Compiler, SchemaIndex, Schemas};
use corsac::server::{PolicyConfig, ProblemCode};
use corsac_config::{Format, PolicyFile, schema};
use serde_json::{Value, json};

fn compiled() -> (Schemas, SchemaIndex) {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("corsac.schema.json", serde_json::from_str(&schema()).unwrap()).unwrap();
    let index = compiler.compile("corsac.schema.json", &mut schemas).unwrap();
    (schemas, index)
}

#[test]
fn the_committed_schema_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/corsac.schema.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == schema(), "docs/corsac.schema.json is out of date: run scripts/schema");
}

#[test]
fn every_key_is_described() {
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    let policy = &schema["properties"]["policy"]["additionalProperties"];
    let properties = policy["properties"].as_object().unwrap();
    assert_eq!(properties.len(), PolicyConfig::KEYS.len() + 3);
    for (key, property) in properties {
        let words = property["description"].as_str().unwrap();
        assert!(words.len() > 20 && !words.contains(['\n', '[']) || key == "acknowledge", "{key}: {words}");
    }
    let codes = &properties["acknowledge"]["items"]["enum"];
    assert_eq!(
        codes.as_array().unwrap().len(),
        ProblemCode::ALL.iter().filter(|code| code.can_be_acknowledged()).count()
    );
}

#[test]
fn the_schema_accepts_what_the_checks_accept() {
    let (schemas, index) = compiled();
    let table = [
        ("the least", json!({ "origins": [] })),
        (
            "everybody",
            json!({ "origins": ["*"], "methods": ["*"], "request-headers": ["*", "Authorization"], "expose-headers": ["*"] }),
        ),
        (
            "everything",
            json!({
                "origins": ["https://app.example", "https://*.app.example", "http://localhost:*", "https://*.b.example:*", "http://[::1]:9090", "chrome-extension://abcdef"],
                "null-origin": false, "methods": ["PUT", "x-own"], "request-headers": ["Content-Type", "x-acme-*"], "expose-headers": ["ETag"],
                "credentials": true, "max-age": "1h30m", "timing": true, "resource-policy": "same-site", "enforce": "block",
                "acknowledge": ["method-unusual", "credentials-insecure-origin", "acknowledge-unused"],
            }),
        ),
        ("digits", json!({ "origins": ["*"], "max-age": "600" })),
        ("a number", json!({ "origins": ["*"], "max-age": 0 })),
        ("no time", json!({ "origins": ["*"], "max-age": "0s" })),
        (
            "a place",
            json!({ "at": "/admin", "origins": ["https://*.example.com", "https://app-*.example.com", "moz-extension://*"] }),
        ),
        ("the whole server", json!({ "at": "/", "origins": ["*"] })),
        ("a colon within a segment", json!({ "at": "/a:b//c/", "origins": ["*"] })),
        ("what passes", json!({ "at": "/store", "cors": "pass" })),
    ];
    for (name, policy) in table {
        let file = json!({ "$schema": "corsac.schema.json", "policy": { "app": policy } });
        let read = PolicyFile::parse(&file.to_string(), Format::Json);
        assert!(read.is_ok(), "{name}: {}", read.unwrap_err().lines());
        assert!(
            schemas.validate(&file, index).is_ok(),
            "{name}: {}",
            schemas.validate(&file, index).unwrap_err()
        );
    }
}

#[test]
fn origins_can_be_a_default() {
    let (schemas, index) = compiled();
    let file = json!({ "defaults": { "origins": ["https://app.example"], "credentials": true }, "policy": { "a": {}, "b": { "timing": true } } });
    assert!(PolicyFile::parse(&file.to_string(), Format::Json).is_ok());
    assert!(schemas.validate(&file, index).is_ok(), "{}", schemas.validate(&file, index).unwrap_err());
}

#[test]
fn the_checks_refuse_what_the_schema_refuses() {
    let (schemas, index) = compiled();
    let with = |key: &str, value: Value| {
        let mut policy = json!({ "origins": ["https://app.example"] });
        policy[key] = value;
        json!({ "policy": { "app": policy } })
    };
    let table = [
        ("no policies", json!({})),
        ("none in it", json!({ "policy": {} })),
        ("no name", json!({ "policy": { "origins": ["*"] } })),
        ("no origins", json!({ "policy": { "app": { "credentials": true } } })),
        ("a policy that is a list", json!({ "policy": { "app": ["*"] } })),
        ("another table", json!({ "policy": { "app": { "origins": ["*"] } }, "policies": {} })),
        ("a pattern for a path", with("at", json!("/users/{id}"))),
        ("a parameter of a path", with("at", json!("/users/:id"))),
        ("an empty path", with("at", json!(""))),
        ("a path without a slash", with("at", json!("admin"))),
        ("another word than pass", with("cors", json!("forward"))),
        (
            "a place as a default",
            json!({ "defaults": { "at": "/a" }, "policy": { "app": { "origins": ["*"] } } }),
        ),
        ("defaults without origins", json!({ "defaults": { "credentials": true }, "policy": { "app": {} } })),
        ("a misspelled key", with("allow_credentials", json!(true))),
        ("a string for a list", with("origins", json!("https://app.example"))),
        ("a slash at the end", with("origins", json!(["https://app.example/"]))),
        ("no scheme", with("origins", json!(["app.example"]))),
        ("two in one string", with("origins", json!(["https://a.example, https://b.example"]))),
        ("`null` among the origins", with("origins", json!(["null"]))),
        ("two methods in one string", with("methods", json!(["PUT, DELETE"]))),
        ("a colon in a name", with("request-headers", json!(["X-Own:"]))),
        ("an empty name", with("expose-headers", json!([""]))),
        ("a flag in quotes", with("credentials", json!("true"))),
        ("a flag that is a number", with("null-origin", json!(1))),
        ("a length without a unit", with("max-age", json!("ten"))),
        ("units in another order", with("max-age", json!("30m1h"))),
        ("no length", with("max-age", json!(""))),
        ("a negative length", with("max-age", json!(-1))),
        ("two days", with("max-age", json!(172_800))),
        ("null", with("max-age", Value::Null)),
        ("another word", with("enforce", json!("yes"))),
        ("null for a word", with("resource-policy", Value::Null)),
        ("no code", with("acknowledge", json!(["everything"]))),
        ("an error that cannot be acknowledged", with("acknowledge", json!(["credentials-any-origin"]))),
    ];
    for (name, file) in table {
        assert!(schemas.validate(&file, index).is_err(), "the schema accepts {name}");
        assert!(PolicyFile::parse(&file.to_string(), Format::Json).is_err(), "the checks accept {name}");
    }
}
