//! Which stack answers, and what to write into it.

use corsac::browser::{CompletedExchange, ExchangeKind, Request, ResponseHead};
use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
};
use corsac::text::Printable;
use corsac_explain::diagnosis::Cause;
use corsac_stacks::{Product, Recognition, RecognizedBy, Shape, Stack, advise, fitting, recognize_stacks};
use serde_json::{Value, json};

use super::controls::ControlResult;
use super::{Question, Report};
use crate::terminal::{LINE, STRONG, printable_words, styled, wrap};

/// Returns the stacks that show in any response, the surest first.
pub(super) fn recognized(report: &Report) -> Vec<Recognition> {
    let controls = report.controls.iter().filter_map(|control| match &control.result {
        ControlResult::Sent(completed) => Some(completed),
        ControlResult::Skipped { .. } => None,
    });
    let exchanges = report.chosen().into_iter().flat_map(|chosen| &chosen.fetched.exchanges);
    let mut found: Vec<Recognition> = Vec::new();
    for completed in exchanges.chain(controls) {
        let Some(response) = completed.response() else { continue };
        for recognition in recognize_stacks(response, completed.body.as_deref()) {
            match found.iter_mut().find(|known| known.stack == recognition.stack) {
                Some(known) if known.by < recognition.by => *known = recognition,
                Some(_) => {}
                None => found.push(recognition),
            }
        }
    }
    found.sort_by_key(|recognition| std::cmp::Reverse(recognition.by));
    found
}

/// Returns `true` if CORS headers are what is missing, so that a stack's configuration helps.
fn is_configurable(cause: &Cause) -> bool {
    cause.fix.lines.iter().any(|line| line.starts_with("Access-Control-"))
}

/// Returns the cause to which a stack's configuration belongs: the first that CORS headers mend. If a stack was asked for and none is, the first
/// cause comes before the configuration.
fn cause_to_mend<'r>(question: &Question, report: &'r Report) -> Option<&'r Cause> {
    let is_cors = || {
        let refusal = report.chosen().and_then(|chosen| chosen.fetched.outcome.refusal());
        refusal.is_some_and(|refusal| refusal.reason.code().is_cors())
    };
    let first = || report.diagnosis.first().filter(|_| question.stack.is_some() && is_cors());
    report.diagnosis.iter().find(|cause| is_configurable(cause)).or_else(first)
}

/// Returns `true` if this is the cause to which a stack's configuration belongs.
pub(super) fn mends(question: &Question, report: &Report, cause: &Cause) -> bool {
    cause_to_mend(question, report).is_some_and(|mended| std::ptr::eq(mended, cause))
}

/// Returns what follows the causes: what to write into the stack that was asked for.
pub(super) fn section(question: &Question, report: &Report) -> String {
    let Some(stack) = question.stack else { return String::new() };
    let Some(cause) = cause_to_mend(question, report) else {
        let words =
            format!("No CORS header mends this, so there is nothing to write into {}.", stack.title());
        return format!("\n{}", wrap(&words, "  ", "  "));
    };
    let first = if is_configurable(cause) {
        String::new()
    } else {
        wrap("After that, the page still has to be allowed.", "  ", "  ")
    };
    format!("\n{first}{}", written(stack, question))
}

fn written(stack: Stack, question: &Question) -> String {
    let mut page = format!("  {}\n", styled(STRONG, &format!("In {}", stack.title())));
    let advice = match advise(stack, &question.request) {
        Ok(advice) => advice,
        Err(none) => return page + &wrap(&printable_words(&none.reason), "  ", "  "),
    };
    page.push_str(&wrap(&printable_words(&advice.text), "  ", "  "));
    page.push('\n');
    for line in &advice.lines {
        page.push_str(&format!("{}\n", styled(LINE, &one_line(line))));
    }
    if let [first, rest @ ..] = advice.traps.as_slice() {
        page.push('\n');
        let first = format!("What surprises in {}: {first}", stack.title());
        page.push_str(&wrap(&printable_words(&first), "  ", "  "));
        for trap in rest {
            page.push_str(&wrap(&printable_words(trap), "  - ", "    "));
        }
    }
    page
}

/// Returns the name of the stack that was asked for, and what to write there, for Markdown.
pub(super) fn markdown(question: &Question, report: &Report) -> Option<(&'static str, String)> {
    let stack = question.stack?;
    cause_to_mend(question, report)?;
    let advice = advise(stack, &question.request).ok()?;
    let lines = advice.lines.iter().map(|line| format!("{}\n", one_line(line)));
    Some((stack.title(), lines.collect()))
}

/// Makes a line of a configuration safe to print. Tabs are part of it.
pub(super) fn one_line(line: &str) -> String {
    let parts: Vec<String> =
        line.split('\t').map(|part| Printable::new(part, usize::MAX).to_string()).collect();
    parts.join("\t")
}

/// Names the stacks that answered, or products that answer in this way: one or two sentences for the end of the report.
pub(super) fn hint(question: &Question, report: &Report) -> String {
    if question.stack.is_some() || cause_to_mend(question, report).is_none() {
        return String::new();
    }
    match report.stacks.as_slice() {
        [] => match of_this_shape(report).as_slice() {
            [] => String::new(),
            products => {
                let titles: Vec<&str> = products.iter().map(|product| product.title.as_str()).collect();
                let names: Vec<String> =
                    products.iter().map(|product| format!("`corsac explain {}`", product.name)).collect();
                let verb = if titles.len() == 1 { "answers" } else { "answer" };
                format!("{} {verb} like this: {}.", titles.join(" and "), names.join(", "))
            }
        },
        found => {
            let named = |one: &Recognition| {
                let sure = match one.by {
                    RecognizedBy::Name => "",
                    RecognizedBy::Shape => "probably ",
                    _ => "perhaps ",
                };
                let evidence = if question.verbose { format!(" ({})", one.evidence) } else { String::new() };
                format!("{sure}{}{evidence}", one.stack.title())
            };
            let names: Vec<String> = found.iter().take(2).map(named).collect();
            let flags: Vec<String> =
                found.iter().take(2).map(|one| format!("`--stack {}`", one.stack.name())).collect();
            format!("Answered by {}: {} prints what to write.", names.join(" and "), flags.join(" or "))
        }
    }
}

/// Returns the products that refuse in the way that was seen.
fn of_this_shape(report: &Report) -> Vec<&'static Product> {
    let exchanges = report.chosen().map(|chosen| chosen.fetched.exchanges.as_slice());
    exchanges.and_then(shape).map(fitting).unwrap_or_default()
}

fn shape(exchanges: &[CompletedExchange]) -> Option<Shape> {
    let last = exchanges.last()?;
    let response = last.response()?;
    let allows = |response: &ResponseHead| response.headers.contains(ACCESS_CONTROL_ALLOW_ORIGIN);
    if allows(response) {
        return None;
    }
    let is_empty = last.body.as_deref().is_some_and(<[u8]>::is_empty)
        || response.headers.text("content-length").as_deref() == Some("0");
    let has_rest = [ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_HEADERS]
        .iter()
        .any(|name| response.headers.contains(name));
    let preflight_allows = exchanges.iter().any(|completed| {
        completed.exchange.kind == ExchangeKind::Preflight && completed.response().is_some_and(allows)
    });
    if response.status == 403 && is_empty {
        Some(Shape::Forbidden403Empty)
    } else if response.status >= 400 {
        None // something else failed
    } else if has_rest {
        Some(Shape::RestPresent)
    } else if preflight_allows {
        Some(Shape::PreflightOnly)
    } else {
        None
    }
}

/// Returns the recognized stacks for programs, each with what to write there.
pub(super) fn recognized_json(question: &Question, report: &Report) -> Value {
    let is_mended = cause_to_mend(question, report).is_some();
    let one = |found: &Recognition| {
        let advice = is_mended.then(|| advise(found.stack, &question.request).ok()).flatten();
        json!({
            "name": found.stack.name(),
            "title": found.stack.title(),
            "confidence": found.by.confidence(),
            "evidence": found.evidence,
            "lines": advice.map_or_else(Vec::new, |advice| advice.lines),
        })
    };
    report.stacks.iter().map(one).collect()
}

/// Returns what to write into the stack that was asked for, for the cause that it mends.
pub(super) fn advice_json(question: &Question, report: &Report, cause: &Cause) -> Option<Value> {
    let stack = question.stack.filter(|_| mends(question, report, cause))?;
    let (text, lines, traps) = advice_or_reason(stack, &question.request);
    Some(json!({ "name": stack.name(), "text": text, "lines": lines, "traps": traps }))
}

/// Returns a text, lines and traps: what to write into this stack, or the reason why there is nothing to write.
pub(super) fn advice_or_reason(stack: Stack, request: &Request) -> (String, Vec<String>, Vec<&'static str>) {
    match advise(stack, request) {
        Ok(advice) => (advice.text, advice.lines, advice.traps),
        Err(none) => (none.reason, Vec::new(), Vec::new()),
    }
}

/// Returns the stack to write a fix for: the one that was asked for, or else one that names itself. Both only if a CORS header mends the cause.
pub(super) fn to_mend(question: &Question, report: &Report, cause: &Cause) -> Option<Stack> {
    let names_itself = |found: &&Recognition| found.by == RecognizedBy::Name;
    let seen = || report.stacks.iter().find(names_itself).map(|found| found.stack);
    question.stack.or_else(seen).filter(|_| mends(question, report, cause))
}
