//! Methods, headers, `max-age`, `resource-policy` and `acknowledge`.

use corsac::server::{PolicyConfig, ResourcePolicy};

use super::{found, with};
use crate::strings;

#[test]
fn methods_headers_and_max_age_are_checked() {
    type Change = fn(&mut PolicyConfig);
    let cases: &[(&str, Change, &[&str])] = &[
        ("lower case", |c| c.methods = strings(&["put"]), &["method-lower-case at methods[0] -> PUT"]),
        ("patch", |c| c.methods = strings(&["PUT", "patch"]), &["method-lower-case at methods[1] -> PATCH"]),
        ("an unregistered method", |c| c.methods = strings(&["Chicken"]), &["method-unusual at methods[0]"]),
        (
            "forbidden",
            |c| c.methods = strings(&["TRACE", "connect"]),
            &["method-forbidden at methods[0]", "method-forbidden at methods[1]"],
        ),
        (
            "a list in a string",
            |c| c.methods = strings(&["PUT, DELETE"]),
            &["method-several-values at methods[0] -> \"PUT\", \"DELETE\""],
        ),
        (
            "a list in a string, with methods that need no entry",
            |c| c.methods = strings(&["GET, put, OPTIONS, DELETE"]),
            &["method-several-values at methods[0] -> \"PUT\", \"DELETE\""],
        ),
        (
            "a list in a string, of methods that need no entry",
            |c| c.methods = strings(&["GET,HEAD,post,options"]),
            &["method-several-values at methods[0]"],
        ),
        (
            "a list of control characters",
            |c| c.methods = strings(&["\0 \0"]),
            &["method-several-values at methods[0]"],
        ),
        ("blank", |c| c.methods = strings(&[" PUT"]), &["method-invalid at methods[0] -> PUT"]),
        ("empty", |c| c.methods = strings(&[""]), &["method-invalid at methods[0]"]),
        ("mixed", |c| c.methods = strings(&["*", "PUT"]), &["method-any-mixed at methods[0]"]),
        ("twice", |c| c.methods = strings(&["PUT", "PUT"]), &["method-redundant at methods[1]"]),
        (
            "safelisted",
            |c| c.methods = strings(&["GET", "HEAD", "PUT", "POST"]),
            &[
                "method-redundant at methods[0]",
                "method-redundant at methods[1]",
                "method-redundant at methods[3]",
            ],
        ),
        ("safelisted in lower case", |c| c.methods = strings(&["get"]), &["method-lower-case at methods[0]"]),
        ("options", |c| c.methods = strings(&["OPTIONS", "PUT"]), &["method-options at methods[0]"]),
        (
            "options, acknowledged",
            |c| {
                c.methods = strings(&["OPTIONS"]);
                c.acknowledge = strings(&["method-options"]);
            },
            &[],
        ),
        ("any", |c| c.methods = strings(&["*"]), &[]),
        (
            "cookie",
            |c| c.request_headers = strings(&["Cookie"]),
            &["request-header-cookie at request-headers[0]"],
        ),
        (
            "origin",
            |c| c.request_headers = strings(&["Origin"]),
            &["request-header-forbidden at request-headers[0]"],
        ),
        (
            "sec-",
            |c| c.request_headers = strings(&["sec-*"]),
            &["request-header-forbidden at request-headers[0]"],
        ),
        (
            "response header",
            |c| c.request_headers = strings(&["Access-Control-Allow-Origin"]),
            &["request-header-is-response-header at request-headers[0]"],
        ),
        (
            "colon",
            |c| c.request_headers = strings(&["X-A:"]),
            &["request-header-invalid at request-headers[0] -> X-A"],
        ),
        (
            "list",
            |c| c.request_headers = strings(&["X-A,X-B"]),
            &["request-header-several-values at request-headers[0] -> \"X-A\", \"X-B\""],
        ),
        (
            "prefix without dash",
            |c| c.request_headers = strings(&["x-acme*"]),
            &["request-header-wildcard-misplaced at request-headers[0] -> x-acme-*"],
        ),
        (
            "suffix",
            |c| c.request_headers = strings(&["*-id"]),
            &["request-header-wildcard-misplaced at request-headers[0]"],
        ),
        (
            "in the middle",
            |c| c.request_headers = strings(&["x-*-id"]),
            &["request-header-wildcard-misplaced at request-headers[0]"],
        ),
        (
            "mixed",
            |c| c.request_headers = strings(&["*", "X-A"]),
            &["request-header-any-mixed at request-headers[1]"],
        ),
        ("authorization is no mix", |c| c.request_headers = strings(&["*", "Authorization"]), &[]),
        (
            "twice",
            |c| c.request_headers = strings(&["X-A", "x-a"]),
            &["request-header-redundant at request-headers[1]"],
        ),
        (
            "covered",
            |c| c.request_headers = strings(&["x-acme-a", "X-Acme-*"]),
            &["request-header-redundant at request-headers[0]"],
        ),
        ("prefix", |c| c.request_headers = strings(&["x-acme-*"]), &[]),
        (
            "set-cookie",
            |c| c.expose_headers = strings(&["Set-Cookie"]),
            &["expose-header-forbidden at expose-headers[0]"],
        ),
        (
            "request header",
            |c| c.expose_headers = strings(&["Origin"]),
            &["expose-header-is-request-header at expose-headers[0]"],
        ),
        ("a fresh token", |c| c.expose_headers = strings(&["Authorization"]), &[]),
        (
            "of preflights",
            |c| c.expose_headers = strings(&["Access-Control-Allow-Methods", "access-control-max-age"]),
            &[
                "expose-header-preflight-only at expose-headers[0]",
                "expose-header-preflight-only at expose-headers[1]",
            ],
        ),
        (
            "readable anyway",
            |c| c.expose_headers = strings(&["Content-Type"]),
            &["expose-header-redundant at expose-headers[0]"],
        ),
        (
            "mixed",
            |c| c.expose_headers = strings(&["ETag", "*"]),
            &["expose-header-any-mixed at expose-headers[1]"],
        ),
        (
            "pattern",
            |c| c.expose_headers = strings(&["x-*"]),
            &["expose-header-invalid at expose-headers[0]"],
        ),
        (
            "list",
            |c| c.expose_headers = strings(&["ETag, Link"]),
            &["expose-header-several-values at expose-headers[0] -> \"ETag\", \"Link\""],
        ),
        (
            "blank",
            |c| c.expose_headers = strings(&["ETag "]),
            &["expose-header-invalid at expose-headers[0] -> ETag"],
        ),
        ("not a length", |c| c.max_age = Some("ten minutes".to_owned()), &["max-age-invalid at max-age"]),
        ("negative", |c| c.max_age = Some("-1".to_owned()), &["max-age-invalid at max-age -> 0s"]),
        ("a week", |c| c.max_age = Some("7d".to_owned()), &["max-age-out-of-range at max-age -> 2h"]),
        (
            "huge",
            |c| c.max_age = Some("99999999999999999999999".to_owned()),
            &["max-age-out-of-range at max-age -> 2h"],
        ),
        ("over Chromium's", |c| c.max_age = Some("3h".to_owned()), &["max-age-over-cap at max-age -> 2h"]),
        ("off", |c| c.max_age = Some("0".to_owned()), &[]),
        (
            "for every origin, and for no other",
            |c| {
                c.origins = strings(&["*"]);
                c.resource_policy = Some(ResourcePolicy::SameOrigin);
            },
            &["resource-policy-any-origin at resource-policy -> cross-origin"],
        ),
        (
            "for everybody, within one site",
            |c| {
                c.origins = strings(&["*"]);
                c.resource_policy = Some(ResourcePolicy::SameSite);
            },
            &[],
        ),
        ("for listed origins", |c| c.resource_policy = Some(ResourcePolicy::SameOrigin), &[]),
        (
            "unknown acknowledgement",
            |c| c.acknowledge = strings(&["nonsense"]),
            &["acknowledge-unknown at acknowledge[0]"],
        ),
        (
            "not to be acknowledged",
            |c| c.acknowledge = strings(&["origin-path"]),
            &["acknowledge-unknown at acknowledge[0]"],
        ),
        (
            "nothing to acknowledge",
            |c| c.acknowledge = strings(&["origin-insecure"]),
            &["acknowledge-unused at acknowledge[0]"],
        ),
    ];
    for (name, change, expected) in cases {
        assert_eq!(found(&with(change)), *expected, "{name}");
    }
}
