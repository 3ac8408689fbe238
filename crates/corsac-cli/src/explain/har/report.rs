//! The reading of a recording as text for a terminal.

use corsac_explain::Item;
use corsac_explain::diagnosis::Cause;
use corsac_explain::har::HarReading;

use crate::check;
use crate::terminal::{BAD, FAINT, GOOD, STRONG, printable, printable_words, styled, wrap};

/// At most this many different failures are explained, and as many URLs that were fine are listed.
const MOST: usize = 20;

/// Returns the whole report.
pub(super) fn page(reading: &HarReading) -> String {
    let groups = groups(&reading.items);
    let mut page = headline(reading, groups.len());
    for group in groups.iter().take(MOST) {
        page.push('\n');
        page.push_str(&failure(group));
    }
    if groups.len() > MOST {
        let more = groups.len().saturating_sub(MOST);
        page.push_str(&format!(
            "\n{}\n",
            styled(FAINT, &format!("{more} more failures: --json lists all of them."))
        ));
    }
    page.push_str(&fine(reading));
    for (index, note) in reading.notes.iter().enumerate() {
        page.push_str(if index == 0 { "\n" } else { "" });
        page.push_str(&styled(FAINT, &wrap(&printable_words(note), "  ", "  ")));
    }
    page
}

/// Puts failures together that differ only in the query of the URL.
fn groups(items: &[Item]) -> Vec<Vec<&Item>> {
    let mut groups: Vec<Vec<&Item>> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for item in items {
        let url = item.url.as_deref().unwrap_or_default();
        let key = (url.split(['?', '#']).next(), item.value("method"), &item.codes, item.origin.as_deref());
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    groups
}

fn headline(reading: &HarReading, different: usize) -> String {
    let failed = reading.items.len();
    let requests =
        |count: usize| if count == 1 { "1 request".to_owned() } else { format!("{count} requests") };
    let creator = match reading.creator.as_str() {
        "" => "a program that does not say its name".to_owned(),
        creator => printable(creator),
    };
    let entries =
        if reading.entries == 1 { "1 entry".to_owned() } else { format!("{} entries", reading.entries) };
    let from = styled(FAINT, &format!("  {entries}, recorded by {creator}\n"));
    if failed == 0 {
        let (mark, what) = if reading.fine.is_empty() {
            ("○", "The recording has no request to another origin that a page could read or was refused.")
        } else {
            ("✓", "No request to another origin failed.")
        };
        return format!("{} {}\n{from}", styled(GOOD, mark), styled(STRONG, what));
    }
    let blocked = reading.items.iter().filter(|item| item.cors == Some(true)).count();
    let because = match blocked {
        0 => "none of them because of CORS".to_owned(),
        blocked if blocked == failed => "because of CORS".to_owned(),
        blocked => format!("{blocked} because of CORS"),
    };
    let ways = if different < failed { format!(", in {different} different ways") } else { String::new() };
    let what = format!("{} to other origins failed, {because}{ways}.", requests(failed));
    format!("{} {}\n{from}", styled(BAD, "✗"), styled(STRONG, &what))
}

fn failure(group: &[&Item]) -> String {
    let Some(item) = group.first() else { return String::new() };
    let word = if item.cors == Some(true) { "BLOCKED" } else { "FAILED" };
    let method = item.value("method").unwrap_or("GET");
    let url = item.url.as_deref().unwrap_or_default();
    let mut page = format!(
        "{} {}  {} {}\n",
        styled(BAD, "✗"),
        styled(BAD.bold(), word),
        printable(method),
        printable(url)
    );
    let from = item.origin.as_ref().map(|origin| format!("from {}, ", printable(origin))).unwrap_or_default();
    page.push_str(&styled(FAINT, &format!("  {from}{}\n", entries(group))));
    for line in item.text.lines() {
        page.push_str(&styled(FAINT, &format!("    {}\n", printable_words(line))));
    }
    for (index, cause) in item.diagnosis.iter().enumerate() {
        page.push('\n');
        let or = if index == 0 { "" } else { "Or: " };
        page.push_str(&wrap(&printable_words(&format!("{or}{}", cause.title)), "  ", "  "));
        if index > 0 {
            continue;
        }
        page.push('\n');
        page.push_str(&check::fix(cause));
        page.push_str(&evidence(item, cause));
    }
    page.push_str(&codes(item));
    page
}

/// Says which entries of the recording these are.
fn entries(group: &[&Item]) -> String {
    const NAMED: usize = 5;
    let numbers: Vec<String> =
        group.iter().filter_map(|item| item.entry).take(NAMED).map(|entry| entry.to_string()).collect();
    let more = group.len().saturating_sub(numbers.len());
    match (numbers.as_slice(), more) {
        ([one], 0) => format!("entry {one}"),
        (_, 0) => format!("{} times: entries {}", group.len(), numbers.join(", ")),
        (_, more) => format!("{} times: entries {} and {more} more", group.len(), numbers.join(", ")),
    }
}

fn evidence(item: &Item, cause: &Cause) -> String {
    let mut sentences = cause.evidence.clone();
    if let Some(first) = sentences.first_mut() {
        *first = format!("{}: {first}", check::confidence(cause));
    }
    match item.cors {
        Some(false) => sentences.push("CORS is not involved.".to_owned()),
        Some(true) if !cause.is_cors => {
            sentences.push("CORS is only how the failure was noticed.".to_owned());
        }
        _ => {}
    }
    wrap(&printable_words(&sentences.join(" ")), "  ", "  ")
}

/// Names the codes, for `corsac explain CODE`.
fn codes(item: &Item) -> String {
    let cause = item.diagnosis.first().map(|cause| cause.code);
    let text = match (item.codes.as_slice(), cause) {
        ([], _) => return String::new(),
        ([one], Some(cause)) if cause != *one => {
            format!("Cause {cause}; the browser's rule: {one}. `corsac explain {cause}` tells more.")
        }
        ([one], _) => format!("`corsac explain {one}` tells more."),
        (several, _) => format!("What fits, the likeliest first: {}.", several.join(", ")),
    };
    styled(FAINT, &wrap(&text, "  ", "  "))
}

fn fine(reading: &HarReading) -> String {
    if reading.fine.is_empty() {
        return String::new();
    }
    let mut page = format!("\n{}\n", styled(STRONG, "What was fine"));
    for fine in reading.fine.iter().take(MOST) {
        let times = if fine.times == 1 { String::new() } else { format!(", {} times", fine.times) };
        page.push_str(&format!(
            "  {} {} {} from {}{times}\n",
            styled(GOOD, "✓"),
            printable(&fine.method),
            printable(&fine.url),
            printable(&fine.origin)
        ));
    }
    let more = reading.fine.len().saturating_sub(MOST);
    if more > 0 {
        page.push_str(&styled(FAINT, &format!("    and {more} more\n")));
    }
    page
}
