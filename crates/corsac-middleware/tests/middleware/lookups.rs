//! Origins that are looked up.

use std::future::pending;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use corsac::server::{Enforce, Policy, PolicyRefusal};
use corsac_middleware::{
    CacheOptions, Cors, CorsVerdict, LookupFailure, OriginLookup, OriginQuery, PolicySource, WhilePending,
};
use http::{HeaderName, Request};

use crate::support::{
    Action, REFUSED, finished, get, handled, now, pending_decision, policy, preflight, vary,
};

const TENANT: HeaderName = HeaderName::from_static("x-tenant");

fn with_lookup(lookup: OriginLookup) -> Cors {
    Cors::builder(policy("https://listed.example")).origins(lookup).build().unwrap()
}

/// Found by the test suites of other libraries: a lookup for the main policy opened every part, with the part's credentials.
#[tokio::test]
async fn a_lookup_belongs_to_the_policy_that_it_was_given_for_and_to_no_other() {
    const PAGE: &str = "https://known.example";
    let main = || Policy::builder(["https://app.example"]).methods(["DELETE"]).build().unwrap();
    let admin = || {
        let policy = Policy::builder(["https://admin.example"]).methods(["DELETE"]);
        policy.credentials(true).enforce(Enforce::Block).build().unwrap()
    };
    let at_once = || OriginLookup::new(|query: &OriginQuery| query.origin.as_str() == PAGE);
    let later =
        || OriginLookup::future(|query| async move { Ok::<_, io::Error>(query.origin.as_str() == PAGE) });
    let request = |method: &str, path: &str| {
        let headers =
            [("origin", PAGE), ("sec-fetch-site", "cross-site"), ("access-control-request-method", "DELETE")];
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers.into_iter().take(if method == "OPTIONS" { 3 } else { 2 }) {
            request = request.header(name, value);
        }
        request.body(()).unwrap()
    };
    for (kind, lookup) in [("at once", &at_once as &dyn Fn() -> OriginLookup), ("that takes time", &later)] {
        for (on_main, on_part) in [(false, false), (true, false), (false, true), (true, true)] {
            let part = PolicySource::from(admin());
            let builder = Cors::builder(main())
                .at("/admin", if on_part { part.origins(lookup()) } else { part })
                .at("/own", PolicySource::select(|_| None));
            let cors = if on_main { builder.origins(lookup()) } else { builder }.build().unwrap();
            for (path, allowed) in [("/items", on_main), ("/admin/users/7", on_part), ("/own", false)] {
                let name = format!("{kind}, on main {on_main}, on the part {on_part}, {path}");
                for method in ["GET", "DELETE", "OPTIONS"] {
                    let handled = handled(&cors, &request(method, path)).await;
                    let headers = finished(&handled);
                    assert_eq!(
                        headers.contains_key("access-control-allow-origin"),
                        allowed,
                        "{name}, {method}"
                    );
                    let credentials = allowed && path.starts_with("/admin");
                    assert_eq!(
                        headers.contains_key("access-control-allow-credentials"),
                        credentials,
                        "{name}, {method}"
                    );
                    let step = match method {
                        "OPTIONS" => Action::AnswerPreflight,
                        "DELETE" if !allowed && path.starts_with("/admin") => Action::Forbid,
                        _ => Action::Forward,
                    };
                    assert_eq!(handled.action(), step, "{name}, {method}");
                }
            }
        }
    }
}

#[tokio::test]
async fn what_a_lookup_allows_has_to_keep_to_the_methods_of_its_policy_where_they_are_enforced() {
    let policy =
        Policy::builder(["https://app.example"]).methods(["PUT"]).enforce(Enforce::Block).build().unwrap();
    let cors = Cors::builder(policy).origins(OriginLookup::new(known)).build().unwrap();
    for (origin, method, step) in [
        ("https://known.example", "PUT", Action::Forward),
        ("https://known.example", "POST", Action::Forward),
        ("https://known.example", "DELETE", Action::Forbid),
        ("https://other.example", "PUT", Action::Forbid),
    ] {
        let request = Request::builder().method(method).header("origin", origin).body(()).unwrap();
        assert_eq!(handled(&cors, &request).await.action(), step, "{origin} {method}");
    }
}

/// What a lookup was asked about, if it was: the method and the path.
type Asked = Option<(Option<String>, Option<String>)>;

#[test]
fn a_lookup_sees_the_method_and_the_path_that_it_declares_and_no_others() {
    let put = |method: &str| {
        Request::options("/items?page=2")
            .header("origin", "https://known.example")
            .header("access-control-request-method", method)
            .body(())
            .unwrap()
    };
    let patch = Request::patch("/items?page=2").header("origin", "https://known.example").body(()).unwrap();
    let text = |text: &str| Some(text.to_owned());
    let cases: [(&str, bool, bool, &Request<()>, Asked); 7] = [
        ("nothing", false, false, &patch, Some((None, None))),
        ("the method", true, false, &patch, Some((text("PATCH"), None))),
        ("the path", false, true, &patch, Some((None, text("/items")))),
        ("both", true, true, &patch, Some((text("PATCH"), text("/items")))),
        ("the method that a preflight asks for", true, false, &put("PUT"), Some((text("PUT"), None))),
        ("a preflight, undeclared", false, false, &put("PUT"), Some((None, None))),
        ("a preflight that asks for no method that exists", true, false, &put("no method"), None),
    ];
    for (name, method, path, request, expected) in cases {
        let asked = Arc::new(Mutex::new(None));
        let seen = Arc::clone(&asked);
        let mut lookup = OriginLookup::new(move |query: &OriginQuery| {
            let method = query.method.as_ref().map(|method| method.as_str().to_owned());
            *seen.lock().unwrap() = Some((method, query.path.clone()));
            true
        });
        if method {
            lookup = lookup.reads_method();
        }
        if path {
            lookup = lookup.reads_path();
        }
        now(&with_lookup(lookup), request);
        assert_eq!(*asked.lock().unwrap(), expected, "{name}");
    }
}

#[tokio::test]
async fn cached_answers_are_kept_by_the_method_and_the_path_that_are_declared() {
    let request = |method: &str, path: &str| {
        Request::builder()
            .method(method)
            .uri(path)
            .header("origin", "https://known.example")
            .body(())
            .unwrap()
    };
    let requests = [request("GET", "/a"), request("PUT", "/a"), request("GET", "/b"), request("GET", "/a")];
    for (method, path, lookups) in [(false, false, 1), (true, false, 2), (false, true, 2), (true, true, 3)] {
        let count = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&count);
        let mut lookup = OriginLookup::future(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
            async { Ok::<_, io::Error>(true) }
        })
        .cached(CacheOptions::default());
        if method {
            lookup = lookup.reads_method();
        }
        if path {
            lookup = lookup.reads_path();
        }
        let cors = with_lookup(lookup);
        for request in &requests {
            assert_eq!(handled(&cors, request).await.outcome().verdict, CorsVerdict::Allowed);
        }
        assert_eq!(count.load(Ordering::Relaxed), lookups, "method {method}, path {path}");
    }
}

/// Allows `https://known.example`; with a header for tenants, only where it says `acme`.
fn known(query: &OriginQuery) -> bool {
    query.origin.as_str() == "https://known.example"
        && query.headers.get(TENANT).is_none_or(|tenant| tenant == "acme")
}

#[tokio::test]
async fn what_a_lookup_answers_counts_for_unlisted_origins_only() {
    let lookups = [
        ("at once", OriginLookup::new(known)),
        ("that can fail", OriginLookup::fallible(|query: &OriginQuery| Ok::<_, io::Error>(known(query)))),
        ("that takes time", OriginLookup::future(|query| async move { Ok::<_, io::Error>(known(&query)) })),
    ];
    let cases = [
        ("https://listed.example", CorsVerdict::Allowed),
        ("https://known.example", CorsVerdict::Allowed),
        ("https://other.example", REFUSED),
        ("null", CorsVerdict::Refused(PolicyRefusal::OriginNull)),
        ("https://known.example/", CorsVerdict::Refused(PolicyRefusal::OriginMalformed)),
    ];
    for (name, lookup) in lookups {
        let cors = with_lookup(lookup);
        for (origin, verdict) in cases {
            let request = handled(&cors, &get("/", origin)).await;
            assert_eq!(request.outcome().verdict, verdict, "{name}: {origin}");
            let preflight = handled(&cors, &preflight("/", origin)).await;
            assert_eq!(preflight.outcome().verdict, verdict, "{name}: preflight from {origin}");
            assert_eq!(
                finished(&request).contains_key("access-control-allow-origin"),
                verdict == CorsVerdict::Allowed,
                "{name}: {origin}"
            );
        }
    }
}

#[tokio::test]
async fn pitfall_32_and_37_what_a_lookup_depends_on_is_in_vary_whatever_it_says() {
    let cors = with_lookup(OriginLookup::new(known).reads([TENANT]));
    let requests = [
        ("allowed", get("/", "https://known.example")),
        ("listed", get("/", "https://listed.example")),
        ("refused", get("/", "https://other.example")),
        ("malformed", get("/", "nonsense")),
        ("without Origin", Request::get("/").body(()).unwrap()),
    ];
    for (name, request) in requests {
        assert_eq!(vary(&finished(&now(&cors, &request))), "Origin | x-tenant", "{name}");
    }
    let three = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers | x-tenant";
    assert_eq!(vary(&finished(&now(&cors, &preflight("/", "https://other.example")))), three);
}

#[test]
fn a_lookup_sees_the_headers_that_it_declares_and_no_others() {
    let request = Request::get("https://api.example/")
        .header("origin", "https://known.example")
        .header("x-tenant", "acme")
        .header("cookie", "secret")
        .body(())
        .unwrap();
    let cases: [(&[HeaderName], &[&str]); 3] = [
        (&[], &[]),
        (&[TENANT], &["x-tenant: acme"]),
        (&[TENANT, http::header::HOST], &["host: api.example", "x-tenant: acme"]),
    ];
    for (declared, seen) in cases {
        let expected: Vec<String> = seen.iter().map(|line| (*line).to_owned()).collect();
        let check = move |query: &OriginQuery| {
            let mut lines: Vec<String> = query
                .headers
                .iter()
                .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
                .collect();
            lines.sort();
            lines == expected
        };
        let cors = with_lookup(OriginLookup::new(check).reads(declared.to_vec()));
        let handled = now(&cors, &request);
        assert_eq!(handled.outcome().verdict, CorsVerdict::Allowed, "{declared:?}");
        assert!(!vary(&finished(&handled)).contains("host"), "caches tell hosts apart");
    }
}

#[tokio::test]
async fn a_lookup_that_fails_refuses() {
    let broken = || io::Error::other("the database is gone");
    let failed = CorsVerdict::LookupFailed(LookupFailure::Failed);
    let lookups = [
        ("at once", OriginLookup::fallible(move |_| Err(broken()))),
        ("that takes time", OriginLookup::future(move |_| async move { Err(broken()) })),
        (
            "that is cached",
            OriginLookup::future(move |_| async move { Err(broken()) }).cached(CacheOptions::default()),
        ),
    ];
    for (name, lookup) in lookups {
        let cors = with_lookup(lookup);
        let unlisted = handled(&cors, &get("/", "https://known.example")).await;
        assert_eq!(unlisted.outcome().verdict, failed, "{name}");
        assert!(!finished(&unlisted).contains_key("access-control-allow-origin"), "{name}");
        assert_eq!(vary(&finished(&unlisted)), "Origin", "{name}");
        let listed = handled(&cors, &get("/", "https://listed.example")).await;
        assert_eq!(listed.outcome().verdict, CorsVerdict::Allowed, "{name}: the list needs no lookup");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lookup_that_never_answers_refuses_in_time() {
    let never = || OriginLookup::future(|_| pending::<Result<bool, io::Error>>());
    let short = Duration::from_millis(250);
    let cases = [
        ("by default", never(), Duration::from_secs(2)),
        ("by its own time", never().timeout(short), short),
        ("through the cache", never().timeout(short).cached(CacheOptions::default()), short),
    ];
    for (name, lookup, time) in cases {
        let cors = with_lookup(lookup);
        let start = tokio::time::Instant::now();
        let handled = handled(&cors, &get("/", "https://known.example")).await;
        assert_eq!(handled.outcome().verdict, CorsVerdict::LookupFailed(LookupFailure::TimedOut), "{name}");
        assert!(
            start.elapsed() >= time && start.elapsed() < time + Duration::from_millis(10),
            "{name}: {:?}",
            start.elapsed()
        );
    }
}

/// A lookup that counts how often it is asked, and the count.
fn counted(options: CacheOptions) -> (Cors, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let lookup = OriginLookup::future(move |query: OriginQuery| {
        let counter = Arc::clone(&counter);
        async move {
            counter.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok::<_, io::Error>(known(&query))
        }
    });
    (with_lookup(lookup.reads([TENANT]).cached(options)), count)
}

#[tokio::test]
async fn cached_answers_are_kept_by_origin_and_declared_headers() {
    let (cors, count) = counted(CacheOptions::default());
    let request = |origin: &str, tenant: Option<&str>| {
        let mut request = get("/", origin);
        request.headers_mut().extend(tenant.map(|tenant| (TENANT, tenant.parse().unwrap())));
        request
    };
    let cases = [
        ("the first", "https://known.example", None, CorsVerdict::Allowed, 1),
        ("again", "https://known.example", None, CorsVerdict::Allowed, 1),
        ("another tenant", "https://known.example", Some("evil"), REFUSED, 2),
        ("the right tenant", "https://known.example", Some("acme"), CorsVerdict::Allowed, 3),
        ("another origin", "https://other.example", None, REFUSED, 4),
        ("refused again", "https://other.example", None, REFUSED, 4),
        ("a header of more than a kilobyte", "https://known.example", Some(&*"a".repeat(1025)), REFUSED, 5),
        ("which is not kept", "https://known.example", Some(&*"a".repeat(1025)), REFUSED, 6),
    ];
    for (name, origin, tenant, verdict, asked) in cases {
        assert_eq!(handled(&cors, &request(origin, tenant)).await.outcome().verdict, verdict, "{name}");
        assert_eq!(count.load(Ordering::Relaxed), asked, "{name}");
    }
}

#[test]
fn what_an_adapter_may_do_while_a_lookup_runs() {
    let cors = |enforce, outcome: bool| {
        let policy = Policy::builder(["https://listed.example"]).enforce(enforce).build().unwrap();
        let lookup = OriginLookup::future(|_| pending::<Result<bool, io::Error>>());
        let builder = Cors::builder(policy).origins(lookup);
        let builder = if outcome { builder.outcome_for_handlers() } else { builder };
        builder.build().unwrap()
    };
    let post = || Request::post("/").header("origin", "https://page.example").body(()).unwrap();
    let socket = || {
        Request::get("/")
            .header("origin", "https://page.example")
            .header("upgrade", "websocket")
            .body(())
            .unwrap()
    };
    let page = "https://page.example";
    let cases = [
        (
            "pitfall 59: the service answers beside it",
            cors(Enforce::Off, false),
            get("/", page),
            WhilePending::Forward,
        ),
        ("what changes something, too", cors(Enforce::Off, false), post(), WhilePending::Forward),
        ("a preflight never reaches it", cors(Enforce::Off, false), preflight("/", page), WhilePending::Drop),
        ("it could be blocked", cors(Enforce::Block, false), post(), WhilePending::Hold),
        ("so could a WebSocket", cors(Enforce::Block, false), socket(), WhilePending::Hold),
        ("GET could not", cors(Enforce::Block, false), get("/", page), WhilePending::Forward),
        ("a report waits for nothing", cors(Enforce::Report, false), post(), WhilePending::Forward),
        ("the handler wants the outcome", cors(Enforce::Off, true), get("/", page), WhilePending::Hold),
    ];
    for (name, cors, request, expected) in cases {
        assert_eq!(pending_decision(&cors, &request).while_pending(), expected, "{name}");
    }
}
