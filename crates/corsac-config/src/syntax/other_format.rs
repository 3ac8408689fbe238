//! Files in another format than their name says, reported as such instead of by an error for every line.

use crate::format::Format;
use crate::keys::KEYS;

use super::SyntaxError;

/// Returns an error that names the real format, if the first line shows it.
pub(super) fn detect(text: &str, format: Format) -> Option<SyntaxError> {
    let has_content = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let first = text.lines().find(has_content)?;
    let offset = text.find(first)?.saturating_add(first.len().saturating_sub(first.trim_start().len()));
    let first = first.trim();
    let message = match format {
        Format::Toml if first.starts_with('{') => {
            "this looks like JSON: end the file name in `.json`, or use `--format json`"
        }
        Format::Json if first.starts_with("[policy") || first.starts_with("policy.") => {
            "this looks like TOML: end the file name in `.toml`, or use `--format toml`"
        }
        _ if is_yaml(first) => {
            "this looks like YAML: a policy file is JSON, or TOML such as `[policy.app]` and below it `origins = […]`"
        }
        _ => return None,
    };
    Some(SyntaxError::new(offset..offset.saturating_add(first.len()), message))
}

/// Returns `true` for `---`, `policy:` or `origins: …`.
fn is_yaml(line: &str) -> bool {
    let key = line.split_once(':').map(|(key, _)| key.trim_end());
    line == "---"
        || key.is_some_and(|key| matches!(key, "policy" | "policies" | "cors") || KEYS.contains(&key))
}
