//! Counters. Their labels come from the program, never from a request.

use std::sync::{Arc, OnceLock};

use corsac::server::{Enforcement, PolicyRefusal, RequestKind};
use metrics::{Key, Label, Level, Metadata, SharedString, Unit};

use crate::outcome::Verdict;

const REQUESTS: &str = "corsac_requests_total";
const ENFORCED: &str = "corsac_enforced_total";
const DIFFERENCES: &str = "corsac_report_only_differences_total";

/// Tells the recorder what the counters mean. Call it once, after the recorder was installed.
///
/// ```
/// corsac_middleware::describe_metrics();
/// ```
pub fn describe_metrics() {
    let describe = |name: &'static str, text: &'static str| {
        metrics::with_recorder(|recorder| {
            recorder.describe_counter(name.into(), Some(Unit::Count), text.into());
        });
    };
    describe(REQUESTS, "Requests by what they are to CORS and what was decided.");
    describe(ENFORCED, "Cross-origin requests that were blocked, or would be.");
    describe(DIFFERENCES, "Requests that the report-only policy decides otherwise.");
}

/// The counters of one named policy. A key is made when it is first needed; after that counting allocates nothing.
pub(crate) struct Counters {
    policy: Arc<str>,
    requests: Vec<OnceLock<Key>>,
}

const KINDS: usize = 3;
const VERDICTS: usize = 6 + PolicyRefusal::ALL.len();

impl Counters {
    pub(crate) fn new(policy: Arc<str>) -> Self {
        Self { policy, requests: (0..KINDS * VERDICTS).map(|_| OnceLock::new()).collect() }
    }

    pub(crate) fn request(&self, kind: RequestKind, verdict: Verdict) {
        let Some(key) = self.requests.get(kind_index(kind) * VERDICTS + verdict_index(verdict)) else {
            return;
        };
        let labels = || {
            let reason = verdict.reason().unwrap_or("none");
            self.key(REQUESTS, [("kind", kind.as_str()), ("outcome", verdict.as_str()), ("reason", reason)])
        };
        count(key.get_or_init(labels));
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

fn count(key: &Key) {
    static METADATA: Metadata<'static> = Metadata::new("corsac", Level::INFO, Some(module_path!()));
    // Asked each time: a recorder may be installed after the first request, or differ from thread to thread.
    metrics::with_recorder(|recorder| recorder.register_counter(key, &METADATA).increment(1));
}

fn kind_index(kind: RequestKind) -> usize {
    match kind {
        RequestKind::WithoutOrigin => 0,
        RequestKind::Request => 1,
        RequestKind::Preflight => 2,
    }
}

/// Every verdict has a number, below [`VERDICTS`].
pub(crate) fn verdict_index(verdict: Verdict) -> usize {
    use crate::lookup::LookupFailure;
    match verdict {
        Verdict::NotAsked => 0,
        Verdict::Allowed => 1,
        Verdict::NoPolicy => 2,
        Verdict::LookupFailed(LookupFailure::Failed) => 3,
        Verdict::LookupFailed(LookupFailure::TimedOut) => 4,
        Verdict::SameOrigin => 5,
        Verdict::Refused(refusal) => {
            6 + PolicyRefusal::ALL.iter().position(|other| *other == refusal).unwrap_or(0)
        }
    }
}
