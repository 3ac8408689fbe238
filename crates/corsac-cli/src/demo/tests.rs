//! Checks that each route fails as its table says, in every engine.

use std::time::Duration;

use corsac::browser::Outcome;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::routes::Expected;
use super::*;
use crate::connections::MOST_CONNECTIONS;

fn checked() -> Vec<CheckedRoute> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let servers = Servers::start(0).await.unwrap();
        let mut all = Vec::new();
        for route in routes::all() {
            all.push(check_route(route, &servers.addresses, &servers.addresses.api).await.unwrap());
        }
        all
    })
}

/// Returns the code of the browser's reason.
fn reason(checked: &CheckedRoute) -> Option<&'static str> {
    Some(checked.report.chosen()?.fetched.outcome.refusal()?.reason.code().as_str())
}

#[test]
fn each_route_fails_for_the_reason_that_its_table_names() {
    for checked in checked() {
        let finding = checked.report.findings.first().map(|finding| finding.code);
        let id = checked.route.id;
        match &checked.route.expected {
            Expected::Reason(code) => assert_eq!(reason(&checked), Some(code.as_str()), "{id}"),
            Expected::Cause(code) => assert_eq!(cause(&checked), Some(*code), "{id}"),
            Expected::Finding(code) => assert_eq!((cause(&checked), finding), (None, Some(*code)), "{id}"),
            Expected::Nothing => assert_eq!((cause(&checked), finding), (None, None), "{id}"),
        }
    }
}

#[test]
fn all_engines_have_the_same_verdict_so_any_browser_shows_it() {
    for checked in checked() {
        let verdict = checked.report.verdict();
        for engine in &checked.report.engines {
            assert_eq!(
                engine.fetched.outcome.verdict(),
                verdict,
                "{} in {}",
                checked.route.id,
                engine.engine.title()
            );
        }
    }
}

#[test]
fn a_redirect_to_another_host_makes_the_origin_null() {
    let checked = checked().into_iter().find(|checked| checked.route.id == "moved").unwrap();
    let fetched = &checked.report.chosen().unwrap().fetched;
    assert!(matches!(fetched.outcome, Outcome::Refused(_)));
    assert_eq!(fetched.exchanges.last().unwrap().exchange.headers.text("origin").as_deref(), Some("null"));
}

#[test]
fn routes_have_unique_names_that_need_no_escaping_in_a_url() {
    let mut ids: Vec<&str> = routes::all().map(|route| route.id).collect();
    assert!(ids.len() >= 16);
    assert!(ids.iter().all(|id| id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn with_the_policy_each_route_has_the_result_in_its_table() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let checked = runtime.block_on(async {
        let servers = Servers::start(0).await.unwrap();
        fix::check_fixed(&servers.addresses).await.unwrap()
    });
    for checked in &checked {
        assert!(
            fix::is_as_expected(checked),
            "{}: {}, {:?}",
            checked.route.id,
            fix::result(checked),
            checked.report.findings
        );
    }
    let works = checked
        .iter()
        .filter(|checked| matches!(checked.route.with_policy, routes::WithPolicy::Works))
        .count();
    assert!(works >= 12, "{works}");
}

/// Returns the first byte of the response to a GET, over a connection that stays open.
async fn answer(stream: &mut TcpStream) -> u8 {
    stream.write_all(b"GET /no-headers HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").await.unwrap();
    stream.read_u8().await.unwrap()
}

#[test]
fn connections_beyond_the_bound_wait_for_another_to_end() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let servers = Servers::start(0).await.unwrap();
        let address = servers.addresses.api.trim_start_matches("http://");
        let mut open = Vec::new();
        for _ in 0..MOST_CONNECTIONS {
            let mut stream = TcpStream::connect(address).await.unwrap();
            assert_eq!(answer(&mut stream).await, b'H');
            open.push(stream);
        }
        let mut late = TcpStream::connect(address).await.unwrap();
        let waiting = answer(&mut late);
        tokio::pin!(waiting);
        // However long this takes, no answer comes. Without a bound it would be here at once.
        assert!(tokio::time::timeout(Duration::from_millis(200), &mut waiting).await.is_err());
        drop(open.pop());
        assert_eq!(waiting.await, b'H');
    });
}
