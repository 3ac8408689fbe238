//! The server or library that answered, if the response clearly identifies it.

use corsac::browser::ResponseHead;

use crate::evidence::Body;
use crate::explain::StackLines;

/// What to write for Helmet: further sentences of a fix.
pub(crate) const HELMET_RESOURCE_POLICY: &str = " Helmet sends `same-origin` by default. Change it with `helmet({ \
                                                 crossOriginResourcePolicy: { policy: \"cross-origin\" } })`.";

/// Returns `true` if the response has the headers that Helmet for Node sends together, which hardly any other software does.
pub(crate) fn is_helmet(response: &ResponseHead) -> bool {
    const HEADERS: [(&str, &str); 4] = [
        ("x-dns-prefetch-control", "off"),
        ("x-download-options", "noopen"),
        ("x-permitted-cross-domain-policies", "none"),
        ("x-xss-protection", "0"),
    ];
    HEADERS.iter().all(|(name, value)| response.headers.text(name).as_deref() == Some(value))
}

/// Returns these header lines as nginx directives that also apply to errors.
pub(crate) fn nginx_headers(lines: &[String]) -> StackLines {
    let directive = |line: &String| {
        let (name, value) = line.split_once(": ")?;
        // Values with characters that are special in nginx's configuration are quoted. Those that are special even in quotes do not occur
        // in origins, methods and names.
        let is_word = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/*[]".contains(&byte));
        let value =
            if is_word { value.to_owned() } else { format!("\"{}\"", value.replace(['"', '\\', '$'], "")) };
        Some(format!("add_header {name} {value} always;"))
    };
    StackLines { name: "nginx", lines: lines.iter().filter_map(directive).collect() }
}

/// Returns `true` if nginx answered or forwarded the response.
pub(crate) fn is_nginx(response: &ResponseHead) -> bool {
    response.headers.text("server").is_some_and(|value| value == "nginx" || value.starts_with("nginx/"))
}

/// Returns `true` if the body is an error page of nginx itself.
pub(crate) fn is_page_of_nginx(response: &ResponseHead, body: Option<Body<'_>>) -> bool {
    is_nginx(response) && body.is_some_and(|body| body.line_with(&["<center>nginx"]).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_line_is_a_directive_of_nginx_and_nothing_more() {
        let table = [
            ("Vary: Origin", "add_header Vary Origin always;"),
            (
                "Access-Control-Allow-Origin: https://app.example:8443",
                "add_header Access-Control-Allow-Origin https://app.example:8443 always;",
            ),
            (
                "Access-Control-Allow-Methods: GET, PUT",
                "add_header Access-Control-Allow-Methods \"GET, PUT\" always;",
            ),
            ("X: a; } server { \"$b\\", "add_header X \"a; } server { b\" always;"),
        ];
        for (line, directive) in table {
            assert_eq!(nginx_headers(&[line.to_owned()]).lines, [directive]);
        }
        assert!(nginx_headers(&["no header".to_owned()]).lines.is_empty());
    }
}
