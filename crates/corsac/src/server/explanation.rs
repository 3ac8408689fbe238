//! A decision in words: for logs and tests, never on the way of a request.

use std::fmt;

use http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN,
};

use super::decision::{Decision, RequestKind};
use super::origins::Origins;
use super::policy::Policy;
use super::refusal::Refusal;
use crate::header::list_items;
use crate::origin::{Origin, presentable};

/// Why a policy decided as it did, with the request's own values and what to write to allow it.
///
/// ```
/// use corsac::server::Policy;
/// use http::{HeaderMap, HeaderValue, Method};
///
/// let policy = Policy::builder(["https://app.example"]).build().unwrap();
/// let mut request = HeaderMap::new();
/// request.insert("origin", HeaderValue::from_static("http://app.example"));
/// let decision = policy.decide(&Method::GET, &request);
/// assert_eq!(
///     decision.explain(&request).to_string(),
///     "refused (origin-not-allowed): `http://app.example` is not among the policy's origins. `https://app.example` is: the scheme differs.",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What was decided, in one or two sentences.
    pub text: String,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Decision {
    /// Explains the decision about a request with these headers. Values of the request are shortened, and control characters escaped.
    ///
    /// ```
    /// use corsac::server::Policy;
    /// use http::{HeaderMap, Method};
    /// let request = HeaderMap::new();
    /// let decision = Policy::builder(["*"]).build().unwrap().decide(&Method::GET, &request);
    /// assert!(decision.explain(&request).text.starts_with("not asked"));
    /// ```
    pub fn explain(&self, request: &HeaderMap) -> Explanation {
        let text = match (self.refusal(), self.kind()) {
            (Some(refusal), _) => format!("refused ({refusal}): {}", self.why(refusal, request)),
            (None, RequestKind::WithoutOrigin) => {
                "not asked: the request has no `Origin`, so no page waits for CORS headers.".to_owned()
            }
            (None, RequestKind::Request) => {
                let credentials = if self.policy().allows_credentials() {
                    ""
                } else {
                    ", if the request has no credentials"
                };
                format!("allowed: `{}` may read the response{credentials}.", shown(request.get(ORIGIN)))
            }
            (None, RequestKind::Preflight) => format!(
                "allowed: `{}` may send {} with the headers that it asks for.",
                shown(request.get(ORIGIN)),
                shown(request.get(ACCESS_CONTROL_REQUEST_METHOD)),
            ),
        };
        Explanation { text }
    }

    fn why(&self, refusal: Refusal, request: &HeaderMap) -> String {
        let origin = shown(request.get(ORIGIN));
        let method = shown(request.get(ACCESS_CONTROL_REQUEST_METHOD));
        match refusal {
            Refusal::OriginNotAllowed => {
                let near = near_miss(self.policy(), request.get(ORIGIN));
                format!("`{origin}` is not among the policy's origins.{}", near.unwrap_or_default())
            }
            Refusal::OriginNull => "the page has no origin of its own and sends `null` (a sandboxed frame, a local file, a redirect across \
                                    origins), and the policy has no `null-origin = true`."
                .to_owned(),
            Refusal::OriginMalformed if request.get_all(ORIGIN).iter().nth(1).is_some() => "`Origin` stands there more than once; no browser sends that.".to_owned(),
            Refusal::OriginMalformed => format!("`{origin}` is not an origin; no browser sends that."),
            Refusal::OriginInsecure => {
                format!("`{origin}` is an http origin, and the policy allows credentials; only `credentials-insecure-origin` in `acknowledge` permits both.")
            }
            Refusal::MethodNotAllowed => {
                let upper = method.to_ascii_uppercase();
                let hint = if upper != method && self.policy().compiled().methods.contains(&upper) {
                    format!(" `{upper}` is: script has to write it in upper case.")
                } else {
                    format!(" To allow it, add `{method}` to `methods`.")
                };
                format!("the method `{method}` is not among the policy's methods.{hint}")
            }
            Refusal::MethodMalformed => format!("`{method}` in Access-Control-Request-Method is not one method; no browser sends that."),
            Refusal::HeaderNotAllowed => {
                let name = self.first_refused_header(request);
                format!("the request header `{name}` is not among the policy's request headers. To allow it, add `{name}` to `request-headers`.")
            }
            Refusal::HeadersMalformed => {
                let list = shown(request.get(ACCESS_CONTROL_REQUEST_HEADERS));
                format!("`{list}` in Access-Control-Request-Headers is not a list of names; no browser sends that.")
            }
            Refusal::HeadersTooLong => "Access-Control-Request-Headers lists more than 256 names, or is longer than 16 KiB.".to_owned(),
        }
    }

    fn first_refused_header(&self, request: &HeaderMap) -> String {
        let allowed = &self.policy().compiled().request_headers;
        let lines = request.get_all(ACCESS_CONTROL_REQUEST_HEADERS);
        let mut names =
            lines.iter().flat_map(|line| list_items(line.as_bytes())).map(String::from_utf8_lossy);
        names.find(|name| !allowed.allows(name)).map(|name| shortened(&name)).unwrap_or_default()
    }
}

/// A listed origin that differs in one thing only.
fn near_miss(policy: &Policy, origin: Option<&HeaderValue>) -> Option<String> {
    let Origins::Listed(set) = &policy.compiled().origins else { return None };
    let origin = Origin::parse(origin?.to_str().ok()?).ok()?;
    let (scheme, host) = (origin.scheme()?, origin.host()?);
    let port = origin.port().map_or_else(String::new, |port| format!(":{port}"));
    let other_scheme = if scheme == "https" { "http" } else { "https" };
    let candidates = [
        (format!("{other_scheme}://{host}{port}"), "the scheme differs"),
        (format!("{scheme}://{host}"), "the port differs"),
        (format!("{other_scheme}://{host}"), "the scheme and the port differ"),
        (format!("{scheme}://*.{host}{port}"), "it covers the subdomains, not the host itself"),
        (format!("{scheme}://www.{host}{port}"), "the host differs by `www.`"),
        (
            format!("{scheme}://{}{port}", host.strip_prefix("www.").unwrap_or(host)),
            "the host differs by `www.`",
        ),
    ];
    let (text, difference) = candidates.into_iter().find(|(text, _)| set.has_entry(text))?;
    Some(format!(" `{text}` is: {difference}."))
}

fn shown(value: Option<&HeaderValue>) -> String {
    value.map_or_else(String::new, |value| shortened(&String::from_utf8_lossy(value.as_bytes())))
}

/// The text without control characters, and 120 characters of it at most.
fn shortened(text: &str) -> String {
    const MOST: usize = 120;
    let mut short: String = text.chars().take(MOST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    presentable(&short)
}
