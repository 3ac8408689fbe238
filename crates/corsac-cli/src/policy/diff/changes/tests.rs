//! Compares the differences with those found by trying many origins, methods and headers.

use super::*;

const ENTRIES: [&str; 14] = [
    "*",
    "https://a.example",
    "https://a.b.example",
    "https://other.b.example",
    "https://*.b.example",
    "https://*.a.b.example",
    "https://*.example.com",
    "https://*.b.example:*",
    "https://b.example:*",
    "https://a.b.example:*",
    "https://a.b.example:3000",
    "http://localhost:*",
    "http://localhost:3000",
    "app://other",
];

/// Origins that the entries cover, and some that no entry covers.
const PAGES: [&str; 24] = [
    "null",
    "https://a.example",
    "https://b.example",
    "https://b.example:3000",
    "https://b.example:8443",
    "https://a.b.example",
    "https://a.b.example:3000",
    "https://a.b.example:9999",
    "https://other.b.example",
    "https://other.b.example:3000",
    "https://z.b.example",
    "https://z.b.example:8443",
    "https://z.a.b.example",
    "https://z.a.b.example:3000",
    "https://a.example.com",
    "https://x.y.example.com",
    "http://localhost",
    "http://localhost:3000",
    "http://localhost:5173",
    "https://localhost",
    "app://other",
    "app://else",
    "https://evil.example",
    "http://a.b.example",
];

fn policies() -> Vec<Policy> {
    let mut lists: Vec<Vec<&str>> = vec![vec![]];
    lists.extend(ENTRIES.iter().map(|entry| vec![*entry]));
    for (index, first) in ENTRIES.iter().enumerate().skip(1) {
        lists.extend(ENTRIES.iter().skip(index + 1).map(|second| vec![*first, *second]));
    }
    let build = |null: bool| {
        move |list: &Vec<&str>| Policy::builder(list.iter().copied()).null_origin(null).build().unwrap()
    };
    lists.iter().map(build(false)).chain(lists.iter().take(8).map(build(true))).collect()
}

#[test]
fn origins_differ_where_and_only_where_a_decision_does() {
    let policies = policies();
    for old in &policies {
        for new in &policies {
            let changes = compare(old, new);
            let differs =
                |page: &&&str| may_read(old, &Example::get(page)) != may_read(new, &Example::get(page));
            let page = PAGES.iter().find(differs);
            assert!(page.is_none() || !changes.is_empty(), "{page:?}: {old:?} {new:?}");
            for change in changes {
                let example = change.example.unwrap();
                let (was, is) = (may_read(old, &example), may_read(new, &example));
                assert!(
                    was != is && (change.effect == Effect::Widened) == is,
                    "{example:?}: {old:?} {new:?}"
                );
            }
        }
    }
}

fn with(change: impl Fn(&mut PolicyConfig)) -> Policy {
    let mut config = PolicyConfig { origins: vec!["https://a.example".into()], ..PolicyConfig::default() };
    change(&mut config);
    Policy::new(&config).unwrap()
}

/// The same for methods and header names.
#[test]
fn methods_and_headers_differ_where_and_only_where_a_decision_does() {
    let lists = |entries: &[&str]| -> Vec<Vec<String>> {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let mut lists = vec![vec![]];
        lists.extend(entries.iter().map(|entry| owned(&[entry])));
        lists.extend(entries.windows(2).filter(|pair| !pair.contains(&"*")).map(owned));
        lists
    };
    let page = |method: &str, header: Option<&str>| Example {
        method: method.to_owned(),
        header: header.map(str::to_owned),
        ..Example::get("https://a.example")
    };
    let methods = lists(&["PUT", "DELETE", "*", "GET", "chicken", "OTHER"]);
    let asked = ["GET", "POST", "PUT", "DELETE", "PATCH", "chicken", "OTHER", "other", "EGG"];
    hold(&methods, |config, list| config.methods = list, &asked.map(|method| page(method, None)));
    let headers = lists(&["X-A", "x-a-*", "x-*", "*", "Authorization", "other", "x-other"]);
    let asked = ["x-a", "x-a-b", "x-a-", "x-b", "authorization", "other", "x-other", "content-type", "y"];
    hold(&headers, |config, list| config.request_headers = list, &asked.map(|name| page("GET", Some(name))));
}

fn hold(lists: &[Vec<String>], set: impl Fn(&mut PolicyConfig, Vec<String>), asked: &[Example]) {
    for old in lists {
        for new in lists {
            let policies = [old, new].map(|list| with(|config| set(config, list.clone())));
            let [before, after] = &policies;
            let changes = compare(before, after);
            let differs = |example: &&Example| may_send(before, example) != may_send(after, example);
            let difference = asked.iter().find(differs);
            assert!(difference.is_none() || !changes.is_empty(), "{difference:?}: {old:?} {new:?}");
            for change in changes {
                assert!(differs(&change.example.as_ref().unwrap()), "{old:?} {new:?} {:?}", change.example);
            }
        }
    }
}

#[test]
fn a_key_with_one_value_is_compared_with_its_effect() {
    use corsac::server::{
        Enforce::Block, Enforce::Report, ResourcePolicy::CrossOrigin, ResourcePolicy::SameSite,
    };
    let plain = with(|_| ());
    let table: [(&str, Policy, Kind, Effect); 9] = [
        ("credentials", with(|config| config.credentials = true), Kind::Credentials, Effect::Widened),
        ("null", with(|config| config.null_origin = true), Kind::Origin, Effect::Widened),
        ("timing", with(|config| config.timing = true), Kind::Timing, Effect::Widened),
        (
            "CORP",
            with(|config| config.resource_policy = Some(SameSite)),
            Kind::ResourcePolicy,
            Effect::Narrowed,
        ),
        (
            "CORP",
            with(|config| config.resource_policy = Some(CrossOrigin)),
            Kind::ResourcePolicy,
            Effect::Widened,
        ),
        ("block", with(|config| config.enforce = Block), Kind::Enforce, Effect::Narrowed),
        ("report", with(|config| config.enforce = Report), Kind::Enforce, Effect::Other),
        ("max-age", with(|config| config.max_age = Some("1h".into())), Kind::MaxAge, Effect::Other),
        (
            "expose",
            with(|config| config.expose_headers = vec!["ETag".into()]),
            Kind::ExposeHeader,
            Effect::Widened,
        ),
    ];
    for (name, changed, kind, effect) in table {
        let found = |old, new| -> Vec<(Kind, Effect)> {
            compare(old, new).iter().map(|change| (change.kind, change.effect)).collect()
        };
        assert_eq!(found(&plain, &changed), [(kind, effect)], "{name}");
        let back = match effect {
            Effect::Widened => Effect::Narrowed,
            Effect::Narrowed => Effect::Widened,
            Effect::Other => Effect::Other,
        };
        assert_eq!(found(&changed, &plain), [(kind, back)], "{name}, back");
        assert!(found(&changed, &changed).is_empty());
    }
}

#[test]
fn how_a_policy_is_written_makes_no_difference() {
    let table: [(&str, Policy, Policy); 5] = [
        (
            "an origin that a pattern covers",
            with(|c| c.origins = vec!["https://*.a.example".into(), "https://x.a.example".into()]),
            with(|c| c.origins = vec!["https://*.a.example".into()]),
        ),
        (
            "safelisted methods",
            with(|c| c.methods = vec!["GET".into(), "PUT".into()]),
            with(|c| c.methods = vec!["PUT".into()]),
        ),
        (
            "case of a header",
            with(|c| c.request_headers = vec!["X-Own".into()]),
            with(|c| c.request_headers = vec!["x-own".into()]),
        ),
        (
            "a header that `*` exposes",
            with(|c| c.expose_headers = vec!["ETag".into()]),
            with(|c| c.expose_headers = vec!["etag".into()]),
        ),
        ("a length of time", with(|c| c.max_age = Some("600".into())), with(|c| c.max_age = None)),
    ];
    for (name, old, new) in table {
        assert!(compare(&old, &new).is_empty(), "{name}");
    }
}
