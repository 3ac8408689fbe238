//! A decision that waits for a lookup.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Response;

use crate::finish::Decided;

/// A decision that waits for a lookup. It always comes: a lookup that takes too long refuses.
///
/// Its response, if the service does not answer, is the `http` crate's, with the text of the body.
pub struct PendingDecision {
    pub(crate) meanwhile: WhilePending,
    pub(crate) decided: Pin<Box<dyn Future<Output = Decided<Response<&'static str>>> + Send>>,
}

/// What an adapter may do with the request while it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "an adapter has to do one of the three")]
pub enum WhilePending {
    /// Nothing: the request is a preflight, and the service never sees it.
    Drop,
    /// Let the service answer already: the decision is only about who may read the response.
    Forward,
    /// Keep it: it may be that the service must not see it, or the service reads the outcome.
    Hold,
}

impl PendingDecision {
    /// What may be done while it is waited for. After [`WhilePending::Forward`] the decision is always [`Decided::Forward`], after
    /// [`WhilePending::Drop`] always [`Decided::Answer`].
    pub fn while_pending(&self) -> WhilePending {
        self.meanwhile
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
        f.debug_struct("PendingDecision").field("meanwhile", &self.meanwhile).finish_non_exhaustive()
    }
}
