//! nginx: a configuration, one of its files, or lines that a `server` or `location` block includes.
//!
//! `parse` reads the syntax, `build` what it means. `run` sends a request through the phases of nginx, and `headers` adds the header lines to what
//! comes out. `places` and `mentions` say what there is to ask for.

mod arity;
mod build;
mod change;
mod choose;
mod effects;
mod expression;
mod headers;
mod lines;
mod maps;
mod mentions;
mod model;
mod notes;
mod parse;
mod path;
mod path_conditions;
mod places;
mod probe;
mod run;
#[cfg(test)]
mod tests;
mod unread;
mod value;
mod variables;

use crate::change::Edit;
use crate::error::ImportError;
use crate::files::Files;
use crate::note::Noted;
use crate::server::{Answer, Asked, Mention, Place, Server, Wanted};
use model::Configuration;
use run::Run;

/// Reads the files.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let parsed = parse::parse(files)?;
    let mut configuration =
        build::build(&parsed).map_err(|(at, why)| ImportError::new(files.name(at.file), at.line, why))?;
    configuration.make_up_hosts();
    notes::add(&mut configuration);
    let found = effects::notes(&configuration);
    configuration.notes.extend(found);
    Ok(Box::new(configuration))
}

impl Server for Configuration {
    fn places(&self) -> Vec<Place> {
        places::of(self)
    }

    fn mentions(&self) -> Vec<Mention> {
        mentions::of(self)
    }

    fn notes(&self) -> Vec<Noted> {
        self.notes.clone()
    }

    /// A location has nothing of another one beside it, and the notes have what an inner one has lost.
    fn parts_inherit(&self) -> bool {
        false
    }

    fn answer(&self, asked: &Asked<'_>) -> Answer {
        match Run::new(self, asked) {
            Some(run) => run.answer(),
            // No server at all: nothing is between the request and what is behind.
            None => Answer {
                status: asked.behind.status,
                answered_at: None,
                lines: asked
                    .behind
                    .headers
                    .iter()
                    .map(|(name, value)| crate::server::Line {
                        name: name.clone(),
                        value: value.clone(),
                        at: None,
                    })
                    .collect(),
            },
        }
    }

    fn change(&self, note: &Noted, wanted: &Wanted, files: &Files<'_>) -> Vec<Edit> {
        change::of(self, note, wanted, files)
    }
}
