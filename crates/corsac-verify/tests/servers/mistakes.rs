//! Each mistake is found, and nothing else.

use corsac::browser::{Exchange, ExchangeKind, ResponseHead};
use corsac::server::{Policy, ResourcePolicy};
use corsac_verify::{SuiteOptions, answer};

use crate::{Server, verify, with, without};

fn origin(exchange: &Exchange) -> String {
    exchange.headers.text("Origin").unwrap_or_default()
}

/// The policy's answer to the same request from another origin.
fn as_if_from(policy: &Policy, exchange: &Exchange, instead: &str) -> ResponseHead {
    let mut asked = exchange.clone();
    asked.headers.delete("Origin");
    asked.headers.append("Origin", instead);
    answer(policy, &asked, |_| ()).0
}

/// The policy's answer, as for an allowed origin wherever `is_taken` says so; then with the origin that asked.
fn allowing(policy: &Policy, exchange: &Exchange, allowed: &str, is_taken: bool) -> ResponseHead {
    let honest = answer(policy, exchange, |_| ()).0;
    if !is_taken || honest.headers.contains("access-control-allow-origin") {
        return honest;
    }
    let mut response = as_if_from(policy, exchange, allowed);
    response.headers.delete("access-control-allow-origin");
    response.headers.append("access-control-allow-origin", origin(exchange));
    response
}

#[test]
fn each_mistake_is_found() {
    const APP: &str = "https://app.example";
    let one =
        || Policy::builder([APP]).methods(["PUT"]).request_headers(["content-type"]).expose_headers(["etag"]);
    let plain = || one().build().unwrap();
    let with_credentials = || one().credentials(true).build().unwrap();
    let table: Vec<(&str, Policy, Server, &[&str])> = vec![
        (
            "every origin is echoed",
            plain(),
            |policy, exchange| Ok(allowing(policy, exchange, APP, exchange.headers.contains("origin"))),
            &["any-origin-allowed"],
        ),
        (
            "the beginning is compared",
            plain(),
            |policy, exchange| Ok(allowing(policy, exchange, APP, origin(exchange).starts_with(APP))),
            &["origin-prefix-matches", "origin-port-ignored"],
        ),
        (
            "the end is compared",
            plain(),
            |policy, exchange| Ok(allowing(policy, exchange, APP, origin(exchange).ends_with("app.example"))),
            &["origin-suffix-matches", "subdomain-allowed", "origin-scheme-ignored"],
        ),
        (
            "a dot matches anything",
            plain(),
            |policy, exchange| Ok(allowing(policy, exchange, APP, origin(exchange) == "https://appxexample")),
            &["origin-dot-matches"],
        ),
        (
            "the port is not compared",
            plain(),
            |policy, exchange| {
                Ok(allowing(policy, exchange, APP, origin(exchange).starts_with("https://app.example:")))
            },
            &["origin-port-ignored"],
        ),
        (
            "the scheme is not compared",
            plain(),
            |policy, exchange| Ok(allowing(policy, exchange, APP, origin(exchange) == "http://app.example")),
            &["origin-scheme-ignored"],
        ),
        (
            "null is allowed",
            plain(),
            |policy, exchange| Ok(allowing(policy, exchange, APP, origin(exchange) == "null")),
            &["null-origin-allowed"],
        ),
        (
            "only preflights are wrong",
            plain(),
            |policy, exchange| Ok(allowing(policy, exchange, APP, exchange.kind == ExchangeKind::Preflight)),
            &["any-origin-allowed"],
        ),
        (
            "one origin is sent to everybody",
            plain(),
            |policy, exchange| Ok(as_if_from(policy, exchange, APP)),
            &["static-origin"],
        ),
        (
            "one origin is sent without an origin",
            plain(),
            |policy, exchange| {
                let has_origin = exchange.headers.contains("origin");
                Ok(if has_origin {
                    answer(policy, exchange, |_| ()).0
                } else {
                    as_if_from(policy, exchange, APP)
                })
            },
            &["no-origin"],
        ),
        (
            "preflights are answered for the first origin only",
            Policy::builder([APP, "https://www.example"]).methods(["PUT"]).build().unwrap(),
            |policy, exchange| {
                let is_first = exchange.kind == ExchangeKind::Request || origin(exchange) == APP;
                Ok(if is_first {
                    answer(policy, exchange, |_| ()).0
                } else {
                    ResponseHead::new(204, [("Vary", "Origin")])
                })
            },
            &["origin-refused-by-preflight"],
        ),
        (
            "HEAD is not among the methods",
            plain(),
            |policy, exchange| {
                let response = answer(policy, exchange, |_| ()).0;
                Ok(if exchange.method == "HEAD" {
                    without(response, "access-control-allow-origin")
                } else {
                    response
                })
            },
            &["head-refused"],
        ),
        (
            "no CORS at all",
            plain(),
            |_, _| Ok(ResponseHead::new(200, [("Vary", "Origin")])),
            &["origin-refused", "method-refused", "request-header-refused", "forced-preflight-refused"],
        ),
        (
            "preflights go to a router that answers 405",
            plain(),
            |policy, exchange| {
                if exchange.kind == ExchangeKind::Preflight {
                    return Ok(ResponseHead::new(405, [("Allow", "GET")]));
                }
                Ok(answer(policy, exchange, |_| ()).0)
            },
            &["method-refused", "request-header-refused", "forced-preflight-refused"],
        ),
        (
            "any method and header is echoed",
            plain(),
            |policy, exchange| {
                let response = answer(policy, exchange, |_| ()).0;
                if exchange.kind != ExchangeKind::Preflight || origin(exchange) != APP {
                    return Ok(response);
                }
                let method = exchange.headers.text("access-control-request-method").unwrap_or_default();
                let names = exchange.headers.text("access-control-request-headers").unwrap_or_default();
                let response = with(response, "access-control-allow-methods", &method);
                Ok(with(response, "access-control-allow-headers", &names))
            },
            &["method-allowed", "request-header-allowed"],
        ),
        (
            "credentials are allowed",
            plain(),
            |policy, exchange| {
                let response = answer(policy, exchange, |_| ()).0;
                let is_allowed = response.headers.contains("access-control-allow-origin");
                Ok(if is_allowed {
                    with(response, "access-control-allow-credentials", "true")
                } else {
                    response
                })
            },
            &["credentials-allowed"],
        ),
        (
            "credentials are not allowed",
            with_credentials(),
            |policy, exchange| {
                Ok(without(answer(policy, exchange, |_| ()).0, "access-control-allow-credentials"))
            },
            &["credentials-refused"],
        ),
        (
            "Vary is missing",
            plain(),
            |policy, exchange| Ok(without(answer(policy, exchange, |_| ()).0, "vary")),
            &["vary-missing"],
        ),
        (
            "Vary is sent to those who are allowed",
            plain(),
            |policy, exchange| {
                let response = answer(policy, exchange, |_| ()).0;
                let is_allowed = response.headers.contains("access-control-allow-origin");
                Ok(if is_allowed { response } else { without(response, "vary") })
            },
            &["vary-missing"],
        ),
        (
            "two layers add the header",
            plain(),
            |policy, exchange| {
                let mut response = answer(policy, exchange, |_| ()).0;
                if let Some(value) = response.headers.text("access-control-allow-origin") {
                    response.headers.append("access-control-allow-origin", value);
                }
                Ok(response)
            },
            &["header-repeated"],
        ),
        (
            "the URL answers 404 without headers, and preflights are right",
            plain(),
            |policy, exchange| {
                if exchange.kind == ExchangeKind::Preflight {
                    return Ok(answer(policy, exchange, |_| ()).0);
                }
                Ok(ResponseHead::new(404, [("Vary", "Origin")]))
            },
            &["error-refused"],
        ),
        (
            "the same, and preflights are answered with the same status as others",
            plain(),
            |policy, exchange| {
                let mut response = answer(policy, exchange, |_| ()).0;
                if exchange.kind != ExchangeKind::Preflight {
                    response = ResponseHead::new(200, [("Vary", "Origin")]);
                }
                response.status = 200;
                Ok(response)
            },
            &["origin-refused"],
        ),
        (
            "the URL redirects to another",
            plain(),
            |_, _| {
                Ok(ResponseHead::new(301, [("Location", "https://api.example:8443/"), ("Vary", "Origin")]))
            },
            &["redirect-refused"],
        ),
        (
            "only other responses than preflights have no headers",
            plain(),
            |policy, exchange| {
                if exchange.kind == ExchangeKind::Preflight {
                    return Ok(answer(policy, exchange, |_| ()).0);
                }
                Ok(ResponseHead::new(200, [("Vary", "Origin")]))
            },
            &["origin-refused"],
        ),
        (
            "errors have no headers",
            plain(),
            |policy, exchange| {
                if exchange.url.path().contains("corsac-verify-") {
                    return Ok(ResponseHead::new(404, [("Vary", "Origin")]));
                }
                Ok(answer(policy, exchange, |_| ()).0)
            },
            &["error-without-headers"],
        ),
        (
            "strangers are told the methods",
            plain(),
            |policy, exchange| {
                let response = answer(policy, exchange, |_| ()).0;
                let is_preflight = exchange.kind == ExchangeKind::Preflight;
                Ok(if is_preflight {
                    with(response, "access-control-allow-methods", "PUT, GET")
                } else {
                    response
                })
            },
            &["refused-origin-told"],
        ),
        (
            "only the first line is read",
            plain(),
            |policy, exchange| {
                let mut asked = exchange.clone();
                let first = exchange.headers.all("access-control-request-headers").next().map(<[u8]>::to_vec);
                asked.headers.delete("access-control-request-headers");
                if let Some(first) = first {
                    asked.headers.append("access-control-request-headers", first);
                }
                Ok(answer(policy, &asked, |_| ()).0)
            },
            &[],
        ),
        (
            "empty items are refused",
            plain(),
            |policy, exchange| {
                let response = answer(policy, exchange, |_| ()).0;
                let asked = exchange.headers.text("access-control-request-headers").unwrap_or_default();
                let is_odd = asked.contains(",,") || asked.starts_with(',');
                Ok(if is_odd { without(response, "access-control-allow-headers") } else { response })
            },
            &["request-header-empty-items"],
        ),
        (
            "OPTIONS is always a preflight",
            plain(),
            |policy, exchange| {
                if exchange.method == "OPTIONS" && exchange.kind != ExchangeKind::Preflight {
                    return Ok(ResponseHead::new(
                        204,
                        [("Access-Control-Allow-Methods", "PUT"), ("Vary", "Origin")],
                    ));
                }
                Ok(answer(policy, exchange, |_| ()).0)
            },
            &["options-taken-for-preflight"],
        ),
        (
            "an application answers OPTIONS in chunks",
            plain(),
            |policy, exchange| {
                if exchange.method == "OPTIONS" && exchange.kind != ExchangeKind::Preflight {
                    let headers = [
                        ("Access-Control-Allow-Methods", "PUT"),
                        ("Vary", "Origin"),
                        ("Transfer-Encoding", "chunked"),
                    ];
                    return Ok(ResponseHead::new(200, headers));
                }
                Ok(answer(policy, exchange, |_| ()).0)
            },
            &[],
        ),
        (
            "upper case is the same",
            plain(),
            |policy, exchange| {
                Ok(allowing(policy, exchange, APP, origin(exchange).eq_ignore_ascii_case(APP)))
            },
            &["origin-case-ignored"],
        ),
        (
            // Found with Envoy's CORS filter, which never sends `*`.
            "every origin is allowed, and each is sent back",
            Policy::builder(["*"]).build().unwrap(),
            |policy, exchange| {
                let mut response = answer(policy, exchange, |_| ()).0;
                if exchange.headers.contains("origin") {
                    response.headers.delete("access-control-allow-origin");
                    response.headers.append("access-control-allow-origin", origin(exchange));
                }
                Ok(response)
            },
            &[],
        ),
        (
            "another max age",
            plain(),
            |policy, exchange| {
                let response = answer(policy, exchange, |_| ()).0;
                let has_age = response.headers.contains("access-control-max-age");
                Ok(if has_age { with(response, "access-control-max-age", "5") } else { response })
            },
            &["max-age-differs"],
        ),
        (
            "more is exposed",
            plain(),
            |policy, exchange| {
                let response = answer(policy, exchange, |_| ()).0;
                let is_exposed = response.headers.contains("access-control-expose-headers");
                Ok(if is_exposed {
                    with(response, "access-control-expose-headers", "ETag, X-Secret")
                } else {
                    response
                })
            },
            &["response-header-exposed"],
        ),
        (
            "nothing is exposed",
            plain(),
            |policy, exchange| {
                Ok(without(answer(policy, exchange, |_| ()).0, "access-control-expose-headers"))
            },
            &["response-header-not-exposed"],
        ),
        (
            "timing for all",
            plain(),
            |policy, exchange| Ok(with(answer(policy, exchange, |_| ()).0, "timing-allow-origin", "*")),
            &["timing-allowed"],
        ),
        (
            "no timing, no resource policy",
            one().timing(true).resource_policy(ResourcePolicy::SameSite).build().unwrap(),
            |policy, exchange| {
                let response = without(answer(policy, exchange, |_| ()).0, "timing-allow-origin");
                Ok(without(response, "cross-origin-resource-policy"))
            },
            &["timing-refused", "resource-policy-weaker"],
        ),
    ];
    let mut wrong = String::new();
    for (name, policy, server, expected) in table {
        let found = verify(&policy, SuiteOptions::default(), server);
        if found != expected.iter().copied().collect() {
            wrong += &format!("{name}: found {found:?}, and expected {expected:?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
