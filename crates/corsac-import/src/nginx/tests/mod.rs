mod effects;
mod hostile;
mod idioms;
mod parts;

use corsac_stacks::Target;

use super::read;
use crate::asking::testing::holds_for_compiled;
use crate::recorded::replay;

#[test]
fn compiled_policies_are_read_as_the_policies() {
    assert!(holds_for_compiled(Target::Nginx, &[], read) > 10);
}

#[test]
fn answers_are_those_of_the_real_nginx() {
    assert!(replay("nginx", read) > 500);
}

#[test]
fn rules_that_are_easily_got_wrong_are_those_of_the_real_nginx() {
    assert!(replay("nginx-rules", read) > 500);
}
