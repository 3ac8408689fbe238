//! The bound of time that all stages of an exchange share.

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

    /// The result of `stage`, unless time runs out; `missing` then says what did not come: "no connection to ...".
    pub(super) async fn hold<T>(
        self,
        stage: impl Future<Output = T>,
        missing: impl FnOnce() -> String,
    ) -> Result<T, NetworkError> {
        let left = self.allowed.saturating_sub(self.started.elapsed());
        tokio::time::timeout(left, stage).await.map_err(|_elapsed| {
            // Whoever allowed 10 s does not want to read of the 9.998213 s that were left of it here.
            let allowed = Duration::from_millis(self.allowed.as_millis().saturating_add(5) as u64 / 10 * 10);
            NetworkError::new(NetworkErrorKind::Timeout, format!("{} within {allowed:?}", missing()))
        })
    }
}
