//! How text for people is laid out: colours, width, wrapping.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use corsac::text::{LONGEST_MESSAGE, Printable, is_printable, without_user_info};
use serde_json::Value;

pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
pub(crate) const CAREFUL: Style = AnsiColor::Yellow.on_default();
pub(crate) const LINE: Style = AnsiColor::Cyan.on_default();

/// Columns to fill: `COLUMNS`, else those of the terminal, and 80 where there is none. At least 40, and at most 100, because longer lines are
/// hard to read.
pub(crate) fn width() -> usize {
    let wanted = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse::<usize>().ok());
    let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    wanted.filter(|columns| *columns > 0).or_else(terminal).unwrap_or(80).clamp(40, 100)
}

/// Prints to standard output, in colour where that is a terminal.
pub(crate) fn print(text: &str) -> Result<(), String> {
    print_to(&mut anstream::stdout(), text)
}

/// The same to another place.
pub(crate) fn print_to(out: &mut impl Write, text: &str) -> Result<(), String> {
    written(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// What became of writing. A reader that closes the pipe early has read enough; anything else, such as a full disk, is an error.
pub(crate) fn written(result: io::Result<()>) -> Result<(), String> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write to standard output: {error}"))
        }
        _ => Ok(()),
    }
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

/// A text from the network, an argument, the name of a file: safe to print, and cut after 300 characters.
pub(crate) fn printable(text: &(impl AsRef<[u8]> + ?Sized)) -> String {
    const MOST: usize = 300;
    let text = text.as_ref();
    let mut shown = Printable::new(text, MOST).to_string();
    let more = String::from_utf8_lossy(text).chars().count().saturating_sub(MOST);
    if more > 0 {
        shown.push_str(&format!(" ({more} more characters)"));
    }
    shown
}

/// The value of an argument, as an error quotes it: as [`printable`], and without the user name and password of a URL.
pub(crate) fn printable_argument(text: &str) -> String {
    printable(&without_user_info(text))
}

/// The same for a text of our own that holds such a one, which may be longer.
pub(crate) fn printable_words(text: &str) -> String {
    Printable::new(text, LONGEST_MESSAGE).to_string()
}

/// JSON as it is printed, on lines of its own. Strings show nothing that [`printable`] would not: JSON can write any character as `\u202e`.
pub(crate) fn json(value: &Value) -> String {
    escaped_json(&format!("{value:#}\n"))
}

/// The same for a text that is JSON already.
pub(crate) fn escaped_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        // Between strings, JSON has no character that this escapes: controls in strings are escaped already, so that a line feed is layout.
        if character == '\n' || is_printable(character) {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_cannot_write_escape_sequences_to_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c"), "a\\u{1b}[31mb\\u{202e}c");
    }

    #[test]
    fn json_on_a_terminal_escapes_what_text_escapes_and_reads_back() {
        let hostile = "\u{1b}\u{7f}\u{9b}\u{202e}\u{2028}\u{e0001}é🦊\n\"\\";
        let value = serde_json::json!({ hostile: [hostile] });
        let text = json(&value);
        assert!(text.chars().all(|character| character == '\n' || is_printable(character)), "{text:?}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn a_long_value_is_cut_and_says_so() {
        let shown = printable(&"x".repeat(1_000));
        assert!(shown.ends_with("x… (700 more characters)"), "{shown}");
    }
}
