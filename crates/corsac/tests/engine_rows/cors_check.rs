//! The CORS check, wildcards and credentials: where all engines agree with the standard, and the two points where they differ.

use corsac::browser::{Engine, ExchangeKind, Outcome, Rule, RuleResult};

use crate::pair::{PAGE, Pair, Written, Wrong, reflect, request, respond, verdict};
use crate::{all, each};

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";
const API: &str = "https://api.example/";

#[derive(Clone, Copy, Debug, PartialEq)]
enum With {
    NoCredentials,
    Credentials,
}
use With::{Credentials, NoCredentials};

#[test]
fn the_cors_check_compares_bytes() {
    const OK: &str = "readable";
    const MISSING: &str = "blocked: allow-origin-missing";
    const MISMATCH: &str = "blocked: allow-origin-mismatch";
    const MULTIPLE: &str = "blocked: allow-origin-multiple";
    const INVALID: &str = "blocked: allow-origin-invalid";
    const WILDCARD: &str = "blocked: credentials-wildcard";
    const NOT_TRUE: &str = "blocked: allow-credentials-not-true";
    type Row = (&'static str, With, &'static [(&'static str, &'static str)], &'static str);
    #[rustfmt::skip] // a table
    let rows: &[Row] = &[
        ("no header", NoCredentials, &[], MISSING),
        ("`*`", NoCredentials, &[(ALLOW_ORIGIN, "*")], OK),
        ("the origin", NoCredentials, &[(ALLOW_ORIGIN, PAGE)], OK),
        ("another origin", NoCredentials, &[(ALLOW_ORIGIN, "https://other.example")], MISMATCH),
        ("another scheme", NoCredentials, &[(ALLOW_ORIGIN, "http://app.example")], MISMATCH),
        ("another port", NoCredentials, &[(ALLOW_ORIGIN, "https://app.example:8443")], MISMATCH),
        ("the default port", NoCredentials, &[(ALLOW_ORIGIN, "https://app.example:443")], MISMATCH),
        ("a trailing slash", NoCredentials, &[(ALLOW_ORIGIN, "https://app.example/")], MISMATCH),
        ("the scheme in upper case", NoCredentials, &[(ALLOW_ORIGIN, "HTTPS://app.example")], MISMATCH),
        ("the host in upper case", NoCredentials, &[(ALLOW_ORIGIN, "https://App.Example")], MISMATCH),
        ("null", NoCredentials, &[(ALLOW_ORIGIN, "null")], MISMATCH),
        ("NULL", NoCredentials, &[(ALLOW_ORIGIN, "NULL")], INVALID),
        ("no scheme", NoCredentials, &[(ALLOW_ORIGIN, "app.example")], INVALID),
        ("an empty value", NoCredentials, &[(ALLOW_ORIGIN, "")], INVALID),
        ("a pattern", NoCredentials, &[(ALLOW_ORIGIN, "https://*.example")], MISMATCH),
        ("the origin twice in one line", NoCredentials, &[(ALLOW_ORIGIN, "https://app.example, https://app.example")], MULTIPLE),
        ("the origin on two lines", NoCredentials, &[(ALLOW_ORIGIN, PAGE), (ALLOW_ORIGIN, PAGE)], MULTIPLE),
        ("the origin and another on two lines", NoCredentials, &[(ALLOW_ORIGIN, PAGE), (ALLOW_ORIGIN, "https://other.example")], MULTIPLE),
        ("two origins with a space", NoCredentials, &[(ALLOW_ORIGIN, "https://app.example https://other.example")], MULTIPLE),
        ("`*, *`", NoCredentials, &[(ALLOW_ORIGIN, "*, *")], MULTIPLE),
        ("`*` on two lines", NoCredentials, &[(ALLOW_ORIGIN, "*"), (ALLOW_ORIGIN, "*")], MULTIPLE),
        ("the origin, and credentials are not allowed", NoCredentials, &[(ALLOW_ORIGIN, PAGE), (ALLOW_CREDENTIALS, "false")], OK),
        ("credentials: `*`", Credentials, &[(ALLOW_ORIGIN, "*"), (ALLOW_CREDENTIALS, "true")], WILDCARD),
        ("credentials: true", Credentials, &[(ALLOW_ORIGIN, PAGE), (ALLOW_CREDENTIALS, "true")], OK),
        ("credentials: no header", Credentials, &[(ALLOW_ORIGIN, PAGE)], NOT_TRUE),
        ("credentials: True", Credentials, &[(ALLOW_ORIGIN, PAGE), (ALLOW_CREDENTIALS, "True")], NOT_TRUE),
        ("credentials: TRUE", Credentials, &[(ALLOW_ORIGIN, PAGE), (ALLOW_CREDENTIALS, "TRUE")], NOT_TRUE),
        ("credentials: true, true", Credentials, &[(ALLOW_ORIGIN, PAGE), (ALLOW_CREDENTIALS, "true, true")], NOT_TRUE),
        ("credentials: true on two lines", Credentials, &[(ALLOW_ORIGIN, PAGE), (ALLOW_CREDENTIALS, "true"), (ALLOW_CREDENTIALS, "true")], NOT_TRUE),
        ("credentials: 1", Credentials, &[(ALLOW_ORIGIN, PAGE), (ALLOW_CREDENTIALS, "1")], NOT_TRUE),
        ("credentials: `*`", Credentials, &[(ALLOW_ORIGIN, PAGE), (ALLOW_CREDENTIALS, "*")], NOT_TRUE),
        ("credentials: another origin", Credentials, &[(ALLOW_ORIGIN, "https://other.example"), (ALLOW_CREDENTIALS, "true")], MISMATCH),
    ];
    let mut wrong = Wrong::default();
    for (row, with, lines, expected) in rows {
        for (engine, expected) in each(&all(*expected)) {
            let written = |method| match with {
                NoCredentials => request(method, API),
                Credentials => request(method, API).include(),
            };
            let mut pair = Pair::new(engine, |_| respond(200, lines));
            wrong.compare(row, engine, verdict(&pair.fetch(written("GET"))).as_str(), expected);
            // The same check decides about the response to a preflight.
            let mut pair = Pair::new(engine, |exchange| match exchange.kind {
                ExchangeKind::Preflight => {
                    let mut response = respond(200, lines);
                    response.headers.append("Access-Control-Allow-Methods", "PUT");
                    response
                }
                _ => reflect(exchange),
            });
            wrong.compare(
                &format!("{row}, preflight"),
                engine,
                verdict(&pair.fetch(written("PUT"))).as_str(),
                expected,
            );
        }
    }
}

#[test]
fn null_is_an_origin_like_others_to_a_sandboxed_frame() {
    for engine in Engine::ALL {
        let lines = [(ALLOW_ORIGIN, "null"), (ALLOW_CREDENTIALS, "true")];
        let mut pair = Pair::new(engine, |_| respond(200, &lines));
        let sandboxed = request("GET", API).in_page("null");
        assert_eq!(verdict(&pair.fetch(sandboxed.clone())), "readable", "{engine:?}");
        assert_eq!(verdict(&pair.fetch(sandboxed.include())), "readable", "{engine:?}");
        assert_eq!(pair.wire()[0], "GET https://api.example/ from null", "{engine:?}");
    }
}

#[test]
fn a_wildcard_is_a_name_like_others_when_there_are_credentials() {
    let all_wildcards = [
        ("Access-Control-Allow-Methods", "*"),
        ("Access-Control-Allow-Headers", "*"),
        (ALLOW_CREDENTIALS, "true"),
    ];
    let rows = [
        ("method", request("PUT", API), "readable", "blocked: method-not-allowed"),
        ("header", request("GET", API).header("x-a", "1"), "readable", "blocked: header-not-allowed"),
        ("a method called `*`", request("*", API), "readable", "readable"),
        ("a header called `*`", request("GET", API).header("*", "1"), "readable", "readable"),
    ];
    let mut wrong = Wrong::default();
    for (row, written, without, with) in rows {
        for engine in Engine::ALL {
            let server = |exchange: &corsac::browser::Exchange| {
                let mut response = respond(200, &all_wildcards);
                response.headers.append(ALLOW_ORIGIN, exchange.headers.text("origin").unwrap());
                response
            };
            let mut pair = Pair::new(engine, server);
            wrong.compare(row, engine, verdict(&pair.fetch(written.clone())).as_str(), without);
            let mut pair = Pair::new(engine, server);
            wrong.compare(
                &format!("{row}, credentials"),
                engine,
                verdict(&pair.fetch(written.clone().include())).as_str(),
                with,
            );
        }
    }
}

#[test]
fn a_wildcard_covers_authorization_in_all_engines_and_not_in_the_standard() {
    let rows: &[(&str, &[&str], With, [&str; 4])] = &[
        (
            "`*`",
            &["*"],
            NoCredentials,
            ["blocked: authorization-wildcard", "readable", "readable", "readable"],
        ),
        ("listed", &["authorization"], NoCredentials, all("readable")),
        ("listed beside `*`", &["*, AUTHORIZATION"], NoCredentials, all("readable")),
        ("listed on another line", &["*", "Authorization"], NoCredentials, all("readable")),
        ("something else", &["x-a"], NoCredentials, all("blocked: header-not-allowed")),
        ("credentials: `*`", &["*"], Credentials, all("blocked: header-not-allowed")),
        ("credentials: listed", &["authorization"], Credentials, all("readable")),
    ];
    let mut wrong = Wrong::default();
    for (row, lines, with, expected) in rows {
        for (engine, expected) in each(expected) {
            let mut pair = Pair::new(engine, |exchange| {
                let mut response = reflect(exchange);
                response.headers.delete("access-control-allow-headers");
                for line in *lines {
                    response.headers.append("Access-Control-Allow-Headers", *line);
                }
                response
            });
            let mut get = request("GET", API).header("Authorization", "Bearer x");
            if *with == Credentials {
                get = get.include();
            }
            wrong.compare(row, engine, verdict(&pair.fetch(get)).as_str(), expected);
        }
    }
}

#[test]
fn access_control_expose_headers_says_what_script_can_read() {
    const DEFAULTS: &str =
        "cache-control content-language content-length content-type expires last-modified pragma";
    let rows: &[(&str, &[&str], With, &str)] = &[
        ("no header", &[], NoCredentials, ""),
        ("one name", &["x-a"], NoCredentials, "x-a"),
        ("in another case", &["X-A"], NoCredentials, "x-a"),
        ("several lines", &["x-a", "x-b"], NoCredentials, "x-a x-b"),
        ("empty items", &[",x-a, ,", ""], NoCredentials, "x-a"),
        ("one bad item", &["x-a, (bad)"], NoCredentials, ""),
        ("one bad item on another line", &["x-a", "x b"], NoCredentials, ""),
        (
            "`*`",
            &["*"],
            NoCredentials,
            "* access-control-allow-credentials access-control-allow-origin access-control-expose-headers x-a x-b",
        ),
        ("`*` beside a bad item", &["*, @"], NoCredentials, ""),
        ("Set-Cookie", &["set-cookie, set-cookie2, x-a"], NoCredentials, "x-a"),
        ("credentials: `*` is a name", &["*"], Credentials, "*"),
        ("credentials: names", &["x-a, *"], Credentials, "* x-a"),
    ];
    let mut wrong = Wrong::default();
    for (row, lines, with, exposed) in rows {
        for engine in Engine::ALL {
            let mut pair = Pair::new(engine, |_| {
                let mut response = respond(
                    200,
                    &[
                        (ALLOW_ORIGIN, PAGE),
                        (ALLOW_CREDENTIALS, "true"),
                        ("Set-Cookie", "a"),
                        ("Set-Cookie2", "a"),
                    ],
                );
                for name in DEFAULTS.split(' ').chain(["X-A", "x-b", "*"]) {
                    response.headers.append(name, "1");
                }
                for line in *lines {
                    response.headers.append("Access-Control-Expose-Headers", *line);
                }
                response
            });
            let mut get = request("GET", API);
            if *with == Credentials {
                get = get.include();
            }
            let Outcome::Readable(response) = pair.fetch(get) else { panic!("{row}") };
            let mut names: Vec<String> =
                response.headers.iter().map(|line| line.name.to_ascii_lowercase()).collect();
            names.sort();
            names.dedup();
            let mut expected: Vec<&str> = DEFAULTS.split(' ').chain(exposed.split_whitespace()).collect();
            expected.sort_unstable();
            wrong.compare(row, engine, names.join(" "), expected.join(" "));
        }
    }
}

#[test]
fn a_401_with_credentials_asks_for_a_password_in_two_engines() {
    for (engine, asks) in each(&[false, true, true, false]) {
        let mut pair = Pair::new(engine, |exchange| {
            let mut response = reflect(exchange);
            response.status = 401;
            response.headers.append("WWW-Authenticate", "Basic realm=\"a\"");
            response
        });
        let (outcome, trace) = pair.fetch_with_trace(request("GET", API).include());
        assert_eq!(verdict(&outcome), "readable", "{engine:?}");
        let noted = trace.entries().iter().any(|entry| {
            entry.rule == Rule::EngineDifference
                && entry.result == RuleResult::Note
                && entry.evidence.contains("password")
        });
        assert_eq!(noted, asks, "{engine:?}");
    }
}
