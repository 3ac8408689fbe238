//! The other headers of a request: `Referer`, `Sec-Fetch-*`, `Origin` without CORS, and those of the cache mode.

use corsac::browser::{CacheMode, Engine, Exchange, Mode, ReferrerPolicy, RequestInit};

use crate::pair::{Pair, Written, Wrong, redirects, request, respond, url};

const OWN: &str = "https://app.example/";
const B: &str = "https://b.example/";

fn sent(engine: Engine, request: RequestInit) -> Exchange {
    let mut pair = Pair::new(engine, |_| respond(200, &[]));
    pair.fetch(request);
    pair.take_exchanges().remove(0)
}

fn from_deep_page(method: &str, address: &str) -> RequestInit {
    request(method, address).with(|init| {
        init.client.url = Some(url("https://user:password@app.example/page?query#fragment"));
        init.client.prohibits_mixed_content = false;
    })
}

#[test]
fn the_referrer_policy_decides_on_referer() {
    use ReferrerPolicy as P;
    const WHOLE: Option<&str> = Some("https://app.example/page?query");
    const ORIGIN: Option<&str> = Some("https://app.example/");
    const INSECURE: &str = "http://b.example/";
    // To the page's own origin, to another, and from https to http. In Firefox and WebKit another site gets at most the origin.
    let rows: &[(P, [Option<&str>; 3])] = &[
        (P::NoReferrer, [None, None, None]),
        (P::Origin, [ORIGIN, ORIGIN, ORIGIN]),
        (P::StrictOrigin, [ORIGIN, ORIGIN, None]),
        (P::SameOrigin, [WHOLE, None, None]),
        (P::OriginWhenCrossOrigin, [WHOLE, ORIGIN, ORIGIN]),
        (P::StrictOriginWhenCrossOrigin, [WHOLE, ORIGIN, None]),
        (P::NoReferrerWhenDowngrade, [WHOLE, WHOLE, None]),
        (P::UnsafeUrl, [WHOLE, WHOLE, WHOLE]),
    ];
    let mut wrong = Wrong::default();
    for (policy, expected) in rows {
        for (address, expected) in [OWN, B, INSECURE].into_iter().zip(expected) {
            let exchange = sent(
                Engine::Spec,
                from_deep_page("GET", address).with(|init| init.referrer_policy = *policy),
            );
            wrong.compare(
                &format!("{policy}, to {address}"),
                Engine::Spec,
                exchange.headers.text("referer").as_deref(),
                *expected,
            );
        }
    }
    for engine in Engine::ALL {
        for (address, expected) in [(OWN, WHOLE), (B, ORIGIN), (INSECURE, None)] {
            let exchange = sent(engine, from_deep_page("GET", address));
            wrong.compare(
                &format!("by default, to {address}"),
                engine,
                exchange.headers.text("referer").as_deref(),
                expected,
            );
        }
        // A page without an address has its origin as the referrer.
        wrong.compare(
            "no page URL",
            engine,
            sent(engine, request("GET", OWN)).headers.text("referer").as_deref(),
            ORIGIN,
        );
    }
}

#[test]
fn a_long_referrer_is_cut_to_the_origin() {
    for engine in Engine::ALL {
        let long = url(&format!("https://app.example/{}", "a".repeat(4_096)));
        let exchange = sent(engine, request("GET", OWN).with(|init| init.client.url = Some(long)));
        assert_eq!(exchange.headers.text("referer").as_deref(), Some("https://app.example/"), "{engine:?}");
    }
}

#[test]
fn a_redirect_can_change_the_referrer_policy() {
    let rows = [
        (&["no-referrer"][..], None),
        (&["nonsense"], Some("https://app.example/page?query")),
        (&["no-referrer, nonsense"], None),
        (&["no-referrer, origin"], Some("https://app.example/")),
        (&["ORIGIN"], Some("https://app.example/")),
        (&["no-referrer", "origin"], Some("https://app.example/")),
        (&[""], Some("https://app.example/page?query")),
    ];
    for engine in Engine::ALL {
        for (lines, expected) in rows {
            let mut pair = Pair::new(engine, |exchange| {
                let mut response = redirects(&[(OWN, 302, "/2")])(exchange);
                for line in lines {
                    response.headers.append("Referrer-Policy", *line);
                }
                response
            });
            pair.fetch(from_deep_page("GET", OWN));
            let last = pair.take_exchanges().pop().unwrap();
            assert_eq!(last.headers.text("referer").as_deref(), expected, "{lines:?}, {engine:?}");
        }
    }
}

#[test]
fn fetch_metadata_says_how_near_the_page_is() {
    const PAGE: &str = "https://www.site.example";
    type Row<'a> = (&'a str, &'a str, &'a [(&'a str, u16, &'a str)], &'a str);
    let rows: &[Row<'_>] = &[
        ("same origin", "https://www.site.example/", &[], "same-origin"),
        ("same site", "https://api.site.example/", &[], "same-site"),
        ("same site, other port", "https://www.site.example:8443/", &[], "same-site"),
        ("other site", "https://b.example/", &[], "cross-site"),
        ("other scheme", "http://localhost/", &[], "cross-site"),
        ("home through another site", B, &[(B, 302, "https://www.site.example/")], "cross-site"),
        (
            "home through the same site",
            "https://api.site.example/",
            &[("https://api.site.example/", 302, "https://www.site.example/")],
            "same-site",
        ),
    ];
    let mut wrong = Wrong::default();
    for (row, address, hops, expected) in rows {
        for engine in Engine::ALL {
            if engine == Engine::WebKit && !hops.is_empty() {
                continue; // sends none after a redirect to another origin
            }
            let mut pair = Pair::new(engine, redirects(hops));
            let get = request("GET", address)
                .in_page(PAGE)
                .with(|init| init.client.prohibits_mixed_content = false);
            pair.fetch(get);
            let last = pair.take_exchanges().pop().unwrap();
            let metadata = ["sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"]
                .map(|name| last.headers.text(name).unwrap());
            wrong.compare(
                row,
                engine,
                metadata,
                [expected.to_string(), "cors".to_owned(), "empty".to_owned()],
            );
        }
    }
}

#[test]
fn fetch_metadata_is_for_trustworthy_urls_only() {
    for engine in Engine::ALL {
        let exchange = sent(engine, request("GET", "http://b.example/").in_page("http://app.example"));
        assert!(!exchange.headers.iter().any(|line| line.name.starts_with("Sec-Fetch")), "{engine:?}");
    }
}

#[test]
fn origin_of_navigations_and_web_sockets() {
    const REAL: Option<&str> = Some("https://app.example");
    let rows = [
        ("navigate GET", "GET", Mode::Navigate, B, ReferrerPolicy::default(), [None; 4]),
        ("navigate POST", "POST", Mode::Navigate, B, ReferrerPolicy::default(), [REAL; 4]),
        (
            "navigate POST, no-referrer",
            "POST",
            Mode::Navigate,
            B,
            ReferrerPolicy::NoReferrer,
            [Some("null"), REAL, Some("null"), Some("null")],
        ),
        ("websocket", "GET", Mode::WebSocket, B, ReferrerPolicy::default(), [REAL; 4]),
        ("websocket, no-referrer", "GET", Mode::WebSocket, B, ReferrerPolicy::NoReferrer, [REAL; 4]),
        ("websocket to the own origin", "GET", Mode::WebSocket, OWN, ReferrerPolicy::default(), [REAL; 4]),
    ];
    let mut wrong = Wrong::default();
    for (row, method, mode, address, policy, expected) in rows {
        for (engine, expected) in Engine::ALL.into_iter().zip(expected) {
            let written = request(method, address).mode(mode).with(|init| init.referrer_policy = policy);
            let exchange = sent(engine, written);
            wrong.compare(row, engine, exchange.headers.text("origin").as_deref(), expected);
            // There is no preflight, and the response is not checked: CORS does not apply.
            wrong.compare(row, engine, exchange.headers.contains("access-control-request-method"), false);
        }
    }
}

#[test]
fn origin_is_sent_with_every_method_but_get_and_head_to_the_own_origin_too() {
    for engine in Engine::ALL {
        for (method, expected) in [
            ("GET", None),
            ("HEAD", None),
            ("POST", Some("https://app.example")),
            ("DELETE", Some("https://app.example")),
        ] {
            let exchange = sent(engine, request(method, OWN));
            assert_eq!(exchange.headers.text("origin").as_deref(), expected, "{method}, {engine:?}");
        }
    }
}

#[test]
fn a_downgrade_hides_the_origin_of_a_request_without_cors() {
    use ReferrerPolicy as P;
    for (policy, hidden) in [
        (P::StrictOriginWhenCrossOrigin, true),
        (P::StrictOrigin, true),
        (P::NoReferrerWhenDowngrade, true),
        (P::UnsafeUrl, false),
        (P::Origin, false),
    ] {
        let written = from_deep_page("POST", "http://b.example/").mode(Mode::NoCors);
        let exchange = sent(Engine::Spec, written.with(|init| init.referrer_policy = policy));
        let expected = if hidden { "null" } else { "https://app.example" };
        assert_eq!(exchange.headers.text("origin").as_deref(), Some(expected), "{policy}");
    }
}

#[test]
fn the_cache_mode_sets_request_headers() {
    let rows = [
        (CacheMode::Default, None, None),
        (CacheMode::NoStore, Some("no-cache"), Some("no-cache")),
        (CacheMode::Reload, Some("no-cache"), Some("no-cache")),
        (CacheMode::NoCache, Some("max-age=0"), None),
        (CacheMode::ForceCache, None, None),
    ];
    for engine in Engine::ALL {
        for (mode, cache_control, pragma) in rows {
            let exchange = sent(engine, request("GET", OWN).with(|init| init.cache = mode));
            assert_eq!(
                exchange.headers.text("cache-control").as_deref(),
                cache_control,
                "{mode}, {engine:?}"
            );
            assert_eq!(exchange.headers.text("pragma").as_deref(), pragma, "{mode}, {engine:?}");
        }
        let own = request("GET", OWN)
            .header("Cache-Control", "max-age=9")
            .with(|init| init.cache = CacheMode::NoCache);
        assert_eq!(
            sent(engine, own).headers.text("cache-control").as_deref(),
            Some("max-age=9"),
            "{engine:?}"
        );
    }
}

#[test]
fn what_the_browser_adds_gives_way_to_what_script_set() {
    for engine in Engine::ALL {
        let written = request("GET", B).header("ACCEPT", "text/html").header("accept-language", "de");
        let exchange = sent(engine, written);
        assert_eq!(exchange.headers.all("accept").collect::<Vec<_>>(), [b"text/html"], "{engine:?}");
        assert_eq!(exchange.headers.all("accept-language").collect::<Vec<_>>(), [b"de"], "{engine:?}");
    }
}
