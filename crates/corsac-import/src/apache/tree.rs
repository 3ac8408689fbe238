//! The lines of a configuration as directives and sections. What is decided while Apache starts is decided here: `Include`, `Define`, `<IfModule>`,
//! `<IfDefine>`, `<IfVersion>`, macros.

use std::collections::HashMap;

use super::words::{next_word, words};
use crate::error::ImportError;
use crate::files::{At, Files, MOST_BYTES};
use crate::note::{NoteKind, Noted};

/// The most sections inside each other.
const MOST_LEVELS: usize = 100;
/// The most macros that use each other.
const MOST_MACRO_LEVELS: usize = 20;
/// The most bytes that macros write.
const MOST_MACRO_BYTES: usize = MOST_BYTES >> 2;
/// The most bytes of a line after its variables have their values.
const MOST_LINE_BYTES: usize = 64 << 10;
/// The version that `<IfVersion>` compares with: the branch that everybody runs.
const VERSION: [u32; 3] = [2, 4, 62];

/// A directive.
#[derive(Clone, Debug)]
pub(super) struct Directive {
    /// In lower case, as Apache ignores the case.
    pub(super) name: String,
    /// What follows the name.
    pub(super) arguments: String,
    pub(super) at: At,
}

/// A section, whatever it is for.
#[derive(Clone, Debug)]
pub(super) struct Section {
    /// In lower case.
    pub(super) name: String,
    pub(super) arguments: String,
    pub(super) at: At,
    pub(super) items: Vec<Item>,
}

#[derive(Clone, Debug)]
pub(super) enum Item {
    Directive(Directive),
    Section(Section),
}

/// A configuration as it is written.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) items: Vec<Item>,
    /// About included files that are not there.
    pub(super) notes: Vec<Noted>,
}

/// Reads the files.
pub(super) fn read(files: &mut Files<'_>) -> Result<Tree, ImportError> {
    let mut reader =
        Reader { files, notes: Vec::new(), defined: HashMap::new(), macros: HashMap::new(), written: 0 };
    let lines = lines(0, reader.files.text(0));
    let items = reader.block(lines, 0, 0)?;
    let notes = reader.notes;
    Ok(Tree { items, notes })
}

/// A line with its continuations.
struct Line {
    at: At,
    text: String,
}

/// A backslash at the end of a line continues it, in comments too.
fn lines(file: usize, text: &str) -> Vec<Line> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = Vec::new();
    let mut open: Option<Line> = None;
    for (before, text) in text.lines().enumerate() {
        let line = open.get_or_insert_with(|| Line {
            at: At { file, line: before.saturating_add(1) },
            text: String::new(),
        });
        let text = text.strip_suffix('\r').unwrap_or(text);
        if let Some(begun) = text.strip_suffix('\\') {
            line.text.push_str(begun);
        } else {
            line.text.push_str(text);
            lines.extend(open.take());
        }
    }
    lines.extend(open);
    lines
}

/// A section whose end has not come yet.
struct Open {
    section: Section,
    /// Its content counts as content of the section around it.
    is_condition: bool,
    /// Its content does not count.
    is_skipped: bool,
}

struct Macro {
    parameters: Vec<String>,
    lines: Vec<(At, String)>,
}

struct Reader<'f, 'i> {
    files: &'f mut Files<'i>,
    notes: Vec<Noted>,
    defined: HashMap<String, String>,
    macros: HashMap<String, Macro>,
    /// The bytes that macros wrote.
    written: usize,
}

impl Reader<'_, '_> {
    fn error(&self, at: At, message: impl Into<String>) -> ImportError {
        ImportError::new(self.files.name(at.file), at.line, message)
    }

    /// The lines of a file or a macro, whose sections all end in it.
    fn block(
        &mut self,
        lines: Vec<Line>,
        levels: usize,
        macro_levels: usize,
    ) -> Result<Vec<Item>, ImportError> {
        let mut items = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        let mut lines = lines.into_iter();
        while let Some(Line { at, text }) = lines.next() {
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let is_skipped = open.iter().any(|section| section.is_skipped);
            if let Some(closing) = text.strip_prefix("</") {
                self.close(closing, at, &mut open, &mut items)?;
                continue;
            }
            let text = self.with_values(text, at)?;
            if let Some(opening) = text.strip_prefix('<') {
                let section = self.opening(opening, at)?;
                if !is_skipped && section.name == "macro" {
                    self.define_macro(&section, &mut lines)?;
                    continue;
                }
                if open.len().saturating_add(levels) >= MOST_LEVELS {
                    return Err(
                        self.error(at, format!("More than {MOST_LEVELS} sections are inside each other."))
                    );
                }
                let holds = if is_skipped { Some(true) } else { self.condition(&section) };
                open.push(Open {
                    is_condition: holds.is_some(),
                    is_skipped: holds == Some(false) || section.name == "perl",
                    section,
                });
                continue;
            }
            if is_skipped {
                continue;
            }
            let directive = self.directive(&text, at)?;
            let deeper = levels.saturating_add(open.len());
            let found = self.followed(directive, deeper, macro_levels)?;
            open.last_mut().map_or(&mut items, |open| &mut open.section.items).extend(found);
        }
        match open.first() {
            None => Ok(items),
            Some(Open { section, .. }) => {
                Err(self.error(section.at, format!("`<{}>` begins here and never ends.", section.name)))
            }
        }
    }

    fn close(
        &self,
        closing: &str,
        at: At,
        open: &mut Vec<Open>,
        items: &mut Vec<Item>,
    ) -> Result<(), ImportError> {
        let name = closing.trim_end().trim_end_matches('>').trim().to_ascii_lowercase();
        let Some(ended) = open.pop() else {
            return Err(self.error(at, format!("`</{name}>` ends a section that has not begun.")));
        };
        if ended.section.name != name {
            return Err(self.error(
                at,
                format!(
                    "`</{name}>` is where `</{}>` must be: that section began on line {}.",
                    ended.section.name, ended.section.at.line
                ),
            ));
        }
        let around = open.last_mut().map_or(items, |open| &mut open.section.items);
        if ended.is_condition {
            if !ended.is_skipped {
                around.extend(ended.section.items);
            }
        } else if !ended.is_skipped {
            around.push(Item::Section(ended.section));
        }
        Ok(())
    }

    fn opening(&self, opening: &str, at: At) -> Result<Section, ImportError> {
        let Some((inside, _)) = opening.rsplit_once('>') else {
            return Err(self.error(at, "A section begins with `<`, and its line has no `>`."));
        };
        let inside = inside.trim();
        let (name, arguments) =
            inside.split_once(|character: char| character.is_ascii_whitespace()).unwrap_or((inside, ""));
        self.name(name, at)?;
        Ok(Section {
            name: name.to_ascii_lowercase(),
            arguments: arguments.trim().to_owned(),
            at,
            items: Vec::new(),
        })
    }

    fn directive(&self, text: &str, at: At) -> Result<Directive, ImportError> {
        let (name, arguments) =
            text.split_once(|character: char| character.is_ascii_whitespace()).unwrap_or((text, ""));
        self.name(name, at)?;
        Ok(Directive { name: name.to_ascii_lowercase(), arguments: arguments.trim().to_owned(), at })
    }

    fn name(&self, name: &str, at: At) -> Result<(), ImportError> {
        let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.chars().all(|character| character.is_ascii_alphanumeric() || "_-.:".contains(character));
        if is_name {
            return Ok(());
        }
        let shown: String = name.chars().take(40).collect();
        Err(self.error(
            at,
            format!("`{shown}` is no name of a directive, so this is no configuration of Apache httpd."),
        ))
    }

    /// What a directive stands for, if Apache follows it while it reads.
    fn followed(
        &mut self,
        directive: Directive,
        levels: usize,
        macro_levels: usize,
    ) -> Result<Vec<Item>, ImportError> {
        let at = directive.at;
        match directive.name.as_str() {
            "define" => {
                let mut rest = directive.arguments.as_str();
                if let Some(name) = next_word(&mut rest) {
                    self.defined.insert(name, next_word(&mut rest).unwrap_or_default());
                }
            }
            "undefine" => {
                self.defined.remove(directive.arguments.as_str());
            }
            "include" | "includeoptional" => {
                let pattern = words(&directive.arguments).into_iter().next().unwrap_or_default();
                return self.include(&pattern, &directive, levels, macro_levels);
            }
            "use" => {
                let mut values = words(&directive.arguments).into_iter();
                let name = values.next().unwrap_or_default();
                return self.expand(&name, &values.collect::<Vec<_>>(), at, levels, macro_levels);
            }
            _ => return Ok(vec![Item::Directive(directive)]),
        }
        Ok(Vec::new())
    }

    fn include(
        &mut self,
        pattern: &str,
        directive: &Directive,
        levels: usize,
        macro_levels: usize,
    ) -> Result<Vec<Item>, ImportError> {
        let included = match self.files.include_or_reason(pattern, directive.at)? {
            Ok(included) => included,
            Err(reason) => {
                if directive.name == "include" {
                    self.notes.push(Noted::new(
                        NoteKind::NotExpressible,
                        "line-not-read",
                        directive.at,
                        format!("{reason} What it has about CORS is missing here."),
                    ));
                }
                return Ok(Vec::new());
            }
        };
        let mut items = Vec::new();
        for file in included {
            let lines = lines(file, self.files.text(file));
            items.extend(self.block(lines, levels, macro_levels)?);
        }
        Ok(items)
    }

    /// `<IfModule>` and its like: whether its content counts. `None` for another section.
    fn condition(&self, section: &Section) -> Option<bool> {
        let argument = words(&section.arguments).into_iter().next().unwrap_or_default();
        let (is_negated, argument) = match argument.strip_prefix('!') {
            Some(argument) => (true, argument),
            None => (false, argument.as_str()),
        };
        let holds = match section.name.as_str() {
            // Every module is taken to be there.
            "ifmodule" | "iffile" | "ifdirective" | "ifsection" => true,
            "ifdefine" => self.defined.contains_key(argument),
            "ifversion" => is_version(&section.arguments),
            _ => return None,
        };
        Some(holds != is_negated)
    }

    /// The text with `${NAME}` replaced by what `Define` gave it.
    fn with_values(&self, text: &str, at: At) -> Result<String, ImportError> {
        let mut written = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            written.push_str(before);
            let known =
                after.split_once('}').and_then(|(name, after)| Some((self.defined.get(name)?, after)));
            if let Some((value, after)) = known {
                written.push_str(value);
                rest = after;
            } else {
                written.push_str("${");
                rest = after;
            }
            if written.len() > MOST_LINE_BYTES {
                break;
            }
        }
        written.push_str(rest);
        if written.len() > MOST_LINE_BYTES {
            return Err(self.error(at, format!("The line is longer than {} KiB.", MOST_LINE_BYTES >> 10)));
        }
        Ok(written)
    }

    fn define_macro(
        &mut self,
        section: &Section,
        lines: &mut impl Iterator<Item = Line>,
    ) -> Result<(), ImportError> {
        let mut parameters = words(&section.arguments).into_iter();
        let name = parameters.next().unwrap_or_default().to_ascii_lowercase();
        let mut inside = Vec::new();
        for Line { at, text } in lines {
            if text.trim().to_ascii_lowercase().starts_with("</macro") {
                self.macros.insert(name, Macro { parameters: parameters.collect(), lines: inside });
                return Ok(());
            }
            inside.push((at, text));
        }
        Err(self.error(section.at, "`<Macro>` begins here and never ends."))
    }

    fn expand(
        &mut self,
        name: &str,
        values: &[String],
        at: At,
        levels: usize,
        macro_levels: usize,
    ) -> Result<Vec<Item>, ImportError> {
        if macro_levels >= MOST_MACRO_LEVELS {
            return Err(
                self.error(at, format!("Macros use each other over more than {MOST_MACRO_LEVELS} levels."))
            );
        }
        let Some(Macro { parameters, lines }) = self.macros.get(&name.to_ascii_lowercase()) else {
            self.notes.push(Noted::new(
                NoteKind::NotExpressible,
                "line-not-read",
                at,
                format!("The macro `{name}` is not defined before this line, so what it has about CORS is missing here."),
            ));
            return Ok(Vec::new());
        };
        // A longer name first, since one may begin with the other.
        let mut pairs: Vec<_> = parameters.iter().zip(values).filter(|(name, _)| !name.is_empty()).collect();
        pairs.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let mut written = Vec::new();
        for (at, line) in lines {
            let mut text = line.clone();
            for (name, value) in &pairs {
                text = text.replace(name.as_str(), value);
                if text.len() > MOST_LINE_BYTES {
                    break;
                }
            }
            self.written = self.written.saturating_add(text.len());
            if text.len() > MOST_LINE_BYTES || self.written > MOST_MACRO_BYTES {
                return Err(self.error(*at, "What the macros write is too large."));
            }
            written.push(Line { at: *at, text });
        }
        self.written = self.written.saturating_add(1);
        self.block(written, levels, macro_levels.saturating_add(1))
    }
}

/// `<IfVersion >= 2.4>`.
fn is_version(arguments: &str) -> bool {
    let (operator, version) = arguments.split_once(char::is_whitespace).unwrap_or(("=", arguments));
    let operator = operator.trim_start_matches('!');
    let numbers: Vec<u32> = version.trim().split('.').map_while(|part| part.parse().ok()).collect();
    let own: Vec<u32> = VERSION.into_iter().take(numbers.len()).collect();
    match operator {
        "<" => own < numbers,
        "<=" => own <= numbers,
        ">" => own > numbers,
        ">=" => own >= numbers,
        _ => own == numbers,
    }
}
