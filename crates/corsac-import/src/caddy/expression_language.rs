//! The matcher `expression`: a small part of the Common Expression Language, with what people compare requests with.

mod parse;

use super::expression::Expression;
use super::findings::Findings;
use super::flow::Flow;
use super::lexer::Token;
use super::matcher::Matcher;
use super::placeholder::full_name;

/// A formula that is true of a request or not.
#[derive(Clone, Debug)]
pub(super) struct Condition(Option<Term>);

#[derive(Clone, Debug)]
enum Term {
    Text(String),
    Number(i64),
    Truth(bool),
    Nothing,
    List(Vec<Term>),
    Map(Vec<(Term, Term)>),
    Placeholder(String),
    Not(Box<Term>),
    And(Vec<Term>),
    Or(Vec<Term>),
    Compared(Box<Term>, Comparison, Box<Term>),
    /// `text.startsWith('x')`.
    Method(Box<Term>, String, Vec<Term>),
    /// `text.matches('x')`.
    Matches(Box<Term>, Option<Expression>),
    /// `path('/x*')`: another matcher.
    Matcher(Matcher),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Text(String),
    Number(i64),
    Truth(bool),
    Nothing,
    List(Vec<Value>),
}

impl Condition {
    /// Reads a formula; one that is not understood is noted, and never true.
    pub(super) fn read(word: &Token, name: &str, findings: &mut Findings) -> Self {
        let term = parse::term(word, name, findings);
        if term.is_none() {
            findings.not_read(
                word.at,
                format!(
                    "The expression `{}` is not understood, so it is taken to be true of nothing.",
                    word.text
                ),
            );
        }
        Self(term)
    }

    /// Whether it is about paths or hosts.
    pub(super) fn narrows(&self) -> bool {
        let is_of_place = |name: &str| {
            let name = full_name(name);
            ["http.request.uri", "http.request.orig_uri", "http.request.host"]
                .iter()
                .any(|start| name.starts_with(start))
        };
        self.any(&mut |term| match term {
            Term::Placeholder(name) => is_of_place(name),
            Term::Matcher(matcher) => matcher.conditions.iter().any(|condition| condition.narrows()),
            _ => false,
        })
    }

    /// Whether it has a term like this.
    fn any(&self, is: &mut impl FnMut(&Term) -> bool) -> bool {
        self.0.as_ref().is_some_and(|term| term.any(is))
    }

    pub(super) fn matches(&self, flow: &mut Flow<'_>) -> bool {
        self.0.as_ref().is_some_and(|term| term.value(flow) == Value::Truth(true))
    }
}

impl Term {
    fn any(&self, is: &mut impl FnMut(&Self) -> bool) -> bool {
        is(self)
            || match self {
                Self::List(terms) | Self::And(terms) | Self::Or(terms) => {
                    terms.iter().any(|term| term.any(is))
                }
                Self::Not(term) | Self::Matches(term, _) => term.any(is),
                Self::Compared(left, _, right) => left.any(is) || right.any(is),
                Self::Method(of, _, arguments) => of.any(is) || arguments.iter().any(|term| term.any(is)),
                _ => false,
            }
    }

    fn value(&self, flow: &mut Flow<'_>) -> Value {
        match self {
            Self::Text(text) => Value::Text(text.clone()),
            Self::Number(number) => Value::Number(*number),
            Self::Truth(truth) => Value::Truth(*truth),
            Self::Nothing | Self::Map(_) => Value::Nothing,
            Self::List(list) => Value::List(list.iter().map(|term| term.value(flow)).collect()),
            Self::Placeholder(name) => match flow.value(name) {
                Some(text) if name == "http.error.status_code" => {
                    text.parse().map_or(Value::Text(text), Value::Number)
                }
                Some(text) => Value::Text(text),
                None => Value::Nothing,
            },
            Self::Not(term) => match term.value(flow) {
                Value::Truth(truth) => Value::Truth(!truth),
                _ => Value::Nothing,
            },
            Self::And(terms) => Value::Truth(terms.iter().all(|term| term.value(flow) == Value::Truth(true))),
            Self::Or(terms) => Value::Truth(terms.iter().any(|term| term.value(flow) == Value::Truth(true))),
            Self::Compared(left, comparison, right) => {
                let (left, right) = (left.value(flow), right.value(flow));
                Value::Truth(comparison.holds(&left, &right))
            }
            Self::Method(of, method, arguments) => {
                let of = of.value(flow);
                let argument = arguments.first().map(|argument| argument.value(flow));
                called(&of, method, argument.as_ref())
            }
            Self::Matches(of, expression) => match of.value(flow) {
                Value::Text(text) => {
                    Value::Truth(expression.as_ref().is_some_and(|expression| expression.is_match(&text)))
                }
                _ => Value::Nothing,
            },
            Self::Matcher(matcher) => Value::Truth(matcher.matches(flow)),
        }
    }
}

fn called(of: &Value, method: &str, argument: Option<&Value>) -> Value {
    let Value::Text(text) = of else { return Value::Nothing };
    match (method, argument) {
        ("startsWith", Some(Value::Text(start))) => Value::Truth(text.starts_with(start)),
        ("endsWith", Some(Value::Text(end))) => Value::Truth(text.ends_with(end)),
        ("contains", Some(Value::Text(part))) => Value::Truth(text.contains(part)),
        ("lowerAscii", None) => Value::Text(text.to_ascii_lowercase()),
        ("upperAscii", None) => Value::Text(text.to_ascii_uppercase()),
        ("trim", None) => Value::Text(text.trim().to_owned()),
        ("size", None) => Value::Number(i64::try_from(text.chars().count()).unwrap_or(i64::MAX)),
        _ => Value::Nothing,
    }
}

impl Comparison {
    fn holds(self, left: &Value, right: &Value) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let order = match (left, right) {
            (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
            (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
            _ => None,
        };
        match self {
            Self::Equal => left == right,
            Self::Unequal => left != right,
            Self::Less => order == Some(Less),
            Self::LessOrEqual => matches!(order, Some(Less | Equal)),
            Self::Greater => order == Some(Greater),
            Self::GreaterOrEqual => matches!(order, Some(Greater | Equal)),
            Self::In => matches!(right, Value::List(list) if list.contains(left)),
        }
    }
}
