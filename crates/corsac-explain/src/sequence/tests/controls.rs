//! What controls show.

use corsac::browser::{CompletedExchange, Exchange, ExchangeKind, NetworkError, NetworkErrorKind};

use super::{Answer, head, init};
use crate::sequence::{ControlRequest, control};

const OTHER: &str = "https://corsac-control.example";

fn shown(what: ControlRequest<'_>, kind: ExchangeKind, answer: Answer) -> serde_json::Value {
    let request = init("https://api.example.com/orders").build().unwrap();
    let mut exchange = Exchange::new(kind, "GET", request.init().url.clone());
    exchange.headers.append("Access-Control-Request-Method", "POST");
    exchange.headers.append("Access-Control-Request-Headers", "content-type,mcp-session-id");
    let [sent, received] = control(&request, what, &CompletedExchange::new(exchange, answer));
    assert_eq!(sent.to_json()["what"], what.as_str());
    assert_eq!(sent.to_json()["kind"], "control");
    received.to_json()
}

#[test]
fn each_control_says_what_it_shows() {
    let page = ("access-control-allow-origin", "https://app.example.com");
    let any = ("access-control-allow-origin", "*");
    let echo = ("access-control-allow-origin", OTHER);
    let credentials = ("access-control-allow-credentials", "true");
    let lists = ("access-control-allow-headers", "Content-Type, Mcp-Session-Id");
    let address = "127.0.0.1".parse().unwrap();
    let cases = [
        (ControlRequest::PlainGet, head(200, &[page]), "pass CORS is on for this origin"),
        (ControlRequest::PlainGet, head(200, &[]), "fail CORS is off for a GET too"),
        (ControlRequest::NoOrigin, head(200, &[]), "pass The URL works without Origin"),
        (ControlRequest::NoOrigin, head(500, &[]), "fail The URL fails without Origin, too"),
        (ControlRequest::OtherOrigin(OTHER), head(200, &[]), "pass Other origins are refused"),
        (ControlRequest::OtherOrigin(OTHER), head(200, &[page]), "pass Other origins are refused"),
        (
            ControlRequest::OtherOrigin(OTHER),
            head(200, &[any]),
            "pass Every origin is allowed, without credentials",
        ),
        (ControlRequest::OtherOrigin(OTHER), head(200, &[echo]), "pass Other origins are allowed, too"),
        (
            ControlRequest::OtherOrigin(OTHER),
            head(200, &[echo, credentials]),
            "fail Other origins are allowed, with credentials",
        ),
        (ControlRequest::OwnOrigin(OTHER), head(200, &[echo]), "pass The server's own origin is allowed"),
        (
            ControlRequest::NextPreflight("MCP"),
            head(200, &[page, lists]),
            "pass The next preflight is allowed",
        ),
        (ControlRequest::NextPreflight("MCP"), head(200, &[page]), "fail The next preflight is refused"),
        (ControlRequest::OtherAddress(address), head(404, &[]), "pass Another program answers there"),
    ];
    for (what, answer, expected) in cases {
        let kind = match what {
            ControlRequest::NextPreflight(_) => ExchangeKind::Preflight,
            _ => ExchangeKind::Request,
        };
        let received = shown(what, kind, answer);
        let line = &received["lines"][0];
        let words = ["result", "rule", "text"].map(|name| line[name].as_str().unwrap());
        assert_eq!(words.join(" "), expected, "{what:?}");
        let judged = received["lines"].as_array().unwrap().iter().filter(|line| !line["rule"].is_null());
        assert_eq!(judged.count(), 1, "{what:?}");
    }
}

#[test]
fn a_control_without_an_answer_has_an_error() {
    let refused = Err(NetworkError::new(NetworkErrorKind::Refused, ""));
    let received = shown(ControlRequest::NoOrigin, ExchangeKind::Request, refused);
    assert_eq!(
        (received["error"].as_str(), received["lines"].as_array().unwrap().len()),
        (Some("Connection refused"), 0)
    );
}
