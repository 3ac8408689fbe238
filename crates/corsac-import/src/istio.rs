//! `corsPolicy` in the `VirtualService` of Istio, which Envoy carries out.

use std::rc::Rc;

use crate::document::{Node, Text};
use crate::error::ImportError;
use crate::files::Files;
use crate::filter::{
    Allowed, Behaviour, Declared, Expressions, Filter, Matcher, Names, Refusal, Route, When, escape, joined,
    not_read, own, path_expression, slug, without_effect,
};
use crate::kubernetes::{ADDED_HEADERS, ENVOY, name, of_added_headers, resources, seconds};
use crate::note::Noted;
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
            if ["redirect", "directResponse"].iter().any(|key| http.get(key).is_some()) {
                if let Some(filter) = route.filters.pop() {
                    let why = "Envoy's CORS filter does nothing for a route that answers itself, so this policy has no effect.";
                    self.notes.push(without_effect(
                        filter.at,
                        why,
                        "Put it at the route that the request ends at.",
                    ));
                }
                let status = http.path(&["directResponse", "status"]).and_then(Node::whole_number);
                let status = status.and_then(|status| u16::try_from(status).ok()).unwrap_or(301);
                route.fails = Some((status, http.at));
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
        let response = http.path(&["headers", "response"]);
        let added = ["set", "add"].iter().filter_map(|key| response.and_then(|response| response.get(key)));
        let added: Vec<(String, Text)> = added
            .flat_map(Node::entries)
            .filter_map(|(key, node)| {
                Some((key.text.clone(), Text { text: node.text()?.to_owned(), at: node.at }))
            })
            .collect();
        let by_headers = of_added_headers(&added);
        let Some((key, cors)) = http.entry("corsPolicy").filter(|(_, cors)| !cors.is_null()) else {
            if let Some(filter) = by_headers {
                route.filters.push(Rc::new(filter));
                route.behaviour = ADDED_HEADERS;
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
        match cors.get("allowOrigins") {
            Some(origins) => {
                for origin in origins.items() {
                    let allowed = self.origin(origin);
                    filter.origins.extend(allowed);
                }
            }
            None => {
                let old = cors.get("allowOrigin").map(Node::texts).unwrap_or_default();
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

    fn origin(&mut self, node: &Node) -> Option<Allowed> {
        let (key, value) = node.entries().first()?;
        let text = Text { text: value.text()?.to_owned(), at: value.at };
        Some(everybody(match key.text.as_str() {
            "exact" => Allowed::exact(&text),
            "prefix" => Allowed {
                matcher: Matcher::Prefix(text.text.clone()),
                sent: None,
                mentioned: Some(Mentioned::Expression {
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
        }))
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
