//! What is refused because of the page's environment, before any header is checked: ports, mixed content, and local networks without
//! permission.

use std::net::IpAddr;

use corsac::browser::{AddressSpace, Engine, Mode, Permission, RequestInit, Stage};

use crate::pair::{Pair, Written, Wrong, redirects, reflect, request, verdict};

const API: &str = "https://api.example/";
const OWN: &str = "https://app.example/";

#[test]
fn some_ports_are_never_connected_to() {
    let rows = [
        ("https://api.example:22/", "failed: bad-port"),
        ("http://localhost:6667/", "failed: bad-port"),
        ("https://api.example:10080/", "failed: bad-port"),
        ("https://api.example:0/", "failed: bad-port"),
        ("https://api.example:8443/", "readable"),
        ("https://api.example:443/", "readable"),
        ("https://app.example:22/", "failed: bad-port"),
    ];
    for engine in Engine::ALL {
        for (address, expected) in rows {
            let mut pair = Pair::new(engine, reflect);
            let page = if address.starts_with("http:") { "http://localhost" } else { "https://app.example" };
            assert_eq!(
                verdict(&pair.fetch(request("GET", address).in_page(page))),
                expected,
                "{address}, {engine:?}"
            );
            assert_eq!(pair.wire().len(), usize::from(expected == "readable"), "{address}, {engine:?}");
        }
        let mut pair = Pair::new(engine, redirects(&[(API, 302, "https://api.example:25/")]));
        let outcome = pair.fetch(request("GET", API));
        assert_eq!((verdict(&outcome).as_str(), pair.wire().len()), ("failed: bad-port", 1), "{engine:?}");
        assert_eq!(outcome.refusal().unwrap().stage, Stage::Redirect, "{engine:?}");
    }
}

#[test]
fn a_secure_page_does_not_ask_for_insecure_urls() {
    const MIXED: &str = "failed: mixed-content";
    let same = |expected: &'static str| [expected; 4];
    let local = [("readable"), ("readable"), ("readable"), MIXED];
    let rows: &[(&str, &str, &str, [&str; 4])] = &[
        ("http", "https://app.example", "http://api.example/", same(MIXED)),
        ("https", "https://app.example", API, same("readable")),
        ("http from an http page", "http://app.example", "http://api.example/", same("readable")),
        // This machine is trustworthy without encryption, by the standard.
        ("http://localhost", "https://app.example", "http://localhost:3000/", local),
        ("http://127.0.0.1", "https://app.example", "http://127.0.0.1:3000/", local),
        // Known to be local: the Local Network Access permission decides instead, if the engine has it.
        ("a private address", "https://app.example", "http://192.168.0.1/", local),
        ("a private IPv6 address", "https://app.example", "http://[fe80::1]/", local),
        ("a name in .local", "https://app.example", "http://printer.local/", local),
        ("a public address", "https://app.example", "http://93.184.216.34/", same(MIXED)),
    ];
    let mut wrong = Wrong::default();
    for (row, page, address, expected) in rows {
        for (engine, expected) in Engine::ALL.into_iter().zip(*expected) {
            let mut pair = Pair::new(engine, reflect);
            let outcome = pair.fetch(request("GET", address).in_page(page));
            wrong.compare(row, engine, verdict(&outcome).as_str(), expected);
            wrong.compare(row, engine, pair.wire().len(), usize::from(expected == "readable"));
        }
    }
    for engine in Engine::ALL {
        let mut pair = Pair::new(engine, redirects(&[(API, 302, "http://api.example/")]));
        let outcome = pair.fetch(request("GET", API));
        assert_eq!((verdict(&outcome).as_str(), pair.wire().len()), (MIXED, 1), "{engine:?}");
    }
}

/// A page of this origin, from this address space, with this permission.
fn page(
    origin: &str,
    space: Option<AddressSpace>,
    permission: Permission,
) -> impl Fn(&str, &str) -> RequestInit {
    move |method, address| {
        request(method, address).in_page(origin).with(|init| {
            init.client.address_space = space;
            init.client.local_network_permission = permission;
        })
    }
}

#[test]
fn local_network_access_is_a_permission_and_no_header_rule() {
    use AddressSpace::{Local, Loopback, Public};
    use Permission::{Denied, Granted};
    const OK: &str = "readable";
    const DENIED: &str = "failed: local-network-denied";
    const INSECURE: &str = "failed: local-network-insecure";
    const HTTPS: &str = "https://app.example";
    const HTTP: &str = "http://app.example";
    type Row =
        (&'static str, &'static str, Option<AddressSpace>, Permission, &'static str, [&'static str; 4]);
    #[rustfmt::skip] // a table
    let rows: &[Row] = &[
        ("public page, loopback, granted", HTTPS, Some(Public), Granted, "127.0.0.1", [OK; 4]),
        ("public page, loopback, denied", HTTPS, Some(Public), Denied, "127.0.0.1", [DENIED, DENIED, DENIED, OK]),
        ("public page, local, denied", HTTPS, Some(Public), Denied, "192.168.0.1", [DENIED, DENIED, DENIED, OK]),
        ("public page, mapped IPv6, denied", HTTPS, Some(Public), Denied, "::ffff:10.0.0.1", [DENIED, DENIED, DENIED, OK]),
        ("public page, public, denied", HTTPS, Some(Public), Denied, "93.184.216.34", [OK; 4]),
        // Chromium and Firefox check public pages only.
        ("local page, loopback, denied", HTTPS, Some(Local), Denied, "::1", [DENIED, OK, OK, OK]),
        ("local page, local, denied", HTTPS, Some(Local), Denied, "10.0.0.1", [OK; 4]),
        ("loopback page, public, denied", HTTPS, Some(Loopback), Denied, "93.184.216.34", [OK; 4]),
        ("page of unknown origin, loopback, denied", HTTPS, None, Denied, "127.0.0.1", [OK; 4]),
        // Firefox also asks users of insecure pages (network.lna.block_insecure_contexts is off).
        ("insecure public page, loopback, granted", HTTP, Some(Public), Granted, "127.0.0.1", [INSECURE, INSECURE, OK, OK]),
        ("insecure public page, loopback, denied", HTTP, Some(Public), Denied, "127.0.0.1", [INSECURE, INSECURE, DENIED, OK]),
        ("insecure public page, public", HTTP, Some(Public), Denied, "93.184.216.34", [OK; 4]),
    ];
    let mut wrong = Wrong::default();
    for (row, origin, space, permission, address, expected) in rows {
        for (engine, expected) in Engine::ALL.into_iter().zip(*expected) {
            let mut pair = Pair::new(engine, reflect);
            pair.address = Some(address.parse::<IpAddr>().unwrap());
            let written = page(origin, *space, *permission);
            let api = if *origin == HTTP { "http://api.example/" } else { API };
            for method in ["GET", "PUT"] {
                let outcome = pair.fetch(written(method, api));
                wrong.compare(row, engine, verdict(&outcome).as_str(), expected);
                let stage = if method == "PUT" { Stage::Preflight } else { Stage::Request };
                wrong.compare(
                    row,
                    engine,
                    outcome.refusal().map(|refusal| refusal.stage),
                    (expected != OK).then_some(stage),
                );
                wrong.compare(row, engine, pair.wire().is_empty(), expected != OK);
            }
            // This does not apply to CORS only.
            let outcome = pair.fetch(written("GET", api).mode(Mode::NoCors));
            wrong.compare(
                row,
                engine,
                verdict(&outcome).as_str(),
                if expected == OK { "opaque" } else { expected },
            );
        }
    }
}

#[test]
fn a_trustworthy_page_reaches_its_own_origin_without_permission() {
    for engine in Engine::ALL {
        for (origin, address, expected) in [
            ("https://app.example", OWN, ["readable"; 4]),
            (
                "http://app.example",
                "http://app.example/",
                [
                    "failed: local-network-insecure",
                    "failed: local-network-insecure",
                    "failed: local-network-denied",
                    "readable",
                ],
            ),
        ] {
            let mut pair = Pair::new(engine, reflect);
            pair.address = Some([127, 0, 0, 1].into());
            let outcome =
                pair.fetch(page(origin, Some(AddressSpace::Public), Permission::Denied)("GET", address));
            let index = Engine::ALL.iter().position(|other| *other == engine).unwrap();
            assert_eq!(verdict(&outcome), expected[index], "{origin}, {engine:?}");
        }
    }
}

/// `targetAddressSpace`, which Firefox and WebKit ignore.
#[test]
fn a_request_that_names_an_address_space_has_to_end_up_there() {
    const MISMATCH: &str = "failed: local-network-mismatch";
    let rows = [
        ("as named", AddressSpace::Loopback, "127.0.0.1", ["readable"; 4]),
        ("elsewhere", AddressSpace::Local, "127.0.0.1", [MISMATCH, MISMATCH, "readable", "readable"]),
        (
            "elsewhere, and public",
            AddressSpace::Local,
            "93.184.216.34",
            [MISMATCH, MISMATCH, "readable", "readable"],
        ),
    ];
    let mut wrong = Wrong::default();
    for (row, named, address, expected) in rows {
        for (engine, expected) in Engine::ALL.into_iter().zip(expected) {
            let mut pair = Pair::new(engine, reflect);
            pair.address = Some(address.parse().unwrap());
            let written = page("https://app.example", Some(AddressSpace::Public), Permission::Granted);
            let outcome =
                pair.fetch(written("GET", API).with(|init| init.target_address_space = Some(named)));
            wrong.compare(row, engine, verdict(&outcome).as_str(), expected);
        }
    }
    // It lifts the block of mixed content, because the permission then decides.
    for (engine, expected) in Engine::ALL.into_iter().zip([
        "readable",
        "readable",
        "failed: mixed-content",
        "failed: mixed-content",
    ]) {
        let mut pair = Pair::new(engine, reflect);
        let named = request("GET", "http://printer.example/")
            .with(|init| init.target_address_space = Some(AddressSpace::Local));
        assert_eq!(verdict(&pair.fetch(named)), expected, "{engine:?}");
    }
}

#[test]
fn a_refused_connection_is_a_network_error_to_the_preflight_cache_too() {
    for (engine, asks) in Engine::ALL.into_iter().zip([true, false, true, false]) {
        let written = page("https://app.example", Some(AddressSpace::Public), Permission::Denied);
        let mut pair = Pair::new(engine, |exchange| {
            let mut response = reflect(exchange);
            response.headers.delete("access-control-max-age");
            response
        });
        pair.fetch(written("PUT", API));
        pair.address = Some([127, 0, 0, 1].into());
        let outcome = pair.fetch(written("PUT", API));
        let expected = if engine == Engine::WebKit { "readable" } else { "failed: local-network-denied" };
        assert_eq!(verdict(&outcome), expected, "{engine:?}");
        pair.address = None;
        assert_eq!(pair.preflights(written("PUT", API)), asks, "{engine:?}");
    }
}
