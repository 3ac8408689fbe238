//! How much a server may send.

/// What browsers take of header lines: 256 KiB in all.
pub(super) const HEAD_LIMIT: usize = 256 * 1024;

/// Browsers count no lines. Some number has to be; no response that works has as many.
pub(super) const LINE_LIMIT: usize = 16 * 1024;

/// How much of a body a server may send over HTTP/2 before we have read it.
pub(super) const WINDOW: u32 = 128 * 1024;
