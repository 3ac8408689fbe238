use serde_json::{Value, json};

fn played(play: &Value) -> Value {
    serde_json::from_str(&crate::play(&play.to_string())).unwrap()
}

fn request() -> Value {
    json!({ "url": "https://api.example.com/orders/42", "origin": "https://app.example.com" })
}

/// The request of most tests, with some fields changed, and a server that allows the origin.
fn play_with(changes: &[(&str, Value)]) -> Value {
    let answer = json!({ "status": 200, "headers": "Access-Control-Allow-Origin: https://app.example.com\nVary: Origin" });
    let mut play = json!({ "request": request(), "answers": { "preflight": answer, "request": answer, "redirects": [] }, "policy": null });
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        play.pointer_mut(parent).unwrap().as_object_mut().unwrap().insert(name.to_owned(), value.clone());
    }
    play
}

#[test]
fn a_wrong_field_is_named_with_what_to_write() {
    let table = [
        (
            "an unknown field",
            "/request/urls",
            json!("x"),
            "request.urls",
            None,
            "There is no field `urls` here",
        ),
        (
            "an unknown answer",
            "/answers/answer",
            json!({}),
            "answers.answer",
            None,
            "There is no field `answer` here",
        ),
        ("no URL", "/request/url", json!(" "), "request.url", None, "Write the URL"),
        ("a relative URL", "/request/url", json!("/orders"), "request.url", None, "write it whole"),
        (
            "a URL without a host",
            "/request/url",
            json!("https://"),
            "request.url",
            None,
            "`https://` is not a URL",
        ),
        ("a file", "/request/url", json!("file:///a"), "request.url", None, "begins with `https://`"),
        (
            "a password",
            "/request/url",
            json!("https://me:pw@api.example.com/"),
            "request.url",
            None,
            "user name or password",
        ),
        ("no origin", "/request/origin", json!(""), "request.origin", None, "Write the origin"),
        (
            "a slash",
            "/request/origin",
            json!("https://app.example.com/"),
            "request.origin",
            None,
            "Write `https://app.example.com`.",
        ),
        (
            "a method with a space",
            "/request/method",
            json!("GET IT"),
            "request.method",
            None,
            "`GET IT` is not a method",
        ),
        (
            "a forbidden method",
            "/request/method",
            json!("TRACE"),
            "request.method",
            None,
            "no script can send `TRACE`",
        ),
        (
            "a mode",
            "/request/mode",
            json!("navigate"),
            "request.mode",
            None,
            "use `cors`, `no-cors` or `same-origin`",
        ),
        ("an unknown mode", "/request/mode", json!("any"), "request.mode", None, "`any` is not one of"),
        (
            "credentials",
            "/request/credentials",
            json!("yes"),
            "request.credentials",
            None,
            "`same-origin`, `include`",
        ),
        ("a redirect mode", "/request/redirect", json!("no"), "request.redirect", None, "`no` is not one of"),
        (
            "a number as a method",
            "/request/method",
            json!(7),
            "request.method",
            None,
            "has to be text, and not a number",
        ),
        ("a body of a GET", "/request/body", json!("x"), "request.body", None, "use POST or PUT"),
        ("no colon", "/request/headers", json!("A: b\n\nAccept"), "request.headers", Some(3), "has no colon"),
        (
            "a name with a space",
            "/request/headers",
            json!("X A: b"),
            "request.headers",
            Some(1),
            "`X A` in line 1 is not the name",
        ),
        (
            "a space before the colon",
            "/request/headers",
            json!("Vary : b"),
            "request.headers",
            Some(1),
            "ends at the colon",
        ),
        ("a NUL", "/request/headers", json!("A: b\0c"), "request.headers", Some(1), "NUL"),
        (
            "no status",
            "/answers/request/status",
            json!(""),
            "answers.request.status",
            None,
            "`` is not a status",
        ),
        ("a word", "/answers/request/status", json!("OK"), "answers.request.status", None, "from 200 to 599"),
        ("below", "/answers/request/status", json!(99), "answers.request.status", None, "from 200 to 599"),
        ("above", "/answers/request/status", json!(600), "answers.request.status", None, "from 200 to 599"),
        ("half", "/answers/request/status", json!(200.5), "answers.request.status", None, "from 200 to 599"),
        (
            "early hints",
            "/answers/request/status",
            json!(103),
            "answers.request.status",
            None,
            "only announce",
        ),
        (
            "an answer's line",
            "/answers/request/headers",
            json!("Vary"),
            "answers.request.headers",
            Some(1),
            "has no colon",
        ),
        (
            "no answer",
            "/answers/request",
            json!(null),
            "answers.request",
            None,
            "The browser sends `GET https://api.example.com/orders/42`",
        ),
        ("answers in a list", "/answers", json!([]), "answers", None, "has to be an object, and not a list"),
        (
            "redirects in an object",
            "/answers/redirects",
            json!({}),
            "answers.redirects",
            None,
            "has to be a list",
        ),
        (
            "a redirect that is text",
            "/answers/redirects",
            json!(["/"]),
            "answers.redirects.0",
            None,
            "has to be an object",
        ),
        (
            "22 redirects",
            "/answers/redirects",
            json!(vec![json!({}); 22]),
            "answers.redirects",
            None,
            "21 at most",
        ),
        ("a policy without policies", "/policy", json!(""), "policy", Some(1), "no polic"),
        (
            "a policy's key",
            "/policy",
            json!("[policy.a]\norigins = [\"https://a.example\"]\nmethod = []"),
            "policy",
            Some(3),
            "Line 3:",
        ),
        (
            "a policy's origin",
            "/policy",
            json!("[policy.a]\norigins = [\"https://a.example/\"]"),
            "policy",
            Some(2),
            "https://a.example",
        ),
        ("a policy's syntax", "/policy", json!("[policy.a\n"), "policy", Some(1), "Line 1:"),
        (
            "two policies",
            "/policy",
            json!(
                "[policy.a]\norigins = [\"https://a.example\"]\n[policy.b]\norigins = [\"https://b.example\"]"
            ),
            "policy",
            None,
            "The file has several policies (`a`, `b`)",
        ),
        (
            "a policy for another path",
            "/policy",
            json!("[policy.a]\nat = \"/a\"\norigins = [\"https://a.example\"]"),
            "policy",
            None,
            "No policy in the file applies to `/orders/42`",
        ),
    ];
    for (name, pointer, value, field, line, message) in table {
        let error = &played(&play_with(&[(pointer, value)]))["error"];
        assert_eq!(error["field"], field, "{name}: {error}");
        assert_eq!(error["line"].as_u64(), line, "{name}: {error}");
        assert!(
            error["message"].as_str().unwrap().to_lowercase().contains(&message.to_lowercase()),
            "{name}: {error}"
        );
    }
}

#[test]
fn what_is_no_play_is_an_error_and_never_a_panic() {
    let deep = "[".repeat(100_000);
    let long = format!("\"{}\"", "x".repeat(300_000));
    for (name, text) in [
        ("nothing", ""),
        ("no JSON", "{"),
        ("a list", "[]"),
        ("no request", "{}"),
        ("a number as the request", r#"{"request":1}"#),
        ("deep", &deep),
        ("long", &long),
        ("a lone surrogate", r#"{"request":{"url":"\ud800"}}"#),
    ] {
        let played: Value = serde_json::from_str(&crate::play(text)).unwrap();
        assert!(played["error"]["message"].is_string(), "{name}: {played}");
        assert!(serde_json::from_str::<Value>(&crate::share(text)).is_ok(), "{name}");
    }
}

#[test]
fn forms_leave_fields_empty() {
    let play = play_with(&[
        ("/request/method", json!("")),
        ("/request/body", json!("")),
        ("/request/headers", json!("\n  \n")),
        ("/answers/request/status", json!("200")),
        ("/policy", json!(null)),
    ]);
    assert_eq!(played(&play)["verdict"], "readable");
}

#[test]
fn marks_say_which_request_headers_need_permission() {
    let lines = "Accept: */*\nContent-Type: application/json\nCookie: a=b\nX-Trace: 1\nContent-Language: en";
    let play = play_with(&[("/request/headers", json!(lines))]);
    let marks = &played(&play)["marks"]["request.headers"];
    let marks: Vec<_> = marks
        .as_array()
        .unwrap()
        .iter()
        .map(|mark| (mark["line"].as_u64().unwrap(), &mark["text"]))
        .collect();
    assert_eq!(
        marks,
        [
            (2, &json!("With this value, `Content-Type` needs the server's permission, and so a preflight.")),
            (3, &json!("Script cannot set `Cookie`: the browser leaves the line out.")),
            (4, &json!("`X-Trace` needs the server's permission, and so a preflight.")),
        ]
    );
}

#[test]
fn a_policy_answers_instead() {
    let policy = "[policy.app]\norigins = [\"https://app.example.com\"]\nmethods = [\"PUT\"]\n";
    let play = play_with(&[("/policy", json!(policy)), ("/request/method", json!("PUT"))]);
    assert_eq!(played(&play)["verdict"], "readable");
    let play = play_with(&[("/policy", json!(policy)), ("/request/method", json!("DELETE"))]);
    let refused = played(&play);
    assert_eq!((&refused["verdict"], &refused["code"]), (&json!("blocked"), &json!("method-not-allowed")));
    assert!(refused["sentences"].to_string().contains("methods"), "{refused}");
    let pass = "[policy.app]\ncors = \"pass\"\n";
    assert_eq!(played(&play_with(&[("/policy", json!(pass))]))["code"], "allow-origin-missing");
}

#[test]
fn what_is_shared_has_no_secrets() {
    let play = json!({
        "request": {
            "url": "https://api.example.com/a?page=2&access_token=s3cret01",
            "origin": "https://app.example.com",
            "headers": "Authorization: Bearer s3cret02\nX-Api-Key: s3cret03\nproxy-authorization: Basic s3cret04\nX-Page: 2\ns3cret05",
            "body": "{\"password\": \"s3cret06\", \"name\": \"fox\"}",
        },
        "answers": { "request": { "headers": "Set-Cookie: id=s3cret07; Path=/\nLocation: /cb?code=s3cret08&state=1" } },
        "cookies": ["sid=s3cret09"],
        "url_of": "https://me:s3cret10@api.example.com/",
    });
    let shared = crate::share(&play.to_string());
    assert!(!shared.contains("s3cret"), "{shared}");
    for kept in [
        "page=2",
        "X-Page: 2",
        "fox",
        "Authorization: Bearer REDACTED",
        "id=REDACTED; Path=/",
        "sid=REDACTED",
        "app.example.com",
    ] {
        assert!(shared.contains(kept), "{kept}: {shared}");
    }
    assert_eq!(crate::share(&shared), shared);
    let form = json!({ "body": "user=fox&password=s3cret&page=2" }).to_string();
    assert_eq!(crate::share(&form), r#"{"body":"user=fox&password=REDACTED&page=2"}"#);
}
