//! How much is told. Whoever sends requests could otherwise fill the log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// At most so many events in a second, for each subject by itself.
pub(crate) struct Limiter {
    per_second: u32,
    started: Instant,
    subjects: [Subject; SUBJECTS],
}

/// How many subjects there are. What is beyond is told with the last one.
pub(crate) const SUBJECTS: usize = 24;

#[derive(Default)]
struct Subject {
    /// The second in the upper half, in the lower how many events were told in it.
    told: AtomicU64,
    suppressed: AtomicU64,
}

/// May an event be told?
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Permit {
    /// Yes, and first that so many were not.
    Tell { suppressed: u64 },
    /// No.
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
        let count = |told: u64| if told & !COUNT == second { told & COUNT } else { 0 };
        let one_more = |told| {
            let count = count(told);
            (count < u64::from(self.per_second)).then_some(second | (count + 1))
        };
        match subject.told.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more) {
            Ok(before) => {
                let suppressed =
                    if count(before) == 0 { subject.suppressed.swap(0, Ordering::Relaxed) } else { 0 };
                Permit::Tell { suppressed }
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
    fn so_many_are_told_in_a_second_and_then_how_many_were_not() {
        let limiter = Limiter::new(2);
        let at = |subject, seconds| limiter.permit_at(subject, Duration::from_millis(seconds));
        let told = Permit::Tell { suppressed: 0 };
        assert_eq!(
            [at(0, 0), at(0, 10), at(0, 999)],
            [Permit::Tell { suppressed: 0 }, told, Permit::Suppress]
        );
        assert_eq!(at(0, 999), Permit::Suppress);
        assert_eq!(at(1, 999), Permit::Tell { suppressed: 0 }, "another subject");
        assert_eq!(at(0, 1000), Permit::Tell { suppressed: 2 });
        assert_eq!(at(0, 1001), Permit::Tell { suppressed: 0 });
        assert_eq!(at(0, 1002), Permit::Suppress);
        assert_eq!(at(0, 9000), Permit::Tell { suppressed: 1 });
    }

    #[test]
    fn no_events_at_all_can_be_asked_for() {
        assert_eq!(Limiter::new(0).permit(3), Permit::Suppress);
    }

    #[test]
    fn threads_together_tell_no_more_than_one_would() {
        let limiter = Limiter::new(10);
        let told = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..1000 {
                        if limiter.permit_at(0, Duration::ZERO) != Permit::Suppress {
                            told.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        assert_eq!(told.into_inner(), 10);
        assert_eq!(limiter.permit_at(0, Duration::from_secs(1)), Permit::Tell { suppressed: 7990 });
    }
}
