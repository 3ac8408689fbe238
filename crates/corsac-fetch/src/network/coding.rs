//! Decoding of content codings, those that `Accept-Encoding` offered.
//!
//! Like script, users of [`Received`](super::Received) see a body without its coding. At most `limit` bytes are read and produced, and only one
//! coding is decoded, so that a body cannot expand many times over.

use std::io::{self, Read};

use brotli_decompressor::Decompressor;
use corsac::browser::{NetworkError, NetworkErrorKind};
use corsac::header::HeaderList;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::body::BodyRead;
use corsac::header::names::CONTENT_ENCODING;

/// Decodes the coding in `Content-Encoding`. If that is not one that was offered, the body is returned unchanged.
pub(super) fn decode(body: BodyRead, headers: &HeaderList, limit: usize) -> BodyRead {
    let named = headers.text(CONTENT_ENCODING).unwrap_or_default().to_ascii_lowercase();
    let Some(coded) = body.bytes.as_deref().filter(|bytes| !bytes.is_empty()) else {
        return body;
    };
    let decoder: Box<dyn Read + '_> = match named.trim() {
        "gzip" | "x-gzip" => Box::new(MultiGzDecoder::new(coded)),
        // The specification says zlib, but some servers send bare deflate. Browsers accept both.
        "deflate" if is_zlib(coded) => Box::new(ZlibDecoder::new(coded)),
        "deflate" => Box::new(DeflateDecoder::new(coded)),
        "br" => Box::new(Decompressor::new(coded, 4096)),
        _ => return body,
    };
    let (bytes, more, broken) = read_up_to(limit, decoder);
    // A body that was cut off ends too early, and is reported as truncated already.
    let broken = broken.filter(|_| !body.truncated && !more).map(|error| {
        NetworkError::new(
            NetworkErrorKind::Malformed,
            format!("the body is not the {named} it says it is: {error}"),
        )
    });
    BodyRead {
        bytes: Some(bytes),
        truncated: body.truncated || more || broken.is_some(),
        error: body.error.or(broken),
    }
}

fn read_up_to(limit: usize, mut decoder: impl Read) -> (Vec<u8>, bool, Option<io::Error>) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match decoder.read(&mut buffer) {
            Ok(0) => return (bytes, false, None),
            Ok(length) => {
                let room = limit.saturating_sub(bytes.len());
                bytes.extend_from_slice(buffer.get(..length.min(room)).unwrap_or_default());
                if length > room {
                    return (bytes, true, None);
                }
            }
            Err(error) => return (bytes, false, Some(error)),
        }
    }
}

/// [RFC 1950, section 2.2](https://www.rfc-editor.org/rfc/rfc1950#section-2.2): method 8, and a check value.
fn is_zlib(coded: &[u8]) -> bool {
    match coded {
        [method, flags, ..] => {
            method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)).is_multiple_of(31)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn decoded(coding: &str, bytes: Vec<u8>, truncated: bool, limit: usize) -> BodyRead {
        let headers = HeaderList::from_iter([("Content-Encoding", coding)]);
        decode(BodyRead { bytes: Some(bytes), truncated, error: None }, &headers, limit)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn each_coding_that_is_offered_is_taken_off() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(b"hello").unwrap();
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
        deflate.write_all(b"hello").unwrap();
        let table = [
            ("gzip", gzip(b"hello")),
            ("X-GZip ", gzip(b"hello")),
            ("deflate", zlib.finish().unwrap()),
            ("deflate", deflate.finish().unwrap()),
            ("br", b"\x0b\x02\x80hello\x03".to_vec()),
            ("identity", b"hello".to_vec()),
            ("gzip, br", b"hello".to_vec()),
        ];
        for (coding, bytes) in table {
            let body = decoded(coding, bytes, false, 100);
            assert_eq!(
                (body.bytes.as_deref().unwrap(), body.truncated, body.error),
                (&b"hello"[..], false, None),
                "{coding}"
            );
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = gzip(&vec![0; 10 << 20]);
        assert!(bomb.len() < 100_000);
        let body = decoded("gzip", bomb, false, 1000);
        assert_eq!((body.bytes.unwrap().len(), body.truncated, body.error), (1000, true, None));
    }

    #[test]
    fn a_body_that_was_cut_gives_what_is_there() {
        let mut cut = gzip(b"hello hello hello hello");
        cut.truncate(cut.len() - 9);
        let body = decoded("gzip", cut, true, 100);
        assert!(body.truncated && body.error.is_none());
    }

    #[test]
    fn a_body_that_is_not_what_it_says_is_broken() {
        for coding in ["gzip", "deflate", "br"] {
            let body = decoded(coding, b"<!doctype html><title>no</title>".to_vec(), false, 100);
            let error = body.error.expect(coding);
            assert_eq!(error.kind, NetworkErrorKind::Malformed);
            assert!(error.message.contains(coding), "{error}");
        }
    }
}
