//! What to try: what the person names, or relatives of the server's own host.

use corsac::origin::Origin;
use corsac_config::{Format, PolicyFile};
use corsac_import::Source;
use url::Url;

use crate::arguments::InferArguments;
use crate::policy::{file, source, wrong_entry};
use crate::terminal::printable;

/// The most origins that are tried.
const MOST: usize = 10_000;

/// Pages in development.
const LOCAL: [&str; 6] = [
    "http://localhost",
    "http://localhost:3000",
    "http://localhost:4200",
    "http://localhost:5173",
    "http://localhost:8080",
    "http://127.0.0.1:3000",
];

#[derive(Debug, Default)]
pub(super) struct Candidates {
    pub(super) origins: Vec<String>,
    pub(super) methods: Vec<String>,
    pub(super) request_headers: Vec<String>,
}

impl Candidates {
    pub(super) fn new(arguments: &InferArguments, url: &Url) -> Result<Self, String> {
        let mut candidates = Self { origins: arguments.origin.clone(), ..Self::default() };
        match &arguments.candidates {
            None if arguments.origin.is_empty() => candidates.origins = relatives(url),
            None => {}
            Some(path) => {
                let Source { name, text } = source::read(path)?;
                if text.lines().any(|line| line.trim_start().starts_with(['[', '{'])) {
                    candidates.add_policies(&file::right(PolicyFile::read_from(
                        text.as_bytes(),
                        &name,
                        Format::of_path(path),
                    ))?);
                } else {
                    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
                    candidates.origins.extend(lines.filter(|line| !line.is_empty()).map(str::to_owned));
                }
            }
        }
        if candidates.origins.len() > MOST {
            return Err(format!(
                "there are {} candidates, and at most {MOST} can be tried",
                candidates.origins.len()
            ));
        }
        for (index, origin) in candidates.origins.iter().enumerate() {
            if origin == "*" || origin == "null" {
                continue;
            }
            if let Some(message) = wrong_entry(origin) {
                let number = index.saturating_add(1);
                return Err(format!("candidate {number} is `{}`: {message}", printable(origin)));
            }
        }
        Ok(candidates)
    }

    fn add_policies(&mut self, file: &PolicyFile) {
        for named in file.policies() {
            let config = named.policy.config();
            self.origins.extend(config.origins);
            self.methods.extend(config.methods.into_iter().filter(|method| method != "*"));
            self.request_headers.extend(config.request_headers.into_iter().filter(|name| name != "*"));
        }
    }
}

/// Origins of the same site as the server, and pages in development.
fn relatives(url: &Url) -> Vec<String> {
    let own = Origin::of(url);
    let mut origins = Vec::new();
    if let Some(domain) = own.registrable_domain() {
        origins.push(format!("https://{domain}"));
        origins.extend(
            ["www", "app", "admin", "dev", "staging"].map(|label| format!("https://{label}.{domain}")),
        );
        origins.push(format!("https://*.{domain}"));
    }
    origins.extend(LOCAL.map(str::to_owned));
    origins.retain(|origin| origin != own.as_str());
    origins
}
