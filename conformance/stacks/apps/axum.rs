// Any path; its last segment decides, as in backend.py. `cors` is the compiled file.
use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

mod cors;

const OWN: [(&str, &str); 7] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-credentials", "true"),
    ("access-control-allow-methods", "GET, PUT, TRACE"),
    ("access-control-allow-headers", "x-own"),
    ("access-control-max-age", "86400"),
    ("access-control-expose-headers", "X-Own"),
    ("cross-origin-resource-policy", "cross-origin"),
];

async fn answer(uri: Uri) -> Response {
    let last = uri.path().rsplit('/').next().unwrap_or_default();
    match last {
        "401" | "413" | "500" | "502" => StatusCode::from_bytes(last.as_bytes()).unwrap().into_response(),
        "redirect" => (StatusCode::FOUND, [("location", "items")]).into_response(),
        "items" => "here\n".into_response(),
        "own" => {
            let own = OWN.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            (own.collect::<HeaderMap>(), "here\n").into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

#[tokio::main]
async fn main() {
    let port = std::env::args().nth(1).unwrap();
    let cors = cors::cors().unwrap();
    let app = Router::new().fallback(answer).layer(cors);
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
