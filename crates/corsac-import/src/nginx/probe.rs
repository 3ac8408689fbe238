//! Requests that find out which block is in force for whom.

use corsac::header::HeaderList;

use super::mentions;
use super::model::{Configuration, VirtualServer};
use super::run::{Ended, Run};
use crate::asking::STRANGER;
use crate::files::At;
use crate::headers::is_of_cors;
use crate::server::{Asked, Behind};

/// The most origins that are tried of those that the configuration names.
const MOST_NAMED: usize = 10;
/// The most for which lines are compared.
const MOST_COMPARED: usize = 4;

/// What requests are made of.
pub(super) struct Probes<'c> {
    configuration: &'c Configuration,
    /// No origin, a stranger's, and one for each that the configuration names.
    pub(super) origins: Vec<Option<String>>,
    /// There is an origin for everything that the configuration names.
    pub(super) are_complete: bool,
}

/// Where a request went.
pub(super) struct Probed {
    /// The block whose lines are in force.
    pub(super) level: usize,
    pub(super) status: u16,
    /// The `if` blocks whose conditions were true, in their order.
    pub(super) entered: Vec<usize>,
}

impl<'c> Probes<'c> {
    pub(super) fn new(configuration: &'c Configuration) -> Self {
        let mut origins = vec![None, Some(STRANGER.to_owned())];
        let mentions = mentions::of(configuration);
        let named = mentions.iter().take(MOST_NAMED);
        origins.extend(named.filter_map(|mention| mention.what.sample()).map(Some));
        let are_complete = origins.len() == mentions.len().saturating_add(2);
        Self { configuration, origins, are_complete }
    }

    pub(super) fn ask(
        &self,
        server: &VirtualServer,
        path: &str,
        method: &str,
        origin: Option<&str>,
        status: u16,
    ) -> Option<Probed> {
        let mut headers = HeaderList::new();
        if let Some(origin) = origin {
            headers.append("Origin", origin);
        }
        if method == "OPTIONS" {
            headers.append("Access-Control-Request-Method", "PUT");
        }
        let host = server.host();
        let asked = Asked {
            method,
            scheme: "https",
            host: host.as_deref().unwrap_or("server.example"),
            path,
            headers: &headers,
            behind: &Behind::answers(status),
        };
        let mut run = Run::new(self.configuration, &asked)?;
        let status = match run.ended() {
            Ended::Here { status, .. } => status,
            Ended::Behind(content) => run.kept_status().unwrap_or_else(|| run.file_status(content)),
        };
        Some(Probed { level: run.level, status, entered: std::mem::take(&mut run.entered) })
    }

    /// The lines with headers of CORS that are in force for a path: for each origin and for preflights.
    pub(super) fn lines(&self, server: &VirtualServer, path: &str) -> Vec<Vec<At>> {
        let both =
            self.origins.iter().take(MOST_COMPARED).flat_map(|origin| [("GET", origin), ("OPTIONS", origin)]);
        both.map(|(method, origin)| {
            let probed = self.ask(server, path, method, origin.as_deref(), 200);
            probed.map(|probed| self.lines_of(probed.level)).unwrap_or_default()
        })
        .collect()
    }

    fn lines_of(&self, level: usize) -> Vec<At> {
        let added = self.configuration.add_headers(level).into_iter();
        let added = added.filter(|header| is_of_cors(&header.name)).map(|header| header.at);
        let more = self.configuration.more_headers(level).into_iter();
        let more = more
            .filter(|more| more.headers.iter().any(|header| is_of_cors(&header.name)))
            .map(|more| more.at);
        added.chain(more).collect()
    }
}
