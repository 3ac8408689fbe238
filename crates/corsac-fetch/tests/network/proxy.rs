//! Through a proxy: for `http` by the whole URL, for `https` by CONNECT.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpStream};
use std::time::Duration;

use corsac::browser::NetworkErrorKind as Kind;
use corsac_fetch::{Network, NetworkOptions, Peer, ProxySettings};

use crate::support::{Noted, Server, fails, get, hasty, options};

fn through(proxy: &Server) -> NetworkOptions {
    let url = format!("http://user:pass%20word@{}", proxy.address);
    let proxy =
        ProxySettings { http: Some(url.clone()), https: Some(url), except: Some("direct.invalid".into()) };
    options().with(|options| options.proxy = proxy)
}

const PEER: Peer = Peer { address: IpAddr::V4(Ipv4Addr::LOCALHOST), proxied: true };

#[tokio::test]
async fn http_goes_to_the_proxy_with_the_whole_url() {
    let proxy = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    let network = Network::new(through(&proxy)).unwrap();
    let peers = Noted::new();
    let mut note = |peer| {
        peers.note(peer);
        true
    };
    let received = network.send(&get("http://u:p@api.example/a?b#c"), None, &mut note).await.unwrap();
    assert_eq!((received.body.as_deref().unwrap(), received.peer), (&b"hello"[..], Some(PEER)));
    assert_eq!(peers.all(), [PEER]);
    let request = proxy.request();
    assert!(request.starts_with("GET http://api.example/a?b HTTP/1.1\r\nHost: api.example\r\n"), "{request}");
    assert!(request.contains("Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=\r\n"), "{request}");
}

#[tokio::test]
async fn exceptions_and_overrides_and_this_machine_are_reached_directly() {
    let proxy = Server::new(|_client| {});
    let server = Server::answering("HTTP/1.1 204 No Content\r\n\r\n");
    let port = server.address.port();
    let resolve = vec![format!("api.example:{port}:127.0.0.1").parse().unwrap()];
    let network = Network::new(through(&proxy).with(|options| options.resolve = resolve)).unwrap();
    for url in [format!("http://api.example:{port}/"), server.url(), format!("http://app.localhost:{port}/")]
    {
        let received = network.send(&get(&url), None, &mut |_| true).await.unwrap();
        assert!(!received.peer.unwrap().proxied, "{url}");
        assert!(!server.request().contains("Proxy-"), "{url}");
    }
    let options = through(&proxy).with(|options| options.timeout = Duration::from_secs(2));
    fails(options, "http://api.direct.invalid/", Kind::Dns).await;
}

#[tokio::test]
async fn https_goes_through_a_tunnel() {
    let server = crate::tls::answering(
        crate::tls::signed(&["api.example"], |_| {}),
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    );
    let target = server.address;
    let proxy = Server::new(move |client| {
        client.read_request();
        let mut server = TcpStream::connect(target).unwrap();
        client.write(b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n");
        let (mut from, mut to) = (client.stream.try_clone().unwrap(), server.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut from, &mut to));
        let _ = std::io::copy(&mut server, &mut client.stream);
    });
    let network = Network::new(through(&proxy).with(|options| options.insecure = true)).unwrap();
    let received = network.send(&get("https://api.example/a"), None, &mut |_| true).await.unwrap();
    assert_eq!((received.body.as_deref().unwrap(), received.peer), (&b"hello"[..], Some(PEER)));
    assert_eq!(
        proxy.request(),
        "CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\n\
         Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=\r\n\r\n"
    );
}

#[tokio::test]
async fn a_proxy_may_itself_be_spoken_to_over_tls() {
    let proxy = crate::tls::tls_server(crate::tls::signed(&["127.0.0.1"], |_| {}), |stream| {
        let request = crate::support::read_request(stream);
        let answer = if request.starts_with("GET http://api.example/ HTTP/1.1\r\n") { "204" } else { "400" };
        let _ = stream.write_all(format!("HTTP/1.1 {answer} X\r\n\r\n").as_bytes());
        let _ = stream.flush();
    });
    let settings =
        ProxySettings { http: Some(format!("https://{}", proxy.address)), ..ProxySettings::default() };
    let options = options().with(|options| options.proxy = settings);
    let error = fails(options.clone(), "http://api.example/", Kind::Proxy).await;
    assert!(error.message.contains("certificate"), "{error}");
    let network = Network::new(options.with(|options| options.insecure = true)).unwrap();
    let received = network.send(&get("http://api.example/"), None, &mut |_| true).await.unwrap();
    assert_eq!(received.head.status, 204);
}

#[tokio::test]
async fn each_failure_of_a_proxy_has_a_message() {
    let table = [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
            "user name and a password",
        ),
        ("HTTP/1.1 403 Forbidden\r\n\r\nno", "`HTTP/1.1 403 Forbidden`"),
        ("HTTP/1.1 502 Bad Gateway\r\n\r\n", "`HTTP/1.1 502 Bad Gateway`"),
        ("SSH-2.0-OpenSSH_9.6\r\n", "SSH-2.0-OpenSSH_9.6"),
        ("HTTP/1.1 200 OK\r\n\r\nsurprise", "sent data before"),
        ("", "did not answer"),
    ];
    for (answer, said) in table {
        let proxy = Server::answering(answer);
        let error = fails(through(&proxy), "https://api.example/", Kind::Proxy).await;
        assert!(error.message.contains(said), "{answer:?}: {error}");
        assert!(!error.message.contains("pass word"), "{error}");
    }
    let wants_password = Server::answering("HTTP/1.1 407 X\r\nContent-Length: 0\r\n\r\n");
    fails(through(&wants_password), "http://api.example/", Kind::Proxy).await;

    let endless = Server::new(|client| {
        client.read_request();
        client.write(b"HTTP/1.1 200 OK\r\n");
        while client.write(b"X: 0123456789012345678901234567890123456789\r\n") {}
    });
    fails(through(&endless), "https://api.example/", Kind::Proxy).await;

    let silent = Server::new(|client| client.wait());
    let slow = through(&silent).with(|options| options.timeout = hasty().timeout);
    let error = fails(slow, "https://api.example/", Kind::Timeout).await;
    assert!(error.message.contains("the proxy"), "{error}");

    for (url, said) in [
        ("http://127.0.0.1:1", "refused"),
        ("socks5://127.0.0.1:1", "socks5"),
        ("http://p.invalid:1", "p.invalid"),
    ] {
        let settings = ProxySettings { http: Some(url.into()), ..ProxySettings::default() };
        let options = options().with(|options| {
            options.proxy = settings;
            options.timeout = Duration::from_secs(2);
        });
        let error = fails(options, "http://api.example/", Kind::Proxy).await;
        assert!(error.to_string().contains(said), "{error}");
    }
}

/// The stream to a proxy that answers a CONNECT byte by byte is taken over at the right byte.
#[tokio::test]
async fn an_answer_to_connect_may_come_in_pieces() {
    let server = crate::tls::answering(
        crate::tls::signed(&["api.example"], |_| {}),
        b"HTTP/1.1 204 No Content\r\n\r\n",
    );
    let target = server.address;
    let proxy = Server::new(move |client| {
        client.read_request();
        let mut server = TcpStream::connect(target).unwrap();
        for byte in b"HTTP/1.0 200 \r\n\r\n" {
            client.write(&[*byte]);
            std::thread::sleep(Duration::from_millis(1));
        }
        let (mut from, mut to) = (client.stream.try_clone().unwrap(), server.try_clone().unwrap());
        std::thread::spawn(move || {
            let mut buffer = [0; 1024];
            while let Ok(length @ 1..) = from.read(&mut buffer) {
                let _ = to.write_all(&buffer[..length]);
            }
        });
        let _ = std::io::copy(&mut server, &mut client.stream);
    });
    let network = Network::new(through(&proxy).with(|options| options.insecure = true)).unwrap();
    let received = network.send(&get("https://api.example/"), None, &mut |_| true).await.unwrap();
    assert_eq!(received.head.status, 204);
}
