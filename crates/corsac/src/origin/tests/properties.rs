//! What is true of every string.

use proptest::prelude::*;

use crate::origin::*;

/// The host of an origin, in the forms that the grammar has.
fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?(\\.[a-z]{1,5}){0,3}",
        any::<std::net::Ipv4Addr>().prop_map(|address| address.to_string()),
        any::<std::net::Ipv6Addr>().prop_map(|address| url::Host::<&str>::Ipv6(address).to_string()),
    ]
}

proptest! {
    #[test]
    fn what_parses_serializes_to_itself(text in "\\PC{0,30}|(https?|[a-z]{1,5})://[a-z0-9.:\\[\\]/_-]{0,20}") {
        if let Ok(origin) = Origin::parse(&text) {
            prop_assert_eq!(origin.as_str(), &text);
        }
    }

    #[test]
    fn every_origin_of_a_page_parses(scheme in "https?|wss?|ftp", host in host(), port in any::<Option<u16>>()) {
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        // A host with a broken Punycode label is not a host.
        if let Ok(url) = Url::parse(&format!("{scheme}://{host}{port}/path")) {
            let origin = Origin::of(&url);
            prop_assert_eq!(&Origin::parse(origin.as_str()).unwrap(), &origin);
            prop_assert_eq!(origin.as_str(), url.origin().ascii_serialization());
            prop_assert_eq!(origin.host(), url.host_str());
            prop_assert_eq!(origin.port(), url.port());
        }
    }

    #[test]
    fn a_suggestion_is_an_origin_and_not_what_was_given(text in "\\PC{0,30}|(?i:https?|[a-z]{1,5})(://?)?[a-zA-Zü0-9.:@?#*, \\[\\]/_-]{0,20}") {
        if let Err(error) = Origin::parse(&text) {
            prop_assert!(!error.to_string().is_empty());
            if let Some(meant) = error.suggestion() {
                prop_assert!(Origin::parse(&meant).is_ok(), "{} -> {}", text, meant);
                prop_assert_ne!(meant, text);
            }
        }
    }

    #[test]
    fn same_site_is_an_equivalence_and_wider_than_same_origin(a in host(), b in host(), c in host()) {
        let origins: Vec<Origin> = [a, b, c].iter().filter_map(|host| Origin::parse(&format!("https://{host}")).ok()).collect();
        for a in &origins {
            prop_assert!(a.same_site(a));
            for b in &origins {
                prop_assert_eq!(a.same_site(b), b.same_site(a));
                prop_assert!(!a.same_origin(b) || a.same_site(b));
            }
        }
    }
}
