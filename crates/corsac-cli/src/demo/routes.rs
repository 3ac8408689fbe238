//! The routes of the broken API: the page's request, the server's response, and the mistake.

mod table;

use corsac::browser::{Credentials, Mode, ReasonCode};

pub(crate) use table::CHAPTERS;
use table::{ELSEWHERE, NOT_FOUND};

/// A group of routes.
pub(crate) struct Chapter {
    pub(crate) title: &'static str,
    /// What the routes have in common.
    pub(crate) about: &'static str,
    pub(crate) routes: &'static [Route],
}

/// A route with a mistake.
pub(crate) struct Route {
    /// Its path, without the slash.
    pub(crate) id: &'static str,
    /// The symptom that a developer sees.
    pub(crate) title: &'static str,
    /// The mistake.
    pub(crate) broken: &'static str,
    /// The page's request.
    pub(crate) request: PageRequest,
    /// The response to the preflight.
    preflight: Answer,
    /// The response to the request.
    answer: Answer,
    /// What `corsac check` has to find. Only tests and the page use this: the demo prints what was really found.
    pub(crate) expected: Expected,
    /// The result with the policy.
    pub(crate) with_policy: WithPolicy,
}

/// The result of a route with the policy.
pub(crate) enum WithPolicy {
    /// The page can read the response.
    Works,
    /// It is still broken, but the page can read the error. The text says how.
    ErrorReadable(&'static str),
    /// The page still cannot read the response. The text says what has to change.
    StillFails(&'static str),
}

/// What `corsac check` has to find.
pub(crate) enum Expected {
    /// Why the page may not read the response.
    Reason(ReasonCode),
    /// The page may not read the response, and this is the cause.
    Cause(&'static str),
    /// The page may read the response, and this is the first finding.
    Finding(&'static str),
    /// Neither a cause nor a finding.
    Nothing,
}

impl Expected {
    /// Returns the code to find.
    pub(crate) fn code(&self) -> Option<&'static str> {
        match self {
            Self::Reason(code) => Some(code.as_str()),
            Self::Cause(code) | Self::Finding(code) => Some(code),
            Self::Nothing => None,
        }
    }
}

/// The request as script makes it.
pub(crate) struct PageRequest {
    /// Whether it is sent to the API, and not to the port where nothing listens.
    pub(crate) at_api: bool,
    pub(crate) method: &'static str,
    pub(crate) headers: &'static [(&'static str, &'static str)],
    pub(crate) body: Option<&'static str>,
    pub(crate) credentials: Credentials,
    pub(crate) mode: Mode,
}

/// A response. Placeholders in values are those of [`Addresses::fill`](super::addresses::Addresses::fill); `{page, if it is the
/// origin}` is the page's origin. A line with it is sent only if the request has that origin, as by a server with a list.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: &'static [(&'static str, &'static str)],
    pub(crate) body: &'static str,
}

/// Returns all routes in order.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> {
    CHAPTERS.iter().flat_map(|chapter| chapter.routes)
}

/// Returns the server's response at this path.
pub(crate) fn answer(path: &str, is_preflight: bool) -> &'static Answer {
    let route = all().find(|route| path.strip_prefix('/') == Some(route.id));
    match route {
        Some(route) if is_preflight => &route.preflight,
        Some(route) => &route.answer,
        None => ELSEWHERE.iter().find(|(known, _)| *known == path).map_or(&NOT_FOUND, |(_, answer)| answer),
    }
}
