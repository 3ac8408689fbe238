//! Reads the CORS part of other servers' configuration: the policy that it amounts to, and notes at the lines of what lets strangers in, has no
//! effect, or cannot be said in a policy.

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod apache;
mod asking;
mod caddy;
mod change;
mod cloudfront;
mod envoy;
mod error;
mod express;
mod expression;
mod files;
mod gateway_api;
mod haproxy;
mod ingress_nginx;
mod istio;
mod kind;
mod nginx;
mod note;
#[cfg(test)]
#[allow(dead_code, reason = "a kind after the other is recorded")]
mod recorded;
mod s3;
mod server;
mod spring;
mod traefik;

pub use error::ImportError;
pub use files::{Include, MOST_BYTES, Source, no_includes};
pub use kind::Kind;
pub use note::NoteKind;

use files::Files;
use server::Server;

/// Reads the files as a server that can be asked.
#[allow(dead_code)]
fn read(kind: Kind, files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let read = match kind {
        Kind::Nginx => nginx::read,
        Kind::Apache => apache::read,
        Kind::Caddy => caddy::read,
        Kind::Haproxy => haproxy::read,
        Kind::Envoy => envoy::read,
        Kind::Traefik => traefik::read,
        Kind::Express => express::read,
        Kind::Spring => spring::read,
        Kind::GatewayApi => gateway_api::read,
        Kind::Istio => istio::read,
        Kind::IngressNginx => ingress_nginx::read,
        Kind::S3 => s3::read,
        Kind::Cloudfront => cloudfront::read,
    };
    read(files)
}
