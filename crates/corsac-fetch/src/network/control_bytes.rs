//! Control bytes in header values, and the spelling of header names, which browsers support and the HTTP/1 library does not.
//!
//! The Fetch standard lets script send every byte except NUL, CR and LF in a header value, and browsers accept the same in responses. The
//! library follows RFC 9110 and drops such lines. So heads pass through the library in an encoded form, in which each control byte is two bytes
//! that are allowed in any value. Only [`ControlBytes`] and the functions [`disguise`] and [`undisguise`] know about it. Names get their
//! spelling back when a request is written.

use std::borrow::Cow;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::received_names::ReceivedNames;
use super::watched::Stream;

/// The first byte of a pair that encodes one byte.
const MARK: u8 = 0xff;

/// Follows [`MARK`] to encode that byte itself.
const MARK_ITSELF: u8 = 0xa0;

/// Encodes a value for the library.
pub(super) fn disguise(value: &[u8]) -> Cow<'_, [u8]> {
    if !value.iter().any(|byte| is_disguised(*byte)) {
        return Cow::Borrowed(value);
    }
    let mut disguised = Vec::with_capacity(value.len().saturating_add(8));
    for byte in value {
        push_disguised(&mut disguised, *byte);
    }
    Cow::Owned(disguised)
}

/// Decodes a value, to what is sent on the connection.
pub(super) fn undisguise(value: &[u8]) -> Cow<'_, [u8]> {
    if !value.contains(&MARK) {
        return Cow::Borrowed(value);
    }
    let mut plain = Vec::with_capacity(value.len());
    let mut after_mark = false;
    for byte in value {
        undisguise_next(&mut plain, &mut after_mark, *byte);
    }
    Cow::Owned(plain)
}

/// NUL, CR and LF are not encoded, because no value can contain them.
fn is_disguised(byte: u8) -> bool {
    matches!(byte, 0x01..=0x08 | 0x0b | 0x0c | 0x0e..=0x1f | 0x7f | MARK)
}

fn push_disguised(to: &mut Vec<u8>, byte: u8) {
    match byte {
        MARK => to.extend_from_slice(&[MARK, MARK_ITSELF]),
        byte if is_disguised(byte) => to.extend_from_slice(&[MARK, byte | 0x80]),
        byte => to.push(byte),
    }
}

fn undisguise_next(to: &mut Vec<u8>, after_mark: &mut bool, byte: u8) {
    if std::mem::take(after_mark) {
        to.push(if byte == MARK_ITSELF { MARK } else { byte & 0x7f });
    } else if byte == MARK {
        *after_mark = true;
    } else {
        to.push(byte);
    }
}

/// Restores the spelling of the header names in a head.
fn spell(message: &mut [u8], spelling: &[String]) {
    for line in message.split_mut(|byte| *byte == b'\n') {
        if matches!(line, [] | [b'\r']) {
            return;
        }
        let Some(name) = line.split_mut(|byte| *byte == b':').next() else { continue };
        if let Some(spelled) = spelling.iter().find(|spelled| spelled.as_bytes().eq_ignore_ascii_case(name)) {
            name.copy_from_slice(spelled.as_bytes());
        }
    }
}

/// A connection that encodes heads for the library and decodes them for the server.
pub(super) struct ControlBytes<S> {
    stream: S,
    sent: Head,
    after_mark: bool,
    spelling: Vec<String>,
    /// Bytes that are not written yet. The head of the request is collected here until it is complete.
    outgoing: Vec<u8>,
    received: Head,
    received_names: ReceivedNames,
    /// Encoded bytes of the response that the library has not read yet.
    incoming: Vec<u8>,
}

impl<S> ControlBytes<S> {
    /// `spelling` has the names of the request's header lines. `received_names` collects those of the response.
    pub(super) fn new(stream: S, spelling: Vec<String>, received_names: ReceivedNames) -> Self {
        Self {
            stream,
            sent: Head::default(),
            after_mark: false,
            spelling,
            outgoing: Vec::new(),
            received: Head::default(),
            received_names,
            incoming: Vec::new(),
        }
    }
}

/// Finds the end of a message's head.
#[derive(Default)]
struct Head {
    complete: bool,
    line_has_bytes: bool,
    /// The first bytes of the head, enough to recognize an informational response, which another head follows.
    opening: Vec<u8>,
}

const STATUS_AT: usize = "HTTP/1.1 ".len();

impl Head {
    fn pass(&mut self, byte: u8) {
        if self.opening.len() <= STATUS_AT && (self.line_has_bytes || !matches!(byte, b'\r' | b'\n')) {
            self.opening.push(byte);
        }
        match byte {
            b'\n' if !self.line_has_bytes && !self.opening.is_empty() => {
                self.complete =
                    !(self.opening.starts_with(b"HTTP/1") && self.opening.get(STATUS_AT) == Some(&b'1'));
                self.opening.clear();
            }
            b'\n' => self.line_has_bytes = false,
            b'\r' => {}
            _ => self.line_has_bytes = true,
        }
    }
}

impl<S: Stream> AsyncRead for ControlBytes<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.incoming.is_empty() {
            if this.received.complete {
                return Pin::new(&mut this.stream).poll_read(cx, buffer);
            }
            let mut bytes = [0; 4096];
            let mut plain = ReadBuf::new(&mut bytes);
            ready!(Pin::new(&mut this.stream).poll_read(cx, &mut plain))?;
            for byte in plain.filled() {
                if this.received.complete {
                    this.incoming.push(*byte);
                } else {
                    this.received.pass(*byte);
                    this.received_names.pass(*byte);
                    push_disguised(&mut this.incoming, *byte);
                }
            }
        }
        let now = this.incoming.len().min(buffer.remaining());
        let rest = this.incoming.split_off(now);
        buffer.put_slice(&this.incoming);
        this.incoming = rest;
        Poll::Ready(Ok(()))
    }
}

impl<S: Stream> ControlBytes<S> {
    fn poll_write_outgoing(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.outgoing.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.outgoing))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.outgoing.drain(..written);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: Stream> AsyncWrite for ControlBytes<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.sent.complete {
            ready!(this.poll_write_outgoing(cx))?;
            return Pin::new(&mut this.stream).poll_write(cx, bytes);
        }
        for byte in bytes {
            if this.sent.complete {
                this.outgoing.push(*byte);
            } else {
                this.sent.pass(*byte);
                undisguise_next(&mut this.outgoing, &mut this.after_mark, *byte);
            }
        }
        // All bytes are accepted here, even if they cannot be written yet.
        if !this.sent.complete {
            return Poll::Ready(Ok(bytes.len()));
        }
        spell(&mut this.outgoing, &this.spelling);
        if let Poll::Ready(Err(error)) = this.poll_write_outgoing(cx) {
            return Poll::Ready(Err(error));
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.sent.complete {
            ready!(self.poll_write_outgoing(cx))?;
        }
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_write_outgoing(cx))?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back_as_it_was() {
        let all: Vec<u8> = (0..=255).collect();
        let disguised = disguise(&all);
        assert!(
            disguised.iter().all(|byte| matches!(byte, 0 | b'\t' | b'\n' | b'\r' | 0x20..=0x7e | 0x80..))
        );
        assert_eq!(undisguise(&disguised), all);
        assert!(matches!(disguise(b"text/plain"), Cow::Borrowed(_)));
    }

    #[test]
    fn names_are_spelled_as_script_spelled_them_and_the_body_is_left_alone() {
        let mut message = b"GET /x-a: HTTP/1.1\r\nHost: X-A\r\nX-A: X-A\r\n\r\nX-A: 1\r\n".to_vec();
        spell(&mut message, &["x-a".to_owned()]);
        assert_eq!(message, b"GET /x-a: HTTP/1.1\r\nHost: X-A\r\nx-a: X-A\r\n\r\nX-A: 1\r\n");
    }

    #[test]
    fn a_head_ends_with_its_first_empty_line_unless_another_follows() {
        let table = [
            ("HTTP/1.1 200 OK\r\na: b\r\n\r\nbody", "body"),
            ("HTTP/1.1 200 OK\na: b\n\nbody", "body"),
            ("\r\n\r\nHTTP/1.1 200 OK\r\n\r\nbody\r\n\r\n", "body\r\n\r\n"),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\nrest", "rest"),
            ("GET / HTTP/1.1\r\nhost: a\r\n\r\nbody", "body"),
            ("no end", ""),
        ];
        for (message, rest) in table {
            let mut head = Head::default();
            let after = message.bytes().filter(|byte| {
                let is_after = head.complete;
                if !is_after {
                    head.pass(*byte);
                }
                is_after
            });
            assert_eq!(after.collect::<Vec<u8>>(), rest.as_bytes(), "{message:?}");
        }
    }
}
