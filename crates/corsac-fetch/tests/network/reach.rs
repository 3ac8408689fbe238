//! Finding the server: addresses, overrides, and what can keep a connection from being made.

use std::net::{IpAddr, TcpListener};
use std::sync::mpsc;
use std::time::Duration;

use corsac::browser::NetworkErrorKind as Kind;
use corsac_fetch::{Network, Peer, SendError};

use crate::support::{Noted, Server, fails, get, options, received, send};

const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\n\r\n";

/// A port of loopback on which nothing listens.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn a_port_where_nothing_listens_refuses() {
    let error = fails(options(), &format!("http://127.0.0.1:{}/", free_port()), Kind::Refused).await;
    assert!(error.message.contains("127.0.0.1:"), "{error}");
}

#[tokio::test]
async fn localhost_that_refuses_names_both_addresses() {
    let error = fails(options(), &format!("http://localhost:{}/", free_port()), Kind::Refused).await;
    assert!(error.message.contains("127.0.0.1:") && error.message.contains("[::1]:"), "{error}");
}

#[tokio::test]
async fn an_address_that_no_route_leads_to_is_unreachable() {
    fails(options(), "http://255.255.255.255/", Kind::Unreachable).await;
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_a_dns_failure() {
    let options = options().with(|options| options.timeout = Duration::from_secs(2));
    let error = fails(options, "http://no-such-host.invalid/", Kind::Dns).await;
    assert!(error.message.contains("no-such-host.invalid"), "{error}");
}

#[tokio::test]
async fn names_under_localhost_need_no_resolver() {
    let server = Server::answering(NO_CONTENT);
    let received = received(&format!("http://app.localhost:{}/", server.address.port())).await;
    assert_eq!(received.peer, Some(Peer { address: IpAddr::from([127, 0, 0, 1]), proxied: false }));
    assert!(server.request().contains(&format!("Host: app.localhost:{}\r\n", server.address.port())));
}

#[tokio::test]
async fn ipv6_loopback() {
    let server = Server::on("[::1]:0", |client| {
        client.read_request();
        client.write(NO_CONTENT.as_bytes());
    });
    assert_eq!(received(&server.url()).await.peer.unwrap().address, IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]));
    assert!(server.request().contains(&format!("Host: [::1]:{}\r\n", server.address.port())));
}

#[tokio::test]
async fn an_override_replaces_the_resolver_and_the_next_address_is_tried() {
    let server = Server::answering(NO_CONTENT);
    let port = server.address.port();
    // 127.0.0.2 is loopback too, but the server listens only on 127.0.0.1.
    for host in ["api.example", "*"] {
        let resolve = vec![format!("{host}:{port}:127.0.0.2,127.0.0.1").parse().unwrap()];
        let exchange = get(&format!("http://api.example:{port}/"));
        let received = send(options().with(|options| options.resolve = resolve), &exchange).await.unwrap();
        assert_eq!(received.peer.unwrap().address, IpAddr::from([127, 0, 0, 1]));
        assert!(server.request().contains(&format!("Host: api.example:{port}\r\n")));
    }
}

#[tokio::test]
async fn nothing_is_sent_over_a_connection_that_was_declined() {
    let server = Server::answering(NO_CONTENT);
    let network = Network::new(options()).unwrap();
    let asked = Noted::new();
    let mut decline = |peer: Peer| {
        asked.note(peer);
        false
    };
    let error = network.send(&get(&server.url()), None, &mut decline).await.unwrap_err();
    let peer = Peer { address: server.address.ip(), proxied: false };
    assert_eq!(error, SendError::Declined(peer));
    assert_eq!(asked.all(), [peer]);
    assert!(server.saw_no_request());
}

#[tokio::test]
async fn a_future_that_is_dropped_closes_its_connection() {
    let (report, closed) = mpsc::channel();
    let server = Server::new(move |client| {
        client.read_request();
        client.wait();
        report.send(()).unwrap();
    });
    let exchange = get(&server.url());
    let abandoned = tokio::time::timeout(Duration::from_millis(200), send(options(), &exchange)).await;
    assert!(abandoned.is_err());
    tokio::task::yield_now().await;
    closed.recv_timeout(Duration::from_secs(10)).expect("the connection to end");
}
