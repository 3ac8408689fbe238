//! Traefik's dynamic configuration: a file in YAML or TOML, labels in a file for Docker Compose, or objects of Kubernetes. It behaves as Traefik 3.7.

mod declared;
mod headers;
mod look;
mod place;
mod rule;
#[cfg(test)]
mod tests;
mod toml_file;

use std::collections::HashMap;

use crate::asking::sends_nothing;
use crate::caddy::expression::Compiler;
use crate::document::yaml_or_json;
use crate::error::ImportError;
use crate::files::{At, Files};
use crate::note::{NoteKind, Noted};
use crate::server::{Answer, Asked, Matching, Mention, Mentioned, Place, Server};
use declared::{Declared, Everything};
use headers::Headers;
use rule::{Rule, is_open};

/// The most middlewares that one request goes through.
const MOST_MIDDLEWARES: usize = 200;

/// Reads the files.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let documents =
        if toml_file::is_toml(files) { vec![toml_file::read(files)?] } else { yaml_or_json(files, 0)? };
    let everything = Everything::of(&documents);
    Ok(Box::new(Configuration::new(&everything)))
}

#[derive(Debug, Default)]
struct Configuration {
    /// In the order in which they are tried.
    routers: Vec<Router>,
    middlewares: Vec<Middleware>,
    mentions: Vec<Mention>,
    notes: Vec<Noted>,
    compiler: Compiler,
}

#[derive(Debug)]
struct Router {
    name: String,
    rule: Rule,
    priority: i64,
    /// Numbers of middlewares, in the order in which requests go through them.
    middlewares: Vec<usize>,
    at: At,
    /// Whether it is made up, for a middleware that no router here uses.
    is_made_up: bool,
}

#[derive(Debug)]
struct Middleware {
    name: String,
    at: At,
    action: Action,
}

#[derive(Debug)]
enum Action {
    Headers(Box<Headers>),
    Chain(Vec<String>),
    /// Asks for a name and a password.
    Authenticate,
    /// Asks another server, of which nothing is known.
    AuthenticateElsewhere,
    Nothing,
}

impl Configuration {
    fn new(everything: &Everything) -> Self {
        let mut configuration = Self::default();
        let mut by_name: HashMap<String, usize> = HashMap::new();
        for declared in &everything.middlewares {
            by_name.entry(plain(&declared.name)).or_insert(configuration.middlewares.len());
            configuration.middleware(declared);
        }
        let mut is_used = vec![false; configuration.middlewares.len()];
        for declared in &everything.routers {
            configuration.router(declared, &by_name, &mut is_used);
        }
        configuration.look_at_routers(everything);
        configuration.unused(everything, &by_name, &is_used);
        configuration.routers.sort_by_key(|router| std::cmp::Reverse(router.priority));
        configuration
    }

    fn middleware(&mut self, declared: &Declared) {
        let is = |kind: &str| declared.settings.iter().any(|setting| setting.kind() == kind);
        let action = if is("headers") {
            let settings: Vec<_> =
                declared.settings.iter().filter(|setting| setting.kind() == "headers").cloned().collect();
            let headers = Headers::read(&settings, &mut self.compiler);
            self.look_at_settings(&settings, &headers);
            self.mention(&headers);
            Action::Headers(Box::new(headers))
        } else if is("chain") {
            let names = declared.settings.iter().filter(|setting| setting.kind() == "chain");
            Action::Chain(names.flat_map(|setting| setting.list()).map(|text| plain(&text.text)).collect())
        } else if is("forwardauth") {
            Action::AuthenticateElsewhere
        } else if is("basicauth") || is("digestauth") {
            Action::Authenticate
        } else {
            Action::Nothing
        };
        self.middlewares.push(Middleware { name: declared.name.clone(), at: declared.at, action });
    }

    fn mention(&mut self, headers: &Headers) {
        let fixed = headers.fixed_origin().filter(|origin| !origin.text.is_empty());
        for origin in headers.origins.iter().chain(fixed).filter(|origin| origin.text != "*") {
            if is_open(&origin.text) {
                self.not_read(origin.at, &origin.text);
                continue;
            }
            let what = Mentioned::Text { text: origin.text.clone(), ignores_case: false };
            self.mentions.push(Mention { what, at: origin.at });
        }
        for (text, expression) in &headers.expressions {
            self.expression(&text.text, text.at, expression.is_some());
        }
    }

    fn expression(&mut self, expression: &str, at: At, is_read: bool) {
        if is_open(expression) {
            self.not_read(at, expression);
        } else if is_read {
            let what = Mentioned::Expression {
                expression: expression.to_owned(),
                matching: Matching::Search,
                ignores_case: false,
            };
            self.mentions.push(Mention { what, at });
        } else {
            let why = format!(
                "The regular expression `{expression}` cannot be read, so it is taken to match nothing."
            );
            self.notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", at, why));
        }
    }

    fn router(&mut self, declared: &Declared, by_name: &HashMap<String, usize>, is_used: &mut [bool]) {
        let setting = |name: &str| declared.settings.iter().find(|setting| setting.kind() == name);
        let text = setting("rule").and_then(|setting| Some((setting.text()?, setting.at)));
        let rule = match text {
            // Without a rule there is one with a host that stands elsewhere.
            None => Rule::All(Vec::new()),
            Some((text, at)) => match Rule::read(text, &mut self.compiler) {
                Some(rule) => {
                    self.mention_in(&rule, at);
                    rule
                }
                None => {
                    let why = format!("The rule `{text}` is not understood, so its router is left out.");
                    self.notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", at, why));
                    return;
                }
            },
        };
        let length = text.map_or(0, |(text, _)| i64::try_from(text.len()).unwrap_or(i64::MAX));
        let written = setting("priority").and_then(|setting| setting.text()?.parse::<i64>().ok());
        let mut middlewares = Vec::new();
        for setting in declared.settings.iter().filter(|setting| setting.kind() == "middlewares") {
            for name in setting.list() {
                self.attach(&plain(&name.text), by_name, is_used, &mut middlewares);
            }
        }
        self.routers.push(Router {
            name: declared.name.clone(),
            rule,
            priority: written.filter(|priority| *priority != 0).unwrap_or(length),
            middlewares,
            at: declared.at,
            is_made_up: false,
        });
    }

    /// Adds a middleware, or those of a chain.
    fn attach(
        &self,
        name: &str,
        by_name: &HashMap<String, usize>,
        is_used: &mut [bool],
        attached: &mut Vec<usize>,
    ) {
        let mut next = vec![name];
        // Chains of chains could go on for ever.
        for _ in 0..MOST_MIDDLEWARES {
            let Some(number) = next.pop().map(|name| by_name.get(name).copied()) else { return };
            let Some(number) = number else { continue };
            if let Some(used) = is_used.get_mut(number) {
                *used = true;
            }
            match self.middlewares.get(number).map(|middleware| &middleware.action) {
                Some(Action::Chain(names)) => {
                    next.extend(names.iter().take(MOST_MIDDLEWARES).rev().map(String::as_str));
                }
                Some(_) if attached.len() < MOST_MIDDLEWARES => attached.push(number),
                _ => {}
            }
        }
    }

    /// Origins that rules compare with.
    fn mention_in(&mut self, rule: &Rule, at: At) {
        let mut found = Vec::new();
        rule.each(&mut |rule| match rule {
            Rule::Header(name, value) if name.eq_ignore_ascii_case("origin") => {
                found.push((value.clone(), None));
            }
            Rule::HeaderExpression { name, pattern, expression } if name.eq_ignore_ascii_case("origin") => {
                found.push((pattern.clone(), Some(expression.is_some())));
            }
            _ => {}
        });
        for (text, expression) in found {
            match expression {
                Some(is_read) => self.expression(&text, at, is_read),
                None => {
                    self.mentions.push(Mention { what: Mentioned::Text { text, ignores_case: false }, at });
                }
            }
        }
    }

    /// Middlewares that no router here uses: those of a file are for other files; those of labels were most likely forgotten.
    fn unused(&mut self, everything: &Everything, by_name: &HashMap<String, usize>, is_used: &[bool]) {
        let unused: Vec<usize> = (0..self.middlewares.len())
            .filter(|number| is_used.get(*number) == Some(&false))
            .filter(|number| {
                let middleware = self.middlewares.get(*number);
                matches!(middleware.map(|middleware| &middleware.action), Some(Action::Headers(headers)) if headers.is_about_cors())
            })
            .take(MOST_MIDDLEWARES)
            .collect();
        let is_only = unused.len() == 1 && everything.routers.is_empty();
        for number in unused {
            let Some(middleware) = self.middlewares.get(number) else { continue };
            let is_label = everything.middlewares.get(number).is_some_and(|declared| declared.is_label);
            if everything.routers.iter().any(|router| router.is_label == is_label) {
                let name = &middleware.name;
                let (why, instead) = if is_label {
                    (
                        format!("No router uses the middleware `{name}`, so its headers are never sent."),
                        format!("Name it at a router: `traefik.http.routers.NAME.middlewares={name}`."),
                    )
                } else {
                    (
                        format!(
                            "No router here uses the middleware `{name}`. Unless one elsewhere does, its headers are never sent."
                        ),
                        format!("Name it at a router: `middlewares: [{name}]`."),
                    )
                };
                let note = Noted::new(NoteKind::Dead, "without-effect", middleware.at, why).instead(instead);
                self.notes.push(note);
            }
            let rule = if is_only {
                Rule::All(Vec::new())
            } else {
                Rule::PathPrefix(place::made_up(&middleware.name))
            };
            let (name, at) = (middleware.name.clone(), middleware.at);
            let mut middlewares = Vec::new();
            let mut ignored = Vec::new();
            self.attach(&plain(&name), by_name, &mut ignored, &mut middlewares);
            self.routers.push(Router { name, rule, priority: i64::MAX, middlewares, at, is_made_up: true });
        }
    }

    fn headers<'c>(&'c self, router: &'c Router) -> impl Iterator<Item = &'c Headers> {
        router.middlewares.iter().filter_map(|number| match &self.middlewares.get(*number)?.action {
            Action::Headers(headers) => Some(&**headers),
            _ => None,
        })
    }

    fn is_about_cors(&self, router: &Router) -> bool {
        self.headers(router).any(Headers::is_about_cors)
    }
}

/// A name without its provider: `cors@docker`.
fn plain(name: &str) -> String {
    name.split('@').next().unwrap_or_default().to_ascii_lowercase()
}

impl Server for Configuration {
    fn parts_inherit(&self) -> bool {
        false
    }

    fn places(&self) -> Vec<Place> {
        place::places(self)
    }

    fn mentions(&self) -> Vec<Mention> {
        self.mentions.clone()
    }

    fn notes(&self) -> Vec<Noted> {
        let mut notes = self.notes.clone();
        let about = self.routers.iter().filter(|router| self.is_about_cors(router)).map(|router| router.at);
        if let Some(at) = about.min().filter(|_| notes.is_empty() && sends_nothing(self)) {
            let why = "The middlewares of this router are about CORS, and none of the requests that were tried gets a header from them. When they are sent is not known.";
            notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", at, why));
        }
        notes
    }

    fn irrelevant(&self, place: &Place) -> &'static [&'static str] {
        // The origins of the list get themselves in the place of `*`, and for them credentials have an effect.
        let is_mixed = |middleware: &Middleware| match &middleware.action {
            Action::Headers(headers) => {
                headers.fixed_origin().is_some_and(|origin| origin.text == "*")
                    && !(headers.origins.is_empty() && headers.expressions.is_empty())
            }
            _ => false,
        };
        let mut middlewares = self
            .routers
            .iter()
            .filter(|router| place::is_for(router, place))
            .flat_map(|router| &router.middlewares)
            .filter_map(|number| self.middlewares.get(*number));
        if middlewares.any(is_mixed) { &["wildcard-with-credentials"] } else { &[] }
    }

    fn answer(&self, asked: &Asked<'_>) -> Answer {
        let Some(router) = self.routers.iter().find(|router| router.rule.matches(asked)) else {
            let answered_at = self.routers.first().map(|router| router.at);
            return Answer { status: 404, answered_at, lines: Vec::new() };
        };
        let mut passed: Vec<&Headers> = Vec::new();
        let mut answer = None;
        for number in &router.middlewares {
            let Some(middleware) = self.middlewares.get(*number) else { continue };
            match &middleware.action {
                Action::Headers(headers) => {
                    if let Some(lines) = headers.preflight(asked) {
                        let answered_at = headers.at().or(Some(middleware.at));
                        answer = Some(Answer { status: 200, answered_at, lines });
                        break;
                    }
                    passed.push(headers);
                }
                // Browsers send credentials with other requests, and none with preflights.
                Action::Authenticate
                    if asked.method == "OPTIONS" && !asked.headers.contains("Authorization") =>
                {
                    answer =
                        Some(Answer { status: 401, answered_at: Some(middleware.at), lines: Vec::new() });
                    break;
                }
                _ => {}
            }
        }
        let mut answer = answer.unwrap_or_else(|| {
            let headers = asked.behind.headers.iter();
            let lines = headers.map(|(name, value)| crate::server::Line {
                name: name.clone(),
                value: value.clone(),
                at: None,
            });
            Answer { status: asked.behind.status, answered_at: None, lines: lines.collect() }
        });
        for headers in passed.into_iter().rev() {
            headers.respond(asked, &mut answer.lines);
        }
        answer
    }
}
