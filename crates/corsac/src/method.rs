//! Methods, as [section 2.2.1 of the Fetch standard](https://fetch.spec.whatwg.org/#methods) classifies them, and the tokens that methods
//! and header names consist of.

use std::borrow::Cow;

/// Returns `true` for a [token](https://httpwg.org/specs/rfc9110.html#tokens) of HTTP, which every method and every header name must be.
///
/// ```
/// use corsac::method::is_token;
///
/// assert!(is_token(b"X-Request-ID") && is_token(b"*"));
/// assert!(!is_token(b"") && !is_token(b"PUT;") && !is_token("übung".as_bytes()));
/// ```
pub fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().copied().all(is_token_byte)
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

/// [Normalizes](https://fetch.spec.whatwg.org/#concept-method-normalize) a method: six methods are changed to upper case, and all others
/// stay as they are.
///
/// ```
/// use corsac::method::normalize_method;
///
/// assert_eq!(normalize_method("delete"), "DELETE");
/// assert_eq!(normalize_method("patch"), "patch"); // not allowed by a server that allows `PATCH`
/// ```
pub fn normalize_method(method: &str) -> Cow<'_, str> {
    ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]
        .into_iter()
        .find(|name| name.eq_ignore_ascii_case(method))
        .map_or(Cow::Borrowed(method), Cow::Borrowed)
}

/// Returns `true` for a [CORS-safelisted method](https://fetch.spec.whatwg.org/#cors-safelisted-method), which needs no preflight.
///
/// The comparison is case-sensitive: normalize the method first.
///
/// ```
/// use corsac::method::is_cors_safelisted_method;
///
/// assert!(is_cors_safelisted_method("POST"));
/// assert!(!is_cors_safelisted_method("OPTIONS") && !is_cors_safelisted_method("post"));
/// ```
pub fn is_cors_safelisted_method(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "POST")
}

/// Returns `true` for a [forbidden method](https://fetch.spec.whatwg.org/#forbidden-method), which script can never send.
///
/// ```
/// use corsac::method::is_forbidden_method;
///
/// assert!(is_forbidden_method("Trace"));
/// assert!(!is_forbidden_method("PATCH"));
/// ```
pub fn is_forbidden_method(method: &str) -> bool {
    ["CONNECT", "TRACE", "TRACK"].iter().any(|name| name.eq_ignore_ascii_case(method))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_exactly_the_bytes_that_rfc_9110_lists() {
        let allowed = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        for byte in 0..=255u8 {
            assert_eq!(is_token(&[byte]), allowed.as_bytes().contains(&byte), "byte {byte:#04x}");
        }
        assert!(!is_token(b""), "a token has at least one byte");
        assert!(!is_token(b"a b"));
    }

    #[test]
    fn only_six_methods_are_normalized() {
        let cases = [
            ("delete", "DELETE"),
            ("gEt", "GET"),
            ("Head", "HEAD"),
            ("options", "OPTIONS"),
            ("pOST", "POST"),
            ("put", "PUT"),
            ("PUT", "PUT"),
            ("patch", "patch"),
            ("Patch", "Patch"),
            ("trace", "trace"),
            ("query", "query"),
            ("", ""),
            ("gett", "gett"),
            ("poſt", "poſt"),
        ];
        for (given, normalized) in cases {
            assert_eq!(normalize_method(given), normalized, "{given}");
        }
    }

    #[test]
    fn normalizing_allocates_nothing() {
        assert!(matches!(normalize_method("put"), Cow::Borrowed("PUT")));
    }

    #[test]
    fn three_methods_are_safelisted_and_case_matters() {
        let cases = [
            ("GET", true),
            ("HEAD", true),
            ("POST", true),
            ("get", false),
            ("Post", false),
            ("PUT", false),
            ("DELETE", false),
            ("OPTIONS", false),
            ("PATCH", false),
            ("QUERY", false),
            ("", false),
        ];
        for (method, safelisted) in cases {
            assert_eq!(is_cors_safelisted_method(method), safelisted, "{method}");
        }
    }

    #[test]
    fn three_methods_are_forbidden_in_any_case() {
        for method in ["CONNECT", "TRACE", "TRACK", "connect", "tRaCe", "track"] {
            assert!(is_forbidden_method(method), "{method}");
        }
        for method in ["GET", "OPTIONS", "TRACES", "TRAC", "", " TRACE", "TRACK\u{212a}"] {
            assert!(!is_forbidden_method(method), "{method}");
        }
    }
}
