//! A request that was sent is not sent again by itself, whatever becomes of the connection: an order must not be placed twice.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use corsac::browser::{Client, Engine, Exchange, PreflightCache, RequestInit};
use corsac::origin::Origin;
use corsac_fetch::{Network, ProxySettings, Wire};

use crate::support::{Client as Connection, Server, get, options};
use crate::tls::{signed, tls_server, trusting};

/// A server that hangs up in its own way, and how often somebody connected to it.
struct Counted {
    server: Server,
    connections: Arc<AtomicUsize>,
}

fn plain(behave: impl Fn(&mut Connection) + Send + Sync + 'static) -> Counted {
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    let server = Server::new(move |client| {
        count.fetch_add(1, Ordering::Relaxed);
        behave(client);
    });
    Counted { server, connections }
}

/// Agrees on this protocol under TLS, reads, and answers with these bytes.
fn secure(protocol: &[u8], answer: Vec<u8>) -> Counted {
    let mut config = signed(&["localhost"], |_| {});
    config.alpn_protocols = vec![protocol.to_vec()];
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    let server = tls_server(config, move |stream| {
        count.fetch_add(1, Ordering::Relaxed);
        let mut some = [0; 24];
        let _ = stream.read(&mut some);
        let _ = stream.write_all(&answer).and_then(|()| stream.flush());
        let _ = stream.read(&mut [0; 1024]);
    });
    Counted { server, connections }
}

fn post(url: &str) -> Exchange {
    let mut exchange = get(url);
    exchange.method = "POST".into();
    exchange
}

#[tokio::test]
async fn no_exchange_is_tried_again_whatever_the_connection_does() {
    let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    // HTTP/2's own words for "not processed, safe to send again".
    let refused_stream = [0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 7];
    let going_away = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let hang_up = |client: &mut Connection| drop(client.read_request());
    let table = [
        ("closed after the request", "http", plain(hang_up)),
        ("closed before the request", "http", plain(|_| {})),
        (
            "closed within the head",
            "http",
            plain(|client| {
                client.read_request();
                client.write(b"HTTP/1.1 200 O");
            }),
        ),
        ("408, asking to try again", "http", {
            plain(|client| {
                client.read_request();
                client
                    .write(b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                client.finish();
            })
        }),
        ("closed by a proxy", "proxy", plain(hang_up)),
        ("a proxy that wants a password", "proxy", {
            plain(|client| {
                client.read_request();
                client.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n");
                client.finish();
            })
        }),
        ("HTTP/1.1 under TLS, closed", "https", secure(b"http/1.1", Vec::new())),
        ("HTTP/2, stream refused", "https", secure(b"h2", [&settings[..], &refused_stream].concat())),
        ("HTTP/2, going away", "https", secure(b"h2", [&settings[..], &going_away].concat())),
        ("HTTP/2, wants HTTP/1.1", "https", {
            let http_1_1_required = [0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 13];
            secure(b"h2", [&settings[..], &http_1_1_required].concat())
        }),
    ];
    for (name, way, counted) in table {
        let port = counted.server.address.port();
        let (options, url) = match way {
            "https" => (trusting(), format!("https://localhost:{port}/")),
            "proxy" => {
                let proxy = Some(counted.server.url());
                let proxy = ProxySettings { http: proxy, ..ProxySettings::default() };
                (options().with(|options| options.proxy = proxy), "http://api.example/".to_owned())
            }
            _ => (options(), counted.server.url()),
        };
        let network = Network::new(options).unwrap();
        let _ = network.send(&post(&url), None, &mut |_| true).await;
        assert_eq!(counted.connections.load(Ordering::Relaxed), 1, "{name}");
    }
}

#[tokio::test]
async fn all_engines_share_the_end_of_a_request_that_broke() {
    let counted = plain(|client| drop(client.read_request()));
    let page = Client::new(Origin::parse("https://app.example").unwrap());
    let mut init = RequestInit::new(counted.server.url().parse().unwrap(), page);
    init.method = "POST".to_owned();
    let network = Network::new(options()).unwrap();
    let mut wire = Wire::new(&network, init.build().unwrap(), Duration::from_secs(20));
    for engine in [Engine::Chromium, Engine::Firefox, Engine::Spec] {
        let fetched = wire.fetch(engine, &mut PreflightCache::default(), Duration::ZERO).await;
        let reason = fetched.outcome.refusal().unwrap().reason.code();
        assert_eq!(reason.as_str(), "connection-closed", "{engine:?}");
    }
    assert_eq!(wire.sent().count(), 1);
    assert_eq!(counted.connections.load(Ordering::Relaxed), 1);
}
