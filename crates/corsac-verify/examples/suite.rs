//! Writes the cases of some policies as JSON: `cargo run -p corsac-verify --example suite -- FOLDER`.

use std::path::Path;

use corsac::browser::{Exchange, ResponseHead};
use corsac::server::{Policy, PolicyConfig};
use corsac_verify::{Run, Suite, SuiteOptions, answer};
use serde_json::{Value, json};

const URL: &str = "https://api.example/items";

/// The headers of a request that matter to CORS.
const OF_REQUESTS: [&str; 3] = ["origin", "access-control-request-method", "access-control-request-headers"];

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "conformance/server-suite".to_owned());
    for (name, config) in policies() {
        let path = Path::new(&folder).join(format!("{name}.json"));
        std::fs::write(path, format!("{:#}\n", suite(&config)))?;
    }
    Ok(())
}

pub(crate) fn policies() -> Vec<(&'static str, PolicyConfig)> {
    let list = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<String>>();
    let of = |origins: &[&str]| PolicyConfig { origins: list(origins), ..PolicyConfig::default() };
    vec![
        ("public", of(&["*"])),
        ("one-origin", of(&["https://app.example.com"])),
        (
            "credentials",
            PolicyConfig {
                methods: list(&["PUT", "DELETE"]),
                request_headers: list(&["Content-Type", "Authorization", "x-acme-*"]),
                expose_headers: list(&["ETag"]),
                credentials: true,
                ..of(&["https://app.example.com", "https://admin.example.com:8443"])
            },
        ),
        ("subdomains", PolicyConfig { credentials: true, ..of(&["https://*.example.com"]) }),
        ("ports", of(&["http://localhost:*"])),
        ("labels", of(&["https://app-*.example.com"])),
        ("null", PolicyConfig { null_origin: true, ..of(&["https://app.example.com"]) }),
    ]
}

pub(crate) fn suite(config: &PolicyConfig) -> Value {
    let (Ok(policy), Ok(url)) = (Policy::new(config), URL.parse()) else { return Value::Null };
    let options = SuiteOptions::default().with(|options| options.own_query = false);
    let cases: Vec<Value> = Suite::new(&policy, &url, options)
        .cases
        .iter()
        .map(|case| {
            let mut run = Run::new(case);
            let mut exchanges = Vec::new();
            while let Some(planned) = run.next() {
                let response = answer(&policy, planned.exchange(), |_| ()).0;
                exchanges.push(exchange(planned.exchange(), &response));
                run.receive(planned.completed(Ok(response)));
            }
            let allowed = run.finish().is_allowed();
            let allowed: serde_json::Map<String, Value> = allowed
                .iter()
                .map(|(engine, allowed)| (engine.as_str().to_owned(), json!(allowed)))
                .collect();
            json!({
                "description": case.description,
                "exchanges": exchanges,
                "allowed": allowed,
                "too_open": case.open_code,
                "too_closed": case.closed_code,
            })
        })
        .collect();
    json!({ "schema": "corsac.server-suite/1", "policy": config, "cases": cases })
}

fn exchange(exchange: &Exchange, response: &ResponseHead) -> Value {
    let lines = exchange.headers.iter().filter(|line| OF_REQUESTS.iter().any(|name| line.is(name)));
    let request: Vec<[String; 2]> =
        lines.map(|line| [line.name.to_ascii_lowercase(), line.text().into_owned()]).collect();
    let response: Vec<[String; 2]> = response
        .headers
        .iter()
        .map(|line| [line.name.to_ascii_lowercase(), line.text().into_owned()])
        .collect();
    let path = exchange.url.path();
    json!({
        "kind": exchange.kind.as_str(),
        "method": exchange.method,
        "path": path,
        "headers": request,
        "response": response,
    })
}
