//! Configurations as people write them, and what Envoy answers with them.

use corsac_stacks::Target;

use super::read;
use crate::asking::testing;
use crate::recorded;

#[test]
fn what_compile_writes_is_read_as_the_policy() {
    assert!(testing::holds_for_compiled(Target::Envoy, &[], read) > 3);
}

#[test]
fn answers_are_those_of_the_real_server() {
    assert!(recorded::replay("envoy", read) > 0);
}
