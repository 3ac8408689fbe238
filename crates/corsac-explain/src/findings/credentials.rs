//! Credentials: which origins may use them, and whether cookies are sent at all.

use corsac::browser::{ExchangeKind, ResponseHead};
use corsac::header::names::SET_COOKIE;
use corsac::origin::Origin;

use super::{Evidence, Finding, FindingSeverity, allow_origin, allows_credentials, quoted};

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    let mut once = |finding: Option<Finding>| {
        if let Some(finding) = finding.filter(|new| !found.iter().any(|old: &Finding| old.code == new.code)) {
            found.push(finding);
        }
    };
    for (_, response) in evidence.answered() {
        once(null_origin_allowed(response));
        once(http_origin(response));
        once(credentials_useless(response));
    }
    once(cookie_same_site(evidence));
    once(set_cookie_ignored(evidence));
}

fn null_origin_allowed(response: &ResponseHead) -> Option<Finding> {
    (allow_origin(response)? == "null").then(|| {
        let (severity, with) = if allows_credentials(response) {
            (FindingSeverity::Problem, ", with credentials")
        } else {
            (FindingSeverity::Warning, "")
        };
        Finding::new(
            "null-origin-allowed",
            severity,
            format!(
                "The server allows the origin `null`{with}. Any site can get this origin with a sandboxed frame, so \
                 this allows everybody."
            ),
            "Serve the page over http or https, and allow its origin. If the data is public and needs no \
             credentials, send `*`.",
        )
    })
}

fn http_origin(response: &ResponseHead) -> Option<Finding> {
    let origin = Origin::parse(&allow_origin(response)?).ok()?;
    (origin.is_insecure() && allows_credentials(response)).then(|| {
        Finding::new(
            "http-origin",
            FindingSeverity::Warning,
            format!(
                "The server allows `{origin}` with credentials. Anyone between a user and that http site can replace \
                 its page with their own, and read the user's data here."
            ),
            "Serve the page over https, and allow `https://` only.",
        )
    })
}

fn credentials_useless(response: &ResponseHead) -> Option<Finding> {
    (allow_origin(response)? == "*" && allows_credentials(response)).then(|| {
        Finding::new(
            "credentials-useless",
            FindingSeverity::Warning,
            "`Access-Control-Allow-Credentials: true` is sent with `Access-Control-Allow-Origin: *`. The two never \
             work together: a request with credentials is refused, and one without credentials does not need the \
             header.",
            "If requests need cookies, name the origin instead of `*`. If not, remove \
             `Access-Control-Allow-Credentials`.",
        )
    })
}

/// Cookies that browsers do not send to another site, although CORS allows them.
fn cookie_same_site(evidence: &Evidence<'_>) -> Option<Finding> {
    let target = Origin::of(&evidence.request.init().url);
    if !evidence.with_credentials() || evidence.request.origin().same_site(&target) {
        return None;
    }
    let not_sent: Vec<String> = set_cookies(evidence).filter_map(|cookie| not_sent(&cookie)).collect();
    if !not_sent.is_empty() {
        return Some(Finding::new(
            "cookie-same-site",
            FindingSeverity::Warning,
            format!(
                "The page at {} and {target} are different sites, so browsers will not send these cookies: {}.",
                evidence.request.origin(),
                not_sent.join("; "),
            ),
            "Set the cookie with `SameSite=None; Secure`, or serve page and API from one site. Some browsers block \
             cookies of other sites anyway.",
        ));
    }
    evidence.cookies_given.then(|| {
        Finding::new(
            "cookie-same-site",
            FindingSeverity::Info,
            format!(
                "The page at {} and {target} are different sites. A browser sends the cookies only if they were set \
                 with `SameSite=None; Secure` and the user's settings allow cookies of other sites.",
                evidence.request.origin(),
            ),
            "Check how the cookies are set. Corsac sent them as you gave them.",
        )
    })
}

fn set_cookie_ignored(evidence: &Evidence<'_>) -> Option<Finding> {
    let (exchange, response) = evidence.response()?;
    if exchange.credentials || !response.headers.contains(SET_COOKIE) {
        return None;
    }
    let names: Vec<String> =
        response.headers.all(SET_COOKIE).map(|line| cookie_name(&String::from_utf8_lossy(line))).collect();
    Some(Finding::new(
        "set-cookie-ignored",
        FindingSeverity::Info,
        format!(
            "The response sets cookies ({}), but the request was made without credentials, so browsers ignore them.",
            quoted(&names)
        ),
        "If the page needs the cookies, make the request with `credentials: \"include\"`, and make the server allow \
         that.",
    ))
}

/// Returns the `Set-Cookie` lines of responses that may set cookies.
fn set_cookies<'a>(evidence: &'a Evidence<'_>) -> impl Iterator<Item = String> + 'a {
    evidence
        .answered()
        .filter(|(exchange, _)| exchange.kind != ExchangeKind::Preflight && exchange.credentials)
        .flat_map(|(_, response)| response.headers.all(SET_COOKIE))
        .map(|line| String::from_utf8_lossy(line).into_owned())
}

/// Returns why a cookie is not sent to another site, or `None` if it is.
fn not_sent(cookie: &str) -> Option<String> {
    let attributes = || cookie.split(';').skip(1).map(str::trim);
    let same_site = attributes().filter_map(|attribute| {
        let (name, value) = attribute.split_once('=')?;
        name.trim().eq_ignore_ascii_case("samesite").then(|| value.trim())
    });
    let secure = attributes().any(|attribute| attribute.eq_ignore_ascii_case("secure"));
    let why = match same_site.last().map(str::to_ascii_lowercase).as_deref() {
        Some("none") if secure => return None,
        Some("none") => "`SameSite=None` without `Secure`",
        Some("strict") => "`SameSite=Strict`",
        Some("lax") => "`SameSite=Lax`",
        _ => "no `SameSite`, which means `Lax`",
    };
    Some(format!("`{}` ({why})", cookie_name(cookie)))
}

fn cookie_name(cookie: &str) -> String {
    let pair = cookie.split(';').next().unwrap_or_default();
    pair.split('=').next().unwrap_or_default().trim().to_owned()
}
