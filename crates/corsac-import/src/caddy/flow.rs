//! A request on its way through the routes of a site.

mod value;

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use super::expression::Groups;
use super::header::{Operations, ResponseChange};
use super::route::{Handler, Map, ResponseAction, ResponseRoute, Route, is_of_cors};
use super::site::{Configuration, Site};
use crate::files::At;
use crate::server::{Answer, Asked, Line};

/// The most routes that one request runs through, which named routes could otherwise make endless.
const MOST_STEPS: usize = 200_000;
/// The most named routes inside of each other.
const MOST_LEVELS: usize = 20;

pub(super) struct Flow<'a> {
    pub(super) asked: &'a Asked<'a>,
    configuration: &'a Configuration,
    pub(super) method: String,
    pub(super) path: String,
    request: Vec<Line>,
    pub(super) variables: HashMap<String, String>,
    /// Groups of expressions, by the names of their placeholders.
    groups_found: HashMap<String, String>,
    maps: Vec<&'a Map>,
    groups_taken: HashSet<usize>,
    /// The response's header lines so far.
    lines: Vec<Line>,
    /// What changes the lines when the response is written: the last one first.
    deferred: Vec<&'a ResponseChange>,
    /// The status of the error that is being handled.
    error: Option<u16>,
    steps: usize,
    levels: usize,
    /// The first directive that asked another server whether to go on.
    asked_elsewhere: Option<At>,
    /// How often a `map` was looked into: one whose source is its own result would never end.
    lookups: Cell<usize>,
}

/// How running a list of routes ended.
enum Ended {
    /// Nothing answered.
    On,
    Answered(Answer),
    Failed {
        status: u16,
        at: Option<At>,
    },
}

impl<'a> Flow<'a> {
    pub(super) fn new(configuration: &'a Configuration, asked: &'a Asked<'a>) -> Self {
        let request = asked
            .headers
            .iter()
            .map(|line| Line { name: line.name.clone(), value: line.text().into_owned(), at: None })
            .collect();
        Self {
            asked,
            configuration,
            method: asked.method.to_owned(),
            path: asked.path.to_owned(),
            request,
            variables: HashMap::new(),
            groups_found: HashMap::new(),
            maps: Vec::new(),
            groups_taken: HashSet::new(),
            lines: Vec::new(),
            deferred: Vec::new(),
            error: None,
            steps: 0,
            levels: 0,
            asked_elsewhere: None,
            lookups: Cell::new(0),
        }
    }

    /// What the site answers.
    pub(super) fn answer(mut self, site: &'a Site) -> Answer {
        let (status, at) = match self.run(&site.routes) {
            Ended::Answered(answer) => return answer,
            Ended::On if site.may_answer_elsewhere() => {
                let lines = behind(self.asked);
                return self.written(self.asked.behind.status, None, lines);
            }
            // Caddy answers with an empty page if nothing else does, and what was deferred waits for something to write a response.
            Ended::On => {
                self.deferred.clear();
                return self.written(200, Some(site.at), Vec::new());
            }
            Ended::Failed { status, at } => (status, at),
        };
        // An error is handled by the site, with the request as it came, the header lines of before, and without what was deferred.
        self.deferred.clear();
        self.method = self.asked.method.to_owned();
        self.path = self.asked.path.to_owned();
        self.error = Some(status);
        for route in &site.errors {
            let is_for = |wanted: &u16| *wanted == status || (*wanted < 10 && *wanted == status / 100);
            if !route.statuses.is_empty() && !route.statuses.iter().any(is_for) {
                continue;
            }
            match self.run(&route.routes) {
                Ended::On => {}
                Ended::Answered(answer) => return answer,
                Ended::Failed { .. } => {
                    self.deferred.clear();
                    break;
                }
            }
        }
        self.written(status, at, Vec::new())
    }

    /// Where another server is asked whether the request may go on.
    pub(super) fn asked_elsewhere(mut self, site: &'a Site) -> Option<At> {
        self.run(&site.routes);
        self.asked_elsewhere
    }

    fn run(&mut self, routes: &'a [Route]) -> Ended {
        for route in routes {
            self.steps = self.steps.saturating_add(1);
            if self.steps > MOST_STEPS {
                return Ended::Failed { status: 500, at: Some(route.at) };
            }
            if route.matcher.as_ref().is_some_and(|matcher| !matcher.matches(self)) {
                continue;
            }
            if route.group.is_some_and(|group| !self.groups_taken.insert(group)) {
                continue;
            }
            match self.handle(route) {
                Ended::On => {}
                ended => return ended,
            }
        }
        Ended::On
    }

    fn handle(&mut self, route: &'a Route) -> Ended {
        let at = Some(route.at);
        match &route.handler {
            Handler::Header(change) if change.is_deferred || change.require.is_some() => {
                self.deferred.push(change);
            }
            Handler::Header(change) => {
                let mut lines = std::mem::take(&mut self.lines);
                self.apply(&change.operations, &mut lines);
                self.lines = lines;
            }
            Handler::RequestHeader(operations) => {
                let mut request = std::mem::take(&mut self.request);
                self.apply(operations, &mut request);
                self.request = request;
            }
            Handler::Respond { status } => {
                let otherwise = self.error.unwrap_or(200);
                return match self.status(status.as_deref(), otherwise) {
                    Some(status) => Ended::Answered(self.written(status, at, Vec::new())),
                    None => Ended::Failed { status: 500, at },
                };
            }
            Handler::Redirect { to, status } => return self.redirect(to, status, route.at),
            Handler::Error { status } => {
                return Ended::Failed { status: self.status(status.as_deref(), 500).unwrap_or(500), at };
            }
            // The connection ends, and browsers see no response.
            Handler::Abort => {
                return Ended::Answered(Answer { status: 502, answered_at: at, lines: Vec::new() });
            }
            Handler::Variables(pairs) => {
                for (name, value) in pairs {
                    let (name, value) = (self.expand_all(name), self.expand_all(value));
                    self.variables.insert(name, value);
                }
            }
            Handler::Map(map) => self.maps.push(map),
            Handler::Rewrite { to } => self.rewrite(to),
            Handler::StripPrefix(prefix) => {
                let prefix = self.expand_all(prefix);
                let slash = if prefix.starts_with('/') { "" } else { "/" };
                let is_prefix = self
                    .path
                    .to_ascii_lowercase()
                    .starts_with(&format!("{slash}{prefix}").to_ascii_lowercase());
                let rest = self.path.get(prefix.len().saturating_add(slash.len())..).filter(|_| is_prefix);
                if let Some(rest) = rest.map(str::to_owned) {
                    self.path = if rest.starts_with('/') { rest } else { format!("/{rest}") };
                }
            }
            Handler::StripSuffix(suffix) => {
                let suffix = self.expand_all(suffix);
                if let Some(rest) = self.path.strip_suffix(&suffix).map(str::to_owned) {
                    self.path = rest;
                }
            }
            Handler::Method(method) => self.method = self.expand_all(method),
            Handler::Authenticate => {
                if self.header("Authorization").is_empty() {
                    return Ended::Failed { status: 401, at };
                }
            }
            Handler::AuthenticateElsewhere => {
                self.asked_elsewhere.get_or_insert(route.at);
            }
            Handler::Block(routes) => return self.run(routes),
            Handler::Invoke(name) => return self.invoke(name),
            Handler::Proxy { down, responses } => return self.proxy(down, responses),
            Handler::Files { passes_on } => return self.file(*passes_on, route.at),
            Handler::Nothing | Handler::Plugin => {}
        }
        Ended::On
    }

    fn invoke(&mut self, name: &str) -> Ended {
        let configuration = self.configuration;
        let Some(routes) = configuration.named_routes.get(name) else { return Ended::On };
        if self.levels >= MOST_LEVELS {
            return Ended::Failed { status: 500, at: None };
        }
        self.levels = self.levels.saturating_add(1);
        let ended = self.run(routes);
        self.levels = self.levels.saturating_sub(1);
        ended
    }

    fn redirect(&mut self, to: &str, status: &str, at: At) -> Ended {
        let status = match status {
            "permanent" => Some(301),
            "" | "temporary" => Some(302),
            "html" => Some(200),
            status => self.status(Some(status), 302),
        };
        let Some(status) = status else { return Ended::Failed { status: 500, at: Some(at) } };
        if status != 200 {
            let value = self.expand_all(to);
            self.lines.retain(|line| !line.name.eq_ignore_ascii_case("location"));
            self.lines.push(Line { name: "Location".to_owned(), value, at: Some(at) });
        }
        Ended::Answered(self.written(status, Some(at), Vec::new()))
    }

    fn proxy(&mut self, down: &Operations, responses: &'a [ResponseRoute]) -> Ended {
        let mut lines = behind(self.asked);
        let mut status = self.asked.behind.status;
        for response in responses {
            if response.test.as_ref().is_some_and(|test| !test.matches(status, &lines)) {
                continue;
            }
            match &response.action {
                ResponseAction::Status(changed) => {
                    let Some(changed) = self.status(Some(changed), status) else {
                        return Ended::Failed { status: 500, at: None };
                    };
                    status = changed;
                }
                ResponseAction::Routes(routes) => match self.run(routes) {
                    // The response is dropped, and what stands behind the proxy goes on.
                    Ended::On if routes.is_empty() => return Ended::On,
                    Ended::On => {}
                    ended => return ended,
                },
            }
            break;
        }
        self.apply(down, &mut lines);
        Ended::Answered(self.written(status, None, lines))
    }

    /// The file server answers only requests for files, and a file that is not there is an error.
    fn file(&mut self, passes_on: bool, at: At) -> Ended {
        let status = self.asked.behind.status;
        // Only 404 means that there is no file.
        let is_read = matches!(self.method.as_str(), "GET" | "HEAD");
        if !is_read && status >= 400 && status != 404 && self.error.is_none() {
            return Ended::Failed { status: 405, at: Some(at) };
        }
        // An error's page is taken to be there.
        if status >= 400 && self.error.is_none() {
            return if passes_on { Ended::On } else { Ended::Failed { status, at: None } };
        }
        self.lines.push(Line { name: "Vary".to_owned(), value: "Accept-Encoding".to_owned(), at: None });
        if let Some(status) = self.error {
            return Ended::Answered(self.written(status, None, Vec::new()));
        }
        if !is_read {
            return Ended::Failed { status: 405, at: Some(at) };
        }
        Ended::Answered(self.written(status, None, Vec::new()))
    }

    fn rewrite(&mut self, to: &str) {
        let to = to.split(['?', '#']).next().unwrap_or_default();
        if !to.is_empty() {
            let path = self.expand_all(to);
            self.path = if path.starts_with('/') { path } else { format!("/{path}") };
        }
    }

    fn status(&self, written: Option<&str>, otherwise: u16) -> Option<u16> {
        match written {
            Some(status) => {
                self.expand_all(status).parse().ok().filter(|status| (100..1000).contains(status))
            }
            None => Some(otherwise),
        }
    }

    fn apply(&self, operations: &Operations, lines: &mut Vec<Line>) {
        operations.apply(lines, |text| self.expand_known(text));
    }

    /// The response is written, and with it what was deferred.
    fn written(&mut self, status: u16, answered_at: Option<At>, more: Vec<Line>) -> Answer {
        let mut lines = std::mem::take(&mut self.lines);
        lines.extend(more);
        for change in std::mem::take(&mut self.deferred).into_iter().rev() {
            if change.require.as_ref().is_none_or(|test| test.matches(status, &lines)) {
                self.lines.clone_from(&lines);
                self.apply(&change.operations, &mut lines);
            }
        }
        lines.retain(|line| is_header_name(&line.name));
        // A placeholder that is left in it has a value that stands elsewhere, and then what is allowed is not known.
        let is_open = |line: &Line| {
            line.at.is_some()
                && line.name.eq_ignore_ascii_case("access-control-allow-origin")
                && ["{$", "{env.", "{file.", "{system."].iter().any(|start| line.value.contains(start))
        };
        if lines.iter().any(is_open) {
            lines.retain(|line| line.at.is_none() || !is_of_cors(&line.name));
        }
        for line in &mut lines {
            line.value = line.value.replace(['\r', '\n'], " ").trim().to_owned();
        }
        Answer { status, answered_at, lines }
    }

    pub(super) fn host(&self) -> &str {
        let host = self.asked.host;
        host.rsplit_once(':')
            .filter(|(host, _)| !host.contains(':') || host.ends_with(']'))
            .map_or(host, |(host, _)| host)
    }

    /// The lines of a request header.
    pub(super) fn header(&self, name: &str) -> Vec<String> {
        if name.eq_ignore_ascii_case("host") {
            return vec![self.asked.host.to_owned()];
        }
        let lines = self.request.iter().filter(|line| line.name.eq_ignore_ascii_case(name));
        lines.map(|line| line.value.clone()).collect()
    }

    /// Keeps the groups of an expression for placeholders.
    pub(super) fn found(&mut self, expression: &str, groups: Groups) {
        for (number, (name, text)) in groups.into_iter().enumerate() {
            for key in std::iter::once(number.to_string()).chain(name) {
                if !expression.is_empty() {
                    self.groups_found.insert(format!("{expression}.{key}"), text.clone());
                }
                self.groups_found.insert(key, text.clone());
            }
        }
    }
}

fn behind(asked: &Asked<'_>) -> Vec<Line> {
    let line = |(name, value): &(String, String)| Line { name: name.clone(), value: value.clone(), at: None };
    asked.behind.headers.iter().map(line).collect()
}

fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
