//! Layers on top of each other. The inner one's decision stands, and for that its responses carry a mark. The mark costs two allocations,
//! so it is left out where there is nobody to read it: in a process with one [`Cors`](crate::Cors), and its clones, nothing can be stacked.

use std::sync::atomic::{AtomicUsize, Ordering};

static LIVING: AtomicUsize = AtomicUsize::new(0);

/// Is one [`Cors`](crate::Cors), as long as it lives.
pub(crate) struct Living(());

impl Living {
    pub(crate) fn new() -> Self {
        LIVING.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for Living {
    fn drop(&mut self) {
        LIVING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Can there be layers on top of each other?
pub(crate) fn is_possible() -> bool {
    LIVING.load(Ordering::Relaxed) > 1
}
