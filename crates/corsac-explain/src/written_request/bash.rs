//! The words of a command in a Unix shell, by the rules of bash.
//!
//! Browsers write `$'...'` as soon as a value has a character that is not plain, and a shell's variables and commands have to be found and named.
//! So this is a lexer of its own.

use super::ReadError;
use super::command_line::{CommandLine, Word, is_end_of_command, redirection, substitution};
use super::cursor::Cursor;

/// Splits the first command into words.
pub(super) fn words(text: &str) -> Result<CommandLine, ReadError> {
    let mut cursor = Cursor::new(text);
    let mut words = Vec::new();
    loop {
        while cursor.eat(" ") || cursor.eat("\t") || cursor.eat("\\\n") || cursor.eat("\\ \n") {}
        match cursor.peek() {
            None => return Ok(CommandLine { words, is_followed: false }),
            Some('#') => {
                cursor.take_while(|character| character != '\n');
            }
            Some(end) if is_end_of_command(end) => {
                let rest = cursor
                    .rest()
                    .trim_matches(|character| is_end_of_command(character) || character.is_whitespace());
                return Ok(CommandLine { words, is_followed: !rest.is_empty() });
            }
            Some(_) => words.push(word(&mut cursor)?),
        }
    }
}

fn word(cursor: &mut Cursor<'_>) -> Result<Word, ReadError> {
    let mut word = Word::default();
    loop {
        let start = *cursor;
        let unfinished = |what| ReadError::Unfinished { what, line: start.line() };
        match cursor.peek() {
            None | Some(' ' | '\t') => return Ok(word),
            Some(end) if is_end_of_command(end) => return Ok(word),
            Some(sign @ ('<' | '>')) => return Err(redirection(&sign.to_string())),
            Some('`') => return Err(substitution("`...`")),
            _ => {}
        }
        if cursor.eat("\\\n") {
            continue;
        }
        if cursor.eat("'") {
            let inside = cursor.take_until("'").ok_or_else(|| unfinished("the text after `'`"))?;
            word.bytes.extend_from_slice(inside.as_bytes());
        } else if cursor.eat("$'") {
            ansi_c(cursor, &mut word).ok_or_else(|| unfinished("the text after `$'`"))?;
        } else if cursor.eat("\"") || cursor.eat("$\"") {
            double_quoted(cursor, &mut word)?.ok_or_else(|| unfinished("the text after `\"`"))?;
        } else if cursor.eat("$") {
            variable(cursor, &mut word)?;
        } else {
            cursor.eat("\\");
            cursor.next().into_iter().for_each(|character| word.push(character));
        }
    }
}

/// Reads to the closing `"`. `None` if there is none.
fn double_quoted(cursor: &mut Cursor<'_>, word: &mut Word) -> Result<Option<()>, ReadError> {
    while let Some(character) = cursor.next() {
        match character {
            '"' => return Ok(Some(())),
            '`' => return Err(substitution("`...`")),
            '$' => variable(cursor, word)?,
            '\\' => match cursor.peek() {
                Some('\n') => {
                    cursor.next();
                }
                Some(escaped @ ('$' | '`' | '"' | '\\')) => {
                    cursor.next();
                    word.push(escaped);
                }
                _ => word.push('\\'),
            },
            character => word.push(character),
        }
    }
    Ok(None)
}

/// Reads what follows a `$` that starts no quoted text.
fn variable(cursor: &mut Cursor<'_>, word: &mut Word) -> Result<(), ReadError> {
    if cursor.rest().starts_with('(') {
        return Err(substitution("$(...)"));
    }
    if cursor.eat("{") {
        let start = *cursor;
        let unfinished = || ReadError::Unfinished { what: "`${`", line: start.line() };
        let inside = cursor.take_until("}").ok_or_else(unfinished)?;
        if inside.contains("$(") || inside.contains('`') {
            return Err(substitution("$(...)"));
        }
        let name = Cursor::new(inside).name('_');
        word.push_variable(format!("${{{name}}}"), name);
        return Ok(());
    }
    match cursor.peek() {
        Some(special @ ('?' | '!' | '@' | '*' | '#' | '0'..='9')) => {
            cursor.next();
            word.push_variable(format!("${special}"), "");
        }
        Some(first) if first.is_ascii_alphabetic() || first == '_' => {
            let name = cursor.take_while(|character| character.is_ascii_alphanumeric() || character == '_');
            word.push_variable(format!("${name}"), name);
        }
        _ => word.push('$'),
    }
    Ok(())
}

/// Reads [ANSI-C quoting](https://www.gnu.org/software/bash/manual/html_node/ANSI_002dC-Quoting.html) to its closing `'`. `None` if there is none.
///
/// Browsers write a character above U+FFFF as two `\u` escapes, so a pair of surrogates is one character.
fn ansi_c(cursor: &mut Cursor<'_>, word: &mut Word) -> Option<()> {
    let mut high = None;
    loop {
        let character = cursor.next()?;
        if character == '\'' {
            lone(high, word);
            return Some(());
        }
        let escaped = if character == '\\' { Some(escape(cursor)?) } else { None };
        match escaped {
            Some(Escaped::Unit(low @ 0xdc00..=0xdfff)) if high.is_some() => {
                let units = [high.take().unwrap_or_default(), low];
                char::decode_utf16(units).flatten().for_each(|character| word.push(character));
            }
            Some(Escaped::Unit(unit @ 0xd800..=0xdbff)) => {
                lone(high.replace(unit), word);
            }
            other => {
                lone(high.take(), word);
                match other {
                    None => word.push(character),
                    Some(Escaped::Unit(unit)) => {
                        word.push(char::from_u32(unit.into()).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    Some(Escaped::Character(character)) => word.push(character),
                    Some(Escaped::Byte(byte)) => word.bytes.push(byte),
                    Some(Escaped::Nothing(character)) => {
                        word.push('\\');
                        word.push(character);
                    }
                }
            }
        }
    }
}

/// Half of a pair without the other half.
fn lone(high: Option<u16>, word: &mut Word) {
    if high.is_some() {
        word.push(char::REPLACEMENT_CHARACTER);
    }
}

enum Escaped {
    Character(char),
    Unit(u16),
    Byte(u8),
    /// Not an escape: the backslash stays.
    Nothing(char),
}

fn escape(cursor: &mut Cursor<'_>) -> Option<Escaped> {
    let digits = |cursor: &mut Cursor<'_>, radix: u32, most: usize| {
        let rest = cursor.rest();
        let count = rest.chars().take(most).take_while(|digit| digit.is_digit(radix)).count();
        let digits = rest.get(..count).unwrap_or_default();
        (0..count).for_each(|_| _ = cursor.next());
        u32::from_str_radix(digits, radix).ok()
    };
    let byte = |value: u32| Escaped::Byte(u8::try_from(value & 0xff).unwrap_or_default());
    let escaped = match cursor.next()? {
        'n' => Escaped::Character('\n'),
        't' => Escaped::Character('\t'),
        'r' => Escaped::Character('\r'),
        'a' => Escaped::Character('\u{7}'),
        'b' => Escaped::Character('\u{8}'),
        'e' | 'E' => Escaped::Character('\u{1b}'),
        'f' => Escaped::Character('\u{c}'),
        'v' => Escaped::Character('\u{b}'),
        character @ ('\\' | '\'' | '"' | '?') => Escaped::Character(character),
        'x' => digits(cursor, 16, 2).map_or(Escaped::Nothing('x'), byte),
        'u' => match digits(cursor, 16, 4).and_then(|value| u16::try_from(value).ok()) {
            Some(unit) => Escaped::Unit(unit),
            None => Escaped::Nothing('u'),
        },
        'U' => match digits(cursor, 16, 8) {
            Some(value) => Escaped::Character(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER)),
            None => Escaped::Nothing('U'),
        },
        'c' => byte(u32::from(cursor.next()?) & 0x1f),
        first @ '0'..='7' => {
            let (first, digit) = (first.to_digit(8).unwrap_or_default(), |digit: char| digit.to_digit(8));
            let more = cursor.rest().chars().map_while(digit).take(2).collect::<Vec<u32>>();
            more.iter().for_each(|_| _ = cursor.next());
            byte(more.into_iter().fold(first, |value, digit| value * 8 + digit))
        }
        other => Escaped::Nothing(other),
    };
    Some(escaped)
}
