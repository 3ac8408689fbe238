//! What a route of the broken API is made of: what the page asks, what the server answers, and what is wrong with that.

mod table;

use corsac::browser::{Credentials, Mode, ReasonCode};

pub(crate) use table::CHAPTERS;
use table::{ELSEWHERE, NOT_FOUND};

/// Routes that belong together.
pub(crate) struct Chapter {
    pub(crate) title: &'static str,
    pub(crate) routes: &'static [Route],
}

/// One way to run into trouble.
pub(crate) struct Route {
    /// Its path, without the slash.
    pub(crate) id: &'static str,
    /// What it looks like from the page.
    pub(crate) title: &'static str,
    /// What is wrong on the server.
    pub(crate) broken: &'static str,
    /// What the page asks.
    pub(crate) ask: Ask,
    /// What the server says to the preflight.
    preflight: Answer,
    /// What the server says to the request.
    answer: Answer,
    /// What `corsac check` has to find. For tests: what is printed is what it did find.
    pub(crate) expected: Expected,
    /// What a policy in front of it makes of it.
    pub(crate) behind: Behind,
}

/// What comes of a route behind a policy.
pub(crate) enum Behind {
    /// It works.
    Works,
    /// It is broken as before, and the page gets to know how: in these words.
    Tells(&'static str),
    /// The page still cannot read it, and this has to change.
    Remains(&'static str),
}

/// What there is to find.
pub(crate) enum Expected {
    /// Why the page may not read the response.
    Reason(ReasonCode),
    /// The page may not read the response, and this is the cause.
    Cause(&'static str),
    /// The request goes through, and this is to be changed.
    Finding(&'static str),
    /// The request goes through.
    Nothing,
}

impl Expected {
    /// The code to find.
    pub(crate) fn code(&self) -> Option<&'static str> {
        match self {
            Self::Reason(code) => Some(code.as_str()),
            Self::Cause(code) | Self::Finding(code) => Some(code),
            Self::Nothing => None,
        }
    }
}

/// The request, as script makes it.
pub(crate) struct Ask {
    /// At the API; else at the port where nothing listens.
    pub(crate) at_api: bool,
    pub(crate) method: &'static str,
    pub(crate) headers: &'static [(&'static str, &'static str)],
    pub(crate) body: Option<&'static str>,
    pub(crate) credentials: Credentials,
    pub(crate) mode: Mode,
}

/// A response. Placeholders in values are those of [`Places::fill`](super::places::Places::fill); `{page, if it asks}` is the page's origin
/// if it is the one that asks, and else the line is left out, as by a server with a list.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: &'static [(&'static str, &'static str)],
    pub(crate) body: &'static str,
}

/// Every route, in order.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> {
    CHAPTERS.iter().flat_map(|chapter| chapter.routes)
}

/// What the server says at this path.
pub(crate) fn answer(path: &str, is_preflight: bool) -> &'static Answer {
    let route = all().find(|route| path.strip_prefix('/') == Some(route.id));
    match route {
        Some(route) if is_preflight => &route.preflight,
        Some(route) => &route.answer,
        None => ELSEWHERE.iter().find(|(known, _)| *known == path).map_or(&NOT_FOUND, |(_, answer)| answer),
    }
}
