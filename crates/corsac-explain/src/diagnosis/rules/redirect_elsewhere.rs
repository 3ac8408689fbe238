//! The server redirects to another host.

use corsac::browser::Refusal;
use corsac::origin::Origin;
use url::Url;

use super::login_redirect::login_elsewhere;
use super::redirect::Redirect;
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, printable};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "redirect-elsewhere",
        title: "The server redirects to another host",
        what: "The server answers with a redirect to another host. A preflight may not be redirected at all. For \
               other requests the redirect needs CORS headers, and after it the browser sends `Origin: null`, \
               because the redirect leads from one foreign origin to another: the other server would have to allow \
               every origin.",
        fix: "Request the last URL directly, and make that server allow the page's origin. A signed URL is different \
              each time and valid only for a short time, so the API should return it in the body of a response \
              instead of redirecting.",
        is_cors: true,
    },
    weight: Weight::Contrast,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let redirect = Redirect::that_is_the_cause(evidence, refusal)?;
    let Redirect { exchange, response, to, .. } = &redirect;
    let is_elsewhere = to.has_host() && exchange.url.host_str() != to.host_str();
    if !is_elsewhere || login_elsewhere(exchange, response).is_some() {
        return None;
    }
    let rule = redirect.rule(
        refusal,
        "After it the browser sends `Origin: null`, because the redirect leads from one foreign origin to another, \
         and `null` is refused there.",
    );
    let allow = match evidence.request.origin() {
        opaque if opaque.is_opaque() => "send CORS headers".to_owned(),
        origin => format!("allow {origin}"),
    };
    let host = match (to.host_str().unwrap_or_default(), to.port()) {
        (host, Some(port)) => format!("{host}:{port}"),
        (host, None) => host.to_owned(),
    };
    let fix = if let Some(sign) = signature(to) {
        format!(
            "That URL is signed (`{sign}`), so the page cannot know it in advance. Make the server return the URL in \
             the body of a response with CORS headers instead of redirecting, and make the page request it. {host} \
             has to {allow}."
        )
    } else {
        let not_enough = redirect.not_enough(evidence, refusal);
        format!("Request {to} directly, and make {host} {allow}.{not_enough}")
    };
    let target = match signature(to) {
        Some(_) => format!("{}{}", Origin::of(to), to.path()),
        None => redirect.location.clone(),
    };
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Application,
        confidence: redirect.confidence(),
        is_cors: true,
        title: format!("The server redirects the {} to another host, {host}. {rule}", exchange.method),
        evidence: vec![format!("Status {}, `Location` leads to `{}`.", response.status, printable(&target))],
        fix: Fix::new(fix, Vec::new()),
    })
}

/// Returns the URL parameter that contains a signature. A signed URL works for a short time, and often for one method only.
fn signature(url: &Url) -> Option<String> {
    const NAMES: [&str; 6] =
        ["x-amz-signature", "x-goog-signature", "x-oss-signature", "signature", "sig", "q-signature"];
    let mut names = url.query_pairs().map(|(name, _)| name);
    names.find(|name| NAMES.contains(&name.to_ascii_lowercase().as_str())).map(|name| name.into_owned())
}
