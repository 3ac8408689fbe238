//! A decision in words: for logs and tests, never on the way of a request.

use super::check::check;
use super::config::PolicyConfig;
use super::decision::Decision;
use super::origins::Origins;
use super::policy::Policy;
use super::problem::Problem;
use super::refusal::PolicyRefusal;
use super::request::{RequestHeader, RequestHeaders, RequestKind};
use crate::header::list_items;
use crate::origin::{Origin, OriginDifference, differences, presentable};
use crate::text::{Printable, QUOTED};

impl<H: RequestHeaders> Decision<'_, H> {
    /// Why the policy decided as it did, in one or two sentences, with the request's own values and what to write to allow it. Values of the
    /// request are shortened, and control characters escaped.
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
        self.explain_quoting(shown)
    }

    /// [`explain`](Self::explain), where `quote` makes printable what is quoted of the request: for logs with a form of their own. The name of
    /// a header that is refused is not passed to it: it is a token.
    pub fn explain_quoting(&self, quote: impl Fn(&[u8]) -> String) -> String {
        let quoted = |header| self.request().first(header).map(&quote).unwrap_or_default();
        match (self.refusal(), self.kind()) {
            (Some(refusal), _) => format!("refused ({refusal}): {}", self.why(refusal, &quoted)),
            (None, RequestKind::WithoutOrigin) => {
                "not asked: the request has no `Origin`, so no page waits for CORS headers.".to_owned()
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
                                    origins), and the policy has no `null-origin = true`."
                .to_owned(),
            PolicyRefusal::OriginMalformed if self.request().headers.lines(RequestHeader::Origin).nth(1).is_some() => "`Origin` stands there more than once; no browser sends that.".to_owned(),
            PolicyRefusal::OriginMalformed => format!("`{origin}` is not an origin; no browser sends that."),
            PolicyRefusal::OriginInsecure => {
                format!("`{origin}` is an http origin, and the policy allows credentials; only `credentials-insecure-origin` in `acknowledge` permits both.")
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

    /// What to write about a method that is not allowed.
    fn about_method(&self, method: &str) -> String {
        match MissingMethod::of(self.policy(), method) {
            MissingMethod::WrongCase(upper) => {
                format!(" `{upper}` is: script has to write it in upper case.")
            }
            MissingMethod::Entry(entry) if entry == method => {
                format!(" To allow it, add `{entry}` to `methods`.")
            }
            MissingMethod::Entry(entry) => {
                format!(" To allow it, add `{entry}` to `methods`, and write it in upper case in script.")
            }
            MissingMethod::Never(why) => format!(" It cannot be: {why}."),
            MissingMethod::Inexact => String::new(),
        }
    }

    fn first_refused_header(&self) -> String {
        self.refused_headers().next().unwrap_or_default()
    }

    /// The names in the preflight that the policy does not allow, as they are quoted.
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

/// What to write about a request header that is not allowed.
fn about_header(name: &str) -> String {
    let config = PolicyConfig { request_headers: vec![name.to_owned()], ..PolicyConfig::default() };
    match found(&config, "request-headers") {
        _ if is_inexact(name) => String::new(),
        None => format!(" To allow it, add `{name}` to `request-headers`."),
        Some(problem) => format!(" It cannot be: {}.", problem.message),
    }
}

/// What a policy lacks for a method that it does not allow.
pub(super) enum MissingMethod {
    /// It allows the same in upper case.
    WrongCase(String),
    /// This entry.
    Entry(String),
    /// No entry can allow it, and why.
    Never(String),
    /// An entry of this text would stand for more, or the text is shown in part.
    Inexact,
}

impl MissingMethod {
    pub(super) fn of(policy: &Policy, method: &str) -> Self {
        let upper = method.to_ascii_uppercase();
        if upper != method && policy.compiled().methods.allows(upper.as_bytes()) {
            return Self::WrongCase(upper);
        }
        let problem = |method: &str| {
            found(&PolicyConfig { methods: vec![method.to_owned()], ..PolicyConfig::default() }, "methods")
        };
        match problem(method) {
            _ if is_inexact(method) => Self::Inexact,
            None => Self::Entry(method.to_owned()),
            Some(_) if upper != method && problem(&upper).is_none() => Self::Entry(upper),
            Some(problem) => Self::Never(problem.message),
        }
    }
}

/// Would an entry of this text stand for more than this, or is it shown in part?
pub(super) fn is_inexact(text: &str) -> bool {
    text.contains(['*', '…'])
}

/// The first problem, error or lint, of a list with one entry that is to be advised.
pub(super) fn found(config: &PolicyConfig, key: &str) -> Option<Problem> {
    check(config).problems.into_iter().find(|problem| problem.place.key == key)
}

/// A listed origin that differs in little.
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

/// What is quoted of a request.
pub(super) fn shown(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => presentable(text),
        Err(_) => Printable::new(value, QUOTED).to_string(),
    }
}
