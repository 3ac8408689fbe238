//! A configuration of HAProxy as data: its sections, and their rules in their order.

use std::collections::HashMap;
use std::sync::Arc;

use super::expression::Expression;
use super::matcher::Matcher;
use super::sample::{Key, Sample};
use crate::files::At;
use crate::headers::is_of_cors;

/// Everything that was read.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    pub(super) proxies: Vec<Proxy>,
}

/// A `frontend`, `listen` or `backend`.
#[derive(Clone, Debug)]
pub(super) struct Proxy {
    pub(super) name: String,
    pub(super) at: At,
    /// Whether clients connect to it.
    pub(super) takes_connections: bool,
    /// Whether it can have servers.
    pub(super) has_servers: bool,
    pub(super) is_http: bool,
    pub(super) is_tls: bool,
    pub(super) acls: HashMap<String, Vec<Arc<Acl>>>,
    // Defaults are shared by the proxies that have them.
    pub(super) request: Vec<Arc<Rule>>,
    pub(super) response: Vec<Arc<Rule>>,
    pub(super) after_response: Vec<Arc<Rule>>,
    pub(super) use_backend: Vec<UseBackend>,
    pub(super) default_backend: Option<String>,
    /// What `capture.req.hdr` counts: the header that is captured without a rule, and how long it may be.
    pub(super) captures: Vec<Capture>,
    pub(super) error_files: HashMap<u16, Arc<ErrorFile>>,
    /// The servers that are not `disabled`.
    pub(super) servers: usize,
    pub(super) monitor: Option<(String, At)>,
}

#[derive(Clone, Debug)]
pub(super) struct UseBackend {
    pub(super) at: At,
    pub(super) name: Format,
    pub(super) condition: Option<Condition>,
}

#[derive(Clone, Debug)]
pub(super) struct Capture {
    pub(super) header: Option<String>,
    pub(super) length: usize,
}

/// A file with a whole answer.
#[derive(Clone, Debug, Default)]
pub(super) struct ErrorFile {
    pub(super) status: u16,
    pub(super) lines: Vec<(String, String, At)>,
}

/// One of the lines that make an ACL; it holds if one of them does.
#[derive(Clone, Debug)]
pub(super) struct Acl {
    /// As it is written.
    pub(super) text: String,
    pub(super) sample: Sample,
    pub(super) matcher: Matcher,
    pub(super) ignores_case: bool,
    pub(super) keys: Vec<Key>,
}

/// What stands after `if` or `unless`.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) unless: bool,
    /// One of these has to hold, with all of its terms.
    pub(super) any: Vec<Vec<Term>>,
}

#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) negated: bool,
    pub(super) acl: Named,
}

#[derive(Clone, Debug)]
pub(super) enum Named {
    Acl(String),
    Anonymous(Acl),
}

/// A value with samples in it: `%[var(txn.origin)]`.
#[derive(Clone, Debug, Default)]
pub(super) struct Format {
    pub(super) parts: Vec<Part>,
}

#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(String),
    Sample(Sample),
}

impl Format {
    pub(super) fn samples(&self) -> impl Iterator<Item = &Sample> {
        self.parts.iter().filter_map(|part| match part {
            Part::Sample(sample) => Some(sample),
            Part::Text(_) => None,
        })
    }

    /// The text, if there are no samples in it.
    pub(super) fn literal(&self) -> Option<String> {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => Some(text.as_str()),
                Part::Sample(_) => None,
            })
            .collect()
    }
}

#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) at: At,
    pub(super) action: Action,
    pub(super) condition: Option<Condition>,
}

#[derive(Clone, Debug)]
pub(super) enum Action {
    AddHeader {
        name: String,
        value: Format,
    },
    SetHeader {
        name: String,
        value: Format,
    },
    DeleteHeader {
        name: Key,
        matcher: Matcher,
    },
    ReplaceHeader {
        name: String,
        expression: Expression,
        value: Format,
        whole: bool,
    },
    SetVariable {
        name: String,
        only: Vec<String>,
        value: NewValue,
    },
    UnsetVariable(String),
    Capture {
        sample: Sample,
        slot: usize,
    },
    SetPath(Format),
    ReplacePath {
        expression: Expression,
        value: Format,
    },
    MergeSlashes,
    SetMethod(Format),
    SetStatus(u16),
    Allow,
    Reply(Reply),
    Redirect {
        status: u16,
        to: Redirect,
        value: Format,
    },
    /// An answer of something else: a service in Lua, statistics.
    Service,
    LuaRequest(LuaCors),
    /// With what the first version of the module is given there.
    LuaResponse(Option<LuaCors>),
    /// `rspdel`: header lines that an expression matches.
    DeleteLines(Expression),
    /// `rsprep`
    ReplaceLines {
        expression: Expression,
        value: String,
    },
}

#[derive(Clone, Debug)]
pub(super) enum NewValue {
    Sample(Sample),
    Format(Format),
}

/// An answer of HAProxy itself.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, Format)>,
    pub(super) file: Option<ErrorFile>,
    /// Whether an `errorfile` for the status is sent instead.
    pub(super) is_error: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Redirect {
    Location,
    Prefix,
    Scheme,
}

/// The arguments of the module haproxy-lua-cors.
#[derive(Clone, Debug)]
pub(super) struct LuaCors {
    pub(super) methods: String,
    pub(super) any_origin: bool,
    pub(super) origins: Vec<Key>,
    pub(super) headers: String,
}

impl Rule {
    /// The formats and samples that the rule evaluates, without its condition.
    pub(super) fn samples(&self) -> Vec<&Sample> {
        match &self.action {
            Action::AddHeader { value, .. }
            | Action::SetHeader { value, .. }
            | Action::ReplaceHeader { value, .. }
            | Action::SetPath(value)
            | Action::ReplacePath { value, .. }
            | Action::SetMethod(value)
            | Action::Redirect { value, .. }
            | Action::SetVariable { value: NewValue::Format(value), .. } => value.samples().collect(),
            Action::SetVariable { value: NewValue::Sample(sample), .. } | Action::Capture { sample, .. } => {
                vec![sample]
            }
            Action::Reply(reply) => reply.headers.iter().flat_map(|(_, value)| value.samples()).collect(),
            _ => Vec::new(),
        }
    }

    /// The names and values of the response headers that the rule can set.
    pub(super) fn header_values(&self) -> Vec<(&str, &Format)> {
        match &self.action {
            Action::AddHeader { name, value } | Action::SetHeader { name, value } => vec![(name, value)],
            Action::Reply(reply) => {
                reply.headers.iter().map(|(name, value)| (name.as_str(), value)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether the rule is about headers of CORS.
    pub(super) fn is_about_cors(&self) -> bool {
        match &self.action {
            Action::LuaRequest(_) | Action::LuaResponse(_) => true,
            Action::DeleteHeader { name, .. } => is_of_cors(&name.text),
            Action::ReplaceHeader { name, .. } => is_of_cors(name),
            Action::DeleteLines(expression) | Action::ReplaceLines { expression, .. } => {
                expression.text.to_ascii_lowercase().contains("access-control-allow")
            }
            Action::Reply(Reply { file: Some(file), .. }) if file.has_cors_headers() => true,
            _ => self.header_values().iter().any(|(name, _)| is_of_cors(name)),
        }
    }
}

impl ErrorFile {
    pub(super) fn has_cors_headers(&self) -> bool {
        self.lines.iter().any(|(name, _, _)| is_of_cors(name))
    }
}

impl Proxy {
    pub(super) fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.request.iter().chain(&self.response).chain(&self.after_response).map(AsRef::as_ref)
    }

    /// Every ACL, with those that conditions have between braces.
    pub(super) fn all_acls(&self) -> impl Iterator<Item = &Acl> {
        let chosen = self.use_backend.iter().filter_map(|choice| choice.condition.as_ref());
        let conditions = self.rules().filter_map(|rule| rule.condition.as_ref()).chain(chosen);
        let anonymous = conditions.flat_map(|condition| condition.any.iter().flatten());
        let anonymous = anonymous.filter_map(|term| match &term.acl {
            Named::Anonymous(acl) => Some(acl),
            Named::Acl(_) => None,
        });
        self.acls.values().flatten().map(AsRef::as_ref).chain(anonymous)
    }

    pub(super) fn is_about_cors(&self) -> bool {
        self.rules().any(Rule::is_about_cors) || self.error_files.values().any(|file| file.has_cors_headers())
    }
}
