//! Bot protection, or a login of a platform, answers in the server's place and says so in a header.

use corsac::browser::{Refusal, ResponseHead};

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, shown};
use crate::explain::Fix;

const FIX: &str = "Let the API's paths through without a challenge, `OPTIONS` above all: add a rule there that skips the check. For a \
                   preview deployment, allow `OPTIONS` or switch the protection off.";

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "challenge-page",
        title: "Bot protection answered in the server's place",
        what: "Something in front of the server answered with a challenge for people: a page that a browser has to solve before it gets \
               through. A request of a script cannot solve it, and a preflight carries none of the cookies that would show that it was \
               solved before. The application never saw the request. It is known by a header with which the protection names itself.",
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
            "Something in front of {host} answered with status {} and a challenge for people. The application never saw the {}.",
            response.status, exchange.method
        ),
        evidence: vec![format!("The response says `{sign}`.")],
        fix: Fix::new(FIX, Vec::new()),
    })
}

/// The header line with which a challenge names itself.
fn sign(response: &ResponseHead) -> Option<String> {
    /// Header, and what its value contains, in lower case, when it is a challenge.
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
    Some(format!("{}: {}", line.name, shown(&line.text())))
}
