//! Pages, and the requests that their scripts make, one after the other in one browser.

use std::time::Duration;

use corsac::browser::{
    AddressSpace, Api, BodyKind, CacheMode, Client, Credentials, EmbedderPolicy, Mode, Permission,
    RedirectMode, ReferrerPolicy, Request, RequestInit,
};
use corsac::header::HeaderList;
use corsac::origin::Origin;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use url::Url;

use crate::servers::{Plan, plans};

/// What one browser does, one fetch after the other.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    pub(crate) visits: Vec<Visit>,
}

#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) request: Request,
    /// The time since the last one.
    pub(crate) wait: Duration,
    /// What the servers do with the exchanges, in order.
    pub(crate) plans: Vec<Plan>,
}

/// One of these. A value that is listed more often is chosen more often.
pub(crate) fn one_of(choices: &'static str) -> impl Strategy<Value = String> + Clone {
    select(choices.split(" | ").map(str::to_owned).collect::<Vec<_>>())
}

pub(crate) fn url() -> impl Strategy<Value = Url> {
    let sites = one_of(
        "https://www.site.example | https://www.site.example | https://api.site.example | https://api.site.example:8443 \
         | https://other.example | https://other.example | https://third.example | http://www.site.example \
         | http://other.example | http://localhost:3000",
    );
    (sites, one_of("/ | / | / | /a | /a?b | /a#c"))
        .prop_map(|(site, path)| Url::parse(&format!("{site}{path}")).unwrap())
}

/// Mostly one of these, so that the next request finds what the last one stored.
fn any_url(usual: Vec<Url>) -> impl Strategy<Value = Url> {
    let others = "https://other.example:22/ | data:text/html,hi | ftp://other.example/ | blob:https://www.site.example/1";
    prop_oneof![
        24 => select(usual),
        6 => url(),
        1 => one_of(others).prop_map(|text| Url::parse(&text).unwrap()),
    ]
}

fn address_space() -> impl Strategy<Value = AddressSpace> {
    select(vec![AddressSpace::Loopback, AddressSpace::Local, AddressSpace::Public])
}

fn client() -> impl Strategy<Value = Client> {
    use EmbedderPolicy::{Credentialless, RequireCorp, UnsafeNone};
    let origins = "https://www.site.example | https://www.site.example | https://www.site.example | https://www.site.example \
         | http://www.site.example | http://localhost:3000 | null";
    let policies = select(vec![UnsafeNone, UnsafeNone, UnsafeNone, Credentialless, RequireCorp]);
    (one_of(origins), policies, option::weighted(0.3, address_space()), any::<[bool; 4]>()).prop_map(
        |(origin, embedder_policy, address_space, [permitted, has_url, lets_mixed_pass, framed])| {
            let mut client = Client::new(Origin::parse(&origin).unwrap());
            (client.embedder_policy, client.address_space) = (embedder_policy, address_space);
            client.url = has_url.then(|| Url::parse("https://www.site.example/page?q#f").unwrap());
            client.local_network_permission =
                if permitted { Permission::Granted } else { Permission::Denied };
            client.prohibits_mixed_content &= !lets_mixed_pass;
            if framed {
                client.network_partition_key = "https://top.example".to_owned();
            }
            client
        },
    )
}

fn method() -> impl Strategy<Value = String> {
    let known = "GET | GET | GET | POST | POST | PUT | PUT | put | PATCH | patch | DELETE | HEAD | gEt | OPTIONS | * | X!";
    prop_oneof![20 => one_of(known), 1 => "[a-zA-Z!#*]{1,6}"]
}

/// Header lines that belong together. Mostly a single one.
fn request_header() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let one = |name: &str, value: &[u8]| vec![(name.to_owned(), value.to_owned())];
    let names = "X-A | x-a | X-B | Authorization | authorization | Content-Type | If-None-Match | * | Content-Language \
         | User-Agent | DPR | Accept-Charset";
    let types = "application/json | text/plain | text/plain;charset=utf-8 | TEXT/plain ;a | text/plain;a=\"b\" \
         | multipart/form-data; boundary=x | application/x-www-form-urlencoded | text | / | text/plain, text/html";
    let ranges = "bytes=0-1 | bytes=0- | bytes=-5 | Bytes=0-1 | bytes=2-1 | bytes=99999999999999999999- | bytes=0-1,2-3 \
         | bytes=007-8";
    let safe_names = one_of("Accept | accept | Accept-Language | Content-Language | Content-Type | Range");
    let bytes = any::<u8>().prop_filter("not in a header value", |byte| !matches!(byte, 0 | b'\r' | b'\n'));
    prop_oneof![
        6 => one_of(names).prop_map(move |name| one(&name, b"1")),
        4 => one_of(types).prop_map(move |value| one("Content-Type", value.as_bytes())),
        2 => prop_oneof![4 => one_of(ranges), 1 => "bytes=[0-9]{0,3}-[0-9]{0,3}"]
            .prop_map(move |value| one("Range", value.as_bytes())),
        // around the bound of 128 bytes for one value, and of 1,024 for all
        2 => (safe_names.clone(), 126usize..131)
            .prop_map(move |(name, length)| one(&name, &vec![b'a'; length])),
        1 => (1_000usize..1_030).prop_map(move |total| {
            let mut lines = one("Content-Language", &vec![b'a'; total - 900]);
            lines.extend(std::iter::repeat_n(("Accept".to_owned(), vec![b'a'; 100]), 9));
            lines
        }),
        3 => (safe_names, vec(bytes, 0..12)).prop_map(move |(name, value)| one(&name, &value)),
        1 => ("[a-zA-Z-]{1,8}", "[ -~]{0,8}").prop_map(move |(name, value)| one(&name, value.as_bytes())),
    ]
}

/// A request that script can make in one of these pages.
fn request(clients: Vec<Client>, urls: Vec<Url>) -> impl Strategy<Value = Request> {
    let modes = prop_oneof![
        12 => Just(Mode::Cors),
        3 => Just(Mode::NoCors),
        1 => select(vec![Mode::SameOrigin, Mode::Navigate, Mode::WebSocket]),
    ];
    let bodies = prop_oneof![
        4 => Just(None),
        3 => Just(Some(BodyKind::BufferSource.into())),
        1 => Just(Some(BodyKind::Stream.into())),
    ];
    let apis = prop_oneof![
        5 => Just(Api::Fetch),
        1 => any::<bool>().prop_map(|upload_listeners| Api::XmlHttpRequest { upload_listeners }),
    ];
    let caches = prop_oneof![6 => Just(CacheMode::Default), 1 => select(CacheMode::ALL)];
    let redirects = prop_oneof![8 => Just(RedirectMode::Follow), 2 => select(RedirectMode::ALL)];
    let policies = prop_oneof![3 => Just(ReferrerPolicy::default()), 1 => select(ReferrerPolicy::ALL)];
    let headers = vec(request_header(), 0..4);
    let init = (any::<Index>(), any_url(urls))
        .prop_map(move |(client, url)| RequestInit::new(url, client.get(&clients).clone()));
    let init = (init, method(), headers, bodies).prop_map(|(init, method, headers, body)| {
        let headers: HeaderList = headers.into_iter().flatten().collect();
        init.with(|init| (init.method, init.headers, init.body) = (method, headers, body))
    });
    let init = (init, modes, select(Credentials::ALL), redirects, caches, policies).prop_map(
        |(init, mode, credentials, redirect, cache, referrer_policy)| {
            init.with(|init| {
                (init.mode, init.credentials, init.redirect) = (mode, credentials, redirect);
                (init.cache, init.referrer_policy) = (cache, referrer_policy);
            })
        },
    );
    (init, apis, prop::bool::weighted(0.1), option::weighted(0.05, address_space())).prop_map(
        |(init, api, force_preflight, target_address_space)| {
            let init = init.with(|init| {
                init.api = api;
                init.force_preflight = force_preflight;
                init.target_address_space = target_address_space;
            });
            possible(init).build().unwrap()
        },
    )
}

/// Changes a request that script cannot make to the nearest that it can.
fn possible(mut init: RequestInit) -> RequestInit {
    let is = |init: &RequestInit, methods: &[&str]| {
        methods.iter().any(|method| init.method.eq_ignore_ascii_case(method))
    };
    if init.mode == Mode::NoCors && !is(&init, &["GET", "HEAD", "POST"]) {
        init.method = "POST".to_owned();
    }
    if is(&init, &["CONNECT", "TRACE", "TRACK"]) {
        init.method = "PUT".to_owned();
    }
    if is(&init, &["GET", "HEAD"]) {
        init.body = None;
    }
    if init.body == Some(BodyKind::Stream.into()) && !matches!(init.mode, Mode::Cors | Mode::SameOrigin) {
        init.body = Some(BodyKind::BufferSource.into());
    }
    init
}

pub(crate) fn scenario() -> impl Strategy<Value = Scenario> {
    (vec(client(), 1..3), vec(url(), 1..3)).prop_flat_map(|(clients, urls)| {
        let waits = select(vec![0, 0, 0, 1, 4, 5, 6, 60, 601, 7_200, 86_400]).prop_map(Duration::from_secs);
        let visit = (request(clients, urls), waits, plans()).prop_map(|(request, wait, plans)| Visit {
            request,
            wait,
            plans,
        });
        vec(visit, 1..8).prop_map(|visits| Scenario { visits })
    })
}
