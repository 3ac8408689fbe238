//! WebKit: Safari, every browser on iOS, WebKitGTK, WPE. A failure is printed in up to three lines: the reason, the URL, and the reason
//! again.

use corsac::browser::{Api, BodyKind, Mode, Reason, ReasonCode as Code, Refusal, Request, Stage};
use corsac::origin::Origin;
use url::Url;

use super::Part::{Frame, Line};
use super::{Part, Template, is_cors, page_url, redirecting_url, without_userinfo};

/// The second line.
const FETCH_FRAME: Template =
    Template::new(Line, "", &[], "Fetch API cannot load {url} due to access control checks.");
const XHR_FRAME: Template =
    Template::new(Line, "", &[], "XMLHttpRequest cannot load {url} due to access control checks.");
/// The third line.
const NETWORK_FRAME: Template = Template::new(Frame, "", &[], "Failed to load resource: {reason}");
/// The reason for which a redirect was refused.
const REDIRECT_FRAME: Template = Template::new(
    Frame,
    "",
    &[Code::RedirectCredentials, Code::SchemeNotHttp],
    "Cross-origin redirection to {location} denied by Cross-Origin Resource Sharing policy: {reason}",
);

const fn reason(codes: &'static [Code], text: &'static str) -> Template {
    Template::new(Part::Reason, "", codes, text)
}

const NOT_ALLOWED: Template = reason(
    &[
        Code::AllowOriginMissing,
        Code::AllowOriginMismatch,
        Code::AllowOriginInvalid,
        Code::AllowOriginMultiple,
    ],
    "Origin {origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}",
);
const NOT_ALLOWED_NO_STATUS: Template = reason(
    &[
        Code::AllowOriginMissing,
        Code::AllowOriginMismatch,
        Code::AllowOriginInvalid,
        Code::AllowOriginMultiple,
    ],
    "Origin {origin} is not allowed by Access-Control-Allow-Origin.",
)
.formerly("older versions");
const MULTIPLE: Template =
    reason(&[Code::AllowOriginMultiple], "Access-Control-Allow-Origin cannot contain more than one origin.");
const WILDCARD: Template = reason(
    &[Code::CredentialsWildcard],
    "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
);
const CREDENTIALS: Template = reason(
    &[Code::AllowCredentialsNotTrue],
    "Credentials flag is true, but Access-Control-Allow-Credentials is not \"true\".",
);
const PREFLIGHT: Template = reason(
    &[Code::PreflightStatus, Code::PreflightRedirected],
    "Preflight response is not successful. Status code: {status}",
);
const PREFLIGHT_NO_STATUS: Template =
    reason(&[Code::PreflightStatus, Code::PreflightRedirected], "Preflight response is not successful")
        .formerly("older versions");
const METHOD: Template =
    reason(&[Code::MethodNotAllowed], "Method {method} is not allowed by Access-Control-Allow-Methods.");
const HEADER: Template = reason(
    &[Code::HeaderNotAllowed],
    "Request header field {name} is not allowed by Access-Control-Allow-Headers.",
);
const METHODS_INVALID: Template =
    reason(&[Code::AllowMethodsInvalid], "Header Access-Control-Allow-Methods has an invalid value: {value}");
const HEADERS_INVALID: Template =
    reason(&[Code::AllowHeadersInvalid], "Header Access-Control-Allow-Headers has an invalid value: {value}");
const REDIRECT_SCHEME: Template = reason(
    &[Code::SchemeNotHttp],
    "not allowed to follow a cross-origin CORS redirection with non CORS scheme",
);
const REDIRECT_BLOB: Template =
    reason(&[Code::SchemeNotHttp], "Redirection to URL with a scheme that is not HTTP(S).");
const REDIRECT_CREDENTIALS: Template =
    reason(&[Code::RedirectCredentials], "redirection URL {location} has credentials");
const REDIRECT_MODE: Template =
    reason(&[Code::RedirectModeError], "Not allowed to follow a redirection while loading {url}");
const TOO_MANY: Template = reason(&[Code::TooManyRedirects], "Load cannot follow more than 20 redirections");
const RESOURCE_POLICY: Template = reason(
    &[Code::ResourcePolicy],
    "Cancelled load to {url} because it violates the resource's Cross-Origin-Resource-Policy response header.",
);
const SCHEME: Template = reason(&[Code::SchemeNotHttp], "Cross origin requests are only supported for HTTP.");
const FILE: Template = reason(&[Code::SchemeNotHttp], "Not allowed to load local resource: {url}");
const FTP: Template = reason(&[Code::SchemeNotHttp], "FTP URLs are disabled");
const PORT: Template = reason(&[Code::BadPort], "Not allowed to use restricted network port {port}: {url}");
const NO_CORS_REDIRECT: Template =
    reason(&[Code::NoCorsRedirectMode], "No-Cors mode requires follow redirect mode");
/// A line break follows.
const MIXED: Template = reason(
    &[Code::MixedContent],
    "[blocked] The page at {page} requested insecure content from {url}. This content was blocked and must be served \
     over HTTPS.",
);
/// For a loopback address, the sentence ends in the middle.
const MIXED_LOOPBACK: Template = reason(
    &[Code::MixedContent],
    "[blocked] The page at {page} requested insecure content from {url}. This content was blocked and must",
);
/// The end of that sentence, as WebKit prints it.
pub(super) const CUT_OFF: &str = " This content was blocked and must";
const REFUSED: Template =
    reason(&[Code::MixedContent, Code::NoCorsRedirectMode], "Not allowed to request resource");
/// A line break follows.
const MODE_REDIRECT: Template = reason(
    &[Code::ModeSameOrigin, Code::SchemeNotHttp],
    "Unsafe attempt to load URL {url} from origin {origin}. Domains, protocols and ports must match.",
);
/// Found in the binary; `fetch()` prints the line below.
const MODE: Template = reason(
    &[Code::ModeSameOrigin],
    "Cross origin requests are not allowed when using same-origin fetch mode.",
);
const MODE_LINE: Template = Template::new(Line, "", &[Code::ModeSameOrigin], "Fetch API cannot load {url}.");
const STREAM_LINE: Template = Template::new(
    Line,
    "",
    &[Code::StreamBodyUnsupported],
    "NotSupportedError: ReadableStream uploading is not supported",
);
const EXCEPTION: Template = Template::new(Line, "", &[], "TypeError: Load failed");

pub(super) const TEMPLATES: &[&Template] = &[
    &FETCH_FRAME,
    &XHR_FRAME,
    &NETWORK_FRAME,
    &REDIRECT_FRAME,
    &NOT_ALLOWED,
    &MULTIPLE,
    &WILDCARD,
    &CREDENTIALS,
    &PREFLIGHT,
    &METHOD,
    &HEADER,
    &METHODS_INVALID,
    &HEADERS_INVALID,
    &REDIRECT_SCHEME,
    &REDIRECT_BLOB,
    &REDIRECT_CREDENTIALS,
    &REDIRECT_MODE,
    &TOO_MANY,
    &RESOURCE_POLICY,
    &SCHEME,
    &FILE,
    &FTP,
    &PORT,
    &NO_CORS_REDIRECT,
    &MIXED,
    &MIXED_LOOPBACK,
    &REFUSED,
    &MODE_REDIRECT,
    &MODE,
    &MODE_LINE,
    &STREAM_LINE,
    &EXCEPTION,
    // What older versions printed.
    &NOT_ALLOWED_NO_STATUS,
    &PREFLIGHT_NO_STATUS,
];

/// The reasons, the URL, and whether the last reason is printed a second time.
struct Message {
    reasons: Vec<String>,
    url: Option<String>,
    repeats: bool,
}

impl Message {
    fn new(reason: String, url: &Url) -> Self {
        Self { reasons: vec![reason], url: Some(without_userinfo(url)), repeats: true }
    }

    fn lines(self, request: &Request) -> Vec<String> {
        let frame = if request.init().api == Api::Fetch { FETCH_FRAME } else { XHR_FRAME };
        let again = self
            .reasons
            .last()
            .filter(|_| self.repeats)
            .map(|reason| NETWORK_FRAME.fill(&[("reason", reason)]));
        let second = self.url.map(|url| frame.fill(&[("url", &url)]));
        self.reasons.into_iter().chain(second).chain(again).collect()
    }
}

pub(super) fn lines(refusal: &Refusal, request: &Request) -> Vec<String> {
    let is_fetch = request.init().api == Api::Fetch;
    match &refusal.reason {
        // The mode is checked first.
        Reason::ModeSameOrigin | Reason::MixedContent
            if refusal.stage == Stage::Start && is_fetch && request.init().mode == Mode::SameOrigin =>
        {
            return vec![MODE_LINE.fill(&[("url", refusal.url.as_str())])];
        }
        // This is checked before anything else.
        _ if request.init().body.as_ref().is_some_and(|body| *body.kind() == BodyKind::Stream) => {
            return vec![STREAM_LINE.text.to_owned()];
        }
        Reason::BadPort { port } => {
            return vec![PORT.fill(&[("port", &port.to_string()), ("url", refusal.url.as_str())])];
        }
        _ => {}
    }
    match message(refusal, request) {
        Some(message) => message.lines(request),
        None if is_fetch => vec![EXCEPTION.text.to_owned()],
        None => Vec::new(),
    }
}

fn message(refusal: &Refusal, request: &Request) -> Option<Message> {
    let url = ("url", refusal.url.as_str());
    let plain = |reason: String| Some(Message::new(reason, &refusal.url));
    match &refusal.reason {
        _ if refusal.stage != Stage::Preflight && redirects_to_ftp(refusal) => {
            return first_url_outside(refusal, request).map(|url| Message::new(FTP.text.to_owned(), url));
        }
        Reason::MixedContent => return mixed_content(refusal, request),
        Reason::NoCorsRedirectMode => {
            let reasons = vec![NO_CORS_REDIRECT.text.to_owned(), REFUSED.text.to_owned()];
            return Some(Message { reasons, repeats: false, url: Some(without_userinfo(&refusal.url)) });
        }
        Reason::ModeSameOrigin => {
            return plain(outside_of_page(&refusal.url, request));
        }
        Reason::SchemeNotHttp { .. } if refusal.stage == Stage::Start => {
            return Some(Message { repeats: false, ..Message::new(SCHEME.text.to_owned(), &refusal.url) });
        }
        Reason::SchemeNotHttp { scheme, .. } if !is_cors(refusal) => {
            return other_scheme_without_cors(scheme, refusal, request);
        }
        Reason::LocationInvalid { .. } if request.init().mode == Mode::NoCors => return None,
        Reason::SchemeNotHttp { .. } | Reason::RedirectCredentials { .. } => {
            return refused_redirect(refusal);
        }
        // What is not a URL has no scheme either.
        Reason::LocationInvalid { value } if !value.is_empty() && is_cors(refusal) => {
            return plain(REDIRECT_FRAME.fill(&[("location", value), ("reason", REDIRECT_SCHEME.text)]));
        }
        Reason::RedirectModeError => return plain(REDIRECT_MODE.fill(&[url])),
        Reason::TooManyRedirects => return plain(TOO_MANY.text.to_owned()),
        Reason::ResourcePolicy { .. } => return plain(RESOURCE_POLICY.fill(&[url])),
        // The network library prints its own message, too; this is what WebKit adds.
        Reason::Network(_) if refusal.stage == Stage::Preflight => {
            return Some(Message {
                reasons: vec![],
                repeats: false,
                url: Some(without_userinfo(&refusal.url)),
            });
        }
        _ => {}
    }
    let reason = reason_text(refusal)?;
    plain(if refusal.stage == Stage::Preflight { reason } else { in_refused_redirect(reason, refusal) })
}

/// A redirect to another scheme, without a CORS check before it: files, and blobs of other pages, are local resources; for the rest, the
/// request's mode decides.
fn other_scheme_without_cors(scheme: &str, refusal: &Refusal, request: &Request) -> Option<Message> {
    let from = redirecting_url(refusal)?;
    let is_own = || Origin::of(&refusal.url).same_origin(request.origin());
    match (scheme, request.init().mode) {
        ("blob", _) if is_own() => Some(Message::new(REDIRECT_BLOB.text.to_owned(), &refusal.url)),
        ("blob" | "file", _) => Some(Message::new(FILE.fill(&[("url", refusal.url.as_str())]), from)),
        (_, Mode::NoCors) => None,
        (_, Mode::SameOrigin) => Some(Message::new(outside_of_page(&refusal.url, request), from)),
        _ => refused_redirect(refusal),
    }
}

fn outside_of_page(url: &Url, request: &Request) -> String {
    MODE_REDIRECT.fill(&[("url", &without_userinfo(url)), ("origin", request.origin().as_str())])
}

/// If the response that failed the CORS check is a redirect, WebKit prints its target.
fn in_refused_redirect(reason: String, refusal: &Refusal) -> String {
    let Some(redirect) = refusal.redirect.as_ref().filter(|redirect| !redirect.location.is_empty()) else {
        return reason;
    };
    // What is not a URL is printed as it is.
    let location = redirect.target.as_ref().map_or_else(|| redirect.location.clone(), without_userinfo);
    REDIRECT_FRAME.fill(&[("location", &location), ("reason", &reason)])
}

/// Returns the first URL of a different origin than the page, as far as a refusal contains it.
fn first_url_outside<'a>(refusal: &'a Refusal, request: &'a Request) -> Option<&'a Url> {
    let first = &request.init().url;
    let is_home = Origin::of(first).same_origin(request.origin());
    if is_home { redirecting_url(refusal) } else { Some(first) }
}

fn redirects_to_ftp(refusal: &Refusal) -> bool {
    let target = refusal.redirect.as_ref().and_then(|redirect| redirect.target.as_ref());
    target.is_some_and(|target| target.scheme() == "ftp")
}

/// A redirect that is not followed because of its target.
fn refused_redirect(refusal: &Refusal) -> Option<Message> {
    let reason = match &refusal.reason {
        Reason::RedirectCredentials { location, .. } => {
            let reason = REDIRECT_CREDENTIALS.fill(&[("location", location)]);
            REDIRECT_FRAME.fill(&[("location", &without_userinfo(&refusal.url)), ("reason", &reason)])
        }
        _ => REDIRECT_FRAME.fill(&[("location", refusal.url.as_str()), ("reason", REDIRECT_SCHEME.text)]),
    };
    let url = redirecting_url(refusal).map(Url::to_string);
    Some(Message { reasons: vec![reason], url, repeats: true })
}

fn mixed_content(refusal: &Refusal, request: &Request) -> Option<Message> {
    let is_loopback = Origin::of(&refusal.url).is_potentially_trustworthy();
    let template = if is_loopback { MIXED_LOOPBACK } else { MIXED };
    let reason = template.fill(&[("page", &page_url(request)?), ("url", refusal.url.as_str())]);
    if refusal.stage == Stage::Start {
        let reasons = vec![reason, REFUSED.text.to_owned()];
        return Some(Message { reasons, repeats: false, url: Some(without_userinfo(&refusal.url)) });
    }
    Some(Message { reasons: vec![reason], url: None, repeats: false })
}

fn reason_text(refusal: &Refusal) -> Option<String> {
    let status = refusal.status.map(|status| status.to_string()).unwrap_or_default();
    Some(match &refusal.reason {
        Reason::PreflightStatus { .. } | Reason::PreflightRedirected { .. } => {
            PREFLIGHT.fill(&[("status", &status)])
        }
        Reason::AllowOriginMultiple { value, .. } if value.contains(',') => MULTIPLE.text.to_owned(),
        Reason::AllowOriginMissing
        | Reason::AllowOriginMismatch { .. }
        | Reason::AllowOriginInvalid { .. }
        | Reason::AllowOriginMultiple { .. } => {
            NOT_ALLOWED.fill(&[("origin", &refusal.origin), ("status", &status)])
        }
        Reason::CredentialsWildcard => WILDCARD.text.to_owned(),
        Reason::AllowCredentialsNotTrue { .. } => CREDENTIALS.text.to_owned(),
        Reason::MethodNotAllowed { method, .. } => METHOD.fill(&[("method", method)]),
        Reason::HeaderNotAllowed { name, .. } => HEADER.fill(&[("name", name)]),
        Reason::AllowMethodsInvalid { value, .. } => METHODS_INVALID.fill(&[("value", value)]),
        Reason::AllowHeadersInvalid { value, .. } => HEADERS_INVALID.fill(&[("value", value)]),
        _ => return None,
    })
}
