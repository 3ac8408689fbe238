//! Policies that are written can be read back.

use corsac::server::{Enforce, Policy, PolicyConfig, ResourcePolicy};
use proptest::prelude::*;

use crate::draft;
use crate::syntax;
use crate::{Format, PolicyFile, to_toml};

fn strings() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(any::<String>(), 0..4)
}

prop_compose! {
    fn config()(
        origins in strings(), null_origin in any::<bool>(), methods in strings(), request_headers in strings(), expose_headers in strings(),
        credentials in any::<bool>(), max_age in any::<Option<String>>(), timing in any::<bool>(),
        resource_policy in prop::option::of(prop_oneof![Just(ResourcePolicy::SameOrigin), Just(ResourcePolicy::SameSite), Just(ResourcePolicy::CrossOrigin)]),
        enforce in prop_oneof![Just(Enforce::Off), Just(Enforce::Report), Just(Enforce::Block)], acknowledge in strings(),
    ) -> PolicyConfig {
        PolicyConfig {
            origins, null_origin, methods, request_headers, expose_headers, credentials, max_age, timing, resource_policy, enforce, acknowledge,
        }
    }
}

proptest! {
    /// This includes invalid policies, because reading a file does not check them.
    #[test]
    fn whatever_is_written_reads_back(first in config(), second in config(), name in any::<String>()) {
        prop_assume!(name != "second");
        let configs = [(name.as_str(), &first), ("second", &second)];
        let (entries, errors) = syntax::parse(&to_toml(configs), Format::Toml);
        assert!(errors.is_empty(), "{errors:?}");
        let (drafts, problems) = draft::read(entries, &|_| None);
        prop_assert!(problems.is_empty());
        let read: Vec<_> = drafts.iter().map(|draft| (draft.name.as_str(), &draft.config)).collect();
        prop_assert_eq!(read, configs);
    }

    /// A file in JSON is what serde makes from a policy.
    #[test]
    fn json_reads_as_serde_reads_it(config in config()) {
        let text = serde_json::json!({ "policy": { "app": &config } }).to_string();
        let (drafts, problems) = draft::read(syntax::parse(&text, Format::Json).0, &|_| None);
        prop_assert!(problems.is_empty());
        prop_assert_eq!(&drafts[0].config, &config);
    }
}

#[test]
fn a_policy_that_was_read_is_written_and_read_again() {
    let text = r#"
[policy.app]
origins = ["https://app.example.com", "https://*.example.com", "http://localhost:*"]
methods = ["GET", "PUT", "DELETE"]
request-headers = ["Authorization", "Content-Type", "x-acme-*"]
expose-headers = ["ETag"]
credentials = true
max-age = 3_600
timing = true
resource-policy = "same-site"
enforce = "report"
acknowledge = ["method-redundant", "acknowledge-unused"]

[policy."everybody else"]
origins = ["*"]
null-origin = true
"#;
    let file = PolicyFile::parse(text, Format::Toml).unwrap();
    let written = file.to_toml();
    let again = PolicyFile::parse(&written, Format::Toml).unwrap();
    assert!(file.policies().eq(again.policies()), "{written}");
    assert_eq!(file.policies().count(), 2);
    // Programs with policies in their own files use serde, which reads the same.
    let other: toml::Table = toml::from_str(text).unwrap();
    let config: PolicyConfig = other["policy"]["app"].clone().try_into().unwrap();
    assert_eq!(Policy::new(&config).unwrap(), file.policy("app").unwrap());
}
