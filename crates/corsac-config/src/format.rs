//! The format of a policy file: TOML or JSON.

use std::path::Path;

/// The format of a policy file.
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
    /// Both formats.
    pub const ALL: [Self; 2] = [Self::Toml, Self::Json];

    /// Returns `toml` or `json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Json => "json",
        }
    }

    /// Returns the format by the extension of a file name; `None` for other extensions.
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

    /// Guesses the format of a string: an object is JSON, everything else is TOML.
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
