//! What options of `cors` amount to.

use super::never_matches;
use crate::document::{CODE, Node, SPREAD, Text, Value};
use crate::files::At;
use crate::filter::{
    Allowed, Application, Behaviour, Expressions, Filter, Matcher, Names, PLAIN, Refusal, Route, Varies,
    When, joined, not_read, without_effect,
};
use crate::note::Noted;
use crate::server::Matching;

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

const OPTIONS: [&str; 9] = [
    "origin",
    "methods",
    "allowedHeaders",
    "headers",
    "exposedHeaders",
    "credentials",
    "maxAge",
    "preflightContinue",
    "optionsSuccessStatus",
];

/// Returns `true` if it is an option, or one was meant.
pub(super) fn is_option(key: &str) -> bool {
    OPTIONS.contains(&key) || meant(key).is_some()
}

/// The option that was meant with a name that is none.
fn meant(key: &str) -> Option<&'static str> {
    let plain = key.replace(['-', '_'], "").to_ascii_lowercase();
    let is_own = |option: &&&str| option.eq_ignore_ascii_case(&plain);
    Some(match plain.as_str() {
        "origins" | "alloworigin" | "alloworigins" | "allowedorigin" | "allowedorigins" => "origin",
        "method" | "allowmethods" | "allowedmethods" => "methods",
        "header" | "allowheader" | "allowheaders" | "allowedheader" => "allowedHeaders",
        "exposeheader" | "exposeheaders" | "exposedheader" => "exposedHeaders",
        "credential" | "allowcredentials" | "withcredentials" | "supportscredentials" => "credentials",
        "optionsuccessstatus" | "optionstatus" | "optionsstatus" | "successstatus" => "optionsSuccessStatus",
        _ => OPTIONS.iter().find(is_own)?,
    })
}

/// Reads options.
#[derive(Default)]
pub(super) struct Reader {
    /// Whether `"/.../"` stands for an expression, as it does in JSON.
    pub(super) is_json: bool,
    pub(super) expressions: Expressions,
    pub(super) notes: Vec<Noted>,
    /// Whether each `OPTIONS` fails.
    pub(super) fails: bool,
}

impl Reader {
    /// The routes that options amount to: one, and before it what fails.
    pub(super) fn route(&mut self, name: &str, node: &Node) -> Vec<Route> {
        for (key, value) in node.entries().iter().filter(|(key, _)| !OPTIONS.contains(&key.text.as_str())) {
            self.no_option(&key.text, key.at, value);
        }
        let mut route = Route::new(name, EXPRESS, Vec::new(), node.at);
        let mut filter = Filter::new(node.at);
        let Some(varies) = self.origins(node, &mut filter) else { return vec![route] };
        filter.methods = match node.get("methods") {
            Some(methods) => self.methods(methods, node.at),
            None => default_methods(node.at),
        };
        let headers = ["allowedHeaders", "headers"].iter().find_map(|key| self.names(node.get(key)));
        let echoes = headers.is_none();
        filter.headers = match headers {
            Some(names) => Names::listed(&names, ","),
            None => Names::Asked { at: node.at },
        };
        filter.exposed = self.names(node.get("exposedHeaders")).and_then(|names| joined(&names, ","));
        if let Some(credentials) = node.get("credentials") {
            match &credentials.value {
                Value::Bool(true) => filter.credentials = Some(credentials.at),
                Value::Bool(false) | Value::Null => {}
                Value::Map(_) => self.code(credentials),
                _ => self.notes.push(without_effect(
                    credentials.at,
                    "Only `credentials: true` allows credentials, and this is something else.",
                    "Write `true` without quotes.",
                )),
            }
        }
        match node.get("maxAge") {
            Some(age) if !matches!(age.value, Value::Null | Value::Bool(false)) => match age.text() {
                Some(text) => filter.max_age = Some(Text { text: text.to_owned(), at: age.at }),
                None => self.code(age),
            },
            _ => {}
        }
        let passes_on = node.get("preflightContinue").is_some_and(|passes| self.is_true(passes));
        let status = node.get("optionsSuccessStatus").and_then(|status| match status.value {
            Value::Map(_) => {
                self.code(status);
                None
            }
            _ => status.whole_number(),
        });
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
        match node.get("methods").filter(|methods| methods.is_null()) {
            Some(methods) => vec![self.failing(&route, methods.at), route],
            None => vec![route],
        }
    }

    /// What a key is that is no option.
    fn no_option(&mut self, key: &str, at: At, value: &Node) {
        if key == SPREAD || key.is_empty() {
            return self.code(value);
        }
        self.notes.push(match meant(key) {
            Some(option) => without_effect(
                at,
                format!("`{key}` is no option of `cors`, which ignores it. The option is called `{option}`."),
                &format!("Write `{option}`."),
            ),
            None => not_read(at, format!("`{key}` is no option of `cors`, so nothing comes of it.")),
        });
    }

    /// `methods` that is there without a value takes the default away, and `cors` reads a property of it at each `OPTIONS`.
    fn failing(&mut self, route: &Route, at: At) -> Route {
        self.fails = true;
        let why = "`methods` is set, but to nothing. That takes its default away, and every `OPTIONS` is an error with status 500, so browsers refuse each request that needs a preflight.";
        self.notes.push(without_effect(at, why, "Leave `methods` out, or list them."));
        let options = When { method: Matcher::Exact("OPTIONS".to_owned()), ..When::always() };
        Route { when: vec![options], fails: Some((500, at)), filters: Vec::new(), ..route.clone() }
    }

    fn methods(&mut self, node: &Node, at: At) -> Names {
        match &node.value {
            Value::Map(_) => {
                self.code(node);
                default_methods(at)
            }
            Value::Null | Value::Bool(_) => Names::Unset,
            _ => {
                let names = self.names(Some(node)).unwrap_or_default();
                for text in &names {
                    for name in text.text.split(',').map(str::trim) {
                        self.case_of_method(name, text.at);
                    }
                }
                Names::listed(&names, ",")
            }
        }
    }

    /// Browsers write `put` in upper case whatever a page writes, and `patch` not. That `put` allows nothing is found out by asking.
    fn case_of_method(&mut self, name: &str, at: At) {
        if name == "PATCH" || !name.eq_ignore_ascii_case("PATCH") {
            return;
        }
        let why = format!(
            "Browsers send `PATCH` as the page writes it, and compare methods byte by byte, so `{name}` does not allow `PATCH`."
        );
        self.notes.push(never_matches("method-never-matches", at, why, "Write `PATCH`.".to_owned()));
    }

    /// Is it something that JavaScript takes for true? Code is noted, and counts as false.
    fn is_true(&mut self, node: &Node) -> bool {
        match &node.value {
            Value::Map(entries) if entries.iter().any(|(key, _)| key.text == CODE) => {
                self.code(node);
                false
            }
            Value::Null | Value::Bool(false) => false,
            Value::Text(text) => !text.is_empty(),
            Value::Number(number) => number != "0",
            _ => true,
        }
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
            Value::Text(text) if !self.is_json || expression(text).is_none() => {
                let everybody = Allowed::everybody(text, origin.at);
                let is_quoted = self.is_quoted(text, origin.at);
                let mentioned = everybody.mentioned.clone().filter(|_| !is_quoted);
                filter.origins.push(Allowed { mentioned, ..everybody });
            }
            Value::List(items) if items.is_empty() => self.notes.push(without_effect(
                origin.at,
                "The list of origins is empty, so nobody may read.",
                "List the origins, or write `false` if nobody should.",
            )),
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
            Value::Text(text) if text == "*" => {
                let why =
                    "In a list, `*` is compared with the origin like every other text, so it never matches.";
                let instead = "Write `origin: \"*\"` without the list if every origin may read.";
                self.notes.push(never_matches(
                    "origin-never-matches",
                    at,
                    why.to_owned(),
                    instead.to_owned(),
                ));
            }
            Value::Text(text) => match expression(text).filter(|_| self.is_json) {
                Some((source, flags)) => self.expression(source, flags, at, filter),
                None if self.is_quoted(text, at) => {}
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

    /// Is it an expression that became a text because it stands in quotes? That is noted.
    fn is_quoted(&mut self, text: &str, at: At) -> bool {
        if expression(text).is_none() {
            return false;
        }
        let why = format!(
            "`{text}` stands in quotes, so it is a text and no regular expression, and is no origin that a browser sends."
        );
        let instead = "Take the quotes away.".to_owned();
        self.notes.push(never_matches("origin-never-matches", at, why, instead));
        true
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
                let unread: Vec<&Node> =
                    node.items().iter().filter(|item| item.text().is_none() && !item.is_null()).collect();
                unread.into_iter().for_each(|item| self.code(item));
                Some(node.texts())
            }
        }
    }

    /// Notes that something is code.
    pub(super) fn code(&mut self, node: &Node) {
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

/// What `methods` is if nobody sets it.
fn default_methods(at: At) -> Names {
    Names::Listed { names: Vec::new(), sent: "GET,HEAD,PUT,PATCH,POST,DELETE".to_owned(), at }
}

/// The source and the flags of `/.../i`.
fn expression(text: &str) -> Option<(&str, &str)> {
    let (source, flags) = text.strip_prefix('/')?.rsplit_once('/')?;
    (!source.is_empty() && flags.chars().all(|flag| "dgimsuvy".contains(flag))).then_some((source, flags))
}
