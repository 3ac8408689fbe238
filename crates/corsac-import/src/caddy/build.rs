//! Directives as routes.

use std::collections::HashMap;
use std::sync::Arc;

use super::directive::{self, Order};
use super::findings::Findings;
use super::header::{Operations, response_changes};
use super::lexer::Token;
use super::matcher::{Condition, Matcher, ResponseTest};
use super::order;
use super::placeholder::full_names;
use super::route::{Handler, Input, Map, Mapping, ResponseAction, ResponseRoute, Route, is_of_cors};
use super::segment::Segment;

/// Named matchers that are known in a block: its own, and those of the blocks around it.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    own: HashMap<String, Arc<Matcher>>,
    outside: Option<Arc<Scope>>,
}

impl Scope {
    fn get(&self, name: &str) -> Option<&Arc<Matcher>> {
        self.own.get(name).or_else(|| self.outside.as_ref()?.get(name))
    }
}

pub(super) struct Builder<'b> {
    pub(super) order: &'b Order,
    pub(super) findings: &'b mut Findings,
    pub(super) groups: usize,
    /// Whether the directives stand in the file without a site. Then they may be for several.
    pub(super) is_fragment: bool,
}

impl Builder<'_> {
    /// The directives of a block, sorted unless it is a `route`.
    pub(super) fn routes(&mut self, lines: &[Segment], outside: &Arc<Scope>, is_sorted: bool) -> Vec<Route> {
        let scope = self.scope(lines, outside);
        self.block(lines, &scope, is_sorted)
    }

    /// As [`Self::routes`], with the matchers that are known.
    pub(super) fn block(&mut self, lines: &[Segment], scope: &Arc<Scope>, is_sorted: bool) -> Vec<Route> {
        let mut routes = Vec::new();
        for line in lines.iter().filter(|line| !line.name().starts_with('@')) {
            self.directive(line, scope, &mut routes);
        }
        if is_sorted {
            directive::sort(&mut routes);
        }
        let of_handle = self.order.of("handle");
        for rank in [of_handle, self.order.of("rewrite"), self.order.of("root")] {
            self.groups = self.groups.saturating_add(1);
            for route in routes.iter_mut().filter(|route| route.rank == rank) {
                route.group = Some(self.groups);
            }
        }
        order::look(&routes, is_sorted, self.findings);
        routes
    }

    /// The matchers that are known in a block.
    pub(super) fn scope(&mut self, lines: &[Segment], outside: &Arc<Scope>) -> Arc<Scope> {
        let mut own = HashMap::new();
        for line in lines.iter().filter(|line| line.name().starts_with('@')) {
            let matcher = Arc::new(Matcher::definition(line, self.findings));
            let is_known = own.insert(line.name().to_owned(), matcher).is_some();
            if (is_known || outside.get(line.name()).is_some()) && !self.is_fragment {
                let why = format!(
                    "The matcher `{}` is defined more than once: a block knows those of the blocks around it.",
                    line.name()
                );
                self.findings.refused.get_or_insert((line.at(), why));
            }
        }
        if own.is_empty() {
            return Arc::clone(outside);
        }
        Arc::new(Scope { own, outside: Some(Arc::clone(outside)) })
    }

    fn directive(&mut self, line: &Segment, scope: &Arc<Scope>, routes: &mut Vec<Route>) {
        let name = line.name();
        let (matcher, arguments) = self.matcher(line, scope);
        let text = |number: usize| arguments.get(number).map(|word| word.text.clone());
        let handler = match name {
            "header" => {
                let changes = response_changes(line, arguments, self.findings);
                self.look_at_response_headers(line, arguments);
                for change in changes {
                    let is_about_cors = change.operations.names().any(is_of_cors);
                    if is_about_cors {
                        self.look_at_matcher(matcher.as_deref(), line);
                    }
                    routes.push(Route {
                        matcher: matcher.clone(),
                        group: None,
                        handler: Handler::Header(change),
                        rank: self.order.of(name),
                        at: line.at(),
                        is_about_cors,
                    });
                }
                return;
            }
            "request_header" => self.request_header(line, arguments),
            "respond" => Handler::Respond { status: status(arguments) },
            "error" => Handler::Error { status: status(arguments) },
            "abort" => Handler::Abort,
            "redir" => {
                Handler::Redirect { to: text(0).unwrap_or_default(), status: text(1).unwrap_or_default() }
            }
            "vars" => Handler::Variables(self.variables(line, arguments)),
            "map" => Handler::Map(Arc::new(self.map(line, arguments))),
            "rewrite" => Handler::Rewrite { to: text(0).unwrap_or_default() },
            "uri" => match (text(0).as_deref(), text(1)) {
                (Some("strip_prefix"), Some(prefix)) => Handler::StripPrefix(prefix),
                (Some("strip_suffix"), Some(suffix)) => Handler::StripSuffix(suffix),
                _ => Handler::Nothing,
            },
            "method" => Handler::Method(text(0).unwrap_or_default().to_ascii_uppercase()),
            "basic_auth" | "basicauth" => Handler::Authenticate,
            "forward_auth" => {
                self.look_for_cors(line);
                Handler::AuthenticateElsewhere
            }
            "handle" => Handler::Block(self.routes(line.inside(), scope, true)),
            "handle_path" => Handler::Block(self.handle_path(line, scope)),
            "route" => Handler::Block(self.routes(line.inside(), scope, false)),
            "invoke" => Handler::Invoke(text(0).unwrap_or_default()),
            "reverse_proxy" | "php_fastcgi" => self.proxy(line, scope),
            "file_server" => {
                Handler::Files { passes_on: line.inside().iter().any(|option| option.name() == "pass_thru") }
            }
            "metrics" => Handler::Respond { status: None },
            "bind" | "tls" | "log" | "handle_errors" => return,
            name if directive::ORDER.contains(&name) => {
                self.look_for_cors(line);
                Handler::Nothing
            }
            _ => {
                self.look_at_plugin(line);
                Handler::Plugin
            }
        };
        let is_about_cors = match &handler {
            Handler::Block(inside) => inside.iter().any(|route| route.is_about_cors),
            Handler::Proxy { down, responses } => {
                down.names().any(is_of_cors) || responses.iter().any(ResponseRoute::is_about_cors)
            }
            _ => false,
        };
        if is_about_cors {
            self.look_at_matcher(matcher.as_deref(), line);
        }
        routes.push(Route {
            matcher,
            group: None,
            handler,
            rank: self.order.of(name),
            at: line.at(),
            is_about_cors,
        });
    }

    /// The matcher that the first argument may be, and the other arguments.
    fn matcher<'l>(&mut self, line: &'l Segment, scope: &Scope) -> (Option<Arc<Matcher>>, &'l [Token]) {
        let arguments = line.arguments();
        let Some((first, rest)) = arguments.split_first() else { return (None, arguments) };
        // With one argument it is a folder.
        if line.name() == "root" && rest.is_empty() {
            return (None, arguments);
        }
        match first.text.chars().next() {
            Some('*') if first.text == "*" => (None, rest),
            Some('/') => (Some(Arc::new(Matcher::of_path(&first.text))), rest),
            Some('@') => match scope.get(&first.text) {
                Some(matcher) => (Some(Arc::clone(matcher)), rest),
                None => {
                    let why = format!(
                        "No matcher `{}` is defined here, so the directive is taken to be for no request.",
                        first.text
                    );
                    self.findings.not_read(first.at, why);
                    (Some(Arc::new(Matcher { conditions: vec![Condition::Never] })), rest)
                }
            },
            _ => (None, arguments),
        }
    }

    fn request_header(&mut self, line: &Segment, arguments: &[Token]) -> Handler {
        let mut operations = Operations::default();
        if let Some((field, values)) = arguments.split_first() {
            let name = field.text.trim_end_matches(':');
            let value = values.first().map_or("", |value| &value.text);
            operations.take(
                name,
                value,
                values.get(1).map(|word| word.text.as_str()),
                line.at(),
                self.findings,
            );
            self.look_at_request_header(&field.text, line.at());
        }
        Handler::RequestHeader(operations)
    }

    fn variables(&mut self, line: &Segment, arguments: &[Token]) -> Vec<(String, String)> {
        let inside = line.inside().iter().map(|line| &*line.words);
        let mut pairs = Vec::new();
        for words in std::iter::once(arguments).chain(inside) {
            let [name, value, ..] = words else { continue };
            self.findings.value(&format!("vars.{}", name.text), value);
            pairs.push((name.text.clone(), value.text.clone()));
        }
        pairs
    }

    fn handle_path(&mut self, line: &Segment, scope: &Arc<Scope>) -> Vec<Route> {
        let mut routes = self.routes(line.inside(), scope, true);
        let path = line.arguments().first().map_or("", |word| &word.text);
        let prefix = path.strip_suffix("/*").or_else(|| path.strip_suffix('*')).unwrap_or(path);
        let strip = Route {
            matcher: None,
            group: None,
            handler: Handler::StripPrefix(prefix.to_owned()),
            rank: 0,
            at: line.at(),
            is_about_cors: false,
        };
        routes.insert(0, strip);
        routes
    }

    fn map(&mut self, line: &Segment, arguments: &[Token]) -> Map {
        let texts: Vec<String> = arguments.iter().map(|word| word.text.clone()).collect();
        let (source, destinations) =
            texts.split_first().map_or((String::new(), &[][..]), |(first, rest)| (first.clone(), rest));
        let of_origin = Findings::is_origin(&source);
        let destinations: Vec<String> =
            destinations.iter().map(|name| name.trim_matches(['{', '}']).to_owned()).collect();
        let mut map = Map { source, destinations, mappings: Vec::new(), defaults: Vec::new() };
        for mapping in line.inside() {
            let outputs = mapping.arguments().iter().map(|word| full_names(&word.text));
            let Some(first) = mapping.words.first() else { continue };
            let outputs_named = map.destinations.iter().zip(mapping.arguments());
            for (name, output) in outputs_named.filter(|(_, output)| output.text != "-") {
                self.findings.value(name, output);
            }
            if first.text == "default" {
                map.defaults = outputs.collect();
                map.defaults.resize(map.destinations.len(), String::new());
                continue;
            }
            let mut outputs: Vec<_> = outputs.map(|output| (output != "-").then_some(output)).collect();
            outputs.resize(map.destinations.len(), None);
            let input = match first.text.strip_prefix('~') {
                Some(expression) => {
                    let word = Token { text: expression.to_owned(), ..first.clone() };
                    Input::Expression(self.findings.expression(&word, of_origin))
                }
                None => {
                    if of_origin && !first.text.is_empty() {
                        self.findings.text(&first.text, first.at);
                    }
                    Input::Text(first.text.clone())
                }
            };
            map.mappings.push(Mapping { input, outputs });
        }
        map
    }

    fn proxy(&mut self, line: &Segment, scope: &Arc<Scope>) -> Handler {
        let mut down = Operations::default();
        let mut responses = Vec::new();
        let tests: HashMap<&str, ResponseTest> = line
            .inside()
            .iter()
            .filter(|option| option.name().starts_with('@'))
            .map(|option| (option.name(), ResponseTest::read(option)))
            .collect();
        for option in line.inside() {
            let arguments = option.arguments();
            match option.name() {
                "header_down" => {
                    let [field, values @ ..] = arguments else { continue };
                    let name = field.text.trim_end_matches(':');
                    let value = values.first().map_or("", |value| &value.text);
                    down.take(
                        name,
                        value,
                        values.get(1).map(|word| word.text.as_str()),
                        option.at(),
                        self.findings,
                    );
                    if name.trim_start_matches('+').eq_ignore_ascii_case("access-control-allow-origin")
                        && values.len() == 1
                    {
                        self.findings.allowed_origin(value, option.at());
                        values.iter().for_each(|value| self.findings.origin_of_placeholder(value));
                    }
                    if is_of_cors(name) {
                        values.iter().for_each(|value| self.findings.placeholders(value));
                        values.iter().for_each(|value| self.findings.unknown_value(value));
                    }
                }
                "header_up" => {
                    if let Some(field) = arguments.first() {
                        self.look_at_request_header(&field.text, option.at());
                    }
                }
                "handle_response" | "replace_status" => {
                    let test = arguments.first().and_then(|name| tests.get(name.text.as_str())).cloned();
                    let action = if option.name() == "replace_status" {
                        ResponseAction::Status(
                            arguments.last().map_or(String::new(), |status| status.text.clone()),
                        )
                    } else {
                        ResponseAction::Routes(self.routes(option.inside(), scope, true))
                    };
                    responses.push(ResponseRoute { test, action });
                }
                _ => {}
            }
        }
        Handler::Proxy { down, responses }
    }
}

/// The status that `respond` and `error` take as one argument or as the second.
fn status(arguments: &[Token]) -> Option<String> {
    match arguments {
        [only] => (only.text.len() == 3 && only.text.parse::<u16>().is_ok_and(|status| status > 0))
            .then(|| only.text.clone()),
        [_, status, ..] => Some(status.text.clone()),
        [] => None,
    }
}
