//! What can be acknowledged, and unused acknowledgements.

use corsac::server::{Policy, PolicyConfig};

use super::{found, with};
use crate::{config, strings};

#[test]
fn an_error_refuses_and_a_lint_advises() {
    let mut insecure = with(|c| c.origins = strings(&["http://app.example"]));
    assert_eq!(found(&insecure), ["origin-insecure at origins[0] -> https://app.example"]);
    assert!(Policy::new(&insecure).is_ok());
    insecure.acknowledge = strings(&["origin-insecure"]);
    assert!(found(&insecure).is_empty());

    insecure.credentials = true;
    insecure.acknowledge.clear();
    assert!(Policy::new(&insecure).is_err());
    insecure.acknowledge = strings(&["credentials-insecure-origin"]);
    assert!(Policy::new(&insecure).unwrap().lints().is_empty());
}

#[test]
fn what_can_be_a_choice_is_acknowledged() {
    let choices = [
        ("https://app-*-team.vercel.app", "credentials-shared-suffix"),
        ("vscode-webview://*", "credentials-any-app-host"),
        ("http://app.example", "credentials-insecure-origin"),
    ];
    for (entry, code) in choices {
        let mut policy = PolicyConfig { credentials: true, ..config(&[entry]) };
        assert!(Policy::new(&policy).is_err(), "{entry}");
        policy.acknowledge = strings(&[code]);
        assert!(Policy::new(&policy).unwrap().lints().is_empty(), "{entry}");
    }
    for entry in ["https://*example.com", "https://*.github.io"] {
        let acknowledge = strings(&["origin-wildcard-misplaced", "credentials-public-suffix"]);
        let policy = PolicyConfig { credentials: true, acknowledge, ..config(&[entry]) };
        assert!(Policy::new(&policy).is_err(), "{entry}");
    }
}

/// A lookup may allow an http origin only if this is acknowledged, so the acknowledgement has an effect even if no entry needs it.
#[test]
fn an_acknowledgement_that_lookups_read_is_not_unused() {
    let for_lookups = PolicyConfig {
        credentials: true,
        acknowledge: strings(&["credentials-insecure-origin", "origin-none"]),
        ..config(&[])
    };
    assert!(found(&for_lookups).is_empty());
    assert_eq!(
        found(&PolicyConfig { credentials: false, ..for_lookups }),
        ["acknowledge-unused at acknowledge[0]"]
    );
}

#[test]
fn an_acknowledgement_is_not_needed_twice() {
    let twice = with(|c| {
        c.origins = strings(&["http://app.example"]);
        c.acknowledge = strings(&["origin-insecure", "origin-insecure"]);
    });
    assert!(found(&twice).is_empty());
    let unused = with(|c| c.acknowledge = strings(&["origin-insecure", "acknowledge-unused"]));
    assert!(found(&unused).is_empty(), "that, too, can be acknowledged");
}
