//! Headers that are added to responses, what a route asks for, and what Istio refuses.

use crate::Kind;
use crate::filter::tests::{asked, holds, server};

/// The entries of `http`.
fn service(http: &str) -> String {
    format!(
        "kind: VirtualService\nmetadata: {{name: shop}}\nspec:\n  hosts: [server.example]\n  http:\n{http}"
    )
}

fn noted(http: &str) -> Vec<(usize, &'static str)> {
    server(Kind::Istio, &service(http)).notes().iter().map(|note| (note.at.line, note.code)).collect()
}

#[test]
fn headers_that_are_added_are_sent_at_routes_and_destinations_and_with_direct_responses() {
    let preflights = "  - match: [{method: {exact: OPTIONS}}]\n    headers: {response: {set: {Access-Control-Allow-Origin: 'https://a.example', Access-Control-Allow-Methods: 'GET, PUT'}}}\n    directResponse: {status: 204}\n";
    let destination = "  - headers: {response: {set: {access-control-allow-origin: 'https://b.example', Vary: Origin}}}\n    route:\n    - destination: {host: api}\n      headers: {response: {set: {Access-Control-Allow-Origin: 'https://a.example'}}}\n";
    let both = service(&format!("{preflights}{destination}"));
    holds(
        Kind::Istio,
        &both,
        &[
            ("PRE:PUT / https://a.example", "204 allow-methods: GET, PUT; allow-origin: https://a.example"),
            ("GET / -", "200 allow-origin: https://a.example; vary: Origin"),
        ],
    );
    assert_eq!(server(Kind::Istio, &both).notes(), []);
    let echo = "  - headers: {response: {set: {Access-Control-Allow-Origin: '%REQ(Origin)%'}}}\n    redirect: {uri: /, redirectCode: 308}\n";
    holds(
        Kind::Istio,
        &service(echo),
        &[("GET / https://evil.example", "308 allow-origin: https://evil.example"), ("GET / -", "308 ")],
    );
    let weighted = "  - route:\n    - {destination: {host: a}, weight: 50, headers: {response: {set: {Access-Control-Allow-Origin: '*'}}}}\n    - {destination: {host: b}, weight: 50}\n";
    assert_eq!(noted(weighted), [(8, "line-not-read")]);
    let with_policy =
        "  - corsPolicy: {allowOrigins: [{exact: 'https://a.example'}]}\n    directResponse: {status: 200}\n";
    assert_eq!(noted(with_policy), [(6, "without-effect")]);
}

#[test]
fn a_route_that_asks_for_a_cookie_is_a_place_and_preflights_pass_it_by() {
    let http = "  - match: [{uri: {prefix: /b}, headers: {cookie: {regex: '.*canary=1.*'}}}]\n    corsPolicy: {allowOrigins: [{exact: 'https://a.example'}]}\n    route: [{destination: {host: canary}}]\n  - route: [{destination: {host: api}}]\n";
    let server = server(Kind::Istio, &service(http));
    let places: Vec<_> = server.places().into_iter().map(|place| (place.prefix, place.path)).collect();
    let path = "/b;corsac-with-headers";
    assert_eq!(places, [(Some("/b".to_owned()), path.to_owned())]);
    assert_eq!(
        asked(&*server, &format!("GET {path} https://a.example")),
        "200 allow-origin: https://a.example"
    );
    assert_eq!(asked(&*server, &format!("PRE:PUT {path} https://a.example")), "200 ");
    assert_eq!(asked(&*server, "GET /b https://a.example"), "200 ");
    let browser = http.replace("cookie", "user-agent");
    let browser = crate::filter::tests::server(Kind::Istio, &service(&browser));
    assert_eq!(
        asked(&*browser, &format!("PRE:PUT {path} https://a.example")),
        "200 allow-origin: https://a.example"
    );
}

#[test]
fn what_istio_refuses_and_what_cannot_match_is_said_at_its_line() {
    let policy = |origins: &str| {
        noted(&format!(
            "  - route: [{{destination: {{host: api}}}}]\n    corsPolicy:\n      allowOrigins: [{origins}]\n"
        ))
    };
    for (origins, expected) in [
        ("{exact: 'https://a.example'}", &[][..]),
        ("{prefix: 'https://a.example'}", &[]),
        ("{prefix: 'https://a.example/'}", &[(8, "origin-never-matches")]),
        ("{regex: 'https://a\\.example(:[0-9]+)?'}", &[]),
        ("{regex: 'http://localhost:*'}", &[(8, "without-effect")]),
        ("{regex: 'https://a\\.example:*(/.*)?'}", &[(8, "without-effect")]),
        ("{regex: 'https://a\\.example:*[0-9]*'}", &[]),
        ("{regex: 'https://a\\.example:*[0-9]+'}", &[]),
        ("{regex: 'https://.+:*'}", &[]),
        ("{regex: 'https://*.a.example'}", &[(8, "without-effect")]),
        ("{exact: 'https://a.example'}]\n      allowOrigin: ['*'", &[(9, "without-effect")]),
        ("]\n      allowOrigin: ['*'", &[]),
    ] {
        assert_eq!(policy(origins), expected, "{origins}");
    }
    assert_eq!(
        noted("  - corsPolicy: {allowOrigins: [{exact: 'https://a.example'}]}\n"),
        [(6, "without-effect")]
    );
}
