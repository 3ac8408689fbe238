//! One case: what is sent, and what it is about.

use corsac::browser::{Exchange, Request};
use url::Url;

use crate::cases::page::{Asked, page};

/// One question to the server, and what a wrong answer to it means.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_verify::{Suite, SuiteOptions};
///
/// let policy = Policy::builder(["https://app.example"]).build()?;
/// let suite = Suite::new(&policy, &"https://api.example/".parse().unwrap(), SuiteOptions::default());
/// let case = suite.cases.iter().find(|case| case.open_code == "origin-prefix-matches").unwrap();
/// assert_eq!(case.description, "GET from https://app.example.corsac-other.example");
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Case {
    /// What is sent, for a person: `GET from https://app.example`.
    pub description: String,
    /// The code of the finding if a browser allows what the policy refuses.
    pub open_code: &'static str,
    /// The code of the finding if a browser refuses what the policy allows.
    pub closed_code: &'static str,
    /// What is sent.
    pub ask: Ask,
}

impl Case {
    /// The preflight alone of a request without credentials: the request of a page of this origin to a URL, with this method. Returns `None` if no page
    /// can make it. `GET`, `HEAD` and `POST` have a preflight here too, as with a listener for the progress of an upload.
    ///
    /// ```
    /// use corsac_verify::Case;
    ///
    /// let url = "https://api.example/".parse().unwrap();
    /// let case = Case::preflight(&url, "https://app.example", "PUT").unwrap();
    /// assert_eq!(case.description, "the preflight of PUT from https://app.example");
    /// assert!(Case::preflight(&url, "https://app.example", "TRACE").is_none());
    /// ```
    pub fn preflight(url: &Url, origin: &str, method: &str) -> Option<Self> {
        let asked = Asked { method: Some(method), force_preflight: true, ..Asked::default() };
        page(url, origin, &asked, Scope::Preflight)
    }
}

/// What is sent for a case.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // a suite has some hundred
#[non_exhaustive]
pub enum Ask {
    /// A request that a page makes, as each engine sends it.
    Page {
        /// The request.
        request: Request,
        /// How much of it is sent.
        scope: Scope,
        /// How it differs from what a browser sends.
        variation: Variation,
    },
    /// One HTTP request that no page makes.
    Alone(Exchange),
}

/// How much of a page's request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a request is sent or not")]
pub enum Scope {
    /// The preflight if there is one, and the request.
    Whole,
    /// The preflight alone, so that nothing on the server changes.
    Preflight,
}

/// How a preflight differs from what browsers send: proxies may rewrite a list, and it means the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Variation {
    /// It does not.
    None,
    /// `Access-Control-Request-Headers` has a line for each name.
    SeveralLines,
    /// `Access-Control-Request-Headers` has empty items and white space.
    EmptyItems,
}
