//! The parts of a configuration whose answers can differ: its frontends, and the hosts and paths for which its rules decide.

use corsac::header::HeaderList;

use super::assumption::Assumptions;
use super::configuration::{Action, Configuration, Proxy, Rule};
use super::entrances::{Entrances, FRONTEND, MadeUp, candidates, host_label, is_about_cors, main, number};
use super::exchange::{Arrival, chosen};
use super::matcher::Matcher;
use super::parts::{
    ANY_HOST, Host, MOST_PLACES, Part, in_condition, is_prefix_expression, of_assumptions, trimmed, why,
};
use super::subjects::Subjects;
use crate::headers::is_of_cors;
use crate::server::{Asked, Behind, Place};

/// All places, and the ways into them.
pub(super) fn places(configuration: &Configuration) -> (Vec<Place>, Entrances) {
    let candidates = candidates(configuration);
    let main = main(configuration, &candidates);
    let mut found = Places { configuration, places: Vec::new(), entrances: Entrances::of(configuration) };
    for frontend in &candidates {
        if !is_about_cors(configuration, frontend) {
            continue;
        }
        let is_main = main.is_some_and(|main| std::ptr::eq(*main, *frontend));
        let name = host_label(&frontend.name, frontend.at);
        found.push(frontend, is_main, &Part::new(name, frontend.at));
        found.parts(frontend, is_main);
    }
    (found.places, found.entrances)
}

struct Places<'c> {
    configuration: &'c Configuration,
    places: Vec<Place>,
    entrances: Entrances,
}

impl<'c> Places<'c> {
    /// The parts of a frontend for which its conditions name hosts or paths, or something that has to be assumed.
    fn parts(&mut self, frontend: &'c Proxy, is_main: bool) {
        let configuration = self.configuration;
        let subjects = Subjects::of(configuration, frontend);
        let assumptions = Assumptions::of(configuration);
        let label = host_label(&frontend.name, frontend.at);
        let mut ways: Vec<(&str, Part)> = Vec::new();
        for choice in &frontend.use_backend {
            let Some(condition) = &choice.condition else { continue };
            let name = choice.name.literal();
            let named = |proxy: &&Proxy| proxy.has_servers && name.as_ref() == Some(&proxy.name);
            let backend = configuration.proxies.iter().find(named);
            if backend.is_some_and(is_empty) {
                continue;
            }
            let matters = frontend.is_about_cors() || backend.is_none_or(Proxy::is_about_cors);
            let assumed = if matters { assumptions.of_condition(condition, frontend) } else { Vec::new() };
            for mut part in in_condition(&subjects, condition, frontend, choice.at, &assumed) {
                part.name = name.clone().unwrap_or_else(|| label.clone());
                // The request has to get there: an earlier line may take it away.
                if backend.is_none_or(|backend| self.arrives_at(frontend, &part, backend)) {
                    self.push(frontend, is_main, &part);
                    ways.extend(backend.map(|backend| (backend.name.as_str(), part)));
                }
            }
        }
        let proxies =
            configuration.proxies.iter().filter(|proxy| std::ptr::eq(*proxy, frontend) || proxy.has_servers);
        for proxy in proxies {
            for rule in proxy.rules().filter(|rule| rule.is_about_cors() || !rule.samples().is_empty()) {
                let assumed =
                    if sends_cors_headers(rule) { assumptions.of_rule(rule, proxy) } else { Vec::new() };
                let found = match &rule.condition {
                    Some(condition) => in_condition(&subjects, condition, proxy, rule.at, &assumed),
                    None => of_assumptions(&assumed, rule.at),
                };
                for mut part in found {
                    part.name.clone_from(&label);
                    self.push(frontend, is_main, &part);
                    let ways =
                        ways.iter().filter(|(name, _)| *name == proxy.name && !std::ptr::eq(proxy, frontend));
                    ways.for_each(|(_, way)| self.push(frontend, is_main, &part.by(way)));
                }
            }
        }
    }

    fn arrives_at(&self, frontend: &Proxy, part: &Part, backend: &Proxy) -> bool {
        let Some(path) = part.path() else { return false };
        let behind = Behind::answers(200);
        let headers = HeaderList::new();
        let host = part.host.as_ref().map_or(ANY_HOST, |host| &host.name);
        let scheme = if frontend.is_tls { "https" } else { "http" };
        let asked = Asked { method: "GET", scheme, host, path: &path, headers: &headers, behind: &behind };
        let arrival = Arrival { frontend, asked: &asked, host, assumed: &part.assumption };
        std::ptr::eq(chosen(self.configuration, arrival), backend)
    }

    fn push(&mut self, frontend: &Proxy, is_main: bool, part: &Part) {
        let Some(path) = part.path() else { return };
        if self.places.len() >= MOST_PLACES {
            return;
        }
        let host = self.asked_host(frontend, is_main, part);
        if self.places.iter().any(|place| place.host == host && place.path == path) {
            return;
        }
        let (prefix, mut why) = match &part.key {
            None => (None, None),
            Some((Matcher::Beginning, _)) => (Some(trimmed(&path)), None),
            Some((Matcher::Expression, key)) if is_prefix_expression(&key.text) => {
                (Some(trimmed(&path)), None)
            }
            Some((Matcher::Whole, key)) => (Some(trimmed(&path)), Some(why(Matcher::Whole, &key.text))),
            // The path is one of many.
            Some((matcher, key)) => (None, Some(why(*matcher, &key.text))),
        };
        if !part.assumption.is_empty() {
            let assumed = part.assumption.why();
            why = Some(why.map_or_else(|| assumed.clone(), |why| format!("{why} {assumed}")));
        }
        let prefix = prefix.filter(|prefix| !prefix.is_empty());
        let name = part
            .name
            .chars()
            .map(|character| if character.is_ascii_alphanumeric() { character } else { '-' })
            .collect();
        self.places.push(Place { name, host, path, prefix, is_more_than_prefix: why, at: part.at });
    }

    /// The host to ask for. One is made up where a host does not say which part is meant.
    fn asked_host(&mut self, frontend: &Proxy, is_main: bool, part: &Part) -> Option<String> {
        let proxy = number(self.configuration, frontend);
        let host = part.host.as_ref().map_or(ANY_HOST, |host| &host.name);
        let (asked, proxy, written) = match &part.host {
            _ if !part.assumption.is_empty() => {
                let written =
                    part.host.as_ref().map(|host| host.written.clone().unwrap_or(host.name.clone()));
                (None, Some(proxy), written)
            }
            Some(Host { written: Some(written), .. }) => (Some(host.to_owned()), None, Some(written.clone())),
            Some(Host { written: None, .. }) => return Some(host.to_owned()),
            None if is_main => return None,
            None => (Some(format!("{}{FRONTEND}", self.entrances.label(proxy)?)), Some(proxy), None),
        };
        let assumption = part.assumption.clone();
        let known = self.entrances.made_up.iter().find(|known| {
            known.host == host
                && known.proxy == proxy
                && known.assumption == assumption
                && known.written == written
        });
        if let Some(known) = known {
            return Some(known.asked.clone());
        }
        let count = self.entrances.made_up.len();
        let asked = asked.unwrap_or_else(|| format!("assumption-{count}{FRONTEND}"));
        let host = host.to_owned();
        self.entrances.made_up.push(MadeUp { asked: asked.clone(), proxy, host, written, assumption });
        Some(asked)
    }
}

/// Whether a backend has nothing that answers. It is a part that is not there yet: every answer is 503, whatever the policy.
fn is_empty(proxy: &Proxy) -> bool {
    let answers =
        |rule: &Rule| matches!(rule.action, Action::Reply(_) | Action::Redirect { .. } | Action::Service);
    proxy.servers == 0
        && !proxy.error_files.contains_key(&503)
        && !proxy.request.iter().any(|rule| answers(rule))
}

/// Whether a rule sends headers of CORS with an answer that a page can use.
fn sends_cors_headers(rule: &Rule) -> bool {
    match &rule.action {
        Action::LuaRequest(_) | Action::LuaResponse(_) => true,
        Action::Reply(reply) if reply.status >= 400 => false,
        Action::Reply(_) => rule.is_about_cors(),
        _ => rule.header_values().iter().any(|(name, _)| is_of_cors(name)),
    }
}
