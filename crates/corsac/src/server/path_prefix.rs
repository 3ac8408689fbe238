//! Parts of a server, by path: how a path is written, and which requests it covers.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// A part of a server: a path and everything below it.
///
/// `/public` covers `/public` and `/public/logo.png`, but not `/publications`. Whole segments are compared as they are sent: nothing is
/// decoded, and case matters. A prefix is not a pattern, so [`parse`](Self::parse) refuses strings that look like one.
///
/// ```
/// use corsac::server::PathPrefix;
///
/// let public = PathPrefix::parse("/public")?;
/// assert!(public.covers("/public/logo.png"));
/// assert!(!public.covers("/publications"));
/// assert!(!public.covers("/public/../admin"));
/// # Ok::<(), corsac::server::PathPrefixError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PathPrefix(
    /// Begins with a slash and does not end with one; empty for the whole server.
    Box<str>,
);

impl PathPrefix {
    /// Parses a path as a person writes it. It has to begin with a slash; a slash at the end is ignored.
    ///
    /// ```
    /// use corsac::server::PathPrefix;
    ///
    /// assert_eq!(PathPrefix::parse("/public/")?.as_str(), "/public");
    /// let error = PathPrefix::parse("/users/{id}").unwrap_err();
    /// assert!(error.to_string().ends_with("write `/users`"));
    /// # Ok::<(), corsac::server::PathPrefixError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails for a string that would match no request, or not the intended ones: a path without a slash at the beginning, a URL, a pattern, a
    /// path with a query, a segment `..` or characters that browsers percent-encode. The error says what to write instead.
    pub fn parse(path: &str) -> Result<Self, PathPrefixError> {
        let inner = path.trim_matches('/');
        let prefix = if inner.is_empty() { String::new() } else { format!("/{inner}") };
        match invalid_reason(path, &prefix) {
            Some(reason) => Err(PathPrefixError { path: path.to_owned(), reason }),
            None => Ok(Self(prefix.into())),
        }
    }

    /// Returns the path; `/` for the whole server.
    pub fn as_str(&self) -> &str {
        or_root(&self.0)
    }

    /// Returns `true` if `path` is in this part. `path` is the request's path as it was sent, without the query.
    ///
    /// No part covers a path with a segment `.` or `..`, percent-encoded or not; not even `/` does. Servers resolve such segments in different
    /// ways. Browsers resolve them before they send a request.
    pub fn covers(&self, path: &str) -> bool {
        !has_dot_segment(path) && self.is_above(path)
    }

    fn is_above(&self, path: &str) -> bool {
        path.strip_prefix(&*self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl FromStr for PathPrefix {
    type Err = PathPrefixError;

    fn from_str(path: &str) -> Result<Self, PathPrefixError> {
        Self::parse(path)
    }
}

impl fmt::Display for PathPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a string is not a valid [`PathPrefix`], and what to write instead.
///
/// ```
/// let error = corsac::server::PathPrefix::parse("/public/*").unwrap_err();
/// assert_eq!(error.path(), "/public/*");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPrefixError {
    path: String,
    reason: String,
}

impl PathPrefixError {
    /// Returns the path as it was written.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns why no request has the path, and what to write instead: a clause without a full stop.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for PathPrefixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` matches no request: {}", self.path.escape_debug(), self.reason)
    }
}

impl Error for PathPrefixError {}

/// A map from parts of a server to values. If several parts cover a path, the longest one counts.
///
/// ```
/// use corsac::server::{PathMap, PathPrefix};
///
/// let mut parts = PathMap::new();
/// parts.insert(PathPrefix::parse("/public")?, 1);
/// parts.insert(PathPrefix::parse("/public/own")?, 2);
/// assert_eq!(parts.get("/public/own/x"), Some(&2));
/// assert_eq!(parts.get("/other"), None);
/// # Ok::<(), corsac::server::PathPrefixError>(())
/// ```
#[derive(Clone, Debug)]
pub struct PathMap<T> {
    /// Longest path first.
    parts: Vec<(PathPrefix, T)>,
}

impl<T> PathMap<T> {
    /// Makes an empty map.
    pub const fn new() -> Self {
        Self { parts: Vec::new() }
    }

    /// Adds a part. Returns the value that the same part had before.
    pub fn insert(&mut self, prefix: PathPrefix, value: T) -> Option<T> {
        let by_length = |(other, _): &(PathPrefix, T)| {
            prefix.0.len().cmp(&other.0.len()).then_with(|| other.0.cmp(&prefix.0))
        };
        match self.parts.binary_search_by(by_length) {
            Ok(at) => self.parts.get_mut(at).map(|(_, old)| std::mem::replace(old, value)),
            Err(at) => {
                self.parts.insert(at, (prefix, value));
                None
            }
        }
    }

    /// Returns the value of the longest part that [covers](PathPrefix::covers) a path; `None` if no part does.
    pub fn get(&self, path: &str) -> Option<&T> {
        if self.parts.is_empty() || has_dot_segment(path) {
            return None;
        }
        self.parts.iter().find(|(prefix, _)| prefix.is_above(path)).map(|(_, value)| value)
    }

    /// Returns the parts and their values, longest path first.
    pub fn iter(&self) -> impl Iterator<Item = (&PathPrefix, &T)> {
        self.parts.iter().map(|(prefix, value)| (prefix, value))
    }

    /// Returns `true` if the map is empty.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

impl<T> Default for PathMap<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns `true` if a path has a segment that is `.` or `..`, in any spelling that a server might decode: `%2e` for `.`, and `%2f`, `\` or
/// `%5c` for `/`.
fn has_dot_segment(path: &str) -> bool {
    let mut rest = path.as_bytes();
    // The number of dots in the segment, if it consists of dots only.
    let mut dots = Some(0_usize);
    loop {
        let byte;
        (byte, rest) = match rest {
            [] => return matches!(dots, Some(1 | 2)),
            [b'%', b'2', b'e' | b'E', after @ ..] => (b'.', after),
            [b'%', b'2', b'f' | b'F', after @ ..] | [b'%', b'5', b'c' | b'C', after @ ..] => (b'/', after),
            [byte, after @ ..] => (*byte, after),
        };
        dots = match byte {
            b'/' | b'\\' if matches!(dots, Some(1 | 2)) => return true,
            b'/' | b'\\' => Some(0),
            b'.' => dots.map(|dots| dots.saturating_add(1)),
            _ => None,
        };
    }
}

/// Returns why a path would match no request, or not the intended ones, and what to write instead; `None` if the path is valid.
fn invalid_reason(written: &str, path: &str) -> Option<String> {
    if written.contains("://") {
        return Some("it is a URL. Write its path only".to_owned());
    }
    if path.contains(['?', '#']) {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        return Some(format!("paths are compared without the query and fragment. Write `{}`", or_root(path)));
    }
    if has_dot_segment(path) {
        return Some("it has a segment `.` or `..`. Write the path that it leads to".to_owned());
    }
    let mut before = String::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        if segment.contains(['*', '{', '}']) || segment.starts_with(':') {
            return Some(format!(
                "patterns are not supported, and `{segment}` would be compared literally. A path covers everything below it: write `{}`",
                or_root(&before)
            ));
        }
        before = format!("{before}/{segment}");
    }
    if path.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Some(format!("paths are compared as they are sent. Write `{}`", as_sent(path)));
    }
    if written.is_empty() {
        return Some("it is empty. Write `/` for the whole server".to_owned());
    }
    if !written.starts_with('/') {
        return Some(format!("a path begins with a slash. Write `{path}`"));
    }
    None
}

fn or_root(path: &str) -> &str {
    if path.is_empty() { "/" } else { path }
}

/// Returns the path with the characters percent-encoded that browsers encode.
fn as_sent(path: &str) -> String {
    let encoded = |byte: u8| {
        if byte.is_ascii_graphic() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    path.bytes().map(encoded).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitfall_61_dot_segments_are_found_in_every_spelling() {
        for path in [
            "/.",
            "/..",
            "/./a",
            "/public/../items",
            "/public/..",
            "/public/.",
            "/public/%2e%2e/items",
            "/public/.%2E/items",
            "/public/%2e/items",
            "/public/..%2fitems",
            "/public/..%2Fitems",
            "/public%2f../items",
            "/public/..\\items",
            "/public/..%5citems",
            "..",
        ] {
            assert!(has_dot_segment(path), "{path}");
        }
        for path in [
            "",
            "/",
            "*",
            "/a/b",
            "/...",
            "/a/.../b",
            "/.well-known/x",
            "/a..b",
            "/a/..b",
            "/%2e%2e%2e/",
            "/%252e%252e/",
            "/%2",
            "/%",
        ] {
            assert!(!has_dot_segment(path), "{path}");
        }
    }

    #[test]
    fn a_path_that_matches_no_request_is_refused_with_what_to_write() {
        let cases = [
            ("/star/*", Err("write `/star`")),
            ("/*", Err("write `/`")),
            ("/files/*.png", Err("write `/files`")),
            ("/tmpl/{id}/x", Err("write `/tmpl`")),
            ("/users/:id", Err("write `/users`")),
            ("/a/../b", Err("segment `.` or `..`")),
            ("/a?x=1", Err("Write `/a`")),
            ("https://api.example/a", Err("is a URL")),
            ("/café", Err("Write `/caf%C3%A9`")),
            ("/a b", Err("Write `/a%20b`")),
            ("/public", Ok("/public")),
            ("/public/logo.png", Ok("/public/logo.png")),
            ("relative", Err("Write `/relative`")),
            ("end/", Err("Write `/end`")),
            ("relative?x", Err("Write `/relative`")),
            ("/end/", Ok("/end")),
            ("/a:b/caf%C3%A9", Ok("/a:b/caf%C3%A9")),
            ("/", Ok("/")),
            ("", Err("Write `/` for the whole server")),
        ];
        for (path, expected) in cases {
            match (PathPrefix::parse(path), expected) {
                (Ok(prefix), Ok(expected)) => assert_eq!(prefix.as_str(), expected, "{path}"),
                (Err(error), Err(says)) => assert!(error.to_string().contains(says), "{path}: {error}"),
                (result, _) => panic!("{path}: {result:?}"),
            }
        }
    }

    #[test]
    fn whole_segments_are_compared_as_they_are_sent() {
        let cases = [
            ("/public", "/public", true),
            ("/public", "/public/", true),
            ("/public", "/public/a/b", true),
            ("/public", "/publications", false),
            ("/public", "/Public", false),
            ("/public", "/publi%63", false),
            ("/public", "/", false),
            ("/public", "*", false),
            ("/public", "/public/../admin", false),
            ("/", "/anything", true),
            ("/", "/a/%2e%2e", false),
        ];
        for (prefix, path, covers) in cases {
            assert_eq!(PathPrefix::parse(prefix).unwrap().covers(path), covers, "{prefix} and {path}");
        }
    }

    #[test]
    fn the_longest_part_counts_in_whatever_order_parts_were_added() {
        let parts = ["/a", "/", "/a/b/c", "/b", "/a/b"];
        for rotation in 0..parts.len() {
            let mut map = PathMap::new();
            let mut order = parts;
            order.rotate_left(rotation);
            for part in order {
                assert_eq!(map.insert(PathPrefix::parse(part).unwrap(), part), None);
            }
            for (path, part) in [
                ("/a/b/c/d", Some("/a/b/c")),
                ("/a/b/x", Some("/a/b")),
                ("/a", Some("/a")),
                ("/b/x", Some("/b")),
                ("/c", Some("/")),
                ("/a/../b", None),
            ] {
                assert_eq!(map.get(path), part.as_ref(), "{path}");
            }
            assert_eq!(map.insert(PathPrefix::parse("/b/").unwrap(), "again"), Some("/b"));
            assert_eq!((map.iter().count(), map.get("/b")), (5, Some(&"again")));
        }
    }
}
