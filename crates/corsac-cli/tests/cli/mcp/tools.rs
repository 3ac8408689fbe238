//! What the tools answer about codes and policies.

use serde_json::json;

use super::{answer, error};

const CLOSED: &str = "[policy.app]\norigins = [\"https://app.example.com\"]\n";
const OPEN: &str = "[policy.app]\norigins = [\"https://app.example.com\", \"https://b.example.com\"]\n";

#[test]
fn explain_knows_codes_words_and_stacks() {
    let rows = [
        (json!({ "code": "allow-origin-missing" }), "reason"),
        (json!({ "code": "preflight" }), "word"),
        (json!({ "code": "challenge-page" }), "diagnosis"),
    ];
    for (given, kind) in rows {
        assert_eq!(answer(&[], "explain", &given)["entries"][0]["kind"], json!(kind), "{given}");
    }
    let pasted =
        answer(&[], "explain", &json!({ "text": "Preflight response is not successful. Status code: 401" }));
    assert_eq!(pasted["items"][0]["code"], "preflight-status");
    let product = answer(&[], "explain", &json!({ "code": "ollama", "origin": "https://app.example.com" }));
    assert!(product.to_string().contains("OLLAMA_ORIGINS"), "{product:#}");
    assert!(error(&[], "explain", &json!({ "code": "allow-origin-miss" })).contains("Did you mean"));
    assert!(error(&[], "explain", &json!({})).contains("`code` or `text`"));
}

#[test]
fn lint_reports_problems_with_lines_and_at_most_100() {
    let report =
        answer(&[], "lint", &json!({ "policy": "[policy.app]\norigins = [\"https://app.example.com/\"]\n" }));
    assert_eq!((&report["schema"], &report["problems"][0]["line"]), (&json!("corsac.lint/1"), &json!(2)));
    let many: String = (0..300).map(|index| format!("\"https://a{index}.example/\", ")).collect();
    let report = answer(&[], "lint", &json!({ "policy": format!("[policy.app]\norigins = [{many}]\n") }));
    assert_eq!(report["problems"].as_array().unwrap().len(), 100);
    assert!(report["more_problems"].as_u64().unwrap() >= 200, "{}", report["more_problems"]);
}

#[test]
fn why_answers_as_the_command_does() {
    for (origin, verdict) in [("https://app.example.com", "readable"), ("https://evil.example", "blocked")] {
        let report = answer(&[], "why", &json!({ "policy": CLOSED, "origin": origin }));
        assert_eq!((&report["schema"], &report["verdict"]), (&json!("corsac.why/2"), &json!(verdict)));
    }
    let message = error(&[], "why", &json!({ "policy": "[policy.app]\norigin = []\n", "origin": "null" }));
    assert!(message.contains("Write `origins`") || message.contains("origins"), "{message}");
    assert!(!message.contains('\u{1b}'), "{message:?}");
}

#[test]
fn diff_says_what_is_newly_allowed() {
    let report = answer(&[], "diff", &json!({ "old": CLOSED, "new": OPEN }));
    assert_eq!((&report["widened"], &report["narrowed"]), (&json!(true), &json!(false)), "{report:#}");
}

#[test]
fn compile_writes_a_target_or_says_why_not() {
    let compiled = answer(&[], "compile", &json!({ "target": "nginx", "policy": CLOSED }));
    crate::schema::keeps_to("mcp.compile", std::slice::from_ref(&compiled));
    assert!(compiled["text"].as_str().unwrap().contains("https://app"), "{compiled:#}");
    assert_eq!(compiled["refused"], json!(null));
    let message = error(&[], "compile", &json!({ "target": "no-such-server", "policy": CLOSED }));
    assert!(message.contains("nginx"), "{message}");
}

#[test]
fn a_policy_is_given_once() {
    assert!(error(&[], "lint", &json!({})).contains("give a policy"));
    assert!(error(&[], "lint", &json!({ "policy": CLOSED, "file": "a.toml" })).contains("and not both"));
}
