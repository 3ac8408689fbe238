//! The answers of situations, for a short time.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::answers::Answers;

/// How long a registration lasts.
pub(super) const LIFETIME: Duration = Duration::from_secs(60);

/// The most registrations. The oldest one goes when another comes.
pub(super) const MOST: usize = 100;

/// The most requests that are remembered of each. Browsers follow 20 redirects, with a preflight each.
const MOST_SEEN: usize = 50;

/// The registrations, the oldest first.
#[derive(Default)]
pub(super) struct Registrations(VecDeque<Registration>);

/// The answers below one path.
pub(super) struct Registration {
    id: String,
    made: Instant,
    pub(super) answers: Answers,
    seen: Vec<Seen>,
}

/// A request that arrived.
pub(super) struct Seen {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
}

impl Registrations {
    /// Adds a registration.
    pub(super) fn add(&mut self, registration: Registration, now: Instant) {
        self.forget(now);
        while self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back(registration);
    }

    /// Returns the registration with this id, if it is not too old.
    pub(super) fn get(&mut self, id: &str, now: Instant) -> Option<&mut Registration> {
        self.forget(now);
        self.0.iter_mut().find(|registration| registration.id == id)
    }

    fn forget(&mut self, now: Instant) {
        self.0.retain(|registration| now.saturating_duration_since(registration.made) < LIFETIME);
    }
}

impl Registration {
    pub(super) fn new(id: String, answers: Answers, made: Instant) -> Self {
        Self { id, made, answers, seen: Vec::new() }
    }

    /// Remembers a request, unless there are many already.
    pub(super) fn see(&mut self, seen: Seen) {
        if self.seen.len() < MOST_SEEN {
            self.seen.push(seen);
        }
    }

    pub(super) fn seen(&self) -> &[Seen] {
        &self.seen
    }
}

impl Seen {
    pub(super) fn to_json(&self) -> Value {
        json!({ "method": self.method, "url": self.url, "headers": self.headers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registration(id: usize, made: Instant) -> Registration {
        Registration::new(id.to_string(), Answers::default(), made)
    }

    #[test]
    fn a_registration_is_gone_after_a_minute() {
        let start = Instant::now();
        let mut registrations = Registrations::default();
        registrations.add(registration(1, start), start);
        assert!(registrations.get("1", start + LIFETIME - Duration::from_millis(1)).is_some());
        assert!(registrations.get("1", start + LIFETIME).is_none());
        assert!(registrations.get("1", start).is_none(), "forgotten, not hidden");
    }

    #[test]
    fn the_101st_registration_pushes_out_the_oldest() {
        let start = Instant::now();
        let mut registrations = Registrations::default();
        for id in 0..MOST {
            registrations.add(registration(id, start), start);
        }
        assert!(registrations.get("0", start).is_some());
        registrations.add(registration(MOST, start), start);
        assert!(registrations.get("0", start).is_none());
        assert!(registrations.get("1", start).is_some() && registrations.get("100", start).is_some());
    }

    #[test]
    fn of_many_requests_only_the_first_are_remembered() {
        let mut registration = registration(1, Instant::now());
        for _ in 0..1_000 {
            registration.see(Seen { method: "GET".to_owned(), url: String::new(), headers: Vec::new() });
        }
        assert_eq!(registration.seen().len(), MOST_SEEN);
    }
}
