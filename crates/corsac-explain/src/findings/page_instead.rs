//! Responses that the page may read, but that are HTML pages instead of data.

use corsac::browser::ExchangeKind;

use super::{Evidence, Finding, FindingSeverity};
use crate::diagnosis::{is_html_instead_of_data, login_elsewhere};
use crate::evidence::{is_success, printable};

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    found.extend(page_instead(evidence));
}

fn page_instead(evidence: &Evidence<'_>) -> Option<Finding> {
    let (exchange, response) = evidence.response().filter(|_| evidence.is_readable())?;
    if !is_success(response) {
        return None;
    }
    let login = evidence
        .answered()
        .filter(|(exchange, _)| exchange.kind != ExchangeKind::Preflight)
        .find_map(|(exchange, response)| login_elsewhere(exchange, response));
    if let Some(location) = login {
        return Some(Finding::new(
            "login-page-read",
            FindingSeverity::Problem,
            format!(
                "The request was redirected to `{}`, which looks like a login page. The page reads that instead of \
                 the data it requested.",
                printable(&location)
            ),
            "Sign in again. Then answer API requests with status 401 instead of a redirect, so that the page can \
             detect it.",
        ));
    }
    is_html_instead_of_data(evidence, exchange, response).then(|| {
        Finding::new(
            "html-where-data-was-asked",
            FindingSeverity::Warning,
            format!(
                "The {} looks like an API request, but the response is an HTML page. Code that expects JSON fails \
                 with a syntax error at `<`.",
                exchange.method
            ),
            "Check the URL: servers of web apps answer every unknown path with their index page.",
        )
    })
}
