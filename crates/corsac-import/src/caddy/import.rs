//! `import`: snippets and files in the place of the line that names them, with its arguments.

use std::collections::HashMap;

use super::lexer::{Token, tokens};
use crate::error::ImportError;
use crate::files::{At, Files};
use crate::note::{NoteKind, Noted};

/// The most words after all imports, and the most bytes in them.
const MOST_TOKENS: usize = 400_000;
const MOST_BYTES: usize = 16 << 20;
/// The most imports inside of each other.
const MOST_LEVELS: usize = 50;

/// What is left of a Caddyfile after its imports.
pub(super) struct Imported {
    pub(super) tokens: Vec<Token>,
    pub(super) notes: Vec<Noted>,
}

/// A part with a name: `(cors) { ... }`.
struct Snippet {
    /// What stands between its braces.
    tokens: Vec<Token>,
    is_used: bool,
}

/// Follows the imports of the first file.
pub(super) fn imported(files: &mut Files<'_>) -> Result<Imported, ImportError> {
    let name = files.name(0).to_owned();
    let main = tokens(files.text(0), 0, &name)?;
    let mut importer = Importer {
        files,
        by_name: HashMap::new(),
        snippets: Vec::new(),
        out: Vec::new(),
        bytes: 0,
        depth: 0,
        running: Vec::new(),
        notes: Vec::new(),
    };
    importer.expand(main)?;
    // A file of nothing but snippets is for other files to import.
    if importer.out.is_empty() {
        let unused: Vec<Vec<Token>> = importer
            .snippets
            .iter()
            .filter(|snippet| !snippet.is_used)
            .map(|snippet| with_arguments(&snippet.tokens, &[], &[]))
            .collect();
        // Definitions are for the top of a file, and these words are what would stand in a site.
        importer.depth = 1;
        for tokens in unused {
            importer.expand(tokens)?;
        }
    }
    Ok(Imported { tokens: importer.out, notes: importer.notes })
}

struct Importer<'f, 'i> {
    files: &'f mut Files<'i>,
    by_name: HashMap<String, usize>,
    snippets: Vec<Snippet>,
    out: Vec<Token>,
    bytes: usize,
    /// How many blocks are open.
    depth: usize,
    /// The snippets that are being imported.
    running: Vec<usize>,
    notes: Vec<Noted>,
}

impl Importer<'_, '_> {
    fn expand(&mut self, tokens: Vec<Token>) -> Result<(), ImportError> {
        if self.running.len() > MOST_LEVELS {
            let at = tokens.first().map_or(At { file: 0, line: 1 }, |token| token.at);
            return Err(
                self.error(at, format!("Imports stand in each other over more than {MOST_LEVELS} levels."))
            );
        }
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            if token.begins_line
                && self.depth == 0
                && token.quote.is_none()
                && let Some(name) = snippet_name(&token.text)
                && tokens.next_if(|next| next.is_brace("{")).is_some()
            {
                self.define(name.to_owned(), token.at, &mut tokens)?;
                continue;
            }
            if token.begins_line && token.quote.is_none() && token.text == "import" {
                let mut line = Vec::new();
                while let Some(argument) = tokens.next_if(|next| !next.begins_line) {
                    line.push(argument);
                }
                // A block behind `import` is for `{block}` in what is imported.
                let mut block = Vec::new();
                if line.last().is_some_and(|last| last.is_brace("{")) {
                    line.pop();
                    block = self.block(token.at, &mut tokens)?;
                }
                self.import(token.at, &line, &block)?;
                continue;
            }
            self.push(token)?;
        }
        Ok(())
    }

    fn push(&mut self, token: Token) -> Result<(), ImportError> {
        if token.is_brace("{") {
            self.depth = self.depth.saturating_add(1);
        } else if token.is_brace("}") {
            self.depth = self.depth.saturating_sub(1);
        }
        self.bytes = self.bytes.saturating_add(token.text.len());
        if self.out.len() >= MOST_TOKENS || self.bytes > MOST_BYTES {
            let why = format!(
                "With everything that it imports the configuration has more than {MOST_TOKENS} words or {} MiB.",
                MOST_BYTES >> 20
            );
            return Err(self.error(token.at, why));
        }
        self.out.push(token);
        Ok(())
    }

    fn define(
        &mut self,
        name: String,
        at: At,
        tokens: &mut impl Iterator<Item = Token>,
    ) -> Result<(), ImportError> {
        let inside = self.block(at, tokens)?;
        if self.by_name.contains_key(&name) {
            return Err(self.error(at, format!("The snippet `({name})` is defined more than once.")));
        }
        self.by_name.insert(name, self.snippets.len());
        self.snippets.push(Snippet { tokens: inside, is_used: false });
        Ok(())
    }

    /// What stands before the brace that closes the block.
    fn block(&self, at: At, tokens: &mut impl Iterator<Item = Token>) -> Result<Vec<Token>, ImportError> {
        let (mut inside, mut open) = (Vec::new(), 1_usize);
        for token in tokens {
            if token.is_brace("{") {
                open = open.saturating_add(1);
            } else if token.is_brace("}") {
                open = open.saturating_sub(1);
                if open == 0 {
                    return Ok(inside);
                }
            }
            inside.push(token);
        }
        Err(self.error(at, "The block that opens here is never closed by a `}`."))
    }

    fn import(&mut self, at: At, line: &[Token], block: &[Token]) -> Result<(), ImportError> {
        let Some((what, arguments)) = line.split_first() else {
            return Err(self.error(at, "`import` needs the name of a snippet or a file."));
        };
        if let Some(&number) = self.by_name.get(&what.text) {
            if self.running.contains(&number) {
                return Err(self.error(at, format!("The snippet `({})` imports itself.", what.text)));
            }
            let Some(snippet) = self.snippets.get_mut(number) else { return Ok(()) };
            snippet.is_used = true;
            let inside = with_arguments(&snippet.tokens, arguments, block);
            self.running.push(number);
            self.expand(inside)?;
            self.running.pop();
            return Ok(());
        }
        let included = match self.files.include_or_reason(&beside(self.files.name(what.at.file), what), at)? {
            Ok(included) => included,
            Err(why) => {
                let why = format!(
                    "`{}` is no snippet that is defined above, and as a file it cannot be read: {why}",
                    what.text
                );
                self.notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", at, why));
                return Ok(());
            }
        };
        for file in included {
            let name = self.files.name(file).to_owned();
            let inside = tokens(self.files.text(file), file, &name)?;
            self.running.push(usize::MAX);
            self.expand(with_arguments(&inside, arguments, block))?;
            self.running.pop();
        }
        Ok(())
    }

    fn error(&self, at: At, why: impl Into<String>) -> ImportError {
        ImportError::new(self.files.name(at.file), at.line, why)
    }
}

/// The pattern from the main folder on, for one that stands in another file: Caddy looks beside the file that imports.
fn beside(file: &str, pattern: &Token) -> String {
    let folder = match file.rsplit_once('/') {
        Some((folder, _)) if pattern.at.file != 0 && !pattern.text.starts_with('/') => folder,
        _ => return pattern.text.clone(),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(pattern.text.split('/')) {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn snippet_name(text: &str) -> Option<&str> {
    text.strip_prefix('(')?.strip_suffix(')')
}

/// The words with the arguments in the place of `{args[0]}` and `{args[1:]}`, and with the block in the place of `{block}`. An argument keeps the line
/// where it stands.
fn with_arguments(tokens: &[Token], arguments: &[Token], block: &[Token]) -> Vec<Token> {
    let mut replaced = Vec::with_capacity(tokens.len());
    for token in tokens {
        if token.text == "{block}" {
            replaced.extend(block.iter().cloned());
        } else if let Some(range) = variadic(&token.text, arguments.len()) {
            let mut begins_line = token.begins_line;
            for argument in arguments.get(range).unwrap_or_default() {
                replaced.push(Token { begins_line, quote: token.quote, ..argument.clone() });
                begins_line = false;
            }
        } else if token.text.contains("{args") {
            let mut token = token.clone();
            if let [single] = &*placeholders(&token.text)
                && let Some(argument) = argument(single, arguments)
            {
                // The whole word is the argument, so what is wrong with it is wrong there.
                if token.text.len() == single.len().saturating_add(2) {
                    token.at = argument.at;
                }
            }
            token.text = replace_arguments(&token.text, arguments);
            replaced.push(token);
        } else {
            replaced.push(token.clone());
        }
    }
    replaced
}

/// `{args[1:]}` and `{args[:]}`.
fn variadic(text: &str, count: usize) -> Option<std::ops::Range<usize>> {
    let (start, end) = text.strip_prefix("{args[")?.strip_suffix("]}")?.split_once(':')?;
    let start = if start.is_empty() { 0 } else { start.parse().ok()? };
    let end = if end.is_empty() { count } else { end.parse().ok()? };
    (start <= end && end <= count).then_some(start..end)
}

fn placeholders(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|after| Some(after.split_once('}')?.0)).collect()
}

fn argument<'a>(placeholder: &str, arguments: &'a [Token]) -> Option<&'a Token> {
    let index = placeholder.strip_prefix("args")?;
    let index = match index.strip_prefix('.') {
        Some(index) => index,
        None => index.strip_prefix('[')?.strip_suffix(']')?,
    };
    arguments.get(index.parse::<usize>().ok()?)
}

fn replace_arguments(text: &str, arguments: &[Token]) -> String {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{args") {
        replaced.push_str(before);
        let found = after
            .split_once('}')
            .and_then(|(index, behind)| Some((argument(&format!("args{index}"), arguments)?, behind)));
        match found {
            Some((argument, behind)) => {
                replaced.push_str(&argument.text);
                rest = behind;
            }
            None => {
                replaced.push_str("{args");
                rest = after;
            }
        }
    }
    replaced.push_str(rest);
    replaced
}
