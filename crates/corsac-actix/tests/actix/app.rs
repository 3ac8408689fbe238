//! What the middleware does with requests and responses of an app.

use std::io;

use actix_web::body::{MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::error::{ErrorBadRequest, ErrorUnauthorized};
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, Error, HttpResponse, web};
use corsac::server::{Enforce, Policy};
use corsac_actix::{Cors, CorsMiddleware, CorsOutcome, OriginLookup, PolicySource, RequestView, Tenants};
use http::HeaderName;

const PAGE: &str = "https://app.example";
const STRANGER: &str = "https://evil.example";

fn policy() -> Policy {
    Policy::builder([PAGE]).methods(["PUT"]).build().unwrap()
}

fn request(method: &str, path: &str, headers: &[(&'static str, &'static str)]) -> TestRequest {
    let mut request = TestRequest::default().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path);
    for header in headers {
        request = request.append_header(*header);
    }
    request
}

fn lines<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    headers.get_all(name).map(|value| value.to_str().unwrap()).collect()
}

/// Status, headers and body of the app's answer; an error becomes its response, as in a server.
async fn ask<B: MessageBody + 'static>(
    app: &impl Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    request: TestRequest,
) -> (u16, HeaderMap, String) {
    let response = match app.call(request.to_request()).await {
        Ok(response) => response.map_into_boxed_body().into_parts().1,
        Err(error) => error.error_response(),
    };
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = to_bytes(response.into_body()).await.unwrap_or_default();
    (status, headers, String::from_utf8_lossy(&body).into_owned())
}

/// An app of which every part answers `handled`, in one of the ways in which apps answer.
macro_rules! app {
    ($cors:expr) => {
        init_service(
            App::new()
                .route("/fails", web::get().to(async || Err::<&str, _>(ErrorBadRequest("handled"))))
                .route("/own", web::get().to(own))
                .service(web::scope("/inner").wrap_fn(fails).route("", web::get().to(async || "never")))
                .default_service(web::to(async || "handled"))
                .wrap($cors),
        )
        .await
    };
}

fn fails<S>(_: ServiceRequest, _: &S) -> impl Future<Output = Result<ServiceResponse, Error>> + use<S> {
    async { Err(ErrorUnauthorized("handled")) }
}

/// A handler that has CORS and `Vary` headers of its own.
async fn own() -> HttpResponse {
    HttpResponse::Ok()
        .append_header(("access-control-allow-origin", "*"))
        .append_header(("access-control-allow-origin", "https://other.example"))
        .append_header(("access-control-allow-credentials", "true"))
        .append_header(("vary", "Accept"))
        .append_header(("vary", "Cookie"))
        .append_header(("x-own", "kept"))
        .body("handled")
}

#[actix_web::test]
async fn pitfall_30_to_34_vary_is_there_whoever_asks_and_the_app_s_lines_are_kept() {
    let app = app!(CorsMiddleware::new(policy()));
    for origin in
        [&[][..], &[("origin", PAGE)], &[("origin", STRANGER)], &[("origin", PAGE), ("origin", PAGE)]]
    {
        assert_eq!(lines(&ask(&app, request("GET", "/", origin)).await.1, "vary"), ["Origin"], "{origin:?}");
        let (_, headers, _) = ask(&app, request("GET", "/own", origin)).await;
        assert_eq!(lines(&headers, "vary"), ["Accept", "Cookie", "Origin"], "{origin:?}");
        assert_eq!(lines(&headers, "x-own"), ["kept"], "{origin:?}");
    }
}

#[actix_web::test]
async fn pitfall_39_40_and_42_preflights_and_only_they_are_answered_without_the_app() {
    let app = app!(CorsMiddleware::new(policy()));
    let asked = ("access-control-request-method", "PUT");
    for (name, headers, status, body) in [
        ("plain OPTIONS", &[][..], 200, "handled"),
        ("with Origin only", &[("origin", PAGE)], 200, "handled"),
        ("with a method only", &[asked], 200, "handled"),
        ("a preflight", &[("origin", PAGE), asked], 204, ""),
        ("a preflight that is refused", &[("origin", STRANGER), asked], 204, ""),
    ] {
        let seen = ask(&app, request("OPTIONS", "/", headers)).await;
        assert_eq!((seen.0, seen.2.as_str()), (status, body), "{name}");
    }
}

#[actix_web::test]
async fn pitfall_46_every_line_of_a_preflight_is_looked_at() {
    let policy = Policy::builder([PAGE]).request_headers(["x-a", "x-b"]).build().unwrap();
    let app = app!(CorsMiddleware::new(policy));
    let list = "access-control-request-headers";
    for (second, allowed) in [("x-b", vec!["x-a", "x-b"]), ("x-evil", vec!["x-a"])] {
        let headers =
            [("origin", PAGE), ("access-control-request-method", "GET"), (list, "x-a"), (list, second)];
        let (_, headers, _) = ask(&app, request("OPTIONS", "/", &headers)).await;
        assert_eq!(lines(&headers, "access-control-allow-headers"), allowed, "{second}");
    }
}

#[actix_web::test]
async fn pitfall_52_errors_of_handlers_extractors_and_middlewares_carry_the_headers() {
    let app = app!(CorsMiddleware::new(policy()));
    for (path, status) in [("/fails", 400), ("/inner", 401)] {
        let (seen, headers, body) = ask(&app, request("GET", path, &[("origin", PAGE)])).await;
        assert_eq!((seen, body.as_str()), (status, "handled"), "{path}");
        assert_eq!(lines(&headers, "access-control-allow-origin"), [PAGE], "{path}");
        assert_eq!(lines(&headers, "vary"), ["Origin"], "{path}");
    }
}

#[actix_web::test]
async fn pitfall_53_and_54_what_is_refused_is_served_without_permission() {
    let app = app!(CorsMiddleware::new(policy()));
    for method in ["GET", "POST", "DELETE", "BREW"] {
        for (origin, allowed) in [(PAGE, vec![PAGE]), (STRANGER, vec![])] {
            let (status, headers, _) = ask(&app, request(method, "/", &[("origin", origin)])).await;
            assert_eq!(
                (status, lines(&headers, "access-control-allow-origin")),
                (200, allowed),
                "{method} {origin}"
            );
        }
    }
}

#[actix_web::test]
async fn pitfall_55_what_the_app_says_about_cors_is_replaced() {
    let app = app!(CorsMiddleware::new(policy()));
    for (origin, allowed) in [(PAGE, vec![PAGE]), (STRANGER, vec![])] {
        let (_, headers, _) = ask(&app, request("GET", "/own", &[("origin", origin)])).await;
        assert_eq!(lines(&headers, "access-control-allow-origin"), allowed, "{origin}");
        assert!(!headers.contains_key("access-control-allow-credentials"), "{origin}");
    }
}

#[actix_web::test]
async fn of_two_middlewares_the_inner_one_s_headers_stand() {
    let open = Policy::builder(["*"]).build().unwrap();
    let app = init_service(
        App::new()
            .service(web::scope("/inner").wrap_fn(fails).wrap(CorsMiddleware::new(open.clone())))
            .service(web::resource("/open").wrap(CorsMiddleware::new(open)).to(async || "handled"))
            .wrap(CorsMiddleware::new(policy())),
    )
    .await;
    for (path, status) in [("/open", 200), ("/inner/any", 401)] {
        let (seen, headers, _) = ask(&app, request("GET", path, &[("origin", STRANGER)])).await;
        assert_eq!((seen, lines(&headers, "access-control-allow-origin")), (status, vec!["*"]), "{path}");
        assert_eq!(lines(&headers, "vary"), [""; 0], "{path}");
    }
}

#[actix_web::test]
async fn a_blocked_request_never_reaches_the_app() {
    let blocking = Policy::builder([PAGE]).enforce(Enforce::Block).build().unwrap();
    let app = app!(CorsMiddleware::new(blocking));
    for (name, headers, status) in [
        ("a stranger", &[("origin", STRANGER), ("host", "api.example")][..], 403),
        ("the same origin", &[("origin", "https://api.example"), ("host", "api.example")], 200),
        ("an allowed page", &[("origin", PAGE), ("host", "api.example")], 200),
        ("no browser", &[], 200),
    ] {
        let (seen, headers, body) = ask(&app, request("POST", "/", headers)).await;
        assert_eq!(seen, status, "{name}");
        assert_eq!(lines(&headers, "vary"), ["Origin"], "{name}");
        if status == 403 {
            assert!(body.starts_with("Forbidden: "), "{body}");
            assert_eq!(lines(&headers, "content-type"), ["text/plain; charset=utf-8"]);
        }
    }
}

#[actix_web::test]
async fn a_policy_is_selected_by_app_data_and_by_any_header() {
    #[derive(Clone)]
    struct Tenant(Policy);

    let by_header = policy();
    let source = PolicySource::select(move |request: &RequestView<'_>| {
        let tenant = request.extensions.get::<Tenant>().map(|tenant| tenant.0.clone());
        tenant.or_else(|| request.headers.contains_key("x-tenant").then(|| by_header.clone()))
    });
    let cors = CorsMiddleware::new(source.reads([HeaderName::from_static("x-tenant")])).extensions_from(
        |request, extensions| {
            if let Some(tenant) = request.app_data::<Tenant>() {
                extensions.insert(tenant.clone());
            }
        },
    );
    let with_data = init_service(
        App::new()
            .app_data(Tenant(Policy::builder([STRANGER]).build().unwrap()))
            .default_service(web::to(async || "handled"))
            .wrap(cors.clone()),
    )
    .await;
    let without = app!(cors);
    let by_data = ask(&with_data, request("GET", "/", &[("origin", STRANGER)])).await;
    assert_eq!(lines(&by_data.1, "access-control-allow-origin"), [STRANGER]);
    let by_header = ask(&without, request("GET", "/", &[("origin", PAGE), ("x-tenant", "acme")])).await;
    assert_eq!(lines(&by_header.1, "access-control-allow-origin"), [PAGE]);
    let neither = ask(&without, request("GET", "/own", &[("origin", PAGE)])).await;
    assert_eq!(lines(&neither.1, "access-control-allow-origin"), ["*", "https://other.example"], "untouched");
}

#[actix_web::test]
async fn lookups_of_origins_and_policies_work_too() {
    let lookup = || {
        OriginLookup::future(|query| async move {
            Ok::<_, io::Error>(query.origin.host() == Some("tenant.example"))
        })
    };
    let by_host = Tenants::new(
        |request| request.host().map(str::to_owned),
        |_| async { Ok::<_, io::Error>(Some(policy())) },
    );
    let tenant = "https://tenant.example";
    let apps = [
        ("an origin", CorsMiddleware::from(Cors::builder(policy()).origins(lookup()).build().unwrap())),
        (
            "an origin, before the app",
            CorsMiddleware::from(
                Cors::builder(policy()).origins(lookup()).outcome_for_handlers().build().unwrap(),
            ),
        ),
        (
            "a policy, and an origin",
            CorsMiddleware::from(Cors::builder(by_host).origins(lookup()).build().unwrap()),
        ),
    ];
    for (name, cors) in apps {
        let app = app!(cors);
        for (origin, allowed) in [(tenant, vec![tenant]), (PAGE, vec![PAGE]), (STRANGER, vec![])] {
            let headers = [("origin", origin), ("host", "api.example")];
            for (method, path, status) in
                [("GET", "/", 200), ("POST", "/", 200), ("GET", "/fails", 400), ("GET", "/inner", 401)]
            {
                let (seen, headers, body) = ask(&app, request(method, path, &headers)).await;
                assert_eq!(
                    (seen, body.as_str()),
                    (status, "handled"),
                    "{name}: {method} {path} from {origin}"
                );
                assert_eq!(
                    lines(&headers, "access-control-allow-origin"),
                    allowed,
                    "{name}: {method} {path} from {origin}"
                );
            }
            let preflight = [headers[0], headers[1], ("access-control-request-method", "PUT")];
            let (seen, headers, _) = ask(&app, request("OPTIONS", "/", &preflight)).await;
            assert_eq!(
                (seen, lines(&headers, "access-control-allow-origin")),
                (204, allowed),
                "{name}: preflight from {origin}"
            );
        }
    }
}

#[actix_web::test]
async fn a_handler_reads_the_outcome() {
    use actix_web::HttpMessage;
    let app = init_service(
        App::new()
            .default_service(web::to(async |request: actix_web::HttpRequest| {
                request.extensions().get::<CorsOutcome>().map_or("none", |outcome| outcome.verdict.as_str())
            }))
            .wrap(CorsMiddleware::from(Cors::builder(policy()).outcome_for_handlers().build().unwrap())),
    )
    .await;
    for (origin, verdict) in [(PAGE, "allowed"), (STRANGER, "refused")] {
        assert_eq!(ask(&app, request("GET", "/", &[("origin", origin)])).await.2, verdict);
    }
}
