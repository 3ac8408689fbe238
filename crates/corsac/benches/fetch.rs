//! How many fetches one core simulates in a second: `cargo bench -p corsac`.
//!
//! A fetch here is all of it: a request from script, every exchange with a server in memory, the outcome and its trace. No benchmark crate:
//! the numbers are large and the question is simple, so a loop and a clock do. The best of many rounds counts, as other work on the
//! machine only ever takes time away.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a program for people who measure

use std::hint::black_box;
use std::time::{Duration, Instant};

use corsac::browser::{
    Client, Engine, Exchange, ExchangeKind, Fetch, Outcome, PreflightCache, Request, RequestInit,
    ResponseHead, Step, Verdict,
};
use corsac::origin::Origin;
use url::Url;

const PAGE: &str = "https://app.example";
const API: &str = "https://api.example/items?page=2";

fn request(method: &str) -> Request {
    let page = Client::new(Origin::parse(PAGE).unwrap());
    let mut init = RequestInit::new(Url::parse(API).unwrap(), page);
    init.method = method.to_owned();
    if method == "PUT" {
        init.headers.append("Content-Type", "application/json");
    }
    init.build().unwrap()
}

fn response(status: u16, more: &[(&str, &str)]) -> ResponseHead {
    let headers =
        [("Access-Control-Allow-Origin", PAGE), ("Content-Type", "application/json"), ("Vary", "Origin")];
    ResponseHead::new(status, headers.iter().chain(more).copied())
}

fn run(request: &Request, cache: &mut PreflightCache, server: impl Fn(&Exchange) -> ResponseHead) -> Outcome {
    let mut fetch = Fetch::new(request.clone(), Engine::Spec.profile());
    while let Step::Send(exchange) = fetch.next(cache, Duration::ZERO) {
        let answer = server(exchange);
        fetch.receive(Ok(answer));
    }
    fetch.finish().0.unwrap()
}

/// Prints how many times a second `fetch` runs, and checks once that it does what its name says.
fn measure(name: &str, exchanges: usize, mut fetch: impl FnMut() -> Outcome) {
    /// Some milliseconds: short enough that other work on the machine lets a few rounds pass undisturbed.
    const ROUND: u32 = 1_000;
    assert_eq!(fetch().verdict(), Verdict::Readable, "{name}");
    let best = (0..500).map(|_| {
        let started = Instant::now();
        for _ in 0..ROUND {
            black_box(fetch());
        }
        started.elapsed()
    });
    let per_second = f64::from(ROUND) / best.min().unwrap_or_default().as_secs_f64();
    println!("{name:<28} {exchanges} exchange(s) {per_second:>12.0} fetches/s");
}

fn main() {
    let (get, put) = (request("GET"), request("PUT"));
    let allowed = response(200, &[]);
    let preflight = response(
        204,
        &[
            ("Access-Control-Allow-Methods", "PUT, PATCH"),
            ("Access-Control-Allow-Headers", "content-type"),
            ("Access-Control-Max-Age", "600"),
        ],
    );
    let moved = response(302, &[("Location", "/items?page=3")]);
    let server = |exchange: &Exchange| {
        if exchange.kind == ExchangeKind::Preflight { preflight.clone() } else { allowed.clone() }
    };

    measure("GET, cross-origin", 1, || run(&get, &mut PreflightCache::default(), server));
    measure("PUT, with its preflight", 2, || run(&put, &mut PreflightCache::default(), server));
    let mut cache = PreflightCache::default();
    run(&put, &mut cache, server);
    measure("PUT, answered by the cache", 1, || run(&put, &mut cache, server));
    measure("GET, redirected once", 2, || {
        run(&get, &mut PreflightCache::default(), |exchange| {
            if exchange.kind == ExchangeKind::Request { moved.clone() } else { allowed.clone() }
        })
    });
}
