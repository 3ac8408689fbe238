//! Requests in few words, and what a service gets of them.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use corsac::browser::{BodyInit, Client, Credentials, Request as PageFetch, RequestInit};
use corsac::origin::Origin;
use corsac_fetch::RequestBody;
use corsac_fetch::testing::{PageRequest, assert_readable, page};
use http_body_util::BodyExt as _;
use hyper::{Request, Response};
use tower::service_fn;

use crate::support::URL;

/// Each request that the service got: method, headers of these names, body.
async fn seen_of(request: impl Into<PageRequest>) -> Vec<String> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    let app = service_fn(move |request: Request<RequestBody>| {
        let noted = Arc::clone(&noted);
        async move {
            let (parts, body) = request.into_parts();
            let value = |name: &str| {
                parts.headers.get(name).map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
            };
            let body = body.collect().await.unwrap().to_bytes();
            let line = [
                parts.method.to_string(),
                value("cookie"),
                value("x-trace"),
                String::from_utf8_lossy(&body).into_owned(),
            ];
            noted.lock().unwrap().push(line.join("|"));
            let response = Response::builder()
                .header("Access-Control-Allow-Origin", value("origin"))
                .header("Access-Control-Allow-Credentials", "true")
                .header("Access-Control-Allow-Methods", value("access-control-request-method"))
                .header("Access-Control-Allow-Headers", value("access-control-request-headers"));
            Ok::<_, Infallible>(response.body(String::new()).unwrap())
        }
    });
    assert_readable!(app, request);
    let seen = seen.lock().unwrap().clone();
    seen
}

#[tokio::test]
async fn each_word_of_the_builder_reaches_the_service() {
    let app = page("https://app.example");
    let rows: Vec<(&str, PageRequest, &[&str])> = vec![
        ("put with a body", app.put(URL).body("{}"), &["OPTIONS|||", "PUT|||{}"]),
        ("patch", app.patch(URL), &["OPTIONS|||", "PATCH|||"]),
        ("delete with a header", app.delete(URL).header("X-Trace", "7"), &["OPTIONS|||", "DELETE||7|"]),
        ("a cookie stays without credentials", app.post(URL).cookie("a=b"), &["POST|||"]),
        (
            "a cookie goes with credentials",
            app.post(URL).cookie("a=b").cookie("c=d").credentials(Credentials::Include),
            &["POST|a=b; c=d||"],
        ),
    ];
    for (name, request, expected) in rows {
        let mut seen = seen_of(request).await;
        seen.dedup(); // browsers may send different preflights
        assert_eq!(seen, expected, "{name}");
    }
}

#[tokio::test]
async fn a_request_init_and_a_request_are_accepted_too() {
    let client = Client::new(Origin::parse("https://app.example").unwrap());
    let mut init = RequestInit::new(URL.parse().unwrap(), client);
    init.method = "POST".to_owned();
    init.body = Some(BodyInit::from("a=b"));
    assert_eq!(seen_of(init.clone()).await, ["POST|||a=b"]);
    let request: PageFetch = init.build().unwrap();
    assert_eq!(seen_of(request).await, ["POST|||a=b"]);
}
