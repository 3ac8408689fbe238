//! The browser half exactly as in the Fetch standard, commit 586cd2a4 of 2026-07-02: short, slow, and with the standard's own steps, to be
//! compared with its text. It shares only plain data with the core: header lists, origins, URLs and the values of a request.
//!
//! Left out, as in the core: CSP, HSTS, service workers, the HTTP cache, authentication, bodies, reports, Local Network Access. Where the
//! text leaves a choice or cannot be meant as written, a comment with "We read" explains the choice.

use std::time::Duration;

use corsac::browser::{
    AddressSpace, Api, BodyKind, Credentials, EmbedderPolicy, Mode, RedirectMode, ReferrerPolicy,
    RequestInit, ResponseHead, ResponseType,
};
use corsac::header::HeaderList;
use corsac::origin::Origin;
use url::Url;

mod checks;
mod headers;
mod preflight;

use checks::{cors_check, cross_origin_resource_policy_check, filtered, tao_check};
use headers::cors_unsafe_request_header_names;
pub(crate) use preflight::CacheEntry;
use preflight::{clear_cache_entries, cors_preflight_fetch, header_name_match, method_match};

/// A [request](https://fetch.spec.whatwg.org/#concept-request): what script made, and what the algorithms add to it.
pub(crate) struct Request {
    /// Redirects change the method, header list, body and referrer policy.
    pub(crate) made: RequestInit,
    pub(crate) url_list: Vec<Url>,
    pub(crate) use_cors_preflight: bool,
    pub(crate) redirect_count: u32,
    pub(crate) response_tainting: ResponseType,
    pub(crate) timing_allow_failed: bool,
}

/// What is sent, as far as CORS decides it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) url: Url,
    pub(crate) origin: Option<String>,
    pub(crate) request_method: Option<String>,
    pub(crate) request_headers: Option<String>,
    pub(crate) credentials: bool,
    pub(crate) body: bool,
}

/// What script gets.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) kind: ResponseType,
    pub(crate) status: u16,
    pub(crate) headers: HeaderList,
    pub(crate) url: Option<String>,
    pub(crate) redirected: bool,
    pub(crate) timing_allowed: bool,
}

/// A network error, with the algorithm that returned it.
pub(crate) type NetworkError = &'static str;

/// The user agent: its CORS-preflight cache and clock, and the network.
pub(crate) struct UserAgent<'n> {
    pub(crate) cache: &'n mut Vec<CacheEntry>,
    pub(crate) now: Duration,
    pub(crate) network: &'n mut dyn FnMut(&Sent) -> Option<ResponseHead>,
}

enum Response {
    Internal(ResponseHead),
    OpaqueRedirect,
}

impl Request {
    pub(crate) fn new(made: RequestInit) -> Self {
        let use_cors_preflight = made.force_preflight
            || made.body == Some(BodyKind::Stream.into())
            || made.api == Api::XmlHttpRequest { upload_listeners: true };
        let (url_list, response_tainting) = (vec![made.url.clone()], ResponseType::Basic);
        Self {
            made,
            url_list,
            use_cors_preflight,
            redirect_count: 0,
            response_tainting,
            timing_allow_failed: false,
        }
    }
    fn origin(&self) -> &Origin {
        &self.made.client.origin
    }
    fn current_url(&self) -> &Url {
        self.url_list.last().unwrap()
    }
    /// <https://fetch.spec.whatwg.org/#concept-request-tainted-origin>; « "same-site" » and « "cross-site" » are both `true`.
    fn redirect_taint(&self) -> bool {
        self.url_list.windows(2).any(|pair| {
            let [last, url] = [Origin::of(&pair[0]), Origin::of(&pair[1])];
            (!url.same_site(&last) && !self.origin().same_site(&last))
                || (!url.same_origin(&last) && !self.origin().same_origin(&last))
        })
    }
    /// <https://fetch.spec.whatwg.org/#byte-serializing-a-request-origin>
    fn byte_serialized_origin(&self) -> String {
        if self.redirect_taint() { "null".to_owned() } else { self.origin().to_string() }
    }
    fn is_same_origin(&self) -> bool {
        Origin::of(self.current_url()).same_origin(self.origin())
    }
    fn includes(&self) -> bool {
        self.made.credentials == Credentials::Include
    }
}

/// <https://fetch.spec.whatwg.org/#concept-fetch>
pub(crate) fn fetch(agent: &mut UserAgent<'_>, mut request: Request) -> Result<Seen, NetworkError> {
    // 12-13. We read: Accept-Language has a value of fourteen bytes.
    for (name, value) in [("Accept", "*/*"), ("Accept-Language", "en-US,en;q=0.9")] {
        if !request.made.headers.contains(name) {
            request.made.headers.append(name, value);
        }
    }
    // main fetch 12-13
    let response = main_fetch(agent, &mut request)?;
    // main fetch 14-22
    filtered(&request, response)
}

/// <https://fetch.spec.whatwg.org/#concept-main-fetch>, steps 7 to 13
fn main_fetch(agent: &mut UserAgent<'_>, request: &mut Request) -> Result<Response, NetworkError> {
    let url = request.current_url().clone();
    let is_http = matches!(url.scheme(), "http" | "https");
    // 7
    if is_http && url.port().is_some_and(is_bad_port) {
        return Err("bad port");
    }
    let names_local_space =
        request.made.target_address_space.is_some_and(|space| space != AddressSpace::Public);
    let is_trustworthy =
        url.scheme() != "http" || Origin::of(&url).is_potentially_trustworthy() || names_local_space;
    if request.made.client.prohibits_mixed_content && !is_trustworthy {
        return Err("mixed content");
    }
    // 12
    let at_home = request.is_same_origin() && request.response_tainting == ResponseType::Basic;
    if at_home || url.scheme() == "data" || matches!(request.made.mode, Mode::Navigate | Mode::WebSocket) {
        request.response_tainting = ResponseType::Basic;
        return scheme_fetch(agent, request);
    }
    if request.made.mode == Mode::SameOrigin {
        return Err("main fetch");
    }
    if request.made.mode == Mode::NoCors {
        if request.made.redirect != RedirectMode::Follow {
            return Err("main fetch");
        }
        request.response_tainting = ResponseType::Opaque;
        return scheme_fetch(agent, request);
    }
    if !is_http {
        return Err("main fetch");
    }
    request.response_tainting = ResponseType::Cors;
    let unsafe_method = !is_cors_safelisted(&request.made.method);
    let unsafe_names = !cors_unsafe_request_header_names(&request.made.headers).is_empty();
    if request.use_cors_preflight || unsafe_method || unsafe_names {
        let response = http_fetch(agent, request, true);
        if response.is_err() {
            clear_cache_entries(agent, request);
        }
        return response;
    }
    http_fetch(agent, request, false)
}

/// <https://fetch.spec.whatwg.org/#concept-scheme-fetch>; of `data:` URLs, that they work.
fn scheme_fetch(agent: &mut UserAgent<'_>, request: &mut Request) -> Result<Response, NetworkError> {
    match request.current_url().scheme() {
        "http" | "https" => http_fetch(agent, request, false),
        "data" => Ok(Response::Internal(ResponseHead::new(200, [("Content-Type", "text/html")]))),
        _ => Err("main fetch"),
    }
}

/// <https://fetch.spec.whatwg.org/#concept-http-fetch>
fn http_fetch(
    agent: &mut UserAgent<'_>,
    request: &mut Request,
    make_cors_preflight: bool,
) -> Result<Response, NetworkError> {
    // 4.1
    agent.cache.retain(|entry| agent.now.saturating_sub(entry.stored) < entry.max_age);
    let no_method = !agent.cache.iter().any(|entry| method_match(entry, &request.made.method, request))
        && (!is_cors_safelisted(&request.made.method) || request.use_cors_preflight);
    let no_header = cors_unsafe_request_header_names(&request.made.headers)
        .iter()
        .any(|name| !agent.cache.iter().any(|entry| header_name_match(entry, name, request)));
    if make_cors_preflight && (no_method || no_header) {
        cors_preflight_fetch(agent, request)?;
    }
    // 4.3
    let response = network_fetch(agent, &sent(request, append_origin_header(request)))?;
    // 4.4
    if request.response_tainting == ResponseType::Cors && !cors_check(request, &response) {
        return Err("CORS check");
    }
    // 4.5
    request.timing_allow_failed |= !tao_check(request, &response);
    // 5
    if request.response_tainting == ResponseType::Opaque
        && !cross_origin_resource_policy_check(request, &response)
    {
        return Err("cross-origin resource policy check");
    }
    // 6
    if matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        return match request.made.redirect {
            RedirectMode::Error => Err("redirect mode"),
            RedirectMode::Manual => Ok(Response::OpaqueRedirect),
            RedirectMode::Follow => http_redirect_fetch(agent, request, response),
        };
    }
    // 7
    Ok(Response::Internal(response))
}

/// <https://fetch.spec.whatwg.org/#concept-http-redirect-fetch>
fn http_redirect_fetch(
    agent: &mut UserAgent<'_>,
    request: &mut Request,
    response: ResponseHead,
) -> Result<Response, NetworkError> {
    // 3-5
    let Some(location) = location_url(request, &response)? else { return Ok(Response::Internal(response)) };
    // 6
    if !matches!(location.scheme(), "http" | "https") {
        return Err("HTTP-redirect fetch");
    }
    // 7-8
    if request.redirect_count == 20 {
        return Err("HTTP-redirect fetch");
    }
    request.redirect_count += 1;
    // 9-10
    let includes_credentials = !location.username().is_empty() || location.password().is_some();
    if request.made.mode == Mode::Cors
        && includes_credentials
        && !request.origin().same_origin(&Origin::of(&location))
    {
        return Err("HTTP-redirect fetch");
    }
    if request.response_tainting == ResponseType::Cors && includes_credentials {
        return Err("HTTP-redirect fetch");
    }
    // 11
    if response.status != 303 && request.made.body == Some(BodyKind::Stream.into()) {
        return Err("HTTP-redirect fetch");
    }
    // 12
    let (status, method) = (response.status, request.made.method.as_str());
    if (matches!(status, 301 | 302) && method == "POST")
        || (status == 303 && method != "GET" && method != "HEAD")
    {
        request.made.method = "GET".to_owned();
        request.made.body = None;
        for name in ["Content-Encoding", "Content-Language", "Content-Location", "Content-Type"] {
            request.made.headers.delete(name);
        }
    }
    // 13
    if !Origin::of(request.current_url()).same_origin(&Origin::of(&location)) {
        request.made.headers.delete("Authorization");
    }
    // 18
    request.url_list.push(location);
    // 19: the last item that is a policy
    for item in response.headers.all("Referrer-Policy").flat_map(|line| line.split(|byte| *byte == b',')) {
        let item = String::from_utf8_lossy(item.trim_ascii()).to_ascii_lowercase();
        if let Ok(policy) = item.parse() {
            request.made.referrer_policy = policy;
        }
    }
    // 20-22
    main_fetch(agent, request)
}

/// <https://fetch.spec.whatwg.org/#concept-response-location-url>
fn location_url(request: &Request, response: &ResponseHead) -> Result<Option<Url>, NetworkError> {
    let lines: Vec<&[u8]> = response.headers.all("Location").collect();
    let location = match lines.as_slice() {
        [] => return Ok(None),
        [location] => location,
        _ => return Err("HTTP-redirect fetch"),
    };
    // We read: the URL parser takes bytes above ASCII as percent-encoded, as web-platform-tests have it.
    let text: String = location
        .iter()
        .map(|byte| if byte.is_ascii() { char::from(*byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let mut location = request.current_url().join(&text).map_err(|_| "HTTP-redirect fetch")?;
    if location.fragment().is_none() {
        location.set_fragment(request.current_url().fragment());
    }
    Ok(Some(location))
}

/// <https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch>, what is sent
fn sent(request: &Request, origin: Option<String>) -> Sent {
    // 8.3-8.4
    let included = request.includes()
        || (request.made.credentials == Credentials::SameOrigin
            && request.response_tainting == ResponseType::Basic);
    Sent {
        method: request.made.method.clone(),
        url: request.current_url().clone(),
        origin,
        request_method: None,
        request_headers: None,
        credentials: included && embedder_policy_allows_credentials(request),
        body: request.made.body.is_some(),
    }
}

fn network_fetch(agent: &mut UserAgent<'_>, sent: &Sent) -> Result<ResponseHead, NetworkError> {
    (agent.network)(sent).ok_or("network")
}

/// <https://fetch.spec.whatwg.org/#cross-origin-embedder-policy-allows-credentials>
fn embedder_policy_allows_credentials(request: &Request) -> bool {
    if request.made.mode != Mode::NoCors
        || request.made.client.embedder_policy != EmbedderPolicy::Credentialless
    {
        return true;
    }
    // We read: "redirect-taint is `same-origin`". The text says "is not", left over from when the taint was a flag.
    request.is_same_origin() && !request.redirect_taint()
}

/// <https://fetch.spec.whatwg.org/#append-a-request-origin-header>
fn append_origin_header(request: &Request) -> Option<String> {
    // 2-3
    let serialized_origin = request.byte_serialized_origin();
    if request.response_tainting == ResponseType::Cors || request.made.mode == Mode::WebSocket {
        return Some(serialized_origin);
    }
    // 4
    if request.made.method == "GET" || request.made.method == "HEAD" {
        return None;
    }
    let hidden = request.made.mode != Mode::Cors
        && match request.made.referrer_policy {
            ReferrerPolicy::NoReferrer => true,
            ReferrerPolicy::NoReferrerWhenDowngrade
            | ReferrerPolicy::StrictOrigin
            | ReferrerPolicy::StrictOriginWhenCrossOrigin => {
                request.origin().scheme() == Some("https") && request.current_url().scheme() != "https"
            }
            ReferrerPolicy::SameOrigin => !request.is_same_origin(),
            _ => false,
        };
    Some(if hidden { "null".to_owned() } else { serialized_origin })
}

fn is_cors_safelisted(method: &str) -> bool {
    ["GET", "HEAD", "POST"].contains(&method)
}

/// Of <https://fetch.spec.whatwg.org/#bad-port>, those that the generated URLs have.
fn is_bad_port(port: u16) -> bool {
    [22, 25, 6667].contains(&port)
}
