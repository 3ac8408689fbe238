//! Paths of parts of a server: which of them never fit a request, and which requests are never in a part.

/// Has a path a segment that is `.` or `..`, in any spelling that a server might decode: `%2e`, and `%2f`, `\` or `%5c` in place of `/`?
/// Where it leads is for the server to say, so it lies in no part. Browsers resolve such segments before they ask.
pub(crate) fn has_dot_segment(path: &str) -> bool {
    let mut rest = path.as_bytes();
    // How many dots the segment is made of, if of nothing else.
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

/// What is wrong with the path of a part that no request, or none that is meant, fits; and what to write.
pub(crate) fn misfit(path: &str) -> Option<String> {
    if path.contains("://") {
        return Some("it is a URL. Write its path only".to_owned());
    }
    if path.contains(['?', '#']) {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        return Some(format!("paths are compared without query and fragment. Write `{}`", or_root(path)));
    }
    if has_dot_segment(path) {
        return Some("it has a segment `.` or `..`. Write the path to which it leads".to_owned());
    }
    let mut before = String::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        if segment.contains(['*', '{', '}']) || segment.starts_with(':') {
            return Some(format!(
                "`{segment}` is compared as it stands, not as a pattern. A part is a path and everything below it: write `{}`, \
                 or choose with `PolicySource::select`",
                or_root(&before)
            ));
        }
        before = format!("{before}/{segment}");
    }
    if path.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Some(format!("paths are compared as they are sent. Write `{}`", as_sent(path)));
    }
    None
}

fn or_root(path: &str) -> &str {
    if path.is_empty() { "/" } else { path }
}

/// The path with everything percent-encoded that browsers encode.
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
    fn a_path_that_fits_no_request_is_told_with_what_to_write() {
        let cases = [
            ("/star/*", Some("write `/star`")),
            ("/*", Some("write `/`")),
            ("/files/*.png", Some("write `/files`")),
            ("/tmpl/{id}/x", Some("write `/tmpl`")),
            ("/users/:id", Some("write `/users`")),
            ("/a/../b", Some("segment `.` or `..`")),
            ("/a?x=1", Some("Write `/a`")),
            ("https://api.example/a", Some("is a URL")),
            ("/café", Some("Write `/caf%C3%A9`")),
            ("/a b", Some("Write `/a%20b`")),
            ("/public", None),
            ("/public/logo.png", None),
            ("relative", None),
            ("/a:b/caf%C3%A9", None),
            ("/", None),
            ("", None),
        ];
        for (path, says) in cases {
            let misfit = misfit(path);
            assert_eq!(misfit.is_some(), says.is_some(), "{path}: {misfit:?}");
            assert!(misfit.unwrap_or_default().contains(says.unwrap_or_default()), "{path}");
        }
    }
}
