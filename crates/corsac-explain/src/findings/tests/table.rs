//! The table: each finding, and beside it.

use super::*;

/// Code, severity, a case where it is found, a near case where it is not.
pub(super) fn rows() -> Vec<(&'static str, FindingSeverity, Case, Case)> {
    use FindingSeverity::{Info, Problem, Warning};
    let preflighted = || case(&[OK, VARY]).header("X-A", "1");
    let allowed: Headers = &[OK, ("Access-Control-Allow-Headers", "x-a, authorization"), MAX_AGE];
    let web_socket = || case(&[]).init(|init| *init = init.clone().for_load(Load::WebSocket, None));
    vec![
        (
            "vary-missing",
            Warning,
            case(&[OK]).controls(&[], &[]),
            case(&[OK, VARY]).controls(&[VARY], &[VARY]),
        ),
        (
            "vary-missing", // only the response without `Origin` lacks it
            Warning,
            case(&[OK, VARY]).controls(&[], &[VARY]),
            case(&[OK]).controls(&[OK], &[OK]),
        ),
        (
            "vary-missing", // no controls
            Warning,
            case(&[OK]),
            case(&[STAR]),
        ),
        (
            "vary-missing", // what no cache keeps needs none
            Warning,
            case(&[OK, ("Cache-Control", "private")]).controls(&[VARY], &[VARY]),
            case(&[OK, ("Cache-Control", "private, no-store")]).controls(&[VARY], &[VARY]),
        ),
        ("vary-wrong", Info, case(&[OK, ("Vary", "*")]), case(&[OK, ("Vary", "Accept, origin")])),
        (
            "vary-wrong", // needless
            Info,
            case(&[STAR, VARY]).controls(&[STAR], &[STAR]),
            case(&[STAR, VARY]).controls(&[], &[STAR]),
        ),
        (
            "static-allow-origin",
            Info,
            case(&[OK]).controls(&[OK], &[OK]),
            case(&[STAR]).controls(&[STAR], &[STAR]),
        ),
        (
            "reflects-any-origin",
            Problem,
            case(&[OK, TRUE, VARY]).include().controls(&[VARY], &[ECHOED, TRUE, VARY]),
            case(&[OK, TRUE, VARY]).include().controls(&[VARY], &[TRUE, VARY]),
        ),
        (
            "reflects-any-origin",
            Info,
            case(&[OK, VARY]).controls(&[VARY], &[ECHOED, VARY]),
            case(&[STAR]).controls(&[STAR], &[STAR]),
        ),
        ("duplicate-header", Problem, case(&[OK, OK]), case(&[OK, VARY, VARY])),
        (
            "duplicate-header",
            Info,
            case(&[OK, VARY, ("Access-Control-Expose-Headers", "a"), ("access-control-expose-headers", "b")]),
            case(&[OK, VARY, ("Access-Control-Expose-Headers", "a, b")]),
        ),
        (
            "max-age-over-limit",
            Info,
            preflighted().preflight(&[
                OK,
                ("Access-Control-Allow-Headers", "x-a"),
                ("Access-Control-Max-Age", "86400"),
            ]),
            preflighted().preflight(allowed),
        ),
        (
            "max-age-invalid",
            Warning,
            preflighted().preflight(&[
                OK,
                ("Access-Control-Allow-Headers", "x-a"),
                ("Access-Control-Max-Age", "10m"),
            ]),
            preflighted().preflight(allowed),
        ),
        (
            "max-age-invalid", // too large
            Warning,
            preflighted().preflight(&[
                OK,
                ("Access-Control-Allow-Headers", "x-a"),
                ("Access-Control-Max-Age", "99999999999999999999"),
            ]),
            preflighted().preflight(&[OK, ("Access-Control-Allow-Headers", "x-a")]),
        ),
        (
            "authorization-under-wildcard",
            Warning,
            preflighted().header("Authorization", "x").preflight(&[
                OK,
                ("Access-Control-Allow-Headers", "*"),
                MAX_AGE,
            ]),
            preflighted().header("Authorization", "x").preflight(allowed),
        ),
        (
            "allow-headers-wildcard-with-credentials",
            Warning,
            case(&[OK, TRUE, VARY]).include().header("X-A", "1").preflight(&[
                OK,
                TRUE,
                ("Access-Control-Allow-Headers", "*, x-a"),
                MAX_AGE,
            ]),
            preflighted().preflight(&[OK, ("Access-Control-Allow-Headers", "*, x-a"), MAX_AGE]),
        ),
        (
            "allow-methods-wildcard-with-credentials",
            Warning,
            case(&[OK, TRUE, VARY]).include().header("X-A", "1").preflight(&[
                OK,
                TRUE,
                ("Access-Control-Allow-Headers", "x-a"),
                ("Access-Control-Allow-Methods", "*"),
                MAX_AGE,
            ]),
            // Refused because of it: the refusal says so.
            case(&[OK, TRUE, VARY]).include().method("PUT").preflight(&[
                OK,
                TRUE,
                ("Access-Control-Allow-Methods", "*"),
            ]),
        ),
        (
            "needless-preflight",
            Info,
            case(&[OK, VARY]).header("X-Requested-With", "XMLHttpRequest").preflight(allowed),
            case(&[OK, VARY]).method("PUT").header("X-Requested-With", "XMLHttpRequest").preflight(allowed),
        ),
        (
            "needless-preflight", // JSON without a body
            Info,
            case(&[OK, VARY]).header("Content-Type", "application/json").preflight(allowed),
            case(&[OK, VARY]).method("POST").header("Content-Type", "application/json").preflight(allowed),
        ),
        (
            "needless-preflight", // one header that is needed
            Info,
            case(&[OK, VARY])
                .header("Cache-Control", "no-cache")
                .header("Pragma", "no-cache")
                .preflight(allowed),
            preflighted().header("Cache-Control", "no-cache").preflight(allowed),
        ),
        (
            "preflight-never-cached", // Firefox keeps no wildcard
            Warning,
            preflighted().preflight(&[OK, ("Access-Control-Allow-Headers", "*"), MAX_AGE]),
            preflighted().preflight(allowed),
        ),
        (
            "preflight-never-cached", // 5 s
            Info,
            preflighted().preflight(&[OK, ("Access-Control-Allow-Headers", "x-a")]),
            // Refused: not worth a word.
            preflighted().preflight(&[OK, ("Access-Control-Allow-Headers", "x-b")]),
        ),
        (
            "response-header-not-exposed",
            Info,
            case(&[OK, VARY, ("X-Order", "1"), ("Date", "now"), ("Content-Length", "0")]),
            case(&[
                OK,
                VARY,
                ("X-Order", "1"),
                ("Access-Control-Expose-Headers", "x-order"),
                ("Server", "x"),
                ("ETag", "1"),
                ("X-Request-Id", "7"),
                ("Link", "</a.css>; rel=preload"),
                ("CF-Ray", "1"),
            ]),
        ),
        (
            "expose-wildcard-with-credentials",
            Warning,
            case(&[OK, TRUE, VARY, ("Access-Control-Expose-Headers", "*")]).include(),
            case(&[OK, VARY, ("Access-Control-Expose-Headers", "*")]),
        ),
        (
            "expose-headers-invalid",
            Warning,
            case(&[OK, VARY, ("Access-Control-Expose-Headers", "ETag; Link")]),
            case(&[OK, VARY, ("Access-Control-Expose-Headers", "ETag, , Link")]),
        ),
        (
            "http-origin",
            Warning,
            case(&[("Access-Control-Allow-Origin", "http://app.example"), TRUE, VARY])
                .page("http://app.example")
                .include(),
            case(&[("Access-Control-Allow-Origin", "http://localhost:3000"), TRUE, VARY])
                .page("http://localhost:3000")
                .include(),
        ),
        (
            "null-origin-allowed",
            Problem,
            case(&[("Access-Control-Allow-Origin", "null"), TRUE]).page("null").include(),
            case(&[STAR]).page("null"),
        ),
        ("null-origin-allowed", Warning, case(&[("Access-Control-Allow-Origin", "null")]), case(&[OK])),
        (
            "credentials-useless",
            Warning,
            case(&[STAR, TRUE]),
            case(&[STAR, ("Access-Control-Allow-Credentials", "false")]),
        ),
        (
            "cookie-same-site",
            Warning,
            case(&[OK, TRUE, VARY, ("Set-Cookie", "sid=1; Path=/; SameSite=Lax")]).include(),
            case(&[OK, TRUE, VARY, ("Set-Cookie", "sid=1; Secure; samesite=NONE")]).include(),
        ),
        (
            "cookie-same-site", // the same site
            Warning,
            case(&[OK, TRUE, VARY, ("Set-Cookie", "sid=1; SameSite=None")]).include(),
            case(&[
                ("Access-Control-Allow-Origin", "https://www.api.test"),
                TRUE,
                VARY,
                ("Set-Cookie", "sid=1"),
            ])
            .page("https://www.api.test")
            .include(),
        ),
        (
            "cookie-same-site", // cookies that the user gave
            Info,
            Case { cookies_given: true, ..case(&[OK, TRUE, VARY]).include() },
            Case { cookies_given: true, ..case(&[OK, TRUE, VARY]) },
        ),
        (
            "set-cookie-ignored",
            Info,
            case(&[OK, VARY, ("Set-Cookie", "sid=1; Secure; SameSite=None")]),
            case(&[OK, TRUE, VARY, ("Set-Cookie", "sid=1; Secure; SameSite=None")]).include(),
        ),
        (
            "protocol-header-not-exposed",
            Warning,
            case(&[STAR, ("Link", "</x?p=2>; rel=\"next\"")]),
            case(&[STAR, ("Link", "</x.css>; rel=\"preload\"")]),
        ),
        (
            "location-is-http",
            Problem,
            case(&[STAR, ("Location", "http://api.test/x/1")]).method("POST").status(201),
            case(&[STAR, ("Location", "http://api.test/x/1")]).method("POST").status(200),
        ),
        (
            "embedding-refused", // an image that `fetch()` may read
            Warning,
            case(&[STAR, ("Content-Type", "image/png"), ("Cross-Origin-Resource-Policy", "same-origin")]),
            case(&[
                STAR,
                ("Content-Type", "application/json"),
                ("Cross-Origin-Resource-Policy", "same-origin"),
            ]),
        ),
        (
            "embedding-refused", // another site; and the same
            Warning,
            case(&[STAR, ("Content-Type", "image/png"), ("Cross-Origin-Resource-Policy", "same-site")]),
            case(&[STAR, ("Content-Type", "image/png"), ("Cross-Origin-Resource-Policy", "same-site")])
                .page("https://www.api.test"),
        ),
        (
            "https-only-host", // a top-level domain that browsers ask with https only
            Problem,
            case(&[STAR]).at("http://api.shop.dev:8080/x").page("http://localhost:3000"),
            case(&[STAR]).at("https://api.shop.dev:8080/x").page("http://localhost:3000"),
        ),
        (
            "https-only-host", // a whole label, and the last one
            Problem,
            case(&[STAR]).at("http://shop.app/x").page("http://localhost:3000"),
            case(&[STAR]).at("http://app.shop.example/x").page("http://localhost:3000"),
        ),
        (
            "https-only-host", // the server asked for it, over https
            Warning,
            Case {
                redirect: Some((307, &[STAR, ("Location", "https://api.test/x")])),
                ..case(&[STAR, ("Strict-Transport-Security", "max-age=31536000")])
                    .at("http://api.test/x")
                    .page("http://localhost:3000")
            },
            // What is said over http is not heeded.
            case(&[STAR, ("Strict-Transport-Security", "max-age=31536000")])
                .at("http://api.test/x")
                .page("http://localhost:3000"),
        ),
        (
            "html-where-data-was-asked",
            Warning,
            case(&[STAR, ("Content-Type", "text/html")]).header("Accept", "application/json"),
            case(&[STAR, ("Content-Type", "text/html")]).header("Accept", "text/html"),
        ),
        (
            "login-page-read", // on the page's own server
            Problem,
            Case {
                redirect: Some((302, &[("Location", "/users/sign_in")])),
                ..case(&[("Content-Type", "text/html")]).page("https://api.test")
            },
            Case { redirect: Some((302, &[("Location", "/x/")])), ..case(&[]).page("https://api.test") },
        ),
        (
            "refused-readably", // a guard names itself
            Problem,
            case(&[OK, VARY]).method("POST").status(403).body("CSRF Failed: Origin checking failed"),
            case(&[OK, VARY]).method("POST").status(403).body("Forbidden"),
        ),
        (
            "refused-readably", // the server does not know its own address
            Problem,
            case(&[]).page("https://api.test").method("POST").status(403).body("Invalid CORS request"),
            case(&[]).page("https://api.test").method("POST").status(200).body("Invalid CORS request"),
        ),
        (
            "refused-readably", // only who says an origin is refused
            Problem,
            Case { without_origin: Some((200, &[])), ..case(&[OK, VARY]).status(404) },
            Case { without_origin: Some((404, &[])), ..case(&[OK, VARY]).status(404) },
        ),
        ("refused-where-it-is-now", Warning, case(&[OK, VARY]).refused_for_location(), case(&[OK, VARY])),
        (
            "local-network-access",
            Warning,
            case(&[OK, VARY]).address("192.168.1.20"),
            case(&[OK, VARY]).address("93.184.216.34"),
        ),
        (
            "local-network-access", // a page that is local itself
            Warning,
            case(&[OK, VARY])
                .page("http://app.example")
                .address("127.0.0.1")
                .init(|init| init.url.set_scheme("http").unwrap()),
            case(&[("Access-Control-Allow-Origin", "http://localhost:3000"), VARY])
                .page("http://localhost:3000")
                .address("127.0.0.1"),
        ),
        (
            "ignored-request-header",
            Warning,
            case(&[OK, VARY]).header("Cookie", "a=b"),
            case(&[OK, VARY]).header("Accept", "text/plain"),
        ),
        (
            "ignored-request-header", // mode no-cors
            Warning,
            case(&[]).header("X-A", "1").init(|init| init.mode = Mode::NoCors),
            case(&[]).header("Content-Type", "text/plain").init(|init| init.mode = Mode::NoCors),
        ),
        (
            "websocket-any-origin",
            Warning,
            web_socket().own_query_from_elsewhere(101, &[]),
            web_socket().own_query_from_elsewhere(403, &[]),
        ),
    ]
}
