//! What to ask, in rounds: each builds on what the ones before it showed.

use corsac::origin::{Origin, split_port};
use corsac::server::OriginEntry;
use url::Url;

use super::InferOptions;
use super::observed::Observed;
use crate::case::{Case, Scope};
use crate::cases::alone;
use crate::cases::entries::{PORT, WORD, covered};
use crate::cases::page::{Asked, page};

/// A method and a header that no server names.
pub(super) const METHOD: &str = "CORSAC-OTHER";
pub(super) const HEADER: &str = "x-corsac-other";
/// Methods and headers that are tried beside those that answers name.
const METHODS: [&str; 3] = ["PUT", "PATCH", "DELETE"];
const HEADERS: [&str; 10] = [
    "Authorization",
    "Content-Type",
    "X-Requested-With",
    "X-CSRF-Token",
    "X-API-Key",
    "X-Request-Id",
    "Cache-Control",
    "If-Match",
    "If-None-Match",
    "traceparent",
];
/// The most names of a list that are tried.
const MOST_NAMES: usize = 60;
/// The most origins whose relatives are tried.
const MOST_WIDENED: usize = 8;

/// What a question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// An origin that nobody has.
    Stranger,
    /// `Origin: null`.
    Null,
    /// No origin.
    NoOrigin,
    /// An origin that this entry covers.
    Entry {
        entry: String,
        origin: String,
    },
    /// A first preflight, from an allowed origin: what its answer names.
    Preflight,
    Credentials,
    Method(String),
    Header(String),
}

#[derive(Debug)]
pub(super) struct Questions {
    url: Url,
    round: usize,
}

type Round = Vec<(About, Case)>;

impl Questions {
    pub(super) fn new(url: &Url) -> Self {
        Self { url: url.clone(), round: 0 }
    }

    /// The questions of the next round, or `None` after the last.
    pub(super) fn next_round(&mut self, observed: &Observed, options: &InferOptions) -> Option<Round> {
        self.round = self.round.saturating_add(1);
        match self.round {
            1 => Some(self.strangers(options)),
            2 => Some(self.entries(options.candidates.iter().cloned(), options)),
            3 if options.relatives => Some(self.entries(wider(observed).into_iter(), options)),
            3 => Some(Round::new()),
            4 => Some(self.first_preflights(observed)),
            5 => Some(self.methods(observed, options)),
            6 => Some(self.request_headers(observed, options)),
            _ => None,
        }
    }

    fn strangers(&self, options: &InferOptions) -> Round {
        let strangers = [format!("https://{WORD}.invalid"), format!("http://{WORD}.example:{PORT}")];
        let mut round: Round = strangers
            .iter()
            .filter_map(|origin| Some((About::Stranger, self.get(origin, options)?)))
            .collect();
        round.extend(self.get("null", options).map(|case| (About::Null, case)));
        if !options.preflights_only {
            let description = "GET without an origin".to_owned();
            round.push((About::NoOrigin, alone(description, "no-origin", self.url.clone(), "GET", None)));
        }
        round
    }

    fn entries(&self, entries: impl Iterator<Item = String>, options: &InferOptions) -> Round {
        let mut round = Round::new();
        // Of the server's own origin browsers ask nothing, so what comes of it says nothing about others.
        let own = Origin::of(&self.url);
        for entry in entries.filter(|entry| entry != "*") {
            for origin in covered(&entry).into_iter().filter(|origin| origin != own.as_str()) {
                if let Some(case) = self.get(&origin, options) {
                    round.push((About::Entry { entry: entry.clone(), origin }, case));
                }
            }
        }
        round
    }

    fn first_preflights(&self, observed: &Observed) -> Round {
        let Some(origin) = observed.allowed_origin() else { return Round::new() };
        // A server may name what it allows only to those that ask for it.
        let simple = Asked { force_preflight: true, ..Asked::default() };
        let other = Asked { method: Some("PUT"), headers: &["content-type"], ..Asked::default() };
        let cases = [simple, other]
            .into_iter()
            .filter_map(|asked| page(&self.url, &origin, &asked, Scope::Preflight));
        cases.map(|case| (About::Preflight, case)).collect()
    }

    fn methods(&self, observed: &Observed, options: &InferOptions) -> Round {
        let Some(origin) = observed.allowed_origin() else { return Round::new() };
        let mut round = Round::new();
        let mut add = |about, asked: &Asked<'_>, scope| {
            round.extend(page(&self.url, &origin, asked, scope).map(|case| (about, case)));
        };
        let (asked, scope) = simple(options);
        add(About::Credentials, &Asked { with_credentials: true, ..asked }, scope);
        // With credentials, `*` allows nothing.
        let with_credentials = observed.offers_credentials();
        for method in names(&METHODS, observed.methods.iter().chain(&options.methods), METHOD) {
            let asked = Asked { method: Some(&method), with_credentials, ..Asked::default() };
            add(About::Method(method.clone()), &asked, Scope::Preflight);
        }
        round
    }

    fn request_headers(&self, observed: &Observed, options: &InferOptions) -> Round {
        let Some(origin) = observed.allowed_origin() else { return Round::new() };
        let with_credentials = observed.credentials == Some(true) && !observed.is_open();
        // Some servers answer no preflight for a method that they do not list.
        let mut allowed = observed.allowed_methods.iter().filter(|(_, is_allowed)| *is_allowed);
        let method = match allowed.next() {
            Some((method, _)) if !observed.allows_simple_requests => Some(method.as_str()),
            _ => None,
        };
        let (prefixes, listed): (Vec<&String>, Vec<&String>) =
            options.request_headers.iter().partition(|entry| entry.ends_with('*'));
        let prefixes =
            prefixes.into_iter().filter_map(|entry| Some(format!("{}corsac", entry.strip_suffix('*')?)));
        let named = observed.headers.iter().chain(listed);
        let headers = names(&HEADERS, named, HEADER).into_iter().chain(prefixes);
        let cases = headers.filter_map(|header| {
            let asked = Asked { method, headers: &[&header], with_credentials, ..Asked::default() };
            let case = page(&self.url, &origin, &asked, Scope::Preflight)?;
            Some((About::Header(header), case))
        });
        cases.collect()
    }

    fn get(&self, origin: &str, options: &InferOptions) -> Option<Case> {
        let (asked, scope) = simple(options);
        page(&self.url, origin, &asked, scope)
    }
}

/// What asks about an origin.
fn simple(options: &InferOptions) -> (Asked<'_>, Scope) {
    let preflights_only = options.preflights_only;
    let asked = Asked { method: Some(&options.method), force_preflight: preflights_only, ..Asked::default() };
    (asked, if preflights_only { Scope::Preflight } else { Scope::Whole })
}

/// The usual names, those that an answer named, and one that nobody has; each once, and no more than a list should have.
fn names<'a>(usual: &[&'a str], named: impl Iterator<Item = &'a String>, nobodys: &'a str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let listed = named.map(String::as_str).filter(|name| *name != "*").take(MOST_NAMES);
    for name in listed.chain(usual.iter().copied()).chain([nobodys]) {
        if names.iter().all(|known| !known.eq_ignore_ascii_case(name)) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Entries that cover more than the origins that are known to be allowed: their subdomains, their siblings, and every port.
fn wider(observed: &Observed) -> Vec<String> {
    if observed.is_open() {
        return Vec::new();
    }
    let mut wider: Vec<String> = Vec::new();
    for origin in observed.allowed().take(MOST_WIDENED) {
        let Some(entry) = OriginEntry::split(origin).filter(OriginEntry::is_web) else { continue };
        let port = entry.port.map_or_else(String::new, |port| format!(":{port}"));
        let (scheme, host) = (entry.scheme, split_port(entry.host).0);
        let is_name = Origin::parse(origin).is_ok_and(|origin| origin.registrable_domain().is_some());
        let mut more = vec![format!("{scheme}://{host}:*")];
        if is_name {
            more.push(format!("{scheme}://*.{host}{port}"));
            // `https://*.com` is nothing that a server means.
            let parent = host.split_once('.').map(|(_, parent)| parent);
            more.extend(
                parent
                    .filter(|parent| parent.contains('.'))
                    .map(|parent| format!("{scheme}://*.{parent}{port}")),
            );
        }
        for entry in more {
            if !wider.contains(&entry) && !observed.is_known(&entry) {
                wider.push(entry);
            }
        }
    }
    wider
}
