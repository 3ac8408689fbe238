//! A decision that waits for a lookup.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Response;

use crate::finish::Decided;

/// A decision that waits for a lookup. It always completes, because a lookup that takes too long counts as a refusal.
///
/// If the service is not asked, the response has the types of the `http` crate and the text of the body.
pub struct PendingDecision {
    pub(crate) while_pending: WhilePending,
    pub(crate) decided: Pin<Box<dyn Future<Output = Decided<Response<&'static str>>> + Send>>,
}

/// What an adapter does with the request while the decision is pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "an adapter has to handle all three")]
pub enum WhilePending {
    /// Drop it: it is a preflight, and the service never sees it.
    Drop,
    /// Let the service work on it already: the decision only concerns who may read the response.
    Forward,
    /// Hold it back: the request may be blocked, or the service reads the outcome.
    Hold,
}

impl PendingDecision {
    /// Returns what to do with the request until the decision is there. After [`WhilePending::Forward`] the decision is always
    /// [`Decided::Forward`], and after [`WhilePending::Drop`] always [`Decided::Answer`].
    pub fn while_pending(&self) -> WhilePending {
        self.while_pending
    }
}

impl Future for PendingDecision {
    type Output = Decided<Response<&'static str>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.decided.as_mut().poll(context)
    }
}

impl fmt::Debug for PendingDecision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingDecision").field("while_pending", &self.while_pending).finish_non_exhaustive()
    }
}
