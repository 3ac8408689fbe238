//! The policy in a file, which is read again while the server runs.
//!
//! `cargo run -p corsac-tower --example policy_file crates/corsac-tower/examples/corsac.toml`, and then change the file.

#![allow(clippy::print_stdout, reason = "an example says where it listens")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::{Router, routing::get};
use corsac::server::Policy;
use corsac_config::{PolicyFile, ReadError};
use corsac_tower::{CorsLayer, PolicyHandle, PolicySource};

/// `[policy.app]` in the file, and `policy="app"` in logs and counters.
const NAME: &str = "app";

pub(crate) fn app(handle: PolicyHandle) -> Router {
    let cors = CorsLayer::new(PolicySource::from(handle).named(NAME));
    Router::new().route("/items", get("the items")).layer(cors)
}

/// The policy, or all that is wrong with the file, a line for each problem.
pub(crate) fn read(path: &Path) -> Result<Policy, String> {
    let file = PolicyFile::read(path).map_err(|error| match error {
        ReadError::Problems(problems) => problems.lines(),
        ReadError::Io { .. } => error.to_string(),
    })?;
    file.policy(NAME).map_err(|error| error.to_string())
}

/// Puts the file's policy in place, and says whether it is another one. After a mistake in the file the old policy goes on.
pub(crate) fn reload(path: &Path, handle: &PolicyHandle) -> Result<bool, String> {
    let policy = read(path)?;
    Ok(handle.swap(policy.clone()) != policy)
}

/// Looks at the file again and again, and says once what is wrong with it.
async fn follow(path: PathBuf, handle: PolicyHandle) {
    let mut said = String::new();
    let mut ticks = tokio::time::interval(Duration::from_secs(5));
    loop {
        ticks.tick().await;
        match reload(&path, &handle) {
            Ok(changed) => {
                said.clear();
                if changed {
                    eprintln!("{}: the new policy is in place", path.display());
                }
            }
            Err(problems) if problems != said => {
                eprintln!("{problems}\nThe old policy goes on.");
                said = problems;
            }
            Err(_) => {}
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "corsac.toml".to_owned()));
    let handle = PolicyHandle::new(read(&path)?);
    tokio::spawn(follow(path, handle.clone()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app(handle)).await?;
    Ok(())
}
