//! The routes as `demo.json` of the page: requests for Ask, each with its title.

use serde_json::{Map, Value, json};

use super::addresses::Addresses;
use super::routes::{self, Route};

/// Returns the routes. Nothing of them is sent before a person asks.
pub(super) fn json(addresses: &Addresses) -> Value {
    let routes: Vec<Value> = routes::all().map(|route| of_route(route, addresses)).collect();
    json!({ "routes": routes })
}

fn of_route(route: &Route, addresses: &Addresses) -> Value {
    let request = &route.request;
    let headers: Vec<String> =
        request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let fields: [(&str, Value); 10] = [
        ("title", json!(route.title)),
        ("broken", json!(route.broken)),
        ("expected", json!(route.expected.code())),
        ("url", json!(super::command::url(route, addresses, &addresses.api))),
        ("origin", json!(addresses.page)),
        ("method", json!(request.method)),
        ("headers", json!(headers.join("\n"))),
        ("body", json!(request.body)),
        ("credentials", json!(request.credentials.as_str())),
        ("mode", json!(request.mode.as_str())),
    ];
    Value::Object(fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect::<Map<_, _>>())
}
