//! The policy in a file, which is read again while the server runs.
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

/// The file's policy, which follows the file for as long as the watch is kept. `told` hears of each change that it is in place, or what is
/// wrong with it; the policy of before then goes on.
pub(crate) fn follow(
    path: &Path,
    every: Duration,
    mut told: impl FnMut(Result<(), String>) + Send + 'static,
) -> Result<(PolicyHandle, Watch), Box<dyn Error>> {
    // The file is read before there is a handle, so the first policy is put in its place below.
    let handle = PolicyHandle::new(Policy::builder([]).build()?);
    let followed = handle.clone();
    let (file, watch) = PolicyFile::watch(path, every, move |changed| {
        told(policy(changed).map(|policy| {
            followed.swap(policy);
        }));
    })
    .map_err(in_lines)?;
    handle.swap(file.policy(NAME)?);
    Ok((handle, watch))
}

/// The policy, or all that is wrong with the file, a line for each problem.
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
    let (handle, _watch) = follow(&path, WATCH_INTERVAL, |told| match told {
        Ok(()) => eprintln!("the new policy is in place"),
        Err(problems) => eprintln!("{problems}\nThe old policy goes on."),
    })?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app(handle)).await?;
    Ok(())
}
