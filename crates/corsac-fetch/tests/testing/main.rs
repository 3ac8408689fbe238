//! The assertions for tests: what passes, what fails, and what the message of a failure says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::let_and_return)] // as in any test

mod messages;
mod network;
mod requests;
mod support;

use corsac::browser::Credentials;
use corsac_fetch::testing::{assert_blocked, assert_preflight_allowed, assert_readable, page};
use support::{URL, answering, failure};

#[tokio::test]
async fn a_readable_response_is_returned_as_script_reads_it() {
    let app = answering(
        &[],
        &[
            ("Access-Control-Allow-Origin", "https://app.example"),
            ("Access-Control-Expose-Headers", "X-Total"),
            ("X-Total", "7"),
            ("X-Internal", "9"),
        ],
    );
    let response = assert_readable!(app, page("https://app.example").get(URL));
    assert_eq!((response.status, response.text().as_str()), (200, "the items"));
    assert_eq!((response.header("x-total").as_deref(), response.header("x-internal")), (Some("7"), None));
}

#[tokio::test]
async fn an_unreadable_response_fails_assert_readable() {
    let app = answering(&[], &[("Access-Control-Allow-Origin", "https://other.example")]);
    let message =
        failure(async move { drop(assert_readable!(app, page("https://app.example").get(URL))) }).await;
    assert!(message.starts_with("the page should be able to read the response"), "{message}");
    assert!(message.contains("allow-origin-mismatch"), "{message}");
}

#[tokio::test]
async fn a_blocked_response_passes_assert_blocked_with_and_without_its_code() {
    let app = || answering(&[], &[("Access-Control-Allow-Origin", "https://app.example")]);
    let evil = page("https://evil.example").get(URL);
    assert_blocked!(app(), evil.clone());
    let report = assert_blocked!(app(), evil, "allow-origin-mismatch");
    assert_eq!(report.engines().len(), 3);
}

#[tokio::test]
async fn assert_blocked_fails_if_the_page_can_read_it_if_the_reason_is_another_or_if_it_is_not_cors() {
    let public = || answering(&[], &[("Access-Control-Allow-Origin", "*")]);
    let request = || page("https://evil.example").get(URL);
    let message = failure(async move { drop(assert_blocked!(public(), request())) }).await;
    assert!(message.starts_with("CORS should keep the response from the page\n"), "{message}");
    assert!(message.contains("Access-Control-Allow-Origin: *"), "{message}");

    let closed = || answering(&[], &[]);
    let message =
        failure(async move { drop(assert_blocked!(closed(), request(), "credentials-wildcard")) }).await;
    assert!(message.contains("because of `credentials-wildcard`"), "{message}");
    assert!(message.contains("allow-origin-missing"), "{message}");

    let insecure = page("https://evil.example").get("http://api.example/");
    let message = failure(async move { drop(assert_blocked!(closed(), insecure)) }).await;
    assert!(message.contains("failed (mixed-content"), "{message}");
}

#[tokio::test]
async fn a_code_that_does_not_exist_is_not_accepted() {
    let app = answering(&[], &[]);
    let request = page("https://evil.example").get(URL);
    let message = failure(async move { drop(assert_blocked!(app, request, "no-such-code")) }).await;
    assert!(message.contains("`no-such-code` is not a code"), "{message}");
}

#[tokio::test]
async fn an_allowed_preflight_passes_and_the_request_is_not_sent() {
    let app = answering(
        &[("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "PUT")],
        &[("Access-Control-Allow-Origin", "*")],
    );
    let report = assert_preflight_allowed!(app, page("https://app.example").put(URL).body("{}"));
    for engine in report.engines() {
        let methods: Vec<&str> =
            engine.fetched.exchanges.iter().map(|completed| completed.exchange.method.as_str()).collect();
        assert_eq!(methods, ["OPTIONS"], "{}", engine.engine.title());
    }
}

#[tokio::test]
async fn a_refused_preflight_and_a_missing_one_fail_assert_preflight_allowed() {
    let app = || answering(&[("Access-Control-Allow-Origin", "*")], &[("Access-Control-Allow-Origin", "*")]);
    let put = page("https://app.example").put(URL);
    let message = failure(async move { drop(assert_preflight_allowed!(app(), put)) }).await;
    assert!(message.starts_with("the preflight should be sent, and allow the request"), "{message}");
    assert!(message.contains("method-not-allowed, in the preflight"), "{message}");

    let get = page("https://app.example").get(URL);
    let message = failure(async move { drop(assert_preflight_allowed!(app(), get)) }).await;
    assert!(message.contains("without a preflight"), "{message}");
}

#[tokio::test]
async fn a_wildcard_does_not_allow_credentials() {
    let app = answering(&[], &[("Access-Control-Allow-Origin", "*")]);
    let request = page("https://app.example").get(URL).credentials(Credentials::Include);
    assert_blocked!(app, request, "credentials-wildcard");
}
