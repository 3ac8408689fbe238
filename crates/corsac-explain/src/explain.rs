//! Explanations: entries, filled in with the values of a case.

use corsac::browser::{ReasonCode, Refusal, Request, Stage};
use corsac::method::is_token;

use crate::entries::entry;
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::{Case, Fact};
use crate::fill::fill;
use crate::{header_lines, values};

/// What happened, why, and what to change, in words and with the user's own values. The strings are plain text, with names, values and code
/// in backquotes.
///
/// ```
/// use corsac::browser::ReasonCode;
///
/// let explanation = corsac_explain::describe(ReasonCode::AllowOriginMissing);
/// assert_eq!(explanation.spec, "https://fetch.spec.whatwg.org/#concept-cors-check");
/// assert_eq!(explanation.chromium.request, Some("MissingAllowOriginHeader"));
/// assert!(!explanation.causes.is_empty() && !explanation.fixes.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The code.
    pub code: ReasonCode,
    /// A headline.
    pub title: String,
    /// What happened.
    pub what: String,
    /// Why browsers do it.
    pub why: String,
    /// The possible causes, proven ones first. Each one that is not proven says how to check it.
    pub causes: Vec<String>,
    /// What to change, the best first.
    pub fixes: Vec<Fix>,
    /// The section of the standard that decides.
    pub spec: &'static str,
    /// The page about it on MDN, if there is one.
    pub mdn: Option<&'static str>,
    /// Chromium's names for it.
    pub chromium: ChromiumNames,
    /// Firefox's names for it.
    pub firefox: &'static [&'static str],
    /// Codes that are similar to this one, or often follow it.
    pub related: &'static [ReasonCode],
}

/// Something to change.
///
/// ```
/// use corsac::browser::ReasonCode;
///
/// let fixes = corsac_explain::describe(ReasonCode::AllowCredentialsNotTrue).fixes;
/// assert!(fixes[0].lines.contains(&"Access-Control-Allow-Credentials: true".to_owned()));
/// assert!(fixes[1].text.contains("credentials: \"omit\"")); // if the request needs no cookies
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// What to do.
    pub text: String,
    /// The header lines to send, complete for the request. Empty if no header helps.
    pub lines: Vec<String>,
    /// The same in the configuration of the server that answered, if its headers or its error page clearly identify it.
    pub stack: Option<StackLines>,
}

/// What to write in the configuration of a server.
///
/// ```
/// use corsac::browser::ReasonCode;
/// // Without a response, the server is not known.
/// assert_eq!(corsac_explain::describe(ReasonCode::AllowOriginMissing).fixes[0].stack, None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StackLines {
    /// The usual name of the server or library.
    pub name: &'static str,
    /// The lines to write.
    pub lines: Vec<String>,
}

impl Fix {
    /// Makes a fix of a text and header lines.
    pub(crate) fn new(text: impl Into<String>, lines: Vec<String>) -> Self {
        Self { text: text.into(), lines, stack: None }
    }

    /// Returns the names and values of those lines that are header lines.
    ///
    /// ```
    /// use corsac::browser::ReasonCode;
    /// let fixes = corsac_explain::describe(ReasonCode::CredentialsWildcard).fixes;
    /// assert!(fixes[0].headers().any(|line| line == ("Access-Control-Allow-Credentials", "true")));
    /// ```
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lines.iter().filter_map(|line| as_header(line))
    }

    /// Returns the text, followed by those lines that are not header lines.
    ///
    /// ```
    /// use corsac::browser::ReasonCode;
    /// let fixes = corsac_explain::describe(ReasonCode::CredentialsWildcard).fixes;
    /// assert_eq!(fixes[0].whole_text(), fixes[0].text);
    /// ```
    pub fn whole_text(&self) -> String {
        let others = self.lines.iter().filter(|line| as_header(line).is_none());
        others.fold(self.text.clone(), |text, line| format!("{text}\n{line}"))
    }

    pub(crate) fn in_stack(mut self, stack: Option<StackLines>) -> Self {
        self.stack = stack;
        self
    }

    pub(crate) fn none() -> Self {
        Self::new("", Vec::new())
    }
}

/// Splits a header line. Returns `None` for other lines, such as those of a program.
fn as_header(line: &str) -> Option<(&str, &str)> {
    line.split_once(": ").filter(|(name, _)| is_token(name.as_bytes()))
}

/// Explains a refusal, with its own values.
///
/// ```
/// use corsac::browser::{Client, Reason, Refusal, RequestInit, Stage};
/// use corsac::origin::Origin;
///
/// let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let url = url::Url::parse("https://api.example/items").unwrap();
/// let request = RequestInit::new(url.clone(), page).build().unwrap();
/// let reason = Reason::AllowOriginMismatch { value: "https://app.example/".into(), origin: "https://app.example".into() };
/// let refusal = Refusal::new(Stage::Request, url, "https://app.example", reason);
///
/// let explanation = corsac_explain::explain(&refusal, &request);
/// assert_eq!(explanation.causes, ["The header's value ends with a slash. An origin never does."]);
/// assert_eq!(explanation.fixes[0].lines, ["Access-Control-Allow-Origin: https://app.example", "Vary: Origin"]);
/// ```
pub fn explain(refusal: &Refusal, request: &Request) -> Explanation {
    let case = Case { refusal, request };
    let entry = entry(refusal.reason.code());
    let fixes = fixes(entry, case);
    Explanation { causes: causes(entry, case), fixes, ..with_texts(entry, |text| filled(text, case)) }
}

/// Explains a code in general: the texts contain placeholders such as `<your origin>`.
///
/// ```
/// use corsac::browser::ReasonCode;
///
/// let explanation = corsac_explain::describe(ReasonCode::MethodNotAllowed);
/// assert!(explanation.what.contains("<METHOD>"));
/// ```
pub fn describe(code: ReasonCode) -> Explanation {
    let entry = entry(code);
    let causes = usual_causes(code).into_iter().map(|(cause, how_to_tell)| format!("{cause} {how_to_tell}"));
    let lines = |fix: &FixTemplate| {
        fix.lines.iter().flat_map(|line| match line {
            Line::Text(text) => vec![words(text)],
            Line::CorsHeaders => header_lines::without_values(code, fix.when.contains(&Fact::Preflight)),
            Line::ResponseHeaders => header_lines::response_without_values(code),
        })
    };
    let text = |fix: &FixTemplate| match fix.case {
        "" => words(fix.text),
        case => format!("{case}: {}", words(fix.text)),
    };
    let fixes = entry.fixes.iter().map(|fix| Fix::new(text(fix), lines(fix).collect()));
    Explanation { causes: causes.collect(), fixes: fixes.collect(), ..with_texts(entry, words) }
}

/// Returns the usual causes of a code in general, the most likely first: what it is, and how to tell whether it is this one.
///
/// ```
/// use corsac::browser::ReasonCode;
///
/// let causes = corsac_explain::usual_causes(ReasonCode::AllowOriginMismatch);
/// assert_eq!(causes[0].0, "The header's value ends with a slash. An origin never does.");
/// assert_eq!(causes[0].1, "Does the value end with `/`?");
/// ```
pub fn usual_causes(code: ReasonCode) -> Vec<(String, String)> {
    entry(code).causes.iter().map(|cause| (words(cause.text), words(cause.how_to_tell))).collect()
}

/// Returns a text with words such as `<your origin>` in place of its placeholders.
fn words(text: &str) -> String {
    fill(text, values::words).trim_end().to_owned()
}

/// Returns an explanation without causes and fixes, with `text` applied to each string.
fn with_texts(entry: &'static Entry, text: impl Fn(&str) -> String) -> Explanation {
    Explanation {
        code: entry.code,
        title: text(entry.title),
        what: text(entry.what),
        why: text(entry.why),
        causes: Vec::new(),
        fixes: Vec::new(),
        spec: entry.spec,
        mdn: entry.mdn,
        chromium: entry.chromium,
        firefox: entry.firefox,
        related: entry.related,
    }
}

/// Returns the causes that the refusal itself proves.
pub(crate) fn proven_causes(refusal: &Refusal, request: &Request) -> Vec<String> {
    let case = Case { refusal, request };
    let causes = entry(refusal.reason.code()).causes.iter();
    causes.filter(|cause| is_proven(cause, case)).map(|cause| filled(cause.text, case)).collect()
}

fn is_proven(cause: &Cause, case: Case<'_>) -> bool {
    cause.proven && all_hold(cause, case)
}

fn all_hold(cause: &Cause, case: Case<'_>) -> bool {
    !cause.when.is_empty() && cause.when.iter().all(|fact| fact.holds(case) == Some(true))
}

/// Returns `true` if there is evidence for the cause, and it is not merely not ruled out.
fn is_supported(cause: &Cause, case: Case<'_>) -> bool {
    all_hold(cause, case) && !cause.when.iter().all(|fact| matches!(fact, Fact::Not(_)))
}

/// Proven causes come first, then those that the evidence supports. Once a cause is proven, those without evidence are left out.
fn causes(entry: &Entry, case: Case<'_>) -> Vec<String> {
    let (proven, open): (Vec<&Cause>, Vec<&Cause>) = entry
        .causes
        .iter()
        .filter(|cause| !is_ruled_out(cause.when, case))
        .partition(|cause| is_proven(cause, case));
    let mut open: Vec<&Cause> =
        open.into_iter().filter(|cause| proven.is_empty() || all_hold(cause, case)).collect();
    open.sort_by_key(|cause| !is_supported(cause, case));
    let open = open
        .into_iter()
        .map(|cause| format!("{} {}", filled(cause.text, case), filled(cause.how_to_tell, case)));
    proven.iter().map(|cause| filled(cause.text, case)).chain(open).collect()
}

fn fixes(entry: &Entry, case: Case<'_>) -> Vec<Fix> {
    let mut fixes = Vec::new();
    let mut also_on_the_response =
        case.refusal.stage == Stage::Preflight && header_lines::wrong_list(case).is_none();
    for fix in entry.fixes.iter().filter(|fix| !is_ruled_out(fix.when, case)) {
        fixes.push(filled_fix(fix, case));
        // The answer to the preflight does not count for the response, which needs its own headers.
        if also_on_the_response && fix.lines.contains(&Line::CorsHeaders) {
            also_on_the_response = false;
            fixes.push(Fix::new(
                format!("The response to the actual {} request also needs:", case.request.method()),
                header_lines::response(case.request),
            ));
        }
    }
    fixes
}

fn is_ruled_out(when: &[Fact], case: Case<'_>) -> bool {
    when.iter().any(|fact| fact.holds(case) == Some(false))
}

fn filled(text: &str, case: Case<'_>) -> String {
    fill(text, |name| values::value(case, name)).trim_end().to_owned()
}

fn filled_fix(fix: &FixTemplate, case: Case<'_>) -> Fix {
    let lines = fix.lines.iter().flat_map(|line| match line {
        Line::Text(text) => vec![filled(text, case)],
        Line::CorsHeaders => header_lines::failed(case),
        Line::ResponseHeaders => header_lines::response(case.request),
    });
    Fix::new(filled(fix.text, case), lines.collect())
}
