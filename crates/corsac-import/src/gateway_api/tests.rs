//! Where policies are attached, and what is refused.

use crate::Kind;
use crate::filter::tests::{asked, server};
use crate::server::Server;

fn route(name: &str, rest: &str) -> String {
    format!(
        "kind: HTTPRoute\nmetadata: {{name: {name}, labels: {{app: {name}}}}}\nspec:\n  hostnames: [{name}.example]\n  {rest}\n---\n"
    )
}

fn security_policy(name: &str, targets: &str, cors: &str) -> String {
    format!("kind: SecurityPolicy\nmetadata: {{name: {name}}}\nspec:\n  {targets}\n  {cors}\n---\n")
}

/// The value of `Access-Control-Allow-Origin` that a host sends to an origin.
fn allowed(server: &dyn Server, host: &str, origin: &str) -> Option<String> {
    let mut headers = corsac::header::HeaderList::new();
    headers.append("Origin", origin);
    let behind = crate::server::Behind::answers(200);
    let asked = crate::server::Asked {
        method: "GET",
        scheme: "https",
        host,
        path: "/",
        headers: &headers,
        behind: &behind,
    };
    server.answer(&asked).line("access-control-allow-origin").map(|line| line.value.clone())
}

#[test]
fn a_security_policy_counts_where_it_is_attached() {
    let cors = "cors: {allowOrigins: ['https://a.example']}";
    let gateway = "targetRefs: [{kind: Gateway, name: first}]";
    let listener = "targetRefs: [{kind: Gateway, name: first, sectionName: web}]";
    let selected = "targetSelectors: [{kind: HTTPRoute, matchLabels: {app: shop}}]";
    let in_list =
        "targetSelectors: [{kind: HTTPRoute, matchExpressions: [{key: app, operator: In, values: [shop]}]}]";
    for (what, targets, route_has, is_allowed) in [
        ("the Gateway", gateway, "parentRefs: [{name: first}]", true),
        ("another Gateway", gateway, "parentRefs: [{name: second}]", false),
        ("one of two", gateway, "parentRefs: [{name: second}, {name: first}]", true),
        ("another namespace", gateway, "parentRefs: [{name: first, namespace: infra}]", false),
        ("a Service", gateway, "parentRefs: [{name: first, kind: Service, group: ''}]", false),
        ("the listener", listener, "parentRefs: [{name: first, sectionName: web}]", true),
        ("another listener", listener, "parentRefs: [{name: first, sectionName: other}]", false),
        ("all listeners", listener, "parentRefs: [{name: first}]", true),
        ("a route alone", gateway, "rules: []", true),
        ("its labels", selected, "parentRefs: [{name: second}]", true),
        ("its label in a list", in_list, "parentRefs: [{name: second}]", true),
    ] {
        let route_has = if route_has == "rules: []" { "" } else { route_has };
        let text = format!(
            "{}{}{}",
            route("shop", &format!("{route_has}\n  rules: [{{}}]")),
            route("other", "parentRefs: [{name: first}]\n  rules: [{}]"),
            security_policy("cors", targets, cors)
        );
        let server = server(Kind::GatewayApi, &text);
        assert_eq!(allowed(&*server, "shop.example", "https://a.example").is_some(), is_allowed, "{what}");
    }
    let text = format!("{}{}", route("other", "rules: [{}]"), security_policy("cors", selected, cors));
    let unknown = server(Kind::GatewayApi, &text);
    assert_eq!(allowed(&*unknown, "other.example", "https://a.example"), None);
    assert_eq!(unknown.notes().iter().map(|note| note.code).collect::<Vec<_>>(), ["line-not-read"]);
}

#[test]
fn the_nearest_security_policy_counts_wherever_it_stands() {
    let of = |name: &str, target: &str| {
        security_policy(
            name,
            &format!("targetRefs: [{target}]"),
            &format!("cors: {{allowOrigins: ['https://{name}.example']}}"),
        )
    };
    let shop = route("shop", "parentRefs: [{name: first}]\n  rules: [{name: main}]");
    let policies = [
        of("gateway", "{kind: Gateway, name: first}"),
        of("listener", "{kind: Gateway, name: first, sectionName: web}"),
        of("route", "{kind: HTTPRoute, name: shop}"),
        of("rule", "{kind: HTTPRoute, name: shop, sectionName: main}"),
        of("elsewhere", "{kind: HTTPRoute, name: shop, sectionName: other}"),
    ];
    for (number, nearest) in ["gateway", "listener", "route", "rule", "rule"].into_iter().enumerate() {
        let text = format!("{shop}{}", policies[..=number].concat());
        let server = server(Kind::GatewayApi, &text);
        let origin = format!("https://{nearest}.example");
        assert_eq!(allowed(&*server, "shop.example", &origin), Some(origin), "{number}");
    }
    let without = security_policy("tokens", "targetRefs: [{kind: HTTPRoute, name: shop}]", "jwt: {}");
    let replaced = server(Kind::GatewayApi, &format!("{shop}{}{without}", policies[0]));
    assert_eq!(allowed(&*replaced, "shop.example", "https://gateway.example"), None);
    assert_eq!(replaced.notes().iter().map(|note| note.code).collect::<Vec<_>>(), ["headers-lost"]);
    let merged = without.replace("jwt: {}", "mergeType: StrategicMerge");
    let merged = server(Kind::GatewayApi, &format!("{shop}{}{merged}", policies[0]));
    assert!(allowed(&*merged, "shop.example", "https://gateway.example").is_some());
}

#[test]
fn many_policies_that_select_many_matches_are_read() {
    let rules = format!("rules: [{{matches: [{}]}}]", "{path: {value: /}}, ".repeat(30));
    let routes: String = (0..300).map(|number| route(&format!("r{number}"), &rules)).collect();
    let select = "targetSelectors: [{kind: HTTPRoute}]";
    let policies: String = (0..300)
        .map(|number| {
            let cors = format!("cors: {{allowOrigins: ['https://p{number}.example']}}");
            security_policy(&format!("p{number}"), select, &cors)
        })
        .collect();
    let elsewhere =
        security_policy("q", "targetRefs: [{kind: HTTPRoute, name: q}]", "cors: {allowOrigins: ['*']}");
    let server = server(Kind::GatewayApi, &format!("{routes}{policies}{elsewhere}"));
    for host in ["r0.example", "r299.example"] {
        let of = |origin| allowed(&*server, host, origin);
        assert_eq!(of("https://p0.example").as_deref(), Some("https://p0.example"), "{host}");
        assert_eq!(of("https://p299.example"), None, "{host}");
    }
    assert!(allowed(&*server, "q.example", "https://a.example").is_some());
    assert_eq!(server.notes(), []);
}

#[test]
fn what_the_api_server_refuses_is_said_at_its_line() {
    let cors = |lines: &str| {
        let notes = server(
            Kind::GatewayApi,
            &format!(
                "kind: HTTPRoute\nspec:\n  rules:\n  - filters:\n    - type: CORS\n      cors:\n{lines}"
            ),
        )
        .notes();
        notes.iter().map(|note| (note.at.line, note.code)).collect::<Vec<_>>()
    };
    let origins = |origin: &str| cors(&format!("        allowOrigins: ['{origin}']\n"));
    for fine in [
        "*",
        "https://*",
        "http://*.a.example",
        "https://a-b.example:8080",
        "https://*:8443",
        "http://localhost",
    ] {
        assert_eq!(origins(fine), [], "{fine}");
    }
    for refused in [
        "null",
        "https://app-*.a.example",
        "https://a.example/",
        "a.example",
        "wss://a.example",
        "https://a.example:*",
    ] {
        assert_eq!(origins(refused), [(7, "without-effect")], "{refused}");
    }
    assert_eq!(
        cors("        allowMethods: [get]\n        maxAge: 0\n"),
        [(7, "method-never-matches"), (8, "max-age-invalid")]
    );
    assert_eq!(cors("        allowHeaders: ['*', x-a]\n"), [(7, "without-effect")]);
}

#[test]
fn a_rule_that_redirects_has_no_use_for_its_cors_filter() {
    let route = "kind: HTTPRoute\nspec:\n  rules:\n  - filters:\n    - type: CORS\n      cors: {allowOrigins: ['https://a.example']}\n    - type: RequestRedirect\n";
    let redirects = server(Kind::GatewayApi, route);
    assert_eq!(asked(&*redirects, "PRE:PUT / https://a.example"), "302 ");
    assert_eq!(
        redirects.notes().iter().map(|note| (note.at.line, note.code)).collect::<Vec<_>>(),
        [(6, "without-effect")]
    );
    // Headers that are added to each response are sent with it.
    let added = route.replace("CORS\n      cors: {allowOrigins: ['https://a.example']}", "ResponseHeaderModifier\n      responseHeaderModifier: {set: [{name: Access-Control-Allow-Origin, value: '*'}, {name: Vary, value: Origin}]}");
    assert_eq!(
        asked(&*server(Kind::GatewayApi, &added), "GET / https://a.example"),
        "302 allow-origin: *; vary: Origin"
    );
}
