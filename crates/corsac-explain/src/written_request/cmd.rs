//! The words of a command in the command prompt of Windows.
//!
//! Two programs take the line apart. `cmd.exe` removes the `^` that escapes a character outside of quotes, and then the program's own runtime splits
//! the rest by [the rules of backslashes and quotation
//! marks](https://learn.microsoft.com/en-us/cpp/c-language/parsing-c-command-line-arguments). Chromium writes `^"` at both ends of a value.

use super::ReadError;
use super::command_line::{CommandLine, Word, redirection};

/// Splits the first command into words.
pub(super) fn words(text: &str) -> Result<CommandLine, ReadError> {
    let (line, is_followed) = without_carets(text)?;
    Ok(CommandLine { words: arguments(&line)?, is_followed })
}

/// Does what `cmd.exe` does with the line. Returns also whether another command follows.
fn without_carets(text: &str) -> Result<(String, bool), ReadError> {
    let mut line = String::with_capacity(text.len());
    let mut characters = text.chars();
    let mut is_quoted = false;
    while let Some(character) = characters.next() {
        match character {
            // A line feed that is escaped is removed, and the character after it is escaped in its place.
            '^' if !is_quoted => match characters.next() {
                Some('\n') => line.extend(characters.next()),
                escaped => line.extend(escaped),
            },
            '"' => {
                is_quoted = !is_quoted;
                line.push('"');
            }
            '<' | '>' if !is_quoted => return Err(redirection(&character.to_string())),
            '&' | '|' | '\n' if !is_quoted => {
                let rest = characters.as_str().trim_matches(['&', '|', '\n', ' ']);
                return Ok((line, !rest.is_empty()));
            }
            // Quotes end with the line.
            '\n' => break,
            character => line.push(character),
        }
    }
    Ok((line, false))
}

/// Does what the program does with its command line.
fn arguments(line: &str) -> Result<Vec<Word>, ReadError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let (mut is_quoted, mut backslashes) = (false, 0_usize);
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\\' {
            backslashes = backslashes.saturating_add(1);
            continue;
        }
        if backslashes > 0 {
            let kept = if character == '"' { backslashes / 2 } else { backslashes };
            word.get_or_insert_default().extend(std::iter::repeat_n('\\', kept));
        }
        let is_escaped = backslashes % 2 == 1;
        backslashes = 0;
        match character {
            '"' if is_escaped => word.get_or_insert_default().push('"'),
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                word.get_or_insert_default().push('"');
            }
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            ' ' | '\t' if !is_quoted => words.extend(word.take().as_deref().map(Word::from)),
            character => word.get_or_insert_default().push(character),
        }
    }
    if is_quoted {
        return Err(ReadError::Unfinished { what: "the text after `\"`", line: 1 });
    }
    if backslashes > 0 {
        word.get_or_insert_default().extend(std::iter::repeat_n('\\', backslashes));
    }
    words.extend(word.as_deref().map(Word::from));
    Ok(words)
}
