//! What was found out about one part of a configuration.

use corsac::server::PolicyConfig;

use crate::note::Noted;
use crate::server::Place;

/// A part, and what it does.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) place: Place,
    /// The policy that it amounts to; none if it sends no CORS header to anybody.
    pub(super) config: Option<PolicyConfig>,
    pub(super) remarks: Vec<String>,
    pub(super) notes: Vec<Noted>,
}
