//! `Ingress` resources with the CORS annotations of ingress-nginx.

use std::cmp::Reverse;
use std::rc::Rc;

use regex_automata::meta::Regex;

use crate::asking::STRANGER;
use crate::document::{Node, Text};
use crate::error::ImportError;
use crate::files::{At, Files};
use crate::filter::{
    Allowed, Behaviour, Declared, Expressions, Filter, Matcher, Names, PLAIN, Route, When, escape, not_read,
    own, path_expression, slug, without_effect,
};
use crate::kubernetes::{name, resources};
use crate::note::{NoteKind, Noted};
use crate::server::{Matching, Server};

/// As the template `rootfs/etc/nginx/template/nginx.tmpl` of version 1.12 and later has it: an unanchored `if` on the origin, `more_set_headers` for every status,
/// and 204 for each `OPTIONS` of an origin that matches. No `Vary`.
const INGRESS_NGINX: Behaviour = Behaviour {
    answers: Some(204),
    any_options: true,
    lists_everywhere: true,
    exposes_to_preflights: true,
    ..PLAIN
};

const PREFIX: &str = "nginx.ingress.kubernetes.io/";
const METHODS: &str = "GET, PUT, POST, DELETE, PATCH, OPTIONS";
const HEADERS: &str = "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization";
const MAX_AGE: &str = "1728000";

/// What the annotations are checked with, `internal/ingress/annotations/cors/main.go`.
const ORIGINS: &str = r"\A((((([a-z]+://)?(\*\.)?[A-Za-z0-9\-.]*(:[0-9]+)?,?)|null)+)|\*)?\z";
const ORIGIN: &str = r"\A([a-z]+://(\*\.)?[A-Za-z0-9\-.]*(:[0-9]+)?|\*|null)?\z";

/// Reads the resources.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let mut reader = Reader {
        checks: [Regex::new(ORIGINS), Regex::new(ORIGIN)].map(Result::ok),
        expressions: Expressions::default(),
        notes: Vec::new(),
        routes: Vec::new(),
    };
    for (part, resource) in resources(files, &["Ingress"])?.iter().enumerate() {
        reader.ingress(resource, part);
    }
    let Reader { expressions, mut notes, mut routes, .. } = reader;
    notes.extend(expressions.notes);
    routes.sort_by_key(|(rank, _)| Reverse(*rank));
    let routes = routes.into_iter().map(|(_, route)| route).collect();
    Ok(Box::new(Declared { routes, otherwise: Some(404), notes, ..Declared::default() }))
}

/// Which location counts: named hosts before others, then exact paths, then longer ones.
type Rank = (usize, bool, usize);

struct Reader {
    /// For all origins together, and for each.
    checks: [Option<Regex>; 2],
    expressions: Expressions,
    notes: Vec<Noted>,
    routes: Vec<(Rank, Route)>,
}

impl Reader {
    fn ingress(&mut self, resource: &Node, part: usize) {
        let none = Node { at: resource.at, value: crate::document::Value::Null };
        let annotations = resource.path(&["metadata", "annotations"]).unwrap_or(&none);
        let filters: Vec<Rc<Filter>> = self.filter(annotations).into_iter().map(Rc::new).collect();
        self.snippets(annotations, filters.first().map(Rc::as_ref));
        // A path that is rewritten is an expression, too.
        let uses_expressions = annotation(annotations, "use-regex").and_then(Node::boolean) == Some(true)
            || annotation(annotations, "rewrite-target").is_some();
        let add = |reader: &mut Self, host: Option<&str>, path: Option<&Node>| {
            let mut route =
                Route::new(&slug(&[name(resource)]), INGRESS_NGINX, filters.clone(), annotations.at);
            route.at = path.map_or(resource.at, |path| path.at);
            route.part = part;
            let value = path.and_then(|path| path.get("path"));
            let text = value.and_then(Node::text).unwrap_or("/").to_owned();
            let mut begins = None;
            let (length, kind) = (text.len(), path.and_then(|path| path.text_of("pathType")));
            let matcher = match kind {
                Some("Exact") => Matcher::Exact(text),
                _ if uses_expressions => {
                    let at = value.map_or(resource.at, |value| value.at);
                    let expression = own(text, at);
                    let (matcher, path) =
                        path_expression(&expression, Matching::Prefix, true, &mut reader.expressions);
                    if matches!(matcher, Matcher::Expression(_)) {
                        route.is_more_than_prefix =
                            Some(format!("The path `{}` is a regular expression.", expression.text));
                    }
                    begins = Some(path);
                    matcher
                }
                Some("Prefix") => Matcher::Below(text),
                _ => Matcher::Prefix(text),
            };
            let hosts =
                host.filter(|host| !host.is_empty()).map(str::to_owned).into_iter().collect::<Vec<_>>();
            let rank = (hosts.first().map_or(0, String::len), kind == Some("Exact"), length);
            route.when = vec![When { hosts, begins, ..When::path(matcher) }];
            reader.routes.push((rank, route));
        };
        let rules = resource.path(&["spec", "rules"]).map(Node::items).unwrap_or_default();
        for rule in rules {
            let paths = rule.path(&["http", "paths"]).map(Node::items).unwrap_or_default();
            if paths.is_empty() {
                add(self, rule.text_of("host"), None);
            }
            paths.iter().for_each(|path| add(self, rule.text_of("host"), Some(path)));
        }
        if rules.is_empty() {
            add(self, None, None);
        }
    }

    fn filter(&mut self, annotations: &Node) -> Option<Filter> {
        let entry = annotations.entry(&format!("{PREFIX}enable-cors"));
        let is_true = |node: &Node| {
            node.text().is_some_and(|text| matches!(text, "1" | "t" | "T" | "TRUE" | "true" | "True"))
        };
        let Some((key, _)) = entry.filter(|(_, enabled)| is_true(enabled)) else {
            let others =
                annotations.entries().iter().find(|(key, _)| key.text.starts_with(&format!("{PREFIX}cors-")));
            if let Some((key, _)) = others {
                let why = match entry {
                    Some(_) => "This has no effect, because `enable-cors` is not \"true\".",
                    None => "This has no effect, because `enable-cors` is missing.",
                };
                self.notes.push(without_effect(
                    key.at,
                    why,
                    "Write `nginx.ingress.kubernetes.io/enable-cors: \"true\"` beside it.",
                ));
            }
            return None;
        };
        let at = key.at;
        let mut filter = Filter::new(at);
        let text = |name: &str| {
            annotation(annotations, name)
                .and_then(|node| Some(Text { text: node.text()?.to_owned(), at: node.at }))
        };
        match text("cors-allow-origin").filter(|text| !text.text.is_empty()) {
            Some(origins) => self.origins(&origins, &mut filter),
            None => filter.origins.push(Allowed::everybody("*", at)),
        }
        let is_false =
            |text: &Text| matches!(text.text.as_str(), "0" | "f" | "F" | "FALSE" | "false" | "False");
        let credentials = text("cors-allow-credentials");
        if !credentials.as_ref().is_some_and(is_false) {
            filter.credentials = Some(credentials.map_or(at, |text| text.at));
        }
        let mut notes = Vec::new();
        let mut valid = |name: &str, what: &str, default: &str, letters: fn(char) -> bool| {
            let given = text(name).filter(|text| !text.text.is_empty());
            let (given, refused): (Vec<Text>, Vec<Text>) =
                given.into_iter().partition(|text| text.text.chars().all(letters));
            notes.extend(refused.iter().map(|text| not_taken(name, text, what, default)));
            given.into_iter().next().unwrap_or_else(|| Text { text: default.to_owned(), at })
        };
        let is_method =
            |letter: char| letter.is_ascii_alphabetic() || letter == ',' || letter.is_whitespace();
        let is_header = |letter: char| {
            letter.is_ascii_alphanumeric() || "-_, ".contains(letter) || letter.is_whitespace()
        };
        let listed = |text: Text| Names::Listed { names: Vec::new(), sent: text.text, at: text.at };
        filter.methods = listed(valid("cors-allow-methods", "a list of methods", METHODS, is_method));
        filter.headers = listed(valid("cors-allow-headers", "a list of headers", HEADERS, is_header));
        filter.exposed = text("cors-expose-headers").filter(|text| {
            !text.text.is_empty() && text.text.chars().all(|letter| is_header(letter) || letter == '*')
        });
        let age = text("cors-max-age").filter(|text| !text.text.is_empty());
        let (age, refused): (Vec<Text>, Vec<Text>) =
            age.into_iter().partition(|text| text.text.parse::<i64>().is_ok());
        notes.extend(
            refused.iter().map(|text| not_taken("cors-max-age", text, "a number of seconds", MAX_AGE)),
        );
        filter.max_age =
            Some(age.into_iter().next().unwrap_or_else(|| Text { text: MAX_AGE.to_owned(), at }));
        self.notes.append(&mut notes);
        Some(filter)
    }

    /// The origins, as the controller checks them and writes them into its `if`.
    fn origins(&mut self, text: &Text, filter: &mut Filter) {
        let at = text.at;
        let without_blanks: String = text.text.chars().filter(|letter| !letter.is_whitespace()).collect();
        let [all, each] = &self.checks;
        let passes =
            |check: &Option<Regex>, text: &str| check.as_ref().is_none_or(|check| check.is_match(text));
        if !passes(all, &without_blanks) {
            let why = format!(
                "ingress-nginx does not take `{}` for a list of origins, and then allows every origin.",
                text.text
            );
            self.notes.push(
                without_effect(at, why, "Write `scheme://host`, with a port if there is one, with commas between them, and without a slash at the end."),
            );
            filter.origins.push(Allowed::everybody("*", at));
            return;
        }
        let origins: Vec<&str> =
            text.text.split(',').map(str::trim).filter(|origin| !origin.is_empty()).collect();
        if origins.contains(&"*") {
            filter.origins.push(Allowed::everybody("*", at));
            return;
        }
        for origin in origins {
            if passes(each, origin) {
                let pattern = escape(origin).replacen(r"\*", r"[A-Za-z0-9\-]+", 1);
                let expression = own(format!("({pattern})$"), at);
                let mut allowed = self.expressions.allowed(&expression, Matching::Search, true);
                if origin == "null" {
                    // Asking shows that it is allowed. It stands for no entry.
                    allowed.mentioned = None;
                } else if origin.starts_with("http") {
                    // What is before the scheme cannot be in an origin of a browser, so this is the entry itself.
                    allowed.mentioned = mentioned(origin).or(allowed.mentioned);
                }
                filter.origins.push(allowed);
            } else {
                let why =
                    format!("ingress-nginx leaves `{origin}` out, because it is no origin with a scheme.");
                self.notes.push(without_effect(at, why, "Write it as `https://host`."));
            }
        }
        if filter.origins.is_empty() {
            // The condition is missing from the template, so nothing is ever allowed.
            filter.origins.push(Allowed { matcher: Matcher::Nothing, sent: None, mentioned: None, at });
        }
    }

    /// What is written in nginx' own language is not read, except for what lets every origin in.
    fn snippets(&mut self, annotations: &Node, filter: Option<&Filter>) {
        for name in ["configuration-snippet", "server-snippet", "location-snippet"] {
            let Some((key, node)) = annotations.entry(&format!("{PREFIX}{name}")) else { continue };
            let text = node.text().unwrap_or_default().to_ascii_lowercase();
            if !text.contains("access-control-") && !text.contains("$http_origin") {
                continue;
            }
            let credentials = filter.is_some_and(|filter| filter.credentials.is_some())
                || text.lines().any(|line| line.contains(CREDENTIALS) && line.contains("true"));
            if sends_back_any_origin(&text) {
                self.notes.push(any_origin(key.at, name, credentials));
            }
            let why = format!(
                "`{name}` has CORS headers in nginx' own language, which are not read here. They are not in the policy: `more_set_headers` sends a header to origins that the annotations do not allow, too, and `add_header` sends it in addition to theirs."
            );
            self.notes
                .push(not_read(key.at, why).instead("Import them as nginx, with a `location` around them."));
        }
    }
}

const CREDENTIALS: &str = "access-control-allow-credentials";

/// Whether a snippet in lower case sends back the request's origin whatever it is: outside of any block.
fn sends_back_any_origin(snippet: &str) -> bool {
    let mut depth = 0_usize;
    snippet.lines().map(|line| line.split(" #").next().unwrap_or_default().trim()).any(|line| {
        if line.starts_with('#') {
            return false;
        }
        depth = depth.saturating_add(line.matches('{').count());
        let is_outside = depth == 0;
        depth = depth.saturating_sub(line.matches('}').count());
        is_outside && line.contains("access-control-allow-origin") && line.contains("$http_origin")
    })
}

fn any_origin(at: At, name: &str, credentials: bool) -> Noted {
    let what = format!("`{name}` sends back whichever origin asks");
    let note = if credentials {
        let message = format!(
            "{what}, with `Access-Control-Allow-Credentials: true`. Any site can read what its visitors may read here, whatever `cors-allow-origin` says."
        );
        Noted::new(NoteKind::Unsafe, "any-origin-with-credentials", at, message)
    } else {
        let message = format!("{what}, whatever `cors-allow-origin` says. That allows what `*` allows.");
        Noted::new(NoteKind::Fragile, "any-origin-echoed", at, message)
    };
    note.instead("Take the header out of the snippet, and list the origins in `cors-allow-origin`.")
        .origin(STRANGER)
}

/// A value that the controller does not take. It then uses what it has without one.
fn not_taken(name: &str, text: &Text, what: &str, default: &str) -> Noted {
    let why =
        format!("ingress-nginx does not take `{}` for {what}, and sends `{default}` instead.", text.text);
    let instead = match name {
        "cors-max-age" => "Write a number of seconds, such as \"600\".",
        _ => "List the names, with commas between them: there is no wildcard.",
    };
    without_effect(text.at, why, instead)
}

fn mentioned(origin: &str) -> Option<crate::server::Mentioned> {
    use crate::server::Mentioned;
    match origin.contains('*') {
        true => Some(Mentioned::Entry(origin.to_owned())),
        false => Some(Mentioned::Text { text: origin.to_owned(), ignores_case: true }),
    }
}

fn annotation<'n>(annotations: &'n Node, name: &str) -> Option<&'n Node> {
    annotations.get(&format!("{PREFIX}{name}"))
}

#[cfg(test)]
mod tests;
