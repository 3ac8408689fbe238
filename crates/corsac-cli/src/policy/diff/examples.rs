//! Requests that can show a difference between two policies: for each entry, a few that it covers. The last of them is named by no other entry of
//! the two policies. So if both policies decide all of them alike, the entry makes no difference: whatever covers the last one is as wide as it.

use std::collections::HashSet;

use corsac::server::PolicyConfig;

/// Names that occur in neither of the two policies.
pub(super) struct Unused {
    /// A label of a host, a method (in upper case) and a header's name: letters and digits.
    word: String,
    port: u16,
}

impl Unused {
    pub(super) fn in_both(old: &PolicyConfig, new: &PolicyConfig) -> Self {
        let configs = [old, new];
        let lists = configs.iter().flat_map(|config| {
            [&config.origins, &config.methods, &config.request_headers, &config.expose_headers]
        });
        let entries: Vec<&String> = lists.flatten().collect();
        let is_used = |word: &str| entries.iter().any(|entry| entry.to_ascii_lowercase().contains(word));
        let mut words =
            std::iter::once("other".to_owned()).chain((1..).map(|number: u64| format!("other{number}")));
        let word = words.find(|word| !is_used(word)).unwrap_or_default();
        let origins = configs.iter().flat_map(|config| &config.origins);
        let ports: HashSet<u16> =
            origins.filter_map(|origin| origin.rsplit_once(':')?.1.parse().ok()).chain([80, 443]).collect();
        let port = [3000, 8080].into_iter().chain(1024..).find(|port| !ports.contains(port));
        Self { word, port: port.unwrap_or_default() }
    }

    /// Returns origins that an entry of `origins` covers.
    pub(super) fn origins(&self, entry: &str) -> Vec<String> {
        let Self { word, port } = self;
        if entry == "*" {
            return vec![
                format!("https://{word}.example"),
                format!("https://{word}.invalid:{port}"),
                format!("https://192.0.2.1:{port}"),
                format!("{word}://{word}"),
            ];
        }
        if let Some(scheme) = entry.strip_suffix("://*") {
            return vec![format!("{scheme}://a"), format!("{scheme}://{word}")];
        }
        let (base, ports) = match entry.strip_suffix(":*") {
            Some(base) => (base, vec![String::new(), format!(":{port}")]),
            None => (entry, vec![String::new()]),
        };
        let hosts = match base.split_once("://*.") {
            Some((scheme, parent)) => {
                ["a", word].map(|label| format!("{scheme}://{label}.{parent}")).to_vec()
            }
            None => vec![base.to_owned()],
        };
        // Any other `*` is a part of a label.
        let hosts = hosts.iter().flat_map(|host| match host.contains('*') {
            true => vec![host.replace('*', "a"), host.replace('*', word)],
            false => vec![host.clone()],
        });
        hosts.flat_map(|host| ports.iter().map(move |port| format!("{host}{port}"))).collect()
    }

    /// Returns methods that an entry of `methods` covers.
    pub(super) fn methods(&self, entry: &str) -> Vec<String> {
        match entry {
            "*" => vec!["PATCH".to_owned(), "DELETE".to_owned(), self.word.to_ascii_uppercase()],
            method => vec![method.to_owned()],
        }
    }

    /// Returns names that an entry of `request-headers` or `expose-headers` covers.
    pub(super) fn headers(&self, entry: &str) -> Vec<String> {
        let entry = entry.to_ascii_lowercase();
        match entry.strip_suffix('*') {
            Some("") => vec![format!("x-{}", self.word), self.word.clone()],
            Some(prefix) => vec![format!("{prefix}a"), format!("{prefix}{}", self.word)],
            None => vec![entry],
        }
    }
}
