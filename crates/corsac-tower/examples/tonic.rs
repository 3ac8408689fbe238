//! CORS for a gRPC server that pages call over gRPC-Web or Connect: the same layer, and the headers that gRPC needs.
//!
//! `cargo run -p corsac-tower --example tonic`

#![allow(clippy::print_stdout, reason = "an example says where it listens")]

use corsac::server::{Policy, Problems};
use corsac_tower::CorsLayer;
use tokio::net::TcpListener;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

/// Serves connections for as long as the program runs. The only service is gRPC's health check; add yours to it.
pub(crate) async fn serve(listener: TcpListener, policy: Policy) -> Result<(), tonic::transport::Error> {
    let (_, health) = tonic_health::server::health_reporter();
    Server::builder()
        .accept_http1(true) // gRPC-Web may use HTTP/1.1
        .layer(CorsLayer::new(policy))
        .add_service(health)
        .serve_with_incoming(TcpIncoming::from(listener))
        .await
}

/// What a gRPC-Web client sends and reads.
pub(crate) fn policy() -> Result<Policy, Problems> {
    Policy::builder(["https://app.example"])
        .request_headers(["content-type", "x-grpc-web", "x-user-agent", "grpc-timeout"])
        .expose_headers(["grpc-status", "grpc-message", "grpc-status-details-bin"])
        .build()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}", listener.local_addr()?);
    serve(listener, policy()?).await?;
    Ok(())
}
