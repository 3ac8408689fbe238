//! Pastes as people make them: glued, cut, translated, logged; and what must not be read into them.

use corsac::browser::Engine;

use crate::ItemStage::{self, Network, Preflight, Redirect, Response};
use crate::pasted::read;

struct Expected {
    engine: Option<Engine>,
    code: Option<&'static str>,
    cors: Option<bool>,
    stage: Option<ItemStage>,
    url: Option<&'static str>,
    origin: Option<&'static str>,
}

const fn expected(
    engine: Option<Engine>,
    code: Option<&'static str>,
    cors: Option<bool>,
    stage: Option<ItemStage>,
) -> Expected {
    Expected { engine, code, cors, stage, url: None, origin: None }
}

const API: Option<&str> = Some("https://api.example/x");
const APP: Option<&str> = Some("https://app.example");
const CHROMIUM: Option<Engine> = Some(Engine::Chromium);
const FIREFOX: Option<Engine> = Some(Engine::Firefox);
const WEBKIT: Option<Engine> = Some(Engine::WebKit);
const CORS: Option<bool> = Some(true);

#[test]
fn each_paste_is_one_item_with_what_stands_in_it() {
    let missing = Some("allow-origin-missing");
    #[rustfmt::skip] // a table
    let table: &[(&str, &str, Expected)] = &[
        ("three lines of one failure",
         "Access to fetch at 'https://api.example/x' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.\napp.js:9 GET https://api.example/x net::ERR_FAILED 200 (OK)\nUncaught (in promise) TypeError: Failed to fetch\n    at load (app.js:9:3)",
         Expected { url: API, origin: APP, ..expected(CHROMIUM, missing, CORS, Some(Response)) }),
        ("the network line comes first",
         "POST https://api.example/x net::ERR_FAILED\nAccess to fetch at 'https://api.example/x' from origin 'https://app.example' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: It does not have HTTP ok status.",
         Expected { url: API, origin: APP, ..expected(CHROMIUM, Some("preflight-status"), CORS, Some(Preflight)) }),
        ("a placeholder instead of the URL",
         "Access to XMLHttpRequest at '<my-api>' from origin '[our site]' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
         expected(CHROMIUM, missing, CORS, Some(Response))),
        ("the place in the script in the middle",
         "Access to fetch at 'https://api.example/x' main.js:12 from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
         Expected { url: API, origin: APP, ..expected(CHROMIUM, missing, CORS, Some(Response)) }),
        ("the frame alone",
         "Access to fetch at 'https://api.example/x' from origin 'https://app.example' has been blocked by CORS policy",
         Expected { url: API, origin: APP, ..expected(CHROMIUM, missing, CORS, None) }),
        ("after a redirect",
         "Access to fetch at 'https://login.example/authorize' (redirected from 'https://api.example/x') from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
         Expected { url: Some("https://login.example/authorize"), origin: APP, ..expected(CHROMIUM, missing, CORS, Some(Redirect)) }),
        ("an asterisk that Markdown made emphasis",
         "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '_' when the request's credentials mode is 'include'.",
         expected(CHROMIUM, Some("credentials-wildcard"), CORS, None)),
        ("two headers in Firefox's words for a mismatch",
         "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/x. (Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘*, *’).",
         Expected { url: API, ..expected(FIREFOX, Some("allow-origin-multiple"), CORS, None) }),
        ("Firefox with its echo",
         "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/x. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 404. 2\nCross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/x. (Reason: CORS request did not succeed). Status code: (null).",
         Expected { url: API, ..expected(FIREFOX, missing, CORS, None) }),
        ("Firefox's network error",
         "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/x. (Reason: CORS request did not succeed). Status code: (null).",
         Expected { url: API, ..expected(FIREFOX, Some("network-error"), None, Some(Network)) }),
        ("WebKit's lines in another order",
         "[Error] Fetch API cannot load https://api.example/x due to access control checks.\n[Error] Failed to load resource: Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 403 (x, line 0)\n[Error] Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 403",
         Expected { url: API, origin: APP, ..expected(WEBKIT, missing, CORS, None) }),
        ("access control checks alone prove nothing",
         "Fetch API cannot load https://api.example/x due to access control checks.",
         Expected { url: API, ..expected(WEBKIT, None, None, None) }),
        ("what Chrome and Safari both printed in 2012",
         "XMLHttpRequest cannot load https://api.example/x. Origin https://app.example is not allowed by Access-Control-Allow-Origin.",
         Expected { url: API, origin: APP, ..expected(None, missing, CORS, None) }),
        ("Chrome of 2016",
         "XMLHttpRequest cannot load https://api.example/x. Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource. Origin 'https://app.example' is therefore not allowed access. The response had HTTP status code 502.",
         Expected { url: API, origin: APP, ..expected(CHROMIUM, missing, CORS, Some(Preflight)) }),
        ("Spanish",
         "Solicitud de origen cruzado bloqueada: La misma política de origen no permite la lectura de recursos remotos en https://api.example/x. (Razón: falta la cabecera CORS ‘Access-Control-Allow-Origin’). Código de estado: 404.",
         Expected { url: API, ..expected(FIREFOX, missing, CORS, None) }),
        ("Japanese",
         "クロスオリジン要求をブロックしました: 同一生成元ポリシーにより、https://api.example/x にあるリモートリソースの読み込みは拒否されます (理由: CORS ヘッダー ‘Access-Control-Allow-Origin’ が ‘https://www.example’ に一致しない)。",
         Expected { url: API, ..expected(FIREFOX, Some("allow-origin-mismatch"), CORS, None) }),
        ("axios", "AxiosError: Network Error\n    at XMLHttpRequest.handleError (xhr.js:116:14)\n{ code: 'ERR_NETWORK' }", expected(None, None, None, None)),
        ("Angular",
         "HttpErrorResponse {status: 0, statusText: 'Unknown Error', url: 'https://api.example/x', message: 'Http failure response for https://api.example/x: 0 Unknown Error'}",
         Expected { url: API, ..expected(None, None, None, None) }),
        ("an exception", "Uncaught (in promise) TypeError: Failed to fetch", expected(CHROMIUM, None, None, None)),
        ("the network panel", "Preflight Missing Allow Origin Header", expected(CHROMIUM, missing, CORS, Some(Preflight))),
        ("a network line that almost proves CORS", "GET https://api.example/x net::ERR_FAILED 200 (OK)",
         Expected { url: API, ..expected(CHROMIUM, missing, CORS, None) }),
        ("Express", "Error: Not allowed by CORS\n    at origin (/srv/app.js:14:16)", expected(None, Some("origin-not-allowed"), CORS, None)),
        ("Spring", "DEBUG DefaultCorsProcessor : Reject: 'https://app.example' origin is not allowed",
         Expected { origin: APP, ..expected(None, Some("origin-not-allowed"), CORS, None) }),
        ("Starlette", "HTTP/1.1 400 Bad Request\n\nDisallowed CORS origin", expected(None, Some("origin-not-allowed"), CORS, Some(Preflight))),
        ("jsdom", "Error: Cross origin https://app.example forbidden\n    at dispatchError (xhr-utils.js:63:19)",
         Expected { origin: APP, ..expected(None, missing, CORS, None) }),
        ("a log of Android", "I/chromium(2113): [INFO:CONSOLE(1)] \"Access to fetch at 'https://api.example/x' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.\", source: https://app.example/ (1)",
         Expected { url: API, origin: APP, ..expected(CHROMIUM, missing, CORS, Some(Response)) }),
        ("a string in JSON", r#"{"message": "Access to fetch at 'https://api.example/x' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.\nGET https://api.example/x net::ERR_FAILED"}"#,
         Expected { url: API, origin: APP, ..expected(CHROMIUM, missing, CORS, Some(Response)) }),
    ];
    for (name, text, expected) in table {
        let items = read(text).items;
        assert_eq!(items.len(), 1, "{name}: {items:#?}");
        let item = &items[0];
        let found =
            (item.engine, item.code(), item.cors, item.stage, item.url.as_deref(), item.origin.as_deref());
        let Expected { engine, code, cors, stage, url, origin } = expected;
        assert_eq!(found, (*engine, *code, *cors, *stage, *url, *origin), "{name}");
    }
}

#[test]
fn two_failures_are_two_items_in_their_order() {
    let line = |url: &str| {
        format!(
            "Access to fetch at '{url}' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.\nGET {url} net::ERR_FAILED"
        )
    };
    let items = read(&format!("{}\n{}", line("https://a.example/1"), line("https://b.example/2"))).items;
    let urls: Vec<_> = items.iter().map(|item| item.url.as_deref().unwrap()).collect();
    assert_eq!(urls, ["https://a.example/1", "https://b.example/2"]);
}

#[test]
fn secrets_are_nowhere_in_what_is_read() {
    let text = "Access to fetch at 'https://user:s3cret-p@api.example/x?access_token=s3cret-t&page=2' from origin 'https://app.example' has \
                been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.\n\
                Authorization: Bearer s3cret-b\nCookie: sid=s3cret-c; theme=dark\n{\"password\": \"s3cret-j\"}";
    let reading = read(text);
    let all = format!("{reading:?}");
    assert!(!all.contains("s3cret"), "{all}");
    assert!(all.contains("page=2") && all.contains("access_token=REDACTED"), "{all}");
}

#[test]
fn a_long_text_takes_time_in_proportion_to_its_length() {
    let line = "Access to fetch at 'https://api.example/x from origin 'Access to fetch at 'Origin 'Origin 'has been blocked by ((((((\n";
    let start = std::time::Instant::now();
    read(&line.repeat(100));
    let short = start.elapsed().max(std::time::Duration::from_millis(20));
    let start = std::time::Instant::now();
    read(&line.repeat(1_000));
    // Ten times the text may take thirty times as long on a busy machine, and not a hundred times.
    assert!(start.elapsed() < short * 60, "{:?} after {short:?}", start.elapsed());
}

#[test]
fn words_that_were_typed_off_the_screen_are_understood() {
    let items = read("Acess to fetch at 'https://api.example/x' from orgin 'https://app.example' has been bloked by CORS polcy: No Acces-Control-Alow-Origin header is present on the requested resource").items;
    assert_eq!(items.len(), 1, "{items:#?}");
    let item = &items[0];
    assert_eq!(
        (item.code(), item.engine, item.stage),
        (Some("allow-origin-missing"), CHROMIUM, Some(Response))
    );
    assert_eq!((item.url.as_deref(), item.origin.as_deref()), (API, APP));
    assert!(item.text.starts_with("Acess"), "{}", item.text);
}

#[test]
fn a_word_of_a_url_is_not_corrected() {
    let item = read("POST https://stats.example/colect net::ERR_BLOCKED_BY_CLIENT").items.remove(0);
    assert_eq!(
        (item.code(), item.url.as_deref()),
        (Some("blocked-by-client"), Some("https://stats.example/colect"))
    );
}

#[test]
fn an_image_message_of_2015_names_the_server_as_origin() {
    let item = read("Image from origin 'https://cdn.example' has been blocked from loading by Cross-Origin Resource Sharing policy: No 'Access-Control-Allow-Origin' header is present on the requested resource. Origin 'https://app.example' is therefore not allowed access.").items.remove(0);
    assert_eq!((item.origin.as_deref(), item.value("server")), (APP, Some("https://cdn.example")));
    assert_eq!((item.code(), item.url), (Some("allow-origin-missing"), None));
}

#[test]
fn lines_that_a_terminal_cut_within_words_are_joined() {
    let text = "Access to fetch at 'https://api.example/items' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.";
    for width in 60..90 {
        let cut: Vec<String> =
            text.as_bytes().chunks(width).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
        let items = read(&cut.join("\n")).items;
        assert_eq!(items.len(), 1, "{width}: {items:#?}");
        let item = &items[0];
        let found = (item.code(), item.url.as_deref(), item.origin.as_deref());
        assert_eq!(found, (Some("allow-origin-missing"), Some("https://api.example/items"), APP), "{width}");
    }
}

#[test]
fn translations_and_other_programs_are_read() {
    #[rustfmt::skip] // a table
    let table = [
        ("allow-origin-missing", "Blocage d’une requête multiorigines (Cross-Origin Request) : la politique « Same Origin » ne permet pas de consulter la ressource distante située sur https://api.example/x. Raison : l’en-tête CORS « Access-Control-Allow-Origin » est manquant. Code d’état : 200."),
        ("allow-origin-missing", "Richiesta multiorigine (cross-origin) bloccata: il criterio di corrispondenza dell’origine non consente la lettura della risorsa remota da https://api.example/x. Motivo: header CORS “Access-Control-Allow-Origin” mancante. Codice di stato: 404."),
        ("mixed-content", "Das Laden von gemischten aktiven Inhalten “http://api.example/x” wurde blockiert."),
        ("preflight-status", "XMLHttpRequest cannot load https://api.example/x. Invalid HTTP status code 401"),
        ("header-not-allowed", "SEC7123: Request header x-trace was not present in the Access-Control-Allow-Headers list."),
        ("origin-missing-scheme", "?: (corsheaders.E013) Origin 'app.example' in CORS_ALLOWED_ORIGINS is missing scheme or netloc"),
        ("credentials-any-origin", "System.InvalidOperationException: The CORS protocol does not allow specifying a wildcard (any) origin and credentials at the same time."),
    ];
    for (code, text) in table {
        let items = read(text).items;
        assert_eq!(
            (items.len(), items.first().and_then(|item| item.code())),
            (1, Some(code)),
            "{text}: {items:#?}"
        );
    }
    let item = read("Mixed Content: The page at 'https://app.example/start' was loaded over HTTPS, but requested an insecure resource 'http://api.example/x'. This request has been blocked; the content must be served over HTTPS.").items.remove(0);
    assert_eq!(item.origin.as_deref(), APP);
}

#[test]
fn many_failures_in_one_line_have_each_its_own_part() {
    let line: String = (0..200)
        .map(|number| {
            format!(
                "Method PUT is not allowed by Access-Control-Allow-Methods in preflight response. {} ",
                "x".repeat(2_000 + number)
            )
        })
        .collect();
    let items = read(&line).items;
    assert_eq!(items.len(), 200);
    assert!(
        items.iter().all(|item| item.text.starts_with("Method PUT") && item.text.len() < 100),
        "{:?}",
        items[0].text
    );
}

#[test]
fn many_translations_take_time_in_proportion_to_their_number() {
    let line = "L’en-tête CORS « Access-Control-Allow-Origin » est manquant : https://a.example/ Code d’état : 200.\nTypeError: Failed to fetch\n";
    let time = |times: usize| {
        let text = line.repeat(times);
        let start = std::time::Instant::now();
        read(&text);
        start.elapsed()
    };
    let short = time(300).max(std::time::Duration::from_millis(20));
    let long = time(6_000);
    assert!(long < short * 60, "{long:?} after {short:?}");
}

/// Found by `scripts/fuzz pasted`: the parts of a message that nothing separates.
#[test]
fn a_secret_that_a_message_takes_for_its_value_is_removed() {
    let text = "https://api.example/items?access_token=s3cret0123#topGET https://api.example/items net::ERR_FAILED 200 (OK)";
    let reading = read(text);
    assert_eq!(reading.items.len(), 1);
    assert!(!format!("{reading:?}").contains("s3cret"), "{reading:#?}");
}
