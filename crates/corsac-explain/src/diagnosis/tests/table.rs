//! The rows: for each rule servers in which it is found, and near ones in which it is not.

use super::{Confidence, Headers, OK, OTHER, OWN, Server, get, put};

/// Code, how sure, whether CORS said no; a server in which it is first, and one in which it is not found.
pub(super) type Row = (&'static str, Confidence, bool, Server, Server);

pub(super) fn rows() -> Vec<Row> {
    use Confidence::{Certain, Likely};
    const VARY: Headers = &[("Vary", "Origin")];
    const HTML: Headers = &[("Content-Type", "text/html")];
    const METHODS: Headers = &[("Access-Control-Allow-Methods", "PUT")];
    const ALLOWS_ID: Headers =
        &[("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "X-Id")];
    vec![
        (
            "challenge-page",
            Certain,
            false,
            get(403, &[("cf-mitigated", "challenge")], ""),
            get(500, &[("cf-mitigated", "challenge")], ""),
        ),
        (
            "challenge-page",
            Certain,
            false,
            put((403, &[("cf-mitigated", "challenge")]), (200, &[], "")),
            get(403, &[], ""),
        ),
        (
            "login-redirect",
            Likely,
            false,
            get(302, &[("Location", "https://id.example/login")], ""),
            get(302, &[("Location", "/new")], ""),
        ),
        (
            "slash-redirect",
            Certain,
            true,
            get(301, &[("Location", "/items/")], ""),
            get(301, &[("Location", "/items/7")], ""),
        ),
        (
            "slash-redirect", // the path has the word login, and no login page is meant
            Certain,
            true,
            get(301, &[("Location", "/api/login/")], "").at("https://api.example/api/login"),
            get(302, &[("Location", "/login")], ""),
        ),
        (
            "slash-redirect", // behind TLS
            Certain,
            false,
            get(307, &[("Location", "http://api.example/items/"), ("Access-Control-Allow-Origin", "*")], ""),
            get(
                307,
                &[("Location", "http://other.example/items/"), ("Access-Control-Allow-Origin", "*")],
                "",
            ),
        ),
        (
            "port-taken",
            Certain,
            false,
            get(403, &[("Server", "AirTunes/620.8.2")], ""),
            get(403, &[("Server", "nginx")], ""),
        ),
        (
            "http-to-tls-port",
            Certain,
            false,
            get(400, &[], "<h1>400</h1>\nThe plain HTTP request was sent to HTTPS port"),
            get(400, &[], "Bad Request"),
        ),
        (
            "error-behind-good-preflight",
            Likely,
            false,
            put((204, OK), (500, &[], "KeyError: 'customer_id'")),
            put((500, &[]), (500, &[], "")),
        ),
        (
            "error-status-without-cors",
            Likely,
            false,
            get(500, &[], ""),
            get(500, &[("Access-Control-Allow-Methods", "GET")], ""),
        ),
        ("error-status-without-cors", Likely, false, get(404, &[], ""), get(200, &[], "")),
        (
            "headers-on-preflight-only",
            Certain,
            true,
            put((204, OK), (200, &[], "")),
            put((204, OK), (500, &[], "")),
        ),
        (
            "origin-not-allowed",
            Certain,
            true,
            get(403, &[], "Invalid CORS request"),
            get(403, &[], "Forbidden"),
        ),
        (
            "origin-not-allowed",
            Certain,
            true,
            get(500, &[], "<pre>Error: Not allowed by CORS<br>"),
            get(500, &[], "Error: no database"),
        ),
        (
            "origin-not-allowed",
            Certain,
            true,
            get(403, VARY, "").without_origin(200, &[]),
            get(403, &[], "").without_origin(403, &[]),
        ),
        ("origin-not-allowed", Likely, true, get(403, &[], "").without_origin(200, &[]), get(403, &[], "")),
        (
            "origin-not-allowed", // both halves are refused, and not without an origin
            Certain,
            true,
            put((403, &[]), (200, &[], "")).without_preflight(403, &[]).without_origin(200, &[]),
            put((403, &[]), (200, &[], "")).without_preflight(403, &[]).without_origin(403, &[]),
        ),
        (
            "headers-on-preflight-only", // or a list that is looked at later
            Likely,
            true,
            put((204, OK), (200, &[], "")).to_another_origin(204, &[("Access-Control-Allow-Origin", OTHER)]),
            put((204, OK), (401, &[], "")).to_another_origin(204, &[("Access-Control-Allow-Origin", OTHER)]),
        ),
        ("origin-not-allowed", Likely, true, get(200, VARY, ""), get(200, &[], "")),
        (
            "origin-not-allowed", // all headers but one
            Likely,
            true,
            put((200, &[("Access-Control-Allow-Methods", "PUT")]), (200, &[], "")),
            put((405, &[]), (200, &[], "")),
        ),
        (
            "preflight-needs-login",
            Certain,
            true,
            put((401, &[("WWW-Authenticate", "Bearer")]), (200, &[], "")).without_origin(200, &[]),
            put((204, OK), (401, &[("WWW-Authenticate", "Bearer")], "")),
        ),
        (
            "preflight-needs-login",
            Certain,
            true,
            put((403, &[]), (200, &[], "{\"detail\":\"Authentication credentials were not provided.\"}")),
            put((403, &[]), (200, &[], "Forbidden")),
        ),
        (
            "preflight-needs-login",
            Likely,
            true,
            put((302, &[("Location", "https://id.example/login")]), (200, &[], "")),
            get(302, &[("Location", "https://id.example/login")], ""),
        ),
        (
            "options-not-answered",
            Likely,
            true,
            put((405, &[("Allow", "GET, PUT")]), (200, OK, "")),
            put((405, VARY), (200, OK, "")),
        ),
        (
            "options-not-answered", // the framework answers by itself, and CORS is on for the rest
            Certain,
            true,
            put((204, &[("Allow", "GET, OPTIONS, PUT")]), (200, OK, "")).without_origin(200, OK),
            put((204, &[]), (200, OK, "")),
        ),
        (
            "options-not-answered", // and CORS is on for the rest
            Certain,
            true,
            put((500, &[]), (200, OK, "")).without_preflight(200, OK),
            put((500, &[]), (200, OK, "")).without_preflight(200, &[]),
        ),
        (
            "two-programs",
            Certain,
            false,
            get(404, &[], "").at("http://localhost:3000/items").at_the_other_address(200, OK),
            get(404, &[], "").at("http://localhost:3000/items").at_the_other_address(404, &[]),
        ),
        (
            "nothing-at-url", // its CORS layer works
            Likely,
            false,
            put((404, OK), (200, OK, "")).without_preflight(404, OK),
            put((404, OK), (200, OK, "")).without_preflight(200, OK),
        ),
        (
            "redirect-to-http", // with a host of the inside
            Certain,
            false,
            get(307, &[("Location", "http://backend:8000/items/"), ("Access-Control-Allow-Origin", "*")], ""),
            get(
                307,
                &[("Location", "https://backend:8000/items/"), ("Access-Control-Allow-Origin", "*")],
                "",
            ),
        ),
        (
            "options-not-answered", // the CORS layer comes after the routes: what no route takes has its headers
            Likely,
            true,
            put((200, &[("Allow", "POST")]), (200, &[], "")).without_preflight(404, OK),
            put((200, &[]), (200, &[], "")).without_preflight(404, &[]),
        ),
        (
            "html-instead-of-data", // a GET shows it, where the preflight is refused
            Likely,
            false,
            put((405, &[]), (200, &[], "")).without_preflight(200, HTML).at("https://api.example/api/items"),
            put((405, &[]), (200, &[], "")).without_preflight(200, &[]).at("https://api.example/api/items"),
        ),
        (
            "bucket-without-rule", // of another store
            Certain,
            true,
            put(
                (403, &[]),
                (200, &[], "<Message>CORS not enabled or no matching rule found for this request."),
            ),
            put((403, &[]), (200, &[], "<Message>ResourceNotFound</Message>")),
        ),
        (
            "options-lacks-allow-origin",
            Certain,
            true,
            put((204, METHODS), (200, OK, "")).without_preflight(200, OK),
            put((204, METHODS), (200, OK, "")).without_preflight(200, &[]),
        ),
        (
            "preflight-not-allowed", // lists that lack the method
            Certain,
            true,
            put(
                (400, &[("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "GET")]),
                (200, OK, ""),
            ),
            put((400, OK), (200, OK, "")),
        ),
        (
            "preflight-not-allowed", // lists that lack a header
            Certain,
            true,
            put((403, ALLOWS_ID), (200, OK, "")).asked_with(&[("X-Own", "7")]).with_method("POST"),
            put((403, ALLOWS_ID), (200, OK, "")).asked_with(&[("X-Id", "7")]).with_method("POST"),
        ),
        (
            "preflight-not-allowed", // one message for all that is refused, and a GET of the same page is allowed
            Certain,
            true,
            put((403, &[]), (200, &[], "Invalid CORS request")).without_preflight(200, OK),
            put((403, &[]), (200, &[], "Invalid CORS request")).without_preflight(403, &[]),
        ),
        (
            "origin-not-allowed", // the server's own origin is on the list
            Certain,
            true,
            put((403, &[]), (200, &[], "")).to_its_own_origin(200, &[("Access-Control-Allow-Origin", OWN)]),
            put((403, &[]), (200, &[], "")).to_its_own_origin(403, &[]),
        ),
        (
            "options-not-answered", // an error in a 200
            Likely,
            true,
            put((200, &[]), (200, &[], "{\"error\":\"Unexpected endpoint or method. (OPTIONS /items)\"}")),
            put((200, &[]), (200, &[], "{}")),
        ),
        (
            "origin-not-allowed", // not proven by another request that succeeds: only OPTIONS lacks the header there
            Likely,
            true,
            put((403, &[]), (200, &[], "")).without_origin(200, &[]),
            put((403, &[]), (200, &[], "")).without_origin(200, OK),
        ),
        (
            "options-not-answered", // an API gateway without such a method
            Likely,
            true,
            put((403, &[]), (200, &[], "{\"message\":\"Missing Authentication Token\"}"))
                .without_origin(200, &[]),
            put((403, &[]), (200, &[], "Forbidden")),
        ),
        (
            "origin-not-allowed", // `false` of a list library
            Likely,
            true,
            get(200, &[("Access-Control-Allow-Origin", "false"), ("Vary", "Origin")], ""),
            get(200, &[("Access-Control-Allow-Origin", "true")], ""),
        ),
    ]
}
