//! A request on its way through nginx: rewrite phase, location, access, content, error pages.

use std::collections::HashMap;

use super::choose::Found;
use super::model::{
    Block, Condition, Configuration, Content, Flag, Level, Location, Paths, ServerName, Step, VirtualServer,
};
use super::path;
use super::value::Value;
use crate::files::At;
use crate::server::{Asked, Line};

/// The most times that a request begins again, as in nginx.
const MOST_TURNS: usize = 11;
/// How much work an answer may be, in bytes that are looked at or copied.
const WORK: usize = 20_000_000;

/// The end of a path for which there is a file. For other paths there is none where it matters.
pub(super) const FILE: &str = "file-of-this-name";

/// A request, and what has become of it.
pub(super) struct Run<'a> {
    pub(super) configuration: &'a Configuration,
    pub(super) asked: &'a Asked<'a>,
    pub(super) server: &'a VirtualServer,
    /// The block whose lines are in force.
    pub(super) level: usize,
    pub(super) host: String,
    pub(super) method: String,
    pub(super) uri: String,
    pub(super) query: String,
    /// `$1` and so on.
    pub(super) groups: Vec<String>,
    /// Variables of `set`, and named groups.
    pub(super) set: HashMap<String, String>,
    /// Values of maps, which are looked up once.
    pub(super) mapped: HashMap<String, String>,
    pub(super) is_from_upstream: bool,
    pub(super) status: u16,
    pub(super) lines: Vec<Line>,
    pub(super) work: usize,
    pub(super) levels: usize,
    /// The `if` blocks whose conditions were true.
    pub(super) entered: Vec<usize>,
    /// The status that an error page has kept.
    error_status: Option<u16>,
    has_error_page: bool,
    has_fallen_back: bool,
}

/// How a request ends.
#[derive(Debug)]
pub(super) enum Ended {
    /// What is behind answers.
    Behind(Option<Content>),
    /// nginx answers.
    Here { status: u16, location: Option<String>, at: At, may_have_page: bool },
}

/// Where a request goes on.
#[derive(Clone, Copy)]
enum Next {
    Server,
    Find,
    Named(usize),
}

enum Flow {
    Ended(Ended),
    Again(Next),
}

/// What a list of steps does.
enum Stepped {
    Through,
    /// The rewrite phase is over, and the location stays.
    Stop,
    /// The location is looked up again.
    Find,
    Ended(Ended),
}

impl<'a> Run<'a> {
    pub(super) fn new(configuration: &'a Configuration, asked: &'a Asked<'a>) -> Option<Self> {
        let (server, captured) = configuration.server(asked.scheme, asked.host)?;
        let server = configuration.servers.get(server)?;
        let (raw, query) = asked.path.split_once('?').unwrap_or((asked.path, ""));
        let mut run = Self {
            configuration,
            asked,
            server,
            level: server.level,
            host: asked.host.to_owned(),
            method: asked.method.to_owned(),
            uri: path::normalized(raw),
            query: query.to_owned(),
            groups: Vec::new(),
            set: HashMap::new(),
            mapped: HashMap::new(),
            is_from_upstream: false,
            status: 0,
            lines: Vec::new(),
            work: WORK,
            levels: 0,
            entered: Vec::new(),
            error_status: None,
            has_error_page: false,
            has_fallen_back: false,
        };
        if let Some(captured) = captured {
            run.keep(captured);
        }
        Some(run)
    }

    /// Sends the request through. Afterwards the block whose lines are in force is known.
    pub(super) fn ended(&mut self) -> Ended {
        let mut next = Next::Server;
        for _ in 0..MOST_TURNS {
            match self.turn(next) {
                Flow::Again(again) => next = again,
                Flow::Ended(ended) => match self.error_page(&ended) {
                    Some(Flow::Again(again)) => next = again,
                    Some(Flow::Ended(replaced)) => return self.with_kept_status(replaced),
                    None => return self.with_kept_status(ended),
                },
            }
        }
        self.here(500, self.server.at)
    }

    fn here(&self, status: u16, at: At) -> Ended {
        Ended::Here { status, location: None, at, may_have_page: true }
    }

    fn with_kept_status(&self, ended: Ended) -> Ended {
        match (ended, self.error_status) {
            (Ended::Here { location, at, may_have_page, .. }, Some(status)) => {
                Ended::Here { status, location, at, may_have_page }
            }
            (ended, _) => ended,
        }
    }

    /// The status of what is behind, after an error page.
    pub(super) fn kept_status(&self) -> Option<u16> {
        self.error_status
    }

    fn turn(&mut self, next: Next) -> Flow {
        if matches!(next, Next::Server) {
            self.level = self.server.level;
            match self.steps_of(self.server.level) {
                Stepped::Ended(ended) => return Flow::Ended(ended),
                Stepped::Through | Stepped::Stop | Stepped::Find => {}
            }
        }
        let found = match next {
            Next::Named(location) => Found { location: Some(location), ..Found::default() },
            Next::Server | Next::Find => self.configuration.location(self.server, &self.uri),
        };
        let location = found.location.and_then(|index| self.configuration.locations.get(index));
        if let Some(captured) = found.captured {
            self.keep(captured);
        }
        self.level = location.map_or(self.server.level, |location| self.level_of(location));
        if let Some(location) = location {
            if found.is_redirect {
                let to = path::with_query(&format!("{}/", self.uri), &self.query);
                return Flow::Ended(self.redirected(301, to, location.at));
            }
            if location.is_internal
                && matches!(next, Next::Server)
                && !self.has_error_page
                && !self.has_fallen_back
            {
                return Flow::Ended(self.here(404, location.at));
            }
            match self.steps_of(self.level) {
                Stepped::Ended(ended) => return Flow::Ended(ended),
                Stepped::Find => return Flow::Again(Next::Find),
                Stepped::Through | Stepped::Stop => {}
            }
        }
        self.access().unwrap_or_else(|| self.content())
    }

    fn level_of(&self, location: &Location) -> usize {
        match &location.limit {
            Some((methods, level)) if !methods.contains(&self.method) => *level,
            _ => location.level,
        }
    }

    fn steps_of(&mut self, level: usize) -> Stepped {
        let configuration = self.configuration;
        let steps = configuration.levels.get(level).map(|level| level.steps.as_slice()).unwrap_or_default();
        let mut is_rewritten = false;
        match self.steps(steps, &mut is_rewritten) {
            Stepped::Through if is_rewritten => Stepped::Find,
            stepped => stepped,
        }
    }

    fn steps(&mut self, steps: &[Step], is_rewritten: &mut bool) -> Stepped {
        for step in steps {
            match step {
                Step::Break => return Stepped::Stop,
                Step::Set { name, value, .. } => {
                    let value = self.value(value);
                    self.set.insert(name.clone(), value);
                }
                Step::If { condition, level, steps, .. } => {
                    if self.is_true(condition) {
                        self.level = level.unwrap_or(self.level);
                        self.entered.extend(*level);
                        match self.steps(steps, is_rewritten) {
                            Stepped::Through => {}
                            stepped => return stepped,
                        }
                    }
                }
                Step::Return { status, text, at } => {
                    return Stepped::Ended(self.returned(*status, text.as_ref(), *at));
                }
                Step::Rewrite { expression, replacement, flag, at } => {
                    let uri = self.uri.clone();
                    if !self.matches(expression, &uri) {
                        continue;
                    }
                    let replaced = self.value(replacement);
                    if let Flag::Redirect(status) = flag {
                        let (to, query) = replaced.split_once('?').unwrap_or((&replaced, ""));
                        let query = self.query_after(&replaced, query);
                        let to = path::with_query(to, &query);
                        return Stepped::Ended(self.redirected(*status, to, *at));
                    }
                    let (to, query) = replaced.split_once('?').unwrap_or((&replaced, ""));
                    self.query = self.query_after(&replaced, query);
                    to.clone_into(&mut self.uri);
                    match flag {
                        Flag::Last => return Stepped::Find,
                        Flag::Break => return Stepped::Stop,
                        _ => *is_rewritten = true,
                    }
                }
            }
        }
        Stepped::Through
    }

    /// The query of a rewritten URL: a `?` at its end drops the old one.
    fn query_after(&self, replaced: &str, query: &str) -> String {
        match (query, self.query.as_str()) {
            (new, _) if replaced.ends_with('?') => new.trim_end_matches('?').to_owned(),
            ("", old) => old.to_owned(),
            (new, "") => new.to_owned(),
            (new, old) => format!("{new}&{old}"),
        }
    }

    fn is_true(&mut self, condition: &Condition) -> bool {
        match condition {
            Condition::IsSet(value) => !matches!(self.value(value).as_str(), "" | "0"),
            Condition::Is { left, right, is_not } => (self.value(left) == self.value(right)) != *is_not,
            Condition::Matches { left, expression, is_not } => {
                let text = self.value(left);
                self.matches(expression, &text) != *is_not
            }
            // What is there as a file is answered without an application, which is what most of this is about.
            Condition::File { is_not } => self.is_file() != *is_not,
            Condition::Never => false,
        }
    }

    fn returned(&mut self, status: u16, text: Option<&Value>, at: At) -> Ended {
        match (status, text) {
            (301 | 302 | 303 | 307 | 308, Some(to)) => {
                let to = self.value(to);
                self.redirected(status, to, at)
            }
            // A text, or no error: sent as it is.
            (_, text) => {
                Ended::Here { status, location: None, at, may_have_page: text.is_none() && status >= 300 }
            }
        }
    }

    fn redirected(&self, status: u16, to: String, at: At) -> Ended {
        let to = if to.starts_with('/') { format!("{}://{}{to}", self.asked.scheme, self.host) } else { to };
        Ended::Here { status, location: Some(to), at, may_have_page: true }
    }

    fn access(&self) -> Option<Flow> {
        let configuration = self.configuration;
        if let Some((true, at)) = configuration.innermost(self.level, |level| level.denies) {
            return Some(Flow::Ended(self.here(403, at)));
        }
        // A preflight never has a password; the other requests of a page that knows it have one.
        let is_preflight =
            self.method == "OPTIONS" && self.asked.header("access-control-request-method").is_some();
        match configuration.innermost(self.level, |level| level.asks_for_password) {
            Some((true, at)) if is_preflight => Some(Flow::Ended(self.here(401, at))),
            _ => None,
        }
    }

    fn content(&mut self) -> Flow {
        let configuration = self.configuration;
        if let Some(tried) = configuration.levels.get(self.level).and_then(|level| level.try_files.as_ref()) {
            let last = self.value(&tried.last);
            let is_error = last.strip_prefix('=').and_then(|status| status.parse::<u16>().ok());
            let is_there = match is_error {
                Some(_) => !matches!(self.asked.behind.status, 403 | 404),
                // The application is what answers, and its page is there once it was chosen.
                None => self.has_fallen_back || self.has_error_page || self.is_file(),
            };
            match (is_error, is_there) {
                (_, true) => {}
                (Some(status), false) => return Flow::Ended(self.here(status, tried.at)),
                (None, false) => {
                    self.has_fallen_back = true;
                    return self.redirected_inside(&last, tried.at);
                }
            }
        }
        let content = configuration
            .chain(self.level)
            .take_while(|level| level.block != Block::Server && level.block != Block::Http)
            .scan(false, |is_over, level| {
                let taken = (!*is_over).then_some(level.content);
                *is_over |= level.block == Block::Location;
                taken
            })
            .find_map(|content| content);
        match content {
            Some(Content::BuiltIn(at)) => {
                Flow::Ended(Ended::Here { status: 200, location: None, at, may_have_page: false })
            }
            Some(content) => {
                self.is_from_upstream = matches!(content, Content::Upstream(_));
                Flow::Ended(Ended::Behind(Some(content)))
            }
            None if self.is_without_try_files() => {
                let at = configuration.levels.get(self.level).map_or(self.server.at, |level| level.at);
                let reads = matches!(self.method.as_str(), "GET" | "HEAD");
                Flow::Ended(self.here(if reads { 404 } else { 405 }, at))
            }
            None => self.file(),
        }
    }

    /// Returns `true` if there is a file for the path.
    fn is_file(&self) -> bool {
        self.uri.ends_with(FILE)
    }

    /// Returns `true` if an `if` is in force, which does not have the `try_files` of the location around it, and there is no file.
    fn is_without_try_files(&self) -> bool {
        let levels = &self.configuration.levels;
        let Some(level) = levels.get(self.level).filter(|level| level.block == Block::If) else {
            return false;
        };
        let around = level.around.and_then(|around| levels.get(around));
        around.is_some_and(Level::falls_back)
            && !(self.is_file() || self.has_fallen_back || self.has_error_page)
    }

    /// A file: the one of a folder's index, if the path is a folder's.
    fn file(&mut self) -> Flow {
        let reads = matches!(self.method.as_str(), "GET" | "HEAD");
        if reads && self.uri.ends_with('/') && self.asked.behind.status == 200 {
            let index = self.configuration.innermost(self.level, |level| level.index.clone());
            let index = index.unwrap_or_else(|| "index.html".to_owned());
            if !index.contains('$') {
                self.has_fallen_back = true;
                let to = if index.starts_with('/') { index } else { format!("{}{index}", self.uri) };
                return self.redirected_inside(&to, self.server.at);
            }
        }
        // nginx has no answer to OPTIONS for files. Whoever names methods or headers means preflights.
        let headers = self.configuration.add_headers(self.level);
        if self.method == "OPTIONS" && headers.iter().any(|header| is_for_preflights(&header.name)) {
            let at = self.configuration.levels.get(self.level).map_or(self.server.at, |level| level.at);
            return Flow::Ended(self.here(405, at));
        }
        Flow::Ended(Ended::Behind(None))
    }

    /// An internal redirect, to a path or to `@name`.
    fn redirected_inside(&mut self, to: &str, at: At) -> Flow {
        if to.starts_with('@') {
            return match self.server.named.get(to) {
                Some(location) => Flow::Again(Next::Named(*location)),
                None => Flow::Ended(self.here(500, at)),
            };
        }
        let (path, query) = to.split_once('?').unwrap_or((to, ""));
        path.clone_into(&mut self.uri);
        query.clone_into(&mut self.query);
        Flow::Again(Next::Server)
    }

    fn error_page(&mut self, ended: &Ended) -> Option<Flow> {
        if self.has_error_page {
            return None;
        }
        let configuration = self.configuration;
        let (status, at) = match ended {
            Ended::Here { status, may_have_page: true, at, .. } => (*status, *at),
            Ended::Behind(content) if self.replaces_errors(*content) => {
                (self.file_status(*content), self.server.at)
            }
            _ => return None,
        };
        let pages = configuration
            .chain(self.level)
            .map(|level| &level.error_pages)
            .find(|pages| !pages.is_empty())?;
        let page = pages.iter().find(|page| page.statuses.contains(&status))?;
        self.has_error_page = true;
        self.error_status = match page.status {
            Some(0) => None,
            Some(status) => Some(status),
            None => Some(status),
        };
        let target = self.value(&page.target);
        if target.starts_with('@') {
            self.is_from_upstream = false;
            return Some(self.redirected_inside(&target, at));
        }
        if !target.starts_with('/') {
            let status =
                page.status.filter(|status| matches!(status, 301 | 302 | 303 | 307 | 308)).unwrap_or(302);
            self.error_status = None;
            return Some(Flow::Ended(Ended::Here {
                status,
                location: Some(target),
                at,
                may_have_page: false,
            }));
        }
        if self.method != "HEAD" {
            "GET".clone_into(&mut self.method);
        }
        self.is_from_upstream = false;
        Some(self.redirected_inside(&target, at))
    }

    /// The status of what is behind: files are only read.
    pub(super) fn file_status(&self, content: Option<Content>) -> u16 {
        match (content, self.method.as_str()) {
            (Some(_), _) | (None, "GET" | "HEAD") => self.asked.behind.status,
            (None, _) => 405,
        }
    }

    /// Whether errors of what is behind get a page of nginx: always those of files.
    fn replaces_errors(&self, content: Option<Content>) -> bool {
        if self.file_status(content) < 300 {
            return false;
        }
        match content {
            None => true,
            Some(Content::Upstream(protocol)) => {
                let intercepts = self.configuration.innermost(self.level, |level| {
                    level.intercepts.iter().find(|(of, _)| *of == protocol).map(|(_, intercepts)| *intercepts)
                });
                intercepts == Some(true)
            }
            Some(_) => false,
        }
    }
}

/// Returns `true` for a header that only answers to preflights need.
fn is_for_preflights(name: &str) -> bool {
    ["access-control-allow-methods", "access-control-allow-headers", "access-control-max-age"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

impl VirtualServer {
    pub(super) fn first_name(&self) -> String {
        match self.names.first() {
            Some(ServerName::Exact(name)) => name.clone(),
            Some(ServerName::Ending(ending)) => format!("*{ending}"),
            Some(ServerName::Beginning(beginning)) => format!("{beginning}*"),
            Some(ServerName::Expression(expression)) => expression.text.clone(),
            None => String::new(),
        }
    }
}

impl Location {
    /// What it is for, as the configuration writes it.
    pub(super) fn written(&self) -> String {
        match &self.paths {
            Paths::Exact(path) => format!("= {path}"),
            Paths::Prefix { path, .. } | Paths::Named(path) => path.clone(),
            Paths::Expression(expression) => {
                format!("{} {}", if expression.ignores_case { "~*" } else { "~" }, expression.text)
            }
        }
    }
}
