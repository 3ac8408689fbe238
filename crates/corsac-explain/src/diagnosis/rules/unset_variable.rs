//! `Access-Control-Allow-Origin` contains what a program writes if a variable has no value.

use corsac::browser::Refusal;

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, printable, refused_allow_origin};
use crate::explain::Fix;
use crate::fact::Case;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "unset-variable",
        title: "`Access-Control-Allow-Origin` comes from a variable without a value",
        what: "The header's value is what programs write if a variable or setting has no value: `undefined`, `null`, \
               `None`, nothing at all, or a template that was not filled in, such as `${ORIGIN}` or `{{ origin }}`.",
        fix: "Set the variable on the server, and restart it. Make it refuse to start without the variable, so that \
              you notice at once.",
        is_cors: true,
    },
    weight: Weight::Shape,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let value = refused_allow_origin(refusal)?;
    let left = left_over(value)?;
    let value = printable(value);
    let (title, seen) = match left {
        LeftOver::Template => (
            format!("The server sends a template that was not filled in, `{value}`, instead of an origin."),
            format!("The response says `Access-Control-Allow-Origin: {value}`."),
        ),
        LeftOver::Word => (
            format!(
                "The server sends the word `{value}` instead of an origin. Programs write that if a variable has no \
                 value."
            ),
            format!("The response says `Access-Control-Allow-Origin: {value}`."),
        ),
        LeftOver::Null => (
            "The server sends the word `null` instead of an origin. Programs write that if a variable has no value.".to_owned(),
            "The response says `Access-Control-Allow-Origin: null`. A server that is set to allow pages without an \
             origin would look the same."
                .to_owned(),
        ),
        LeftOver::Nothing => (
            "The server sends an empty `Access-Control-Allow-Origin`. Often that is a variable without a value.".to_owned(),
            "The header is there, but empty. A server that sends that to origins that are not on its list would look \
             the same.".to_owned(),
        ),
    };
    let is_certain = matches!(left, LeftOver::Template | LeftOver::Word);
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Policy,
        confidence: if is_certain { Confidence::Certain } else { Confidence::Likely },
        is_cors: true,
        title,
        evidence: vec![seen],
        fix: Fix::new(
            "Find where the server's configuration sets this header, set the variable that it uses, and restart the \
             server. The response then contains:",
            header_lines::failed(Case { refusal, request: evidence.request }),
        ),
    })
}

#[derive(Clone, Copy)]
enum LeftOver {
    Template,
    Word,
    Null,
    Nothing,
}

fn left_over(value: &str) -> Option<LeftOver> {
    const WORDS: [&str; 6] = ["undefined", "None", "nil", "NULL", "(null)", "[object Object]"];
    let bare = value.trim_matches(|character: char| matches!(character, '"' | '\''));
    if bare.is_empty() {
        return Some(LeftOver::Nothing);
    }
    if value == "null" {
        return Some(LeftOver::Null);
    }
    if WORDS.contains(&bare) {
        return Some(LeftOver::Word);
    }
    let is_name = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let has_pair =
        |open: &str, close: &str| bare.split_once(open).is_some_and(|(_, rest)| rest.contains(close));
    let is_template = has_pair("${", "}")
        || has_pair("{{", "}}")
        || has_pair("<%", "%>")
        || bare.strip_prefix('$').is_some_and(is_name)
        || bare.strip_prefix('%').and_then(|rest| rest.strip_suffix('%')).is_some_and(is_name);
    is_template.then_some(LeftOver::Template)
}
