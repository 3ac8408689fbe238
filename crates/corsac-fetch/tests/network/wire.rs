//! What is sent and received with a server that is not hostile.

use std::io::{Read, Write};
use std::time::Duration;

use corsac::header::HeaderList;
use corsac_fetch::{Network, SendError};

use crate::support::{Server, get, options, received, send};

const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\n\r\n";

#[tokio::test]
async fn a_request_is_written_as_browsers_write_it() {
    let server = Server::answering(NO_CONTENT);
    let mut exchange = get(&format!("http://user:secret@{}/a%20b?c=|d#fragment", server.address));
    exchange.headers = HeaderList::from_iter([
        ("accept", "*/*"),
        ("x-list", "1"),
        ("ORIGIN", "https://app.example"),
        ("x-list", "2"),
    ]);
    send(options(), &exchange).await.unwrap();
    let expected = format!(
        "GET /a%20b?c=|d HTTP/1.1\r\n\
         Host: {}\r\n\
         Connection: keep-alive\r\n\
         User-Agent: Mozilla/5.0 (compatible; corsac/0.1)\r\n\
         accept: */*\r\n\
         x-list: 1\r\n\
         x-list: 2\r\n\
         ORIGIN: https://app.example\r\n\
         Accept-Encoding: gzip, deflate\r\n\r\n",
        server.address
    );
    assert_eq!(server.request(), expected);
}

/// Firefox joins lines of `Access-Control-Allow-Origin` by their spelling. Found by web-platform-tests, `/cors/origin.htm`.
#[tokio::test]
async fn lines_that_repeat_a_name_are_received_as_the_server_spelled_them() {
    const HEAD: &str = "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\nVary: Origin\r\n\
                        access-control-allow-origin:\r\nAccess-Control-Allow-Origin:\r\n\r\n";
    let server = Server::answering(HEAD);
    let received = send(options(), &get(&server.url())).await.unwrap();
    let names: Vec<&str> = received.head.headers.iter().map(|line| line.name.as_str()).collect();
    let expected =
        ["Access-Control-Allow-Origin", "access-control-allow-origin", "Access-Control-Allow-Origin", "vary"];
    assert_eq!(names, expected);
}

#[tokio::test]
async fn cookies_go_only_with_credentials() {
    let server = Server::answering(NO_CONTENT);
    let options = options().with(|options| options.cookies = vec!["a=b".into(), "session=1".into()]);
    let network = Network::new(options).unwrap();
    for credentials in [false, true] {
        let mut exchange = get(&server.url());
        exchange.credentials = credentials;
        network.send(&exchange, None, &mut |_| true).await.unwrap();
        assert_eq!(server.request().contains("Cookie: a=b; session=1\r\n"), credentials);
    }
}

#[tokio::test]
async fn a_body_goes_only_when_the_exchange_has_one() {
    let server = Server::answering(NO_CONTENT);
    let network = Network::new(options()).unwrap();
    let table = [
        ("POST", true, "Content-Length: 5", "hello"),
        ("DELETE", true, "Content-Length: 5", "hello"),
        ("POST", false, "Content-Length: 0", ""),
        ("PUT", false, "Content-Length: 0", ""),
        ("OPTIONS", false, "", ""),
        ("GET", false, "", ""),
        ("patch", false, "", ""),
    ];
    for (method, has_body, length, body) in table {
        let mut exchange = get(&server.url());
        exchange.method = method.into();
        exchange.body = has_body;
        network.send(&exchange, Some(b"hello"), &mut |_| true).await.unwrap();
        let request = server.request();
        let line = request.lines().find(|line| line.starts_with("Content-Length")).unwrap_or_default();
        assert_eq!((line, request.split("\r\n\r\n").nth(1).unwrap()), (length, body), "{method}");
        assert!(request.starts_with(&format!("{method} / HTTP/1.1")), "{request}");
        assert!(!request.contains("Transfer-Encoding"), "{request}");
    }
}

#[tokio::test]
async fn what_the_exchange_says_of_itself_is_not_overwritten() {
    let server = Server::answering(NO_CONTENT);
    let mut exchange = get(&server.url());
    exchange.headers.append("User-Agent", "mine");
    exchange.headers.append("Range", "bytes=0-9");
    send(options(), &exchange).await.unwrap();
    let request = server.request();
    assert!(request.contains("User-Agent: mine\r\n") && !request.contains("corsac/"), "{request}");
    assert!(request.contains("Accept-Encoding: identity\r\n"), "{request}");
}

#[tokio::test]
async fn what_cannot_be_written_as_http_is_not_sent() {
    let server = Server::answering(NO_CONTENT);
    let table = [("GET", "X", "a\r\nb"), ("GET", "X", "\0"), ("GET", "a b", "c"), ("G T", "X", "a")];
    for (method, name, value) in table {
        let mut exchange = get(&server.url());
        exchange.method = method.into();
        exchange.headers.append(name, value);
        let error = send(options(), &exchange).await.unwrap_err();
        assert!(matches!(error, SendError::Unsendable(_)), "{method} {name} {value:?}: {error}");
    }
    assert!(server.saw_no_request());
}

/// Web-platform-tests, fetch/api/headers/header-values.any.js.
#[tokio::test]
async fn every_byte_that_script_can_set_is_sent_and_read() {
    let value: Vec<u8> = b"x".iter().copied().chain(1..=255).filter(|byte| !b"\r\n".contains(byte)).collect();
    let body = b"\xff\xa0\xff\x81";
    let server = Server::new(|client| {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            client.stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let line = head.split(|byte| *byte == b'\n').find(|line| line.starts_with(b"sent: ")).unwrap();
        let echoed = [b"HTTP/1.1 200 OK\r\nEcho: ", &line[6..], b"\n\r\n", body].concat();
        client.write(&echoed);
        client.finish();
    });
    let mut exchange = get(&server.url());
    exchange.headers.append("sent", value.clone());
    let received = send(options(), &exchange).await.unwrap();
    assert_eq!(received.head.headers.get("echo").as_deref(), Some(&value[..]));
    assert_eq!(received.body.as_deref().unwrap(), body);
}

#[tokio::test]
async fn every_url_that_a_browser_can_ask_for_can_be_asked_for() {
    let server = Server::answering(NO_CONTENT);
    for ascii in 0x21..=0x7e_u8 {
        let ascii = char::from(ascii);
        let url = url::Url::parse(&format!("{}a{ascii}b/?c{ascii}d", server.url())).unwrap();
        let mut exchange = get(&server.url());
        exchange.url = url.clone();
        send(options(), &exchange).await.unwrap();
        let target = url[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
        assert!(server.request().starts_with(&format!("GET {target} HTTP/1.1\r\n")), "{url}");
    }
}

#[tokio::test]
async fn a_head_arrives_as_it_was_sent() {
    let server = Server::answering(
        &b"HTTP/1.1 404 Nothing here\r\n\
           Access-Control-Allow-Origin: https://a.example\r\n\
           Vary: Origin\r\n\
           access-control-allow-origin:\t*  \r\n\
           X-Latin: caf\xe9 \xff\xfe\r\n\
           Empty:\r\n\
           Content-Length: 2\r\n\r\nno"[..],
    );
    let received = received(&server.url()).await;
    assert_eq!(received.head.status, 404);
    let lines: Vec<_> =
        received.head.headers.iter().map(|line| (line.name.as_str(), &line.value[..])).collect();
    let expected: [(&str, &[u8]); 6] = [
        ("Access-Control-Allow-Origin", b"https://a.example"),
        ("access-control-allow-origin", b"*"),
        ("vary", b"Origin"),
        ("x-latin", b"caf\xe9 \xff\xfe"),
        ("empty", b""),
        ("content-length", b"2"),
    ];
    assert_eq!(lines, expected);
    assert_eq!(
        (received.body.as_deref().unwrap(), received.body_truncated, received.body_error),
        (&b"no"[..], false, None)
    );
    assert_eq!(received.version, hyper::Version::HTTP_11);
}

#[tokio::test]
async fn what_browsers_put_up_with_is_put_up_with() {
    let table: [(&str, &str, &str, Option<&str>); 8] = [
        ("space before the colon", "HTTP/1.1 200 OK\r\nVary : Origin\r\n\r\n", "vary", Some("Origin")),
        (
            "a folded line",
            "HTTP/1.1 200 OK\r\nVary: Origin,\r\n Accept\r\n\r\n",
            "vary",
            Some("Origin, Accept"),
        ),
        ("a line that is none", "HTTP/1.1 200 OK\r\nwhat\r\nVary: Origin\r\n\r\n", "vary", Some("Origin")),
        ("a control character", "HTTP/1.1 200 OK\r\nX: \x01y\x7f\r\n\r\n", "x", Some("\x01y\x7f")),
        ("line feeds alone", "HTTP/1.1 200 OK\nVary: Origin\n\n", "vary", Some("Origin")),
        ("no reason phrase", "HTTP/1.1 200\r\nVary: Origin\r\n\r\n", "vary", Some("Origin")),
        ("HTTP/1.0", "HTTP/1.0 200 OK\r\nVary: Origin\r\n\r\n", "vary", Some("Origin")),
        ("early hints", "HTTP/1.1 103 Early Hints\r\nVary: no\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "vary", None),
    ];
    for (name, answer, header, expected) in table {
        let received = received(&Server::answering(answer).url()).await;
        assert_eq!(received.head.status, 200, "{name}");
        assert_eq!(received.head.headers.text(header).as_deref(), expected, "{name}");
    }
}

#[tokio::test]
async fn a_server_that_answers_before_it_is_asked_is_heard() {
    let server = Server::new(|client| {
        client.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        client.finish();
    });
    assert_eq!(received(&server.url()).await.body.unwrap(), b"hello");
}

#[tokio::test]
async fn a_body_arrives_however_it_is_framed() {
    let table = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\nTrailer: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nhello",
        "HTTP/1.0 200 OK\r\n\r\nhello",
    ];
    for answer in table {
        let received = received(&Server::answering(answer).url()).await;
        assert_eq!(
            (received.body.as_deref().unwrap(), received.body_truncated),
            (&b"hello"[..], false),
            "{answer}"
        );
        assert_eq!(received.body_error, None, "{answer}");
    }
}

#[tokio::test]
async fn a_coded_body_arrives_without_its_coding() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(b"hello").unwrap();
    let mut answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".to_vec();
    answer.extend(encoder.finish().unwrap());
    let received = received(&Server::answering(answer).url()).await;
    assert_eq!(received.body.as_deref().unwrap(), b"hello");
    assert_eq!(received.head.headers.text("content-encoding").as_deref(), Some("gzip"));
}

#[tokio::test]
async fn responses_without_a_body_have_none() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    let server = Server::answering(answer);
    let mut exchange = get(&server.url());
    exchange.method = "HEAD".into();
    let received = send(options(), &exchange).await.unwrap();
    assert_eq!(
        (received.body.as_deref().unwrap().len(), received.body_truncated, received.body_error),
        (0, false, None)
    );
}

#[tokio::test]
async fn the_body_limit_cuts_and_zero_reads_nothing() {
    let none: Option<&[u8]> = None;
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    for (limit, body, truncated) in [
        (0, none, true),
        (4, Some(&b"hell"[..]), true),
        (5, Some(b"hello"), false),
        (6, Some(b"hello"), false),
    ] {
        let server = Server::answering(answer);
        let received =
            send(options().with(|options| options.body_limit = limit), &get(&server.url())).await.unwrap();
        assert_eq!((received.body.as_deref(), received.body_truncated), (body, truncated), "{limit}");
        assert_eq!(received.body_error, None);
    }
}

#[tokio::test]
async fn a_body_that_is_not_wanted_is_not_known() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    let errors_only = options().with(|options| options.body_wanted = |head| head.status >= 400);
    let server = Server::answering(answer);
    assert_eq!(send(errors_only, &get(&server.url())).await.unwrap().body, None);
}

#[tokio::test]
async fn each_stage_is_timed() {
    let server = Server::new(|client| {
        client.read_request();
        std::thread::sleep(Duration::from_millis(50));
        client.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n");
        std::thread::sleep(Duration::from_millis(50));
        client.write(b"x");
        client.finish();
    });
    let timings = received(&server.url()).await.timings;
    assert!(timings.head >= Duration::from_millis(49), "{timings:?}");
    // Not `head` + 50 ms: on a busy machine the head may be noticed late, while the body is on its way already.
    assert!(timings.total >= Duration::from_millis(99).max(timings.head), "{timings:?}");
    assert_eq!(timings.tls, Duration::ZERO);
}

#[tokio::test]
async fn a_redirect_is_a_response_like_any_other() {
    let server = Server::answering("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
    let received = received(&server.url()).await;
    assert_eq!((received.head.status, received.head.headers.len()), (302, 2));
    assert!(server.request().starts_with("GET / "));
    assert!(server.saw_no_request());
}

#[tokio::test]
async fn a_server_may_answer_before_it_has_read_the_body() {
    let server = Server::new(|client| {
        let mut byte = [0];
        client.stream.read_exact(&mut byte).unwrap();
        client.write(b"HTTP/1.1 413 Too large\r\nContent-Length: 2\r\n\r\nno");
        client.stream.read_exact(&mut byte).unwrap();
        std::thread::sleep(Duration::from_secs(5));
    });
    let mut exchange = get(&server.url());
    exchange.method = "POST".into();
    exchange.body = true;
    let body = vec![b'x'; 32 << 20];
    let network = Network::new(options()).unwrap();
    let received = network.send(&exchange, Some(&body), &mut |_| true).await.unwrap();
    assert_eq!((received.head.status, received.body.as_deref().unwrap()), (413, &b"no"[..]));
    assert!(received.timings.total < Duration::from_secs(5), "{:?}", received.timings);
}
