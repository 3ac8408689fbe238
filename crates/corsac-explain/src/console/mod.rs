//! What browsers print in their consoles: the messages as templates, and the lines for a refusal.
//!
//! The messages are data (`Template`). Tests hold [`pasted`](crate::pasted), which recognizes them, against this table. Current messages
//! were printed by Chromium 156, Firefox ESR 153.7 and WebKitGTK 2.50.6, unless a comment says otherwise.

mod chromium;
mod firefox;
mod webkit;

use std::borrow::Cow;

use corsac::browser::{
    CompletedExchange, Engine, Fetched, Outcome, ReasonCode, Refusal, Request, ResponseTainting,
};
use url::Url;

use crate::fill::fill;

/// Returns the lines that a browser prints about a fetch: those of [`console`] if it refuses, and otherwise those of [`console_warnings`].
///
/// ```
/// use std::time::Duration;
/// use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead};
/// use corsac::origin::Origin;
///
/// let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
/// let fetch = Fetch::new(request.clone(), Engine::Firefox.profile());
/// let fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |_| Ok(ResponseHead::new(200, [("Vary", "Origin")])));
/// assert!(corsac_explain::console_of(Engine::Firefox, &fetched, &request)[0].contains("‘Access-Control-Allow-Origin’ missing"));
/// ```
pub fn console_of(engine: Engine, fetched: &Fetched, request: &Request) -> Vec<String> {
    match &fetched.outcome {
        Outcome::Refused(refusal) => console(engine, refusal, request),
        Outcome::Readable(_) | Outcome::Opaque(_) => console_warnings(engine, request, &fetched.exchanges),
    }
}

/// Returns the lines that a browser prints for a refusal, in its order, without those that only repeat that a load failed. Returns none for
/// [`Engine::Spec`], and if the browser prints nothing or its lines are not known.
///
/// Returns none for what elements and other interfaces load: their lines are not known yet.
///
/// If a browser prints nothing but the exception of the script's promise, that is the line: `TypeError: Failed to fetch`.
///
/// ```
/// use corsac::browser::{Client, Engine, Reason, Refusal, RequestInit, Stage};
/// use corsac::origin::Origin;
///
/// let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let url = url::Url::parse("https://api.example/").unwrap();
/// let request = RequestInit::new(url.clone(), page).build().unwrap();
/// let mut refusal = Refusal::new(Stage::Request, url, "https://app.example", Reason::AllowOriginMissing);
/// refusal.status = Some(200);
///
/// assert_eq!(corsac_explain::console(Engine::Firefox, &refusal, &request), [
///     "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/. \
///      (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.",
/// ]);
/// ```
pub fn console(engine: Engine, refusal: &Refusal, request: &Request) -> Vec<String> {
    if request.init().api.load().is_some() {
        return Vec::new();
    }
    match engine {
        Engine::Chromium => chromium::lines(refusal, request),
        Engine::Firefox => firefox::lines(refusal, request),
        Engine::WebKit => webkit::lines(refusal, request),
        _ => Vec::new(),
    }
}

/// Returns what a browser prints about a request that succeeds: Firefox warns if only `*` covers `Authorization`.
///
/// ```
/// use corsac::browser::{Client, Engine, RequestInit};
/// use corsac::origin::Origin;
///
/// let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let request = RequestInit::new(url::Url::parse("https://api.example/").unwrap(), page).build().unwrap();
/// assert!(corsac_explain::console_warnings(Engine::Firefox, &request, &[]).is_empty());
/// ```
pub fn console_warnings(engine: Engine, request: &Request, exchanges: &[CompletedExchange]) -> Vec<String> {
    match engine {
        Engine::Firefox => firefox::warnings(request, exchanges),
        _ => Vec::new(),
    }
}

/// Returns a note to print after a console line, outside the browser's own text, if the line ends in the middle of a sentence.
///
/// WebKit prints such a line for mixed content at a loopback address. Without the note it looks as if Corsac had cut it off.
///
/// ```
/// let line = "[blocked] The page at https://app.example/ requested insecure content from http://127.0.0.1/. \
///             This content was blocked and must";
/// assert_eq!(corsac_explain::console_note(line), Some("[WebKit's message ends here]"));
/// assert_eq!(corsac_explain::console_note("TypeError: Load failed"), None);
/// ```
pub fn console_note(line: &str) -> Option<&'static str> {
    line.ends_with(webkit::CUT_OFF).then_some("[WebKit's message ends here]")
}

/// Returns every template of an engine: the current ones first, then those of older versions, which people still paste.
#[cfg_attr(not(test), expect(dead_code, reason = "tests hold the reader of pastes against the whole table"))]
fn templates(engine: Engine) -> impl Iterator<Item = &'static Template> {
    let templates: &[&Template] = match engine {
        Engine::Chromium => chromium::TEMPLATES,
        Engine::Firefox => firefox::TEMPLATES,
        Engine::WebKit => webkit::TEMPLATES,
        _ => &[],
    };
    templates.iter().copied()
}

/// Returns the kind, the text and the codes of every template, for the tests of other modules.
#[cfg(test)]
pub(crate) fn templates_for_tests(
    engine: Engine,
) -> impl Iterator<Item = (&'static str, &'static str, &'static [ReasonCode])> {
    templates(engine).map(|template| {
        let part = match template.part {
            Part::Reason => "reason",
            Part::Line => "line",
            Part::Frame | Part::Prefix | Part::Tail => "frame",
        };
        (part, template.text, template.codes)
    })
}

/// A console message, or a part of one, with placeholders such as `{url}` and `{origin}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Template {
    /// The browser's name for it: a `CorsError`, or a key of Firefox's `security.properties`. Empty if it has no name.
    name: &'static str,
    /// What it means: several codes if the message does not distinguish them, none for frames and tails.
    codes: &'static [ReasonCode],
    /// How it is used.
    part: Part,
    /// The text.
    text: &'static str,
    /// Which versions printed it, if current ones do not.
    formerly: Option<&'static str>,
}

/// How a template is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The text around a reason, with the placeholder `{reason}`.
    Frame,
    /// The reason in a frame.
    Reason,
    /// The possible beginning of a frame or a reason.
    Prefix,
    /// The possible end of a reason.
    Tail,
    /// A whole message.
    Line,
}

impl Template {
    const fn new(part: Part, name: &'static str, codes: &'static [ReasonCode], text: &'static str) -> Self {
        Self { name, codes, part, text, formerly: None }
    }

    const fn formerly(self, when: &'static str) -> Self {
        Self { formerly: Some(when), ..self }
    }

    /// Returns the text, filled in with these values.
    fn fill(&self, values: &[(&str, &str)]) -> String {
        fill(self.text, |name| {
            values.iter().find(|(other, _)| *other == name).map(|(_, value)| Cow::Borrowed(*value))
        })
    }
}

/// Returns the URL that answered with the redirect, if the redirect itself was refused.
fn redirecting_url(refusal: &Refusal) -> Option<&Url> {
    refusal.redirect.as_ref().map(|redirect| &redirect.from)
}

/// Returns `true` if the request that was refused was a CORS request at its last URL.
fn is_cors(refusal: &Refusal) -> bool {
    refusal.response_tainting == ResponseTainting::Cors
}

/// Returns the URL without user name and password. Engines print the password of some redirects; Corsac never does.
fn without_userinfo(url: &Url) -> String {
    let mut url = url.clone();
    // Refused only for URLs without a host; http and https have one.
    let _ = (url.set_username(""), url.set_password(None));
    url.to_string()
}

/// Returns the page's URL, as far as it is known.
fn page_url(request: &Request) -> Option<String> {
    match &request.init().client.url {
        Some(url) => Some(url.to_string()),
        None if request.origin().is_opaque() => None,
        None => Some(format!("{}/", request.origin())),
    }
}

#[cfg(test)]
mod tests;
