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

use corsac::header::HeaderList;

use configuration::{Configuration, Proxy, is_cors_header};
use entrances::Entrances;
use exchange::Arrival;

use crate::error::ImportError;
use crate::files::Files;
use crate::note::{NoteKind, Noted};
use crate::server::{Answer, Asked, Behind, Mention, Mentioned, Place, Server};

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

/// The most requests that are tried to find out whether anything is sent.
const MOST_TRIES: usize = 5_000;

impl Haproxy {
    /// Notes for the CORS rules of a configuration that seems to have none: nothing that can be asked here reaches them.
    fn note_what_nothing_reaches(&mut self) {
        if !self.notes.is_empty() || self.sends_something() {
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

    /// Whether an answer to any of the origins that are named has a header of CORS.
    fn sends_something(&self) -> bool {
        let mut origins = vec!["https://app.example".to_owned()];
        for mention in self.mentions() {
            match mention.what {
                Mentioned::Text { text, .. } | Mentioned::Entry(text) => origins.push(text),
                Mentioned::Expression { expression, matching, ignores_case }
                | Mentioned::Pattern { expression, matching, ignores_case, .. } => {
                    let read = crate::expression::Expression::new(&expression, matching, ignores_case);
                    let read = read.iter();
                    origins.extend(
                        read.flat_map(|read| read.entries.iter().filter_map(|entry| read.example(entry))),
                    );
                }
            }
        }
        let asks = self.places.iter().flat_map(|place| origins.iter().map(move |origin| (place, origin)));
        asks.take(MOST_TRIES).any(|(place, origin)| {
            let mut headers = HeaderList::new();
            headers.append("Origin", origin.as_str());
            headers.append("Access-Control-Request-Method", "PUT");
            ["GET", "OPTIONS"].into_iter().any(|method| {
                let asked = Asked {
                    method,
                    scheme: "https",
                    host: place.host.as_deref().unwrap_or("server.example"),
                    path: &place.path,
                    headers: &headers,
                    behind: &Behind::answers(200),
                };
                self.answer(&asked).lines.iter().any(|line| is_cors_header(&line.name))
            })
        })
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
