//! Bot protection answers instead of the server, and identifies itself in a header.

use corsac::browser::{Refusal, ResponseHead};

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, printable};
use crate::explain::Fix;

const FIX: &str = "Let the API's paths through without a challenge, above all `OPTIONS`: add a rule there that skips \
                   the check. For a preview deployment, allow `OPTIONS` or turn the protection off.";

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "challenge-page",
        title: "Bot protection answered instead of the server",
        what: "Something in front of the server answered with a challenge for visitors: a page that a browser has to \
               solve first. A script's request cannot solve it, and a preflight carries none of the cookies that \
               would show that it was solved before. The application never got the request. Corsac recognizes it by \
               a header that identifies the protection.",
        fix: FIX,
        is_cors: false,
    },
    weight: Weight::Marker,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let (exchange, response) = evidence.refused(refusal)?;
    let sign = sign(response)?;
    let host = exchange.url.host_str().unwrap_or_default();
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Proxy,
        confidence: Confidence::Certain,
        is_cors: false,
        title: format!(
            "Something in front of {host} answered with status {} and a challenge for visitors. The application \
             never got the {}.",
            response.status, exchange.method
        ),
        evidence: vec![format!("The response has `{sign}`.")],
        fix: Fix::new(FIX, Vec::new()),
    })
}

/// Returns the header line that identifies a challenge.
fn sign(response: &ResponseHead) -> Option<String> {
    /// A header, and a part of its value if it is a challenge, in lower case.
    const SIGNS: &[(&str, &str)] = &[
        ("cf-mitigated", "challenge"),
        ("x-vercel-mitigated", "challenge"),
        ("x-amzn-waf-action", "c"), // `challenge` or `captcha`
        ("x-datadome", ""),
        ("x-sucuri-block", ""),
        ("sg-captcha", "challenge"),
        ("server", "imunify360-webshield"),
    ];
    if !matches!(response.status, 200 | 202 | 401 | 403 | 405 | 429 | 503) {
        return None;
    }
    let is_sign = |name: &str, text: &str| {
        SIGNS
            .iter()
            .any(|(sign, value)| sign.eq_ignore_ascii_case(name) && text.to_ascii_lowercase().contains(value))
    };
    let line = response.headers.iter().find(|line| is_sign(&line.name, &line.text()))?;
    Some(format!("{}: {}", line.name, printable(&line.text())))
}
