//! The line that failed: which it is for each reason, what it lacks, and which step of the standard says so.

use corsac::browser::{Reason, Request, ResponseHead, Rule, TraceEntry};
use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, CROSS_ORIGIN_RESOURCE_POLICY, LOCATION,
};
use url::Url;

use super::line::Line;
use super::passed;

/// How many names of headers are written out.
const MOST_NAMES: usize = 3;

/// Where something failed.
pub(super) struct Site<'a> {
    /// The response that failed; `None` if nothing was sent.
    pub(super) response: Option<&'a ResponseHead>,
    /// The URL to which it was sent, or would have been.
    pub(super) url: &'a Url,
    pub(super) request: &'a Request,
}

impl Site<'_> {
    fn named(&self, name: &str) -> Line {
        Line::named(self.response, name)
    }

    /// The status of the response that failed.
    fn status(&self) -> Line {
        self.response.map_or_else(|| Line::fact("status", ""), |response| Line::status(response.status))
    }

    fn url(&self) -> Line {
        Line::fact("url", self.url.as_str())
    }
}

/// Returns the line that failed, after those that the same rule accepted.
pub(super) fn lines(entry: &TraceEntry, reason: &Reason, site: &Site<'_>) -> Vec<Line> {
    let rule = entry.rule;
    let mut lines = Vec::new();
    // Step 4 of the CORS check passed before step 7 failed.
    if let (Reason::AllowCredentialsNotTrue { .. }, Some(response)) = (reason, site.response) {
        let value = response.headers.text(ACCESS_CONTROL_ALLOW_ORIGIN).unwrap_or_default();
        lines.push(passed::allow_origin(&value, rule, response, site.request));
    }
    let failed = match rule {
        Rule::CorsCheck => cors_check(rule, reason, site),
        Rule::PreflightStatus | Rule::PreflightMethod | Rule::PreflightHeaders => {
            preflight(rule, reason, site)
        }
        Rule::Redirect | Rule::StreamBody => redirect(rule, reason, site),
        Rule::MainFetch | Rule::MixedContent | Rule::BadPort | Rule::LocalNetworkAccess => {
            before_sending(rule, reason, site)
        }
        _ => response(rule, reason, site),
    };
    lines.push(failed.unwrap_or_else(|| site.url().fails(rule, entry.evidence.as_ref())));
    lines
}

fn cors_check(rule: Rule, reason: &Reason, site: &Site<'_>) -> Option<Line> {
    let origin = || site.named(ACCESS_CONTROL_ALLOW_ORIGIN);
    let line = match reason {
        Reason::AllowOriginMissing => origin().fails(rule, "step 2: there is one"),
        Reason::AllowOriginMismatch { origin: wanted, .. } => {
            origin().fails(rule, "step 4: equal, byte for byte").missing(format!("is not {wanted}"))
        }
        Reason::AllowOriginMultiple { lines: lines @ 2.., .. } => {
            origin().fails(rule, "step 4: one origin").missing(format!("{lines} lines count as one value"))
        }
        Reason::AllowOriginMultiple { .. } => {
            origin().fails(rule, "step 4: one origin").missing("is not one origin")
        }
        Reason::AllowOriginInvalid { .. } => {
            origin().fails(rule, "step 4: equal, byte for byte").missing("is not an origin")
        }
        Reason::CredentialsWildcard => {
            origin().fails(rule, "step 3: `*` only without credentials").missing("names no origin")
        }
        Reason::AllowCredentialsNotTrue { value } => {
            let line =
                site.named(ACCESS_CONTROL_ALLOW_CREDENTIALS).fails(rule, "step 7: `true`, byte for byte");
            if value.is_some() { line.missing("is not true") } else { line }
        }
        _ => return None,
    };
    Some(line)
}

fn preflight(rule: Rule, reason: &Reason, site: &Site<'_>) -> Option<Line> {
    let methods = || site.named(ACCESS_CONTROL_ALLOW_METHODS);
    let headers = || site.named(ACCESS_CONTROL_ALLOW_HEADERS);
    let line = match reason {
        Reason::PreflightStatus { .. } => {
            site.status().fails(rule, "step 7: is 200 to 299").missing("is not 200 to 299")
        }
        Reason::PreflightRedirected { .. } => site
            .status()
            .fails(rule, "step 7: is 200 to 299")
            .missing("redirects, which no preflight follows"),
        Reason::AllowMethodsInvalid { token, .. } => methods()
            .fails(rule, "step 7.3: every item is a method")
            .missing(format!("`{token}` is not a method"))
            .marked(token),
        Reason::AllowHeadersInvalid { token, .. } => headers()
            .fails(rule, "step 7.3: every item is a header name")
            .missing(format!("`{token}` is not a header name"))
            .marked(token),
        Reason::MethodNotAllowed { method, .. } => {
            methods().fails(rule, "step 7.5: the method is listed").missing(format!("{method} is missing"))
        }
        Reason::HeaderNotAllowed { name, others, .. } => {
            headers().fails(rule, "step 7.7: every name is listed").missing(missing_names(name, others))
        }
        Reason::AuthorizationWildcard { .. } => {
            headers().fails(rule, "step 7.6: `*` does not cover it").missing("authorization is missing")
        }
        _ => return None,
    };
    Some(line)
}

/// "content-type is missing", "a, b, c and 4 more are missing"
fn missing_names(name: &str, others: &[String]) -> String {
    let names: Vec<String> =
        std::iter::once(name).chain(others.iter().map(String::as_str)).map(str::to_ascii_lowercase).collect();
    let shown = names.get(..MOST_NAMES.min(names.len())).unwrap_or_default().join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 if others.is_empty() => format!("{shown} is missing"),
        0 => format!("{shown} are missing"),
        more => format!("{shown} and {more} more are missing"),
    }
}

fn redirect(rule: Rule, reason: &Reason, site: &Site<'_>) -> Option<Line> {
    let location = || site.named(LOCATION);
    let line = match reason {
        Reason::SchemeNotHttp { .. } => {
            location().fails(rule, "step 6: leads to http or https").missing("is neither http nor https")
        }
        // Where an engine refuses this late, its response is no longer at hand.
        Reason::RedirectCredentials { location, .. } => Line::fact("Location", location.as_str())
            .fails(rule, "step 9: no user name or password")
            .missing("has a user name or password"),
        Reason::RedirectModeError => {
            site.status().fails(rule, "the request's redirect mode is `error`").missing("is a redirect")
        }
        Reason::TooManyRedirects => {
            site.status().fails(rule, "step 7: at most 20 redirects").missing("is redirect 21")
        }
        Reason::LocationInvalid { .. } => {
            location().fails(rule, "step 5: is one URL").missing("is not a URL")
        }
        Reason::StreamBodyRedirected => site
            .status()
            .fails(rule, "step 11: a stream cannot be sent again")
            .missing("redirects a streamed body"),
        Reason::StreamBodyUnsupported => Line::fact("body", "a stream")
            .fails(rule, "this browser can send it here")
            .missing("cannot be sent here"),
        _ => return None,
    };
    Some(line)
}

fn before_sending(rule: Rule, reason: &Reason, site: &Site<'_>) -> Option<Line> {
    let init = site.request.init();
    let line = match reason {
        Reason::MixedContent => {
            site.url().fails(rule, "an https page asks only https").missing("is not https").marked("http:")
        }
        Reason::BadPort { port } => site
            .url()
            .fails(rule, "the port is not one that browsers block")
            .missing(format!("port {port} is blocked"))
            .marked(&port.to_string()),
        Reason::ModeSameOrigin => Line::fact("mode", init.mode.as_str())
            .fails(rule, "the URL has the page's origin")
            .missing("the URL has another origin"),
        Reason::NoCorsRedirectMode => Line::fact("redirect", init.redirect.as_str())
            .fails(rule, "mode `no-cors` needs `follow`")
            .missing("is not follow"),
        Reason::SchemeNotHttp { .. } => {
            site.url().fails(rule, "is http or https").missing("is neither http nor https")
        }
        Reason::LocalNetworkDenied { space } => Line::fact("address", space.as_str())
            .fails(rule, "the user permits it")
            .missing("is not permitted"),
        Reason::LocalNetworkInsecure { space } => Line::fact("address", space.as_str())
            .fails(rule, "the page is a secure context")
            .missing("the page is not secure"),
        Reason::LocalNetworkMismatch { named, space } => Line::fact("address", space.as_str())
            .fails(rule, "is in the address space that the request names")
            .missing(format!("is not {}", named.as_str())),
        _ => return None,
    };
    Some(line)
}

fn response(rule: Rule, reason: &Reason, site: &Site<'_>) -> Option<Line> {
    let content_type = || site.named(CONTENT_TYPE);
    let line = match reason {
        Reason::ResourcePolicy { embedder_policy: None, .. } => site
            .named(CROSS_ORIGIN_RESOURCE_POLICY)
            .fails(rule, "the page may embed it")
            .missing("excludes this page"),
        Reason::ResourcePolicy { embedder_policy: Some(policy), .. } => site
            .named(CROSS_ORIGIN_RESOURCE_POLICY)
            .fails(rule, format!("the page's embedder policy is `{policy}`")),
        Reason::OpaqueResponseBlocked { why, .. } => content_type().fails(rule, *why),
        Reason::NoSniff { .. } => {
            content_type().fails(rule, "with `nosniff`, a script's type").missing("is not a script's type")
        }
        Reason::LoadType { wanted, .. } => content_type()
            .fails(rule, format!("the type of {wanted}"))
            .missing(format!("is not that of {wanted}")),
        Reason::LoadStatus { .. } => {
            site.status().fails(rule, "a status of success").missing("is an error here")
        }
        Reason::WebSocketRefused { missing: None, .. } => {
            site.status().fails(rule, "101 opens a WebSocket").missing("is not 101")
        }
        Reason::WebSocketRefused { missing: Some(missing), .. } => {
            site.status().fails(rule, "an answer to the handshake").missing(format!("without {missing}"))
        }
        Reason::RangeNotRequested { .. } => {
            site.status().fails(rule, "partial only if asked for").missing("no range was asked for")
        }
        _ => return None,
    };
    Some(line)
}
