//! What each product answers, after its documentation and its source.

use crate::asking::testing::{ask, read};
use crate::server::{Answer, Mentioned, Server};
use crate::{Kind, note::NoteKind};

pub(crate) fn server(kind: Kind, text: &str) -> Box<dyn Server> {
    read(text, |files| crate::read(kind, files)).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// An answer in one line, sorted, without the part that all names share.
fn short(answer: &Answer) -> String {
    let mut lines: Vec<String> = answer
        .lines
        .iter()
        .map(|line| format!("{}: {}", line.name.to_lowercase().replace("access-control-", ""), line.value))
        .collect();
    lines.sort();
    format!("{} {}", answer.status, lines.join("; "))
}

/// A request, as `METHOD PATH ORIGIN`; a preflight as `PRE:METHOD PATH ORIGIN HEADERS`. `-` stands for no origin.
pub(crate) fn asked(server: &dyn Server, request: &str) -> String {
    let words: Vec<&str> = request.split(' ').collect();
    let mut lines = Vec::new();
    if words[2] != "-" {
        lines.push(("Origin", words[2]));
    }
    let method = match words[0].strip_prefix("PRE:") {
        Some(method) => {
            lines.push(("Access-Control-Request-Method", method));
            lines.extend(words.get(3).map(|headers| ("Access-Control-Request-Headers", *headers)));
            "OPTIONS"
        }
        None => words[0],
    };
    short(&ask(server, method, words[1], &lines, 200))
}

pub(crate) fn holds(kind: Kind, text: &str, rows: &[(&str, &str)]) {
    let server = server(kind, text);
    for (request, expected) in rows {
        assert_eq!(asked(&*server, request), *expected, "{}: {request}\n{text}", kind.as_str());
    }
}

const DEFAULT: &str = "allow-methods: GET,HEAD,PUT,PATCH,POST,DELETE";

#[test]
fn express_answers_as_the_package_cors_does() {
    holds(
        Kind::Express,
        "{}",
        &[
            ("GET / -", "200 allow-origin: *"),
            ("GET / https://a.example", "200 allow-origin: *"),
            ("OPTIONS / -", &format!("204 {DEFAULT}; allow-origin: *; vary: Access-Control-Request-Headers")),
        ],
    );
    let list = r#"{"origin": ["https://a.example", "/\\.b\\.example$/i"], "credentials": true, "allowedHeaders": ["x-a", "x-b"],
        "exposedHeaders": "x-c", "maxAge": 0, "optionsSuccessStatus": 200, "methods": "GET,PUT"}"#;
    holds(
        Kind::Express,
        list,
        &[
            ("GET / -", "200 allow-credentials: true; expose-headers: x-c; vary: Origin"),
            ("GET / https://evil.example", "200 allow-credentials: true; expose-headers: x-c; vary: Origin"),
            (
                "GET / https://X.B.EXAMPLE",
                "200 allow-credentials: true; allow-origin: https://X.B.EXAMPLE; expose-headers: x-c; vary: Origin",
            ),
            (
                "PRE:DELETE / https://a.example x-z",
                "200 allow-credentials: true; allow-headers: x-a,x-b; allow-methods: GET,PUT; allow-origin: https://a.example; expose-headers: x-c; max-age: 0; vary: Origin",
            ),
        ],
    );
    holds(
        Kind::Express,
        r#"{"origin": "https://a.example", "preflightContinue": true}"#,
        &[
            ("GET / https://evil.example", "200 allow-origin: https://a.example; vary: Origin"),
            (
                "PRE:PUT / https://a.example x-z",
                &format!(
                    "200 allow-headers: x-z; {DEFAULT}; allow-origin: https://a.example; vary: Origin, Access-Control-Request-Headers"
                ),
            ),
        ],
    );
    for off in ["false", "null", "\"\""] {
        holds(Kind::Express, &format!("{{\"origin\": {off}}}"), &[("PRE:PUT / https://a.example", "200 ")]);
    }
    holds(
        Kind::Express,
        r#"{"origin": true, "credentials": "true"}"#,
        &[("GET / null", "200 allow-origin: null; vary: Origin")],
    );
    holds(Kind::Express, r#"{"origin": []}"#, &[("GET / https://a.example", "200 vary: Origin")]);
}

#[test]
fn express_options_are_found_in_code() {
    let code = r#"
        const express = require('express')
        // cors({ is not this one
        const app = express();
        app.use(cors({
          origin: [/^https:\/\/([a-z]+\.)?a\.example$/, 'https://b.example', process.env.MORE],
          maxAge: 24 * 60 * 60,
          credentials: true, // cookies
          ...others,
        }))"#;
    let server = server(Kind::Express, code);
    assert_eq!(
        asked(&*server, "GET / https://x.a.example"),
        "200 allow-credentials: true; allow-origin: https://x.a.example; vary: Origin"
    );
    assert!(asked(&*server, "PRE:PUT / https://b.example").contains("max-age: 86400"));
    assert_eq!(
        asked(&*server, "GET / https://x.a.example.evil.example"),
        "200 allow-credentials: true; vary: Origin"
    );
    let lines: Vec<usize> = server.notes().iter().map(|note| note.at.line).collect();
    assert_eq!(lines, [9, 6], "{:?}", server.notes());
    holds(
        Kind::Express,
        "const o = {\n origin(origin, cb) { cb(null, /x/.test(origin) ? '}' : `)`) },\n methods: ['GET']\n}\napp.use(cors(o))",
        &[("GET / https://a.example", "200 ")],
    );
    holds(
        Kind::Express,
        "cors({origin: [(o, cb) => cb(null, false)]})",
        &[("GET / https://a.example", "200 allow-origin: https://a.example; vary: Origin")],
    );
    holds(Kind::Express, "app.use(cors());", &[("GET / -", "200 allow-origin: *")]);
    assert!(read("const x = 1;", |files| crate::read(Kind::Express, files)).is_err());
}

const SPRING_VARY: &str =
    "vary: Access-Control-Request-Headers; vary: Access-Control-Request-Method; vary: Origin";

#[test]
fn spring_answers_as_its_cors_processor_does() {
    let actuator = "management:\n  endpoints:\n    web:\n      base-path: /manage\n      cors:\n        allowed-origins: https://a.example/, https://b.example\n        allowedMethods: [GET, POST]\n        allowed-headers: 'x-a, x-b'\n        allow-credentials: true\n        max-age: 10m\n";
    holds(
        Kind::Spring,
        actuator,
        &[
            ("GET /manage/health -", &format!("200 {SPRING_VARY}")),
            (
                "GET /manage/health https://A.example",
                &format!("200 allow-credentials: true; allow-origin: https://A.example; {SPRING_VARY}"),
            ),
            ("GET /manage/health https://evil.example", &format!("403 {SPRING_VARY}")),
            ("DELETE /manage/health https://a.example", &format!("403 {SPRING_VARY}")),
            ("GET /manage/health https://server.example", &format!("200 {SPRING_VARY}")),
            (
                "PRE:POST /manage/health https://b.example X-B,x-c",
                &format!(
                    "200 allow-credentials: true; allow-headers: X-B; allow-methods: GET,POST; allow-origin: https://b.example; max-age: 600; {SPRING_VARY}"
                ),
            ),
            ("PRE:POST /manage/health https://b.example x-c", &format!("403 {SPRING_VARY}")),
            ("PRE:PUT /manage/health https://b.example", &format!("403 {SPRING_VARY}")),
            ("GET /other https://a.example", "200 "),
        ],
    );
    let properties = "server.port=8080\nspring.graphql.cors.allowed-origin-patterns=https://*.a.example:[*],http://localhost:[8080\\,8081]\nspring.graphql.path=/query\nspring.graphql.cors.allowed-methods=*\nspring.graphql.cors.allowed-headers=*\n";
    holds(
        Kind::Spring,
        properties,
        &[
            (
                "GET /query https://x.a.example:1",
                &format!("200 allow-origin: https://x.a.example:1; {SPRING_VARY}"),
            ),
            // One text is divided at commas, those of ports among them.
            ("GET /query http://localhost:8080", &format!("403 {SPRING_VARY}")),
            (
                "PRE:PATCH /query https://x.a.example x-z,x-y",
                &format!(
                    "200 allow-headers: x-z, x-y; allow-methods: PATCH; allow-origin: https://x.a.example; max-age: 1800; {SPRING_VARY}"
                ),
            ),
        ],
    );
    let context = "server.servlet.context-path=/shop\nmanagement.endpoints.web.cors.allowed-origins=https://a.example\n";
    holds(
        Kind::Spring,
        context,
        &[
            ("GET /shop/actuator https://evil.example", &format!("403 {SPRING_VARY}")),
            ("GET /actuator https://evil.example", "200 "),
        ],
    );
    let unquoted = "spring:\n  cloud:\n    gateway:\n      globalcors:\n        corsConfigurations:\n          [/**]:\n            allowedOrigins: https://a.example\n";
    holds(Kind::Spring, unquoted, &[("GET /x https://evil.example", &format!("403 {SPRING_VARY}"))]);
    let list = "spring:\n  graphql:\n    cors:\n      allowed-origin-patterns:\n        - http://localhost:[8080,8081]\n";
    holds(
        Kind::Spring,
        list,
        &[
            (
                "GET /graphql http://localhost:8081",
                &format!("200 allow-origin: http://localhost:8081; {SPRING_VARY}"),
            ),
            ("GET /graphql http://localhost", &format!("403 {SPRING_VARY}")),
            (
                "HEAD /graphql http://localhost:8080",
                &format!("200 allow-origin: http://localhost:8080; {SPRING_VARY}"),
            ),
            ("POST /graphql http://localhost:8080", &format!("403 {SPRING_VARY}")),
        ],
    );
}

#[test]
fn the_gateway_of_spring_has_policies_for_patterns_and_routes() {
    let gateway = "spring:\n  cloud:\n    gateway:\n      globalcors:\n        cors-configurations:\n          '[/api/v1.0/**]':\n            allowedOriginPatterns: '*'\n            allowCredentials: true\n          '[/**]':\n            allowedOrigins: \"*\"\n            allowedMethods: [GET]\n      routes:\n        - id: orders\n          uri: http://orders:8080\n          predicates:\n            - Path=/orders/**\n          metadata:\n            cors:\n              allowedOrigins: https://a.example\n";
    holds(
        Kind::Spring,
        gateway,
        &[
            ("GET / https://a.example", &format!("200 allow-origin: *; {SPRING_VARY}")),
            (
                "GET /api/v1.0/x https://evil.example",
                &format!("200 allow-credentials: true; allow-origin: https://evil.example; {SPRING_VARY}"),
            ),
            ("GET /orders/1 https://evil.example", &format!("403 {SPRING_VARY}")),
            (
                "PRE:GET /orders/1 https://a.example",
                &format!("200 allow-methods: GET,HEAD; allow-origin: https://a.example; {SPRING_VARY}"),
            ),
        ],
    );
    let paths: Vec<_> =
        server(Kind::Spring, gateway).places().into_iter().map(|place| (place.name, place.prefix)).collect();
    assert_eq!(
        paths,
        [
            ("gateway-api-v1-0".to_owned(), Some("/api/v1.0".to_owned())),
            ("gateway".to_owned(), None),
            ("orders".to_owned(), Some("/orders".to_owned())),
        ]
    );
    let refused = "spring.cloud.gateway.server.webflux.globalcors.cors-configurations.[/**].allowed-origins=*\nspring.cloud.gateway.server.webflux.globalcors.cors-configurations.[/**].allow-credentials=true\n";
    let server = server(Kind::Spring, refused);
    assert_eq!(asked(&*server, "GET / -"), "500 ");
    let notes: Vec<_> = server.notes().iter().map(|note| (note.kind, note.code, note.at.line)).collect();
    assert_eq!(notes, [(NoteKind::Dead, "wildcard-with-credentials", 2)]);
}

#[test]
fn one_profile_of_spring_counts_and_the_defaults_of_placeholders() {
    let profiles = "app:\n  cors:\n    allowed-origins: ${ORIGINS:https://a.example}\n---\nspring:\n  config:\n    activate:\n      on-profile: prod\napp.cors.allowed-origins: https://prod.example\n---\nspring:\n  profiles: dev\napp:\n  cors:\n    allowed-origins: http://localhost:3000\n";
    let all = server(Kind::Spring, profiles);
    assert!(asked(&*all, "GET / https://prod.example").starts_with("200 allow-origin: https://prod.example"));
    assert!(asked(&*all, "GET / http://localhost:3000").starts_with("403"));
    assert_eq!(all.notes().iter().map(|note| note.at.line).collect::<Vec<_>>(), [11, 9]);
    let placeholder = server(
        Kind::Spring,
        "app.cors.allowed-origins=${ORIGINS:https://a.example}\napp.cors.allowed-origin-patterns=${X}\n",
    );
    assert!(
        asked(&*placeholder, "GET / https://a.example").starts_with("200 allow-origin: https://a.example")
    );
}

#[test]
fn a_virtual_service_answers_as_envoy_does() {
    let service = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: shop}\nspec:\n  hosts: [server.example]\n  http:\n    - match: [{uri: {prefix: /old}}]\n      redirect: {uri: /new}\n      corsPolicy: {allowOrigins: [{exact: '*'}]}\n    - match:\n        - uri: {prefix: /api}\n      corsPolicy:\n        allowOrigins:\n          - exact: https://a.example\n          - prefix: https://b.example\n          - regex: https://[a-z]+\\.c\\.example\n        allowMethods: [GET, PUT]\n        allowHeaders: ['*']\n        exposeHeaders: [x-a, x-b]\n        allowCredentials: true\n        maxAge: 24h\n      route: [{destination: {host: api}}]\n    - name: open\n      corsPolicy: {allowOrigin: ['*'], unmatchedPreflights: IGNORE}\n      route: [{destination: {host: api}}]\n";
    let api = "allow-credentials: true; allow-origin: ";
    holds(
        Kind::Istio,
        service,
        &[
            ("GET /old/x https://a.example", "301 "),
            ("GET /api https://a.example", &format!("200 {api}https://a.example; expose-headers: x-a,x-b")),
            (
                "GET /api https://b.example.evil.example",
                &format!("200 {api}https://b.example.evil.example; expose-headers: x-a,x-b"),
            ),
            ("GET /api https://x.c.example.evil.example", "200 "),
            (
                "PRE:PUT /api https://x.c.example x-1,x-2",
                "200 allow-credentials: true; allow-headers: x-1,x-2; allow-methods: GET,PUT; allow-origin: https://x.c.example; max-age: 86400",
            ),
            ("PRE:PUT /api https://evil.example", "200 "),
            (
                "OPTIONS /api https://a.example",
                &format!("200 {api}https://a.example; expose-headers: x-a,x-b"),
            ),
            ("GET / https://any.example", "200 allow-origin: https://any.example"),
        ],
    );
    let server = server(Kind::Istio, service);
    assert_eq!(server.notes().iter().map(|note| note.at.line).collect::<Vec<_>>(), [9]);
    assert_eq!(
        ask(&*server, "GET", "/api", &[("Origin", "https://a.example")], 500).lines[0].at.unwrap().line,
        14
    );
    let expressions: Vec<_> =
        server.mentions().into_iter().map(|mention| (mention.at.line, mention.what)).collect();
    assert!(
        matches!(&expressions[1], (15, Mentioned::Pattern { pattern, .. }) if pattern == "https://b.example")
    );
}

#[test]
fn each_path_of_a_virtual_service_is_a_place_unless_it_is_inside_of_another() {
    let service = "kind: VirtualService\nmetadata: {name: shop}\nspec:\n  hosts: ['*']\n  http:\n    - match:\n        - uri: {exact: /page}\n        - uri: {prefix: /static}\n        - uri: {prefix: /static/css}\n        - uri: {regex: '/api/v[0-9]+/items'}\n      corsPolicy: {allowOrigins: [{exact: https://a.example}]}\n    - match: [{uri: {prefix: /healthz}}]\n    - match: [{uri: {prefix: /static}}, {uri: {prefix: /static/own}}]\n";
    let places: Vec<_> = server(Kind::Istio, service)
        .places()
        .into_iter()
        .map(|place| (place.path, place.is_more_than_prefix.is_none()))
        .collect();
    assert_eq!(
        places,
        [("/page".to_owned(), false), ("/static".to_owned(), true), ("/api/v0/items".to_owned(), false)]
    );
}

const GATEWAY: &str = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: shop}\nspec:\n  hostnames: [server.example]\n  rules:\n    - matches: [{path: {value: /}}]\n      filters:\n        - type: CORS\n          cors:\n            allowOrigins: ['*']\n            allowHeaders: ['*']\n    - matches:\n        - path: {type: PathPrefix, value: /api}\n        - path: {type: PathPrefix, value: /api/v2}\n      filters:\n        - type: CORS\n          cors:\n            allowOrigins: ['https://*.a.example', 'https://*:8443']\n            allowCredentials: true\n            allowMethods: ['*']\n            allowHeaders: ['*']\n            exposeHeaders: ['*']\n            maxAge: 60\n    - matches: [{path: {type: Exact, value: /api/health}}]\n";

#[test]
fn a_route_of_the_gateway_api_answers_as_its_filter_is_specified() {
    holds(
        Kind::GatewayApi,
        GATEWAY,
        &[
            ("GET / https://a.example", "200 allow-origin: *"),
            ("GET / -", "200 "),
            ("PRE:PUT / https://a.example x-a", "204 allow-headers: *; allow-origin: *; max-age: 5"),
            ("GET /apix https://evil.example", "200 allow-origin: *"),
            (
                "GET /api/x https://x.y.a.example",
                "200 allow-credentials: true; allow-origin: https://x.y.a.example",
            ),
            (
                "GET /api/x https://evil.example:8443",
                "200 allow-credentials: true; allow-origin: https://evil.example:8443",
            ),
            ("GET /api/x https://a.example", "200 "),
            (
                "PRE:PUT /api/x https://x.a.example x-a",
                "204 allow-credentials: true; allow-headers: x-a; allow-methods: PUT; allow-origin: https://x.a.example; max-age: 60",
            ),
            ("PRE:PUT /api/x https://evil.example", "204 "),
            ("GET /api/health https://x.a.example", "200 "),
        ],
    );
    let places: Vec<_> =
        server(Kind::GatewayApi, GATEWAY).places().into_iter().map(|place| place.prefix).collect();
    assert_eq!(places, [None, Some("/api".to_owned()), Some("/api/health".to_owned())]);
}

#[test]
fn a_security_policy_counts_for_routes_without_a_filter() {
    let policy = "kind: SecurityPolicy\nmetadata: {name: cors}\nspec:\n  targetRefs: [{kind: HTTPRoute, name: shop}]\n  cors:\n    allowOrigins: ['https://*.b.example']\n    maxAge: 10m\n    allowCredentials: true\n";
    holds(
        Kind::GatewayApi,
        &format!("{GATEWAY}---\n{policy}"),
        &[
            ("GET / https://a.example", "200 allow-origin: *"),
            (
                "GET /api/health https://x.b.example",
                "200 allow-credentials: true; allow-origin: https://x.b.example",
            ),
            (
                "PRE:GET /api/health https://x.b.example",
                "200 allow-credentials: true; allow-origin: https://x.b.example; max-age: 600",
            ),
            ("PRE:GET /api/health https://evil.example", "200 allow-credentials: true; max-age: 600"),
        ],
    );
    holds(
        Kind::GatewayApi,
        policy,
        &[("GET /x https://x.b.example", "200 allow-credentials: true; allow-origin: https://x.b.example")],
    );
}

const INGRESS: &str = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\n  annotations:\n    nginx.ingress.kubernetes.io/enable-cors: \"true\"\n";
const INGRESS_LISTS: &str = "allow-headers: DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization; allow-methods: GET, PUT, POST, DELETE, PATCH, OPTIONS";

#[test]
fn an_ingress_answers_as_the_template_of_ingress_nginx_says() {
    let spec = "spec:\n  rules:\n    - host: server.example\n      http:\n        paths: [{path: /, pathType: Prefix}]\n";
    holds(
        Kind::IngressNginx,
        &format!("{INGRESS}{spec}"),
        &[
            (
                "GET / -",
                &format!("200 allow-credentials: true; {INGRESS_LISTS}; allow-origin: *; max-age: 1728000"),
            ),
            (
                "OPTIONS / -",
                &format!("204 allow-credentials: true; {INGRESS_LISTS}; allow-origin: *; max-age: 1728000"),
            ),
        ],
    );
    let origins = "    nginx.ingress.kubernetes.io/cors-allow-origin: \"https://a.example, https://*.b.example:8443\"\n    nginx.ingress.kubernetes.io/cors-allow-credentials: \"false\"\n    nginx.ingress.kubernetes.io/cors-max-age: \"60\"\n    nginx.ingress.kubernetes.io/cors-expose-headers: \"x-a\"\n";
    holds(
        Kind::IngressNginx,
        &format!("{INGRESS}{origins}{spec}"),
        &[
            ("GET / -", "200 "),
            ("GET / https://evil.example", "200 "),
            ("PRE:PUT / https://evil.example", "200 "),
            (
                "GET / https://A.example",
                &format!(
                    "200 {INGRESS_LISTS}; allow-origin: https://A.example; expose-headers: x-a; max-age: 60"
                ),
            ),
            (
                "GET / https://x.b.example:8443",
                &format!(
                    "200 {INGRESS_LISTS}; allow-origin: https://x.b.example:8443; expose-headers: x-a; max-age: 60"
                ),
            ),
            ("GET / https://x.y.b.example:8443", "200 "),
        ],
    );
    // What is not taken for a list of origins opens everything.
    let slash = "    nginx.ingress.kubernetes.io/cors-allow-origin: \"https://a.example/\"\n";
    let slash = server(Kind::IngressNginx, &format!("{INGRESS}{slash}{spec}"));
    assert!(asked(&*slash, "GET / https://evil.example").contains("allow-origin: *"));
    let notes: Vec<_> = slash.notes().iter().map(|note| (note.code, note.at.line)).collect();
    assert_eq!(notes, [("without-effect", 7)]);
    let snippet = "    nginx.ingress.kubernetes.io/configuration-snippet: |\n      add_header Access-Control-Allow-Origin *;\n";
    let snippet = server(Kind::IngressNginx, &format!("{INGRESS}{snippet}{spec}"));
    assert_eq!(
        snippet.notes().iter().map(|note| (note.code, note.at.line)).collect::<Vec<_>>(),
        [("line-not-read", 7)]
    );
    let no_scheme = "    nginx.ingress.kubernetes.io/cors-allow-origin: \"a.example\"\n";
    holds(Kind::IngressNginx, &format!("{INGRESS}{no_scheme}{spec}"), &[("GET / https://a.example", "200 ")]);
}

#[test]
fn paths_that_are_expressions_are_places_with_a_path_that_matches() {
    let ingress = |path: &str| {
        format!(
            "{INGRESS}    nginx.ingress.kubernetes.io/rewrite-target: /$2\nspec:\n  rules:\n    - http:\n        paths: [{{path: '{path}', pathType: ImplementationSpecific}}]\n"
        )
    };
    for (path, prefix, is_prefix) in [
        ("/api(/|$)(.*)", Some("/api"), true),
        ("/api/.*", Some("/api"), true),
        ("/api", Some("/api"), true),
        ("/(.*)", None, true),
        ("/api/v[0-9]+/items", None, false),
        ("/api/?(.*)", Some("/api"), true),
    ] {
        let places = server(Kind::IngressNginx, &ingress(path)).places();
        let found: Vec<_> = places
            .iter()
            .map(|place| (place.prefix.as_deref(), place.is_more_than_prefix.is_none()))
            .collect();
        assert_eq!(found, [(prefix, is_prefix)], "{path}");
        assert!(
            asked(&*server(Kind::IngressNginx, &ingress(path)), &format!("GET {} -", places[0].path))
                .starts_with("200 allow-"),
            "{path}"
        );
    }
}

const S3_VARY: &str = "vary: Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

#[test]
fn a_bucket_answers_by_the_first_rule_that_matches() {
    let json = r#"[
        {"AllowedOrigins": ["https://a.example"], "AllowedMethods": ["PUT", "POST"], "AllowedHeaders": ["x-amz-*", "content-type"], "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 3000},
        {"AllowedOrigins": ["http*://*.b.example", "https://*.c.example"], "AllowedMethods": ["GET"], "AllowedHeaders": ["*"]},
        {"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}
    ]"#;
    let first = "allow-credentials: true";
    let rows = [
        ("GET / -", "200 ".to_owned()),
        ("GET / https://a.example", format!("200 allow-methods: GET; allow-origin: *; {S3_VARY}")),
        (
            "PUT / https://a.example",
            format!(
                "200 {first}; allow-methods: PUT, POST; allow-origin: https://a.example; expose-headers: ETag; max-age: 3000; {S3_VARY}"
            ),
        ),
        (
            "PRE:PUT / https://a.example x-amz-date,Content-Type",
            format!(
                "200 {first}; allow-headers: x-amz-date, Content-Type; allow-methods: PUT, POST; allow-origin: https://a.example; expose-headers: ETag; max-age: 3000; {S3_VARY}"
            ),
        ),
        ("PRE:PUT / https://a.example x-other", "403 ".to_owned()),
        ("PRE:DELETE / https://a.example", "403 ".to_owned()),
        (
            "GET / https://x.y.c.example",
            format!("200 {first}; allow-methods: GET; allow-origin: https://x.y.c.example; {S3_VARY}"),
        ),
        ("OPTIONS / https://a.example", "400 ".to_owned()),
    ];
    let rows: Vec<(&str, &str)> =
        rows.iter().map(|(request, expected)| (*request, expected.as_str())).collect();
    holds(Kind::S3, json, &rows);
    holds(Kind::S3, &format!("{{\"CORSRules\": {json}}}"), &rows);
    let two_stars = server(Kind::S3, json);
    assert_eq!(
        two_stars.notes().iter().map(|note| (note.code, note.at.line)).collect::<Vec<_>>(),
        [("place-not-a-path", 3), ("without-effect", 3)]
    );
    let xml = "<?xml version=\"1.0\"?>\n<CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\n<CORSRule>\n<AllowedOrigin>https://a.example</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>\n<AllowedMethod>POST</AllowedMethod>\n<AllowedHeader>x-amz-*</AllowedHeader><AllowedHeader>content-type</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>3000</MaxAgeSeconds>\n</CORSRule>\n<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
    holds(Kind::S3, xml, &rows[..6]);
    let terraform = r#"{"resource": {"aws_s3_bucket_cors_configuration": {"b": {"bucket": "b", "cors_rule": [{"allowed_origins": ["*"], "allowed_methods": ["GET"]}]}}}}"#;
    holds(Kind::S3, terraform, &rows[1..2]);
    let cloudformation =
        r#"{"CorsConfiguration": {"CorsRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]}}"#;
    holds(Kind::S3, cloudformation, &rows[1..2]);
    let patch =
        server(Kind::S3, "[{\"AllowedOrigins\": [\"*\"],\n\"AllowedMethods\": [\"GET\",\n\"PATCH\"]}]");
    assert_eq!(
        patch.notes().iter().map(|note| (note.kind, note.at.line)).collect::<Vec<_>>(),
        [(NoteKind::Dead, 3)]
    );
    assert!(read("{\"a\": 1}", |files| crate::read(Kind::S3, files)).is_err());
}

#[test]
fn cloudfront_adds_headers_to_what_the_origin_answers() {
    let config = r#"{"ResponseHeadersPolicy": {"Id": "x", "ResponseHeadersPolicyConfig": {"Name": "n", "CorsConfig": {
        "AccessControlAllowOrigins": {"Quantity": 2, "Items": ["https://a.example", "https://*.b.example"]},
        "AccessControlAllowHeaders": {"Quantity": 1, "Items": ["Authorization"]},
        "AccessControlAllowMethods": {"Quantity": 2, "Items": ["GET", "PUT"]},
        "AccessControlAllowCredentials": true, "AccessControlExposeHeaders": {"Quantity": 0}, "AccessControlMaxAgeSec": 600, "OriginOverride": OVERRIDE}}}}"#;
    let override_it = config.replace("OVERRIDE", "true");
    holds(
        Kind::Cloudfront,
        &override_it,
        &[
            ("GET / -", "200 "),
            ("GET / https://evil.example", "200 "),
            ("GET / https://x.b.example", "200 allow-credentials: true; allow-origin: https://x.b.example"),
            (
                "PRE:PUT / https://a.example",
                "200 allow-credentials: true; allow-headers: Authorization; allow-methods: GET, PUT; allow-origin: https://a.example; max-age: 600",
            ),
        ],
    );
    let terraform = r#"{"resource": {"aws_cloudfront_response_headers_policy": {"p": {"name": "p", "cors_config": [{"access_control_allow_origins": [{"items": ["https://a.example"]}],
        "access_control_allow_methods": [{"items": ["ALL"]}], "access_control_allow_headers": [{"items": ["*"]}], "access_control_allow_credentials": false, "origin_override": true}]}}}}"#;
    holds(
        Kind::Cloudfront,
        terraform,
        &[(
            "PRE:PUT / https://a.example",
            "200 allow-headers: *; allow-methods: GET, DELETE, HEAD, OPTIONS, PATCH, POST, PUT; allow-origin: https://a.example",
        )],
    );
    for (value, origin) in [("true", "https://a.example"), ("false", "*")] {
        let server = server(Kind::Cloudfront, &config.replace("OVERRIDE", value));
        let mut headers = corsac::header::HeaderList::new();
        headers.append("Origin", "https://a.example");
        let own = vec![("Access-Control-Allow-Origin".to_owned(), "*".to_owned())];
        let behind = crate::server::Behind { status: 404, headers: own };
        let asked = crate::server::Asked {
            method: "GET",
            scheme: "https",
            host: "server.example",
            path: "/",
            headers: &headers,
            behind: &behind,
        };
        let answer = server.answer(&asked);
        assert_eq!(
            (answer.status, answer.line("access-control-allow-origin").unwrap().value.as_str()),
            (404, origin),
            "{value}"
        );
    }
}

/// The codes of the notes that reading gives, with their lines.
fn notes(kind: Kind, text: &str) -> Vec<(usize, &'static str)> {
    server(kind, text).notes().iter().map(|note| (note.at.line, note.code)).collect()
}

#[test]
fn what_a_bucket_refuses_or_a_policy_cannot_say_is_noted() {
    let rule = |more: &str| format!("[{{\"AllowedOrigins\": [\"https://a.example\"],\n{more}}}]");
    let two = "[{\"AllowedOrigins\": [\"https://a.example\"], \"AllowedMethods\": [\"GET\"]},\n{\"AllowedOrigins\": [\"https://a.example\"], \"AllowedMethods\": [\"PUT\"], \"AllowedHeaders\": [\"x-a\"]}]";
    for (name, text, expected) in [
        ("no methods", rule("\"ID\": \"x\""), (1, "without-effect")),
        (
            "two stars",
            rule("\"AllowedMethods\": [\"GET\"], \"AllowedHeaders\": [\"x-*-*\"]"),
            (2, "without-effect"),
        ),
        (
            "a short beginning",
            rule("\"AllowedMethods\": [\"GET\"], \"AllowedHeaders\": [\"x-*\"]"),
            (2, "expression-not-exact"),
        ),
        ("other headers", two.to_owned(), (2, "place-not-a-path")),
    ] {
        assert_eq!(notes(Kind::S3, &text), [expected], "{name}");
    }
    assert_eq!(
        notes(Kind::S3, &rule("\"AllowedMethods\": [\"GET\"], \"AllowedHeaders\": [\"x-amz-*\", \"*\"]")),
        []
    );
    let put = server(Kind::S3, &rule("\"AllowedMethods\": [\"put\"]"));
    assert_eq!(put.notes()[0].instead, "Write `PUT`.");
    let bucket = |name: &str| {
        format!(
            "  {name}:\n    Properties:\n      CorsConfiguration:\n        CorsRules:\n        - {{AllowedOrigins: ['https://a.example'], AllowedMethods: [GET]}}\n"
        )
    };
    let template = format!("Resources:\n{}{}", bucket("One"), bucket("Two"));
    assert_eq!(notes(Kind::S3, &template), [(11, "line-not-read")]);
}

#[test]
fn what_a_template_refers_to_is_noted_at_its_line() {
    let rules = "CorsRules:\n- AllowedMethods: [GET]\n  AllowedOrigins:\n  - !Sub \"https://${Domain}\"\n  - !If [IsDev, \"http://localhost:3000\", !Ref \"AWS::NoValue\"]\n  - !Sub https://a.example\n";
    assert_eq!(notes(Kind::S3, rules), [(4, "line-not-read"), (5, "line-not-read")]);
    let mentioned: Vec<_> =
        server(Kind::S3, rules).mentions().into_iter().map(|mention| mention.what).collect();
    assert_eq!(mentioned, [Mentioned::Text { text: "https://a.example".to_owned(), ignores_case: false }]);
    let json =
        "{\"CorsRules\": [{\"AllowedMethods\": [\"GET\"],\n\"AllowedOrigins\": {\"Ref\": \"Origins\"}}]}";
    assert_eq!(notes(Kind::S3, json), [(2, "line-not-read")]);
    let terraform =
        "{\"cors_rule\": [{\"allowed_methods\": [\"GET\"],\n\"allowed_origins\": \"${var.origins}\"}]}";
    assert_eq!(notes(Kind::S3, terraform), [(2, "line-not-read")]);
    for items in ["[!Sub \"https://${Domain}\"]", "!Ref Origins"] {
        let policy = format!(
            "CorsConfig:\n  AccessControlAllowMethods: {{Items: [GET]}}\n  AccessControlAllowOrigins: {{Items: {items}}}\n"
        );
        assert_eq!(notes(Kind::Cloudfront, &policy), [(3, "line-not-read")], "{items}");
        assert!(server(Kind::Cloudfront, &policy).mentions().is_empty(), "{items}");
    }
}

#[test]
fn what_cloudfront_refuses_or_sets_elsewhere_is_noted() {
    let config = "CorsConfig:\n  AccessControlAllowCredentials: true\n  AccessControlAllowHeaders:\n    Items: ['x-a', '*']\n  AccessControlAllowOrigins: {Items: ['https://a.example']}\n";
    assert_eq!(notes(Kind::Cloudfront, config), [(4, "without-effect")]);
    assert_eq!(notes(Kind::Cloudfront, &config.replace("true", "false")), []);
    let custom = "{\"CustomHeadersConfig\": {\"Quantity\": 1, \"Items\": [\n{\"Header\": \"Access-Control-Allow-Origin\", \"Value\": \"*\", \"Override\": true}]}}";
    assert_eq!(notes(Kind::Cloudfront, custom), [(2, "line-not-read")]);
}

#[test]
fn helm_templates_and_other_resources_are_errors_that_say_so() {
    let error =
        |kind, text: &str| read(text, |files| crate::read(kind, files).map(drop)).unwrap_err().message;
    assert!(error(Kind::Istio, "kind: Service\n").contains("VirtualService"));
    assert!(error(Kind::IngressNginx, "a: 1\n{{ if x }}\nb: 2\n").contains("helm template"));
    assert!(error(Kind::Cloudfront, "{}").contains("CorsConfig"));
}

const ALL: [Kind; 7] = [
    Kind::Express,
    Kind::Spring,
    Kind::GatewayApi,
    Kind::Istio,
    Kind::IngressNginx,
    Kind::S3,
    Kind::Cloudfront,
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(80))]
    #[test]
    fn changed_configurations_never_panic(at in 0.0..1.0_f64, cut in 0_usize..40, put in "[\\[\\]{}:,.&*a<>/\\\\\"'# \n()?$^|é-]{0,12}", text in "\\PC{0,80}") {
        let express = "cors({origin: [/^https:\\/\\/a\\.b$/i, 'c', (o) => o], methods: ['GET'], maxAge: 60 * 2, credentials: true})";
        let spring = "spring:\n  cloud:\n    gateway:\n      globalcors:\n        cors-configurations:\n          '[/a/*/{b}/**]':\n            allowedOriginPatterns: 'https://*.a:[80,81]'\n            maxAge: PT3M\n";
        let s3 = "[{\"AllowedOrigins\": [\"https://*.a\"], \"AllowedMethods\": [\"GET\"], \"AllowedHeaders\": [\"x-*\"]}]";
        for (kind, base) in [(Kind::Express, express), (Kind::Spring, spring), (Kind::GatewayApi, GATEWAY), (Kind::IngressNginx, INGRESS), (Kind::S3, s3)] {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
            let start = (at * base.len() as f64) as usize;
            let end = (start + cut).min(base.len());
            let changed = format!("{}{put}{}", &base[..start], &base[end..]);
            for text in [&changed, &text] {
                for kind in [kind].into_iter().chain(ALL) {
                    let Ok(server) = read(text, |files| crate::read(kind, files)) else { continue };
                    for place in server.places() {
                        let _ = ask(&*server, "OPTIONS", &place.path, &[("Origin", "https://x.a"), ("Access-Control-Request-Method", "PUT")], 200);
                    }
                    let _ = (server.mentions(), server.notes());
                }
            }
        }
    }
}

#[test]
fn recorded_servers_answered_what_is_simulated() {
    for (kind, least) in [(Kind::Express, 150), (Kind::IngressNginx, 100)] {
        let requests = crate::recorded::replay(kind.as_str(), |files| crate::read(kind, files));
        assert!(requests >= least, "{}: {requests}", kind.as_str());
    }
}

#[test]
fn compiled_policies_are_read_as_the_policies() {
    use crate::asking::testing::holds_for_compiled;
    use corsac_stacks::Target;
    // What each target is known for: a gateway may send `*` for headers, which does not cover `Authorization`; Envoy Gateway tells the lists to origins
    // that it refuses; S3 and CloudFront do not send `Vary` with every response. The number is of the policies that it can express at least.
    let targets: [(Target, Kind, &[&str], usize); 5] = [
        (Target::GatewayApi, Kind::GatewayApi, &["request-header-refused"], 5),
        (Target::Istio, Kind::Istio, &[], 10),
        (Target::EnvoyGateway, Kind::GatewayApi, &["refused-origin-told"], 8),
        (Target::S3, Kind::S3, &["vary-missing"], 3),
        (Target::Cloudfront, Kind::Cloudfront, &["vary-missing"], 3),
    ];
    for (target, kind, accepted, least) in targets {
        let policies = holds_for_compiled(target, accepted, |files| crate::read(kind, files));
        assert!(policies >= least, "{}: {policies}", target.as_str());
    }
}
