//! The parts of an [`Entry`] of the knowledge base. The entries themselves are in `entries/`, with a file for each group.

use corsac::browser::ReasonCode;

use crate::fact::Fact;

/// What a reason code means.
///
/// The strings contain placeholders (`{origin}`, `{method}`, …). [`explain`](crate::explain) replaces them by the values of a case,
/// [`describe`](crate::describe) by words such as `<your origin>`.
///
/// ```
/// use corsac::browser::ReasonCode;
///
/// let entry = corsac_explain::entry(ReasonCode::AllowOriginMismatch);
/// assert!(entry.what.contains("`{origin}`")); // still a template
/// assert_eq!(entry.spec, "https://fetch.spec.whatwg.org/#concept-cors-check");
/// assert!(entry.related.contains(&ReasonCode::AllowOriginMultiple));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// The code.
    pub code: ReasonCode,
    /// A headline.
    pub title: &'static str,
    /// What happened.
    pub what: &'static str,
    /// Why browsers do it.
    pub why: &'static str,
    /// The usual causes, the most likely first.
    pub causes: &'static [Cause],
    /// What to change, the best first.
    pub fixes: &'static [FixTemplate],
    /// The section of the standard that decides.
    pub spec: &'static str,
    /// The page about it on MDN, if there is one.
    pub mdn: Option<&'static str>,
    /// Chromium's names for it.
    pub chromium: ChromiumNames,
    /// Firefox's names for it, without the digit at the end, which only identifies the wording.
    pub firefox: &'static [&'static str],
    /// Codes that are similar to this one, or often follow it.
    pub related: &'static [ReasonCode],
}

/// The names of a failure in Chromium's `CorsError`, as in the issues of DevTools and in its protocol.
///
/// ```
/// use corsac::browser::ReasonCode;
///
/// let names = corsac_explain::entry(ReasonCode::AllowOriginMissing).chromium;
/// assert_eq!(names.request, Some("MissingAllowOriginHeader"));
/// assert_eq!(names.preflight, Some("PreflightMissingAllowOriginHeader"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChromiumNames {
    /// The name if the request itself, or its response, failed.
    pub request: Option<&'static str>,
    /// The name if the preflight failed.
    pub preflight: Option<&'static str>,
}

impl ChromiumNames {
    /// Chromium has no name for it.
    pub(crate) const NONE: Self = Self { request: None, preflight: None };

    pub(crate) const fn request(name: &'static str) -> Self {
        Self { request: Some(name), preflight: None }
    }

    pub(crate) const fn preflight(name: &'static str) -> Self {
        Self { request: None, preflight: Some(name) }
    }

    pub(crate) const fn both(request: &'static str, preflight: &'static str) -> Self {
        Self { request: Some(request), preflight: Some(preflight) }
    }
}

/// A usual cause.
///
/// ```
/// use corsac::browser::ReasonCode;
///
/// let cause = &corsac_explain::entry(ReasonCode::AllowOriginMismatch).causes[0];
/// assert_eq!(cause.text, "The header's value ends with a slash. An origin never does.");
/// assert_eq!(cause.how_to_tell, "Does the value end with `/`?");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Cause {
    /// What causes the failure.
    pub text: &'static str,
    /// How to check whether it is this one.
    pub how_to_tell: &'static str,
    /// The facts that it requires. The cause is ruled out if one of them does not hold.
    pub(crate) when: &'static [Fact],
    /// Whether the facts, if all of them hold, prove the cause. It then needs no check.
    pub(crate) proven: bool,
}

impl Cause {
    /// A cause that the evidence cannot rule out.
    pub(crate) const fn maybe(text: &'static str, how_to_tell: &'static str) -> Self {
        Self { text, how_to_tell, when: &[], proven: false }
    }

    /// A cause that is possible only if these facts hold.
    pub(crate) const fn when(when: &'static [Fact], text: &'static str, how_to_tell: &'static str) -> Self {
        Self { text, how_to_tell, when, proven: false }
    }

    /// A cause that is certain if these facts hold.
    pub(crate) const fn proven(when: &'static [Fact], text: &'static str, how_to_tell: &'static str) -> Self {
        Self { text, how_to_tell, when, proven: true }
    }
}

/// Something to change.
///
/// ```
/// use corsac::browser::ReasonCode;
///
/// // Fixes also say what not to do.
/// let mut fixes = corsac_explain::entry(ReasonCode::AllowOriginMismatch).fixes.iter();
/// assert!(fixes.any(|fix| fix.text.contains("Do not allow `null`")));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FixTemplate {
    /// What to do.
    pub text: &'static str,
    /// The header lines to send, if any are needed.
    pub lines: &'static [Line],
    /// The facts that it requires. The fix is omitted if one of them does not hold.
    pub(crate) when: &'static [Fact],
    /// The same condition in words, for an explanation without a case. Empty if the text says it, or if there is no condition.
    pub(crate) case: &'static str,
}

impl FixTemplate {
    /// A fix that always applies.
    pub(crate) const fn always(text: &'static str, lines: &'static [Line]) -> Self {
        Self { text, lines, when: &[], case: "" }
    }

    /// A fix that applies only if these facts hold; `case` says the same in words.
    pub(crate) const fn when(
        when: &'static [Fact],
        case: &'static str,
        text: &'static str,
        lines: &'static [Line],
    ) -> Self {
        Self { text, lines, when, case }
    }
}

/// Header lines of a fix.
///
/// ```
/// use corsac::browser::ReasonCode;
/// use corsac_explain::{Line, describe, entry};
///
/// let fix = &entry(ReasonCode::CredentialsWildcard).fixes[0];
/// assert_eq!(fix.lines, [Line::CorsHeaders]);
/// let lines = ["Access-Control-Allow-Origin: <your origin>", "Access-Control-Allow-Credentials: true", "Vary: Origin"];
/// assert_eq!(describe(ReasonCode::CredentialsWildcard).fixes[0].lines, lines);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Line {
    /// This line, after its placeholders are replaced.
    Text(&'static str),
    /// All CORS headers that the failed response needs for this request, which is the preflight's response if the preflight failed.
    CorsHeaders,
    /// All CORS headers that the response to the request itself needs.
    ResponseHeaders,
}
