//! What Corsac knows about CORS failures.
//!
//! - [`explain`] says what happened, why, and what to change, with the values of the case; [`entry`] is the knowledge behind it, as data.
//! - [`console()`] gives the lines that Chromium, Firefox and WebKit print for a failure.
//! - [`policy`] says what the codes of the server's half mean: what is wrong in a policy, and what a policy refuses.
//! - [`findings`](mod@findings) looks at an exchange that works, for what is fragile or unsafe in it.
//!
//! ```
//! use corsac::browser::ReasonCode;
//!
//! let explanation = corsac_explain::describe(ReasonCode::CredentialsWildcard);
//! assert_eq!(explanation.title, "`*` does not allow a request with cookies");
//! ```

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod console;
pub mod diagnosis;
mod difference;
mod entries;
mod entry;
mod evidence;
mod explain;
mod fact;
mod fill;
pub mod findings;
mod header_lines;
mod next_request;
pub mod policy;
mod preflight_answer;
mod stack;
mod values;

pub use console::{console, console_warnings};
pub use diagnosis::diagnose;
pub use difference::{Difference, differences};
pub use entries::{entries, entry};
pub use entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
pub use evidence::{Controls, Evidence};
pub use explain::{Explanation, Fix, StackLines, describe, explain};
pub use findings::findings;
pub use next_request::{NextRequest, next_request};

/// The name of the browser that people know an engine from.
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

/// The name of a header as people write it. Over HTTP/2, and from many libraries, it comes in lower case.
///
/// ```
/// assert_eq!(corsac_explain::spelled("access-control-allow-origin"), "Access-Control-Allow-Origin");
/// assert_eq!(corsac_explain::spelled("etag"), "ETag");
/// ```
pub fn spelled(name: &str) -> String {
    let words = name.split('-').map(|word| match word {
        "www" => "WWW".to_owned(),
        "etag" => "ETag".to_owned(),
        word => {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect()
        }
    });
    words.collect::<Vec<String>>().join("-")
}

#[cfg(test)]
mod tests;
