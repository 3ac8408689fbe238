//! What becomes of the request on its way, and of the response when it is read.

use corsac::browser::{ExchangeKind, NetworkErrorKind};

use super::{Evidence, Finding, FindingSeverity};

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    found.extend(body_breaks_off(evidence));
    found.extend(method_changed_by_redirect(evidence));
}

/// `fetch()` succeeds when the head is here; reading the body then fails.
fn body_breaks_off(evidence: &Evidence<'_>) -> Option<Finding> {
    let last = evidence.exchanges.last().filter(|_| evidence.is_readable())?;
    let error = last.body_error.as_ref()?;
    let came = last.body.as_deref().map_or(0, <[u8]>::len);
    if error.kind == NetworkErrorKind::Timeout {
        return Some(Finding::new(
            "body-not-waited-for",
            FindingSeverity::Info,
            format!(
                "The body had not ended after {came} bytes, and the rest was not waited for ({}).",
                error.message
            ),
            "If the page waits for it without an end, see what the server waits for while it sends.",
        ));
    }
    Some(Finding::new(
        "body-breaks-off",
        FindingSeverity::Problem,
        format!(
            "The body breaks off after {came} bytes ({error}). `fetch()` succeeds, and reading the body throws: browsers print \
             `net::ERR_CONTENT_LENGTH_MISMATCH` or `Failed to fetch`, which looks like CORS.",
        ),
        "Look for a crash, a timeout or a limit in the server, or in a proxy before it, while the body is sent; `Content-Length` and \
         `Content-Encoding` have to be those of the body as it is sent.",
    ))
}

/// Browsers turn a POST into a GET without a body at 301, 302 and 303.
fn method_changed_by_redirect(evidence: &Evidence<'_>) -> Option<Finding> {
    let asked = evidence.request.method();
    let requests: Vec<_> =
        evidence.answered().filter(|(exchange, _)| exchange.kind != ExchangeKind::Preflight).collect();
    let ((_, redirect), (next, _)) = requests.windows(2).find_map(|pair| {
        let [before, after] = pair else { return None };
        (before.0.method == asked && after.0.method != asked).then_some((*before, *after))
    })?;
    Some(Finding::new(
        "method-changed-by-redirect",
        FindingSeverity::Warning,
        format!(
            "The {asked} was redirected with status {} and went on as a {} without its body, as browsers do.",
            redirect.status, next.method
        ),
        "Ask for the last URL directly, or redirect with status 307 or 308, which keep method and body.",
    ))
}
