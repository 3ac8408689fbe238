//! The body of a response, as far as somebody wants it.

use std::pin::pin;

use corsac::browser::NetworkError;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Buf as _};

use super::deadline::Deadline;
use super::options::NetworkOptions;

/// As much of a body as was read.
pub(super) struct BodyRead {
    pub(super) bytes: Vec<u8>,
    pub(super) truncated: bool,
    pub(super) error: Option<NetworkError>,
}

impl BodyRead {
    /// Nothing was read.
    pub(super) const fn none() -> Self {
        Self { bytes: Vec::new(), truncated: false, error: None }
    }

    /// Reads as much as the options allow. `broken` says what went wrong when a body ends in an error.
    pub(super) async fn of<B: Body>(
        body: B,
        options: &NetworkOptions,
        deadline: Deadline,
        broken: impl Fn(B::Error) -> NetworkError,
    ) -> Self {
        let mut body = pin!(body);
        let mut read = Self::none();
        if options.body_limit == 0 {
            read.truncated = !body.is_end_stream();
            return read;
        }
        let deadline = deadline.sooner(options.body_timeout);
        loop {
            let missing = || format!("the body was not complete ({} bytes came)", read.bytes.len());
            let error = match deadline.hold(body.frame(), missing).await {
                Ok(None) => return read,
                Ok(Some(Ok(frame))) => {
                    let Ok(mut data) = frame.into_data() else { continue };
                    let room = options.body_limit.saturating_sub(read.bytes.len());
                    let cut = data.remaining() > room;
                    let taken = data.copy_to_bytes(data.remaining().min(room));
                    read.bytes.extend_from_slice(&taken);
                    if cut {
                        read.truncated = true;
                        return read;
                    }
                    continue;
                }
                Ok(Some(Err(error))) => broken(error),
                Err(timeout) => timeout,
            };
            read.truncated = true;
            read.error = Some(error);
            return read;
        }
    }
}
