//! The committed schemas of the JSON that commands print.

use boon::{Compiler, Schemas};
use serde_json::{Value, json};

/// A committed schema, in which no object has a field that is not described: what is printed may gain fields, but not unseen.
fn schema(name: &str) -> Value {
    let path = format!("{}/../../docs/corsac.{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
    let mut schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    close(&mut schema);
    schema
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(close);
            if object.get("properties").is_some_and(Value::is_object) && object.contains_key("required") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// What was printed keeps to the schema, and the schema takes nothing else.
pub(crate) fn keeps_to(name: &str, outputs: &[Value]) {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("schema.json", schema(name)).unwrap();
    let index = compiler.compile("schema.json", &mut schemas).unwrap();
    for output in outputs {
        let valid = schemas.validate(output, index).map_err(|error| error.to_string());
        assert!(valid.is_ok(), "{name}: {}\n{output:#}", valid.unwrap_err());
        // A schema that takes anything would pass above.
        for (field, _) in output.as_object().unwrap() {
            let mut without = output.clone();
            without.as_object_mut().unwrap().remove(field);
            assert!(schemas.validate(&without, index).is_err(), "{name}: {field} is not required");
        }
        let mut more = output.clone();
        more["unknown"] = json!(1);
        assert!(schemas.validate(&more, index).is_err(), "{name} takes any field");
    }
}
