//! The parts of a configuration whose answers can differ: its frontends, and the hosts and paths for which its rules decide.

use corsac::header::HeaderList;

use super::configuration::{Acl, Condition, Configuration, Proxy};
use super::exchange::chosen;
use super::matcher::Matcher;
use super::sample::Key;
use super::subjects::{Subject, Subjects, acls};
use crate::files::At;
use crate::server::{Asked, Behind, Place};

/// The most places of a configuration.
const MOST_PLACES: usize = 200;
/// The host of a request that names none of the configuration's.
const ANY_HOST: &str = "server.example";
/// The end of a host that stands for a frontend, because frontends differ by their ports and a request here has none.
const FRONTEND: &str = ".frontend.example";

/// The ways into a configuration. They are found once, because every request asks for them.
pub(super) struct Entrances(Vec<Entrance>);

struct Entrance {
    /// Its number among the proxies.
    proxy: usize,
    label: String,
    /// The hosts that its conditions name.
    hosts: Vec<String>,
    is_tls: bool,
    is_about_cors: bool,
}

impl Entrances {
    pub(super) fn of(configuration: &Configuration) -> Self {
        let of_proxy = |proxy: &Proxy| Entrance {
            proxy: configuration
                .proxies
                .iter()
                .position(|other| std::ptr::eq(other, proxy))
                .unwrap_or_default(),
            label: host_label(&proxy.name, proxy.at),
            hosts: hosts(configuration, proxy),
            is_tls: proxy.is_tls,
            is_about_cors: is_about_cors(configuration, proxy),
        };
        Self(candidates(configuration).into_iter().map(of_proxy).collect())
    }

    /// The number of the proxy that a request comes to, and the host that its rules see.
    pub(super) fn find<'h>(&self, host: &'h str, scheme: &str) -> Option<(usize, &'h str)> {
        if let Some(name) = host.strip_suffix(FRONTEND)
            && let Some(named) = self.0.iter().find(|entrance| entrance.label == name)
        {
            return Some((named.proxy, ANY_HOST));
        }
        let names_host = |entrance: &&Entrance| entrance.hosts.iter().any(|named| named == host);
        let serves = |entrance: &&Entrance| entrance.is_tls == (scheme == "https");
        let all = || self.0.iter();
        let found = all()
            .filter(names_host)
            .find(serves)
            .or_else(|| all().find(names_host))
            .or_else(|| all().find(|entrance| entrance.is_about_cors))
            .or(self.0.first())?;
        Some((found.proxy, host))
    }
}

/// The proxies that take connections; if there are none, because the file is only a part, all.
fn candidates(configuration: &Configuration) -> Vec<&Proxy> {
    let takers: Vec<&Proxy> =
        configuration.proxies.iter().filter(|proxy| proxy.takes_connections && proxy.is_http).collect();
    let mut all = if takers.is_empty() { configuration.proxies.iter().collect() } else { takers };
    all.truncate(MOST_PLACES);
    all
}

/// The frontend that is meant if nothing else is said: the first that has to do with CORS.
fn main<'l, 'c>(configuration: &Configuration, candidates: &'l [&'c Proxy]) -> Option<&'l &'c Proxy> {
    candidates.iter().find(|proxy| is_about_cors(configuration, proxy)).or(candidates.first())
}

/// Whether a frontend, or something that it sends requests to, has rules about CORS.
fn is_about_cors(configuration: &Configuration, frontend: &Proxy) -> bool {
    // A name that is computed can be of each backend.
    let leads_to = |name: &str| {
        let chosen = frontend.use_backend.iter().map(|choice| choice.name.literal());
        frontend.default_backend.as_deref() == Some(name)
            || chosen.into_iter().any(|chosen| chosen.is_none_or(|chosen| chosen == name))
    };
    frontend.is_about_cors()
        || configuration
            .proxies
            .iter()
            .any(|proxy| proxy.has_servers && proxy.is_about_cors() && leads_to(&proxy.name))
}

/// All places.
pub(super) fn places(configuration: &Configuration) -> Vec<Place> {
    let candidates = candidates(configuration);
    let main = main(configuration, &candidates);
    let mut places = Vec::new();
    for frontend in &candidates {
        if !is_about_cors(configuration, frontend) {
            continue;
        }
        let label = host_label(&frontend.name, frontend.at);
        let host =
            (main.is_some_and(|main| !std::ptr::eq(*main, *frontend))).then(|| format!("{label}{FRONTEND}"));
        let whole = Part { host, key: None, at: frontend.at, name: label };
        whole.push(&mut places);
        parts(configuration, frontend, &whole, &mut places);
    }
    places
}

/// A part that is found in a condition.
#[derive(Clone)]
struct Part {
    name: String,
    host: Option<String>,
    /// The pattern for paths.
    key: Option<(Matcher, Key)>,
    at: At,
}

/// The parts of a frontend for which its conditions name hosts or paths.
fn parts(configuration: &Configuration, frontend: &Proxy, whole: &Part, places: &mut Vec<Place>) {
    let subjects = Subjects::of(configuration, frontend);
    for choice in &frontend.use_backend {
        let Some(condition) = &choice.condition else { continue };
        let name = choice.name.literal();
        // Without servers it is a part that is not there yet: every answer is 503, whatever the policy.
        let is_empty = |proxy: &Proxy| proxy.servers == 0 && !proxy.error_files.contains_key(&503);
        let named = |proxy: &&Proxy| proxy.has_servers && name.as_ref() == Some(&proxy.name);
        if configuration.proxies.iter().find(named).is_some_and(is_empty) {
            continue;
        }
        for mut part in in_condition(&subjects, condition, frontend, choice.at) {
            part.host = part.host.or_else(|| whole.host.clone());
            part.name = name.clone().unwrap_or_else(|| whole.name.clone());
            // The request has to get there: an earlier line may take it away.
            let arrives = name.as_ref().is_none_or(|name| {
                part.path().is_some_and(|path| {
                    let host =
                        part.host.as_deref().filter(|host| !host.ends_with(FRONTEND)).unwrap_or(ANY_HOST);
                    let defined =
                        configuration.proxies.iter().any(|proxy| proxy.has_servers && proxy.name == *name);
                    !defined || arrives_at(configuration, frontend, host, &path, name)
                })
            });
            if arrives {
                part.push(places);
            }
        }
    }
    let proxies =
        configuration.proxies.iter().filter(|proxy| std::ptr::eq(*proxy, frontend) || proxy.has_servers);
    for proxy in proxies {
        for rule in proxy.rules().filter(|rule| rule.is_about_cors() || !rule.samples().is_empty()) {
            let Some(condition) = &rule.condition else { continue };
            for mut part in in_condition(&subjects, condition, proxy, rule.at) {
                part.host = part.host.or_else(|| whole.host.clone());
                part.name.clone_from(&whole.name);
                part.push(places);
            }
        }
    }
}

fn arrives_at(configuration: &Configuration, frontend: &Proxy, host: &str, path: &str, name: &str) -> bool {
    let behind = Behind::answers(200);
    let headers = HeaderList::new();
    let scheme = if frontend.is_tls { "https" } else { "http" };
    let asked = Asked { method: "GET", scheme, host, path, headers: &headers, behind: &behind };
    chosen(configuration, frontend, &asked, host).name == name
}

/// The hosts and paths that a condition asks for, in each of its alternatives.
fn in_condition(subjects: &Subjects, condition: &Condition, proxy: &Proxy, at: At) -> Vec<Part> {
    let mut parts = Vec::new();
    for terms in acls(condition, proxy) {
        let (mut hosts, mut paths) = (Vec::new(), Vec::new());
        for acl in terms.into_iter().filter(|(negated, _)| !negated).flat_map(|(_, acls)| acls) {
            match subjects.subject(&acl.sample) {
                Subject::Host => hosts.extend(acl.keys.iter().filter_map(|key| host_of(acl, key))),
                Subject::Path => paths.extend(acl.keys.iter().map(|key| (acl.matcher, key.clone()))),
                _ => {}
            }
        }
        let hosts: Vec<Option<String>> =
            if hosts.is_empty() { vec![None] } else { hosts.into_iter().map(Some).collect() };
        for host in hosts.iter().take(MOST_PLACES) {
            if paths.is_empty() && host.is_some() {
                parts.push(Part { name: String::new(), host: host.clone(), key: None, at });
            }
            for key in paths.iter().take(MOST_PLACES) {
                parts.push(Part { name: String::new(), host: host.clone(), key: Some(key.clone()), at });
            }
            if parts.len() > MOST_PLACES {
                return parts;
            }
        }
    }
    parts
}

/// A host that a pattern for hosts fits.
fn host_of(acl: &Acl, key: &Key) -> Option<String> {
    let bare = key.text.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let host = match acl.matcher {
        Matcher::Whole | Matcher::Domain => bare,
        Matcher::End if bare.starts_with('.') => format!("www{bare}"),
        Matcher::End => bare,
        Matcher::Beginning => format!("{}.example", bare.trim_end_matches('.')),
        _ => return None,
    };
    let is_host = host.contains('.')
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        && !host.starts_with(['.', '-']);
    is_host.then_some(host)
}

/// The hosts that a frontend's conditions name.
fn hosts(configuration: &Configuration, frontend: &Proxy) -> Vec<String> {
    let subjects = Subjects::of(configuration, frontend);
    let conditions = frontend.use_backend.iter().filter_map(|choice| choice.condition.as_ref());
    let conditions = conditions.chain(frontend.rules().filter_map(|rule| rule.condition.as_ref()));
    let found = conditions.flat_map(|condition| in_condition(&subjects, condition, frontend, frontend.at));
    found.filter_map(|part| part.host).collect()
}

impl Part {
    /// A path that the pattern fits.
    fn path(&self) -> Option<String> {
        let Some((matcher, key)) = &self.key else { return Some("/".to_owned()) };
        let path = match matcher {
            Matcher::Whole | Matcher::Beginning => key.text.clone(),
            Matcher::Folder => format!("/{}/", key.text.trim_matches('/')),
            Matcher::Inside => format!("/{}", key.text.trim_start_matches('/')),
            Matcher::End => format!("/file{}", key.text),
            Matcher::Expression => return of_expression(key),
            _ => return None,
        };
        let path = path.split('?').next().unwrap_or_default().to_owned();
        path.starts_with('/').then_some(path)
    }

    fn push(&self, places: &mut Vec<Place>) {
        let Some(path) = self.path() else { return };
        let is_there = places.iter().any(|place| place.host == self.host && place.path == path);
        if places.len() >= MOST_PLACES || is_there {
            return;
        }
        let (prefix, is_more_than_prefix) = match &self.key {
            None => (None, None),
            Some((Matcher::Beginning, _)) => (Some(trimmed(&path)), None),
            Some((Matcher::Expression, key)) if is_prefix_expression(&key.text) => {
                (Some(trimmed(&path)), None)
            }
            Some((matcher, key)) => (Some(trimmed(&path)), Some(why(*matcher, &key.text))),
        };
        let prefix = prefix.filter(|prefix| !prefix.is_empty());
        let name = self
            .name
            .chars()
            .map(|character| if character.is_ascii_alphanumeric() { character } else { '-' })
            .collect();
        places.push(Place { name, host: self.host.clone(), path, prefix, is_more_than_prefix, at: self.at });
    }
}

fn trimmed(path: &str) -> String {
    path.trim_end_matches('/').to_owned()
}

fn why(matcher: Matcher, text: &str) -> String {
    match matcher {
        Matcher::Whole => format!("Only the path `{text}` itself is meant."),
        Matcher::End => format!("Paths that end with `{text}` are meant."),
        Matcher::Expression => format!("Paths that the regular expression `{text}` matches are meant."),
        _ => format!("Paths that have `{text}` anywhere are meant."),
    }
}

/// `^/api(?:/|$)`, `^/api/` and the like: a path and what is below it.
fn is_prefix_expression(text: &str) -> bool {
    let literal = beginning(text);
    let rest = text.strip_prefix('^').and_then(|bare| bare.get(literal.1..));
    matches!(
        rest,
        Some("" | "(?:/|$)" | "(/|$)" | "(/.*)?" | "(/.*)?$" | ".*" | ".*$" | "/?" | "/?.*" | "(/|$).*")
    )
}

/// The text with which everything begins that the expression matches, and how long it is written.
fn beginning(text: &str) -> (String, usize) {
    let bare = text.strip_prefix('^').unwrap_or("");
    let (mut literal, mut length) = (String::new(), 0_usize);
    let mut rest = bare.chars().peekable();
    while let Some(character) = rest.next() {
        let (character, size) = match character {
            '\\' => match rest.next() {
                Some(next) if !next.is_ascii_alphanumeric() => {
                    (next, 1_usize.saturating_add(next.len_utf8()))
                }
                _ => break,
            },
            '.' | '(' | '[' | '{' | '*' | '+' | '?' | '|' | '$' | '^' | ')' => break,
            other => (other, other.len_utf8()),
        };
        if matches!(rest.peek(), Some('*' | '?' | '{')) {
            break;
        }
        literal.push(character);
        length = length.saturating_add(size);
    }
    (literal, length)
}

/// A path that a regular expression matches, if one is found with a few attempts.
fn of_expression(key: &Key) -> Option<String> {
    let expression = key.expression.as_ref()?;
    let (literal, _) = beginning(&expression.text);
    let literal = if literal.starts_with('/') { literal } else { format!("/{literal}") };
    ["", "/", "1", "x", "/x", "1/", "/1/", "1/x", "/1/x", "v1/x"]
        .iter()
        .map(|end| format!("{literal}{end}"))
        .find(|path| expression.is_match(path))
}

/// The name of a frontend as a part of a host.
fn host_label(name: &str, at: At) -> String {
    let label: String = name
        .chars()
        .take(40)
        .map(|character| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' })
        .collect();
    let label = label.trim_matches('-').to_owned();
    if label.is_empty() { format!("line-{}", at.line) } else { label }
}
