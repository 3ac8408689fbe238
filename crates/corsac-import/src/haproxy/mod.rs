//! HAProxy: `haproxy.cfg`, or a part of one.
//!
//! `lines` and `sections` read it, with `rules` and `syntax` for what stands in a line; `configuration` is what was read. `exchange` takes a request
//! through the rules, and `places` finds the parts that can differ.

mod assumption;
mod configuration;
mod conversion;
mod entrances;
mod evaluation;
mod exchange;
mod expression;
mod lines;
mod lua;
mod matcher;
mod message;
mod notes;
#[cfg(test)]
mod outcomes;
mod parts;
mod places;
mod rules;
mod sample;
mod sections;
mod subjects;
mod syntax;
#[cfg(test)]
mod tests;

use configuration::{Configuration, Proxy};
use entrances::Entrances;
use exchange::Arrival;

use crate::asking::sends_nothing;
use crate::error::ImportError;
use crate::files::Files;
use crate::note::{NoteKind, Noted};
use crate::server::{Answer, Asked, Mention, Place, Server};

/// Reads the files.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let (configuration, mut notes) = sections::read(files)?;
    notes::extend(&mut notes, &configuration);
    let (places, entrances) = places::places(&configuration);
    let mut haproxy = Haproxy { places, entrances, configuration, notes };
    haproxy.note_what_nothing_reaches();
    haproxy.notes.sort_by_key(|note| note.at);
    haproxy.notes.dedup();
    Ok(Box::new(haproxy))
}

struct Haproxy {
    configuration: Configuration,
    entrances: Entrances,
    places: Vec<Place>,
    notes: Vec<Noted>,
}

impl Haproxy {
    /// Notes for the CORS rules of a configuration that seems to have none: nothing that can be asked here reaches them.
    fn note_what_nothing_reaches(&mut self) {
        if !self.notes.is_empty() || !sends_nothing(self) {
            return;
        }
        let rules = self.configuration.proxies.iter().flat_map(Proxy::rules);
        let rules = rules.filter(|rule| rule.is_about_cors() && !rule.header_values().is_empty());
        let message =
            "No request was found for which this rule is evaluated, so what it sends is not in the policy.";
        let noted = rules.map(|rule| {
            Noted::new(NoteKind::NotExpressible, "line-not-read", rule.at, message)
                .instead("Look at the conditions of this rule, and at those that lead to its section.")
        });
        self.notes.extend(noted.collect::<Vec<_>>());
    }
}

impl Server for Haproxy {
    fn places(&self) -> Vec<Place> {
        self.places.clone()
    }

    fn mentions(&self) -> Vec<Mention> {
        subjects::mentions(&self.configuration)
    }

    fn notes(&self) -> Vec<Noted> {
        self.notes.clone()
    }

    fn answer(&self, asked: &Asked<'_>) -> Answer {
        let nothing = Answer { status: 503, answered_at: None, lines: Vec::new() };
        let Some(entered) = self.entrances.find(asked.host, asked.scheme) else { return nothing };
        let Some(frontend) = self.configuration.proxies.get(entered.proxy) else { return nothing };
        let arrival = Arrival { frontend, asked, host: entered.host, assumed: entered.assumption };
        exchange::answer(&self.configuration, arrival)
    }

    fn written_host<'s>(&'s self, place: &'s Place) -> Option<&'s str> {
        self.entrances.written(place.host.as_deref()?)
    }
}
