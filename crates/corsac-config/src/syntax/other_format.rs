//! Files of another kind than their name says: told before a parser stumbles over every line.

use crate::format::Format;
use crate::keys::KEYS;

use super::SyntaxError;

/// What the text is instead, if that is plain from its first line.
pub(super) fn look(text: &str, format: Format) -> Option<SyntaxError> {
    let is_told = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let first = text.lines().find(is_told)?;
    let offset = text.find(first)?.saturating_add(first.len().saturating_sub(first.trim_start().len()));
    let first = first.trim();
    let message = match format {
        Format::Toml if first.starts_with('{') => {
            "this looks like JSON: let the name of the file end in `.json`, or say `--format json`"
        }
        Format::Json if first.starts_with("[policy") || first.starts_with("policy.") => {
            "this looks like TOML: let the name of the file end in `.toml`, or say `--format toml`"
        }
        _ if is_yaml(first) => {
            "this looks like YAML: a policy file is TOML, such as `[policy.app]` and below it `origins = […]`, or JSON"
        }
        _ => return None,
    };
    Some(SyntaxError::new(offset..offset.saturating_add(first.len()), message))
}

/// `---`, `policy:`, `origins: …`
fn is_yaml(line: &str) -> bool {
    let key = line.split_once(':').map(|(key, _)| key.trim_end());
    line == "---"
        || key.is_some_and(|key| matches!(key, "policy" | "policies" | "cors") || KEYS.contains(&key))
}
