//! What Traefik answers. There is no server here to record, so the answers are those of its source (3.7.9) and documentation.

use corsac_stacks::Target;
use proptest::prelude::*;

use crate::asking::testing::{ask, holds_for_compiled, read};
use crate::caddy::expression::Compiler;
use crate::server::{Answer, Server};

fn server(text: &str) -> Box<dyn Server> {
    read(text, super::read).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn a_compiled_policy_behaves_as_the_policy() {
    assert!(holds_for_compiled(Target::Traefik, &[], super::read) >= 10);
}

/// The values of a header.
fn values(answer: &Answer, name: &str) -> Vec<String> {
    let lines = answer.lines.iter().filter(|line| line.name.eq_ignore_ascii_case(name));
    lines.map(|line| line.value.clone()).collect()
}

const APP: (&str, &str) = ("Origin", "https://app.example.com");
const EVIL: (&str, &str) = ("Origin", "https://evil.example");
const PUT: (&str, &str) = ("Access-Control-Request-Method", "PUT");
const NAMED: (&str, &str) = ("Access-Control-Request-Headers", "x-a");

/// A configuration whose only router has these settings of `headers`.
fn with_headers(settings: &str) -> String {
    format!(
        "http:\n  routers:\n    r:\n      rule: PathPrefix(`/`)\n      middlewares: [h]\n  middlewares:\n    h:\n      headers:\n{settings}"
    )
}

#[test]
fn the_middleware_answers_as_traefik_does() {
    type Row<'r> = (&'r str, &'r str, &'r str, &'r [(&'r str, &'r str)], u16, &'r str, &'r [&'r str]);
    let allowed = "        accessControlAllowOriginList: [https://app.example.com]\n        accessControlAllowMethods: [GET, PUT]\n";
    let open = "        accessControlAllowOriginList: ['*']\n        accessControlAllowHeaders: ['*']\n        accessControlAllowMethods: ['*']\n";
    let credentials = "        accessControlAllowCredentials: true\n";
    let rows: &[Row<'_>] = &[
        (
            "an allowed origin",
            allowed,
            "GET",
            &[APP],
            200,
            "access-control-allow-origin",
            &["https://app.example.com"],
        ),
        ("another origin", allowed, "GET", &[EVIL], 200, "access-control-allow-origin", &[]),
        (
            "a preflight of another origin has the methods",
            allowed,
            "OPTIONS",
            &[EVIL, PUT],
            200,
            "access-control-allow-methods",
            &["GET,PUT"],
        ),
        (
            "a preflight of another origin has no origin",
            allowed,
            "OPTIONS",
            &[EVIL, PUT],
            200,
            "access-control-allow-origin",
            &[],
        ),
        (
            "OPTIONS that is no preflight goes on",
            allowed,
            "OPTIONS",
            &[APP],
            404,
            "access-control-allow-methods",
            &[],
        ),
        (
            "without max age there is none",
            allowed,
            "OPTIONS",
            &[APP, PUT],
            200,
            "access-control-max-age",
            &[],
        ),
        ("without the setting there is no Vary", allowed, "GET", &[APP], 200, "vary", &[]),
        ("a star", open, "GET", &[EVIL], 200, "access-control-allow-origin", &["*"]),
        ("a star without an origin", open, "GET", &[], 200, "access-control-allow-origin", &["*"]),
        (
            "a star in the names",
            open,
            "OPTIONS",
            &[EVIL, PUT, NAMED],
            200,
            "access-control-allow-headers",
            &["*"],
        ),
        (
            "an error keeps the headers",
            allowed,
            "GET",
            &[APP],
            500,
            "access-control-allow-origin",
            &["https://app.example.com"],
        ),
        (
            "an expression is searched for",
            "        accessControlAllowOriginListRegex: ['https://.*\\.example']\n",
            "GET",
            &[("Origin", "https://a.example.evil.com")],
            200,
            "access-control-allow-origin",
            &["https://a.example.evil.com"],
        ),
        (
            "an empty value removes",
            "        customResponseHeaders:\n          X-Own: ''\n          Access-Control-Max-Age: '5'\n",
            "GET",
            &[],
            200,
            "x-own",
            &[],
        ),
        (
            "a custom header",
            "        customResponseHeaders:\n          Access-Control-Allow-Origin: '*'\n",
            "OPTIONS",
            &[APP, PUT],
            200,
            "access-control-allow-origin",
            &["*"],
        ),
    ];
    for (name, settings, method, headers, status, header, expected) in rows {
        let answer = ask(&*server(&with_headers(settings)), method, "/items", headers, *status);
        assert_eq!(answer.status, *status, "{name}");
        assert_eq!(values(&answer, header), *expected, "{name}");
    }
    let server = server(&with_headers(&format!("{open}{credentials}        addVaryHeader: true\n")));
    let answer = ask(&*server, "GET", "/", &[EVIL], 200);
    assert_eq!(values(&answer, "access-control-allow-origin"), ["https://evil.example"]);
    assert_eq!(values(&answer, "vary"), ["Origin"]);
    let preflight = ask(&*server, "OPTIONS", "/", &[EVIL, PUT, NAMED], 404);
    assert_eq!(values(&preflight, "access-control-allow-headers"), ["x-a"]);
    assert_eq!(values(&preflight, "access-control-allow-methods"), ["PUT"]);
    assert_eq!(values(&preflight, "vary"), [""; 0]);
}

#[test]
fn routers_are_tried_by_priority_and_rules_by_their_parts() {
    let router = |name: &str, rule: &str, priority: &str| {
        format!("    {name}:\n      rule: '{rule}'\n      middlewares: [{name}]\n{priority}")
    };
    let middleware = |name: &str| {
        format!(
            "    {name}:\n      headers:\n        customResponseHeaders:\n          Access-Control-Allow-Origin: {name}\n"
        )
    };
    let rules = [
        ("long", "PathPrefix(`/a/long/one`)", ""),
        ("first", "PathPrefix(`/a`)", "      priority: 1000\n"),
        ("both", "(Path(`/b`) || PathPrefix(`/b/`)) && !Method(`PUT`)", ""),
        ("old", "Host(`x.example`, `server.example`) && HeadersRegexp(`Origin`, `evil`)", ""),
        ("rest", "PathPrefix(\"/\")", ""),
    ];
    let mut text = "http:\n  routers:\n".to_owned();
    rules.iter().for_each(|(name, rule, priority)| text.push_str(&router(name, rule, priority)));
    text.push_str("  middlewares:\n");
    rules.iter().for_each(|(name, ..)| text.push_str(&middleware(name)));
    let server = server(&text);
    for (method, path, headers, name) in [
        ("GET", "/a/long/one", &[][..], "first"),
        ("GET", "/b/x", &[], "both"),
        ("GET", "/bx", &[], "rest"),
        ("PUT", "/b", &[], "rest"),
        ("GET", "/c", &[EVIL], "old"),
        ("GET", "/c", &[APP], "rest"),
    ] {
        let answer = ask(&*server, method, path, headers, 200);
        assert_eq!(values(&answer, "access-control-allow-origin"), [name], "{method} {path} {headers:?}");
    }
}

#[test]
fn middlewares_without_routers_are_places_of_their_own() {
    let text = "http:\n  middlewares:\n    one:\n      headers:\n        accessControlAllowOriginList: [https://a.example]\n    \
        two:\n      headers:\n        accessControlAllowOriginList: [https://b.example]\n    gone:\n      compress: {}\n";
    let server = server(text);
    let places = server.places();
    let names: Vec<_> = places.iter().map(|place| (place.name.as_str(), place.prefix.as_deref())).collect();
    assert_eq!(names, [("one", None), ("two", None)]);
    for (place, origin) in places.iter().zip(["https://a.example", "https://b.example"]) {
        let answer = ask(&*server, "GET", &place.path, &[("Origin", origin)], 200);
        assert_eq!(values(&answer, "access-control-allow-origin"), [origin]);
    }
}

#[test]
fn the_places_are_those_of_routers_with_cors_and_inside_of_them() {
    let text = "http:\n  routers:\n    api:\n      rule: Host(`api.example`) && PathPrefix(`/v1`)\n      middlewares: [c@file]\n    \
        docs:\n      rule: Host(`api.example`) && PathPrefix(`/v1/docs/`)\n    other:\n      rule: Host(`other.example`)\n    \
        exact:\n      rule: Path(`/one`) && Host(`x.example`)\n      middlewares: [chained]\n  middlewares:\n    \
        c:\n      headers:\n        accessControlAllowOriginList: ['*']\n    chained:\n      chain:\n        middlewares: [c]\n";
    let places = server(text).places();
    let found: Vec<_> = places
        .iter()
        .map(|place| {
            let more = place.is_more_than_prefix.is_some();
            (
                place.name.as_str(),
                place.host.as_deref(),
                &*place.path,
                place.prefix.as_deref(),
                more,
                place.at.line,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("api", Some("api.example"), "/v1/", Some("/v1"), false, 3),
            ("docs", Some("api.example"), "/v1/docs/", Some("/v1/docs"), false, 6),
            ("exact", Some("x.example"), "/one", Some("/one"), true, 10),
        ]
    );
}

#[test]
fn labels_and_ingresses_are_read() {
    let compose = "services:\n  web:\n    labels:\n      - \"Traefik.HTTP.Routers.web.rule=Host(`server.example`)\"\n      \
        - traefik.http.routers.web.middlewares=auth,cors@docker\n      - traefik.http.middlewares.auth.basicauth.users=a:$$apr1$$x\n      \
        - traefik.http.middlewares.cors.headers.accessControlAllowOriginListRegex=^https://app\\.example\\.com$$\n      \
        - traefik.http.middlewares.cors.headers.customresponseheaders.Access-Control-Max-Age=5\n";
    let web = server(compose);
    assert_eq!(ask(&*web, "OPTIONS", "/", &[APP, PUT], 200).status, 401);
    let answer = ask(&*web, "GET", "/", &[APP, ("Authorization", "Basic YTpi")], 200);
    assert_eq!(values(&answer, "access-control-allow-origin"), ["https://app.example.com"]);
    assert_eq!(values(&answer, "access-control-max-age"), ["5"]);
    let ingress = "apiVersion: traefik.io/v1alpha1\nkind: Middleware\nmetadata:\n  name: cors\n  namespace: shop\nspec:\n  headers:\n    \
        accessControlAllowOriginList: ['*']\n---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\n  namespace: shop\n  \
        annotations:\n    traefik.ingress.kubernetes.io/router.middlewares: shop-cors@kubernetescrd\nspec:\n  rules:\n    - host: server.example\n      \
        http:\n        paths:\n          - path: /api\n            pathType: Prefix\n";
    let shop = server(ingress);
    assert_eq!(values(&ask(&*shop, "GET", "/api/x", &[APP], 200), "access-control-allow-origin"), ["*"]);
    assert_eq!(ask(&*shop, "GET", "/", &[APP], 200).status, 404);
}

#[test]
fn toml_is_read_with_its_lines() {
    let text = "[http.routers.api]\n  rule = \"PathPrefix(`/`)\"\n  middlewares = [\"cors\"]\n\n[http.middlewares.cors.headers]\n  \
        accessControlAllowOriginList = [\n    \"https://app.example.com\",\n  ]\n  accessControlMaxAge = 60\n  addVaryHeader = true\n";
    let api = server(text);
    let answer = ask(&*api, "OPTIONS", "/", &[APP, PUT], 200);
    let lines: Vec<_> = answer.lines.iter().map(|line| (&*line.value, line.at.unwrap().line)).collect();
    assert_eq!(lines, [("https://app.example.com", 7), ("60", 9)]);
    assert_eq!(api.places()[0].at.line, 1);
    assert_eq!(read("[http.routers]\na = \n", super::read).err().unwrap().line, 2);
}

#[test]
fn what_is_not_understood_is_noted_at_its_line() {
    for (name, text, line, code) in [
        ("a rule", "http:\n  routers:\n    a:\n      rule: Host(`a`\n".to_owned(), 4, "line-not-read"),
        ("an expression", with_headers("        accessControlAllowOriginListRegex: ['(?=a)']\n"), 9, "line-not-read"),
        (
            "another header",
            with_rule("PathPrefix(`/`) && Header(`X-A`, `b`)", "cors"),
            3,
            "line-not-read",
        ),
        (
            "another method",
            with_rule("Method(`PROPFIND`)", "cors"),
            3,
            "line-not-read",
        ),
        (
            "a header of the request",
            with_headers("        customRequestHeaders:\n          Access-Control-Allow-Origin: '*'\n"),
            10,
            "without-effect",
        ),
        ("a setting of before", with_headers("        accessControlAllowOrigin: '*'\n"), 9, "without-effect"),
        ("no origins", with_headers("        accessControlAllowMethods: [PUT]\n"), 9, "without-effect"),
        ("a middleware that no router uses", with_rule("PathPrefix(`/`)", ""), 7, "without-effect"),
        (
            "middlewares of tls",
            "[http.routers.a]\nrule = \"PathPrefix(`/`)\"\n[http.routers.a.tls]\nmiddlewares = [\"a\"]\n".to_owned(),
            4,
            "without-effect",
        ),
        (
            "labels of Traefik 1",
            "services:\n  a:\n    labels:\n      - traefik.frontend.headers.customResponseHeaders=Access-Control-Allow-Origin:*\n".to_owned(),
            4,
            "without-effect",
        ),
        (
            "a middleware that was forgotten",
            "services:\n  a:\n    labels:\n      traefik.http.routers.a.rule: Host(`a.example`)\n      traefik.http.middlewares.c.headers.addvaryheader: \"true\"\n".to_owned(),
            5,
            "without-effect",
        ),
    ] {
        let notes: Vec<_> = server(&text).notes().into_iter().map(|note| (note.at.line, note.code)).collect();
        assert_eq!(notes, [(line, code)], "{name}");
    }
}

/// A router with this rule and these middlewares, one of which lets in one origin.
fn with_rule(rule: &str, middlewares: &str) -> String {
    format!(
        "http:\n  routers:\n    r:\n      rule: '{rule}'\n      middlewares: [{middlewares}]\n  middlewares:\n    cors:\n      headers:\n        \
         accessControlAllowOriginList: [https://app.example.com]\n    auth:\n      basicAuth: {{users: [a]}}\n    other:\n      forwardAuth: {{address: a}}\n"
    )
}

#[test]
fn what_is_more_than_a_path_is_asked_for_all_the_same() {
    for (rule, host, path, why) in [
        ("HostRegexp(`^.+\\.x\\.example$`)", Some("a.x.example"), "/", "which hosts"),
        ("HostRegexp(`{name:[a-z]+}.x.example`)", Some("a.x.example"), "/", "which hosts"),
        ("HostRegexp(`{name}.x.example`)", None, "/", "which hosts"),
        ("PathRegexp(`^/v[0-9]+/`)", None, "/v0/", "which paths"),
        ("Host(`h.example`) && !PathPrefix(`/a`)", Some("h.example"), "/", "It is not for `/a`."),
    ] {
        let server = server(&with_rule(rule, "cors"));
        let places = server.places();
        let place = &places[0];
        assert!(place.is_more_than_prefix.as_ref().is_some_and(|more| more.contains(why)), "{rule}");
        assert_eq!(place.path, path, "{rule}");
        if host.is_some() {
            assert_eq!(place.host.as_deref(), host, "{rule}");
        }
        assert!(server.notes().is_empty(), "{rule}: {:?}", server.notes());
    }
    let two = server(&with_rule("Host(`h.example`, `i.example`)", "cors"));
    assert_eq!(two.places()[0].host.as_deref(), Some("h.example, i.example"));
}

#[test]
fn what_decides_before_cors_refuses_preflights() {
    let all = "PathPrefix(`/`)";
    let first = server(&with_rule(all, "auth, cors"));
    let preflight = ask(&*first, "OPTIONS", "/", &[APP, PUT], 200);
    assert_eq!((preflight.status, preflight.answered_at.unwrap().line), (401, 10));
    let answer = ask(&*first, "GET", "/", &[APP], 200);
    assert_eq!(values(&answer, "access-control-allow-origin"), ["https://app.example.com"]);
    let notes = |middlewares: &str| {
        let notes = server(&with_rule(all, middlewares)).notes().into_iter();
        notes.map(|note| (note.at.line, note.code)).collect::<Vec<_>>()
    };
    assert_eq!(notes("other, cors"), [(12, "preflight-passed-on")]);
    assert_eq!(notes("cors, other"), []);
}

#[test]
fn variables_have_their_default_or_no_value() {
    let labels = |host: &str, origin: &str| {
        format!(
            "services:\n  web:\n    labels:\n      - traefik.http.routers.web.rule=Host(`{host}`)\n      - traefik.http.routers.web.middlewares=cors\n      \
             - traefik.http.middlewares.cors.headers.accesscontrolalloworiginlist={origin}\n"
        )
    };
    let known = server(&labels("${HOST}", "${ORIGIN:-https://app.example.com}"));
    let answer = ask(&*known, "GET", "/", &[APP], 200);
    assert_eq!(values(&answer, "access-control-allow-origin"), ["https://app.example.com"]);
    assert!(known.notes().is_empty());
    let open = server(&labels("a.example", "https://app.${DOMAIN}"));
    let notes: Vec<_> = open.notes().into_iter().map(|note| (note.at.line, note.code)).collect();
    assert_eq!(notes, [(6, "line-not-read")]);
    assert!(open.mentions().is_empty());
}

#[test]
fn a_fixed_origin_is_mentioned() {
    let fixed = with_headers(
        "        customResponseHeaders:\n          Access-Control-Allow-Origin: https://app.example.com\n",
    );
    assert_eq!(server(&fixed).mentions()[0].at.line, 10);
    let mixed = with_headers(
        "        accessControlAllowOriginList: [https://a.example]\n        customResponseHeaders:\n          Access-Control-Allow-Origin: '*'\n",
    );
    let mixed = server(&mixed);
    assert_eq!(mixed.irrelevant(&mixed.places()[0]), ["wildcard-with-credentials"]);
}

#[test]
fn a_list_beside_a_star_hides_no_credentials_of_other_routers() {
    let notes = |routers: &str| {
        let text = format!(
            "http:\n  middlewares:\n    mixed:\n      headers:\n        accessControlAllowCredentials: true\n        accessControlAllowOriginList: [https://a.example]\n        customResponseHeaders: {{Access-Control-Allow-Origin: '*'}}\n    star:\n      headers:\n        accessControlAllowCredentials: true\n        customResponseHeaders: {{Access-Control-Allow-Origin: '*'}}\n  routers:\n{routers}"
        );
        let source = crate::Source { name: "dynamic.yml".to_owned(), text };
        let imported = crate::import(crate::Kind::Traefik, source, &mut crate::no_includes, &[]).unwrap();
        let notes = imported.notes.into_iter().filter(|note| note.code == "wildcard-with-credentials");
        notes.map(|note| note.line).collect::<Vec<_>>()
    };
    let router = |path: &str, middleware: &str| {
        format!("    {middleware}:\n      rule: PathPrefix(`{path}`)\n      middlewares: [{middleware}]\n")
    };
    assert_eq!(notes(&router("/b", "star")), [10]);
    assert_eq!(notes(&format!("{}{}", router("/a", "mixed"), router("/b", "star"))), [10]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn nothing_panics(cuts in prop::collection::vec((0_usize..200, 0_usize..80), 0..8), which in 0_usize..3, noise in ".{0,12}") {
        let sources = [
            include_str!("../../../../conformance/import/traefik/labels-star/config.yaml"),
            include_str!("../../../../conformance/import/traefik/loose-expression/config.yml"),
            include_str!("../../../../conformance/import/traefik/right/config.yaml"),
        ];
        let mut lines: Vec<String> = sources[which].lines().map(str::to_owned).collect();
        for (number, cut) in cuts {
            let index = number % lines.len();
            let line: String = lines[index].chars().skip(cut % 7).take(cut).chain(noise.chars()).collect();
            lines[index] = line;
        }
        if let Ok(server) = read(&lines.join("\n"), super::read) {
            for place in server.places() {
                ask(&*server, "OPTIONS", &place.path, &[APP, PUT], 200);
            }
            server.mentions();
        }
    }

    #[test]
    fn rules_never_panic(rule in "[(`/a-zA-Z\"\\\\,!&|) ]{0,60}") {
        super::rule::Rule::read(&rule, &mut Compiler::default());
        super::rule::Rule::read(&format!("Host(`a`) && {rule}"), &mut Compiler::default());
    }
}
