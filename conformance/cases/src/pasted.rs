//! Reads console lines back, as if somebody had pasted them, and compares what is read with what happened.

use corsac::browser::{Engine, Refusal};
use corsac_explain::Item;

use crate::case::Case;
use crate::compare::{Difference, Part};
use crate::console;
use crate::observation::Observation;
use crate::places::Places;
use crate::{Failure, profile};

/// Returns the difference between what a browser printed in a case, read back, and what happened, or `None` if there is none, if the browser printed
/// nothing, or if the case has several refusals, whose lines nobody could tell apart. Names of the case are expanded; those of the observation are not.
pub fn difference(
    engine: Engine,
    expanded: &Case,
    seen: &Observation,
    places: &Places,
) -> Result<Option<Difference>, Failure> {
    let printed: Vec<String> = seen.console.iter().filter_map(|line| console::shown(engine, line)).collect();
    let refusals = profile::refusals(expanded, places, engine)?;
    let ([refusal], false) = (refusals.as_slice(), printed.is_empty()) else { return Ok(None) };
    let text: String = places.expand(&printed.join("\n"), 0)?;
    let wrong = check(engine, refusal, &text).err();
    Ok(wrong.map(|wrong| Difference {
        part: Part::Console,
        place: "console, read back".to_owned(),
        browser: text,
        profile: wrong,
    }))
}

/// Compares what is read with the refusal of the case.
pub fn check(engine: Engine, refusal: &Refusal, text: &str) -> Result<(), String> {
    let items = corsac_explain::pasted::read(text).items;
    let code = refusal.reason.code().as_str();
    for item in &items {
        if item.engine.is_some_and(|found| found != engine) {
            return Err(format!("engine {:?}", item.engine));
        }
        stands_there(item, text)?;
    }
    // Lines such as `TypeError: Failed to fetch` have no code.
    let mut with_codes: Vec<&Item> = items.iter().filter(|item| item.code().is_some()).collect();
    // A warning about a request that goes on, and fails later.
    if code != "authorization-wildcard" {
        with_codes.retain(|item| item.code() != Some("authorization-wildcard"));
    }
    // Of a preflight that redirects, Firefox may print only why its CORS check failed too.
    let code = match &refusal.cors_reason {
        Some(reason) if !with_codes.iter().any(|item| item.codes.contains(&code)) => reason.code().as_str(),
        _ => code,
    };
    let Some(item) = with_codes.iter().find(|item| item.codes.contains(&code)) else {
        // Before its CORS check of a redirect, Firefox looks at where it leads.
        // WebKit looks at the body before anything else.
        let is_stream = with_codes.iter().all(|item| item.code() == Some("stream-body-unsupported"));
        // WebKit refuses FTP before it looks at the headers of the redirect.
        let is_ftp = text.starts_with("FTP URLs are disabled");
        // In memory, a connection to no server of the case is always refused.
        let is_refused = code == "connection-refused" && text.contains("net::ERR_CONNECTION_");
        let is_other_rule =
            refusal.redirect.is_some() && with_codes.iter().all(|item| item.code() == Some("mixed-content"));
        let names_none = with_codes.is_empty() && !items.is_empty();
        let is_network = with_codes.iter().all(|item| item.code() == Some("network-error"));
        return if names_none || is_network || is_other_rule || is_refused || is_stream || is_ftp {
            Ok(())
        } else {
            Err(format!("{code} is not among {}", names(&with_codes)))
        };
    };
    // An element may make several requests, and script may look at a canvas.
    let is_of_element =
        engine == Engine::WebKit && !text.contains("Fetch API") && !text.contains("XMLHttpRequest");
    if with_codes.len() > 1 && !is_of_element {
        return Err(format!("several items instead of one: {}", names(&with_codes)));
    }
    let url = refusal.url.as_str();
    if text.contains(&format!("{url}'")) && item.url.as_deref() != Some(url) {
        return Err(format!("url {:?} instead of {url}", item.url));
    }
    for (name, value) in refusal.reason.details() {
        let is_said = !value.is_empty() && text.contains(&format!("'{value}'"))
            || text.contains(&format!("‘{value}’"))
            || text.contains(&format!("`{value}`"));
        let found = if name == "origin" { item.origin.as_deref() } else { item.value(name) };
        // Firefox names the token, which may be the whole value.
        let is_read = found.is_some_and(|found| found.eq_ignore_ascii_case(&value))
            || item.values.iter().any(|(_, other)| *other == value);
        if is_said && name != "message" && name != "url" && !is_read {
            return Err(format!("{name} is {found:?} instead of {value:?}"));
        }
    }
    Ok(())
}

fn names(items: &[&Item]) -> String {
    items.iter().map(|item| item.codes.join("|")).collect::<Vec<_>>().join(" and ")
}

/// What is read has to stand in the text.
fn stands_there(item: &Item, text: &str) -> Result<(), String> {
    let values = item.values.iter().map(|(_, value)| value);
    let read = values.chain(&item.url).chain(&item.origin);
    for value in read {
        if !text.contains(value.as_str()) && !value.contains("REDACTED") {
            return Err(format!("`{value}` does not stand there"));
        }
    }
    Ok(())
}
