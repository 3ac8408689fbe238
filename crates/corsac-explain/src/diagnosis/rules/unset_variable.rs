//! `Access-Control-Allow-Origin` holds what is left where a variable has no value.

use corsac::browser::Refusal;

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, refused_allow_origin, shown};
use crate::explain::Fix;
use crate::fact::Case;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "unset-variable",
        title: "`Access-Control-Allow-Origin` was made from a variable without a value",
        what: "The header's value is what programs write where a variable or setting has no value: `undefined`, `null`, `None`, nothing at all, or \
               a template that was not filled in, such as `${ORIGIN}` or `{{ origin }}`.",
        fix: "Set the variable where the server runs, and restart it. Let it refuse to start without the variable, so that this is seen at once.",
        is_cors: true,
    },
    weight: Weight::Shape,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let value = refused_allow_origin(refusal)?;
    let left = left_over(value)?;
    let value = shown(value);
    let (title, seen) = match left {
        LeftOver::Template => (
            format!("The server sends a template that was not filled in, `{value}`, in the place of an origin."),
            format!("The response says `Access-Control-Allow-Origin: {value}`."),
        ),
        LeftOver::Word => (
            format!(
                "The server sends the word `{value}` in the place of an origin. Programs write that where a variable has no value."
            ),
            format!("The response says `Access-Control-Allow-Origin: {value}`."),
        ),
        LeftOver::Null => (
            "The server sends the word `null` in the place of an origin. Programs write that where a variable has no value.".to_owned(),
            "The response says `Access-Control-Allow-Origin: null`. A server that was set to allow pages without an origin would look the same."
                .to_owned(),
        ),
        LeftOver::Nothing => (
            "The server sends `Access-Control-Allow-Origin` with nothing in it. Often that is a variable without a value.".to_owned(),
            "The header is there and empty. A server that answers so to origins that are not on its list would look the same.".to_owned(),
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
            "Look where the server's configuration makes this header, set the variable that it uses, and restart the server. The response then has:",
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
