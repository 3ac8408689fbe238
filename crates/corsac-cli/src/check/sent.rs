//! What was sent, and what came back.

use corsac::browser::{CompletedExchange, Engine, Exchange, ExchangeKind, Refusal, Request, ResponseHead};
use corsac::header::{HeaderLine, names};
use corsac_explain::{browser_name, spelled};

use super::controls::{Control, Fate};
use super::server::Decided;
use super::text::title;
use super::{EngineReport, Question, Report, exchange_marks, policy_words};
use crate::terminal::{BAD, CAREFUL, FAINT, GOOD, STRONG, printable, printable_words, styled, wrap};

/// Who said what to whom.
pub(super) fn sequence(report: &EngineReport, question: &Question) -> String {
    let exchanges = &report.fetched.exchanges;
    let mut page = String::new();
    if exchanges.is_empty() {
        return page;
    }
    page.push_str(&title("What went over the wire"));
    let last = exchanges.len().saturating_sub(1);
    for (index, carried) in exchanges.iter().enumerate() {
        let guilty = report.fetched.outcome.refusal().filter(|_| index == last);
        // What came before the end is right: a line says so.
        let is_brief = index < last && !question.verbose;
        page.push_str(&exchange(carried, report.decisions.get(index), guilty, is_brief, question));
    }
    page
}

fn exchange(
    carried: &CompletedExchange,
    decided: Option<&Decided>,
    guilty: Option<&Refusal>,
    is_brief: bool,
    question: &Question,
) -> String {
    let sent = &carried.exchange;
    let kind = match sent.kind {
        ExchangeKind::Preflight => "  (preflight)",
        ExchangeKind::Redirect => "  (redirected)",
        _ => "",
    };
    let url = printable(sent.url.as_str());
    let mut page = format!("  {} {} {url}{}\n", styled(STRONG, "→"), sent.method, styled(FAINT, kind));
    let is_shown = |line: &HeaderLine| !is_brief || line.is(names::ORIGIN);
    let from_script = |line: &HeaderLine| question.request.headers().iter().any(|own| own.is(&line.name));
    for line in sent
        .headers
        .iter()
        .filter(|line| exchange_marks::request_line_matters(line) || from_script(line))
        .filter(|line| is_shown(line))
    {
        page.push_str(&header_line(" ", FAINT, line));
    }
    if sent.credentials && !question.cookies.is_empty() {
        page.push_str(&format!("      Cookie: {}\n", printable(&question.cookies.join("; "))));
    }
    let took = carried.elapsed.map(|elapsed| format!("  {:.1} ms", elapsed.as_secs_f64() * 1_000.0));
    let took = took.unwrap_or_default();
    match &carried.result {
        Ok(head) => {
            let status = http_status(head.status);
            page.push_str(&format!("  {} {status}{}\n", styled(STRONG, "←"), styled(FAINT, &took)));
            if is_brief {
                let allowed = head.headers.iter().filter(|line| {
                    line.is(names::LOCATION) || exchange_marks::allows(line, sent, &question.request)
                });
                allowed.for_each(|line| page.push_str(&header_line("✓", GOOD, line)));
            } else {
                page.push_str(&response_lines(head, guilty, sent, &question.request));
            }
            if let Some(decided) = decided {
                let words = printable_words(&policy_words::about_exchange(decided));
                page.push_str(&styled(CAREFUL, &wrap(&words, "      ", "      ")));
            }
        }
        Err(error) => {
            let error = printable(&error.to_string());
            page.push_str(&wrap(&error, &format!("  {} ", styled(BAD, "✗")), "    "));
        }
    }
    page
}

fn response_lines(
    head: &ResponseHead,
    guilty: Option<&Refusal>,
    sent: &Exchange,
    request: &Request,
) -> String {
    let names = guilty.map_or(&[][..], |refusal| exchange_marks::guilty_headers(refusal.reason.code()));
    let mut page = String::new();
    for line in &head.headers {
        if names.iter().any(|name| line.is(name)) {
            page.push_str(&header_line("✗", BAD, line));
        } else if guilty.is_none() && exchange_marks::allows(line, sent, request) {
            page.push_str(&header_line("✓", GOOD, line));
        } else if exchange_marks::response_line_matters(line) {
            page.push_str(&header_line(" ", FAINT, line));
        }
    }
    for name in names.iter().filter(|name| !head.headers.contains(name)) {
        page.push_str(&format!(
            "    {} {}\n",
            styled(BAD, "✗"),
            styled(BAD, &format!("no {}", spelled(name)))
        ));
    }
    page
}

fn header_line(mark: &str, style: anstyle::Style, line: &HeaderLine) -> String {
    let name = if line.name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        line.name.clone()
    } else {
        spelled(&line.name)
    };
    format!("    {} {}: {}\n", styled(style, mark), printable(&name), printable(&line.value))
}

pub(super) fn http_status(status: u16) -> String {
    let words = http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default();
    format!("{status} {words}").trim_end().to_owned()
}

/// Whose request it is: that of each engine that makes exactly this one.
fn as_sent_by(exchange: &Exchange, report: &Report) -> String {
    let makes_it = |engine: &&EngineReport| {
        let mut own = engine.fetched.exchanges.iter().filter(|carried| carried.from.is_none());
        own.any(|carried| carried.exchange == *exchange)
    };
    let names: Vec<&str> =
        report.engines.iter().filter(makes_it).map(|engine| browser_name(engine.engine)).collect();
    match names.as_slice() {
        [] => "as another browser sends it".to_owned(),
        [name] => format!("as {name} sends it"),
        [others @ .., last] => format!("as {} and {last} send it", others.join(", ")),
    }
}

/// Every request that left, where that is more than the exchanges above; and whose it was that stood for all.
pub(super) fn everything_sent(report: &Report, chosen: &EngineReport) -> String {
    let mut page = String::new();
    if report.sent.len() > chosen.fetched.exchanges.len() {
        page.push_str(&title("Also sent"));
        let mut line = |method: &str, url: &str, why: &str| {
            let (arrow, why) = (styled(STRONG, "→"), styled(FAINT, &format!("  ({why})")));
            page.push_str(&format!("  {arrow} {} {}{why}\n", printable(method), printable(url)));
        };
        // What the engine whose verdict counts sent is above.
        let mut above: Vec<&Exchange> =
            chosen.fetched.exchanges.iter().map(|carried| &carried.exchange).collect();
        for sent in report.sent.iter().filter(|sent| sent.why != "control") {
            match above.iter().position(|exchange| **exchange == sent.exchange) {
                Some(position) => drop(above.swap_remove(position)),
                None => line(
                    &sent.exchange.method,
                    sent.exchange.url.as_str(),
                    &format!("{}, {}", sent.why, as_sent_by(&sent.exchange, report)),
                ),
            }
        }
        for Control { what, fate } in &report.controls {
            if let Fate::Sent(carried) = fate {
                let answer = match &carried.result {
                    Ok(head) => format!("status {}", head.status),
                    Err(_) => "no response".to_owned(),
                };
                let why = format!("to compare: {}: {answer}", what.title());
                line(&carried.exchange.method, carried.exchange.url.as_str(), &why);
            }
        }
    }
    let judged = |engine: &EngineReport| Some((engine.engine, engine.judged_on()?));
    // That the standard is judged on a browser's response is in the JSON.
    let judged: Vec<(Engine, Engine)> = report.browsers().filter_map(judged).collect();
    if let Some((_, sender)) = judged.first() {
        let others: Vec<&str> = judged.iter().map(|(engine, _)| browser_name(*engine)).collect();
        let text = format!(
            "What may change something is sent once, as {} sends it, and its response judged for {} too.",
            browser_name(*sender),
            others.join(", ")
        );
        page.push('\n');
        page.push_str(&styled(FAINT, &wrap(&text, "  ", "  ")));
    }
    page
}
