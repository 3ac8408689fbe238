//! How a policy file is written: TOML or JSON.

use std::path::Path;

/// How a file is written.
///
/// ```
/// use corsac_config::Format;
/// assert_eq!(Format::of_path("corsac.json".as_ref()), Some(Format::Json));
/// assert_eq!(Format::guess("\n{\"policy\": {}}"), Format::Json);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// [TOML](https://toml.io)
    Toml,
    /// [JSON](https://www.rfc-editor.org/rfc/rfc8259), without comments.
    Json,
}

impl Format {
    /// Both.
    ///
    /// ```
    /// assert_eq!(corsac_config::Format::ALL.map(|format| format.as_str()), ["toml", "json"]);
    /// ```
    pub const ALL: [Self; 2] = [Self::Toml, Self::Json];

    /// `toml` or `json`.
    ///
    /// ```
    /// assert_eq!(corsac_config::Format::Toml.as_str(), "toml");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Json => "json",
        }
    }

    /// What the end of the file's name says.
    ///
    /// ```
    /// use corsac_config::Format;
    /// assert_eq!(Format::of_path("corsac.toml".as_ref()), Some(Format::Toml));
    /// assert_eq!(Format::of_path("/dev/stdin".as_ref()), None);
    /// ```
    pub fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        Self::ALL.into_iter().find(|format| extension.eq_ignore_ascii_case(format.as_str()))
    }

    /// What the text looks like: an object is JSON, everything else TOML.
    ///
    /// ```
    /// use corsac_config::Format;
    /// assert_eq!(Format::guess("[policy.app]"), Format::Toml);
    /// ```
    pub fn guess(text: &str) -> Self {
        if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
            Self::Json
        } else {
            Self::Toml
        }
    }
}
