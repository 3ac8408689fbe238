//! `corsac explain`: what a code or a word means, and what a pasted message, a request or a recording tells.
//!
//! A code names the reason for which a browser refuses a response, the cause that `corsac check` found on the server, what only looks like CORS, what
//! `corsac check` found besides, a problem in a policy file, the reason for which a policy refuses a request, or a difference that `corsac verify`
//! found. A few codes are in two of these sets. What is not a code is looked up in the glossary, and then among the servers, frameworks and products that `corsac stacks` lists. What
//! has no entry is a file, if there is one of that name, and else the text of a console.

mod diagnosis;
mod finding;
mod glossary;
mod har;
mod import;
pub(crate) mod input;
pub(crate) mod items;
mod list;
pub(crate) mod live;
mod policy;
mod product;
mod reason;
mod target;
mod verify;

use std::path::Path;

use corsac::browser::ReasonCode;
use corsac::origin::Origin;
use corsac_explain::pasted::{self, Reading};
use corsac_explain::written_request;
use serde_json::{Value, json};

use crate::arguments::{ExplainArguments, ExplainAs};
use crate::suggestion::nearest;
use crate::terminal::{self, printable_argument};
use crate::{AS_EXPECTED, BLOCKED};
use input::Input;

/// Prints the explanation. Returns the exit status: 0 if something was recognized, and 1 if nothing was.
pub(crate) fn run(arguments: &ExplainArguments) -> Result<u8, String> {
    if arguments.list {
        let page = if arguments.json { terminal::json(&list()) } else { list::list() };
        return terminal::print(&page).map(|()| AS_EXPECTED);
    }
    let given = arguments.subject.as_deref();
    let is_code = !matches!(arguments.read_as, Some(ExplainAs::Text | ExplainAs::Har));
    if let Some(entries) = given
        .filter(|given| is_code && *given != "-")
        .and_then(|given| entries(given, arguments.origin.as_ref()))
    {
        return print_entries(entries, arguments);
    }
    if let (Some(given), Some(ExplainAs::Code)) = (given, arguments.read_as) {
        return nothing(given, arguments);
    }
    if arguments.origin.is_some() && !arguments.check {
        return Err(origin_is_for_products(given.unwrap_or("-")));
    }
    let redact = arguments.redact.as_deref();
    let mut start = Vec::new();
    match input::read(given, arguments.read_as, &mut start)? {
        Input::Har(source) => explain_har(source, redact, arguments),
        Input::Text(_) if redact.is_some() => {
            Err("`--redact` writes a copy of a HAR file, and this is none. Add `--as har` if it is one."
                .to_owned())
        }
        Input::Text(text) => explain_text(&text, given, arguments),
    }
}

fn explain_har(
    source: har::Input<'_>,
    redact: Option<&Path>,
    arguments: &ExplainArguments,
) -> Result<u8, String> {
    let reading = har::run(source, redact)?;
    let page = if arguments.json {
        terminal::json(&whole(&[], &items::json(&reading.items), &[]))
    } else {
        har::text(&reading)
    };
    terminal::print(&page)?;
    if arguments.check {
        return live::check(&reading.items, arguments);
    }
    Ok(if reading.items.is_empty() && reading.fine.is_empty() { BLOCKED } else { AS_EXPECTED })
}

fn explain_text(text: &str, given: Option<&str>, arguments: &ExplainArguments) -> Result<u8, String> {
    let reading = read_text(text)?;
    if reading.items.is_empty() {
        let is_word = |given: &&str| !given.contains(char::is_whitespace) && *given != "-";
        let word = given.map(str::trim).filter(|given| is_word(given) && *given == text.trim());
        return match word {
            Some(word) => nothing(word, arguments),
            None => nothing_in(text, &reading.unrecognized, arguments),
        };
    }
    let page = if arguments.json {
        terminal::json(&whole(&[], &items::json(&reading.items), &reading.unrecognized))
    } else {
        items::text(&reading.items)
    };
    terminal::print(&page)?;
    if arguments.check { live::check(&reading.items, arguments) } else { Ok(AS_EXPECTED) }
}

/// Reads a text: messages, or a request as people copy it. Code with a call of `fetch()` may stand above its error.
fn read_text(text: &str) -> Result<Reading, String> {
    let reading = pasted::read(text);
    let kind = written_request::looks_like(text).filter(|_| reading.items.is_empty());
    let Some(kind) = kind else { return Ok(reading) };
    let request = written_request::read(text)
        .map_err(|error| format!("this looks like {}, which cannot be read: {error}.", kind.title()))?;
    Ok(pasted::of_request(&request))
}

/// Returns `true` if a word has an entry: a code, a word of the glossary, a stack.
pub(crate) fn is_known(word: &str) -> bool {
    entries(word, None).is_some()
}

/// Returns the object that `--json` prints about a code, a word or a stack, or an error for anything else.
pub(crate) fn about_code(code: &str, origin: Option<&Origin>) -> Result<Value, String> {
    let entries = entries(code, origin).ok_or_else(|| unknown(code))?;
    if origin.is_some() && !is_product(&entries) {
        return Err(origin_is_for_products(code));
    }
    let objects: Vec<Value> = entries.into_iter().map(|(_, object)| object).collect();
    Ok(whole(&objects, &[], &[]))
}

/// Returns the object that `--list --json` prints: every code, word and stack.
pub(crate) fn list() -> Value {
    list::list_json()
}

/// Returns what every set of codes, words and stacks has under exactly this name: one object for each meaning.
pub(crate) fn meanings(name: &str) -> Vec<Value> {
    let word = glossary::page(name).filter(|(_, object)| object["word"] == name);
    let product = product::page(name, None).filter(|(_, object)| object["name"] == name);
    let others = word.into_iter().chain(target::page(name)).chain(product);
    of_code(name).into_iter().chain(others).map(|(_, object)| object).collect()
}

/// Returns the object that `--json` prints about a text.
pub(crate) fn about_text(text: &str) -> Result<Value, String> {
    let reading = read_text(text)?;
    Ok(whole(&[], &items::json(&reading.items), &reading.unrecognized))
}

fn is_product(entries: &Pages) -> bool {
    entries.iter().any(|(_, object)| object["kind"] == "product")
}

/// The pages of an entry, for people and for programs.
type Pages = Vec<(String, Value)>;

/// Returns what is known about a code, a word or a stack. A code may have two meanings.
fn entries(given: &str, origin: Option<&Origin>) -> Option<Pages> {
    let codes = of_code(&given.to_ascii_lowercase());
    if !codes.is_empty() {
        return Some(codes);
    }
    let page = glossary::page(given).or_else(|| product::page(given, origin));
    page.or_else(|| target::page(given)).map(|page| vec![page])
}

fn of_code(code: &str) -> Pages {
    reason::page(code)
        .into_iter()
        .chain(diagnosis::CAUSES.page(code))
        .chain(diagnosis::LOOK_ALIKES.page(code))
        .chain(finding::page(code))
        .chain(policy::pages(code))
        .chain(verify::page(code))
        .chain(import::page(code).filter(|_| corsac_verify::code(code).is_none()))
        .collect()
}

fn print_entries(entries: Pages, arguments: &ExplainArguments) -> Result<u8, String> {
    if arguments.origin.is_some() && !is_product(&entries) {
        return Err(origin_is_for_products(arguments.subject.as_deref().unwrap_or_default()));
    }
    let page = if arguments.json {
        let objects: Vec<Value> = entries.into_iter().map(|(_, object)| object).collect();
        terminal::json(&whole(&objects, &[], &[]))
    } else {
        let texts: Vec<String> = entries.into_iter().map(|(text, _)| text).collect();
        texts.join("\n\nThe same code has a second meaning.\n\n")
    };
    terminal::print(&page).map(|()| AS_EXPECTED)
}

/// Returns the object that every `--json` prints.
fn whole(entries: &[Value], items: &[Value], unrecognized: &[String]) -> Value {
    json!({ "schema": "corsac.explain/2", "entries": entries, "items": items, "unrecognized": unrecognized })
}

fn origin_is_for_products(given: &str) -> String {
    format!(
        "`--origin` is for products, such as `ollama`, and for `--check`; `{}` is not a product",
        printable_argument(given)
    )
}

/// Says that a word is unknown, and which one was probably meant.
fn nothing(given: &str, arguments: &ExplainArguments) -> Result<u8, String> {
    if arguments.json {
        let unrecognized = [corsac_explain::secrets::redacted(given)];
        terminal::print(&terminal::json(&whole(&[], &[], &unrecognized)))?;
        return Ok(BLOCKED);
    }
    terminal::note(&unknown(given));
    Ok(BLOCKED)
}

fn nothing_in(text: &str, unrecognized: &[String], arguments: &ExplainArguments) -> Result<u8, String> {
    if text.trim().is_empty() {
        return Err("there is nothing to explain: the text is empty".to_owned());
    }
    if arguments.json {
        terminal::print(&terminal::json(&whole(&[], &[], unrecognized)))?;
        return Ok(BLOCKED);
    }
    terminal::note(
        "Corsac does not recognize this text. Copy the red lines of the browser's console as they stand there, with the lines above and below. \
         Or run `corsac check URL --origin ORIGIN` with the URL of the request and the origin of the page.",
    );
    Ok(BLOCKED)
}

fn unknown(given: &str) -> String {
    let known = codes().chain(glossary::words()).chain(target::names()).chain(product::names());
    let near: Vec<String> = nearest(given, known).iter().take(3).map(|name| format!("`{name}`")).collect();
    let hint = match near.split_last() {
        Some((last, [])) => format!(" Did you mean {last}?"),
        Some((last, rest)) => format!(" Did you mean {} or {last}?", rest.join(", ")),
        None => String::new(),
    };
    format!(
        "`{}` is neither a code, nor a word, nor a server, framework or product that Corsac explains, nor a file, nor a message of a browser.{hint} \
         `corsac explain --list` prints all codes and words.",
        printable_argument(given)
    )
}

/// Every code of any kind.
fn codes() -> impl Iterator<Item = &'static str> {
    let reasons = ReasonCode::ALL.iter().map(|code| code.as_str());
    reasons
        .chain(diagnosis::CAUSES.codes())
        .chain(diagnosis::LOOK_ALIKES.codes())
        .chain(finding::codes())
        .chain(policy::codes())
        .chain(verify::codes())
        .chain(import::codes())
}
