//! The body of a response, as far as somebody wants it.

use corsac::browser::NetworkError;
use http_body_util::BodyExt as _;
use hyper::Response;
use hyper::body::{Body as _, Incoming};

use super::deadline::Deadline;
use super::failure;
use super::options::NetworkOptions;

/// As much of a body as was read.
pub(super) struct BodyRead {
    pub(super) bytes: Vec<u8>,
    pub(super) truncated: bool,
    pub(super) error: Option<NetworkError>,
}

impl BodyRead {
    pub(super) async fn of(
        response: Response<Incoming>,
        options: &NetworkOptions,
        deadline: Deadline,
    ) -> Self {
        let mut incoming = response.into_body();
        let mut read = Self { bytes: Vec::new(), truncated: false, error: None };
        if options.body_limit == 0 {
            read.truncated = !incoming.is_end_stream();
            return read;
        }
        let deadline = deadline.sooner(options.body_timeout);
        loop {
            let missing = || format!("the body was not complete ({} bytes came)", read.bytes.len());
            let error = match deadline.hold(incoming.frame(), missing).await {
                Ok(None) => return read,
                Ok(Some(Ok(frame))) => {
                    let data = frame.into_data().unwrap_or_default();
                    let room = options.body_limit.saturating_sub(read.bytes.len());
                    read.bytes.extend_from_slice(data.get(..room).unwrap_or(&data));
                    if data.len() > room {
                        read.truncated = true;
                        return read;
                    }
                    continue;
                }
                Ok(Some(Err(error))) => failure::body(&error),
                Err(timeout) => timeout,
            };
            read.truncated = true;
            read.error = Some(error);
            return read;
        }
    }
}
