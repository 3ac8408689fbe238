//! The two halves of the CORS protocol for a page on which people play with them: JSON in, JSON out.
//!
//! - [`play`] runs a request of a page against answers that somebody wrote, or against a policy, as Chromium, Firefox and WebKit would.
//! - [`share`] removes the secrets of a request, so that it can be put into a link or a file.
//! - [`PRESETS`] are requests and answers to start from.
//!
//! The same functions are exported to JavaScript if the crate is compiled for `wasm32-unknown-unknown`. Nothing here sends anything, and no
//! input panics: a request that cannot be played is an `error` in the result.
//!
//! ```
//! let played = corsac_wasm::play(
//!     r#"{
//!         "request": { "url": "https://api.example.com/orders", "origin": "https://app.example.com" },
//!         "answers": { "request": { "status": 200, "headers": "Content-Type: application/json" } }
//!     }"#,
//! );
//! let played: serde_json::Value = serde_json::from_str(&played).unwrap();
//! assert_eq!(played["verdict"], "blocked");
//! assert_eq!(played["code"], "allow-origin-missing");
//! ```

mod answer_marks;
mod answers;
mod button;
mod engines;
mod error;
mod given;
mod header_lines;
mod marks;
mod policy;
mod print;
mod reader;
mod request;
mod request_marks;
mod share;
#[cfg(target_arch = "wasm32")]
#[expect(unreachable_pub, reason = "wasm-bindgen exports what is `pub`")]
mod web;
mod words;

pub use share::share;

use engines::Played;
use error::Problem;
use given::Play;

/// The presets of the page, as a JSON array: requests and answers to start from, and pages to read. Each has an `id`, a `group` and a `title`.
/// One to play has `play`, and what [`play`] says about it (`expect`). One to read has the `code` that `corsac explain` knows, in `read`.
///
/// ```
/// let presets: serde_json::Value = serde_json::from_str(corsac_wasm::PRESETS).unwrap();
/// assert!(presets.as_array().unwrap().iter().any(|preset| preset["id"] == "trailing-slash"));
/// ```
pub const PRESETS: &str = include_str!("presets.json");

/// The most bytes that a request and its answers may have together.
pub(crate) const MOST_BYTES: usize = 256 * 1024;

/// Plays a request, and returns what the browsers do as JSON: the schema `corsac.play/1`.
///
/// If something in it is wrong, the result has `error` with the field, the line where there is one, and a message.
///
/// ```
/// let played: serde_json::Value = serde_json::from_str(&corsac_wasm::play("?")).unwrap();
/// assert_eq!(played["error"]["message"], "This is not JSON: expected value at line 1 column 1.");
/// ```
pub fn play(text: &str) -> String {
    let printed = read_and_run(text).map_or_else(
        |problem| serde_json::json!({ "schema": print::SCHEMA, "error": problem.to_json() }),
        |(play, played)| print::print(&play, &played),
    );
    printed.to_string()
}

fn read_and_run(text: &str) -> Result<(Play, Played), Problem> {
    let play = Play::read(text)?;
    let played = engines::run(&play)?;
    Ok((play, played))
}

#[cfg(test)]
mod tests;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
