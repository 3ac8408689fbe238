//! A product, and its setting.

use corsac::origin::Origin;
use serde::Deserialize;

use super::{Marker, Shape};
use crate::origin_regex;

/// A product with a CORS setting of its own, or that is known to have none. Sentences have names, values and code in backquotes.
///
/// ```
/// use corsac_stacks::{Shape, product};
///
/// let minio = product("minio").unwrap();
/// assert_eq!(minio.shapes, [Shape::Quiet]);
/// assert_eq!(minio.default, "Sends every origin back, with credentials.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Product {
    /// The name on the command line.
    pub name: String,
    /// Other names for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The name as its makers write it.
    pub title: String,
    /// The kind of product, for lists.
    pub group: String,
    /// The version, or else the files or documents, that the facts come from.
    pub read: String,
    /// How sure the facts are.
    pub confidence: Confidence,
    /// The version that was started, with and without the setting, if one was. It behaves as the facts say.
    pub tried: Option<String>,
    /// What gives the product away in a response. Empty for a product that sends nothing of its own.
    #[serde(default)]
    pub evidence: Vec<Marker>,
    /// The shapes of its refusals.
    pub shapes: Vec<Shape>,
    /// What a refusal looks like, in sentences.
    pub refusal: String,
    /// What it does without the setting, in a sentence.
    pub default: String,
    /// The setting that lets a page in, if there is one.
    pub setting: Option<Setting>,
    /// What to do where no setting lists origins, or what to try before the setting.
    pub alternative: Option<String>,
    /// What surprises, in a sentence or a few each.
    pub traps: Vec<String>,
}

impl Product {
    /// Returns the setting that lets pages of this origin in, ready to paste and quoted as its syntax needs.
    ///
    /// Returns `None` if the product has no setting that lists origins, or if the origin is opaque. A setting that opens the product to everybody
    /// or removes a check is in [`setting`](Self::setting), and is never a first advice.
    ///
    /// ```
    /// use corsac::origin::Origin;
    /// use corsac_stacks::product;
    ///
    /// let page = Origin::parse("https://app.example.com").unwrap();
    /// let setting = |name| product(name).unwrap().setting_for(&page);
    /// assert_eq!(setting("ollama").as_deref(), Some("OLLAMA_ORIGINS=https://app.example.com"));
    /// assert_eq!(
    ///     setting("prometheus").as_deref(),
    ///     Some(r"prometheus --web.cors.origin='https://app\.example\.com'")
    /// );
    /// assert_eq!(setting("lm-studio"), None); // it only opens to everybody
    /// ```
    pub fn setting_for(&self, origin: &Origin) -> Option<String> {
        let setting = self.setting.as_ref().filter(|setting| setting.kind == SettingKind::ListsOrigins)?;
        setting.lines_for(origin)
    }
}

/// A setting of a product.
///
/// ```
/// use corsac_stacks::{Place, product};
/// let setting = product("vault").unwrap().setting.as_ref().unwrap();
/// assert_eq!((setting.place, setting.instruction.as_str()), (Place::CommandLine, "Run this:"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Setting {
    /// Whom it lets in.
    pub kind: SettingKind,
    /// Where it is written.
    pub place: Place,
    /// A sentence that says what to do with the lines. It ends with a colon.
    pub instruction: String,
    /// The lines, with `{origin}`, `{host}` and `{origin-regex}` in place of the origin.
    #[serde(rename = "lines")]
    pub template: String,
}

impl Setting {
    /// Returns the lines for this origin, whatever the kind of the setting. Returns `None` for an opaque origin, which no setting should list.
    ///
    /// ```
    /// use corsac::origin::Origin;
    /// let setting = corsac_stacks::product("grafana").unwrap().setting.as_ref().unwrap();
    /// let page = Origin::parse("https://app.example.com:8443").unwrap();
    /// assert_eq!(setting.lines_for(&page).unwrap(), "[security]\ncsrf_trusted_origins = app.example.com");
    /// assert_eq!(setting.lines_for(&Origin::opaque()), None);
    /// ```
    pub fn lines_for(&self, origin: &Origin) -> Option<String> {
        // The characters of a tuple origin are `a-z`, `0-9`, `.`, `-`, `_`, `+`, `:`, `/`, `[` and `]`. The templates quote for these.
        let lines = self.template.trim_end().replace("{host}", origin.host()?);
        let lines = lines.replace("{origin-regex}", &origin_regex::escaped(origin.as_str()));
        Some(lines.replace("{origin}", origin.as_str()))
    }
}

/// Whom a setting lets in.
///
/// ```
/// use corsac_stacks::SettingKind;
/// assert_eq!(SettingKind::RemovesGuard.as_str(), "removes-guard");
/// assert_eq!(SettingKind::RemovesGuard.warning(), Some("Not advised, because it removes a protection"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SettingKind {
    /// The origins that it lists.
    ListsOrigins,
    /// Every site.
    OpensToEverybody,
    /// Every site, and a protection is switched off.
    RemovesGuard,
}

impl SettingKind {
    /// Returns the kind's name in the data and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ListsOrigins => "lists-origins",
            Self::OpensToEverybody => "opens-to-everybody",
            Self::RemovesGuard => "removes-guard",
        }
    }

    /// Returns why such a setting is not advised: the beginning of a sentence, without a point or a colon. `None` for one that lists origins.
    pub const fn warning(self) -> Option<&'static str> {
        match self {
            Self::ListsOrigins => None,
            Self::OpensToEverybody => Some("Not advised, because it lets every site in"),
            Self::RemovesGuard => Some("Not advised, because it removes a protection"),
        }
    }
}

/// Where a setting is written.
///
/// ```
/// assert_eq!(corsac_stacks::Place::UserInterface.as_str(), "user-interface");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Place {
    /// A variable of the environment.
    Environment,
    /// A file.
    ConfigurationFile,
    /// An option of the program, or a command to run.
    CommandLine,
    /// A page in which somebody enters the value.
    UserInterface,
    /// The application's own code.
    Code,
}

impl Place {
    /// Returns the place's name in the data and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::ConfigurationFile => "configuration-file",
            Self::CommandLine => "command-line",
            Self::UserInterface => "user-interface",
            Self::Code => "code",
        }
    }
}

/// What the facts about a product come from.
///
/// ```
/// assert_eq!(corsac_stacks::Confidence::Source.sentence(), "From the source code.");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Confidence {
    /// The source code.
    Source,
    /// The makers' documentation.
    Documentation,
    /// Issues and pull requests.
    Issues,
}

impl Confidence {
    /// Returns the name in the data and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Documentation => "documentation",
            Self::Issues => "issues",
        }
    }

    /// Returns where the facts come from, as a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Source => "From the source code.",
            Self::Documentation => "From the makers' documentation.",
            Self::Issues => "From issues and pull requests, which is less certain.",
        }
    }
}
