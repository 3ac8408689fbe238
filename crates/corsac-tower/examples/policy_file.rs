//! A policy from a file, which is read again when the file changes.
//!
//! `cargo run -p corsac-tower --example policy_file crates/corsac-tower/examples/corsac.toml`, and then change the file.

#![allow(clippy::print_stdout, reason = "an example says where it listens")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::{Router, routing::get};
use corsac::server::Policy;
use corsac_config::{PolicyFile, ReadError, WATCH_INTERVAL, Watch};
use corsac_tower::{CorsLayer, PolicyHandle, PolicySource};

/// `[policy.app]` in the file, and `policy="app"` in logs and counters.
const NAME: &str = "app";

pub(crate) fn app(handle: PolicyHandle) -> Router {
    let cors = CorsLayer::new(PolicySource::from(handle).named(NAME));
    Router::new().route("/items", get("the items")).layer(cors)
}

/// Returns a handle whose policy follows the file until the [`Watch`] is dropped. For each change of the file, `report` is called with `Ok` if the
/// new policy is in use, or with the problems if the old one stays in use.
pub(crate) fn follow(
    path: &Path,
    every: Duration,
    mut report: impl FnMut(Result<(), String>) + Send + 'static,
) -> Result<(PolicyHandle, Watch), Box<dyn Error>> {
    // `watch` needs the handle and returns the first policy, which replaces this empty one below.
    let handle = PolicyHandle::new(Policy::builder([]).build()?);
    let followed = handle.clone();
    let (file, watch) = PolicyFile::watch(path, every, move |changed| {
        report(policy(changed).map(|policy| {
            followed.swap(policy);
        }));
    })
    .map_err(in_lines)?;
    handle.swap(file.policy(NAME)?);
    Ok((handle, watch))
}

/// Returns the policy, or all problems of the file, one a line.
fn policy(file: Result<PolicyFile, ReadError>) -> Result<Policy, String> {
    file.map_err(in_lines)?.policy(NAME).map_err(|error| error.to_string())
}

fn in_lines(error: ReadError) -> String {
    match error {
        ReadError::Problems(problems) => problems.lines(),
        ReadError::Io { .. } => error.to_string(),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "corsac.toml".to_owned()));
    let (handle, _watch) = follow(&path, WATCH_INTERVAL, |changed| match changed {
        Ok(()) => eprintln!("the new policy is in use"),
        Err(problems) => eprintln!("{problems}\nThe old policy stays in use."),
    })?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app(handle)).await?;
    Ok(())
}
