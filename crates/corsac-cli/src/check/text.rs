//! The report for people.

use corsac::browser::{Carried, Engine, ExchangeKind, Outcome, Refusal, ResponseHead, ResponseType, Verdict};
use corsac::header::HeaderLine;
use corsac_explain::findings::FindingSeverity;
use corsac_explain::{Explanation, Fix};

use super::controls::{Control, Fate};
use super::server::Decided;
use super::{EngineReport, Question, Report, answer, exchange_marks, policy_words};
use crate::terminal::{BAD, CAREFUL, FAINT, GOOD, LINE, STRONG, printable, printable_words, styled, wrap};

/// The whole report: the answer, the cause and the fix first.
pub(crate) fn print(question: &Question, report: &Report) -> String {
    let Some(chosen) = report.chosen() else {
        return String::new();
    };
    let is_policy = question.server.policy().is_some();
    let mut page = headline(question, report) + &answer::asked_by(&question.request);
    match &chosen.fetched.outcome {
        Outcome::Refused(refusal) if is_policy => {
            let explained = corsac_explain::explain(refusal, &question.request);
            page.push('\n');
            page.push_str(&wrap(&printable_words(&explained.what), "  ", "  "));
            page.push_str(&answer::disagreement(report));
            page.push_str(&sequence(chosen, question));
            match policy_words::what_to_write(chosen) {
                Some(words) if words.is_empty() => {}
                Some(words) => {
                    page.push_str(&title("What to change in the policy"));
                    page.push_str(&wrap(&printable_words(&words), "  ", "  "));
                }
                None => page.push_str(&explanation(&explained)),
            }
        }
        Outcome::Refused(_) => {
            page.push_str(&answer::causes(&report.diagnosis));
            page.push_str(&answer::disagreement(report));
            page.push_str(&sequence(chosen, question));
        }
        Outcome::Readable(_) | Outcome::Opaque(_) => {
            page.push('\n');
            page.push_str(&wrap(&script_sees(&chosen.fetched.outcome), "  ", "  "));
            page.push_str(&answer::disagreement(report));
            page.push_str(&findings(report));
            page.push_str(&sequence(chosen, question));
        }
    }
    page.push_str(&everything_sent(report, chosen));
    page.push_str(&besides(question, report, chosen));
    if let Outcome::Refused(refusal) = &chosen.fetched.outcome {
        page.push_str(&findings(report));
        if question.verbose && !is_policy {
            page.push_str(&explanation(&corsac_explain::explain(refusal, &question.request)));
        }
    }
    if question.verbose {
        page.push_str(&consoles(report));
    }
    if !is_policy {
        page.push_str(&answer::names(report, &chosen.fetched.outcome));
    }
    page
}

/// The verdict, the cause and the fix, without the exchanges.
pub(crate) fn print_short(question: &Question, report: &Report) -> String {
    let Some(chosen) = report.chosen() else {
        return String::new();
    };
    let mut page = headline(question, report);
    if let Some(cause) = report.diagnosis.first() {
        page.push_str(&wrap(&printable_words(&cause.title), "  ", "  "));
        page.push_str(answer::fix(cause).trim_end());
        page.push('\n');
        return page;
    }
    page.push_str(&wrap(&script_sees(&chosen.fetched.outcome), "  ", "  "));
    if let Some(finding) = report.findings.first() {
        page.push_str(&wrap(&printable_words(&finding.message), "  ! ", "    "));
        page.push_str(&wrap(
            &printable_words(&finding.fix),
            &format!("    {} ", styled(STRONG, "Fix:")),
            "    ",
        ));
    }
    page
}

fn headline(question: &Question, report: &Report) -> String {
    let request = &question.request;
    let verdict = report.verdict();
    let (mark, style) = match verdict {
        Verdict::Readable => ("✓", GOOD),
        Verdict::Opaque => ("○", CAREFUL),
        Verdict::Blocked | Verdict::Failed => ("✗", BAD),
    };
    let word = styled(style.bold(), &verdict.as_str().to_uppercase());
    let url = printable(request.init().url.as_str());
    format!("{} {word}  {} {url}\n", styled(style, mark), request.method())
}

/// What script sees of the response, in a sentence.
fn script_sees(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Readable(response) => {
            let mut names: Vec<String> =
                response.headers.iter().map(|line| spelled(&printable(&line.name))).collect();
            names.dedup();
            let names = if names.is_empty() {
                String::new()
            } else {
                format!(" and the headers {}", names.join(", "))
            };
            let kind = if response.status >= 400 { ", and it is an error" } else { "" };
            let same = if response.kind == ResponseType::Basic {
                " Page and server have the same origin: CORS plays no part here."
            } else {
                ""
            };
            format!("The page may read the response{kind}: status {}, the body{names}.{same}", response.status)
        }
        Outcome::Opaque(_) => "The request goes through, and the page cannot read the response: neither its status, nor its headers, nor \
                               its body."
            .to_owned(),
        Outcome::Refused(_) => String::new(),
    }
}

/// Every request that left, where that is more than the exchanges above; and whose it was that stood for all.
fn everything_sent(report: &Report, chosen: &EngineReport) -> String {
    let mut page = String::new();
    if report.sent.len() > chosen.fetched.exchanges.len() {
        page.push_str(&title("Everything that was sent"));
        let mut line = |method: &str, url: &str, why: &str| {
            let (arrow, why) = (styled(STRONG, "→"), styled(FAINT, &format!("  ({why})")));
            page.push_str(&format!("  {arrow} {} {}{why}\n", printable(method), printable(url)));
        };
        for sent in report.sent.iter().filter(|sent| sent.why != "control") {
            line(&sent.method, sent.url.as_str(), sent.why);
        }
        for Control { what, fate } in &report.controls {
            if let Fate::Sent(carried) = fate {
                let why = format!("to compare: {}", what.title());
                line(&carried.exchange.method, carried.exchange.url.as_str(), &why);
            }
        }
    }
    let judged = |engine: &EngineReport| Some((engine.engine, engine.judged_on()?));
    let judged: Vec<(Engine, Engine)> = report.engines.iter().filter_map(judged).collect();
    if let Some((_, sender)) = judged.first() {
        let others: Vec<&str> = judged.iter().map(|(engine, _)| engine.title()).collect();
        let text = format!(
            "What may change something on the server is sent once: here as {} sends it. Its response also judges for: {}.",
            sender.title(),
            others.join(", ")
        );
        page.push('\n');
        page.push_str(&styled(FAINT, &wrap(&text, "  ", "  ")));
    }
    page
}

/// What was sent besides, and what was not.
fn besides(question: &Question, report: &Report, chosen: &EngineReport) -> String {
    let mut notes = Vec::new();
    for Control { what, fate } in &report.controls {
        if let Fate::Skipped { why, .. } = fate {
            notes.push(format!(
                "Not sent to compare: the request {}, since {why}. --controls always sends it.",
                what.title()
            ));
        }
    }
    let sent = |kind| chosen.fetched.exchanges.iter().any(|carried| carried.exchange.kind == kind);
    let cross_origin =
        matches!(&chosen.fetched.outcome, Outcome::Readable(response) if response.kind == ResponseType::Cors);
    if cross_origin && !sent(ExchangeKind::Preflight) {
        notes.push(
            "No preflight was needed. A page that sends JSON, a token or another method gets one: say so with -H, -d, -X."
                .to_owned(),
        );
    }
    let cookies_stay = !question.cookies.is_empty()
        && !chosen.fetched.exchanges.iter().any(|carried| carried.exchange.credentials);
    if cookies_stay {
        notes.push(
            "The cookie was not sent: across origins it goes with --credentials include only.".to_owned(),
        );
    }
    let notes: String = notes.iter().map(|note| styled(FAINT, &wrap(note, "  ", "  "))).collect();
    if notes.is_empty() { notes } else { format!("\n{notes}") }
}

/// Who said what to whom.
fn sequence(report: &EngineReport, question: &Question) -> String {
    let exchanges = &report.fetched.exchanges;
    let mut page = String::new();
    if exchanges.is_empty() {
        return page;
    }
    page.push_str(&title("What went over the wire"));
    let last = exchanges.len().saturating_sub(1);
    for (index, carried) in exchanges.iter().enumerate() {
        let guilty = report.fetched.outcome.refusal().filter(|_| index == last);
        page.push_str(&exchange(carried, report.decisions.get(index), guilty, question));
    }
    page
}

fn exchange(
    carried: &Carried,
    decided: Option<&Decided>,
    guilty: Option<&Refusal>,
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
    let from_script = |line: &HeaderLine| question.request.headers().iter().any(|own| own.is(&line.name));
    for line in
        sent.headers.iter().filter(|line| exchange_marks::request_line_matters(line) || from_script(line))
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
            page.push_str(&response_lines(head, guilty));
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

fn response_lines(head: &ResponseHead, guilty: Option<&Refusal>) -> String {
    let names = guilty.map_or(&[][..], |refusal| exchange_marks::guilty_headers(refusal.reason.code()));
    let mut page = String::new();
    for line in &head.headers {
        if names.iter().any(|name| line.is(name)) {
            page.push_str(&header_line("✗", BAD, line));
        } else if exchange_marks::allows(line) && guilty.is_none() {
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

/// `access-control-allow-origin` as people write it.
fn spelled(name: &str) -> String {
    let words = name.split('-').map(|word| match word {
        "www" => "WWW".to_owned(),
        "etag" => "ETag".to_owned(),
        word => {
            let mut letters = word.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        }
    });
    words.collect::<Vec<_>>().join("-")
}

fn http_status(status: u16) -> String {
    let words = http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default();
    format!("{status} {words}").trim_end().to_owned()
}

fn explanation(explanation: &Explanation) -> String {
    let mut page = String::new();
    if !explanation.causes.is_empty() {
        page.push_str(&title(if explanation.causes.len() == 1 {
            "Likely cause"
        } else {
            "Likely causes, the most likely first"
        }));
        for cause in &explanation.causes {
            page.push_str(&wrap(&printable_words(cause), "  - ", "    "));
        }
    }
    if !explanation.fixes.is_empty() {
        page.push_str(&title("What to change"));
        for fix in &explanation.fixes {
            page.push_str(&print_fix(fix, "-"));
        }
    }
    page.push_str(&title("Why browsers do this"));
    page.push_str(&wrap(&explanation.why, "  ", "  "));
    page.push_str(&styled(FAINT, &format!("  {}\n", explanation.spec)));
    if let Some(mdn) = explanation.mdn {
        page.push_str(&styled(FAINT, &format!("  {mdn}\n")));
    }
    page
}

fn print_fix(fix: &Fix, bullet: &str) -> String {
    let mut page = wrap(&printable_words(&fix.text), &format!("  {bullet} "), "    ");
    for line in &fix.lines {
        page.push_str(&format!("      {}\n", styled(LINE, &printable(line))));
    }
    page
}

fn consoles(report: &Report) -> String {
    let mut page = String::new();
    for engine in report.engines.iter().filter(|engine| !engine.console.is_empty()) {
        page.push_str(&styled(STRONG, &format!("  {}\n", engine.engine.title())));
        for line in &engine.console {
            page.push_str(&wrap(&printable_words(line), "    ", "    "));
        }
    }
    if page.is_empty() {
        return page;
    }
    title("What browsers print on the console") + &page
}

fn findings(report: &Report) -> String {
    if report.findings.is_empty() {
        return String::new();
    }
    let mut page = title("Also worth knowing");
    for finding in &report.findings {
        let style = match finding.severity {
            FindingSeverity::Info => FAINT,
            FindingSeverity::Warning => CAREFUL,
            FindingSeverity::Problem => BAD,
        };
        let label =
            format!("  {}", styled(style, &format!("{}: {}", finding.severity.as_str(), finding.code)));
        page.push_str(&format!("{label}\n"));
        page.push_str(&wrap(&printable_words(&finding.message), "    ", "    "));
        if !finding.fix.is_empty() {
            page.push_str(&wrap(&printable_words(&finding.fix), "    Fix: ", "    "));
        }
    }
    page
}

fn title(text: &str) -> String {
    format!("\n{}\n", styled(STRONG, text))
}
