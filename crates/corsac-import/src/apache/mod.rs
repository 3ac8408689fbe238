//! Apache httpd: configuration files, sites and `.htaccess` files.

mod access;
mod answering;
mod change;
mod expression;
mod findings;
mod headers;
mod pattern;
mod places;
mod reach;
mod request;
mod rewrite;
mod site;
mod tree;
mod variables;
mod words;

use crate::change::Edit;
use crate::error::ImportError;
use crate::files::{At, Files};
use crate::note::Noted;
use crate::server::{Answer, Asked, Mention, Place, Server, Wanted};
use site::Site;
use tree::Item;

/// A configuration of Apache.
#[derive(Debug)]
struct Apache {
    sites: Vec<Site>,
    notes: Vec<Noted>,
}

/// Reads the files.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let tree = tree::read(files)?;
    let is_htaccess = is_htaccess(files.name(0), &tree.items);
    let built = site::build(&tree.items, is_htaccess)
        .map_err(|refused| ImportError::new(files.name(refused.at.file), refused.at.line, refused.why))?;
    let mut notes = tree.notes;
    notes.extend(built.notes);
    Ok(Box::new(Apache { sites: built.sites, notes }))
}

/// Whether the file is an `.htaccess` file: by its name, or because nothing in it can only stand elsewhere.
fn is_htaccess(name: &str, items: &[Item]) -> bool {
    const NEVER: &[&str] = &[
        "virtualhost",
        "directory",
        "directorymatch",
        "location",
        "locationmatch",
        "proxy",
        "servername",
        "listen",
        "documentroot",
        "loadmodule",
        "proxypass",
        "serverroot",
        "alias",
        "serveralias",
        "sslengine",
        "customlog",
        "errorlog",
    ];
    if name.to_ascii_lowercase().contains("htaccess") {
        return true;
    }
    let names = items.iter().map(|item| match item {
        Item::Directive(directive) => &directive.name,
        Item::Section(section) => &section.name,
    });
    let is_elsewhere = names.into_iter().any(|name| NEVER.contains(&name.as_str()));
    // In an `.htaccess` file, paths do not begin with a slash.
    let has_slash = items.iter().any(|item| {
        matches!(item, Item::Directive(directive) if directive.name == "rewriterule"
            && directive.arguments.trim_start_matches(['"', '\'', '^']).starts_with('/'))
    });
    !is_elsewhere && !has_slash
}

impl Apache {
    /// The server that answers for a host.
    fn site(&self, asked: &Asked<'_>) -> Option<&Site> {
        let is_tls = asked.scheme == "https";
        let host = asked.host.split(':').next().unwrap_or_default().to_ascii_lowercase();
        let of_port = || self.sites.iter().filter(move |site| site.is_tls == is_tls);
        let named = |site: &&Site| site.names.iter().any(|name| is_name(name, &host));
        of_port()
            .find(named)
            .or_else(|| self.sites.iter().find(named))
            .or_else(|| of_port().next())
            .or_else(|| self.sites.first())
    }
}

/// Whether a `ServerAlias` names the host.
fn is_name(name: &str, host: &str) -> bool {
    if !name.contains(['*', '?']) {
        return name == host;
    }
    let expression = site::expression_of_glob(name);
    pattern::Pattern::new(&format!("^{expression}$"), false).is_match(host)
}

impl Server for Apache {
    fn places(&self) -> Vec<Place> {
        places::places(&self.sites)
    }

    fn mentions(&self) -> Vec<Mention> {
        places::mentions(&self.sites)
    }

    fn notes(&self) -> Vec<Noted> {
        [self.notes.clone(), findings::notes(self)].concat()
    }

    fn closes(&self, at: At) -> bool {
        places::closes(&self.sites, at)
    }

    fn answer(&self, asked: &Asked<'_>) -> Answer {
        match self.site(asked) {
            Some(site) => answering::answer(site, asked),
            None => Answer { status: 404, answered_at: None, lines: Vec::new() },
        }
    }

    fn change(&self, note: &Noted, wanted: &Wanted, files: &Files<'_>) -> Vec<Edit> {
        change::change(note, wanted, files)
    }
}

#[cfg(test)]
mod tests;
