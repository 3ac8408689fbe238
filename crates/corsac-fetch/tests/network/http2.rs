//! HTTP/2, agreed on under TLS: the same lines, the same bounds, and what can break.

use std::convert::Infallible;
use std::io::{Read, Write};
use std::sync::Arc;

use corsac::browser::NetworkErrorKind as Kind;
use corsac::header::HeaderList;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Request, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio_rustls::TlsAcceptor;

use crate::support::{Server, failure, get, send};
use crate::tls::{signed, tls_server, trusting};

/// An HTTP/2 server for one connection: its port.
async fn http2_server(
    answer: impl Fn(Request<hyper::body::Incoming>) -> Response<Full<Bytes>> + Send + Sync + Copy + 'static,
) -> u16 {
    let mut config = signed(&["localhost"], |_| {});
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let stream = acceptor.accept(listener.accept().await.unwrap().0).await.unwrap();
        let service =
            hyper::service::service_fn(move |request| async move { Ok::<_, Infallible>(answer(request)) });
        let _ = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
            .serve_connection(TokioIo::new(stream), service)
            .await;
    });
    port
}

#[tokio::test]
async fn http2_carries_the_same_lines() {
    let port = http2_server(|request| {
        let mut response = Response::new(Full::new(Bytes::from_static(b"hello")));
        for (name, value) in request.headers() {
            assert!(name != "host" && name != "connection");
            response
                .headers_mut()
                .append(format!("x-saw-{name}").parse::<HeaderName>().unwrap(), value.clone());
        }
        let target = HeaderValue::from_str(&format!("{} {}", request.method(), request.uri())).unwrap();
        response.headers_mut().insert("x-target", target);
        response.headers_mut().append("vary", HeaderValue::from_static("Origin"));
        response.headers_mut().append("vary", HeaderValue::from_bytes(b"caf\xe9").unwrap());
        response
    })
    .await;
    let mut exchange = get(&format!("https://u:p@localhost:{port}/a?b#c"));
    exchange.method = "PUT".into();
    exchange.credentials = true;
    exchange.headers =
        HeaderList::from_iter([("Origin", "https://app.example"), ("X-List", "1"), ("X-List", "2")]);
    let options = trusting().with(|options| options.cookies = vec!["a=b".into()]);
    let received = send(options, &exchange).await.unwrap();
    assert_eq!((received.version, received.body.as_deref().unwrap()), (Version::HTTP_2, &b"hello"[..]));
    let headers = &received.head.headers;
    assert_eq!(headers.text("x-target"), Some(format!("PUT https://localhost:{port}/a?b")));
    assert_eq!(headers.text("x-saw-origin").as_deref(), Some("https://app.example"));
    assert_eq!(headers.text("x-saw-x-list").as_deref(), Some("1, 2"));
    assert_eq!(headers.text("x-saw-cookie").as_deref(), Some("a=b"));
    assert_eq!(headers.text("x-saw-content-length").as_deref(), Some("0"));
    assert_eq!(headers.text("x-saw-accept-encoding").as_deref(), Some("gzip, deflate, br"));
    assert_eq!(headers.all("vary").collect::<Vec<_>>(), [&b"Origin"[..], b"caf\xe9"]);
}

#[tokio::test]
async fn http2_takes_large_heads_and_cuts_large_bodies() {
    let port = http2_server(|_request| {
        let mut response = Response::new(Full::new(Bytes::from(vec![b'x'; 8 << 20])));
        for number in 0..2_000 {
            response
                .headers_mut()
                .append("vary", HeaderValue::from_str(&format!("x-header-{number}")).unwrap());
        }
        response
    })
    .await;
    let received = send(trusting(), &get(&format!("https://localhost:{port}/"))).await.unwrap();
    assert_eq!(received.head.headers.all("vary").count(), 2_000);
    assert_eq!((received.body.as_deref().unwrap().len(), received.body_truncated), (1 << 20, true));
}

/// A frame of HTTP/2.
fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags, 0, 0, 0, stream], payload].concat()
}

const SETTINGS: u8 = 4;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;

/// A server that agrees on HTTP/2, and then sends these bytes once and those again and again.
fn raw_http2(once: Vec<u8>, again: Vec<u8>) -> Server {
    let mut config = signed(&["localhost"], |_| {});
    config.alpn_protocols = vec![b"h2".to_vec()];
    tls_server(config, move |stream| {
        let mut preface = [0; 24];
        stream.read_exact(&mut preface).unwrap();
        let _ = stream.write_all(&frame(SETTINGS, 0, 0, &[]));
        let _ = stream.write_all(&once).and_then(|()| stream.flush());
        while !again.is_empty() && stream.write_all(&again).is_ok() {}
        let mut rest = [0; 1024];
        while matches!(stream.read(&mut rest), Ok(1..)) {}
    })
}

#[tokio::test]
async fn each_violation_of_http2_has_a_message() {
    // `x: xxx...`, not indexed; `:status: 200` first.
    let line = [&[0x00, 1, b'x', 100][..], &[b'x'; 100]].concat();
    let head = [&[0x88][..], &line].concat();
    let early_hints = frame(HEADERS, 4, 1, &[0x08, 3, b'1', b'0', b'3']);
    let table = [
        ("reset", frame(RST_STREAM, 0, 1, &[0, 0, 0, 7]), vec![], Kind::Closed),
        ("going away", frame(GOAWAY, 0, 0, &[0, 0, 0, 0, 0, 0, 0, 11]), vec![], Kind::Closed),
        (
            "endless head",
            frame(HEADERS, 0, 1, &head),
            frame(CONTINUATION, 0, 1, &line.repeat(100)),
            Kind::Malformed,
        ),
        (
            "empty continuations",
            frame(HEADERS, 0, 1, &head),
            frame(CONTINUATION, 0, 1, &[]).repeat(100),
            Kind::Malformed,
        ),
        (
            "large head",
            frame(HEADERS, 0, 1, &head),
            {
                let mut large = frame(CONTINUATION, 0, 1, &line.repeat(100)).repeat(40);
                large.extend(frame(CONTINUATION, 4, 1, &line));
                large
            },
            Kind::Malformed,
        ),
        ("endless early hints", vec![], early_hints.repeat(100), Kind::Malformed),
        ("endless settings", vec![], frame(SETTINGS, 0, 0, &[]).repeat(100), Kind::Malformed),
        ("not HTTP/2", b"HTTP/1.1 200 OK\r\n\r\n".repeat(10), vec![], Kind::Malformed),
        ("unknown frames", vec![], frame(99, 0, 0, &[0; 1000]), Kind::Malformed),
    ];
    for (name, once, again, kind) in table {
        let server = raw_http2(once, again);
        let url = format!("https://localhost:{}/", server.address.port());
        let error = failure(trusting(), &url).await;
        assert_eq!(error.kind, kind, "{name}: {error}");
    }
}
