//! A Caddyfile. There is no parser of it outside of Caddy, so the whole of it is here: words ([`lexer`]), imports ([`import`]), blocks ([`segment`]),
//! sites ([`site`]), directives in the order in which Caddy runs them ([`build`], [`directive`]), matchers ([`matcher`]), and a request on its way
//! through all of it ([`flow`]). It behaves as Caddy 2.11.

mod build;
mod change;
mod directive;
pub(crate) mod expression;
mod expression_language;
mod findings;
mod flow;
mod header;
mod import;
mod lexer;
mod matcher;
mod pattern;
mod place;
mod placeholder;
mod route;
mod segment;
mod site;
#[cfg(test)]
mod tests;

use crate::change::Edit;
use crate::error::ImportError;
use crate::files::Files;
use crate::note::Noted;
use crate::server::{Answer, Asked, Mention, Place, Server, Wanted};
use flow::Flow;
use site::{Configuration, Site};

/// Reads the files.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let imported = import::imported(files)?;
    Ok(Box::new(site::configuration(imported, files)?))
}

impl Server for Configuration {
    fn places(&self) -> Vec<Place> {
        place::places(self)
    }

    fn mentions(&self) -> Vec<Mention> {
        self.findings.mentions.clone()
    }

    fn notes(&self) -> Vec<Noted> {
        self.findings.notes.clone()
    }

    fn answer(&self, asked: &Asked<'_>) -> Answer {
        let flow = Flow::new(self, asked);
        match self.site(asked.scheme, flow.host(), asked.path) {
            Some(site) => flow.answer(site),
            // For a host that it does not know, Caddy answers with an empty page.
            None => {
                Answer { status: 200, answered_at: self.sites.first().map(|site| site.at), lines: Vec::new() }
            }
        }
    }

    fn change(&self, note: &Noted, wanted: &Wanted, files: &Files<'_>) -> Vec<Edit> {
        change::change(self, note, wanted, files)
    }
}

impl Configuration {
    /// The site that answers: of the listeners for the scheme first, and then of any.
    fn site(&self, scheme: &str, host: &str, path: &str) -> Option<&Site> {
        let usual = if scheme == "http" { 80 } else { 443 };
        let mut ports: Vec<(bool, bool, u16)> = Vec::new();
        for address in self.sites.iter().flat_map(|site| &site.addresses) {
            let port = (address.port != usual, address.is_http != (scheme == "http"), address.port);
            if !ports.contains(&port) && ports.len() < 64 {
                ports.push(port);
            }
        }
        ports.sort_by_key(|(is_other, has_other_scheme, _)| (*is_other, *has_other_scheme));
        ports.iter().find_map(|(_, _, port)| self.sites.iter().find(|site| site.takes(*port, host, path)))
    }
}
