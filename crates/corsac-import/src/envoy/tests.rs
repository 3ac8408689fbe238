//! Configurations as people write them, and what Envoy answers with them.

use corsac_stacks::Target;
use proptest::prelude::*;

use super::read;
use crate::asking::testing::{self, ask};
use crate::recorded;
use crate::server::{Matching, Mentioned, Server};

#[test]
fn what_compile_writes_is_read_as_the_policy() {
    assert!(testing::holds_for_compiled(Target::Envoy, &[], read) > 3);
}

#[test]
fn answers_are_those_of_the_real_server() {
    assert!(recorded::replay("envoy", read) > 600);
}

fn server(text: &str) -> Box<dyn Server> {
    testing::read(text, read).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

const GET: &str = "GET / https://a.example";
const PREFLIGHT: &str = "OPTIONS / https://a.example PUT";

/// What is sent for `METHOD PATH [ORIGIN [REQUESTED-METHOD]]`: the status, and the lines with names that begin with `access-control-allow-` shortened.
fn sent(server: &dyn Server, request: &str) -> String {
    let words: Vec<&str> = request.split(' ').collect();
    let mut headers = Vec::new();
    if let Some(origin) = words.get(2) {
        headers.push(("Origin", *origin));
    }
    if let Some(method) = words.get(3) {
        headers.push(("Access-Control-Request-Method", *method));
    }
    let answer = ask(server, words[0], words[1], &headers, 200);
    let lines = answer.lines.iter().map(|line| {
        format!(
            " {}={}",
            line.name.replace("access-control-allow-", "").replace("access-control-", ""),
            line.value
        )
    });
    format!("{}{}", answer.status, lines.collect::<String>())
}

/// A name, a configuration, and what is expected.
type Row<E> = (&'static str, &'static str, &'static [E]);

#[test]
fn forms_of_real_configurations_answer_as_envoy_does() {
    let rows: &[Row<(&str, &str)>] = &[
        (
            "the field `cors` of version 2, at the virtual host",
            "name: local_service\ndomains: ['*']\ncors:\n  allow_origin: ['https://a.example', '*']\n  allow_methods: GET, PUT\n  allow_headers: x-a\n  max_age: '60'\n  expose_headers: x-e\n\
             routes:\n- match: {prefix: /}\n  route: {cluster: c}",
            &[
                (GET, "200 origin=https://a.example expose-headers=x-e"),
                ("GET / https://other.example", "200 origin=https://other.example expose-headers=x-e"),
                (
                    PREFLIGHT,
                    "200 origin=https://a.example expose-headers=x-e methods=GET, PUT headers=x-a max-age=60",
                ),
                ("GET /", "200"),
            ],
        ),
        (
            "a route turns the policy of its virtual host off",
            "routes:\n- match: {prefix: /off}\n  route: {cluster: c, cors: {enabled: false}}\n- match: {prefix: /}\n  route: {cluster: c}\n\
             domains: ['*']\ncors: {allow_origin_string_match: [{exact: 'https://a.example'}]}",
            &[("GET /off https://a.example", "200"), (GET, "200 origin=https://a.example")],
        ),
        (
            "JSON, with the names that it has there",
            r#"{"virtualHosts": [{"name": "v", "domains": ["server.example"], "routes": [{"match": {"safeRegex": {"regex": "/v[0-9]/.*"}}, "route": {"cluster": "c"},
                "typedPerFilterConfig": {"envoy.filters.http.cors": {"@type": "type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy",
                "allowOriginStringMatch": [{"safeRegex": {"regex": "https://[a-z]\\.example"}}], "allowCredentials": true}}}]}]}"#,
            &[
                ("GET /v1/x https://b.example", "200 origin=https://b.example credentials=true"),
                ("GET /v1/x https://b.example.com", "200"),
                ("GET /w https://b.example", "404"),
            ],
        ),
        (
            "a policy takes what it leaves out from the virtual host, and a percentage of zero is off",
            "domains: ['*']\ntyped_per_filter_config: {envoy.filters.http.cors: {allow_origin_string_match: [{suffix: .example}], allow_methods: '*', allow_credentials: true}}\n\
             routes:\n- match: {prefix: /own}\n  route: {cluster: c}\n  typed_per_filter_config: {envoy.filters.http.cors: {allow_credentials: false, forward_not_matching_preflights: false}}\n\
             - match: {prefix: /zero}\n  route: {cluster: c}\n  typed_per_filter_config: {envoy.filters.http.cors: {filter_enabled: {default_value: {numerator: 0}}}}\n\
             - match: {prefix: /}\n  route: {cluster: c}",
            &[
                ("OPTIONS /own https://a.example PUT", "200 origin=https://a.example methods=PUT"),
                ("OPTIONS /own https://a.test PUT", "200 methods=PUT"),
                ("OPTIONS / https://a.test PUT", "200"),
                ("GET /zero https://a.example", "200"),
                (GET, "200 origin=https://a.example credentials=true"),
            ],
        ),
        (
            "only routes, with conditions on headers",
            "- match: {prefix: /, headers: [{name: origin, exact_match: 'https://a.example'}, {name: ':method', string_match: {exact: OPTIONS}, invert_match: true}]}\n  direct_response: {status: 201}\n\
             - match: {path: /exact}\n  redirect: {host_redirect: b.example, https_redirect: true, response_code: FOUND}\n\
             - match: {path_separated_prefix: /api, case_sensitive: false}\n  direct_response: {status: 203}\n\
             - match: {prefix: /q, query_parameters: [{name: x}]}\n  direct_response: {status: 204}\n",
            &[
                (GET, "201"),
                (PREFLIGHT, "404"),
                ("GET /exact", "302 location=https://b.example/exact"),
                ("GET /API/x", "203"),
                ("GET /apis", "404"),
                ("GET /q", "404"),
            ],
        ),
        (
            "headers are added by the route, then by the virtual host, and empty ones are not",
            "virtual_hosts:\n- domains: ['*']\n  response_headers_to_remove: [x-powered-by]\n  response_headers_to_add:\n  - {header: {key: Access-Control-Allow-Origin, value: '%REQ(origin)%'}, append: false}\n  - {header: {key: Vary, value: Origin}}\n\
             \x20 routes:\n  - match: {prefix: /}\n    route: {cluster: c}\n    response_headers_to_add:\n    - {header: {key: access-control-allow-origin, value: '*'}}\n    - {header: {key: vary, value: Accept}}\n",
            &[
                (GET, "200 vary=Accept,Origin origin=https://a.example"),
                ("GET /", "200 origin=* vary=Accept,Origin"),
            ],
        ),
    ];
    for (name, text, requests) in rows {
        let server = server(text);
        for (request, expected) in *requests {
            assert_eq!(sent(&*server, request), *expected, "{name}: {request}");
        }
    }
}

const WITHOUT_FILTER: &str = "http_filters: [{name: envoy.filters.http.router}]\nroute_config:\n  virtual_hosts:\n  - domains: ['*']\n    typed_per_filter_config:\n      envoy.filters.http.cors:\n        allow_origin_string_match: [{exact: 'https://a.example'}]\n    routes: [{match: {prefix: /}, route: {cluster: c}}]";

#[test]
fn notes_are_at_what_nothing_reads() {
    let rows: &[Row<(usize, &str)>] = &[
        ("no filter", WITHOUT_FILTER, &[(7, "without-effect")]),
        (
            "a route that answers itself",
            "- match: {prefix: /}\n  direct_response: {status: 200}\n  typed_per_filter_config:\n    envoy.filters.http.cors:\n      allow_methods: GET",
            &[(5, "without-effect")],
        ),
        (
            "look-ahead",
            "- match: {prefix: /}\n  route:\n    cors:\n      allow_origin_regex:\n      - 'https://(?!evil).*'",
            &[(5, "line-not-read")],
        ),
    ];
    for (name, text, expected) in rows {
        let notes = server(text).notes();
        let found: Vec<(usize, &str)> = notes.iter().map(|note| (note.at.line, note.code)).collect();
        assert_eq!(found, *expected, "{name}");
    }
    assert_eq!(sent(&*server(WITHOUT_FILTER), GET), "200");
}

/// Codes of notes with their lines.
type Codes = &'static [(usize, &'static str)];

/// A connection manager with these filters, and with one virtual host that has this text.
fn manager(filters: &str, host: &str) -> String {
    format!(
        "http_filters: [{filters}]\nroute_config:\n  virtual_hosts:\n  - domains: ['*']\n    routes: [{{match: {{prefix: /}}, route: {{cluster: c}}}}]\n{host}"
    )
}

const CORS: &str = "{name: envoy.filters.http.cors, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors}}";
const JWT: &str = "{name: jwt, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication, rules: []";

/// A policy under this name, at the virtual host.
fn under(name: &str) -> String {
    format!(
        "    typed_per_filter_config:\n      {name}:\n        '@type': type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy\n        allow_origin_string_match: [{{exact: 'https://a.example'}}]"
    )
}

// What Envoy 1.40 does with each was measured.
#[test]
fn a_policy_is_found_by_the_name_of_the_filter() {
    let named = CORS.replace("name: envoy.filters.http.cors", "name: mine");
    let sent_and_dead: (&str, Codes) = ("200", &[(8, "without-effect")]);
    let rows: &[(&str, String, (&str, Codes))] = &[
        (
            "the usual name",
            manager(CORS, &under("envoy.filters.http.cors")),
            ("200 origin=https://a.example", &[]),
        ),
        ("another name for both", manager(&named, &under("mine")), ("200 origin=https://a.example", &[])),
        ("a short name", manager(CORS, &under("cors")), sent_and_dead),
        ("another name for the filter", manager(&named, &under("envoy.filters.http.cors")), sent_and_dead),
        (
            "the field `cors` needs no name",
            manager(&named, "    cors: {allow_origin_string_match: [{exact: 'https://a.example'}]}"),
            ("200 origin=https://a.example", &[]),
        ),
        (
            "a policy beside the field `cors`",
            manager(
                CORS,
                &format!(
                    "    cors:\n      allow_origin_string_match: [{{exact: 'https://b.example'}}]\n{}",
                    under("envoy.filters.http.cors")
                ),
            ),
            ("200 origin=https://a.example", &[(7, "without-effect")]),
        ),
        (
            "the field `cors` of a route, beside a policy of the virtual host",
            manager(CORS, &under("envoy.filters.http.cors")).replace(
                "{cluster: c}",
                "{cluster: c, cors: {allow_origin_string_match: [{exact: 'https://b.example'}]}}",
            ),
            ("200 origin=https://a.example", &[(5, "without-effect")]),
        ),
    ];
    for (name, text, (expected, notes)) in rows {
        let server = server(text);
        assert_eq!(sent(&*server, GET), *expected, "{name}");
        let found: Vec<(usize, &str)> = server.notes().iter().map(|note| (note.at.line, note.code)).collect();
        assert_eq!(found, *notes, "{name}");
    }
}

#[test]
fn a_policy_that_nothing_reads_is_told_each_name_that_is_read() {
    let named = |name: &str| CORS.replace("name: envoy.filters.http.cors", &format!("name: {name}"));
    let rows = [
        ("two names", format!("{}, {}", named("a"), named("b")), "Write `a` or `b` instead of `c`."),
        ("one without a name", format!("{}, {}", named("''"), named("b")), "Write `b` instead of `c`."),
        ("no name", named("''"), "Give the CORS filter the name `c`."),
    ];
    for (name, filters, expected) in rows {
        let notes = server(&manager(&filters, &under("c"))).notes();
        let found: Vec<_> = notes.iter().map(|note| note.instead.as_str()).collect();
        assert_eq!(found, [expected], "{name}");
    }
}

#[test]
fn what_envoy_does_not_read_is_noted_where_it_stands() {
    let policy = under("envoy.filters.http.cors");
    let route = |more: &str| format!("- match: {{prefix: /}}\n  route: {{cluster: c}}\n{more}");
    let rows: &[(&str, String, Codes)] = &[
        (
            "a policy among the filters",
            manager(&CORS.replace("v3.Cors}", "v3.CorsPolicy, allow_methods: GET}"), ""),
            &[(1, "without-effect")],
        ),
        ("`cors` beside `route`", route("  cors: {allow_methods: GET}"), &[(3, "without-effect")]),
        ("a header of the request", route("  request_headers_to_add: [{header: {key: Access-Control-Allow-Origin, value: '*'}}]"), &[(3, "without-effect")]),
        (
            "a wildcard in a prefix",
            "- match: {prefix: /}\n  route:\n    cors:\n      allow_origin_string_match:\n      - prefix: https://*.example.com".to_owned(),
            &[(5, "origin-never-matches")],
        ),
        ("tokens before the filter", manager(&format!("{JWT}}}}}, {CORS}"), &policy), &[(1, "preflight-refused")]),
        ("tokens that preflights do not need", manager(&format!("{JWT}, bypass_cors_preflight: true}}}}, {CORS}"), &policy), &[]),
        ("tokens after the filter", manager(&format!("{CORS}, {JWT}}}}}"), &policy), &[]),
        (
            "half of the requests",
            manager(CORS, &format!("{policy}\n        filter_enabled: {{default_value: {{numerator: 50}}}}")),
            &[(10, "line-not-read")],
        ),
        (
            "a query",
            "- match: {prefix: /, query_parameters: [{name: x}]}\n  route: {cluster: c, cors: {allow_origin: ['*']}}".to_owned(),
            &[(1, "line-not-read")],
        ),
        (
            "a header of the page's own",
            "- match: {prefix: /, headers: [{name: x-a, exact_match: b}]}\n  route: {cluster: c, cors: {allow_origin: ['*']}}".to_owned(),
            &[(1, "line-not-read")],
        ),
    ];
    for (name, text, expected) in rows {
        let notes = server(text).notes();
        let found: Vec<(usize, &str)> = notes.iter().map(|note| (note.at.line, note.code)).collect();
        assert_eq!(found, *expected, "{name}");
    }
}

#[test]
fn a_prefix_that_is_a_star_allows_every_origin_and_names_none() {
    let server = server(
        "routes: [{match: {prefix: /}, route: {cluster: c}}]\ndomains: ['*.a.example']\ncors: {allow_origin_string_match: [{prefix: '*'}]}",
    );
    assert_eq!(server.mentions(), []);
    let place = server.places().remove(0);
    assert_eq!(server.written_host(&place), Some("*.a.example"));
}

#[test]
fn origins_are_found_wherever_they_are_compared() {
    let text = "- match:\n    prefix: /\n    headers:\n    - name: Origin\n      string_match: {exact: 'https://a.example', ignore_case: true}\n  route:\n    cors:\n      allow_origin_string_match:\n      - prefix: https://b\n      - exact: '*'\n\
                \x20     - safe_regex: {regex: 'https://c'}\n  response_headers_to_add:\n  - header:\n      key: access-control-allow-origin\n      value: https://d.example";
    let found: Vec<(usize, Mentioned)> =
        server(text).mentions().into_iter().map(|mention| (mention.at.line, mention.what)).collect();
    let text = |text: &str, ignores_case| Mentioned::Text { text: text.to_owned(), ignores_case };
    let prefix = Mentioned::Pattern {
        pattern: "https://b".to_owned(),
        expression: "^https://b".to_owned(),
        matching: Matching::Search,
        ignores_case: false,
    };
    let expression = |expression: &str, matching| Mentioned::Expression {
        expression: expression.to_owned(),
        matching,
        ignores_case: false,
    };
    let expected = [
        (5, text("https://a.example", true)),
        (9, prefix),
        (11, expression("https://c", Matching::Whole)),
        (15, text("https://d.example", false)),
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_has_no_routes_is_an_error_with_its_line() {
    for (name, text, line) in [
        ("something else", "apiVersion: v1\nkind: ConfigMap\n", 1),
        ("no YAML", "a: [1\nb: }", 2),
        ("nothing", "", 1),
    ] {
        let Err(error) = testing::read(text, read) else { panic!("{name} is read") };
        assert_eq!(error.line, line, "{name}: {error}");
    }
}

/// Parts of configurations, for texts that get far into the reader.
fn parts() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "domains: ['*']",
        "domains: ['*.a.example', 'b.*']",
        "routes:",
        "- match: {prefix: /}",
        "- match: {safe_regex: {regex: '/é(.*)'}}",
        "  route: {cluster: c}",
        "  direct_response: {status: 99999}",
        "  redirect: {prefix_rewrite: ''}",
        "  response_headers_to_add: [{header: {key: vary, value: '%REQ(origin'}}]",
        "  typed_per_filter_config: {envoy.filters.http.cors: {allow_origin: [a, {b: c}]}}",
        "cors: {allow_origin_regex: ['(a|b', '.*']}",
        "virtual_hosts:",
        "http_filters: []",
        "  name: é",
        "&a",
        "*a",
        "{",
        "}",
        "[",
        "]",
        "match:",
    ]);
    prop::collection::vec(known, 0..20).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_makes_it_panic(text in prop_oneof![parts(), "\\PC{0,200}"], method in "GET|OPTIONS", path in "/[a-z/%?.é]{0,12}", origin in "\\PC{0,30}") {
        if let Ok(server) = testing::read(&text, read) {
            let _ = (server.mentions(), server.notes());
            for place in server.places() {
                prop_assert!(place.path.starts_with('/'));
            }
            let _ = ask(&*server, &method, &path, &[("Origin", &origin), ("Access-Control-Request-Method", "PUT")], 200);
        }
    }
}
