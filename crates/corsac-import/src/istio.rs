//! `corsPolicy` in the `VirtualService` of Istio, which Envoy carries out.

#[cfg(test)]
mod tests;

use std::rc::Rc;

use crate::document::{Node, Text};
use crate::error::ImportError;
use crate::example::example;
use crate::files::Files;
use crate::filter::{
    Allowed, Behaviour, Declared, Expressions, Filter, Matcher, Names, Refusal, Route, When, escape, joined,
    not_read, own, path_expression, slug, without_effect,
};
use crate::kubernetes::{ADDED_HEADERS, ENVOY, beside_cors, name, of_added_headers, resources, seconds};
use crate::note::{NoteKind, Noted};
use crate::server::{Matching, Mentioned, Server};

/// Reads the resources.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let mut reader = Reader { expressions: Expressions::default(), notes: Vec::new(), routes: Vec::new() };
    for resource in resources(files, &["VirtualService"])? {
        reader.virtual_service(&resource);
    }
    let Reader { expressions, mut notes, routes } = reader;
    notes.extend(expressions.notes);
    Ok(Box::new(Declared { routes, otherwise: Some(404), notes, ..Declared::default() }))
}

struct Reader {
    expressions: Expressions,
    notes: Vec<Noted>,
    routes: Vec<Route>,
}

impl Reader {
    fn virtual_service(&mut self, resource: &Node) {
        let Some(spec) = resource.get("spec") else { return };
        let hosts: Vec<String> = spec
            .get("hosts")
            .map(Node::texts)
            .unwrap_or_default()
            .into_iter()
            .map(|host| host.text)
            .collect();
        let hosts = if hosts.iter().any(|host| host == "*") { Vec::new() } else { hosts };
        let routes = spec.get("http").map(Node::items).unwrap_or_default();
        for (number, http) in routes.iter().enumerate() {
            let named = http.text_of("name").map_or_else(
                || if routes.len() > 1 { number.saturating_add(1).to_string() } else { String::new() },
                str::to_owned,
            );
            let mut route = Route::new(&slug(&[name(resource), &named]), ENVOY, Vec::new(), http.at);
            route.part = self.routes.len();
            self.filter(http, &mut route);
            if answers_itself(http) {
                let status = http
                    .path(&["directResponse", "status"])
                    .or_else(|| http.path(&["redirect", "redirectCode"]))
                    .and_then(Node::whole_number);
                let status = status.and_then(|status| u16::try_from(status).ok()).unwrap_or(301);
                route.fails = Some((status, http.at));
            } else if ["route", "delegate"].iter().all(|key| http.get(key).is_none()) {
                let why = "Istio refuses the resource, because this entry has none of `route`, `redirect` and `directResponse`.";
                self.notes.push(without_effect(
                    http.at,
                    why,
                    "Say where its requests go: `route: [{destination: {host: app}}]`.",
                ));
            }
            let matches = http.get("match").map(Node::items).unwrap_or_default();
            if matches.is_empty() {
                route.when = vec![When { hosts: hosts.clone(), ..When::always() }];
                self.routes.push(route);
                continue;
            }
            for node in matches {
                let mut route = route.clone();
                route.when = vec![self.condition(node, &hosts, &mut route.is_more_than_prefix)];
                self.routes.push(route);
            }
        }
    }

    fn filter(&mut self, http: &Node, route: &mut Route) {
        let added = self.added(http);
        let by_headers = of_added_headers(&added);
        let cors = http.entry("corsPolicy").filter(|(_, cors)| !cors.is_null());
        if let Some((key, _)) = cors.filter(|_| answers_itself(http)) {
            let why = "Envoy's CORS filter does nothing for a route that answers itself, so this policy has no effect.";
            self.notes.push(without_effect(key.at, why, "Put it at the route that the request ends at."));
        }
        let Some((key, cors)) = cors.filter(|_| !answers_itself(http)) else {
            if let Some(filter) = by_headers {
                route.filters.push(Rc::new(filter));
                route.behaviour = ADDED_HEADERS;
                route.added = beside_cors(added);
            } else {
                route.added = added.into_iter().map(|(name, value)| (name, value.text)).collect();
            }
            return;
        };
        if let Some(filter) = by_headers {
            let why = "This header is set beside `corsPolicy`. Only what `corsPolicy` does is read.";
            self.notes.push(not_read(filter.at, why));
        }
        route.added = added.into_iter().map(|(name, value)| (name, value.text)).collect();
        let mut filter = Filter::new(key.at);
        let old = cors.entry("allowOrigin");
        match cors.get("allowOrigins").filter(|origins| !origins.items().is_empty()) {
            Some(origins) => {
                for origin in origins.items() {
                    let allowed = self.origin(origin);
                    filter.origins.extend(allowed);
                }
                if let Some((key, _)) = old {
                    let why = "Istio reads `allowOrigin` only where there is no `allowOrigins`, so these origins are not allowed.";
                    self.notes.push(without_effect(
                        key.at,
                        why,
                        "Write them in `allowOrigins`: `- exact: https://app.example.com`.",
                    ));
                }
            }
            None => {
                let old = old.map(|(_, origins)| origins.texts()).unwrap_or_default();
                filter.origins.extend(old.iter().map(|text| everybody(Allowed::exact(text))));
            }
        }
        of_envoy(cors, &mut filter);
        if let Some(age) = cors.get("maxAge") {
            match age.text().and_then(seconds) {
                Some(seconds) => filter.max_age = Some(Text { text: seconds.to_string(), at: age.at }),
                None => self.notes.push(without_effect(
                    age.at,
                    "This is no duration like `24h`, so Istio refuses the resource.",
                    "Write a number with a unit: `24h`.",
                )),
            }
        }
        let is_kept = cors.text_of("unmatchedPreflights") == Some("IGNORE");
        if is_kept {
            route.behaviour = Behaviour { refused_preflight: Refusal::OriginLeftOut, ..ENVOY };
        }
        route.filters.push(Rc::new(filter));
    }

    /// The headers that are added to responses, at the route and at what it leads to. One that is set takes the place of those before.
    fn added(&mut self, http: &Node) -> Vec<(String, Text)> {
        let mut added = Vec::new();
        add_headers(http, &mut added);
        let destinations = http.get("route").map(Node::items).unwrap_or_default();
        let [first, others @ ..] = destinations else { return added };
        add_headers(first, &mut added);
        let headers = |destination: &Node| {
            let mut own = Vec::new();
            add_headers(destination, &mut own);
            own.into_iter().map(|(name, value)| (name, value.text)).collect::<Vec<_>>()
        };
        if let Some(other) = others.iter().find(|other| headers(other) != headers(first)) {
            let why =
                "The destinations of this route add different headers. Only those of the first one are read.";
            self.notes.push(not_read(other.at, why));
        }
        added
    }

    fn origin(&mut self, node: &Node) -> Option<Allowed> {
        let (key, value) = node.entries().first()?;
        let text = Text { text: value.text()?.to_owned(), at: value.at };
        let allowed = match key.text.as_str() {
            "exact" => Allowed::exact(&text),
            "prefix" => Allowed {
                matcher: Matcher::Prefix(text.text.clone()),
                sent: None,
                mentioned: Some(Mentioned::Pattern {
                    pattern: text.text.clone(),
                    expression: escape(&text.text),
                    matching: Matching::Prefix,
                    ignores_case: false,
                }),
                at: text.at,
            },
            "regex" => self.expressions.allowed(&text, Matching::Whole, false),
            other => {
                self.notes.push(without_effect(
                    key.at,
                    format!("`{other}` is none of `exact`, `prefix` and `regex`."),
                    "Write `exact` with the whole origin.",
                ));
                return None;
            }
        };
        self.notes.extend(never_matches(&key.text, &text, &allowed.matcher));
        Some(everybody(allowed))
    }

    /// One entry of `match`.
    fn condition(&mut self, node: &Node, hosts: &[String], more: &mut Option<String>) -> When {
        let mut when = When { hosts: hosts.to_vec(), ..When::always() };
        for (key, value) in node.entries() {
            match key.text.as_str() {
                "uri" => {
                    let ignores_case = node.get("ignoreUriCase").and_then(Node::boolean) == Some(true);
                    if let Some(expression) = value.get("regex") {
                        let text = own(expression.text().unwrap_or_default().to_owned(), expression.at);
                        let (path, begins) =
                            path_expression(&text, Matching::Whole, false, &mut self.expressions);
                        (when.path, when.begins) = (path, Some(begins));
                    } else {
                        when.path = self.comparison(value, ignores_case);
                    }
                }
                "method" => when.method = self.comparison(value, false),
                "headers" => {
                    for (name, value) in value.entries() {
                        when.headers.push((name.text.clone(), self.comparison(value, false)));
                    }
                }
                "queryParams" => when.path = Matcher::Nothing,
                _ => {}
            }
            if !["uri", "name", "ignoreUriCase", "gateways", "port", "scheme"].contains(&key.text.as_str()) {
                *more = Some(format!("The route asks for `{}`, too.", key.text));
            }
        }
        when
    }

    fn comparison(&mut self, node: &Node, ignores_case: bool) -> Matcher {
        let Some((key, value)) = node.entries().first() else { return Matcher::Any };
        let text = Text { text: value.text().unwrap_or_default().to_owned(), at: value.at };
        match key.text.as_str() {
            "exact" if ignores_case => Matcher::IgnoringCase(text.text),
            "exact" => Matcher::Exact(text.text),
            "prefix" => Matcher::Prefix(text.text),
            "regex" => self.expressions.matcher(&text, Matching::Whole, false),
            _ => Matcher::Nothing,
        }
    }
}

/// Returns `true` if it redirects, or answers with a text.
fn answers_itself(http: &Node) -> bool {
    ["redirect", "directResponse"].iter().any(|key| http.get(key).is_some())
}

/// Adds `headers.response`.
fn add_headers(node: &Node, added: &mut Vec<(String, Text)>) {
    let Some(response) = node.path(&["headers", "response"]) else { return };
    for way in ["set", "add"] {
        for (key, value) in response.get(way).map(Node::entries).unwrap_or_default() {
            let Some(text) = value.text() else { continue };
            if way == "set" {
                added.retain(|(name, _)| !name.eq_ignore_ascii_case(&key.text));
            }
            added.push((key.text.clone(), Text { text: text.to_owned(), at: value.at }));
        }
    }
}

/// A note about a comparison that means something else than it looks like.
fn never_matches(kind: &str, text: &Text, matcher: &Matcher) -> Option<Noted> {
    let after_scheme = text.text.split_once("://").map(|(_, rest)| rest);
    match kind {
        "prefix" if after_scheme.is_some_and(|rest| rest.contains('/')) => {
            let (scheme, rest) = text.text.split_once("://")?;
            let meant = format!("{scheme}://{}", rest.split('/').next().unwrap_or_default());
            let why = format!("No origin begins with `{}`: an origin has no path.", text.text);
            let instead = format!("Write `exact: {meant}`, with a host and no path.");
            Some(Noted::new(NoteKind::Dead, "origin-never-matches", text.at, why).instead(instead))
        }
        "regex" if text.text.contains("://*") => {
            let why = format!(
                "In the expression `{}` the `*` repeats the slash before it, and stands for no part of a host.",
                text.text
            );
            Some(without_effect(
                text.at,
                why,
                r"For all subdomains write `https://[a-z0-9.-]+\.example\.com`.",
            ))
        }
        "regex" if text.text.contains(":*") && refuses_ports(&text.text, matcher) => {
            let why = format!(
                "In the expression `{}` the `*` repeats the colon before it, so no origin with a port matches.",
                text.text
            );
            Some(without_effect(text.at, why, "For each port write `(:[0-9]+)?`."))
        }
        _ => None,
    }
}

/// Returns `true` if the expression refuses what stands before the `:*`, and what it matches, as soon as that has a port.
fn refuses_ports(expression: &str, matcher: &Matcher) -> bool {
    let before = expression.split(":*").next().unwrap_or_default();
    let origins: Vec<String> = [before, expression].into_iter().filter_map(example).collect();
    let takes = |origin: &String| matcher.matches(Some(&format!("{}:8080", origin.trim_end_matches(':'))));
    matches!(matcher, Matcher::Expression(_)) && !origins.is_empty() && !origins.iter().any(takes)
}

/// Envoy compares each matcher with `*` first: what matches that matches every origin.
pub(crate) fn everybody(allowed: Allowed) -> Allowed {
    if allowed.matcher.matches(Some("*")) {
        Allowed { mentioned: None, ..Allowed::any(allowed.at) }
    } else {
        allowed
    }
}

/// The fields that Istio and Envoy Gateway have alike, as Envoy's filter gets them.
pub(crate) fn of_envoy(cors: &Node, filter: &mut Filter) {
    let texts = |key: &str| cors.get(key).map(Node::texts).unwrap_or_default();
    let names = |key: &str| {
        let texts = texts(key);
        // Only `*` alone stands for what is asked for.
        if texts.len() == 1 { Names::listed_or_asked(&texts, ",") } else { Names::listed(&texts, ",") }
    };
    filter.methods = names("allowMethods");
    filter.headers = names("allowHeaders");
    filter.exposed = joined(&texts("exposeHeaders"), ",");
    filter.credentials = cors
        .get("allowCredentials")
        .filter(|credentials| credentials.boolean() == Some(true))
        .map(|credentials| credentials.at);
}
