//! The checks of a policy as a person writes it. They report all problems at once.

mod headers;
mod methods;
mod origins;
mod platforms;
mod suggestions;

use super::config::{PolicyConfig, ResourcePolicy};
use super::max_age;
use super::origin_pattern::OriginPattern;
use super::problem::{Place, Problem, ProblemCode};
use crate::text::{LONGEST_MESSAGE, Printable, is_printable};

/// The result of the checks: all problems, and the parts of the policy that were parsed on the way.
pub(super) struct Checked {
    /// Errors and lints, without those that are acknowledged.
    pub(super) problems: Vec<Problem>,
    /// The valid entries of `origins` other than `*`.
    pub(super) patterns: Vec<OriginPattern>,
    /// In seconds.
    pub(super) max_age: u32,
}

/// Checks a policy, including the suggestions in its problems.
pub(super) fn check(config: &PolicyConfig) -> Checked {
    let mut checked = check_values(config);
    suggestions::correct(config, &mut checked.problems);
    checked
}

/// Checks a policy. The suggestions in its problems are not checked, and can have problems themselves.
fn check_values(config: &PolicyConfig) -> Checked {
    let mut problems = Report::default();
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
struct Report(Vec<Problem>);

impl Report {
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
        // A value with unprintable characters has more wrong with it than a suggestion can correct.
        let suggestion = suggestion.into().filter(|text: &String| text.chars().all(is_printable));
        self.0.push(Problem { code, place, value, message, suggestion });
    }
}

/// Returns the place of an item in the list of a key.
fn item(key: &'static str, index: usize) -> Place {
    Place { key, index: Some(index) }
}

/// Returns the place of a key as a whole.
fn key(key: &'static str) -> Place {
    Place { key, index: None }
}

/// Returns `a, b` as the two strings that were meant: `"a", "b"`. `None` if there are quotes in it.
fn separated(text: &str) -> Option<String> {
    let quoted: Vec<String> = values(text).map(|part| format!("\"{part}\"")).collect();
    (!text.contains('"')).then(|| quoted.join(", "))
}

/// Returns `true` if a string holds several values.
fn holds_several(text: &str) -> bool {
    values(text).nth(1).is_some()
}

fn values(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ', '\t', ';']).filter(|part| !part.is_empty())
}

fn check_max_age(config: &PolicyConfig, problems: &mut Report) -> u32 {
    let Some(text) = &config.max_age else { return max_age::DEFAULT };
    let place = key("max-age");
    let Some(seconds) = max_age::seconds(text.trim()) else {
        let why = "a length of time is written with the units `d`, `h`, `m` and `s`, such as `10m` or `1h30m`, or as a number of seconds";
        let suggestion =
            if text.trim_start().starts_with('-') { Some("0s".to_owned()) } else { with_units(text) };
        problems.add_with(ProblemCode::MaxAgeInvalid, place, text, why, suggestion);
        return max_age::DEFAULT;
    };
    match u32::try_from(seconds) {
        Ok(seconds) if seconds <= max_age::LONGEST => {
            if seconds > max_age::LONGEST_IN_CHROMIUM {
                let why = format!(
                    "some browsers do not cache the response to a preflight for that long. Their limits are: {}",
                    max_age::limits()
                );
                let suggestion = max_age::text(max_age::LONGEST_IN_CHROMIUM);
                problems.add_with(ProblemCode::MaxAgeOverCap, place, text, why, suggestion);
            }
            seconds
        }
        _ => {
            let why = format!(
                "no browser caches the response to a preflight for that long. The limits are: {}",
                max_age::limits()
            );
            let suggestion = max_age::text(max_age::LONGEST_IN_CHROMIUM);
            problems.add_with(ProblemCode::MaxAgeOutOfRange, place, text, why, suggestion);
            max_age::LONGEST
        }
    }
}

/// Returns `10 minutes` as `10m`, and `1 hour 30 min` as `1h30m`; `None` for other strings.
fn with_units(text: &str) -> Option<String> {
    let lower = text.trim().to_ascii_lowercase();
    let (mut rest, mut length) = (lower.as_str(), String::new());
    while !rest.is_empty() && length.len() < 32 {
        let (digits, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let after = after.trim_start();
        let (word, after) =
            after.split_at(after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len()));
        let unit = match word {
            "d" | "day" | "days" => 'd',
            "h" | "hr" | "hrs" | "hour" | "hours" => 'h',
            "m" | "min" | "mins" | "minute" | "minutes" => 'm',
            "s" | "sec" | "secs" | "second" | "seconds" => 's',
            _ => return None,
        };
        length.push_str(digits);
        length.push(unit);
        rest = after.trim_start_matches([' ', ',', '.']);
    }
    let seconds = max_age::seconds(&length)?;
    (seconds <= u64::from(max_age::LONGEST)).then_some(length)
}

/// Reports a policy by which every page may fetch a response, but no page of another origin may load it without CORS.
fn check_resource_policy(config: &PolicyConfig, problems: &mut Report) {
    let is_any_origin = config.origins.iter().any(|origin| origin == "*");
    if is_any_origin && config.resource_policy == Some(ResourcePolicy::SameOrigin) {
        problems.add_with(
            ProblemCode::ResourcePolicyAnyOrigin,
            key("resource-policy"),
            ResourcePolicy::SameOrigin.as_str(),
            "with `origins = [\"*\"]` every page may read the response, but this keeps other origins from loading it in `<img>` and \
             `<script>` elements",
            ResourcePolicy::CrossOrigin.as_str().to_owned(),
        );
    }
}

/// Removes the problems that are acknowledged, and checks the acknowledgements themselves.
fn acknowledge(config: &PolicyConfig, problems: &mut Report) {
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
                    "this error cannot be acknowledged: it has to be fixed",
                );
            }
            Err(_) => {
                let why = "this is not the code of a problem; each problem is printed with its code";
                problems.add(ProblemCode::AcknowledgeUnknown, item(KEY, index), text, why);
            }
        }
    }
    for (index, code) in known {
        let before = problems.0.len();
        problems.0.retain(|problem| problem.code != code);
        let repeated = config.acknowledge.iter().take(index).any(|text| text == code.as_str());
        // This acknowledgement also applies to lookups, and whether the policy gets a lookup is not known here.
        let is_for_lookups = code == ProblemCode::CredentialsInsecureOrigin && config.credentials;
        // Only a file knows where its policies apply, so the file checks this acknowledgement.
        let is_of_file = code == ProblemCode::AtMissing;
        if problems.0.len() == before && !repeated && !is_for_lookups && !is_of_file {
            problems.add(
                ProblemCode::AcknowledgeUnused,
                item(KEY, index),
                code.as_str(),
                "the policy does not have this problem; leave it out",
            );
        }
    }
    if config.acknowledge.iter().any(|text| text == ProblemCode::AcknowledgeUnused.as_str()) {
        problems.0.retain(|problem| problem.code != ProblemCode::AcknowledgeUnused);
    }
}
