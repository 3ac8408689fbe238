//! A limit on logged events. Without it, anybody who sends requests could fill the log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Limits the events per second, separately for each subject (a verdict, enforcement, or a difference between policies).
pub(crate) struct Limiter {
    per_second: u32,
    started: Instant,
    subjects: [Subject; SUBJECTS],
}

/// The number of subjects. Higher numbers share the limit of the last one.
pub(crate) const SUBJECTS: usize = 24;

#[derive(Default)]
struct Subject {
    /// The second in the upper half, and the number of events that were logged in it in the lower half.
    logged: AtomicU64,
    suppressed: AtomicU64,
}

/// Whether an event may be logged.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Permit {
    /// It may. `suppressed` events were not logged before it, and this has to be reported first.
    Log { suppressed: u64 },
    /// It may not.
    Suppress,
}

impl Limiter {
    pub(crate) fn new(per_second: u32) -> Self {
        Self { per_second, started: Instant::now(), subjects: Default::default() }
    }

    pub(crate) fn permit(&self, subject: usize) -> Permit {
        self.permit_at(subject, self.started.elapsed())
    }

    fn permit_at(&self, subject: usize, now: Duration) -> Permit {
        let Some(subject) = self.subjects.get(subject.min(SUBJECTS - 1)) else { return Permit::Suppress };
        let second = now.as_secs() << 32;
        let count = |logged: u64| if logged & !COUNT == second { logged & COUNT } else { 0 };
        let one_more = |logged| {
            let count = count(logged);
            (count < u64::from(self.per_second)).then_some(second | (count + 1))
        };
        match subject.logged.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more) {
            Ok(before) => {
                let suppressed =
                    if count(before) == 0 { subject.suppressed.swap(0, Ordering::Relaxed) } else { 0 };
                Permit::Log { suppressed }
            }
            Err(_) => {
                subject.suppressed.fetch_add(1, Ordering::Relaxed);
                Permit::Suppress
            }
        }
    }
}

const COUNT: u64 = u32::MAX as u64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_over_the_limit_are_suppressed_and_counted_in_the_next_second() {
        let limiter = Limiter::new(2);
        let at = |subject, seconds| limiter.permit_at(subject, Duration::from_millis(seconds));
        let log = Permit::Log { suppressed: 0 };
        assert_eq!([at(0, 0), at(0, 10), at(0, 999)], [log, Permit::Log { suppressed: 0 }, Permit::Suppress]);
        assert_eq!(at(0, 999), Permit::Suppress);
        assert_eq!(at(1, 999), Permit::Log { suppressed: 0 }, "another subject");
        assert_eq!(at(0, 1000), Permit::Log { suppressed: 2 });
        assert_eq!(at(0, 1001), Permit::Log { suppressed: 0 });
        assert_eq!(at(0, 1002), Permit::Suppress);
        assert_eq!(at(0, 9000), Permit::Log { suppressed: 1 });
    }

    #[test]
    fn a_limit_of_zero_suppresses_everything() {
        assert_eq!(Limiter::new(0).permit(3), Permit::Suppress);
    }

    #[test]
    fn threads_share_one_limit() {
        let limiter = Limiter::new(10);
        let logged = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..1000 {
                        if limiter.permit_at(0, Duration::ZERO) != Permit::Suppress {
                            logged.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        assert_eq!(logged.into_inner(), 10);
        assert_eq!(limiter.permit_at(0, Duration::from_secs(1)), Permit::Log { suppressed: 7990 });
    }
}
