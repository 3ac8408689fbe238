//! What Spring Boot and Spring Cloud Gateway make of properties, as a running gateway does (4.2.1 and 4.3.0).

use crate::filter::tests::{asked, server};
use crate::note::NoteKind;
use crate::server::Server;
use crate::{Kind, Source, import, no_includes};

/// Properties of the gateway in YAML, below `spring.cloud.gateway`.
fn gateway(lines: &[&str]) -> Box<dyn Server> {
    server(Kind::Spring, &yaml(lines))
}

fn yaml(lines: &[&str]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| format!("      {line}\n")).collect();
    format!("spring:\n  cloud:\n    gateway:\n{}", lines.concat())
}

/// The same for `globalcors.cors-configurations`.
fn global(lines: &[&str]) -> Vec<String> {
    let mut all = vec!["globalcors:".to_owned(), "  cors-configurations:".to_owned()];
    all.extend(lines.iter().map(|line| format!("    {line}")));
    all
}

fn with(lines: &[&str], more: &[&str]) -> Box<dyn Server> {
    let lines = global(lines);
    let all: Vec<&str> = lines.iter().map(String::as_str).chain(more.iter().copied()).collect();
    gateway(&all)
}

fn codes(server: &dyn Server) -> Vec<(usize, &'static str)> {
    server.notes().iter().map(|note| (note.at.line, note.code)).collect()
}

/// The status of an answer, and the origin that it allows.
fn brief(server: &dyn Server, request: &str) -> String {
    let answer = asked(server, request);
    let origin = answer.split("allow-origin: ").nth(1).and_then(|rest| rest.split(';').next());
    format!("{} {}", answer.split(' ').next().unwrap_or_default(), origin.unwrap_or("-"))
}

const ANY: &str = "'[/**]': {allowedOrigins: 'https://a.example'}";

#[test]
fn the_first_pattern_of_the_gateway_that_matches_counts() {
    let specific = "'[/b/**]': {allowedOrigins: 'https://b.example'}";
    let hidden = with(&[ANY, specific], &[]);
    assert_eq!(brief(&*hidden, "GET /b https://b.example"), "403 -");
    assert_eq!(brief(&*hidden, "GET /b https://a.example"), "200 https://a.example");
    assert_eq!(codes(&*hidden), [(7, "without-effect")]);
    let ordered = with(&[specific, ANY], &[]);
    assert_eq!(brief(&*ordered, "GET /b https://b.example"), "200 https://b.example");
    assert_eq!(codes(&*ordered), [(6, "line-not-read")]);
    // Those of routes come first.
    let route = [
        "routes:",
        "- id: c",
        "  predicates: ['Path=/c/**']",
        "  metadata: {cors: {allowedOrigins: 'https://c.example'}}",
    ];
    let both = with(&[ANY], &route);
    assert_eq!(brief(&*both, "GET /c/x https://c.example"), "200 https://c.example");
    let apart = with(&["'[/a/**]': {allowedOrigins: 'https://a.example'}", specific], &[]);
    assert_eq!(codes(&*apart), []);
}

#[test]
fn a_pattern_is_hidden_if_all_of_its_paths_match_an_earlier_one() {
    let hidden = &[(7, "without-effect")][..];
    let may_be = &[(6, "line-not-read")][..];
    for (first, second, expected) in [
        ("/api/*", "/api/**", may_be),
        ("/api/**", "/api/*", &[(6, "line-not-read"), (7, "without-effect")]),
        ("/api/**", "/api/v1/**", hidden),
        ("/*/v1/**", "/api/v1/**", hidden),
        ("/*/v1", "/*/v1/**", may_be),
        ("/**", "/api", hidden),
    ] {
        let open = |pattern: &str| format!("'[{pattern}]': {{allowedOrigins: 'https://a.example'}}");
        assert_eq!(codes(&*with(&[&open(first), &open(second)], &[])), expected, "{first}, {second}");
    }
    let api = "'[/api/**]': {allowedOrigins: 'https://b.example'}";
    let used = with(&["'[/api/*]': {allowedOrigins: 'https://a.example'}", api], &[]);
    assert_eq!(brief(&*used, "GET /api/a/b https://b.example"), "200 https://b.example");
}

#[test]
fn many_patterns_are_not_compared_with_each_other() {
    let lines: Vec<String> = (0..20_000)
        .map(|number| format!("'[/p{number}/*/x]': {{allowedOrigins: 'https://a.example'}}"))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let many = with(&lines, &[]);
    let notes = many.notes();
    let order: Vec<_> = notes.iter().filter(|note| note.message.contains("200 patterns")).collect();
    assert!(order.len() == 1 && order[0].message.contains("`/p200/*/x`"), "{order:?}");
    assert_eq!((order[0].at.line, order[0].code), (206, "line-not-read"));
}

#[test]
fn a_pattern_without_brackets_is_none() {
    let server = with(&["'/**': {allowedOrigins: '*'}", "'/b/**': {allowedOrigins: '*'}"], &[]);
    assert_eq!(asked(&*server, "GET /b/x https://a.example"), "200 ");
    assert_eq!(codes(&*server), [(6, "without-effect"), (7, "without-effect")]);
    let messages: Vec<_> = server.notes().into_iter().map(|note| note.message).collect();
    assert!(messages[0].contains("does not start") && messages[1].contains("becomes `b`"), "{messages:?}");
    let properties =
        "spring.cloud.gateway.globalcors.cors-configurations.[/**].allowed-origins=https://a.example\n";
    assert_eq!(codes(&*crate::filter::tests::server(Kind::Spring, properties)), []);
}

#[test]
fn who_lists_no_origin_or_no_method_is_closed() {
    let closed = with(
        &[
            "'[/closed/**]': {allowedMethods: [GET]}",
            "'[/low/**]':",
            "  allowedOrigins: 'https://a.example'",
            "  allowedMethods: [get, POST]",
        ],
        &[],
    );
    assert_eq!(brief(&*closed, "GET /closed/x https://a.example"), "403 -");
    assert_eq!(brief(&*closed, "GET /closed/x -"), "200 -");
    assert_eq!(brief(&*closed, "GET /low/x https://a.example"), "403 -");
    assert_eq!(brief(&*closed, "POST /low/x https://a.example"), "200 https://a.example");
    assert_eq!(codes(&*closed), [(9, "method-never-matches")]);
    // What is not known is not closed.
    let unknown = with(&["'[/**]': {allowedOrigins: '${ORIGINS}'}"], &[]);
    assert_eq!(asked(&*unknown, "GET / https://a.example"), "200 ");
    let boot = server(Kind::Spring, "management.endpoints.web.cors.allowed-methods=GET\n");
    assert_eq!(asked(&*boot, "GET /actuator https://a.example"), "200 ");
}

#[test]
fn metadata_of_routes_is_looked_up_as_it_is_written() {
    let metadata = |cors: &str| {
        let cors = format!("  metadata: {{cors: {{{cors}}}}}");
        gateway(&["routes:", "- predicates: ['Path=/c/**']", &cors])
    };
    for (cors, request, expected, code) in [
        ("allowedOrigins: 'https://a.example'", "GET /c/x https://a.example", "200 https://a.example", None),
        (
            "allowed-origins: 'https://a.example'",
            "GET /c/x https://a.example",
            "403 -",
            Some("without-effect"),
        ),
        (
            "allowedOrigins: 'https://a.example', allowedMethods: 'GET,PUT'",
            "GET /c/x https://a.example",
            "403 -",
            Some("method-never-matches"),
        ),
        (
            "allowedOrigins: 'https://a.example,https://b.example'",
            "GET /c/x https://a.example",
            "403 -",
            None,
        ),
        (
            "allowedOrigins: ['https://a.example', 'https://b.example']",
            "GET /c/x https://b.example",
            "200 https://b.example",
            None,
        ),
        (
            "allowedOrigins: 'https://a.example', allowCredentials: 'true'",
            "GET /c/x https://a.example",
            "200 -",
            Some("without-effect"),
        ),
        (
            "allowedOrigins: 'https://a.example', allowedHeaders: 'x-a, x-b'",
            "PRE:GET /c/x https://a.example x-a",
            "403 -",
            Some("without-effect"),
        ),
    ] {
        let server = metadata(cors);
        assert_eq!(brief(&*server, request), expected, "{cors}");
        assert_eq!(codes(&*server).first().map(|(_, code)| *code), code, "{cors}");
    }
}

#[test]
fn properties_that_spring_boot_does_not_have_are_dead() {
    for prefix in ["spring.mvc.cors", "spring.web.cors", "spring.cors"] {
        let server = server(Kind::Spring, &format!("{prefix}.allowed-origins=https://a.example\n"));
        assert_eq!(asked(&*server, "GET / https://a.example"), "200 ", "{prefix}");
        assert_eq!(codes(&*server), [(1, "without-effect")], "{prefix}");
    }
    let mvc = "spring.cloud.gateway.server.webmvc.globalcors.cors-configurations.[/**].allowed-origins=*\n";
    assert_eq!(codes(&*server(Kind::Spring, mvc)), [(1, "without-effect")]);
}

/// The codes of all notes.
fn imported(text: &str) -> Vec<(usize, NoteKind, &'static str)> {
    let source = Source { name: "application.yml".to_owned(), text: text.to_owned() };
    let imported = import(Kind::Spring, source, &mut no_includes, &[]).unwrap();
    imported.notes.iter().map(|note| (note.line, note.kind, note.code)).collect()
}

#[test]
fn headers_of_services_are_doubled_unless_a_filter_keeps_one() {
    let kept = [(6, NoteKind::Fragile, "application-header-kept")];
    let route = |filter: &str| {
        ["routes:", "- predicates: ['Path=/**']", "  metadata: {cors: {allowedOrigins: 'https://a.example'}}"]
            .map(str::to_owned)
            .into_iter()
            .chain([format!("  filters: [{filter}]")])
            .collect::<Vec<String>>()
    };
    let long = "{name: DedupeResponseHeader, args: {name: 'Vary Access-Control-Allow-Origin', strategy: RETAIN_FIRST}}";
    for (filter, expected) in [
        ("", &kept[..]),
        ("'DedupeResponseHeader=Access-Control-Allow-Origin'", &[]),
        ("'DedupeResponseHeader=Vary Access-Control-Allow-Origin, RETAIN_FIRST'", &[]),
        (long, &[]),
        ("'DedupeResponseHeader=Access-Control-Allow-Origin, RETAIN_LAST'", &kept),
        ("'DedupeResponseHeader=Access-Control-Allow-Origin, RETAIN_UNIQUE'", &kept),
        ("'DedupeResponseHeader=Vary, RETAIN_FIRST'", &kept),
    ] {
        let mut lines = global(&[ANY]);
        lines.push(format!("default-filters: [{filter}]"));
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(imported(&yaml(&lines)), expected, "{filter}");
        let own = route(filter);
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        assert_eq!(imported(&yaml(&own)), expected, "{filter}");
    }
    let other = gateway(&["default-filters: ['AddResponseHeader=Access-Control-Allow-Origin, *']"]);
    assert_eq!(codes(&*other), [(4, "line-not-read")]);
    assert_eq!(imported("management.endpoints.web.cors.allowed-origins: https://a.example\n"), []);
}

#[test]
fn a_route_that_takes_no_options_refuses_preflights() {
    let cases: [(&[&str], bool); 7] = [
        (&["- predicates: ['Path=/api/**', 'Method=GET,PUT']"], true),
        (&["- predicates: ['Path=/api/**', {name: Method, args: {methods: 'GET,PUT'}}]"], true),
        (&["- predicates: ['Path=/api/**', 'Method=GET,OPTIONS']"], false),
        (&["- predicates: ['Path=/api/**']"], false),
        (&["- predicates: ['Path=/api/**', 'Method=GET']", "- predicates: ['Path=/api/**']"], false),
        (&["- predicates: ['Path=/api/**', 'Method=GET']", "- predicates: ['Path=/**']"], false),
        (&["- predicates: ['Path=/api/**', 'Method=GET']", "- predicates: ['Path=/other/**']"], true),
    ];
    for (routes, is_noted) in cases {
        let mut lines = vec!["routes:"];
        lines.extend(routes);
        let expected = [(8, "preflight-refused")];
        assert_eq!(codes(&*with(&[ANY], &lines)), if is_noted { &expected[..] } else { &[] }, "{routes:?}");
        let mut added = vec![
            "globalcors: {add-to-simple-url-handler-mapping: true, cors-configurations: {'[/**]': {allowedOrigins: 'https://a.example'}}}",
        ];
        added.extend(&lines);
        assert_eq!(codes(&*gateway(&added)), [], "{routes:?}");
    }
}

#[test]
fn a_text_is_divided_at_its_commas_and_two_notes_can_stand_at_one_line() {
    let divided = with(&["'[/**]': {allowedOriginPatterns: 'https://*.a.example:[8080,8443]'}"], &[]);
    assert_eq!(codes(&*divided), [(6, "origin-never-matches")]);
    assert_eq!(brief(&*divided, "GET / https://x.a.example:8443"), "403 -");
    let list = with(&["'[/**]': {allowedOriginPatterns: ['https://*.a.example:[8080,8443]']}"], &[]);
    assert_eq!(brief(&*list, "GET / https://x.a.example:8443"), "200 https://x.a.example:8443");
    let unread = (2, NoteKind::NotExpressible, "line-not-read");
    assert_eq!(imported("cors:\n  allowedOrigins: ${FRONTEND_URL}\n"), [unread, unread]);
}
