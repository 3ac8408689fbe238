//! Counters. Their labels are never taken from a request.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use corsac::server::{Enforcement, RequestKind};
use metrics::{Counter, Key, Label, Level, Metadata, Recorder, SharedString, Unit};

use super::{VERDICTS, verdict_index};
use crate::outcome::CorsVerdict;

const REQUESTS: &str = "corsac_requests_total";
const ENFORCED: &str = "corsac_enforced_total";
const DIFFERENCES: &str = "corsac_report_only_differences_total";

/// The address of the recorder that `describe_metrics` has seen: the program's recorder, which stays installed. So its handles can be kept.
static DESCRIBED: AtomicUsize = AtomicUsize::new(0);

/// Describes the counters to the recorder, and lets the middleware keep the recorder's handles. Call it once, after the recorder was installed.
/// From then on, counting a request only increments a known counter. Without this call, counters work too, but the recorder is asked for the
/// handle each time.
pub fn describe_metrics() {
    metrics::with_recorder(|recorder| {
        for (name, text) in [
            (REQUESTS, "Requests by kind, outcome, reason and policy."),
            (ENFORCED, "Cross-origin requests that `enforce` blocked or reported."),
            (DIFFERENCES, "Requests that the report-only policy decides differently."),
        ] {
            recorder.describe_counter(name.into(), Some(Unit::Count), text.into());
        }
        DESCRIBED.store(address(recorder), Ordering::Relaxed);
    });
}

fn address(recorder: &dyn Recorder) -> usize {
    std::ptr::from_ref(recorder).cast::<()>().addr()
}

/// The counters of one named policy. A key is made when it is first needed. After that, counting allocates nothing.
pub(crate) struct Counters {
    policy: Arc<str>,
    requests: Vec<CachedCounter>,
}

#[derive(Default)]
struct CachedCounter {
    key: OnceLock<Key>,
    /// The handle, and the address of the recorder that it belongs to.
    handle: OnceLock<(usize, Counter)>,
}

const KINDS: usize = 3;

impl Counters {
    pub(crate) fn new(policy: Arc<str>) -> Self {
        Self { policy, requests: (0..KINDS * VERDICTS).map(|_| CachedCounter::default()).collect() }
    }

    #[inline]
    pub(crate) fn request(&self, kind: RequestKind, verdict: CorsVerdict) {
        if let Some(counter) = self.requests.get(kind_index(kind) * VERDICTS + verdict_index(verdict)) {
            counter.count(|| {
                let reason = verdict.reason().unwrap_or("none");
                self.key(
                    REQUESTS,
                    [("kind", kind.as_str()), ("outcome", verdict.as_str()), ("reason", reason)],
                )
            });
        }
    }

    pub(crate) fn enforced(&self, enforcement: Enforcement, reason: &'static str) {
        count(&self.key(ENFORCED, [("enforcement", enforcement.as_str()), ("reason", reason)]));
    }

    pub(crate) fn difference(&self, kind: RequestKind, now: &'static str, report_only: &'static str) {
        let labels = [("kind", kind.as_str()), ("applied", now), ("report_only", report_only)];
        count(&self.key(DIFFERENCES, labels));
    }

    fn key<const N: usize>(&self, name: &'static str, labels: [(&'static str, &'static str); N]) -> Key {
        let own = labels.map(|(label, value)| Label::from_static_parts(label, value));
        let policy = Label::new("policy", SharedString::from(Arc::clone(&self.policy)));
        Key::from_parts(name, own.into_iter().chain([policy]).collect::<Vec<_>>())
    }
}

static METADATA: Metadata<'static> = Metadata::new("corsac", Level::INFO, Some(module_path!()));

impl CachedCounter {
    #[inline]
    fn count(&self, key: impl FnOnce() -> Key) {
        metrics::with_recorder(|recorder| {
            let address = address(recorder);
            match self.handle.get() {
                Some((owner, counter)) if *owner == address => counter.increment(1),
                _ => self.count_and_keep(recorder, self.key.get_or_init(key)),
            }
        });
    }

    // A recorder may be installed after the first request, or differ between threads. Only the described one is known to stay.
    fn count_and_keep(&self, recorder: &dyn Recorder, key: &Key) {
        let counter = recorder.register_counter(key, &METADATA);
        counter.increment(1);
        let address = address(recorder);
        if DESCRIBED.load(Ordering::Relaxed) == address {
            self.handle.get_or_init(|| (address, counter));
        }
    }
}

fn count(key: &Key) {
    metrics::with_recorder(|recorder| recorder.register_counter(key, &METADATA).increment(1));
}

fn kind_index(kind: RequestKind) -> usize {
    match kind {
        RequestKind::WithoutOrigin => 0,
        RequestKind::Request => 1,
        RequestKind::Preflight => 2,
    }
}
