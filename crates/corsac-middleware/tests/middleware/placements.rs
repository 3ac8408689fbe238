//! Which policy decides where, and how that changes while the server runs.

use std::sync::atomic::{AtomicBool, Ordering};

use corsac::server::{PathPrefix, Placed, Placement, PolicyChoice};
use corsac_middleware::{Cors, CorsVerdict, OriginLookup, OriginQuery, PlacementHandle, PolicySource};

use crate::support::{Action, REFUSED, finished, get, now, policy, preflight};

const APP: &str = "https://app.example";
const SHOP: &str = "https://shop.example";

fn at(placement: Placement, path: &str, name: &str, choice: impl Into<PolicyChoice>) -> Placement {
    placement.at(PathPrefix::parse(path).unwrap(), Placed::new(name, choice))
}

fn main_only() -> Placement {
    Placement::new(Placed::new("app", policy(APP)))
}

#[test]
fn the_longest_path_decides_and_the_main_policy_where_there_is_none() {
    let placement = at(main_only(), "/shop", "shop", policy(SHOP));
    let placement = at(placement, "/shop/store", "store", PolicyChoice::Pass);
    let placement = at(placement, "/none", "none", PolicyChoice::NoPolicy);
    let cors = Cors::new(PlacementHandle::new(placement));
    let cases = [
        ("/", "app", CorsVerdict::Allowed, Action::AnswerPreflight),
        ("/shopping", "app", CorsVerdict::Allowed, Action::AnswerPreflight),
        ("/shop", "shop", REFUSED, Action::AnswerPreflight),
        ("/shop/a/b", "shop", REFUSED, Action::AnswerPreflight),
        ("/shop/store/x", "store", CorsVerdict::Pass, Action::Forward),
        ("/none", "none", CorsVerdict::NoPolicy, Action::AnswerPreflight),
        ("/shop/../x", "app", CorsVerdict::Allowed, Action::AnswerPreflight),
    ];
    for (path, name, verdict, step) in cases {
        let request = now(&cors, &get(path, APP));
        assert_eq!((&*request.outcome().policy, request.outcome().verdict), (name, verdict), "{path}");
        assert_eq!(now(&cors, &preflight(path, APP)).action(), step, "{path}");
    }
    assert!(finished(&now(&cors, &get("/shop/store/x", APP))).is_empty(), "it passes");
}

#[test]
fn another_placement_counts_for_requests_that_begin_from_then_on() {
    let handle = PlacementHandle::new(at(main_only(), "/shop", "shop", policy(SHOP)));
    let cors = Cors::new(handle.clone());
    let before = now(&cors, &get("/shop", SHOP));
    handle.swap(at(main_only(), "/store", "store", PolicyChoice::Pass));

    assert_eq!(finished(&before)["access-control-allow-origin"], SHOP, "it began before");
    assert_eq!(now(&cors, &get("/shop", SHOP)).outcome().verdict, REFUSED);
    assert_eq!(now(&cors, &get("/store", SHOP)).outcome().verdict, CorsVerdict::Pass);
    handle.swap(policy(SHOP));
    assert_eq!(now(&cors, &get("/store", SHOP)).outcome().verdict, CorsVerdict::Allowed);
    assert_eq!(now(&cors, &get("/store", SHOP)).outcome().policy, "default");
}

#[test]
fn a_lookup_and_a_report_only_policy_are_the_main_policy_s_of_every_placement() {
    let lookup = || OriginLookup::new(|query: &OriginQuery| query.origin.as_str() == SHOP);
    let handle = PlacementHandle::new(at(main_only(), "/part", "part", policy(APP)));
    let cors = Cors::new(PolicySource::from(handle.clone()).origins(lookup()));
    for round in 0..2 {
        assert_eq!(now(&cors, &get("/", SHOP)).outcome().verdict, CorsVerdict::Allowed, "{round}");
        assert_eq!(now(&cors, &get("/part", SHOP)).outcome().verdict, REFUSED, "{round}");
        handle.swap(at(main_only(), "/part", "part", policy(APP)));
    }
}

#[test]
fn every_request_is_decided_by_one_placement_while_they_are_swapped() {
    // In one everybody may read `/a` and only the app `/b`; in the other it is the reverse.
    let placement =
        |open: &str, closed: &str| at(at(main_only(), open, open, policy("*")), closed, closed, policy(APP));
    let handle = PlacementHandle::new(placement("/a", "/b"));
    let cors = Cors::new(handle.clone());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..500 {
                handle.swap(placement("/b", "/a"));
                handle.swap(placement("/a", "/b"));
            }
            done.store(true, Ordering::Relaxed);
        });
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    for path in ["/a", "/b"] {
                        let request = now(&cors, &get(path, SHOP));
                        let headers = finished(&request);
                        let open =
                            headers.get("access-control-allow-origin").is_some_and(|origin| origin == "*");
                        assert_eq!(request.outcome().verdict == CorsVerdict::Allowed, open, "{path}");
                        assert_eq!(headers.contains_key("vary"), !open, "{path}");
                        assert_eq!(request.outcome().policy, path);
                    }
                }
            });
        }
    });
}
