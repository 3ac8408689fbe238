//! The options of the package [`cors`](https://www.npmjs.com/package/cors) 2.8 for Express, as JSON or as the code that has them.

use crate::document::{CODE, Node, Text, Value, javascript};
use crate::error::ImportError;
use crate::files::{At, Files};
use crate::filter::{
    Allowed, Application, Behaviour, Declared, Expressions, Filter, Names, PLAIN, Refusal, Route, Varies,
    joined, not_read, without_effect,
};
use crate::note::Noted;
use crate::server::{Matching, Server};

/// As `lib/index.js` of version 2.8.6 has it: each `OPTIONS` is answered; to an origin that is not allowed everything but
/// `Access-Control-Allow-Origin` is sent; headers that the application sets later replace these.
const EXPRESS: Behaviour = Behaviour {
    answers: Some(204),
    any_options: true,
    without_origin: Refusal::OriginLeftOut,
    refused: Refusal::OriginLeftOut,
    refused_preflight: Refusal::OriginLeftOut,
    exposes_to_preflights: true,
    application: Application::Kept,
    ..PLAIN
};

const VARY: &[(&str, Varies)] = &[("Origin", Varies::Always)];
const VARY_HEADERS: &[(&str, Varies)] = &[("Access-Control-Request-Headers", Varies::Preflights)];
const VARY_BOTH: &[(&str, Varies)] =
    &[("Origin", Varies::Requests), ("Origin, Access-Control-Request-Headers", Varies::Preflights)];

const OPTIONS: [&str; 10] = [
    "origin",
    "methods",
    "allowedHeaders",
    "headers",
    "exposedHeaders",
    "credentials",
    "maxAge",
    "preflightContinue",
    "optionsSuccessStatus",
    "preflight",
];

/// Reads the options.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let defaults = files.text(0).contains("cors()");
    let node = match javascript(files, 0)? {
        Some(node) => inner(&node).clone(),
        None if defaults => {
            let line = files.text(0).lines().position(|line| line.contains("cors()")).unwrap_or(0);
            Node { at: At { file: 0, line: line.saturating_add(1) }, value: Value::Map(Vec::new()) }
        }
        None => {
            let why = "There are no options of `cors` here. Expected is an object like `{\"origin\": [\"https://app.example.com\"]}`, or `cors({...})`.";
            return Err(ImportError::new(files.name(0), 1, why));
        }
    };
    let mut reader = Reader { expressions: Expressions::default(), notes: Vec::new() };
    let mut route = Route::new("express", EXPRESS, Vec::new(), node.at);
    reader.route(&node, &mut route);
    let mut notes = reader.expressions.notes;
    notes.append(&mut reader.notes);
    // The package is a part of the application, and has no option to pass on only what is not a preflight.
    let irrelevant = &["application-header-kept", "options-taken-for-preflight"];
    Ok(Box::new(Declared { routes: vec![route], notes, irrelevant, ..Declared::default() }))
}

/// The options themselves, if they are the value of the only entry: `{"cors": {...}}`.
fn inner(node: &Node) -> &Node {
    match node.entries() {
        [(key, value)] if key.text.to_ascii_lowercase().contains("cors") => value,
        _ => node,
    }
}

struct Reader {
    expressions: Expressions,
    notes: Vec<Noted>,
}

impl Reader {
    fn route(&mut self, node: &Node, route: &mut Route) {
        for (key, _) in node.entries().iter().filter(|(key, _)| !OPTIONS.contains(&key.text.as_str())) {
            self.notes.push(not_read(
                key.at,
                format!("`{}` is no option of `cors`, so nothing comes of it.", key.text),
            ));
        }
        let mut filter = Filter::new(node.at);
        let Some(varies) = self.origins(node, &mut filter) else { return };
        filter.methods = match self.names(node.get("methods")) {
            Some(names) => Names::listed(&names, ","),
            None => Names::Listed {
                names: Vec::new(),
                sent: "GET,HEAD,PUT,PATCH,POST,DELETE".to_owned(),
                at: node.at,
            },
        };
        let headers = ["allowedHeaders", "headers"].iter().find_map(|key| self.names(node.get(key)));
        let echoes = headers.is_none();
        filter.headers = match headers {
            Some(names) => Names::listed(&names, ","),
            None => Names::Asked { at: node.at },
        };
        filter.exposed = self.names(node.get("exposedHeaders")).and_then(|names| joined(&names, ","));
        if let Some(credentials) = node.get("credentials") {
            match credentials.value {
                Value::Bool(true) => filter.credentials = Some(credentials.at),
                Value::Bool(false) | Value::Null => {}
                _ => self.notes.push(without_effect(
                    credentials.at,
                    "Only `credentials: true` allows credentials, and this is something else.",
                    "Write `true` without quotes.",
                )),
            }
        }
        if let Some(age) = node.get("maxAge") {
            match age.text() {
                Some(text) => filter.max_age = Some(Text { text: text.to_owned(), at: age.at }),
                None => self.code(age),
            }
        }
        let passes_on = node.get("preflightContinue").and_then(Node::boolean) == Some(true);
        let status = node.get("optionsSuccessStatus").and_then(Node::whole_number);
        let status = status.and_then(|status| u16::try_from(status).ok()).unwrap_or(204);
        route.behaviour = Behaviour {
            answers: (!passes_on).then_some(status),
            vary: match (varies, echoes) {
                (true, true) => VARY_BOTH,
                (true, false) => VARY,
                (false, true) => VARY_HEADERS,
                (false, false) => &[],
            },
            ..EXPRESS
        };
        route.filters = vec![filter.into()];
    }

    /// Reads `origin`. `None`: the middleware does nothing. Otherwise whether responses vary.
    fn origins(&mut self, node: &Node, filter: &mut Filter) -> Option<bool> {
        let Some(origin) = node.get("origin") else {
            filter.origins.push(Allowed::everybody("*", node.at));
            return Some(false);
        };
        match &origin.value {
            Value::Bool(false) => return None,
            Value::Null => {
                self.notes.push(without_effect(origin.at, "An origin that is not set turns `cors` off: no headers are sent, and nobody answers preflights.", "Write `false` if that is meant, or the origins."));
                return None;
            }
            Value::Text(text) if text.is_empty() => return None,
            Value::Text(text) if text == "*" => {
                filter.origins.push(Allowed::everybody("*", origin.at));
                return Some(false);
            }
            Value::Text(text) if expression(text).is_none() => {
                filter.origins.push(Allowed::everybody(text, origin.at));
            }
            Value::List(items) => items.iter().for_each(|item| self.origin(item, filter, true)),
            _ => self.origin(origin, filter, false),
        }
        if filter.origins.is_empty() && !matches!(origin.value, Value::List(_)) {
            return None;
        }
        Some(true)
    }

    /// An item of the list, or the only one.
    fn origin(&mut self, node: &Node, filter: &mut Filter, is_item: bool) {
        let at = node.at;
        match &node.value {
            Value::Text(text) => match expression(text) {
                Some((source, flags)) => self.expression(source, flags, at, filter),
                None => filter.origins.push(Allowed::exact(&Text { text: text.clone(), at })),
            },
            Value::List(items) => items.iter().for_each(|item| self.origin(item, filter, true)),
            Value::Null | Value::Bool(false) => {}
            Value::Map(_) => {
                let own = |key| node.text_of(key);
                if let Some(text) = own("regexp").or_else(|| own("regex")).or_else(|| own("pattern")) {
                    let (source, flags) =
                        expression(text).unwrap_or((text, own("flags").unwrap_or_default()));
                    self.expression(source, flags, at, filter);
                } else if let Some(code) = own(CODE) {
                    let is_function = code.contains("=>") || code.starts_with("function");
                    if is_item && is_function {
                        // Inside of a list, a function is not called: it counts as true.
                        filter.origins.push(Allowed::any(at));
                    } else {
                        self.code(node);
                    }
                } else {
                    filter.origins.push(Allowed::any(at));
                }
            }
            Value::Bool(true) | Value::Number(_) => filter.origins.push(Allowed::any(at)),
        }
    }

    fn expression(&mut self, source: &str, flags: &str, at: At, filter: &mut Filter) {
        if flags.contains(['g', 'y']) {
            let why = format!(
                "The flag `g` or `y` makes `/{source}/{flags}` remember where it stopped, so the same origin is allowed at one request and refused at the next."
            );
            self.notes.push(without_effect(at, why, "Leave the flag out."));
        }
        let matching = if flags.contains('y') { Matching::Prefix } else { Matching::Search };
        let text = Text { text: source.to_owned(), at };
        filter.origins.push(self.expressions.allowed(&text, matching, flags.contains('i')));
    }

    /// The names of a list or a text. `None`: the option is not set.
    fn names(&mut self, node: Option<&Node>) -> Option<Vec<Text>> {
        let node = node?;
        match &node.value {
            Value::Null | Value::Bool(false) => None,
            Value::Text(text) if text.is_empty() => None,
            Value::Map(_) => {
                self.code(node);
                None
            }
            _ => {
                let unread: Vec<&Node> = node.items().iter().filter(|item| item.text().is_none()).collect();
                unread.into_iter().for_each(|item| self.code(item));
                Some(node.texts())
            }
        }
    }

    fn code(&mut self, node: &Node) {
        let code: String = node
            .text_of(CODE)
            .unwrap_or("this")
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(60)
            .collect();
        self.notes.push(not_read(
            node.at,
            format!(
                "`{code}` is code, and only running it would tell what it allows. Nothing is read from it."
            ),
        ));
    }
}

/// The source and the flags of `/.../i`.
fn expression(text: &str) -> Option<(&str, &str)> {
    let (source, flags) = text.strip_prefix('/')?.rsplit_once('/')?;
    (!source.is_empty() && flags.chars().all(|flag| "dgimsuvy".contains(flag))).then_some((source, flags))
}
