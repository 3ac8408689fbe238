//! A policy's configuration makes an equal policy.

use corsac::server::{Policy, PolicyConfig};
use proptest::prelude::*;

use crate::generate::config;
use crate::strings;

#[test]
fn a_policy_comes_back_from_its_configuration() {
    proptest!(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() }, |(config in config())| {
        let policy = crate::policy(&config);
        let written = policy.config();
        prop_assert_eq!(&Policy::new(&written).unwrap(), &policy);
        prop_assert_eq!(Policy::new(&written).unwrap().config(), written.clone());
        // Also through JSON.
        let json = serde_json::to_string(&written).unwrap();
        prop_assert_eq!(serde_json::from_str::<PolicyConfig>(&json).unwrap(), written);
    });
}

#[test]
fn nothing_that_was_written_is_lost() {
    proptest!(|(config in config())| {
        let mut written = crate::policy(&config).config();
        // The default is included, and lengths of time have their shortest form.
        written.max_age.clone_from(&config.max_age);
        prop_assert_eq!(written, config);
    });
}

#[test]
fn policies_are_equal_if_they_are_written_alike() {
    let policy = |origins: &[&str], credentials: bool| {
        crate::policy(&PolicyConfig { origins: strings(origins), credentials, ..PolicyConfig::default() })
    };
    let policies = [
        policy(&["*"], false),
        policy(&["https://a.example"], false),
        policy(&["https://a.example"], true),
        policy(&["https://b.example"], false),
        policy(&["https://a.example", "https://b.example"], false),
        policy(&["https://b.example", "https://a.example"], false),
        policy(&["https://*.a.example"], false),
    ];
    for (a, one) in policies.iter().enumerate() {
        for (b, other) in policies.iter().enumerate() {
            assert_eq!(one == other, a == b, "{one:?} and {other:?}");
        }
        assert_eq!(&Policy::new(&one.config()).unwrap(), one);
    }
}

#[test]
fn the_debug_form_of_a_policy_shows_its_origins() {
    let printed =
        format!("{:?}", crate::policy(&crate::config(&["https://a.example", "https://*.b.example"])));
    assert!(printed.contains(r#"{"https://a.example", "https://*.b.example"}"#), "{printed}");
}
