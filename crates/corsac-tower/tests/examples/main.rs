//! The examples over real sockets, and a browser's fetch() on the other side.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // as in any test
#![allow(dead_code)] // the examples' `main`

#[path = "../../examples/axum.rs"]
mod axum_example;
#[path = "../../examples/hyper.rs"]
mod hyper_example;
#[path = "../../examples/policy_file.rs"]
mod policy_file_example;
#[path = "../../examples/tonic.rs"]
mod tonic_example;

mod page;

use std::time::Duration;

use corsac::server::Policy;
use corsac_tower::PolicyHandle;
use tokio::net::TcpListener;

use page::{Page, Seen};

const ALLOWED: &str = "https://app.example";
const STRANGER: &str = "https://evil.example";

async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    (listener, base)
}

#[tokio::test]
async fn what_pages_get_from_the_axum_example() {
    let (listener, base) = listener().await;
    let handle = PolicyHandle::new(axum_example::policy().unwrap());
    let app = axum_example::app(handle.clone()).unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });

    // Who asks for what, and what script sees of it.
    let cases = [
        ("a page that is allowed", ALLOWED, "GET", "/items", Seen::text(200, "the items")),
        ("any port of localhost", "http://localhost:5173", "GET", "/items", Seen::text(200, "the items")),
        ("a method after a preflight", ALLOWED, "PUT", "/items", Seen::text(200, "replaced")),
        ("a method that is not listed", ALLOWED, "DELETE", "/items", Seen::refused("method-not-allowed")),
        ("a stranger", STRANGER, "GET", "/items", Seen::refused("allow-origin-missing")),
        (
            "a stranger who writes is blocked",
            STRANGER,
            "POST",
            "/items",
            Seen::refused("allow-origin-missing"),
        ),
        ("a part for everybody", STRANGER, "GET", "/public", Seen::text(200, "for everybody")),
        ("the handler knows the outcome", ALLOWED, "GET", "/outcome", Seen::text(200, "allowed")),
        (
            "OPTIONS that is no preflight, after its preflight",
            ALLOWED,
            "OPTIONS",
            "/items/options",
            Seen::refused("method-not-allowed"),
        ),
        ("pitfall 52: a path that is not there", ALLOWED, "GET", "/nowhere", Seen::text(404, "")),
        ("pitfall 52: a panic", ALLOWED, "GET", "/panic", Seen::text(500, "Service panicked")),
        ("pitfall 52: a timeout", ALLOWED, "GET", "/slow", Seen::text(504, "it took too long")),
    ];
    for (name, origin, method, path, seen) in cases {
        assert_eq!(Page::of(origin).fetch(method, &format!("{base}{path}")).await, seen, "{name}");
    }

    // Another policy, while the server runs.
    handle.swap(Policy::builder([STRANGER]).build().unwrap());
    let items = format!("{base}/items");
    assert_eq!(Page::of(STRANGER).fetch("GET", &items).await, Seen::text(200, "the items"));
    assert_eq!(Page::of(ALLOWED).fetch("GET", &items).await, Seen::refused("allow-origin-missing"));
}

#[tokio::test]
async fn what_pages_get_when_the_policy_file_changes() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("corsac.toml");
    // In one step, so that the file is never seen while it is half written.
    let write = |text: &str| {
        let new = path.with_extension("new");
        std::fs::write(&new, text).unwrap();
        std::fs::rename(new, &path).unwrap();
    };
    let allowing = |origin: &str| format!("[policy.app]\norigins = [\"{origin}\"]\n");
    let (sender, mut reports) = tokio::sync::mpsc::unbounded_channel();

    write(&allowing(ALLOWED));
    let report = move |change| drop(sender.send(change));
    let (handle, _watch) = policy_file_example::follow(&path, Duration::ZERO, report).unwrap();
    let (listener, base) = listener().await;
    let app = policy_file_example::app(handle);
    tokio::spawn(async move { axum::serve(listener, app).await });
    let items = format!("{base}/items");
    let readable = Seen::text(200, "the items");
    assert_eq!(Page::of(ALLOWED).fetch("GET", &items).await, readable);

    write(&allowing(STRANGER));
    assert_eq!(reports.recv().await, Some(Ok(())));
    assert_eq!(Page::of(STRANGER).fetch("GET", &items).await, readable);
    assert_eq!(Page::of(ALLOWED).fetch("GET", &items).await, Seen::refused("allow-origin-missing"));

    write(&allowing("https://app.example/"));
    let problems = reports.recv().await.unwrap().unwrap_err();
    assert!(problems.contains("corsac.toml:2:"), "{problems}");
    write("[policy.other]\norigins = [\"*\"]\n");
    assert!(reports.recv().await.unwrap().unwrap_err().contains("`app`"));
    assert_eq!(Page::of(STRANGER).fetch("GET", &items).await, readable, "the old policy stays in use");

    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/corsac.toml");
    drop(policy_file_example::follow(own.as_ref(), Duration::ZERO, |_| ()).unwrap());
}

#[tokio::test]
async fn what_pages_get_from_the_hyper_example() {
    let (listener, base) = listener().await;
    tokio::spawn(hyper_example::serve(listener, hyper_example::policy().unwrap()));
    let cases = [
        ("a page that is allowed", ALLOWED, "GET", "/items", Seen::text(200, "GET /items")),
        ("a method after a preflight", ALLOWED, "DELETE", "/items", Seen::text(200, "DELETE /items")),
        ("a path that is not there", ALLOWED, "GET", "/nowhere", Seen::text(404, "GET /nowhere")),
        ("a stranger", STRANGER, "GET", "/items", Seen::refused("allow-origin-missing")),
        ("a stranger's preflight", STRANGER, "DELETE", "/items", Seen::refused("allow-origin-missing")),
    ];
    for (name, origin, method, path, seen) in cases {
        let page = Page::of(origin).with_cookies();
        assert_eq!(page.fetch(method, &format!("{base}{path}")).await, seen, "{name}");
    }
}

#[tokio::test]
async fn what_pages_get_from_the_tonic_example() {
    let (listener, base) = listener().await;
    tokio::spawn(tonic_example::serve(listener, tonic_example::policy().unwrap()));
    let check = format!("{base}/grpc.health.v1.Health/Check");
    // An empty message: which service? The server itself.
    let call = |page: Page| page.with_header("content-type", "application/grpc").with_body(vec![0; 5]);
    let served = call(Page::of(ALLOWED)).fetch_with_headers("POST", &check).await;
    assert!(
        matches!(&served, Seen::Readable { status: 200, headers, .. } if headers.iter().any(|name| name == "content-type")),
        "{served:?}"
    );
    let refused = Seen::refused("allow-origin-missing");
    assert_eq!(call(Page::of(STRANGER)).fetch("POST", &check).await, refused);
    let unlisted = call(Page::of(ALLOWED)).with_header("x-own", "1").fetch("POST", &check).await;
    assert_eq!(unlisted, Seen::refused("header-not-allowed"));
}
