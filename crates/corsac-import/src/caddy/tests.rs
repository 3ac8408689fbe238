//! What Caddy answers for the configurations that people write.

use corsac_stacks::Target;

use crate::asking::testing::{ask, holds_for_compiled, read};
use crate::server::{Answer, Server};

fn server(text: &str) -> Box<dyn Server> {
    read(text, super::read).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The values of a header.
fn values(answer: &Answer, name: &str) -> Vec<String> {
    let lines = answer.lines.iter().filter(|line| line.name.eq_ignore_ascii_case(name));
    lines.map(|line| line.value.clone()).collect()
}

#[test]
fn a_compiled_policy_behaves_as_the_policy() {
    assert!(holds_for_compiled(Target::Caddy, &[], super::read) >= 15);
}
