//! Causes of failures about which the recording does not say enough for a diagnosis.

use corsac::browser::{Reason, ReasonCode, Refusal, Request, Stage};

use crate::diagnosis::{Cause, Confidence, Layer};
use crate::explain::{Fix, describe};
use crate::fact::Case;
use crate::{header_lines, look_alikes};

/// Returns the cause that a code names, explained in general.
pub(super) fn of_code(code: &'static str, confidence: Confidence, evidence: String) -> Cause {
    let (title, fix, is_cors) = match (code.parse::<ReasonCode>(), look_alikes::entry(code)) {
        (Ok(reason), _) => {
            let explanation = describe(reason);
            let fix = explanation.fixes.into_iter().next().unwrap_or_else(Fix::none);
            (format!("{}.", explanation.title), fix, reason.is_cors())
        }
        (Err(_), Some(entry)) => {
            (format!("{}. {}", entry.title, entry.what), Fix::new(entry.fix, Vec::new()), entry.is_cors)
        }
        (Err(_), None) => (code.to_owned(), Fix::none(), false),
    };
    Cause { code, layer: layer(code), confidence, is_cors, title, evidence: vec![evidence], fix }
}

fn layer(code: &str) -> Layer {
    match code {
        "network-error" => Layer::Network,
        "content-security-policy" | "service-worker-opaque" | "mixed-content" => Layer::Page,
        "blocked-by-client" | "local-network-denied" => Layer::Browser,
        _ => Layer::Policy,
    }
}

/// Returns the codes that fit a preflight that failed and is not in the recording, the likeliest first. `is_allowed` tells whether the server
/// allows this origin elsewhere in the recording.
pub(super) fn preflight_codes(
    request: &Request,
    unsafe_names: &[String],
    is_allowed: bool,
) -> Vec<&'static str> {
    let has_other_method = !matches!(request.method(), "GET" | "HEAD" | "POST");
    let lists = [
        (!unsafe_names.is_empty()).then_some(ReasonCode::HeaderNotAllowed),
        has_other_method.then_some(ReasonCode::MethodNotAllowed),
    ];
    let lists = lists.into_iter().flatten();
    let codes: Vec<ReasonCode> = if is_allowed {
        let rest =
            [ReasonCode::PreflightStatus, ReasonCode::AllowOriginMissing, ReasonCode::PreflightRedirected];
        lists.chain(rest).collect()
    } else {
        let first = [ReasonCode::AllowOriginMissing, ReasonCode::PreflightStatus];
        let last = [ReasonCode::AllowOriginMismatch, ReasonCode::PreflightRedirected];
        first.into_iter().chain(lists).chain(last).collect()
    };
    codes.into_iter().map(ReasonCode::as_str).collect()
}

/// The codes that fit a request without a response and without a word about it, the likeliest first.
pub(super) const UNEXPLAINED: [&str; 3] = ["network-error", "blocked-by-client", "content-security-policy"];

/// Returns the codes that fit a response that the browser refused and that is not in the recording, the likeliest first.
pub(super) fn response_codes() -> impl Iterator<Item = &'static str> {
    let codes = [
        ReasonCode::AllowOriginMissing,
        ReasonCode::AllowOriginMismatch,
        ReasonCode::CredentialsWildcard,
        ReasonCode::AllowCredentialsNotTrue,
        ReasonCode::AllowOriginMultiple,
    ];
    codes.into_iter().map(ReasonCode::as_str)
}

/// Returns the cause if the preflight is not in the recording, and the browser did not send the request.
pub(super) fn preflight_not_recorded(code: &'static str, request: &Request, was_recorded: bool) -> Cause {
    let refusal = refusal(request, Stage::Preflight);
    let url = &request.init().url;
    let seen = if was_recorded {
        "The recording has the preflight, but no answer to it."
    } else {
        "The preflight was not recorded."
    };
    Cause {
        code,
        layer: Layer::Policy,
        confidence: Confidence::Possible,
        is_cors: true,
        title: format!(
            "The browser did not send the {} to {url}: it needs a preflight first, and the preflight failed. Its answer is not in the recording.",
            request.method(),
        ),
        evidence: vec![seen.to_owned()],
        fix: Fix::new(
            format!(
                "Look at the answer to the preflight: `corsac check` sends the same one. `OPTIONS {url}` has to be answered with a status from 200 to 299 and:"
            ),
            header_lines::failed(Case { refusal: &refusal, request }),
        ),
    }
}

/// Returns the cause if a program wrote the recording that has neither preflights nor the responses that the browser refused, so that nothing
/// tells which of the two it was.
pub(super) fn neither_recorded(code: &'static str, request: &Request) -> Cause {
    let url = &request.init().url;
    let method = request.method();
    Cause {
        code,
        layer: Layer::Policy,
        confidence: Confidence::Possible,
        is_cors: true,
        title: format!(
            "The preflight of the {method} to {url} failed, or the browser did not let the page read the response. The recording does not tell \
             which."
        ),
        evidence: vec!["Neither the preflight nor the response was recorded.".to_owned()],
        fix: Fix::new(
            format!(
                "Look at both answers: `corsac check` sends the same requests. `OPTIONS {url}` has to be answered with a status from 200 to 299 \
                 and these headers, and the response to the {method} needs its `Access-Control-Allow-Origin`, too:"
            ),
            header_lines::failed(Case { refusal: &refusal(request, Stage::Preflight), request }),
        ),
    }
}

/// Returns the cause if the browser refused a response that is not in the recording.
pub(super) fn response_not_recorded(request: &Request, stage: Stage) -> Cause {
    let url = &request.init().url;
    let (what, evidence) = match stage {
        Stage::Redirect => {
            ("what the redirect leads to", "The response after the redirect was not recorded.")
        }
        _ => ("the response", "The response was not recorded, neither its status nor its headers."),
    };
    Cause {
        code: ReasonCode::AllowOriginMissing.as_str(),
        layer: Layer::Policy,
        confidence: Confidence::Possible,
        is_cors: true,
        title: format!(
            "The browser does not let {} read {what} of the {} to {url}. Most often `Access-Control-Allow-Origin` is missing.",
            request.origin(),
            request.method(),
        ),
        evidence: vec![evidence.to_owned()],
        fix: Fix::new(
            "See which headers the response has: `corsac check` sends the same request. It needs:",
            header_lines::response(request),
        ),
    }
}

/// Returns the cause if the recorded headers allow what the browser refused.
pub(super) fn unknown(request: &Request) -> Cause {
    Cause {
        code: "network-error",
        layer: Layer::Browser,
        confidence: Confidence::Possible,
        is_cors: false,
        title: format!(
            "The browser kept the response of the {} to {} from the page, and the recording does not show why: its headers allow {}.",
            request.method(),
            request.init().url,
            request.origin(),
        ),
        evidence: vec!["The headers allow the request with and without credentials.".to_owned()],
        fix: Fix::new(
            "Read the message in the browser's console: it names the reason. An extension, a service worker, a broken body or a response out \
             of the browser's cache can look like this.",
            Vec::new(),
        ),
    }
}

/// Returns a refusal for which the whole set of headers is the fix.
fn refusal(request: &Request, stage: Stage) -> Refusal {
    Refusal::new(stage, request.init().url.clone(), request.origin().as_str(), Reason::AllowOriginMissing)
}
