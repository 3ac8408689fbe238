//! `corsac policy import`: another server's configuration as a policy file, and notes at its lines.

mod includes;
mod text;

use corsac_import::{ImportError, Imported, NoteKind, Source};
use serde_json::{Value, json};

use super::{source, wrong_entry};
use crate::arguments::ImportArguments;
use crate::terminal::{self, printable};
use crate::{AS_EXPECTED, BLOCKED};
use includes::Includes;

/// Returns the exit status, and what to print to standard output. Notes go to standard error.
pub(crate) fn run(arguments: &ImportArguments) -> Result<(u8, String), String> {
    check_origins(&arguments.origin)?;
    let main = source::read(&arguments.file)?;
    let mut includes = Includes::new(&arguments.file, arguments.folder.as_deref())?;
    let mut include = |pattern: &str| includes.read(pattern);
    if arguments.diff {
        return diff(arguments, main, &mut include);
    }
    let imported = corsac_import::import(arguments.kind, main.clone(), &mut include, &arguments.origin)
        .map_err(|error| unreadable(&error))?;
    let is_bad = imported.notes.iter().any(|note| note.kind <= NoteKind::Dead) || text::is_unknown(&imported);
    let status = if is_bad { BLOCKED } else { AS_EXPECTED };
    if arguments.json {
        return Ok((status, terminal::json(&as_json(arguments, &main, &imported))));
    }
    let texts = includes.texts(&main);
    for note in &imported.notes {
        anstream::eprint!("{}", text::note(note, &texts));
    }
    Ok((status, text::policy_file(arguments.kind, &main.name, &imported)))
}

fn diff(
    arguments: &ImportArguments,
    main: Source,
    include: &mut corsac_import::Include<'_>,
) -> Result<(u8, String), String> {
    if !arguments.kind.has_changes() {
        return Err(format!(
            "for {} no changes are known. `--diff` is for nginx, apache and caddy: leave it out to see the notes",
            arguments.kind.title()
        ));
    }
    let mended = corsac_import::mend(arguments.kind, main, include, &arguments.origin)
        .map_err(|error| unreadable(&error))?;
    for note in &mended.left {
        anstream::eprint!("{}", text::left(note));
    }
    let page: String = mended.files.iter().map(text::diff).collect();
    Ok((if page.is_empty() { AS_EXPECTED } else { BLOCKED }, page))
}

/// The entries that a person names have to be ones that a policy can have.
fn check_origins(origins: &[String]) -> Result<(), String> {
    origins.iter().try_for_each(|origin| match wrong_entry(origin) {
        Some(message) => Err(format!("`--origin {}`: {message}", printable(origin))),
        None => Ok(()),
    })
}

fn unreadable(error: &ImportError) -> String {
    printable(&error.to_string())
}

fn as_json(arguments: &ImportArguments, main: &Source, imported: &Imported) -> Value {
    let policies: Vec<Value> = imported
        .policies
        .iter()
        .map(|policy| {
            json!({
                "name": policy.name,
                "at": policy.at.as_ref().map(|at| at.as_str()),
                "host": policy.host,
                "file": policy.file,
                "line": policy.line,
                "policy": policy.config,
                "remarks": policy.remarks,
            })
        })
        .collect();
    let notes: Vec<Value> = imported
        .notes
        .iter()
        .map(|note| {
            json!({
                "kind": note.kind.as_str(),
                "code": note.code,
                "file": note.file,
                "line": note.line,
                "message": note.message,
                "instead": note.instead,
                "origin": note.origin,
            })
        })
        .collect();
    json!({
        "schema": "corsac.import/1",
        "kind": arguments.kind.as_str(),
        "file": main.name,
        "policies": policies,
        "notes": notes,
        "toml": text::policy_file(arguments.kind, &main.name, imported),
    })
}
