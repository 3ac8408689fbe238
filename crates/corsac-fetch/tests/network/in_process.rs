//! A service of this program in place of a network: what it gets, and what becomes of its answers.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use corsac::browser::{
    Client, Credentials, Engine, NetworkErrorKind, PreflightCache, Reason, RequestInit, Verdict,
};
use corsac::origin::Origin;
use corsac_fetch::{Browser, InProcess, NetworkOptions, RequestBody, Wire};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Request, Response};
use tower::{Service, service_fn};

const PAGE: &str = "https://app.example";

fn init(url: &str) -> RequestInit {
    RequestInit::new(url.parse().unwrap(), Client::new(Origin::parse(PAGE).unwrap()))
}

/// Allows the page everything that it asks for, and answers with a body.
fn allowing(request: &Request<RequestBody>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from("hello"));
    let asked = |name: &str| request.headers().get(name).cloned();
    let headers = [
        ("access-control-allow-origin", asked("origin")),
        ("access-control-allow-methods", asked("access-control-request-method")),
        ("access-control-allow-headers", asked("access-control-request-headers")),
        ("access-control-allow-credentials", Some("true".parse().unwrap())),
    ];
    for (name, value) in headers {
        if let Some(value) = value {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// A service, and each request that it got: method, target, `Host`, body.
type Seen = Arc<Mutex<Vec<String>>>;

fn noting(
    seen: &Seen,
    answer: impl Fn(&Request<RequestBody>) -> Response<Full<Bytes>> + Clone + Send + 'static,
) -> impl Service<Request<RequestBody>, Response = Response<Full<Bytes>>, Error = Infallible, Future: Send> + Send
{
    let seen = Arc::clone(seen);
    service_fn(move |request: Request<RequestBody>| {
        let (answer, seen) = (answer.clone(), Arc::clone(&seen));
        async move {
            let response = answer(&request);
            let (parts, body) = request.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            let host = parts.headers["host"].to_str().unwrap().to_owned();
            let line = format!("{} {} {host} {}", parts.method, parts.uri, String::from_utf8_lossy(&body));
            seen.lock().unwrap().push(line.trim_end().to_owned());
            Ok(response)
        }
    })
}

#[tokio::test]
async fn a_service_gets_what_a_server_would_hand_to_it() {
    let seen = Seen::default();
    let mut browser = Browser::new(InProcess::new(noting(&seen, allowing)), Engine::Chromium);
    let mut put = init("https://api.example:8443/items?page=2#part");
    put.method = "PUT".to_owned();
    put.body = Some("{}".into());
    let fetched = browser.fetch(put.build().unwrap()).await;
    assert_eq!(fetched.outcome.verdict(), Verdict::Readable, "{:?}", fetched.outcome);
    assert_eq!(fetched.body(), Some(&b"hello"[..]));
    let expected = ["OPTIONS /items?page=2 api.example:8443", "PUT /items?page=2 api.example:8443 {}"];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test]
async fn redirects_lead_to_the_same_service_whatever_the_host() {
    let seen = Seen::default();
    let service = noting(&seen, |request| {
        let mut response = allowing(request);
        if request.uri() == "/old" {
            *response.status_mut() = hyper::StatusCode::FOUND;
            response.headers_mut().append("location", "https://files.example/new".parse().unwrap());
        }
        response
    });
    let mut browser = Browser::new(InProcess::new(service), Engine::Firefox);
    let fetched = browser.fetch(init("https://api.example/old").build().unwrap()).await;
    assert_eq!(fetched.outcome.verdict(), Verdict::Readable, "{:?}", fetched.outcome);
    assert_eq!(*seen.lock().unwrap(), ["GET /old api.example", "GET /new files.example"]);
}

#[tokio::test]
async fn what_a_browser_refuses_is_refused() {
    let refuse = service_fn(|_request: Request<RequestBody>| async {
        Ok::<_, Infallible>(Response::new(Full::<Bytes>::from("secret")))
    });
    let mut browser = Browser::new(InProcess::new(refuse), Engine::WebKit);
    let fetched = browser.fetch(init("https://api.example/").build().unwrap()).await;
    assert_eq!(fetched.outcome.refusal().unwrap().reason.code().as_str(), "allow-origin-missing");
    assert_eq!(fetched.body(), None);
}

#[tokio::test]
async fn cookies_go_where_credentials_go() {
    for (credentials, expected) in [(Credentials::Include, "a=b; c=d"), (Credentials::SameOrigin, "")] {
        let cookies = Arc::new(Mutex::new(String::new()));
        let noted = Arc::clone(&cookies);
        let service = service_fn(move |request: Request<RequestBody>| {
            let cookie = request.headers().get("cookie").map(|value| value.to_str().unwrap().to_owned());
            *noted.lock().unwrap() = cookie.unwrap_or_default();
            let response = allowing(&request);
            async move { Ok::<_, Infallible>(response) }
        });
        let options =
            NetworkOptions::default().with(|options| options.cookies = vec!["a=b".into(), "c=d".into()]);
        let mut browser = Browser::new(InProcess::with_options(service, options).unwrap(), Engine::Chromium);
        let mut request = init("https://api.example/");
        request.credentials = credentials;
        assert_eq!(browser.fetch(request.build().unwrap()).await.outcome.verdict(), Verdict::Readable);
        assert_eq!(*cookies.lock().unwrap(), expected, "{credentials:?}");
    }
    let bad = NetworkOptions::default().with(|options| options.cookies = vec!["a\r\nb".into()]);
    assert!(InProcess::with_options((), bad).is_err());
}

#[tokio::test]
async fn the_bounds_hold() {
    let long = service_fn(|request: Request<RequestBody>| {
        let response = allowing(&request).map(|_| Full::<Bytes>::from(vec![b'x'; 1 << 16]));
        async move { Ok::<_, Infallible>(response) }
    });
    let options = NetworkOptions::default().with(|options| options.body_limit = 1_000);
    let mut browser = Browser::new(InProcess::with_options(long, options).unwrap(), Engine::Chromium);
    let fetched = browser.fetch(init("https://api.example/").build().unwrap()).await;
    assert_eq!(fetched.body().map(<[u8]>::len), Some(1_000));

    let never = service_fn(|_: Request<RequestBody>| {
        std::future::pending::<Result<Response<Full<Bytes>>, Infallible>>()
    });
    let options = NetworkOptions::default().with(|options| options.timeout = Duration::from_millis(20));
    let mut browser = Browser::new(InProcess::with_options(never, options).unwrap(), Engine::Chromium);
    let fetched = browser.fetch(init("https://api.example/").build().unwrap()).await;
    assert_eq!(fetched.outcome.refusal().unwrap().reason.code().as_str(), "timed-out");
}

#[tokio::test]
async fn a_service_that_fails_has_closed_the_connection() {
    let broken = service_fn(|_: Request<RequestBody>| async {
        Err::<Response<Full<Bytes>>, _>(std::io::Error::other("the database is gone"))
    });
    let mut browser = Browser::new(InProcess::new(broken), Engine::Chromium);
    let fetched = browser.fetch(init("https://api.example/").build().unwrap()).await;
    match &fetched.outcome.refusal().unwrap().reason {
        Reason::Network(error) => {
            assert_eq!(error.kind, NetworkErrorKind::Closed);
            assert!(error.message.contains("the database is gone"), "{error}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn all_engines_together_change_something_once() {
    let seen = Seen::default();
    let mut post = init("http://localhost:8080/order");
    post.method = "POST".to_owned();
    let service = InProcess::new(noting(&seen, allowing));
    let mut wire = Wire::new(service, post.build().unwrap(), Duration::from_secs(20));
    for engine in [Engine::Chromium, Engine::Firefox, Engine::Spec] {
        let fetched = wire.fetch(engine, &mut PreflightCache::default(), Duration::ZERO).await;
        assert_eq!(fetched.outcome.verdict(), Verdict::Readable, "{engine:?}");
    }
    assert_eq!(*seen.lock().unwrap(), ["POST /order localhost:8080"]);
}
