//! What other libraries got wrong: the numbers are those of our collection of pitfalls.

use std::time::Duration;

use corsac::server::Policy;
use corsac_tower::{Cors, CorsLayer, OriginLookup, OriginQuery, PolicySource};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use tower::{Layer, ServiceExt, service_fn};

use crate::support::{Handler, PAGE, STRANGER, ask, get, lines, policy, preflight, request};

const PLAIN: Handler = Handler(&[]);

#[tokio::test]
async fn pitfall_30_and_31_a_list_of_origins_is_in_vary_whoever_asks() {
    let layer = CorsLayer::new(policy());
    let requests = [
        ("allowed", get(PAGE)),
        ("refused", get(STRANGER)),
        ("null", get("null")),
        ("malformed", get("nonsense")),
        ("several", request("GET", &[("origin", PAGE), ("origin", PAGE)])),
        ("without Origin", request("GET", &[])),
    ];
    for (name, request) in requests {
        let response = ask(&layer, PLAIN, request).await;
        assert_eq!(lines(response.headers(), "vary"), ["Origin"], "{name}");
    }
}

#[tokio::test]
async fn pitfall_32_a_lookup_that_says_no_is_in_vary_too() {
    let lookup = || OriginLookup::future(|_| async { Ok::<_, std::io::Error>(false) });
    for (name, lookup) in [("at once", OriginLookup::new(|_| false)), ("that takes time", lookup())] {
        let layer = CorsLayer::from(Cors::builder(policy()).origins(lookup).build().unwrap());
        let response = ask(&layer, PLAIN, get(STRANGER)).await;
        assert_eq!(lines(response.headers(), "vary"), ["Origin"], "{name}");
    }
}

#[tokio::test]
async fn pitfall_33_34_and_35_the_service_s_vary_is_kept_line_by_line_and_nothing_doubled() {
    let cases: [(&str, Handler, &[&str]); 5] = [
        ("none", Handler(&[]), &["Origin"]),
        ("another name", Handler(&[("vary", "Accept-Encoding")]), &["Accept-Encoding", "Origin"]),
        ("two lines", Handler(&[("vary", "Accept"), ("vary", "Cookie")]), &["Accept", "Cookie", "Origin"]),
        ("there already", Handler(&[("vary", "accept, origin")]), &["accept, origin"]),
        ("everything", Handler(&[("vary", "*")]), &["*"]),
    ];
    let layer = CorsLayer::new(policy());
    for (name, handler, vary) in cases {
        let response = ask(&layer, handler, get(PAGE)).await;
        assert_eq!(lines(response.headers(), "vary"), vary, "{name}");
    }
}

#[tokio::test]
async fn pitfall_36_vary_names_no_more_than_the_policy_looks_at() {
    let open = Policy::builder(["*"]).build().unwrap();
    let response = ask(&CorsLayer::new(open), PLAIN, get(PAGE)).await;
    assert_eq!(lines(response.headers(), "vary"), [""; 0], "everybody gets the same response");
    let response = ask(&CorsLayer::new(policy()), PLAIN, get(PAGE)).await;
    assert_eq!(lines(response.headers(), "vary"), ["Origin"]);
}

#[tokio::test]
async fn pitfall_37_and_38_what_a_choice_depends_on_is_in_vary_for_preflights_too() {
    let chosen = policy();
    let source = PolicySource::select(move |request| request.headers.get("x-tenant").map(|_| chosen.clone()));
    let layer = CorsLayer::new(source.reads([HeaderName::from_static("x-tenant")]));
    let with_tenant = request("GET", &[("origin", PAGE), ("x-tenant", "acme")]);
    assert_eq!(lines(ask(&layer, PLAIN, with_tenant).await.headers(), "vary"), ["Origin", "x-tenant"]);
    let three = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    let response = ask(&layer, PLAIN, preflight(PAGE, "PUT")).await;
    assert_eq!(lines(response.headers(), "vary"), [three, "x-tenant"]);
}

#[tokio::test]
async fn pitfall_39_and_40_options_that_is_no_preflight_goes_to_the_service() {
    let asked = ("access-control-request-method", "PUT");
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], bool);
    let cases: [Row<'_>; 4] = [
        ("plain OPTIONS", &[], true),
        ("with Origin only", &[("origin", PAGE)], true),
        ("with a method only", &[asked], true),
        ("a preflight", &[("origin", PAGE), asked], false),
    ];
    let layer = CorsLayer::new(policy());
    for (name, headers, handled) in cases {
        let response = ask(&layer, PLAIN, request("OPTIONS", headers)).await;
        assert_eq!(response.body() == "handled", handled, "{name}");
        assert_eq!(
            response.status(),
            if handled { StatusCode::OK } else { StatusCode::NO_CONTENT },
            "{name}"
        );
    }
}

#[tokio::test]
async fn pitfall_42_no_preflight_reaches_the_service_whatever_is_decided() {
    let layers = [
        ("a policy", CorsLayer::new(policy())),
        ("no policy", CorsLayer::new(PolicySource::select(|_| None))),
        (
            "a lookup",
            CorsLayer::from(
                Cors::builder(policy())
                    .origins(OriginLookup::future(|_| async { Err::<bool, _>("broken") }))
                    .build()
                    .unwrap(),
            ),
        ),
    ];
    for (name, layer) in layers {
        for (origin, method) in
            [(PAGE, "PUT"), (PAGE, "DELETE"), (STRANGER, "PUT"), ("nonsense", "PUT"), (PAGE, "a b")]
        {
            let response = ask(&layer, PLAIN, preflight(origin, method)).await;
            assert_eq!(
                (response.status(), response.body().as_str()),
                (StatusCode::NO_CONTENT, ""),
                "{name}: {origin} {method}"
            );
        }
    }
}

#[tokio::test]
async fn pitfall_43_inside_of_the_layer_authentication_sees_no_preflight() {
    let authenticated = tower::layer::layer_fn(|inner: Handler| {
        service_fn(move |request: http::Request<()>| {
            let inner = inner.clone();
            async move {
                if request.headers().contains_key("authorization") {
                    return inner.oneshot(request).await;
                }
                let mut refusal = Response::new("log in first".to_owned());
                *refusal.status_mut() = StatusCode::UNAUTHORIZED;
                Ok(refusal)
            }
        })
    });
    let service =
        tower::ServiceBuilder::new().layer(CorsLayer::new(policy())).layer(authenticated).service(PLAIN);
    let preflight = service.clone().oneshot(preflight(PAGE, "PUT")).await.unwrap();
    assert_eq!(preflight.status(), StatusCode::NO_CONTENT);
    let response = service.oneshot(get(PAGE)).await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.headers()["access-control-allow-origin"], PAGE, "and script can read that it is 401");
}

#[tokio::test]
async fn pitfall_51_a_stranger_learns_nothing_about_the_policy() {
    let policy = Policy::builder([PAGE])
        .methods(["PUT", "DELETE"])
        .request_headers(["x-secret-header"])
        .expose_headers(["x-internal"])
        .credentials(true)
        .build()
        .unwrap();
    let layer = CorsLayer::new(policy);
    for request in [get(STRANGER), get("null"), preflight(STRANGER, "PUT"), preflight("null", "DELETE")] {
        let response = ask(&layer, PLAIN, request.clone()).await;
        let names: Vec<&str> = response.headers().keys().map(HeaderName::as_str).collect();
        assert_eq!(names, ["vary"], "{request:?}");
    }
}

#[tokio::test]
async fn pitfall_53_a_request_that_is_refused_is_served_without_permission() {
    let layer = CorsLayer::new(policy());
    for method in ["GET", "POST", "PUT", "DELETE"] {
        let response = ask(&layer, PLAIN, request(method, &[("origin", STRANGER)])).await;
        assert_eq!((response.status(), response.body().as_str()), (StatusCode::OK, "handled"), "{method}");
        assert!(!response.headers().contains_key("access-control-allow-origin"), "{method}");
    }
}

#[tokio::test]
async fn pitfall_54_the_methods_of_a_policy_are_about_preflights_not_about_responses() {
    let layer = CorsLayer::new(policy()); // PUT
    for method in ["GET", "POST", "PUT", "DELETE", "OPTIONS", "BREW"] {
        let response = ask(&layer, PLAIN, request(method, &[("origin", PAGE)])).await;
        assert_eq!(lines(response.headers(), "access-control-allow-origin"), [PAGE], "{method}");
    }
}

#[tokio::test]
async fn pitfall_55_what_the_service_says_about_cors_is_replaced_not_doubled() {
    let handler = Handler(&[
        ("access-control-allow-origin", "*"),
        ("access-control-allow-origin", "https://other.example"),
        ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", "x-own"),
    ]);
    let layer = CorsLayer::new(policy());
    let cases: [(&str, _, &[&str]); 4] = [
        ("allowed", get(PAGE), &[PAGE]),
        ("refused", get(STRANGER), &[]),
        ("without Origin", request("GET", &[]), &[]),
        ("several Origin lines", request("GET", &[("origin", PAGE), ("origin", STRANGER)]), &[]),
    ];
    for (name, request, allowed) in cases {
        let response = ask(&layer, handler.clone(), request).await;
        assert_eq!(lines(response.headers(), "access-control-allow-origin"), allowed, "{name}");
        assert!(!response.headers().contains_key("access-control-allow-credentials"), "{name}");
        assert!(!response.headers().contains_key("access-control-expose-headers"), "{name}");
    }
}

#[tokio::test]
async fn pitfall_56_a_response_that_an_outer_layer_changes_leaves_no_trace_in_the_next_one() {
    let layer = CorsLayer::new(policy());
    let mut first = ask(&layer, PLAIN, get(PAGE)).await;
    for (_, value) in first.headers_mut().iter_mut() {
        value.set_sensitive(true);
        *value = HeaderValue::from_static("changed");
    }
    let second = ask(&layer, PLAIN, get(PAGE)).await;
    assert_eq!(lines(second.headers(), "access-control-allow-origin"), [PAGE]);
    assert!(second.headers().values().all(|value| !value.is_sensitive()));
}

#[tokio::test(start_paused = true)]
async fn pitfall_59_a_lookup_and_the_service_take_their_time_together() {
    let slow = service_fn(async |_: http::Request<()>| {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Ok::<_, std::io::Error>(Response::new("slow".to_owned()))
    });
    let lookup = |milliseconds| {
        OriginLookup::future(move |query: OriginQuery| async move {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            Ok::<_, std::io::Error>(query.origin.host() == Some("tenant.example"))
        })
    };
    for (lookup_time, together) in [(50, 100), (100, 100), (150, 150)] {
        let layer = CorsLayer::from(Cors::builder(policy()).origins(lookup(lookup_time)).build().unwrap());
        let start = tokio::time::Instant::now();
        let response = layer.layer(slow).oneshot(get("https://tenant.example")).await.unwrap();
        assert_eq!(start.elapsed(), Duration::from_millis(together), "a lookup of {lookup_time} ms");
        assert_eq!(lines(response.headers(), "access-control-allow-origin"), ["https://tenant.example"]);
    }
}

#[tokio::test]
async fn pitfall_61_a_path_has_one_policy_and_it_is_the_longest() {
    let layer = CorsLayer::from(
        Cors::builder(policy()).at("/items/public", Policy::builder(["*"]).build().unwrap()).build().unwrap(),
    );
    for (path, allowed) in [
        ("/items", None),
        ("/items/public/1", Some("*")),
        ("/items/PUBLIC", None),
        ("/items/public%2f1", None),
    ] {
        let mut request = get(STRANGER);
        *request.uri_mut() = path.parse().unwrap();
        let response = ask(&layer, PLAIN, request).await;
        assert_eq!(
            lines(response.headers(), "access-control-allow-origin").first().copied(),
            allowed,
            "{path}"
        );
    }
}
