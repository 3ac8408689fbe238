//! Responses that the page may read, and that are a page for people in the place of data.

use corsac::browser::ExchangeKind;

use super::{Evidence, Finding, FindingSeverity};
use crate::diagnosis::{is_page_where_data_was_asked, login_elsewhere};
use crate::evidence::{is_success, shown};

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
                "The request was redirected to `{}`, which looks like a login: what the page reads is that page, and not what it asked for.",
                shown(&location)
            ),
            "Sign in again. Then answer requests of scripts with status 401 instead of a redirect, so that the page can tell.",
        ));
    }
    is_page_where_data_was_asked(evidence, exchange, response).then(|| {
        Finding::new(
            "html-where-data-was-asked",
            FindingSeverity::Warning,
            format!(
                "The {} looks like one to an API, and an HTML page came. A page that expects JSON fails with a syntax error at `<`.",
                exchange.method
            ),
            "Check the URL: servers of web apps answer each path that they do not know with their start page.",
        )
    })
}
