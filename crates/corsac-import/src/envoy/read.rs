//! Finds tables of routes in a document, wherever they stand in it, and reads them. Names are those of Envoy's API, as YAML has them or as JSON does:
//! `virtual_hosts`, `virtualHosts`.

use super::configuration::{
    Action, Added, Append, Configuration, HeaderChanges, HeaderCondition, HeaderMatch, PathMatch, Policy,
    Redirect, Route, Table, VirtualHost,
};
use super::matcher::{TextMatch, TextMatcher};
use super::notes::not_read_beside;
use super::policies::{cors_filters, filter_notes, policy, typed_policy};
use crate::document::{Node, Value, yaml_or_json};
use crate::error::ImportError;
use crate::files::{At, Files};
use crate::headers::is_of_cors;
use crate::note::{NoteKind, Noted, header_name};

/// The most expressions of a configuration.
const MOST_EXPRESSIONS: usize = 2_000;
/// The most routes.
const MOST_ROUTES: usize = 20_000;

/// Reads the file.
///
/// # Errors
///
/// Fails if it is no YAML or JSON, or has no routes.
pub(super) fn read(files: &mut Files<'_>) -> Result<(Configuration, Vec<Noted>), ImportError> {
    let documents = yaml_or_json(files, 0)?;
    let mut reader = Reader::default();
    for document in &documents {
        reader.walk(document, None);
    }
    if reader.tables.is_empty() {
        for document in &documents {
            reader.part(document);
        }
    }
    if reader.tables.is_empty() {
        let line = documents.first().map_or(1, |document| document.at.line);
        let why = "This has no routes of Envoy: no `virtual_hosts`, and no list of routes with `match`.";
        return Err(ImportError::new(files.name(0), line, why));
    }
    reader.notes_about_filters();
    let tables = reader.tables.into_iter().map(|found| found.table).collect();
    Ok((Configuration { tables }, reader.notes))
}

/// What a connection manager says that matters.
#[derive(Clone, Copy)]
struct Manager<'n> {
    node: &'n Node,
    filters: &'n Node,
}

#[derive(Default)]
pub(super) struct Reader {
    pub(super) tables: Vec<Found>,
    /// Whether a connection manager has the filter, for those that get their routes from elsewhere.
    pub(super) managers: Vec<bool>,
    pub(super) notes: Vec<Noted>,
    /// Notes about filters, for a configuration that has policies.
    pub(super) about_filters: Vec<Noted>,
    /// The names of the CORS filters of the connection manager that is read; empty if they are not known.
    pub(super) filters: Vec<String>,
    expressions: usize,
    routes: usize,
}

pub(super) struct Found {
    pub(super) table: Table,
    pub(super) filters_are_known: bool,
}

/// The value of a field of Envoy's API: `allow_origin` or `allowOrigin`.
pub(super) fn field<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    node.get(name).or_else(|| node.get(&camel_case(name)))
}

fn camel_case(name: &str) -> String {
    let mut text = String::new();
    let mut is_next_upper = false;
    for character in name.chars() {
        if character == '_' {
            is_next_upper = true;
        } else if std::mem::take(&mut is_next_upper) {
            text.push(character.to_ascii_uppercase());
        } else {
            text.push(character);
        }
    }
    text
}

pub(super) fn text_field(node: &Node, name: &str) -> Option<String> {
    field(node, name).and_then(Node::text).map(str::to_owned)
}

/// A boolean, also as `{value: true}`.
pub(super) fn boolean_field(node: &Node, name: &str) -> Option<bool> {
    let value = field(node, name)?;
    value.boolean().or_else(|| value.get("value").and_then(Node::boolean))
}

impl Reader {
    fn walk<'n>(&mut self, node: &'n Node, manager: Option<Manager<'n>>) {
        let mut manager = manager;
        if let Some(filters) =
            field(node, "http_filters").filter(|filters| matches!(filters.value, Value::List(_)))
        {
            manager = Some(Manager { node, filters });
            self.managers.push(!cors_filters(filters).is_empty());
            self.about_filters.extend(filter_notes(filters));
        }
        if field(node, "virtual_hosts").is_some() {
            self.table(node, manager);
            return;
        }
        match &node.value {
            Value::List(items) => items.iter().for_each(|item| self.walk(item, manager)),
            Value::Map(entries) => entries.iter().for_each(|(_, item)| self.walk(item, manager)),
            _ => {}
        }
    }

    /// A virtual host, or routes, without what is around them.
    fn part(&mut self, node: &Node) {
        let host = if node.get("routes").is_some() {
            self.host(node)
        } else {
            let routes: Vec<Route> = node.items().iter().filter_map(|item| self.route(item)).collect();
            if routes.is_empty() {
                return;
            }
            VirtualHost {
                name: "default".to_owned(),
                at: node.at,
                domains: vec!["*".to_owned()],
                redirects_to_tls: false,
                headers: HeaderChanges::default(),
                policy: None,
                routes,
            }
        };
        let table = Table {
            has_filter: true,
            normalizes: true,
            merges_slashes: true,
            headers: HeaderChanges::default(),
            policy: None,
            hosts: vec![host],
        };
        self.tables.push(Found { table, filters_are_known: false });
    }

    fn table(&mut self, node: &Node, manager: Option<Manager<'_>>) {
        self.filters = manager.map(|manager| cors_filters(manager.filters)).unwrap_or_default();
        let hosts = field(node, "virtual_hosts").map(Node::items).unwrap_or_default();
        let hosts = hosts.iter().map(|host| self.host(host)).collect();
        let says =
            |name: &str| manager.is_none_or(|manager| boolean_field(manager.node, name).unwrap_or(false));
        let table = Table {
            has_filter: manager.is_none() || !self.filters.is_empty(),
            normalizes: says("normalize_path"),
            merges_slashes: says("merge_slashes"),
            headers: self.header_changes(node),
            policy: typed_policy(self, node),
            hosts,
        };
        self.filters.clear();
        self.tables.push(Found { table, filters_are_known: manager.is_some() });
    }

    fn host(&mut self, node: &Node) -> VirtualHost {
        let domains: Vec<String> = field(node, "domains")
            .map(Node::texts)
            .unwrap_or_default()
            .into_iter()
            .map(|domain| domain.text.to_ascii_lowercase())
            .collect();
        let old = node.get("cors").map(|old| policy(self, old));
        VirtualHost {
            name: text_field(node, "name").unwrap_or_else(|| "default".to_owned()),
            at: node.at,
            domains: if domains.is_empty() { vec!["*".to_owned()] } else { domains },
            redirects_to_tls: matches!(
                text_field(node, "require_tls").as_deref(),
                Some("ALL" | "EXTERNAL_ONLY" | "1" | "2")
            ),
            headers: self.header_changes(node),
            policy: self.either_policy(node, old),
            routes: node
                .get("routes")
                .map(Node::items)
                .unwrap_or_default()
                .iter()
                .filter_map(|route| self.route(route))
                .collect(),
        }
    }

    fn route(&mut self, node: &Node) -> Option<Route> {
        let matched = node.get("match")?;
        self.routes = self.routes.saturating_add(1);
        if self.routes > MOST_ROUTES {
            return None;
        }
        let text = |name: &str| text_field(matched, name);
        let expression = field(matched, "safe_regex")
            .and_then(|regex| text_field(regex, "regex"))
            .or_else(|| text("regex"));
        let path = if let Some(prefix) = text("prefix") {
            PathMatch::Prefix(prefix)
        } else if let Some(path) = text("path") {
            PathMatch::Whole(path)
        } else if let Some(path) = text("path_separated_prefix") {
            PathMatch::Segments(path)
        } else if let Some(expression) = expression {
            PathMatch::Expression(self.expression(&expression, matched.at))
        } else {
            PathMatch::Any
        };
        let conditions = field(matched, "headers").map(Node::items).unwrap_or_default();
        let headers_match = conditions.iter().filter_map(|condition| self.header_match(condition)).collect();
        let fraction =
            field(matched, "runtime_fraction").and_then(|fraction| field(fraction, "default_value"));
        let is_off = fraction
            .is_some_and(|value| value.get("numerator").and_then(Node::whole_number).unwrap_or(0) == 0);
        let asks_for: Vec<String> =
            ["query_parameters", "grpc", "dynamic_metadata", "connect_matcher", "cookies"]
                .iter()
                .filter(|name| field(matched, name).is_some())
                .map(|name| (*name).to_owned())
                .collect();
        if let Some(misplaced) = node.get("cors") {
            let message = "A route has no field `cors`, and Envoy does not start with one.";
            self.notes.push(Noted::new(NoteKind::Dead, "without-effect", misplaced.at, message).instead(
                "Move it into `route:`, or into `typed_per_filter_config` under the name of the CORS filter.",
            ));
        }
        let action = if let Some(direct) = field(node, "direct_response") {
            let status = direct.get("status").and_then(Node::whole_number);
            Action::Direct(status.and_then(|status| u16::try_from(status).ok()).unwrap_or(200))
        } else if let Some(redirect) = node.get("redirect") {
            Action::Redirect(read_redirect(redirect))
        } else {
            Action::Forward
        };
        let old = node.get("route").and_then(|action| action.get("cors")).map(|old| policy(self, old));
        Some(Route {
            name: text_field(node, "name").unwrap_or_default(),
            at: node.at,
            path,
            ignores_case: boolean_field(matched, "case_sensitive") == Some(false),
            headers_match,
            never: is_off || !asks_for.is_empty(),
            asks_for,
            action,
            headers: self.header_changes(node),
            policy: self.either_policy(node, old),
        })
    }

    /// The policy of a part; `old` is the one of the field `cors`.
    fn either_policy(&mut self, node: &Node, old: Option<Policy>) -> Option<Policy> {
        let typed = typed_policy(self, node);
        if let (Some(typed), Some(old)) = (&typed, &old) {
            self.notes.push(not_read_beside(old.at, typed.at));
        }
        typed.or(old)
    }

    fn header_changes(&mut self, node: &Node) -> HeaderChanges {
        let removed = field(node, "response_headers_to_remove").map(Node::texts).unwrap_or_default();
        let added = field(node, "response_headers_to_add").map(Node::items).unwrap_or_default();
        let of_request = field(node, "request_headers_to_add").map(Node::items).unwrap_or_default();
        for added in of_request.iter().filter_map(added_header) {
            let Added { name, at, .. } = added;
            if is_response_header(&name) {
                let message = format!(
                    "`request_headers_to_add` sets `{}` in the request that goes to the cluster. Browsers read it in responses, and never see this one.",
                    header_name(&name)
                );
                self.notes.push(
                    Noted::new(NoteKind::Dead, "without-effect", at, message)
                        .instead("Write `response_headers_to_add` instead, or a policy of the CORS filter."),
                );
            }
        }
        HeaderChanges {
            remove: removed.into_iter().map(|name| name.text.to_ascii_lowercase()).collect(),
            add: added.iter().filter_map(added_header).collect(),
        }
    }

    pub(super) fn expression(&mut self, text: &str, at: At) -> TextMatcher {
        self.expressions = self.expressions.saturating_add(1);
        // One that cannot be compiled stands for those that are too many.
        let matcher =
            TextMatcher::expression(if self.expressions > MOST_EXPRESSIONS { "(" } else { text }, at);
        if !matcher.is_understood() {
            let message = format!(
                "The regular expression `{text}` is not understood, so it is taken as one that nothing matches."
            );
            self.notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", at, message));
        }
        matcher
    }

    /// `exact: ...`, `safe_regex: {regex: ...}` and so on.
    pub(super) fn text_matcher(&mut self, node: &Node) -> Option<TextMatcher> {
        let ignores_case = boolean_field(node, "ignore_case").unwrap_or(false);
        let forms = [
            ("exact", TextMatch::Exact),
            ("prefix", TextMatch::Prefix),
            ("suffix", TextMatch::Suffix),
            ("contains", TextMatch::Contains),
        ];
        for (name, kind) in forms {
            if let Some((key, value)) = node.entry(name) {
                return Some(TextMatcher { at: key.at, text: value.text()?.to_owned(), kind, ignores_case });
            }
        }
        let (text, at) = match field(node, "safe_regex") {
            Some(regex) => {
                let regex = regex.get("regex")?;
                (regex.text()?, regex.at)
            }
            None => {
                let (key, value) = node.entry("regex")?;
                (value.text()?, key.at)
            }
        };
        Some(self.expression(text, at))
    }

    fn header_match(&mut self, node: &Node) -> Option<HeaderMatch> {
        let text =
            |name: &str| field(node, name).and_then(|value| Some((value.text()?.to_owned(), value.at)));
        let plain = |found: Option<(String, At)>, kind: TextMatch| {
            found.map(|(text, at)| HeaderCondition::Text(TextMatcher { at, text, kind, ignores_case: false }))
        };
        let what = if let Some(present) = boolean_field(node, "present_match") {
            HeaderCondition::Present(present)
        } else if let Some(matcher) = field(node, "string_match") {
            HeaderCondition::Text(self.text_matcher(matcher)?)
        } else if let Some(regex) = field(node, "safe_regex_match").and_then(|regex| regex.get("regex")) {
            HeaderCondition::Text(self.expression(regex.text()?, regex.at))
        } else if let Some((regex, at)) = text("regex_match") {
            HeaderCondition::Text(self.expression(&regex, at))
        } else if let Some(range) = field(node, "range_match") {
            let end = |name: &str| range.get(name).and_then(Node::whole_number);
            HeaderCondition::Range(end("start").unwrap_or(0), end("end").unwrap_or(0))
        } else {
            plain(text("exact_match"), TextMatch::Exact)
                .or_else(|| plain(text("prefix_match"), TextMatch::Prefix))
                .or_else(|| plain(text("suffix_match"), TextMatch::Suffix))
                .or_else(|| plain(text("contains_match"), TextMatch::Contains))
                .unwrap_or(HeaderCondition::Present(true))
        };
        Some(HeaderMatch {
            name: text_field(node, "name")?.to_ascii_lowercase(),
            what,
            inverted: boolean_field(node, "invert_match").unwrap_or(false),
            missing_is_empty: boolean_field(node, "treat_missing_header_as_empty").unwrap_or(false),
        })
    }
}

/// Whether a header of CORS is one that browsers read.
fn is_response_header(name: &str) -> bool {
    is_of_cors(name) && !name.starts_with("access-control-request-")
}

fn read_redirect(node: &Node) -> Redirect {
    let status = match text_field(node, "response_code").as_deref() {
        Some("FOUND" | "1") => 302,
        Some("SEE_OTHER" | "2") => 303,
        Some("TEMPORARY_REDIRECT" | "3") => 307,
        Some("PERMANENT_REDIRECT" | "4") => 308,
        _ => 301,
    };
    Redirect {
        status,
        https: boolean_field(node, "https_redirect").unwrap_or(false),
        scheme: text_field(node, "scheme_redirect"),
        host: text_field(node, "host_redirect"),
        path: text_field(node, "path_redirect"),
        prefix: text_field(node, "prefix_rewrite"),
    }
}

fn added_header(node: &Node) -> Option<Added> {
    let header = node.get("header")?;
    let how = match text_field(node, "append_action").as_deref() {
        Some("ADD_IF_ABSENT" | "1") => Append::IfAbsent,
        Some("OVERWRITE_IF_EXISTS_OR_ADD" | "2") => Append::Overwrite,
        Some("OVERWRITE_IF_EXISTS" | "3") => Append::OverwriteIfPresent,
        Some(_) => Append::Always,
        None if boolean_field(node, "append") == Some(false) => Append::Overwrite,
        None => Append::Always,
    };
    let value = header.get("value");
    Some(Added {
        at: value.map_or(header.at, |value| value.at),
        name: text_field(header, "key")?.to_ascii_lowercase(),
        value: value.and_then(Node::text).unwrap_or_default().to_owned(),
        how,
        keeps_empty: boolean_field(node, "keep_empty_value").unwrap_or(false),
    })
}
