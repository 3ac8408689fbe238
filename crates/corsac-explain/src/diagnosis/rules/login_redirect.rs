//! The server sends a request without a valid login to a page where people log in.

use corsac::browser::{Credentials, Exchange, ExchangeKind, Refusal, ResponseHead};
use url::Url;

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, shown};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "login-redirect",
        title: "The server redirects to a login page",
        what: "The request arrived without a valid login, and the server treats it as if a person had opened the page: it redirects to a \
               login. What the browser then complains about is that redirect, or the login page, which has no CORS headers and needs none.",
        fix: "Answer requests of scripts with status 401 instead of a redirect, with CORS headers, so that the page can read it and ask the \
              user to log in. Let the page open the login itself, as a page of its own and not with `fetch()`.",
        is_cors: false,
    },
    weight: Weight::Marker,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let (exchange, response) = evidence.redirect(refusal)?;
    // A preflight never carries a login: that is another cause, with another fix.
    if exchange.kind == ExchangeKind::Preflight {
        return None;
    }
    let location = login_elsewhere(exchange, response)?;
    // The page asks its own server: no header matters there, and the way out is the user's.
    let is_home = exchange.url.origin().ascii_serialization() == evidence.request.origin().as_str();
    let with_credentials = evidence.request.init().credentials == Credentials::Include;
    let fix = if is_home {
        "Reload the page, so that the browser itself goes to the login, and sign in again. The page and the server have the same origin: no \
         header is missing, and none on the login page helps."
            .to_owned()
    } else {
        let first = if with_credentials {
            "Sign in again, in a tab of its own, and see that the session's cookie reaches the server."
        } else {
            "Send the login that the server expects. If the login is a cookie, send it along: `credentials: \"include\"`."
        };
        format!(
            "{first} Then answer requests of scripts with status 401 instead of a redirect, with CORS headers, so that the page can read it."
        )
    };
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Proxy,
        confidence: Confidence::Likely,
        is_cors: false,
        title: if is_home {
            format!(
                "The session is over: the page's own server answered the {} with status {} and sent it on to a page where people log in.",
                exchange.method, response.status
            )
        } else {
            format!(
                "The server took the {} for one without a login: it answered with status {} and sent it on to a page where people log in.",
                exchange.method, response.status
            )
        },
        evidence: vec![format!("`Location: {}` looks like a login.", shown(&location))],
        fix: Fix::new(fix, Vec::new()),
    })
}

/// The `Location` of a redirect to a login page, unless the request was going there already: `/api/login` to `/api/login/` is a slash.
pub(crate) fn login_elsewhere(exchange: &Exchange, response: &ResponseHead) -> Option<String> {
    let location = response.headers.text("location").filter(|_| response.is_redirect())?;
    let target = exchange.url.join(&location).ok();
    let is_elsewhere = target.is_none_or(|target| !was_going_there(&exchange.url, &target));
    (looks_like_login(&location) && is_elsewhere).then_some(location)
}

/// Returns `true` if the two differ in nothing but a slash at the end, the scheme or the port.
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
