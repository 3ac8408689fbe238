//! The steps of a fetch, from what was sent and what the trace says about it.

use std::collections::HashSet;

use corsac::browser::{
    Engine, ExchangeKind, Fetched, Outcome, Refusal, Request, Rule, RuleResult, TraceEntry,
};
use corsac::header::names::{ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use corsac::origin::Origin;
use url::Url;

use super::failed::Site;
use super::fold::fold;
use super::line::Line;
use super::part::{Part, parts};
use super::received::{Told, failure, received};
use super::sent::sent;
use super::step::{Step, host};
use super::{call, end};
use crate::Evidence;

/// Returns the steps of a fetch in one engine. `cookies` are those that the browser has for the server, as `name=value`.
///
/// ```
/// use std::time::Duration;
/// use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead};
/// use corsac::origin::Origin;
///
/// let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let mut init = RequestInit::new("https://api.example/orders/42".parse().unwrap(), page);
/// init.method = "PUT".to_owned();
/// let request = init.build().unwrap();
/// let fetch = Fetch::new(request.clone(), Engine::Chromium.profile());
/// let answer = ResponseHead::new(204, [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "GET, POST")]);
/// let fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |_| Ok(answer.clone()));
///
/// let steps = corsac_explain::sequence::steps(&request, &fetched, Engine::Chromium, &[]);
/// let steps: Vec<serde_json::Value> = steps.iter().map(|step| step.to_json()).collect();
/// let names: Vec<&str> = steps.iter().filter_map(|step| step["step"].as_str()).collect();
/// assert_eq!(names, ["call", "lookup", "sent", "received", "unsent", "end"]);
/// assert_eq!(steps[3]["lines"][2]["missing"], "PUT is missing");
/// ```
pub fn steps(request: &Request, fetched: &Fetched, engine: Engine, cookies: &[String]) -> Vec<Step> {
    fold(unfolded(request, fetched, engine, cookies))
}

/// Returns every step, with the number of redirects that were followed before it.
pub(super) fn unfolded(
    request: &Request,
    fetched: &Fetched,
    engine: Engine,
    cookies: &[String],
) -> Vec<(usize, Step)> {
    let (parts, rest) = parts(&fetched.exchanges, &fetched.trace);
    let refusal = fetched.outcome.refusal();
    let hidden = hidden(request, fetched);
    let none = HashSet::new();
    let mut steps = vec![(0, call::call(request, fetched.trace.entries(), engine))];
    let mut redirects: usize = 0;
    let mut previous: Option<&Part<'_>> = None;
    for (index, part) in parts.iter().enumerate() {
        let is_last = index.saturating_add(1) == parts.len();
        let exchange = &part.completed.exchange;
        let origin_sent = exchange.headers.text(ORIGIN);
        steps.extend(
            hop(previous, &exchange.url, origin_sent.as_deref(), request).map(|hop| (redirects, hop)),
        );
        steps.extend(part.before.iter().filter_map(lookup).map(|lookup| (redirects, lookup)));
        let refused = refusal.filter(|_| is_last).map(|refusal| &refusal.reason);
        steps.push((redirects, sent(part, request, refused, cookies)));
        let hidden = if is_last { &hidden } else { &none };
        steps.push((redirects, received(part, &Told { request, outcome: &fetched.outcome, hidden })));
        redirects = redirects.saturating_add(usize::from(part.is_followed_redirect()));
        previous = Some(part);
    }
    let not_sent = not_sent(request, fetched, previous, rest);
    steps.extend(not_sent.into_iter().map(|step| (redirects, step)));
    steps.push((redirects, end::end(request, fetched, engine)));
    steps
}

/// Returns the lookup in the preflight cache that this entry is about.
fn lookup(entry: &TraceEntry) -> Option<Step> {
    let evidence = entry.evidence.as_ref();
    let step = |found, note: String| Some(Step::Lookup { found, note });
    match entry.rule {
        Rule::EngineDifference if evidence.ends_with("bypasses the CORS-preflight cache") => {
            step(false, "Not used: the request's cache mode bypasses it.".to_owned())
        }
        Rule::PreflightNeeded => {
            match evidence.strip_prefix("the CORS-preflight cache has no entry for the ") {
                Some(missing) => {
                    let missing = match missing.strip_prefix("header ") {
                        Some(name) => format!("`{name}`"),
                        None => missing.strip_prefix("method ").unwrap_or(missing).to_owned(),
                    };
                    step(false, format!("Nothing kept for {missing} from this origin."))
                }
                None => {
                    step(true, "An earlier answer is kept and allows this request: no OPTIONS.".to_owned())
                }
            }
        }
        _ => None,
    }
}

/// Returns the step to another origin, if a redirect leads there.
fn hop(previous: Option<&Part<'_>>, url: &Url, origin_sent: Option<&str>, request: &Request) -> Option<Step> {
    let previous = previous.filter(|part| part.is_followed_redirect())?;
    let before = &previous.completed.exchange;
    let (left, reached) = (Origin::of(&before.url), Origin::of(url));
    if left.same_origin(&reached) {
        return None;
    }
    let page = request.origin();
    let becomes_null = origin_sent == Some("null")
        && page.as_str() != "null"
        && before.headers.text(ORIGIN).as_deref() != Some("null");
    let note = if becomes_null && reached.same_origin(page) {
        "Back at the page's origin, by way of another: from here on, `Origin: null`"
    } else if becomes_null {
        "A second foreign origin: from here on, `Origin: null`"
    } else if left.same_origin(page) {
        "Another origin than the page's: from here on, it is cross-origin"
    } else if reached.same_origin(page) {
        "Back at the page's origin"
    } else {
        "Another foreign origin"
    };
    let effects = previous.after.iter().filter(|entry| entry.rule == Rule::Redirect).flat_map(|entry| {
        [
            ("; the method becomes GET", ". The method becomes GET"),
            ("; Authorization is dropped", ". `Authorization` stays behind"),
        ]
        .into_iter()
        .filter(|(effect, _)| entry.evidence.contains(effect))
        .map(|(_, words)| words)
    });
    let note = std::iter::once(note).chain(effects).collect();
    Some(Step::Hop { host: host(url), note })
}

/// Returns the steps to a request that was not sent: where it would have gone, and why it did not, if that is not in a response.
fn not_sent(
    request: &Request,
    fetched: &Fetched,
    previous: Option<&Part<'_>>,
    rest: &[TraceEntry],
) -> Vec<Step> {
    let refusal = fetched.outcome.refusal();
    let lookups = rest.iter().filter_map(lookup);
    let after_preflight = previous
        .filter(|part| part.completed.exchange.kind == ExchangeKind::Preflight)
        .map(|part| part.completed);
    let lines: Vec<Line> = match refusal {
        Some(refusal) => unsent_lines(request, fetched, refusal, rest),
        None => Vec::new(),
    };
    let (method, url) = match refusal {
        Some(refusal) if !lines.is_empty() || after_preflight.is_some() => {
            (refusal.method.clone(), without_user(&refusal.url))
        }
        None if end::is_preflight_only(fetched) => match after_preflight {
            Some(completed) => {
                let asked = completed.exchange.headers.text(ACCESS_CONTROL_REQUEST_METHOD);
                (asked.unwrap_or_default(), completed.exchange.url.clone())
            }
            None => (request.method().to_owned(), request.init().url.clone()),
        },
        _ => return Vec::new(),
    };
    let hop = hop(previous, &url, None, request);
    hop.into_iter().chain(lookups).chain([Step::Unsent { method, url, lines }]).collect()
}

/// Returns the rules that refused without an exchange, each as a line.
fn unsent_lines(request: &Request, fetched: &Fetched, refusal: &Refusal, rest: &[TraceEntry]) -> Vec<Line> {
    // An engine may refuse a redirect only after the preflight of the next request.
    let answered = fetched.exchanges.iter().rfind(|one| one.exchange.kind != ExchangeKind::Preflight);
    let response = answered.and_then(|completed| completed.response());
    let site = Site { response, url: &refusal.url, request };
    let failed = rest.iter().filter(|entry| entry.result == RuleResult::Fail);
    failed.flat_map(|entry| failure(entry, rest, Some(refusal), &site)).collect()
}

fn without_user(url: &Url) -> Url {
    let mut url = url.clone();
    // Refused only for URLs without a host, which have no user name either.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url
}

/// Returns the headers that script does not see, in lower case, although it may read the response and a page could want them.
fn hidden(request: &Request, fetched: &Fetched) -> HashSet<String> {
    match &fetched.outcome {
        Outcome::Readable(_) => {
            let evidence = Evidence::new(request, &fetched.exchanges, &fetched.outcome);
            let names = crate::findings::not_exposed(&evidence);
            names.into_iter().map(str::to_ascii_lowercase).collect()
        }
        _ => HashSet::new(),
    }
}
