//! What two policies decide differently. Texts are never compared: every change was seen in the decisions about its example.

use std::collections::HashSet;

use corsac::server::{Enforce, PathPrefix, Policy, PolicyConfig, Request, ResourcePolicy};
use http::Method;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN,
};

use super::examples::Unused;

/// One thing that is different.
pub(crate) struct Change {
    pub(crate) kind: Kind,
    /// The entry or key, as the policies have it.
    pub(crate) value: String,
    pub(crate) effect: Effect,
    /// What it was, and what it is.
    pub(crate) old: String,
    pub(crate) new: String,
    /// A request that one of the policies allows, and the other does not.
    pub(crate) example: Option<Example>,
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Origin,
    Method,
    RequestHeader,
    ExposeHeader,
    Credentials,
    Timing,
    ResourcePolicy,
    Enforce,
    MaxAge,
    At,
}

impl Kind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::Method => "method",
            Self::RequestHeader => "request-header",
            Self::ExposeHeader => "expose-header",
            Self::Credentials => "credentials",
            Self::Timing => "timing",
            Self::ResourcePolicy => "resource-policy",
            Self::Enforce => "enforce",
            Self::MaxAge => "max-age",
            Self::At => "at",
        }
    }
}

/// Is more allowed, or less?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Widened,
    Narrowed,
    /// Neither: what is allowed is the same.
    Other,
}

impl Effect {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
            Self::Other => "other",
        }
    }

    fn of(is_allowed: bool) -> Self {
        if is_allowed { Self::Widened } else { Self::Narrowed }
    }
}

/// A request from a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Example {
    pub(crate) origin: String,
    pub(crate) method: String,
    /// The name of a request header that script sets.
    pub(crate) header: Option<String>,
    pub(crate) credentials: bool,
}

impl Example {
    fn get(origin: &str) -> Self {
        Self { origin: origin.to_owned(), method: "GET".to_owned(), header: None, credentials: false }
    }
}

/// Everything that is different, in the order of a policy's keys.
pub(crate) fn compare(old: &Policy, new: &Policy) -> Vec<Change> {
    let (before, after) = (old.config(), new.config());
    let unused = Unused::in_both(&before, &after);
    let pair = Pair { old, new, before: &before, after: &after, unused: &unused };
    let mut changes = pair.origins();
    if let Some(pages) = pair.pages() {
        changes.extend(pair.methods(&pages));
        changes.extend(pair.request_headers(&pages));
        changes.extend(pair.expose_headers(&pages));
        changes.extend(pair.credentials(&pages));
    }
    changes.extend(pair.rest());
    changes
}

/// The part of the server that a policy is for, if that has changed. Whether more is allowed depends on the other policies.
pub(super) fn place(old: Option<&PathPrefix>, new: Option<&PathPrefix>) -> Option<Change> {
    let shown = |at: Option<&PathPrefix>| at.map_or("not placed", PathPrefix::as_str).to_owned();
    (old != new).then(|| Change {
        kind: Kind::At,
        value: "at".to_owned(),
        effect: Effect::Other,
        old: shown(old),
        new: shown(new),
        example: None,
    })
}

/// `cors = "pass"` where a policy decided, or the other way round.
pub(super) fn passes(was: &str, effect: Effect) -> Change {
    let is = if effect == Effect::Widened { "pass" } else { "a policy" };
    Change {
        kind: Kind::At,
        value: "cors".to_owned(),
        effect,
        old: was.to_owned(),
        new: is.to_owned(),
        example: None,
    }
}

struct Pair<'p> {
    old: &'p Policy,
    new: &'p Policy,
    before: &'p PolicyConfig,
    after: &'p PolicyConfig,
    unused: &'p Unused,
}

/// An origin that the old policy allows, and one that the new one allows: the same, if there is one.
struct Pages {
    old: String,
    new: String,
}

impl Pair<'_> {
    fn origins(&self) -> Vec<Change> {
        let entries = both(&self.before.origins, &self.after.origins);
        let null = "null".to_owned();
        let candidates = entries
            .into_iter()
            .map(|entry| (entry, self.unused.origins(entry)))
            .chain([(null.as_str(), vec![null.clone()])]);
        let mut changes = Vec::new();
        for (entry, origins) in candidates {
            let difference = origins.into_iter().find_map(|origin| {
                let example = Example::get(&origin);
                let (was, is) = (may_read(self.old, &example), may_read(self.new, &example));
                (was != is).then_some((example, is))
            });
            changes.extend(difference.map(|(example, is)| allowed(Kind::Origin, entry, is, example)));
        }
        changes
    }

    /// `None` when one of the policies allows nobody: nothing else in it makes a difference then.
    fn pages(&self) -> Option<Pages> {
        let entries = both(&self.before.origins, &self.after.origins);
        let first = |allows: &dyn Fn(&Example) -> bool| {
            let origins = entries.iter().flat_map(|entry| self.unused.origins(entry));
            origins.chain(["null".to_owned()]).find(|origin| allows(&Example::get(origin)))
        };
        if let Some(shared) = first(&|example| may_read(self.old, example) && may_read(self.new, example)) {
            return Some(Pages { old: shared.clone(), new: shared });
        }
        let old = first(&|example| may_read(self.old, example))?;
        let new = first(&|example| may_read(self.new, example))?;
        Some(Pages { old, new })
    }

    fn methods(&self, pages: &Pages) -> Vec<Change> {
        let request =
            |origin: &str, method: &str| Example { method: method.to_owned(), ..Example::get(origin) };
        let entries = both(&self.before.methods, &self.after.methods);
        self.entries(Kind::Method, pages, entries, |entry| self.unused.methods(entry), request, may_send)
    }

    fn request_headers(&self, pages: &Pages) -> Vec<Change> {
        let request =
            |origin: &str, name: &str| Example { header: Some(name.to_owned()), ..Example::get(origin) };
        let entries = both(&self.before.request_headers, &self.after.request_headers);
        self.entries(
            Kind::RequestHeader,
            pages,
            entries,
            |entry| self.unused.headers(entry),
            request,
            may_send,
        )
    }

    fn expose_headers(&self, pages: &Pages) -> Vec<Change> {
        let mut changes = Vec::new();
        for entry in both(&self.before.expose_headers, &self.after.expose_headers) {
            let difference = self.unused.headers(entry).into_iter().find_map(|name| {
                let (was, is) = (exposes(self.old, &pages.old, &name), exposes(self.new, &pages.new, &name));
                (was != is).then_some(is)
            });
            let page = |is| if is { &pages.new } else { &pages.old };
            changes
                .extend(difference.map(|is| allowed(Kind::ExposeHeader, entry, is, Example::get(page(is)))));
        }
        changes
    }

    fn credentials(&self, pages: &Pages) -> Option<Change> {
        let (was, is) = (carries(self.old, &pages.old), carries(self.new, &pages.new));
        let page = if is { &pages.new } else { &pages.old };
        let example = Example { credentials: true, ..Example::get(page) };
        (was != is).then(|| allowed(Kind::Credentials, "credentials", is, example))
    }

    /// For each entry, the first of its examples that only one of the policies allows.
    fn entries(
        &self,
        kind: Kind,
        pages: &Pages,
        entries: Vec<&str>,
        examples: impl Fn(&str) -> Vec<String>,
        request: impl Fn(&str, &str) -> Example,
        allows: impl Fn(&Policy, &Example) -> bool,
    ) -> Vec<Change> {
        let mut changes = Vec::new();
        for entry in entries {
            let difference = examples(entry).into_iter().find_map(|value| {
                let (before, after) = (request(&pages.old, &value), request(&pages.new, &value));
                let (was, is) = (allows(self.old, &before), allows(self.new, &after));
                (was != is).then_some((if is { after } else { before }, is))
            });
            changes.extend(difference.map(|(example, is)| allowed(kind, entry, is, example)));
        }
        changes
    }

    /// What is one value, and not for each request to show.
    fn rest(&self) -> Vec<Change> {
        let (before, after) = (self.before, self.after);
        let resource_policy =
            |config: &PolicyConfig| config.resource_policy.map_or("not sent", ResourcePolicy::as_str);
        let rows = [
            (Kind::Timing, flag(before.timing), flag(after.timing), ordered(before.timing, after.timing)),
            (
                Kind::ResourcePolicy,
                resource_policy(before),
                resource_policy(after),
                ordered(openness(before.resource_policy), openness(after.resource_policy)),
            ),
            (
                Kind::Enforce,
                before.enforce.as_str(),
                after.enforce.as_str(),
                ordered(before.enforce != Enforce::Block, after.enforce != Enforce::Block),
            ),
            (
                Kind::MaxAge,
                before.max_age.as_deref().unwrap_or_default(),
                after.max_age.as_deref().unwrap_or_default(),
                Effect::Other,
            ),
        ];
        let changed = rows.into_iter().filter(|(_, old, new, _)| old != new);
        let change = |(kind, old, new, effect): (Kind, &str, &str, Effect)| Change {
            kind,
            value: kind.as_str().to_owned(),
            effect,
            old: old.to_owned(),
            new: new.to_owned(),
            example: None,
        };
        changed.map(change).collect()
    }
}

fn allowed(kind: Kind, value: &str, is: bool, example: Example) -> Change {
    let words = |is| if is { "allowed" } else { "refused" }.to_owned();
    Change {
        kind,
        value: value.to_owned(),
        effect: Effect::of(is),
        old: words(!is),
        new: words(is),
        example: Some(example),
    }
}

/// The entries of both lists, each once, the old ones first.
fn both<'a>(old: &'a [String], new: &'a [String]) -> Vec<&'a str> {
    let mut seen = HashSet::with_capacity(old.len());
    old.iter().chain(new).map(String::as_str).filter(|entry| seen.insert(*entry)).collect()
}

fn flag(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

/// How many pages may load without CORS. Without the header, all but those that ask for it (`Cross-Origin-Embedder-Policy`).
fn openness(value: Option<ResourcePolicy>) -> u8 {
    match value {
        Some(ResourcePolicy::SameOrigin) => 0,
        Some(ResourcePolicy::SameSite) => 1,
        None => 2,
        Some(ResourcePolicy::CrossOrigin) => 3,
    }
}

fn ordered<T: Ord + Copy>(old: T, new: T) -> Effect {
    match new.cmp(&old) {
        std::cmp::Ordering::Greater => Effect::Widened,
        std::cmp::Ordering::Less => Effect::Narrowed,
        std::cmp::Ordering::Equal => Effect::Other,
    }
}

fn from(origin: &str) -> HeaderMap {
    HeaderValue::from_str(origin).into_iter().map(|origin| (ORIGIN, origin)).collect()
}

/// May the page read the response to a simple request?
fn may_read(policy: &Policy, example: &Example) -> bool {
    policy.decide(&Request::new(&Method::GET, &from(&example.origin))).is_allowed()
}

/// May the page send the request, after a preflight?
fn may_send(policy: &Policy, example: &Example) -> bool {
    let mut request = from(&example.origin);
    let Ok(method) = HeaderValue::from_str(&example.method) else { return false };
    request.insert(ACCESS_CONTROL_REQUEST_METHOD, method);
    if let Some(name) = &example.header {
        let Ok(name) = HeaderValue::from_str(name) else { return false };
        request.insert(ACCESS_CONTROL_REQUEST_HEADERS, name);
    }
    policy.decide(&Request::new(&Method::OPTIONS, &request)).is_allowed()
}

fn response(policy: &Policy, origin: &str) -> HeaderMap {
    let mut response = HeaderMap::new();
    policy.decide(&Request::new(&Method::GET, &from(origin))).apply(&mut response);
    response
}

/// May script read the response header called `name`?
fn exposes(policy: &Policy, origin: &str, name: &str) -> bool {
    let response = response(policy, origin);
    let lines = response.get_all(ACCESS_CONTROL_EXPOSE_HEADERS).iter();
    let mut names =
        lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).map(str::trim);
    names.any(|listed| listed == "*" || listed.eq_ignore_ascii_case(name))
}

/// May the request carry credentials?
fn carries(policy: &Policy, origin: &str) -> bool {
    response(policy, origin).contains_key(ACCESS_CONTROL_ALLOW_CREDENTIALS)
}

#[cfg(test)]
mod tests;
