//! A case as a play of `corsac-wasm`: one request of `fetch()`, and what the server answers to it and after each redirect.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use corsac::browser::{Client, Engine, Exchange, ExchangeKind, Fetch, PreflightCache, ResponseHead};
use corsac::method::is_token;
use corsac::origin::Origin;
use serde_json::{Value, json};
use url::Url;

use crate::case::{Api, Body, Call, Case, Step};
use crate::places::Places;
use crate::request;
use crate::script::Script;

/// A play, and how it ends in each browser, by the core.
#[derive(Clone, Debug, PartialEq)]
pub struct Play {
    pub play: Value,
    pub ends: Vec<End>,
}

/// The verdict of a browser, and the code of the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    pub engine: &'static str,
    pub verdict: &'static str,
    pub code: Option<&'static str>,
}

/// What was answered, by the number of redirects before it, and whether it was a preflight.
type Answers = BTreeMap<(usize, bool), Value>;

/// Returns the play of a case whose names are expanded. `None` for a case that is more than a play can say: several requests, other
/// interfaces than `fetch()`, connections that fail, bytes that are no text, or answers that depend on the browser.
pub fn of(case: &Case, places: &Places) -> Option<Play> {
    let [Step::Call(call)] = case.steps.as_slice() else { return None };
    let is_plain = call.api == Api::Fetch
        && call.load.is_none()
        && matches!(call.body, Body::None | Body::Text)
        && call.cache.is_none()
        && call.referrer_policy.is_none()
        && call.headers.iter().all(is_written);
    if !is_plain {
        return None;
    }
    let page = Url::parse(&places.page_url(&case.page).ok()?).ok()?;
    let origin = if case.page == "null" { Origin::parse("null").ok()? } else { Origin::of(&page) };
    let client = Client::new(origin.clone()).with(|client| client.url = Some(page));
    let mut answers = Answers::new();
    let ends = Engine::BROWSERS.iter().map(|engine| end(case, places, call, &client, *engine, &mut answers));
    let ends = ends.collect::<Option<Vec<End>>>()?;
    let url = request::init(call, client).ok()?.url;
    let play = json!({
        "request": {
            "url": url.as_str(),
            "origin": origin.as_str(),
            "method": call.method,
            "credentials": call.credentials,
            "mode": call.mode,
            "redirect": call.redirect,
            "headers": lines(&call.headers),
            "body": (call.body == Body::Text).then_some("ok"),
        },
        "answers": printed(&answers),
        "policy": null,
    });
    Some(Play { play, ends })
}

/// Runs the case in an engine, and adds what was answered.
fn end(
    case: &Case,
    places: &Places,
    call: &Call,
    client: &Client,
    engine: Engine,
    answers: &mut Answers,
) -> Option<End> {
    let request = request::init(call, client.clone()).ok()?.build_for(engine.profile()).ok()?;
    let mut script = Script::new(Arc::new(case.clone()));
    let (mut hop, mut can_be_written) = (0_usize, true);
    let fetched = Fetch::new(request, engine.profile()).run(
        &mut PreflightCache::default(),
        Duration::ZERO,
        |exchange| {
            let is_preflight = exchange.kind == ExchangeKind::Preflight;
            let answered = answer(&mut script, places, exchange, is_preflight);
            let (head, written) = answered.unwrap_or_else(|| {
                can_be_written = false;
                (ResponseHead::new(500, Vec::<(String, Vec<u8>)>::new()), Value::Null)
            });
            can_be_written &=
                *answers.entry((hop, is_preflight)).or_insert_with(|| written.clone()) == written;
            if !is_preflight && head.is_redirect() {
                hop = hop.saturating_add(1);
            }
            Ok(head)
        },
    );
    let outcome = &fetched.outcome;
    let code = outcome.refusal().map(|refusal| refusal.reason.code().as_str());
    can_be_written.then(|| End { engine: engine.as_str(), verdict: outcome.verdict().as_str(), code })
}

fn answer(
    script: &mut Script,
    places: &Places,
    exchange: &Exchange,
    is_preflight: bool,
) -> Option<(ResponseHead, Value)> {
    let mut url = exchange.url.clone();
    url.set_fragment(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    if !places.knows(&url.origin().ascii_serialization()) {
        return None;
    }
    let origin = exchange.headers.text("origin");
    let answer = script.answer(&exchange.method, url.as_str(), origin.as_deref(), is_preflight);
    if answer.close || !(200..=599).contains(&answer.status) || !answer.headers.iter().all(is_written) {
        return None;
    }
    let head = answer.headers.iter().map(|(name, value)| (name.as_str(), value.trim_matches([' ', '\t'])));
    let written = json!({ "status": answer.status, "headers": lines(&answer.headers) });
    Some((ResponseHead::new(answer.status, head), written))
}

/// Returns `true` if the line can be written in a text field. One in which a browser joins bytes that are no ASCII cannot.
fn is_written((name, value): &(String, String)) -> bool {
    is_token(name.as_bytes()) && value.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'))
}

fn lines(headers: &[(String, String)]) -> String {
    headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect()
}

fn printed(answers: &Answers) -> Value {
    let hop = |hop: usize| {
        let get = |is_preflight| answers.get(&(hop, is_preflight)).cloned().unwrap_or_default();
        json!({ "preflight": get(true), "request": get(false) })
    };
    let last = answers.keys().map(|(hop, _)| *hop).max().unwrap_or_default();
    let mut printed = hop(0);
    if let Value::Object(fields) = &mut printed {
        fields.insert("redirects".to_owned(), (1..=last).map(hop).collect());
    }
    printed
}
