//! Policies that are looked up.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use corsac::server::{Enforce, Policy};
use corsac_middleware::{
    CacheOptions, Cors, CorsVerdict, Decided, LookupFailure, OriginLookup, OriginQuery, RequestView, Tenants,
    WhilePending,
};
use http::{HeaderMap, HeaderValue, Request};

use crate::support::{
    Action, REFUSED, finished, get, handled, now, pending_decision, policy, preflight, vary,
};

fn by_host(request: &RequestView<'_>) -> Option<String> {
    request.host().map(str::to_ascii_lowercase)
}

/// Tenants whose policy allows `https://app.<host>`; `unknown.example` is not a tenant. Returns the number of lookups, too.
fn counted() -> (Tenants, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let tenants = Tenants::new(by_host, move |host: String| {
        let counter = Arc::clone(&counter);
        async move {
            counter.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok::<_, io::Error>((host != "unknown.example").then(|| policy(&format!("https://app.{host}"))))
        }
    });
    (tenants, count)
}

fn request(host: &str, origin: &str) -> Request<()> {
    get(&format!("https://{host}/"), origin)
}

#[tokio::test(start_paused = true)]
async fn each_tenant_has_a_policy_of_its_own() {
    let cors = Cors::new(counted().0);
    let cases = [
        ("a.example", "https://app.a.example", CorsVerdict::Allowed),
        ("A.example", "https://app.a.example", CorsVerdict::Allowed),
        ("b.example", "https://app.a.example", REFUSED),
        ("unknown.example", "https://app.a.example", CorsVerdict::NoPolicy),
    ];
    for (host, origin, verdict) in cases {
        assert_eq!(
            handled(&cors, &request(host, origin)).await.outcome().verdict,
            verdict,
            "{host} {origin}"
        );
    }
    assert_eq!(
        now(&cors, &get("/", "https://app.a.example")).outcome().verdict,
        CorsVerdict::NoPolicy,
        "no key"
    );
}

#[tokio::test(start_paused = true)]
async fn a_hundred_requests_at_once_share_one_lookup() {
    let (tenants, count) = counted();
    let cors = Cors::new(tenants);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let cors = cors.clone();
        tasks.spawn(async move {
            handled(&cors, &request("a.example", "https://app.a.example")).await.outcome().verdict
        });
    }
    let verdicts = tasks.join_all().await;
    assert!(verdicts.iter().all(|verdict| *verdict == CorsVerdict::Allowed));
    assert_eq!((verdicts.len(), count.load(Ordering::Relaxed)), (100, 1));
}

#[tokio::test(start_paused = true)]
async fn if_the_request_that_looks_up_is_dropped_another_one_looks_up_again() {
    let (tenants, count) = counted();
    let cors = Cors::new(tenants);
    let request = request("a.example", "https://app.a.example");
    let mut first = pending_decision(&cors, &request);
    let second = pending_decision(&cors, &request);
    assert!(tokio::time::timeout(Duration::from_millis(5), &mut first).await.is_err());
    let second = tokio::spawn(second);
    tokio::task::yield_now().await;
    drop(first);
    let Decided::Forward(forward) = second.await.unwrap() else { panic!("it is no preflight") };
    let mut headers = HeaderMap::new();
    forward.finish.apply(&mut headers);
    assert_eq!(headers["access-control-allow-origin"], "https://app.a.example");
    assert_eq!(count.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_tenant_without_a_policy_is_cached_for_a_time_of_its_own() {
    // The cache has a clock of its own, which no test can turn: the times are far apart, and only "not yet" and "long since" are asserted.
    let (tenants, count) = counted();
    let minutes = Duration::from_secs(600);
    let options =
        CacheOptions { capacity: 10, time_to_live: minutes, negative_time_to_live: Duration::from_millis(1) };
    let cors = Cors::new(tenants.cached(options));
    for (host, asked) in [("a.example", [1, 1]), ("unknown.example", [2, 3])] {
        for asked in asked {
            handled(&cors, &request(host, "https://app.a.example")).await;
            assert_eq!(count.load(Ordering::Relaxed), asked, "{host}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_cache_holds_no_more_tenants_than_its_capacity() {
    let (tenants, _) = counted();
    let tenants = tenants.cached(CacheOptions { capacity: 20, ..CacheOptions::default() });
    let cors = Cors::new(tenants.clone());
    for number in 0..500 {
        handled(&cors, &request(&format!("t{number}.example"), "https://app.a.example")).await;
    }
    assert!(tenants.cached_tenants().await <= 20, "{}", tenants.cached_tenants().await);
}

#[tokio::test(start_paused = true)]
async fn a_name_longer_than_a_kilobyte_is_looked_up_and_not_cached() {
    let tenants = Tenants::new(
        |request| Some(request.path.to_owned()),
        |_| async { Ok::<_, io::Error>(Some(policy("*"))) },
    );
    let cors = Cors::new(tenants.clone());
    for (length, kept) in [(1024, 1), (1025, 1), (10_000, 1)] {
        let path = format!("/{}", "a".repeat(length - 1));
        assert_eq!(
            handled(&cors, &get(&path, "https://app.example")).await.outcome().verdict,
            CorsVerdict::Allowed,
            "{length}"
        );
        assert_eq!(tenants.cached_tenants().await, kept, "{length}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_lookup_uses_the_fallback_policy_if_there_is_one() {
    let blocking = Policy::builder(["https://admin.example"]).enforce(Enforce::Block).build().unwrap();
    let tenants = Tenants::new(by_host, |_| async { Err(io::Error::other("the database is gone")) });
    let cors = Cors::new(tenants.fallback(blocking));
    let post = |origin: &str| Request::post("https://a.example/").header("origin", origin).body(()).unwrap();
    for (origin, step) in
        [("https://admin.example", Action::Forward), ("https://evil.example", Action::Forbid)]
    {
        assert_eq!(handled(&cors, &post(origin)).await.action(), step, "{origin}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_tenant_that_is_forgotten_is_looked_up_again() {
    let (tenants, count) = counted();
    let cors = Cors::new(tenants.clone());
    let ask = async || {
        handled(&cors, &request("a.example", "https://app.a.example")).await;
        handled(&cors, &request("b.example", "https://app.b.example")).await;
        count.load(Ordering::Relaxed)
    };
    assert_eq!(ask().await, 2);
    tenants.forget("a.example").await;
    assert_eq!(ask().await, 3);
    tenants.forget_all();
    assert_eq!(ask().await, 5);
}

#[tokio::test(start_paused = true)]
async fn a_failed_lookup_allows_nothing_and_the_request_is_served() {
    let broken = Tenants::new(by_host, |_| async { Err(io::Error::other("the database is gone")) });
    let silent =
        Tenants::new(by_host, |_| pending::<Result<_, io::Error>>()).timeout(Duration::from_millis(50));
    for (tenants, failure) in [(broken, LookupFailure::Failed), (silent, LookupFailure::TimedOut)] {
        let cors = Cors::new(tenants);
        let handled_request = handled(&cors, &request("a.example", "https://app.a.example")).await;
        assert_eq!(handled_request.outcome().verdict, CorsVerdict::LookupFailed(failure));
        assert_eq!(handled_request.action(), Action::Forward);
        let mut headers = HeaderMap::new();
        headers.insert("access-control-allow-origin", HeaderValue::from_static("*"));
        handled_request.finish(&mut headers);
        assert_eq!((headers.len(), vary(&headers)), (1, "Origin".to_owned()), "{failure:?}");

        let preflight = handled(&cors, &preflight("https://a.example/", "https://app.a.example")).await;
        assert_eq!(
            (preflight.action(), finished(&preflight).len()),
            (Action::AnswerPreflight, 1),
            "{failure:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_is_looked_up_may_have_a_lookup_of_origins_too() {
    let lookup = OriginLookup::future(|query: OriginQuery| async move {
        Ok::<_, io::Error>(query.origin.host() == Some("partner.example"))
    });
    let cors = Cors::builder(counted().0).origins(lookup).build().unwrap();
    for (origin, verdict) in [
        ("https://app.a.example", CorsVerdict::Allowed),
        ("https://partner.example", CorsVerdict::Allowed),
        ("https://evil.example", REFUSED),
    ] {
        assert_eq!(
            handled(&cors, &request("a.example", origin)).await.outcome().verdict,
            verdict,
            "{origin}"
        );
    }
}

#[test]
fn a_write_is_held_back_until_its_policy_is_known() {
    let cors = Cors::new(counted().0);
    let post = Request::post("https://a.example/").body(()).unwrap();
    assert_eq!(pending_decision(&cors, &post).while_pending(), WhilePending::Hold);
    assert_eq!(
        pending_decision(&cors, &request("a.example", "https://app.a.example")).while_pending(),
        WhilePending::Forward
    );
}
