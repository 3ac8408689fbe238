//! The cause where no rule knows more than the browser's reason: it comes from the knowledge base.

use corsac::browser::{Reason, ReasonCode, Refusal, Request};

use super::cause::{Cause, Confidence, Layer};
use crate::explain::{Fix, explain};

pub(super) fn cause(request: &Request, refusal: &Refusal) -> Cause {
    let explanation = explain(refusal, request);
    let code = refusal.reason.code();
    let is_open = code == ReasonCode::AllowOriginMissing;
    Cause {
        code: code.as_str(),
        layer: layer(refusal),
        confidence: if is_open { Confidence::Likely } else { Confidence::Certain },
        is_cors: code.is_cors(),
        title: explanation.what,
        evidence: explanation.causes.into_iter().take(2).collect(),
        fix: explanation.fixes.into_iter().next().unwrap_or_else(Fix::none),
    }
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
