//! The smallest change to a configuration that puts a note right.

use super::model::Configuration;
use crate::change::Edit;
use crate::files::Files;
use crate::note::Noted;
use crate::server::Wanted;

pub(super) fn of(
    _configuration: &Configuration,
    _note: &Noted,
    _wanted: &Wanted,
    _files: &Files<'_>,
) -> Vec<Edit> {
    Vec::new()
}
