//! `--as`: requests that a page makes without script.

use serde_json::Value;

use crate::command::{check, check_json};
use crate::server::{Server, response};

const STAR: &str = "Access-Control-Allow-Origin: *";

/// The findings that are about WebSockets.
fn about_web_sockets(report: &Value) -> Vec<&str> {
    let codes =
        report["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap());
    codes.filter(|code| code.starts_with("websocket-")).collect()
}

#[test]
fn each_kind_has_its_own_request_and_result() {
    type Row = (&'static [&'static str], &'static [&'static str], &'static str, &'static str);
    #[rustfmt::skip] // a table
    let table: &[Row] = &[
        (&["--as", "img"], &[], "opaque", "can show the image but not read it"),
        (&["--as", "img", "--crossorigin"], &[], "blocked", "as an image with `crossorigin=anonymous`"),
        (&["--as", "img", "--crossorigin=use-credentials"], &[STAR], "blocked", "crossorigin=use-credentials"),
        (&["--as", "img", "--crossorigin"], &[STAR], "readable", "from a canvas"),
        (&["--as", "script"], &["Content-Type: text/javascript"], "opaque", "Script error."),
        (&["--as", "module"], &[STAR, "Content-Type: text/html"], "failed", "text/html"),
        (&["--as", "video"], &[], "opaque", "can play the video"),
        (&["--as", "css-image"], &["Cross-Origin-Resource-Policy: same-origin"], "failed", "Cross-Origin-Resource-Policy"),
        (&["--as", "eventsource"], &[STAR, "Content-Type: text/event-stream"], "readable", "reads the events"),
        (&["--as", "eventsource", "--credentials", "include"], &[STAR, "Content-Type: text/event-stream"], "blocked", "an EventSource"),
        (&["--as", "beacon"], &[], "opaque", "The page cannot read the response."),
        (&["--as", "beacon", "-d", "{}", "-H", "Content-Type: application/json"], &[], "blocked", "a beacon"),
        (&["--as", "navigate"], &[], "opaque", "The browser opens the document."),
        (&["--as", "websocket"], &[], "failed", "status 200"),
    ];
    for (arguments, lines, verdict, words) in table {
        let server = Server::answering(response(200, lines));
        let run =
            check(&server.url("/x"), &[*arguments, &["--no-controls", "--engine", "chromium"]].concat());
        let headline = format!(" {}  ", verdict.to_uppercase());
        assert!(run.stdout.contains(&headline), "{arguments:?}: {run:#?}");
        let text = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(words), "{arguments:?}: no {words:?} in {text}");
        let report = check_json(&server.url("/x"), &[*arguments, &["--no-controls"]].concat());
        assert_eq!(report["as"], arguments[1], "{arguments:?}");
    }
}

#[test]
fn options_that_html_fixes_are_errors() {
    let table: &[(&[&str], &str)] = &[
        (&["--as", "img", "-X", "POST"], "always requested with GET"),
        (&["--as", "beacon", "-X", "PUT"], "always a POST"),
        (&["--as", "navigate", "-X", "PUT"], "links use GET"),
        (&["--as", "img", "--mode", "cors"], "`--crossorigin` makes it a CORS request"),
        (&["--as", "font", "--mode", "cors"], "cannot choose the mode of a font"),
        (&["--as", "video", "--credentials", "include"], "--crossorigin=use-credentials"),
        (&["--as", "websocket", "--credentials", "omit"], "cannot choose the credentials of a WebSocket"),
        (&["--as", "eventsource", "--credentials", "omit"], "withCredentials"),
        (&["--as", "eventsource", "--crossorigin"], "--credentials include"),
        (&["--as", "font", "--crossorigin"], "always a CORS request"),
        (&["--as", "script", "-H", "X-A: 1"], "the page cannot add headers"),
        (&["--as", "beacon", "-d", "x", "-H", "X-A: 1"], "only the type of a beacon's body"),
        (&["--as", "img", "-d", "x"], "without a body"),
        (&["--as", "img", "--redirect", "error"], "redirects of an image"),
        (&["--as", "img", "--force-preflight"], "upload listeners"),
        (&["--crossorigin"], "--as"),
        (&["--as", "iframe"], "navigate"),
        (&["--as", "img", "--crossorigin=yes"], "anonymous"),
    ];
    for (arguments, words) in table {
        let run = check("http://127.0.0.1:1/", arguments);
        assert_eq!(run.status, 2, "{arguments:?}: {run:#?}");
        let text = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(words), "{arguments:?}: no {words:?} in {text}");
    }
}

/// The key and its answer are those of RFC 6455, section 1.3.
#[test]
fn a_web_socket_that_opens_for_any_origin_is_a_warning() {
    const OPEN: [&str; 3] =
        ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="];
    let anybody = Server::answering(response(101, &OPEN));
    let listed = Server::new(|request| {
        let is_listed = request.header("origin") == Some("http://app.example");
        if is_listed { response(101, &OPEN) } else { response(403, &[]) }
    });
    for (server, expected) in [(&anybody, vec!["websocket-any-origin"]), (&listed, vec![])] {
        let url = server.url("/live").replace("http:", "ws:");
        let report = check_json(&url, &["--as", "websocket"]);
        assert_eq!(report["verdict"], "readable", "{report:#}");
        assert_eq!(about_web_sockets(&report), expected, "{report:#}");
        let requests = server.requests();
        let first = &requests[0];
        assert_eq!(
            (first.header("upgrade"), first.header("connection")),
            (Some("websocket"), Some("Upgrade"))
        );
        assert_eq!(first.header("origin"), Some("http://app.example"));
        assert_eq!(requests.last().unwrap().header("origin"), Some("http://corsac-control.example"));
        assert!(requests.iter().all(|request| request.target == "/live"), "{requests:#?}");
    }
}
