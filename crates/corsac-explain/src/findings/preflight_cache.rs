//! How often a preflight is repeated: the browser side of `corsac` is run again on the recorded answer, once for each engine.

use std::time::Duration;

use corsac::browser::{
    CacheMode, Engine, ExchangeKind, Fetch, PreflightCache, Request, RequestInit, ResponseHead, Step,
};
use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE,
};
use corsac::header::unsafe_request_header_names;
use corsac::origin::Origin;

use super::{Evidence, Finding, FindingSeverity};
use crate::browser_name;

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    let Some((exchange, preflight)) = evidence.preflights().next() else { return };
    if !evidence.is_readable() || exchange.url != evidence.request.init().url {
        return;
    }
    let mut never = Vec::new();
    let mut briefly = Vec::new();
    for engine in [Engine::Chromium, Engine::Firefox, Engine::WebKit] {
        let repeats =
            |seconds| repeats_preflight(engine, evidence.request, preflight, Duration::from_secs(seconds));
        match (repeats(1), repeats(6)) {
            (Some(true), _) => {
                never.push(format!(
                    "{} ({})",
                    browser_name(engine),
                    why(engine, evidence.request, preflight)
                ));
            }
            (Some(false), Some(true)) => briefly.push(browser_name(engine)),
            _ => {}
        }
    }
    if !never.is_empty() {
        found.push(Finding::new(
            "preflight-never-cached",
            FindingSeverity::Warning,
            format!(
                "The preflight is sent before every request, which costs a round trip each time, in {}.",
                never.join(", ")
            ),
            "List methods and headers by name in the answer to `OPTIONS`, and send `Access-Control-Max-Age: 7200`.",
        ));
    } else if !briefly.is_empty() && !preflight.headers.contains(ACCESS_CONTROL_MAX_AGE) {
        found.push(Finding::new(
            "preflight-never-cached",
            FindingSeverity::Info,
            format!(
                "The answer to the preflight has no `Access-Control-Max-Age`: {} send it again after 5 seconds.",
                briefly.join(", ")
            ),
            "Send `Access-Control-Max-Age: 7200` with the answer to `OPTIONS`.",
        ));
    }
}

/// The duration in words.
pub(super) fn seconds(time: Option<Duration>) -> String {
    match time {
        Some(time) => format!("{} s", time.as_secs()),
        None => "not at all".to_owned(),
    }
}

/// Runs two fetches with one preflight cache, the second `after` the first, and returns whether the second one sends a preflight. Returns
/// `None` if this engine sends no preflight at all, or if the preflight fails.
fn repeats_preflight(
    engine: Engine,
    request: &Request,
    preflight: &ResponseHead,
    after: Duration,
) -> Option<bool> {
    let mut cache = PreflightCache::default();
    let first = replay(engine, request, preflight, &mut cache, Duration::ZERO);
    if !first.starts_with(&[ExchangeKind::Preflight, ExchangeKind::Request]) {
        return None;
    }
    let second = replay(engine, request, preflight, &mut cache, after);
    Some(second.first() == Some(&ExchangeKind::Preflight))
}

/// Runs a fetch on the recorded answer, up to the request itself, and returns what was sent.
fn replay(
    engine: Engine,
    request: &Request,
    preflight: &ResponseHead,
    cache: &mut PreflightCache,
    now: Duration,
) -> Vec<ExchangeKind> {
    let mut fetch = Fetch::new(request.clone(), engine.profile());
    let mut sent = Vec::new();
    while let Step::Send(exchange) = fetch.next(cache, now) {
        sent.push(exchange.kind);
        if exchange.kind != ExchangeKind::Preflight {
            break;
        }
        fetch.receive(Ok(preflight.clone()));
    }
    sent
}

/// Why this engine does not cache the answer: the first change with which it would.
fn why(engine: Engine, request: &Request, preflight: &ResponseHead) -> String {
    type Change = fn(&mut RequestInit, &mut ResponseHead);
    let changes: [(&str, Change); 6] = [
        ("`Access-Control-Max-Age` is not a number above 0", |_, answer| {
            set(answer, ACCESS_CONTROL_MAX_AGE, "600");
        }),
        ("the URL is too long for its cache", |init, _| {
            init.url.set_query(None);
            init.url.set_path("/");
        }),
        ("the request's cache mode bypasses its cache", |init, _| init.cache = CacheMode::Default),
        ("the page has no origin", |init, answer| {
            if let Ok(origin) = Origin::parse("https://app.example") {
                set(answer, ACCESS_CONTROL_ALLOW_ORIGIN, origin.as_str());
                init.client.origin = origin;
            }
        }),
        ("`*` does not cover `Authorization` there", |_, answer| {
            answer.headers.append(ACCESS_CONTROL_ALLOW_HEADERS, "Authorization");
        }),
        ("it never matches a later request against `*`", |init, answer| {
            let names = unsafe_request_header_names(&init.headers, &Engine::Spec.profile().safelist);
            set(answer, ACCESS_CONTROL_ALLOW_METHODS, &init.method);
            set(answer, ACCESS_CONTROL_ALLOW_HEADERS, &names.join(", "));
        }),
    ];
    let helps = |change: Change| {
        let (mut init, mut answer) = (request.init().clone(), preflight.clone());
        change(&mut init, &mut answer);
        let changed = init.build().ok();
        changed.is_some_and(|request| {
            repeats_preflight(engine, &request, &answer, Duration::from_secs(1)) == Some(false)
        })
    };
    let reason = changes.into_iter().find(|(_, change)| helps(*change)).map(|(reason, _)| reason);
    reason.unwrap_or("for more than one reason").to_owned()
}

fn set(answer: &mut ResponseHead, name: &str, value: &str) {
    answer.headers.delete(name);
    answer.headers.append(name, value);
}
