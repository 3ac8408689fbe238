//! Whole stories, as the page shows them.

use corsac::browser::{
    Api, BodyInit, BodyKind, Credentials, Engine, Load, Mode, NetworkError, NetworkErrorKind, PreflightCache,
    RedirectMode,
};

use super::{head, init, run_with, short, story};
use crate::sequence::{Step, steps};

const PAGE: (&str, &str) = ("access-control-allow-origin", "https://app.example.com");

#[track_caller]
fn assert_story(steps: &[serde_json::Value], expected: &str) {
    let expected: Vec<&str> =
        expected.lines().map(|line| line.strip_prefix("        ").unwrap_or(line)).collect();
    assert_eq!(short(steps).trim_end(), expected.join("\n").trim());
}

#[test]
fn a_preflight_without_the_header_shows_where_it_stopped() {
    let mut init = init("https://api.example.com/orders/42");
    init.method = "PUT".to_owned();
    init.credentials = Credentials::Include;
    init.headers.append("Content-Type", "application/json");
    let answer = head(
        200,
        &[
            ("Server", "nginx/1.26.3"),
            PAGE,
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-methods", "GET, PUT, DELETE"),
            ("access-control-allow-headers", "Authorization"),
            ("vary", "Origin"),
        ],
    );
    let steps = story(init, Engine::Chromium, &[answer]);
    assert_story(
        &steps,
        "
        call `fetch` PUT, JSON, `credentials: \"include\"` | Cross-origin, and PUT is not safelisted: ask first.
        lookup false | Nothing kept for PUT from this origin.
        sent preflight OPTIONS /orders/42
            Access-Control-Request-Method: PUT
            Access-Control-Request-Headers: content-type _content-type_
            Origin: https://app.example.com
        received 200 OK
          + Access-Control-Allow-Origin: https://app.example.com | CORS check, origin is the page's
          + Access-Control-Allow-Credentials: true | CORS check, credentials allowed
          + status: 200 | Preflight status, is 200 to 299
          + Access-Control-Allow-Methods: GET, PUT, DELETE | Preflight method, PUT is listed
          ! Access-Control-Allow-Headers: Authorization [content-type is missing] | Preflight headers, step 7.7: every name is listed
        unsent PUT /orders/42
        end blocked | `TypeError`: Failed to fetch",
    );
    assert_eq!(steps[2]["host"], "https://api.example.com");
    assert_eq!(steps[3]["lines"][4]["spec"], "https://fetch.spec.whatwg.org/#cors-preflight-fetch");
}

#[test]
fn a_header_that_is_not_exposed_is_one_that_script_does_not_see() {
    let mut init = init("https://api.example.com/items?page=2");
    init.credentials = Credentials::Include;
    let answer = head(
        200,
        &[
            PAGE,
            ("access-control-allow-credentials", "true"),
            ("content-type", "application/json"),
            ("content-length", "12"),
            ("x-total-count", "214"),
            ("date", "Sat, 28 Nov 2026 08:08:35 GMT"),
        ],
    );
    assert_story(
        &story(init, Engine::Firefox, &[answer]),
        "
        call `fetch` GET, `credentials: \"include\"` | Cross-origin and safelisted: no preflight.
        sent request GET /items?page=2
            Origin: https://app.example.com
        received 200 OK
          + Access-Control-Allow-Origin: https://app.example.com | CORS check, origin is the page's
          + Access-Control-Allow-Credentials: true | CORS check, credentials allowed
            X-Total-Count: 214 | hidden
        end readable | `Response` 200, body, 2 headers",
    );
}

#[test]
fn a_redirect_to_a_second_foreign_origin_makes_the_origin_null() {
    let answers = [head(302, &[PAGE, ("location", "https://files.example.net/42.pdf")]), head(200, &[PAGE])];
    assert_story(
        &story(init("https://api.example.com/download/42"), Engine::Chromium, &answers),
        "
        call `fetch` GET | Cross-origin and safelisted: no preflight.
        sent request GET /download/42
            Origin: https://app.example.com
        received 302 Found
          + Access-Control-Allow-Origin: https://app.example.com | CORS check, origin is the page's
            Location: https://files.example.net/42.pdf
        hop https://files.example.net | A second foreign origin: from here on, `Origin: null`
        sent redirect GET /42.pdf
            Origin: null _null_
        received 200 OK
          ! Access-Control-Allow-Origin: https://app.example.com [is not null] | CORS check, step 4: equal, byte for byte
        end blocked | `TypeError`: Failed to fetch",
    );
}

#[test]
fn a_connection_that_fails_is_what_came_back() {
    let refused = Err(NetworkError::new(NetworkErrorKind::Refused, "127.0.0.1:8000"));
    assert_story(
        &story(init("https://api.example.com/items"), Engine::WebKit, &[refused]),
        "
        call `fetch` GET | Cross-origin and safelisted: no preflight.
        sent request GET /items
            Origin: https://app.example.com
        received Connection refused: 127.0.0.1:8000
        end failed | `TypeError`: Load failed",
    );
}

#[test]
fn two_engines_differ_about_a_header() {
    let answer = || head(200, &[PAGE]);
    let init = || {
        init("https://api.example.com/items?page=2")
            .with(|init| init.headers.append("User-Agent", "orders-widget/1.2"))
    };
    assert_story(
        &story(init(), Engine::Firefox, &[answer()]),
        "
        call `fetch` GET, `User-Agent: orders-widget/1.2` | `user-agent` is not safelisted: ask first.
        lookup false | Nothing kept for `user-agent` from this origin.
        sent preflight OPTIONS /items?page=2
            Access-Control-Request-Method: GET
            Access-Control-Request-Headers: user-agent _user-agent_
            Origin: https://app.example.com
        received 200 OK
          + Access-Control-Allow-Origin: https://app.example.com | CORS check, origin is the page's
          + status: 200 | Preflight status, is 200 to 299
          ! Access-Control-Allow-Headers: null [user-agent is missing] | Preflight headers, step 7.7: every name is listed
        unsent GET /items?page=2
        end blocked | `TypeError`: NetworkError when attempting to fetch resource.",
    );
    assert_story(
        &story(init(), Engine::Chromium, &[answer()]),
        "
        call `fetch` GET, `User-Agent: orders-widget/1.2` | Chromium takes `User-Agent` for safelisted: no preflight.
        sent request GET /items?page=2
            Origin: https://app.example.com
        received 200 OK
          + Access-Control-Allow-Origin: https://app.example.com | CORS check, origin is the page's
        end readable | `Response` 200, body, no headers",
    );
}

#[test]
fn mode_no_cors_ends_in_an_opaque_response() {
    let init = init("https://api.example.com/ping").with(|init| init.mode = Mode::NoCors);
    assert_story(
        &story(init, Engine::Chromium, &[head(200, &[])]),
        "
        call `fetch` GET, `mode: \"no-cors\"` | Cross-origin in mode `no-cors`: sent without asking, and the page cannot read the response.
        sent request GET /ping
        received 200 OK
        end opaque | `Response` of type `opaque`: no status, no headers, no body",
    );
}

#[test]
fn cors_does_not_apply_to_the_own_origin() {
    assert_story(
        &story(init("https://app.example.com/me"), Engine::Chromium, &[head(404, &[("x-request", "7")])]),
        "
        call `fetch` GET | Same origin: CORS does not apply.
        sent request GET /me
        received 404 Not Found
        end readable | `Response` 404, body, 1 header",
    );
}

#[test]
fn mixed_content_is_never_sent() {
    assert_story(
        &story(init("http://api.example.com/items"), Engine::Chromium, &[head(200, &[])]),
        "
        call `fetch` GET | The browser refuses before it sends anything.
        unsent GET /items
          ! url: http://api.example.com/items _http:_ [is not https] | Mixed content, an https page asks only https
        end failed | `TypeError`: Failed to fetch",
    );
}

#[test]
fn an_answer_kept_from_before_makes_a_preflight_unnecessary() {
    let request =
        init("https://api.example.com/a").with(|init| init.method = "DELETE".to_owned()).build().unwrap();
    let allowed =
        head(200, &[PAGE, ("access-control-allow-methods", "DELETE"), ("access-control-max-age", "60")]);
    let mut cache = PreflightCache::default();
    let first = run_with(&request, Engine::Chromium, std::slice::from_ref(&allowed), &mut cache);
    let second = run_with(&request, Engine::Chromium, &[allowed], &mut cache);
    let json = |fetched| -> Vec<_> {
        steps(&request, fetched, Engine::Chromium, &[]).iter().map(Step::to_json).collect()
    };
    assert_story(
        &json(&first),
        "
        call `fetch` DELETE | Cross-origin, and DELETE is not safelisted: ask first.
        lookup false | Nothing kept for DELETE from this origin.
        sent preflight OPTIONS /a
            Access-Control-Request-Method: DELETE
            Origin: https://app.example.com
        received 200 OK
          + Access-Control-Allow-Origin: https://app.example.com | CORS check, origin is the page's
          + status: 200 | Preflight status, is 200 to 299
          + Access-Control-Allow-Methods: DELETE | Preflight method, DELETE is listed
            Access-Control-Max-Age: 60 | Preflight cache, is kept for 60 s
        sent request DELETE /a
            Origin: https://app.example.com
        received 200 OK
          + Access-Control-Allow-Origin: https://app.example.com | CORS check, origin is the page's
            Access-Control-Allow-Methods: DELETE
            Access-Control-Max-Age: 60
        end readable | `Response` 200, body, no headers",
    );
    assert_story(
        &json(&second),
        "
        call `fetch` DELETE | Cross-origin, and DELETE is not safelisted: ask first.
        lookup true | An earlier answer is kept and allows this request: no OPTIONS.
        sent request DELETE /a
            Origin: https://app.example.com
        received 200 OK
          + Access-Control-Allow-Origin: https://app.example.com | CORS check, origin is the page's
            Access-Control-Allow-Methods: DELETE
            Access-Control-Max-Age: 60
        end readable | `Response` 200, body, no headers",
    );
}

#[test]
fn a_redirected_preflight_shows_both_failures() {
    let init = init("https://api.example.com/a").with(|init| init.method = "PUT".to_owned());
    assert_story(
        &story(init, Engine::Firefox, &[head(301, &[("location", "/a/")])]),
        "
        call `fetch` PUT | Cross-origin, and PUT is not safelisted: ask first.
        lookup false | Nothing kept for PUT from this origin.
        sent preflight OPTIONS /a
            Access-Control-Request-Method: PUT
            Origin: https://app.example.com
        received 301 Moved Permanently
          ! Access-Control-Allow-Origin: null | CORS check, step 2: there is one
          ! status: 301 [redirects, which no preflight follows] | Preflight status, step 7: is 200 to 299
            Location: /a/
        unsent PUT /a
        end blocked | `TypeError`: NetworkError when attempting to fetch resource.",
    );
}

/// WebKit preflights the request that follows a redirect before it refuses the redirect itself.
#[test]
fn a_refusal_that_comes_late_stands_where_the_request_was_not_sent() {
    let init = init("https://app.example.com/a").with(|init| init.headers.append("X-Api", "1"));
    let answers = [
        head(307, &[("location", "http://api.example.com/b")]),
        head(200, &[PAGE, ("access-control-allow-headers", "*")]),
    ];
    assert_story(
        &story(init, Engine::WebKit, &answers),
        "
        call `fetch` GET, `X-Api: 1` | Same origin: CORS does not apply.
        sent request GET /a
            X-Api: 1
        received 307 Temporary Redirect
            Location: http://api.example.com/b
        hop http://api.example.com | Another origin than the page's: from here on, it is cross-origin
        lookup false | Nothing kept for `x-api` from this origin.
        sent preflight OPTIONS /b
            Access-Control-Request-Method: GET
            Access-Control-Request-Headers: x-api
            Origin: https://app.example.com
        received 200 OK
          + Access-Control-Allow-Origin: https://app.example.com | CORS check, origin is the page's
          + status: 200 | Preflight status, is 200 to 299
          + Access-Control-Allow-Headers: * | Preflight headers, `*` stands for every name
        unsent GET /b
          ! url: http://api.example.com/b _http:_ [is not https] | Mixed content, an https page asks only https
        end failed | `TypeError`: Load failed",
    );
}

#[test]
fn a_preflight_without_an_answer_is_sent_again() {
    let init = init("https://api.example.com/a").with(|init| init.method = "PUT".to_owned());
    let closed = || Err(NetworkError::new(NetworkErrorKind::Closed, ""));
    let steps = story(init, Engine::WebKit, &[closed(), closed()]);
    let names: Vec<&str> = steps.iter().filter_map(|step| step["step"].as_str()).collect();
    assert_eq!(names, ["call", "lookup", "sent", "received", "sent", "received", "unsent", "end"]);
}

#[test]
fn the_call_is_named_as_script_writes_it() {
    let url = "https://api.example.com/a";
    let json = BodyInit::new(BodyKind::Blob { media_type: "application/json".to_owned() }, *b"{}");
    let calls = [
        (
            "a form",
            init(url).with(|init| {
                init.method = "POST".to_owned();
                init.body = Some(BodyKind::UrlSearchParams.into());
            }),
            "`fetch` POST, a form",
        ),
        (
            "a blob",
            init(url).with(|init| {
                init.method = "POST".to_owned();
                init.body = Some(json);
            }),
            "`fetch` POST, JSON",
        ),
        (
            "many headers",
            init(url).with(|init| {
                for name in ["X-A", "X-B", "X-C", "X-D", "X-E"] {
                    init.headers.append(name, "1");
                }
            }),
            "`fetch` GET, `X-A: 1`, `X-B: 1`, `X-C: 1`, 2 more headers",
        ),
        (
            "a long value",
            init(url).with(|init| init.headers.append("Authorization", "a".repeat(41))),
            "`fetch` GET, `Authorization`",
        ),
        (
            "a redirect mode",
            init(url).with(|init| init.redirect = RedirectMode::Error),
            "`fetch` GET, `redirect: \"error\"`",
        ),
        (
            "XMLHttpRequest",
            init(url).with(|init| init.api = Api::XmlHttpRequest { upload_listeners: false }),
            "`XMLHttpRequest` GET",
        ),
        ("an image", init(url).for_load(Load::Image, None), "`<img>` GET"),
        (
            "an image with CORS",
            init(url).for_load(Load::Image, Some(corsac::browser::CrossOrigin::UseCredentials)),
            "`<img crossorigin=\"use-credentials\">` GET",
        ),
        ("a module", init(url).for_load(Load::ModuleScript, None), "`<script type=\"module\">` GET"),
    ];
    for (name, init, expected) in calls {
        let steps = story(init, Engine::Firefox, &[head(200, &[])]);
        assert_eq!(steps[0]["text"], expected, "{name}");
    }
}

#[test]
fn a_page_sees_events_of_elements() {
    let url = "https://cdn.example/a";
    let ends = [
        (Load::Image, head(200, &[("content-type", "image/png")]), "`load` event, to show but not to read"),
        (Load::Image, Err(NetworkError::new(NetworkErrorKind::Dns, "")), "`error` event"),
        (Load::Script, head(500, &[]), "`error` event"),
        (Load::Font, head(200, &[]), "no font"),
        (Load::EventSource, head(200, &[]), "`error` event"),
        (Load::Beacon, head(200, &[]), "nothing: the page is not told"),
        (Load::Navigation, head(200, &[]), "the document replaces the page"),
        (Load::WebSocket, head(403, &[]), "`error` event"),
    ];
    for (load, answer, expected) in ends {
        let url = if load == Load::WebSocket { "wss://cdn.example/a" } else { url };
        let steps = story(init(url).for_load(load, None), Engine::Chromium, &[answer]);
        assert_eq!(steps.last().unwrap()["text"], expected, "{load:?}");
    }
}
