//! Reading the body of a response.

use std::pin::pin;

use corsac::browser::NetworkError;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Buf as _};

use super::deadline::Deadline;
use super::options::NetworkOptions;

/// The part of a body that was read.
pub(super) struct BodyRead {
    /// `None` if nothing was read.
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) truncated: bool,
    pub(super) error: Option<NetworkError>,
}

impl BodyRead {
    pub(super) const fn unread() -> Self {
        Self { bytes: None, truncated: false, error: None }
    }

    /// Reads as much as the options allow. `broken` converts the error of a body that breaks.
    pub(super) async fn of<B: Body>(
        body: B,
        options: &NetworkOptions,
        deadline: Deadline,
        broken: impl Fn(B::Error) -> NetworkError,
    ) -> Self {
        let mut body = pin!(body);
        if options.body_limit == 0 {
            return Self { truncated: !body.is_end_stream(), ..Self::unread() };
        }
        let mut bytes = Vec::new();
        let deadline = deadline.sooner(options.body_timeout);
        loop {
            let missing = || format!("the body was not complete ({} bytes came)", bytes.len());
            let error = match deadline.hold(body.frame(), missing).await {
                Ok(None) => return Self { bytes: Some(bytes), truncated: false, error: None },
                Ok(Some(Ok(frame))) => {
                    let Ok(mut data) = frame.into_data() else { continue };
                    let room = options.body_limit.saturating_sub(bytes.len());
                    let cut = data.remaining() > room;
                    let taken = data.copy_to_bytes(data.remaining().min(room));
                    bytes.extend_from_slice(&taken);
                    if cut {
                        return Self { bytes: Some(bytes), truncated: true, error: None };
                    }
                    continue;
                }
                Ok(Some(Err(error))) => broken(error),
                Err(timeout) => timeout,
            };
            return Self { bytes: Some(bytes), truncated: true, error: Some(error) };
        }
    }
}
