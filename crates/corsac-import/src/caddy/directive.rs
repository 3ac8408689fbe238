//! The directives of Caddy, and the order in which it runs them wherever they stand.

use super::route::Route;
use super::segment::Segment;

/// In the order in which they run.
pub(super) const ORDER: &[&str] = &[
    "tracing",
    "map",
    "vars",
    "fs",
    "root",
    "log_append",
    "skip_log",
    "log_skip",
    "log_name",
    "header",
    "copy_response_headers",
    "request_body",
    "timeouts",
    "redir",
    "method",
    "rewrite",
    "uri",
    "try_files",
    "basicauth",
    "basic_auth",
    "forward_auth",
    "request_header",
    "encode",
    "push",
    "intercept",
    "templates",
    "invoke",
    "handle",
    "handle_path",
    "route",
    "abort",
    "error",
    "copy_response",
    "respond",
    "metrics",
    "reverse_proxy",
    "php_fastcgi",
    "file_server",
    "acme_server",
];

/// Directives that do not handle requests.
const WITHOUT_ORDER: &[&str] = &["bind", "handle_errors", "log", "tls", "import"];

/// Directives of well-known plugins that answer requests.
const OF_PLUGINS: &[&str] = &[
    "cgi",
    "cors",
    "frankenphp",
    "mercure",
    "php",
    "php_server",
    "proxy",
    "rate_limit",
    "replace",
    "s3proxy",
    "webdav",
    "authenticate",
    "authorize",
    "gzip",
    "errors",
];

/// Whether a word at the beginning of a file is a directive, and not the address of a site.
pub(super) fn is_known(word: &str) -> bool {
    word.starts_with('@') || [ORDER, WITHOUT_ORDER, OF_PLUGINS].iter().any(|names| names.contains(&word))
}

/// The order, after the changes that `order` in the global options makes.
#[derive(Clone, Debug)]
pub(super) struct Order(Vec<String>);

impl Order {
    pub(super) fn new(options: &[Segment]) -> Self {
        let mut order: Vec<String> = ORDER.iter().map(|name| (*name).to_owned()).collect();
        for option in options.iter().filter(|option| option.name() == "order") {
            let words: Vec<_> = option.arguments().iter().map(|word| word.text.as_str()).collect();
            let [name, position, beside @ ..] = &*words else { continue };
            // Each takes time for the whole list.
            if order.len() > 200 {
                break;
            }
            order.retain(|known| known != name);
            let of_other =
                |other: Option<&&str>| order.iter().position(|known| Some(&known.as_str()) == other);
            let index = match (*position, of_other(beside.first())) {
                ("first", _) => 0,
                ("last", _) => order.len(),
                ("before", Some(index)) => index,
                ("after", Some(index)) => index.saturating_add(1),
                _ => continue,
            };
            order.insert(index.min(order.len()), (*name).to_owned());
        }
        Self(order)
    }

    /// The place of a directive; `handle_path` has that of `handle`. An unknown one runs after all others.
    pub(super) fn of(&self, name: &str) -> usize {
        let name = if name == "handle_path" { "handle" } else { name };
        self.0.iter().position(|known| known == name).unwrap_or(self.0.len())
    }
}

/// Sorts as Caddy does outside of `route`: by directive, and then what is for one path before the rest, with longer paths first.
///
/// The order is not transitive when paths and other matchers are mixed, so how it is sorted matters: short lists one after the other, as Go does.
pub(super) fn sort(routes: &mut Vec<Route>) {
    const SHORT: usize = 20;
    let mut runs: Vec<Vec<Route>> = Vec::new();
    let mut rest = std::mem::take(routes);
    while !rest.is_empty() {
        let later = rest.split_off(rest.len().min(SHORT));
        let mut run: Vec<Route> = Vec::with_capacity(SHORT);
        for route in rest {
            let index = run.iter().rposition(|earlier| !comes_before(&route, earlier));
            run.insert(index.map_or(0, |index| index.saturating_add(1)), route);
        }
        runs.push(run);
        rest = later;
    }
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut pairs = runs.into_iter();
        while let Some(first) = pairs.next() {
            merged.push(match pairs.next() {
                Some(second) => merge(first, second),
                None => first,
            });
        }
        runs = merged;
    }
    *routes = runs.pop().unwrap_or_default();
}

fn merge(first: Vec<Route>, second: Vec<Route>) -> Vec<Route> {
    let mut merged = Vec::with_capacity(first.len().saturating_add(second.len()));
    let mut first = first.into_iter().peekable();
    for later in second {
        while let Some(earlier) = first.next_if(|earlier| !comes_before(&later, earlier)) {
            merged.push(earlier);
        }
        merged.push(later);
    }
    merged.extend(first);
    merged
}

fn comes_before(a: &Route, b: &Route) -> bool {
    if a.rank != b.rank {
        return a.rank < b.rank;
    }
    let more_specific = match (a.only_path(), b.only_path()) {
        (Some(a), Some(b)) => {
            let (a_trimmed, b_trimmed) = (a.strip_suffix('*').unwrap_or(a), b.strip_suffix('*').unwrap_or(b));
            if a_trimmed == b_trimmed {
                a.len() < b.len()
            } else if a_trimmed.len() == b_trimmed.len() {
                a_trimmed < b_trimmed
            } else {
                a_trimmed.len() > b_trimmed.len()
            }
        }
        _ => a.matcher.is_some() && b.matcher.is_none(),
    };
    // Of variables the last one wins, so the most specific is set last.
    if a.is_vars() { !more_specific } else { more_specific }
}
