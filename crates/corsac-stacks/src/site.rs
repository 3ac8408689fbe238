//! What a template is given: the policies with every value as it goes into headers, and no rule left to apply.

use corsac::server::{Placed, Placement, Policy, PolicyChoice};
use serde::Serialize;

use crate::fingerprint::fingerprint;
use crate::header_lists::{HAS_AUTHORIZATION, RequestHeaders, methods};
use crate::lua_pattern;
use crate::options::CompileOptions;
use crate::origin_regex;

/// Everything that a template can write.
#[derive(Debug, Serialize)]
pub(crate) struct Site {
    /// The first 12 digits of the hash of all policies.
    pub(crate) fingerprint: String,
    /// The line that verifies the running server.
    pub(crate) verify: String,
    pub(crate) for_one_request: bool,
    /// The parts of the server, longest path first, and then the rest if it has a policy.
    pub(crate) places: Vec<Place>,
    /// Whether a policy has a resource policy.
    has_resource_policy: bool,
    /// Whether an entry has a wildcard.
    has_patterns: bool,
    /// Whether a policy decides about each path.
    is_complete: bool,
    upstream: Option<UpstreamParts>,
    whole_file: bool,
    listen: ListenParts,
    /// All policies as a policy file in JSON.
    policies: String,
    /// Whether a method or the name of a header has a `$`.
    needs_dollar: bool,
}

/// A part of the server.
#[derive(Debug, Serialize)]
pub(crate) struct Place {
    name: String,
    /// The name as an identifier.
    id: String,
    /// Without a slash at its end; `/` for the whole server.
    path: String,
    /// An expression for the path and what is below it.
    path_regex: String,
    is_root: bool,
    /// The policy; none if requests pass unchanged.
    policy: Option<Values>,
}

/// A policy as header values and expressions.
#[derive(Debug, Serialize)]
struct Values {
    any_origin: bool,
    /// The entries as the policy has them, and `null`; `*` alone if every origin is allowed.
    entries: Vec<String>,
    /// Origins without a wildcard, and `null`.
    origins: Vec<String>,
    /// The other entries.
    patterns: Vec<Pattern>,
    /// One expression for all origins, with anchors; none if every origin is allowed, or none is.
    origin_regex: Option<String>,
    credentials: bool,
    /// The value of `Access-Control-Allow-Methods`; none if the requested method is repeated.
    methods: Option<String>,
    method_list: Vec<String>,
    any_method: bool,
    /// The value of `Access-Control-Allow-Headers`; none if the requested names are repeated, if all are allowed.
    request_headers: Option<String>,
    /// The listed names, which need not be asked for.
    request_headers_named: String,
    request_header_names: Vec<String>,
    request_header_prefixes: Vec<String>,
    any_request_header: bool,
    /// An expression for a list of allowed names; case is ignored.
    request_headers_regex: String,
    /// An expression for lists that are refused although the other one matches; case is ignored.
    request_headers_unless: Option<&'static str>,
    expose_headers: String,
    expose_header_names: Vec<String>,
    max_age: u64,
    timing: bool,
    resource_policy: Option<&'static str>,
    /// What the application may send about CORS, which the policy's own headers replace.
    removed: Vec<&'static str>,
}

/// Headers that only a policy decides.
const REMOVED: [&str; 7] = [
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-max-age",
    "access-control-expose-headers",
    "timing-allow-origin",
];

#[derive(Debug, Serialize)]
struct Pattern {
    entry: String,
    regex: String,
    /// Patterns of Lua, of which one has to match.
    lua: Vec<String>,
}

#[derive(Debug, Serialize)]
struct UpstreamParts {
    url: String,
    host: String,
    port: u16,
    is_tls: bool,
}

#[derive(Debug, Serialize)]
struct ListenParts {
    address: String,
    ip: String,
    port: u16,
}

impl Site {
    pub(crate) fn new(placement: &Placement, options: &CompileOptions) -> Self {
        let mut places: Vec<Place> =
            placement.all().filter_map(|(path, placed)| Place::new(path, placed)).collect();
        make_unique(&mut places);
        let upstream = options.upstream.as_ref().map(|upstream| UpstreamParts {
            url: upstream.as_str().to_owned(),
            host: upstream.host().to_owned(),
            port: upstream.port(),
            is_tls: upstream.is_tls(),
        });
        let named: Vec<(&str, &Values)> =
            places.iter().filter_map(|place| Some((place.name.as_str(), place.policy.as_ref()?))).collect();
        let name = if let [(name, _)] = named.as_slice() {
            format!(" --name {}", word(name))
        } else {
            String::new()
        };
        let has = |is: fn(&Values) -> bool| named.iter().any(|(_, policy)| is(policy));
        Self {
            needs_dollar: has(Values::has_dollar),
            has_resource_policy: has(|policy| policy.resource_policy.is_some()),
            has_patterns: has(|policy| !policy.patterns.is_empty()),
            policies: policies_as_json(placement),
            fingerprint: fingerprint(placement),
            verify: format!("corsac verify URL --policy {}{name}", word(&options.file)),
            for_one_request: options.for_one_request,
            is_complete: places.iter().any(|place| place.is_root),
            places,
            upstream,
            whole_file: options.whole_file,
            listen: ListenParts {
                address: options.listen.to_string(),
                ip: options.listen.ip().to_string(),
                port: options.listen.port(),
            },
        }
    }
}

impl Place {
    /// Returns `None` if no policy decides there.
    fn new(path: &str, placed: &Placed) -> Option<Self> {
        let policy = match &placed.choice {
            PolicyChoice::Policy(policy) => Some(Values::new(policy)),
            PolicyChoice::Pass => None,
            _ => return None,
        };
        let letters = placed.name.chars();
        let letters = letters
            .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' });
        let mut id: String = letters.collect();
        if !id.starts_with(|letter: char| letter.is_ascii_lowercase()) {
            id.insert(0, 'p');
        }
        let is_root = path == "/";
        let path_regex =
            if is_root { "^/".to_owned() } else { format!("^{}(?:/|$)", origin_regex::escaped(path)) };
        Some(Self { name: one_line(&placed.name), id, path: path.to_owned(), path_regex, is_root, policy })
    }
}

impl Values {
    fn new(policy: &Policy) -> Self {
        let config = policy.config();
        let any_origin = policy.allows_any_origin();
        let null = config.null_origin.then(|| "null".to_owned());
        let entries: Vec<String> =
            config.origins.iter().cloned().chain(null).filter(|entry| entry != "*").collect();
        let (patterns, origins): (Vec<String>, Vec<String>) =
            entries.iter().cloned().partition(|entry| entry.contains('*'));
        let origin_regex = (!any_origin && !entries.is_empty()).then(|| origin_regex::of_all(&entries));
        let requested = RequestHeaders::of(&config.request_headers);
        let methods = methods(&config.methods, config.credentials);
        let any_method = config.methods.iter().any(|method| method == "*");
        Self {
            any_origin,
            entries: if any_origin { vec!["*".to_owned()] } else { entries },
            origins,
            patterns: patterns
                .into_iter()
                .map(|entry| Pattern {
                    regex: origin_regex::of_entry(&entry),
                    lua: lua_pattern::of_entry(&entry),
                    entry,
                })
                .collect(),
            origin_regex,
            credentials: config.credentials,
            method_list: methods
                .as_deref()
                .filter(|_| !any_method)
                .map_or_else(Vec::new, |methods| methods.split(", ").map(str::to_owned).collect()),
            methods,
            any_method,
            request_headers: requested.fixed(config.credentials),
            request_headers_regex: requested.list_regex(),
            request_headers_unless: requested.is_all_but_authorization().then_some(HAS_AUTHORIZATION),
            request_headers_named: requested.names.join(", "),
            any_request_header: requested.any,
            request_header_names: requested.names,
            request_header_prefixes: requested.prefixes,
            expose_headers: config.expose_headers.join(", "),
            expose_header_names: config.expose_headers.clone(),
            max_age: policy.max_age().as_secs(),
            timing: config.timing,
            resource_policy: config.resource_policy.map(|policy| policy.as_str()),
            removed: REMOVED
                .into_iter()
                .chain(config.resource_policy.map(|_| "cross-origin-resource-policy"))
                .collect(),
        }
    }

    /// Returns `true` if a header value that holds names from the policy has a `$`.
    fn has_dollar(&self) -> bool {
        let fixed = self.methods.iter().chain(&self.request_headers);
        fixed.chain([&self.expose_headers, &self.request_headers_named]).any(|list| list.contains('$'))
    }
}

/// Returns the policies as a policy file. `at = "/"` is left out, since it is the default.
fn policies_as_json(placement: &Placement) -> String {
    let mut policies = serde_json::Map::new();
    for (path, placed) in placement.all() {
        let mut policy = match &placed.choice {
            PolicyChoice::Policy(policy) => serde_json::to_value(policy.config()).unwrap_or_default(),
            PolicyChoice::Pass => serde_json::json!({ "cors": "pass" }),
            _ => continue,
        };
        if let (Some(keys), true) = (policy.as_object_mut(), path != "/") {
            keys.insert("at".to_owned(), path.into());
        }
        policies.insert(placed.name.to_string(), policy);
    }
    let file = serde_json::json!({ "policy": policies });
    serde_json::to_string_pretty(&file).unwrap_or_default()
}

/// Gives places whose names give the same identifier a number.
fn make_unique(places: &mut [Place]) {
    for index in 1..places.len() {
        let (before, rest) = places.split_at_mut(index);
        let Some(place) = rest.first_mut() else { return };
        if before.iter().any(|other| other.id == place.id) {
            place.id = format!("{}_{index}", place.id);
        }
    }
}

/// Returns the text for a comment of one line. Languages differ in what ends a line (in Java, even `\\u000a` does), so only what is surely harmless
/// stays. In PHP, `?>` ends the code, wherever it is.
fn one_line(text: &str) -> String {
    let is_harmless = |letter: char| letter.is_alphanumeric() || letter.is_ascii_graphic() && letter != '\\';
    let line: String = text.chars().map(|letter| if is_harmless(letter) { letter } else { ' ' }).collect();
    line.replace("?>", "? >")
}

/// Returns the text as one word of a shell, for a comment.
fn word(text: &str) -> String {
    let text = one_line(text);
    shlex::try_quote(&text).map_or_else(|_| String::new(), |quoted| quoted.into_owned()) // only a NUL cannot be quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_stays_on_its_line() {
        assert_eq!(one_line("a\nb\r\u{2028}\u{85}c\\u000ad */"), "a b   c u000ad */");
        assert_eq!(one_line("a ?> b"), "a ? > b");
        assert_eq!(word("corsac.toml"), "corsac.toml");
        assert_eq!(word("it's"), "\"it's\"");
    }
}
