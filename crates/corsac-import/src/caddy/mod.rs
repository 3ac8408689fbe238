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
mod look;
mod matcher;
mod order;
mod pattern;
mod place;
mod placeholder;
mod route;
mod segment;
mod site;
#[cfg(test)]
mod tests;

use crate::asking::{self, sends_nothing};
use crate::change::Edit;
use crate::error::ImportError;
use crate::files::{At, Files};
use crate::note::{NoteKind, Noted};
use crate::server::{Answer, Asked, Mention, Place, Server, Wanted};
use flow::Flow;
use route::{Handler, Route};
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
        let mut notes = self.findings.notes.clone();
        notes.extend(self.only_redirected());
        notes.extend(self.asked_elsewhere());
        if notes.is_empty()
            && let Some(at) = self.first_about_cors()
            && sends_nothing(self)
        {
            let why = "This is about CORS, and none of the requests that were tried gets a header from it. When it is sent is not known.";
            notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", at, why));
        }
        notes
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
    /// The header lines of sites that do nothing but redirect.
    fn only_redirected(&self) -> Vec<Noted> {
        let sites = self.sites.iter().filter(|site| site.only_redirects());
        let headers = sites.flat_map(|site| site.routes.iter().find(|route| route.is_about_cors));
        let why = "Every request is redirected here, and with this header a page may follow that to another origin. A policy is for responses that are read, so it is not in one.";
        headers.map(|route| Noted::new(NoteKind::NotExpressible, "line-not-read", route.at, why)).collect()
    }

    /// Where preflights go to another server that decides about them, before anything answers them.
    fn asked_elsewhere(&self) -> Vec<Noted> {
        let mut notes: Vec<Noted> = Vec::new();
        if !self
            .sites
            .iter()
            .any(|site| any(&site.routes, &|route| matches!(route.handler, Handler::AuthenticateElsewhere)))
        {
            return notes;
        }
        for place in self.places() {
            let at = asking::preflight(&place, |asked| {
                let flow = Flow::new(self, asked);
                let site = self.site(asked.scheme, flow.host(), asked.path)?;
                flow.asked_elsewhere(site)
            });
            let Some(at) = at.flatten().filter(|at| notes.iter().all(|note| note.at != *at)) else {
                continue;
            };
            let why = "Preflights are passed on to the server that `forward_auth` asks, before anything here answers them, and browsers send them without cookies and without `Authorization`. Unless that server answers them with 200 to 299, browsers refuse every request that needs one.";
            notes.push(Noted::new(NoteKind::Fragile, "preflight-passed-on", at, why).instead(
                "Leave preflights out: give `forward_auth` a matcher such as `not method OPTIONS`.",
            ));
        }
        notes
    }

    /// The first directive that sets a header of CORS.
    fn first_about_cors(&self) -> Option<At> {
        fn first(routes: &[Route]) -> Option<At> {
            routes.iter().filter(|route| route.is_about_cors).find_map(|route| match &route.handler {
                Handler::Block(inside) => first(inside),
                Handler::Header(change) => change.operations.sets_cors().then_some(route.at),
                Handler::Proxy { down, responses } => {
                    let of_responses = responses.iter().any(route::ResponseRoute::is_about_cors);
                    (down.sets_cors() || of_responses).then_some(route.at)
                }
                _ => None,
            })
        }
        let lists = self.sites.iter().flat_map(|site| {
            std::iter::once(&site.routes).chain(site.errors.iter().map(|errors| &errors.routes))
        });
        lists.chain(self.named_routes.values()).filter_map(|routes| first(routes)).min()
    }

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

/// Whether a list of routes has one like this, or a block in it has.
fn any(routes: &[Route], is: &impl Fn(&Route) -> bool) -> bool {
    routes.iter().any(|route| {
        is(route)
            || match &route.handler {
                Handler::Block(inside) => any(inside, is),
                _ => false,
            }
    })
}
