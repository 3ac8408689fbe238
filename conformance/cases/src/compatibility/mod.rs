//! The compatibility page: every field of an engine's profile as a row, with what it means for a developer.
//!
//! What an engine does is never written here by hand: each row renders the field of the profile, and [`page::text`] writes
//! `docs/compatibility.md` from the rows. Tests check that every field has a row and that every case named as evidence exists.

mod advice;
mod around;
mod cache;
mod links;
mod loads;
pub mod page;
mod preflight;
mod redirects;
#[cfg(test)]
mod tests;
mod words;

use corsac::browser::Profile;

/// A part of the page.
pub struct Group {
    pub title: &'static str,
    /// One or two sentences after the title.
    pub about: &'static str,
    pub rows: &'static [Row],
}

/// One field of [`Profile`], or of the rules in it.
pub struct Row {
    pub field: Field,
    pub title: &'static str,
    /// The algorithm of the standard from which the engines differ.
    pub section: Link,
    /// The field's value as a phrase. Different values give different phrases.
    pub words: fn(&Profile) -> String,
    /// What it means for people who run a server or write a page.
    pub consequence: &'static str,
    pub known: Known,
    /// Cases of the catalogue that end differently in an engine's profile if this field has the standard's value.
    pub cases: &'static [&'static str],
    pub bugs: &'static [Link],
}

/// A field of the profile.
pub struct Field {
    /// Its path from `Profile`: `cache.limit`.
    pub path: &'static str,
    /// The value as Rust prints it, to see whether two profiles agree.
    pub value: fn(&Profile) -> String,
    /// Sets the first profile's value to the second one's.
    pub take: fn(&mut Profile, &Profile),
}

/// A link: its text and its URL.
#[derive(Clone, Copy)]
pub struct Link {
    pub text: &'static str,
    pub url: &'static str,
}

/// How the values are known.
pub enum Known {
    /// Observed in the browsers.
    Measured,
    /// Read in the engines' source, but not observed: says what was read.
    Source(&'static str),
    /// Observed, except this part, which was read in the engines' source.
    Partly(&'static str),
}

/// The page's parts, in order.
pub const GROUPS: &[Group] = &[
    Group {
        title: "Deciding on a preflight",
        about: "Which requests need a preflight. A request that is simple in one engine and not in another works in tests, but \
                fails for some users if the server does not answer `OPTIONS`.",
        rows: preflight::DECIDING,
    },
    Group {
        title: "The preflight request",
        about: "What the server receives, in the preflight and in the request that follows.",
        rows: preflight::SENDING,
    },
    Group {
        title: "Reading the preflight's response",
        about: "All engines compare origins, methods and `true` byte for byte, reject `*` for a request with credentials, and \
                refuse a list with one malformed item. They differ in these points.",
        rows: preflight::READING,
    },
    Group {
        title: "The preflight cache",
        about: "How long a response saves the next preflight. The cache decides how many `OPTIONS` requests a server gets, and \
                how long an old policy stays in effect.",
        rows: cache::ROWS,
    },
    Group {
        title: "Redirects",
        about: "A redirect makes a new request, which may need its own preflight. No other part of CORS differs as much.",
        rows: redirects::REDIRECTS,
    },
    Group {
        title: "`Origin` and `Referer`",
        about: "Servers that check `Origin` against forgery, and logs that rely on `Referer`, see these differences.",
        rows: redirects::ORIGIN,
    },
    Group {
        title: "Fetch metadata and cache headers",
        about: "Headers that the browser adds by itself: `Sec-Fetch-*`, and `Cache-Control` and `Pragma` for the cache mode of a request.",
        rows: around::METADATA,
    },
    Group {
        title: "Responses",
        about: "The CORS check, and the headers that script can read, are the same in all engines. These points are not.",
        rows: around::RESPONSES,
    },
    Group {
        title: "Mixed content and local networks",
        about: "Rules apart from CORS that end a request before it is sent. The standards are Mixed Content and Local Network \
                Access, which is still a draft.",
        rows: around::NETWORKS,
    },
    Group {
        title: "Elements, style sheets and other interfaces",
        about: "What `corsac check --as` can send. For navigations only the headers were measured; what happens to the \
                response is from the standard.",
        rows: loads::ROWS,
    },
];

/// Names a field of [`Profile`] by its path.
macro_rules! field {
    ($first:ident $(. $next:ident)*) => {
        $crate::compatibility::Field {
            path: concat!(stringify!($first), $(".", stringify!($next)),*),
            value: |profile| format!("{:?}", profile.$first $(.$next)*),
            take: |profile, other| profile.$first $(.$next)*.clone_from(&other.$first $(.$next)*),
        }
    };
}
use field;
