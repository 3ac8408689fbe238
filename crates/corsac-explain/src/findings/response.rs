//! What happens to the request along the way, and to the response when it is read.

use corsac::browser::{ExchangeKind, NetworkErrorKind};

use super::{Evidence, Finding, FindingSeverity};

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    found.extend(body_breaks_off(evidence));
    found.extend(method_changed_by_redirect(evidence));
}

/// `fetch()` succeeds when the head has arrived; reading the body then fails.
fn body_breaks_off(evidence: &Evidence<'_>) -> Option<Finding> {
    let last = evidence.exchanges.last().filter(|_| evidence.is_readable())?;
    let error = last.body_error.as_ref()?;
    let came = last.body.as_deref().map_or(0, <[u8]>::len);
    if error.kind == NetworkErrorKind::Timeout {
        return Some(Finding::new(
            "body-not-waited-for",
            FindingSeverity::Info,
            format!(
                "The body had not ended after {came} bytes, and Corsac did not wait for the rest ({}).",
                error.message
            ),
            "If the page never gets the whole body either, find out what the server is waiting for.",
        ));
    }
    Some(Finding::new(
        "body-breaks-off",
        FindingSeverity::Problem,
        format!(
            "The body is cut off after {came} bytes ({error}). `fetch()` succeeds, but reading the body throws: \
             browsers print `net::ERR_CONTENT_LENGTH_MISMATCH` or `Failed to fetch`, which looks like a CORS error.",
        ),
        "Look for a crash, a timeout or a limit in the server, or in a proxy in front of it, while the body is sent. \
         `Content-Length` and `Content-Encoding` have to match the body that is sent.",
    ))
}

/// Browsers turn a POST into a GET without a body after a 301, 302 or 303.
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
            "The {asked} was redirected with status {}, after which browsers send a {} without the body.",
            redirect.status, next.method
        ),
        "Request the last URL directly, or redirect with status 307 or 308, which keep the method and the body.",
    ))
}
