//! Words as directives: a line, and the block that it opens.

use super::lexer::Token;
use crate::error::ImportError;
use crate::files::{At, Files};

/// The most blocks inside of each other.
const MOST_LEVELS: usize = 100;

/// A line with the block behind it.
#[derive(Clone, Debug, Default)]
pub(super) struct Segment {
    pub(super) words: Vec<Token>,
    /// What stands in its braces, if it has some.
    pub(super) block: Option<Vec<Segment>>,
    at: Option<At>,
}

impl Segment {
    /// The directive, or nothing for braces without one.
    pub(super) fn name(&self) -> &str {
        self.words.first().map_or("", |word| &word.text)
    }

    /// The words after the first.
    pub(super) fn arguments(&self) -> &[Token] {
        self.words.get(1..).unwrap_or_default()
    }

    pub(super) fn inside(&self) -> &[Segment] {
        self.block.as_deref().unwrap_or_default()
    }

    pub(super) fn at(&self) -> At {
        self.at.unwrap_or(At { file: 0, line: 1 })
    }
}

/// The lines of a configuration.
///
/// # Errors
///
/// Fails if a brace is missing or one too many, or blocks are too deep.
pub(super) fn segments(tokens: Vec<Token>, files: &Files<'_>) -> Result<Vec<Segment>, ImportError> {
    let error = |at: At, why: String| Err(ImportError::new(files.name(at.file), at.line, why));
    let mut open: Vec<(Segment, Vec<Segment>)> = Vec::new();
    let mut done: Vec<Segment> = Vec::new();
    let mut line = Segment::default();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let ends_line = tokens.peek().is_none_or(|next| next.begins_line);
        let closes = token.is_brace("}");
        if (token.begins_line && !token.is_brace("{") || closes) && !line.words.is_empty() {
            done.push(std::mem::take(&mut line));
        }
        line.at.get_or_insert(token.at);
        if closes {
            let Some((mut opened, outside)) = open.pop() else {
                return error(token.at, "This `}` closes no block that is open.".to_owned());
            };
            opened.block = Some(std::mem::replace(&mut done, outside));
            done.push(opened);
            line = Segment::default();
        } else if token.is_brace("{") {
            if !ends_line {
                return error(
                    token.at,
                    "A `{` has to be the last word of its line, and what is in the block begins below."
                        .to_owned(),
                );
            }
            if token.begins_line && !line.words.is_empty() && !open.is_empty() {
                return error(
                    token.at,
                    "A `{` has to stand at the end of the line of its directive.".to_owned(),
                );
            }
            if open.len() >= MOST_LEVELS {
                return error(
                    token.at,
                    format!("Blocks stand in each other over more than {MOST_LEVELS} levels."),
                );
            }
            open.push((std::mem::take(&mut line), std::mem::take(&mut done)));
        } else if token.is_brace("{}") && !token.begins_line {
            line.block = Some(Vec::new());
            done.push(std::mem::take(&mut line));
        } else {
            line.words.push(token);
        }
    }
    if let Some((opened, _)) = open.last() {
        return error(opened.at(), "The block that opens here is never closed by a `}`.".to_owned());
    }
    if !line.words.is_empty() {
        done.push(line);
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::super::lexer::tokens;
    use super::*;
    use crate::files::{Source, no_includes};

    fn read(text: &str) -> Result<Vec<Segment>, ImportError> {
        let mut include = no_includes;
        let source = Source { name: "test".to_owned(), text: text.to_owned() };
        segments(tokens(text, 0, "test")?, &Files::new(source, &mut include)?)
    }

    #[test]
    fn a_block_belongs_to_its_line() {
        let found = read("{\n debug\n}\na.example, b.example\n{\n header {\n  X y\n }\n log {}\n}").unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].name(), "");
        assert_eq!(found[1].name(), "a.example,");
        assert_eq!(found[1].inside()[0].inside()[0].words[1].text, "y");
        assert_eq!(found[1].inside()[1].name(), "log");
        assert_eq!(found[1].at().line, 4);
    }

    #[test]
    fn braces_that_do_not_fit_are_refused_at_their_line() {
        for (text, line) in
            [("a {\n b {\n}\n", 1), ("a {\n}\n}\n", 3), ("a { b\n}", 1), ("a {\n b\n {\n }\n}", 3)]
        {
            assert_eq!(read(text).unwrap_err().line, line, "{text}");
        }
        assert!(read(&"a {\n".repeat(1000)).unwrap_err().message.contains("100 levels"));
    }
}
