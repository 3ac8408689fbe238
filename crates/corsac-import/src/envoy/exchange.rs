//! What Envoy answers: the virtual host, the route, the CORS filter, and the headers that are added.

use super::configuration::{
    Action, Added, Append, Configuration, HeaderChanges, HeaderCondition, HeaderMatch, PathMatch, Policy,
    Redirect, Route, Table, VirtualHost,
};
use crate::files::At;
use crate::server::{Answer, Asked, Line};

/// What a request arrives at.
pub(super) struct Arrived<'c> {
    pub(super) table: &'c Table,
    pub(super) host: &'c VirtualHost,
    pub(super) route: Option<&'c Route>,
}

/// The answer to a request.
pub(super) fn answer(configuration: &Configuration, asked: &Asked<'_>) -> Answer {
    let nothing = |status: u16, at: Option<At>| Answer { status, answered_at: at, lines: Vec::new() };
    let Some(Arrived { table, host, route }) = arrive(configuration, asked) else {
        return nothing(404, None);
    };
    if host.redirects_to_tls && asked.scheme == "http" {
        let location = format!("https://{}{}", asked.host, asked.path);
        let line = Line { name: "location".to_owned(), value: location, at: Some(host.at) };
        return Answer { status: 301, answered_at: Some(host.at), lines: vec![line] };
    }
    let Some(route) = route else { return nothing(404, Some(host.at)) };
    let levels = [&route.headers, &host.headers, &table.headers];
    let mut answer = match &route.action {
        Action::Direct(status) => nothing(*status, Some(route.at)),
        Action::Redirect(redirect) => {
            let mut answer = nothing(redirect.status, Some(route.at));
            let value = location(redirect, route, asked);
            answer.lines.push(Line { name: "location".to_owned(), value, at: Some(route.at) });
            answer
        }
        Action::Forward => {
            let mut policies: Vec<&Policy> =
                [&route.policy, &host.policy, &table.policy].into_iter().flatten().collect();
            if policies.iter().any(|policy| policy.is_typed) {
                policies.retain(|policy| policy.is_typed);
            }
            let filter = if table.has_filter { Filter::new(policies, asked) } else { None };
            if let Some(answer) = filter.as_ref().and_then(Filter::preflight) {
                return answer;
            }
            let mut answer = nothing(asked.behind.status, None);
            for (name, value) in &asked.behind.headers {
                append(&mut answer.lines, &name.to_ascii_lowercase(), value, None);
            }
            change(&mut answer.lines, levels, asked);
            if let Some(filter) = filter {
                filter.add(&mut answer.lines);
            }
            return answer;
        }
    };
    change(&mut answer.lines, levels, asked);
    answer
}

/// Where a request arrives.
pub(super) fn arrive<'c>(configuration: &'c Configuration, asked: &Asked<'_>) -> Option<Arrived<'c>> {
    let name = asked.host.to_ascii_lowercase();
    // Tables of several listeners cannot be told apart by a request: the best domain decides, and then whether there is anything about CORS.
    let (_, table, host) = configuration
        .tables
        .iter()
        .filter_map(|table| {
            let (rank, host) = table
                .hosts
                .iter()
                .filter_map(|host| {
                    Some((host.domains.iter().filter_map(|domain| rank(domain, &name)).max()?, host))
                })
                .reduce(|best, next| if next.0 > best.0 { next } else { best })?;
            Some(((rank, table.is_about_cors()), table, host))
        })
        .reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    let path = compared_path(table, asked.path);
    let route = host.routes.iter().find(|route| route.fits(&path, asked));
    Some(Arrived { table, host, route })
}

/// How well a domain fits a host: exactly, by its end, by its beginning, or as any; and the longer the better.
fn rank(domain: &str, host: &str) -> Option<(u8, usize)> {
    let domain = domain.rsplit_once(':').map_or(domain, |(name, _)| name);
    if domain == "*" {
        return Some((0, 0));
    }
    if let Some(end) = domain.strip_prefix('*') {
        return (host.len() > end.len() && host.ends_with(end)).then_some((2, end.len()));
    }
    if let Some(beginning) = domain.strip_suffix('*') {
        return (host.len() > beginning.len() && host.starts_with(beginning)).then_some((1, beginning.len()));
    }
    (domain == host).then_some((3, 0))
}

impl Route {
    fn fits(&self, path: &str, asked: &Asked<'_>) -> bool {
        !self.never
            && self.path.fits(path, self.ignores_case)
            && self.headers_match.iter().all(|condition| condition.fits(asked))
    }
}

/// The path as routes are compared with it.
fn compared_path(table: &Table, path: &str) -> String {
    let mut path = path.to_owned();
    if table.merges_slashes {
        while path.contains("//") {
            path = path.replace("//", "/");
        }
    }
    if table.normalizes { without_escapes(&path) } else { path }
}

/// The path with letters, digits and `-._~` in clear.
fn without_escapes(path: &str) -> String {
    let mut parts = path.split('%');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).map(char::from);
        match code.filter(|letter| letter.is_ascii_alphanumeric() || "-._~".contains(*letter)) {
            Some(letter) => {
                text.push(letter);
                text.push_str(part.get(2..).unwrap_or_default());
            }
            None => {
                text.push('%');
                text.push_str(part);
            }
        }
    }
    text
}

impl PathMatch {
    pub(super) fn fits(&self, path: &str, ignores_case: bool) -> bool {
        let path = path.split('?').next().unwrap_or_default();
        let lowered = |text: &str| if ignores_case { text.to_ascii_lowercase() } else { text.to_owned() };
        let same_path = lowered(path);
        match self {
            Self::Any => true,
            Self::Prefix(prefix) => same_path.starts_with(&lowered(prefix)),
            Self::Whole(whole) => same_path == lowered(whole),
            Self::Segments(prefix) => same_path
                .strip_prefix(&lowered(prefix))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            Self::Expression(expression) => expression.fits(path),
        }
    }
}

impl HeaderMatch {
    fn fits(&self, asked: &Asked<'_>) -> bool {
        let value = match self.name.as_str() {
            ":method" => Some(asked.method.to_owned()),
            ":path" => Some(asked.path.to_owned()),
            ":scheme" | "x-forwarded-proto" => Some(asked.scheme.to_owned()),
            ":authority" | "host" => Some(asked.host.to_owned()),
            name => request_header(asked, name),
        };
        if let HeaderCondition::Present(present) = self.what {
            return (value.is_some() == present) != self.inverted;
        }
        // A header that is not there fits nothing, and not the opposite either.
        let Some(value) = value.or_else(|| self.missing_is_empty.then(String::new)) else { return false };
        let fits = match &self.what {
            HeaderCondition::Text(matcher) => matcher.fits(&value),
            HeaderCondition::Range(start, end) => {
                value.parse::<i64>().is_ok_and(|number| (*start..*end).contains(&number))
            }
            HeaderCondition::Present(_) => true,
        };
        fits != self.inverted
    }
}

/// The lines of a request header with commas between them, as Envoy joins them.
fn request_header(asked: &Asked<'_>, name: &str) -> Option<String> {
    let lines: Vec<String> =
        asked.headers.all(name).map(|value| String::from_utf8_lossy(value).into_owned()).collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

fn location(redirect: &Redirect, route: &Route, asked: &Asked<'_>) -> String {
    let scheme = if redirect.https { "https" } else { redirect.scheme.as_deref().unwrap_or(asked.scheme) };
    let host = redirect.host.as_deref().unwrap_or(asked.host);
    let path = match (&redirect.path, &redirect.prefix, &route.path) {
        (Some(path), _, _) => path.clone(),
        (None, Some(new), PathMatch::Prefix(old) | PathMatch::Segments(old)) => {
            format!("{new}{}", asked.path.strip_prefix(old.as_str()).unwrap_or_default())
        }
        _ => asked.path.to_owned(),
    };
    format!("{scheme}://{host}{path}")
}

/// The CORS filter at a request that has an origin, with policies from the smallest part to the largest.
struct Filter<'c> {
    policies: Vec<&'c Policy>,
    asked: &'c Asked<'c>,
    origin: String,
    /// The matcher that lets the origin in.
    allowed_by: Option<At>,
}

impl<'c> Filter<'c> {
    fn new(policies: Vec<&'c Policy>, asked: &'c Asked<'c>) -> Option<Self> {
        if !policies.first()?.enabled {
            return None;
        }
        let origin = request_header(asked, "origin").filter(|origin| !origin.is_empty())?;
        let origins = policies.iter().find(|policy| !policy.origins.is_empty()).map(|policy| &policy.origins);
        let allowed_by = origins
            .into_iter()
            .flatten()
            .find(|matcher| matcher.fits("*") || matcher.fits(&origin))
            .map(|matcher| matcher.at);
        Some(Self { policies, asked, origin, allowed_by })
    }

    fn first<T>(&self, of: impl Fn(&'c Policy) -> Option<T>) -> Option<T> {
        self.policies.iter().find_map(|policy| of(policy))
    }

    /// The filter's own answer to a preflight.
    fn preflight(&self) -> Option<Answer> {
        let method =
            request_header(self.asked, "access-control-request-method").filter(|method| !method.is_empty());
        let forwards_others = self.first(|policy| policy.forwards_others).unwrap_or(true);
        if self.asked.method != "OPTIONS" || (self.allowed_by.is_none() && forwards_others) {
            return None;
        }
        let method = method?;
        let mut lines = Vec::new();
        if self.allowed_by.is_some() {
            self.add(&mut lines);
        } else {
            self.add_credentials(&mut lines);
        }
        let mut set = |name: &str, found: Option<&(String, At)>, requested: &str| {
            if let Some((value, at)) = found {
                let value = if value == "*" { requested } else { value };
                lines.push(Line { name: name.to_owned(), value: value.to_owned(), at: Some(*at) });
            }
        };
        let names = request_header(self.asked, "access-control-request-headers").unwrap_or_default();
        set("access-control-allow-methods", self.first(|policy| policy.methods.as_ref()), &method);
        set("access-control-allow-headers", self.first(|policy| policy.headers.as_ref()), &names);
        set("access-control-max-age", self.first(|policy| policy.max_age.as_ref()), "*");
        let answered_at = self.policies.first().map(|policy| policy.at);
        Some(Answer { status: 200, answered_at, lines })
    }

    /// What the filter sets in every other answer to an allowed origin.
    fn add(&self, lines: &mut Vec<Line>) {
        let Some(at) = self.allowed_by else { return };
        set(lines, "access-control-allow-origin", self.origin.clone(), at);
        self.add_credentials(lines);
        if let Some((value, at)) = self.first(|policy| policy.exposed.as_ref()) {
            set(lines, "access-control-expose-headers", value.clone(), *at);
        }
    }

    fn add_credentials(&self, lines: &mut Vec<Line>) {
        if let Some((true, at)) = self.first(|policy| policy.credentials) {
            set(lines, "access-control-allow-credentials", "true".to_owned(), at);
        }
    }
}

fn set(lines: &mut Vec<Line>, name: &str, value: String, at: At) {
    lines.retain(|line| line.name != name);
    lines.push(Line { name: name.to_owned(), value, at: Some(at) });
}

/// Envoy keeps some headers in one line, with commas.
fn append(lines: &mut Vec<Line>, name: &str, value: &str, at: Option<At>) {
    let is_one_line = name.starts_with("access-control-") || name == "vary";
    if is_one_line && let Some(line) = lines.iter_mut().find(|line| line.name == name) {
        line.value = format!("{},{value}", line.value);
        line.at = at.or(line.at);
        return;
    }
    lines.push(Line { name: name.to_owned(), value: value.to_owned(), at });
}

/// Removes and adds headers: first what the route says, then the virtual host, then the table.
fn change(lines: &mut Vec<Line>, levels: [&HeaderChanges; 3], asked: &Asked<'_>) {
    for level in levels {
        lines.retain(|line| !level.remove.contains(&line.name));
        for added in &level.add {
            add(lines, added, asked);
        }
    }
}

fn add(lines: &mut Vec<Line>, added: &Added, asked: &Asked<'_>) {
    let value = formatted(&added.value, asked, lines);
    if value.is_empty() && !added.keeps_empty {
        return;
    }
    let is_there = lines.iter().any(|line| line.name == added.name);
    match added.how {
        Append::Always => append(lines, &added.name, &value, Some(added.at)),
        Append::IfAbsent if is_there => {}
        Append::OverwriteIfPresent if !is_there => {}
        _ => set(lines, &added.name, value, added.at),
    }
}

/// The value with its `%REQ(origin)%` and the like. What is not understood is empty.
fn formatted(value: &str, asked: &Asked<'_>, lines: &[Line]) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            text.push('%');
            rest = after;
            continue;
        }
        let (command, after) = after.split_once('%').unwrap_or((after, ""));
        rest = after;
        let Some((name, arguments)) = command.split_once('(') else { continue };
        let (names, length) = arguments.split_once(')').unwrap_or((arguments, ""));
        let of = |header: &str| match name {
            "REQ" | "REQUEST_HEADER" => match header.to_ascii_lowercase().as_str() {
                ":method" => Some(asked.method.to_owned()),
                ":path" => Some(asked.path.to_owned()),
                ":scheme" => Some(asked.scheme.to_owned()),
                ":authority" | "host" => Some(asked.host.to_owned()),
                other => request_header(asked, other),
            },
            "RESP" | "RESPONSE_HEADER" => {
                let header = header.to_ascii_lowercase();
                lines.iter().find(|line| line.name == header).map(|line| line.value.clone())
            }
            _ => None,
        };
        let found = names.split('?').find_map(of).unwrap_or_default();
        let most = length.strip_prefix(':').and_then(|length| length.parse().ok()).unwrap_or(usize::MAX);
        text.extend(found.chars().take(most));
    }
    text.push_str(rest);
    text
}
