//! Properties of Spring applications, in YAML or `.properties`: those of Spring Boot's actuator and GraphQL, those of Spring Cloud Gateway, and any
//! of the application's own that are named like the fields of `CorsConfiguration`.

mod configuration;
mod gateway;
#[cfg(test)]
mod tests;

use configuration::{Form, Reader};

use crate::document::{Key, Node, java_properties, nested, yaml_or_json};
use crate::error::ImportError;
use crate::files::Files;
use crate::filter::{
    Application, Behaviour, Checks, Declared, Expressions, Matcher, PLAIN, Refusal, Route, Varies, When,
    not_read, slug, without_effect,
};
use crate::note::Noted;
use crate::server::{Matching, Server};

/// [`DefaultCorsProcessor`](https://docs.spring.io/spring-framework/docs/current/javadoc-api/org/springframework/web/cors/DefaultCorsProcessor.html):
/// checks method and headers, answers every refusal with 403, and adds three lines of `Vary` to everything. The application is the server itself.
const SPRING: Behaviour = Behaviour {
    answers: Some(200),
    refused: Refusal::Answered(403),
    refused_preflight: Refusal::Answered(403),
    checks: Checks::SomeHeader,
    vary: &[
        ("Origin", Varies::Always),
        ("Access-Control-Request-Method", Varies::Always),
        ("Access-Control-Request-Headers", Varies::Always),
    ],
    exposes_to_preflights: true,
    knows_itself: true,
    application: Application::Replaced,
    ..PLAIN
};

/// Reads the properties.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let mut notes = Vec::new();
    let node = effective(files, &mut notes)?;
    let lines = files.text(0).lines().map(|line| line.replace([' ', '\t'], "")).collect();
    let mut properties = Properties { reader: Reader::new(), routes: Vec::new(), notes, lines };
    properties.of_boot(&node);
    properties.gateway(&node);
    properties.own(&node, &mut Vec::new());
    let Properties { reader, mut routes, mut notes, .. } = properties;
    notes.extend(reader.expressions.notes);
    notes.extend(reader.notes);
    for (part, route) in routes.iter_mut().enumerate() {
        route.part = part;
    }
    Ok(Box::new(Declared { routes, notes, ..Declared::default() }))
}

/// The properties of the file without a profile, overridden by those of one: of production if there is one, of the last with CORS otherwise.
fn effective(files: &Files<'_>, notes: &mut Vec<Noted>) -> Result<Node, ImportError> {
    let documents: Vec<Vec<(Key, Node)>> = if is_properties(files.name(0), files.text(0)) {
        java_properties(files, 0)
    } else {
        yaml_or_json(files, 0)?.iter().map(|document| document.entries().to_vec()).collect()
    };
    let mut base = Vec::new();
    let mut profiles: Vec<(String, Vec<(Key, Node)>)> = Vec::new();
    for entries in documents {
        let alone = nested(files, 0, entries.clone())?;
        match profile(&alone) {
            None => base.extend(entries),
            Some(profile) if mentions_cors(&alone) => profiles.push((profile, entries)),
            Some(_) => {}
        }
    }
    let production = profiles.iter().position(|(name, _)| name.contains("prod"));
    let chosen = production.unwrap_or(profiles.len().saturating_sub(1));
    for (number, (name, entries)) in profiles.into_iter().enumerate() {
        if number == chosen {
            base.extend(entries);
        } else if let Some((key, _)) = entries.first() {
            let why = format!(
                "The profile `{name}` is not read, because another one counts here. Import it from a file of its own."
            );
            notes.push(not_read(key.at, why));
        }
    }
    nested(files, 0, base)
}

/// Is it a file of `.properties`? If the name does not say it, the first line that is no comment does.
fn is_properties(name: &str, text: &str) -> bool {
    let ends = |end: &str| name.to_ascii_lowercase().ends_with(end);
    if ends(".properties") || ends(".yml") || ends(".yaml") || ends(".json") {
        return ends(".properties");
    }
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(['#', '!']) && *line != "---");
    let first = first.unwrap_or_default();
    first.find('=').is_some_and(|equals| first.find(':').is_none_or(|colon| equals < colon))
}

fn profile(node: &Node) -> Option<String> {
    let new = node.path(&["spring", "config", "activate"]).and_then(|node| node.relaxed("on-profile"));
    let old = node.path(&["spring", "profiles"]);
    let found = new.map(|(_, node)| node).or(old)?;
    let texts: Vec<String> = found.texts().into_iter().map(|text| text.text).collect();
    (!texts.is_empty()).then(|| texts.join(","))
}

fn mentions_cors(node: &Node) -> bool {
    node.entries()
        .iter()
        .any(|(key, node)| key.text.to_ascii_lowercase().contains("cors") || mentions_cors(node))
        || node.items().iter().any(|item| !std::ptr::eq(item, node) && mentions_cors(item))
}

struct Properties {
    reader: Reader,
    routes: Vec<Route>,
    notes: Vec<Noted>,
    /// The lines of the file, without blanks.
    lines: Vec<String>,
}

impl Properties {
    /// `management.endpoints.web.cors` and `spring.graphql.cors`, whose age is half an hour if nothing is said.
    fn of_boot(&mut self, node: &Node) {
        let context = relaxed_path(node, &["server", "servlet", "context-path"])
            .or_else(|| relaxed_path(node, &["spring", "webflux", "base-path"]));
        let context = context.and_then(Node::text).unwrap_or_default().trim_end_matches('/').to_owned();
        let web = relaxed_path(node, &["management", "endpoints", "web"]);
        if let Some((web, (_, cors))) = web.and_then(|web| Some((web, web.relaxed("cors")?))) {
            let base = web.relaxed("base-path").and_then(|(_, node)| node.text()).unwrap_or("/actuator");
            self.add(
                "actuator",
                &format!("{context}{}/**", base.trim_end_matches('/')),
                cors,
                Some("1800"),
                Form::Boot,
                SPRING,
            );
        }
        let graphql = relaxed_path(node, &["spring", "graphql"]);
        if let Some((graphql, (_, cors))) =
            graphql.and_then(|graphql| Some((graphql, graphql.relaxed("cors")?)))
        {
            let path = graphql.path(&["http", "path"]).or_else(|| graphql.get("path")).and_then(Node::text);
            self.add(
                "graphql",
                &format!("{context}{}", path.unwrap_or("/graphql")),
                cors,
                Some("1800"),
                Form::Boot,
                SPRING,
            );
        }
    }

    /// Properties of the application that are named like fields of `CorsConfiguration`.
    fn own(&mut self, node: &Node, path: &mut Vec<String>) {
        let is = |words: &[&str]| path.iter().map(String::as_str).eq(words.iter().copied());
        if is(&["spring", "cloud", "gateway"])
            || is(&["spring", "graphql"])
            || is(&["management", "endpoints"])
        {
            return;
        }
        let named = ["allowed-origins", "allowed-origin-patterns"];
        if let Some((key, _)) = named.iter().find_map(|name| node.relaxed(name)) {
            let prefix = path.join(".");
            if path.first().is_some_and(|first| first == "spring") {
                let why = format!(
                    "Spring Boot has no properties `{prefix}`, so nothing reads this, unless code of the application does."
                );
                let instead = "Write `addCorsMappings` of a `WebMvcConfigurer`, or a `CorsConfigurationSource`, in code. The properties that there are: `management.endpoints.web.cors`, `spring.graphql.cors`, and `spring.cloud.gateway.server.webflux.globalcors` for the gateway.";
                self.notes.push(without_effect(key.at, why, instead));
                return;
            }
            let why = format!(
                "What `{prefix}` means is decided by code of the application. It is read as a `CorsConfiguration` for all paths."
            );
            self.notes.push(not_read(key.at, why));
            let words: Vec<&str> = path.iter().map(String::as_str).collect();
            self.add(&slug(&words), "/**", node, None, Form::Boot, SPRING);
            return;
        }
        for (key, value) in node.entries() {
            path.push(key.text.clone());
            self.own(value, path);
            path.pop();
        }
        for item in node.items().iter().filter(|item| !std::ptr::eq(*item, node)) {
            self.own(item, path);
        }
    }

    fn add(
        &mut self,
        name: &str,
        pattern: &str,
        cors: &Node,
        age: Option<&str>,
        form: Form,
        behaviour: Behaviour,
    ) {
        let Some((filter, fails)) = self.reader.filter(cors, age, form) else { return };
        let (path, is_prefix, begins) = ant(pattern, cors, &mut self.reader.expressions);
        let mut route = Route::new(name, behaviour, vec![filter.into()], cors.at);
        route.fails = fails.map(|at| (500, at));
        route.is_more_than_prefix =
            (!is_prefix).then(|| format!("The pattern `{pattern}` is not a path with everything below it."));
        route.when = vec![When { begins, ..When::path(path) }];
        self.routes.push(route);
    }
}

/// What matches a [pattern](https://docs.spring.io/spring-framework/docs/current/javadoc-api/org/springframework/web/util/pattern/PathPattern.html) for paths, and
/// whether that is a path with all below it. With an expression comes a path that it matches.
fn ant(pattern: &str, node: &Node, expressions: &mut Expressions) -> (Matcher, bool, Option<String>) {
    let special = |text: &str| text.contains(['*', '?', '{']);
    if pattern == "/**" || pattern == "**" {
        return (Matcher::Any, true, None);
    }
    if let Some(prefix) = pattern.strip_suffix("/**").filter(|prefix| !special(prefix)) {
        return (Matcher::Below(prefix.to_owned()), true, None);
    }
    if !special(pattern) {
        return (Matcher::Exact(pattern.to_owned()), false, None);
    }
    let mut expression = String::new();
    let mut rest = pattern;
    while let Some(letter) = rest.chars().next() {
        let (taken, written) = if rest.starts_with("/**") {
            (3, "(?:/.*)?".to_owned())
        } else if rest.starts_with("**") {
            (2, ".*".to_owned())
        } else if letter == '{' {
            (rest.find('}').map_or(rest.len(), |end| end.saturating_add(1)), "[^/]+".to_owned())
        } else {
            let written = match letter {
                '*' => "[^/]*".to_owned(),
                '?' => "[^/]".to_owned(),
                _ => crate::filter::escape(&letter.to_string()),
            };
            (letter.len_utf8(), written)
        };
        expression.push_str(&written);
        rest = rest.get(taken..).unwrap_or_default();
    }
    let text = crate::filter::own(expression, node.at);
    let begins = crate::example::example(&text.text);
    (expressions.matcher(&text, Matching::Whole, false), false, begins)
}

/// The items of a list, or of a map whose keys are numbers.
fn numbered(node: &Node) -> Vec<(usize, &Node)> {
    let entries = node.entries().iter().map(|(_, node)| node);
    if node.entries().is_empty() {
        node.items().iter().enumerate().collect()
    } else {
        entries.enumerate().collect()
    }
}

fn relaxed_path<'n>(node: &'n Node, path: &[&str]) -> Option<&'n Node> {
    path.iter().try_fold(node, |node, key| node.relaxed(key).map(|(_, node)| node))
}
