//! A framework redirects to add or remove a slash at the end of the path, before its CORS layer runs or with the wrong scheme.

use corsac::browser::{Refusal, Stage};

use super::redirect::Redirect;
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, printable};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "slash-redirect",
        title: "A redirect adds or removes a slash",
        what: "The server redirects `/items` to `/items/`, or the other way round. A preflight may not be redirected \
               at all, and the redirect itself is often sent before the CORS layer runs, so it has no CORS headers. \
               If a proxy handles TLS, the redirect often leads to http, which browsers refuse on an https page.",
        fix: "Request the URL that the server redirects to. To fix the server, let its CORS layer run first, and \
              configure the application so that it knows that it is served over https.",
        is_cors: true,
    },
    weight: Weight::Shape,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let Redirect { exchange, response, location, mut to, .. } = Redirect::of(evidence, refusal)?;
    let from = &exchange.url;
    let path = |path: &str| path.trim_end_matches('/').to_owned();
    let is_slash =
        from.path() != to.path() && path(from.path()) == path(to.path()) && from.query() == to.query();
    if !is_slash || from.host_str() != to.host_str() {
        return None;
    }
    let leaves_https = from.scheme() == "https" && to.scheme() == "http";
    let mut title = format!("The server redirects {} to {}: only a slash differs.", from.path(), to.path());
    let mut server = "To fix the server, let its CORS layer run before the redirect.".to_owned();
    if leaves_https {
        title.push_str(
            " But the redirect leads to http, which browsers refuse on an https page: the application \
                        does not know that it is served over https.",
        );
        "To fix the server, make the proxy set `X-Forwarded-Proto`, and the application trust it."
            .clone_into(&mut server);
        // The port for http is not the one that was requested.
        if to.set_scheme("https").is_ok() {
            let _ = to.set_port(from.port());
        }
    } else if refusal.stage == Stage::Preflight {
        title.push_str(" A preflight may not be redirected.");
    } else {
        title.push_str(" The redirect has no CORS headers, so the browser does not follow it.");
    }
    let fix = format!("Request {to}. {server}");
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Application,
        confidence: Confidence::Certain,
        is_cors: !leaves_https,
        title,
        evidence: vec![format!("Status {}, `Location: {}`.", response.status, printable(&location))],
        fix: Fix::new(fix, Vec::new()),
    })
}
