//! A configuration as nginx keeps it in memory: servers, locations, and for each block what it says, with the block around it.

use std::collections::HashMap;

use super::expression::Expression;
use super::value::Value;
use crate::files::At;
use crate::note::Noted;

#[derive(Debug, Default)]
pub(super) struct Configuration {
    pub(super) servers: Vec<VirtualServer>,
    pub(super) locations: Vec<Location>,
    /// What the blocks say. A block comes after the block around it.
    pub(super) levels: Vec<Level>,
    pub(super) maps: HashMap<String, Map>,
    /// Variables whose values are not known: of `auth_request_set`, of modules.
    pub(super) unknown: Vec<String>,
    pub(super) notes: Vec<Noted>,
}

/// A `server` block.
#[derive(Debug)]
pub(super) struct VirtualServer {
    pub(super) names: Vec<ServerName>,
    pub(super) is_plain: bool,
    pub(super) is_tls: bool,
    pub(super) is_default: bool,
    pub(super) level: usize,
    pub(super) locations: Vec<usize>,
    /// `@name`.
    pub(super) named: HashMap<String, usize>,
    /// A host that is made up, for a server that no name of its own leads to.
    pub(super) made_up_host: Option<String>,
    pub(super) at: At,
}

#[derive(Debug)]
pub(super) enum ServerName {
    Exact(String),
    /// `*.example.com`, as `.example.com`.
    Ending(String),
    /// `www.example.*`, as `www.example.`.
    Beginning(String),
    Expression(Expression),
}

#[derive(Debug)]
pub(super) struct Location {
    pub(super) paths: Paths,
    pub(super) level: usize,
    /// The locations inside.
    pub(super) locations: Vec<usize>,
    /// `limit_except`: the methods that it is not for, and what it says.
    pub(super) limit: Option<(Vec<String>, usize)>,
    pub(super) is_internal: bool,
    pub(super) at: At,
}

/// What a location is for.
#[derive(Debug)]
pub(super) enum Paths {
    Exact(String),
    Prefix { path: String, is_before_expressions: bool },
    Expression(Expression),
    Named(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Http,
    Server,
    Location,
    If,
    LimitExcept,
}

/// What a block says by itself.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) block: Block,
    /// The block around it.
    pub(super) around: Option<usize>,
    pub(super) at: At,
    pub(super) add_headers: Vec<AddHeader>,
    pub(super) inherits: Option<Inherits>,
    pub(super) more_headers: Vec<MoreHeaders>,
    pub(super) hidden: Vec<Hidden>,
    pub(super) passed: Vec<Hidden>,
    /// Whether errors of what is behind are replaced, by protocol.
    pub(super) intercepts: Vec<(Protocol, bool)>,
    pub(super) error_pages: Vec<ErrorPage>,
    pub(super) content: Option<Content>,
    pub(super) try_files: Option<TryFiles>,
    pub(super) steps: Vec<Step>,
    /// `auth_basic`: whether it is on, and where.
    pub(super) asks_for_password: Option<(bool, At)>,
    /// `deny all`, or an `allow` before it.
    pub(super) denies: Option<(bool, At)>,
    pub(super) index: Option<String>,
}

#[derive(Debug)]
pub(super) struct AddHeader {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) always: bool,
    pub(super) at: At,
    pub(super) last_line: usize,
}

/// `add_header_inherit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inherits {
    /// If the block has no `add_header` itself.
    Default,
    Nothing,
    Everything,
}

/// `more_set_headers` and `more_clear_headers`.
#[derive(Debug)]
pub(super) struct MoreHeaders {
    /// Only for these statuses; empty for all.
    pub(super) statuses: Vec<u16>,
    /// Adds a line and replaces none.
    pub(super) appends: bool,
    /// Replaces a line, and adds none.
    pub(super) only_if_there: bool,
    pub(super) headers: Vec<MoreHeader>,
    pub(super) at: At,
}

#[derive(Debug)]
pub(super) struct MoreHeader {
    /// May end with `*` to clear all that begin like this.
    pub(super) name: String,
    /// Empty to clear it.
    pub(super) value: Value,
}

/// `proxy_hide_header` and `proxy_pass_header`.
#[derive(Debug)]
pub(super) struct Hidden {
    pub(super) protocol: Protocol,
    pub(super) name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Proxy,
    Fastcgi,
    Uwsgi,
    Scgi,
    Grpc,
}

/// What answers in a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Upstream(Protocol),
    /// An application inside of nginx, or one that the files do not show.
    Application,
    /// nginx itself, with 200.
    BuiltIn(At),
}

#[derive(Debug)]
pub(super) struct ErrorPage {
    pub(super) statuses: Vec<u16>,
    /// `=200`, or `=` as 0 for the status of the page.
    pub(super) status: Option<u16>,
    pub(super) target: Value,
    pub(super) at: At,
}

#[derive(Debug)]
pub(super) struct TryFiles {
    /// What is there if none of the files is.
    pub(super) last: Value,
    pub(super) at: At,
}

/// A directive of the rewrite module. They run in their order.
#[derive(Debug)]
pub(super) enum Step {
    Set { name: String, value: Value, at: At },
    If { condition: Condition, level: Option<usize>, steps: Vec<Self>, at: At },
    Return { status: u16, text: Option<Value>, at: At },
    Rewrite { expression: Expression, replacement: Value, flag: Flag, at: At },
    Break,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flag {
    None,
    Last,
    Break,
    Redirect(u16),
}

#[derive(Debug)]
pub(super) enum Condition {
    IsSet(Value),
    Is {
        left: Value,
        right: Value,
        is_not: bool,
    },
    Matches {
        left: Value,
        expression: Expression,
        is_not: bool,
    },
    /// `-f` and so on: whether there is a file.
    File {
        is_not: bool,
    },
    Never,
}

/// `map`, and what is like it.
#[derive(Debug)]
pub(super) struct Map {
    pub(super) source: Value,
    pub(super) default: Value,
    /// In lower case.
    pub(super) texts: HashMap<String, Value>,
    /// With `hostnames`: `.example.com`, which has to have something before it.
    pub(super) endings: Vec<(String, Value)>,
    /// With `hostnames`: `www.example.`.
    pub(super) beginnings: Vec<(String, Value)>,
    pub(super) expressions: Vec<(Expression, Value)>,
    pub(super) is_volatile: bool,
    pub(super) entries: Vec<Entry>,
}

/// An entry of a map as it is written.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: Key,
    pub(super) value: Value,
    pub(super) at: At,
}

#[derive(Debug)]
pub(super) enum Key {
    Default,
    Text(String),
    /// With `hostnames`: `.example.com`, `*.example.com`, `example.*`.
    Hosts(String),
    Expression {
        text: String,
        ignores_case: bool,
    },
}

impl Configuration {
    /// The block and those around it, the innermost first.
    pub(super) fn chain(&self, level: usize) -> impl Iterator<Item = &Level> {
        let mut next = self.levels.get(level);
        std::iter::from_fn(move || {
            let level = next?;
            // Blocks around come first, so this ends.
            next = level.around.and_then(|around| self.levels.get(around));
            Some(level)
        })
    }

    /// What the innermost block that says it says.
    pub(super) fn innermost<'c, T>(
        &'c self,
        level: usize,
        said: impl Fn(&'c Level) -> Option<T>,
    ) -> Option<T> {
        self.chain(level).find_map(said)
    }

    /// The `add_header` lines in force.
    pub(super) fn add_headers(&self, level: usize) -> Vec<&AddHeader> {
        let inherits = self.innermost(level, |level| level.inherits).unwrap_or(Inherits::Default);
        let Some(block) = self.levels.get(level) else { return Vec::new() };
        let own = block.add_headers.iter();
        let around = || block.around.map(|around| self.add_headers(around)).unwrap_or_default();
        match inherits {
            Inherits::Nothing => own.collect(),
            Inherits::Everything => around().into_iter().chain(own).collect(),
            Inherits::Default if block.add_headers.is_empty() => around(),
            Inherits::Default => own.collect(),
        }
    }

    /// The lines of headers-more in force: those of the blocks around first.
    pub(super) fn more_headers(&self, level: usize) -> Vec<&MoreHeaders> {
        let mut blocks: Vec<_> = self.chain(level).collect();
        blocks.reverse();
        blocks.into_iter().flat_map(|block| &block.more_headers).collect()
    }

    /// Returns `true` if this header of what is behind is not sent.
    pub(super) fn hides(&self, level: usize, protocol: Protocol, name: &str) -> bool {
        let is_named = |of: fn(&Level) -> &Vec<Hidden>| {
            let list =
                self.chain(level).map(of).find(|list| list.iter().any(|hidden| hidden.protocol == protocol));
            list.is_some_and(|list| {
                list.iter()
                    .any(|hidden| hidden.protocol == protocol && hidden.name.eq_ignore_ascii_case(name))
            })
        };
        is_named(|level| &level.hidden) && !is_named(|level| &level.passed)
    }
}

impl Level {
    pub(super) fn new(block: Block, around: Option<usize>, at: At) -> Self {
        Self {
            block,
            around,
            at,
            add_headers: Vec::new(),
            inherits: None,
            more_headers: Vec::new(),
            hidden: Vec::new(),
            passed: Vec::new(),
            intercepts: Vec::new(),
            error_pages: Vec::new(),
            content: None,
            try_files: None,
            steps: Vec::new(),
            asks_for_password: None,
            denies: None,
            index: None,
        }
    }

    /// Returns `true` if something else answers where there is no file, and not only an error.
    pub(super) fn falls_back(&self) -> bool {
        let last = self.try_files.as_ref().map(|tried| &tried.last);
        last.is_some_and(|last| !last.literal().is_some_and(|last| last.starts_with('=')))
    }
}
