//! The knowledge base as a whole, and explanations of cases.

mod cases;
mod policy;

use corsac::browser::{
    AddressSpace, Client, Credentials, Mode, NetworkError, NetworkErrorKind, Reason, ReasonCode, Refusal,
    RefusedRedirect, Request, RequestInit, Stage,
};
use corsac::origin::Origin;

use crate::fill::placeholders;
use crate::values::PLACEHOLDERS;
use crate::{Explanation, Line, describe, entries, entry, explain};

fn request(change: impl Fn(&mut RequestInit)) -> Request {
    let page = Client::new(Origin::parse("https://app.example").unwrap());
    let mut init = RequestInit::new("https://api.example/x".parse().unwrap(), page);
    change(&mut init);
    init.build().unwrap()
}

fn include(init: &mut RequestInit) {
    init.credentials = Credentials::Include;
}

fn refused(stage: Stage, status: u16, reason: Reason) -> Refusal {
    let url: url::Url = "https://api.example/x".parse().unwrap();
    let origin = match &reason {
        Reason::AllowOriginMismatch { origin, .. } => origin.clone(),
        _ => "https://app.example".to_owned(),
    };
    let location = match &reason {
        Reason::PreflightRedirected { location: Some(location), .. } => location.clone(),
        _ => "https://elsewhere.example/".to_owned(),
    };
    let redirect = matches!(status, 301..=308).then(|| RefusedRedirect::new(url.clone(), location));
    let mut refusal = Refusal::new(stage, url, origin, reason);
    (refusal.status, refusal.redirect) = (Some(status), redirect);
    refusal
}

/// One case of every reason.
fn samples() -> Vec<Refusal> {
    let text = str::to_owned;
    let network = |kind| Reason::Network(NetworkError::new(kind, "it did not work"));
    let rows = [
        (Stage::Request, 200, Reason::AllowOriginMissing),
        (Stage::Preflight, 401, Reason::AllowOriginMissing),
        (
            Stage::Request,
            200,
            Reason::AllowOriginMismatch {
                value: text("https://www.app.example"),
                origin: text("https://app.example"),
            },
        ),
        (
            Stage::Redirect,
            200,
            Reason::AllowOriginMismatch { value: text("https://app.example"), origin: text("null") },
        ),
        (Stage::Request, 200, Reason::AllowOriginMultiple { value: text("*, *"), lines: 2, exact_lines: 2 }),
        (Stage::Preflight, 200, Reason::AllowOriginInvalid { value: text("app.example"), is_url: false }),
        (Stage::Request, 200, Reason::CredentialsWildcard),
        (Stage::Preflight, 200, Reason::AllowCredentialsNotTrue { value: None }),
        (Stage::Preflight, 404, Reason::PreflightStatus { status: 404 }),
        (Stage::Preflight, 308, Reason::PreflightRedirected { status: 308, location: Some(text("/x/")) }),
        (
            Stage::Preflight,
            200,
            Reason::AllowMethodsInvalid { value: text("GET; PUT"), token: text("GET; PUT") },
        ),
        (Stage::Preflight, 200, Reason::AllowHeadersInvalid { value: text("a b"), token: text("a b") }),
        (Stage::Preflight, 200, Reason::MethodNotAllowed { method: text("PUT"), allowed: None }),
        (
            Stage::Preflight,
            200,
            Reason::HeaderNotAllowed { name: text("X-A"), others: vec![], allowed: Some(text("X-B")) },
        ),
        (Stage::Preflight, 200, Reason::AuthorizationWildcard { allowed: text("*") }),
        (
            Stage::Request,
            302,
            Reason::RedirectCredentials { location: text("https://u:***@api.example/"), by_cors: true },
        ),
        (Stage::Start, 0, Reason::SchemeNotHttp { scheme: text("ftp"), url: text("ftp://api.example/") }),
        (Stage::Start, 0, Reason::ModeSameOrigin),
        (Stage::Start, 0, Reason::NoCorsRedirectMode),
        (Stage::Request, 0, network(NetworkErrorKind::Dns)),
        (Stage::Request, 0, network(NetworkErrorKind::Refused)),
        (Stage::Request, 0, network(NetworkErrorKind::Unreachable)),
        (Stage::Request, 0, network(NetworkErrorKind::Closed)),
        (Stage::Request, 0, network(NetworkErrorKind::Timeout)),
        (Stage::Request, 0, network(NetworkErrorKind::TlsExpired)),
        (Stage::Request, 0, network(NetworkErrorKind::TlsNameMismatch)),
        (Stage::Request, 0, network(NetworkErrorKind::TlsUntrusted)),
        (Stage::Request, 0, network(NetworkErrorKind::TlsProtocol)),
        (Stage::Request, 0, network(NetworkErrorKind::Malformed)),
        (Stage::Request, 0, network(NetworkErrorKind::Proxy)),
        (Stage::Start, 0, Reason::MixedContent),
        (Stage::Start, 0, Reason::BadPort { port: 25 }),
        (
            Stage::Request,
            200,
            Reason::ResourcePolicy { value: Some(text("same-origin")), embedder_policy: None },
        ),
        (Stage::Request, 200, Reason::ResourcePolicy { value: None, embedder_policy: Some("require-corp") }),
        (Stage::Request, 0, Reason::LocalNetworkDenied { space: AddressSpace::Loopback }),
        (Stage::Request, 0, Reason::LocalNetworkInsecure { space: AddressSpace::Local }),
        (
            Stage::Request,
            0,
            Reason::LocalNetworkMismatch { named: AddressSpace::Local, space: AddressSpace::Loopback },
        ),
        (Stage::Request, 302, Reason::RedirectModeError),
        (Stage::Redirect, 302, Reason::TooManyRedirects),
        (Stage::Request, 302, Reason::LocationInvalid { value: text("http://[") }),
        (Stage::Request, 307, Reason::StreamBodyRedirected),
        (Stage::Request, 0, Reason::StreamBodyUnsupported),
        (Stage::Request, 206, Reason::RangeNotRequested { status: 206 }),
        (
            Stage::Request,
            200,
            Reason::OpaqueResponseBlocked { media_type: text("text/csv"), why: "no element uses this type" },
        ),
        (Stage::Request, 200, Reason::NoSniff { media_type: text("text/plain") }),
        (Stage::Request, 200, Reason::LoadType { media_type: String::new(), wanted: "a module script" }),
        (Stage::Request, 404, Reason::LoadStatus { status: 404 }),
        (Stage::Request, 403, Reason::WebSocketRefused { status: 403, missing: None }),
    ];
    rows.into_iter()
        .map(|(stage, status, reason)| {
            let mut refusal = refused(stage, status, reason);
            refusal.status = refusal.status.filter(|status| *status != 0);
            refusal
        })
        .collect()
}

fn texts(explanation: &Explanation) -> Vec<String> {
    let Explanation { title, what, why, causes, fixes, .. } = explanation;
    let fixes = fixes.iter().flat_map(|fix| std::iter::once(&fix.text).chain(&fix.lines));
    [title, what, why].into_iter().chain(causes).chain(fixes).cloned().collect()
}

#[test]
fn every_code_has_one_entry_and_the_entry_is_whole() {
    for code in ReasonCode::ALL {
        assert_eq!(entries().filter(|entry| entry.code == *code).count(), 1, "{code}");
        let entry = entry(*code);
        assert_eq!(entry.code, *code);
        assert!(!entry.fixes.is_empty() && !entry.causes.is_empty(), "{code}");
        for text in [entry.title, entry.what, entry.why] {
            assert!(!text.is_empty() && !text.contains("  "), "{code}: {text}");
        }
        assert!(!entry.related.contains(code), "{code} is related to itself");
        assert!(entry.spec.starts_with("https://"), "{code}");
        // Whether it is CORS is data, and who prints it says so.
        assert!(!entry.what.contains("not CORS"), "{code}");
    }
    assert_eq!(entries().count(), ReasonCode::ALL.len());
}

#[test]
fn every_placeholder_is_known_and_every_known_one_is_used() {
    let mut used = std::collections::HashSet::new();
    for entry in entries() {
        let causes = entry.causes.iter().flat_map(|cause| [cause.text, cause.how_to_tell]);
        let fixes = entry.fixes.iter().flat_map(|fix| {
            let lines = fix
                .lines
                .iter()
                .filter_map(|line| if let Line::Text(text) = line { Some(*text) } else { None });
            std::iter::once(fix.text).chain(lines)
        });
        for text in [entry.title, entry.what, entry.why].into_iter().chain(causes).chain(fixes) {
            for name in placeholders(text) {
                assert!(PLACEHOLDERS.iter().any(|(known, _)| *known == name), "{{{name}}} in {}", entry.code);
                used.insert(name);
            }
        }
    }
    for (name, _) in PLACEHOLDERS {
        assert!(used.contains(name), "nobody uses {{{name}}}");
    }
}

#[test]
fn no_text_is_left_with_a_placeholder() {
    for code in ReasonCode::ALL {
        for text in texts(&describe(*code)) {
            assert_eq!(placeholders(&text).count(), 0, "{code}: {text}");
            assert!(!text.ends_with(' '), "{code}: {text:?}");
        }
    }
    let requests = [request(|_| {}), request(include), request(|init| init.mode = Mode::NoCors)];
    let mut seen = std::collections::HashSet::new();
    for refusal in samples() {
        seen.insert(refusal.reason.code());
        for request in &requests {
            let explanation = explain(&refusal, request);
            for text in texts(&explanation) {
                assert_eq!(placeholders(&text).count(), 0, "{text}");
                // A status is known whenever a response came, and then nothing is left to guess.
                assert!(
                    !text.contains('<') || text.contains("<iframe") || text.contains("<host>"),
                    "{refusal:?}: {text}"
                );
            }
            assert!(!explanation.causes.is_empty() && !explanation.fixes.is_empty(), "{refusal:?}");
        }
    }
    assert_eq!(seen.len(), ReasonCode::ALL.len(), "a code has no sample");
}

#[test]
fn nothing_unsafe_is_suggested() {
    let opaque = |credentials| {
        request(|init| {
            init.client = Client::new(Origin::opaque());
            init.credentials = credentials;
        })
    };
    let requests =
        [request(|_| {}), request(include), opaque(Credentials::SameOrigin), opaque(Credentials::Include)];
    for refusal in samples() {
        for request in &requests {
            let explanation = explain(&refusal, request);
            let credentials = request.init().credentials == Credentials::Include;
            for fix in &explanation.fixes {
                let has = |line: &str| fix.lines.iter().any(|other| other == line);
                let allows = fix.lines.iter().any(|line| line.starts_with("Access-Control-Allow-Origin"));
                assert!(!has("Access-Control-Allow-Origin: null"), "{refusal:?}");
                assert!(!(credentials && has("Access-Control-Allow-Origin: *")), "{refusal:?}: {fix:?}");
                assert_eq!(allows && credentials, has("Access-Control-Allow-Credentials: true"), "{fix:?}");
                assert_eq!(allows && !has("Access-Control-Allow-Origin: *"), has("Vary: Origin"), "{fix:?}");
            }
        }
    }
}

#[test]
fn addresses_of_the_standards_and_of_mdn_are_well_formed() {
    for entry in entries() {
        for address in [Some(entry.spec), entry.mdn].into_iter().flatten() {
            assert!(url::Url::parse(address).is_ok(), "{address}");
        }
        assert!(
            entry.mdn.is_none_or(|mdn| mdn.starts_with("https://developer.mozilla.org/en-US/docs/Web/")),
            "{:?}",
            entry.mdn
        );
    }
}
