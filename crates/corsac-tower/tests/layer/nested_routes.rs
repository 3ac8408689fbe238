//! A layer inside of axum's `nest`, which removes the prefix from the URI.

use axum::Router;
use axum::body::Body;
use axum::extract::OriginalUri;
use axum::routing::get;
use corsac_tower::{CorsLayer, PolicySource, RequestView};
use http::Request;
use tower::ServiceExt;

use crate::support::{PAGE, policy};

/// Allows only requests whose path, as the layer sees it, is this one.
fn only_at(path: &'static str) -> CorsLayer {
    let policy = policy();
    CorsLayer::new(PolicySource::select(move |request: &RequestView<'_>| {
        (request.path == path).then(|| policy.clone())
    }))
}

#[tokio::test]
async fn path_from_finds_the_whole_path() {
    let whole =
        |layer: CorsLayer| layer.path_from(|extensions| Some(extensions.get::<OriginalUri>()?.path()));
    let cases = [
        ("the rest of the path, by default", only_at("/me"), true),
        ("not the whole path, by default", only_at("/api/me"), false),
        ("the whole path", whole(only_at("/api/me")), true),
        ("not the rest of it", whole(only_at("/me")), false),
        ("the URI's path, where the extensions have none", only_at("/me").path_from(|_| None), true),
    ];
    for (name, layer, allowed) in cases {
        let app = Router::new().nest("/api", Router::new().route("/me", get("it is you")).layer(layer));
        let request = Request::get("/api/me?x=1").header("origin", PAGE).body(Body::empty()).unwrap();
        let response = app.oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200, "{name}");
        assert_eq!(response.headers().contains_key("access-control-allow-origin"), allowed, "{name}");
    }
}
