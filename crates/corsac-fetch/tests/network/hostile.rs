//! Servers that mean no good, or do not work. Each must end in a clear outcome, in time and within bounds.

use std::time::Duration;

use corsac::browser::NetworkErrorKind as Kind;

use crate::support::{Server, fails, failure, get, hasty, options, received, send};

/// More bytes than loopback sockets buffer.
const IN_FLIGHT: usize = 32 << 20;

/// Writes `start`, then `again` for as long as the client takes it.
fn endless(start: &'static str, again: Vec<u8>) -> Server {
    Server::new(move |client| {
        client.read_request();
        client.write(start.as_bytes());
        while client.write(&again) {}
    })
}

#[tokio::test]
async fn endless_heads_are_cut_off() {
    let table = [
        (
            "many lines",
            "HTTP/1.1 200 OK\r\n",
            b"X-Filler: 0123456789012345678901234567890123456789\r\n".repeat(50),
        ),
        ("short lines", "HTTP/1.1 200 OK\r\n", b"a:\r\n".repeat(1000)),
        ("distinct or not a line", "HTTP/1.1 200 OK\r\n", b"what\r\n".repeat(1000)),
        ("one line", "HTTP/1.1 200 OK\r\nX: ", vec![b'x'; 4096]),
        ("one name", "HTTP/1.1 200 OK\r\nX", vec![b'x'; 4096]),
        ("reason phrase", "HTTP/1.1 200 ", vec![b'x'; 4096]),
        ("folded lines", "HTTP/1.1 200 OK\r\nX: y\r\n", b" folded\r\n".repeat(500)),
        ("line feeds", "", vec![b'\n'; 4096]),
        ("informational", "", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(50)),
        ("short informational", "", b"HTTP/1.1 100 \r\n\r\n".repeat(200)),
    ];
    for (name, start, again) in table {
        let server = endless(start, again);
        let error = failure(options(), &server.url()).await;
        assert_eq!(error.kind, Kind::Malformed, "{name}: {error}");
        assert!(server.written() < IN_FLIGHT, "{name}: {} bytes", server.written());
    }
}

#[tokio::test]
async fn a_head_as_large_as_browsers_take_is_taken() {
    let items: Vec<String> = (0..10_000).map(|n| format!("x-header-{n}")).collect();
    let list = items.join(", ");
    let one_line = format!("HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Headers: {list}\r\n\r\n");
    let received_list = received(&Server::answering(one_line).url()).await;
    assert_eq!(
        received_list.head.headers.text("access-control-allow-headers").as_deref(),
        Some(list.as_str())
    );

    let lines: String = items.iter().map(|item| format!("Vary: {item}\r\n")).collect();
    let many_lines = format!("HTTP/1.1 204 No Content\r\n{lines}\r\n");
    assert_eq!(received(&Server::answering(many_lines).url()).await.head.headers.all("vary").count(), 10_000);

    let names: String = items.iter().map(|item| format!("{item}: 1\r\n")).collect();
    let many_names = format!("HTTP/1.1 204 No Content\r\n{names}\r\n");
    assert_eq!(received(&Server::answering(many_names).url()).await.head.headers.len(), 10_000);

    let large = format!("HTTP/1.1 204 No Content\r\nX: {}\r\n\r\n", "x".repeat(250 * 1024));
    assert_eq!(received(&Server::answering(large).url()).await.head.headers.len(), 1);
}

#[tokio::test]
async fn a_body_of_100_megabytes_is_not_read() {
    const SIZE: usize = 100 << 20;
    let table = [
        format!("HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n"),
        "HTTP/1.1 200 OK\r\n\r\n".to_owned(),
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{SIZE:x}\r\n"),
    ];
    for head in table {
        let server = Server::new(move |client| {
            client.read_request();
            client.write(head.as_bytes());
            let block = vec![b'x'; 64 << 10];
            (0..SIZE / block.len()).all(|_| client.write(&block));
        });
        let received = received(&server.url()).await;
        assert_eq!((received.head.status, received.body.as_deref().unwrap().len()), (200, 1 << 20));
        assert!(received.body_truncated && received.body_error.is_none());
        let capacity = received.body.as_ref().unwrap().capacity();
        assert!(capacity <= 4 << 20, "{capacity}");
        assert!(server.written() < IN_FLIGHT, "{}", server.written());
    }
}

#[tokio::test]
async fn a_drip_of_header_bytes_times_out() {
    let server = Server::new(|client| {
        client.read_request();
        client.write(b"HTTP/1.1 200 OK\r\nX: ");
        while client.write(b"x") {
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    let error = fails(hasty(), &server.url(), Kind::Timeout).await;
    assert!(error.message.contains("bytes came"), "{error}");
}

#[tokio::test]
async fn a_drip_of_body_bytes_gives_the_head() {
    let server = Server::new(|client| {
        client.read_request();
        client.write(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n");
        while client.write(b"x") {
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    let until_timeout = send(hasty(), &get(&server.url())).await.unwrap();
    let impatient = options().with(|options| options.body_timeout = Duration::from_millis(100));
    let until_body_timeout = send(impatient, &get(&server.url())).await.unwrap();
    for received in [until_timeout, until_body_timeout] {
        assert_eq!(received.head.headers.text("access-control-allow-origin").as_deref(), Some("*"));
        assert!(received.body_truncated && received.body.as_deref().unwrap().starts_with(b"x"));
        assert_eq!(received.body_error.unwrap().kind, Kind::Timeout);
    }
}

#[tokio::test]
async fn silence_times_out() {
    let server = Server::new(|client| client.wait());
    let error = fails(hasty(), &server.url(), Kind::Timeout).await;
    assert_eq!(error.message, "no byte of a response within 300ms");
}

#[tokio::test]
async fn what_is_not_http_says_what_it_is() {
    let table: [(&[u8], &str); 7] = [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "`SSH-2.0-OpenSSH_9.6`"),
        (b"220 mail.example ESMTP\r\n", "`220 mail.example ESMTP`"),
        (b"-ERR unknown command 'GET'\r\n", "`-ERR unknown"),
        (b"<html>HTTP/0.9</html>", "`<html>HTTP/0.9</html>`"),
        (b"\x15\x03\x01\x00\x02\x02\x0a", "https://"),
        (b"\x00\x01\xff\xfe\r\n\r\n", "`\\x00\\x01\\xff\\xfe`"),
        (b"HTTP/2.0 200 OK\r\n\r\n", "HTTP/2.0"),
    ];
    for (answer, said) in table {
        // Both who speaks first and who answers.
        let first = Server::new(move |client| {
            client.write(answer);
            client.finish();
        });
        for server in [first, Server::answering(answer)] {
            let error = failure(options(), &server.url()).await;
            assert_eq!(error.kind, Kind::Malformed, "{said}: {error}");
            assert!(error.message.contains(said), "{said}: {error}");
        }
    }
}

#[tokio::test]
async fn bad_framing_is_malformed() {
    let table = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nhello",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ];
    for answer in table {
        let error = failure(options(), &Server::answering(answer).url()).await;
        assert_eq!(error.kind, Kind::Malformed, "{answer:?}: {error}");
    }
}

#[tokio::test]
async fn a_connection_that_ends_too_early_is_closed() {
    let at_once = Server::new(|_client| {});
    let half_closed = Server::new(|client| {
        client.stream.shutdown(std::net::Shutdown::Write).unwrap();
        client.wait();
    });
    let after_the_request = Server::answering("");
    let in_the_status_line = Server::answering("HTTP/1.");
    let in_the_head = Server::answering("HTTP/1.1 200 OK\r\nVary: Ori");
    let before_the_empty_line = Server::answering("HTTP/1.1 200 OK\r\nVary: Origin\r\n");
    let after_early_hints = Server::answering("HTTP/1.1 103 Early Hints\r\n\r\n");
    // Unread bytes in the buffer of a socket turn its closing into a reset.
    let reset = Server::new(|client| {
        let mut byte = [0];
        let _ = std::io::Read::read(&mut client.stream, &mut byte);
    });
    let table = [
        ("at once", at_once),
        ("half-closed", half_closed),
        ("after the request", after_the_request),
        ("in the status line", in_the_status_line),
        ("in the head", in_the_head),
        ("before the empty line", before_the_empty_line),
        ("after early hints", after_early_hints),
        ("reset", reset),
    ];
    for (name, server) in table {
        let error = failure(options(), &server.url()).await;
        assert_eq!(error.kind, Kind::Closed, "{name}: {error}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_still_gives_the_head() {
    let table = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", "hello", Kind::Closed),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "hello", Kind::Closed),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n",
            "hello",
            Kind::Malformed,
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", "", Kind::Malformed),
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", "", Kind::Malformed),
    ];
    for (answer, body, kind) in table {
        let received = received(&Server::answering(answer).url()).await;
        assert_eq!((received.head.status, received.body_truncated), (200, true), "{answer:?}");
        assert_eq!(received.body.as_deref().unwrap(), body.as_bytes(), "{answer:?}");
        let error = received.body_error.unwrap();
        assert_eq!(error.kind, kind, "{answer:?}: {error}");
    }
}

#[tokio::test]
async fn endless_chunk_decoration_is_bounded() {
    let table = [
        ("extension", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", vec![b'x'; 4096]),
        (
            "trailers",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            b"X-Filler: 0123456789012345678901234567890123456789\r\n".repeat(50),
        ),
    ];
    for (name, start, again) in table {
        let server = endless(start, again);
        let received = received(&server.url()).await;
        assert_eq!(received.head.status, 200, "{name}");
        assert_eq!(received.body_error.map(|error| error.kind), Some(Kind::Malformed), "{name}");
        assert!(server.written() < IN_FLIGHT, "{name}: {}", server.written());
    }
}
