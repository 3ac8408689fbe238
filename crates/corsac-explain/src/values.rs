//! The values of placeholders: those of a case, or general words.

use std::borrow::Cow;

use corsac::browser::{AddressSpace, NetworkErrorKind, Reason, Stage};
use url::Url;

use crate::fact::Case;

pub(crate) const YOUR_ORIGIN: &str = "<your origin>";
pub(crate) const YOUR_METHOD: &str = "<METHOD>";
pub(crate) const YOUR_HEADERS: &str = "<names of your headers>";

/// Every placeholder that entries use, with its words for explanations without a case.
pub(crate) const PLACEHOLDERS: &[(&str, &str)] = &[
    ("origin", YOUR_ORIGIN),
    ("page", YOUR_ORIGIN),
    ("the-page", "the page"),
    ("url", "<the URL>"),
    ("host", "<the host>"),
    ("address", "<host and port>"),
    ("response", "the response"),
    ("status", "<status>"),
    ("method", YOUR_METHOD),
    ("METHOD", YOUR_METHOD),
    ("name", "<the header>"),
    ("value", "<the value>"),
    ("token", "<the item>"),
    ("allow-methods", "no `Access-Control-Allow-Methods` that lists it"),
    ("allow-headers", "no `Access-Control-Allow-Headers` that lists it"),
    ("allow-credentials", "no `Access-Control-Allow-Credentials`, or another value,"),
    ("type", "<the type>"),
    ("wanted", "what was requested"),
    ("resource-policy", "`Cross-Origin-Resource-Policy`, or the page's `Cross-Origin-Embedder-Policy`,"),
    ("location", "<Location>"),
    ("scheme", "<scheme>"),
    ("port", "<port>"),
    ("space", "<address space>"),
    ("named", "<another address space>"),
    ("space-place", "on the user's own machine or network"),
    ("message", ""),
];

/// Returns the words for a placeholder.
pub(crate) fn words(name: &str) -> Option<Cow<'static, str>> {
    PLACEHOLDERS.iter().find(|(other, _)| *other == name).map(|(_, words)| Cow::Borrowed(*words))
}

/// Returns the value of a placeholder in a case, or its words if the case has no value.
pub(crate) fn value<'a>(case: Case<'a>, name: &str) -> Option<Cow<'a, str>> {
    known(case, name).or_else(|| words(name))
}

fn known<'a>(case: Case<'a>, name: &str) -> Option<Cow<'a, str>> {
    let Case { refusal, request } = case;
    Some(match (name, &refusal.reason) {
        ("origin", _) => case.refusal.origin.as_str().into(),
        ("page", _) => request.origin().as_str().into(),
        ("the-page", _) if request.origin().is_opaque() => "a page without an origin (`null`)".into(),
        ("the-page", _) => format!("the page at {}", request.origin()).into(),
        ("url", _) => without_password(&refusal.url).into(),
        ("host", _) => refusal.url.host_str()?.into(),
        ("address", _) => address(case)?.into(),
        ("response", _) => response(case).into(),
        ("status", _) => refusal.status?.to_string().into(),
        ("method", Reason::MethodNotAllowed { method, .. }) => method.into(),
        ("method", _) => request.method().into(),
        ("METHOD", Reason::MethodNotAllowed { method, .. }) => method.to_ascii_uppercase().into(),
        ("name", Reason::HeaderNotAllowed { name, .. }) => name.into(),
        ("value", _) => case.value()?.into(),
        ("token", Reason::AllowMethodsInvalid { token, .. } | Reason::AllowHeadersInvalid { token, .. }) => {
            token.into()
        }
        ("allow-methods", Reason::MethodNotAllowed { allowed, .. }) => {
            header("Access-Control-Allow-Methods", allowed).into()
        }
        ("allow-headers", Reason::HeaderNotAllowed { allowed, .. }) => {
            header("Access-Control-Allow-Headers", allowed).into()
        }
        ("allow-credentials", Reason::AllowCredentialsNotTrue { value }) => {
            header("Access-Control-Allow-Credentials", value).into()
        }
        ("resource-policy", Reason::ResourcePolicy { embedder_policy: Some(policy), .. }) => {
            format!("The page's own `Cross-Origin-Embedder-Policy: {policy}`").into()
        }
        ("resource-policy", Reason::ResourcePolicy { value: Some(value), .. }) => {
            format!("`Cross-Origin-Resource-Policy: {value}`").into()
        }
        (
            "type",
            Reason::OpaqueResponseBlocked { media_type, .. }
            | Reason::NoSniff { media_type }
            | Reason::LoadType { media_type, .. },
        ) => media_type_words(media_type).into(),
        ("wanted", Reason::LoadType { wanted, .. }) => (*wanted).into(),
        ("location", _) => case.location()?.into(),
        ("scheme", Reason::SchemeNotHttp { scheme, .. }) => scheme.into(),
        ("port", Reason::BadPort { port }) => port.to_string().into(),
        ("space", _) => space(&refusal.reason)?.as_str().into(),
        ("named", Reason::LocalNetworkMismatch { named, .. }) => named.as_str().into(),
        ("space-place", _) => place(space(&refusal.reason)?).into(),
        // A limit that Corsac set, not a message of the operating system.
        ("message", Reason::Network(error)) if error.kind == NetworkErrorKind::Timeout => {
            format!("The time limit was reached: {}.", error.message.trim_end_matches('.')).into()
        }
        ("message", Reason::Network(error)) if !error.message.is_empty() => {
            format!("The error: {}.", error.message.trim_end_matches('.')).into()
        }
        _ => return None,
    })
}

/// Returns `no Name`, or `Name: value` as it was sent.
fn header(name: &str, value: &Option<String>) -> String {
    match value {
        Some(value) => format!("`{name}: {value}`"),
        None => format!("no `{name}`"),
    }
}

fn media_type_words(media_type: &str) -> String {
    if media_type.is_empty() { "(none)".to_owned() } else { format!("`{media_type}`") }
}

fn without_password(url: &Url) -> String {
    let mut url = url.clone();
    if url.password().is_some() {
        // Refused only for URLs without a host; those have no password.
        let _ = url.set_password(Some("***"));
    }
    url.to_string()
}

fn address(case: Case<'_>) -> Option<String> {
    let url = &case.refusal.url;
    Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))
}

/// Describes the response in a few words.
fn response(case: Case<'_>) -> String {
    let Case { refusal, request } = case;
    let url = &refusal.url;
    let status = refusal.status.map(|status| format!(", status {status}")).unwrap_or_default();
    match refusal.stage {
        Stage::Preflight => format!("the preflight's response (`OPTIONS {url}`{status})"),
        _ if *url != request.init().url => format!("the response after the redirect (`{url}`{status})"),
        _ => format!("the response (`{} {url}`{status})", request.method()),
    }
}

fn space(reason: &Reason) -> Option<AddressSpace> {
    match reason {
        Reason::LocalNetworkDenied { space }
        | Reason::LocalNetworkInsecure { space }
        | Reason::LocalNetworkMismatch { space, .. } => Some(*space),
        _ => None,
    }
}

fn place(space: AddressSpace) -> &'static str {
    match space {
        AddressSpace::Loopback => "on the user's own machine",
        AddressSpace::Local => "in the user's own network",
        AddressSpace::Public => "on the internet",
    }
}
