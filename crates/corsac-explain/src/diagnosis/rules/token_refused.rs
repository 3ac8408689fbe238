//! A gateway rejects the token before the application runs, and its response has no CORS headers.

use corsac::browser::{Refusal, Stage};

use super::platform_wall;
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Body, Evidence, is_success, printable};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "token-refused",
        title: "The token is rejected before the application runs",
        what: "The preflight passed. Then a gateway or middleware rejected the token of the request: it is missing, \
               invalid, expired or for another project. That response has no CORS headers, so the page sees a CORS \
               error instead of the 401. Corsac recognizes it by what the body or `WWW-Authenticate` says about the \
               token.",
        fix: "Send a valid token: get a new one, and check that it is of the right kind and for this project. CORS \
              headers on that response would only let the page see the status.",
        is_cors: false,
    },
    weight: Weight::Marker,
    find,
};

/// What gateways write about a token.
const SIGNS: &[&str] = &[
    "Invalid JWT",
    "invalid JWT",
    "JWT expired",
    "jwt expired",
    "jwt malformed",
    "invalid jwt",
    "Jwt is",
    "Jwt verification fails",
    "invalid_token",
    "Invalid token",
    "invalid token",
    "Token is invalid",
    "oken has expired",
    "oken expired",
    "oken is expired",
    "invalid signature",
    "Signature has expired",
    "Missing authorization header",
    "missing authorization header",
    "xpired token",
    "token signature",
    "invalid_api_key",
    "Incorrect API key",
    "No API key found",
    "Invalid API key",
    "invalid api key",
    "Invalid authentication credentials",
    "Invalid API Key",
    "nvalid access token",
];

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let (exchange, response) = evidence.refused(refusal)?;
    let (_, preflight) = evidence.preflights().last()?;
    let body = evidence.refused_body(refusal);
    if !refusal.reason.code().is_cors()
        || refusal.stage == Stage::Preflight
        || !is_success(preflight)
        || !evidence.knows_cors(preflight)
        || !matches!(response.status, 401 | 403)
        || evidence.knows_cors(response)
        || platform_wall::is_named(response, body)
    {
        return None;
    }
    let (confidence, sign) = sign(response.status, response.headers.text("www-authenticate"), body)?;
    let sent = ["authorization", "apikey", "x-api-key"]
        .into_iter()
        .find(|name| evidence.request.headers().contains(name));
    let (what, fix) = match sent {
        Some(name) => (
            format!("the value of `{name}` is rejected"),
            format!("Fix the token in `{name}`: get a new one, and check that it is of the right kind and for this \
                     project."),
        ),
        None => (
            "it has no token".to_owned(),
            "Send the token that the server expects, in `Authorization` or in the header that its documentation \
             specifies.".to_owned(),
        ),
    };
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Page,
        confidence,
        is_cors: false,
        title: format!(
            "Something that runs before the application rejects the {} with status {}: {what}. The preflight passed.",
            exchange.method, response.status
        ),
        evidence: vec![sign],
        fix: Fix::new(
            format!(
                "{fix} The response has no CORS headers, so the page sees a CORS error instead; if it comes from a \
                 platform, you may not be able to change that."
            ),
            Vec::new(),
        ),
    })
}

fn sign(status: u16, challenge: Option<String>, body: Option<Body<'_>>) -> Option<(Confidence, String)> {
    let says_invalid =
        |challenge: &String| challenge.contains("invalid_token") || challenge.contains("expired");
    if let Some(challenge) = challenge.filter(says_invalid) {
        let seen = format!("The response says `WWW-Authenticate: {}`.", printable(&challenge));
        return Some((Confidence::Certain, seen));
    }
    let says = |line: String| format!("The body says {line}.");
    if let Some(line) = body?.line_with(SIGNS) {
        return Some((Confidence::Certain, says(line)));
    }
    // Status 403 may be about the user's permissions.
    let line = body?.line_with(&["Unauthorized", "unauthorized"]).filter(|_| status == 401)?;
    Some((Confidence::Likely, says(line)))
}
