//! `Access-Control-Allow-Origin` contains a pattern.

use corsac::browser::Refusal;

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, printable, refused_allow_origin};
use crate::explain::Fix;
use crate::fact::Case;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "pattern-in-header",
        title: "`Access-Control-Allow-Origin` contains a pattern",
        what: "The header's value has a wildcard in a host, such as `https://*.example.com`, or is a regular \
               expression. Browsers do not support patterns: they compare the value with the page's origin as text.",
        fix: "Match the pattern on the server, and send back the request's origin, with `Vary: Origin`. If the \
              setting takes only plain values, list the origins in full.",
        is_cors: true,
    },
    weight: Weight::Shape,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let value = refused_allow_origin(refusal)?;
    if !is_pattern(value) {
        return None;
    }
    let value = printable(value);
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Policy,
        confidence: Confidence::Certain,
        is_cors: true,
        title: format!(
            "The server sends the pattern `{value}` to the browser. Browsers do not support patterns, so it matches \
             no page: the server has to match the origin itself."
        ),
        evidence: vec![format!("The response says `Access-Control-Allow-Origin: {value}`.")],
        fix: Fix::new(
            "Compare the `Origin` of each request with the pattern on the server. If all of it matches, send back \
             the origin itself:",
            header_lines::failed(Case { refusal, request: evidence.request }),
        ),
    })
}

/// Returns `true` for `https://*.example.com`, `/^https:.*$/` and the like, and not for `*` in quotes, several values, or a variable.
fn is_pattern(value: &str) -> bool {
    let bare = value.trim_matches(|character: char| matches!(character, '"' | '\'' | '[' | ']'));
    if value.contains([',', ' '])
        || bare.contains("${")
        || bare.contains("{{")
        || bare.chars().all(|character| character == '*')
    {
        return false;
    }
    let is_anchored = bare.starts_with('^') || (bare.ends_with('$') && bare.len() > 1);
    bare.contains('*') || bare.contains('\\') || bare.contains("://(") || is_anchored
}
