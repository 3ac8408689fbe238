//! The checks between what a person writes and a policy: all problems at once.

mod headers;
mod methods;
mod origins;
mod platforms;
mod settle;

use super::config::{PolicyConfig, ResourcePolicy};
use super::max_age;
use super::origin_pattern::OriginPattern;
use super::problem::{Place, Problem, ProblemCode};
use crate::text::{LONGEST_MESSAGE, Printable, is_printable};

/// What the checks leave: everything that is wrong, and the parts that are read already.
pub(super) struct Checked {
    /// Errors and lints, what is acknowledged left out.
    pub(super) problems: Vec<Problem>,
    /// The entries that are right; `*` is not among them.
    pub(super) patterns: Vec<OriginPattern>,
    /// In seconds.
    pub(super) max_age: u32,
}

/// Checks all of a policy.
pub(super) fn check(config: &PolicyConfig) -> Checked {
    let mut checked = look(config);
    settle::suggestions(config, &mut checked.problems);
    checked
}

/// All problems of a policy, with suggestions that can have problems of their own.
fn look(config: &PolicyConfig) -> Checked {
    let mut problems = Found::default();
    let patterns = origins::check(config, &mut problems);
    methods::check(config, &mut problems);
    headers::check_request_headers(config, &mut problems);
    headers::check_expose_headers(config, &mut problems);
    let max_age = check_max_age(config, &mut problems);
    check_resource_policy(config, &mut problems);
    acknowledge(config, &mut problems);
    Checked { problems: problems.0, patterns, max_age }
}

/// The problems found so far.
#[derive(Default)]
struct Found(Vec<Problem>);

impl Found {
    fn add(&mut self, code: ProblemCode, place: Place, value: &str, message: impl Into<String>) {
        self.add_with(code, place, value, message, None);
    }

    fn add_with(
        &mut self,
        code: ProblemCode,
        place: Place,
        value: &str,
        message: impl Into<String>,
        suggestion: impl Into<Option<String>>,
    ) {
        let (value, message) =
            (value.to_owned(), Printable::new(&message.into(), LONGEST_MESSAGE).to_string());
        // Where such characters stand, more is wrong than we can mend.
        let suggestion = suggestion.into().filter(|meant: &String| meant.chars().all(is_printable));
        self.0.push(Problem { code, place, value, message, suggestion });
    }
}

/// The position `index` in the list of a key.
fn item(key: &'static str, index: usize) -> Place {
    Place { key, index: Some(index) }
}

/// A key as a whole.
fn key(key: &'static str) -> Place {
    Place { key, index: None }
}

/// `a, b` as the two texts that were meant: `"a", "b"`. `None` when there is more wrong than that.
fn separated(text: &str) -> Option<String> {
    let quoted: Vec<String> = values(text).map(|part| format!("\"{part}\"")).collect();
    (!text.contains('"')).then(|| quoted.join(", "))
}

/// Does the text hold several values?
fn holds_several(text: &str) -> bool {
    values(text).nth(1).is_some()
}

fn values(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ', '\t', ';']).filter(|part| !part.is_empty())
}

fn check_max_age(config: &PolicyConfig, problems: &mut Found) -> u32 {
    let Some(text) = &config.max_age else { return max_age::DEFAULT };
    let place = key("max-age");
    let Some(seconds) = max_age::seconds(text.trim()) else {
        let why = "a length of time is numbers with the units `d`, `h`, `m` and `s`, such as `10m` or `1h30m`, or a number of seconds";
        let meant =
            if text.trim_start().starts_with('-') { Some("0s".to_owned()) } else { spelled_out(text) };
        problems.add_with(ProblemCode::MaxAgeInvalid, place, text, why, meant);
        return max_age::DEFAULT;
    };
    match u32::try_from(seconds) {
        Ok(seconds) if seconds <= max_age::LONGEST => {
            if seconds > max_age::LONGEST_IN_CHROMIUM {
                let why = format!(
                    "not every browser keeps the answer to a preflight so long. The longest is: {}",
                    max_age::limits()
                );
                let meant = max_age::text(max_age::LONGEST_IN_CHROMIUM);
                problems.add_with(ProblemCode::MaxAgeOverCap, place, text, why, meant);
            }
            seconds
        }
        _ => {
            let why = format!(
                "no browser keeps the answer to a preflight so long. The longest is: {}",
                max_age::limits()
            );
            let meant = max_age::text(max_age::LONGEST_IN_CHROMIUM);
            problems.add_with(ProblemCode::MaxAgeOutOfRange, place, text, why, meant);
            max_age::LONGEST
        }
    }
}

/// `10 minutes` or `1 hour 30 min` as `10m` and `1h30m`.
fn spelled_out(text: &str) -> Option<String> {
    let lower = text.trim().to_ascii_lowercase();
    let (mut rest, mut meant) = (lower.as_str(), String::new());
    while !rest.is_empty() && meant.len() < 32 {
        let (digits, behind) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let behind = behind.trim_start();
        let (word, behind) =
            behind.split_at(behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len()));
        let unit = match word {
            "d" | "day" | "days" => 'd',
            "h" | "hr" | "hrs" | "hour" | "hours" => 'h',
            "m" | "min" | "mins" | "minute" | "minutes" => 'm',
            "s" | "sec" | "secs" | "second" | "seconds" => 's',
            _ => return None,
        };
        meant.push_str(digits);
        meant.push(unit);
        rest = behind.trim_start_matches([' ', ',', '.']);
    }
    let seconds = max_age::seconds(&meant)?;
    (seconds <= u64::from(max_age::LONGEST)).then_some(meant)
}

/// A response that every page may fetch, and that no page of another origin may show.
fn check_resource_policy(config: &PolicyConfig, problems: &mut Found) {
    let everybody = config.origins.iter().any(|origin| origin == "*");
    if everybody && config.resource_policy == Some(ResourcePolicy::SameOrigin) {
        problems.add_with(
            ProblemCode::ResourcePolicyAnyOrigin,
            key("resource-policy"),
            ResourcePolicy::SameOrigin.as_str(),
            "with `origins = [\"*\"]` every page may read the response, but this keeps it out of the `<img>` and `<script>` elements of \
             other origins",
            ResourcePolicy::CrossOrigin.as_str().to_owned(),
        );
    }
}

/// Takes out what is acknowledged, and looks at the acknowledgements themselves.
fn acknowledge(config: &PolicyConfig, problems: &mut Found) {
    const KEY: &str = "acknowledge";
    let mut known = Vec::new();
    for (index, text) in config.acknowledge.iter().enumerate() {
        match text.parse::<ProblemCode>() {
            Ok(code) if code.can_be_acknowledged() => known.push((index, code)),
            Ok(_) => {
                problems.add(
                    ProblemCode::AcknowledgeUnknown,
                    item(KEY, index),
                    text,
                    "this error cannot be acknowledged: it has to be mended",
                );
            }
            Err(_) => {
                let why = "this is not the code of a problem; each problem shows its own";
                problems.add(ProblemCode::AcknowledgeUnknown, item(KEY, index), text, why);
            }
        }
    }
    for (index, code) in known {
        let before = problems.0.len();
        problems.0.retain(|problem| problem.code != code);
        let repeated = config.acknowledge.iter().take(index).any(|text| text == code.as_str());
        // A lookup reads this one, and which lookup a policy gets is not known here.
        let is_for_lookups = code == ProblemCode::CredentialsInsecureOrigin && config.credentials;
        // Only a file knows where its policies belong, and looks at this one itself.
        let is_of_file = code == ProblemCode::AtMissing;
        if problems.0.len() == before && !repeated && !is_for_lookups && !is_of_file {
            problems.add(
                ProblemCode::AcknowledgeUnused,
                item(KEY, index),
                code.as_str(),
                "nothing in this policy has that problem; leave it out",
            );
        }
    }
    if config.acknowledge.iter().any(|text| text == ProblemCode::AcknowledgeUnused.as_str()) {
        problems.0.retain(|problem| problem.code != ProblemCode::AcknowledgeUnused);
    }
}
