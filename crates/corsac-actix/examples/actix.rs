//! CORS for an actix-web server: one middleware, outermost, which is the last `wrap`.
//!
//! `cargo run -p corsac-actix --example actix`, and then for example
//! `corsac check http://localhost:3000/items --origin https://app.example -X PUT`.

#![allow(clippy::print_stdout, reason = "an example says where it listens")]

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::error::ErrorBadGateway;
use actix_web::{App, HttpMessage, HttpRequest, HttpServer, web};
use corsac::server::{Enforce, Policy, Problems};
use corsac_actix::{Cors, CorsMiddleware, CorsOutcome, PolicyHandle};

/// The server. `handle` holds the policy of everything except `/public`, and can replace it while the server runs.
pub(crate) fn serve(
    listener: TcpListener,
    handle: PolicyHandle,
) -> Result<Server, Box<dyn std::error::Error>> {
    let cors = CorsMiddleware::from(
        Cors::builder(handle)
            .at("/public", Policy::builder(["*"]).build()?)
            .outcome_for_handlers()
            .build()?,
    );
    let server = HttpServer::new(move || {
        App::new()
            .service(
                web::resource("/items")
                    .route(web::get().to(async || "the items"))
                    .route(web::put().to(async || "replaced"))
                    .route(web::post().to(async || "added")),
            )
            .route("/public", web::get().to(async || "for everybody"))
            .route("/outcome", web::get().to(outcome))
            .route("/broken", web::get().to(async || Err::<&str, _>(ErrorBadGateway("the backend is gone"))))
            .route("/number/{number}", web::get().to(async |number: web::Path<u8>| number.to_string()))
            .wrap(cors.clone())
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}

async fn outcome(request: HttpRequest) -> &'static str {
    request.extensions().get::<CorsOutcome>().map_or("none", |outcome| outcome.verdict.as_str())
}

/// The initial policy.
pub(crate) fn policy() -> Result<Policy, Problems> {
    Policy::builder(["https://app.example", "http://localhost:*"])
        .methods(["PUT"])
        .request_headers(["content-type"])
        .enforce(Enforce::Block)
        .build()
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:3000")?;
    println!("http://{}", listener.local_addr()?);
    serve(listener, PolicyHandle::new(policy()?))?.await?;
    Ok(())
}
