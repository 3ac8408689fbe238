//! Facts: conditions of causes and fixes. The tables of `entries/` refer to them; each is evaluated here, in one place.

use corsac::browser::{Credentials, Load, Mode, Reason, Refusal, Request, Stage};
use corsac::header::names::AUTHORIZATION;
use corsac::header::{self, is_cors_header};
use corsac::origin::Origin;
use url::Url;

use crate::diagnosis::looks_like_login;
use crate::difference::{Difference, differences};

/// A condition that holds in a case, does not hold, or is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    /// The other fact does not hold.
    Not(&'static Fact),
    /// The preflight failed, not the request itself.
    Preflight,
    /// The failure was after a redirect, or at one.
    AfterRedirect,
    /// The response's status is in this range, both ends included.
    Status(u16, u16),
    /// The redirect is of this kind.
    Redirect(RedirectKind),
    /// The request is made with credentials.
    Credentials,
    /// The request has an `Authorization` header.
    SendsAuthorization,
    /// The request is a `fetch()` in mode `no-cors`.
    ModeNoCors,
    /// The request comes from an element that can have the attribute `crossorigin`.
    TakesCrossorigin,
    /// The request comes from an `EventSource`.
    IsEventSource,
    /// The page has an origin that is not opaque.
    PageHasOrigin,
    /// The page has an origin, but the browser sent `null` because of a redirect.
    OriginLostInRedirect,
    /// `Access-Control-Allow-Origin` differs from the page's origin in this way.
    Differs(Difference),
    /// It differs in this way and in no other.
    DiffersOnly(Difference),
    /// `Access-Control-Allow-Origin` is the origin of the server itself.
    ValueIsServersOwnOrigin,
    /// The response has the header on several lines.
    SeveralLines,
    /// The header that the check looked for is there.
    ValuePresent,
    /// The value is `true` in another case, such as `True`.
    ValueIsTrueInOtherCase,
    /// The value is `true` several times.
    ValueIsRepeated,
    /// The list contains `*`.
    WildcardListed,
    /// The list contains the method in another case, such as `PATCH` for `patch`.
    MethodDiffersInCase,
    /// The list contains neither the method, in any case, nor `*`.
    MethodNotListed,
    /// The request header is one of these, in lower case.
    HeaderIs(&'static [&'static str]),
    /// The request header is a response header: `Access-Control-…`.
    HeaderIsForResponses,
    /// The URL's scheme is one of these.
    SchemeIs(&'static [&'static str]),
    /// The URL's scheme looks like a host name.
    SchemeLooksLikeHost,
}

/// What a redirect changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RedirectKind {
    /// http to https, and nothing else.
    ToHttps,
    /// A slash at the end of the path, and nothing else.
    Slash,
    /// `www.` in front of the host, and nothing else.
    Www,
    /// To a login page.
    Login,
    /// Anything else.
    Elsewhere,
}

/// A refusal and its request.
#[derive(Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) refusal: &'a Refusal,
    pub(crate) request: &'a Request,
}

impl Fact {
    /// Returns whether it holds, or `None` if that is unknown.
    pub(crate) fn holds(self, case: Case<'_>) -> Option<bool> {
        let Case { refusal, request } = case;
        Some(match self {
            Self::Not(fact) => !fact.holds(case)?,
            Self::Preflight => refusal.stage == Stage::Preflight,
            Self::AfterRedirect => refusal.stage != Stage::Start && refusal.url != request.init().url,
            Self::Status(from, to) => (from..=to).contains(&refusal.status?),
            Self::Redirect(kind) => redirect_kind(case)? == kind,
            Self::Credentials => request.init().credentials == Credentials::Include,
            Self::SendsAuthorization => request.headers().contains(AUTHORIZATION),
            Self::ModeNoCors => request.init().mode == Mode::NoCors && request.init().api.load().is_none(),
            Self::TakesCrossorigin => {
                request.init().mode == Mode::NoCors
                    && request.init().api.load().is_some_and(Load::takes_crossorigin)
            }
            Self::IsEventSource => request.init().api.load() == Some(Load::EventSource),
            Self::PageHasOrigin => !request.origin().is_opaque(),
            Self::OriginLostInRedirect => !request.origin().is_opaque() && case.refusal.origin == "null",
            Self::Differs(difference) => {
                differences(case.value()?, request.origin().as_str()).contains(&difference)
            }
            Self::DiffersOnly(difference) => {
                differences(case.value()?, request.origin().as_str()) == [difference]
            }
            Self::ValueIsServersOwnOrigin => case.value()? == Origin::of(&refusal.url).as_str(),
            Self::SeveralLines => match &refusal.reason {
                Reason::AllowOriginMultiple { lines, .. } => *lines > 1,
                _ => return None,
            },
            Self::ValuePresent => case.value().is_some(),
            Self::ValueIsTrueInOtherCase => {
                case.value().is_some_and(|value| value != "true" && value.trim().eq_ignore_ascii_case("true"))
            }
            Self::ValueIsRepeated => case.value().is_some_and(|value| value.contains(',')),
            Self::WildcardListed => items(case).any(|item| item == "*"),
            Self::MethodDiffersInCase => items(case)
                .any(|item| item != request_method(case) && item.eq_ignore_ascii_case(request_method(case))),
            Self::MethodNotListed => {
                !items(case).any(|item| item == "*" || item.eq_ignore_ascii_case(request_method(case)))
            }
            Self::HeaderIs(names) => {
                let name = header_name(refusal)?;
                names.iter().any(|other| name.eq_ignore_ascii_case(other))
            }
            Self::HeaderIsForResponses => is_cors_header(header_name(refusal)?),
            Self::SchemeIs(schemes) => schemes.contains(&refusal.url.scheme()),
            Self::SchemeLooksLikeHost => {
                let scheme = refusal.url.scheme();
                refusal.url.cannot_be_a_base() && (scheme == "localhost" || scheme.contains('.'))
            }
        })
    }
}

impl<'a> Case<'a> {
    /// Returns the value of the header that decided, if there is one.
    pub(crate) fn value(self) -> Option<&'a str> {
        match &self.refusal.reason {
            Reason::AllowOriginMismatch { value, .. }
            | Reason::AllowOriginMultiple { value, .. }
            | Reason::AllowOriginInvalid { value, .. }
            | Reason::AllowMethodsInvalid { value, .. }
            | Reason::AllowHeadersInvalid { value, .. }
            | Reason::LocationInvalid { value }
            | Reason::AuthorizationWildcard { allowed: value } => Some(value),
            Reason::AllowCredentialsNotTrue { value } | Reason::ResourcePolicy { value, .. } => {
                value.as_deref()
            }
            Reason::MethodNotAllowed { allowed, .. } | Reason::HeaderNotAllowed { allowed, .. } => {
                allowed.as_deref()
            }
            _ => None,
        }
    }

    /// Returns the target of the redirect that was refused.
    pub(crate) fn location(self) -> Option<&'a str> {
        match &self.refusal.reason {
            Reason::PreflightRedirected { location, .. } => location.as_deref(),
            Reason::RedirectCredentials { location, .. } => Some(location),
            Reason::LocationInvalid { value } => Some(value),
            _ => None,
        }
    }
}

/// Returns the items of the list that does not allow a method or header.
fn items(case: Case<'_>) -> impl Iterator<Item = &str> {
    let value = case.value().unwrap_or_default();
    header::list_items(value.as_bytes()).filter_map(|item| std::str::from_utf8(item).ok())
}

fn request_method(case: Case<'_>) -> &str {
    match &case.refusal.reason {
        Reason::MethodNotAllowed { method, .. } => method,
        _ => case.request.method(),
    }
}

fn header_name(refusal: &Refusal) -> Option<&str> {
    match &refusal.reason {
        Reason::HeaderNotAllowed { name, .. } => Some(name),
        _ => None,
    }
}

fn redirect_kind(case: Case<'_>) -> Option<RedirectKind> {
    let redirect = case.refusal.redirect.as_ref()?;
    let (from, to) = (&redirect.from, redirect.target.as_ref()?);
    let only = |changed: fn(&Url) -> String| to.as_str() != from.as_str() && changed(to) == changed(from);
    Some(if looks_like_login(&redirect.location) {
        RedirectKind::Login
    } else if from.scheme() == "http" && to.scheme() == "https" && only(without_scheme) {
        RedirectKind::ToHttps
    } else if only(without_slash) {
        RedirectKind::Slash
    } else if only(without_www) {
        RedirectKind::Www
    } else {
        RedirectKind::Elsewhere
    })
}

/// Returns host, path and query. The port depends on the scheme: 8080 for http may be 8443 for https.
fn without_scheme(url: &Url) -> String {
    format!("{}{}?{}", url.host_str().unwrap_or_default(), url.path(), url.query().unwrap_or_default())
}

fn without_slash(url: &Url) -> String {
    let origin = Origin::of(url);
    format!("{origin}{}?{}", url.path().trim_end_matches('/'), url.query().unwrap_or_default())
}

fn without_www(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    format!("{}{host}{:?}{}?{}", url.scheme(), url.port(), url.path(), url.query().unwrap_or_default())
}
