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
    assert!(replay("nginx", read) + replay("nginx-rules", read) > 40);
}
