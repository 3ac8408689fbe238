//! Reads what browsers printed in the recorded cases back, as if somebody had pasted it: the engine, the code of the case, and every value
//! that stands in the text, and nothing that does not.

use corsac::browser::{Engine, Refusal};
use corsac_explain::Item;

use crate::recorded::Recorded;

fn replay(engine: Engine, at_least: usize) {
    let (read, misread) = Recorded::read(engine).all_consoles_misread();
    assert!(read >= at_least, "only {read} consoles of {}", engine.title());
    assert!(
        misread.is_empty(),
        "{} of {read} consoles are misread:\n{}",
        misread.len(),
        misread.iter().take(20).map(String::as_str).collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn what_chromium_printed_reads_back() {
    replay(Engine::Chromium, 7_500);
}

#[test]
fn what_firefox_printed_reads_back() {
    replay(Engine::Firefox, 7_500);
}

#[test]
fn what_webkit_printed_reads_back() {
    replay(Engine::WebKit, 7_500);
}

/// Compares what is read with the refusal of the case.
pub(crate) fn check(engine: Engine, refusal: &Refusal, text: &str) -> Result<(), String> {
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
