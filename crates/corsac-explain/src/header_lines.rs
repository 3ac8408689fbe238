//! The header lines of a fix, complete for a request: what the server has to send to allow it.

use corsac::browser::{Credentials, Engine, Reason, ReasonCode, Request, Stage};
use corsac::header::{self, list_items};

use crate::fact::Case;
use crate::values::{YOUR_HEADERS, YOUR_METHOD, YOUR_ORIGIN};

/// Returns what the response to the request itself needs.
pub(crate) fn response(request: &Request) -> Vec<String> {
    let mut lines = allow_origin(request);
    lines.extend(vary(request));
    lines
}

/// Returns what the failed response needs, with methods and headers if it was the preflight's.
pub(crate) fn failed(case: Case<'_>) -> Vec<String> {
    if case.refusal.stage != Stage::Preflight {
        return response(case.request);
    }
    let headers = headers(case);
    let allow_methods = || format!("Access-Control-Allow-Methods: {}", methods(case));
    let allow_headers = || format!("Access-Control-Allow-Headers: {headers}");
    match wrong_list(case) {
        Some(List::Methods) => return vec![allow_methods()],
        Some(List::Headers) => return vec![allow_headers()],
        None => {}
    }
    let mut lines = allow_origin(case.request);
    lines.push(allow_methods());
    if !headers.is_empty() {
        lines.push(allow_headers());
    }
    lines.extend(vary(case.request));
    lines
}

/// A list in the answer to a preflight.
pub(crate) enum List {
    Methods,
    Headers,
}

/// Returns the list that is wrong, if nothing else is. The other headers are then right, and stay as they are.
pub(crate) fn wrong_list(case: Case<'_>) -> Option<List> {
    match case.refusal.reason.code() {
        ReasonCode::MethodNotAllowed | ReasonCode::AllowMethodsInvalid => Some(List::Methods),
        ReasonCode::HeaderNotAllowed
        | ReasonCode::AuthorizationWildcard
        | ReasonCode::AllowHeadersInvalid => Some(List::Headers),
        _ => None,
    }
}

/// Returns the same as [`failed`] without a case, with placeholders for values.
pub(crate) fn without_values(code: ReasonCode, preflight: bool) -> Vec<String> {
    let mut lines = response_without_values(code);
    if preflight || is_about_preflights(code) {
        let vary = lines.pop();
        lines.push(format!("Access-Control-Allow-Methods: {YOUR_METHOD}"));
        lines.push(format!("Access-Control-Allow-Headers: {YOUR_HEADERS}"));
        lines.extend(vary);
    }
    lines
}

/// Returns the same as [`response`] without a case.
pub(crate) fn response_without_values(code: ReasonCode) -> Vec<String> {
    let mut lines = vec![format!("Access-Control-Allow-Origin: {YOUR_ORIGIN}")];
    if matches!(code, ReasonCode::CredentialsWildcard | ReasonCode::AllowCredentialsNotTrue) {
        lines.push(ALLOW_CREDENTIALS.to_owned());
    }
    lines.push(VARY.to_owned());
    lines
}

const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials: true";
const VARY: &str = "Vary: Origin";

/// Returns `true` if only preflights fail in this way.
fn is_about_preflights(code: ReasonCode) -> bool {
    let names = crate::entry(code).chromium;
    names.preflight.is_some() && names.request.is_none()
}

fn allow_origin(request: &Request) -> Vec<String> {
    let credentials = request.init().credentials == Credentials::Include;
    let value = match (request.origin().is_opaque(), credentials) {
        (false, _) => request.origin().as_str(),
        // Never `null`: every sandboxed frame has that origin.
        (true, false) => "*",
        (true, true) => YOUR_ORIGIN,
    };
    let mut lines = vec![format!("Access-Control-Allow-Origin: {value}")];
    if credentials {
        lines.push(ALLOW_CREDENTIALS.to_owned());
    }
    lines
}

/// Returns the `Vary` line, unless the value is `*`, which does not depend on the origin.
fn vary(request: &Request) -> Option<String> {
    let same_for_all = request.origin().is_opaque() && request.init().credentials != Credentials::Include;
    (!same_for_all).then(|| VARY.to_owned())
}

/// Returns the methods that the server already allows, and the request's method.
fn methods(case: Case<'_>) -> String {
    match &case.refusal.reason {
        // In upper case, as servers write methods: a page that writes `patch` means PATCH.
        Reason::MethodNotAllowed { method, allowed } => {
            let method = method.to_ascii_uppercase();
            extended(allowed.as_deref(), std::iter::once(method.as_str()), str::eq)
        }
        _ => case.request.method().to_ascii_uppercase(),
    }
}

/// Returns the headers that the server already allows, and those that the request needs.
fn headers(case: Case<'_>) -> String {
    // These are the standard's. A server that allows them works with every engine.
    let names = header::unsafe_request_header_names(case.request.headers(), &Engine::Spec.profile().safelist);
    let spelled = names.iter().map(|name| {
        let line = case.request.headers().iter().find(|line| line.is(name));
        line.map_or(name.as_str(), |line| line.name.as_str())
    });
    match &case.refusal.reason {
        Reason::HeaderNotAllowed { name, allowed, .. } => extended(
            allowed.as_deref(),
            spelled.chain(std::iter::once(name.as_str())),
            str::eq_ignore_ascii_case,
        ),
        Reason::AuthorizationWildcard { allowed } => {
            extended(Some(allowed), spelled, str::eq_ignore_ascii_case)
        }
        _ => extended(None, spelled, str::eq_ignore_ascii_case),
    }
}

/// If the server's own list has more items than this, they are not repeated.
const LONG: usize = 20;

/// Returns the items of a list, without `*`, followed by those that it lacks.
fn extended<'a>(
    allowed: Option<&'a str>,
    needed: impl Iterator<Item = &'a str>,
    same: fn(&str, &str) -> bool,
) -> String {
    let items = list_items(allowed.unwrap_or_default().as_bytes());
    let items = items.filter_map(|item| std::str::from_utf8(item).ok()).filter(|item| *item != "*");
    let mut list: Vec<&str> = items.take(LONG + 1).collect();
    if list.len() > LONG {
        list.clear();
    }
    for item in needed {
        if !list.iter().any(|other| same(other, item)) {
            list.push(item);
        }
    }
    list.join(", ")
}
