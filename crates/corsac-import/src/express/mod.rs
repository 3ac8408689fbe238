//! The options of the package [`cors`](https://www.npmjs.com/package/cors) 2.8 for Express, as JSON or as the code that has them.

mod calls;
mod options;
#[cfg(test)]
mod tests;

use crate::document::{CODE, Node, Program, Value};
use crate::error::ImportError;
use crate::files::{At, Files};
use crate::filter::{Declared, not_read};
use crate::note::{NoteKind, Noted};
use crate::server::Server;
use options::{Reader, is_option};

/// Reads the options.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let mut program = Program::new(files, 0);
    let mut reader = Reader::default();
    let none = || {
        let why = "There are no options of `cors` here. Expected is an object like `{\"origin\": [\"https://app.example.com\"]}`, or `cors({...})`.";
        ImportError::new(files.name(0), 1, why)
    };
    let routes = if let Some(node) = program.whole()? {
        reader.is_json = true;
        let options = inner(&node);
        let is_any =
            options.entries().is_empty() || options.entries().iter().any(|(key, _)| is_option(&key.text));
        if !matches!(options.value, Value::Map(_)) || !is_any {
            return Err(none());
        }
        reader.route("express", options)
    } else {
        let calls = program.calls("cors", "enableCors");
        if calls.is_empty() {
            let options = program.object_with("cors", |key, value| match key {
                "credentials" => matches!(value, "true" | "false"),
                "origin" | "allowedHeaders" | "exposedHeaders" | "optionsSuccessStatus" => true,
                _ => false,
            });
            let options = options?.ok_or_else(none)?;
            if options.get(CODE).is_some() {
                reader.code(&options);
                Vec::new()
            } else {
                reader.route("express", inner(&options))
            }
        } else {
            calls::read(&mut program, calls, &mut reader)?
        }
    };
    for (name, at) in program.changes() {
        let why = format!(
            "`{name}` is changed here, and only running it would tell to what. What it was before is read."
        );
        reader.notes.push(not_read(at, why));
    }
    let mut notes = reader.notes;
    notes.append(&mut reader.expressions.notes);
    // The package is a part of the application, and has no option to pass on only what is not a preflight.
    let irrelevant: &[&str] = match reader.fails {
        false => &["application-header-kept", "options-taken-for-preflight"],
        // It is said where the options are read.
        true => &["application-header-kept", "options-taken-for-preflight", "preflight-refused"],
    };
    Ok(Box::new(Declared { routes, notes, irrelevant, ..Declared::default() }))
}

/// The options themselves, if they are the value of the only entry: `{"cors": {...}}`.
fn inner(node: &Node) -> &Node {
    match node.entries() {
        [(key, value)] if key.text.to_ascii_lowercase().contains("cors") => value,
        _ => node,
    }
}

/// A note about something that never matches, and what to write instead.
fn never_matches(code: &'static str, at: At, message: String, instead: String) -> Noted {
    Noted::new(NoteKind::Dead, code, at, message).instead(instead)
}
