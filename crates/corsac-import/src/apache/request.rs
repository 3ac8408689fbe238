//! A request on its way through Apache: what it is, its variables, and the two tables of headers of its response.

use std::collections::HashMap;

use super::expression::{Condition, Operator, Word};
use super::pattern::Groups;
use crate::files::At;
use crate::server::{Asked, Line};

/// The headers of one table, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Table(pub(super) Vec<Line>);

impl Table {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|line| line.name.eq_ignore_ascii_case(name)).map(|line| line.value.as_str())
    }

    pub(super) fn add(&mut self, name: &str, value: String, at: Option<At>) {
        self.0.push(Line { name: name.to_owned(), value, at });
    }

    /// The first one gets the value, where it stands; others of the name go away.
    pub(super) fn set(&mut self, name: &str, value: String, at: Option<At>) {
        let Some(first) = self.0.iter().position(|line| line.name.eq_ignore_ascii_case(name)) else {
            return self.add(name, value, at);
        };
        let mut index = 0_usize;
        self.0.retain(|line| {
            let is_kept = index == first || !line.name.eq_ignore_ascii_case(name);
            index = index.saturating_add(1);
            is_kept
        });
        if let Some(line) = self.0.get_mut(first) {
            (line.value, line.at) = (value, at);
        }
    }

    /// The value comes after that of the first one, with a comma.
    pub(super) fn merge(&mut self, name: &str, value: String, at: Option<At>) {
        match self.0.iter_mut().find(|line| line.name.eq_ignore_ascii_case(name)) {
            Some(line) => {
                line.value.push_str(", ");
                line.value.push_str(&value);
                line.at = at.or(line.at);
            }
            None => self.add(name, value, at),
        }
    }

    pub(super) fn unset(&mut self, name: &str) {
        self.0.retain(|line| !line.name.eq_ignore_ascii_case(name));
    }
}

/// The variables of a request. Their names ignore the case.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment(HashMap<String, (String, String)>);

impl Environment {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(&name.to_ascii_lowercase()).map(|(_, value)| value.as_str())
    }

    pub(super) fn set(&mut self, name: &str, value: String) {
        self.0.insert(name.to_ascii_lowercase(), (name.to_owned(), value));
    }

    pub(super) fn unset(&mut self, name: &str) {
        self.0.remove(&name.to_ascii_lowercase());
    }

    /// What an internal redirect leaves of them.
    pub(super) fn redirected(&self) -> Self {
        let mut redirected = Self::default();
        for (name, value) in self.0.values() {
            redirected.set(&format!("REDIRECT_{name}"), value.clone());
        }
        redirected
    }
}

/// A request.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) asked: &'a Asked<'a>,
    /// It differs from the method that was asked with for an error document.
    pub(super) method: String,
    pub(super) uri: String,
    /// What the path leads to, once that is known.
    pub(super) filename: String,
    pub(super) document_root: String,
    /// Whether the server speaks TLS itself.
    pub(super) is_tls: bool,
    /// What `RequestHeader` changed: a value, or that it is gone.
    pub(super) changed_headers: Vec<(String, Option<String>)>,
    pub(super) environment: Environment,
    /// The headers of a response that what is behind Apache made.
    pub(super) on_success: Table,
    /// The headers of every response.
    pub(super) always: Table,
    pub(super) status: u16,
}

/// What an expression left.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// What its last regular expression captured.
    pub(super) groups: Option<Groups>,
    /// The request headers that it looked at, which Apache adds to `Vary`.
    pub(super) looked_at: Vec<String>,
}

impl Request<'_> {
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let changed =
            self.changed_headers.iter().rev().find(|(changed, _)| changed.eq_ignore_ascii_case(name));
        if let Some((_, value)) = changed {
            return value.clone();
        }
        let value = self.asked.header(name);
        match name.to_ascii_lowercase().as_str() {
            "host" => Some(value.unwrap_or_else(|| self.asked.host.to_owned())),
            // What ends TLS in front of Apache says so.
            "x-forwarded-proto" if !self.is_tls => {
                Some(value.unwrap_or_else(|| self.asked.scheme.to_owned()))
            }
            _ => value,
        }
    }

    /// Adds what an expression looked at to `Vary`.
    pub(super) fn vary(&mut self, looked_at: &[String], at: At) {
        if !looked_at.is_empty() {
            self.on_success.merge("Vary", looked_at.join(", "), Some(at));
        }
    }

    /// Whether a condition holds.
    pub(super) fn holds(&self, condition: &Condition, found: &mut Found) -> bool {
        match condition {
            Condition::Always(holds) => *holds,
            Condition::Not(condition) => !self.holds(condition, found),
            Condition::All(conditions) => conditions.iter().all(|condition| self.holds(condition, found)),
            Condition::Any(conditions) => conditions.iter().any(|condition| self.holds(condition, found)),
            Condition::Compares { left, operator, right, as_numbers } => {
                let (left, right) = (self.text(left, found), self.text(right, found));
                let order = if *as_numbers { number(&left).cmp(&number(&right)) } else { left.cmp(&right) };
                match operator {
                    Operator::Equal => order.is_eq(),
                    Operator::NotEqual => order.is_ne(),
                    Operator::Less => order.is_lt(),
                    Operator::LessOrEqual => order.is_le(),
                    Operator::Greater => order.is_gt(),
                    Operator::GreaterOrEqual => order.is_ge(),
                }
            }
            Condition::Matches { word, pattern, is_negated } => {
                let groups = pattern.groups(&self.text(word, found));
                let is_match = groups.is_some();
                found.groups = groups;
                is_match != *is_negated
            }
            Condition::IsIn { word, list } => {
                let text = self.text(word, found);
                list.iter().any(|word| self.text(word, found) == text)
            }
            Condition::Is { test, word } => {
                let text = self.text(word, found);
                match test {
                    'n' => !text.is_empty(),
                    'z' => text.is_empty(),
                    _ => !["", "0", "off", "false", "no"].contains(&text.to_ascii_lowercase().as_str()),
                }
            }
            Condition::Unknown => false,
        }
    }

    /// What a word is for this request.
    pub(super) fn text(&self, word: &Word, found: &mut Found) -> String {
        match word {
            Word::Text(text) => text.clone(),
            Word::Variable(name) => {
                if let Some(header) = header_of_variable(name).filter(|header| *header != "Host") {
                    found.looked_at.push(header.to_owned());
                }
                self.variable(name).unwrap_or_default()
            }
            Word::Captured(number) => {
                found.groups.as_ref().map_or_else(String::new, |groups| groups.get(*number).to_owned())
            }
            Word::Joined(words) => words.iter().map(|word| self.text(word, found)).collect(),
            Word::Function { name, argument } => {
                let argument = self.text(argument, found);
                match name.as_str() {
                    "req" | "http" => {
                        if !argument.eq_ignore_ascii_case("host") {
                            found.looked_at.push(argument.clone());
                        }
                        self.header(&argument).unwrap_or_default()
                    }
                    "req_novary" => self.header(&argument).unwrap_or_default(),
                    "resp" => {
                        let value = self.on_success.get(&argument).or_else(|| self.always.get(&argument));
                        value.unwrap_or_default().to_owned()
                    }
                    "reqenv" | "env" => self.environment.get(&argument).unwrap_or_default().to_owned(),
                    "tolower" => argument.to_ascii_lowercase(),
                    "toupper" => argument.to_ascii_uppercase(),
                    _ => String::new(),
                }
            }
        }
    }

    /// The value of a variable of expressions and of mod_rewrite.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        if let Some(header) = header_of_variable(name) {
            return self.header(header);
        }
        Some(match name {
            "REQUEST_METHOD" => self.method.clone(),
            "REQUEST_URI" | "DOCUMENT_URI" => self.uri.clone(),
            "REQUEST_SCHEME" => if self.is_tls { "https" } else { "http" }.to_owned(),
            "HTTPS" => if self.is_tls { "on" } else { "off" }.to_owned(),
            "SERVER_PORT" => if self.is_tls { "443" } else { "80" }.to_owned(),
            "SERVER_NAME" => self.asked.host.to_owned(),
            "SERVER_PROTOCOL" => "HTTP/1.1".to_owned(),
            "THE_REQUEST" => format!("{} {} HTTP/1.1", self.asked.method, self.asked.path),
            "REQUEST_FILENAME" | "SCRIPT_FILENAME" => {
                if self.filename.is_empty() {
                    self.uri.clone()
                } else {
                    self.filename.clone()
                }
            }
            "DOCUMENT_ROOT" | "CONTEXT_DOCUMENT_ROOT" => self.document_root.clone(),
            "REMOTE_ADDR" | "REMOTE_HOST" => "192.0.2.1".to_owned(),
            "REQUEST_STATUS" => self.status.to_string(),
            "IS_SUBREQ" => "false".to_owned(),
            _ => return None,
        })
    }
}

/// The request header behind a variable. There is none for `Origin`.
fn header_of_variable(name: &str) -> Option<&'static str> {
    Some(match name {
        "HTTP_USER_AGENT" => "User-Agent",
        "HTTP_REFERER" => "Referer",
        "HTTP_COOKIE" => "Cookie",
        "HTTP_FORWARDED" => "Forwarded",
        "HTTP_HOST" => "Host",
        "HTTP_PROXY_CONNECTION" => "Proxy-Connection",
        "HTTP_ACCEPT" => "Accept",
        _ => return None,
    })
}

pub(super) fn number(text: &str) -> i64 {
    let text = text.trim_start();
    let end = text.find(|digit: char| !digit.is_ascii_digit() && digit != '-').unwrap_or(text.len());
    text.get(..end).and_then(|digits| digits.parse().ok()).unwrap_or(0)
}
