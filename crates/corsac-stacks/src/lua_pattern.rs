//! An entry of `origins` as patterns of Lua, which have neither groups nor alternatives.

use corsac::server::OriginEntry;

const PART_OF_LABEL: &str = "[a-z0-9-]+";
/// Whole labels. As one class it also covers empty ones, so what it captures has to be looked at.
const LABELS: &str = "([a-z0-9_.-]+)%.";
/// The host of an app or an extension, which is not always in lower case.
const APP_HOST: &str = "[A-Za-z0-9._~-]+";
const PORT: &str = ":%d%d?%d?%d?%d?";

/// The patterns, with anchors: an origin is covered if one of them matches, and if what it captured has no empty label.
pub(crate) fn of_entry(entry: &str) -> Vec<String> {
    let Some(parts) = OriginEntry::split(entry) else { return vec![format!("^{}$", escaped(entry))] };
    let scheme = escaped(parts.scheme);
    if parts.covers_every_host() {
        return vec![format!("^{scheme}://{APP_HOST}$")];
    }
    let subdomains = if parts.covers_subdomains { LABELS } else { "" };
    let host = parts.host.split('*').map(escaped).collect::<Vec<_>>().join(PART_OF_LABEL);
    let ports = match parts.port {
        Some("*") => vec![String::new(), PORT.to_owned()],
        Some(port) => vec![format!(":{port}")],
        None => vec![String::new()],
    };
    ports.iter().map(|port| format!("^{scheme}://{subdomains}{host}{port}$")).collect()
}

/// The text with everything escaped that means something in a pattern.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if !character.is_ascii_alphanumeric() {
            escaped.push('%');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scripts/stacks lighttpd` runs them.
    #[test]
    fn each_kind_of_entry_has_its_patterns() {
        let table: [(&str, &[&str]); 6] = [
            ("https://*.example.com", &["^https://([a-z0-9_.-]+)%.example%.com$"]),
            ("https://*.example.com:8443", &["^https://([a-z0-9_.-]+)%.example%.com:8443$"]),
            ("http://localhost:*", &["^http://localhost$", "^http://localhost:%d%d?%d?%d?%d?$"]),
            ("https://app-*.example.com", &["^https://app%-[a-z0-9-]+%.example%.com$"]),
            ("https://*.pr-*.example.org", &["^https://([a-z0-9_.-]+)%.pr%-[a-z0-9-]+%.example%.org$"]),
            ("moz-extension://*", &["^moz%-extension://[A-Za-z0-9._~-]+$"]),
        ];
        for (entry, patterns) in table {
            assert_eq!(of_entry(entry), patterns, "{entry}");
        }
    }
}
