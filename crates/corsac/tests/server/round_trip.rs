//! What was written can be had back: policy, configuration, policy is the identity.

use corsac::server::{Policy, PolicyConfig};
use proptest::prelude::*;

use crate::generate::config;

#[test]
fn a_policy_comes_back_from_its_configuration() {
    proptest!(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() }, |(config in config())| {
        let policy = crate::policy(&config);
        let written = policy.config();
        prop_assert_eq!(&Policy::new(&written).unwrap(), &policy);
        prop_assert_eq!(Policy::new(&written).unwrap().config(), written.clone());
        // And through a format.
        let json = serde_json::to_string(&written).unwrap();
        prop_assert_eq!(serde_json::from_str::<PolicyConfig>(&json).unwrap(), written);
    });
}

#[test]
fn nothing_that_was_written_is_lost() {
    proptest!(|(config in config())| {
        let mut written = crate::policy(&config).config();
        // The default is written out, and lengths of time in their shortest form.
        written.max_age.clone_from(&config.max_age);
        prop_assert_eq!(written, config);
    });
}
