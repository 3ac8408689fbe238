//! The answer for the page of `corsac ui`: the words of the text report, as parts that the page arranges.

use corsac::browser::{ExchangeKind, Outcome, Refusal, Request, Stage};
use corsac_explain::browser_name;
use corsac_explain::diagnosis::Cause;
use corsac_stacks::Stack;
use serde_json::{Value, json};

use super::{Question, Report, answer, policy_words, stack, text};
use crate::terminal::printable_words;

/// Returns the verdict, the cause and the fix. In texts, backquotes mark code.
pub(super) fn answer(question: &Question, report: &Report) -> Value {
    let Some(chosen) = report.chosen() else { return Value::Null };
    let refusal = chosen.fetched.outcome.refusal();
    let cause = report.diagnosis.first();
    let (headline, sentences) = match policy_words::refused(chosen) {
        Some(why) => {
            let (headline, rest) = first_sentence(&why);
            (headline, rest.into_iter().collect())
        }
        None => words(question, report, cause, &chosen.fetched.outcome),
    };
    let reason = refusal.map(|refusal| refusal.reason.code().as_str());
    let engines = report.browsers().map(|engine| {
        json!({
            "engine": engine.engine.as_str(),
            "name": browser_name(engine.engine),
            "verdict": report.name_of(engine.fetched.outcome.verdict()),
        })
    });
    let evidence: Vec<String> = cause.map_or_else(Vec::new, |cause| cause.evidence.clone());
    json!({
        "verdict": report.verdict_name(),
        "code": policy_words::code(chosen).or(cause.map(|cause| cause.code)).or(reason),
        "stage": refusal.map(|refusal| refusal.stage.as_str()),
        "headline": printable_words(&headline),
        "sentences": printable_all(&sentences),
        "confidence": cause.map(answer::confidence),
        "evidence": printable_all(&evidence),
        "fix": cause.and_then(|cause| fix(question, report, cause)),
        "plain_fix": cause.and_then(plain_fix),
        "engines": engines.collect::<Vec<_>>(),
        "browsers_agree": report.browsers_agree(),
        "stacks": cause.filter(|cause| stack::mends(question, report, cause)).map_or_else(Vec::new, |_| stacks(report)),
        "is_cors": cause.is_none_or(|cause| cause.is_cors),
    })
}

/// Returns what to change in the policy that answered, if one did and refused.
pub(super) fn advice(report: &Report) -> Option<String> {
    let chosen = report.chosen().filter(|chosen| chosen.fetched.outcome.refusal().is_some())?;
    policy_words::what_to_write(chosen).filter(|words| !words.is_empty()).map(|words| printable_words(&words))
}

fn printable_all(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| printable_words(text)).collect()
}

/// Returns the headline, and the sentences below it.
fn words(
    question: &Question,
    report: &Report,
    cause: Option<&Cause>,
    outcome: &Outcome,
) -> (String, Vec<String>) {
    let (headline, mut sentences) = match outcome {
        Outcome::Refused(refusal) => refused(question, report, cause, refusal),
        Outcome::Readable(response)
            if !report.preflight_only && question.request.init().api.load().is_none() =>
        {
            let which =
                if response.status >= 400 { "the response, which is an error" } else { "the response" };
            let sees = format!(
                "Script gets {}.{}",
                text::what_script_reads(report, response),
                text::same_origin(response)
            );
            (format!("The page may read {which}."), vec![sees])
        }
        Outcome::Readable(_) | Outcome::Opaque(_) => {
            let whole = text::what_the_page_gets(question, report, outcome);
            let (first, rest) = first_sentence(&whole);
            (first, rest.into_iter().collect())
        }
    };
    sentences.extend(answer::differing(question, report));
    (headline, sentences)
}

fn refused(
    question: &Question,
    report: &Report,
    cause: Option<&Cause>,
    refusal: &Refusal,
) -> (String, Vec<String>) {
    let explained = corsac_explain::explain(refusal, &question.request);
    // A cause without a rule of its own is called by what happened, which is the first sentence below.
    let title = cause.map(|cause| cause.title.as_str()).filter(|title| !says_again(&explained.what, title));
    let (headline, rest) = first_sentence(title.unwrap_or(&explained.title));
    let mut sentences: Vec<String> = rest.into_iter().collect();
    sentences.push(explained.what);
    let exchanges = report.chosen().map(|chosen| chosen.fetched.exchanges.as_slice()).unwrap_or_default();
    let was_sent = exchanges.iter().any(|completed| completed.exchange.kind != ExchangeKind::Preflight);
    if refusal.stage == Stage::Preflight && !was_sent {
        sentences.push(format!("The {} was never sent.", question.request.method()));
    }
    sentences.extend(cause.and_then(|cause| answer::without_cors(cause, refusal)).map(str::to_owned));
    (headline, sentences)
}

/// Returns `true` if a text begins with this title.
fn says_again(text: &str, title: &str) -> bool {
    text.starts_with(title.trim_end_matches('.'))
}

/// Splits a text after its first sentence. A full stop in code ends none.
fn first_sentence(text: &str) -> (String, Option<String>) {
    let mut is_code = false;
    for (index, character) in text.char_indices() {
        is_code ^= character == '`';
        let rest = text.get(index..).and_then(|rest| rest.strip_prefix(". "));
        if let (false, Some(rest), Some(first)) = (is_code, rest, text.get(..=index)) {
            return (first.to_owned(), Some(rest.to_owned()));
        }
    }
    let end = if text.ends_with(['.', '?', '!', ':']) { "" } else { "." };
    (format!("{text}{end}"), None)
}

/// Returns what to change: in the stack that was asked for or names itself, or as header lines.
fn fix(question: &Question, report: &Report, cause: &Cause) -> Option<Value> {
    match stack::to_mend(question, report, cause) {
        Some(stack) => Some(fix_in(stack, &question.request)),
        None => plain_fix(cause),
    }
}

/// Returns what to write into this stack, so that the page may make the request.
pub(super) fn fix_in(stack: Stack, request: &Request) -> Value {
    let (text, lines, traps) = stack::advice_or_reason(stack, request);
    json!({
        "title": format!("In {}", stack.title()),
        "text": printable_words(&text),
        "lines": lines.iter().map(|line| stack::one_line(line)).collect::<Vec<_>>(),
        "traps": traps.iter().map(|trap| printable_words(trap)).collect::<Vec<_>>(),
        "stack": stack.name(),
    })
}

/// Returns what to change whatever the stack is.
fn plain_fix(cause: &Cause) -> Option<Value> {
    let fix = &cause.fix;
    let lines = answer::to_paste(cause);
    if fix.text.is_empty() && lines.is_empty() {
        return None;
    }
    let known = fix.stack.as_ref().map(|stack| format!("In {}", stack.name));
    Some(json!({
        "title": known.unwrap_or_else(|| "What to change".to_owned()),
        "text": printable_words(&fix.text),
        "lines": printable_all(lines),
        "traps": [],
        "stack": null,
    }))
}

/// Lists the stacks to choose from: those that show in the responses come first.
fn stacks(report: &Report) -> Vec<Value> {
    let one =
        |stack: Stack, seen: bool| json!({ "name": stack.name(), "title": stack.title(), "seen": seen });
    let is_seen = |stack: &Stack| report.stacks.iter().any(|seen| seen.stack == *stack);
    let seen = report.stacks.iter().map(|recognition| one(recognition.stack, true));
    let others = Stack::names().filter_map(Stack::parse).filter(|stack| !is_seen(stack));
    seen.chain(others.map(|stack| one(stack, false))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headline_is_one_sentence_and_code_has_none() {
        let table = [
            ("The origin differs", "The origin differs.", None),
            ("The origin differs.", "The origin differs.", None),
            ("It crashed. The proxy says so.", "It crashed.", Some("The proxy says so.")),
            ("`a. b` is sent. Twice.", "`a. b` is sent.", Some("Twice.")),
        ];
        for (text, headline, rest) in table {
            assert_eq!(first_sentence(text), (headline.to_owned(), rest.map(str::to_owned)));
        }
    }
}
