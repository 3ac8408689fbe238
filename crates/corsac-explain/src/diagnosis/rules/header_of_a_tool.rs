//! A request header that a library or tool adds, and not the page's own code.

use corsac::browser::{Reason, Refusal};

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, shown};
use crate::explain::Fix;
use crate::fact::Case;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "header-of-a-tool",
        title: "A tool in the page adds a request header that the server does not allow",
        what: "The preflight asks for a header that is seldom written by hand: tracing tools add `traceparent`, `baggage` or `sentry-trace`, SDKs add \
               `x-stainless-…`, HTTP libraries add `X-Requested-With`, `X-XSRF-Token` or `Cache-Control`. The server does not list it in \
               `Access-Control-Allow-Headers`, and on somebody else's server that cannot be changed.",
        fix: "Have the tool leave that host out: the targets to which a tracing tool sends its headers, or the library's default headers. If the \
              server is yours and should see the header, list it in `Access-Control-Allow-Headers`.",
        is_cors: true,
    },
    weight: Weight::Marker,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let Reason::HeaderNotAllowed { name, others, allowed } = &refusal.reason else { return None };
    // A header of the page's own among them is for the server to allow.
    let kinds: Vec<Kind> =
        std::iter::once(name).chain(others).map(|name| kind(name)).collect::<Option<_>>()?;
    let first = *kinds.first()?;
    let kind = if kinds.iter().all(|kind| *kind == first) { first } else { Kind::Several };
    let host = refusal.url.host_str().unwrap_or_default();
    let names = names(name, others);
    let (plural, them) = if others.is_empty() { ("", "it") } else { ("s", "them") };
    let add = if kind == Kind::Several { "add" } else { "adds" };
    let (who, leave_out) = kind.words(host);
    let list = match allowed {
        Some(list) => {
            format!("The preflight is answered with `Access-Control-Allow-Headers: {}`.", shown(list))
        }
        None => "The answer to the preflight has no `Access-Control-Allow-Headers`.".to_owned(),
    };
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Page,
        confidence: Confidence::Likely,
        is_cors: true,
        title: format!(
            "{host} does not allow the request header{plural} {names}. {who} probably {add} {them}."
        ),
        evidence: vec![list, format!("The code of a page seldom has to set {them} itself.")],
        fix: Fix::new(
            format!("{leave_out} If the server is yours, let it allow the header{plural}:"),
            header_lines::failed(Case { refusal, request: evidence.request }),
        ),
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Tracing,
    Sdk,
    Library,
    CsrfToken,
    Caching,
    Several,
}

/// Who adds a header of this name.
fn kind(name: &str) -> Option<Kind> {
    const TRACING: [&str; 13] = [
        "baggage",
        "traceparent",
        "tracestate",
        "sentry-trace",
        "newrelic",
        "b3",
        "uber-trace-id",
        "request-id",
        "request-context",
        "elastic-apm-traceparent",
        "x-datadog-trace-id",
        "x-cloud-trace-context",
        "x-amzn-trace-id",
    ];
    let name = name.to_ascii_lowercase();
    Some(match name.as_str() {
        name if TRACING.contains(&name) => Kind::Tracing,
        name if name.starts_with("x-datadog-") || name.starts_with("x-b3-") => Kind::Tracing,
        name if name.starts_with("x-stainless-") => Kind::Sdk,
        "x-requested-with" => Kind::Library,
        "x-xsrf-token" | "x-csrf-token" | "x-csrftoken" => Kind::CsrfToken,
        "cache-control" | "pragma" => Kind::Caching,
        _ => return None,
    })
}

impl Kind {
    /// Who adds it, and how to have it left out for this host.
    fn words(self, host: &str) -> (&'static str, String) {
        match self {
            Self::Tracing => (
                "A tracing tool in the page",
                format!(
                    "Leave {host} out of the hosts to which the tool sends its trace headers (Sentry: `tracePropagationTargets`, OpenTelemetry: \
                     `propagateTraceHeaderCorsUrls`)."
                ),
            ),
            Self::Sdk => (
                "An SDK in the page",
                "Take the header out of the SDK's default headers; these SDKs leave out a default header whose value is set to `null`.".to_owned(),
            ),
            Self::Library => (
                "An HTTP library in the page",
                format!("Take the header out of the library's default headers, or of those for {host}."),
            ),
            Self::CsrfToken => (
                "An HTTP library or framework in the page",
                format!(
                    "If {host} is not yours, have the library leave the CSRF token out there: it is a secret between the page and your own server."
                ),
            ),
            Self::Several => (
                "Tools or libraries in the page",
                format!("Have the page's tools and libraries leave {host} out of the hosts to which they send these headers."),
            ),
            Self::Caching => (
                "An HTTP library, or code that is meant to get past a cache,",
                "Take the header out, and ask with `fetch(url, { cache: \"no-store\" })`: then the browser gets past its cache without asking the \
                 server."
                    .to_owned(),
            ),
        }
    }
}

/// No more names than this are printed.
const MOST_NAMES: usize = 4;

/// The names, for a sentence.
fn names(name: &str, others: &[String]) -> String {
    let all = std::iter::once(name).chain(others.iter().map(String::as_str));
    let mut names: Vec<String> = all.take(MOST_NAMES).map(|name| format!("`{}`", shown(name))).collect();
    let left = (others.len() + 1).saturating_sub(MOST_NAMES);
    if left > 0 {
        names.push(format!("{left} more"));
    }
    match names.as_slice() {
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
        [] => String::new(),
    }
}
