use super::*;

/// Checks a rule over names: those listed match in any case, and similar ones do not.
fn holds_for_exactly(rule: impl Fn(&str) -> bool, names: &[&str], others: &[&str]) {
    for name in names {
        assert!(rule(name), "{name}");
        assert!(rule(&name.to_ascii_uppercase()), "{name} in upper case");
        assert!(!rule(&format!("{name}s")), "{name}s");
        assert!(!rule(&format!(" {name}")), "{name} after a space");
    }
    for name in others.iter().chain(&["", "x-other"]) {
        assert!(!rule(name), "{name}");
    }
}

#[test]
fn only_authorization_escapes_the_wildcard() {
    holds_for_exactly(
        is_non_wildcard_request_header_name,
        &["authorization"],
        &["cookie", "proxy-authorization"],
    );
}

#[test]
fn four_names_survive_no_cors_mode() {
    let names = ["accept", "accept-language", "content-language", "content-type"];
    holds_for_exactly(is_no_cors_safelisted_name, &names, &["range", "content-length"]);
}

#[test]
fn in_no_cors_mode_the_value_counts_as_well() {
    let cases = [
        ("Accept", "*/*", true),
        ("Accept", "(", false),
        ("Content-Type", "text/plain", true),
        ("Content-Type", "application/json", false),
        ("Range", "bytes=0-1", false),
        ("X-A", "1", false),
    ];
    for (name, value, safelisted) in cases {
        assert_eq!(is_no_cors_safelisted(name, value.as_bytes()), safelisted, "{name}: {value}");
    }
    assert!(!is_no_cors_safelisted("Accept", "a".repeat(129).as_bytes()));
}

#[test]
fn script_never_sets_forbidden_request_headers() {
    let names = [
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    ];
    let others = [
        "accept",
        "authorization",
        "access-control-allow-origin",
        "access-control-request-private-network",
        "user-agent",
        "proxy",
        "sec",
        "x-sec-",
        "security",
        "set-cookie2",
        "content-type",
        "range",
    ];
    holds_for_exactly(|name| is_forbidden_request_header(name, b""), &names, &others);
    for name in ["proxy-", "Proxy-Authorization", "sec-", "SEC-Fetch-Mode", "Sec-ü", "proxy-x"] {
        assert!(is_forbidden_request_header(name, b""), "{name}");
    }
    assert!(!is_forbidden_request_header("ſec-x", b""), "the long s is no s");
}

#[test]
fn a_method_override_is_forbidden_when_it_names_a_forbidden_method() {
    for name in ["X-HTTP-Method", "x-http-method-override", "X-METHOD-OVERRIDE"] {
        let cases = [
            ("TRACE", true),
            ("track", true),
            ("Connect", true),
            ("GET,TRACE", true),
            ("GET, \t trace , PUT", true),
            (",CONNECT", true),
            ("GET", false),
            ("", false),
            ("TRACES", false),
            ("\"TRACE\"", false),
            ("\"GET, TRACE\"", false),
            ("\"GET\", TRACE", true),
            ("TRACE;", false),
        ];
        for (value, forbidden) in cases {
            assert_eq!(is_forbidden_request_header(name, value.as_bytes()), forbidden, "{name}: {value}");
        }
    }
    assert!(!is_forbidden_request_header("X-HTTP-Method-Overrides", b"TRACE"));
}

#[test]
fn script_never_reads_forbidden_response_headers() {
    holds_for_exactly(is_forbidden_response_header_name, &["set-cookie", "set-cookie2"], &["cookie", "etag"]);
}

#[test]
fn a_redirect_to_get_drops_the_headers_of_the_body() {
    let names = ["content-encoding", "content-language", "content-location", "content-type"];
    assert_eq!(REQUEST_BODY_HEADER_NAMES, names);
    holds_for_exactly(is_request_body_header_name, &names, &["content-length", "content-disposition"]);
}

#[test]
fn seven_response_headers_are_always_readable() {
    let names = [
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    ];
    holds_for_exactly(
        is_safelisted_response_header_name,
        &names,
        &["etag", "set-cookie", "date", "content-encoding"],
    );
}
