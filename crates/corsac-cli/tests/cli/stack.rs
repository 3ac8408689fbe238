//! `--stack`, and the stacks that show in responses.

use serde_json::Value;

use crate::command::corsac;
use crate::server::{Server, response};

/// A server that knows nothing of CORS.
fn without_cors(headers: &'static [&'static str]) -> Server {
    Server::new(move |request| response(if request.method == "OPTIONS" { 404 } else { 200 }, headers))
}

fn check(server: &Server, arguments: &[&str]) -> crate::command::Run {
    let url = server.url("/items");
    let fixed = ["check", url.as_str(), "--origin", "https://app.example", "-X", "PUT"];
    corsac(fixed.iter().copied().chain(arguments.iter().copied()))
}

#[test]
fn the_configuration_of_the_stack_that_is_named_is_printed_whole() {
    let server = without_cors(&[]);
    for (stack, line) in [
        ("nginx", r#"    "~^https://app\.example$" $http_origin;"#),
        ("Express", r#"    methods: "GET, HEAD, POST, PUT","#),
        ("fastapi", r#"        "origins": {"https://app.example"},"#),
        ("ollama", "OLLAMA_ORIGINS=https://app.example"),
    ] {
        let run = check(&server, &["--stack", stack]);
        assert_eq!(run.status, 1, "{}", run.stderr);
        assert!(run.stdout.lines().any(|printed| printed == line), "{stack}: {}", run.stdout);
        assert!(run.stdout.contains("What surprises in "), "{stack}: {}", run.stdout);
    }
}

#[test]
fn json_has_the_configuration_as_the_stack_of_the_fix() {
    let server = without_cors(&[]);
    let report: Value =
        serde_json::from_str(&check(&server, &["--stack", "haproxy", "--json"]).stdout).unwrap();
    let stack = &report["diagnosis"][0]["fix"]["stack"];
    assert_eq!(stack["name"], "haproxy");
    let lines = stack["lines"].as_array().unwrap();
    assert!(lines.iter().any(|line| line.as_str().unwrap().contains("'https://app.example'")), "{stack}");
    assert!(stack["traps"][0].as_str().unwrap().ends_with('.'), "{stack}");
}

#[test]
fn markdown_has_it_in_a_block_of_code_and_several_urls_cannot() {
    let server = without_cors(&[]);
    let run = check(&server, &["--stack", "ollama", "--markdown"]);
    assert!(
        run.stdout.contains("\nTo write in Ollama:\n\n```\nOLLAMA_ORIGINS=https://app.example\n```\n"),
        "{}",
        run.stdout
    );
    let url = server.url("/items");
    let several = corsac(["check", &url, &url, "--origin", "https://app.example", "--stack", "ollama"]);
    assert_eq!(several.status, 2);
    assert!(several.stderr.contains("one URL and one origin"), "{}", several.stderr);
}

#[test]
fn each_layer_that_names_itself_is_reported() {
    let server = without_cors(&["Server: nginx/1.27.0", "X-Powered-By: Express"]);
    let run = check(&server, &[]);
    let text = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("Answered by nginx and Express: `--stack nginx` or `--stack express` prints"),
        "{text}"
    );
    let report: Value = serde_json::from_str(&check(&server, &["--json"]).stdout).unwrap();
    let names: Vec<&str> =
        report["stacks"].as_array().unwrap().iter().map(|stack| stack["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["nginx", "express"]);
    assert_eq!(report["stacks"][0]["confidence"], "certain");
    assert_eq!(report["stacks"][0]["evidence"], "`Server: nginx/1.27.0`");
    let lines = report["stacks"][1]["lines"].as_array().unwrap();
    assert!(lines.iter().any(|line| line.as_str().unwrap().contains("https://app.example")), "{lines:?}");
}

/// Escape sequences of a hostile server do not reach the terminal.
#[test]
fn a_name_with_control_characters_is_not_printed() {
    let server = without_cors(&["Server: nginx/\u{1b}[31m"]);
    let run = check(&server, &[]);
    assert!(!run.stdout.contains('\u{1b}'), "{}", run.stdout);
}

#[test]
fn what_cors_headers_do_not_mend_gets_no_configuration() {
    let run = corsac(["check", "http://127.0.0.1:9/", "--origin", "https://app.example", "--stack", "nginx"]);
    assert!(run.stdout.contains("nothing to write into nginx"), "{}", run.stdout);
    assert!(!run.stdout.contains("add_header"), "{}", run.stdout);
}

#[test]
fn a_page_without_an_origin_cannot_be_allowed_with_credentials() {
    let server = without_cors(&[]);
    let url = server.url("/items");
    let run = corsac(["check", &url, "--origin", "null", "--credentials", "include", "--stack", "nginx"]);
    assert!(
        run.stdout.contains("A page without an origin cannot be allowed with credentials"),
        "{}",
        run.stdout
    );
}

#[test]
fn an_unknown_stack_is_an_error_with_a_suggestion() {
    let run =
        corsac(["check", "http://127.0.0.1:9/", "--origin", "https://app.example", "--stack", "caddyy"]);
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("Did you mean `caddy`?") && run.stderr.contains("corsac stacks"),
        "{}",
        run.stderr
    );
}

#[test]
fn stacks_are_listed_and_explained() {
    let list = corsac(["stacks"]);
    assert_eq!(list.status, 0);
    for name in ["nginx", "go-jub0bs", "ollama", "keycloak"] {
        assert!(list.stdout.contains(name), "{name}");
    }
    let page = corsac(["explain", "Nginx"]);
    assert_eq!(page.status, 0, "{}", page.stderr);
    assert!(
        page.stdout.contains("corsac policy compile nginx") && page.stdout.contains("without `always`"),
        "{}",
        page.stdout
    );
    let object = crate::explain::explained("nginx");
    assert_eq!((object["kind"].as_str(), object["name"].as_str()), (Some("target"), Some("nginx")));
}
