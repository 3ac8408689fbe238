//! The compatibility page: every field of an engine's profile as a row in words, with what it means for a developer.
//!
//! What an engine does is never written here by hand: each row renders the field of the profile, and `docs/compatibility.md` is what
//! [`page::text`] makes of it. Tests hold that every field has a row and that every case named as evidence exists.

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
    /// One or two sentences below the title.
    pub about: &'static str,
    pub rows: &'static [Row],
}

/// One field of [`Profile`], or of the rules in it.
pub struct Row {
    pub field: Field,
    pub title: &'static str,
    /// The algorithm of the standard that the engines leave.
    pub section: Link,
    /// The field's value as a phrase. Different values give different phrases.
    pub words: fn(&Profile) -> String,
    /// What follows for somebody who runs a server or writes a page.
    pub consequence: &'static str,
    pub known: Known,
    /// Cases of the catalogue that come out differently in an engine's profile when this field has the standard's value.
    pub cases: &'static [&'static str],
    pub bugs: &'static [Link],
}

/// Where the value stands.
pub struct Field {
    /// From `Profile` on: `cache.limit`.
    pub path: &'static str,
    /// The value as Rust prints it: to see whether two profiles agree.
    pub value: fn(&Profile) -> String,
    /// Gives the first profile the second one's value.
    pub take: fn(&mut Profile, &Profile),
}

/// A text with an address.
#[derive(Clone, Copy)]
pub struct Link {
    pub text: &'static str,
    pub url: &'static str,
}

/// How the values are known.
pub enum Known {
    /// Seen in the browsers.
    Measured,
    /// Read in the engines' source, and not seen: what was read.
    Source(&'static str),
    /// Seen, but for this part, which was read in the engines' source.
    Partly(&'static str),
}

/// The page's parts, in order.
pub const GROUPS: &[Group] = &[
    Group {
        title: "Deciding on a preflight",
        about: "Which requests ask for permission first. A request that is simple in one engine and not in another works in tests and \
                fails for some of the users, when the server answers no `OPTIONS`.",
        rows: preflight::DECIDING,
    },
    Group {
        title: "The preflight request",
        about: "What arrives at the server, in the preflight and in the request behind it.",
        rows: preflight::SENDING,
    },
    Group {
        title: "Reading the preflight's answer",
        about: "All engines compare origins, methods and `true` byte for byte, take no `*` for a request with credentials, and refuse a \
                list with one malformed item. They part in these points.",
        rows: preflight::READING,
    },
    Group {
        title: "The preflight cache",
        about: "How long an answer saves the next preflight. The cache decides how many `OPTIONS` requests a server gets, and how long \
                an old policy lives on.",
        rows: cache::ROWS,
    },
    Group {
        title: "Redirects",
        about: "A redirect makes a new request, which may need a preflight of its own. No other part of CORS differs as much.",
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
        about: "The CORS check and the headers that script can read are the same in all engines. These two points are not.",
        rows: around::RESPONSES,
    },
    Group {
        title: "Mixed content and local networks",
        about: "Rules beside CORS that end a request before or instead of it. The standards are Mixed Content and, still a draft, Local \
                Network Access.",
        rows: around::NETWORKS,
    },
    Group {
        title: "Elements, style sheets and other interfaces",
        about: "What `corsac check --as` asks as. Of navigations only the headers were measured; what becomes of \
                the response is from the standard.",
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
