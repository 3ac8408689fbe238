//! The first lines of a report: the page's origin, the causes, the fix and the confidence.

use corsac::browser::{Credentials, Mode, Outcome, Refusal, Stage};
use corsac_explain::browser_name;
use corsac_explain::diagnosis::{Cause, Confidence};

use super::server::Server;
use super::{EngineReport, Question, Report, deciding_engine, load, stack};
use crate::terminal::{CAREFUL, FAINT, LINE, STRONG, printable, printable_words, styled, wrap};

/// Describes where the request comes from.
pub(super) fn from_page(question: &Question) -> String {
    let request = &question.request;
    let mut text = format!("  from {}{}", request.origin(), how(question));
    if let Some(at) = &question.connected_to {
        text.push_str(&format!(
            "\n  as {}, connected to {}",
            printable(request.init().url.as_str()),
            printable(at.as_str())
        ));
    }
    format!("{}\n", styled(FAINT, &text))
}

/// Describes how the request differs from `fetch(url)`, as the end of a sentence.
pub(super) fn how(question: &Question) -> String {
    let request = &question.request;
    let mut text = String::new();
    if let Some(load) = request.init().api.load() {
        let is_cors = request.init().mode == Mode::Cors;
        text.push_str(&format!(", as {}", load::subject(load)));
        if let Some(attribute) = load::attribute(load, request.init().credentials, is_cors) {
            text.push_str(&format!(" with `crossorigin={attribute}`"));
        }
        return text;
    }
    if request.init().credentials == Credentials::Include {
        text.push_str(match &question.server {
            Server::Policy(_) => ", with credentials",
            Server::Real { .. } if question.cookies.is_empty() => ", with cookies (none given, see --cookie)",
            Server::Real { .. } => ", with cookies",
        });
    }
    if request.init().mode != Mode::Cors {
        text.push_str(&format!(", mode {}", request.init().mode));
    }
    text
}

/// Describes the causes of a refusal. Unless `is_verbose`, all but the first are reduced to their title and fix.
pub(super) fn causes(causes: &[Cause], refusal: &Refusal, is_verbose: bool) -> String {
    let mut page = String::new();
    for (index, cause) in causes.iter().enumerate() {
        page.push('\n');
        if index > 0 && !is_verbose {
            let text = format!("Or: {} {}", cause.title, cause.fix.text);
            page.push_str(&wrap(&printable_words(text.trim_end_matches(':')), "  ", "  "));
            continue;
        }
        let or = if index == 0 { "" } else { "Or: " };
        page.push_str(&wrap(&printable_words(&format!("{or}{}", cause.title)), "  ", "  "));
        page.push('\n');
        page.push_str(&fix(cause));
        page.push_str(&evidence(cause, refusal));
    }
    page
}

/// Describes a cause that was concluded from a text. Of an alternative, only the title and the fix.
pub(crate) fn told_cause(cause: &Cause, is_alternative: bool) -> String {
    if is_alternative {
        let text = format!("Or: {} {}", cause.title, cause.fix.text);
        return format!("\n{}", wrap(&printable_words(text.trim_end_matches(':')), "  ", "  "));
    }
    let evidence = match cause.evidence.join(" ") {
        words if words.is_empty() => String::new(),
        words => wrap(&printable_words(&format!("{}: {words}", confidence(cause))), "  ", "  "),
    };
    format!("\n{}\n{}{evidence}", wrap(&printable_words(&cause.title), "  ", "  "), fix(cause))
}

/// Describes what to change.
pub(crate) fn fix(cause: &Cause) -> String {
    if cause.fix.text.is_empty() {
        return String::new();
    }
    let mut page =
        wrap(&printable_words(&cause.fix.text), &format!("  {}  ", styled(STRONG, "Fix")), "       ");
    if let Some(stack) = cause.fix.stack.as_ref().filter(|stack| !cause.fix.text.contains(stack.name)) {
        page.push_str(&format!("         {}\n", styled(FAINT, &format!("# {}", stack.name))));
    }
    for line in to_paste(cause) {
        page.push_str(&format!("         {}\n", styled(LINE, &printable(line))));
    }
    page.push('\n');
    page
}

/// Returns how certain a cause is, in a word.
pub(crate) fn confidence(cause: &Cause) -> &'static str {
    match cause.confidence {
        Confidence::Certain => "Certain",
        Confidence::Likely => "Likely",
        Confidence::Possible => "Possible",
    }
}

/// Returns the lines of a fix: in the configuration language of the server if it is known, and otherwise header lines.
pub(super) fn to_paste(cause: &Cause) -> &[String] {
    cause.fix.stack.as_ref().map_or(&cause.fix.lines, |stack| &stack.lines)
}

fn evidence(cause: &Cause, refusal: &Refusal) -> String {
    let mut sentences = cause.evidence.clone();
    if let Some(first) = sentences.first_mut() {
        *first = format!("{}: {first}", confidence(cause));
    }
    sentences.extend(without_cors(cause, refusal).map(str::to_owned));
    if sentences.is_empty() {
        return String::new();
    }
    wrap(&printable_words(&sentences.join(" ")), "  ", "  ")
}

/// Says what CORS has to do with a cause that no CORS header mends.
pub(super) fn without_cors(cause: &Cause, refusal: &Refusal) -> Option<&'static str> {
    if !refusal.reason.code().is_cors() {
        Some("CORS is not involved.")
    } else if !cause.is_cors {
        Some("CORS is only how the failure was noticed.")
    } else {
        None
    }
}

/// Returns the verdict of each browser, if they differ.
///
/// A browser that refuses only because of where the server runs now is ignored, because a finding reports that.
pub(super) fn disagreement(question: &Question, report: &Report) -> String {
    let text = differing(question, report);
    text.map_or_else(String::new, |text| styled(CAREFUL, &wrap(&text, "  ", "  ")))
}

/// Says how browsers differ, if they do, without layout.
pub(super) fn differing(question: &Question, report: &Report) -> Option<String> {
    let aside = deciding_engine::refused_for_location(question, report);
    let counts = |engine: &&EngineReport| aside.iter().all(|(other, _)| *other != engine.engine);
    let mut verdicts = report.browsers().filter(counts).map(|engine| engine.fetched.outcome.verdict());
    let first = verdicts.next();
    if verdicts.all(|verdict| Some(verdict) == first) {
        return None;
    }
    let verdicts: Vec<String> = report.browsers().map(|engine| verdict_of(report, engine)).collect();
    let counts = report.chosen().map_or("", |chosen| {
        let verdict = chosen.fetched.outcome.verdict();
        let is_strictest = report.browsers().all(|engine| engine.fetched.outcome.verdict() <= verdict);
        if is_strictest { " The strictest verdict is reported." } else { "" }
    });
    Some(format!("Browsers differ: {}.{counts}", verdicts.join(", ")))
}

/// Returns the verdict and reason of one engine.
pub(super) fn verdict_of(report: &Report, engine: &EngineReport) -> String {
    let outcome = &engine.fetched.outcome;
    let reason =
        outcome.refusal().map_or_else(String::new, |refusal| format!(" ({})", refusal.reason.code()));
    format!("{} {}{reason}", browser_name(engine.engine), report.name_of(outcome.verdict()))
}

/// Returns the last lines: the codes, and where to read more.
pub(super) fn names(question: &Question, report: &Report, outcome: &Outcome) -> String {
    let (Some(cause), Some(refusal)) = (report.diagnosis.first(), outcome.refusal()) else {
        return String::new();
    };
    let rule = refusal.reason.code().as_str();
    let at = match refusal.stage {
        Stage::Start => "before anything was sent",
        Stage::Preflight => "in the preflight",
        Stage::Request => "in the response to the request",
        Stage::Redirect => "after a redirect",
        stage => stage.as_str(),
    };
    let mut text = String::from("\n");
    let browsers: Vec<&str> = report.browsers().map(|engine| browser_name(engine.engine)).collect();
    if let ([others @ .., last], true) = (browsers.as_slice(), report.browsers_agree() && browsers.len() > 1)
    {
        text.push_str(&format!("{} and {last} agree.\n", others.join(", ")));
    }
    let names = if cause.code == rule {
        format!("Cause: {rule}, {at}.")
    } else {
        format!("Cause: {}. The browser's reason: {rule}, {at}.", cause.code)
    };
    let hint = printable_words(&stack::hint(question, report));
    let more = format!("{names} For more, run `corsac explain {}`, or add --verbose. {hint}", cause.code);
    text.push_str(&wrap(more.trim_end(), "", ""));
    styled(FAINT, &text)
}
