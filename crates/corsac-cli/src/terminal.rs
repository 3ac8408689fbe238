//! How text for people is laid out: colours, width, wrapping.

use anstyle::{AnsiColor, Style};

pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
pub(crate) const CAREFUL: Style = AnsiColor::Yellow.on_default();
pub(crate) const LINE: Style = AnsiColor::Cyan.on_default();

/// Columns to fill: those of the terminal, 60 to 100; 80 where there is none.
pub(crate) fn width() -> usize {
    let columns = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
    columns.clamp(60, 100)
}

/// `text` in this style.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Paragraphs, wrapped; each line starts with `indent`, the first one with `first` instead. Long words such as URLs stay whole.
pub(crate) fn wrap(text: &str, first: &str, indent: &str) -> String {
    let options = textwrap::Options::new(width())
        .initial_indent(first)
        .subsequent_indent(indent)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .word_separator(textwrap::WordSeparator::AsciiSpace);
    let mut wrapped = textwrap::fill(text, options);
    wrapped.push('\n');
    wrapped
}

/// A text from the network, safe to print: control characters are shown as `\u{1b}` and the like. Cut after 300 characters.
pub(crate) fn printable(text: &str) -> String {
    printable_up_to(300, text)
}

/// The same for a text of our own that holds such a one, which may be longer.
pub(crate) fn printable_words(text: &str) -> String {
    printable_up_to(2_000, text)
}

fn printable_up_to(limit: usize, text: &str) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == limit {
            let rest = text.chars().count().saturating_sub(limit);
            shown.push_str(&format!("… ({rest} more characters)"));
            break;
        }
        if is_unprintable(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Control characters, and those that change the direction of the text around them.
fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_cannot_write_escape_sequences_to_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c"), "a\\u{1b}[31mb\\u{202e}c");
    }

    #[test]
    fn a_long_value_is_cut_and_says_so() {
        let shown = printable(&"x".repeat(1_000));
        assert!(shown.ends_with("x… (700 more characters)"), "{shown}");
    }
}
