//! A configuration as Apache keeps it: servers, and in each the sections whose rules are put together for a request.

mod build;
mod parts;

use super::access::Access;
use super::expression::Condition;
use super::headers::{HeaderRule, Which};
use super::pattern::Pattern;
use super::rewrite::Rules;
use super::variables::VariableRule;
use crate::files::At;

pub(super) use build::build;

/// What Debian has where none is written.
pub(super) const DOCUMENT_ROOT: &str = "/var/www/html";

/// A server: a `<VirtualHost>` with what the main server gives to it, or the main server alone.
#[derive(Clone, Debug, Default)]
pub(super) struct Site {
    pub(super) at: Option<At>,
    /// `ServerName`, then each `ServerAlias`.
    pub(super) names: Vec<String>,
    pub(super) port: Option<u16>,
    pub(super) is_tls: bool,
    pub(super) document_root: Option<String>,
    /// What stands outside of sections, the main server's first.
    pub(super) base: Vec<Rulebook>,
    pub(super) variables: Vec<VariableRule>,
    pub(super) rewrite: Rules,
    pub(super) sections: Vec<Part>,
    /// `ProxyPass`: the paths that go to another server, or with `None` for `at` of it do not.
    pub(super) proxied: Vec<Proxied>,
    pub(super) redirects: Vec<Redirect>,
    /// `Alias`: the path, and the folder.
    pub(super) aliases: Vec<(String, String)>,
    /// `ScriptAlias`: paths whose files are run.
    pub(super) scripts: Vec<String>,
}

/// The rules of one section.
#[derive(Clone, Debug, Default)]
pub(super) struct Rulebook {
    pub(super) headers: Vec<HeaderRule>,
    pub(super) variables: Vec<VariableRule>,
    /// `SetEnv`.
    pub(super) set: Vec<(String, String)>,
    pub(super) rewrite: Option<Rules>,
    pub(super) access: Access,
    /// `ErrorDocument`: a status, and what is sent.
    pub(super) error_documents: Vec<(u16, String)>,
    pub(super) redirects: Vec<Redirect>,
    pub(super) handler: Option<Handler>,
    pub(super) overrides_errors: Option<bool>,
    pub(super) index: Option<String>,
    /// `<If>` and what follows it.
    pub(super) branches: Vec<Branch>,
    /// `<Files>` inside of a directory.
    pub(super) files: Vec<Part>,
}

/// What makes the answers of a section, if it is not a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handler {
    /// An application inside of Apache, as mod_php is one.
    Inside,
    /// A process that Apache talks to as with CGI: its headers are sent with errors, too.
    Gateway,
    /// Another server.
    Proxy,
}

#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub(super) at: At,
    /// `None` for `<Else>`.
    pub(super) condition: Option<Condition>,
    /// Counts only if none before it in its chain did.
    pub(super) is_other: bool,
    pub(super) rulebook: Rulebook,
}

/// A section for a part of the server.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) at: At,
    /// As it is written, with what it names.
    pub(super) written: String,
    pub(super) covers: Covers,
    pub(super) rulebook: Rulebook,
}

#[derive(Clone, Debug)]
pub(super) enum Covers {
    Folder(String),
    /// An expression for folders. One with wildcards is put together by its depth as a folder is, any other one comes last.
    Folders {
        pattern: Pattern,
        depth: Option<usize>,
    },
    Path(String),
    Paths(Pattern),
    File(Pattern),
    /// What goes to another server.
    Proxy,
}

#[derive(Clone, Debug)]
pub(super) struct Proxied {
    pub(super) at: At,
    pub(super) from: From,
    /// `None` for `!`: it stays here.
    pub(super) handler: Option<Handler>,
}

/// The paths of a directive.
#[derive(Clone, Debug)]
pub(super) enum From {
    Prefix(String),
    Pattern(Pattern),
}

/// `Redirect` and `RedirectMatch`.
#[derive(Clone, Debug)]
pub(super) struct Redirect {
    pub(super) at: At,
    pub(super) status: u16,
    pub(super) from: From,
    pub(super) to: String,
}

impl From {
    pub(super) fn covers(&self, path: &str) -> bool {
        match self {
            Self::Prefix(prefix) => covers_path(prefix, path),
            Self::Pattern(pattern) => pattern.is_match(path),
        }
    }
}

impl Covers {
    /// The order in which Apache puts sections together: folders by their depth, expressions for folders, files.
    pub(super) fn rank(&self) -> Option<usize> {
        match self {
            Self::Folder(folder) => Some(depth(folder)),
            Self::Folders { depth, .. } => Some(depth.unwrap_or(usize::MAX)),
            _ => None,
        }
    }
}

impl Rulebook {
    /// Whether a rule of mod_rewrite leads to a script.
    pub(super) fn leads_to_script(&self) -> bool {
        let rules = self.rewrite.iter().flat_map(|rewrite| &rewrite.rules);
        let mut substitutions = rules.filter_map(|rule| rule.substitution.as_deref());
        substitutions.any(|substitution| substitution.contains(".php"))
    }

    /// Whether it has headers of CORS, also under a condition. Those of files in it do not count.
    pub(super) fn is_cors(&self) -> bool {
        let has_own = self.headers.iter().any(|rule| rule.is_cors() && rule.table != Which::Request);
        has_own || self.branches.iter().any(|branch| branch.rulebook.is_cors())
    }
}

/// How many folders a folder is in.
fn depth(folder: &str) -> usize {
    folder.trim_end_matches('/').matches('/').count()
}

/// Whether a path is this one or below it, as `<Location>` and `ProxyPass` mean it.
pub(super) fn covers_path(prefix: &str, path: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || prefix.ends_with('/'))
}

/// Whether a file is in a folder.
pub(super) fn covers_file(folder: &str, file: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    file.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `*`, `?` and `[...]` as a regular expression; a slash is only matched by itself.
pub(super) fn expression_of_glob(glob: &str) -> String {
    let mut expression = String::new();
    for character in glob.chars() {
        match character {
            '*' => expression.push_str("[^/]*"),
            '?' => expression.push_str("[^/]"),
            '[' | ']' | '-' => expression.push(character),
            _ => {
                if character.is_ascii_punctuation() && !"<>_".contains(character) {
                    expression.push('\\');
                }
                expression.push(character);
            }
        }
    }
    expression
}
