//! Firefox in other languages, by shape: its sentences are translated, but the names of headers, the URL, quoted values and the status are not.

use std::sync::LazyLock;

use corsac::browser::Engine;
use regex::Regex;

use super::group::Failure;
use super::message::Role;
use super::sighting::Sighting;
use super::value;
use crate::ItemStage::{Network, Preflight};

/// A URL, without what languages that put no space before a particle glue to it.
static URL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)https?://[!#-&*-;=?-Z\[\]_a-z~]+").ok());
/// A status or `(null)` at the end of the sentence, behind a colon.
static STATUS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[:：]\s*(?:(?P<status>[1-5][0-9]{2})|\(null\))[.。]?\s*$").ok());
static QUOTED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"'+([^'\n]{0,300}?)'+").ok());
/// The word "multiple", as far as it begins alike in many languages.
static MULTIPLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)m[uúù]lt|mehrere|plusieurs|più|複数|多个|多個|нескольк|множ|кільк|wiel|meerder|flera|flere|více|viac|여러|birden|πολλ").ok()
});
/// Frequent English words: a sentence with two of them is not a translation.
static ENGLISH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:the|is|has|been|with|from|and|you|my|this|that|get|error|not|when|request)\b").ok()
});

/// Returns the failures of lines that are translations, in the order of the text. A line where an English message was seen is none. The sightings
/// are in the order of the text, too.
pub(super) fn failures(text: &str, sightings: &[Sighting]) -> Vec<Failure> {
    let mut found: Vec<Failure> = Vec::new();
    let mut start = 0_usize;
    let mut reasons = sightings.iter().filter(|sighting| sighting.message.role == Role::Reason).peekable();
    let mut end_of_reasons = 0_usize;
    for line in text.split_inclusive('\n') {
        let end = start.saturating_add(line.len());
        while let Some(reason) = reasons.next_if(|reason| reason.start < end) {
            end_of_reasons = end_of_reasons.max(reason.end);
        }
        let is_english = start < end_of_reasons;
        if let Some(mut failure) = (!is_english).then(|| failure(line)).flatten() {
            failure.start = start;
            failure.end = start.saturating_add(line.trim_end().len());
            let repeats = |known: &Failure| {
                known.url() == failure.url()
                    && failure.codes.first() == Some(&"network-error")
                    && known.engine == failure.engine
            };
            // Firefox repeats that the request did not succeed below the reason.
            if let Some(known) = found.last_mut().filter(|known| repeats(known)) {
                known.end = failure.end;
            } else {
                found.push(failure);
            }
        }
        start = end;
    }
    found
}

fn failure(line: &str) -> Option<Failure> {
    let is_foreign = line.chars().any(|character| character.is_alphabetic() && !character.is_ascii());
    let names_header = is_foreign && line.contains("Access-Control-");
    if !names_header && !line.contains("CORS") {
        return None;
    }
    // An apostrophe within words is no quotation mark.
    let letters: Vec<char> = line.chars().collect();
    let is_letter =
        |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(|letter| letter.is_alphabetic());
    let without_apostrophes = letters.iter().enumerate().map(|(at, letter)| match letter {
        '\'' if is_letter(at.checked_sub(1)) && is_letter(at.checked_add(1)) => '’',
        letter => *letter,
    });
    let line = without_apostrophes.collect::<String>();
    let line = line.as_str();
    let has =
        |expression: &Option<Regex>| expression.as_ref().is_some_and(|expression| expression.is_match(line));
    let english_words = ENGLISH.as_ref().map_or(0, |words| words.find_iter(line).count());
    if english_words > 1 {
        return None;
    }
    let url = URL.as_ref()?.find(line).and_then(|url| value::url(url.as_str()));
    let ending = STATUS.as_ref()?.captures(line.trim_end());
    let status = ending.as_ref().and_then(|ending| ending.name("status")).map(|status| status.as_str());
    let header = ["Origin", "Credentials", "Methods", "Headers"]
        .into_iter()
        .find(|name| line.contains(&format!("Access-Control-Allow-{name}")));
    // Without a header's name, a status, or a letter that no English has, it is somebody's sentence about CORS.
    if header.is_none() && (url.is_none() || ending.is_none() && !is_foreign) || url.is_none() && !is_foreign
    {
        return None;
    }
    let quoted: Vec<&str> = QUOTED
        .as_ref()?
        .captures_iter(line)
        .filter_map(|captures| captures.get(1))
        .map(|value| value.as_str().trim())
        .filter(|value| {
            !value.starts_with("Access-Control-") && !value.starts_with("http") && !is_word_of_frame(value)
        })
        .collect();
    let origin_value = after_header(line).filter(|_| header == Some("Origin"));
    let mut failure = Failure {
        engine: Some(Engine::Firefox),
        cors: Some(true),
        role: Some(Role::Reason),
        ..Failure::default()
    };
    let mut values: Vec<(&'static str, String)> = url.into_iter().map(|url| ("url", url)).collect();
    let first = quoted.first().copied();
    failure.codes = match (header, origin_value.as_deref().or(first)) {
        (Some("Origin"), Some("*")) => vec!["credentials-wildcard"],
        (Some("Origin"), Some(value)) => {
            values.push(("value", value.to_owned()));
            vec!["allow-origin-mismatch", "allow-origin-invalid", "allow-origin-multiple"]
        }
        (Some("Origin"), None) if status.is_none() && has(&MULTIPLE) => vec!["allow-origin-multiple"],
        (Some("Origin"), None) => vec!["allow-origin-missing"],
        (Some("Credentials"), _) => vec!["allow-credentials-not-true"],
        (Some("Methods"), Some(token)) => {
            values.push(("token", token.to_owned()));
            vec!["allow-methods-invalid"]
        }
        (Some("Methods"), None) => vec!["method-not-allowed"],
        (Some(_), Some(name)) => {
            values.push(("name", name.to_owned()));
            vec!["header-not-allowed", "allow-headers-invalid"]
        }
        (Some(_), None) => vec!["header-not-allowed"],
        (None, _) if status.is_some() => vec!["preflight-status", "preflight-redirected"],
        (None, _) => vec!["network-error"],
    };
    match failure.codes.first() {
        Some(&"network-error") => (failure.cors, failure.stage) = (None, Some(Network)),
        Some(
            &("method-not-allowed" | "allow-methods-invalid" | "header-not-allowed" | "preflight-status"),
        ) => {
            failure.stage = Some(Preflight);
        }
        _ => {}
    }
    values.extend(status.map(|status| ("status", status.to_owned())));
    failure.values = values;
    Some(failure)
}

/// Returns the quoted value behind the header's name, which may be empty or contain a URL.
fn after_header(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("Access-Control-Allow-Origin")?;
    let rest = rest.trim_start_matches(['\'', ' ']);
    let quoted = QUOTED.as_ref()?.captures(rest)?.get(1)?;
    Some(quoted.as_str().trim().to_owned())
}

/// Returns `true` for what the frame itself quotes: the name of the policy.
fn is_word_of_frame(value: &str) -> bool {
    matches!(value, "Same Origin" | "Same Origin Policy" | "Origin" | "true" | "CORS" | "Cross-Origin")
}
