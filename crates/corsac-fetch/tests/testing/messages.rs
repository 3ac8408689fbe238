//! What the message of a failed assertion says, and what it does not.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use corsac::browser::{Credentials, Engine};
use corsac_fetch::RequestBody;
use corsac_fetch::testing::{Report, check, page};
use hyper::{Request, Response};
use tower::service_fn;

use crate::support::{URL, answering};

#[tokio::test]
async fn a_message_has_verdicts_cause_fix_exchanges_and_console_lines() {
    let app = answering(
        &[("Access-Control-Allow-Origin", "https://app.example"), ("Access-Control-Allow-Methods", "PUT")],
        &[],
    );
    let request = page("https://app.example").put(URL).header("X-Trace", "1");
    let text = check(app, request).await.to_string();
    for part in [
        "PUT https://api.example/items\n  from https://app.example\n",
        "  Chromium  blocked (header-not-allowed, in the preflight): ",
        "  Firefox   blocked (header-not-allowed, in the preflight): ",
        "  Safari    blocked (header-not-allowed, in the preflight): ",
        "Cause (",
        "Fix: ",
        "    Access-Control-Allow-Headers: X-Trace\n",
        "  → OPTIONS https://api.example/items  (preflight)\n",
        "      Access-Control-Request-Method: PUT\n",
        "  ← 200\n",
        "      Access-Control-Allow-Methods: PUT\n",
        "Chromium prints:\n  Access to fetch at 'https://api.example/items' from origin 'https://app.example' has been blocked",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    assert_eq!(text.matches("prints:").count(), 1, "browsers agree, so one is enough:\n{text}");
}

#[tokio::test]
async fn browsers_that_differ_are_all_explained() {
    // WebKit looks at the status of a preflight first, the others at the origin.
    let app = service_fn(|_: Request<RequestBody>| async {
        Ok::<_, Infallible>(Response::builder().status(404).body(String::new()).unwrap())
    });
    let text = check(app, page("https://app.example").put(URL)).await.to_string();
    for part in [
        "Chromium  blocked (allow-origin-missing",
        "Safari    blocked (preflight-status",
        "Cause in Safari (",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

#[tokio::test]
async fn secrets_are_not_in_a_message() {
    let app = answering(
        &[
            ("Access-Control-Allow-Origin", "https://app.example"),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Allow-Headers", "authorization, x-api-key"),
        ],
        &[("Set-Cookie", "session=c00kie-of-the-server; Path=/"), ("Location", "/?code=c0de-of-a-login")],
    );
    let request = page("https://app.example")
        .get("https://api.example/items?page=2&access_token=t0ken-of-the-url")
        .header("Authorization", "Bearer t0ken-of-the-header")
        .header("X-Api-Key", "k3y")
        .cookie("session=c00kie-of-the-page")
        .credentials(Credentials::Include);
    let text = check(app, request).await.to_string();
    for secret in [
        "c00kie-of-the-server",
        "c0de-of-a-login",
        "t0ken-of-the-url",
        "t0ken-of-the-header",
        "k3y",
        "c00kie-of-the-page",
    ] {
        assert!(!text.contains(secret), "{secret} in\n{text}");
    }
    for part in ["Authorization: Bearer REDACTED", "Cookie: session=REDACTED", "page=2&access_token=REDACTED"]
    {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

#[tokio::test]
async fn a_server_cannot_write_control_characters_into_a_message() {
    let app = service_fn(|_: Request<RequestBody>| async {
        let mut response = Response::new(String::new());
        let hostile = hyper::header::HeaderValue::from_bytes("https://a\u{202e}\u{9b}\t".as_bytes()).unwrap();
        response.headers_mut().append("access-control-allow-origin", hostile);
        Ok::<_, Infallible>(response)
    });
    let text = check(app, page("https://app.example").get(URL)).await.to_string();
    assert!(text.contains("\\u{202e}"), "{text}");
    let is_safe = |character: char| character == '\n' || corsac::text::is_printable(character);
    assert!(text.chars().all(is_safe), "{text:?}");
}

#[tokio::test]
async fn a_failed_assertion_names_the_line_of_the_test() {
    let report = check(answering(&[], &[]), page("https://app.example").get(URL)).await;
    let place = place_of_panic(|| drop(report.expect_readable()));
    assert!(place.contains("messages.rs:"), "{place}");
    let place = place_of_panic(|| drop(page("app.example")));
    assert!(place.contains("messages.rs:"), "{place}");
    let put = page("https://app.example").request("TRACE", URL);
    let place = place_of_panic(|| drop(check(answering(&[], &[]), put)));
    assert!(place.contains("messages.rs:"), "{place}");
}

/// The place that is named by the panic of this. Other tests of this process may panic meanwhile, but not in this file.
fn place_of_panic(panics: impl FnOnce()) -> String {
    let place = Arc::new(Mutex::new(String::new()));
    let seen = Arc::clone(&place);
    let before = std::panic::take_hook();
    let thread = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == thread {
            *seen.lock().unwrap() = info.location().map(ToString::to_string).unwrap_or_default();
        }
    }));
    let ended = catch_unwind(AssertUnwindSafe(panics));
    std::panic::set_hook(before);
    assert!(ended.is_err(), "it should panic");
    let place = place.lock().unwrap().clone();
    place
}

#[tokio::test]
async fn a_service_that_fails_is_a_closed_connection() {
    let app = service_fn(|_: Request<RequestBody>| async {
        Err::<Response<String>, _>(std::io::Error::other("the database is gone"))
    });
    let report: Report = check(app, page("https://app.example").get(URL).engines([Engine::Firefox])).await;
    assert!(!report.is_blocked() && !report.is_readable());
    let text = report.to_string();
    assert!(text.contains("failed (connection-closed") && text.contains("the database is gone"), "{text}");
    assert!(!text.contains("Chromium"), "{text}");
}
