use serde_json::{Value, json};

/// The play of a preset with some fields changed, as it is played.
fn played(id: &str, changes: &[(&str, Value)]) -> Value {
    let presets: Vec<Value> = serde_json::from_str(crate::PRESETS).unwrap();
    let mut play = presets.into_iter().find(|preset| preset["id"] == id).unwrap()["play"].take();
    for (pointer, value) in changes {
        *play.pointer_mut(pointer).unwrap() = value.clone();
    }
    serde_json::from_str(&crate::play(&play.to_string())).unwrap()
}

/// The line, the result, and the line of the button of each mark.
fn marks(played: &Value, field: &str) -> Vec<(u64, String, Option<String>)> {
    let marks = played["marks"][field].as_array().unwrap_or_else(|| panic!("{field} of {}", played["marks"]));
    let mark = |mark: &Value| {
        let button = mark["button"]["line"].as_str().map(str::to_owned);
        (mark["line"].as_u64().unwrap(), mark["result"].as_str().unwrap().to_owned(), button)
    };
    marks.iter().map(mark).collect()
}

#[test]
fn a_line_passes_or_decides_or_has_no_mark() {
    let played = played("one-of-two", &[]);
    let pass = |line| (line, "pass".to_owned(), None);
    let button = "Access-Control-Allow-Headers: Authorization, Content-Type".to_owned();
    assert_eq!(
        marks(&played, "answers.preflight"),
        [pass(1), pass(2), pass(3), (4, "fail".to_owned(), Some(button))]
    );
    assert_eq!(played["marks"]["answers.preflight"][3]["text"], "Line 4 does not list `Content-Type`.");
    assert!(played["marks"]["answers.request"].is_null(), "it was not reached");
}

#[test]
fn a_missing_line_has_number_0() {
    let origin = "Access-Control-Allow-Origin: https://app.example.com".to_owned();
    assert_eq!(marks(&played("no-headers", &[]), "answers.request"), [(0, "fail".to_owned(), Some(origin))]);
}

/// What the button writes, in the field with the failing line.
#[test]
fn a_button_writes_the_line_as_it_has_to_be() {
    let table = [
        ("trailing-slash", "answers.request", Some("Access-Control-Allow-Origin: https://app.example.com")),
        ("cookies", "answers.request", Some("Access-Control-Allow-Origin: https://app.example.com")),
        ("true", "answers.request", Some("Access-Control-Allow-Credentials: true")),
        ("list", "answers.request", Some("Access-Control-Allow-Origin: https://app.example.com")),
        ("null-origin", "answers.request", Some("Access-Control-Allow-Origin: *")),
        ("put", "answers.preflight", Some("Access-Control-Allow-Methods: GET, POST, PUT")),
        (
            "tracing",
            "answers.preflight",
            Some("Access-Control-Allow-Headers: Content-Type, baggage, sentry-trace"),
        ),
        ("wildcard-with-cookies", "answers.preflight", Some("Access-Control-Allow-Headers: Content-Type")),
        ("image-refused", "answers.request", Some("Cross-Origin-Resource-Policy: cross-origin")),
        // One line is not enough, or no line helps.
        ("twice", "answers.request", None),
        ("patch", "answers.preflight", None),
        ("wrong-side", "answers.preflight", None),
        ("login-first", "answers.preflight", None),
        ("redirect", "answers.preflight", None),
        ("moved", "answers.redirects.0.request", None),
        ("signed-url", "answers.redirects.0.request", None),
        ("redirect-to-http", "answers.request", None),
    ];
    for (id, field, expected) in table {
        let played = played(id, &[]);
        let failing: Vec<_> =
            marks(&played, field).into_iter().filter(|(_, result, _)| result == "fail").collect();
        assert!(!failing.is_empty(), "{id}");
        for (_, _, button) in failing {
            assert_eq!(button.as_deref(), expected, "{id}");
        }
    }
}

#[test]
fn a_header_that_script_does_not_see_can_be_exposed() {
    let lines =
        "Access-Control-Allow-Origin: *\n\nAccess-Control-Expose-Headers: ETag\nX-Total-Count: 3\nETag: 1";
    let played = played("not-exposed", &[("/answers/request/headers", json!(lines))]);
    let marks = marks(&played, "answers.request");
    let button = "Access-Control-Expose-Headers: ETag, X-Total-Count".to_owned();
    assert!(marks.contains(&(3, "note".to_owned(), Some(button))), "{marks:?}");
}

#[test]
fn lines_count_from_the_first_even_if_it_is_empty() {
    let lines = "\n\nAccess-Control-Allow-Origin: https://app.example.com/";
    let played = played("trailing-slash", &[("/answers/request/headers", json!(lines))]);
    assert_eq!(marks(&played, "answers.request")[0].0, 3);
}

#[test]
fn each_answer_of_a_long_chain_of_redirects_has_its_own_marks() {
    let hop =
        json!({ "request": { "status": 302, "headers": "Location: /next\nAccess-Control-Allow-Origin: *" } });
    let mut hops = vec![hop; 17];
    hops.push(json!({ "request": { "status": 200, "headers": "Access-Control-Allow-Origin: https://other.example" } }));
    let played = played(
        "public",
        &[
            ("/answers/request/status", json!(302)),
            ("/answers/request/headers", json!("Location: /next\nAccess-Control-Allow-Origin: *")),
            ("/answers/redirects", json!(hops)),
        ],
    );
    assert_eq!(played["code"], "allow-origin-mismatch");
    assert_eq!(marks(&played, "answers.request"), [(2, "pass".to_owned(), None)]);
    assert_eq!(marks(&played, "answers.redirects.17.request")[0].1, "fail");
}
