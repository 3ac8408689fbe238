//! A failure that a pasted text or a recording shows.

use corsac::browser::Engine;

use crate::diagnosis::Cause;

/// One failure that somebody's text or recording shows, with all that stands there about it.
///
/// What the text does not say is `None`, or missing from `values`; it is never guessed.
///
/// ```
/// use corsac_explain::{ItemStage, pasted};
///
/// let line = "Access to fetch at 'https://api.example/items' from origin 'https://app.example' has been blocked by CORS policy: \
///             Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.";
/// let item = &pasted::read(line).items[0];
/// assert_eq!((item.code(), item.cors, item.stage), (Some("method-not-allowed"), Some(true), Some(ItemStage::Preflight)));
/// assert_eq!(item.value("method"), Some("PUT"));
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Item {
    /// The engine that wrote it, if the words tell.
    pub engine: Option<Engine>,
    /// Every code that fits, the likeliest first: reason codes, codes of diagnoses, of policies' refusals and of
    /// [look-alikes](crate::look_alikes).
    pub codes: Vec<&'static str>,
    /// Whether the CORS protocol refused; `None` if the text cannot tell.
    pub cors: Option<bool>,
    /// The part of the fetch that failed, if the text tells.
    pub stage: Option<ItemStage>,
    /// The URL that was requested, as it stands there.
    pub url: Option<String>,
    /// The page's origin, as it stands there.
    pub origin: Option<String>,
    /// What else stands there, by name: `method`, `name` (of a header), `value`, `status` and others, in the order of the text. The names are
    /// those of [`Reason::details`](corsac::browser::Reason::details).
    pub values: Vec<(&'static str, String)>,
    /// The line or lines.
    pub text: String,
    /// What is the matter and what to do, the likeliest first. Never empty once it was read.
    pub diagnosis: Vec<Cause>,
    /// The index of the entry, if the item comes from a recording.
    pub entry: Option<usize>,
}

impl Item {
    /// Returns the likeliest code.
    ///
    /// ```
    /// assert_eq!(corsac_explain::pasted::read("TypeError: Failed to fetch").items[0].code(), None);
    /// ```
    pub fn code(&self) -> Option<&'static str> {
        self.codes.first().copied()
    }

    /// Returns the value of this name.
    ///
    /// ```
    /// let line = "Preflight response is not successful. Status code: 401";
    /// assert_eq!(corsac_explain::pasted::read(line).items[0].value("status"), Some("401"));
    /// ```
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str())
    }

    /// Returns the status that stands there.
    pub(crate) fn status(&self) -> Option<u16> {
        self.value("status")?.parse().ok().filter(|status| (100..=599).contains(status))
    }
}

/// The part of a fetch that failed.
///
/// ```
/// assert_eq!(corsac_explain::ItemStage::Preflight.as_str(), "preflight");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItemStage {
    /// The preflight, or its answer.
    Preflight,
    /// The response to the request itself.
    Response,
    /// A redirect, or what followed it.
    Redirect,
    /// Nothing was sent, or no response came.
    Network,
}

impl ItemStage {
    /// Returns `preflight`, `response`, `redirect` or `network`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preflight => "preflight",
            Self::Response => "response",
            Self::Redirect => "redirect",
            Self::Network => "network",
        }
    }
}
