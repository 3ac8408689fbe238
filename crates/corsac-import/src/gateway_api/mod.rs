//! Filters of the type `CORS` in `HTTPRoute` resources of the Gateway API, and `SecurityPolicy` resources of Envoy Gateway.

mod refused;
mod security_policy;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::rc::Rc;

use crate::document::{Node, Text};
use crate::error::ImportError;
use crate::files::Files;
use crate::filter::{
    Allowed, Behaviour, Declared, Expressions, Filter, Matcher, Names, PLAIN, Refusal, Route, Star, When,
    joined, not_read, own, path_expression, slug, without_effect,
};
use crate::kubernetes::{ADDED_HEADERS, ENVOY, beside_cors, name, of_added_headers, resources};
use crate::note::{NoteKind, Noted};
use crate::server::{Matching, Server};
use refused::{refused_lists, refused_origin};

/// As [`HTTPCORSFilter`](https://gateway-api.sigs.k8s.io/reference/spec/#httpcorsfilter) has it: preflights never reach what is behind, a refused one gets no headers, and
/// nothing is said about `Vary`.
const GATEWAY_API: Behaviour =
    Behaviour { answers: Some(204), refused_preflight: Refusal::Answered(204), ..PLAIN };

/// Envoy Gateway keeps preflights that it refuses.
const ENVOY_GATEWAY: Behaviour = Behaviour { refused_preflight: Refusal::OriginLeftOut, ..ENVOY };

/// Reads the resources.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let mut reader = Reader { expressions: Expressions::default(), notes: Vec::new(), routes: Vec::new() };
    let resources = resources(files, &["HTTPRoute", "SecurityPolicy"])?;
    let (policies, routes): (Vec<&Node>, Vec<&Node>) =
        resources.iter().partition(|resource| resource.text_of("kind") == Some("SecurityPolicy"));
    let mut part = 0_usize;
    for resource in routes {
        let resource = Rc::new(resource.clone());
        for rule in resource.path(&["spec", "rules"]).map(Node::items).unwrap_or_default() {
            reader.rule(&resource, rule, part);
            part = part.saturating_add(1);
        }
    }
    if !policies.is_empty() {
        // Their labels can be selected. A file without any is no mistake.
        let gateways = self::resources(files, &["Gateway"]).unwrap_or_default();
        reader.security_policies(&policies, &gateways, &mut part);
    }
    let Reader { expressions, mut notes, mut routes } = reader;
    notes.extend(expressions.notes);
    routes.sort_by_key(|ruled| Reverse(ruled.rank));
    let routes = routes.into_iter().map(|ruled| ruled.route).collect();
    Ok(Box::new(Declared { routes, otherwise: Some(404), notes, ..Declared::default() }))
}

/// Which match counts: hosts with more letters, exact paths, longer prefixes, matches with a method, those with more headers.
type Rank = (usize, u8, usize, bool, usize);

struct Reader {
    expressions: Expressions,
    notes: Vec<Noted>,
    routes: Vec<Ruled>,
}

/// A match of a rule, with what policies are attached by.
struct Ruled {
    rank: Rank,
    route: Route,
    /// The `HTTPRoute`; null for what is not from one.
    resource: Rc<Node>,
    /// The name of the rule.
    rule: Option<String>,
}

/// What the filters of a rule do for CORS.
struct Filters {
    behaviour: Behaviour,
    filters: Vec<Rc<Filter>>,
    /// The status, if one of them answers.
    status: Option<u16>,
    added: Vec<(String, String)>,
}

impl Reader {
    fn rule(&mut self, resource: &Rc<Node>, rule: &Node, part: usize) {
        let hosts = resource.path(&["spec", "hostnames"]).map(Node::texts).unwrap_or_default();
        let hosts: Vec<String> = hosts.into_iter().map(|host| host.text).collect();
        let Filters { behaviour, filters, status, added } = self.filters(rule);
        let matches = rule.get("matches").map(Node::items).unwrap_or_default();
        let whole = Node { at: rule.at, value: crate::document::Value::Map(Vec::new()) };
        let matches = if matches.is_empty() { std::slice::from_ref(&whole) } else { matches };
        let named = rule.text_of("name").unwrap_or_default();
        let mut noted = false;
        for node in matches {
            let mut route = Route::new(&slug(&[name(resource), named]), behaviour, filters.clone(), rule.at);
            let (when, mut rank) = self.condition(node, &hosts, &mut route.is_more_than_prefix);
            rank.0 = hosts.iter().map(String::len).max().unwrap_or(0);
            if let (Matcher::Exact(method), false, Some(filter)) = (&when.method, noted, filters.first())
                && method != "OPTIONS"
                && !matches.iter().any(|node| node.text_of("method") == Some("OPTIONS"))
            {
                noted = true;
                let why = format!(
                    "The rule takes the method {method} alone. Not every gateway takes preflights, which are `OPTIONS`, for such a rule."
                );
                self.notes.push(
                    Noted::new(NoteKind::Fragile, "preflight-passed-on", filter.at, why)
                        .instead("Add a match for the same path with `method: OPTIONS`."),
                );
            }
            route.added = added.clone();
            route.when = vec![when];
            route.part = part;
            route.fails = status.map(|status| (status, rule.at));
            let rule = rule.text_of("name").map(str::to_owned);
            self.routes.push(Ruled { rank, route, resource: Rc::clone(resource), rule });
        }
    }

    /// Reads the filters of a rule.
    fn filters(&mut self, rule: &Node) -> Filters {
        let mut found = Vec::new();
        let mut added: Vec<(String, Text)> = Vec::new();
        let mut status = None;
        for node in rule.get("filters").map(Node::items).unwrap_or_default() {
            match node.text_of("type") {
                Some("CORS") => {
                    if let Some((key, cors)) = node.entry("cors") {
                        found.push(Rc::new(self.cors(cors, key.at)));
                    }
                }
                Some("ResponseHeaderModifier") => {
                    for key in ["set", "add"] {
                        let headers =
                            node.path(&["responseHeaderModifier", key]).map(Node::items).unwrap_or_default();
                        added.extend(headers.iter().filter_map(|header| {
                            let value = header.get("value")?;
                            Some((
                                header.text_of("name")?.to_owned(),
                                Text { text: value.text()?.to_owned(), at: value.at },
                            ))
                        }));
                    }
                }
                Some("RequestRedirect") => {
                    let code = node.path(&["requestRedirect", "statusCode"]).and_then(Node::whole_number);
                    status = Some(code.and_then(|code| u16::try_from(code).ok()).unwrap_or(302));
                }
                _ => {}
            }
        }
        if let Some(filter) = found.first().filter(|_| status.is_some()) {
            let why = "The rule redirects each request. Gateways that are built on Envoy send no CORS headers with a redirect and redirect preflights, too, and browsers refuse both.";
            let instead = "Put the filter at the rule that the redirect leads to, and let pages ask there.";
            self.notes.push(without_effect(filter.at, why, instead));
            found.clear();
        }
        let by_headers = of_added_headers(&added);
        if let (Some(filter), false) = (&by_headers, found.is_empty()) {
            let why = "This header is set beside the filter of the type `CORS`. Only what that does is read.";
            self.notes.push(not_read(filter.at, why));
        }
        match by_headers {
            Some(filter) if found.is_empty() => {
                let added = beside_cors(added);
                Filters { behaviour: ADDED_HEADERS, filters: vec![filter.into()], status, added }
            }
            _ => {
                found.truncate(1);
                let added = added.into_iter().map(|(name, value)| (name, value.text)).collect();
                Filters { behaviour: GATEWAY_API, filters: found, status, added }
            }
        }
    }

    fn cors(&mut self, cors: &Node, at: crate::files::At) -> Filter {
        let texts = |key: &str| cors.get(key).map(Node::texts).unwrap_or_default();
        let mut filter = Filter::new(at);
        let credentials = cors.get("allowCredentials").filter(|value| value.boolean() == Some(true));
        filter.credentials = credentials.map(|value| value.at);
        self.notes.extend(refused_lists(cors));
        for text in texts("allowOrigins") {
            if let Some(refused) = refused_origin(&text) {
                self.notes.push(refused);
                continue;
            }
            filter.origins.push(match text.text.as_str() {
                // With credentials the origin has to be sent back.
                "*" if filter.credentials.is_some() => Allowed::any(text.at),
                "*" => Allowed { sent: Some("*".to_owned()), ..Allowed::any(text.at) },
                origin if origin.contains('*') => Allowed::glob(&text, Star::Host),
                _ => Allowed::exact(&text),
            });
        }
        let names = |texts: &[Text]| match filter.credentials {
            Some(_) => Names::listed_or_asked(texts, ", "),
            None => Names::listed(texts, ", "),
        };
        // What is refused in lower case has its note.
        let mut methods = texts("allowMethods");
        methods.retain(|method| !method.text.bytes().any(|byte| byte.is_ascii_lowercase()));
        let (methods, headers) = (names(&methods), names(&texts("allowHeaders")));
        filter.methods = methods;
        filter.headers = headers;
        let exposed = texts("exposeHeaders");
        let is_star = exposed.iter().any(|name| name.text == "*");
        filter.exposed = joined(&exposed, ", ").filter(|_| !is_star || filter.credentials.is_none());
        let age = cors.get("maxAge");
        let seconds = age.and_then(Node::whole_number).filter(|seconds| *seconds >= 1).unwrap_or(5);
        filter.max_age = Some(Text { text: seconds.to_string(), at: age.map_or(at, |age| age.at) });
        filter
    }

    fn condition(&mut self, node: &Node, hosts: &[String], more: &mut Option<String>) -> (When, Rank) {
        let mut when = When { hosts: hosts.to_vec(), takes_preflights: true, ..When::always() };
        let path = node.get("path");
        let value = path.and_then(|path| path.get("value"));
        let text = value.and_then(Node::text).unwrap_or("/").to_owned();
        let kind = path.and_then(|path| path.text_of("type")).unwrap_or("PathPrefix");
        let length = text.len();
        let (matcher, exactness) = match kind {
            "Exact" => (Matcher::Exact(text), 2),
            "RegularExpression" => {
                let at = value.map_or(node.at, |value| value.at);
                let (matcher, begins) =
                    path_expression(&own(text, at), Matching::Whole, false, &mut self.expressions);
                when.begins = Some(begins);
                (matcher, 1)
            }
            _ => (Matcher::Below(text), 0),
        };
        when.path = matcher;
        if let Some(method) = node.text_of("method") {
            when.method = Matcher::Exact(method.to_owned());
            *more = Some(format!("The rule takes the method {method} alone."));
        }
        let headers = node.get("headers").map(Node::items).unwrap_or_default();
        for header in headers {
            let (Some(name), Some(value)) = (header.text_of("name"), header.get("value")) else { continue };
            let text = Text { text: value.text().unwrap_or_default().to_owned(), at: value.at };
            let matcher = match header.text_of("type") {
                Some("RegularExpression") => self.expressions.matcher(&text, Matching::Whole, false),
                _ => Matcher::Exact(text.text),
            };
            when.headers.push((name.to_owned(), matcher));
            *more = Some(format!("The rule asks for the header `{name}`, too."));
        }
        if node.get("queryParams").is_some_and(|parameters| !parameters.items().is_empty()) {
            when.path = Matcher::Nothing;
            *more = Some("The rule asks for a parameter of the query, too.".to_owned());
        }
        let rank = (0, exactness, length, node.get("method").is_some(), headers.len());
        (when, rank)
    }
}
