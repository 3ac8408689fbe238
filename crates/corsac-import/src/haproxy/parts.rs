//! What conditions say about the requests that they are for: hosts, paths, and what has to be assumed.

use super::assumption::Assumption;
use super::configuration::{Acl, Condition, Proxy};
use super::matcher::Matcher;
use super::sample::Key;
use super::subjects::{Subject, Subjects, acls};
use crate::example::example;
use crate::files::At;

/// The most places of a configuration.
pub(super) const MOST_PLACES: usize = 200;
/// The host of a request that names none of the configuration's.
pub(super) const ANY_HOST: &str = "server.example";

/// A part that is found in a condition.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) host: Option<Host>,
    /// The pattern for paths.
    pub(super) key: Option<(Matcher, Key)>,
    pub(super) assumption: Assumption,
    pub(super) at: At,
}

/// A host, and how the file writes it if that is a pattern.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Host {
    pub(super) name: String,
    pub(super) written: Option<String>,
}

/// The hosts and paths that a condition asks for, in each of its alternatives, with what has to be assumed for them.
pub(super) fn in_condition(
    subjects: &Subjects,
    condition: &Condition,
    proxy: &Proxy,
    at: At,
    assumed: &[Assumption],
) -> Vec<Part> {
    let mut parts = Vec::new();
    for (index, terms) in acls(condition, proxy).into_iter().enumerate() {
        let mut part = Part::new(String::new(), at);
        part.assumption = assumed.get(index).cloned().unwrap_or_default();
        let (mut hosts, mut paths) = (Vec::new(), Vec::new());
        for acl in terms.into_iter().filter(|(negated, _)| !negated).flat_map(|(_, acls)| acls) {
            match subjects.subject(&acl.sample) {
                Subject::Host => hosts.extend(acl.keys.iter().filter_map(|key| host_of(acl.matcher, key))),
                Subject::Path => paths.extend(acl.keys.iter().map(|key| (acl.matcher, key.clone()))),
                Subject::Base => {
                    parts.extend(acl.keys.iter().filter_map(|key| of_base(&part, acl, key)));
                }
                _ => {}
            }
        }
        let hosts: Vec<Option<Host>> =
            if hosts.is_empty() { vec![None] } else { hosts.into_iter().map(Some).collect() };
        for host in hosts.iter().take(MOST_PLACES) {
            if paths.is_empty() && (host.is_some() || !part.assumption.is_empty()) {
                parts.push(Part { host: host.clone(), ..part.clone() });
            }
            for key in paths.iter().take(MOST_PLACES) {
                parts.push(Part { host: host.clone(), key: Some(key.clone()), ..part.clone() });
            }
            if parts.len() > MOST_PLACES {
                return parts;
            }
        }
    }
    parts
}

pub(super) fn of_assumptions(assumed: &[Assumption], at: At) -> Vec<Part> {
    let assumed = assumed.iter().filter(|assumption| !assumption.is_empty());
    assumed
        .map(|assumption| Part { assumption: assumption.clone(), ..Part::new(String::new(), at) })
        .collect()
}

/// A host and a path in one, as `base` has them.
fn of_base(part: &Part, acl: &Acl, key: &Key) -> Option<Part> {
    if !matches!(acl.matcher, Matcher::Whole | Matcher::Beginning) {
        return None;
    }
    let (host, path) = key.text.split_once('/')?;
    let key = Key { at: key.at, text: format!("/{path}"), expression: None };
    let host = host_of(Matcher::Whole, &Key { at: key.at, text: host.to_owned(), expression: None })?;
    Some(Part { host: Some(host), key: Some((acl.matcher, key)), ..part.clone() })
}

/// A host that a pattern for hosts fits.
fn host_of(matcher: Matcher, key: &Key) -> Option<Host> {
    let bare = key.text.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let (name, written) = match matcher {
        Matcher::Whole | Matcher::Domain => (bare, None),
        Matcher::End if bare.starts_with('.') => (format!("www{bare}"), Some(format!("*{bare}"))),
        Matcher::End => (bare.clone(), Some(format!("*{bare}"))),
        Matcher::Beginning => (format!("{}.example", bare.trim_end_matches('.')), Some(format!("{bare}*"))),
        Matcher::Inside => (bare.trim_matches('.').to_owned(), Some(format!("*{bare}*"))),
        Matcher::Expression => {
            let found = example(&key.text)?.to_ascii_lowercase();
            let tried =
                [found.clone(), format!("www{found}"), format!("{found}.example"), format!("{found}example")];
            let expression = key.expression.as_ref()?;
            let fits = tried.into_iter().find(|host| is_host(host) && expression.is_match(host))?;
            (fits, Some(key.text.clone()))
        }
        _ => return None,
    };
    is_host(&name).then_some(Host { name, written })
}

fn is_host(host: &str) -> bool {
    host.contains('.')
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        && !host.starts_with(['.', '-'])
        && !host.ends_with('.')
}

impl Part {
    pub(super) fn new(name: String, at: At) -> Self {
        Self { name, host: None, key: None, assumption: Assumption::default(), at }
    }

    /// The same part, for requests that come this way to the backend that it is of.
    pub(super) fn by(&self, way: &Self) -> Self {
        Self {
            name: way.name.clone(),
            host: self.host.clone().or_else(|| way.host.clone()),
            key: self.key.clone().or_else(|| way.key.clone()),
            assumption: self.assumption.clone().and(&way.assumption),
            at: self.at,
        }
    }

    /// A path that the pattern fits.
    pub(super) fn path(&self) -> Option<String> {
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
}

pub(super) fn trimmed(path: &str) -> String {
    path.trim_end_matches('/').to_owned()
}

pub(super) fn why(matcher: Matcher, text: &str) -> String {
    match matcher {
        Matcher::Whole => format!("Only the path `{text}` itself is meant."),
        Matcher::End => format!("Paths that end with `{text}` are meant."),
        Matcher::Expression => format!("Paths that the regular expression `{text}` matches are meant."),
        _ => format!("Paths that have `{text}` anywhere are meant."),
    }
}

/// `^/api(?:/|$)`, `^/api/` and the like: a path and what is below it.
pub(super) fn is_prefix_expression(text: &str) -> bool {
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
    let shortest = example(&expression.text);
    let shortest = shortest.map(|path| if path.starts_with('/') { path } else { format!("/{path}") });
    ["", "/", "1", "x", "/x", "1/", "/1/", "1/x", "/1/x", "v1/x"]
        .iter()
        .map(|end| format!("{literal}{end}"))
        .chain(shortest)
        .find(|path| expression.is_match(path))
}
