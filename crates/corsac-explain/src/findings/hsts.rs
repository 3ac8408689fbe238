//! http URLs for which browsers use https: because of their built-in list, or because the server once required it.

use corsac::browser::{Engine, ExchangeKind, Mode};
use url::{Host, Url};

use super::{Evidence, Finding, FindingSeverity};
use crate::browser_name;

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    found.extend(upgraded(evidence));
}

fn upgraded(evidence: &Evidence<'_>) -> Option<Finding> {
    let url = evidence.exchanges.iter().map(|carried| &carried.exchange.url).find(|url| {
        url.scheme() == "http" && (preloaded_suffix(url).is_some() || requires_https(evidence, url))
    })?;
    let host = url.host_str()?;
    let (who, severity) = match preloaded_suffix(url) {
        Some(suffix) => (
            format!(
                "Browsers never use http for `{host}`: `.{suffix}` is on their list of domains that require https \
                 (HSTS preload)."
            ),
            FindingSeverity::Problem,
        ),
        None => (
            format!(
                "A browser that has visited `https://{host}` uses only https for it: the server sends \
                 `Strict-Transport-Security`. Corsac does not remember such visits, and used http."
            ),
            FindingSeverity::Warning,
        ),
    };
    let is_preflighted =
        evidence.exchanges.iter().any(|carried| carried.exchange.kind == ExchangeKind::Preflight);
    let preflight = if is_preflighted && evidence.request.init().mode == Mode::Cors {
        format!(
            " {} then prints \"Redirect is not allowed for a preflight request\", although no server redirects.",
            browser_name(Engine::Chromium)
        )
    } else {
        String::new()
    };
    let mut https = url.clone();
    // The browser keeps the port, unless it is http's default.
    https.set_scheme("https").ok()?;
    let port = match url.port() {
        Some(port) => format!(" Browsers keep port {port}, so the server needs https on that port."),
        None => String::new(),
    };
    Some(Finding::new(
        "https-only-host",
        severity,
        format!("{who}{preflight}"),
        format!(
            "Request {https}, and enable https on the server.{port} For development without a certificate, use a \
             name such as `localhost` or one that ends in `.test`."
        ),
    ))
}

/// Returns the suffix of the host if all of it is on every browser's HSTS preload list. Most of them are Google's (Chromium's
/// `transport_security_state_static.json`).
fn preloaded_suffix(url: &Url) -> Option<&'static str> {
    const SUFFIXES: &[&str] = &[
        "android",
        "app",
        "bank",
        "boo",
        "channel",
        "chrome",
        "dad",
        "day",
        "dev",
        "eat",
        "esq",
        "fly",
        "foo",
        "gle",
        "gmail",
        "google",
        "hangout",
        "ing",
        "insurance",
        "meet",
        "meme",
        "mov",
        "new",
        "nexus",
        "page",
        "phd",
        "play",
        "prof",
        "rsvp",
        "search",
        "youtube",
        "zip",
    ];
    let Some(Host::Domain(host)) = url.host() else { return None };
    let last = host.trim_end_matches('.').rsplit('.').next()?;
    SUFFIXES.iter().copied().find(|suffix| *suffix == last)
}

/// Returns `true` if the same host answered with the header over https. Browsers ignore it over http.
fn requires_https(evidence: &Evidence<'_>, url: &Url) -> bool {
    evidence.answered().any(|(exchange, response)| {
        let asks = |value: String| !value.to_ascii_lowercase().replace([' ', '"'], "").contains("max-age=0");
        exchange.url.scheme() == "https"
            && exchange.url.host() == url.host()
            && matches!(url.host(), Some(Host::Domain(_)))
            && response.headers.text("strict-transport-security").is_some_and(asks)
    })
}
