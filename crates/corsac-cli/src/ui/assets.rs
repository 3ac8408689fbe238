//! The files of the page. `build.rs` compresses them and writes the table.

use std::borrow::Cow;
use std::io::{Read as _, Write as _};

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A file in this program.
pub(super) struct Embedded {
    /// Where it is, below the root of the page.
    pub(super) path: &'static str,
    tag: &'static str,
    gzip: &'static [u8],
}

/// What is served at a path, compressed.
pub(super) struct File {
    kind: &'static str,
    tag: Cow<'static, str>,
    gzip: Bytes,
}

/// Returns the files that were there when the program was built.
pub(super) fn embedded() -> impl Iterator<Item = &'static Embedded> {
    FILES.iter()
}

/// Returns `true` if the program was built with the WebAssembly module.
pub(super) fn has_wasm() -> bool {
    embedded().any(|file| file.path == "wasm/corsac_wasm.js")
}

impl Embedded {
    /// Returns the text in the file.
    pub(super) fn text(&self) -> Result<String, String> {
        let text = self.bytes().and_then(|bytes| String::from_utf8(bytes).map_err(std::io::Error::other));
        text.map_err(|error| format!("{}: {error}", self.path))
    }

    /// Returns what is in the file.
    pub(super) fn bytes(&self) -> std::io::Result<Vec<u8>> {
        unpack(self.gzip)
    }

    /// Returns the file as it is served.
    pub(super) fn file(&self) -> File {
        File { kind: kind(self.path), tag: self.tag.into(), gzip: Bytes::from_static(self.gzip) }
    }
}

impl File {
    /// Makes a file that is served at this path.
    pub(super) fn new(path: &str, text: &str) -> std::io::Result<Self> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes())?;
        let gzip = encoder.finish()?;
        // The end of a gzip file is the checksum and the length of what is in it.
        let tag: String = gzip.iter().rev().take(8).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { kind: kind(path), tag: tag.into(), gzip: gzip.into() })
    }

    /// Answers a request with these headers.
    pub(super) fn respond(&self, request: &HeaderMap) -> Response {
        let mut response = Response::new(Body::empty());
        // Both codings are the same content, so the tag is weak.
        let tag = format!("W/\"{}\"", self.tag);
        let is_known = request.get_all(IF_NONE_MATCH).iter().any(|tags| has_tag(tags, &tag));
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.extend(HeaderValue::try_from(tag).ok().map(|tag| (ETAG, tag)));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind));
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else if accepts_gzip(request) {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            *response.body_mut() = Body::from(self.gzip.clone());
        } else {
            match unpack(&self.gzip) {
                Ok(bytes) => *response.body_mut() = Body::from(bytes),
                Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
            }
        }
        response
    }
}

fn unpack(gzip: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(gzip).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn has_tag(tags: &HeaderValue, tag: &str) -> bool {
    tags.to_str().is_ok_and(|tags| tags.split(',').any(|known| known.trim() == tag))
}

fn accepts_gzip(request: &HeaderMap) -> bool {
    let mut codings = request
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    codings.any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
        name.trim().eq_ignore_ascii_case("gzip") && weight.is_ok_and(|weight| weight > 0.0)
    })
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_accepted_unless_its_weight_is_zero() {
        let table = [
            ("gzip, deflate, br", true),
            ("br;q=1.0, gzip;q=0.8", true),
            ("GZIP", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000", false),
            ("identity", false),
            ("x-gzip-not", false),
            ("", false),
        ];
        for (value, expected) in table {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]);
            assert_eq!(accepts_gzip(&headers), expected, "{value}");
        }
    }

    #[test]
    fn the_tag_depends_on_the_content_alone() {
        let tag = |text: &str| File::new("a.html", text).unwrap().tag;
        assert_eq!(tag("a"), tag("a"));
        assert_ne!(tag("a"), tag("b"));
    }
}
