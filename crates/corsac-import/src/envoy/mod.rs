//! Envoy: a bootstrap, a route configuration, a virtual host or routes, in YAML or JSON.
//!
//! `document` is read by `read`, into what `configuration` declares; `matcher` compares texts as Envoy does, `exchange` answers, and `places` finds the
//! parts that can differ.

mod configuration;
mod exchange;
mod matcher;
mod notes;
mod places;
mod policies;
mod read;
#[cfg(test)]
mod tests;

use configuration::Configuration;

use crate::error::ImportError;
use crate::files::Files;
use crate::note::Noted;
use crate::server::{Answer, Asked, Mention, Place, Server};

/// Reads the files.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let (configuration, mut notes) = read::read(files)?;
    notes.sort_by_key(|note| note.at);
    Ok(Box::new(Envoy { configuration, notes }))
}

struct Envoy {
    configuration: Configuration,
    notes: Vec<Noted>,
}

impl Server for Envoy {
    fn parts_inherit(&self) -> bool {
        false
    }

    fn written_host<'s>(&'s self, place: &'s Place) -> Option<&'s str> {
        place.host.as_ref()?;
        places::written_host(&self.configuration, place)
    }

    fn places(&self) -> Vec<Place> {
        places::places(&self.configuration)
    }

    fn mentions(&self) -> Vec<Mention> {
        places::mentions(&self.configuration)
    }

    fn notes(&self) -> Vec<Noted> {
        self.notes.clone()
    }

    fn answer(&self, asked: &Asked<'_>) -> Answer {
        exchange::answer(&self.configuration, asked)
    }
}
