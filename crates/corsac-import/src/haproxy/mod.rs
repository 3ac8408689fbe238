//! HAProxy: `haproxy.cfg`, or a part of one.
//!
//! `lines` and `sections` read it, with `rules` and `syntax` for what stands in a line; `configuration` is what was read. `exchange` takes a request
//! through the rules, and `places` finds the parts that can differ.

mod configuration;
mod evaluation;
mod exchange;
mod expression;
mod lines;
mod lua;
mod matcher;
mod places;
mod rules;
mod sample;
mod sections;
mod subjects;
mod syntax;
#[cfg(test)]
mod tests;

use configuration::Configuration;
use places::Entrances;

use crate::error::ImportError;
use crate::files::Files;
use crate::note::Noted;
use crate::server::{Answer, Asked, Mention, Place, Server};

/// Reads the files.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let (configuration, mut notes) = sections::read(files)?;
    notes.extend(subjects::notes(&configuration));
    notes.sort_by_key(|note| note.at);
    notes.dedup();
    Ok(Box::new(Haproxy {
        places: places::places(&configuration),
        entrances: Entrances::of(&configuration),
        configuration,
        notes,
    }))
}

struct Haproxy {
    configuration: Configuration,
    entrances: Entrances,
    places: Vec<Place>,
    notes: Vec<Noted>,
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
        let Some((number, host)) = self.entrances.find(asked.host, asked.scheme) else { return nothing };
        let Some(frontend) = self.configuration.proxies.get(number) else { return nothing };
        exchange::answer(&self.configuration, frontend, asked, host)
    }
}
