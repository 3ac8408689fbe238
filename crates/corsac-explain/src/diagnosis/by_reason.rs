//! The cause if no rule applies: the browser's reason, explained by the knowledge base.

use corsac::browser::{Reason, ReasonCode, Refusal, Request, Stage};

use super::cause::{Cause, Confidence, Layer};
use crate::capitalized;
use crate::evidence::Evidence;
use crate::explain::{Fix, explain, proven_causes};
use crate::stack::{HELMET_RESOURCE_POLICY, is_helmet};

pub(super) fn cause(evidence: &Evidence<'_>, refusal: &Refusal) -> Cause {
    let request = evidence.request;
    let refusal = &of_the_connection(evidence, refusal);
    let explanation = explain(refusal, request);
    let code = refusal.reason.code();
    let is_open = code == ReasonCode::AllowOriginMissing;
    Cause {
        code: code.as_str(),
        layer: layer(refusal),
        confidence: if is_open { Confidence::Likely } else { Confidence::Certain },
        is_cors: code.is_cors(),
        title: title(request, refusal, explanation.what),
        evidence: proofs(request, refusal, explanation.causes),
        fix: explanation
            .fixes
            .into_iter()
            .next()
            .map_or_else(Fix::none, |fix| of_stack(fix, evidence, refusal)),
    }
}

/// Returns the same refusal with the URL of the server that Corsac connected to, if the refusal is about that connection.
fn of_the_connection(evidence: &Evidence<'_>, refusal: &Refusal) -> Refusal {
    let mut refusal = refusal.clone();
    let is_about_connection = matches!(
        refusal.reason.code(),
        ReasonCode::DnsFailed
            | ReasonCode::ConnectionRefused
            | ReasonCode::HostUnreachable
            | ReasonCode::ConnectionClosed
            | ReasonCode::TimedOut
    );
    let is_the_host = refusal.url.host() == evidence.request.init().url.host();
    if let Some(at) = evidence.connected_to.filter(|_| is_about_connection && is_the_host) {
        refusal.url = at.clone();
    }
    refusal
}

/// Returns what happened. The page never reads the answer to a preflight: without permission, the browser does not send the request.
fn title(request: &Request, refusal: &Refusal, what: String) -> String {
    match (&refusal.reason, refusal.status) {
        (Reason::AllowOriginMissing, Some(status)) if refusal.stage == Stage::Preflight => format!(
            "The answer to the preflight (`OPTIONS {}`, status {status}) has no `Access-Control-Allow-Origin`, so \
             the browser does not send the {}.",
            refusal.url,
            request.method()
        ),
        _ => what,
    }
}

/// Returns what proves the cause, or if nothing does, what the cause may be.
fn proofs(request: &Request, refusal: &Refusal, causes: Vec<String>) -> Vec<String> {
    match refusal.reason {
        Reason::AllowOriginMissing => causes.into_iter().take(1).collect(),
        // The title already contains the operating system's message.
        Reason::Network(_) => Vec::new(),
        _ => {
            let proven = proven_causes(refusal, request).into_iter().take(1);
            proven.chain([sentence(&refusal.reason.to_string())]).collect()
        }
    }
}

/// Returns the fix, with the server's own setting if the headers identify the server.
fn of_stack(mut fix: Fix, evidence: &Evidence<'_>, refusal: &Refusal) -> Fix {
    let is_about_helmet = matches!(refusal.reason, Reason::ResourcePolicy { value: Some(_), .. })
        && evidence.refused(refusal).is_some_and(|(_, response)| is_helmet(response));
    if is_about_helmet {
        fix.text = format!(
            "If other sites may embed it, change the server's setting.{HELMET_RESOURCE_POLICY} The response then \
             contains:"
        );
    }
    fix
}

/// Makes a sentence of a phrase.
fn sentence(text: &str) -> String {
    capitalized(text) + "."
}

fn layer(refusal: &Refusal) -> Layer {
    match refusal.reason {
        Reason::Network(_) | Reason::BadPort { .. } => Layer::Network,
        Reason::MixedContent
        | Reason::ModeSameOrigin
        | Reason::NoCorsRedirectMode
        | Reason::RedirectModeError
        | Reason::StreamBodyUnsupported => Layer::Page,
        Reason::LocalNetworkDenied { .. } | Reason::LocalNetworkInsecure { .. } => Layer::Browser,
        _ => Layer::Policy,
    }
}
