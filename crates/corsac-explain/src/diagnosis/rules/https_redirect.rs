//! The server redirects http to https.

use corsac::browser::{Refusal, Stage};
use url::Url;

use super::redirect_elsewhere::origin_is_lost;
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, is_success, shown};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "https-redirect",
        title: "The server redirects http to https",
        what: "The page asks with http, and the server redirects it to the same path with https. A preflight may not be redirected at all. For \
               other requests http and https are two origins: after the redirect the browser says `Origin: null`, so CORS headers on the redirect \
               are not enough.",
        fix: "Write https in the URL that the page asks for.",
        is_cors: true,
    },
    weight: Weight::Contrast,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    if !refusal.reason.code().is_cors() {
        return None;
    }
    let (exchange, response) = evidence.redirect(refusal)?;
    let location = response.headers.text("location")?;
    let (from, to) = (&exchange.url, exchange.url.join(&location).ok()?);
    let is_upgrade = from.scheme() == "http" && to.scheme() == "https";
    let is_same = from.host_str() == to.host_str() && from.path() == to.path() && from.query() == to.query();
    if !is_upgrade || !is_same {
        return None;
    }
    let (_, refused) = evidence.refused(refusal)?;
    let is_refused = refused.is_redirect();
    let is_lost = origin_is_lost(evidence.request, from, &to);
    // What came after the redirect was refused: then the redirect matters only if it took the origin away.
    if !is_refused
        && (refusal.origin != "null" || !is_success(refused) || evidence.request.origin().is_opaque())
    {
        return None;
    }
    let rule = if !is_refused {
        "After the redirect the browser says `Origin: null`, and that is refused."
    } else if refusal.stage == Stage::Preflight {
        "A preflight may not be redirected."
    } else {
        "The redirect has no CORS headers that allow the page, so the browser does not follow it."
    };
    // A preflight is not followed at all, whatever headers the redirect has.
    let not_enough = if is_lost && refusal.stage != Stage::Preflight {
        " CORS headers on the redirect are not enough: after it the browser says `Origin: null`."
    } else {
        ""
    };
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Page,
        confidence: if is_refused { Confidence::Certain } else { Confidence::Likely },
        is_cors: true,
        title: format!("The server redirects http to https. {rule}"),
        evidence: vec![format!(
            "Status {}, `Location: {}`.{}",
            response.status,
            shown(&location),
            port(from, &to)
        )],
        fix: Fix::new(format!("Ask for {to}.{not_enough}"), Vec::new()),
    })
}

/// What to say about the port that the redirect names.
fn port(from: &Url, to: &Url) -> String {
    match (from.port(), to.port()) {
        (Some(port), Some(other)) if port == other => format!(
            " It keeps port {port}, which just answered in http, so https hardly answers there: use the server's port for https."
        ),
        (Some(port), None) => {
            format!(" It leaves out port {port}, so it leads to port 443: see that the server listens there.")
        }
        _ => String::new(),
    }
}
