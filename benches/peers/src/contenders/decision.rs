//! The decision by itself: what a framework of one's own would call.

use std::hint::black_box;

use corsac::server::{Policy, PolicyConfig, Request};
use http::HeaderMap;

use super::Runner;
use crate::Cell;
use crate::cases::{Origins, TURNS};

/// The policy of all cases.
pub fn policy(origins: Origins) -> Policy {
    let texts = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
    let config = PolicyConfig {
        origins: origins.entries(),
        methods: texts(&["PUT"]),
        request_headers: texts(&["Authorization", "Content-Type"]),
        credentials: true,
        ..PolicyConfig::default()
    };
    Policy::new(&config).unwrap_or_else(|problems| panic!("{problems}"))
}

pub fn runner(cell: Cell) -> Runner {
    let (policy, requests, method) =
        (policy(cell.origins), cell.case.requests(cell.origins), cell.case.method());
    let mut response = HeaderMap::with_capacity(16);
    Runner::new(move |count| {
        for turn in 0..count {
            response.clear();
            let Some(request) = requests.get(turn % TURNS) else { return };
            policy.decide(&Request::new(&method, black_box(request))).apply(&mut response);
            black_box(&response);
        }
    })
}
