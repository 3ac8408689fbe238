//! What an [`Entry`] of the knowledge base is made of. The entries themselves are in `entries/`, a file for each group.

use corsac::browser::ReasonCode;

use crate::fact::Fact;

/// What there is to know about a reason code.
///
/// Texts hold placeholders (`{origin}`, `{method}`, …). [`explain`](crate::explain) fills them with the values of a case,
/// [`describe`](crate::describe) with words such as `<your origin>`.
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
    /// The page on MDN that is about it, if there is one.
    pub mdn: Option<&'static str>,
    /// Chromium's names for it.
    pub chromium: ChromiumNames,
    /// Firefox's names for it, without the digit at the end that says which wording it is.
    pub firefox: &'static [&'static str],
    /// Codes that are easily taken for this one, or come next.
    pub related: &'static [ReasonCode],
}

/// The names of a failure in Chromium's `CorsError`, as DevTools' issues and its protocol spell them.
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
    /// When the response to the request itself failed, or the request.
    pub request: Option<&'static str>,
    /// When the preflight failed.
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
/// assert_eq!(cause.text, "The header's value ends with a slash, and an origin has none.");
/// assert_eq!(cause.tell, "Does the value end with `/`?");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Cause {
    /// What is behind the failure.
    pub text: &'static str,
    /// How to tell whether it is this one.
    pub tell: &'static str,
    /// What has to be so. A cause is ruled out when one of these facts does not hold.
    pub(crate) when: &'static [Fact],
    /// Do the facts prove it, once they all hold? Then nobody has to tell any more.
    pub(crate) proven: bool,
}

impl Cause {
    /// A cause that no evidence we hold can rule out.
    pub(crate) const fn maybe(text: &'static str, tell: &'static str) -> Self {
        Self { text, tell, when: &[], proven: false }
    }

    /// A cause that is possible only when these facts hold.
    pub(crate) const fn when(when: &'static [Fact], text: &'static str, tell: &'static str) -> Self {
        Self { text, tell, when, proven: false }
    }

    /// A cause that is certain when these facts hold.
    pub(crate) const fn proven(when: &'static [Fact], text: &'static str, tell: &'static str) -> Self {
        Self { text, tell, when, proven: true }
    }
}

/// Something to change.
///
/// ```
/// use corsac::browser::ReasonCode;
///
/// // What not to do stands there, too.
/// let mut fixes = corsac_explain::entry(ReasonCode::AllowOriginMismatch).fixes.iter();
/// assert!(fixes.any(|fix| fix.text.contains("Do not allow `null`")));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FixTemplate {
    /// What to do.
    pub text: &'static str,
    /// The header lines to send, if it takes any.
    pub lines: &'static [Line],
    /// What has to be so for this to be of use. It is left out when one of the facts does not hold.
    pub(crate) when: &'static [Fact],
    /// The same in words, for where nothing is known. Empty when the text says it, or there is no condition.
    pub(crate) case: &'static str,
}

impl FixTemplate {
    /// A fix that is always of use.
    pub(crate) const fn always(text: &'static str, lines: &'static [Line]) -> Self {
        Self { text, lines, when: &[], case: "" }
    }

    /// A fix that is of use only when these facts hold; `case` says it in words.
    pub(crate) const fn when(
        when: &'static [Fact],
        case: &'static str,
        text: &'static str,
        lines: &'static [Line],
    ) -> Self {
        Self { text, lines, when, case }
    }
}

/// Lines of a fix.
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
    /// This line, once its placeholders are filled.
    Text(&'static str),
    /// All CORS headers that the failed response needs for this request: those of a preflight's response if the preflight failed.
    CorsHeaders,
    /// All CORS headers that the response to the request itself needs.
    ResponseHeaders,
}
