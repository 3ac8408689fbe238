//! Error pages, challenges and login redirects that answer in the server's place.
//!
//! Not part of the standard: to a browser they are responses without CORS headers. To a person they are another problem, with another fix.
//! Only a response with no CORS header at all can be one.

use super::exchange::ResponseHead;
use super::reason::Reason;
use crate::header::is_cors_header;
use crate::header::names::LOCATION;

/// The CORS check failed with `reason`: is something behind it that is not CORS?
pub(crate) fn look_behind(reason: &Reason, response: &ResponseHead) -> Option<Reason> {
    if *reason != Reason::AllowOriginMissing || knows_cors(response) {
        return None;
    }
    challenge(response).or_else(|| login_redirect(response)).or_else(|| error_status(response))
}

/// Does any header line show that whoever answered knows of CORS?
fn knows_cors(response: &ResponseHead) -> bool {
    response.headers.iter().any(|line| is_cors_header(&line.name))
}

/// A gateway's challenge: the header line that it identifies itself with.
pub(crate) fn challenge(response: &ResponseHead) -> Option<Reason> {
    let status = response.status;
    if !matches!(status, 200 | 202 | 401 | 403 | 405 | 429 | 503) {
        return None;
    }
    let line = response.headers.iter().find(|line| {
        CHALLENGE_SIGNS
            .iter()
            .any(|(name, value)| line.is(name) && line.text().to_ascii_lowercase().contains(value))
    })?;
    Some(Reason::ChallengePage { status, sign: format!("{}: {}", line.name, line.text()) })
}

/// Header, and what its value contains (lower case) when it is a challenge.
const CHALLENGE_SIGNS: &[(&str, &str)] = &[
    ("cf-mitigated", "challenge"),
    ("x-vercel-mitigated", "challenge"),
    ("x-amzn-waf-action", "c"), // `challenge` or `captcha`
    ("x-datadome", ""),
    ("x-sucuri-block", ""),
    ("www-authenticate", "cloudflare-access"),
];

/// A redirect to a place where people log in.
fn login_redirect(response: &ResponseHead) -> Option<Reason> {
    if !response.is_redirect() {
        return None;
    }
    let location = response.headers.text(LOCATION)?;
    looks_like_login(&location).then_some(Reason::LoginRedirect { status: response.status, location })
}

/// Returns `true` if a URL looks like a login page: by a label of its host, a segment of its path, or OpenID Connect's parameters?
pub(super) fn looks_like_login(location: &str) -> bool {
    const WORDS: &[&str] = &[
        "login",
        "log-in",
        "signin",
        "sign-in",
        "sign_in",
        "logon",
        "sso",
        "oauth",
        "oauth2",
        "oidc",
        "saml",
        "saml2",
        "authorize",
        "auth",
        "openid-connect",
        "accounts",
        "cas",
    ];
    let location = location.to_ascii_lowercase();
    let (address, query) = location.split_once('?').unwrap_or((&location, ""));
    address.split(['/', '.', ':', '#']).any(|part| WORDS.contains(&part))
        || (query.contains("client_id=") && query.contains("redirect_uri="))
}

/// An error without CORS headers: most often a handler, proxy or crash in front of the CORS layer.
fn error_status(response: &ResponseHead) -> Option<Reason> {
    (response.status >= 400).then_some(Reason::ErrorStatus { status: response.status })
}
