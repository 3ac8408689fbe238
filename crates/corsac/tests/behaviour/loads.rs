//! What elements, style sheets and other interfaces request, and which responses reach them.

use corsac::browser::{BodyKind, Credentials, CrossOrigin, Engine, Exchange, Load, Mode, RequestInit};

use crate::pair::{Pair, Wrong, request, respond, verdict};

const OWN: &str = "https://app.example/x";
const CDN: &str = "https://cdn.example/x";
/// Header lines of a response.
type Headers<'h> = &'h [(&'h str, &'h str)];

const STAR: (&str, &str) = ("Access-Control-Allow-Origin", "*");
const NOSNIFF: (&str, &str) = ("X-Content-Type-Options", "nosniff");

fn load(load: Load, address: &str) -> RequestInit {
    request("GET", address).for_load(load, None)
}

fn sent(engine: Engine, request: RequestInit) -> Exchange {
    let mut pair = Pair::new(engine, |_| respond(404, &[]));
    pair.fetch(request);
    pair.take_exchanges().remove(0)
}

#[test]
fn html_and_its_neighbours_fix_mode_credentials_and_method() {
    use CrossOrigin::{Anonymous, UseCredentials};
    type Row = (Load, Option<CrossOrigin>, Mode, Credentials, &'static str);
    #[rustfmt::skip] // a table
    let rows: &[Row] = &[
        (Load::Image, None, Mode::NoCors, Credentials::Include, "GET"),
        (Load::Image, Some(Anonymous), Mode::Cors, Credentials::SameOrigin, "GET"),
        (Load::Image, Some(UseCredentials), Mode::Cors, Credentials::Include, "GET"),
        (Load::Script, None, Mode::NoCors, Credentials::Include, "GET"),
        (Load::Script, Some(Anonymous), Mode::Cors, Credentials::SameOrigin, "GET"),
        (Load::ModuleScript, None, Mode::Cors, Credentials::SameOrigin, "GET"),
        (Load::ModuleScript, Some(UseCredentials), Mode::Cors, Credentials::Include, "GET"),
        (Load::Font, Some(UseCredentials), Mode::Cors, Credentials::SameOrigin, "GET"),
        (Load::Video, None, Mode::NoCors, Credentials::Include, "GET"),
        (Load::Audio, Some(Anonymous), Mode::Cors, Credentials::SameOrigin, "GET"),
        (Load::CssImage, Some(Anonymous), Mode::NoCors, Credentials::Include, "GET"),
        (Load::EventSource, None, Mode::Cors, Credentials::SameOrigin, "GET"),
        (Load::Beacon, None, Mode::NoCors, Credentials::Include, "POST"),
        (Load::WebSocket, None, Mode::WebSocket, Credentials::Include, "GET"),
        (Load::Navigation, None, Mode::Navigate, Credentials::Include, "GET"),
    ];
    for (load, attribute, mode, credentials, method) in rows {
        let init = request("GET", CDN).for_load(*load, *attribute);
        let found = (init.mode, init.credentials, init.method.as_str());
        assert_eq!(found, (*mode, *credentials, *method), "{} {attribute:?}", load.as_str());
    }
}

#[test]
fn a_response_reaches_what_asked_for_it_by_cors_by_its_type_and_by_its_status() {
    type Head = (u16, Headers<'static>);
    type Row = (&'static str, Load, &'static str, Head, &'static str);
    const JS: (&str, &str) = ("Content-Type", "text/javascript");
    const HTML: (&str, &str) = ("Content-Type", "text/html");
    const EVENTS: (&str, &str) = ("Content-Type", "text/event-stream; charset=utf-8");
    const BARE: &str = "blocked: allow-origin-missing";
    #[rustfmt::skip] // a table
    let rows: &[Row] = &[
        ("an image of another origin", Load::Image, CDN, (200, &[]), "opaque"),
        ("an image of the own origin", Load::Image, OWN, (200, &[]), "readable"),
        ("an image is shown whatever the status", Load::Image, CDN, (404, &[]), "opaque"),
        ("a resource policy", Load::Image, CDN, (200, &[("Cross-Origin-Resource-Policy", "same-site")]), "failed: resource-policy"),
        ("a script", Load::Script, CDN, (200, &[JS]), "opaque"),
        ("a script with an error status", Load::Script, CDN, (404, &[JS]), "failed: load-status"),
        ("a script that is an image", Load::Script, OWN, (200, &[("Content-Type", "image/png")]), "failed: load-type"),
        ("a script without a type", Load::Script, CDN, (200, &[]), "opaque"),
        ("a script without a type, and nosniff", Load::Script, OWN, (200, &[NOSNIFF]), "failed: nosniff"),
        ("nosniff twice, the first counts", Load::Script, OWN, (200, &[("X-Content-Type-Options", "none, nosniff")]), "readable"),
        ("a script's old type, and nosniff", Load::Script, OWN, (200, &[NOSNIFF, ("Content-Type", "Application/X-JavaScript")]), "readable"),
        ("a module", Load::ModuleScript, CDN, (200, &[JS, STAR]), "readable"),
        ("a module without CORS", Load::ModuleScript, CDN, (200, &[JS]), BARE),
        ("a module that is HTML", Load::ModuleScript, OWN, (200, &[HTML]), "failed: load-type"),
        ("a module, the last type counts", Load::ModuleScript, OWN, (200, &[HTML, JS]), "readable"),
        ("events", Load::EventSource, CDN, (200, &[EVENTS, STAR]), "readable"),
        ("events without CORS", Load::EventSource, CDN, (200, &[EVENTS]), BARE),
        ("events that are HTML", Load::EventSource, OWN, (200, &[HTML]), "failed: load-type"),
        ("events with 204, which ends them", Load::EventSource, OWN, (204, &[EVENTS]), "failed: load-status"),
        ("a video", Load::Video, CDN, (206, &[]), "opaque"),
        ("a video that is not there", Load::Video, CDN, (404, &[]), "failed: load-status"),
        ("an image of a style sheet", Load::CssImage, CDN, (200, &[STAR]), "opaque"),
        ("another site's page", Load::Navigation, CDN, (200, &[HTML]), "opaque"),
        ("the own site's page", Load::Navigation, OWN, (404, &[HTML]), "readable"),
    ];
    let mut wrong = Wrong::default();
    for (row, kind, address, (status, headers), expected) in rows {
        for engine in Engine::ALL {
            let mut pair = Pair::new(engine, |_| respond(*status, headers));
            wrong.compare(row, engine, verdict(&pair.fetch(load(*kind, address))).as_str(), expected);
        }
    }
}

/// Measured with images: catalogue `load-img/type-*` and `load-img/nosniff-*`.
#[test]
fn a_type_that_no_element_uses_is_kept_out_of_the_page_in_chromium_and_firefox() {
    const BLOCKED: &str = "failed: opaque-response-blocked";
    let rows: &[(&str, Headers<'_>, [&str; 4])] = &[
        ("csv", &[("Content-Type", "text/csv")], ["opaque", BLOCKED, BLOCKED, "opaque"]),
        ("HTML may be an image", &[("Content-Type", "text/html")], ["opaque"; 4]),
        ("HTML, nosniff", &[("Content-Type", "text/html"), NOSNIFF], ["opaque", BLOCKED, BLOCKED, "opaque"]),
        (
            "a kind of JSON, nosniff",
            &[("Content-Type", "application/ld+json"), NOSNIFF],
            ["opaque", BLOCKED, BLOCKED, "opaque"],
        ),
        (
            "text, nosniff",
            &[("Content-Type", "text/plain"), NOSNIFF],
            ["opaque", BLOCKED, "opaque", "opaque"],
        ),
        ("SVG, nosniff", &[("Content-Type", "image/svg+xml"), NOSNIFF], ["opaque"; 4]),
        ("no type, nosniff", &[NOSNIFF], ["opaque"; 4]),
    ];
    let mut wrong = Wrong::default();
    for (row, headers, expected) in rows {
        for (engine, expected) in Engine::ALL.into_iter().zip(expected) {
            let mut pair = Pair::new(engine, |_| respond(200, headers));
            wrong.compare(row, engine, verdict(&pair.fetch(load(Load::Image, CDN))).as_str(), expected);
            let mut pair = Pair::new(engine, |_| respond(200, headers));
            let own = pair.fetch(load(Load::Image, OWN));
            wrong.compare(&format!("{row}, own origin"), engine, verdict(&own).as_str(), "readable");
        }
    }
}

#[test]
fn a_beacon_is_preflighted_if_its_body_has_a_type_that_is_not_safelisted() {
    let json = BodyKind::Blob { media_type: "application/json".to_owned() };
    let rows = [
        ("no body", None, "POST"),
        ("text", Some(BodyKind::Text), "POST"),
        ("a form", Some(BodyKind::UrlSearchParams), "POST"),
        ("bytes, which have no type", Some(BodyKind::BufferSource), "POST"),
        ("JSON", Some(json), "OPTIONS"),
    ];
    let mut wrong = Wrong::default();
    for (row, body, expected) in rows {
        for engine in Engine::ALL {
            let beacon = load(Load::Beacon, CDN).with(|init| init.body = body.clone().map(Into::into));
            wrong.compare(row, engine, sent(engine, beacon).method.as_str(), expected);
        }
    }
}

#[test]
fn each_load_has_its_accept_and_sec_fetch_dest() {
    type Row = (Load, &'static str, &'static str, &'static str);
    #[rustfmt::skip] // a table
    let rows: &[Row] = &[
        (Load::Script, "*/*", "script", "no-cors"),
        (Load::ModuleScript, "*/*", "script", "cors"),
        (Load::EventSource, "text/event-stream", "empty", "cors"),
        (Load::Beacon, "*/*", "empty", "no-cors"),
    ];
    let mut wrong = Wrong::default();
    for (kind, accept, destination, mode) in rows {
        for engine in Engine::ALL {
            let headers = sent(engine, load(*kind, CDN)).headers;
            for (name, expected) in
                [("accept", accept), ("sec-fetch-dest", destination), ("sec-fetch-mode", mode)]
            {
                let found = headers.text(name);
                wrong.compare(
                    &format!("{} {name}", kind.as_str()),
                    engine,
                    found.as_deref(),
                    Some(*expected),
                );
            }
        }
    }
}

#[test]
fn a_font_is_a_cors_request_except_in_webkit() {
    let mut wrong = Wrong::default();
    for (engine, expected) in Engine::ALL.into_iter().zip([
        "blocked: allow-origin-missing",
        "blocked: allow-origin-missing",
        "blocked: allow-origin-missing",
        "opaque",
    ]) {
        let mut pair = Pair::new(engine, |_| respond(200, &[]));
        wrong.compare("bare", engine, verdict(&pair.fetch(load(Load::Font, CDN))).as_str(), expected);
        let mut pair = Pair::new(engine, |_| respond(200, &[STAR]));
        let expected = if engine == Engine::WebKit { "opaque" } else { "readable" };
        wrong.compare("star", engine, verdict(&pair.fetch(load(Load::Font, CDN))).as_str(), expected);
    }
}

#[test]
fn a_web_socket_is_open_after_a_101_that_answers_its_key() {
    // RFC 6455, section 1.3
    const GOOD: [(&str, &str); 3] = [
        ("Upgrade", "WebSocket"),
        ("Connection", "keep-alive, Upgrade"),
        ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
    ];
    const REFUSED: &str = "failed: websocket-refused";
    let rows: &[(&str, u16, Headers<'_>, &str)] = &[
        ("101", 101, &GOOD, "readable"),
        ("200", 200, &GOOD, REFUSED),
        ("403, with CORS headers", 403, &[STAR], REFUSED),
        ("no Upgrade", 101, &[GOOD[1], GOOD[2]], REFUSED),
        ("no Connection", 101, &[GOOD[0], GOOD[2]], REFUSED),
        ("a list", 101, &[("Upgrade", "h2c, websocket"), GOOD[1], GOOD[2]], REFUSED),
        ("no key", 101, &[GOOD[0], GOOD[1]], REFUSED),
        ("the answer to another key", 101, &[GOOD[0], GOOD[1], ("Sec-WebSocket-Accept", "AAAA")], REFUSED),
    ];
    let mut wrong = Wrong::default();
    for (row, status, headers, expected) in rows {
        for engine in Engine::ALL {
            let mut pair = Pair::new(engine, |_| respond(*status, headers));
            let outcome = pair.fetch(load(Load::WebSocket, CDN));
            wrong.compare(row, engine, verdict(&outcome).as_str(), expected);
            let exchange = pair.take_exchanges().remove(0);
            let origin = exchange.headers.text("origin");
            wrong.compare(row, engine, origin.as_deref(), Some("https://app.example"));
            wrong.compare(row, engine, exchange.credentials, true);
        }
    }
}

/// Measured: catalogue `load-websocket/trustworthy-cross` and `load-websocket/redirected-away`.
#[test]
fn the_handshake_of_a_web_socket_has_the_headers_of_its_engine() {
    let mut wrong = Wrong::default();
    let rows = [
        (Some("*/*"), Some("websocket"), "failed: redirect-mode-error"),
        (None, None, "failed: redirect-mode-error"),
        (Some("*/*"), Some("empty"), "failed: redirect-mode-error"),
        (None, Some("websocket"), "failed: websocket-refused"),
    ];
    for (engine, (accept, destination, redirected)) in Engine::ALL.into_iter().zip(rows) {
        let headers = sent(engine, load(Load::WebSocket, CDN)).headers;
        wrong.compare("accept", engine, headers.text("accept").as_deref(), accept);
        wrong.compare("destination", engine, headers.text("sec-fetch-dest").as_deref(), destination);
        let mode = destination.map(|_| "websocket");
        wrong.compare("mode", engine, headers.text("sec-fetch-mode").as_deref(), mode);
        wrong.compare("referrer", engine, headers.text("referer"), None);

        let mut pair = Pair::new(engine, |exchange| match exchange.url.host_str() {
            Some("cdn.example") => respond(302, &[("Location", "https://elsewhere.example/")]),
            _ => respond(403, &[]),
        });
        let outcome = pair.fetch(load(Load::WebSocket, CDN));
        wrong.compare("a redirect", engine, verdict(&outcome).as_str(), redirected);
        for exchange in pair.take_exchanges() {
            let origin = exchange.headers.text("origin");
            wrong.compare("origin", engine, origin.as_deref(), Some("https://app.example"));
        }
    }
}

/// Mixed Content, section 4.1. Only host names are upgraded, and only for images, video and audio.
#[test]
fn an_http_image_of_an_https_page_is_asked_for_over_https() {
    const MIXED: &str = "failed: mixed-content";
    let rows = [
        ("an image", Load::Image, "http://cdn.example:8080/x", Some("https://cdn.example:8080/x")),
        ("a video", Load::Video, "http://cdn.example/x", Some("https://cdn.example/x")),
        ("a script", Load::Script, "http://cdn.example/x", None),
        ("a WebSocket", Load::WebSocket, "http://cdn.example/x", None),
        ("a navigation", Load::Navigation, "http://cdn.example/x", Some("http://cdn.example/x")),
        ("an address", Load::Image, "http://203.0.113.7/x", None),
    ];
    let mut wrong = Wrong::default();
    for (row, kind, address, expected) in rows {
        let mut pair = Pair::new(Engine::Spec, |_| respond(200, &[]));
        let outcome = pair.fetch(load(kind, address));
        let sent = pair.take_exchanges().first().map(|exchange| exchange.url.to_string());
        wrong.compare(row, Engine::Spec, sent.as_deref(), expected);
        if expected.is_none() {
            wrong.compare(row, Engine::Spec, verdict(&outcome).as_str(), MIXED);
        }
    }
}
