//! Colours, width, wrapping and escaping of what is printed.

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

/// Returns how many columns to fill: `COLUMNS` if it is set, then the width of the terminal, and 80 if standard output is not a terminal. At
/// least 40, and at most 100 because longer lines are hard to read.
pub(crate) fn width() -> usize {
    let terminal = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0);
    columns(std::env::var("COLUMNS").ok().as_deref(), terminal)
}

fn columns(variable: Option<&str>, terminal: Option<u16>) -> usize {
    let variable = variable.and_then(|columns| columns.trim().parse::<usize>().ok());
    let columns = variable.filter(|columns| *columns > 0).or(terminal.map(usize::from));
    columns.unwrap_or(80).clamp(40, 100)
}

/// Prints to standard output, in colour if it is a terminal.
pub(crate) fn print(text: &str) -> Result<(), String> {
    print_to(&mut anstream::stdout(), text)
}

/// Prints to `out`.
pub(crate) fn print_to(out: &mut impl Write, text: &str) -> Result<(), String> {
    written(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Prints a note to standard error. If that is closed, the note cannot be printed anywhere.
pub(crate) fn note(text: &str) {
    let _ = write!(anstream::stderr(), "{}", wrap(text, "", ""));
}

/// Writes a report to a file.
pub(crate) fn write_file(path: &std::path::Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| {
        format!("cannot write `{}`: {error}", printable(path.as_os_str().as_encoded_bytes()))
    })
}

/// Turns the result of writing into an error message. A reader that closes the pipe early has read enough, so that is no error; a full disk is.
pub(crate) fn written(result: io::Result<()>) -> Result<(), String> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write to standard output: {error}"))
        }
        _ => Ok(()),
    }
}

/// Returns `text` in this style.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Wraps `text`. The first line starts with `first` and all others with `indent`. Long words, such as URLs, stay whole.
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

/// Makes a string safe to print that comes from the network, an argument or a file name. It is cut after 300 characters.
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

/// Like [`printable`], and without the user name and password of a URL: for an error that quotes an argument.
pub(crate) fn printable_argument(text: &str) -> String {
    printable(&without_user_info(text))
}

/// Makes a message safe to print that quotes strings from elsewhere. It may be longer than [`printable`] allows.
pub(crate) fn printable_words(text: &str) -> String {
    Printable::new(text, LONGEST_MESSAGE).to_string()
}

/// Formats JSON over several lines. Characters that [`printable`] escapes are escaped here too, as in `\u202e`.
pub(crate) fn json(value: &Value) -> String {
    escaped_json(&format!("{value:#}\n"))
}

/// Escapes a string that is JSON already, like [`json`].
pub(crate) fn escaped_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        // A line feed is layout, because control characters in strings are escaped already.
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
    fn columns_wins_over_the_terminal_and_without_both_there_are_80() {
        let table = [
            (None, None, 80),
            (None, Some(60), 60),
            (None, Some(20), 40),
            (None, Some(300), 100),
            (Some("72"), Some(60), 72),
            (Some("0"), Some(60), 60),
            (Some("wide"), Some(60), 60),
            (Some("wide"), None, 80),
            (Some("500"), None, 100),
        ];
        for (variable, terminal, expected) in table {
            assert_eq!(columns(variable, terminal), expected, "{variable:?} {terminal:?}");
        }
    }

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
    fn a_long_value_is_cut_and_the_rest_is_counted() {
        let shown = printable(&"x".repeat(1_000));
        assert!(shown.ends_with("x… (700 more characters)"), "{shown}");
    }
}
