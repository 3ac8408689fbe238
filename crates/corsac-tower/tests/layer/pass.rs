//! A part whose CORS is the service's own.

use corsac::server::Enforce;
use corsac::server::Policy;
use corsac_tower::{CorsLayer, PolicyChoice, PolicySource, RequestView};
use http::{HeaderMap, Request};
use tower::{Layer, ServiceExt};

use crate::support::{Handler, PAGE, STRANGER};

/// What the service says by itself.
const OWN: &[(&str, &str)] = &[
    ("access-control-allow-origin", STRANGER),
    ("access-control-allow-methods", "PUT"),
    ("access-control-allow-private-network", "true"),
    ("timing-allow-origin", "*"),
    ("cross-origin-resource-policy", "same-site"),
    ("vary", "Accept"),
];

#[tokio::test]
async fn requests_and_responses_pass_untouched_preflights_too() {
    let policy =
        || Policy::builder([PAGE]).credentials(true).timing(true).enforce(Enforce::Block).build().unwrap();
    let by_choice = PolicySource::select({
        let policy = policy();
        move |request: &RequestView<'_>| {
            if request.path.starts_with("/own") { PolicyChoice::Pass } else { policy.clone().into() }
        }
    });
    let layers = [
        (
            "a part",
            CorsLayer::from(CorsLayer::builder(policy()).at("/own", PolicySource::pass()).build().unwrap()),
        ),
        ("a choice", CorsLayer::new(by_choice)),
    ];
    let own: HeaderMap =
        OWN.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
    for (kind, layer) in layers {
        let service = layer.layer(Handler(OWN));
        for method in ["GET", "POST", "DELETE", "OPTIONS"] {
            for origin in [None, Some(PAGE), Some(STRANGER)] {
                let request = |path: &str| {
                    let mut request =
                        Request::builder().method(method).uri(path).header("sec-fetch-site", "cross-site");
                    for (name, value) in [("origin", origin), ("access-control-request-method", Some("PUT"))]
                    {
                        request =
                            value.into_iter().fold(request, |request, value| request.header(name, value));
                    }
                    request.body(()).unwrap()
                };
                let name = format!("{kind}: {method} from {origin:?}");
                let passed = service.clone().oneshot(request("/own/file")).await.unwrap();
                assert_eq!((passed.status().as_u16(), passed.headers()), (200, &own), "{name}");
                let decided = service.clone().oneshot(request("/items")).await.unwrap();
                assert_ne!(decided.headers(), &own, "{name}: elsewhere the policy decides");
            }
        }
    }
}
