//! The server's CORS layer allows the origin, but refuses the method or a header.

use corsac::browser::{Engine, Reason, Refusal, Request, ResponseHead, Stage};
use corsac::header::names::AUTHORIZATION;
use corsac::header::unsafe_request_header_names;
use corsac::method::is_cors_safelisted_method;

use super::origin_refused::SIGNS;
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::Evidence;
use crate::explain::Fix;
use crate::fact::Case;
use crate::header_lines;
use crate::preflight_answer::refusal_of_preflight;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "preflight-not-allowed",
        title: "The server's CORS check refuses the method or a header",
        what: "The server allows the origin, but answers this preflight with an error: its CORS layer does not allow \
               the method, or one of the headers that the page sets. Browsers report only the status. Corsac \
               recognizes it by the lists in the answer, which lack what the page requests, or by a plain GET from \
               the page that the server allows.",
        fix: "Add the method and the headers to the lists of the server's CORS layer.",
        is_cors: true,
    },
    weight: Weight::Marker,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    if refusal.stage != Stage::Preflight {
        return None;
    }
    let (_, response) = evidence.refused(refusal)?;
    let request = evidence.request;
    let sign = evidence.refused_body(refusal).and_then(|body| body.line_with(&SIGNS));
    let is_about_status = matches!(refusal.reason, Reason::PreflightStatus { .. });
    let missing = missing_with_a_right_status(request, response).filter(|_| is_about_status);
    let (what, seen) = match missing {
        Some(missing) => {
            let lists = format!("The answer allows the origin, but its lists do not contain {missing}.");
            (
                missing,
                std::iter::once(lists).chain(sign.map(|line| format!("The body says {line}."))).collect(),
            )
        }
        // The body shows that the CORS layer refused it, and the origin is allowed.
        None => {
            let (control, sign) = (evidence.allowed_without_preflight()?, sign?);
            let status = control.response.status;
            (
                asked(request)?,
                vec![format!("The body says {sign}, and {} is allowed (status {status}).", control.what)],
            )
        }
    };
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Policy,
        confidence: Confidence::Certain,
        is_cors: true,
        title: format!(
            "The server's own CORS check allows {}, but not {what}: it answers the preflight with status {}.",
            refusal.origin, response.status
        ),
        evidence: seen,
        fix: Fix::new(
            format!(
                "Add {what} to what the server's CORS layer allows. The preflight's response needs a 2xx status and:"
            ),
            header_lines::failed(Case { refusal, request }),
        ),
    })
}

/// Returns what is missing in the lists of the answer: what a browser would refuse if the status were right. A list that is not sent does
/// not count, since some layers omit the lists from an error.
fn missing_with_a_right_status(request: &Request, response: &ResponseHead) -> Option<String> {
    let mut right = response.clone();
    right.status = 204;
    match refusal_of_preflight(request, &right)?.reason {
        Reason::MethodNotAllowed { method, allowed: Some(_) } => Some(format!("the method {method}")),
        Reason::HeaderNotAllowed { name, others, allowed: Some(_) } => {
            Some(headers(std::iter::once(name).chain(others)))
        }
        Reason::AuthorizationWildcard { .. } => Some(headers([AUTHORIZATION])),
        _ => None,
    }
}

/// Returns what the preflight asks for.
fn asked(request: &Request) -> Option<String> {
    let method = Some(request.method()).filter(|method| !is_cors_safelisted_method(method));
    let method = method.map(|method| format!("the method {method}"));
    let names = unsafe_request_header_names(request.headers(), &Engine::Spec.profile().safelist);
    let headers = (!names.is_empty()).then(|| headers(&names));
    match (method, headers) {
        (Some(method), Some(headers)) => Some(format!("{method} with {headers}")),
        (method, headers) => method.or(headers),
    }
}

fn headers(names: impl IntoIterator<Item: AsRef<str>>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    let word = if names.len() == 1 { "header" } else { "headers" };
    format!("the {word} {}", names.join(", "))
}
