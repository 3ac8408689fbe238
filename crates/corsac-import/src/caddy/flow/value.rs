//! The values of placeholders for a request.

use super::Flow;
use crate::caddy::expression::expand;
use crate::caddy::placeholder::{Unknown, full_name, replace};
use crate::caddy::route::Input;

/// The most placeholders of `map` inside of each other, and the most that one request looks up.
const MOST_LEVELS: usize = 20;
const MOST_LOOKUPS: usize = 10_000;

impl Flow<'_> {
    /// The text in which unknown placeholders stay.
    pub(in crate::caddy) fn expand_known(&self, text: &str) -> String {
        replace(text, Unknown::Stays, |name| self.value(name))
    }

    /// The text in which unknown placeholders are empty.
    pub(in crate::caddy) fn expand_all(&self, text: &str) -> String {
        replace(text, Unknown::Empty, |name| self.value(name))
    }

    /// The value of a placeholder, without its braces.
    pub(in crate::caddy) fn value(&self, name: &str) -> Option<String> {
        self.value_within(name, 0)
    }

    fn value_within(&self, name: &str, levels: usize) -> Option<String> {
        let full = full_name(name);
        if let Some(key) = full.strip_prefix("http.regexp.") {
            return self.groups_found.get(key).cloned();
        }
        if let Some(key) = full.strip_prefix("http.request.header.") {
            return Some(self.header(key).join(","));
        }
        if let Some(key) = full.strip_prefix("http.vars.") {
            return Some(self.variables.get(key).cloned().unwrap_or_default());
        }
        if let Some(key) = full.strip_prefix("http.response.header.") {
            let lines = self.lines.iter().filter(|line| line.name.eq_ignore_ascii_case(key));
            return Some(lines.map(|line| line.value.as_str()).collect::<Vec<_>>().join(","));
        }
        if let Some(key) = full.strip_prefix("http.reverse_proxy.header.") {
            let lines = self.asked.behind.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(key));
            return Some(lines.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(","));
        }
        if let Some(key) = full.strip_prefix("http.request.uri.path.")
            && let Ok(number) = key.parse::<usize>()
        {
            return Some(
                self.path.trim_start_matches('/').split('/').nth(number).unwrap_or_default().to_owned(),
            );
        }
        if let Some(key) = full.strip_prefix("http.request.host.labels.") {
            let number = key.parse::<usize>().ok()?;
            return Some(self.host().rsplit('.').nth(number).unwrap_or_default().to_ascii_lowercase());
        }
        if full.starts_with("http.request.uri.query.") {
            return Some(String::new());
        }
        let split = |path: &str| path.rfind('/').map_or(0, |index| index.saturating_add(1));
        let value = match full.as_str() {
            "http.request.method" => self.method.clone(),
            "http.request.orig_method" => self.asked.method.to_owned(),
            "http.request.host" => self.host().to_owned(),
            "http.request.hostport" => self.asked.host.to_owned(),
            "http.request.port" => {
                self.asked.host.rsplit_once(':').map_or(String::new(), |(_, port)| port.to_owned())
            }
            "http.request.scheme" => self.asked.scheme.to_owned(),
            "http.request.uri" | "http.request.uri.path" => self.path.clone(),
            "http.request.orig_uri" | "http.request.orig_uri.path" => self.asked.path.to_owned(),
            "http.request.uri.path.dir" => self.path.get(..split(&self.path)).unwrap_or_default().to_owned(),
            "http.request.uri.path.file" => self.path.get(split(&self.path)..).unwrap_or_default().to_owned(),
            "http.request.uri.query" | "http.request.uri.prefixed_query" | "http.request.orig_uri.query" => {
                String::new()
            }
            "http.request.remote.host" | "http.vars.client_ip" => "192.0.2.1".to_owned(),
            "http.error.status_code" => self.error?.to_string(),
            "http.reverse_proxy.status_code" => self.asked.behind.status.to_string(),
            _ => return self.mapped(name, levels),
        };
        Some(value)
    }

    /// The value that a `map` gives, the first one that has this placeholder.
    fn mapped(&self, name: &str, levels: usize) -> Option<String> {
        let (map, index) = self.maps.iter().find_map(|map| {
            Some((map, map.destinations.iter().position(|destination| destination == name)?))
        })?;
        self.lookups.set(self.lookups.get().saturating_add(1));
        if levels > MOST_LEVELS || self.lookups.get() > MOST_LOOKUPS {
            return Some(String::new());
        }
        let expanded = |text: &str| {
            replace(text, Unknown::Empty, |name| self.value_within(name, levels.saturating_add(1)))
        };
        let input = expanded(&map.source);
        for mapping in &map.mappings {
            let Some(output) = mapping.outputs.get(index).and_then(Option::as_ref) else { continue };
            match &mapping.input {
                Input::Text(text) if *text == input => return Some(expanded(output)),
                Input::Text(_) => {}
                // The output of an expression has its groups, and other placeholders stay as they are written.
                Input::Expression(expression) => {
                    if let Some(groups) = expression.as_ref().and_then(|expression| expression.find(&input)) {
                        return Some(expand(output, &groups));
                    }
                }
            }
        }
        Some(map.defaults.get(index).map_or(String::new(), |default| expanded(default)))
    }
}
