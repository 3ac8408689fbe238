//! A route of an actix-web app, in its own test harness.

use std::hint::black_box;

use actix_http::Request;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::rt::{System, SystemRunner};
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, Error, web};

use super::{Contender, Runner, decision, is_told};
use crate::Cell;
use crate::cases::{Case, Origins, TURNS};

fn actix_cors(origins: Origins) -> actix_cors::Cors {
    let cors = match origins {
        Origins::Exact(_) => origins
            .entries()
            .iter()
            .fold(actix_cors::Cors::default(), |cors, origin| cors.allowed_origin(origin)),
        Origins::Wildcards(_) => {
            let suffixes = origins.suffixes();
            actix_cors::Cors::default().allowed_origin_fn(move |origin, _| {
                let origin = origin.as_bytes();
                origin.starts_with(b"https://")
                    && suffixes.iter().any(|suffix| origin.ends_with(suffix.as_bytes()))
            })
        }
    };
    // It checks the method of each request, and by default answers refused ones with an error.
    cors.allowed_methods(["GET", "PUT"])
        .allowed_headers(["authorization", "content-type"])
        .supports_credentials()
        .max_age(600)
        .block_on_origin_mismatch(false)
}

pub fn runner(cell: Cell) -> Option<Runner> {
    let system = System::new();
    let hello = || web::route().to(async || "hello");
    let app = App::new().route("/", hello());
    match cell.contender {
        Contender::None => Some(drive(system.block_on(init_service(app)), system, cell)),
        Contender::Corsac => {
            let cors = corsac_actix::CorsMiddleware::new(decision::policy(cell.origins));
            Some(drive(system.block_on(init_service(app.wrap(cors))), system, cell))
        }
        Contender::ActixCors => {
            Some(drive(system.block_on(init_service(app.wrap(actix_cors(cell.origins)))), system, cell))
        }
        Contender::CorsacDecision | Contender::TowerHttp => None,
    }
}

fn drive<S, B>(app: S, system: SystemRunner, cell: Cell) -> Runner
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody,
{
    let case = cell.case;
    let origins: Vec<Option<String>> = (0..TURNS).map(|turn| case.origin(cell.origins, turn)).collect();
    Runner::new(move |count| {
        system.block_on(async {
            for turn in 0..count {
                let origin = origins.get(turn % TURNS).and_then(Option::as_deref);
                black_box(app.call(request(case, origin)).await.is_ok());
            }
        });
    })
}

fn request(case: Case, origin: Option<&str>) -> Request {
    let mut request = TestRequest::default();
    if let Some(origin) = origin {
        request = request.insert_header(("origin", origin));
    }
    if case.is_preflight() {
        request = request
            .method(Method::OPTIONS)
            .insert_header(("access-control-request-method", "PUT"))
            .insert_header(("access-control-request-headers", "authorization,content-type"));
    }
    request.to_request()
}

pub fn check(origins: Origins, case: Case) {
    let system = System::new();
    let turn = case.origin(origins, TURNS - 1);
    let told = |response: &HeaderMap| response.contains_key("access-control-allow-origin");
    let ours = system.block_on(async {
        let app = App::new().route("/", web::route().to(async || "hello"));
        let app = init_service(app.wrap(corsac_actix::CorsMiddleware::new(decision::policy(origins)))).await;
        app.call(request(case, turn.as_deref())).await.is_ok_and(|response| told(response.headers()))
    });
    let theirs = system.block_on(async {
        let app =
            init_service(App::new().route("/", web::route().to(async || "hello")).wrap(actix_cors(origins)))
                .await;
        app.call(request(case, turn.as_deref())).await.is_ok_and(|response| told(response.headers()))
    });
    assert_eq!((ours, theirs), (is_told(case), is_told(case)), "{origins:?} {case:?}");
}
