//! The [CORS-preflight cache](https://fetch.spec.whatwg.org/#cors-preflight-cache).

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use url::Url;

use super::engine::{CacheRules, CachedWildcard, NullOrigin};
use super::flight::Flight;
use crate::header::{self, MaxAge};

/// The CORS-preflight cache: what the responses to preflights allow, for as long as servers permit.
///
/// One cache belongs to one browser profile. All fetches of that profile share it, and measure time with the same clock.
///
/// ```
/// let cache = corsac::browser::PreflightCache::default();
/// assert!(cache.is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct PreflightCache {
    answers: HashMap<Key, Entries>,
    /// Increases with every use, to find the least recently used key.
    uses: u64,
    /// How many fetches have started with this cache.
    fetches: u64,
}

/// The network partition key, byte-serialized origin and URL of an entry, in one string. Where an engine keeps such entries apart, also
/// whether the request had credentials, and the only fetch that may use them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    text: String,
    credentials: bool,
    fetch: Option<u64>,
}

/// The entries of a key, with the time at which they expire. It is a map, because a server can list many tokens.
#[derive(Clone, Debug, Default)]
struct Entries {
    entries: HashMap<Entry, Duration>,
    last_use: u64,
}

/// A [cache entry](https://fetch.spec.whatwg.org/#concept-cache) without its key and age.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Entry {
    token: Token,
    credentials: bool,
}

/// A method, or a header name in lower case; either may be `*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Token {
    Method(String),
    Header(String),
    /// Any response, whatever it lists. In the engines, this is enough for a forced preflight of a safelisted request.
    AnyResponse,
}

/// The parsed lists of a preflight's response.
#[derive(Debug)]
pub(crate) struct AllowLists {
    pub(crate) methods: Vec<String>,
    /// In lower case.
    pub(crate) headers: Vec<String>,
}

/// What no entry of the cache allows.
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
    /// Removes every entry, as when a user clears the browser's data.
    ///
    /// ```
    /// let mut cache = corsac::browser::PreflightCache::default();
    /// cache.clear();
    /// assert_eq!(cache.len(), 0);
    /// ```
    pub fn clear(&mut self) {
        self.answers.clear();
    }

    /// The number of keys (page origin, URL and partition) with entries. Expired entries count until they are looked up.
    ///
    /// ```
    /// assert_eq!(corsac::browser::PreflightCache::default().len(), 0);
    /// ```
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// Returns `true` if the cache has no entries.
    ///
    /// ```
    /// assert!(corsac::browser::PreflightCache::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// Returns the number of a fetch that starts.
    pub(crate) fn number_fetch(&mut self) -> u64 {
        self.fetches = self.fetches.saturating_add(1);
        self.fetches
    }

    /// HTTP fetch, step 3.1: returns the first method or header of the request that no entry allows; `None` if no preflight is needed.
    pub(crate) fn missing<'f>(&mut self, flight: &'f Flight<'_>, now: Duration) -> Option<Missing<'f>> {
        let rules = &flight.profile.cache;
        let Some((key, kept)) =
            Key::of(flight, flight.url()).and_then(|key| Some((key.clone(), self.answers.get_mut(&key)?)))
        else {
            return missing(&HashMap::new(), flight, rules);
        };
        self.uses = self.uses.saturating_add(1);
        kept.last_use = self.uses;
        kept.entries.retain(|_, expires| now < *expires);
        let missing = missing(&kept.entries, flight, rules);
        // An engine that keeps whole responses drops one that does not allow enough.
        if kept.entries.is_empty() || (missing.is_some() && rules.whole_answers) {
            self.answers.remove(&key);
        }
        missing
    }

    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch), steps 7.12 to 7.15. Nothing is stored if `lifetime` is
    /// `None`.
    pub(crate) fn store(
        &mut self,
        flight: &Flight<'_>,
        lists: &AllowLists,
        lifetime: Option<Duration>,
        now: Duration,
    ) {
        let rules = &flight.profile.cache;
        let too_long = rules.url_length_limit.is_some_and(|limit| flight.url().as_str().len() >= limit);
        if rules.unkept_modes.contains(&flight.request().init().cache) {
            return;
        }
        let Some(key) = Key::of(flight, flight.url()) else {
            return;
        };
        if rules.whole_answers {
            self.answers.remove(&key);
        }
        let Some(lifetime) = lifetime.filter(|_| !too_long) else {
            return;
        };
        // A lifetime of zero ends entries and creates none.
        if lifetime.is_zero() && !self.answers.contains_key(&key) {
            return;
        }
        self.make_room(rules, &key, now);
        self.uses = self.uses.saturating_add(1);
        let kept = self.answers.entry(key).or_default();
        kept.last_use = self.uses;
        let methods = lists.methods.iter().cloned().map(Token::Method);
        let headers = lists.headers.iter().cloned().map(Token::Header);
        let any_response = (!rules.forced_preflight_needs_method).then_some(Token::AnyResponse);
        let tokens = methods.chain(headers).chain(any_response);
        kept.update_or_create(tokens, flight, now.saturating_add(lifetime), now);
    }

    /// [Clear cache entries](https://fetch.spec.whatwg.org/#concept-cache-clear): for the request's partition and origin, and this URL.
    pub(crate) fn clear_entries(&mut self, flight: &Flight<'_>, url: &Url) {
        if let Some(key) = Key::of(flight, url) {
            self.answers.remove(&Key { credentials: !key.credentials, ..key.clone() });
            self.answers.remove(&key);
        }
    }

    /// Keeps the number of keys within the engine's limit: removes what has expired, and then the least recently used key.
    fn make_room(&mut self, rules: &CacheRules, key: &Key, now: Duration) {
        /// How many more keys it takes to remove expired entries, in an engine without a limit.
        const SWEEP_EVERY: usize = 4_096;
        let full = match rules.capacity {
            Some(capacity) => self.answers.len() >= capacity,
            None => !self.answers.is_empty() && self.answers.len().is_multiple_of(SWEEP_EVERY),
        };
        if !full || self.answers.contains_key(key) {
            return;
        }
        self.answers.retain(|_, kept| kept.entries.values().any(|expires| now < *expires));
        if rules.capacity.is_some_and(|capacity| self.answers.len() >= capacity) {
            let oldest =
                self.answers.iter().min_by_key(|(_, kept)| kept.last_use).map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                self.answers.remove(&oldest);
            }
        }
    }
}

impl Key {
    /// `None` if the request bypasses the cache.
    fn of(flight: &Flight<'_>, url: &Url) -> Option<Self> {
        let rules = &flight.profile.cache;
        let partition = flight.request().init().client.network_partition_key.as_str();
        let fetch = match null_origin(flight) {
            NullOrigin::OneForAll => None,
            NullOrigin::NewForEachFetch => flight.number,
            NullOrigin::Uncached => return None,
        };
        // Neither a URL nor a serialized origin contains a space.
        let text = [partition, " ", keyed_origin(flight), " ", url.as_str()].concat();
        let credentials = rules.separates_credentials && flight.credentials_mode_is_include();
        Some(Self { text, credentials, fetch })
    }
}

/// How the engine treats the request's origin, if it is `null`.
fn null_origin(flight: &Flight<'_>) -> NullOrigin {
    let rules = &flight.profile.cache;
    if flight.is_tainted() && rules.tainted_origins == NullOrigin::Uncached {
        NullOrigin::Uncached
    } else if flight.request().origin().is_opaque() {
        rules.opaque_pages
    } else if flight.is_tainted() {
        rules.tainted_origins
    } else {
        NullOrigin::OneForAll
    }
}

/// The byte-serialized origin of an entry.
fn keyed_origin<'f>(flight: &'f Flight<'_>) -> &'f str {
    if flight.profile.cache.keyed_by_page_origin {
        flight.request().origin().as_str()
    } else {
        flight.serialized_origin()
    }
}

/// The conditions of HTTP fetch, step 3.1, for the entries that have not expired. Main fetch has made sure that a preflight is needed.
fn missing<'f>(
    entries: &HashMap<Entry, Duration>,
    flight: &'f Flight<'_>,
    rules: &CacheRules,
) -> Option<Missing<'f>> {
    let include = flight.credentials_mode_is_include();
    let answers = |wanted: Token| matching(wanted, include, rules).any(|entry| entries.contains_key(&entry));

    let forced = flight.preflight.forced && rules.forced_preflight_needs_method;
    let exempt = rules.exempt_methods.contains(&flight.method.as_str()) && !forced;
    if !exempt && !answers(Token::Method(flight.method.clone())) {
        return Some(Missing::Method(&flight.method));
    }
    let missing = flight.preflight.unsafe_names.iter().find(|name| !answers(Token::Header((*name).clone())));
    match missing {
        Some(name) => Some(Missing::Header(name)),
        None if !rules.forced_preflight_needs_method && !answers(Token::AnyResponse) => {
            Some(Missing::Method(&flight.method))
        }
        None => None,
    }
}

impl Entries {
    /// Steps 7.12 to 7.15: for each token, the matching entries get the new time; if there is none, an entry is created.
    fn update_or_create(
        &mut self,
        tokens: impl Iterator<Item = Token>,
        flight: &Flight<'_>,
        expires: Duration,
        now: Duration,
    ) {
        self.entries.retain(|_, expires| now < *expires);
        let include = flight.credentials_mode_is_include();
        for token in tokens {
            let mut found = false;
            for entry in matching(token.clone(), include, &flight.profile.cache) {
                if let Some(old) = self.entries.get_mut(&entry) {
                    *old = expires;
                    found = true;
                }
            }
            if !found && now < expires {
                self.entries.insert(Entry { token, credentials: include }, expires);
            }
        }
    }
}

/// The entries that would be a [method cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-method) or a [header-name
/// cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-header).
fn matching(wanted: Token, include: bool, rules: &CacheRules) -> impl Iterator<Item = Entry> {
    let rule = rules.wildcard;
    let wildcard = match &wanted {
        Token::Method(_) => Some(Token::Method("*".to_owned())),
        Token::Header(name) => (rules.wildcard_covers_authorization
            || !header::is_non_wildcard_request_header_name(name))
        .then(|| Token::Header("*".to_owned())),
        Token::AnyResponse => None,
    };
    // "cache entry match": an entry without credentials does not match a request with credentials
    let credentials = [true, false].into_iter().take(if include { 1 } else { 2 });
    credentials.flat_map(move |credentials| {
        let wildcard_counts = match rule {
            CachedWildcard::Always => true,
            CachedWildcard::CachedWithoutCredentials => !credentials,
            CachedWildcard::RequestedWithoutCredentials => !include,
            CachedWildcard::Never => false,
        };
        let wildcard = wildcard.clone().filter(|_| wildcard_counts);
        [Some(wanted.clone()), wildcard].into_iter().flatten().map(move |token| Entry { token, credentials })
    })
}

impl CacheRules {
    /// Returns how long a response with this `Access-Control-Max-Age` is kept; `None` if it makes no entry.
    ///
    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch), steps 7.8 to 7.10, and what engines do with malformed
    /// values.
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
        match max_age {
            None | Some(MaxAge::Empty) => Some(DEFAULT),
            Some(MaxAge::Seconds(0)) => self.zero_max_age,
            Some(MaxAge::Seconds(given)) => seconds(given),
            Some(MaxAge::Overflow) => self.overflowing_max_age.or(Some(self.limit)),
            Some(MaxAge::LeadingPlus(given)) if self.max_age_allows_plus => seconds(given),
            Some(MaxAge::Negative) => self.negative_max_age,
            Some(MaxAge::LeadingPlus(_) | MaxAge::Repeated | MaxAge::Malformed) => self.malformed_max_age,
        }
    }
}
