//! Which entries belong together: a request with its preflight, with what its redirect led to, and with earlier answers of the same URL.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use corsac::header::names::ACCESS_CONTROL_ALLOW_ORIGIN;
use corsac::origin::Origin;
use url::Url;

use super::recorded::Recorded;
use super::recording::Recording;

/// A preflight stands at most this far from its request, in milliseconds. Slow servers need seconds, and both have time limits.
const NEAR: u64 = 60_000;

/// And at most this many other entries of its URL stand between them.
const MOST_BETWEEN: usize = 50;

/// Entries of a recording, by what connects them. Positions are those of [`Recording::entries`].
pub(super) struct Links<'r> {
    recording: &'r Recording,
    preflights: HashMap<&'r str, Vec<usize>>,
    requests: HashMap<&'r str, Vec<usize>>,
    next_hops: HashMap<usize, usize>,
    hops: HashSet<usize>,
    paired: RefCell<HashSet<usize>>,
    /// Servers, each with an origin or `*` that it allows.
    allowed: HashSet<(String, String)>,
}

impl<'r> Links<'r> {
    pub(super) fn new(recording: &'r Recording) -> Self {
        let mut links = Self {
            recording,
            preflights: HashMap::new(),
            requests: HashMap::new(),
            next_hops: HashMap::new(),
            hops: HashSet::new(),
            paired: RefCell::default(),
            allowed: HashSet::new(),
        };
        for (position, entry) in recording.entries.iter().enumerate() {
            let Some(url) = &entry.url else { continue };
            let kind = if entry.is_preflight() { &mut links.preflights } else { &mut links.requests };
            kind.entry(url.as_str()).or_default().push(position);
            let allowed = entry.response.text(ACCESS_CONTROL_ALLOW_ORIGIN).filter(|_| entry.error.is_none());
            if let Some(allowed) = allowed {
                links.allowed.insert((Origin::of(url).as_str().to_owned(), allowed));
            }
        }
        for (position, entry) in recording.entries.iter().enumerate() {
            if entry.is_preflight() {
                continue;
            }
            let Some(target) = entry.redirect_target() else { continue };
            let followers = links.requests.get(target.as_str()).map(Vec::as_slice).unwrap_or_default();
            let follower = followers
                .iter()
                .skip(followers.partition_point(|other| *other <= position))
                .take(MOST_BETWEEN)
                .find(|follower| {
                    let is_same_page =
                        recording.entries.get(**follower).is_some_and(|next| next.page == entry.page);
                    is_same_page && !links.hops.contains(*follower)
                });
            if let Some(follower) = follower.copied() {
                links.next_hops.insert(position, follower);
                links.hops.insert(follower);
            }
        }
        links
    }

    pub(super) fn entry(&self, position: usize) -> Option<&'r Recorded> {
        self.recording.entries.get(position)
    }

    /// Returns `true` for an entry to which a redirect led.
    pub(super) fn is_hop(&self, position: usize) -> bool {
        self.hops.contains(&position)
    }

    /// Returns the entry to which the redirect in this entry led.
    pub(super) fn next_hop(&self, position: usize) -> Option<usize> {
        self.next_hops.get(&position).copied()
    }

    /// Returns the preflight of a request to this URL: the nearest one that asks for its method from its page and belongs to no other request.
    pub(super) fn preflight(&self, url: &Url, method: &str, near: usize, origin: &Origin) -> Option<usize> {
        let request = self.entry(near)?;
        let candidates = self.preflights.get(url.as_str())?;
        let here = candidates.partition_point(|candidate| *candidate < near);
        let mut fitting: Vec<(u64, usize)> = candidates
            .iter()
            .skip(here.saturating_sub(MOST_BETWEEN))
            .take(2 * MOST_BETWEEN)
            .filter(|candidate| !self.paired.borrow().contains(candidate))
            .filter_map(|candidate| Some((*candidate, self.entry(*candidate)?)))
            .filter(|(_, preflight)| {
                let page = self.recording.origin(preflight);
                // After a redirect from one server to another the origin is `null`.
                let is_of_page = page.is_none_or(|page| {
                    page.as_str() == origin.as_str() || page.is_opaque() && self.is_hop(near)
                });
                let asks_method = preflight.requested_method().is_none_or(|asked| asked == method);
                is_of_page && asks_method && asks_for(preflight, request)
            })
            .map(|(candidate, preflight)| (distance(preflight, request), candidate))
            .collect();
        // Without times all are equally near, and the order of the file decides.
        fitting.sort_by_key(|(distance, candidate)| (*distance, candidate.abs_diff(near)));
        fitting.first().filter(|(distance, _)| *distance <= NEAR).map(|(_, candidate)| *candidate)
    }

    /// Remembers that a preflight belongs to a request.
    pub(super) fn pair(&self, preflight: usize) {
        self.paired.borrow_mut().insert(preflight);
    }

    /// Returns the preflights that belong to no request.
    pub(super) fn unpaired(&self) -> Vec<usize> {
        let paired = self.paired.borrow();
        let mut unpaired: Vec<usize> = self
            .preflights
            .values()
            .flatten()
            .copied()
            .filter(|preflight| !paired.contains(preflight))
            .collect();
        unpaired.sort_unstable();
        unpaired
    }

    /// Returns earlier answers of the same URL, the last one first.
    pub(super) fn earlier(&self, position: usize) -> impl Iterator<Item = (usize, &'r Recorded)> {
        let url =
            self.entry(position).and_then(|entry| entry.url.as_ref()).map(Url::as_str).unwrap_or_default();
        let same = self.requests.get(url).map(Vec::as_slice).unwrap_or_default();
        let earlier = same.get(..same.partition_point(|other| *other < position)).unwrap_or_default();
        let earlier = earlier.iter().rev().take(MOST_BETWEEN).copied();
        earlier.filter_map(|other| Some((other, self.entry(other)?))).filter(|(_, other)| other.status > 0)
    }

    /// Returns `true` if a response of this server allows the origin, or every origin.
    pub(super) fn allows(&self, server: &Origin, origin: &Origin) -> bool {
        [origin.as_str(), "*"]
            .iter()
            .any(|allowed| self.allowed.contains(&(server.as_str().to_owned(), (*allowed).to_owned())))
    }

    /// Returns other entries of the same URL.
    pub(super) fn others(&self, position: usize) -> impl Iterator<Item = (usize, &'r Recorded)> {
        let url =
            self.entry(position).and_then(|entry| entry.url.as_ref()).map(Url::as_str).unwrap_or_default();
        let same = self.requests.get(url).map(Vec::as_slice).unwrap_or_default();
        same.iter()
            .copied()
            .filter(move |other| *other != position)
            .filter_map(|other| Some((other, self.entry(other)?)))
    }
}

/// Returns `true` if the request has the headers that a preflight asks for, as far as the recording has the request's headers.
fn asks_for(preflight: &Recorded, request: &Recorded) -> bool {
    if request.status == 0 || request.is_preflight() {
        // Chromium leaves out some headers of requests that it did not send.
        return true;
    }
    preflight.requested_headers().iter().all(|name| {
        // Exports without sensitive data leave this one out.
        request.request.contains(name) || name == "authorization"
    })
}

fn distance(preflight: &Recorded, request: &Recorded) -> u64 {
    match (preflight.started, request.started) {
        (Some(one), Some(other)) => one.abs_diff(other),
        _ => 0,
    }
}
