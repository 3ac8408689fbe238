//! A request header that a library or tool adds, not the page's own code.

use corsac::browser::{Reason, Refusal};

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, printable};
use crate::explain::Fix;
use crate::fact::Case;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "header-of-a-tool",
        title: "A tool in the page adds a request header that the server does not allow",
        what: "The preflight asks for a header that is rarely set by hand: tracing tools add `traceparent`, \
               `baggage` or `sentry-trace`, SDKs add `x-stainless-…`, HTTP libraries add `X-Requested-With`, \
               `X-XSRF-Token` or `Cache-Control`. The server does not list it in `Access-Control-Allow-Headers`, and \
               if the server is not yours, you cannot change that.",
        fix: "Exclude that host from the targets to which the tracing tool sends its headers, or remove the header \
              from the library's defaults. If the server is yours and should get the header, list it in \
              `Access-Control-Allow-Headers`.",
        is_cors: true,
    },
    weight: Weight::Marker,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let Reason::HeaderNotAllowed { name, others, allowed } = &refusal.reason else { return None };
    // If one of them is set by the page's own code, the server has to allow it.
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
            format!("The preflight is answered with `Access-Control-Allow-Headers: {}`.", printable(list))
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
        evidence: vec![list, format!("A page's own code rarely sets {them}.")],
        fix: Fix::new(
            format!("{leave_out} If the server is yours, allow the header{plural}:"),
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

/// Returns what adds a header with this name.
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
    /// Returns what adds the header, and how to exclude this host.
    fn words(self, host: &str) -> (&'static str, String) {
        match self {
            Self::Tracing => (
                "A tracing tool in the page",
                format!(
                    "Exclude {host} from the hosts to which the tool sends its trace headers (Sentry: \
                     `tracePropagationTargets`, OpenTelemetry: `propagateTraceHeaderCorsUrls`)."
                ),
            ),
            Self::Sdk => (
                "An SDK in the page",
                "Remove the header from the SDK's default headers: these SDKs omit a default header whose value is \
                 `null`.".to_owned(),
            ),
            Self::Library => (
                "An HTTP library in the page",
                format!("Remove the header from the library's default headers, or from those for {host}."),
            ),
            Self::CsrfToken => (
                "An HTTP library or framework in the page",
                format!(
                    "If {host} is not yours, make the library omit the CSRF token there: it is a secret between the \
                     page and your own server."
                ),
            ),
            Self::Several => (
                "Tools or libraries in the page",
                format!("Exclude {host} from the hosts to which the page's tools and libraries send these headers."),
            ),
            Self::Caching => (
                "An HTTP library, or code that bypasses a cache,",
                "Remove the header, and use `fetch(url, { cache: \"no-store\" })`: the browser then bypasses its \
                 cache without a preflight."
                    .to_owned(),
            ),
        }
    }
}

/// The most names that are printed.
const MOST_NAMES: usize = 4;

/// Returns the names, for a sentence.
fn names(name: &str, others: &[String]) -> String {
    let all = std::iter::once(name).chain(others.iter().map(String::as_str));
    let mut names: Vec<String> = all.take(MOST_NAMES).map(|name| format!("`{}`", printable(name))).collect();
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
