//! The byte stream of a connection, observed and limited. It does three things that the HTTP library does not:
//!
//! - It reads nothing before the request is being sent. A server that speaks first is then judged by what it sends, as in a browser.
//! - It limits the bytes before the end of the response's head, whether they are header lines, informational responses or frames.
//! - It keeps the first bytes, to show them if they are not HTTP.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection of any kind: TCP, TLS over TCP, TLS over the tunnel of a proxy.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// How many bytes may arrive before the head of the response is complete: the head itself (256 KiB, as in browsers), informational responses
/// before it, and other frames of HTTP/2.
const BEFORE_HEAD_LIMIT: usize = 512 << 10;

/// How many informational responses (100, 103) may come first. For each, the parser reserves memory for as many lines as a head may have. So
/// their number is limited, and the parser gets the bytes before the head in small pieces.
const INFORMATIONAL_LIMIT: usize = 100;

/// The size of these pieces.
const PIECE: usize = 8 << 10;

/// How many of the first bytes are kept.
const OPENING_LENGTH: usize = 64;

pub(super) struct Watched {
    stream: Box<dyn Stream>,
    watch: Watch,
}

/// What was observed on a connection. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Watch(Arc<Mutex<Observed>>);

#[derive(Default)]
struct Observed {
    sending: bool,
    head_complete: bool,
    informational: usize,
    received: usize,
    opening: Vec<u8>,
    reader: Option<Waker>,
}

impl Watch {
    /// Records that the head is complete. From now on only the limits of the body apply.
    pub(super) fn head_is_complete(&self) {
        self.observed().head_complete = true;
    }

    /// Records another informational response.
    pub(super) fn informational_response(&self) {
        let mut observed = self.observed();
        observed.informational = observed.informational.saturating_add(1);
    }

    /// How many bytes were received.
    pub(super) fn received(&self) -> usize {
        self.observed().received
    }

    /// The first line that was received, or as much of it as was kept, with special bytes escaped.
    pub(super) fn opening(&self) -> String {
        let observed = self.observed();
        let line = observed.opening.split(|byte| *byte == b'\n').next().unwrap_or_default();
        line.trim_ascii_end().escape_ascii().to_string()
    }

    fn observed(&self) -> MutexGuard<'_, Observed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observed {
    fn too_much_before_the_head(&self) -> Option<String> {
        if self.head_complete {
            None
        } else if self.informational > INFORMATIONAL_LIMIT {
            Some(format!("over {INFORMATIONAL_LIMIT} informational responses, and still no response"))
        } else if self.received > BEFORE_HEAD_LIMIT {
            Some(format!("over {BEFORE_HEAD_LIMIT} bytes, and still no complete head of a response"))
        } else {
            None
        }
    }
}

impl Watched {
    pub(super) fn new(stream: Box<dyn Stream>) -> (Self, Watch) {
        let watch = Watch::default();
        (Self { stream, watch: watch.clone() }, watch)
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let head_complete = {
            let mut observed = self.watch.observed();
            if !observed.sending {
                observed.reader = Some(cx.waker().clone());
                return Poll::Pending;
            }
            if let Some(message) = observed.too_much_before_the_head() {
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, message)));
            }
            observed.head_complete
        };
        let before = buffer.filled().len();
        let polled = if head_complete || buffer.remaining() <= PIECE {
            Pin::new(&mut self.stream).poll_read(cx, buffer)
        } else {
            read_piece(&mut *self.stream, cx, buffer)
        };
        let polled = match polled {
            // TLS ended without a closing alert. The framing of HTTP says whether anything is missing.
            Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => Poll::Ready(Ok(())),
            polled => polled,
        };
        let came = buffer.filled().get(before..).unwrap_or_default();
        let mut observed = self.watch.observed();
        observed.received = observed.received.saturating_add(came.len());
        let room = OPENING_LENGTH.saturating_sub(observed.opening.len());
        observed.opening.extend(came.iter().take(room));
        polled
    }
}

/// Reads at most one piece, even if there is room for more.
fn read_piece(
    stream: &mut dyn Stream,
    cx: &mut Context<'_>,
    buffer: &mut ReadBuf<'_>,
) -> Poll<io::Result<()>> {
    let mut bytes = [0; PIECE];
    let mut piece = ReadBuf::new(&mut bytes);
    let polled = Pin::new(stream).poll_read(cx, &mut piece);
    buffer.put_slice(piece.filled());
    polled
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let reader = {
            let mut observed = self.watch.observed();
            observed.sending = true;
            observed.reader.take()
        };
        if let Some(reader) = reader {
            reader.wake();
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
