//! The server redirects a request without a valid login to a login page.

use corsac::browser::{Credentials, Exchange, ExchangeKind, Refusal, ResponseHead};
use url::Url;

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, printable};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "login-redirect",
        title: "The server redirects to a login page",
        what: "The request arrived without a valid login, and the server treats the API call like a page load: it \
               redirects to a login page. The browser then complains about that redirect, or about the login page, \
               which has no CORS headers and needs none.",
        fix: "Answer API requests with status 401 and CORS headers instead of a redirect, so that the page can see \
              it and ask the user to log in. The page should navigate to the login page instead of fetching it.",
        is_cors: false,
    },
    weight: Weight::Marker,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let (exchange, response) = evidence.redirect(refusal)?;
    // A preflight never carries a login. That is another cause, with another fix.
    if exchange.kind == ExchangeKind::Preflight {
        return None;
    }
    let location = login_elsewhere(exchange, response)?;
    // The page requests its own server: CORS headers do not matter there, and only the user can log in again.
    let is_home = exchange.url.origin().ascii_serialization() == evidence.request.origin().as_str();
    let with_credentials = evidence.request.init().credentials == Credentials::Include;
    let fix = if is_home {
        "Reload the page, so that the browser itself opens the login page, and sign in again. The page and the \
         server have the same origin: no CORS header is missing, and none on the login page would help."
            .to_owned()
    } else {
        let first = if with_credentials {
            "Sign in again in another tab, and check that the session's cookie reaches the server."
        } else {
            "Send the login that the server expects. If it is a cookie, use `credentials: \"include\"`."
        };
        format!(
            "{first} Then answer API requests with status 401 and CORS headers instead of a redirect, so that the \
             page can see it."
        )
    };
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Proxy,
        confidence: Confidence::Likely,
        is_cors: false,
        title: if is_home {
            format!(
                "The session has ended: the page's own server answered the {} with status {} and redirected it to a \
                 login page.",
                exchange.method, response.status
            )
        } else {
            format!(
                "The server did not recognize a login in the {}: it answered with status {} and redirected it to a \
                 login page.",
                exchange.method, response.status
            )
        },
        evidence: vec![format!("`Location: {}` looks like a login page.", printable(&location))],
        fix: Fix::new(fix, Vec::new()),
    })
}

/// Returns the `Location` of a redirect to a login page, unless the request was already for that page: `/api/login` to `/api/login/` only
/// adds a slash.
pub(crate) fn login_elsewhere(exchange: &Exchange, response: &ResponseHead) -> Option<String> {
    let location = response.headers.text("location").filter(|_| response.is_redirect())?;
    let target = exchange.url.join(&location).ok();
    let is_elsewhere = target.is_none_or(|target| !was_going_there(&exchange.url, &target));
    (looks_like_login(&location) && is_elsewhere).then_some(location)
}

/// Returns `true` if the two differ only in a slash at the end, the scheme or the port.
fn was_going_there(from: &Url, to: &Url) -> bool {
    let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
    from.host_str() == to.host_str() && path(from) == path(to)
}

/// Returns `true` if a URL looks like a login page: by a label of its host, a segment of its path, or OpenID Connect's parameters.
pub(crate) fn looks_like_login(location: &str) -> bool {
    #[rustfmt::skip] // a table
    const WORDS: &[&str] = &[
        "login", "log-in", "signin", "sign-in", "sign_in", "logon", "sso", "oauth", "oauth2", "oidc", "saml", "saml2", "authorize",
        "auth", "openid-connect", "accounts", "cas", "signon", "sign-on", "adfs", "idp", "wp-login", "cloudflareaccess", "goauthentik",
    ];
    let location = location.to_ascii_lowercase();
    let (address, query) = location.split_once('?').unwrap_or((&location, ""));
    address.split(['/', '.', ':', '#']).any(|part| WORDS.contains(&part))
        || (query.contains("client_id=") && query.contains("redirect_uri="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_pages_are_known_by_whole_words() {
        for location in [
            "/login",
            "https://sso.example/",
            "https://acme.cloudflareaccess.com/x",
            "/wp-login.php?redirect_to=%2F",
            "/users/sign_in",
            "/LOGIN",
            "https://a.example/oauth2/authorize",
            "/a?client_id=1&redirect_uri=2",
        ] {
            assert!(looks_like_login(location), "{location}");
        }
        for location in ["/blogin", "/authors", "https://example.com/logins", "/a?login=1", "/new", ""] {
            assert!(!looks_like_login(location), "{location}");
        }
    }
}
