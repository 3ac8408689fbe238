//! The lines below were printed by the engines themselves. Each case runs through the browser half with the answers that the server gave.

mod from_browsers;
mod headers;
mod not_cors;
mod other_schemes;
mod preflight;
mod redirects;

use std::time::Duration;

use corsac::browser::{
    AddressSpace, Api, BodyKind, Client, Credentials, Engine, Fetch, Mode, NetworkError, NetworkErrorKind,
    Permission, PreflightCache, Reason, RedirectMode, Request, RequestInit, ResponseHead, Stage, Step,
};
use corsac::origin::Origin;

use super::*;
use crate::fill::placeholders;

const PAGE: &str = "https://app.example";
const URL: &str = "https://api.example/x";
const OK: (&str, &str) = ("Access-Control-Allow-Origin", PAGE);

type Reply = Result<ResponseHead, NetworkErrorKind>;

fn head(status: u16, headers: &[(&str, &str)]) -> Reply {
    Ok(ResponseHead::new(status, headers.iter().copied()))
}

fn origin(value: &str) -> Vec<Reply> {
    vec![head(200, &[("Access-Control-Allow-Origin", value)])]
}

fn get() -> RequestInit {
    RequestInit::new(URL.parse().unwrap(), Client::new(Origin::parse(PAGE).unwrap()))
}

fn with(change: impl Fn(&mut RequestInit)) -> RequestInit {
    let mut init = get();
    change(&mut init);
    init
}

fn put() -> RequestInit {
    with(|init| init.method = "PUT".to_owned())
}

fn xhr(change: impl Fn(&mut RequestInit)) -> RequestInit {
    with(|init| {
        init.api = Api::XmlHttpRequest { upload_listeners: false };
        change(init);
    })
}

fn to(url: &str) -> RequestInit {
    with(|init| init.url = url.parse().unwrap())
}

fn include(init: &mut RequestInit) {
    init.credentials = Credentials::Include;
}

/// Runs the request against these replies, the last of which stands for all that follow.
fn run(engine: Engine, init: &RequestInit, replies: &[Reply]) -> (Refusal, Request) {
    let request = init.clone().build().unwrap();
    let mut fetch = Fetch::new(request.clone(), engine.profile());
    let mut cache = PreflightCache::default();
    let mut replies = replies.iter();
    let mut last = None;
    let refusal = loop {
        match fetch.next(&mut cache, Duration::ZERO) {
            Step::Send(_) => {
                last = replies.next().or(last);
                let reply = last.expect("a reply").clone();
                fetch.receive(reply.map_err(|kind| NetworkError::new(kind, "")));
            }
            Step::Done(outcome) => break outcome.refusal().expect("a refusal").clone(),
        }
    };
    (refusal, request)
}

fn chromium(reason: &str) -> Vec<String> {
    chromium_at("fetch", "https://api.example/x", reason)
}

fn chromium_at(kind: &str, url: &str, reason: &str) -> Vec<String> {
    vec![format!(
        "Access to {kind} at '{url}' from origin 'https://app.example' has been blocked by CORS policy: \
         {reason}"
    )]
}

fn firefox(url: &str, reason: &str) -> String {
    format!(
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at \
         {url}. (Reason: {reason})."
    )
}

fn firefox_again(url: &str) -> String {
    firefox_status(url, "CORS request did not succeed", "(null)")
}

fn firefox_status(url: &str, reason: &str, status: &str) -> String {
    format!("{} Status code: {status}.", firefox(url, reason))
}

fn webkit(reason: &str) -> Vec<String> {
    webkit_at("Fetch API", URL, reason)
}

fn webkit_at(api: &str, url: &str, reason: &str) -> Vec<String> {
    vec![
        reason.to_owned(),
        format!("{api} cannot load {url} due to access control checks."),
        format!("Failed to load resource: {reason}"),
    ]
}

struct Row {
    name: &'static str,
    init: RequestInit,
    replies: Vec<Reply>,
    chromium: Vec<String>,
    firefox: Vec<String>,
    webkit: Vec<String>,
}

fn check(rows: Vec<Row>) {
    for row in rows {
        for (engine, expected) in [
            (Engine::Spec, &vec![]),
            (Engine::Chromium, &row.chromium),
            (Engine::Firefox, &row.firefox),
            (Engine::WebKit, &row.webkit),
        ] {
            let (refusal, request) = run(engine, &row.init, &row.replies);
            assert_eq!(
                console(engine, &refusal, &request),
                *expected,
                "{} in {engine:?}: {refusal:?}",
                row.name
            );
        }
    }
}

const NOT_ALLOWED: &str = "Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status \
                           code: 200";
const MISSING: &str = "No 'Access-Control-Allow-Origin' header is present on the requested resource.";

#[test]
fn templates_use_placeholders_that_are_known_and_frames_hold_a_reason() {
    const KNOWN: &[&str] = &[
        "url",
        "first-url",
        "origin",
        "kind",
        "reason",
        "value",
        "method",
        "name",
        "token",
        "status",
        "space",
        "named",
        "schemes",
        "scheme",
        "page",
        "error",
        "location",
        "port",
    ];
    for engine in Engine::ALL {
        for template in templates(engine) {
            for name in placeholders(template.text) {
                assert!(KNOWN.contains(&name), "{name} in {template:?}");
            }
            assert_eq!(template.part == Part::Frame, template.text.contains("{reason}"), "{template:?}");
            assert!(
                template.part != Part::Reason || !template.codes.is_empty() || !template.name.is_empty(),
                "{template:?}"
            );
        }
    }
    assert_eq!(templates(Engine::Spec).count(), 0);
    assert!(
        Engine::BROWSERS.iter().all(|engine| templates(*engine).count() > 0),
        "an engine without messages"
    );
}

#[test]
fn the_names_of_entries_and_templates_agree() {
    for entry in crate::entries() {
        for name in [entry.chromium.request, entry.chromium.preflight].into_iter().flatten() {
            let bare = name.strip_prefix("Preflight").unwrap_or(name);
            let known = templates(Engine::Chromium).any(|template| [name, bare].contains(&template.name));
            assert!(known || name == "NoCorsRedirectModeNotFollow", "{name}");
        }
        for key in entry.firefox {
            assert!(
                templates(Engine::Firefox)
                    .any(|template| template.name.trim_end_matches(char::is_numeric) == *key),
                "{key}"
            );
        }
    }
}
