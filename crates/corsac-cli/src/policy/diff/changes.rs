//! What two policies decide differently. Their text is never compared: every change is a difference between the decisions about its example.

use std::collections::HashSet;

use corsac::server::{Enforce, PathPrefix, Policy, PolicyConfig, Request, ResourcePolicy};
use http::Method;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN,
};

use super::examples::Unused;

/// One difference.
pub(crate) struct Change {
    pub(crate) kind: Kind,
    /// The entry or key, as it is written in the policies.
    pub(crate) value: String,
    pub(crate) effect: Effect,
    /// The decision or value before and after.
    pub(crate) old: String,
    pub(crate) new: String,
    /// A request that only one of the policies allows.
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

/// Whether a change allows more or less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Widened,
    Narrowed,
    /// The same is allowed.
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

/// An example request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Example {
    pub(crate) origin: String,
    pub(crate) method: String,
    /// The name of a request header set by script.
    pub(crate) header: Option<String>,
    pub(crate) credentials: bool,
}

impl Example {
    fn get(origin: &str) -> Self {
        Self { origin: origin.to_owned(), method: "GET".to_owned(), header: None, credentials: false }
    }
}

/// Returns all differences, in the order of a policy's keys.
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

/// Returns the change of the path that a policy applies to. Whether it allows more depends on the other policies.
pub(super) fn placement_change(old: Option<&PathPrefix>, new: Option<&PathPrefix>) -> Option<Change> {
    let path = |at: Option<&PathPrefix>| at.map_or("not placed", PathPrefix::as_str).to_owned();
    (old != new).then(|| Change {
        kind: Kind::At,
        value: "at".to_owned(),
        effect: Effect::Other,
        old: path(old),
        new: path(new),
        example: None,
    })
}

/// Returns the change between `cors = "pass"` and a policy.
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

/// An origin that the old policy allows, and one that the new policy allows. They are the same if possible.
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

    /// Returns `None` if one of the policies allows no origin. Nothing else in it makes a difference then.
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
        let (was, is) = (allows_credentials(self.old, &pages.old), allows_credentials(self.new, &pages.new));
        let page = if is { &pages.new } else { &pages.old };
        let example = Example { credentials: true, ..Example::get(page) };
        (was != is).then(|| allowed(Kind::Credentials, "credentials", is, example))
    }

    /// Returns, for each entry, the first of its examples that only one of the policies allows.
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

    /// Returns the differences in keys that have one value, and need no example.
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

/// Returns the entries of both lists without duplicates, the old ones first.
fn both<'a>(old: &'a [String], new: &'a [String]) -> Vec<&'a str> {
    let mut seen = HashSet::with_capacity(old.len());
    old.iter().chain(new).map(String::as_str).filter(|entry| seen.insert(*entry)).collect()
}

fn flag(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

/// Ranks the values by how many pages may load the response without CORS. Without the header, that is every page that does not require one
/// with `Cross-Origin-Embedder-Policy`.
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

/// Returns the headers of a request from this origin.
fn headers_from(origin: &str) -> HeaderMap {
    HeaderValue::from_str(origin).into_iter().map(|origin| (ORIGIN, origin)).collect()
}

/// Returns `true` if the page may read the response to a GET without a preflight.
fn may_read(policy: &Policy, example: &Example) -> bool {
    policy.decide(&Request::new(&Method::GET, &headers_from(&example.origin))).is_allowed()
}

/// Returns `true` if the preflight allows the request.
fn may_send(policy: &Policy, example: &Example) -> bool {
    let mut request = headers_from(&example.origin);
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
    policy.decide(&Request::new(&Method::GET, &headers_from(origin))).apply(&mut response);
    response
}

/// Returns `true` if script may read the response header `name`.
fn exposes(policy: &Policy, origin: &str, name: &str) -> bool {
    let response = response(policy, origin);
    let lines = response.get_all(ACCESS_CONTROL_EXPOSE_HEADERS).iter();
    let mut names =
        lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).map(str::trim);
    names.any(|listed| listed == "*" || listed.eq_ignore_ascii_case(name))
}

/// Returns `true` if the policy allows credentials.
fn allows_credentials(policy: &Policy, origin: &str) -> bool {
    response(policy, origin).contains_key(ACCESS_CONTROL_ALLOW_CREDENTIALS)
}

#[cfg(test)]
mod tests;
