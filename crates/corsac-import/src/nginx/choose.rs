//! Which server answers for a host, and which location for a path.

use super::expression::Captured;
use super::model::{Configuration, Location, Paths, ServerName, VirtualServer};

/// What was found for a path.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// `None` for what is in no location.
    pub(super) location: Option<usize>,
    /// What the expression of the location captured.
    pub(super) captured: Option<Captured>,
    /// The location has a `/` at its end, and the path has none: nginx redirects to it.
    pub(super) is_redirect: bool,
}

impl Configuration {
    /// The number of the server for a host, and what its expression captured.
    pub(super) fn server(&self, scheme: &str, host: &str) -> Option<(usize, Option<Captured>)> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let made_up = |server: &VirtualServer| server.made_up_host.as_deref() == Some(host.as_str());
        if let Some(index) = self.servers.iter().position(made_up) {
            return Some((index, None));
        }
        let listens =
            |server: &VirtualServer| if scheme == "https" { server.is_tls } else { server.is_plain };
        // Without TLS here, something in front of it has it.
        let any_listens = self.servers.iter().any(listens);
        let servers =
            || self.servers.iter().enumerate().filter(move |(_, server)| !any_listens || listens(server));
        let names =
            || servers().flat_map(|(index, server)| server.names.iter().map(move |name| (index, name)));
        let exact = names().find(|(_, name)| matches!(name, ServerName::Exact(name) if *name == host));
        if let Some((index, _)) = exact {
            return Some((index, None));
        }
        let wildcard = |length: fn(&ServerName, &str) -> Option<usize>| {
            let fitting = names().filter_map(|(index, name)| Some((index, length(name, &host)?)));
            // The longest, and of several the first.
            fitting.reduce(|best, next| if next.1 > best.1 { next } else { best })
        };
        if let Some((index, _)) = wildcard(ending).or_else(|| wildcard(beginning)) {
            return Some((index, None));
        }
        let expression = names().find_map(|(index, name)| match name {
            ServerName::Expression(expression) => Some((index, expression.captures(&host)?)),
            _ => None,
        });
        if let Some((index, captured)) = expression {
            return Some((index, Some(captured)));
        }
        let default = servers().find(|(_, server)| server.is_default).or_else(|| servers().next());
        default.map(|(index, _)| (index, None))
    }

    /// The location for a path, as `ngx_http_core_find_location` finds it.
    pub(super) fn location(&self, server: &VirtualServer, path: &str) -> Found {
        self.location_among(&server.locations, path).unwrap_or_default()
    }

    fn location_among(&self, locations: &[usize], path: &str) -> Option<Found> {
        let among = || locations.iter().filter_map(|index| Some((*index, self.locations.get(*index)?)));
        let exact =
            among().find(|(_, location)| matches!(&location.paths, Paths::Exact(exact) if exact == path));
        if let Some((index, _)) = exact {
            return Some(Found { location: Some(index), ..Found::default() });
        }
        if let Some((index, _)) = among().find(|(_, location)| self.redirects_to_slash(location, path)) {
            return Some(Found { location: Some(index), captured: None, is_redirect: true });
        }
        let mut best: Option<(usize, &Location, &str, bool)> = None;
        for (index, location) in among() {
            if let Paths::Prefix { path: prefix, is_before_expressions } = &location.paths
                && path.starts_with(prefix.as_str())
                && best.is_none_or(|(_, _, known, _)| prefix.len() > known.len())
            {
                best = Some((index, location, prefix, *is_before_expressions));
            }
        }
        let mut found = None;
        if let Some((index, location, _, _)) = best {
            let inside = self.location_among(&location.locations, path);
            if inside.as_ref().is_some_and(|inside| inside.is_redirect || !self.is_prefix(inside)) {
                return inside;
            }
            found = inside.or(Some(Found { location: Some(index), ..Found::default() }));
        }
        if best.is_some_and(|(_, _, _, is_before_expressions)| is_before_expressions) {
            return found;
        }
        let expression = among().find_map(|(index, location)| match &location.paths {
            Paths::Expression(expression) => Some((index, location, expression.captures(path)?)),
            _ => None,
        });
        match expression {
            Some((index, location, captured)) => {
                let inside = self.location_among(&location.locations, path);
                Some(inside.unwrap_or(Found {
                    location: Some(index),
                    captured: Some(captured),
                    is_redirect: false,
                }))
            }
            None => found,
        }
    }

    /// An expression of an outer block can still win over a prefix, but over nothing else.
    fn is_prefix(&self, found: &Found) -> bool {
        let location = found.location.and_then(|index| self.locations.get(index));
        location.is_some_and(|location| matches!(location.paths, Paths::Prefix { .. }))
    }

    fn redirects_to_slash(&self, location: &Location, path: &str) -> bool {
        let Paths::Prefix { path: prefix, .. } = &location.paths else { return false };
        let level = self.levels.get(location.level);
        prefix.strip_suffix('/') == Some(path)
            && level.is_some_and(|level| matches!(level.content, Some(super::model::Content::Upstream(_))))
    }

    /// Gives each server that nothing else leads to a host that is made up.
    pub(super) fn make_up_hosts(&mut self) {
        for index in 0..self.servers.len() {
            let Some(server) = self.servers.get(index) else { continue };
            let is_found = |host: Option<String>| {
                let host = host.unwrap_or_else(|| "server.example".to_owned());
                self.server("https", &host).is_some_and(|(found, _)| found == index)
            };
            if !is_found(server.host()) {
                let host = format!("server-{}.example", index.saturating_add(1));
                if let Some(server) = self.servers.get_mut(index) {
                    server.made_up_host = Some(host);
                }
            }
        }
    }
}

impl VirtualServer {
    /// A host to ask for.
    pub(super) fn host(&self) -> Option<String> {
        if self.made_up_host.is_some() {
            return self.made_up_host.clone();
        }
        self.names.iter().find_map(|name| match name {
            ServerName::Exact(name) if name.contains('.') || name == "localhost" => Some(name.clone()),
            ServerName::Ending(ending) => Some(format!("host{ending}")),
            ServerName::Beginning(beginning) => Some(format!("{beginning}example")),
            ServerName::Exact(_) | ServerName::Expression(_) => None,
        })
    }
}

fn ending(name: &ServerName, host: &str) -> Option<usize> {
    match name {
        ServerName::Ending(ending) if host.len() > ending.len() && host.ends_with(ending) => {
            Some(ending.len())
        }
        _ => None,
    }
}

fn beginning(name: &ServerName, host: &str) -> Option<usize> {
    match name {
        ServerName::Beginning(start) if host.len() > start.len() && host.starts_with(start) => {
            Some(start.len())
        }
        _ => None,
    }
}
