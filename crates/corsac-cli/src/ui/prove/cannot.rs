//! Why a situation cannot be shown by a browser here: the page and the origins of Prove are all `http` on this machine.

use std::fmt;

/// The reason, as a sentence for the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cannot {
    /// The page has no origin.
    NoOrigin,
    /// The page is no web page.
    NotAWebPage,
    /// The page requests its own origin.
    SameOrigin,
    /// A secure page requests something over `http`.
    MixedContent,
    /// A redirect leads back to the page.
    BackToThePage,
    /// Redirects lead to more hosts than there are origins.
    ManyHosts,
    /// A redirect leads to something that is no URL of a server.
    NoServer,
    /// The browser would take the answer for one of its proxy.
    ProxyStatus,
    /// A header has a value that no server can send here.
    HeaderValue { name: String },
    /// Moved to this machine, the situation ends in another way.
    EndsDifferently { there: String, here: String },
}

impl fmt::Display for Cannot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::NoOrigin => {
                "This is about a page without an origin, such as a file or a sandboxed frame, and this page has one."
            }
            Self::NotAWebPage => "This is about an extension or an app, and this page is a web page.",
            Self::SameOrigin => {
                "The page requests its own origin, where CORS does not apply. Prove answers from other origins alone."
            }
            Self::MixedContent => {
                "This is about mixed content: a page on `https` that requests `http`. This page is on `http`."
            }
            Self::BackToThePage => {
                "A redirect leads back to the page's own origin, and Prove answers from other origins alone."
            }
            Self::ManyHosts => "Redirects lead to more than two other hosts, and Prove has two.",
            Self::NoServer => {
                "A redirect leads to something that is no `http` or `https` URL. Prove redirects to its own origins alone."
            }
            Self::ProxyStatus => "A browser takes status 407 for the answer of its proxy.",
            Self::HeaderValue { name } => {
                return write!(formatter, "No server can send this value of `{name}`.");
            }
            Self::EndsDifferently { there, here } => {
                return write!(
                    formatter,
                    "Over `http` on this machine it ends in another way: {here} instead of {there}."
                );
            }
        };
        formatter.write_str(text)
    }
}
