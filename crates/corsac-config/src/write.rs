//! Policies as TOML.

use corsac::server::PolicyConfig;
use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// Writes policies as the text of a TOML file, in this order. What is as if it were left out is left out.
///
/// ```
/// use corsac::server::PolicyConfig;
///
/// let app = PolicyConfig { origins: vec!["https://app.example".into()], credentials: true, ..PolicyConfig::default() };
/// let text = corsac_config::to_toml([("app", &app)]);
/// assert_eq!(text, "[policy.app]\norigins = [\"https://app.example\"]\ncredentials = true\n");
/// ```
pub fn to_toml<'a>(policies: impl IntoIterator<Item = (&'a str, &'a PolicyConfig)>) -> String {
    let file = File { policy: Policies(policies.into_iter().collect()) };
    // Texts, flags and lists of texts can all be written.
    toml::to_string(&file).unwrap_or_default()
}

#[derive(serde::Serialize)]
struct File<'a> {
    policy: Policies<'a>,
}

struct Policies<'a>(Vec<(&'a str, &'a PolicyConfig)>);

impl Serialize for Policies<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, config) in &self.0 {
            map.serialize_entry(name, config)?;
        }
        map.end()
    }
}
