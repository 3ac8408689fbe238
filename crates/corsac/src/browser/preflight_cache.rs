//! The [CORS-preflight cache](https://fetch.spec.whatwg.org/#cors-preflight-cache).

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use super::engine::CacheRules;
use super::flight::Flight;
use crate::header::{self, MaxAge};
use crate::method;

/// The answers of preflights, kept for the time that servers allow.
///
/// One cache serves one browser profile: all its fetches share it, and the time they pass in is one clock.
///
/// ```
/// let cache = corsac::browser::PreflightCache::default();
/// assert!(cache.is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct PreflightCache {
    answers: HashMap<Key, Kept>,
    /// Counts up with every store, so that the oldest key is known.
    clock_hand: u64,
}

/// Network partition key, byte-serialized origin and URL of an entry, in one string; and, where an engine keeps them apart, whether the
/// request had credentials.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    text: String,
    credentials: bool,
}

#[derive(Clone, Debug, Default)]
struct Kept {
    entries: Vec<Entry>,
    stored: u64,
}

/// A [cache entry](https://fetch.spec.whatwg.org/#concept-cache).
#[derive(Clone, Debug)]
struct Entry {
    token: Token,
    credentials: bool,
    expires: Duration,
}

/// A method or a header name; either may be `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Method(String),
    Header(String),
}

/// What a preflight's response allows.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) methods: Vec<String>,
    pub(crate) headers: Vec<String>,
}

/// What the cache does not answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Missing<'a> {
    Method(&'a str),
    Header(&'a str),
}

impl fmt::Display for Missing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method(method) => write!(f, "the method {method}"),
            Self::Header(name) => write!(f, "the header {name}"),
        }
    }
}

impl PreflightCache {
    /// Forget everything, as when a user clears the browser's data.
    ///
    /// ```
    /// let mut cache = corsac::browser::PreflightCache::default();
    /// cache.clear();
    /// assert_eq!(cache.len(), 0);
    /// ```
    pub fn clear(&mut self) {
        self.answers.clear();
    }

    /// For how many keys (page origin, URL and partition) there is an answer, expired ones included until they are looked at.
    ///
    /// ```
    /// assert_eq!(corsac::browser::PreflightCache::default().len(), 0);
    /// ```
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// Is nothing kept?
    ///
    /// ```
    /// assert!(corsac::browser::PreflightCache::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// HTTP fetch, step 3.1: the first thing about the request that no entry answers; `None` when a preflight is not needed.
    pub(crate) fn missing<'f>(&mut self, flight: &'f Flight<'_>, now: Duration) -> Option<Missing<'f>> {
        let rules = &flight.profile.cache;
        let key = Key::of(flight);
        if let Some(kept) = self.answers.get_mut(&key) {
            kept.entries.retain(|entry| now < entry.expires);
        }
        let entries = self.answers.get(&key).map_or(&[][..], |kept| &kept.entries);
        let missing = missing(entries, flight, rules);
        // An engine that keeps whole answers throws away one that does not suffice.
        if entries.is_empty() || (missing.is_some() && rules.whole_answers) {
            self.answers.remove(&key);
        }
        missing
    }

    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch), steps 7.11 to 7.14. `lifetime` of `None`: not kept.
    pub(crate) fn store(
        &mut self,
        flight: &Flight<'_>,
        answer: &Answer,
        lifetime: Option<Duration>,
        now: Duration,
    ) {
        let rules = &flight.profile.cache;
        let too_long = rules.url_length_limit.is_some_and(|limit| flight.url().as_str().len() >= limit);
        let opaque = flight.serialized_origin() == "null" && !rules.keeps_opaque_origins;
        let key = Key::of(flight);
        if rules.whole_answers {
            self.answers.remove(&key);
        }
        let Some(lifetime) = lifetime.filter(|time| !time.is_zero() && !too_long && !opaque) else {
            return;
        };
        self.make_room(rules, &key, now);
        self.clock_hand = self.clock_hand.saturating_add(1);
        let kept = self.answers.entry(key).or_default();
        kept.stored = self.clock_hand;
        let methods = answer.methods.iter().cloned().map(Token::Method);
        let headers = answer.headers.iter().cloned().map(Token::Header);
        kept.update_or_create(methods.chain(headers), flight, now.saturating_add(lifetime), now);
    }

    /// [Clear cache entries](https://fetch.spec.whatwg.org/#concept-cache-clear): for the request's partition, origin and URL.
    pub(crate) fn clear_entries(&mut self, flight: &Flight<'_>) {
        let key = Key::of(flight);
        self.answers.remove(&Key { credentials: !key.credentials, text: key.text.clone() });
        self.answers.remove(&key);
    }

    /// Keeps the number of keys within the engine's bound: first what has expired goes, then the oldest.
    fn make_room(&mut self, rules: &CacheRules, key: &Key, now: Duration) {
        /// Where an engine has no bound, expired entries go whenever this many more keys are there.
        const SWEEP_EVERY: usize = 4_096;
        let full = match rules.capacity {
            Some(capacity) => self.answers.len() >= capacity,
            None => !self.answers.is_empty() && self.answers.len().is_multiple_of(SWEEP_EVERY),
        };
        if !full || self.answers.contains_key(key) {
            return;
        }
        self.answers.retain(|_, kept| kept.entries.iter().any(|entry| now < entry.expires));
        if rules.capacity.is_some_and(|capacity| self.answers.len() >= capacity) {
            let oldest = self.answers.iter().min_by_key(|(_, kept)| kept.stored).map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                self.answers.remove(&oldest);
            }
        }
    }
}

impl Key {
    fn of(flight: &Flight<'_>) -> Self {
        let partition = flight.request().init().client.network_partition_key.as_str();
        let credentials = flight.profile.cache.separates_credentials && flight.credentials_mode_is_include();
        // A URL and a serialized origin hold no space.
        Self {
            text: [partition, " ", flight.serialized_origin(), " ", flight.url().as_str()].concat(),
            credentials,
        }
    }
}

/// The conditions of HTTP fetch, step 3.1, over the entries that are left.
fn missing<'f>(entries: &[Entry], flight: &'f Flight<'_>, rules: &CacheRules) -> Option<Missing<'f>> {
    let include = flight.credentials_mode_is_include();
    let answers = |wanted: &Token| entries.iter().any(|entry| entry.matches(wanted, include, rules));

    let exempt = is_exempt(entries, flight, rules) && !flight.use_cors_preflight;
    if !exempt && !answers(&Token::Method(flight.method.clone())) {
        return Some(Missing::Method(&flight.method));
    }
    let unanswered = flight.unsafe_names.iter().find(|name| !answers(&Token::Header((*name).clone())));
    unanswered.map(|name| Missing::Header(name))
}

/// Does the method need no entry? Safelisted methods do not; one engine asks for HEAD once there are entries to look at.
fn is_exempt(entries: &[Entry], flight: &Flight<'_>, rules: &CacheRules) -> bool {
    let safelisted = method::is_cors_safelisted_method(&flight.method);
    safelisted && (entries.is_empty() || rules.exempt_methods.contains(&flight.method.as_str()))
}

impl Kept {
    /// Steps 7.11 to 7.14: for each token, the entry that matches gets the new time, else there is a new entry.
    fn update_or_create(
        &mut self,
        tokens: impl Iterator<Item = Token>,
        flight: &Flight<'_>,
        expires: Duration,
        now: Duration,
    ) {
        self.entries.retain(|entry| now < entry.expires);
        let include = flight.credentials_mode_is_include();
        for token in tokens {
            match self.entries.iter_mut().find(|entry| entry.matches(&token, include, &flight.profile.cache))
            {
                Some(entry) => entry.expires = expires,
                None => self.entries.push(Entry { token, credentials: include, expires }),
            }
        }
    }
}

impl Entry {
    /// [Method cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-method) and
    /// [header-name cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-header), for entries of the request's key.
    fn matches(&self, wanted: &Token, request_includes_credentials: bool, rules: &CacheRules) -> bool {
        // "cache entry match": an entry without credentials does not serve a request with them
        if !self.credentials && request_includes_credentials {
            return false;
        }
        match (&self.token, wanted) {
            (Token::Method(kept), Token::Method(method)) => {
                kept == method || (rules.wildcard_matches && kept == "*")
            }
            (Token::Header(kept), Token::Header(name)) => {
                let covered =
                    rules.wildcard_covers_authorization || !header::is_non_wildcard_request_header_name(name);
                kept.eq_ignore_ascii_case(name) || (rules.wildcard_matches && covered && kept == "*")
            }
            _ => false,
        }
    }
}

impl CacheRules {
    /// For how long an answer with this `Access-Control-Max-Age` is kept; `None`: not at all.
    ///
    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch), steps 7.8 to 7.10, and what engines make of malformed values.
    ///
    /// ```
    /// use std::time::Duration;
    /// use corsac::{browser::Engine, header::MaxAge};
    /// let webkit = &Engine::WebKit.profile().cache;
    /// assert_eq!(webkit.lifetime(Some(MaxAge::Seconds(86_400))), Some(Duration::from_secs(600)));
    /// ```
    pub fn lifetime(&self, max_age: Option<MaxAge>) -> Option<Duration> {
        const DEFAULT: Duration = Duration::from_secs(5);
        let seconds = |seconds| Some(Duration::from_secs(seconds).min(self.limit));
        let lifetime = match max_age {
            None | Some(MaxAge::Empty) => Some(DEFAULT),
            Some(MaxAge::Seconds(given)) => seconds(given),
            Some(MaxAge::Overflow) => self.overflowing_max_age.or(Some(self.limit)),
            Some(MaxAge::LeadingPlus(given)) if self.max_age_allows_plus => seconds(given),
            Some(MaxAge::Negative) => self.negative_max_age,
            Some(MaxAge::LeadingPlus(_) | MaxAge::Repeated | MaxAge::Malformed) => self.malformed_max_age,
        };
        lifetime.filter(|time| !time.is_zero())
    }
}
