//! Changes where requests go on to what is behind Caddy: preflights that are answered before, and headers that are taken from its responses.

use corsac::browser::{Exchange, ExchangeKind};
use corsac::header::is_cors_header;
use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD,
};
use corsac_verify::covered;

use super::{Change, MOST_EDITS};
use crate::asking::{STRANGER, answer, url};
use crate::caddy::matcher::{Condition, Matcher};
use crate::caddy::pattern::matches_path;
use crate::caddy::place::narrows;
use crate::caddy::route::{Handler, Route};
use crate::change::Edit;
use crate::server::{Answer, Behind};

impl<'c> Change<'c, '_> {
    /// The proxies remove the application's headers. That cannot be for some paths only, so it is done where the header is for all of them.
    pub(super) fn without_the_applications(&self) -> Vec<Edit> {
        let header = self.way().and_then(|way| way.last().copied());
        if header.is_none_or(|header| header.matcher.as_deref().is_some_and(narrows)) {
            return Vec::new();
        }
        let mut edits = Vec::new();
        for proxy in self.proxies().into_iter().flatten() {
            let line = self.line(proxy.at);
            let outside = self.indentation(proxy.at);
            let inside = format!("{outside}{}header_down -Access-Control-*", self.step());
            if line.contains('#') || line.trim_end().ends_with('\\') {
                continue;
            }
            edits.push(if line.trim_end().ends_with('{') {
                Edit::InsertAfter { at: proxy.at, text: inside }
            } else {
                Edit::Replace { at: proxy.at, text: format!("{} {{\n{inside}\n{outside}}}", line.trim_end()) }
            });
        }
        edits
    }

    /// Preflights are answered where they would be passed on, if the configuration says what they allow: an answer without that would take the place of
    /// the application's own, which may be right.
    pub(super) fn preflight(&self) -> Vec<Edit> {
        let Some(paths) = self.paths() else { return Vec::new() };
        let proxies = self.proxies();
        let Some(first) = proxies.iter().flatten().next() else { return Vec::new() };
        if !self.says_what_is_allowed() || self.lets_everybody_in() {
            return Vec::new();
        }
        let name = self.free_name("preflight");
        // In several blocks each would need its own answer, and one `handle` comes before all of them.
        let before = match &*proxies {
            [_] => first.at,
            _ => match self.top_of_blocks() {
                Some(top) => top.at,
                None => return Vec::new(),
            },
        };
        let (outside, step) = (self.indentation(before), self.step());
        let mut lines = vec![format!("{outside}{name} {{"), format!("{outside}{step}method OPTIONS")];
        if !paths.is_empty() {
            lines.push(format!("{outside}{step}path {}", paths.join(" ")));
        }
        lines.push(format!("{outside}{step}header Origin *"));
        lines.push(format!("{outside}{step}header Access-Control-Request-Method *"));
        lines.push(format!("{outside}}}"));
        match &*proxies {
            [_] => lines.push(format!("{outside}respond {name} 204")),
            _ => lines.push(format!("{outside}handle {name} {{\n{outside}{step}respond 204\n{outside}}}")),
        }
        vec![Edit::InsertBefore { at: before, text: lines.join("\n") }]
    }

    /// `respond @preflight 204` behind directives that answer everything: a `handle` in its place, before the first of the others.
    pub(super) fn handled(&self) -> Vec<Edit> {
        let at = self.note.at;
        let is_here = |route: &Route| route.at == at && matches!(route.handler, Handler::Respond { .. });
        let blocks = self.configuration.sites.iter();
        let Some(block) =
            blocks.into_iter().find_map(|site| block_of(&site.routes, &|routes| routes.iter().any(is_here)))
        else {
            return Vec::new();
        };
        let (line, outside, step) = (self.line(at), self.indentation(at), self.step());
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["respond", matcher, rest @ ..] = &*words else { return Vec::new() };
        if !matcher.starts_with('@') || line.contains(['{', '#', '\\', '"', '`', '<']) {
            return Vec::new();
        }
        let respond = ["respond"].into_iter().chain(rest.iter().copied()).collect::<Vec<_>>().join(" ");
        let text = format!("{outside}handle {matcher} {{\n{outside}{step}{respond}\n{outside}}}");
        let rank = |route: &&Route| matches!(route.handler, Handler::Block(_)) && route.at.file == at.file;
        let first = block.iter().filter(rank).map(|route| route.at).min();
        match first.filter(|first| first.line < at.line) {
            Some(first) => vec![Edit::InsertBefore { at: first, text }, Edit::Delete { at }],
            None => vec![Edit::Replace { at, text }],
        }
    }

    /// The paths that the header is for inside of its block, none for all; `None` if something else than paths restricts it.
    fn paths(&self) -> Option<Vec<String>> {
        let header = *self.way()?.last()?;
        let Some(matcher) = header.matcher.as_deref().filter(|matcher| narrows(matcher)) else {
            return Some(Vec::new());
        };
        paths_of(matcher).filter(|paths| paths.iter().all(|path| !path.contains(['{', ' '])))
    }

    /// Whether the answer to a preflight has methods or request headers, for an origin that may read.
    fn says_what_is_allowed(&self) -> bool {
        let entries = &self.wanted.policy.origins;
        let origins = entries
            .iter()
            .filter(|entry| *entry != "*")
            .filter_map(|entry| covered(entry).into_iter().next());
        let mut origins = origins.chain([STRANGER.to_owned()]);
        origins.any(|origin| {
            let answer = self.ask("OPTIONS", &origin);
            let has = |name: &str| {
                answer.as_ref().is_some_and(|answer| answer.all(name).any(|line| line.at.is_some()))
            };
            has(ACCESS_CONTROL_ALLOW_ORIGIN)
                && (has(ACCESS_CONTROL_ALLOW_METHODS) || has(ACCESS_CONTROL_ALLOW_HEADERS))
        })
    }

    /// Whether any site may read with credentials. Preflights that are answered would then let it write as well.
    fn lets_everybody_in(&self) -> bool {
        self.ask("GET", STRANGER).is_some_and(|answer| {
            let is = |name: &str, value: &str| answer.line(name).is_some_and(|line| line.value == value);
            is(ACCESS_CONTROL_ALLOW_ORIGIN, STRANGER) && is(ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
        })
    }

    fn ask(&self, method: &str, origin: &str) -> Option<Answer> {
        let mut exchange = Exchange::new(ExchangeKind::Request, method, url(&self.wanted.place)?);
        exchange.headers.append("Origin", origin);
        if method == "OPTIONS" {
            exchange.kind = ExchangeKind::Preflight;
            exchange.headers.append(ACCESS_CONTROL_REQUEST_METHOD, "PUT");
        }
        let answered = answer(self.configuration, &exchange, &Behind::answers(200));
        answered.lines.iter().any(|line| is_cors_header(&line.name)).then_some(answered)
    }

    /// The block that the header is for.
    fn block(&self) -> Option<&'c [Route]> {
        let outermost = self.outermost()?;
        let holds = |routes: &[Route]| routes.iter().any(|route| std::ptr::eq(route, outermost));
        self.configuration.sites.iter().find_map(|site| block_of(&site.routes, &holds))
    }

    /// The first directive in the block of the header that is a block itself, or a proxy.
    fn top_of_blocks(&self) -> Option<&'c Route> {
        let is_top = |route: &&Route| matches!(route.handler, Handler::Block(_) | Handler::Proxy { .. });
        let outermost = self.outermost()?;
        let here = self.block()?.iter().filter(is_top).filter(|route| route.at.file == outermost.at.file);
        here.min_by_key(|route| route.at)
    }

    /// The proxies for the same requests as the header, by their blocks.
    fn proxies(&self) -> Vec<Vec<&'c Route>> {
        let header = self.way().and_then(|way| way.last().copied());
        let paths = header.and_then(|header| paths_of(header.matcher.as_deref()?)).unwrap_or_default();
        let may_be_for = |route: &Route| {
            let own = route.matcher.as_deref().and_then(paths_of).unwrap_or_default();
            paths.is_empty()
                || own.is_empty()
                || own.iter().any(|own| paths.iter().any(|path| overlap(own, path)))
        };
        let mut found: Vec<Vec<&Route>> = Vec::new();
        let mut blocks: Vec<&[Route]> = self.block().into_iter().collect();
        while let Some(routes) = blocks.pop() {
            let mut here: Vec<&Route> = Vec::new();
            for route in routes.iter().filter(|route| may_be_for(route)) {
                match &route.handler {
                    Handler::Proxy { .. }
                        if here.len() < MOST_EDITS
                        // A snippet that is imported often stands in the file once.
                        && !found.iter().flatten().any(|other| other.at == route.at) =>
                    {
                        here.push(route);
                    }
                    Handler::Block(inside) => blocks.push(inside),
                    _ => {}
                }
            }
            if !here.is_empty() && found.len() < MOST_EDITS {
                found.push(here);
            }
        }
        found
    }
}

/// The paths of a matcher that is about paths alone, whatever else than hosts it is about.
fn paths_of(matcher: &Matcher) -> Option<Vec<String>> {
    let mut narrowing = matcher.conditions.iter().filter(|condition| condition.narrows());
    match (narrowing.next(), narrowing.next()) {
        (Some(Condition::Path(paths)), None) => Some(paths.clone()),
        _ => None,
    }
}

/// Whether a path can be for both patterns.
fn overlap(one: &str, other: &str) -> bool {
    let start = |pattern: &str| pattern.split('*').next().unwrap_or_default().to_owned();
    match (one.contains('*'), other.contains('*')) {
        (true, true) => start(one).starts_with(&start(other)) || start(other).starts_with(&start(one)),
        (true, false) => matches_path(one, other),
        (false, true) => matches_path(other, one),
        (false, false) => one == other,
    }
}

fn block_of<'r>(routes: &'r [Route], holds: &impl Fn(&[Route]) -> bool) -> Option<&'r [Route]> {
    if holds(routes) {
        return Some(routes);
    }
    routes.iter().find_map(|route| match &route.handler {
        Handler::Block(inside) => block_of(inside, holds),
        _ => None,
    })
}
