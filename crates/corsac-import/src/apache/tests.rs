use corsac_stacks::Target;
use proptest::prelude::*;

use super::read;
use crate::asking::testing::{ask, holds_for_compiled, read as read_text};
use crate::change::Edit;
use crate::files::At;
use crate::note::{NoteKind, Noted};
use crate::server::{Mentioned, Server, Wanted};

mod changes;
mod findings;
mod hostile;
mod reading;

#[test]
fn what_compile_writes_behaves_as_its_policy() {
    assert!(holds_for_compiled(Target::Apache, &[], read) > 10);
}

#[test]
fn recorded_answers_of_apache_are_the_same_here() {
    assert!(crate::recorded::replay("apache", read) > 0);
}

#[test]
fn facts_that_were_recorded_for_their_own_sake_are_the_same_here() {
    assert!(crate::recorded::replay("apache_facts", read) > 0);
}

fn server(text: &str) -> Box<dyn Server> {
    read_text(text, read).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The values of a header in the answer to a request from an origin.
fn values(text: &str, method: &str, path: &str, origin: &str, status: u16, header: &str) -> Vec<String> {
    let answer = ask(&*server(text), method, path, &[("Origin", origin)], status);
    let lines = answer.lines.into_iter().filter(|line| line.name.eq_ignore_ascii_case(header));
    lines.map(|line| line.value).collect()
}
