//! A configuration of Envoy as data: tables of routes, and what is added to their answers.

use super::matcher::TextMatcher;
use crate::files::At;
use crate::headers::is_of_cors;

/// Everything that was read.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    pub(super) tables: Vec<Table>,
}

/// A route configuration, and what of its connection manager matters.
#[derive(Debug)]
pub(super) struct Table {
    /// Whether the CORS filter is among the filters; taken as given if the filters are not in the file.
    pub(super) has_filter: bool,
    pub(super) normalizes: bool,
    pub(super) merges_slashes: bool,
    pub(super) headers: HeaderChanges,
    /// The policy for all of it.
    pub(super) policy: Option<Policy>,
    pub(super) hosts: Vec<VirtualHost>,
}

#[derive(Debug)]
pub(super) struct VirtualHost {
    pub(super) name: String,
    pub(super) at: At,
    pub(super) domains: Vec<String>,
    pub(super) redirects_to_tls: bool,
    pub(super) headers: HeaderChanges,
    pub(super) policy: Option<Policy>,
    pub(super) routes: Vec<Route>,
}

#[derive(Debug)]
pub(super) struct Route {
    pub(super) name: String,
    pub(super) at: At,
    pub(super) path: PathMatch,
    pub(super) ignores_case: bool,
    pub(super) headers_match: Vec<HeaderMatch>,
    /// Whether the route asks for something that a request here does not have, such as a query.
    pub(super) never: bool,
    /// Fields of `match` that ask for it.
    pub(super) asks_for: Vec<String>,
    pub(super) action: Action,
    pub(super) headers: HeaderChanges,
    pub(super) policy: Option<Policy>,
}

#[derive(Debug)]
pub(super) enum PathMatch {
    Prefix(String),
    Whole(String),
    Segments(String),
    Expression(TextMatcher),
    Any,
}

#[derive(Debug)]
pub(super) enum Action {
    Forward,
    Direct(u16),
    Redirect(Redirect),
}

#[derive(Debug, Default)]
pub(super) struct Redirect {
    pub(super) status: u16,
    pub(super) https: bool,
    pub(super) scheme: Option<String>,
    pub(super) host: Option<String>,
    pub(super) path: Option<String>,
    pub(super) prefix: Option<String>,
}

/// A condition on a header of the request.
#[derive(Debug)]
pub(super) struct HeaderMatch {
    pub(super) name: String,
    pub(super) what: HeaderCondition,
    pub(super) inverted: bool,
    pub(super) missing_is_empty: bool,
}

#[derive(Debug)]
pub(super) enum HeaderCondition {
    Present(bool),
    Text(TextMatcher),
    Range(i64, i64),
}

/// What is done with the headers of an answer.
#[derive(Debug, Default)]
pub(super) struct HeaderChanges {
    pub(super) remove: Vec<String>,
    pub(super) add: Vec<Added>,
}

#[derive(Debug)]
pub(super) struct Added {
    pub(super) at: At,
    pub(super) name: String,
    pub(super) value: String,
    pub(super) how: Append,
    pub(super) keeps_empty: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Append {
    Always,
    IfAbsent,
    Overwrite,
    OverwriteIfPresent,
}

/// A policy of the CORS filter. What it leaves out is taken from the next larger part.
#[derive(Debug)]
pub(super) struct Policy {
    pub(super) at: At,
    /// Whether it is in `typed_per_filter_config`. If one of them is, the others do not count.
    pub(super) is_typed: bool,
    pub(super) origins: Vec<TextMatcher>,
    pub(super) methods: Option<(String, At)>,
    pub(super) headers: Option<(String, At)>,
    pub(super) exposed: Option<(String, At)>,
    pub(super) max_age: Option<(String, At)>,
    pub(super) credentials: Option<(bool, At)>,
    pub(super) enabled: bool,
    pub(super) forwards_others: Option<bool>,
}

impl HeaderChanges {
    pub(super) fn is_about_cors(&self) -> bool {
        self.remove.iter().chain(self.add.iter().map(|added| &added.name)).any(|name| is_of_cors(name))
    }
}

impl Route {
    pub(super) fn is_about_cors(&self) -> bool {
        self.headers.is_about_cors() || self.policy.is_some()
    }
}

impl VirtualHost {
    pub(super) fn is_about_cors(&self) -> bool {
        self.headers.is_about_cors() || self.policy.is_some() || self.routes.iter().any(Route::is_about_cors)
    }
}

impl Table {
    pub(super) fn is_about_cors(&self) -> bool {
        self.headers.is_about_cors()
            || self.policy.is_some()
            || self.hosts.iter().any(VirtualHost::is_about_cors)
    }

    /// Every change to headers, in the order of the file.
    pub(super) fn all_headers(&self) -> impl Iterator<Item = &HeaderChanges> {
        let inside = self.hosts.iter().flat_map(|host| {
            std::iter::once(&host.headers).chain(host.routes.iter().map(|route| &route.headers))
        });
        std::iter::once(&self.headers).chain(inside)
    }

    /// Every policy, in the order of the file.
    pub(super) fn all_policies(&self) -> impl Iterator<Item = &Policy> {
        let inside = self.hosts.iter().flat_map(|host| {
            host.policy.iter().chain(host.routes.iter().filter_map(|route| route.policy.as_ref()))
        });
        self.policy.iter().chain(inside)
    }
}
