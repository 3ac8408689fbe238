//! The time limit that all stages of an exchange share.

use std::future::Future;
use std::time::Duration;

use corsac::browser::{NetworkError, NetworkErrorKind};
use tokio::time::Instant;

/// When the whole exchange has to be over.
#[derive(Clone, Copy)]
pub(super) struct Deadline {
    pub(super) started: Instant,
    allowed: Duration,
}

impl Deadline {
    pub(super) fn after(allowed: Duration) -> Self {
        Self { started: Instant::now(), allowed }
    }

    /// This deadline, or one `allowed` from now if that is sooner.
    pub(super) fn sooner(self, allowed: Duration) -> Self {
        let left = self.allowed.saturating_sub(self.started.elapsed());
        Self { started: Instant::now(), allowed: left.min(allowed) }
    }

    /// Returns the result of `stage`, unless time runs out. In that case `missing` says what did not happen, as in "no connection to ...".
    pub(super) async fn hold<T>(
        self,
        stage: impl Future<Output = T>,
        missing: impl FnOnce() -> String,
    ) -> Result<T, NetworkError> {
        let left = self.allowed.saturating_sub(self.started.elapsed());
        tokio::time::timeout(left, stage).await.map_err(|_elapsed| {
            // Of a limit of 10 s, 9.998213 s may be left here. The message says 10 s.
            let allowed = Duration::from_millis(self.allowed.as_millis().saturating_add(5) as u64 / 10 * 10);
            NetworkError::new(NetworkErrorKind::Timeout, format!("{} within {allowed:?}", missing()))
        })
    }
}
