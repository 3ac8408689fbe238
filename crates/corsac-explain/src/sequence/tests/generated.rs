//! Random requests and answers: a story shows every exchange once, and every failure once.

use corsac::browser::{
    Api, BodyKind, Credentials, CrossOrigin, Engine, Load, Mode, NetworkError, NetworkErrorKind,
    RedirectMode, RequestInit, ResponseHead, RuleResult,
};
use proptest::prelude::*;
use proptest::sample::select;

use super::{Answer, init, run};
use crate::sequence::told::unfolded;
use crate::sequence::{ControlRequest, RuleRowResult, Step, control, rules, steps};

const ENGINES: [Engine; 4] = [Engine::Spec, Engine::Chromium, Engine::Firefox, Engine::WebKit];

const URLS: &[&str] = &[
    "https://app.example.com/own",
    "https://api.example.com/a?b=c",
    "https://api.example.com/b",
    "https://files.example.net/",
    "https://user:secret@files.example.net/",
    "http://api.example.com/plain",
    "https://api.example.com:6000/",
    "data:text/plain,hello",
    "ftp://files.example.net/",
];

const NAMES: &[&str] = &[
    "Access-Control-Allow-Origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-expose-headers",
    "access-control-max-age",
    "cross-origin-resource-policy",
    "timing-allow-origin",
    "x-content-type-options",
    "content-type",
    "www-authenticate",
    "x-total-count",
];

const VALUES: &[&[u8]] = &[
    b"*",
    b"null",
    b"true",
    b"https://app.example.com",
    b"https://api.example.com/",
    b"GET, PUT, DELETE",
    b"content-type, x-trace, authorization",
    b"not a token;",
    b"",
    b"60",
    b"same-origin",
    b"nosniff",
    b"text/javascript",
    b"text/event-stream",
    b"application/json",
    b"caf\xe9 \xff\x00",
];

/// The headers that let most requests through, so that stories get long.
fn generous(status: u16) -> ResponseHead {
    ResponseHead::new(
        status,
        [
            ("Access-Control-Allow-Origin", "https://app.example.com"),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Allow-Methods", "GET, PUT, DELETE, PATCH"),
            ("Access-Control-Allow-Headers", "content-type, x-trace, authorization, user-agent"),
        ],
    )
}

fn answers() -> impl Strategy<Value = Vec<Answer>> {
    let header = (select(NAMES), select(VALUES));
    let location = prop::option::weighted(0.5, select(URLS));
    let status = select(vec![101_u16, 200, 200, 204, 206, 301, 302, 303, 307, 308, 307, 401, 404, 500]);
    let answer = (status, any::<bool>(), prop::collection::vec(header, 0..5), location);
    let head = answer.prop_map(|(status, is_generous, headers, location)| {
        let mut head = if is_generous { generous(status) } else { ResponseHead::default() };
        head.status = status;
        headers.into_iter().for_each(|(name, value)| head.headers.append(name, value));
        location.into_iter().for_each(|url| head.headers.append("location", url));
        Ok(head)
    });
    let kind = select(vec![NetworkErrorKind::Closed, NetworkErrorKind::Dns, NetworkErrorKind::TlsExpired]);
    let failed = kind.prop_map(|kind| Err(NetworkError::new(kind, "caf\u{e9}\n")));
    prop::collection::vec(prop_oneof![8 => head, 1 => failed], 1..8)
}

fn requests() -> impl Strategy<Value = RequestInit> {
    let headers = prop::collection::vec(
        select(vec![
            ("Content-Type", "application/json"),
            ("X-Trace", "a`b"),
            ("Authorization", "Bearer t0p-s3cret"),
            ("User-Agent", "orders-widget/1.2"),
            ("Range", "bytes=0-1"),
        ]),
        0..4,
    );
    let methods = select(vec!["GET", "HEAD", "POST", "PUT", "DELETE", "patch"]);
    let loads =
        prop::option::weighted(0.3, (select(Load::ALL), prop::option::of(select(CrossOrigin::ALL.to_vec()))));
    let bodies = prop::option::of(select(vec![BodyKind::Text, BodyKind::Stream, BodyKind::UrlSearchParams]));
    let modes = select(vec![Mode::Cors, Mode::Cors, Mode::NoCors, Mode::SameOrigin]);
    let values = (select(Credentials::ALL), select(RedirectMode::ALL), any::<bool>());
    (select(URLS), methods, headers, loads, bodies, modes, values).prop_map(
        |(url, method, headers, load, body, mode, (credentials, redirect, is_xhr))| {
            let mut init = init(url);
            init.credentials = credentials;
            if let Some((load, crossorigin)) = load {
                return init.for_load(load, crossorigin.filter(|_| load.takes_crossorigin()));
            }
            method.clone_into(&mut init.method);
            headers.into_iter().for_each(|(name, value)| init.headers.append(name, value));
            init.body = body.map(Into::into).filter(|_| !matches!(method, "GET" | "HEAD"));
            init.mode = mode;
            init.redirect = redirect;
            if is_xhr {
                init.api = Api::XmlHttpRequest { upload_listeners: true };
            }
            init
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn every_exchange_and_every_failure_is_shown_once(
        init in requests(),
        answers in answers(),
        engine in select(ENGINES.to_vec()),
    ) {
        // Not every combination is a request that script can make.
        let Ok(request) = init.build() else { return Ok(()) };
        let fetched = run(&request, engine, &answers);
        let told: Vec<Step> = unfolded(&request, &fetched, engine, &[]).into_iter().map(|(_, step)| step).collect();

        let count = |is: fn(&Step) -> bool| told.iter().filter(|step| is(step)).count();
        prop_assert_eq!(count(|step| matches!(step, Step::Sent { .. })), fetched.exchanges.len());
        prop_assert_eq!(count(|step| matches!(step, Step::Received { .. })), fetched.exchanges.len());
        prop_assert_eq!(count(|step| matches!(step, Step::Call { .. } | Step::End { .. })), 2);

        let failed_lines = told.iter().flat_map(Step::lines).filter(|line| line.result == Some(RuleResult::Fail));
        let entries = fetched.trace.entries();
        let failed = entries.iter().filter(|entry| entry.result == RuleResult::Fail);
        let retries = fetched.exchanges.iter().rev().skip(1).filter(|completed| completed.result.is_err());
        let errors = count(|step| matches!(step, Step::Received { error: Some(_), .. }));
        prop_assert_eq!(failed_lines.clone().count() + errors, failed.count() + retries.count(), "{:?}", told);

        // No failure is without the words that were written for it.
        for line in failed_lines {
            prop_assert!(line.name != "rule", "{:?}", line);
            if line.name != "status" && line.name != "url" {
                prop_assert!(line.missing.is_some() || line.value.is_none() || line.rule == Some("Opaque response blocking"), "{:?}", line);
            }
        }
        // A fetch ends where it first fails: at the last response, or at what was not sent.
        let last = told.iter().rposition(|step| matches!(step, Step::Received { .. })).unwrap_or_default();
        let mut before = told.iter().take(last).flat_map(Step::lines);
        prop_assert!(before.all(|line| line.result != Some(RuleResult::Fail)), "{:?}", told);
        // The verdict is the outcome's.
        let Some(Step::End { verdict, .. }) = told.last() else { panic!() };
        prop_assert_eq!(*verdict, fetched.outcome.verdict().as_str());

        let shown = steps(&request, &fetched, engine, &[]);
        prop_assert!(shown.len() <= told.len());
        shown.iter().for_each(|step| drop(step.to_json()));
        let rows = rules(&request, &fetched, engine);
        prop_assert!(rows.iter().zip(entries).all(|(row, entry)| row.result == RuleRowResult::Ran(entry.result)));
        prop_assert!(rows.len() >= entries.len());
        for completed in &fetched.exchanges {
            let what = [ControlRequest::NextPreflight("MCP"), ControlRequest::PlainGet, ControlRequest::OtherOrigin("null")];
            what.into_iter().for_each(|what| drop(control(&request, what, completed)));
        }
    }
}
