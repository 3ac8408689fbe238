//! The tool `check`: asks a server that the user has allowed.

use std::sync::PoisonError;

use corsac::browser::{Outcome, ReasonCode};
use corsac_explain::diagnosis::{self, Cause};
use serde_json::{Map, Value, json};
use url::Url;

use super::allowed::{Log, NotAsked};
use super::{Limits, policies, untrusted};
use crate::check::{self, EngineReport, Question, Report, impossible, parse_url};
use crate::given::Given;
use crate::terminal::printable_argument;

pub(super) fn call(limits: &Limits, mut given: Given) -> Result<Value, String> {
    let url = given.needed("url")?;
    let preflight_only = given.flag("preflight_only")?;
    let request = policies::request(&mut given, &url)?.build().map_err(|error| impossible(&error))?;
    given.end()?;
    may_ask(limits, &parse_url(&url)?)?;
    let is_safe = matches!(request.method(), "GET" | "HEAD" | "OPTIONS");
    if !is_safe && !preflight_only && !limits.unsafe_methods {
        return Err(format!(
            "{} may change something on the server, so it is not sent. Set `preflight_only` to ask whether a browser may send it; the user can start `corsac mcp` with `--allow-unsafe-methods`",
            printable_argument(request.method())
        ));
    }
    let log = Log::default();
    let rule = limits.allowed.rule(&log);
    let question = Question::limited(request, preflight_only, &limits.resolve, rule)?;
    let report = crate::runtime()?.block_on(check::run(&question));
    let refused = log.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(summary(&question, &report, &refused))
}

fn may_ask(limits: &Limits, url: &Url) -> Result<(), String> {
    if limits.allowed.has(url) {
        return Ok(());
    }
    let origin = url.origin().ascii_serialization();
    let start = if limits.allowed.is_empty() {
        "`corsac mcp` asks no server unless the user says which".to_owned()
    } else {
        format!("`{}` is not among the origins that the user has allowed", printable_argument(&origin))
    };
    Err(format!("{start}. They can start it with `corsac mcp --allow {}`", printable_argument(&origin)))
}

/// Returns the report in our own words. What quotes servers is in `untrusted`.
fn summary(question: &Question, report: &Report, refused: &[(Url, NotAsked)]) -> Value {
    let chosen = report.chosen();
    let not_asked = chosen.and_then(|engine| not_asked(engine, refused));
    let engines: Map<String, Value> = report
        .engines
        .iter()
        .map(|engine| {
            let outcome = &engine.fetched.outcome;
            let value = match self::not_asked(engine, refused) {
                Some(_) => json!({ "verdict": "not-asked", "reason": null }),
                None => json!({
                    "verdict": report.name_of(outcome.verdict()),
                    "reason": outcome.refusal().map(|refusal| refusal.reason.code().as_str()),
                }),
            };
            (engine.engine.as_str().to_owned(), value)
        })
        .collect();
    let refusal = chosen.and_then(|engine| engine.fetched.outcome.refusal()).filter(|_| not_asked.is_none());
    let reason = refusal
        .map(|refusal| json!({ "code": refusal.reason.code().as_str(), "stage": refusal.stage.as_str() }));
    let causes = report.diagnosis.iter().filter(|_| not_asked.is_none());
    let findings = report
        .findings
        .iter()
        .filter(|_| not_asked.is_none())
        .map(|finding| json!({ "code": finding.code, "severity": finding.severity.as_str() }));
    let untrusted = match not_asked {
        Some(_) => untrusted::until_not_asked(question, report),
        None => untrusted::excerpt(question, report),
    };
    let is_readable = matches!(chosen.map(|engine| &engine.fetched.outcome), Some(Outcome::Readable(_)));
    json!({
        "schema": "corsac.mcp.check/1",
        "verdict": if not_asked.is_some() { "not-asked" } else { report.verdict_name() },
        "readable": is_readable,
        "not_asked": not_asked.map(NotAsked::explain),
        "reason": reason,
        "status": report.last_status(),
        "preflight_needed": report.is_preflight_needed(),
        "browsers_agree": report.browsers_agree(),
        "engines": engines,
        "diagnosis": causes.map(cause).collect::<Vec<_>>(),
        "findings": findings.collect::<Vec<_>>(),
        "requests_sent": report.sent.len(),
        "untrusted": untrusted,
    })
}

/// Returns why the last exchange of an engine was not sent, if the user's rules are the reason.
fn not_asked(engine: &EngineReport, refused: &[(Url, NotAsked)]) -> Option<NotAsked> {
    let last = engine.fetched.exchanges.last().filter(|completed| completed.result.is_err())?;
    refused.iter().find(|(url, _)| *url == last.exchange.url).map(|(_, why)| *why)
}

/// Returns a cause with what is known about it in general, and nothing of the case.
fn cause(cause: &Cause) -> Value {
    let (title, what, fixes) = match (diagnosis::entry(cause.code), cause.code.parse::<ReasonCode>()) {
        (Some(entry), _) => (entry.title.to_owned(), entry.what.to_owned(), vec![entry.fix.to_owned()]),
        (None, Ok(code)) => {
            let known = corsac_explain::describe(code);
            let fix = |fix: corsac_explain::Fix| [vec![fix.text], fix.lines].concat().join("\n");
            (known.title, known.what, known.fixes.into_iter().map(fix).collect())
        }
        (None, Err(_)) => Default::default(),
    };
    json!({
        "code": cause.code,
        "layer": cause.layer.as_str(),
        "confidence": cause.confidence.as_str(),
        "cors": cause.is_cors,
        "title": title,
        "what": what,
        "fixes": fixes,
    })
}
