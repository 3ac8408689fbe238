//! Routes: what each directive does, and of which requests.

use std::sync::Arc;

use super::expression::Expression;
use super::header::{Operations, ResponseChange};
use super::matcher::{Condition, Matcher, ResponseTest};
use crate::files::At;

/// A directive.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// Of which requests; `None` is all.
    pub(super) matcher: Option<Arc<Matcher>>,
    /// Of the routes of a group only the first that matches runs.
    pub(super) group: Option<usize>,
    pub(super) handler: Handler,
    pub(super) rank: usize,
    pub(super) at: At,
    /// Whether it, or something inside of it, changes headers of CORS.
    pub(super) is_about_cors: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Handler {
    Header(ResponseChange),
    RequestHeader(Operations),
    Respond {
        status: Option<String>,
    },
    Redirect {
        to: String,
        status: String,
    },
    Error {
        status: Option<String>,
    },
    Abort,
    Variables(Vec<(String, String)>),
    Map(Arc<Map>),
    Rewrite {
        to: String,
    },
    StripPrefix(String),
    StripSuffix(String),
    Method(String),
    /// Asks for a name and a password.
    Authenticate,
    /// Asks another server, of which nothing is known.
    AuthenticateElsewhere,
    /// The directives of a block.
    Block(Vec<Route>),
    Proxy {
        down: Operations,
        responses: Vec<ResponseRoute>,
    },
    Files {
        passes_on: bool,
    },
    Invoke(String),
    /// Something that does not change what is asked.
    Nothing,
    /// A directive that Caddy itself does not have.
    Plugin,
}

/// `handle_response` of a proxy.
#[derive(Clone, Debug)]
pub(super) struct ResponseRoute {
    pub(super) test: Option<ResponseTest>,
    pub(super) action: ResponseAction,
}

#[derive(Clone, Debug)]
pub(super) enum ResponseAction {
    Status(String),
    Routes(Vec<Route>),
}

/// `map`: placeholders whose values depend on another.
#[derive(Clone, Debug)]
pub(super) struct Map {
    pub(super) source: String,
    pub(super) destinations: Vec<String>,
    pub(super) mappings: Vec<Mapping>,
    pub(super) defaults: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Mapping {
    pub(super) input: Input,
    /// For each destination; `None` is the default.
    pub(super) outputs: Vec<Option<String>>,
}

#[derive(Clone, Debug)]
pub(super) enum Input {
    Text(String),
    Expression(Option<Expression>),
}

/// Returns `true` if an operation of `header` is about CORS: the name may have a sign before it, and a colon or a `*` behind.
pub(super) fn is_of_cors(name: &str) -> bool {
    crate::headers::is_of_cors(name.trim_start_matches(['+', '-', '?', '>']).trim_end_matches([':', '*']))
}

impl ResponseRoute {
    pub(super) fn is_about_cors(&self) -> bool {
        match &self.action {
            ResponseAction::Routes(routes) => routes.iter().any(|route| route.is_about_cors),
            ResponseAction::Status(_) => false,
        }
    }
}

impl Route {
    /// The path of a matcher that has just one, which decides the order.
    pub(super) fn only_path(&self) -> Option<&str> {
        self.matcher.as_deref()?.conditions.iter().find_map(|condition| match condition {
            Condition::Path(paths) => match &**paths {
                [path] => Some(path.as_str()),
                _ => None,
            },
            _ => None,
        })
    }

    pub(super) fn is_vars(&self) -> bool {
        matches!(self.handler, Handler::Variables(_))
    }
}
