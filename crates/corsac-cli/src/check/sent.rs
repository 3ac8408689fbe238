//! The requests that were sent, and their responses.

use corsac::browser::{CompletedExchange, Engine, Exchange, ExchangeKind, Refusal, Request, ResponseHead};
use corsac::header::{HeaderLine, names};
use corsac_explain::{browser_name, relevant_headers, spelled};

use super::controls::{Control, ControlResult};
use super::server::Decided;
use super::text::title;
use super::{EngineReport, Question, Report, policy_words};
use crate::terminal::{BAD, CAREFUL, FAINT, GOOD, STRONG, printable, printable_words, styled, wrap};

/// Describes the exchanges of the fetch.
pub(super) fn sequence(report: &EngineReport, question: &Question) -> String {
    let exchanges = &report.fetched.exchanges;
    let mut page = String::new();
    if exchanges.is_empty() {
        return page;
    }
    page.push_str(&title(if question.server.policy().is_some() {
        "Simulated requests and responses"
    } else {
        "Requests and responses"
    }));
    let last = exchanges.len().saturating_sub(1);
    for (index, completed) in exchanges.iter().enumerate() {
        let refusal = report.fetched.outcome.refusal().filter(|_| index == last);
        // Everything before the last exchange passed, so a few lines are enough.
        let is_brief = index < last && !question.verbose;
        page.push_str(&exchange(completed, report.decisions.get(index), refusal, is_brief, question));
    }
    page
}

fn exchange(
    completed: &CompletedExchange,
    decided: Option<&Decided>,
    refusal: Option<&Refusal>,
    is_brief: bool,
    question: &Question,
) -> String {
    let sent = &completed.exchange;
    let kind = match sent.kind {
        ExchangeKind::Preflight => match sent.headers.text(names::ACCESS_CONTROL_REQUEST_METHOD) {
            Some(method) => format!("  (preflight for {})", printable(&method)),
            None => "  (preflight)".to_owned(),
        },
        ExchangeKind::Redirect => "  (redirect)".to_owned(),
        _ => String::new(),
    };
    let url = printable(sent.url.as_str());
    let mut page = format!("  {} {} {url}{}\n", styled(STRONG, "→"), sent.method, styled(FAINT, &kind));
    let is_shown = |line: &HeaderLine| !is_brief || line.is(names::ORIGIN);
    let from_script = |line: &HeaderLine| question.request.headers().iter().any(|own| own.is(&line.name));
    for line in sent
        .headers
        .iter()
        .filter(|line| relevant_headers::request_line_matters(line) || from_script(line))
        .filter(|line| is_shown(line))
    {
        page.push_str(&header_line(" ", FAINT, line));
    }
    if sent.credentials && !question.cookies.is_empty() {
        page.push_str(&format!("      Cookie: {}\n", printable(&question.cookies.join("; "))));
    }
    let took = completed.elapsed.map(|elapsed| format!("  {:.1} ms", elapsed.as_secs_f64() * 1_000.0));
    let took = took.unwrap_or_default();
    match &completed.result {
        Ok(head) => {
            let status = http_status(head.status);
            page.push_str(&format!("  {} {status}{}\n", styled(STRONG, "←"), styled(FAINT, &took)));
            if is_brief {
                let allowed = head.headers.iter().filter(|line| {
                    line.is(names::LOCATION) || relevant_headers::allows(line, sent, &question.request)
                });
                allowed.for_each(|line| page.push_str(&header_line("✓", GOOD, line)));
            } else {
                page.push_str(&response_lines(head, refusal, sent, &question.request));
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
    refusal: Option<&Refusal>,
    sent: &Exchange,
    request: &Request,
) -> String {
    let names = refusal.map_or(&[][..], |refusal| relevant_headers::headers_of(refusal.reason.code()));
    let mut page = String::new();
    for line in &head.headers {
        if names.iter().any(|name| line.is(name)) {
            page.push_str(&header_line("✗", BAD, line));
        } else if refusal.is_none() && relevant_headers::allows(line, sent, request) {
            page.push_str(&header_line("✓", GOOD, line));
        } else if relevant_headers::response_line_matters(line) {
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

/// Names the engines that send exactly this request.
fn as_sent_by(exchange: &Exchange, report: &Report) -> String {
    let makes_it = |engine: &&EngineReport| {
        let mut own = engine.fetched.exchanges.iter().filter(|completed| completed.from.is_none());
        own.any(|completed| completed.exchange == *exchange)
    };
    let names: Vec<&str> =
        report.engines.iter().filter(makes_it).map(|engine| browser_name(engine.engine)).collect();
    match names.as_slice() {
        [] => "as another browser sends it".to_owned(),
        [name] => format!("as {name} sends it"),
        [others @ .., last] => format!("as {} and {last} send it", others.join(", ")),
    }
}

/// Lists the requests that are not among the exchanges above. Also says so if a request was sent only once for several browsers.
pub(super) fn everything_sent(report: &Report, chosen: &EngineReport) -> String {
    let mut page = String::new();
    if report.sent.len() > chosen.fetched.exchanges.len() {
        page.push_str(&title("Also sent"));
        let mut line = |method: &str, url: &str, why: &str| {
            let (arrow, why) = (styled(STRONG, "→"), styled(FAINT, &format!("  ({why})")));
            page.push_str(&format!("  {arrow} {} {}{why}\n", printable(method), printable(url)));
        };
        // The requests of the engine that decides the verdict are listed above.
        let mut above: Vec<&Exchange> =
            chosen.fetched.exchanges.iter().map(|completed| &completed.exchange).collect();
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
        for Control { kind, result } in &report.controls {
            if let ControlResult::Sent(completed) = result {
                let answer = match &completed.result {
                    Ok(head) => format!("status {}", head.status),
                    Err(_) => "no response".to_owned(),
                };
                let why = format!("for comparison, {}: {answer}", kind.title());
                line(&completed.exchange.method, completed.exchange.url.as_str(), &why);
            }
        }
    }
    let judged = |engine: &EngineReport| Some((engine.engine, engine.judged_on()?));
    // The JSON also says whose response the standard was evaluated against.
    let judged: Vec<(Engine, Engine)> = report.browsers().filter_map(judged).collect();
    if let Some((_, sender)) = judged.first() {
        let others: Vec<&str> = judged.iter().map(|(engine, _)| browser_name(*engine)).collect();
        let text = format!(
            "A request that may change something is sent only once, as {} sends it. {} evaluated against the same response.",
            browser_name(*sender),
            match others.as_slice() {
                [other] => format!("{other} is"),
                others => format!("{} are", others.join(" and ")),
            }
        );
        page.push('\n');
        page.push_str(&styled(FAINT, &wrap(&text, "  ", "  ")));
    }
    page
}
