//! How browsers differ: docs/compatibility.md, to which this folder has a symbolic link, as HTML.
//!
//! Only the forms of Markdown that the file has are known. Everything else, such as other HTML, becomes text.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::prose::escaped;

const MARKDOWN: &str = include_str!("compatibility.md");
const PARAGRAPH: &str = "<p class=\"prose\">";

/// Returns the document.
pub(super) fn html() -> String {
    let mut document = Document::default();
    for event in Parser::new_ext(MARKDOWN, Options::ENABLE_TABLES) {
        document.add(event);
    }
    document.html
}

#[derive(Default)]
struct Document {
    html: String,
    /// The anchor of the next heading.
    anchor: Option<String>,
    /// The headings of the columns of the current table, without markup.
    columns: Vec<String>,
    column: usize,
    in_head: bool,
    /// Whether the current link leads somewhere. A file of the repository is not on the site.
    in_link: bool,
}

impl Document {
    fn add(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => {
                if let Some(column) = self.columns.last_mut().filter(|_| self.in_head) {
                    column.push_str(&text);
                }
                self.html.push_str(&escaped(&text));
            }
            Event::Code(code) => self.html.push_str(&format!("<code>{}</code>", escaped(&code))),
            Event::SoftBreak | Event::HardBreak => self.html.push(' '),
            Event::Html(html) | Event::InlineHtml(html) => self.add_html(&html),
            _ => {}
        }
    }

    /// Comments are left out, and an empty anchor names the heading that follows.
    fn add_html(&mut self, html: &str) {
        let html = html.trim();
        let is_comment = html.starts_with("<!--") && html.ends_with("-->");
        let anchor =
            html.strip_prefix("<a id=\"").map(|rest| rest.trim_end_matches("</a>").trim_end_matches("\">"));
        let is_name = |name: &&str| {
            name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        match anchor.filter(is_name) {
            Some(name) => self.anchor = Some(name.to_owned()),
            None if is_comment || html == "</a>" => {}
            None => self.html.push_str(&escaped(html)),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                let id = self.anchor.take().map(|anchor| format!(" id=\"{anchor}\"")).unwrap_or_default();
                self.html.push_str(&format!("<{level}{id}>"));
            }
            Tag::Paragraph => self.html.push_str(PARAGRAPH),
            Tag::List(_) => self.html.push_str("<ul class=\"facts\">"),
            Tag::Item => self.html.push_str("<li><svg aria-hidden=\"true\"><use href=\"#info\"/></svg><div>"),
            Tag::Strong => self.html.push_str("<strong>"),
            Tag::Emphasis => self.html.push_str("<em>"),
            Tag::Link { dest_url, .. } => {
                let link = link(&dest_url);
                self.in_link = link.is_some();
                self.html.push_str(&link.unwrap_or_default());
            }
            Tag::CodeBlock(_) => self.html.push_str("<div class=\"code\" data-copy><pre><code>"),
            Tag::Table(_) => {
                self.columns.clear();
                self.html.push_str("<div class=\"panel\"><table class=\"fold\">");
            }
            Tag::TableHead => {
                self.in_head = true;
                self.html.push_str("<thead><tr>");
            }
            Tag::TableRow => {
                self.column = 0;
                self.html.push_str("<tr>");
            }
            Tag::TableCell if self.in_head => {
                self.columns.push(String::new());
                self.html.push_str("<th scope=\"col\">");
            }
            Tag::TableCell => {
                let label = self.columns.get(self.column).map(String::as_str).unwrap_or_default();
                self.html.push_str(&format!("<td data-l=\"{}\">", escaped(label)));
                self.column = self.column.saturating_add(1);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        // In Markdown, an anchor on a line of its own is a paragraph.
        if tag == TagEnd::Paragraph && self.html.ends_with(PARAGRAPH) {
            self.html.truncate(self.html.len().saturating_sub(PARAGRAPH.len()));
            return;
        }
        let html = match tag {
            TagEnd::Heading(level) => format!("</{level}>\n"),
            TagEnd::Paragraph => "</p>\n".to_owned(),
            TagEnd::List(_) => "</ul>\n".to_owned(),
            TagEnd::Item => "</div></li>\n".to_owned(),
            TagEnd::Strong => "</strong>".to_owned(),
            TagEnd::Emphasis => "</em>".to_owned(),
            TagEnd::Link if self.in_link => "</a>".to_owned(),
            TagEnd::CodeBlock => "</code></pre></div>\n".to_owned(),
            TagEnd::Table => "</tbody></table></div>\n".to_owned(),
            TagEnd::TableHead => {
                self.in_head = false;
                "</tr></thead><tbody>\n".to_owned()
            }
            TagEnd::TableRow => "</tr>\n".to_owned(),
            TagEnd::TableCell if self.in_head => "</th>".to_owned(),
            TagEnd::TableCell => "</td>".to_owned(),
            _ => String::new(),
        };
        self.html.push_str(&html);
    }
}

/// The beginning of a link to a place on the page or to an https address.
fn link(target: &str) -> Option<String> {
    let target = escaped(target);
    if target.starts_with('#') {
        Some(format!("<a href=\"{target}\">"))
    } else {
        target.starts_with("https:").then(|| format!("<a href=\"{target}\" rel=\"noreferrer\">"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_is_the_document() {
        let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/compatibility.md");
        let document = std::fs::read_to_string(document).unwrap();
        assert!(
            document == MARKDOWN,
            "src/ui/read/compatibility.md has to be a link to docs/compatibility.md"
        );
    }

    #[test]
    fn html_in_the_document_becomes_text() {
        let mut document = Document::default();
        for event in Parser::new(
            "a <script>alert(1)</script> <a id=\"x\" onclick=\"y\">\n\n<img src=x onerror=z> [b](javascript:c)\n",
        ) {
            document.add(event);
        }
        assert!(!document.html.contains("<script") && !document.html.contains("<img"), "{}", document.html);
        assert!(!document.html.contains("<a"), "{}", document.html);
    }
}
