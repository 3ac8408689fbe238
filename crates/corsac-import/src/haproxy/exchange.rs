//! One request on its way through HAProxy, and its answer on the way back: the rules in their order.

use std::collections::HashMap;
use std::sync::Arc;

use super::assumption::Assumption;
use super::configuration::{Action, Configuration, NewValue, Proxy, Redirect, Reply, Rule, UseBackend};
use super::lua::Remembered;
use super::message::cut;
use crate::files::At;
use crate::server::{Answer, Asked, Line};

/// The statuses with which HAProxy itself says that it got no answer. Something behind it that answers so without headers is taken as one that is down.
const NO_ANSWER: std::ops::RangeInclusive<u16> = 502..=504;

/// A request, and what became of it.
pub(super) struct Exchange<'c> {
    pub(super) configuration: &'c Configuration,
    pub(super) frontend: &'c Proxy,
    /// The frontend, until another proxy is chosen.
    pub(super) backend: &'c Proxy,
    pub(super) asked: &'c Asked<'c>,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) host: String,
    /// The header lines of the request, with lower-case names.
    pub(super) request: Vec<(String, String)>,
    pub(super) variables: HashMap<String, String>,
    pub(super) captured: Vec<Option<String>>,
    pub(super) response: Option<Answer>,
    pub(super) lua: Option<Remembered<'c>>,
    /// Whether the frontend or the backend has `mode http`.
    is_http: bool,
    /// What conditions are taken to be that ask for something else.
    pub(super) assumed: &'c Assumption,
}

/// A request at a frontend.
#[derive(Clone, Copy)]
pub(super) struct Arrival<'a> {
    pub(super) frontend: &'a Proxy,
    pub(super) asked: &'a Asked<'a>,
    /// The host that rules see.
    pub(super) host: &'a str,
    pub(super) assumed: &'a Assumption,
}

/// What a rule leads to.
pub(super) enum Next {
    Rule,
    /// The other rules of the list are left out.
    Stop,
    Answered,
}

/// Answers a request.
pub(super) fn answer<'c>(configuration: &'c Configuration, arrival: Arrival<'c>) -> Answer {
    let mut exchange = Exchange::new(configuration, arrival);
    let is_own = exchange.request_phase();
    if !is_own {
        exchange.response_phase();
    }
    exchange.after_response();
    exchange.response.unwrap_or(Answer { status: 503, answered_at: None, lines: Vec::new() })
}

/// The proxy that a request is sent to, if nothing answers before.
pub(super) fn chosen<'c>(configuration: &'c Configuration, arrival: Arrival<'c>) -> &'c Proxy {
    let mut exchange = Exchange::new(configuration, arrival);
    exchange.request_phase();
    exchange.backend
}

impl<'c> Exchange<'c> {
    fn new(configuration: &'c Configuration, arrival: Arrival<'c>) -> Self {
        let Arrival { frontend, asked, host, assumed } = arrival;
        let request: Vec<(String, String)> = asked
            .headers
            .iter()
            .map(|header| (header.name.to_ascii_lowercase(), header.text().into_owned()))
            .collect();
        let captured = frontend
            .captures
            .iter()
            .map(|capture| {
                let name = capture.header.as_deref()?;
                let (_, value) = request.iter().rev().find(|(other, _)| other == name)?;
                Some(cut(value, capture.length))
            })
            .collect();
        Self {
            configuration,
            frontend,
            backend: frontend,
            asked,
            method: asked.method.to_owned(),
            path: asked.path.to_owned(),
            host: host.to_owned(),
            request,
            variables: HashMap::new(),
            captured,
            response: None,
            lua: None,
            is_http: frontend.is_http,
            assumed,
        }
    }

    /// Returns whether HAProxy itself answered.
    fn request_phase(&mut self) -> bool {
        if let Some((path, at)) = &self.frontend.monitor
            && *path == self.path
        {
            self.own(200, Some(*at), false);
            return true;
        }
        let frontend = self.frontend;
        if !frontend.is_http {
            self.is_http = self.choose().is_some_and(|backend| backend.is_http);
        }
        if let Some(is_own) = self.rules(&frontend.request, frontend) {
            return is_own;
        }
        if let Some(backend) = self.choose() {
            if !std::ptr::eq(backend, self.frontend) {
                self.backend = backend;
                if let Some(is_own) = self.rules(&backend.request, backend) {
                    return is_own;
                }
            }
            if backend.has_servers && backend.servers == 0 {
                self.own(503, Some(backend.at), true);
                return true;
            }
        } else if self.leads_nowhere() {
            self.own(503, Some(self.frontend.at), true);
            return true;
        }
        let behind = self.asked.behind;
        if NO_ANSWER.contains(&behind.status) && behind.headers.is_empty() {
            self.own(behind.status, None, true);
            return true;
        }
        let lines = behind
            .headers
            .iter()
            .map(|(name, value)| Line { name: name.to_ascii_lowercase(), value: value.clone(), at: None })
            .collect();
        self.response = Some(Answer { status: behind.status, answered_at: None, lines });
        false
    }

    /// Whether the frontend has no backend for this request. One that is not in the file is somewhere else.
    fn leads_nowhere(&self) -> bool {
        let Proxy { default_backend, has_servers, use_backend, .. } = self.frontend;
        let is_whole = self.configuration.proxies.iter().any(|proxy| proxy.has_servers);
        let is_known = |choice: &UseBackend| {
            let name = choice.name.literal();
            name.is_some_and(|name| self.configuration.proxies.iter().any(|proxy| proxy.name == name))
        };
        is_whole
            && default_backend.is_none()
            && !has_servers
            && !use_backend.is_empty()
            && use_backend.iter().all(is_known)
    }

    /// The proxy whose servers are asked; none if it is not in the file.
    fn choose(&mut self) -> Option<&'c Proxy> {
        let frontend = self.frontend;
        let find = |name: &str| {
            self.configuration.proxies.iter().find(|proxy| proxy.has_servers && proxy.name == name)
        };
        // Without HTTP a backend is chosen before there is a request.
        for choice in
            frontend.use_backend.iter().filter(|choice| frontend.is_http || choice.condition.is_none())
        {
            if choice.condition.as_ref().is_none_or(|condition| self.holds(condition, frontend) == Some(true))
            {
                let found = find(&self.value(&choice.name));
                if found.is_some() || choice.name.literal().is_some() {
                    return found;
                }
                // A name that is computed and of nothing leads to the default.
                break;
            }
        }
        match &frontend.default_backend {
            Some(name) => find(name),
            None => frontend.has_servers.then_some(frontend),
        }
    }

    fn response_phase(&mut self) {
        self.variables.retain(|name, _| !name.starts_with("req."));
        let (backend, frontend) = (self.backend, self.frontend);
        if self.rules(&backend.response, backend).is_none() && !std::ptr::eq(backend, frontend) {
            self.rules(&frontend.response, frontend);
        }
    }

    fn after_response(&mut self) {
        self.variables.retain(|name, _| !name.starts_with("req."));
        let (backend, frontend) = (self.backend, self.frontend);
        self.rules(&backend.after_response, backend);
        if !std::ptr::eq(backend, frontend) {
            self.rules(&frontend.after_response, frontend);
        }
    }

    /// Evaluates a list of a proxy. Returns whether HAProxy itself answered, if the request or response does not go on.
    /// A frontend without HTTP whose backend has it evaluates its rules all the same, whatever HAProxy 2.6 says about them at its start.
    fn rules(&mut self, rules: &'c [Arc<Rule>], owner: &Proxy) -> Option<bool> {
        if !self.is_http {
            return None;
        }
        for rule in rules {
            if rule.condition.as_ref().is_some_and(|condition| self.holds(condition, owner) != Some(true)) {
                continue;
            }
            match self.act(rule) {
                Next::Rule => {}
                Next::Stop => return None,
                // A service is not HAProxy's own answer: it is treated as a server.
                Next::Answered => return Some(!matches!(rule.action, Action::Service)),
            }
        }
        None
    }

    fn act(&mut self, rule: &'c Rule) -> Next {
        match &rule.action {
            Action::AddHeader { name, value } => {
                let value = self.value(value);
                self.append(name, value, rule.at);
            }
            Action::SetHeader { name, value } => {
                let value = self.value(value);
                self.retain(|other, _| other != name);
                self.append(name, value, rule.at);
            }
            Action::DeleteHeader { name, matcher } => {
                self.retain(|other, _| !matcher.fits_one(other, name, true));
            }
            Action::ReplaceHeader { name, expression, value, whole } => {
                let replacement = self.value(value);
                self.change(rule.at, |other, value| {
                    if other != name {
                        return None;
                    }
                    if *whole {
                        return expression.expand(value, &replacement);
                    }
                    let parts: Vec<String> = value
                        .split(',')
                        .map(|part| {
                            let bare = part.trim();
                            let changed = expression.expand(bare, &replacement);
                            changed
                                .map_or_else(|| part.to_owned(), |changed| part.replacen(bare, &changed, 1))
                        })
                        .collect();
                    Some(parts.join(",")).filter(|joined| joined != value)
                });
            }
            Action::DeleteLines(expression) => {
                self.retain(|name, value| !expression.is_match(&format!("{name}: {value}")));
            }
            Action::ReplaceLines { expression, value: replacement } => {
                self.change(rule.at, |name, value| {
                    let line = expression.expand(&format!("{name}: {value}"), replacement)?;
                    // The name stays: one that is replaced is rare.
                    line.split_once(':').map(|(_, value)| value.trim().to_owned())
                });
            }
            Action::SetVariable { name, only, value } => {
                let value = match value {
                    NewValue::Sample(sample) => self.sample(sample).flatten().map(|value| value.text()),
                    NewValue::Format(format) => Some(self.value(format)),
                };
                let (is_set, is_empty) = match self.variables.get(name) {
                    Some(old) => (true, old.is_empty()),
                    None => (false, true),
                };
                let allowed = only.iter().all(|condition| match condition.as_str() {
                    "ifexists" => is_set,
                    "ifnotexists" => !is_set,
                    "ifempty" => is_empty,
                    "ifnotempty" => !is_empty,
                    "ifset" => value.as_ref().is_some_and(|value| !value.is_empty()),
                    _ => true,
                });
                if let (Some(value), true) = (value, allowed) {
                    self.variables.insert(name.clone(), value);
                }
            }
            Action::UnsetVariable(name) => {
                self.variables.remove(name);
            }
            Action::Capture { sample, slot } => {
                let value = self.sample(sample).flatten().map(|value| value.text());
                let length = self.frontend.captures.get(*slot).map_or(0, |capture| capture.length);
                if let (Some(place), Some(value)) = (self.captured.get_mut(*slot), value) {
                    *place = Some(cut(&value, length));
                }
            }
            Action::SetPath(value) => self.path = self.value(value),
            Action::ReplacePath { expression, value } => {
                let replacement = self.value(value);
                if let Some(path) = expression.expand(&self.path, &replacement) {
                    self.path = path;
                }
            }
            Action::MergeSlashes => {
                while self.path.contains("//") {
                    self.path = self.path.replace("//", "/");
                }
            }
            Action::SetMethod(value) => self.method = self.value(value),
            Action::SetStatus(status) => {
                if let Some(response) = &mut self.response {
                    response.status = *status;
                }
            }
            Action::Allow => return Next::Stop,
            Action::Reply(reply) => {
                self.reply(reply, rule.at);
                return Next::Answered;
            }
            Action::Redirect { status, to, value } => {
                let value = self.value(value);
                let location = match to {
                    Redirect::Location => value,
                    Redirect::Prefix => format!("{}{}", value.trim_end_matches('/'), self.path),
                    Redirect::Scheme => format!("{value}://{}{}", self.host, self.path),
                };
                self.own(*status, Some(rule.at), false);
                self.append("location", location, rule.at);
                return Next::Answered;
            }
            Action::Service => {
                // What it says is its own affair, as if it were a server.
                self.own(200, None, false);
                return Next::Answered;
            }
            Action::LuaRequest(cors) => return self.lua_request(cors, rule.at),
            Action::LuaResponse(first_version) => self.lua_response(first_version.as_ref(), rule.at),
        }
        Next::Rule
    }

    fn reply(&mut self, reply: &'c Reply, at: At) {
        // The request is still there for them. An empty one is not sent.
        let headers: Vec<(&String, String)> =
            reply.headers.iter().map(|(name, value)| (name, self.value(value))).collect();
        self.own(reply.status, Some(at), reply.is_error && reply.file.is_none());
        if let (Some(file), Some(response)) = (&reply.file, &mut self.response) {
            response.lines.extend(file.lines.iter().map(|(name, value, at)| Line {
                name: name.clone(),
                value: value.clone(),
                at: Some(*at),
            }));
        }
        for (name, value) in headers.into_iter().filter(|(_, value)| !value.is_empty()) {
            self.append(name, value, at);
        }
    }

    /// An answer of HAProxy itself, from an `errorfile` if there is one.
    pub(super) fn own(&mut self, status: u16, at: Option<At>, is_error: bool) {
        let mut answer = Answer { status, answered_at: at, lines: Vec::new() };
        let file = [self.backend, self.frontend].into_iter().find_map(|proxy| proxy.error_files.get(&status));
        if let Some(file) = file.filter(|_| is_error) {
            if file.status != 0 {
                answer.status = file.status;
            }
            answer.lines = file
                .lines
                .iter()
                .map(|(name, value, at)| Line { name: name.clone(), value: value.clone(), at: Some(*at) })
                .collect();
        }
        self.response = Some(answer);
    }
}
