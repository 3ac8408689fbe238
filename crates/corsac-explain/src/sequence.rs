//! One fetch of one engine, told as the steps of a sequence diagram between page, browser, preflight cache and server.
//!
//! Each step stands for an arrow, and each header line stands on the arrow that carried it, with the rule that judged it. Nothing is judged
//! here: rules and results are those of the [`Trace`](corsac::browser::Trace), in its order. Texts are for people; backquotes mark code. All values are as received, so
//! whoever shows them has to remove secrets first.

mod call;
mod control;
mod end;
mod failed;
mod fold;
mod groups;
mod line;
mod part;
mod passed;
mod received;
mod rules;
mod sent;
mod step;
mod told;

pub use control::{ControlRequest, control};
pub use groups::groups;
pub use line::Line;
pub use rules::{RuleRow, RuleRowResult, rule_title, rules};
pub use step::Step;
pub use told::steps;

#[cfg(test)]
mod tests;
