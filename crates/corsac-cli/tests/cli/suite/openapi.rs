//! `--from-openapi`: the skeleton of a suite.

use super::suite;
use crate::command::{Run, corsac};
use crate::policy::TextFile;
use crate::server::Server;

const DOCUMENT: &str = r##"
openapi: 3.1.0
info: { title: Items, version: "1" }
servers:
  - url: https://{region}.example.com/v1/
    variables: { region: { default: api } }
security: [{ token: [] }]
paths:
  /items:
    get:
      parameters:
        - { name: page, in: query, required: true, schema: { type: integer, default: 2 } }
        - { name: sort, in: query, schema: { type: string } }
        - $ref: "#/components/parameters/Tenant"
    post:
      requestBody: { $ref: "#/components/requestBodies/Item" }
  /items/{id}:
    parameters: [{ name: id, in: path, required: true, example: "a/b" }]
    delete: { security: [] }
    trace: {}
  /files/{name}:
    get: { security: [{ session: [] }] }
  /forms:
    post:
      security: []
      requestBody: { content: { multipart/form-data: {} } }
components:
  parameters:
    Tenant: { name: X-Tenant, in: header, required: true, schema: { enum: [acme] } }
  requestBodies:
    Item: { content: { application/json: {} } }
  securitySchemes:
    token: { type: http, scheme: bearer }
    session: { type: apiKey, in: cookie, name: sid }
"##;

fn skeleton(name: &str, document: &str) -> Run {
    let file = TextFile::new(name, document);
    corsac(["check", "--from-openapi", file.path(), "--origin", "https://app.example.com"])
}

#[test]
fn each_method_of_each_path_becomes_a_case() {
    let run = skeleton("openapi.yaml", DOCUMENT);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:#?}");
    let cases = [
        "[defaults]\norigin = \"https://app.example.com\"\nbase = \"https://api.example.com/v1/\"\n",
        "[[case]]\nname = \"GET /items\"\nurl = \"/items?page=2\"\nmethod = \"GET\"\n\
         headers = [{ name = \"Authorization\", env = \"TOKEN\", prefix = \"Bearer \" }, \"X-Tenant: acme\"]\nexpect = \"readable\"\n",
        "[[case]]\nname = \"POST /items\"\nurl = \"/items\"\nmethod = \"POST\"\n\
         headers = [\"Authorization: Bearer EXAMPLE\", \"Content-Type: application/json\"]\npreflight-only = true\nexpect = \"allowed\"\n",
        "[[case]]\nname = \"DELETE /items/{id}\"\nurl = \"/items/a%2Fb\"\nmethod = \"DELETE\"\npreflight-only = true\nexpect = \"allowed\"\n",
        "url = \"/files/EXAMPLE\"\nmethod = \"GET\"\ncookies = [{ name = \"sid\", env = \"SESSION\" }]\ncredentials = \"include\"\n",
        "# [[case]]\n# name = \"POST /forms\"\n",
    ];
    for case in cases {
        assert!(run.stdout.contains(case), "{case}\n{}", run.stdout);
    }
    assert!(!run.stdout.contains("TRACE"), "{}", run.stdout);
}

#[test]
fn json_says_the_same_as_yaml() {
    let json = r#"{"openapi": "3.0.3", "servers": [{"url": "/api"}], "paths": {"/a": {"put": {}}}}"#;
    let yaml = "openapi: 3.0.3\nservers: [{url: /api}]\npaths: {/a: {put: {}}}\n";
    let (json, yaml) = (skeleton("a.json", json), skeleton("a.yaml", yaml));
    assert_eq!(json.stdout, yaml.stdout);
    assert!(
        json.stdout.contains("write its URL.\nbase = \"https://your-server.example/api\""),
        "{}",
        json.stdout
    );
}

#[test]
fn the_skeleton_is_a_suite() {
    let server = Server::allowing(
        &[
            "Access-Control-Allow-Origin: *",
            "Access-Control-Allow-Methods: PUT, DELETE",
            "Access-Control-Allow-Headers: x-a",
        ],
        &["Access-Control-Allow-Origin: *"],
    );
    let document = r#"{"openapi": "3.0.3", "servers": [{"url": "{server}"}], "paths": {
        "/a\"]]>\n::error::b\u001b[2J{c": {"put": {}, "get": {"parameters": [{"name": "X-A", "in": "header", "required": true, "example": "a\r\nb\u202e"}]}},
        "/d": {"delete": {}}}}"#;
    let run = skeleton("a.json", &document.replace("{server}", server.url("").trim_end_matches('/')));
    assert_eq!(run.status, 0, "{run:#?}");
    assert!(
        run.stdout.chars().all(|one| one == '\n' || !one.is_control() && one != '\u{202e}'),
        "{:?}",
        run.stdout
    );
    let checked = suite(&server, &run.stdout.replace("https://app.example.com", "http://app.example"), &[]);
    assert_eq!(checked.status, 0, "{checked:#?}\n{}", run.stdout);
    assert!(checked.stdout.contains("3 of 3 checks hold."), "{}", checked.stdout);
}

#[test]
fn what_is_no_document_or_would_grow_without_bounds_is_refused() {
    let deep = format!("openapi: 3.0.0\npaths: {}{}", "[".repeat(5_000), "]".repeat(5_000));
    let mut laughs = String::from("openapi: 3.0.0\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = level - 1;
        let aliases = vec![format!("*a{before}"); 10].join(", ");
        laughs.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    let table = [
        ("Swagger", "swagger: '2.0'\n", "convert it to OpenAPI 3"),
        ("another version", "openapi: 4.0.0\n", "only 3 is known"),
        ("something else", "a: 1\n", "not an OpenAPI document"),
        ("not YAML", "a: [\n", "this is not YAML"),
        ("not JSON", "{\"a\": ", "this is not JSON"),
        ("deep", &deep, "this is not YAML"),
        ("many aliases", &laughs, "this is not YAML"),
    ];
    for (name, document, words) in table {
        let run = skeleton("a", document);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{name}: {run:#?}");
        assert!(run.stderr.contains(words), "{name}: {}", run.stderr);
        assert!(run.stderr.len() < 2_000, "{name}: {}", run.stderr.len());
    }
    let cyclic = "openapi: 3.0.0\npaths:\n  /a: { $ref: '#/paths/~1a' }\n";
    assert_eq!(skeleton("a", cyclic).status, 0);
}

#[test]
fn an_origin_is_needed_and_nothing_else_fits() {
    let file = TextFile::new("a.yaml", DOCUMENT);
    let run = corsac(["check", "--from-openapi", file.path()]);
    assert_eq!(run.status, 2, "{run:#?}");
    assert!(run.stderr.contains("--origin"), "{}", run.stderr);
    let run = corsac(["check", "https://a.example/", "--from-openapi", file.path(), "--origin", "null"]);
    assert_eq!(run.status, 2, "{run:#?}");
}
