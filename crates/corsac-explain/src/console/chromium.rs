//! Chromium: Chrome, Edge, Opera, Brave, Android WebView, Electron.

mod templates;

use corsac::browser::{Api, Mode, NetworkErrorKind, Reason, RedirectMode, Refusal, Request, Stage};
use corsac::origin::Origin;
use url::Url;

use super::{page_url, redirecting_url, without_userinfo};
use templates::*;

pub(super) use templates::TEMPLATES;

pub(super) fn lines(refusal: &Refusal, request: &Request) -> Vec<String> {
    if let Some(line) = whole_line(refusal, request) {
        return vec![line];
    }
    if let Some(line) = framed(refusal, request) {
        return vec![line];
    }
    let network = net_error(refusal).map(|error| NETWORK_LINE.fill(&[("error", error)]));
    let exception = (request.init().api == Api::Fetch).then(|| EXCEPTION.text.to_owned());
    network.into_iter().chain(exception).collect()
}

/// Returns the message in the CORS frame, if this refusal has one.
fn framed(refusal: &Refusal, request: &Request) -> Option<String> {
    // A redirect to something that is not a URL fails before any check.
    if leads_nowhere(refusal) {
        return None;
    }
    let reason = reason_text(refusal, request)?;
    let first_url = &request.init().url;
    let url = match &refusal.reason {
        // Chromium prints the URL that answered, not the target of the redirect.
        Reason::RedirectCredentials { .. } => redirecting_url(refusal)?,
        _ => &refusal.url,
    };
    let frame = if url == first_url { FRAME } else { FRAME_REDIRECTED };
    let kind = if request.init().api == Api::Fetch { "fetch" } else { "XMLHttpRequest" };
    Some(frame.fill(&[
        ("kind", kind),
        ("url", url.as_str()),
        ("first-url", first_url.as_str()),
        ("origin", request.origin().as_str()),
        ("reason", &reason),
    ]))
}

fn reason_text(refusal: &Refusal, request: &Request) -> Option<String> {
    let fetch_tail = if request.init().api == Api::Fetch { FETCH_TAIL.text } else { "" };
    let xhr_tail = if request.init().api == Api::Fetch { "" } else { XHR_TAIL.text };
    let (template, values, tail): (_, Vec<(&str, String)>, _) = match &refusal.reason {
        Reason::AllowOriginMissing => (MISSING, vec![], ""),
        Reason::AllowOriginMultiple { value, .. } => {
            (MULTIPLE, vec![("value", printable(value))], fetch_tail)
        }
        // Chromium takes any URL for an origin, though for another one.
        Reason::AllowOriginMismatch { value, .. } | Reason::AllowOriginInvalid { value, is_url: true } => {
            (MISMATCH, vec![("value", printable(value))], fetch_tail)
        }
        Reason::AllowOriginInvalid { value, is_url: false } => {
            (INVALID, vec![("value", printable(value))], fetch_tail)
        }
        Reason::CredentialsWildcard => (WILDCARD, vec![], xhr_tail),
        Reason::AllowCredentialsNotTrue { value } => {
            (CREDENTIALS, vec![("value", printable(value.as_deref().unwrap_or_default()))], xhr_tail)
        }
        Reason::PreflightStatus { .. } => (PREFLIGHT_STATUS, vec![], ""),
        Reason::PreflightRedirected { .. } => (PREFLIGHT_REDIRECT, vec![], ""),
        Reason::AllowMethodsInvalid { .. } => return Some(METHODS_INVALID.text.to_owned()),
        Reason::AllowHeadersInvalid { .. } => return Some(HEADERS_INVALID.text.to_owned()),
        Reason::MethodNotAllowed { method, .. } => return Some(METHOD.fill(&[("method", method)])),
        Reason::HeaderNotAllowed { name, .. } => {
            return Some(HEADER.fill(&[("name", &name.to_ascii_lowercase())]));
        }
        // Refused without a message if CORS does not apply: in another mode, and within the page's own origin.
        Reason::RedirectModeError | Reason::SchemeNotHttp { .. } if request.init().mode != Mode::Cors => {
            return None;
        }
        Reason::RedirectCredentials { by_cors: true, .. } => {
            return Some(REDIRECT_CREDENTIALS.fill(&[("value", "")]));
        }
        Reason::RedirectModeError if redirects_to_credentials(refusal) => {
            return Some(REDIRECT_CREDENTIALS.fill(&[("value", "")]));
        }
        Reason::SchemeNotHttp { scheme, .. } if !is_unsafe_redirect(scheme) => {
            return Some(SCHEME.fill(&[("schemes", SCHEMES)]));
        }
        Reason::LocalNetworkDenied { space } => return Some(LOCAL_DENIED.fill(&[("space", space.as_str())])),
        Reason::LocalNetworkInsecure { space } => {
            return Some(LOCAL_INSECURE.fill(&[("space", space.as_str())]));
        }
        Reason::LocalNetworkMismatch { named, space } => {
            return Some(LOCAL_MISMATCH.fill(&[("named", named.as_str()), ("space", space.as_str())]));
        }
        _ => return None,
    };
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    // Only these eight messages mention the preflight.
    let prefix = if refusal.stage == Stage::Preflight { PREFLIGHT_PREFIX.text } else { "" };
    Some(format!("{prefix}{}{tail}", template.fill(&values)))
}

/// The messages of `fetch()` and `XMLHttpRequest` themselves, outside the CORS frame.
fn whole_line(refusal: &Refusal, request: &Request) -> Option<String> {
    let init = request.init();
    let is_fetch = init.api == Api::Fetch;
    let at_start = refusal.stage == Stage::Start;
    let page = page_url(request);
    let template = match &refusal.reason {
        Reason::ModeSameOrigin if at_start && is_fetch => MODE_LINE,
        Reason::ModeSameOrigin if !at_start => MODE_REDIRECT_LINE,
        // The mode is checked first.
        Reason::RedirectCredentials { .. } if leaves_page_in_mode_same_origin(refusal, request) => {
            MODE_REDIRECT_LINE
        }
        Reason::NoCorsRedirectMode if is_fetch => NO_CORS_REDIRECT_LINE,
        Reason::SchemeNotHttp { scheme, .. } if at_start => match (scheme.as_str(), is_fetch) {
            ("file", _) if !request.origin().is_opaque() => FILE_LINE,
            (_, true) => SCHEME_LINE,
            ("ftp", false) => FTP_LINE,
            (_, false) => return None,
        },
        // The mode is checked first.
        Reason::MixedContent if at_start && is_fetch && init.mode == Mode::SameOrigin => MODE_LINE,
        Reason::MixedContent
            if at_start && init.mode == Mode::NoCors && init.redirect != RedirectMode::Follow =>
        {
            NO_CORS_REDIRECT_LINE
        }
        Reason::MixedContent if is_fetch => MIXED_FETCH_LINE,
        Reason::MixedContent => MIXED_XHR_LINE,
        _ => return None,
    };
    if page.is_none() && template.text.contains("{page}") {
        return None;
    }
    Some(template.fill(&[
        ("url", &without_userinfo(&refusal.url)),
        ("origin", request.origin().as_str()),
        ("scheme", refusal.url.scheme()),
        ("page", page.as_deref().unwrap_or_default()),
    ]))
}

fn leaves_page_in_mode_same_origin(refusal: &Refusal, request: &Request) -> bool {
    request.init().mode == Mode::SameOrigin && !Origin::of(&refusal.url).same_origin(request.origin())
}

/// Schemes to which the network layer never redirects, CORS or not.
fn is_unsafe_redirect(scheme: &str) -> bool {
    matches!(scheme, "about" | "blob" | "data" | "file")
}

/// Returns the target of the redirect that was refused.
fn redirect_target(refusal: &Refusal) -> Option<&Url> {
    refusal.redirect.as_ref()?.target.as_ref()
}

/// Returns `true` if a redirect was refused whose `Location` is not a URL.
fn leads_nowhere(refusal: &Refusal) -> bool {
    refusal.redirect.as_ref().is_some_and(|redirect| redirect.target.is_none())
}

fn redirects_to_credentials(refusal: &Refusal) -> bool {
    redirect_target(refusal).is_some_and(|url| !url.username().is_empty() || url.password().is_some())
}

/// Returns the error in the network log, if a refusal has exactly one. Those about certificates are from the source; the others were
/// measured.
fn net_error(refusal: &Refusal) -> Option<&'static str> {
    if leads_nowhere(refusal) {
        return Some("net::ERR_INVALID_REDIRECT");
    }
    Some(match &refusal.reason {
        Reason::Network(error) => match error.kind {
            NetworkErrorKind::Dns => "net::ERR_NAME_NOT_RESOLVED",
            NetworkErrorKind::Refused => "net::ERR_CONNECTION_REFUSED",
            // For a server that closes the connection; if it resets the connection, the error is `ERR_CONNECTION_RESET` (from the source).
            NetworkErrorKind::Closed => "net::ERR_EMPTY_RESPONSE",
            NetworkErrorKind::TlsExpired => "net::ERR_CERT_DATE_INVALID",
            NetworkErrorKind::TlsNameMismatch => "net::ERR_CERT_COMMON_NAME_INVALID",
            NetworkErrorKind::TlsUntrusted => "net::ERR_CERT_AUTHORITY_INVALID",
            _ => return None,
        },
        Reason::BadPort { .. } => "net::ERR_UNSAFE_PORT",
        Reason::ResourcePolicy { value: Some(value), embedder_policy: None } => match value.as_str() {
            "same-origin" => "net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin",
            "same-site" => "net::ERR_BLOCKED_BY_RESPONSE.NotSameSite",
            _ => return None,
        },
        Reason::RedirectModeError => match redirect_target(refusal) {
            Some(url) if is_unsafe_redirect(url.scheme()) => "net::ERR_UNSAFE_REDIRECT",
            _ => "net::ERR_FAILED",
        },
        Reason::TooManyRedirects => "net::ERR_TOO_MANY_REDIRECTS",
        Reason::LocationInvalid { .. } => "net::ERR_INVALID_REDIRECT",
        Reason::SchemeNotHttp { scheme, .. } if is_unsafe_redirect(scheme) => "net::ERR_UNSAFE_REDIRECT",
        Reason::StreamBodyUnsupported => "net::ERR_ALPN_NEGOTIATION_FAILED",
        _ => return None,
    })
}

/// Bytes that are not printable ASCII, as Chromium writes them.
fn printable(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            ' '..='~' => text.push(character),
            // This character replaces a byte that is not UTF-8, and is lost.
            char::REPLACEMENT_CHARACTER => text.push_str("\\uFFFD"),
            _ => {
                let mut bytes = [0; 4];
                for byte in character.encode_utf8(&mut bytes).bytes() {
                    text.push_str(&format!("\\u{byte:04X}"));
                }
            }
        }
    }
    text
}
