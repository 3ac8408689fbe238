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

use crate::support::{REFUSED, Step, finished, get, judged, later, now, policy, preflight, vary};

fn by_host(request: &RequestView<'_>) -> Option<String> {
    request.host().map(str::to_ascii_lowercase)
}

/// Tenants whose policy allows `https://app.<host>`; `nobody.example` is none. And how often was asked.
fn counted() -> (Tenants, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let tenants = Tenants::new(by_host, move |host: String| {
        let counter = Arc::clone(&counter);
        async move {
            counter.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok::<_, io::Error>((host != "nobody.example").then(|| policy(&format!("https://app.{host}"))))
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
        ("nobody.example", "https://app.a.example", CorsVerdict::NoPolicy),
    ];
    for (host, origin, verdict) in cases {
        assert_eq!(judged(&cors, &request(host, origin)).await.outcome().verdict, verdict, "{host} {origin}");
    }
    assert_eq!(
        now(&cors, &get("/", "https://app.a.example")).outcome().verdict,
        CorsVerdict::NoPolicy,
        "no key"
    );
}

#[tokio::test(start_paused = true)]
async fn a_hundred_requests_at_once_ask_one_time() {
    let (tenants, count) = counted();
    let cors = Cors::new(tenants);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let cors = cors.clone();
        tasks.spawn(async move {
            judged(&cors, &request("a.example", "https://app.a.example")).await.outcome().verdict
        });
    }
    let verdicts = tasks.join_all().await;
    assert!(verdicts.iter().all(|verdict| *verdict == CorsVerdict::Allowed));
    assert_eq!((verdicts.len(), count.load(Ordering::Relaxed)), (100, 1));
}

#[tokio::test(start_paused = true)]
async fn when_the_request_that_asks_goes_away_another_one_asks_again() {
    let (tenants, count) = counted();
    let cors = Cors::new(tenants);
    let request = request("a.example", "https://app.a.example");
    let mut first = later(&cors, &request);
    let second = later(&cors, &request);
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
async fn that_there_is_no_policy_is_kept_for_a_time_of_its_own() {
    // The cache has a clock of its own, which no test can turn: the times are far apart, and only "not yet" and "long since" are asserted.
    let (tenants, count) = counted();
    let minutes = Duration::from_secs(600);
    let options =
        CacheOptions { capacity: 10, time_to_live: minutes, negative_time_to_live: Duration::from_millis(1) };
    let cors = Cors::new(tenants.cached(options));
    for (host, asked) in [("a.example", [1, 1]), ("nobody.example", [2, 3])] {
        for asked in asked {
            judged(&cors, &request(host, "https://app.a.example")).await;
            assert_eq!(count.load(Ordering::Relaxed), asked, "{host}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_tenants_are_kept_than_the_bound() {
    let (tenants, _) = counted();
    let tenants = tenants.cached(CacheOptions { capacity: 20, ..CacheOptions::default() });
    let cors = Cors::new(tenants.clone());
    for number in 0..500 {
        judged(&cors, &request(&format!("t{number}.example"), "https://app.a.example")).await;
    }
    assert!(tenants.kept().await <= 20, "{}", tenants.kept().await);
}

#[tokio::test(start_paused = true)]
async fn a_name_of_more_than_a_kilobyte_is_looked_up_and_not_kept() {
    let tenants = Tenants::new(
        |request| Some(request.path.to_owned()),
        |_| async { Ok::<_, io::Error>(Some(policy("*"))) },
    );
    let cors = Cors::new(tenants.clone());
    for (length, kept) in [(1024, 1), (1025, 1), (10_000, 1)] {
        let path = format!("/{}", "a".repeat(length - 1));
        assert_eq!(
            judged(&cors, &get(&path, "https://app.example")).await.outcome().verdict,
            CorsVerdict::Allowed,
            "{length}"
        );
        assert_eq!(tenants.kept().await, kept, "{length}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_cannot_be_had_has_a_stand_in_if_there_is_one() {
    let blocking = Policy::builder(["https://admin.example"]).enforce(Enforce::Block).build().unwrap();
    let tenants = Tenants::new(by_host, |_| async { Err(io::Error::other("the database is gone")) });
    let cors = Cors::new(tenants.fallback(blocking));
    let post = |origin: &str| Request::post("https://a.example/").header("origin", origin).body(()).unwrap();
    for (origin, step) in [("https://admin.example", Step::Forward), ("https://evil.example", Step::Forbid)] {
        assert_eq!(judged(&cors, &post(origin)).await.step(), step, "{origin}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_tenant_that_is_forgotten_is_looked_up_again() {
    let (tenants, count) = counted();
    let cors = Cors::new(tenants.clone());
    let ask = async || {
        judged(&cors, &request("a.example", "https://app.a.example")).await;
        judged(&cors, &request("b.example", "https://app.b.example")).await;
        count.load(Ordering::Relaxed)
    };
    assert_eq!(ask().await, 2);
    tenants.forget("a.example").await;
    assert_eq!(ask().await, 3);
    tenants.forget_all();
    assert_eq!(ask().await, 5);
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_cannot_be_had_allows_nothing_and_the_request_is_served() {
    let broken = Tenants::new(by_host, |_| async { Err(io::Error::other("the database is gone")) });
    let silent =
        Tenants::new(by_host, |_| pending::<Result<_, io::Error>>()).timeout(Duration::from_millis(50));
    for (tenants, failure) in [(broken, LookupFailure::Failed), (silent, LookupFailure::TimedOut)] {
        let cors = Cors::new(tenants);
        let judged_request = judged(&cors, &request("a.example", "https://app.a.example")).await;
        assert_eq!(judged_request.outcome().verdict, CorsVerdict::LookupFailed(failure));
        assert_eq!(judged_request.step(), Step::Forward);
        let mut headers = HeaderMap::new();
        headers.insert("access-control-allow-origin", HeaderValue::from_static("*"));
        judged_request.finish(&mut headers);
        assert_eq!((headers.len(), vary(&headers)), (1, "Origin".to_owned()), "{failure:?}");

        let preflight = judged(&cors, &preflight("https://a.example/", "https://app.a.example")).await;
        assert_eq!((preflight.step(), finished(&preflight).len()), (Step::AnswerPreflight, 1), "{failure:?}");
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
        assert_eq!(judged(&cors, &request("a.example", origin)).await.outcome().verdict, verdict, "{origin}");
    }
}

#[test]
fn a_policy_that_is_not_known_yet_might_block_what_changes_something() {
    let cors = Cors::new(counted().0);
    let post = Request::post("https://a.example/").body(()).unwrap();
    assert_eq!(later(&cors, &post).while_pending(), WhilePending::Hold);
    assert_eq!(
        later(&cors, &request("a.example", "https://app.a.example")).while_pending(),
        WhilePending::Forward
    );
}
