//! The byte stream under an HTTP conversation, as HTTP may see it: watched and bounded.
//!
//! Three things that no HTTP library does for us happen here. Nothing is read before the request is on its way, so that
//! a server which speaks first is judged by what it says, as in a browser. The bytes before the head of the response is
//! complete are bounded, whether they are header lines, informational responses or frames. And the first bytes are kept,
//! to show a person what it was that is not HTTP.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection of any make: TCP, TLS over TCP, TLS over a proxy's tunnel.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// How many bytes may come before the head of the response is complete: the head itself (256 KiB, as browsers take),
/// informational responses before it, and in HTTP/2 what arrives beside it.
const BEFORE_HEAD_LIMIT: usize = 512 << 10;

/// How many informational responses (100, 103) may come first. Each costs the parser room for as many lines as a head may have, so a
/// flood of them has to end early, and the bytes before the head come to the parser in small pieces.
const INFORMATIONAL_LIMIT: usize = 100;

/// The size of such a piece.
const PIECE: usize = 8 << 10;

/// How many of the first bytes are kept.
const OPENING_LENGTH: usize = 64;

pub(super) struct Watched {
    stream: Box<dyn Stream>,
    watch: Watch,
}

/// What was seen on a wire.
#[derive(Clone, Default)]
pub(super) struct Watch(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    sending: bool,
    head_complete: bool,
    informational: usize,
    received: usize,
    opening: Vec<u8>,
    reader: Option<Waker>,
}

impl Watch {
    /// The head is here; from now on the body's bounds hold.
    pub(super) fn head_is_complete(&self) {
        self.seen().head_complete = true;
    }

    /// Another informational response came.
    pub(super) fn one_more_informational_response(&self) {
        let mut seen = self.seen();
        seen.informational = seen.informational.saturating_add(1);
    }

    /// How many bytes came in.
    pub(super) fn received(&self) -> usize {
        self.seen().received
    }

    /// The first line of what came in, or as much of it as was kept, readable.
    pub(super) fn opening(&self) -> String {
        let seen = self.seen();
        let line = seen.opening.split(|byte| *byte == b'\n').next().unwrap_or_default();
        line.trim_ascii_end().escape_ascii().to_string()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
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
            let mut seen = self.watch.seen();
            if !seen.sending {
                seen.reader = Some(cx.waker().clone());
                return Poll::Pending;
            }
            if let Some(message) = seen.too_much_before_the_head() {
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, message)));
            }
            seen.head_complete
        };
        let before = buffer.filled().len();
        let polled = if head_complete || buffer.remaining() <= PIECE {
            Pin::new(&mut self.stream).poll_read(cx, buffer)
        } else {
            read_piece(&mut *self.stream, cx, buffer)
        };
        let polled = match polled {
            // TLS that ends without its goodbye. Whether anything is missing, the framing of HTTP says.
            Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => Poll::Ready(Ok(())),
            polled => polled,
        };
        let came = buffer.filled().get(before..).unwrap_or_default();
        let mut seen = self.watch.seen();
        seen.received = seen.received.saturating_add(came.len());
        let room = OPENING_LENGTH.saturating_sub(seen.opening.len());
        seen.opening.extend(came.iter().take(room));
        polled
    }
}

/// Reads a little, however much room there is.
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
            let mut seen = self.watch.seen();
            seen.sending = true;
            seen.reader.take()
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
