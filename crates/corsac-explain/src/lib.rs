//! What Corsac knows about CORS failures.
//!
//! - [`explain`] says what happened, why, and what to change, with the values of the case. [`entry`] returns the same knowledge as data.
//! - [`console()`] returns the lines that Chromium, Firefox and WebKit print for a failure.
//! - [`policy`] says what the codes of policies mean: problems in a policy, and the reasons for which a policy refuses a request.
//! - [`written_request`] reads what people copy: a curl command, a call of `fetch()`, an `.http` file.
//! - [`findings`](mod@findings) looks for what is fragile or unsafe in an exchange, even one that works.
//! - [`sequence`] tells a fetch as the steps of a sequence diagram, with the rule beside each header line.
//! - [`Secrets`] removes tokens, cookies and signatures from a report.
//!
//! ```
//! use corsac::browser::ReasonCode;
//!
//! let explanation = corsac_explain::describe(ReasonCode::CredentialsWildcard);
//! assert_eq!(explanation.title, "`*` does not allow a request with cookies");
//! ```

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod console;
mod deciding;
pub mod diagnosis;
mod difference;
mod entries;
mod entry;
mod evidence;
mod explain;
mod fact;
mod fill;
pub mod findings;
pub mod glossary;
pub mod har;
mod header_lines;
mod item;
pub mod look_alikes;
mod next_request;
pub mod pasted;
pub mod policy;
mod preflight_answer;
pub mod relevant_headers;
pub mod secrets;
pub mod sequence;
mod stack;
mod values;
pub mod written_request;

pub use console::{console, console_note, console_of, console_warnings};
pub use deciding::{deciding_engine, refused_for_location};
pub use diagnosis::diagnose;
pub use difference::{Difference, differences};
pub use entries::{entries, entry};
pub use entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
pub use evidence::{Controls, Evidence};
pub use explain::{Explanation, Fix, StackLines, describe, explain, usual_causes};
pub use findings::findings;
pub use item::{Item, ItemStage};
pub use next_request::{NextRequest, next_request};
pub use secrets::{Secrets, is_secret_name, is_web_token};

/// Returns the name of the best-known browser with this engine.
///
/// ```
/// assert_eq!(corsac_explain::browser_name(corsac::browser::Engine::WebKit), "Safari");
/// ```
pub fn browser_name(engine: corsac::browser::Engine) -> &'static str {
    match engine {
        corsac::browser::Engine::WebKit => "Safari",
        _ => engine.title(),
    }
}

/// Returns the name of a header in its usual spelling. HTTP/2 and many libraries have it in lower case.
///
/// ```
/// assert_eq!(corsac_explain::spelled("access-control-allow-origin"), "Access-Control-Allow-Origin");
/// assert_eq!(corsac_explain::spelled("etag"), "ETag");
/// ```
pub fn spelled(name: &str) -> String {
    let words = name.split('-').map(|word| match word {
        "www" => "WWW".to_owned(),
        "etag" => "ETag".to_owned(),
        word => capitalized(word),
    });
    words.collect::<Vec<String>>().join("-")
}

/// Returns a text with its first letter in upper case.
///
/// ```
/// assert_eq!(corsac_explain::capitalized("the status is 200"), "The status is 200");
/// assert_eq!(corsac_explain::capitalized("`Vary` is missing"), "`Vary` is missing");
/// ```
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
