//! What is told about decisions: events and counters. See [`events`].

mod counters;
pub mod events;
mod limiter;
mod shown;

pub(crate) use counters::Counters;
pub use counters::describe_metrics;
pub(crate) use events::{difference, judged, lookup_error, lookup_late, stacked};
pub(crate) use limiter::Limiter;
