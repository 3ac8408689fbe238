//! Paths of URLs, as nginx compares them: decoded, without empty segments and dots.

/// The path that locations and `$uri` have.
pub(super) fn normalized(raw: &str) -> String {
    let mut segments: Vec<String> = Vec::new();
    let decoded = decoded(raw);
    let ends_in_folder = decoded.ends_with('/') || decoded.ends_with("/.") || decoded.ends_with("/..");
    for segment in decoded.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment.to_owned()),
        }
    }
    let slash = if ends_in_folder && !segments.is_empty() { "/" } else { "" };
    format!("/{}{slash}", segments.join("/"))
}

fn decoded(raw: &str) -> String {
    let mut bytes = raw.bytes();
    let mut decoded = Vec::with_capacity(raw.len());
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let escaped = match (byte, ahead.next().and_then(digit), ahead.next().and_then(digit)) {
            (b'%', Some(high), Some(low)) => Some(high << 4 | low),
            _ => None,
        };
        if escaped.is_some() {
            bytes = ahead;
        }
        decoded.push(escaped.unwrap_or(byte));
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

pub(super) fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_compared_as_nginx_compares_them() {
        for (raw, path) in [
            ("/", "/"),
            ("", "/"),
            ("/api/", "/api/"),
            ("/api//items", "/api/items"),
            ("/a/../b/./c", "/b/c"),
            ("/a/..", "/"),
            ("/%61pi/%7Ex", "/api/~x"),
            ("/100%", "/100%"),
        ] {
            assert_eq!(normalized(raw), path, "{raw}");
        }
    }
}
