//! The syntax of nginx: directives of words, which end with `;` or have a block. As in `ngx_conf_file.c`.

use crate::error::ImportError;
use crate::files::{At, Files};

/// The most levels of blocks, those of included files among them.
const MOST_LEVELS: usize = 100;
/// The most directives of all files.
const MOST_DIRECTIVES: usize = 250_000;

/// A directive: its name and arguments, and its block if it has one.
#[derive(Debug)]
pub(super) struct Directive {
    pub(super) words: Vec<Word>,
    pub(super) block: Option<Vec<Self>>,
    pub(super) at: At,
    /// The line of its `;`, or of the `}` that ends its block.
    pub(super) last_line: usize,
}

#[derive(Debug)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) line: usize,
}

/// What was read, and which includes have no file.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) directives: Vec<Directive>,
    pub(super) missing: Vec<(String, At)>,
}

impl Directive {
    pub(super) fn name(&self) -> &str {
        self.words.first().map_or("", |word| &word.text)
    }

    pub(super) fn arguments(&self) -> &[Word] {
        self.words.get(1..).unwrap_or_default()
    }

    /// An argument, counted from 0, or an empty text.
    pub(super) fn argument(&self, index: usize) -> &str {
        self.arguments().get(index).map_or("", |word| &word.text)
    }

    /// The directives of its block.
    pub(super) fn inside(&self) -> &[Self] {
        self.block.as_deref().unwrap_or_default()
    }
}

/// Reads the first file and what it includes.
pub(super) fn parse(files: &mut Files<'_>) -> Result<Parsed, ImportError> {
    let mut parser = Parser { files, missing: Vec::new(), directives: 0, shown: 0 };
    let directives = parser.file(0, 0)?;
    Ok(Parsed { directives, missing: parser.missing })
}

struct Parser<'f, 'i> {
    files: &'f mut Files<'i>,
    missing: Vec<(String, At)>,
    directives: usize,
    /// The number that places in the file that is read have.
    shown: usize,
}

impl Parser<'_, '_> {
    fn file(&mut self, file: usize, level: usize) -> Result<Vec<Directive>, ImportError> {
        let text = self.files.text(file).trim_start_matches('\u{feff}').to_owned();
        let mut lexer = Lexer { rest: &text, line: 1 };
        // What is wrong in a file that is included several times is said once.
        let first = self.files.first_of_its_name(file);
        let around = std::mem::replace(&mut self.shown, first);
        let read = self.block(&mut lexer, file, level, None);
        self.shown = around;
        read.map(|(directives, _)| directives)
    }

    /// The directives up to the `}` of the block that was opened on this line, or up to the end of the file; and the last line.
    fn block(
        &mut self,
        lexer: &mut Lexer<'_>,
        file: usize,
        level: usize,
        opened: Option<usize>,
    ) -> Result<(Vec<Directive>, usize), ImportError> {
        if level > MOST_LEVELS {
            return Err(self.refused(
                file,
                lexer.line,
                format!("Blocks are nested over more than {MOST_LEVELS} levels."),
            ));
        }
        let mut directives = Vec::new();
        let mut words: Vec<Word> = Vec::new();
        loop {
            let token = lexer.token().map_err(|(line, why)| self.refused(file, line, why))?;
            match token {
                Token::Word(word) => words.push(word),
                Token::Semicolon if words.is_empty() => {
                    return Err(self.refused(file, lexer.line, "This `;` ends no directive."));
                }
                Token::Semicolon => {
                    let directive = self.directive(std::mem::take(&mut words), file, lexer.line)?;
                    if directive.name() == "include" {
                        directives.extend(self.include(&directive, file, level)?);
                    } else {
                        directives.push(directive);
                    }
                }
                Token::Open if words.is_empty() => {
                    return Err(self.refused(file, lexer.line, "This `{` has no directive in front of it."));
                }
                Token::Open => {
                    let mut directive = self.directive(std::mem::take(&mut words), file, lexer.line)?;
                    if directive.name().ends_with("_by_lua_block") {
                        let line = lexer.line;
                        let text = lexer.lua().map_err(|(line, why)| self.refused(file, line, why))?;
                        directive.words.push(Word { text, line });
                        directive.last_line = lexer.line;
                    } else {
                        let (inside, last_line) =
                            self.block(lexer, file, level.saturating_add(1), Some(directive.at.line))?;
                        directive.block = Some(inside);
                        directive.last_line = last_line;
                    }
                    directives.push(directive);
                }
                Token::Close | Token::End if !words.is_empty() => {
                    let word = words.first().map_or("", |word| &word.text);
                    let line = words.first().map_or(lexer.line, |word| word.line);
                    return Err(self.refused(
                        file,
                        line,
                        format!("The directive `{word}` has no `;` at its end."),
                    ));
                }
                Token::Close if opened.is_some() => return Ok((directives, lexer.line)),
                Token::Close => return Err(self.refused(file, lexer.line, "This `}` ends no block.")),
                Token::End => match opened {
                    Some(line) => {
                        return Err(self.refused(
                            file,
                            line,
                            "The block that begins here has no `}` at its end.",
                        ));
                    }
                    None => return Ok((directives, lexer.line)),
                },
            }
        }
    }

    fn directive(
        &mut self,
        words: Vec<Word>,
        file: usize,
        last_line: usize,
    ) -> Result<Directive, ImportError> {
        let line = words.first().map_or(last_line, |word| word.line);
        self.directives = self.directives.saturating_add(1);
        if self.directives > MOST_DIRECTIVES {
            let why = format!("The configuration has more than {MOST_DIRECTIVES} directives.");
            return Err(self.refused(file, line, why));
        }
        Ok(Directive { words, block: None, at: At { file: self.shown, line }, last_line })
    }

    fn include(
        &mut self,
        directive: &Directive,
        file: usize,
        level: usize,
    ) -> Result<Vec<Directive>, ImportError> {
        let pattern = directive.argument(0);
        let mut directives = Vec::new();
        match self.files.include_or_reason(pattern, At { file, ..directive.at })? {
            Ok(files) => {
                for file in files {
                    directives.extend(self.file(file, level.saturating_add(1))?);
                }
            }
            Err(why) => self.missing.push((why, directive.at)),
        }
        Ok(directives)
    }

    fn refused(&self, file: usize, line: usize, why: impl Into<String>) -> ImportError {
        ImportError::new(self.files.name(file), line, why)
    }
}

enum Token {
    Word(Word),
    Semicolon,
    Open,
    Close,
    End,
}

/// What is left of a text, and the line that it begins on.
struct Lexer<'t> {
    rest: &'t str,
    line: usize,
}

type Refused = (usize, &'static str);

impl Lexer<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = self.rest.get(next.len_utf8()..).unwrap_or_default();
        if next == '\n' {
            self.line = self.line.saturating_add(1);
        }
        Some(next)
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn token(&mut self) -> Result<Token, Refused> {
        loop {
            match self.peek() {
                None => return Ok(Token::End),
                Some(' ' | '\t' | '\r' | '\n') => {
                    self.next();
                }
                Some('#') => while self.next().is_some_and(|next| next != '\n') {},
                Some(';') => return self.punctuation(Token::Semicolon),
                Some('{') => return self.punctuation(Token::Open),
                Some('}') => return self.punctuation(Token::Close),
                Some(quote @ ('"' | '\'')) => return self.quoted(quote).map(Token::Word),
                Some(_) => return Ok(Token::Word(self.plain())),
            }
        }
    }

    #[allow(clippy::unnecessary_wraps, reason = "the arms of `token` read alike")]
    fn punctuation(&mut self, token: Token) -> Result<Token, Refused> {
        self.next();
        Ok(token)
    }

    fn quoted(&mut self, quote: char) -> Result<Word, Refused> {
        let (line, mut text) = (self.line, String::new());
        self.next();
        loop {
            match self.next() {
                None => return Err((line, "The text that begins here has no quote at its end.")),
                Some('\\') => self.escaped(&mut text),
                Some(next) if next == quote => break,
                Some(next) => text.push(next),
            }
        }
        match self.peek() {
            None | Some(' ' | '\t' | '\r' | '\n' | ';' | '{' | ')') => Ok(Word { text, line }),
            Some(_) => {
                Err((self.line, "After the quote that ends a text there has to be a space, `;`, `{` or `)`."))
            }
        }
    }

    fn plain(&mut self) -> Word {
        let (line, mut text) = (self.line, String::new());
        let mut is_after_dollar = false;
        while let Some(next) = self.peek() {
            match next {
                ' ' | '\t' | '\r' | '\n' | ';' => break,
                '{' if !is_after_dollar => break,
                '\\' => {
                    self.next();
                    self.escaped(&mut text);
                    is_after_dollar = false;
                }
                _ => {
                    self.next();
                    text.push(next);
                    is_after_dollar = next == '$';
                }
            }
        }
        Word { text, line }
    }

    /// What comes after a backslash, which stays in front of what it does not change.
    fn escaped(&mut self, text: &mut String) {
        match self.next() {
            Some(next @ ('"' | '\'' | '\\')) => text.push(next),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            Some('n') => text.push('\n'),
            Some(next) => text.extend(['\\', next]),
            None => text.push('\\'),
        }
    }

    /// Lua code up to the `}` that ends it, which the lexer is behind afterwards.
    fn lua(&mut self) -> Result<String, Refused> {
        let (line, start) = (self.line, self.rest);
        let mut depth = 0_usize;
        loop {
            let before = self.rest.len();
            match self.next() {
                None => return Err((line, "The Lua code that begins here has no `}` at its end.")),
                Some('{') => depth = depth.saturating_add(1),
                Some('}') if depth == 0 => {
                    let length = start.len().saturating_sub(before);
                    return Ok(start.get(..length).unwrap_or_default().to_owned());
                }
                Some('}') => depth = depth.saturating_sub(1),
                Some(quote @ ('"' | '\'')) => {
                    while let Some(next) = self.next() {
                        if next == quote || next == '\n' {
                            break;
                        }
                        if next == '\\' {
                            self.next();
                        }
                    }
                }
                Some('-') if self.rest.starts_with('-') => {
                    self.next();
                    if !self.lua_long() {
                        while self.next().is_some_and(|next| next != '\n') {}
                    }
                }
                Some('[') if self.rest.starts_with('[') || self.rest.starts_with('=') => {
                    self.rest = start.get(start.len().saturating_sub(before)..).unwrap_or_default();
                    if !self.lua_long() {
                        self.next();
                    }
                }
                Some(_) => {}
            }
        }
    }

    /// Skips `[[...]]` or `[==[...]==]`, if it is there.
    fn lua_long(&mut self) -> bool {
        let Some(after) = self.rest.strip_prefix('[') else { return false };
        let equals = after.len().saturating_sub(after.trim_start_matches('=').len());
        if !after.get(equals..).is_some_and(|rest| rest.starts_with('[')) {
            return false;
        }
        let end = format!("]{}]", "=".repeat(equals));
        let length = self.rest.find(&end).map_or(self.rest.len(), |at| at.saturating_add(end.len()));
        let skipped = self.rest.get(..length).unwrap_or_default();
        self.line = self.line.saturating_add(skipped.matches('\n').count());
        self.rest = self.rest.get(length..).unwrap_or_default();
        true
    }
}
