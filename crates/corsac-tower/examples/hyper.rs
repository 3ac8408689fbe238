//! CORS for a hyper service, without a framework.
//!
//! `cargo run -p corsac-tower --example hyper`

#![allow(clippy::print_stdout, reason = "an example says where it listens")]

use std::convert::Infallible;

use corsac::server::{Policy, Problems};
use corsac_tower::CorsLayer;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower::{Layer, service_fn};

/// Serves connections for as long as the program runs.
pub(crate) async fn serve(listener: TcpListener, policy: Policy) -> Result<(), std::io::Error> {
    let service = CorsLayer::new(policy).layer(service_fn(answer));
    loop {
        let (stream, _) = listener.accept().await?;
        let connection = http1::Builder::new()
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service.clone()));
        tokio::spawn(async move {
            // An error ends this connection only.
            let _ = connection.await;
        });
    }
}

/// Pages of one origin may read and delete, with cookies.
pub(crate) fn policy() -> Result<Policy, Problems> {
    Policy::builder(["https://app.example"]).methods(["DELETE"]).credentials(true).build()
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut response = Response::new(Full::from(format!("{} {}", request.method(), request.uri().path())));
    if request.uri().path() != "/items" {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    Ok(response)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}", listener.local_addr()?);
    serve(listener, policy()?).await?;
    Ok(())
}
