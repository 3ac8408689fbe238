//! A CORS filter as data. Express, Spring, gateways, ingress controllers and stores all are one: they compare the origin with a list and send what
//! they were told. In what they differ is a [`Behaviour`], which each of them has as a constant with its sources.

mod answer;
mod matcher;
mod route;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use matcher::{Expressions, Matcher, Star, escape, own, path_expression};
pub(crate) use route::{Declared, Route, When, slug};

use crate::document::Text;
use crate::files::At;
use crate::note::{NoteKind, Noted};
use crate::server::Mentioned;

/// What a part of the configuration says.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    /// Where it begins: the place of what no line of its own asks for.
    pub(crate) at: At,
    /// Which origins are allowed. The first that matches counts.
    pub(crate) origins: Vec<Allowed>,
    /// Where credentials are allowed.
    pub(crate) credentials: Option<At>,
    pub(crate) methods: Names,
    pub(crate) headers: Names,
    /// The value of `Access-Control-Expose-Headers`.
    pub(crate) exposed: Option<Text>,
    /// The value of `Access-Control-Max-Age`.
    pub(crate) max_age: Option<Text>,
}

/// An entry of the list of origins.
#[derive(Clone, Debug)]
pub(crate) struct Allowed {
    pub(crate) matcher: Matcher,
    /// The value of `Access-Control-Allow-Origin`; `None` if it is the request's origin.
    pub(crate) sent: Option<String>,
    /// What the configuration writes, if it is about particular origins.
    pub(crate) mentioned: Option<Mentioned>,
    pub(crate) at: At,
}

/// The names of methods or request headers.
#[derive(Clone, Debug)]
pub(crate) enum Names {
    /// None.
    Unset,
    /// Those that a preflight asks for.
    Asked { at: At },
    /// Those of a list. `sent` is how it is sent.
    Listed { names: Vec<String>, sent: String, at: At },
}

/// In what products differ.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Behaviour {
    /// The status with which preflights are answered; `None` if they go on to what is behind, and the headers are added to its answer.
    pub(crate) answers: Option<u16>,
    /// Whether each `OPTIONS` is a preflight, or only one with `Access-Control-Request-Method`.
    pub(crate) any_options: bool,
    /// The status of an `OPTIONS` that is no complete preflight.
    pub(crate) incomplete: Option<u16>,
    /// What comes of a request without an origin, or from the server's own one.
    pub(crate) without_origin: Refusal,
    /// What comes of a request from an origin that is not allowed.
    pub(crate) refused: Refusal,
    /// What comes of a preflight that is not allowed.
    pub(crate) refused_preflight: Refusal,
    pub(crate) checks: Checks,
    /// The lines of `Vary`, and which answers have them.
    pub(crate) vary: &'static [(&'static str, Varies)],
    /// Whether methods, request headers and the age are sent with each response.
    pub(crate) lists_everywhere: bool,
    /// Whether the exposed headers are sent to preflights, too.
    pub(crate) exposes_to_preflights: bool,
    /// Whether credentials are left out for whom `*` is sent to.
    pub(crate) star_without_credentials: bool,
    /// Whether a request from the server's own origin is none of CORS.
    pub(crate) knows_itself: bool,
    pub(crate) application: Application,
}

/// What comes of a request that is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It goes on, and the response gets nothing.
    PassedOn,
    /// It is treated like the others, but `Access-Control-Allow-Origin` is left out.
    OriginLeftOut,
    /// It is answered with this status.
    Answered(u16),
}

/// Whether the filter itself looks at the method and the headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checks {
    /// It names them, and the browser looks.
    Nothing,
    /// The method, and of the headers one at least has to be allowed.
    SomeHeader,
    /// The method, and all headers. Names of headers may have one `*`.
    AllHeaders,
}

/// Which answers have a line of `Vary`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Varies {
    Always,
    /// Those to preflights.
    Preflights,
    /// All others.
    Requests,
    /// Those to origins that are allowed.
    Allowed,
}

/// What becomes of CORS headers that the application sends itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Application {
    /// Those that the filter sends, too, are replaced.
    Replaced,
    /// Both are sent.
    Doubled,
    /// The application's are sent in place of the filter's.
    Kept,
}

/// What the constants of the products begin with: a filter that answers complete preflights, lets everything else through, and adds no `Vary`.
pub(crate) const PLAIN: Behaviour = Behaviour {
    answers: Some(200),
    any_options: false,
    incomplete: None,
    without_origin: Refusal::PassedOn,
    refused: Refusal::PassedOn,
    refused_preflight: Refusal::PassedOn,
    checks: Checks::Nothing,
    vary: &[],
    lists_everywhere: false,
    exposes_to_preflights: false,
    star_without_credentials: false,
    knows_itself: false,
    application: Application::Replaced,
};

impl Filter {
    /// A filter that says nothing yet.
    pub(crate) fn new(at: At) -> Self {
        Self {
            at,
            origins: Vec::new(),
            credentials: None,
            methods: Names::Unset,
            headers: Names::Unset,
            exposed: None,
            max_age: None,
        }
    }
}

impl Allowed {
    /// An origin that is compared as a whole.
    pub(crate) fn exact(text: &Text) -> Self {
        Self {
            matcher: Matcher::Exact(text.text.clone()),
            sent: None,
            mentioned: Some(Mentioned::Text { text: text.text.clone(), ignores_case: false }),
            at: text.at,
        }
    }

    /// Every origin, which is sent back.
    pub(crate) fn any(at: At) -> Self {
        Self { matcher: Matcher::Any, sent: None, mentioned: None, at }
    }

    /// The same for everybody, also without an origin.
    pub(crate) fn everybody(sent: &str, at: At) -> Self {
        let text = || Mentioned::Text { text: sent.to_owned(), ignores_case: false };
        let mentioned = (sent != "*").then(text);
        Self { matcher: Matcher::Everything, sent: Some(sent.to_owned()), mentioned, at }
    }

    /// A pattern with `*`.
    pub(crate) fn glob(text: &Text, star: Star) -> Self {
        let matcher = Matcher::Glob { pattern: text.text.clone(), star };
        let mentioned = Some(matcher::mentioned(&text.text));
        Self { matcher, sent: None, mentioned, at: text.at }
    }
}

impl Names {
    /// These names, with this text between them.
    pub(crate) fn listed(texts: &[Text], between: &str) -> Self {
        let Some(first) = texts.first() else { return Self::Unset };
        let names: Vec<String> = texts.iter().map(|text| text.text.clone()).collect();
        Self::Listed { sent: names.join(between), names, at: first.at }
    }

    /// These names, or those that are asked for if `*` is among them.
    pub(crate) fn listed_or_asked(texts: &[Text], between: &str) -> Self {
        match texts.iter().find(|text| text.text == "*") {
            Some(star) => Self::Asked { at: star.at },
            None => Self::listed(texts, between),
        }
    }
}

/// Texts as the value of one header.
pub(crate) fn joined(texts: &[Text], between: &str) -> Option<Text> {
    let at = texts.first()?.at;
    let parts: Vec<&str> = texts.iter().map(|text| text.text.as_str()).collect();
    Some(Text { text: parts.join(between), at })
}

/// A note about something that is not simulated.
pub(crate) fn not_read(at: At, message: impl Into<String>) -> Noted {
    Noted::new(NoteKind::NotExpressible, "line-not-read", at, message)
}

/// A note about something that the product refuses or ignores, and what to write instead.
pub(crate) fn without_effect(at: At, message: impl Into<String>, instead: &str) -> Noted {
    Noted::new(NoteKind::Dead, "without-effect", at, message).instead(instead)
}
