//! Authentication runs before the CORS layer and rejects the preflight, which never carries a login.

use corsac::browser::{Exchange, Refusal, ResponseHead, Stage};

use super::login_redirect::login_elsewhere;
use super::platform_wall;
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Body, Evidence, printable};
use crate::explain::Fix;
use crate::fact::Case;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "preflight-needs-login",
        title: "The server requires a login for the preflight",
        what: "The server checks the login before its CORS layer runs, and rejects the preflight with status 401 or \
               403, or redirects it to a login page. Browsers never send cookies or tokens with a preflight, so \
               logging in does not help.",
        fix: "Let `OPTIONS` through without a login: run the CORS layer before authentication, or exempt `OPTIONS` \
              from it. The request itself is still checked.",
        is_cors: true,
    },
    weight: Weight::Marker,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    if refusal.stage != Stage::Preflight {
        return None;
    }
    let (exchange, response) = evidence.refused(refusal)?;
    let body = evidence.refused_body(refusal);
    // A platform in front of the server has its own setting for preflights.
    if platform_wall::is_named(response, body) {
        return None;
    }
    let sign = sign(exchange, response, body)?;
    let mut seen = vec![sign.words];
    if evidence.request.headers().contains("authorization") {
        seen.push(
            "The page sends `Authorization` with the request itself; a preflight never includes it."
                .to_owned(),
        );
    }
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Application,
        confidence: sign.confidence,
        is_cors: true,
        title: format!(
            "The server expects a login even for the preflight: it {}. Browsers never send cookies or tokens with a \
             preflight, so it can never pass.",
            sign.answer
        ),
        evidence: seen,
        fix: Fix::new(
            "Let `OPTIONS` through without a login: run the CORS layer before authentication. The preflight's \
             response needs a 2xx status and:",
            header_lines::failed(Case { refusal, request: evidence.request }),
        ),
    })
}

struct Sign {
    confidence: Confidence,
    /// What the server did, after "it".
    answer: String,
    words: String,
}

fn sign(exchange: &Exchange, response: &ResponseHead, body: Option<Body<'_>>) -> Option<Sign> {
    let status = response.status;
    let says = |line: String| format!(" The body says {line}.");
    let challenge = response.headers.text("www-authenticate");
    let challenge =
        challenge.map(|value| format!(" The response says `WWW-Authenticate: {}`.", printable(&value)));
    if status == 401 {
        let more = challenge.or_else(|| body?.error_line().map(says)).unwrap_or_default();
        return Some(Sign {
            confidence: Confidence::Certain,
            answer: "answers with status 401".to_owned(),
            words: format!("Status 401 means that a login is missing.{more}"),
        });
    }
    if status == 403 {
        let words = challenge.or_else(|| body?.line_with(&SIGNS).map(says))?;
        return Some(Sign {
            confidence: Confidence::Certain,
            answer: "answers with status 403".to_owned(),
            words: words.trim_start().to_owned(),
        });
    }
    let location = login_elsewhere(exchange, response)?;
    Some(Sign {
        confidence: Confidence::Likely,
        answer: format!("answers with a redirect ({status}) to a login page"),
        words: format!("`Location: {}` looks like a login page.", printable(&location)),
    })
}

/// What servers write with status 403 if the login is missing. The first letter is left out, since it may be a capital.
const SIGNS: [&str; 8] = [
    "uthentication credentials were not provided",
    "ot authenticated",
    "nauthenticated",
    "uthentication required",
    "uthentication is required",
    "ogin required",
    "o token provided",
    "oken is missing",
];
