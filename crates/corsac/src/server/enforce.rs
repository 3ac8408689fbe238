//! Enforcement: what CORS does not do. CORS decides who may *read* a response; the request was served all the same.

use http::Method;
use http::header::{HOST, HeaderMap, HeaderName, ORIGIN, UPGRADE};

use super::config::Enforce;
use super::decision::{Decision, RequestKind};
use super::refusal::PolicyRefusal;
use crate::header::list_items;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What to do with a request, beside CORS.
///
/// ```
/// assert_ne!(corsac::server::Enforcement::Pass, corsac::server::Enforcement::Block);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Enforcement {
    /// Serve it.
    Pass,
    /// Serve it, and report that it would be blocked.
    Report,
    /// Answer 403, and do not serve it.
    Block,
}

impl Decision {
    /// Should this request be served, by the policy's `enforce`? It asks about requests that change something (every method but GET, HEAD,
    /// OPTIONS and TRACE) and about WebSocket upgrades. Of these it blocks what a browser says comes from another origin, unless the policy
    /// allows that origin and the method.
    ///
    /// - Preflights and safe methods always pass, and so a service that changes something on GET is not protected.
    /// - What comes from the same origin passes: `Sec-Fetch-Site: same-origin`, or an `Origin` with the host and port of `authority`.
    ///   `Sec-Fetch-Site: none` passes too: that is the user, by the address bar.
    /// - What has neither `Origin` nor `Sec-Fetch-Site` passes: it is not from a browser that could be tricked.
    /// - `Origin: null` is another origin.
    ///
    /// `authority` is the request's: `Host` in HTTP/1.1, `:authority` in HTTP/2. `None`: taken from `Host` in `request`. Behind a proxy
    /// that rewrites `Host`, same-origin requests of browsers without `Sec-Fetch-Site`, and of all browsers to plain http, look like
    /// others; name your own origin in the policy then.
    ///
    /// A login form of your own site passes as same-origin, a form on another site is blocked: this is a guard against cross-site request
    /// forgery, as good as browsers' headers are. Responses with status 403 to these requests are not kept by caches, so `Vary` needs no
    /// `Sec-Fetch-Site`.
    ///
    /// ```
    /// use corsac::server::{Enforce, Enforcement, Policy};
    /// use http::{HeaderMap, HeaderValue, Method};
    ///
    /// let policy = Policy::builder(["https://app.example"]).enforce(Enforce::Block).build().unwrap();
    /// let mut request = HeaderMap::new();
    /// request.insert("origin", HeaderValue::from_static("https://evil.example"));
    /// let enforce = |method| policy.decide(&method, &request).enforce(&method, &request, Some("api.example"));
    /// assert_eq!(enforce(Method::POST), Enforcement::Block);
    /// assert_eq!(enforce(Method::GET), Enforcement::Pass);
    /// ```
    pub fn enforce(&self, method: &Method, request: &HeaderMap, authority: Option<&str>) -> Enforcement {
        let answer = match self.policy().enforces() {
            Enforce::Off => return Enforcement::Pass,
            Enforce::Report => Enforcement::Report,
            Enforce::Block => Enforcement::Block,
        };
        let asks =
            self.kind() != RequestKind::Preflight && (!method.is_safe() || is_websocket_upgrade(request));
        if !asks
            || Self::is_same_origin(request, authority)
            || is_not_a_browser(request)
            || self.allows_change(method)
        {
            return Enforcement::Pass;
        }
        answer
    }

    /// Does a request, other than a preflight, come from the origin that it goes to? Such a request is served, and its page may read the
    /// response, whatever a policy says. Browsers send `Origin` with all of them but GET and HEAD.
    ///
    /// By `Sec-Fetch-Site`, which also says `none` for what the user asked for by the address bar; without it by `Origin`, when that has
    /// the host and port of `authority`, as in [`enforce`](Self::enforce).
    ///
    /// ```
    /// use corsac::server::Decision;
    /// use http::{HeaderMap, HeaderValue};
    ///
    /// let mut request = HeaderMap::new();
    /// request.insert("origin", HeaderValue::from_static("https://api.example"));
    /// assert!(Decision::is_same_origin(&request, Some("api.example")));
    /// assert!(!Decision::is_same_origin(&request, Some("other.example")));
    /// ```
    pub fn is_same_origin(request: &HeaderMap, authority: Option<&str>) -> bool {
        match request.get(SEC_FETCH_SITE).map(|value| value.as_bytes()) {
            Some(b"same-origin" | b"none") => return true,
            Some(_) => return false,
            None => {}
        }
        let authority = authority.or_else(|| request.get(HOST)?.to_str().ok());
        let mut origins = request.get_all(ORIGIN).iter();
        let (Some(origin), None, Some(authority)) = (origins.next(), origins.next(), authority) else {
            return false;
        };
        let Some((scheme, rest)) = origin.to_str().ok().and_then(|origin| origin.split_once("://")) else {
            return false;
        };
        // An authority may name the default port, an origin does not.
        let default_port = match scheme {
            "http" => ":80",
            "https" => ":443",
            _ => return false,
        };
        rest.eq_ignore_ascii_case(authority.strip_suffix(default_port).unwrap_or(authority))
    }

    /// Is the origin allowed, and would a preflight have allowed the method? None comes before a WebSocket, which HTTP/2 opens with CONNECT.
    fn allows_change(&self, method: &Method) -> bool {
        self.kind() == RequestKind::Request
            && self.is_allowed()
            && (method == Method::CONNECT || self.policy().compiled().methods.contains(method.as_str()))
    }
}

fn is_websocket_upgrade(request: &HeaderMap) -> bool {
    request
        .get_all(UPGRADE)
        .iter()
        .flat_map(|line| list_items(line.as_bytes()))
        .any(|item| item.eq_ignore_ascii_case(b"websocket"))
}

fn is_not_a_browser(request: &HeaderMap) -> bool {
    !request.contains_key(ORIGIN) && !request.contains_key(SEC_FETCH_SITE)
}

impl Enforcement {
    /// `pass`, `report` or `block`.
    ///
    /// ```
    /// assert_eq!(corsac::server::Enforcement::Block.as_str(), "block");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Report => "report",
            Self::Block => "block",
        }
    }

    /// The refusal to report, when CORS itself had none: the method is not listed, or there is no `Origin` and the browser says that the
    /// request comes from another site.
    ///
    /// ```
    /// use corsac::server::{Enforcement, PolicyRefusal};
    /// assert_eq!(Enforcement::Block.reason(None, true), PolicyRefusal::MethodNotAllowed);
    /// ```
    pub fn reason(self, refusal: Option<PolicyRefusal>, has_origin: bool) -> PolicyRefusal {
        refusal.unwrap_or(if has_origin {
            PolicyRefusal::MethodNotAllowed
        } else {
            PolicyRefusal::OriginNotAllowed
        })
    }
}
