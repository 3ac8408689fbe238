//! Where routers and middlewares stand: a dynamic configuration, labels of containers, objects of Kubernetes.

use std::collections::HashMap;

use crate::document::{Node, Text, Value};
use crate::files::At;

/// One setting of a router or a middleware, with the names of what it is in.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// In lower case: `headers`, `accesscontrolmaxage`.
    path: Vec<String>,
    /// The last name as it is written.
    pub(super) original: String,
    texts: Vec<Text>,
    is_label: bool,
    pub(super) at: At,
}

impl Setting {
    /// The name below the kind of the middleware.
    pub(super) fn key(&self) -> &str {
        self.path.get(1).map_or("", String::as_str)
    }

    pub(super) fn text(&self) -> Option<&str> {
        self.texts.first().map(|text| text.text.as_str())
    }

    /// The items; in a label they have commas between them.
    pub(super) fn list(&self) -> Vec<Text> {
        if !self.is_label {
            return self.texts.clone();
        }
        let parts = self.texts.iter().flat_map(|text| {
            text.text.split(',').map(|part| Text { text: part.trim().to_owned(), at: text.at })
        });
        parts.filter(|part| !part.text.is_empty()).collect()
    }

    /// The first name: the kind of a middleware, or the setting of a router.
    pub(super) fn kind(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }
}

/// A router or a middleware.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) at: At,
    pub(super) settings: Vec<Setting>,
    /// Whether it stands in labels.
    pub(super) is_label: bool,
}

#[derive(Debug, Default)]
pub(super) struct Everything {
    pub(super) routers: Vec<Declared>,
    pub(super) middlewares: Vec<Declared>,
    /// By the kind and the name, for labels, which repeat them.
    of_labels: HashMap<(bool, String), usize>,
    /// Labels of Traefik 1 that name headers of CORS.
    pub(super) of_version_1: Vec<At>,
}

impl Everything {
    pub(super) fn of(documents: &[Node]) -> Self {
        let mut everything = Self::default();
        for document in documents {
            everything.take(document);
        }
        everything
    }

    fn take(&mut self, document: &Node) {
        if let Some((_, http)) = document.relaxed("http") {
            for (key, routers) in [("routers", true), ("middlewares", false)] {
                let Some((_, named)) = http.relaxed(key) else { continue };
                for (name, node) in named.entries() {
                    let list = if routers { &mut self.routers } else { &mut self.middlewares };
                    list.push(declared(&name.text, name.at, node));
                }
            }
        }
        match document.text_of("kind") {
            Some("List") => {
                for item in document.get("items").map(Node::items).unwrap_or_default() {
                    self.kubernetes(item);
                }
            }
            Some(_) => self.kubernetes(document),
            None => {}
        }
        self.labels(document);
    }

    fn kubernetes(&mut self, object: &Node) {
        let name = object.path(&["metadata", "name"]).and_then(Node::text).unwrap_or("unnamed");
        let namespace = object.path(&["metadata", "namespace"]).and_then(Node::text).unwrap_or("default");
        let Some(spec) = object.get("spec") else { return };
        match object.text_of("kind") {
            Some("Middleware") => {
                let at = object.path(&["metadata", "name"]).map_or(object.at, |name| name.at);
                self.middlewares.push(declared(&format!("{namespace}-{name}"), at, spec));
            }
            Some("IngressRoute") => {
                for route in spec.get("routes").map(Node::items).unwrap_or_default() {
                    let mut router = declared(name, route.at, route);
                    let middlewares = route.get("middlewares").map(Node::items).unwrap_or_default();
                    let full = |middleware: &Node| {
                        let own = middleware.text_of("namespace").unwrap_or(namespace);
                        Some(Text {
                            text: format!("{own}-{}", middleware.text_of("name")?),
                            at: middleware.at,
                        })
                    };
                    let names = middlewares.iter().filter_map(full).collect();
                    router.settings.retain(|setting| setting.kind() != "middlewares");
                    router.settings.push(setting(&["middlewares"], names, route.at));
                    router.settings.iter_mut().filter(|setting| setting.kind() == "match").for_each(
                        |setting| {
                            setting.path = vec!["rule".to_owned()];
                        },
                    );
                    self.routers.push(router);
                }
            }
            Some("Ingress") => self.ingress(object, name),
            _ => {}
        }
    }

    fn ingress(&mut self, object: &Node, name: &str) {
        let annotations = object.path(&["metadata", "annotations"]);
        let middlewares = annotations
            .and_then(|annotations| annotations.entry("traefik.ingress.kubernetes.io/router.middlewares"));
        let Some((_, middlewares)) = middlewares else { return };
        for rule in object.path(&["spec", "rules"]).map(Node::items).unwrap_or_default() {
            let host = rule.text_of("host").map(|host| format!("Host(`{host}`)"));
            for path in rule.path(&["http", "paths"]).map(Node::items).unwrap_or_default() {
                let function = if path.text_of("pathType") == Some("Exact") { "Path" } else { "PathPrefix" };
                let path_rule = format!("{function}(`{}`)", path.text_of("path").unwrap_or("/"));
                let rule_text = host.iter().cloned().chain([path_rule]).collect::<Vec<_>>().join(" && ");
                let rule = setting(&["rule"], vec![Text { text: rule_text, at: path.at }], path.at);
                let mut list = setting(&["middlewares"], middlewares.texts(), middlewares.at);
                list.is_label = true;
                let settings = vec![rule, list];
                self.routers.push(Declared { name: name.to_owned(), at: path.at, settings, is_label: false });
            }
        }
    }

    /// Labels stand below `labels`, wherever that is.
    fn labels(&mut self, node: &Node) {
        for (key, inside) in node.entries() {
            if key.text != "labels" {
                self.labels(inside);
                continue;
            }
            for (key, label) in inside.entries() {
                self.label(&key.text, label.text().unwrap_or_default(), key.at);
            }
            if let Value::List(items) = &inside.value {
                for item in items {
                    let (key, value) = item.text().and_then(|text| text.split_once('=')).unwrap_or_default();
                    self.label(key, value, item.at);
                }
            }
        }
        if let Value::List(items) = &node.value {
            items.iter().for_each(|item| self.labels(item));
        }
    }

    fn label(&mut self, key: &str, value: &str, at: At) {
        let lower = key.trim().to_ascii_lowercase();
        if lower.starts_with("traefik.") && lower.contains("frontend.headers.") {
            let is_of_cors = value.to_ascii_lowercase().contains("access-control-");
            self.of_version_1.extend(is_of_cors.then_some(at));
        }
        let mut names = key.trim().split('.');
        let is =
            |name: Option<&str>, wanted: &str| name.is_some_and(|name| name.eq_ignore_ascii_case(wanted));
        if !is(names.next(), "traefik") || !is(names.next(), "http") {
            return;
        }
        let is_router = match names.next() {
            Some(kind) if kind.eq_ignore_ascii_case("routers") => true,
            Some(kind) if kind.eq_ignore_ascii_case("middlewares") => false,
            _ => return,
        };
        let Some(name) = names.next() else { return };
        let path: Vec<&str> = names.take(6).collect();
        let list = if is_router { &mut self.routers } else { &mut self.middlewares };
        let number = *self.of_labels.entry((is_router, name.to_ascii_lowercase())).or_insert_with(|| {
            list.push(Declared { name: name.to_owned(), at, settings: Vec::new(), is_label: true });
            list.len().saturating_sub(1)
        });
        // In a file for Compose a `$` is written twice.
        let text = Text { text: with_defaults(value.trim()).replace("$$", "$"), at };
        let mut setting = setting(&path, vec![text], at);
        setting.is_label = true;
        if let Some(declared) = list.get_mut(number) {
            declared.settings.push(setting);
        }
    }
}

/// The text with the default of each variable that has one: `${ORIGIN:-https://app.example.com}`.
fn with_defaults(text: &str) -> String {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        replaced.push_str(before);
        let Some((inside, after)) = behind.split_once('}').filter(|_| !before.ends_with('$')) else {
            replaced.push_str("${");
            rest = behind;
            continue;
        };
        let end = inside.find(|each: char| !each.is_ascii_alphanumeric() && each != '_');
        let default = end.and_then(|end| {
            let written = inside.get(end..)?;
            written.strip_prefix(":-").or_else(|| written.strip_prefix('-'))
        });
        match default {
            Some(default) => replaced.push_str(default),
            None => replaced.push_str(&format!("${{{inside}}}")),
        }
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

fn setting(path: &[&str], texts: Vec<Text>, at: At) -> Setting {
    // An item of a list may have its number: `list[0]`.
    let lower = |name: &&str| name.split('[').next().unwrap_or_default().to_ascii_lowercase();
    Setting {
        path: path.iter().map(lower).collect(),
        original: path.last().map_or(String::new(), |name| (*name).to_owned()),
        texts,
        is_label: false,
        at,
    }
}

fn declared(name: &str, at: At, node: &Node) -> Declared {
    let mut settings = Vec::new();
    flat(node, &mut Vec::new(), &mut settings);
    Declared { name: name.to_owned(), at, settings, is_label: false }
}

/// The settings of a map, with those of the maps in it.
fn flat<'n>(node: &'n Node, path: &mut Vec<&'n str>, settings: &mut Vec<Setting>) {
    for (key, value) in node.entries() {
        path.push(&key.text);
        match &value.value {
            Value::Map(_) if path.len() < 6 => flat(value, path, settings),
            // A chain of Kubernetes has objects with names.
            Value::List(items) if items.iter().any(|item| item.get("name").is_some()) => {
                let name = |item: &Node| {
                    let name = item.text_of("name")?;
                    let namespace = item.text_of("namespace").unwrap_or("default");
                    Some(Text { text: format!("{namespace}-{name}"), at: item.at })
                };
                settings.push(setting(path, items.iter().filter_map(name).collect(), key.at));
            }
            _ => settings.push(setting(path, value.texts(), key.at)),
        }
        path.pop();
    }
}
