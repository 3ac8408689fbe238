//! A configuration as a server that can be asked. Each kind of configuration is read into one of these; what policy it amounts to, and what is
//! wrong with it, is found out by asking, in the same way for all.

use corsac::header::HeaderList;
use corsac::server::PolicyConfig;

use corsac_verify::covered;

use crate::change::Edit;
use crate::expression::Expression;
use crate::files::{At, Files};
use crate::note::Noted;

/// A configuration that answers requests as the real server would.
pub(crate) trait Server {
    /// The parts of the server whose CORS headers can differ, in the order of the file. A part without CORS headers is one if it is inside of one
    /// that has them.
    fn places(&self) -> Vec<Place>;

    /// The host of a place, as the configuration writes it: a pattern, where the place has a host that fits it.
    fn written_host<'s>(&'s self, place: &'s Place) -> Option<&'s str> {
        place.host.as_deref()
    }

    /// The origins that the configuration names, in any form.
    fn mentions(&self) -> Vec<Mention>;

    /// Methods, and entries of `request-headers`, that the configuration names and its answers may not name.
    fn names(&self) -> (Vec<String>, Vec<String>) {
        (Vec::new(), Vec::new())
    }

    /// What was found out by reading alone: what the reader does not understand and what may matter, what can never have an effect.
    fn notes(&self) -> Vec<Noted>;

    /// Returns `true` if a part has what the part around it has, unless it replaces that. Then a part without it has probably lost it by mistake.
    fn parts_inherit(&self) -> bool {
        true
    }

    /// Returns `true` if the part that stands here is meant to be without the headers of the part around it: a line takes them away.
    fn closes(&self, _at: At) -> bool {
        false
    }

    /// Codes of notes that make no sense for this part.
    fn irrelevant(&self, _place: &Place) -> &'static [&'static str] {
        &[]
    }

    /// What the server answers.
    fn answer(&self, asked: &Asked<'_>) -> Answer;

    /// The smallest change to the files that puts right what a note says, or nothing. It is tried before it is shown: a change after which the
    /// note is still there, or another one is new, is dropped.
    fn change(&self, _note: &Noted, _wanted: &Wanted, _files: &Files<'_>) -> Vec<Edit> {
        Vec::new()
    }
}

/// What a place should do.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// The policy of the place, as it was found or as the person asked for it.
    pub(crate) policy: PolicyConfig,
    /// The place.
    pub(crate) place: Place,
}

/// A part of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// What to call its policy: a server's or a route's name; letters, digits and `-`.
    pub(crate) name: String,
    /// The host to ask for, if the part is one host's; with `, ` behind it others that it is for.
    pub(crate) host: Option<String>,
    /// A path inside of the part, to ask for. It is inside of no smaller part.
    pub(crate) path: String,
    /// The path that the part begins with, for `at`: `/api`. `None` for the whole server.
    pub(crate) prefix: Option<String>,
    /// Why the part is not simply what begins with `prefix`, in a whole sentence with the configuration's words: an expression for paths, one file,
    /// a condition on something else. `None` if it is.
    pub(crate) is_more_than_prefix: Option<String>,
    /// Where it stands.
    pub(crate) at: At,
}

/// An origin, or an expression for origins, as the configuration writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) what: Mentioned,
    pub(crate) at: At,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mentioned {
    /// Compared as a whole. It may be no origin at all (`https://a.example/`, `a.example`), and then can never match.
    Text { text: String, ignores_case: bool },
    /// A regular expression.
    Expression { expression: String, matching: Matching, ignores_case: bool },
    /// A pattern that the server compares with the whole origin in a way of its own, and a regular expression that matches the same.
    Pattern { pattern: String, expression: String, matching: Matching, ignores_case: bool },
    /// An entry of a policy that covers what the configuration's own kind of pattern covers, or most of it.
    Entry(String),
}

impl Mentioned {
    /// An origin that it is about: the text, or one that a browser can send and that matches.
    pub(crate) fn sample(&self) -> Option<String> {
        match self {
            Self::Text { text, .. } => Some(text.clone()),
            Self::Entry(entry) => covered(entry).into_iter().next(),
            Self::Expression { expression, matching, ignores_case }
            | Self::Pattern { expression, matching, ignores_case, .. } => {
                Expression::new(expression, *matching, *ignores_case).ok()?.sample()
            }
        }
    }
}

/// How much of an origin an expression has to match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Matching {
    /// Any part, as most servers do: anchors have to be written.
    Search,
    /// All of it.
    Whole,
    /// Its beginning.
    Prefix,
}

/// A request to a configuration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a str,
    pub(crate) scheme: &'a str,
    pub(crate) host: &'a str,
    /// The path, without a query.
    pub(crate) path: &'a str,
    /// What the request has: `Origin`, `Access-Control-Request-Method` and so on.
    pub(crate) headers: &'a HeaderList,
    /// What is behind the configuration.
    pub(crate) behind: &'a Behind,
}

/// What the application, the upstream or the file system answers if the configuration lets a request through.
#[derive(Clone, Debug)]
pub(crate) struct Behind {
    pub(crate) status: u16,
    /// Its own header lines.
    pub(crate) headers: Vec<(String, String)>,
}

/// What a configuration answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Where the configuration answers itself; `None` if what is behind it answers.
    pub(crate) answered_at: Option<At>,
    /// The header lines, in their order.
    pub(crate) lines: Vec<Line>,
}

/// A header line of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) value: String,
    /// What added it; `None` for a line of what is behind the configuration.
    pub(crate) at: Option<At>,
}

impl Asked<'_> {
    /// The value of a request header, with all of its lines.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.text(name)
    }
}

impl Behind {
    /// Answers with this status, and without headers.
    pub(crate) fn answers(status: u16) -> Self {
        Self { status, headers: Vec::new() }
    }
}

impl Answer {
    /// The first line with this name.
    pub(crate) fn line(&self, name: &str) -> Option<&Line> {
        self.all(name).next()
    }

    /// The lines with this name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.name.eq_ignore_ascii_case(name))
    }
}
