//! Spring Cloud Gateway: configurations for patterns of paths, those in the metadata of routes, and filters for what the services send.

use super::configuration::Form;
use super::{Properties, SPRING, numbered, relaxed_path};
use crate::document::{Node, Value};
use crate::files::At;
use crate::filter::{Application, Behaviour, Matcher, not_read, slug, without_effect};
use crate::note::{NoteKind, Noted};

/// [Spring Cloud Gateway](https://docs.spring.io/spring-cloud-gateway/reference/spring-cloud-gateway-server-webflux/cors-configuration.html) adds the headers
/// of the service behind it to its own, unless `DedupeResponseHeader` keeps one.
const GATEWAY: Behaviour = Behaviour { application: Application::Doubled, ..SPRING };

/// The most patterns that are compared with each other.
const MOST_PATTERNS: usize = 200;

/// A pattern that a configuration is for.
struct Pattern {
    text: String,
    at: At,
    matcher: Matcher,
    /// Paths that it is about: in each `**` there is one segment, or there are two.
    paths: [String; 2],
}

impl Properties {
    /// `spring.cloud.gateway.globalcors.cors-configurations`, and `metadata.cors` of routes. The first pattern that matches counts: those of routes, and
    /// then the others, each in the order of the file.
    pub(super) fn gateway(&mut self, node: &Node) {
        for path in
            [&["spring", "cloud", "gateway"][..], &["spring", "cloud", "gateway", "server", "webflux"]]
        {
            let Some(gateway) = relaxed_path(node, path) else { continue };
            let before = self.routes.len();
            let mut patterns = Vec::new();
            let default = self.filters(gateway, "default-filters");
            let routes: Vec<&Node> = gateway
                .relaxed("routes")
                .iter()
                .flat_map(|(_, routes)| numbered(routes))
                .map(|(_, route)| route)
                .collect();
            for route in &routes {
                let own = self.filters(route, "filters");
                let Some((key, cors)) = route.get("metadata").and_then(|metadata| metadata.entry("cors"))
                else {
                    continue;
                };
                if !self.is_readable(cors) {
                    continue;
                }
                let name = slug(&[route.text_of("id").unwrap_or("route")]);
                let pattern = path_predicate(route).unwrap_or_else(|| "/**".to_owned());
                let application = own.or(default).unwrap_or(Application::Doubled);
                let behaviour = Behaviour { application, ..GATEWAY };
                patterns.extend(self.pattern(&pattern, key.at, |all| {
                    all.add(&name, &pattern, cors, None, Form::Metadata, behaviour);
                }));
            }
            let configurations = gateway
                .relaxed("globalcors")
                .and_then(|(_, global)| global.relaxed("cors-configurations"))
                .map(|(_, configurations)| configurations.entries())
                .unwrap_or_default();
            for (key, cors) in configurations {
                if !self.is_in_brackets(&key.text, key.at) {
                    self.notes.push(without_brackets(&key.text, key.at));
                    continue;
                }
                let behaviour = Behaviour { application: default.unwrap_or(Application::Doubled), ..GATEWAY };
                patterns.extend(self.pattern(&key.text, key.at, |all| {
                    all.add(&slug(&["gateway", &key.text]), &key.text, cors, None, Form::Gateway, behaviour);
                }));
            }
            self.order(&patterns);
            if self.routes.len() > before {
                self.methods(gateway, &routes);
            }
        }
        for path in
            [&["spring", "cloud", "gateway", "mvc"][..], &["spring", "cloud", "gateway", "server", "webmvc"]]
        {
            if let Some((key, _)) = relaxed_path(node, path).and_then(|gateway| gateway.relaxed("globalcors"))
            {
                let why = "Spring Cloud Gateway Server MVC has no `globalcors`, so nothing reads this.";
                let instead =
                    "Write a `CorsConfigurationSource` in code, or use Spring Cloud Gateway Server WebFlux.";
                self.notes.push(without_effect(key.at, why, instead));
            }
        }
    }

    /// Adds a route for a pattern, and returns what is to be known about that.
    fn pattern(&mut self, text: &str, at: At, add: impl FnOnce(&mut Self)) -> Option<Pattern> {
        let before = self.routes.len();
        add(self);
        let when = self.routes.get(before)?.when.first()?;
        let paths = ["corsac", "corsac/corsac"].map(|rest| text.replace("**", rest).replace('*', "corsac"));
        Some(Pattern { text: text.to_owned(), at, matcher: when.path.clone(), paths })
    }

    /// Notes patterns that an earlier one hides, and those that may be hidden.
    fn order(&mut self, patterns: &[Pattern]) {
        if let Some(left_out) = patterns.get(MOST_PATTERNS) {
            let why = format!(
                "The gateway has more than {MOST_PATTERNS} patterns. Whether `{}` and those after it hide each other is not examined.",
                left_out.text
            );
            self.notes.push(not_read(left_out.at, why));
        }
        let patterns = patterns.get(..MOST_PATTERNS).unwrap_or(patterns);
        for (number, pattern) in patterns.iter().enumerate() {
            let (earlier, later) = patterns.split_at(number);
            let is_other = |other: &&Pattern| other.text != pattern.text;
            let matches = |other: &Pattern, path: &String| other.matcher.matches(Some(path));
            let hides = |other: &&Pattern| pattern.paths.iter().all(|path| matches(other, path));
            let may_hide = |other: &&Pattern| pattern.paths.iter().any(|path| matches(other, path));
            if let Some(other) = earlier.iter().filter(is_other).find(hides) {
                let why = format!(
                    "`{}` stands before `{}` and matches the same paths. Spring Cloud Gateway takes the first pattern that matches, so this configuration is never used, and versions before 4.3 take either.",
                    other.text, pattern.text
                );
                self.notes.push(without_effect(pattern.at, why, "Write the pattern for fewer paths first."));
            } else if let Some(other) = later.iter().filter(is_other).find(may_hide) {
                let why = format!(
                    "Versions of Spring Cloud Gateway before 4.3 do not keep the order of patterns, so that `{}` may count for `{}`, too. The policy follows the order of the file.",
                    other.text, pattern.text
                );
                self.notes.push(not_read(pattern.at, why));
            }
        }
    }

    /// Notes routes that do not take preflights, because they ask for other methods than `OPTIONS`.
    fn methods(&mut self, gateway: &Node, routes: &[&Node]) {
        let global = gateway.relaxed("globalcors").map(|(_, global)| global);
        let is_added = global.and_then(|global| global.relaxed("add-to-simple-url-handler-mapping"));
        if is_added.and_then(|(_, value)| value.boolean()) == Some(true) {
            return;
        }
        let path = |route: &Node| path_predicate(route).unwrap_or_else(|| "/**".to_owned());
        let takes = |route: &Node| {
            let methods = predicate(route, "Method", &["methods", "method"]);
            methods.is_none_or(|(methods, _)| methods.iter().any(|method| method == "OPTIONS"))
        };
        for route in routes {
            let Some((methods, at)) = predicate(route, "Method", &["methods", "method"]) else { continue };
            let own = path(route);
            let is_below = |other: &str| {
                other == own
                    || other
                        .strip_suffix("/**")
                        .is_some_and(|other| Matcher::Below(other.to_owned()).matches(Some(&own)))
            };
            if takes(route) || routes.iter().any(|other| takes(other) && is_below(&path(other))) {
                continue;
            }
            let why = format!(
                "The route `{}` takes {} alone, and preflights are `OPTIONS`. No route takes them, so Spring answers them with 403, whatever the CORS configuration says.",
                route.text_of("id").unwrap_or("without a name"),
                methods.join(", ")
            );
            let instead = "Add `OPTIONS` to the methods, or set `add-to-simple-url-handler-mapping: true` below `globalcors`.";
            self.notes.push(Noted::new(NoteKind::Dead, "preflight-refused", at, why).instead(instead));
        }
    }

    /// What a list of filters does with a CORS header that the service sends as well. Other filters for CORS headers get a note.
    fn filters(&mut self, node: &Node, key: &str) -> Option<Application> {
        let (_, filters) = node.relaxed(key)?;
        let mut found = None;
        for (_, filter) in numbered(filters) {
            let (name, arguments) = shortcut(filter);
            let arguments: Vec<String> = arguments.iter().map(|text| text.to_ascii_lowercase()).collect();
            let Some(headers) = arguments.first().filter(|headers| headers.contains("access-control-"))
            else {
                continue;
            };
            if name != "DedupeResponseHeader" {
                let why = format!("What the filter `{name}` does with this header is not read.");
                self.notes.push(not_read(filter.at, why));
            } else if headers.split_ascii_whitespace().any(|header| header == "access-control-allow-origin") {
                found = match arguments.get(1).map(String::as_str) {
                    // The gateway's own is the first.
                    None | Some("" | "retain_first") => Some(Application::Replaced),
                    Some("retain_last") => Some(Application::Kept),
                    // Two that differ are both kept.
                    Some(_) => None,
                };
            }
        }
        found
    }

    /// Whether the key of a map is in brackets, without which Spring Boot drops what is no letter, no digit and no `-`.
    fn is_in_brackets(&self, key: &str, at: At) -> bool {
        let written = |line: &String| line.contains(&format!("[{}]", key.replace([' ', '\t'], "")));
        self.lines.get(at.line.saturating_sub(1)).is_some_and(written)
    }

    /// Whether `metadata.cors` has the types that are expected. The gateway casts its values.
    fn is_readable(&mut self, cors: &Node) -> bool {
        let is_wrong = |key: &str, value: &Value| match key {
            "allowCredentials" => !matches!(value, Value::Bool(_) | Value::Null),
            "maxAge" => !matches!(value, Value::Number(_) | Value::Null),
            _ => false,
        };
        let Some((key, _)) = cors.entries().iter().find(|(key, node)| is_wrong(&key.text, &node.value))
        else {
            return true;
        };
        let expected = if key.text == "maxAge" { "a number of seconds" } else { "`true` or `false`" };
        let why = format!(
            "In `metadata.cors` the value of `{}` has to be {expected}, and a text is not converted: reading it fails, and no route gets its CORS configuration.",
            key.text
        );
        let instead = format!("Write {expected} in YAML, without quotes.");
        self.notes.push(without_effect(key.at, why, &instead));
        false
    }
}

fn without_brackets(key: &str, at: At) -> Noted {
    let rest: String =
        key.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
    let why = if rest.is_empty() {
        format!(
            "Without brackets Spring Boot keeps the letters, digits and `-` of a key alone. Nothing remains of `{key}`, and the gateway does not start."
        )
    } else {
        format!(
            "Without brackets Spring Boot keeps the letters, digits and `-` of a key alone, so `{key}` becomes `{rest}`, and its paths have no CORS."
        )
    };
    without_effect(at, why, &format!("Write `'[{key}]'`."))
}

/// The first pattern of a route's predicate `Path=/api/**`.
fn path_predicate(route: &Node) -> Option<String> {
    predicate(route, "Path", &["patterns", "pattern"])?.0.into_iter().next()
}

/// The arguments of a route's predicate: of `Method=GET,PUT`, or of `name` and `args`.
fn predicate(route: &Node, wanted: &str, keys: &[&str]) -> Option<(Vec<String>, At)> {
    let (_, predicates) = route.relaxed("predicates")?;
    numbered(predicates).into_iter().find_map(|(_, predicate)| {
        let (name, arguments) = shortcut(predicate);
        let named = predicate.get("args").and_then(|args| keys.iter().find_map(|key| args.relaxed(key)));
        let texts = |node: &Node| node.texts().iter().flat_map(|text| split(&text.text)).collect();
        let arguments = named.map_or(arguments, |(_, node)| texts(node));
        (name == wanted && !arguments.is_empty()).then_some((arguments, predicate.at))
    })
}

/// The name and the arguments of a predicate or filter: of `Name=a, b`, or of `name` and `args`, whose order is that of the shortcut for those that are
/// looked at here.
fn shortcut(node: &Node) -> (String, Vec<String>) {
    if let Some(text) = node.text() {
        let (name, arguments) = text.split_once('=').unwrap_or((text, ""));
        return (name.trim().to_owned(), split(arguments));
    }
    let name = node.text_of("name").unwrap_or_default().to_owned();
    let Some(arguments) = node.get("args") else { return (name, Vec::new()) };
    let named = ["name", "strategy"].iter().filter_map(|key| arguments.text_of(key)).map(str::to_owned);
    let named: Vec<String> = named.collect();
    let all = arguments.entries().iter().flat_map(|(_, node)| node.texts()).map(|text| text.text);
    (name, if named.is_empty() { all.collect() } else { named })
}

fn split(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
