//! How much a server may send.

/// The total size of header lines that browsers accept.
pub(super) const HEAD_LIMIT: usize = 256 * 1024;

/// The number of header lines. Browsers have no such limit, but the HTTP library needs one; no working response reaches it.
pub(super) const LINE_LIMIT: usize = 16 * 1024;

/// How many bytes of a body a server may send over HTTP/2 before we have read them.
pub(super) const WINDOW: u32 = 128 * 1024;
