//! `corsac check --suite`: what must hold, in CI.

mod escaped;
#[cfg(unix)]
mod in_ci;
mod mistakes;
mod openapi;
mod outcomes;
mod recorded;

use crate::command::{Run, corsac};
use crate::policy::TextFile;
use crate::server::{Server, response};

/// Runs a suite. `{server}` in it is the server's URL without a path.
pub(crate) fn suite(server: &Server, text: &str, arguments: &[&str]) -> Run {
    let file =
        TextFile::new("corsac.suite.toml", text.replace("{server}", server.url("").trim_end_matches('/')));
    corsac(["check", "--suite", file.path()].iter().chain(arguments))
}

/// Allows one origin, with a header that it exposes and one that it does not, and allows DELETE at `/items` only.
pub(crate) fn api() -> Server {
    Server::new(|request| {
        let is_ours = request.header("origin") == Some("http://app.example");
        match (is_ours, request.is_preflight(), request.target.as_str()) {
            (true, true, "/items") => response(
                204,
                &["Access-Control-Allow-Origin: http://app.example", "Access-Control-Allow-Methods: DELETE"],
            ),
            (true, true, _) => response(204, &["Access-Control-Allow-Origin: http://app.example"]),
            (true, false, _) => response(
                200,
                &[
                    "Access-Control-Allow-Origin: http://app.example",
                    "Access-Control-Expose-Headers: ETag",
                    "ETag: \"1\"",
                    "X-Hidden: 1",
                    "Vary: Origin",
                ],
            ),
            (false, _, _) => response(200, &["Vary: Origin"]),
        }
    })
}

/// A suite that holds for [`api`].
pub(crate) const HOLDS: &str = r#"
[defaults]
origin = "http://app.example"
base = "{server}"

[[case]]
name = "the app reads items"
url = "/items"
expect = "readable"
readable-headers = ["ETag"]
status = 200

[[matrix]]
name = "strangers are refused"
origins = ["http://evil.example", "null"]
methods = ["GET", "DELETE"]
urls = ["/items", "/admin"]
expect = "blocked"
preflight-only = "unsafe"

[[case]]
name = "the app may delete items"
url = "/items"
method = "DELETE"
preflight-only = true
expect = "allowed"
"#;
