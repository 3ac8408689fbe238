//! The request was for an API, but the response is an HTML page: the index page of a web app, or a page of the server.

use corsac::browser::{CompletedExchange, Exchange, Reason, Refusal, ResponseHead, Stage};
use corsac::header::names::CONTENT_TYPE;

use super::cached_copy::is_stored_copy;
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Body, Evidence, depends_on_origin, is_success};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "html-instead-of-data",
        title: "The response is an HTML page instead of data",
        what: "The request looks like an API request, but the response is an HTML page with status 200. Often it is \
               the index page of a web app, which its server sends for every unknown path. The URL does not lead to \
               the API.",
        fix: "Correct the URL (the host, the port and the path of the API), or the proxy rule that should forward \
              it. CORS headers on that page would only let the script read HTML.",
        is_cors: false,
    },
    weight: Weight::Shape,
    find,
};

/// What the index pages of web apps contain.
pub(super) const INDEX_PAGES: &[&str] = &[
    "id=\"root\"",
    "id=\"app\"",
    "id=root",
    "id=app",
    "<app-root",
    "id=\"__next\"",
    "id=\"__nuxt\"",
    "/@vite/client",
    "type=\"module\"",
    "data-sveltekit-preload",
];

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    if refusal.stage == Stage::Preflight {
        return after_a_preflight(evidence, refusal);
    }
    let (exchange, response) = evidence.refused(refusal)?;
    if refusal.reason != Reason::AllowOriginMissing
        || !is_success(response)
        || !(is_html_instead_of_data(evidence, exchange, response) || is_index_page(evidence, response))
        || evidence.knows_cors(response)
        || depends_on_origin(response)
        || is_stored_copy(response)
    {
        return None;
    }
    // After a preflight that passed, any other HTML page comes from something in front of the server.
    let passed = evidence.preflights().last().is_some_and(|(_, preflight)| is_success(preflight));
    if passed && !is_index_page(evidence, response) {
        return None;
    }
    let index_page = evidence.refused_body(refusal).and_then(|body| body.line_with(INDEX_PAGES));
    let title = evidence.refused_body(refusal).and_then(|body| body.line_with(&["<title>", "<h1>"]));
    let page = if index_page.is_some() { "the index page of a web app" } else { "an HTML page" };
    let mut seen = vec![format!("Status {} and `Content-Type: text/html`.", response.status)];
    seen.extend(title.map(|line| format!("The page contains {line}.")));
    if index_page.is_some() {
        seen.push("Servers of web apps send it for every unknown path.".to_owned());
    }
    let title = format!(
        "The {} is an API request, but the response is {page}. The URL does not lead to the API.",
        exchange.method
    );
    Some(cause(evidence, title, seen))
}

/// Returns `true` if a preflight was refused, and a GET of the same URL returns an HTML page.
pub(super) fn leads_to_a_page(evidence: &Evidence<'_>) -> bool {
    page_at_the_url(evidence).is_some()
}

/// Returns the HTML page that a GET returns, if the preflight of an API request was refused.
fn page_at_the_url<'a>(evidence: &Evidence<'a>) -> Option<&'a CompletedExchange> {
    let page = evidence.controls.without_preflight?;
    let response = page.response().filter(|response| is_success(response))?;
    let mut asked = page.exchange.clone();
    evidence.request.method().clone_into(&mut asked.method);
    let is_page = is_html_instead_of_data(evidence, &asked, response);
    (is_page && !evidence.knows_cors(response)).then_some(page)
}

/// The URL of a refused preflight leads to an HTML page.
fn after_a_preflight(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    if !matches!(refusal.reason, Reason::AllowOriginMissing | Reason::PreflightStatus { .. }) {
        return None;
    }
    let page = page_at_the_url(evidence)?;
    let title = page.body.as_deref().and_then(|body| Body(body).line_with(&["<title>", "<h1>"]));
    let titled = title.map(|title| format!(", {title}")).unwrap_or_default();
    Some(cause(
        evidence,
        format!(
            "The URL does not lead to the API: a GET returns an HTML page{titled}, and nothing there answers the \
             preflight."
        ),
        vec![format!("A GET from this page gets status {} and `text/html`.", page.response()?.status)],
    ))
}

fn cause(evidence: &Evidence<'_>, title: String, seen: Vec<String>) -> Cause {
    Cause {
        code: RULE.entry.code,
        layer: Layer::Page,
        confidence: Confidence::Likely,
        is_cors: false,
        title,
        evidence: seen,
        fix: Fix::new(
            format!(
                "Correct the URL {}: the API has another host, port or path, or the proxy has no rule that forwards \
                 it. CORS headers on this page would only let the script read HTML.",
                evidence.request.init().url
            ),
            Vec::new(),
        ),
    }
}

/// Returns `true` if this response, the last one, is the index page of a web app, which no script requests.
pub(super) fn is_index_page(evidence: &Evidence<'_>, response: &ResponseHead) -> bool {
    is_html(response) && evidence.last_body().is_some_and(|body| body.line_with(INDEX_PAGES).is_some())
}

fn is_html(response: &ResponseHead) -> bool {
    let html = |value: String| value.trim_start().to_ascii_lowercase().starts_with("text/html");
    response.headers.text(CONTENT_TYPE).is_some_and(html)
}

/// Returns `true` if the response is an HTML page, and the request looks like an API request: by its method, by what it sends or accepts,
/// or by its URL.
pub(crate) fn is_html_instead_of_data(
    evidence: &Evidence<'_>,
    exchange: &Exchange,
    response: &ResponseHead,
) -> bool {
    let headers = evidence.request.headers();
    let speaks = |name: &str, of: &str| headers.text(name).is_some_and(|value| value.contains(of));
    is_html(response)
        && !speaks("accept", "text/html")
        && (!matches!(exchange.method.as_str(), "GET" | "HEAD")
            || speaks("accept", "json")
            || speaks(CONTENT_TYPE, "json")
            || is_url_of_an_api(exchange))
}

fn is_url_of_an_api(exchange: &Exchange) -> bool {
    const WORDS: [&str; 7] = ["api", "graphql", "rest", "rpc", "trpc", "v1", "v2"];
    let is_word = |part: &str| WORDS.contains(&part.to_ascii_lowercase().as_str());
    let host = exchange.url.host_str().unwrap_or_default();
    let path = exchange.url.path();
    let is_data =
        std::path::Path::new(path).extension().is_some_and(|kind| kind.eq_ignore_ascii_case("json"));
    host.split('.').any(is_word) || path.split('/').any(is_word) || is_data
}
