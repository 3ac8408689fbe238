//! The header list of the Fetch standard: an ordered multimap of names and byte values.

use std::fmt;

use crate::text::{LONGEST_MESSAGE, Printable, QUOTED};

/// One header line, as it was written or received: a [header](https://fetch.spec.whatwg.org/#concept-header) of the standard.
///
/// ```
/// let headers = corsac::header::HeaderList::from_iter([("ETAG", "1")]);
/// let line = headers.iter().next().unwrap();
/// assert_eq!(line.name, "ETAG"); // as spelled, for messages; every rule ignores its case
/// assert!(line.is("etag"));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a line is a name and a value")]
pub struct HeaderLine {
    /// The name as spelled. Comparisons ignore ASCII case; messages show the spelling.
    pub name: String,
    /// The value, without the white space around it. Bytes, because nothing promises UTF-8.
    pub value: Vec<u8>,
}

impl HeaderLine {
    /// Returns the value as a string for a person to read: bytes that are not UTF-8 become U+FFFD.
    ///
    /// ```
    /// let line = corsac::header::HeaderLine { name: "X".into(), value: b"caf\xe9".to_vec() };
    /// assert_eq!(line.text(), "caf\u{fffd}");
    /// ```
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.value)
    }

    /// Returns `true` if this is the header called `name`, in any ASCII case.
    ///
    /// ```
    /// let line = corsac::header::HeaderLine { name: "ETag".into(), value: vec![] };
    /// assert!(line.is("etag"));
    /// ```
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

impl fmt::Debug for HeaderLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", Printable::new(&self.name, QUOTED), Printable::new(&self.value, LONGEST_MESSAGE))
    }
}

/// A [header list](https://fetch.spec.whatwg.org/#concept-header-list): header lines in order. Names may repeat.
///
/// ```
/// use corsac::header::HeaderList;
///
/// let headers = HeaderList::from_iter([("Vary", "Origin"), ("vary", "Accept")]);
/// assert_eq!(headers.get("VARY").as_deref(), Some(&b"Origin, Accept"[..]));
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct HeaderList {
    lines: Vec<HeaderLine>,
}

impl HeaderList {
    /// Returns an empty list.
    ///
    /// ```
    /// assert!(corsac::header::HeaderList::new().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// [Appends](https://fetch.spec.whatwg.org/#concept-header-list-append) a line at the end. The spelling of the name is kept.
    ///
    /// ```
    /// let mut headers = corsac::header::HeaderList::new();
    /// headers.append("Accept", "*/*");
    /// assert_eq!(headers.len(), 1);
    /// ```
    pub fn append(&mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) {
        self.lines.push(HeaderLine { name: name.into(), value: value.into() });
    }

    /// [Gets](https://fetch.spec.whatwg.org/#concept-header-list-get) the values of all lines called `name`, in order, joined with `, `.
    /// Returns `None` if there is no such line.
    ///
    /// ```
    /// use corsac::header::HeaderList;
    /// assert_eq!(HeaderList::new().get("vary"), None);
    /// ```
    pub fn get(&self, name: &str) -> Option<std::borrow::Cow<'_, [u8]>> {
        let mut lines = self.all(name);
        let first = lines.next()?;
        let Some(second) = lines.next() else {
            return Some(std::borrow::Cow::Borrowed(first));
        };
        let mut combined = first.to_vec();
        for value in std::iter::once(second).chain(lines) {
            combined.extend_from_slice(b", ");
            combined.extend_from_slice(value);
        }
        Some(std::borrow::Cow::Owned(combined))
    }

    /// The same as [`get`](Self::get), as a string for a person to read: bytes that are not UTF-8 become U+FFFD.
    ///
    /// ```
    /// use corsac::header::HeaderList;
    /// assert_eq!(HeaderList::from_iter([("Vary", "Origin")]).text("vary").as_deref(), Some("Origin"));
    /// ```
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| String::from_utf8_lossy(&value).into_owned())
    }

    /// Returns the value of each line called `name`, in order, not joined.
    ///
    /// ```
    /// use corsac::header::HeaderList;
    /// let headers = HeaderList::from_iter([("Vary", "Origin"), ("vary", "Accept")]);
    /// assert_eq!(headers.all("vary").count(), 2);
    /// ```
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.lines.iter().filter(move |line| line.is(name)).map(|line| line.value.as_slice())
    }

    /// [Contains](https://fetch.spec.whatwg.org/#header-list-contains): returns `true` if there is a line called `name`.
    ///
    /// ```
    /// use corsac::header::HeaderList;
    /// assert!(HeaderList::from_iter([("ETag", "1")]).contains("etag"));
    /// ```
    pub fn contains(&self, name: &str) -> bool {
        self.lines.iter().any(|line| line.is(name))
    }

    /// [Deletes](https://fetch.spec.whatwg.org/#concept-header-list-delete) every line called `name`.
    ///
    /// ```
    /// let mut headers = corsac::header::HeaderList::from_iter([("a", "1"), ("A", "2")]);
    /// headers.delete("a");
    /// assert!(headers.is_empty());
    /// ```
    pub fn delete(&mut self, name: &str) {
        self.lines.retain(|line| !line.is(name));
    }

    /// Deletes the empty lines of every name that has another line, like an engine that leaves out empty lines when it joins them. Several
    /// lines whose name is spelled exactly `Access-Control-Allow-Origin` stay as they are.
    #[cfg(feature = "browser")]
    pub(crate) fn drop_empty_repeats(&mut self) {
        if self.lines.iter().all(|line| !line.value.is_empty()) {
            return;
        }
        let counted = self.lines.iter().filter(|line| line.name == "Access-Control-Allow-Origin").count() > 1;
        let lines = std::mem::take(&mut self.lines);
        for line in lines {
            let same = self.lines.iter().position(|known| known.is(&line.name));
            let stays = counted && line.is("access-control-allow-origin");
            match same.and_then(|index| self.lines.get_mut(index)).filter(|_| !stays) {
                Some(known) if known.value.is_empty() => *known = line,
                Some(_) if line.value.is_empty() => {}
                _ => self.lines.push(line),
            }
        }
    }

    /// Returns the lines, in order.
    ///
    /// ```
    /// let headers = corsac::header::HeaderList::from_iter([("a", "1")]);
    /// assert_eq!(headers.iter().next().unwrap().name, "a");
    /// ```
    pub fn iter(&self) -> std::slice::Iter<'_, HeaderLine> {
        self.lines.iter()
    }

    /// Returns the number of lines.
    ///
    /// ```
    /// assert_eq!(corsac::header::HeaderList::from_iter([("a", "1"), ("a", "2")]).len(), 2);
    /// ```
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Returns `true` if there is no line.
    ///
    /// ```
    /// assert!(corsac::header::HeaderList::new().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

impl<N: Into<String>, V: Into<Vec<u8>>> FromIterator<(N, V)> for HeaderList {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(lines: I) -> Self {
        let lines =
            lines.into_iter().map(|(name, value)| HeaderLine { name: name.into(), value: value.into() });
        Self { lines: lines.collect() }
    }
}

impl From<&http::HeaderMap> for HeaderList {
    fn from(map: &http::HeaderMap) -> Self {
        map.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect()
    }
}

impl<'a> IntoIterator for &'a HeaderList {
    type Item = &'a HeaderLine;
    type IntoIter = std::slice::Iter<'a, HeaderLine>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Debug for HeaderList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.lines).finish()
    }
}

/// [Normalizes](https://fetch.spec.whatwg.org/#concept-header-value-normalize) a value: returns it without the white space around it.
///
/// ```
/// assert_eq!(corsac::header::normalize(b" \ta b\r\n"), b"a b");
/// ```
pub fn normalize(value: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let start = value.iter().position(|byte| !is_space(byte)).unwrap_or(value.len());
    let end = value.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last.saturating_add(1));
    value.get(start..end).unwrap_or_default()
}

/// Returns `true` for a [header value](https://fetch.spec.whatwg.org/#header-value): no white space around it, and no NUL and no line break
/// in it.
///
/// ```
/// use corsac::header::is_header_value;
/// assert!(is_header_value(b"a b") && is_header_value(b"caf\xe9") && is_header_value(b""));
/// assert!(!is_header_value(b"a\nb") && !is_header_value(b" a"));
/// ```
pub fn is_header_value(value: &[u8]) -> bool {
    normalize(value) == value && !value.iter().any(|byte| matches!(byte, b'\0' | b'\r' | b'\n'))
}
