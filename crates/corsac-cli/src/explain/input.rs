//! Reads what is to be explained: the argument itself, a file, or standard input.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::Path;

use corsac_explain::pasted::{self, NotText};

use crate::arguments::ExplainAs;
use crate::terminal::{self, printable};

/// What is to be explained.
pub(super) enum Input {
    /// The text of a console, of a log, or of a request.
    Text(String),
}

/// A longer text is a log, and is cut by whoever has it.
const LONGEST_TEXT: u64 = 16 << 20;

/// Reads it. `-`, and no argument, stand for standard input.
pub(super) fn read(given: Option<&str>, read_as: Option<ExplainAs>) -> Result<Input, String> {
    match given {
        None | Some("-") => {
            if given.is_none() && io::stdin().is_terminal() {
                terminal::note(
                    "Paste what you have: a red line of the browser's console, an error of your program, a log line of the server. Then press \
                     Ctrl-D on a line of its own (Ctrl-Z and Enter on Windows).",
                );
            }
            text(io::stdin().lock(), "standard input").map(Input::Text)
        }
        Some(given) => match open(given, read_as)? {
            Some(file) => text(file, given).map(Input::Text),
            None => Ok(Input::Text(given.to_owned())),
        },
    }
}

/// Opens the file of this name, if there is one. A long text, or one of several lines, is no name.
fn open(given: &str, read_as: Option<ExplainAs>) -> Result<Option<File>, String> {
    const LONGEST_NAME: usize = 4_096;
    if given.len() > LONGEST_NAME || given.contains(['\n', '\0']) {
        return Ok(None);
    }
    let path = Path::new(given);
    let is_wanted = read_as == Some(ExplainAs::Har);
    if !is_wanted && !path.exists() {
        return Ok(None);
    }
    if path.is_dir() {
        return Err(format!("`{}` is a folder: name a file in it", printable(given)));
    }
    let file = File::open(path).map_err(|error| format!("cannot read `{}`: {error}", printable(given)))?;
    Ok(Some(file))
}

/// Reads a text in UTF-8 or UTF-16.
fn text(reader: impl Read, name: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = reader.take(LONGEST_TEXT.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| format!("cannot read `{}`: {error}", printable(name)))?;
    if bytes.len() as u64 > LONGEST_TEXT {
        return Err(format!(
            "`{}` is longer than 16 MiB, which is the limit for a text: cut out the part with the failure. A HAR file may have any length.",
            printable(name)
        ));
    }
    pasted::decode(&bytes).map_err(|error| match error {
        NotText::Binary => format!("`{}` is not text: it has bytes that no text has", printable(name)),
        _ => format!("`{}` is not text: {error}", printable(name)),
    })
}
