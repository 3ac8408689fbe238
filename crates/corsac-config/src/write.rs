//! Writing policies as TOML.

use corsac::server::{PathPrefix, PolicyConfig};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// Returns a TOML file with these policies, in this order. Keys with their default value are left out.
///
/// ```
/// use corsac::server::{PathPrefix, PolicyConfig};
///
/// let app = PolicyConfig { origins: vec!["https://app.example".into()], credentials: true, ..PolicyConfig::default() };
/// let text = corsac_config::to_toml([("app", &app)]);
/// assert_eq!(text, "[policy.app]\norigins = [\"https://app.example\"]\ncredentials = true\n");
/// ```
pub fn to_toml<'a>(policies: impl IntoIterator<Item = (&'a str, &'a PolicyConfig)>) -> String {
    write(policies)
}

/// Returns one policy as a part of a TOML file, with the path that it is for. Keys with their default value are left out.
///
/// ```
/// use corsac::server::{PathPrefix, PolicyConfig};
///
/// let app = PolicyConfig { origins: vec!["https://app.example".into()], ..PolicyConfig::default() };
/// let path = PathPrefix::parse("/api").unwrap();
/// let text = corsac_config::policy_to_toml("app", Some(&path), &app);
/// assert_eq!(text, "[policy.app]\nat = \"/api\"\norigins = [\"https://app.example\"]\n");
/// ```
pub fn policy_to_toml(name: &str, at: Option<&PathPrefix>, config: &PolicyConfig) -> String {
    write([(name, Written::policy(at, config.clone()))])
}

/// An entry of a file: a policy or `cors = "pass"`, and the path that it is for.
#[derive(serde::Serialize)]
pub(crate) struct Written<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cors: Option<&'static str>,
    #[serde(flatten)]
    config: Option<PolicyConfig>,
}

impl<'a> Written<'a> {
    pub(crate) fn policy(at: Option<&'a PathPrefix>, config: PolicyConfig) -> Self {
        Self { at: at.map(PathPrefix::as_str), cors: None, config: Some(config) }
    }

    pub(crate) fn pass(at: Option<&'a PathPrefix>) -> Self {
        Self { at: at.map(PathPrefix::as_str), cors: Some("pass"), config: None }
    }
}

/// Returns a TOML file with these entries.
pub(crate) fn write<'a, E: Serialize>(entries: impl IntoIterator<Item = (&'a str, E)>) -> String {
    let file = File { policy: Policies(entries.into_iter().collect()) };
    // Strings, booleans and lists of strings can always be written.
    toml::to_string(&file).unwrap_or_default()
}

#[derive(serde::Serialize)]
struct File<P> {
    policy: P,
}

struct Policies<'a, E>(Vec<(&'a str, E)>);

impl<E: Serialize> Serialize for Policies<'_, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, config) in &self.0 {
            map.serialize_entry(name, config)?;
        }
        map.end()
    }
}
