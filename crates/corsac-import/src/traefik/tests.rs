//! What Traefik answers. There is no server here to record, so the answers are those of its source (3.7.9) and documentation.

use corsac_stacks::Target;

use crate::asking::testing::{ask, holds_for_compiled, read};
use crate::server::{Answer, Server};

fn server(text: &str) -> Box<dyn Server> {
    read(text, super::read).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn a_compiled_policy_behaves_as_the_policy() {
    assert!(holds_for_compiled(Target::Traefik, &[], super::read) >= 10);
}
