//! A rule about servers: what it is asked, and that nothing is sent where it refuses.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use corsac::browser::NetworkErrorKind as Kind;
use corsac_fetch::{MayConnect, NetworkOptions};

use crate::support::{Server, fails, get, options, send};

const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\n\r\n";

fn with_rule(
    rule: impl Fn(&str, Option<IpAddr>) -> Result<(), String> + Send + Sync + 'static,
) -> NetworkOptions {
    options().with(|options| {
        options.may_connect =
            Some(MayConnect::new(move |url, address| rule(url.host_str().unwrap_or_default(), address)));
    })
}

#[tokio::test]
async fn a_refused_url_is_neither_resolved_nor_asked() {
    let server = Server::answering(NO_CONTENT);
    let refusing = with_rule(|_, address| match address {
        None => Err("it is not on the list".to_owned()),
        Some(_) => panic!("nothing is resolved"),
    });
    let error = fails(refusing, &server.url(), Kind::Unreachable).await;
    assert_eq!(error.message, "not asked, because it is not on the list");
    assert!(server.saw_no_request());
}

#[tokio::test]
async fn the_rule_sees_the_addresses_of_an_override_and_only_allowed_ones_are_tried() {
    let server = Server::answering(NO_CONTENT);
    let port = server.address.port();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    let mut some = with_rule(move |host, address| {
        noted.lock().unwrap().push((host.to_owned(), address.map(|address| address.to_string())));
        match address {
            Some(IpAddr::V6(_)) => Err("it is IPv6".to_owned()),
            _ => Ok(()),
        }
    });
    some.resolve = vec![format!("api.example:{port}:[::1],127.0.0.1").parse().unwrap()];
    send(some.clone(), &get(&format!("http://api.example:{port}/"))).await.unwrap();
    let host = || "api.example".to_owned();
    let expected = [(host(), None), (host(), Some("::1".to_owned())), (host(), Some("127.0.0.1".to_owned()))];
    assert_eq!(*seen.lock().unwrap(), expected);

    some.resolve = vec![format!("api.example:{port}:[::1]").parse().unwrap()];
    let error = fails(some, &format!("http://api.example:{port}/"), Kind::Unreachable).await;
    assert_eq!(error.message, "not asked, because it is IPv6");
}
