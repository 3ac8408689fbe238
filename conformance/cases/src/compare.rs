//! The differences between an observation and a profile.

use std::fmt;

use crate::case::Case;
use crate::observation::{Observation, Seen, WireRequest, ascii_only};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub part: Part,
    /// Where in the observation: `call 0 status`, `wire 1 origin`.
    pub place: String,
    pub browser: String,
    pub profile: String,
}

/// What differs, the most severe first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    Verdict,
    Readable,
    Wire,
    Console,
}

impl Part {
    pub const ALL: [Self; 4] = [Self::Verdict, Self::Readable, Self::Wire, Self::Console];
}

impl Difference {
    /// The difference without what depends on the case. A smaller case with a difference of the same kind shows the same problem.
    pub fn kind(&self) -> String {
        let place = self.place.split(' ').filter(|word| word.parse::<usize>().is_err());
        let place = place.collect::<Vec<_>>().join(" ");
        // A verdict, a method, or whether a header is present. Values differ from case to case.
        let side = |text: &str| {
            let first = text.split(' ').next().unwrap_or_default();
            if text.starts_with('`') { "present" } else { first }.to_owned()
        };
        // A message without its values.
        let message = |text: &str| {
            let plain =
                |word: &&str| word.chars().all(|char| char.is_alphanumeric() || "-.,’".contains(char));
            text.split(' ').filter(plain).collect::<Vec<_>>().join(" ")
        };
        match self.part {
            Part::Readable => place,
            Part::Verdict | Part::Wire => {
                format!("{place}: {}, {}", side(&self.browser), side(&self.profile))
            }
            Part::Console => format!("{place}: {}, {}", message(&self.browser), message(&self.profile)),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: browser {}, profile {}", self.place, self.browser, self.profile)
    }
}

/// Every difference, calls first.
pub fn differences(case: &Case, browser: &Observation, profile: &Observation) -> Vec<Difference> {
    let mut found = Vec::new();
    // Whether a cookie is sent to another site depends on SameSite rules and tracking protection, which no profile describes.
    let compares_cookies = case.page == "a";
    for index in 0..browser.calls.len().max(profile.calls.len()) {
        calls(&mut found, index, browser.calls.get(index), profile.calls.get(index));
    }
    let (browser_wire, profile_wire) =
        (in_comparable_order(case, browser), in_comparable_order(case, profile));
    for index in 0..browser_wire.len().max(profile_wire.len()) {
        wire(&mut found, index, browser_wire.get(index).copied(), profile_wire.get(index).copied());
    }
    found.retain(|difference| compares_cookies || !difference.place.ends_with(" cookie"));
    found
}

/// What was sent, sorted if the order in which it arrives is left to chance. A request whose connection the server closed is listed once:
/// whether and how often it is repeated depends on how the connection was used before.
fn in_comparable_order<'o>(case: &Case, observation: &'o Observation) -> Vec<&'o WireRequest> {
    let mut wire: Vec<&WireRequest> = observation.wire.iter().collect();
    if case.is_parallel() {
        wire.sort();
    }
    wire.dedup_by(|later, earlier| later == earlier && hangs_up(case, later));
    wire
}

fn hangs_up(case: &Case, request: &WireRequest) -> bool {
    let place = request.url.split(['?', '#']).next().unwrap_or_default();
    let preflight = request.headers.iter().any(|(name, _)| name == "access-control-request-method");
    case.server.get(place).is_some_and(|resource| {
        let replies = if preflight { &resource.preflight } else { &resource.request };
        replies.last().is_some_and(|reply| reply.close)
    })
}

fn calls(found: &mut Vec<Difference>, index: usize, browser: Option<&Seen>, profile: Option<&Seen>) {
    let (Some(browser), Some(profile)) = (browser, profile) else {
        note(found, Part::Verdict, format!("call {index}"), text(browser), text(profile));
        return;
    };
    if browser.verdict != profile.verdict {
        let say = |seen: &Seen| match &seen.error {
            Some(error) => format!("{} ({error})", seen.verdict),
            None => seen.verdict.clone(),
        };
        note(found, Part::Verdict, format!("call {index} verdict"), say(browser), say(profile));
        return;
    }
    let pairs = [
        ("type", text(browser.kind.as_ref()), text(profile.kind.as_ref())),
        ("status", text(browser.status.as_ref()), text(profile.status.as_ref())),
        ("redirected", text(browser.redirected.as_ref()), text(profile.redirected.as_ref())),
        ("url", text(browser.url.as_ref()), text(profile.url.as_ref())),
    ];
    for (field, browser, profile) in pairs {
        if browser != profile {
            note(found, Part::Readable, format!("call {index} {field}"), browser, profile);
        }
    }
    headers(found, Part::Readable, &format!("call {index}"), &browser.headers, &profile.headers);
}

fn wire(
    found: &mut Vec<Difference>,
    index: usize,
    browser: Option<&WireRequest>,
    profile: Option<&WireRequest>,
) {
    let line = |request: Option<&WireRequest>| {
        request.map_or_else(|| "nothing".to_owned(), |request| format!("{} {}", request.method, request.url))
    };
    let (browser_line, profile_line) = (line(browser), line(profile));
    if browser_line != profile_line {
        note(found, Part::Wire, format!("wire {index}"), browser_line, profile_line);
        return;
    }
    if let (Some(browser), Some(profile)) = (browser, profile) {
        headers(found, Part::Wire, &format!("wire {index}"), &browser.headers, &profile.headers);
    }
}

fn headers(
    found: &mut Vec<Difference>,
    part: Part,
    place: &str,
    browser: &[(String, String)],
    profile: &[(String, String)],
) {
    let value = |lines: &[(String, String)], name: &str| {
        lines
            .iter()
            .find(|(known, _)| known == name)
            .map_or_else(|| "absent".to_owned(), |(_, value)| format!("`{}`", comparable(name, value)))
    };
    let mut names: Vec<_> = browser.iter().chain(profile).map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    // Firefox adds it to every response over HTTP/2.
    names.retain(|name| *name != "x-firefox-spdy");
    for name in names {
        let (browser, profile) = (value(browser, name), value(profile, name));
        if browser != profile {
            note(found, part, format!("{place} {name}"), browser, profile);
        }
    }
}

/// A value without what does not concern CORS: bytes above ASCII, white space at the end, and the case in which XMLHttpRequest writes
/// `UTF-8`.
fn comparable(name: &str, value: &str) -> String {
    let value = ascii_only(value.trim_end_matches([' ', '\t']));
    if name == "content-type" { value.to_ascii_lowercase() } else { value }
}

fn note(found: &mut Vec<Difference>, part: Part, place: String, browser: String, profile: String) {
    found.push(Difference { part, place, browser, profile });
}

fn text(value: Option<&(impl serde::Serialize + ?Sized)>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| serde_json::to_string(value).unwrap_or_default())
}
