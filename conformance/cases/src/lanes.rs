//! The order in which requests that a page makes at once are sent.

use std::collections::VecDeque;

use corsac::browser::{CacheMode, Credentials, Engine, Request};
use url::Url;

/// Groups requests into lanes. Lanes run side by side; the requests of one lane run one after the other. In Firefox, a GET or HEAD waits
/// with its preflight until another one of the same URL has its response, because both use one entry of the HTTP cache. The core does not
/// model such a cache (see "What is not modelled" in DESIGN.md).
pub(crate) fn of<'r, T>(
    running: impl Iterator<Item = &'r mut T>,
    request: impl Fn(&T) -> &Request,
    engine: Engine,
) -> Vec<VecDeque<&'r mut T>> {
    let mut lanes: Vec<(Option<CacheEntry>, VecDeque<_>)> = Vec::new();
    for one in running {
        let entry = (engine == Engine::Firefox).then(|| CacheEntry::of(request(one))).flatten();
        match lanes.iter_mut().find(|(known, _)| entry.is_some() && *known == entry) {
            Some((_, lane)) => lane.push_back(one),
            None => lanes.push((entry, VecDeque::from([one]))),
        }
    }
    lanes.into_iter().map(|(_, lane)| lane).collect()
}

/// What a request waits for in Firefox's HTTP cache.
#[derive(PartialEq)]
struct CacheEntry {
    method: String,
    url: Url,
    credentialed: bool,
}

impl CacheEntry {
    fn of(request: &Request) -> Option<Self> {
        let init = request.init();
        let is_cached = matches!(request.method(), "GET" | "HEAD") && init.cache != CacheMode::NoStore;
        is_cached.then(|| Self {
            method: request.method().to_owned(),
            url: init.url.clone(),
            credentialed: init.credentials == Credentials::Include,
        })
    }
}
