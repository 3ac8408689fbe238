//! A header line on an arrow, and the rule that judged it.

use corsac::browser::{ResponseHead, Rule, RuleResult};
use corsac::header::HeaderLine;
use serde_json::{Value, json};

use super::rules::rule_title;
use crate::spelled;

/// A line of a request or response: a header line, the status, or what else a rule judged.
///
/// ```
/// # use std::time::Duration;
/// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead};
/// # use corsac::origin::Origin;
/// use corsac_explain::sequence::{Step, steps};
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
/// # let fetch = Fetch::new(request.clone(), Engine::Spec.profile());
/// let fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |_| Ok(ResponseHead::new(200, [("Vary", "Origin")])));
/// let steps = steps(&request, &fetched, Engine::Spec, &[]);
/// let Some(Step::Received { lines, .. }) = steps.get(2) else { panic!() };
/// assert_eq!((lines[0].name.as_str(), lines[0].value.as_deref()), ("Access-Control-Allow-Origin", None));
/// assert_eq!(lines[0].rule, Some("CORS check"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// The name of the header in its usual spelling, or `status`, `url`, `mode` and the like for what is not a header.
    pub name: String,
    /// The value, decoded as lossy UTF-8; `None` if there is no such line although a rule looked for one.
    pub value: Option<String>,
    /// Whether it passed; `None` if no rule judged it.
    pub result: Option<RuleResult>,
    /// The title of the rule that judged it.
    pub rule: Option<&'static str>,
    /// Why it passes or fails, in a few words.
    pub text: Option<String>,
    /// The rule's section in its standard.
    pub spec: Option<&'static str>,
    /// What the line lacks.
    pub missing: Option<String>,
    /// The part of the value that matters.
    pub mark: Option<String>,
    /// `false` if script may read the response but does not see this line.
    pub script_sees: Option<bool>,
}

impl Line {
    /// Returns the line as JSON, with `null` for what is `None`.
    ///
    /// ```
    /// let line = corsac_explain::sequence::Line::default();
    /// assert_eq!(line.to_json()["value"], serde_json::Value::Null);
    /// ```
    pub fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "value": self.value,
            "result": self.result.map(RuleResult::as_str),
            "rule": self.rule,
            "text": self.text,
            "spec": self.spec,
            "missing": self.missing,
            "mark": self.mark,
            "script_sees": self.script_sees,
        })
    }

    /// What is not a header line.
    pub(super) fn fact(name: &str, value: impl Into<String>) -> Self {
        Self { name: name.to_owned(), value: Some(value.into()), ..Self::default() }
    }

    /// A header line that no rule judged.
    pub(super) fn of(line: &HeaderLine) -> Self {
        Self::fact(&shown_name(&line.name), line.text().into_owned())
    }

    /// The first line of this name, or one without a value if there is none.
    pub(super) fn named(response: Option<&ResponseHead>, name: &str) -> Self {
        Self::holding(response, name, |_| false)
    }

    /// The first line of this name whose value `holds` what is looked for, else the first of this name.
    pub(super) fn holding(
        response: Option<&ResponseHead>,
        name: &str,
        holds: impl Fn(&[u8]) -> bool,
    ) -> Self {
        let lines = || response.into_iter().flat_map(|head| head.headers.iter()).filter(|line| line.is(name));
        let found = lines().find(|line| holds(&line.value)).or_else(|| lines().next());
        found.map_or_else(|| Self { name: spelled(name), ..Self::default() }, Self::of)
    }

    pub(super) fn status(status: u16) -> Self {
        Self::fact("status", status.to_string())
    }

    pub(super) fn passes(self, rule: Rule, text: impl Into<String>) -> Self {
        self.judged(RuleResult::Pass, rule, text)
    }

    pub(super) fn fails(self, rule: Rule, text: impl Into<String>) -> Self {
        self.judged(RuleResult::Fail, rule, text)
    }

    /// Adds what a rule read in the line without deciding anything.
    pub(super) fn noted(self, rule: Rule, text: impl Into<String>) -> Self {
        Self { rule: Some(rule_title(rule)), text: Some(text.into()), spec: Some(rule.spec()), ..self }
    }

    /// Adds what a control shows, which no rule of the standard judged.
    pub(super) fn shows(self, result: RuleResult, what: &'static str, text: &str) -> Self {
        Self { result: Some(result), rule: Some(what), text: Some(text.to_owned()), spec: None, ..self }
    }

    pub(super) fn missing(self, missing: impl Into<String>) -> Self {
        Self { missing: Some(missing.into()), ..self }
    }

    /// Marks this part of the value, if the value has it.
    pub(super) fn marked(self, part: &str) -> Self {
        let has_part = !part.is_empty() && self.value.as_deref().is_some_and(|value| value.contains(part));
        Self { mark: has_part.then(|| part.to_owned()), ..self }
    }

    fn judged(self, result: RuleResult, rule: Rule, text: impl Into<String>) -> Self {
        Self { result: Some(result), ..self.noted(rule, text) }
    }
}

/// Returns a header's name as received if it has upper-case letters, else in its usual spelling: HTTP/2 has lower case only.
fn shown_name(name: &str) -> String {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) { name.to_owned() } else { spelled(name) }
}
