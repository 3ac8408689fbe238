//! Rows of causes in front of the CORS layer, or separate from it.

use super::table::Row;
use super::{Confidence, Headers, OK, get, put};

pub(super) fn rows() -> Vec<Row> {
    use Confidence::{Certain, Likely};
    const HTML: Headers = &[("Content-Type", "text/html; charset=utf-8")];
    const JSON: Headers = &[("Content-Type", "application/json")];
    const ALLOWS_ID: Headers =
        &[("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "X-Id")];
    vec![
        (
            "platform-wall", // a tunnel's page names itself
            Certain,
            false,
            put(
                (204, OK),
                (200, &[("Content-Type", "text/html"), ("ngrok-error-code", "ERR_NGROK_6024")], "<html>"),
            ),
            put((204, OK), (200, &[("Content-Type", "application/json")], "{}")),
        ),
        (
            "platform-wall", // the protection of a deployment refuses even the preflight
            Certain,
            false,
            put((401, &[("Set-Cookie", "_vercel_sso_nonce=x; Path=/")]), (200, OK, "")),
            put((401, &[]), (200, OK, "")),
        ),
        (
            "platform-wall",
            Certain,
            false,
            put((403, &[]), (200, &[], "<h2>Your client does not have permission to get URL /items</h2>")),
            put((403, &[]), (200, &[], "{\"detail\":\"Not authenticated\"}")),
        ),
        (
            "platform-wall", // nothing names itself, and the preflight was answered well
            Likely,
            false,
            put((204, OK), (200, HTML, "<title>Deployment protected</title>")),
            put((204, OK), (200, HTML, "<div id=\"root\"></div>")),
        ),
        (
            "platform-wall",
            Likely,
            false,
            put((204, OK), (403, HTML, "<title>Sign in to continue</title>")),
            put((204, OK), (403, HTML, "<center>nginx</center>")),
        ),
        (
            "platform-wall", // who asks without `Origin` gets the data: no wall is in front
            Likely,
            false,
            put((204, OK), (200, HTML, "<title>Hello</title>")).without_origin(200, HTML),
            put((204, OK), (200, HTML, "<title>Hello</title>")).without_origin(200, JSON),
        ),
        (
            "html-instead-of-data", // the start page of a web app
            Likely,
            false,
            get(200, HTML, "<title>Shop</title>\n<div id=\"root\"></div>"),
            get(200, HTML, "<title>Shop</title>").at("https://shop.example/items"),
        ),
        (
            "html-instead-of-data",
            Likely,
            false,
            put((204, OK), (200, HTML, "<div id=\"app\"></div>")).at("https://shop.example/items"),
            put((204, OK), (200, JSON, "{}")),
        ),
        (
            "headers-on-preflight-only", // a page was asked, and a page came
            Certain,
            true,
            get(200, HTML, "")
                .asked_with(&[("X-Id", "7")])
                .preflighted(ALLOWS_ID)
                .at("https://shop.example/page"),
            get(200, HTML, "").asked_with(&[("X-Id", "7")]).preflighted(ALLOWS_ID),
        ),
        (
            "challenge-page",
            Certain,
            false,
            get(202, &[("sg-captcha", "challenge")], ""),
            get(202, &[("sg-captcha", "passed")], ""),
        ),
        (
            "origin-guard", // it names itself
            Certain,
            false,
            get(
                403,
                &[],
                "{\"detail\":\"CSRF Failed: Origin checking failed - https://app.example does not match.\"}",
            ),
            get(403, &[], "{\"detail\":\"Not enough permissions\"}"),
        ),
        (
            "origin-guard", // of a login library, whose words are also those of CORS layers
            Certain,
            false,
            put((204, OK), (403, JSON, "{\"code\":\"INVALID_ORIGIN\",\"message\":\"Invalid origin\"}")),
            put((204, OK), (403, JSON, "{\"message\":\"Invalid origin\"}")),
        ),
        (
            "origin-guard", // a notebook server says 404, and only to foreign origins
            Certain,
            false,
            get(404, &[], "{\"message\": \"Not Found\", \"reason\": null}")
                .without_origin(200, &[])
                .to_its_own_origin(200, &[]),
            get(404, &[], "").without_origin(404, &[]).to_its_own_origin(404, &[]),
        ),
        ("origin-guard", Likely, false, get(404, &[], "").without_origin(200, &[]), get(404, &[], "")),
        (
            "origin-guard", // a CORS layer adds `Vary`
            Likely,
            false,
            get(421, &[], "").without_origin(200, &[]),
            get(421, &[("Vary", "Origin")], "").without_origin(200, &[]),
        ),
        (
            "origin-guard", // who answers `OPTIONS` with 404 may answer GET with 200, whoever asks
            Likely,
            false,
            put((404, &[]), (200, &[], "")).to_its_own_origin(200, &[]),
            put((404, &[]), (200, &[], "")).without_origin(200, &[]),
        ),
        (
            "origin-not-allowed", // a message of a CORS layer
            Certain,
            true,
            get(403, &[], "{\"error\":\"Origin not allowed\"}"),
            get(403, &[], "{\"error\":\"Not allowed\"}"),
        ),
        (
            "token-refused", // before the function runs
            Certain,
            false,
            put((204, OK), (401, JSON, "{\"code\":401,\"message\":\"Invalid JWT\"}")),
            put((204, OK), (200, JSON, "{\"code\":401,\"message\":\"Invalid JWT\"}")),
        ),
        (
            "token-refused",
            Certain,
            false,
            put((204, OK), (401, &[("WWW-Authenticate", "Bearer error=\"invalid_token\"")], "")),
            put((401, &[("WWW-Authenticate", "Bearer error=\"invalid_token\"")]), (401, &[], "")),
        ),
        (
            "token-refused", // no key at all; and what a user may not do is no matter of the token
            Certain,
            false,
            put((204, OK), (401, JSON, "{\"message\":\"No API key found in request\"}")),
            put((204, OK), (403, JSON, "{\"message\":\"Unauthorized for this project\"}")),
        ),
        (
            "token-refused",
            Likely,
            false,
            put((204, OK), (401, JSON, "{\"message\":\"Unauthorized\"}")),
            put((204, OK), (401, JSON, "{}")),
        ),
        (
            "login-redirect", // the page's own server, whose session is over
            Likely,
            false,
            get(302, &[("Location", "https://acme.cloudflareaccess.com/cdn-cgi/access/start")], "")
                .asked_by("https://api.example")
                .then(200, &[]),
            get(302, &[("Location", "https://files.example/7")], "")
                .asked_by("https://api.example")
                .then(200, &[]),
        ),
        (
            "platform-wall", // whatever the words of a page that is not the server's own
            Likely,
            false,
            put(
                (204, OK),
                (403, HTML, "<title>Forbidden</title><p>You do not have access. Ask your administrator.</p>"),
            ),
            put((204, OK), (403, HTML, "<title>403 Forbidden</title><address>Apache Server</address>")),
        ),
        (
            "platform-wall", // a function that only signed requests may call
            Certain,
            false,
            put((204, OK), (403, JSON, "{\"Message\":\"Forbidden\"}")),
            put((204, OK), (403, JSON, "{\"error\":\"Forbidden\"}")),
        ),
        (
            "html-instead-of-data", // no script asks for the start page of a web app
            Likely,
            false,
            get(200, HTML, "<div id=\"root\"></div>").at("https://shop.example/users"),
            get(200, HTML, "<h1>Users</h1>").at("https://shop.example/users"),
        ),
    ]
}
