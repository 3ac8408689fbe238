//! Texts of `corsac explain` as HTML: what stands in backquotes is code, and a code that has a page is a link to it.

use minijinja::{HtmlEscape, Value};

use super::catalogue::file_of_code;

/// The filter `prose`. Its argument is the name of the page that it stands on, which gets no link to itself.
pub(super) fn filter(text: &str, on_page: Option<&str>) -> Value {
    Value::from_safe_string(html(text, on_page))
}

/// Escapes the text, except for what this function itself writes.
pub(super) fn html(text: &str, on_page: Option<&str>) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some((before, code, after)) = first_code(rest) {
        html.push_str(&escaped(before));
        let element = format!("<code>{}</code>", escaped(code));
        match file_of_code(code).filter(|_| on_page != Some(code)) {
            Some(file) => html.push_str(&format!("<a href=\"{file}\">{element}</a>")),
            None => html.push_str(&element),
        }
        rest = after;
    }
    html.push_str(&escaped(rest));
    html
}

/// Splits off the first code: what is before it, the code, and what follows.
fn first_code(text: &str) -> Option<(&str, &str, &str)> {
    let (before, after) = text.split_once('`')?;
    let (code, after) = after.split_once('`')?;
    Some((before, code, after))
}

/// Returns the text without anything that is markup in HTML.
pub(super) fn escaped(text: &str) -> String {
    HtmlEscape(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn backquotes_become_code_and_everything_else_is_text() {
        let table = [
            ("a `b` c", "a <code>b</code> c"),
            ("no code", "no code"),
            ("one ` alone", "one ` alone"),
            ("`<script>` & \"x\"", "<code>&lt;script&gt;</code> &amp; &quot;x&quot;"),
            ("</p><script>`", "&lt;&#x2f;p&gt;&lt;script&gt;`"),
            ("see `vary-missing`", "see <a href=\"vary-missing.html\"><code>vary-missing</code></a>"),
            ("see `method-not-allowed`", "see <code>method-not-allowed</code>"), // the page itself
        ];
        for (text, expected) in table {
            assert_eq!(html(text, Some("method-not-allowed")), expected);
        }
    }
}
