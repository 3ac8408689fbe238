//! The example over a real socket, and a browser's fetch() on the other side.

#![allow(dead_code)] // the example's `main`

#[path = "../../examples/actix.rs"]
mod actix_example;

use corsac::browser::{Client, Engine, Outcome, RequestInit};
use corsac::origin::Origin;
use corsac::server::Policy;
use corsac_actix::PolicyHandle;
use corsac_fetch::{Browser, Network, NetworkOptions};

const ALLOWED: &str = "https://app.example";
const STRANGER: &str = "https://evil.example";

/// The status and body that script sees, or the code of the reason why it sees nothing.
async fn fetch(origin: &str, method: &str, url: &str) -> Result<(u16, String), String> {
    let mut init = RequestInit::new(url.parse().unwrap(), Client::new(Origin::parse(origin).unwrap()));
    init.method = method.to_owned();
    let mut browser = Browser::new(Network::new(NetworkOptions::default()).unwrap(), Engine::Spec);
    let fetched = browser.fetch(init.build().unwrap()).await;
    match &fetched.outcome {
        Outcome::Readable(response) => {
            let text = String::from_utf8_lossy(fetched.body().unwrap_or_default()).into_owned();
            Ok((response.status, text))
        }
        Outcome::Opaque(_) => panic!("mode no-cors was not asked for"),
        Outcome::Refused(refusal) => Err(refusal.reason.code().to_string()),
    }
}

#[actix_web::test]
async fn what_pages_get_from_the_actix_example() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let handle = PolicyHandle::new(actix_example::policy().unwrap());
    let server = actix_example::serve(listener, handle.clone()).unwrap();
    let stop = server.handle();
    actix_web::rt::spawn(server);

    let cases = [
        ("a page that is allowed", ALLOWED, "GET", "/items", Ok((200, "the items"))),
        ("any port of localhost", "http://localhost:5173", "GET", "/items", Ok((200, "the items"))),
        ("a method after a preflight", ALLOWED, "PUT", "/items", Ok((200, "replaced"))),
        ("a method that is not listed", ALLOWED, "DELETE", "/items", Err("method-not-allowed")),
        ("a stranger", STRANGER, "GET", "/items", Err("allow-origin-missing")),
        ("a stranger who writes is blocked", STRANGER, "POST", "/items", Err("allow-origin-missing")),
        ("a part for everybody", STRANGER, "GET", "/public", Ok((200, "for everybody"))),
        ("the handler knows the outcome", ALLOWED, "GET", "/outcome", Ok((200, "allowed"))),
        ("pitfall 52: a path that is not there", ALLOWED, "GET", "/nowhere", Ok((404, ""))),
        ("pitfall 52: a handler that fails", ALLOWED, "GET", "/broken", Ok((502, "the backend is gone"))),
        (
            "pitfall 52: an extractor that fails",
            ALLOWED,
            "GET",
            "/number/many",
            Ok((404, "can not parse \"many\" to a u8")),
        ),
    ];
    for (name, origin, method, path, seen) in cases {
        let seen = seen.map(|(status, text)| (status, text.to_owned())).map_err(str::to_owned);
        assert_eq!(fetch(origin, method, &format!("{base}{path}")).await, seen, "{name}");
    }

    // Another policy, while the server runs.
    handle.swap(Policy::builder([STRANGER]).build().unwrap());
    let items = format!("{base}/items");
    assert_eq!(fetch(STRANGER, "GET", &items).await, Ok((200, "the items".to_owned())));
    assert_eq!(fetch(ALLOWED, "GET", &items).await, Err("allow-origin-missing".to_owned()));
    stop.stop(false).await;
}
