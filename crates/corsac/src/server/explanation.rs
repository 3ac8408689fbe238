//! Decisions in words, for logs and tests. Handling a request does not need them.

use super::check::check;
use super::config::PolicyConfig;
use super::decision::Decision;
use super::origins::Origins;
use super::policy::Policy;
use super::problem::{Problem, ProblemCode};
use super::refusal::PolicyRefusal;
use super::request::{RequestHeader, RequestHeaders, RequestKind};
use crate::header::list_items;
use crate::origin::{Origin, OriginDifference, differences, presentable};
use crate::text::{Printable, QUOTED};

impl<H: RequestHeaders> Decision<'_, H> {
    /// Explains the decision in one or two sentences, with the request's values and what to write in the policy to allow it. Values of the
    /// request are shortened, and control characters are escaped.
    ///
    /// ```
    /// use corsac::server::{Policy, Request};
    /// use http::{HeaderMap, HeaderValue, Method};
    ///
    /// let policy = Policy::builder(["https://app.example"]).build().unwrap();
    /// let mut headers = HeaderMap::new();
    /// headers.insert("origin", HeaderValue::from_static("http://app.example"));
    /// assert_eq!(
    ///     policy.decide(&Request::new(&Method::GET, &headers)).explain(),
    ///     "refused (origin-not-allowed): `http://app.example` is not among the policy's origins. `https://app.example` is: the scheme differs.",
    /// );
    /// ```
    pub fn explain(&self) -> String {
        self.explain_quoting(printable)
    }

    /// Explains the decision like [`explain`](Self::explain), but uses `quote` to make values of the request printable, for logs with their own
    /// format. The name of a refused header is not passed to `quote`, because it is a token.
    pub fn explain_quoting(&self, quote: impl Fn(&[u8]) -> String) -> String {
        let quoted = |header| self.request().first(header).map(&quote).unwrap_or_default();
        match (self.refusal(), self.kind()) {
            (Some(refusal), _) => format!("refused ({refusal}): {}", self.why(refusal, &quoted)),
            (None, RequestKind::WithoutOrigin) => {
                "not used: the request has no `Origin`, so no page needs CORS headers.".to_owned()
            }
            (None, RequestKind::Request) => {
                let credentials = if self.policy().allows_credentials() {
                    ""
                } else {
                    ", if the request has no credentials"
                };
                format!("allowed: `{}` may read the response{credentials}.", quoted(RequestHeader::Origin))
            }
            (None, RequestKind::Preflight) => format!(
                "allowed: `{}` may send {} with the headers that it asks for.",
                quoted(RequestHeader::Origin),
                quoted(RequestHeader::AccessControlRequestMethod),
            ),
        }
    }

    fn why(&self, refusal: PolicyRefusal, quoted: &impl Fn(RequestHeader) -> String) -> String {
        let origin = quoted(RequestHeader::Origin);
        let method = quoted(RequestHeader::AccessControlRequestMethod);
        match refusal {
            PolicyRefusal::OriginNotAllowed => {
                let near = near_miss(self.policy(), &origin);
                format!("`{origin}` is not among the policy's origins.{}", near.unwrap_or_default())
            }
            PolicyRefusal::OriginNull => "the page has no origin of its own and sends `null` (a sandboxed frame, a local file, a redirect across \
                                    origins), and the policy does not have `null-origin = true`."
                .to_owned(),
            PolicyRefusal::OriginMalformed if self.request().headers.lines(RequestHeader::Origin).nth(1).is_some() => {
                "the request has more than one `Origin`; no browser sends that.".to_owned()
            }
            PolicyRefusal::OriginMalformed => format!("`{origin}` is not an origin; no browser sends that."),
            PolicyRefusal::OriginInsecure => {
                format!("`{origin}` is an http origin, and the policy allows credentials; that needs `credentials-insecure-origin` in `acknowledge`.")
            }
            PolicyRefusal::MethodNotAllowed => {
                let hint = self.about_method(&method);
                format!("the method `{method}` is not among the policy's methods.{hint}")
            }
            PolicyRefusal::MethodMalformed => format!("`{method}` in Access-Control-Request-Method is not one method; no browser sends that."),
            PolicyRefusal::HeaderNotAllowed => {
                let name = self.first_refused_header();
                let hint = about_header(&name);
                format!("the request header `{name}` is not among the policy's request headers.{hint}")
            }
            PolicyRefusal::HeadersMalformed => {
                let list = quoted(RequestHeader::AccessControlRequestHeaders);
                format!("`{list}` in Access-Control-Request-Headers is not a list of names; no browser sends that.")
            }
            PolicyRefusal::HeadersTooLong => "Access-Control-Request-Headers lists more than 256 names, or is longer than 16 KiB.".to_owned(),
        }
    }

    /// Returns what to add about a method that is not allowed.
    fn about_method(&self, method: &str) -> String {
        match MissingMethod::of(self.policy(), method) {
            MissingMethod::WrongCase(upper) => {
                format!(" `{upper}` is: the script has to write it in upper case.")
            }
            MissingMethod::Entry(entry) if entry == method => {
                format!(" To allow it, add `{entry}` to `methods`.")
            }
            MissingMethod::Entry(entry) => {
                format!(" To allow it, add `{entry}` to `methods`, and write it in upper case in the script.")
            }
            MissingMethod::Never(why) => format!(" It cannot be allowed: {why}."),
            MissingMethod::Inexact => String::new(),
        }
    }

    fn first_refused_header(&self) -> String {
        self.refused_headers().next().unwrap_or_default()
    }

    /// Returns the names in the preflight that the policy does not allow, made printable.
    pub(super) fn refused_headers(&self) -> impl Iterator<Item = String> {
        let allowed = &self.policy().compiled().request_headers;
        let lines = self.request().headers.lines(RequestHeader::AccessControlRequestHeaders);
        let names = lines.flat_map(|line| {
            let names = list_items(line.as_ref()).map(|name| String::from_utf8_lossy(name).into_owned());
            names.collect::<Vec<_>>()
        });
        let refused = names.filter(|name| !allowed.allows(name));
        refused.map(|name| Printable::new(&*name, QUOTED).to_string())
    }
}

/// Returns what to add about a request header that is not allowed.
fn about_header(name: &str) -> String {
    let config = PolicyConfig { request_headers: vec![name.to_owned()], ..PolicyConfig::default() };
    match first_problem(&config, "request-headers") {
        _ if is_inexact(name) => String::new(),
        None => format!(" To allow it, add `{name}` to `request-headers`."),
        Some(problem) => format!(" It cannot be allowed: {}.", problem.message),
    }
}

/// What would allow a method that the policy does not allow.
pub(super) enum MissingMethod {
    /// The method in upper case is allowed.
    WrongCase(String),
    /// Adding this entry would allow it.
    Entry(String),
    /// No entry can allow it, for this reason.
    Never(String),
    /// The method as an entry would allow more, or the method was shortened: see [`is_inexact`].
    Inexact,
}

impl MissingMethod {
    pub(super) fn of(policy: &Policy, method: &str) -> Self {
        let upper = method.to_ascii_uppercase();
        if upper != method && policy.compiled().methods.allows(upper.as_bytes()) {
            return Self::WrongCase(upper);
        }
        let problem = |method: &str| {
            let config = PolicyConfig { methods: vec![method.to_owned()], ..PolicyConfig::default() };
            // A script does send `OPTIONS` then, so that lint does not apply.
            first_problem(&config, "methods").filter(|problem| problem.code != ProblemCode::MethodOptions)
        };
        match problem(method) {
            _ if is_inexact(method) => Self::Inexact,
            None => Self::Entry(method.to_owned()),
            Some(_) if upper != method && problem(&upper).is_none() => Self::Entry(upper),
            Some(problem) => Self::Never(problem.message),
        }
    }
}

/// Returns `true` if a printed value must not be advised as an entry: it has a wildcard, or it was shortened.
pub(super) fn is_inexact(text: &str) -> bool {
    text.contains(['*', '…'])
}

/// Returns the first error or lint of a list with one entry, which is about to be advised.
pub(super) fn first_problem(config: &PolicyConfig, key: &str) -> Option<Problem> {
    check(config).problems.into_iter().find(|problem| problem.place.key == key)
}

/// Returns a sentence about a listed origin that differs only slightly.
fn near_miss(policy: &Policy, origin: &str) -> Option<String> {
    let Origins::Listed(set) = &policy.compiled().origins else { return None };
    let origin = Origin::parse(origin).ok()?;
    let (scheme, host) = (origin.scheme()?, origin.host()?);
    let port = origin.port().map_or_else(String::new, |port| format!(":{port}"));
    let other_scheme = if scheme == "https" { "http" } else { "https" };
    let pattern = format!("{scheme}://*.{host}{port}");
    let candidates = [
        format!("{other_scheme}://{host}{port}"),
        format!("{scheme}://{host}"),
        format!("{other_scheme}://{host}"),
        pattern.clone(),
        format!("{scheme}://www.{host}{port}"),
        format!("{scheme}://{}{port}", host.strip_prefix("www.").unwrap_or(host)),
    ];
    let text = candidates.into_iter().find(|text| set.has_entry(text))?;
    let difference = match Origin::parse(&text) {
        _ if text == pattern => "it covers the subdomains, not the host itself",
        Ok(listed) => match differences(&listed, &origin).as_slice() {
            [OriginDifference::Scheme] => "the scheme differs",
            [OriginDifference::Port] => "the port differs",
            [OriginDifference::Scheme, OriginDifference::Port] => "the scheme and the port differ",
            [OriginDifference::Www] => "the host differs by `www.`",
            _ => return None,
        },
        Err(_) => return None,
    };
    Some(format!(" `{text}` is: {difference}."))
}

/// Returns a value of a request in printable form.
pub(super) fn printable(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => presentable(text),
        Err(_) => Printable::new(value, QUOTED).to_string(),
    }
}
