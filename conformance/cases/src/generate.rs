//! The generator of random cases. Most are nearly valid, because completely random ones would all fail at the first check.

mod dice;
mod values;

use std::collections::BTreeMap;

use crate::case::{Api, Body, Call, Case, File, Reply, Resource, Step};
use dice::Dice;
use values::{
    ALLOW_CREDENTIALS, ALLOW_ORIGINS, EXPOSES, LISTS, LOCATIONS, MAX_AGES, METHODS, PREFLIGHT_STATUSES,
    REQUEST_HEADERS, RESPONSE_LINES, STATUSES,
};

/// The targets of requests, by weight.
const TARGETS: &[(usize, &str)] = &[
    (50, "b"),
    (10, "c"),
    (8, "sub"),
    (8, "a2"),
    (10, "a"),
    (4, "l"),
    (3, "m"),
    (2, "ip"),
    (3, "s"),
    (4, "t"),
];

/// The places of pages, by weight.
const PAGES: &[(usize, &str)] = &[(80, "a"), (6, "null"), (7, "l"), (7, "s")];

/// The cases of a seed.
pub fn cases(seed: u64, count: usize) -> Vec<Case> {
    (0..count).map(|index| case(seed, index)).collect()
}

fn case(seed: u64, index: usize) -> Case {
    let mut dice = Dice::new(seed, u64::try_from(index).unwrap_or_default());
    let mut maker = Maker { dice: &mut dice, server: BTreeMap::new() };
    let page = maker.dice.weighted(PAGES);
    let calls = match maker.dice.below(10) {
        0..=4 => vec![maker.single()],
        5..=6 => maker.sequence(),
        _ => maker.redirected_calls(),
    };
    Case {
        name: format!("seed-{seed}/{index}"),
        why: String::new(),
        page: page.to_owned(),
        steps: calls.into_iter().map(Step::Call).collect(),
        server: maker.server,
    }
}

struct Maker<'d> {
    dice: &'d mut Dice,
    server: BTreeMap<String, Resource>,
}

impl Maker<'_> {
    /// One request.
    fn single(&mut self) -> Call {
        let target = self.dice.weighted(TARGETS);
        let call = self.call(&format!("<{target}>/x"));
        let resource = self.resource(&call);
        self.server.insert(call.url.clone(), resource);
        call
    }

    /// Several requests for one URL, which show what is kept of the first preflight.
    fn sequence(&mut self) -> Vec<Call> {
        let target = self.dice.weighted(TARGETS);
        let first = self.call(&format!("<{target}>/x"));
        let mut resource = self.resource(&first);
        // Sequences are about what happens after a preflight that succeeds.
        if self.dice.percent(80) {
            resource.preflight = vec![self.good_preflight(&first)];
        }
        let mut calls = vec![first.clone()];
        for _ in 0..=self.dice.below(3) {
            let call = self.varied(&first);
            if self.dice.percent(30) {
                let another = self.preflight(&call);
                resource.preflight.push(another);
            }
            calls.push(call);
        }
        // How often a browser repeats a request after a closed connection is chance, so no response may follow one.
        if let Some((_, earlier)) = resource.preflight.split_last_mut() {
            earlier.iter_mut().for_each(|reply| reply.close = false);
        }
        self.server.insert(first.url, resource);
        calls
    }

    /// The same request with one change.
    fn varied(&mut self, first: &Call) -> Call {
        let mut call = first.clone();
        let other = self.call(&first.url);
        match self.dice.below(8) {
            0 => call.method = other.method,
            1 => call.headers = other.headers,
            2 => call.credentials = other.credentials,
            3 => call.headers.extend(other.headers),
            4 if call.api == Api::Fetch => call.cache = other.cache,
            5 => call.headers.clear(),
            _ => {}
        }
        if call.method.as_deref().is_none_or(|method| matches!(method, "GET" | "get" | "HEAD")) {
            call.body = Body::None;
        }
        call
    }

    /// Requests that are redirected once or twice, which show what the preflight cache keeps of each hop.
    fn redirected_calls(&mut self) -> Vec<Call> {
        let times = if self.dice.percent(25) { 2 } else { 1 };
        vec![self.redirected(); times]
    }

    /// A request that is redirected at least once.
    fn redirected(&mut self) -> Call {
        let mut from = self.dice.weighted(TARGETS);
        let call = self.call(&format!("<{from}>/x"));
        let mut path = "x".to_owned();
        for hop in 0..=self.dice.weighted(&[(65, 0), (25, 1), (10, 2)]) {
            let to = if self.dice.percent(30) { from } else { self.dice.weighted(TARGETS) };
            let next = format!("y{hop}");
            let mut resource = self.resource(&call);
            let mut headers = self.allow(&call, 90);
            let location = if self.dice.percent(88) {
                format!("<{to}>/{next}")
            } else {
                self.dice.any(LOCATIONS).to_owned()
            };
            headers.push(("Location".to_owned(), location));
            if self.dice.percent(6) {
                let policy = self.dice.any(&["no-referrer", "origin", "unsafe-url", "x, same-origin", ""]);
                headers.push(("Referrer-Policy".to_owned(), policy.to_owned()));
            }
            let status = self.dice.weighted(&[(20, 301), (30, 302), (15, 303), (25, 307), (10, 308)]);
            resource.request = vec![Reply { status, headers, file: File::Text, close: self.dice.percent(1) }];
            if self.dice.percent(75) {
                resource.preflight = vec![self.good_preflight(&call)];
            }
            self.server.insert(format!("<{from}>/{path}"), resource);
            (from, path) = (to, next);
        }
        let mut last = self.resource(&call);
        if self.dice.percent(75) {
            last.preflight = vec![self.good_preflight(&call)];
        }
        // The special places lead here too.
        self.server.insert("<c>/y".to_owned(), last.clone());
        self.server.insert(format!("<{from}>/{path}"), last);
        call
    }

    fn call(&mut self, url: &str) -> Call {
        let dice = &mut *self.dice;
        let api = dice.weighted(&[(72, Api::Fetch), (16, Api::Xhr), (12, Api::XhrUpload)]);
        let method = dice.weighted(METHODS);
        let fetch = api == Api::Fetch;
        let mut call = Call { url: url.to_owned(), api, ..Call::default() };
        call.method = (method != "GET" || !fetch).then(|| method.to_owned());
        let bodiless = ["GET", "HEAD"].iter().any(|name| name.eq_ignore_ascii_case(method));
        if !bodiless || (fetch && dice.percent(2)) {
            let stream = if fetch && !url.starts_with("<s>") && !url.starts_with("<t>") { 3 } else { 0 };
            call.body = dice.weighted(&[
                (40, Body::None),
                (25, Body::Text),
                (10, Body::Form),
                (15, Body::Json),
                (10, Body::Bytes),
                (stream, Body::Stream),
            ]);
        }
        for _ in 0..dice.weighted(&[(40, 0), (35, 1), (15, 2), (8, 3), (2, 6)]) {
            let (name, values) = dice.weighted(REQUEST_HEADERS);
            call.headers.push((name.to_owned(), dice.any(values).to_owned()));
        }
        let credentials = dice.weighted(&[(50, ""), (32, "include"), (13, "omit"), (5, "same-origin")]);
        call.credentials = set(credentials);
        if fetch {
            if call.body != Body::Stream {
                call.mode = set(dice.weighted(&[(84, ""), (3, "cors"), (9, "no-cors"), (4, "same-origin")]));
            }
            call.redirect = set(dice.weighted(&[(85, ""), (6, "error"), (9, "manual")]));
            let caches = [(80, ""), (5, "no-store"), (5, "reload"), (5, "no-cache"), (5, "force-cache")];
            call.cache = set(dice.weighted(&caches));
            if dice.percent(20) {
                call.referrer_policy = set(dice.any(&[
                    "no-referrer",
                    "no-referrer-when-downgrade",
                    "same-origin",
                    "origin",
                    "strict-origin",
                    "origin-when-cross-origin",
                    "strict-origin-when-cross-origin",
                    "unsafe-url",
                ]));
            }
        } else if call.credentials.as_deref() != Some("include") {
            call.credentials = None;
        }
        call
    }

    fn resource(&mut self, call: &Call) -> Resource {
        let preflight = if self.dice.percent(45) { self.good_preflight(call) } else { self.preflight(call) };
        let mut headers = self.allow(call, 75);
        if self.dice.percent(40) {
            headers.push(("Access-Control-Expose-Headers".to_owned(), self.dice.any(EXPOSES).to_owned()));
        }
        for _ in 0..self.dice.below(4) {
            if let Some((name, value)) = RESPONSE_LINES.get(self.dice.below(RESPONSE_LINES.len())) {
                headers.push(((*name).to_owned(), (*value).to_owned()));
            }
        }
        let status = self.dice.weighted(STATUSES);
        let close = self.dice.percent(2);
        Resource {
            preflight: vec![preflight],
            request: vec![Reply { status, headers, file: File::Text, close }],
        }
    }

    /// `Access-Control-Allow-Origin` and the headers that belong to it, correct in `right` percent of the cases.
    fn allow(&mut self, call: &Call, right: usize) -> Vec<(String, String)> {
        let include = call.credentials.as_deref() == Some("include");
        let line = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut headers = Vec::new();
        if self.dice.percent(right) {
            let value = if include || self.dice.percent(40) { "{origin}" } else { "*" };
            headers.push(line("Access-Control-Allow-Origin", value));
        } else if self.dice.percent(85) {
            headers.push(line("Access-Control-Allow-Origin", self.dice.any(ALLOW_ORIGINS)));
            if self.dice.percent(10) {
                headers.push(line("access-control-allow-origin", self.dice.any(ALLOW_ORIGINS)));
            }
        }
        if include && self.dice.percent(right) {
            headers.push(line("Access-Control-Allow-Credentials", "true"));
        } else if self.dice.percent(if include { 70 } else { 10 }) {
            headers.push(line("Access-Control-Allow-Credentials", self.dice.any(ALLOW_CREDENTIALS)));
        }
        headers
    }

    /// A preflight's response that allows the request, if that is possible.
    fn good_preflight(&mut self, call: &Call) -> Reply {
        let mut headers = self.allow(call, 100);
        let (methods, names) = (needed_methods(call), needed_names(call));
        let star = call.credentials.as_deref() != Some("include") && self.dice.percent(25);
        headers
            .push(("Access-Control-Allow-Methods".to_owned(), if star { "*".to_owned() } else { methods }));
        headers.push(("Access-Control-Allow-Headers".to_owned(), if star { "*".to_owned() } else { names }));
        self.max_age(&mut headers, 60);
        Reply { status: self.dice.weighted(&[(1, 200), (1, 204)]), headers, file: File::Text, close: false }
    }

    /// A preflight's response that may have anything wrong with it.
    fn preflight(&mut self, call: &Call) -> Reply {
        let mut headers = self.allow(call, 85);
        for (name, needed) in [
            ("Access-Control-Allow-Methods", needed_methods(call)),
            ("Access-Control-Allow-Headers", needed_names(call)),
        ] {
            if self.dice.percent(40) {
                headers.push((name.to_owned(), needed));
            } else if self.dice.percent(80) {
                for _ in 0..self.dice.weighted(&[(90, 1), (10, 2)]) {
                    headers.push((name.to_owned(), self.dice.any(LISTS).replace('$', &needed)));
                }
            }
        }
        self.max_age(&mut headers, 50);
        let status = self.dice.weighted(PREFLIGHT_STATUSES);
        if matches!(status, 300..=399) && self.dice.percent(80) {
            headers.push(("Location".to_owned(), "<c>/y".to_owned()));
        }
        Reply { status, headers, file: File::Text, close: self.dice.percent(2) }
    }

    fn max_age(&mut self, headers: &mut Vec<(String, String)>, percent: usize) {
        if self.dice.percent(percent) {
            let value = if self.dice.percent(50) { "60" } else { self.dice.any(MAX_AGES) };
            headers.push(("Access-Control-Max-Age".to_owned(), value.to_owned()));
            if self.dice.percent(5) {
                headers.push(("Access-Control-Max-Age".to_owned(), self.dice.any(MAX_AGES).to_owned()));
            }
        }
    }
}

fn needed_methods(call: &Call) -> String {
    match call.method.as_deref() {
        None | Some("") => "GET".to_owned(),
        Some(method) => method.to_owned(),
    }
}

fn needed_names(call: &Call) -> String {
    let mut names: Vec<_> = call.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.push("content-type".to_owned());
    names.retain(|name| !name.is_empty() && !name.contains(' '));
    names.join(", ")
}

fn set(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}
