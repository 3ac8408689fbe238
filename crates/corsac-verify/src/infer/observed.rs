//! What the answers showed so far.

use corsac::browser::{ExchangeKind, ResponseHead};
use corsac::header::list_items;
use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    CROSS_ORIGIN_RESOURCE_POLICY, TIMING_ALLOW_ORIGIN,
};

use super::questions::About;
use crate::cases::entries::WORD;
use crate::judge::unusable;
use crate::run::Ended;

/// What is known about a server.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// What came of each origin that nobody has: whether every browser lets it read, and what the server named.
    pub(super) strangers: Vec<Told>,
    pub(super) null: Option<Told>,
    /// The origins that were tried for each entry.
    entries: Vec<(String, Vec<(String, Told)>)>,
    /// The names in the answers to the first preflights.
    pub(super) methods: Vec<String>,
    pub(super) headers: Vec<String>,
    pub(super) max_age: Option<String>,
    /// Whether the preflight of a request that needs none is answered with permission.
    pub(super) allows_simple_requests: bool,
    /// Whether one of the first preflights was answered with permission.
    pub(super) preflight: Option<bool>,
    pub(super) exposed: Vec<String>,
    pub(super) resource_policy: Option<String>,
    pub(super) credentials: Option<bool>,
    pub(super) allowed_methods: Vec<(String, bool)>,
    pub(super) allowed_headers: Vec<(String, bool)>,
    /// The limit was reached before the end.
    pub(super) is_cut: bool,
    /// Why a request brought no usable response, for the first that did not.
    pub(super) unusable: Option<String>,
}

/// What an origin is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Whether every browser lets a page of this origin read.
    pub(super) is_allowed: bool,
    /// The value of `Access-Control-Allow-Origin`.
    pub(super) named: Option<String>,
    pub(super) credentials: bool,
    pub(super) timing: bool,
}

impl Observed {
    pub(super) fn add(&mut self, about: About, ended: &Ended) {
        if let Some(why) = ended.completed.iter().find_map(unusable) {
            self.unusable.get_or_insert(why);
            return;
        }
        let Some(last) = ended.completed.last() else { return };
        let Some(response) = last.response() else { return };
        let outcomes = ended.is_allowed();
        let is_allowed = !outcomes.is_empty() && outcomes.iter().all(|(_, is_allowed)| *is_allowed);
        let told = Told {
            is_allowed,
            named: response.headers.text(ACCESS_CONTROL_ALLOW_ORIGIN),
            credentials: response.headers.get(ACCESS_CONTROL_ALLOW_CREDENTIALS).as_deref() == Some(b"true"),
            timing: response.headers.contains(TIMING_ALLOW_ORIGIN),
        };
        if is_allowed && last.exchange.kind == ExchangeKind::Request && self.exposed.is_empty() {
            add_items(&mut self.exposed, response, ACCESS_CONTROL_EXPOSE_HEADERS);
        }
        match about {
            About::Stranger => self.strangers.push(told),
            About::Null => self.null = Some(told),
            About::NoOrigin => self.resource_policy = response.headers.text(CROSS_ORIGIN_RESOURCE_POLICY),
            About::Entry { entry, origin } => {
                match self.entries.iter_mut().find(|(known, _)| *known == entry) {
                    Some((_, origins)) => origins.push((origin, told)),
                    None => self.entries.push((entry, vec![(origin, told)])),
                }
            }
            About::Preflight => {
                add_items(&mut self.methods, response, ACCESS_CONTROL_ALLOW_METHODS);
                add_items(&mut self.headers, response, ACCESS_CONTROL_ALLOW_HEADERS);
                self.max_age = self.max_age.take().or_else(|| response.headers.text(ACCESS_CONTROL_MAX_AGE));
                // The first of them is for `GET`.
                self.allows_simple_requests |= is_allowed && self.preflight.is_none();
                self.preflight = Some(is_allowed || self.preflight == Some(true));
            }
            About::Credentials => self.credentials = Some(is_allowed),
            About::Method(method) => self.allowed_methods.push((method, is_allowed)),
            About::Header(header) => self.allowed_headers.push((header, is_allowed)),
        }
    }

    /// Returns `true` if an origin over https that nobody has may read. Whether one over http may as well makes no policy different.
    pub(super) fn is_open(&self) -> bool {
        self.strangers.first().is_some_and(|told| told.is_allowed)
    }

    /// The entries all of whose origins are allowed, in the order in which they were tried.
    pub(super) fn allowed_entries(&self) -> impl Iterator<Item = &str> {
        let allowed =
            self.entries.iter().filter(|(_, origins)| origins.iter().all(|(_, told)| told.is_allowed));
        allowed.map(|(entry, _)| entry.as_str())
    }

    /// What each origin is told that was tried and is allowed.
    pub(super) fn told(&self) -> impl Iterator<Item = (&str, &Told)> {
        let origins = self.entries.iter().flat_map(|(_, origins)| origins);
        origins.filter(|(_, told)| told.is_allowed).map(|(origin, told)| (origin.as_str(), told))
    }

    /// Origins that are allowed, of those that were candidates themselves.
    pub(super) fn allowed(&self) -> impl Iterator<Item = &str> {
        self.allowed_entries().filter(|entry| !entry.contains('*'))
    }

    /// Returns `true` if the entry was tried.
    pub(super) fn is_known(&self, entry: &str) -> bool {
        self.entries.iter().any(|(known, _)| known == entry)
    }

    /// Returns `true` if the origin from which permissions are asked for is told that it may use credentials, and not every origin is.
    pub(super) fn offers_credentials(&self) -> bool {
        !self.is_open() && self.told().any(|(_, told)| told.credentials)
    }

    /// An origin from which permissions are asked for: one that nobody has if that may read, so that nobody is given what only some have; else one that
    /// gets credentials if there is one.
    pub(super) fn allowed_origin(&self) -> Option<String> {
        if self.is_open() {
            return Some(format!("https://{WORD}.invalid"));
        }
        let with_credentials = self.told().find(|(_, told)| told.credentials);
        let any = with_credentials.or_else(|| self.told().next()).map(|(origin, _)| origin.to_owned());
        any.or_else(|| self.null.as_ref().filter(|told| told.is_allowed).map(|_| "null".to_owned()))
    }
}

/// Adds the items of a list header as they are written, each once.
fn add_items(items: &mut Vec<String>, response: &ResponseHead, name: &str) {
    for item in response.headers.all(name).flat_map(list_items) {
        let item = String::from_utf8_lossy(item).into_owned();
        if !items.contains(&item) {
            items.push(item);
        }
    }
}
